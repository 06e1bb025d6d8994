/* SPDX-License-Identifier: ISC */
/* Certificates are made here, of every kind of bad. */
#include "report/certificate.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kit.h"
#include "tests/mkcert.h"

/* The time it is: 2023-11-14 22:13:20. */
static const int64_t now_us = 1700000000000000;

static char authority_path[] = "test_certificate_XXXXXX";

static struct trust *
open_trust(const char *path)
{
	struct trust *trust;

	assert_int_equal(trust_open(path, &trust), 0);
	assert_non_null(trust);
	return trust;
}

static struct certificate
read_list(
    const char *authorities, const struct cert_list *list, const char *name)
{
	struct trust *trust = open_trust(authorities);
	uint8_t *exact = exact_copy(list->of, list->len);
	struct certificate out;

	certificate_read(trust, bytes_of(exact, list->len), name, now_us, &out);
	free(exact);
	trust_free(trust);
	assert_int_equal(ERR_peek_error(), 0);
	return out;
}

static struct certificate
read_made(struct cert_wish wish, const char *name)
{
	static struct cert_list list;

	list.len = 0;
	mkcert_list_add(&list, mkcert(wish));
	return read_list(authority_path, &list, name);
}

static void
a_good_certificate_has_no_problem(void **state)
{
	struct certificate c = read_made(
	    (struct cert_wish){
		.alt_names = "DNS:mail.example,DNS:mx.example" },
	    "mail.example");

	(void)state;
	assert_true(c.seen);
	assert_int_equal(c.problems, 0);
	assert_string_equal(c.subject, "CN=mail.example");
	assert_string_equal(c.issuer, "CN=Example CA");
	assert_string_equal(c.name, "mail.example");
	assert_int_equal(c.not_before_s, 1672531200);
	assert_int_equal(c.not_after_s, 1704067199);
}

static void
the_hash_is_that_of_the_DER_form(void **state)
{
	static struct cert_list list;
	struct certificate c;
	X509 *x = mkcert((struct cert_wish){ 0 });
	unsigned char expected[EVP_MAX_MD_SIZE];

	(void)state;
	assert_int_equal(X509_digest(x, EVP_sha256(), expected, NULL), 1);
	mkcert_list_add(&list, x);
	c = read_list("none", &list, "");
	assert_memory_equal(c.sha256, expected, sizeof(c.sha256));
}

static void
problems_are_found(void **state)
{
	const struct {
		struct cert_wish wish;
		const char *name;
		uint8_t problems;
	} rows[] = {
		{ { .not_after = "20231114221319Z" }, "mail.example",
		    CERTIFICATE_EXPIRED },
		{ { .not_after = "20231114221320Z" }, "mail.example", 0 },
		{ { .not_before = "20231114221321Z" }, "mail.example",
		    CERTIFICATE_NOT_YET_VALID },
		{ { 0 }, "other.example", CERTIFICATE_NAME_MISMATCH },
		{ { 0 }, ".", 0 },
		{ { 0 }, "MAIL.example.", 0 },
		{ { .alt_names = "DNS:*.mail.example" }, "imap.mail.example",
		    0 },
		{ { .alt_names = "DNS:mx.example" }, "mail.example",
		    CERTIFICATE_NAME_MISMATCH },
		{ { .alt_names = "IP:192.0.2.1" }, "192.0.2.1", 0 },
		{ { .alt_names = "IP:192.0.2.1" }, "192.0.2.2",
		    CERTIFICATE_NAME_MISMATCH },
		{ { .alt_names = "IP:2001:db8::1" }, "2001:db8::1", 0 },
		{ { .issuer = "mail.example", .signer = mkcert_keys.good },
		    "mail.example", CERTIFICATE_SELF_SIGNED },
		{ { .issuer = "mail.example",
		      .signer = mkcert_keys.good,
		      .digest = EVP_sha1() },
		    "mail.example", CERTIFICATE_SELF_SIGNED },
		{ { .issuer = "Somebody" }, "mail.example",
		    CERTIFICATE_UNTRUSTED },
		{ { .signer = mkcert_keys.middle }, "mail.example",
		    CERTIFICATE_UNTRUSTED },
		{ { .digest = EVP_sha1() }, "mail.example",
		    CERTIFICATE_WEAK_SIGNATURE },
		{ { .digest = EVP_md5(), .signer = mkcert_keys.short_rsa },
		    "mail.example",
		    CERTIFICATE_WEAK_SIGNATURE | CERTIFICATE_UNTRUSTED },
		{ { .key = mkcert_keys.short_ec }, "mail.example",
		    CERTIFICATE_WEAK_KEY },
		{ { .key = mkcert_keys.short_rsa }, "mail.example",
		    CERTIFICATE_WEAK_KEY },
		/* An expired one is still led to its authority. */
		{ { .not_before = "19990101000000Z",
		      .not_after = "20000101000000Z" },
		    "mail.example", CERTIFICATE_EXPIRED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct certificate c = read_made(rows[i].wish, rows[i].name);

		if (c.problems != rows[i].problems)
			fail_msg("row %zu: %#x, not %#x", i, c.problems,
			    rows[i].problems);
	}
}

static void
dates_are_read_whatever_their_form(void **state)
{
	const struct {
		const char *date;
		int64_t s;
	} rows[] = {
		{ "500101000000Z", -631152000 }, /* UTCTime of 1950 */
		{ "491231235959Z", 2524607999 }, /* and of 2049 */
		{ "000229120000Z", 951825600 },
		{ "00000101000000Z", -62167219200 },
		{ "99991231235959Z", 253402300799 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct certificate c = read_made(
		    (struct cert_wish){ .not_after = rows[i].date }, "");

		assert_int_equal(c.not_after_s, rows[i].s);
	}
}

static void
a_chain_leads_by_what_was_sent(void **state)
{
	static struct cert_list list;
	struct certificate c;

	(void)state;
	mkcert_list_add(&list, mkcert((struct cert_wish){ .issuer = "Middle",
				   .signer = mkcert_keys.middle }));
	assert_int_equal(read_list(authority_path, &list, "").problems,
	    CERTIFICATE_UNTRUSTED);
	mkcert_list_bytes(&list, (const uint8_t *)"junk", 4);
	mkcert_list_bytes(&list, NULL, 0);
	mkcert_list_add(&list, mkcert((struct cert_wish){ .subject = "Middle",
				   .key = mkcert_keys.middle,
				   .authority = true }));
	c = read_list(authority_path, &list, "");
	assert_int_equal(c.problems, 0);
	/* Of a list that was cut nothing is claimed. */
	list.len--;
	assert_int_equal(read_list(authority_path, &list, "").problems, 0);
}

static void
a_chain_is_looked_at_up_to_its_bound(void **state)
{
	static struct cert_list list;

	(void)state;
	mkcert_list_add(&list, mkcert((struct cert_wish){ .issuer = "Middle",
				   .signer = mkcert_keys.middle }));
	for (size_t i = 1; i < 16; i++)
		mkcert_list_add(&list, mkcert((struct cert_wish){ 0 }));
	mkcert_list_add(&list, mkcert((struct cert_wish){ .subject = "Middle",
				   .key = mkcert_keys.middle,
				   .authority = true }));
	assert_int_equal(read_list(authority_path, &list, "").problems,
	    CERTIFICATE_UNTRUSTED);
}

/* The system may have authorities or not; this one is none of them. */
static void
the_system_s_authorities_will_do(void **state)
{
	static struct cert_list list;
	uint8_t problems;

	(void)state;
	mkcert_list_add(&list, mkcert((struct cert_wish){ 0 }));
	problems = read_list(NULL, &list, "").problems;
	assert_true(problems == 0 || problems == CERTIFICATE_UNTRUSTED);
	trust_free(NULL);
}

static void
without_authorities_nothing_is_untrusted(void **state)
{
	static struct cert_list list;

	(void)state;
	mkcert_list_add(
	    &list, mkcert((struct cert_wish){ .issuer = "Somebody" }));
	assert_int_equal(read_list("none", &list, "").problems, 0);
}

static void
names_are_written_as_RFC_4514_has_them(void **state)
{
	struct certificate c = read_made(
	    (struct cert_wish){ .subject = "B\xC3\xBCro, \"Mail\"\n" }, "");

	(void)state;
	assert_string_equal(c.subject, "CN=B\xC3\xBCro\\, \\\"Mail\\\"\\0A");
	assert_string_equal(c.name, "B\xC3\xBCro, \"Mail\"\n");
}

/* 64 characters of 3 bytes are the longest common name, and come four times. */
static void
long_names_are_cut_between_characters(void **state)
{
	static struct cert_list list;
	char euros[64 * 3 + 1];
	struct certificate c;
	X509 *x = mkcert((struct cert_wish){ 0 });

	(void)state;
	for (size_t i = 0; i < 64; i++)
		memcpy(euros + 3 * i, "\xE2\x82\xAC", 4);
	mkcert_name(X509_get_subject_name(x), euros);
	mkcert_name(X509_get_subject_name(x), euros);
	assert_true(X509_sign(x, mkcert_keys.authority, EVP_sha256()) > 0);
	mkcert_list_add(&list, x);
	c = read_list("none", &list, "");
	/* "CN=" and 64 euros, ",CN=" and 18 of the next 64 make 253. */
	assert_int_equal(strlen(c.subject), 253);
	assert_memory_equal(c.subject + 250, "\xE2\x82\xAC", 4);
}

static void
a_name_with_a_NUL_in_it_is_none(void **state)
{
	static struct cert_list list;
	X509 *x = mkcert((struct cert_wish){ .subject = "mx.example",
	    .alt_names = "DNS:mail.example,email:a@mail.example" });
	struct certificate c;
	uint8_t *at;

	(void)state;
	mkcert_list_add(&list, x);
	for (at = list.of; memcmp(at, "mail.example", 12) != 0; at++)
		assert_true(at < list.of + list.len);
	at[4] = '\0';
	c = read_list("none", &list, "mx.example");
	assert_string_equal(c.name, "mx.example"); /* the common name */
	/* There being a dNSName, the common name does not count. */
	assert_int_equal(c.problems, CERTIFICATE_NAME_MISMATCH);
}

static void
note_name(void *arg, const char *name)
{
	strncat(arg, name, 63);
	strncat(arg, " ", 1);
}

static void
every_name_is_told(void **state)
{
	static struct cert_list list, broken;
	char names[256] = "";

	(void)state;
	mkcert_list_add(
	    &list, mkcert((struct cert_wish){ .subject = "mail.example",
		       .alt_names = "DNS:example,DNS:*.example,IP:192.0.2.1,"
				    "email:a@mail.example" }));
	mkcert_list_add(&list, mkcert((struct cert_wish){ .subject = "x" }));
	certificate_names(bytes_of(list.of, list.len), note_name, names);
	assert_string_equal(names, "example *.example mail.example ");

	names[0] = '\0';
	mkcert_list_bytes(&broken, (const uint8_t *)"no", 2);
	certificate_names(bytes_of(broken.of, broken.len), note_name, names);
	certificate_names(bytes_of("", 0), note_name, names);
	assert_string_equal(names, "");
	assert_int_equal(ERR_peek_error(), 0);
}

static void
a_certificate_without_any_name_has_none(void **state)
{
	static struct cert_list list;
	X509 *x = mkcert((struct cert_wish){ .alt_names = "IP:192.0.2.1" });
	X509_NAME *empty = X509_NAME_new();
	struct certificate c;

	(void)state;
	X509_set_subject_name(x, empty);
	X509_NAME_free(empty);
	assert_true(X509_sign(x, mkcert_keys.authority, EVP_sha256()) > 0);
	mkcert_list_add(&list, x);
	c = read_list("none", &list, "");
	assert_string_equal(c.name, "");
	assert_string_equal(c.subject, "");
}

static void
what_can_not_be_parsed_still_has_a_hash(void **state)
{
	static struct cert_list list;
	unsigned char expected[EVP_MAX_MD_SIZE];
	struct certificate c;

	(void)state;
	mkcert_list_bytes(&list, (const uint8_t *)"no certificate", 14);
	EVP_Digest("no certificate", 14, expected, NULL, EVP_sha256(), NULL);
	c = read_list(authority_path, &list, "mail.example");
	assert_true(c.seen);
	assert_memory_equal(c.sha256, expected, sizeof(c.sha256));
	memset(c.sha256, 0, sizeof(c.sha256));
	c.seen = false;
	assert_memory_equal(&c, &(struct certificate){ 0 }, sizeof(c));
	/* Nor can one with bytes behind it. */
	list.len = 0;
	mkcert_list_add(&list, mkcert((struct cert_wish){ 0 }));
	list.of[list.len++] = 0;
	list.of[2]++;
	assert_string_equal(read_list("none", &list, "").subject, "");
}

static void
an_empty_list_or_leaf_is_none(void **state)
{
	static struct cert_list list;

	(void)state;
	assert_false(read_list("none", &list, "").seen);
	mkcert_list_bytes(&list, NULL, 0);
	assert_false(read_list("none", &list, "").seen);
	mkcert_list_add(&list, mkcert((struct cert_wish){ 0 }));
	assert_false(read_list("none", &list, "").seen);
}

static void
what_is_remembered_is_judged_anew(void **state)
{
	static struct cert_list list;
	struct trust *trust = open_trust(authority_path);
	struct certificate first, later, other, again;
	struct bytes run;

	(void)state;
	mkcert_list_add(&list, mkcert((struct cert_wish){ 0 }));
	run = bytes_of(list.of, list.len);
	certificate_read(trust, run, "mail.example", now_us, &first);
	certificate_read(trust, run, "mail.example", 2 * now_us, &later);
	certificate_read(trust, run, "mx.example", now_us, &other);
	certificate_read(trust, run, "mail.example", now_us, &again);
	assert_int_equal(first.problems, 0);
	assert_int_equal(later.problems, CERTIFICATE_EXPIRED);
	assert_int_equal(other.problems, CERTIFICATE_NAME_MISMATCH);
	assert_memory_equal(&first, &again, sizeof(first));
	certificate_read(trust, run, "mail.example", -1, &again);
	assert_int_equal(again.problems, CERTIFICATE_NOT_YET_VALID);
	trust_free(trust);
}

/* More names than are remembered: every answer is still the right one. */
static void
memory_is_bounded(void **state)
{
	static struct cert_list list;
	struct trust *trust = open_trust("none");
	struct certificate c;

	(void)state;
	mkcert_list_add(
	    &list, mkcert((struct cert_wish){ .subject = "m7.example" }));
	for (unsigned i = 0; i < 2000; i++) {
		char name[32];

		snprintf(name, sizeof(name), "m%u.example", i % 1000);
		certificate_read(
		    trust, bytes_of(list.of, list.len), name, now_us, &c);
		assert_int_equal(
		    c.problems, i % 1000 == 7 ? 0 : CERTIFICATE_NAME_MISMATCH);
	}
	trust_free(trust);
}

static void
read_mutant(struct bytes mutant, size_t cut, void *arg)
{
	struct certificate c;

	certificate_read(arg, mutant, "mail.example", now_us, &c);
	/* A list whose leaf is not all there has none. */
	assert_int_equal(c.seen && cut > 0, c.seen);
	assert_int_equal(ERR_peek_error(), 0);
	if (!c.seen)
		assert_int_equal(c.problems, 0);
}

static void
any_damage_is_survived(void **state)
{
	static struct cert_list list;
	struct trust *trust = open_trust(authority_path);

	(void)state;
	mkcert_list_add(&list,
	    mkcert((struct cert_wish){ .alt_names = "DNS:mail.example" }));
	mutate(list.of, list.len, read_mutant, trust);
	trust_free(trust);
}

static void
authorities_are_loaded_or_the_reason_is_told(void **state)
{
	struct trust *trust;
	FILE *file;
	char path[] = "test_certificate_XXXXXX";
	X509 *x = mkcert((struct cert_wish){ 0 });

	(void)state;
	assert_int_equal(trust_open("no/such/file", &trust), -ENOENT);
	assert_null(trust);
	assert_int_equal(trust_open("/dev/null", &trust), -EINVAL);
	assert_null(trust);
	/* One that can not be read hides no other. */
	file = fdopen(mkstemp(path), "w");
	assert_non_null(file);
	fputs("-----BEGIN CERTIFICATE-----\nAAAA\n"
	      "-----END CERTIFICATE-----\n",
	    file);
	fflush(file);
	assert_int_equal(trust_open(path, &trust), -EINVAL);
	PEM_write_X509(file, x);
	X509_free(x);
	fclose(file);
	assert_int_equal(trust_open(path, &trust), 0);
	trust_free(trust);
	unlink(path);
	assert_int_equal(ERR_peek_error(), 0);
}

static int
set_up(void **state)
{
	X509 *x;
	FILE *file;

	(void)state;
	mkcert_set_up();
	file = fdopen(mkstemp(authority_path), "w");
	assert_non_null(file);
	x = mkcert((struct cert_wish){ .subject = "Example CA",
	    .key = mkcert_keys.authority,
	    .authority = true });
	assert_int_equal(PEM_write_X509(file, x), 1);
	X509_free(x);
	return fclose(file);
}

static int
tear_down(void **state)
{
	(void)state;
	mkcert_tear_down();
	return unlink(authority_path);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_certificate_has_no_problem),
		cmocka_unit_test(the_hash_is_that_of_the_DER_form),
		cmocka_unit_test(problems_are_found),
		cmocka_unit_test(dates_are_read_whatever_their_form),
		cmocka_unit_test(a_chain_leads_by_what_was_sent),
		cmocka_unit_test(a_chain_is_looked_at_up_to_its_bound),
		cmocka_unit_test(the_system_s_authorities_will_do),
		cmocka_unit_test(without_authorities_nothing_is_untrusted),
		cmocka_unit_test(names_are_written_as_RFC_4514_has_them),
		cmocka_unit_test(long_names_are_cut_between_characters),
		cmocka_unit_test(a_name_with_a_NUL_in_it_is_none),
		cmocka_unit_test(every_name_is_told),
		cmocka_unit_test(a_certificate_without_any_name_has_none),
		cmocka_unit_test(what_can_not_be_parsed_still_has_a_hash),
		cmocka_unit_test(an_empty_list_or_leaf_is_none),
		cmocka_unit_test(what_is_remembered_is_judged_anew),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(any_damage_is_survived),
		cmocka_unit_test(authorities_are_loaded_or_the_reason_is_told),
	};

	return cmocka_run_group_tests_name(
	    "certificate", tests, set_up, tear_down);
}
