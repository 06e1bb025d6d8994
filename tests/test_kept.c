/* SPDX-License-Identifier: ISC */
/*
 * The frames that md_frame says may be kept, of all captures: nothing private
 * is in them, and by themselves they give the same TLS.
 */
#include "dissect/maildissect.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "tests/kit.h"
#include "tests/mktls.h"

enum {
	BLOCK = 8 << 20,
	PATH_LEN = 512,
	RECORDS_MAX = 512,
	FRAMES_MAX = 4096,
};

/* What comes of a capture. */
struct reading {
	struct connection records[RECORDS_MAX];
	size_t count;
};

/* The frames that were kept of it. */
static struct kept {
	int64_t time_us;
	int link;
	size_t len, wire_len;
	uint8_t *data;
} kept[FRAMES_MAX];
static size_t kept_count;

static struct reading all, again;
static struct md *md;

static void
on_over(void *arg, struct connection *c)
{
	struct reading *reading = arg;

	assert_true(reading->count < RECORDS_MAX);
	reading->records[reading->count++] = *c;
}

static void *
start(struct reading *reading)
{
	static struct md_config config;
	void *block = calloc(1, BLOCK);

	assert_non_null(block);
	md_default_ports(config.mail_ports);
	config.hooks = (struct md_hooks){ .arg = reading, .over = on_over };
	md = md_init(block, BLOCK, &config);
	reading->count = 0;
	return block;
}

static void
keep(const struct source_frame *frame)
{
	struct kept *one = &kept[kept_count++];

	assert_true(kept_count <= FRAMES_MAX);
	*one = (struct kept){ frame->time_us, frame->link, frame->len,
		frame->wire_len, malloc(frame->len) };
	assert_non_null(one->data);
	memcpy(one->data, frame->data, frame->len);
}

static void
on_frame(void *arg, const struct source_frame *frame)
{
	(void)arg;
	if (md_frame(md, frame->link, frame->time_us,
		bytes_of(frame->data, frame->len), frame->wire_len))
		keep(frame);
}

static void
forget(void)
{
	while (kept_count > 0)
		free(kept[--kept_count].data);
}

/* read_capture reads `path` into `all` and `kept`, and `kept` into `again`. */
static bool
read_capture(const char *path)
{
	char message[SOURCE_MESSAGE_MAX];
	struct source *source;
	void *block;

	if (source_open(path, NULL, &source, message) != 0)
		return false;
	block = start(&all);
	source_run(source, on_frame, NULL, message);
	source_close(source);
	md_end(md);
	free(block);
	block = start(&again);
	for (size_t i = 0; i < kept_count; i++)
		md_frame(md, kept[i].link, kept[i].time_us,
		    bytes_of(kept[i].data, kept[i].len), kept[i].wire_len);
	md_end(md);
	free(block);
	return true;
}

/* --- what is in them ------------------------------------------------------- */

/* Words that lead to what is private. */
static const char *const words[] = { "PASS ", "USER ", "APOP ", "AUTH ",
	"AUTHENTICATE", " LOGIN ", "MAIL FROM", "RCPT TO", "DATA\r",
	"Subject:", "From:", "SELECT ", "RETR ", "PREAUTH" };

static const char *
find_word(const uint8_t *data, size_t len)
{
	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
		size_t n = strlen(words[w]), same;

		for (size_t i = 0; i + n <= len; i++) {
			for (same = 0; same < n; same++)
				if (toupper(data[i + same]) !=
				    toupper((unsigned char)words[w][same]))
					break;
			if (same == n)
				return words[w];
		}
	}
	return NULL;
}

/* The server says so, too, of what it can do. */
static bool
is_capability(const uint8_t *data, size_t len)
{
	static const char *const lists[] = { "AUTH=", "250", "CAPABILITY",
		"SASL", "+OK" };

	for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
		size_t n = strlen(lists[l]);

		for (size_t i = 0; i + n <= len; i++)
			if (memcmp(data + i, lists[l], n) == 0)
				return true;
	}
	return false;
}

static void
assert_harmless(const char *path)
{
	for (size_t i = 0; i < kept_count; i++) {
		const char *word = find_word(kept[i].data, kept[i].len);

		if (word != NULL && !is_capability(kept[i].data, kept[i].len))
			fail_msg("%s: frame %zu has %s", path, i, word);
	}
}

/* same_ends tells whether both are of one connection. */
static bool
same_ends(const struct connection *a, const struct connection *b)
{
	return a->first_us == b->first_us &&
	       memcmp(a->end[CLIENT].ip, b->end[CLIENT].ip, 16) == 0 &&
	       a->end[CLIENT].port == b->end[CLIENT].port;
}

/* Nothing is kept of fragments, nor of what is acknowledged before it came. */
static bool
is_out_of_order(const char *name)
{
	return strstr(name, "fragments") != NULL ||
	       strstr(name, "acks-ahead") != NULL;
}

/*
 * assert_same_tls returns how many records are the same again.  A piece of the
 * talk in the clear that came too early is not kept, as it was not known yet
 * what is in it; such a gap may leave something open, but changes nothing.
 */
static unsigned
assert_same_tls(const char *name)
{
	unsigned same = 0;

	for (size_t i = 0; i < all.count; i++) {
		const struct connection *a = &all.records[i];
		const struct connection *b = NULL;

		if (!a->judged || !a->tls || a->login ||
		    (a->incomplete & ~INCOMPLETE_NOT_TLS) != 0)
			continue;
		for (size_t k = 0; k < again.count; k++)
			if (same_ends(a, &again.records[k]))
				b = &again.records[k];
		if (b == NULL && !is_out_of_order(name))
			fail_msg("%s: record %zu is missing", name, i);
		if (b == NULL)
			continue;
		if (b->answer.seen && b->answer.version != a->answer.version)
			fail_msg("%s: record %zu is wrong", name, i);
		if ((b->incomplete & INCOMPLETE_GAP) != 0)
			continue;
		assert_memory_equal(&a->offer, &b->offer, sizeof(a->offer));
		assert_memory_equal(&a->answer, &b->answer, sizeof(a->answer));
		assert_int_equal(a->encryption, b->encryption);
		same++;
	}
	return same;
}

static void
of_all_captures_what_is_kept_is_harmless_and_enough(void **state)
{
	const char *srcdir = getenv("srcdir");
	char folder[PATH_LEN], path[2 * PATH_LEN];
	struct dirent *entry;
	unsigned same = 0;
	DIR *dir;

	(void)state;
	snprintf(
	    folder, sizeof(folder), "%s/pcaps", srcdir != NULL ? srcdir : ".");
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (strstr(entry->d_name, ".pcap") == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (!read_capture(path))
			continue;
		assert_harmless(entry->d_name);
		same += assert_same_tls(entry->d_name);
		forget();
	}
	closedir(dir);
	assert_true(same > 100);
}

/* --- one connection at a time ---------------------------------------------- */

/* A piece of a connection: who says it, and whether it may be kept. */
struct piece {
	enum side from;
	bool kept;
	const char *text;
};

/* assert_pieces holds a talk at `port`, each piece in a segment of its own,
 * until one with no text. */
static void
assert_pieces(uint16_t port, const struct piece *pieces)
{
	struct mkframes frames = { .count = 0 };
	struct mktalk talk = mktalk_of(&frames, false, 40000, port);
	void *block = start(&all);
	size_t opening, count = 0;

	mktalk_open(&talk);
	opening = frames.count;
	for (; pieces[count].text != NULL; count++)
		mktalk_say(&talk, pieces[count].from, pieces[count].text,
		    strlen(pieces[count].text));
	assert_int_equal(frames.count, opening + count);
	for (size_t i = 0; i < frames.count; i++) {
		const struct mkframe *frame = &frames.frames[i];
		bool may = md_frame(md, 1, frame->time_us,
		    bytes_of(frame->data, frame->len), frame->wire_len);

		if (i < opening)
			assert_true(may);
		else if (may != pieces[i - opening].kept)
			fail_msg("%s", pieces[i - opening].text);
	}
	mkframes_clear(&frames);
	free(block);
}

static void
of_a_login_nothing_is_kept_from_the_command_on(void **state)
{
	static const struct piece smtp[] = {
		{ SERVER, true, "220 mail.example.net ESMTP\r\n" },
		{ CLIENT, true, "EHLO laptop\r\n" },
		{ SERVER, true, "250-mail.example.net\r\n250 AUTH PLAIN\r\n" },
		{ CLIENT, false, "AUTH PLAIN AGFubmEAdGVzdA==\r\n" },
		{ SERVER, false, "235 2.7.0 ok, anna\r\n" },
		{ CLIENT, false, "MAIL FROM:<anna@example.net>\r\n" },
		{ SERVER, false, NULL },
	};
	static const struct piece imap[] = {
		{ SERVER, true, "* OK [CAPABILITY IMAP4rev1] ready\r\n" },
		{ CLIENT, true, "1 CAPABILITY\r\n2 NOOP\r\n" },
		{ SERVER, true, "* CAPABILITY IMAP4rev1\r\n1 OK\r\n2 OK\r\n" },
		{ CLIENT, false, "3 LOGIN {4}\r\n" },
		{ SERVER, false, "+ go on\r\n" },
		{ CLIENT, false, "anna {4}\r\n" },
		{ SERVER, false, NULL },
	};
	static const struct piece pop3[] = {
		{ SERVER, true, "+OK ready\r\n" },
		{ CLIENT, false, "USER anna\r\n" },
		{ SERVER, false, "+OK hello anna\r\n" },
		{ CLIENT, false, "QUIT\r\n" },
		{ SERVER, false, NULL },
	};

	(void)state;
	assert_pieces(587, smtp);
	assert_pieces(143, imap);
	assert_pieces(110, pop3);
}

static void
mail_between_servers_is_not_kept_either(void **state)
{
	static const struct piece pieces[] = {
		{ SERVER, true, "220 mail.example.net ESMTP\r\n" },
		{ CLIENT, true, "EHLO mx.example.org\r\n" },
		{ SERVER, true, "250 mail.example.net\r\n" },
		{ CLIENT, false, "MAIL FROM:<bob@example.org>\r\n" },
		{ SERVER, false, "250 ok\r\n" },
		{ CLIENT, false, "DATA\r\n" },
		{ SERVER, false, "354 go on\r\n" },
		{ CLIENT, false, "EHLO is a nice word\r\n.\r\n" },
		{ SERVER, false, NULL },
	};

	(void)state;
	assert_pieces(25, pieces);
}

static void
a_command_is_not_kept_before_it_is_known(void **state)
{
	static const struct piece harmless[] = {
		{ SERVER, true, "220 mail.example.net ESMTP\r\n" },
		{ CLIENT, false, "E" },
		{ CLIENT, false, "HL" },
		{ CLIENT, true, "O lap" },
		{ CLIENT, true, "top\r\n" },
		{ SERVER, false, NULL },
	};
	static const struct piece private[] = {
		{ SERVER, true, "+OK ready\r\n" },
		{ CLIENT, false, "PA" },
		{ CLIENT, false, "SS sec" },
		{ CLIENT, false, "ret\r\n" },
		{ SERVER, false, NULL },
	};

	(void)state;
	assert_pieces(587, harmless);
	assert_pieces(110, private);
}

static void
what_begins_harmless_may_end_otherwise(void **state)
{
	static const struct piece pieces[] = {
		{ SERVER, true, "220 mail.example.net ESMTP\r\n" },
		{ CLIENT, false, "EHLO laptop\r\nAUTH PLAIN AGFubmEA\r\n" },
		{ SERVER, false, "250 AUTH PLAIN\r\n" },
		{ SERVER, false, NULL },
	};
	static const struct piece preauth[] = {
		{ SERVER, false, "* PREAUTH Logged in as anna\r\n" },
		{ CLIENT, false, "1 CAPABILITY\r\n" },
		{ SERVER, false, NULL },
	};

	(void)state;
	assert_pieces(587, pieces);
	assert_pieces(143, preauth);
}

/* The rest of a connection that was open before. */
static void
of_what_began_before_nothing_is_kept(void **state)
{
	struct mkframes frames = { .count = 0 };
	struct mktalk talk = mktalk_of(&frames, false, 40000, 993);
	void *block = start(&all);

	(void)state;
	mktls_say_data(&talk, CLIENT, 300);
	mktls_say_data(&talk, SERVER, 300);
	for (size_t i = 0; i < frames.count; i++)
		assert_false(md_frame(md, 1, frames.frames[i].time_us,
		    bytes_of(frames.frames[i].data, frames.frames[i].len),
		    frames.frames[i].wire_len));
	mkframes_clear(&frames);
	free(block);
}

/* A handshake and what comes after it; `mktls_handshake` ends with data. */
static void
what_comes_after_a_handshake_is_not_kept(void **state)
{
	struct mkframes frames = { .count = 0 };
	struct mktalk talk = mktalk_of(&frames, false, 40000, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);
	void *block = start(&all);
	size_t handshake;

	(void)state;
	mktalk_open(&talk);
	mktls_say_hello(&talk, &deal.offer);
	mktls_say_answer(&talk, &deal);
	mktls_say_finished(&talk, &deal);
	handshake = frames.count;
	mktls_say_data(&talk, CLIENT, 300);
	mktls_say_data(&talk, SERVER, 3000);
	mktalk_close(&talk, CLIENT);
	for (size_t i = 0; i < frames.count; i++)
		assert_int_equal(
		    md_frame(md, 1, frames.frames[i].time_us,
			bytes_of(frames.frames[i].data, frames.frames[i].len),
			frames.frames[i].wire_len),
		    i < handshake);
	mkframes_clear(&frames);
	free(block);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    of_all_captures_what_is_kept_is_harmless_and_enough),
		cmocka_unit_test(
		    of_a_login_nothing_is_kept_from_the_command_on),
		cmocka_unit_test(mail_between_servers_is_not_kept_either),
		cmocka_unit_test(a_command_is_not_kept_before_it_is_known),
		cmocka_unit_test(what_begins_harmless_may_end_otherwise),
		cmocka_unit_test(of_what_began_before_nothing_is_kept),
		cmocka_unit_test(what_comes_after_a_handshake_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
