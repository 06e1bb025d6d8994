/* SPDX-License-Identifier: ISC */
/* The labels of devices; all the rest is in tests/report.prom. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

static char *
metrics_of(const struct inventory *inventory, const char *names)
{
	static char *text; /* or gcc 12 warns of returning its address */
	static size_t size;
	struct leases aliases = { .bad = 0 };
	struct device_sources devices = { .aliases = &aliases };
	struct report_source source = {
		.min_version = TLS_1_2,
		.devices = &devices,
	};
	FILE *out = open_memstream(&text, &size);
	size_t line;

	assert_non_null(out);
	if (names != NULL)
		assert_int_equal(
		    leases_load_aliases(&aliases, names, &line), 0);
	assert_int_equal(report_metrics(out, inventory, &source), 0);
	assert_int_equal(fclose(out), 0);
	leases_clear(&aliases);
	return text;
}

/* How often `word` is in `text`. */
static size_t
times(const char *text, const char *word)
{
	size_t count = 0;

	while ((text = strstr(text, word)) != NULL) {
		count++;
		text += strlen(word);
	}
	return count;
}

static void
no_more_devices_have_a_label_than_may(void **state)
{
	static const char label[] = "mailtls_device_obsolete{device=\"device-";
	struct inventory inventory;
	char *text, *first;

	(void)state;
	inventory_init(&inventory);
	for (unsigned i = 1; i <= 200; i++)
		mk_add(&inventory,
		    mk_connection(1, (uint8_t)i, (uint8_t)i, VERDICT_MODERN),
		    1);
	mk_add(&inventory, mk_connection(1, 250, 250, VERDICT_OLD_CLIENT), 1);
	text = metrics_of(&inventory, NULL);
	assert_int_equal(times(text, label), 64);
	/* The gravest comes first. */
	first = strstr(text, label);
	assert_memory_equal(
	    first + strlen(label) + strlen("49e3f9ae"), "\"} 1\n", 5);
	assert_null(strstr(text, "192.168."));
	assert_null(strstr(text, "00-00-5E"));
	free(text);
	inventory_clear(&inventory);
}

static void
devices_of_one_name_are_one(void **state)
{
	static const char names[] = "192.168.1.1 laptop \\ \"one\"\n"
				    "192.168.1.2 laptop \\ \"one\"\n";
	struct inventory inventory;
	char path[] = "metrics.XXXXXX";
	int file = mkstemp(path);
	char *text;

	(void)state;
	inventory_init(&inventory);
	mk_add(&inventory, mk_connection(1, 1, 0, VERDICT_MODERN), 1);
	mk_add(&inventory, mk_connection(1, 2, 0, VERDICT_OLD_CLIENT), 1);
	assert_int_equal(
	    write(file, names, sizeof(names) - 1), sizeof(names) - 1);
	close(file);
	text = metrics_of(&inventory, path);
	unlink(path);
	assert_int_equal(times(text, "mailtls_device_obsolete{"), 1);
	assert_non_null(strstr(text, "mailtls_device_obsolete{device=\"laptop "
				     "\\\\x5c \\\\x22one\\\\x22\"} 1\n"));
	free(text);
	inventory_clear(&inventory);
}

static void
what_was_never_seen_has_no_time(void **state)
{
	struct inventory inventory;
	char *text;

	(void)state;
	inventory_init(&inventory);
	text = metrics_of(&inventory, NULL);
	assert_null(strstr(text, "timestamp_seconds"));
	assert_non_null(strstr(text, "mailtls_connections{version=\"1.0\"} 0"));
	free(text);
	mk_add(&inventory, mk_connection(1, 1, 1, VERDICT_MODERN), 1);
	text = metrics_of(&inventory, NULL);
	assert_null(strstr(text, "last_obsolete_timestamp_seconds"));
	assert_non_null(strstr(text,
	    "\nmailtls_last_connection_timestamp_seconds 1653243060.000000"));
	free(text);
	inventory_clear(&inventory);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_devices_have_a_label_than_may),
		cmocka_unit_test(devices_of_one_name_are_one),
		cmocka_unit_test(what_was_never_seen_has_no_time),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
