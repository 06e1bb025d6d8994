/* SPDX-License-Identifier: ISC */
/*
 * The formats of a report, on one household that has everything, as a store
 * knows it: tests/report-* is what they must be, to the byte.  With
 * UPDATE_GOLDEN set, these files are written instead; read the difference.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/language.h"
#include "report/mail.h"
#include "report/zeek.h"
#include "tests/household.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

enum {
	PATH_LEN = 512,
	NAME_LEN = 64,
};

static const char *const names[] = { "br-lan" };

/* struct home is the household and what is known of it. */
struct home {
	struct inventory inventory;
	struct leases aliases;
	struct device_sources devices;
	struct report_source source;
};

static const char *
path_of(const char *name, char path[PATH_LEN])
{
	const char *srcdir = getenv("srcdir");

	snprintf(
	    path, PATH_LEN, "%s/tests/%s", srcdir != NULL ? srcdir : ".", name);
	return path;
}

static int
set_up(void **state)
{
	static struct home home;
	static char path[PATH_LEN];
	char message[PROVIDER_MESSAGE_MAX];
	size_t line;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	memset(&home, 0, sizeof(home));
	inventory_init(&home.inventory);
	household_fill(&home.inventory);
	assert_int_equal(leases_load_aliases(&home.aliases,
			     path_of("household.names", path), &line),
	    0);
	home.devices.aliases = &home.aliases;
	home.source = (struct report_source){
		.names = names,
		.name_count = 1,
		.packets = 1204551,
		.bytes = 99,
		.min_version = TLS_1_2,
		.devices = &home.devices,
		.providers = providers_open(NULL, message),
		.history = household_history(),
		.loss_count = 1,
		.losses = { { "gaps",
		    "places where bytes of a connection are missing", 7 } },
	};
	*state = &home;
	return 0;
}

static int
tear_down(void **state)
{
	struct home *home = *state;

	inventory_clear(&home->inventory);
	leases_clear(&home->aliases);
	/* It was made here. */
	providers_free((struct providers *)(uintptr_t)home->source.providers);
	assert_true(language_set("en"));
	return 0;
}

/* Compares `text` with the file, or writes it there. */
static void
is_golden(const char *name, const char *text)
{
	bool update = getenv("UPDATE_GOLDEN") != NULL;
	char path[PATH_LEN];
	FILE *file = fopen(path_of(name, path), update ? "w" : "r");
	char *expected = NULL;
	size_t size = 0;

	assert_non_null(file);
	if (update)
		assert_true(fputs(text, file) >= 0);
	else
		assert_true(getdelim(&expected, &size, '\0', file) > 0);
	assert_int_equal(fclose(file), 0);
	if (!update)
		assert_string_equal(text, expected);
	free(expected);
}

typedef int renderer(FILE *out, const struct home *home);

static char *
rendered(renderer *render, const struct home *home)
{
	static char *text; /* or gcc 12 warns of returning its address */
	static size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(render(out, home), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static int
render_html(FILE *out, const struct home *home)
{
	return report_html(out, &home->inventory, &home->source);
}

static int
render_csv(FILE *out, const struct home *home)
{
	return report_csv(out, &home->inventory, &home->source);
}

static int
render_json(FILE *out, const struct home *home)
{
	return report_json(out, &home->inventory, &home->source);
}

static int
render_mail(FILE *out, const struct home *home)
{
	const struct envelope envelope = {
		.to = "home@example.test",
		.from = "mailtls <root@router.example.test>",
		.time_us = MK_LAST_US,
	};

	return report_mail(out, &home->inventory, &home->source, &envelope);
}

/* The version is not the same for long. */
static int
render_metrics(FILE *out, const struct home *home)
{
	static const char info[] = "mailtls_build_info{";
	char *text = NULL, *line;
	size_t size = 0;
	FILE *whole = open_memstream(&text, &size);
	int error;

	assert_non_null(whole);
	error = report_metrics(whole, &home->inventory, &home->source);
	assert_int_equal(fclose(whole), 0);
	line = strstr(text, info);
	assert_non_null(line);
	fwrite(text, 1, (size_t)(line - text), out);
	fputs(strchr(line, '\n') + 1, out);
	free(text);
	return error;
}

/* Each entry's last connection. */
static int
render_zeek(FILE *out, const struct home *home)
{
	char line[ZEEK_LINE_MAX];

	zeek_open(out, home->inventory.first_us);
	for (size_t i = 0; i < home->inventory.count; i++) {
		struct connection c = home->inventory.entries[i].last;
		struct identity who;

		c.tls = c.offer.seen;
		identify(&home->devices, &c, &who);
		fwrite(line, 1, zeek_format(&c, &who, line, sizeof(line)), out);
	}
	zeek_close(out, home->inventory.last_us);
	return 0;
}

/* Formats for people have a file for each language, others one. */
static const struct format {
	const char *name; /* of the test */
	renderer *render;
	const char *file; /* %s: the language */
	bool translated;
} formats[] = {
	{ "the page is this in each language", render_html, "report-%s.html",
	    true },
	{ "the mail is this", render_mail, "report.eml", false },
	{ "the CSV is this", render_csv, "report.csv", false },
	{ "the JSON is this", render_json, "report.json", false },
	{ "the metrics are this", render_metrics, "report.prom", false },
	{ "Zeek's log is this", render_zeek, "report.zeek", false },
};

static void
a_format_is_this_to_the_byte(void **state)
{
	static const char *const codes[] = { "en", "de", "ja" };
	const struct format *format = *state;
	void *home = NULL;

	set_up(&home);
	for (size_t i = 0; i < (format->translated ? 3 : 1); i++) {
		char name[NAME_LEN];
		char *text;

		assert_true(language_set(format->translated ? codes[i] : "de"));
		text = rendered(format->render, home);
		if (format->translated)
			snprintf(name, sizeof(name), format->file, codes[i]);
		else
			snprintf(name, sizeof(name), "%s", format->file);
		is_golden(name, text);
		free(text);
	}
	tear_down(&home);
}

/* Whatever is in a name, it is text: tests/html.sh opens this page. */
static void
a_page_of_hostile_names_is_this(void **state)
{
	static const char change[] = "<img src=x onerror=alert(1)>\xe2\x80\xae";
	struct history history = *household_history();
	struct history_change changes[1] = { { .kind = HISTORY_NEW,
	    .now = VERDICT_OLD_CLIENT,
	    .version_now = TLS_1_0 } };
	const char *const files[] = { mk_hostile };
	struct home *home;
	char *text;

	set_up((void **)&home);
	mk_add_hostile(&home->inventory);
	memcpy(changes[0].device, change, sizeof(change));
	history.changes = changes;
	history.change_count = 1;
	home->source.names = files;
	home->source.history = &history;
	text = rendered(render_html, home);
	is_golden("report-hostile.html", text);
	free(text);
	tear_down((void **)&home);
	(void)state;
}

enum {
	FORMATS = sizeof(formats) / sizeof(formats[0]),
};

int
main(void)
{
	struct CMUnitTest tests[FORMATS + 1];
	struct format rows[FORMATS];

	/* --disable-nls leaves English. */
	if (!language_set("de")) {
		puts("1..0 # SKIP there is no language but English");
		return 0;
	}
	memcpy(rows, formats, sizeof(rows));
	for (size_t i = 0; i < FORMATS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = a_format_is_this_to_the_byte,
			.initial_state = &rows[i],
		};
	tests[FORMATS] = (struct CMUnitTest)cmocka_unit_test(
	    a_page_of_hostile_names_is_this);
	return cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}
