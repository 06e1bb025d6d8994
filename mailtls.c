/* SPDX-License-Identifier: ISC */
/* mailtls: the command table. */
#include "config.h"

#include <locale.h>
#include <stdio.h>

#include "analyze.h"
#include "capture/classify.h"
#include "capture/log.h"
#include "capture/options.h"
#include "capture/source.h"
#include "keep.h"
#include "live.h"
#include "report/certificate.h"
#include "run.h"
#include "summary.h"

static enum exit_status (*const commands[])(const struct options *options) = {
	[COMMAND_NONE] = NULL,
	[COMMAND_ANALYZE] = analyze,
	[COMMAND_CAPTURE] = live,
	[COMMAND_REPORT] = summary,
	[COMMAND_STORE] = keep,
};

static enum exit_status
print_version(void)
{
	const char *ndpi = classify_version();

	printf("%s\n"
	       "Copyright (C) 2026 the mailtls authors\n"
	       "ISC License; there is no warranty, to the extent permitted by "
	       "law.\n"
	       "%s\n%s\n%s\n",
	    PACKAGE_STRING, source_library(), CRYPTO_VERSION,
	    ndpi != NULL ? ndpi : "without nDPI");
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_status
print_usage(enum command command)
{
	options_usage(stdout, command);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

int
main(int argc, char *argv[])
{
	char message[OPTIONS_MESSAGE_MAX];
	struct options options;

	setlocale(LC_CTYPE, "");
	if (!options_read(argc, argv, &options, message)) {
		const char *name = options_command_name(options.command);

		log_warnx("%s", message);
		fprintf(stderr, "Try 'mailtls%s%s --help'.\n",
		    name[0] != '\0' ? " " : "", name);
		return EXIT_USAGE;
	}
	if (options.help)
		return (int)print_usage(options.command);
	if (options.version)
		return (int)print_version();
	log_set_level(LOG_NORMAL + (enum log_level)options.verbose);
	return (int)commands[options.command](&options);
}
