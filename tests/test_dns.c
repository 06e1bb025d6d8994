/* SPDX-License-Identifier: ISC */
#include "dissect/dns.h"

#include <string.h>

#include "tests/heard.h"

/* imap.example.net is an alias of mx.example.net, 192.0.2.25 and 2001:db8::25 */
static const char answer[] =
    "1234 8180 0001 0003 0000 0000"
    "04696d6170 076578616d706c65 036e6574 00 0001 0001"
    "c00c 0005 0001 00000e10 0005 026d78 c011"
    "c02e 0001 0001 00000e10 0004 c0000219"
    "c02e 001c 0001 00000e10 0010 20010db8000000000000000000000025";

/* printer.local is 192.0.2.9, said by itself; no question */
static const char announcement[] =
    "0000 8400 0000 0000 0000 0001"
    "077072696e746572 056c6f63616c 00 0001 8001 00000078 0004 c0000209";

/* NetBIOS: BRN-OFFICE<20> registers 192.0.2.7 (RFC 1002 4.2.2) */
static const char registration[] =
    "0001 2910 0001 0000 0000 0001"
    "20 45434643454f434e455045474547454a45444546 434143414341434143414341"
    "00 0020 0001"
    "c00c 0020 0001 00000000 0006 0000 c0000207";

static void
an_answer_bears_the_name_that_was_asked_for(void **state)
{
	struct heard h = hear_all(answer, SIGHTING_DNS, false, dns_read);

	(void)state;
	assert_int_equal(h.count, 2);
	assert_string_equal(h.sightings[0].name, "imap.example.net");
	assert_false(h.sightings[0].ipv6);
	assert_memory_equal(h.sightings[0].ip, "\xc0\x00\x02\x19\0\0\0\0", 8);
	assert_string_equal(h.sightings[1].name, "imap.example.net");
	assert_true(h.sightings[1].ipv6);
	assert_int_equal(h.sightings[1].ip[15], 0x25);
	assert_int_equal(h.sightings[1].time_us, 7);
}

/* The mail server of example.net is mx.example.net, 192.0.2.25. */
static void
what_was_not_asked_for_bears_its_own_name(void **state)
{
	struct heard h =
	    hear_all("1234 8180 0001 0001 0000 0001"
		     "07 6578616d706c65 03 6e6574 00 000f 0001"
		     "c00c 000f 0001 00000e10 0007 000a 026d78 c00c"
		     "c02b 0001 0001 00000e10 0004 c0000219",
		SIGHTING_DNS, false, dns_read);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_string_equal(h.sightings[0].name, "mx.example.net");
}

static void
a_question_names_nobody(void **state)
{
	struct heard h =
	    hear_all("1234 0100 0001 0000 0000 0000 04696d6170 00 0001 0001",
		SIGHTING_DNS, false, dns_read);

	(void)state;
	assert_int_equal(h.count, 0);
}

static void
mdns_bears_the_owners_name(void **state)
{
	struct heard h = hear_all(announcement, SIGHTING_MDNS, false, dns_read);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_string_equal(h.sightings[0].name, "printer.local");
	assert_memory_equal(h.sightings[0].ip, "\xc0\x00\x02\x09", 4);
}

static void
a_netbios_machine_names_itself(void **state)
{
	struct heard h =
	    hear_all(registration, SIGHTING_NETBIOS, false, dns_read);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_string_equal(h.sightings[0].name, "BRN-OFFICE");
	assert_memory_equal(h.sightings[0].ip, "\xc0\x00\x02\x07", 4);
	/* the same record means nothing in DNS */
	h = hear_all(registration, SIGHTING_DNS, false, dns_read);
	assert_int_equal(h.count, 0);
}

static void
a_netbios_name_that_is_not_encoded_names_nobody(void **state)
{
	/* its first letter is Z, beyond what half a byte can be */
	struct heard h = hear_all("0001 2910 0001 0000 0000 0001"
				  "20 5a434643454f434e455045474547454a45444546"
				  "434143414341434143414341 00 0020 0001"
				  "c00c 0020 0001 00000000 0006 0000 c0000207",
	    SIGHTING_NETBIOS, false, dns_read);

	(void)state;
	assert_int_equal(h.count, 0);
}

static void
pointers_that_go_round_end(void **state)
{
	/* the name points to itself, to what is ahead, to nowhere */
	static const char *const loops[] = {
		"0000 8400 0000 0001 0000 0000 c00c 0001 0001 00000000 0004 "
		"c0000201",
		"0000 8400 0000 0001 0000 0000 0161c00c 0001 0001 00000000 "
		"0004 c0000201",
		"0000 8400 0000 0001 0000 0000 c0ff 0001 0001 00000000 0004 "
		"c0000201",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		struct heard h =
		    hear_all(loops[i], SIGHTING_MDNS, false, dns_read);

		assert_int_equal(h.count, 0);
	}
}

static void
a_name_of_over_255_bytes_is_none(void **state)
{
	char digits[1024] = "0000 8400 0000 0001 0000 0000 ";
	struct heard h;

	(void)state;
	for (int label = 0; label < 5; label++) {
		strncat(digits, "3f", 3);
		for (int i = 0; i < 63; i++)
			strncat(digits, "61", 3);
	}
	strncat(digits, "00 0001 0001 00000000 0004 c0000201", 40);
	h = hear_all(digits, SIGHTING_MDNS, false, dns_read);
	assert_int_equal(h.count, 0);
}

static void
damage_is_survived(void **state)
{
	(void)state;
	hear_mutants(answer, SIGHTING_DNS, dns_read);
	hear_mutants(announcement, SIGHTING_MDNS, dns_read);
	hear_mutants(registration, SIGHTING_NETBIOS, dns_read);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_bears_the_name_that_was_asked_for),
		cmocka_unit_test(what_was_not_asked_for_bears_its_own_name),
		cmocka_unit_test(a_question_names_nobody),
		cmocka_unit_test(mdns_bears_the_owners_name),
		cmocka_unit_test(a_netbios_machine_names_itself),
		cmocka_unit_test(
		    a_netbios_name_that_is_not_encoded_names_nobody),
		cmocka_unit_test(pointers_that_go_round_end),
		cmocka_unit_test(a_name_of_over_255_bytes_is_none),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests_name("dns", tests, NULL, NULL);
}
