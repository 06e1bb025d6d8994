/* SPDX-License-Identifier: ISC */
/*
 * A stream that may begin with an SSL 2.0 record: what a whole hello starts
 * with must not be taken for something else.
 */
#include "dissect/sniff.h"
#include "dissect/sslv2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A prefix that is settled must not change its mind. */
static void
check_prefixes(enum side side, struct bytes stream)
{
	enum sniff settled = SNIFF_MORE;

	for (size_t len = 0; len <= stream.len && len <= SNIFF_LEN; len++) {
		struct bytes rest = stream;
		enum sniff is = sniff_head(side, bytes_take(&rest, len));

		if (settled != SNIFF_MORE && is != settled)
			__builtin_trap();
		settled = is;
	}
	if (stream.len >= SNIFF_LEN && settled == SNIFF_MORE)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes stream = bytes_of(data, len);
	struct bytes rest = stream;
	struct client_hello client;
	struct server_hello server;
	struct bytes body;

	check_prefixes(CLIENT, stream);
	check_prefixes(SERVER, stream);
	sniff_proxy_len(stream);
	body = bytes_take(&rest, sslv2_header(&rest));
	sslv2_client_hello(body, &client);
	if (!sslv2_server_hello(body, &server) && server.version != TLS_NONE)
		__builtin_trap();
	sslv2_master_key(body);
	return 0;
}
