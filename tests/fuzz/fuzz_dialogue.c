/* SPDX-License-Identifier: ISC */
/*
 * The first byte is the port's protocol.  Then, over and over: a byte, which
 * tells who speaks (bit 0), whether bytes are missing before it (bit 1) and how
 * much is said at once (the rest), and what is said.
 */
#include "dissect/dialogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
say(struct dialogue *d, struct connection *c, enum side side, struct bytes said)
{
	dialogue_feed(d, c, side, &said);
	while (said.len > 0)
		dialogue_feed_odd(d, c, side, &said);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes input = bytes_of(data, len);
	struct dialogue d = { .hint = MAIL_UNKNOWN };
	struct connection c = { .first_us = 0 };

	if (input.len > 0)
		d.hint = bytes_u8(&input) % (MAIL_SIEVE + 1);
	while (input.len > 0) {
		uint8_t how = bytes_u8(&input);
		size_t n = (size_t)how >> 2;
		enum side side = how & 1 ? SERVER : CLIENT;

		if (how & 2)
			dialogue_gap(&d, side, n);
		say(&d, &c, side,
		    bytes_take(&input, n < input.len ? n : input.len));
	}
	if (c.starttls == STARTTLS_USED || c.client_id_len > CONNECTION_ID_MAX)
		__builtin_trap(); /* nobody said that TLS starts */
	dialogue_tls(&d, &c, CLIENT);
	dialogue_tls(&d, &c, SERVER);
	return 0;
}
