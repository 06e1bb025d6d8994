/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static const struct report_style plain = { .columns = 80 };
static const struct report_style unwrapped = { .columns = 2000 };

static int
set_up(void **state)
{
	static struct inventory inventory;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
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

static char *
text_of(const struct inventory *inventory, const struct report_source *from,
    const struct report_style *style)
{
	/* Static, or gcc 12 takes what is returned for their address. */
	static char *text;
	static size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(report_text(out, inventory, from, style), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* The report on `inventory` holds `wanted`, wherever its lines end. */
static void
says(const struct inventory *inventory, const char *wanted)
{
	char *text = text_of(inventory, &source, &unwrapped);

	if (strstr(text, wanted) == NULL)
		fail_msg("no \"%s\" in:\n%s", wanted, text);
	free(text);
}

static void
says_not(const struct inventory *inventory, const char *unwanted)
{
	char *text = text_of(inventory, &source, &unwrapped);

	if (strstr(text, unwanted) != NULL)
		fail_msg("\"%s\" in:\n%s", unwanted, text);
	free(text);
}

static void
the_report_on_one_old_device(void **state)
{
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);
	char *text;

	mk_answer(&c, TLS_1_0);
	mk_add(inventory, c, 12);
	c = mk_connection(1, 41, 41, VERDICT_MODERN);
	c.first_us -= INT64_C(6) * 86400 * MK_SECOND;
	c.protocol = MAIL_IMAP;
	c.encryption = ENCRYPTION_IMPLICIT;
	mk_answer(&c, TLS_1_3);
	mk_add(inventory, c, 1);
	c.ja4[0] = 't';
	mk_answer(&c, TLS_1_2);
	mk_add(inventory, c, 10000);
	text = text_of(inventory, &source, &plain);
	*strstr(text, "\n\nWHAT MAY") = '\0';
	/* clang-format off */
	assert_string_equal(text,
"Mail on 1 device will stop working when TLS 1.0 and 1.1 are switched off.\n"
"\n"
"Mail connections: 10 013 from 2 devices, Mon 16 May 20:10 to Sun 22 May 2022\n"
"  20:11 (UTC+02:00)\n"
"Read: home.pcap, 1 204 551 packets. Judged 10 013, not judged 0.\n"
"\n"
"WILL STOP WORKING when TLS 1.0 and 1.1 are switched off                 1 device\n"
"  These use TLS 1.0 or 1.1 and offer nothing better.\n"
"  192.168.1.40 (00-00-5E-00-53-28)\n"
"    sends mail by mail.example:587 STARTTLS: TLS 1.0\n"
"    12 times, last Sun 22 May 20:11. It offers TLS 1.0 at most, so the device is\n"
"    the limit.\n"
"    > Update the program, or the firmware of the device, and undo the choice of\n"
"      a fixed SSL or TLS version in its settings. Else: another program there;\n"
"      the provider's web page; a relay in the home with modern TLS, such as\n"
"      Postfix, msmtp or stunnel on a NAS or router, which then holds the\n"
"      password; or a newer device.\n"
"\n"
"FINE                                                                    1 device\n"
"  These use nothing as old as TLS 1.0 or 1.1.\n"
"  192.168.1.41 (00-00-5E-00-53-29)\n"
"    reads mail (IMAP) at mail.example:587 SSL/TLS: TLS 1.2 and TLS 1.3, 10 001\n"
"      times. Its setting means TLS 1.0 at most, seen since Mon 16 May 20:10.");
	/* clang-format on */
	free(text);
}

static void
a_period_of_more_than_one_year_names_both(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_MODERN);

	mk_answer(&c, TLS_1_3);
	mk_add(*state, c, 1);
	c.first_us -= INT64_C(200) * 86400 * MK_SECOND;
	mk_add(*state, c, 1);
	says(*state, "Wed 3 Nov 2021 19:10 to Sun 22 May 2022");
}

static void
an_empty_capture_is_never_called_clean(void **state)
{
	says(*state,
	    "No mail connection was seen, so nothing can be said about TLS "
	    "1.0 and 1.1.\n\nMail connections: 0\nRead: home.pcap, 1 204 551 "
	    "packets. Judged 0, not judged 0.\n");
	says(*state, "WHAT THAT CAN MEAN\n");
	says(*state, "It was too short.");
	says(*state, "network interface, that the mail does not pass");
	says_not(*state, "Nothing seen");
}

static void
what_could_not_be_judged_is_never_called_clean(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_UNDETERMINED);

	mk_add(*state, c, 2);
	says(*state, "None of 2 mail connections could be judged, so nothing "
		     "can be said about TLS 1.0 and 1.1.\n");
	says(*state, "Why: it ended before anything was said that tells.");
	c.incomplete = 0x3f;
	mk_add(*state, c, 1);
	says(*state, "Why: the capture began in the middle of the connection; "
		     "only one side of it was seen; a part of it is missing "
		     "from the capture; the capture kept only the beginning "
		     "of each packet; something other than TLS came where TLS "
		     "was due; a limit of this program was reached. ");
	says_not(*state, "Nothing seen");
}

static void
nothing_old_is_said_together_with_how_much_was_seen(void **state)
{
	mk_add(*state, mk_connection(1, 40, 40, VERDICT_MODERN), 5);
	says(*state, "Nothing seen that uses TLS 1.0 or 1.1, in 5 mail "
		     "connections from 1 device.\n");
	says(*state, "The connections span less than a day.");
	mk_add(*state, mk_connection(1, 41, 41, VERDICT_UNDETERMINED), 1);
	says(*state, "connections from 1 device. 1 mail connection could not "
		     "be judged.\n\nMail connections: 6 from 2 devices,");
	says_not(*state, "says little");
}

static void
an_old_version_that_nobody_can_be_blamed_for_is_said_all_the_same(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_UNDETERMINED);

	mk_answer(&c, TLS_1_0);
	c.offer.max_version = TLS_NONE;
	c.incomplete = INCOMPLETE_ONE_SIDED;
	mk_add(*state, c, 2);
	says(*state,
	    "In 2 mail connections, TLS 1.0 or 1.1 was used, but not enough "
	    "was seen to tell whose limit that is.");
	says(*state, "sends mail by mail.example:587 STARTTLS: TLS 1.0\n");
	says(*state, "It was TLS 1.0, but what the device offered could not "
		     "be seen");
	says_not(*state, "Nothing seen");
}

static void
nothing_old_among_nothing_encrypted_says_little(void **state)
{
	mk_add(*state, mk_connection(1, 40, 40, VERDICT_PLAINTEXT), 5);
	says(*state, "But no encryption came about in any of them, so that "
		     "says little.\n");
}

static void
the_answer_counts_devices_of_each_kind(void **state)
{
	mk_add_every(*state);
	mk_add(*state, mk_connection(1, 99, 99, VERDICT_REFUSED_OLD), 1);
	says(*state,
	    "Mail on 1 device will stop working when TLS 1.0 and 1.1 are "
	    "switched off. Mail on 2 devices is refused already, for offering "
	    "no more than TLS 1.0 or 1.1. On 2 devices, TLS 1.0 or 1.1 was "
	    "used although better was offered. On 1 device, a login was not "
	    "encrypted.\n");
}

static void
every_verdict_has_its_section_the_gravest_first(void **state)
{
	static const char *const titles[INVENTORY_VERDICTS - 1] = {
		"\nPASSWORD SENT UNENCRYPTED ",
		"\nWILL STOP WORKING when TLS 1.0 and 1.1 are switched off ",
		"\nALREADY REFUSED ",
		"\nOLD VERSION ON THE SECOND TRY ",
		"\nSERVER IS THE LIMIT ",
		"\nFAILED FOR ANOTHER REASON ",
		"\nNEXT TO BE SWITCHED OFF (weak cipher) ",
		"\nNOT ENCRYPTED (no password seen) ",
		"\nCOULD NOT BE JUDGED ",
		"\nFINE ",
	};
	char *text, *at;

	mk_add_every(*state);
	at = text = text_of(*state, &source, &plain);
	for (size_t i = 0; i < INVENTORY_VERDICTS - 1; i++) {
		char device[32];

		at = strstr(at, titles[i]);
		assert_non_null(at);
		snprintf(device, sizeof(device), "192.168.1.%d (",
		    (int)inventory_order[i]);
		at = strstr(at, device);
		assert_non_null(at);
	}
	free(text);
}

/* All "once" and "12 times" in the lists of `text`. */
static unsigned long
listed(char *text)
{
	unsigned long total = 0;

	*strstr(text, "\n\nWHAT MAY") = '\0';
	for (char *at = text; (at = strstr(at, "once")) != NULL; at++)
		total++;
	for (char *at = text; (at = strstr(at, " times")) != NULL; at++) {
		char *number = at;

		while (number[-1] >= '0' && number[-1] <= '9')
			number--;
		total += strtoul(number, NULL, 10);
	}
	return total;
}

static void
the_sections_add_up_to_the_total(void **state)
{
	struct inventory *inventory = *state;
	char *text;

	mk_add_many(inventory);
	text = text_of(inventory, &source, &unwrapped);
	assert_int_equal(listed(text), inventory->connections);
	free(text);
}

static void
a_program_is_in_each_section_it_belongs_to(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_MODERN);

	mk_answer(&c, TLS_1_2);
	mk_add(*state, c, 7);
	c.verdict = VERDICT_FAILED;
	c.failure = FAILURE_CLOSED;
	c.answer.seen = false;
	mk_add(*state, c, 2);
	says(*state, "STARTTLS\n    2 times, last Sun 22 May 20:11. The "
		     "connection ended before encryption began, and gave no "
		     "reason. ");
	says(*state, "STARTTLS: TLS 1.2, 7 times. ");
}

static void
addresses_of_one_device_are_one_line(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);

	mk_add(*state, c, 2);
	c.end[CLIENT].ip[3] = 41;
	c.last_us += 3600 * MK_SECOND;
	mk_add(*state, c, 3);
	says(*state, "  192.168.1.41 and 1 more address (00-00-5E-00-53-28)\n");
	says(*state, "    5 times, last Sun 22 May 21:11.");
}

static void
a_router_is_named_as_what_it_is(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);

	mk_add(*state, c, 1);
	says_not(*state, "behind the router");
	c.end[CLIENT].ip[2] = 2;
	mk_add(*state, c, 1);
	says(*state, "  192.168.2.40 (behind the router 00-00-5E-00-53-28)\n");
	says(*state, "they are told apart by address only");
}

static void
the_minimum_changes_the_words(void **state)
{
	struct report_source strict = source;
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);
	char *text;

	c.offer.max_version = TLS_1_2;
	mk_answer(&c, TLS_1_2);
	mk_add(*state, c, 1);
	strict.min_version = TLS_1_3;
	text = text_of(*state, &strict, &unwrapped);
	assert_non_null(strstr(text, "Mail on 1 device will stop working when "
				     "TLS 1.0, 1.1 and 1.2 are switched off."));
	assert_non_null(strstr(text, "These use TLS 1.0, 1.1 or 1.2 and"));
	assert_non_null(strstr(text, "STARTTLS: TLS 1.2\n"));
	assert_null(strstr(text, "TLS 1.0 and 1.1 are"));
	free(text);
	strict.min_version = 0;
	text = text_of(*state, &strict, &unwrapped);
	assert_non_null(strstr(text, "TLS 1.0 and 1.1 are switched off"));
	free(text);
}

static void
losses_and_what_was_not_read_are_always_stated(void **state)
{
	struct report_source bad = source;
	static const char *const many[] = { "a", "b", "c", "d", "e" };
	char *text;

	mk_add(*state, mk_connection(1, 40, 40, VERDICT_MODERN), 1);
	says(*state,
	    "- Nothing of what was captured was lost or left unread.\n");
	bad.names = many;
	bad.name_count = 5;
	bad.failed = 2;
	bad.loss_count = 2;
	bad.losses[0] = (struct report_loss){ "gaps", "bytes missing", 0 };
	bad.losses[1] = (struct report_loss){ "frames_cut", "too long", 12345 };
	text = text_of(*state, &bad, &unwrapped);
	assert_non_null(strstr(text, "Read: a, b, c, and 2 more, 1 204 551 "
				     "packets."));
	assert_non_null(strstr(text, "- 2 of the files or interfaces above "
				     "could not be read to their end.\n"));
	assert_non_null(strstr(text, "- frames_cut: 12 345 (too long)\n"));
	assert_null(strstr(text, "gaps"));
	assert_null(strstr(text, "Nothing of what"));
	free(text);
}

static void
beyond_the_bound_counts_are_at_least(void **state)
{
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 40, 40, VERDICT_MODERN);

	for (unsigned i = 0; i < INVENTORY_ENTRIES_MAX; i++) {
		c.end[SERVER].port = (uint16_t)i;
		mk_add(inventory, c, 1);
	}
	c = mk_connection(1, 41, 41, VERDICT_OLD_CLIENT);
	mk_add(inventory, c, 1);
	says(inventory, "Mail on at least 1 device will stop working");
	says(inventory, "8193 from at least 1 device,");
	says(inventory, " at least 1 device\n  These use TLS 1.0 or 1.1");
	says(inventory, "- Counted in the totals but not listed: 1 mail "
			"connection. There were too many different ones.\n");
}

/*
 * Looks.
 */

static void
no_line_is_wider_than_the_terminal(void **state)
{
	static const unsigned columns[] = { 60, 80, 100, 132 };
	struct report_style style = { .utf8 = true };

	mk_add_many(*state);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		char *text, *line, *end;

		style.columns = columns[i];
		text = text_of(*state, &source, &style);
		for (line = text; (end = strchr(line, '\n')) != NULL;
		     line = end + 1) {
			assert_true(end - line <= (int)columns[i]);
			assert_true(end == line || end[-1] != ' ');
		}
		assert_int_equal(*line, '\0');
		free(text);
	}
}

static void
colours_come_only_when_asked_for(void **state)
{
	struct report_style style = plain;
	char *text;

	mk_add_many(*state);
	text = text_of(*state, &source, &style);
	assert_null(strchr(text, '\x1b'));
	free(text);
	style.colour = true;
	text = text_of(*state, &source, &style);
	assert_memory_equal(text, "\x1b[1;31mMail on", 14);
	assert_non_null(strstr(text, "\x1b[1;32mFINE "));
	free(text);
}

static void
hostile_names_are_harmless(void **state)
{
	const char *const files[] = { mk_hostile };
	struct report_source from = source;
	struct report_style style = unwrapped;
	char *text;

	from.names = files;
	mk_add_hostile(*state);
	text = text_of(*state, &from, &style);
	for (const char *c = text; *c != '\0'; c++)
		assert_true((*c >= ' ' && *c < 0x7f) || *c == '\n');
	assert_non_null(strstr(text, "Read: \\x1b[31m<b>\\xe2\\x80\\xae\\x0ax"
				     "\\xff\\xc3\\xbc \\x22&'%s, "));
	assert_non_null(strstr(text, "by \\x1b[31m<b>\\xe2\\x80\\xae\\x0ax\\xff"
				     "\\xc3\\xbc\\x20\\x22&'%s:587 STARTTLS"));
	assert_non_null(strstr(text, "It calls itself \"\\x1b[31m<b>"));
	assert_non_null(strstr(text, "(login method \\x1b[31m<b>"));
	free(text);
	style.utf8 = true;
	text = text_of(*state, &from, &style);
	assert_null(strchr(text, '\x1b'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strchr(text, '\xff'));
	assert_non_null(strstr(text, "\\xff\xc3\xbc\\x20\\x22"));
	free(text);
}

static void
a_server_without_a_name_goes_by_its_address(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_FAILED);
	static const uint8_t ip[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 25 };

	c.offer.server_name[0] = '\0';
	mk_add(*state, c, 1);
	c.ipv6 = true;
	c.encryption = ENCRYPTION_UNKNOWN;
	memcpy(c.end[SERVER].ip, ip, sizeof(ip));
	memcpy(c.end[CLIENT].ip, ip, sizeof(ip));
	mk_add(*state, c, 1);
	says(*state, "sends mail by 192.0.2.25:587 STARTTLS\n");
	says(*state, "sends mail by [2001:db8::19]:587\n");
	says(*state, "192.168.1.40 and 1 more address (");
}

static void
what_can_not_be_written_is_an_error(void **state)
{
	FILE *full = fopen("/dev/full", "w");

	if (full == NULL)
		skip();
	mk_add_every(*state);
	assert_int_equal(report_text(full, *state, &source, &plain), -ENOSPC);
	assert_int_equal(report_json(full, *state, &source), -ENOSPC);
	fclose(full);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_report_on_one_old_device),
		TEST(a_period_of_more_than_one_year_names_both),
		TEST(an_empty_capture_is_never_called_clean),
		TEST(what_could_not_be_judged_is_never_called_clean),
		TEST(nothing_old_is_said_together_with_how_much_was_seen),
		TEST(
		    an_old_version_that_nobody_can_be_blamed_for_is_said_all_the_same),
		TEST(nothing_old_among_nothing_encrypted_says_little),
		TEST(the_answer_counts_devices_of_each_kind),
		TEST(every_verdict_has_its_section_the_gravest_first),
		TEST(the_sections_add_up_to_the_total),
		TEST(a_program_is_in_each_section_it_belongs_to),
		TEST(addresses_of_one_device_are_one_line),
		TEST(a_router_is_named_as_what_it_is),
		TEST(the_minimum_changes_the_words),
		TEST(losses_and_what_was_not_read_are_always_stated),
		TEST(beyond_the_bound_counts_are_at_least),
		TEST(no_line_is_wider_than_the_terminal),
		TEST(colours_come_only_when_asked_for),
		TEST(hostile_names_are_harmless),
		TEST(a_server_without_a_name_goes_by_its_address),
		TEST(what_can_not_be_written_is_an_error),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
