/* SPDX-License-Identifier: ISC */
#include "report/leases.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kit.h"

static const uint8_t mac_40[6] = { 0, 0, 0x5e, 0, 0x53, 0x40 };
static const uint8_t mac_41[6] = { 0, 0, 0x5e, 0, 0x53, 0x41 };
static const uint8_t ip_40[16] = { 192, 0, 2, 40 };
static const uint8_t ip_41[16] = { 192, 0, 2, 41 };
static const uint8_t ip6_40[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 0x40 };

static const char dnsmasq[] =
    "1653243060 00:00:5e:00:53:40 192.0.2.40 printer 01:00:00:5e:00:53:40\n"
    "0 00:00:5e:00:53:41 192.0.2.41 * *\n"
    "1653243060 06-00:11:22:33:44:55 192.0.2.42 firewire *\n"
    "duid 00:01:00:01:2a:2b:2c:2d:00:00:5e:00:53:01\n"
    "1653243060 T123456 2001:db8::41 * 00:01:00:01:1:2:3:4\n"
    "1653243060 123456 2001:db8::40 printer 00:03:00:01:00:00:5e:00:53:40\n"
    "vendorclass 192.0.2.40 0102\n";

static const char odhcpd[] =
    "# br-lan 00005e005340 ipv4 printer 1653243060 28 32 192.0.2.40/32\n"
    "192.0.2.40\tprinter.lan\tprinter\n"
    "# br-lan 00005e005341 ipv4 - 1653243060 29 32 192.0.2.41/32\n"
    "# br-lan 0003000100005e005340 1a2b broken\\x20printer -1 40 128 "
    "2001:db8::40/128 fd00::40/128\n"
    "2001:db8::40\tprinter.lan\tprinter\n";

static const char isc[] =
    "# The format of this file is documented in the dhcpd.leases(5) manual "
    "page.\n"
    "authoring-byte-order little-endian;\n"
    "server-duid \"\\000\\001\\000\\001\";\n"
    "\n"
    "lease 192.0.2.40 {\n"
    "  starts 0 2022/05/22 18:11:00;\n"
    "  binding state active;\n"
    "  hardware ethernet 00:00:5e:00:53:41;\n"
    "  client-hostname \"old\";\n"
    "}\n"
    "lease 192.0.2.40 {\n"
    "  cltt 0 2022/05/22 18:11:00;\n"
    "  binding state active;\n"
    "  next binding state free;\n"
    "  hardware ethernet 00:00:5e:00:53:40;\n"
    "  uid \"\\001\\000\\000^\\000S@\";\n"
    "  client-hostname \"printer\";\n"
    "}\n"
    "lease 192.0.2.41 {\n"
    "  binding state free;\n"
    "  hardware ethernet 00:00:5e:00:53:41;\n"
    "  client-hostname \"Anna's laptop\";\n"
    "}\n"
    "lease 192.0.2.42 {\n"
    "  hardware token-ring 00:00;\n"
    "}\n";

static const char kea4[] =
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,"
    "fqdn_rev,hostname,state,user_context,pool_id\n"
    "192.0.2.40,00:00:5e:00:53:40,,4000,1653243060,1,0,0,old,0,,0\n"
    "192.0.2.40,00:00:5e:00:53:40,,4000,1653243060,1,0,0,printer.lan.,0,,0\n"
    "192.0.2.41,00:00:5e:00:53:41,,4000,1653243060,1,0,0,laptop,2,,0\n"
    "192.0.2.42,,,0,1653243060,1,0,0,gone,0,,0\n";

static const char kea6[] =
    "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,"
    "iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context\n"
    "2001:db8::40,00:03:00:01:00:00:5e:00:53:40,4000,1653243060,1,3000,0,1,"
    "128,0,0,printer,00:00:5e:00:53:40,0,\n"
    "address,duid,valid_lifetime\n";

static const struct row {
	const char *what, *text;
	const char *mac_40, *mac_41, *ip_40, *ip_41, *ip6_40; /* NULL: none */
} rows[] = {
	{ "dnsmasq", dnsmasq, "printer", NULL, "printer", NULL, "printer" },
	{ "odhcpd", odhcpd, "printer", NULL, "printer", NULL, "printer" },
	{ "isc", isc, "printer", "Anna's laptop", "printer", NULL, NULL },
	{ "kea 4", kea4, "printer", "laptop", "printer", NULL, NULL },
	{ "kea 6", kea6, "printer", NULL, NULL, NULL, "printer" },
};

static void
assert_name(const char *what, const struct lease *lease, const char *expected)
{
	if (lease == NULL
		? expected != NULL
		: expected == NULL || strcmp(lease->name, expected) != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", what,
		    lease != NULL ? lease->name : "(none)",
		    expected != NULL ? expected : "(none)");
}

static void
every_format_is_recognised_and_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct leases leases = { .bad = 0 };

		assert_true(
		    leases_parse(&leases, row->text, strlen(row->text)));
		assert_int_equal(leases.bad, 0);
		assert_name(
		    row->what, leases_find_mac(&leases, mac_40), row->mac_40);
		assert_name(
		    row->what, leases_find_mac(&leases, mac_41), row->mac_41);
		assert_name(row->what, leases_find_ip(&leases, ip_40, false),
		    row->ip_40);
		assert_name(row->what, leases_find_ip(&leases, ip_41, false),
		    row->ip_41);
		assert_name(row->what, leases_find_ip(&leases, ip6_40, true),
		    row->ip6_40);
		leases_clear(&leases);
	}
}

static void
lines_end_with_carriage_returns_too(void **state)
{
	static const char text[] =
	    "0 00:00:5e:00:53:40 192.0.2.40 printer *\r\n\r\n";
	struct leases leases = { .bad = 0 };

	(void)state;
	assert_true(leases_parse(&leases, text, sizeof(text) - 1));
	assert_name("", leases_find_mac(&leases, mac_40), "printer");
	assert_int_equal(leases.bad, 0);
	leases_clear(&leases);
}

static const struct bad {
	const char *text;
	size_t bad;
} bads[] = {
	{ "nonsense\n", 1 },
	{ "nonsense\n# comment\n\n \t\nand more\n", 2 },
	{ "x 00:00:5e:00:53:41 192.0.2.41 host *\n", 1 },
	{ "0 00:00:5e:00:53:41 192.0.2.341 host *\n", 1 },
	{ "0 00:00:5e:00:53:41 192.0.2.41\n", 1 },
	{ "# br-lan 00005e005341 ipv4 host 1 29\n", 0 }, /* a comment */
	{ "# br-lan 00005e0053 ipv4 host 1 29 32 192.0.2.41/32\n", 0 },
	{ "# br-lan xyz 1 host 1 29 32 2001:db8::41/128\n", 0 },
	{ "lease 192.0.2.341 {\n", 1 },
	{ "server-duid 1;\nlease 192.0.2.341 {\nlease {\nfoo\n", 2 },
	{ "server-duid 1;\nlease 192.0.2.41 {\n hardware ethernet 1;\n"
	  " client-hostname host;\n}\n",
	    2 },
	{ "address,hwaddr\nnonsense,00:00:5e:00:53:41\n", 1 },
	{ "address,\nnonsense\n,\n", 2 },
};

static void
bad_lines_are_counted_and_skipped(void **state)
{
	static const char good[] = "0 00:00:5e:00:53:40 192.0.2.40 printer *\n";
	struct leases leases = { .bad = 0 };
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		leases_parse(&leases, bads[i].text, strlen(bads[i].text));
		if (leases.bad != bads[i].bad)
			fail_msg("%zu of: %s", leases.bad, bads[i].text);
		assert_null(leases_find_mac(&leases, mac_41));
		leases_clear(&leases);
	}
	snprintf(text, sizeof(text), "%snonsense\n%s", good, dnsmasq);
	leases_parse(&leases, text, strlen(text));
	assert_int_equal(leases.bad, 1);
	leases_clear(&leases);
	leases_parse(&leases, "a\0b\nc\n", 6);
	assert_int_equal(leases.bad, 2);
	leases_clear(&leases);
}

static void
a_line_too_long_is_bad(void **state)
{
	static char text[5000];
	struct leases leases = { .bad = 0 };

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 2] = '\n';
	leases_parse(&leases, text, sizeof(text) - 1);
	assert_int_equal(leases.bad, 1);
	leases_clear(&leases);
}

static void
parse_mutant(struct bytes mutant, size_t cut, void *arg)
{
	struct leases leases = { .bad = 0 };
	bool whole =
	    leases_parse(&leases, (const char *)mutant.data, mutant.len);
	const size_t *len = arg;

	/* Only at the end of a line may a file end. */
	if (cut < *len && cut > 0 && mutant.data[cut - 1] != '\n')
		assert_false(whole);
	assert_in_range(leases.count, 0, 16);
	leases_clear(&leases);
}

static void
every_cut_and_every_flipped_bit_is_survived(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].text);

		mutate(rows[i].text, len, parse_mutant, &len);
	}
}

static void
the_last_lines_of_very_many_count(void **state)
{
	struct leases leases = { .bad = 0 };
	uint8_t mac[6] = { 2 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (unsigned i = 0; i < 2 * LEASES_MAX; i++)
		fprintf(out, "0 02:00:00:00:%02x:%02x 192.0.2.40 host%u *\n",
		    i >> 8, i & 255, i);
	fclose(out);
	assert_true(leases_parse(&leases, text, size));
	assert_null(leases_find_mac(&leases, mac));
	mac[4] = 0x3f;
	mac[5] = 0xff;
	assert_name("", leases_find_mac(&leases, mac), "host16383");
	assert_name("", leases_find_ip(&leases, ip_40, false), "host16383");
	leases_clear(&leases);
	free(text);
}

/*
 * Files.
 */

static char path[] = "/tmp/test_leases_XXXXXX";

static int
set_up(void **state)
{
	int fd;

	(void)state;
	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int
tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

/* Writes the file anew; `minute` becomes the time of its last change. */
static void
save(const char *text, int minute)
{
	struct timespec times[2] = { { .tv_sec = 1653243060 + 60 * minute } };
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
	times[1] = times[0];
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
a_file_that_changed_is_read_again(void **state)
{
	struct leases leases;

	(void)state;
	save(dnsmasq, 0);
	assert_int_equal(leases_load(&leases, path), 0);
	assert_name("", leases_find_mac(&leases, mac_40), "printer");
	save("0 00:00:5e:00:53:40 192.0.2.40 scanner *\n", 1);
	assert_int_equal(leases_refresh(&leases), 0);
	assert_name("", leases_find_mac(&leases, mac_40), "scanner");
	/* Nothing but its content shows this change. */
	save("0 00:00:5e:00:53:40 192.0.2.40 plotter *\n", 1);
	assert_int_equal(leases_refresh(&leases), 0);
	assert_name("", leases_find_mac(&leases, mac_40), "scanner");
	save("0 00:00:5e:00:53:40 192.0.2.40 plotter *\n", 2);
	assert_int_equal(leases_refresh(&leases), 0);
	assert_name("", leases_find_mac(&leases, mac_40), "plotter");
	leases_clear(&leases);
}

static void
a_file_in_the_middle_of_being_written_changes_nothing(void **state)
{
	static const char *const halves[] = {
		"",
		"# br-lan\n",
		"0 00:00:5e:00:53:40 192.0.2.40 scan",
		"0 00:00:5e:00:53:41 192.0.2.41 scanner *\n0 00",
		"lease 192.0.2.40 {\n hardware ethernet 00:00:5e:00:53:40;\n",
	};
	struct leases leases;

	(void)state;
	save(dnsmasq, 0);
	assert_int_equal(leases_load(&leases, path), 0);
	for (int i = 0; i < 5; i++) {
		save(halves[i], 1 + i);
		assert_int_equal(leases_refresh(&leases), 0);
		assert_name("", leases_find_mac(&leases, mac_40), "printer");
		assert_name("", leases_find_mac(&leases, mac_41), NULL);
	}
	/* When it is written, even within the same time, it is read. */
	save("0 00:00:5e:00:53:41 192.0.2.41 scanner *\n", 5);
	assert_int_equal(leases_refresh(&leases), 0);
	assert_name("", leases_find_mac(&leases, mac_41), "scanner");
	leases_clear(&leases);
}

static void
half_a_file_at_first_is_better_than_none(void **state)
{
	struct leases leases;

	(void)state;
	save("0 00:00:5e:00:53:40 192.0.2.40 printer *\n0 00:00:5e:00:53:41 "
	     "192.0.2.41 scan",
	    0);
	assert_int_equal(leases_load(&leases, path), 0);
	assert_name("", leases_find_mac(&leases, mac_40), "printer");
	assert_name("", leases_find_mac(&leases, mac_41), NULL);
	save("0 00:00:5e:00:53:40 192.0.2.40 printer *\n0 00:00:5e:00:53:41 "
	     "192.0.2.41 scanner *\n",
	    0);
	assert_int_equal(leases_refresh(&leases), 0);
	assert_name("", leases_find_mac(&leases, mac_41), "scanner");
	leases_clear(&leases);
}

static void
what_can_not_be_read_is_said_and_changes_nothing(void **state)
{
	struct leases leases;
	size_t bad_line;

	(void)state;
	assert_int_equal(leases_load(&leases, "/nowhere/leases"), -ENOENT);
	assert_int_equal(leases_refresh(&leases), -ENOENT);
	leases_clear(&leases);
	assert_int_equal(leases_load(&leases, "/"), -EISDIR);
	assert_int_equal(leases_refresh(&leases), -EISDIR);
	leases_clear(&leases);
	assert_int_equal(
	    leases_load_aliases(&leases, "/nowhere", &bad_line), -ENOENT);
	save(dnsmasq, 0);
	assert_int_equal(leases_load(&leases, path), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(leases_refresh(&leases), -ENOENT);
	assert_name("", leases_find_mac(&leases, mac_40), "printer");
	leases_clear(&leases);
	save("", 0);
}

static void
a_file_too_large_is_refused(void **state)
{
	struct leases leases;

	(void)state;
	assert_int_equal(truncate(path, LEASES_FILE_MAX + 1), 0);
	assert_int_equal(leases_load(&leases, path), -EFBIG);
	leases_clear(&leases);
}

static void
aliases_have_blanks_and_comments(void **state)
{
	struct leases aliases;
	size_t bad_line;

	(void)state;
	save("# our devices\n"
	     "\n"
	     "00-00-5E-00-53-40  The printer, upstairs \r\n"
	     "  00005e005341\tAnna\n"
	     "192.0.2.40 by address\n"
	     "2001:DB8::40 localhost",
	    0);
	assert_int_equal(leases_load_aliases(&aliases, path, &bad_line), 0);
	assert_int_equal(bad_line, 0);
	assert_name(
	    "", leases_find_mac(&aliases, mac_40), "The printer, upstairs");
	assert_name("", leases_find_mac(&aliases, mac_41), "Anna");
	assert_name("", leases_find_ip(&aliases, ip_40, false), "by address");
	assert_name("", leases_find_ip(&aliases, ip6_40, true), "localhost");
	assert_name("", leases_find_ip(&aliases, ip_41, false), NULL);
	leases_clear(&aliases);
	save("", 0);
	assert_int_equal(leases_load_aliases(&aliases, path, &bad_line), 0);
	leases_clear(&aliases);
}

static void
a_wrong_alias_is_named_by_its_line(void **state)
{
	static const char *const wrong[] = {
		"printer\n",
		"00-00-5E-00-53-40\n",
		"00-00-5E-00-53-40 \t \n",
		"00-00-5E:00-53-40 printer\n",
		"00-00-5E-00-53-4 printer\n",
		"00-00-5E-00-53-400 printer\n",
		"00-00-5E-00-53-4g printer\n",
		"192.0.2 printer\n",
		"192.0.2.40x printer\n",
		"2001:db8:::1 printer\n",
		"\xff printer\n",
		"0123456789012345678901234567890123456789012345678901234567890"
		"1234 x\n",
		"192.0.2.40 0123456789012345678901234567890123456789012345678"
		"90123456789abcd\n",
	};
	struct leases aliases;
	size_t bad_line;
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(
		    text, sizeof(text), "# one\n192.0.2.1 two\n%s", wrong[i]);
		save(text, 0);
		if (leases_load_aliases(&aliases, path, &bad_line) == 0)
			fail_msg("accepted: %s", wrong[i]);
		assert_int_equal(bad_line, 3);
		assert_null(aliases.rows);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_is_recognised_and_read),
		cmocka_unit_test(lines_end_with_carriage_returns_too),
		cmocka_unit_test(bad_lines_are_counted_and_skipped),
		cmocka_unit_test(a_line_too_long_is_bad),
		cmocka_unit_test(every_cut_and_every_flipped_bit_is_survived),
		cmocka_unit_test(the_last_lines_of_very_many_count),
		TEST(a_file_that_changed_is_read_again),
		TEST(a_file_in_the_middle_of_being_written_changes_nothing),
		TEST(half_a_file_at_first_is_better_than_none),
		TEST(what_can_not_be_read_is_said_and_changes_nothing),
		TEST(a_file_too_large_is_refused),
		TEST(aliases_have_blanks_and_comments),
		TEST(a_wrong_alias_is_named_by_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
