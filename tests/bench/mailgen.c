/* SPDX-License-Identifier: ISC */
/*
 * mailgen writes a capture for `make bench`, and beside it what is to be found
 * in it: the same bytes for the same seed, everywhere.  Sessions run beside each
 * other, a thousand or more at a time, ordered by a heap.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/gen_bulk.h"
#include "tests/bench/gen_mail.h"
#include "tests/bench/gen_nasty.h"

enum {
	AT_ONCE = 1000,
	BULK_AT_ONCE = 1500,
	MAIL_LEN = 27000, /* of a connection, about */
	MAIL_SHARE = 50,  /* one byte in so many */
	GOOD_AFTER_FLOOD = 1000,
	OUT_BUFFER = 1 << 20,
};

static const uint64_t start_us = 1700000000000000;

static FILE *out, *truth;
static uint64_t written;

/* The sessions under way: the one that is due next comes first. */
static struct gen_session **heap;
static size_t heap_count, heap_room;

static void
push(struct gen_session *s)
{
	size_t i = heap_count++;

	if (i == heap_room) {
		heap_room = heap_room > 0 ? heap_room * 2 : 1024;
		heap = gen_grow(heap, heap_room, sizeof(struct gen_session *));
	}
	for (; i > 0 && heap[(i - 1) / 2]->time_us > s->time_us;
	     i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = s;
}

static struct gen_session *
pop(void)
{
	struct gen_session *first = heap[0], *last = heap[--heap_count];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < heap_count) {
		if (child + 1 < heap_count &&
		    heap[child + 1]->time_us < heap[child]->time_us)
			child++;
		if (last->time_us <= heap[child]->time_us)
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return first;
}

/* Integers of the host's order: the format has both. */
static void
put_packet(uint64_t time_us, const uint8_t *frame, uint32_t len)
{
	uint32_t header[4] = { (uint32_t)(time_us / 1000000),
		(uint32_t)(time_us % 1000000), len, len };

	fwrite(header, sizeof(header), 1, out);
	fwrite(frame, len, 1, out);
	written += sizeof(header) + len;
}

static void
put_file_header(void)
{
	uint32_t header[6] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, 262144, 1 };

	fwrite(header, sizeof(header), 1, out);
	written = sizeof(header);
}

/* Writes one frame.  False when the session is over. */
static bool
step(struct gen_session *s)
{
	static uint8_t frame[GEN_FRAME_MAX];
	const struct gen_frame *f;
	uint64_t now = s->time_us;

	while (s->next < s->count && s->frames[s->next].len == 0)
		s->next++;
	if (s->next == s->count) {
		if (!s->bulk || s->left == 0)
			return false;
		s->bytes.len = s->next = s->count = 0;
		put_packet(now, frame, gen_bulk_packet(s, frame));
		return s->left > 0;
	}
	f = &s->frames[s->next++];
	put_packet(now, s->bytes.data + f->at, f->len);
	if (s->next < s->count) {
		s->time_us += s->frames[s->next].wait_us;
		return true;
	}
	s->time_us += 500;
	return s->bulk && s->left > 0;
}

static struct gen_session *
new_session(void)
{
	return gen_grow(NULL, 1, sizeof(struct gen_session));
}

/* Takes up a session, at most `later_us` after what is due now. */
static void
begin(struct gen_session *s, uint64_t now_us, uint32_t later_us)
{
	s->time_us = heap_count > 0 ? heap[0]->time_us : now_us;
	s->time_us += gen_below(later_us);
	push(s);
}

/* Writes a frame of the session that is due and returns when it was. */
static uint64_t
advance(bool no_more_bulk)
{
	struct gen_session *s = pop();
	uint64_t now_us = s->time_us;

	if (no_more_bulk && s->bulk)
		s->left = 0;
	if (step(s)) {
		push(s);
		return now_us;
	}
	gen_session_clear(s);
	free(s);
	return now_us;
}

static int
mail_len(void)
{
	return 14000 + (int)gen_below(12000);
}

static void
make_mail(uint64_t count, bool nasty)
{
	uint64_t now_us = start_us, next = 0;

	while (next < count || heap_count > 0) {
		struct gen_session *s;

		if (next == count || heap_count >= AT_ONCE) {
			now_us = advance(false);
			continue;
		}
		s = new_session();
		if (nasty)
			gen_nasty(s, (uint32_t)next, truth);
		else
			gen_mail(s, (uint32_t)next, mail_len(), truth);
		begin(s, now_us, 2000);
		next++;
	}
}

static void
all_mail(uint64_t count)
{
	make_mail(count, false);
}

static void
all_nasty(uint64_t count)
{
	make_mail(count, true);
}

static void
day(uint64_t megabytes)
{
	uint64_t limit = megabytes * 1000000, mail = 0, now_us = start_us;
	uint32_t mails = 0, bulks = 0;

	while (written < limit || heap_count > 0) {
		bool mail_is_due = mail * MAIL_SHARE < written;
		struct gen_session *s;

		if (written >= limit ||
		    (heap_count >= BULK_AT_ONCE && !mail_is_due)) {
			now_us = advance(written >= limit);
			continue;
		}
		s = new_session();
		if (mail_is_due) {
			gen_mail(s, mails++, mail_len(), truth);
			mail += MAIL_LEN;
		} else {
			gen_bulk(s, bulks++);
		}
		begin(s, now_us, 5000);
	}
}

static void
flood(uint64_t count)
{
	uint64_t now_us = start_us;

	for (uint64_t i = 0; i < count; i++) {
		struct gen_session s;

		gen_open_flow(&s, (uint32_t)i);
		for (size_t j = 0; j < s.count; j++) {
			put_packet(now_us, s.bytes.data + s.frames[j].at,
			    s.frames[j].len);
			now_us += 10 + gen_below(20);
		}
		gen_session_clear(&s);
	}
	for (uint32_t i = 0; i < GOOD_AFTER_FLOOD; i++) {
		struct gen_session *s = new_session();

		gen_mail(s, i, 2000, truth);
		s->time_us = now_us + i * 50;
		push(s);
	}
	while (heap_count > 0)
		advance(false);
}

static const struct {
	const char *name;
	void (*make)(uint64_t count);
} workloads[] = {
	{ "mail", all_mail },
	{ "day", day },
	{ "flood", flood },
	{ "nasty", all_nasty },
};

static void
make(const char *name, uint64_t count)
{
	const size_t known = sizeof(workloads) / sizeof(*workloads);
	size_t i = 0;

	while (i < known && strcmp(workloads[i].name, name) != 0)
		i++;
	if (i == known)
		errx(2, "%s: no such workload", name);
	put_file_header();
	fputs("id\tcli\tcport\tsrv\tsport\tkind\tnasty\tprofile\tclient_max\t"
	      "negotiated\tsni\n",
	    truth);
	workloads[i].make(count);
}

static FILE *
create(const char *path)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		err(1, "%s", path);
	setvbuf(file, NULL, _IOFBF, OUT_BUFFER);
	return file;
}

int
main(int argc, char *argv[])
{
	if (argc != 6)
		errx(2, "usage: mailgen mail|day|flood|nasty COUNT SEED "
			"CAPTURE TRUTH\n"
			"COUNT: connections; of day, megabytes; of flood, "
			"flows");
	out = create(argv[4]);
	truth = create(argv[5]);
	gen_chance_start(strtoull(argv[3], NULL, 10));
	make(argv[1], strtoull(argv[2], NULL, 10));
	if (ferror(out) || ferror(truth) || fclose(out) != 0 ||
	    fclose(truth) != 0)
		err(1, "writing");
	free(heap);
	return 0;
}
