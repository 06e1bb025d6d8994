/* SPDX-License-Identifier: ISC */
/* The JSON document of report/json.c, read back by another's parser. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

static const char *const names[] = { "home.pcap" };

static const struct report_source source = {
	.names = names,
	.name_count = 1,
	.packets = 1204551,
	.bytes = 99,
	.min_version = TLS_1_2,
};

static int
set_up(void **state)
{
	static struct inventory inventory;

	inventory_init(&inventory);
	*state = &inventory;
	return 0;
}

static int
tear_down(void **state)
{
	inventory_clear(*state);
	return 0;
}

static json_t *
json_of(const struct inventory *inventory, const struct report_source *from)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_error_t error;
	json_t *json;

	assert_non_null(out);
	assert_int_equal(report_json(out, inventory, from), 0);
	assert_int_equal(fclose(out), 0);
	json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL)
		fail_msg("%s: %s", error.text, text);
	free(text);
	return json;
}

static json_int_t
number(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

static const char *
word(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return value != NULL ? json_string_value(value) : "(absent)";
}

static json_int_t
total(json_t *object, const char *key)
{
	json_t *counts = json_object_get(object, key), *value;
	const char *name;
	json_int_t all = 0;

	json_object_foreach(counts, name, value) all +=
	    json_integer_value(value);
	return all;
}

static void
an_empty_document_has_zeros(void **state)
{
	json_t *json = json_of(*state, &source), *totals, *read;

	totals = json_object_get(json, "totals");
	read = json_object_get(json, "read");
	assert_int_equal(number(json_object_get(json, "mailtls"), "schema"), 1);
	assert_string_equal(word(json, "min_version"), "1.2");
	assert_null(json_object_get(json, "period"));
	assert_int_equal(number(read, "packets"), 1204551);
	assert_int_equal(number(read, "bytes"), 99);
	assert_int_equal(number(read, "failed"), 0);
	assert_int_equal(number(totals, "connections"), 0);
	assert_int_equal(number(totals, "devices"), 0);
	assert_int_equal(
	    json_object_size(json_object_get(totals, "by_version")),
	    INVENTORY_VERSIONS);
	assert_int_equal(
	    json_object_size(json_object_get(totals, "by_verdict")),
	    INVENTORY_VERDICTS - 1);
	assert_int_equal(json_array_size(json_object_get(json, "entries")), 0);
	assert_int_equal(json_object_size(json_object_get(json, "losses")), 0);
	json_decref(json);
}

static struct connection
full_connection(void)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);

	mk_answer(&c, TLS_1_0);
	c.answer.cipher = 0x002f;
	c.answer.sentinel = TLS_1_1;
	c.offer.fallback_scsv = true;
	c.offer.versions[0] = TLS_1_0;
	c.offer.versions[1] = 0x1a1a; /* GREASE has no word */
	c.offer.versions[2] = SSL_3_0;
	c.offer.version_count = 3;
	c.verdict_likely = true;
	c.failure = FAILURE_OTHER;
	c.server_certificate.problems =
	    CERTIFICATE_EXPIRED | CERTIFICATE_WEAK_SIGNATURE;
	c.incomplete = INCOMPLETE_GAP;
	c.starttls = STARTTLS_USED;
	c.secret_exposed = true;
	c.login = true;
	memcpy(c.login_mechanism, "PLAIN", 6);
	memcpy(c.ehlo, "printer.example", 16);
	memcpy(c.ja4, "t10d", 5);
	return c;
}

static void
an_entry_has_all_that_is_known(void **state)
{
	json_t *json, *entry, *worst, *part;

	mk_add(*state, full_connection(), 3);
	json = json_of(*state, &source);
	part = json_object_get(json, "period");
	assert_string_equal(word(part, "start"), "2022-05-22T18:10:59.000000Z");
	assert_string_equal(word(part, "end"), "2022-05-22T18:11:00.000000Z");
	entry = json_array_get(json_object_get(json, "entries"), 0);
	part = json_object_get(entry, "device");
	assert_string_equal(word(part, "id"), "00-00-5E-00-53-28");
	assert_string_equal(word(part, "mac"), "00-00-5E-00-53-28");
	assert_string_equal(word(part, "ip"), "192.168.1.40");
	assert_null(json_object_get(part, "behind_router"));
	part = json_object_get(entry, "server");
	assert_string_equal(word(part, "name"), "mail.example");
	assert_string_equal(word(part, "ip"), "192.0.2.25");
	assert_int_equal(number(part, "port"), 587);
	assert_string_equal(word(entry, "protocol"), "smtp");
	assert_string_equal(word(entry, "encryption"), "starttls");
	assert_string_equal(word(entry, "login_mechanism"), "PLAIN");
	part = json_object_get(entry, "offer");
	assert_string_equal(word(part, "max_version"), "1.0");
	assert_string_equal(word(part, "ja4"), "t10d");
	part = json_object_get(part, "versions");
	assert_int_equal(json_array_size(part), 2);
	assert_string_equal(
	    json_string_value(json_array_get(part, 1)), "ssl 3.0");
	assert_int_equal(number(entry, "connections"), 3);
	assert_int_equal(
	    number(json_object_get(entry, "by_version"), "1.0"), 3);
	assert_int_equal(
	    number(json_object_get(entry, "by_verdict"), "old_client"), 3);
	worst = json_object_get(entry, "worst");
	assert_string_equal(word(worst, "verdict"), "old_client");
	assert_string_equal(word(worst, "certainty"), "likely");
	assert_string_equal(word(worst, "last"), "2022-05-22T18:11:00.000000Z");
	assert_string_equal(word(worst, "version"), "1.0");
	assert_string_equal(
	    word(worst, "cipher"), "TLS_RSA_WITH_AES_128_CBC_SHA");
	assert_string_equal(word(worst, "downgrade_sentinel"), "1.1");
	assert_true(json_is_true(json_object_get(worst, "fallback_scsv")));
	assert_string_equal(word(worst, "failure"), "other");
	part = json_object_get(worst, "certificate_problems");
	assert_int_equal(json_array_size(part), 2);
	assert_string_equal(
	    json_string_value(json_array_get(part, 1)), "weak_signature");
	part = json_object_get(worst, "incomplete");
	assert_string_equal(json_string_value(json_array_get(part, 0)), "gap");
	assert_string_equal(word(worst, "starttls"), "used");
	assert_true(json_is_true(json_object_get(worst, "secret_exposed")));
	assert_string_equal(word(worst, "ehlo"), "printer.example");
	json_decref(json);
}

static void
an_entry_has_its_program(void **state)
{
	static const struct program mutt = { .library = "gnutls",
		.candidates = { "mutt", "neomutt" },
		.count = 2,
		.evidence = PROGRAM_BY_TALK | PROGRAM_BY_JA4 };
	json_t *json, *program, *part;

	mk_add_as(*state, full_connection(), &mutt, 1);
	json = json_of(*state, &source);
	program = json_object_get(
	    json_array_get(json_object_get(json, "entries"), 0), "program");
	assert_null(json_object_get(program, "name"));
	assert_string_equal(word(program, "library"), "gnutls");
	part = json_object_get(program, "candidates");
	assert_int_equal(json_array_size(part), 2);
	assert_string_equal(
	    json_string_value(json_array_get(part, 1)), "neomutt");
	part = json_object_get(program, "evidence");
	assert_int_equal(json_array_size(part), 2);
	assert_string_equal(json_string_value(json_array_get(part, 0)), "talk");
	json_decref(json);
}

static void
what_is_not_known_is_absent(void **state)
{
	static const char *const absent[] = { "certainty", "version", "cipher",
		"downgrade_sentinel", "fallback_scsv", "failure",
		"certificate_problems", "incomplete", "starttls",
		"secret_exposed", "ehlo" };
	struct connection c = mk_connection(1, 40, 40, VERDICT_UNDETERMINED);
	json_t *json, *entry;

	c.offer.max_version = TLS_NONE;
	c.offer.server_name[0] = '\0';
	c.end[CLIENT].has_mac = false;
	c.encryption = ENCRYPTION_UNKNOWN;
	mk_add(*state, c, 1);
	json = json_of(*state, &source);
	entry = json_array_get(json_object_get(json, "entries"), 0);
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_null(json_object_get(
		    json_object_get(entry, "worst"), absent[i]));
	assert_null(json_object_get(entry, "offer"));
	assert_null(json_object_get(entry, "encryption"));
	assert_null(json_object_get(entry, "login_mechanism"));
	entry = json_object_get(entry, "device");
	assert_string_equal(word(entry, "id"), "192.168.1.40");
	assert_null(json_object_get(entry, "mac"));
	json_decref(json);
}

static void
a_document_adds_up(void **state)
{
	struct inventory *inventory = *state;
	json_t *json, *totals, *entry;
	json_int_t connections = 0, all;
	bool router = false;
	size_t i;

	mk_add_many(inventory);
	json = json_of(inventory, &source);
	totals = json_object_get(json, "totals");
	all = number(totals, "connections");
	assert_int_equal(all, inventory->connections);
	assert_int_equal(total(totals, "by_version"), all);
	assert_int_equal(total(totals, "by_verdict"), all);
	assert_int_equal(
	    number(totals, "judged") +
		number(json_object_get(totals, "by_verdict"), "undetermined"),
	    all);
	json_array_foreach(json_object_get(json, "entries"), i, entry)
	{
		json_int_t count = number(entry, "connections");

		assert_int_equal(total(entry, "by_version"), count);
		assert_int_equal(total(entry, "by_verdict"), count);
		connections += count;
		router |= json_is_true(json_object_get(
		    json_object_get(entry, "device"), "behind_router"));
	}
	assert_int_equal(connections, all);
	assert_int_equal(i, inventory->count);
	assert_true(router);
	json_decref(json);
}

static void
hostile_names_are_strings(void **state)
{
	static const char valid[] = "\x1b[31m<b>\xe2\x80\xae\nx\xef\xbf\xbd"
				    "\xc3\xbc \"&'%s";
	struct report_source from = source;
	char *long_name = malloc(10000);
	const char *const files[] = { mk_hostile, long_name };
	json_t *json, *entry;

	assert_non_null(long_name);
	memset(long_name, '\x1b', 9999);
	long_name[9999] = '\0';
	from.names = files;
	from.name_count = 2;
	from.loss_count = 2;
	from.losses[0] = (struct report_loss){ "gaps", "", 7 };
	mk_add_hostile(*state);
	json = json_of(*state, &from);
	entry = json_array_get(json_object_get(json, "entries"), 0);
	assert_string_equal(
	    word(json_object_get(entry, "server"), "name"), valid);
	assert_string_equal(
	    word(json_object_get(entry, "worst"), "ehlo"), valid);
	entry = json_object_get(json_object_get(json, "read"), "sources");
	assert_string_equal(json_string_value(json_array_get(entry, 0)), valid);
	assert_int_equal(json_string_length(json_array_get(entry, 1)), 4096);
	assert_int_equal(number(json_object_get(json, "losses"), "gaps"), 7);
	json_decref(json);
	free(long_name);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_empty_document_has_zeros),
		TEST(an_entry_has_all_that_is_known),
		TEST(an_entry_has_its_program),
		TEST(what_is_not_known_is_absent),
		TEST(a_document_adds_up),
		TEST(hostile_names_are_strings),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
