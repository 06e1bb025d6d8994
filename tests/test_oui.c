/* SPDX-License-Identifier: ISC */
#include "report/oui.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kit.h"

static char path[] = "/tmp/test_oui_XXXXXX";

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

static void
save(const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static const char list[] =
    "Registry,Assignment,Organization Name,Organization Address\r\n"
    "MA-L,0011AA,Twenty-four Inc.,\"1 Road\r\n"
    "MA-L Building Town US 12345 \"\r\n"
    "MA-L,70B3D5,IEEE Registration Authority,445 Hoes Lane\r\n"
    "MA-M,70B3D57,\"Twenty-eight Co., \"\"Ltd\"\"\",2 Road\r\n"
    "MA-S,70B3D5719,Thirty-six GmbH,3 Road\r\n"
    "MA-S,70B3D5FFF,Private,\r\n"
    "MA-L,0011AA,Second of the same,\r\n"
    "MA-L,00g1AA,Not a number,\r\n"
    "MA-L,0011AAB,\r\n"
    "MA-L,0022BB\r\n"
    "\r\n"
    ",,,\r\n"
    "\"MA-L\",\"0033CC\",\"Quoted\"\r\n"
    "MA-L,0055EE,The last one without an end";

static const struct row {
	uint8_t mac[6];
	const char *vendor; /* NULL: none */
} rows[] = {
	{ { 0x00, 0x11, 0xaa, 1, 2, 3 }, "Twenty-four" },
	{ { 0x00, 0x11, 0xab, 1, 2, 3 }, NULL },
	{ { 0x00, 0x11, 0xaa, 0xb1, 2, 3 }, NULL }, /* a row without a name */
	{ { 0x00, 0x22, 0xbb, 1, 2, 3 }, NULL },
	{ { 0x00, 0x33, 0xcc, 1, 2, 3 }, "Quoted" },
	{ { 0x00, 0x55, 0xee, 1, 2, 3 }, "The last one without an end" },
	{ { 0x70, 0xb3, 0xd5, 0x71, 0x9f, 0xff }, "Thirty-six" },
	{ { 0x70, 0xb3, 0xd5, 0x71, 0x8f, 0xff }, "Twenty-eight Co., \"Ltd\"" },
	{ { 0x70, 0xb3, 0xd5, 0x80, 0x00, 0x01 }, NULL },
	{ { 0x70, 0xb3, 0xd5, 0xff, 0xf0, 0x01 }, NULL },
	{ { 0x02, 0x11, 0xaa, 1, 2, 3 }, NULL }, /* made up */
	{ { 0x01, 0x11, 0xaa, 1, 2, 3 }, NULL }, /* multicast */
	{ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, NULL },
};

static void
the_longest_prefix_names_the_vendor(void **state)
{
	char vendor[OUI_VENDOR_MAX];
	struct oui *oui;

	(void)state;
	save(list);
	assert_int_equal(oui_open(path, &oui), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool found = oui_find(oui, rows[i].mac, vendor);
		const char *expected =
		    rows[i].vendor != NULL ? rows[i].vendor : "";

		if (found != (rows[i].vendor != NULL) ||
		    strcmp(vendor, expected) != 0)
			fail_msg("row %zu: \"%s\"", i, vendor);
	}
	oui_free(oui);
}

static void
a_file_of_something_else_is_refused(void **state)
{
	struct oui *oui;

	(void)state;
	save("Registry,Assignment,Organization Name,Organization Address\n");
	assert_int_equal(oui_open(path, &oui), -EINVAL);
	assert_null(oui);
	assert_int_equal(oui_open("/nowhere/oui.csv", &oui), -ENOENT);
	assert_null(oui);
	assert_int_not_equal(oui_open("/", &oui), 0);
	assert_null(oui);
	oui_free(NULL);
}

static void
a_file_that_changes_under_way_names_nobody(void **state)
{
	static const uint8_t mac[6] = { 0x00, 0x55, 0xee, 1, 2, 3 };
	char vendor[OUI_VENDOR_MAX];
	struct oui *oui;

	(void)state;
	save(list);
	assert_int_equal(oui_open(path, &oui), 0);
	save("");
	assert_false(oui_find(oui, mac, vendor));
	assert_string_equal(vendor, "");
	oui_free(oui);
}

static void
without_lists_there_are_no_vendors(void **state)
{
	static const uint8_t mac[6] = { 0x00, 0x11, 0xaa, 1, 2, 3 };
	char vendor[OUI_VENDOR_MAX] = "old";

	(void)state;
	assert_false(oui_find(NULL, mac, vendor));
	assert_string_equal(vendor, "");
}

/* Whatever this machine has, it is read without trouble; Xerox has had the
 * first block since Ethernet began. */
static void
the_lists_of_the_system_are_read_if_there_are_any(void **state)
{
	static const uint8_t mac[6] = { 0, 0, 0, 1, 2, 3 };
	char vendor[OUI_VENDOR_MAX];
	struct oui *oui;

	(void)state;
	assert_int_equal(oui_open(NULL, &oui), 0);
	assert_non_null(oui);
	if (oui_find(oui, mac, vendor))
		assert_non_null(strstr(vendor, "XEROX"));
	else
		assert_int_not_equal(
		    access("/usr/share/ieee-data/oui.csv", R_OK), 0);
	oui_free(oui);
}

static void
a_made_up_mac_is_told_by_a_bit(void **state)
{
	(void)state;
	assert_true(oui_is_local((const uint8_t[6]){ 0x3a, 0x5f }));
	assert_true(oui_is_local((const uint8_t[6]){ 2 }));
	assert_false(oui_is_local((const uint8_t[6]){ 0x30, 0xe1 }));
	assert_false(oui_is_local((const uint8_t[6]){ 0xff, 0xff }));
}

static const char *const names[][2] = {
	{ "Apple, Inc.", "Apple" },
	{ "Synology Incorporated", "Synology" },
	{ "Hewlett Packard", "Hewlett Packard" },
	{ "Brother industries, LTD.", "Brother" },
	{ "Samsung Electronics Co.,Ltd", "Samsung" },
	{ "LG Electronics (Mobile Communications)", "LG" },
	{ "HUAWEI TECHNOLOGIES CO.,LTD", "HUAWEI" },
	{ "Intel Corporate", "Intel" },
	{ "Seiko Epson Corporation", "Seiko Epson" },
	{ "CANON INC.", "CANON" },
	{ "Robert Bosch GmbH & Co. KG", "Robert Bosch" },
	{ "Telit Communications S.p.A.", "Telit Communications" },
	{ "Bang & Olufsen A/S", "Bang & Olufsen" },
	{ "AT&T", "AT&T" },
	{ "Hui Zhou Gaoshengda Technology Co.,LTD",
	    "Hui Zhou Gaoshengda Technology" },
	{ "New H3C Technologies Co., Ltd", "New H3C Technologies" },
	{ "Technologies Inc.", "Technologies" },
	{ "Co., Ltd.", "Co" },
	{ "(nobody)", "(nobody)" },
	{ "odd)", "odd)" },
	{ "  Espressif Inc. ", "Espressif" },
	{ "...", "" },
	{ "", "" },
};

static void
names_lose_what_nobody_says(void **state)
{
	char out[OUI_VENDOR_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		oui_shorten(names[i][0], out);
		assert_string_equal(out, names[i][1]);
	}
}

static void
long_names_are_cut_at_a_whole_character(void **state)
{
	char name[400] = { 0 }, out[OUI_VENDOR_MAX];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	oui_shorten(name, out);
	assert_int_equal(strlen(out), OUI_VENDOR_MAX - 1);
	memcpy(name + OUI_VENDOR_MAX - 2, "\xc3\xa9", 2);
	oui_shorten(name, out);
	assert_int_equal(strlen(out), OUI_VENDOR_MAX - 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_longest_prefix_names_the_vendor),
		TEST(a_file_of_something_else_is_refused),
		TEST(a_file_that_changes_under_way_names_nobody),
		cmocka_unit_test(without_lists_there_are_no_vendors),
		cmocka_unit_test(
		    the_lists_of_the_system_are_read_if_there_are_any),
		cmocka_unit_test(a_made_up_mac_is_told_by_a_bit),
		cmocka_unit_test(names_lose_what_nobody_says),
		cmocka_unit_test(long_names_are_cut_at_a_whole_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
