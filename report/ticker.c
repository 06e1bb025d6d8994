/* SPDX-License-Identifier: ISC */
/*
 * Columns are as wide as most of what is in them; what is wider pushes the
 * rest to the right, so nothing is ever cut.
 */
#include "report/ticker.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "report/iptext.h"
#include "report/language.h"
#include "report/terminal.h"
#include "report/words.h"

enum {
	CLIENT_COLUMNS = 24,
	SERVER_COLUMNS = 28,
	VERSION_COLUMNS = 7,
	MEANING_MAX = 256,
};

/* A line in the making. */
struct line {
	char text[TICKER_LINE_MAX];
	size_t len;
};

static void put(struct line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put(struct line *line, const char *format, ...)
{
	size_t room = sizeof(line->text) - line->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line->text + line->len, room, format, args);
	va_end(args);
	if (len > 0)
		line->len += (size_t)len < room ? (size_t)len : room - 1;
}

/* pad fills the column that began at `start` up to `columns`. */
static void
pad(struct line *line, size_t start, unsigned columns)
{
	unsigned width = terminal_width(line->text + start);

	put(line, "%*s  ", width < columns ? (int)(columns - width) : 0, "");
}

static void
put_name(struct line *line, const struct ticker *ticker, const char *name)
{
	char escaped[TERMINAL_ESCAPED_MAX];

	terminal_escape(
	    name, strlen(name), ticker->utf8, " ", escaped, sizeof(escaped));
	put(line, "%s", escaped);
}

/* The device, and the program where it is sure. */
static void
put_client(struct line *line, const struct ticker *ticker,
    const struct connection *c, const struct identity *who)
{
	const char *program = "";
	size_t start = line->len;
	char ip[IPTEXT_MAX];

	iptext_write(c->end[CLIENT].ip, c->ipv6, ip);
	put_name(
	    line, ticker, who->device.name[0] != '\0' ? who->device.name : ip);
	if (who->process.known)
		program = who->process.name;
	else if (who->program.certain)
		program = who->program.candidates[0];
	if (program[0] != '\0') {
		put(line, " (");
		put_name(line, ticker, program);
		put(line, ")");
	}
	pad(line, start, CLIENT_COLUMNS);
}

static void
put_server(struct line *line, const struct ticker *ticker,
    const struct connection *c, const struct identity *who)
{
	size_t start = line->len;
	char ip[IPTEXT_MAX];

	iptext_write(c->end[SERVER].ip, c->ipv6, ip);
	if (who->server_name[0] != '\0')
		put_name(line, ticker, who->server_name);
	else
		put(line, c->ipv6 ? "[%s]" : "%s", ip);
	put(line, ":%u", c->end[SERVER].port);
	pad(line, start, SERVER_COLUMNS);
}

/* --- what it means --------------------------------------------------------- */

static const char *
failure_meaning(enum failure failure)
{
	static const char *const words[] = {
		[FAILURE_NONE] = N_("it failed"),
		[FAILURE_VERSION_REFUSED_BY_SERVER] =
		    N_("the server refused the version"),
		[FAILURE_VERSION_REFUSED_BY_CLIENT] =
		    N_("the program refused the server's old version"),
		[FAILURE_CERTIFICATE_REFUSED] =
		    N_("the certificate was refused"),
		[FAILURE_NO_COMMON_PARAMETERS] =
		    N_("the two have no method of encryption in common"),
		[FAILURE_NOT_TLS] = N_("the answer was not TLS"),
		[FAILURE_CLOSED] = N_("closed before it was encrypted"),
		[FAILURE_OTHER] = N_("it failed"),
	};

	return _(words[failure <= FAILURE_OTHER ? failure : FAILURE_NONE]);
}

static const char *
incomplete_meaning(const struct connection *c)
{
	for (unsigned bit = 0; words_incomplete(bit) != NULL; bit++)
		if (c->incomplete >> bit & 1)
			return words_incomplete(bit);
	return _("too little was seen");
}

/* What a verdict means; %s in it is a version, or a phrase of its own. */
static const struct {
	const char *sgr, *meaning;
} verdicts[] = {
	[VERDICT_NONE] = { NULL, "" },
	[VERDICT_PLAINTEXT_LOGIN] = { "1;31", N_("PASSWORD SENT UNENCRYPTED") },
	[VERDICT_REFUSED_OLD] = { "1;31",
	    N_("REFUSED: offers nothing better than %s") },
	[VERDICT_FAILED] = { "1;33", N_("failed: %s") },
	[VERDICT_OLD_CLIENT] = { "1;31",
	    N_("WILL STOP WORKING: offers nothing better") },
	[VERDICT_FALLBACK] = { "1;33",
	    N_("OLD: on the second try, after a better offer had failed") },
	[VERDICT_OLD_SERVER] = { "1;33",
	    N_("OLD: the server's choice, %s was offered") },
	[VERDICT_WEAK_CIPHER] = { "1;33", N_("weak cipher") },
	[VERDICT_MODERN] = { "1;32", N_("fine") },
	[VERDICT_PLAINTEXT] = { "1", N_("not encrypted (no password seen)") },
	[VERDICT_UNDETERMINED] = { "1", N_("could not be judged: %s") },
};

static const char *
verdict_word(const struct connection *c)
{
	switch (c->verdict) {
	case VERDICT_FAILED:
		return failure_meaning(c->failure);
	case VERDICT_UNDETERMINED:
		return incomplete_meaning(c);
	case VERDICT_OLD_SERVER:
	case VERDICT_REFUSED_OLD:
		return words_version(c->offer.max_version);
	default:
		return "";
	}
}

static void
put_meaning(
    struct line *line, const struct ticker *ticker, const struct connection *c)
{
	const char *sgr = verdicts[c->verdict].sgr;
	char meaning[MEANING_MAX];

	snprintf(meaning, sizeof(meaning), _(verdicts[c->verdict].meaning),
	    verdict_word(c));
	if (ticker->colour && sgr != NULL)
		put(line, "\033[%sm", sgr);
	if (c->verdict_likely)
		/* Translators: what it probably means, by all that is seen. */
		put(line, _("probably: %s"), meaning);
	else
		put(line, "%s", meaning);
	if (ticker->colour && sgr != NULL)
		put(line, "\033[0m");
}

/* --- lines ----------------------------------------------------------------- */

static int
print(const struct ticker *ticker, struct line *line)
{
	for (char *at = line->text; *at != '\0'; at++)
		if (*at == TERMINAL_NBSP[0])
			*at = ' '; /* there are no other ends of lines */
	put(line, "\n");
	return fputs(line->text, ticker->out) < 0 ? -errno : 0;
}

/* began_before: it had begun before we listened, and nothing is known of it. */
static bool
began_before(const struct connection *c)
{
	return c->verdict == VERDICT_UNDETERMINED &&
	       (c->incomplete & INCOMPLETE_NO_START) != 0 &&
	       c->answer.version == TLS_NONE;
}

int
ticker_print(struct ticker *ticker, const struct connection *c,
    const struct identity *who, bool old)
{
	struct line line = { .len = 0 };
	char time[WORDS_TIME_MAX];
	size_t start;

	if (began_before(c)) {
		ticker->began_before++;
		return 0;
	}
	ticker->connections++;
	ticker->old += old;
	ticker->passwords += c->verdict == VERDICT_PLAINTEXT_LOGIN;
	put(&line, "%s  ", words_time(c->first_us, c->first_us, time));
	put_client(&line, ticker, c, who);
	put_server(&line, ticker, c, who);
	start = line.len;
	put(&line, "%s",
	    c->answer.version != TLS_NONE ? words_version(c->answer.version)
					  : "-");
	pad(&line, start, VERSION_COLUMNS);
	put_meaning(&line, ticker, c);
	return print(ticker, &line);
}

int
ticker_sum(const struct ticker *ticker, uint64_t packets, uint64_t lost)
{
	const struct {
		const char *format;
		uint64_t number;
		bool always;
	} sums[] = {
		{ N_("connections: %s"), ticker->connections, true },
		{ N_("with an old version: %s"), ticker->old, true },
		{ N_("with an unencrypted password: %s"), ticker->passwords,
		    false },
		{ N_("begun before, and not judged: %s"), ticker->began_before,
		    false },
		{ N_("packets: %s"), packets, true },
		{ N_("packets lost: %s"), lost, true },
	};
	struct line line = { .len = 0 };
	char digits[TERMINAL_NUMBER_MAX];

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		if (sums[i].number == 0 && !sums[i].always)
			continue;
		put(&line, "%s", i > 0 ? "; " : "");
		put(&line, _(sums[i].format),
		    terminal_thousands(sums[i].number, digits));
	}
	return print(ticker, &line);
}
