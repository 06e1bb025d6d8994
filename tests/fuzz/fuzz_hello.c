/* SPDX-License-Identifier: ISC */
#include "dissect/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes body = bytes_of(data, len);
	struct client_hello client;
	struct server_hello server;
	struct offer offer;

	hello_client(body, &client);
	hello_offer(&client, &offer);
	if (!offer.whole && offer.max_version != TLS_NONE)
		__builtin_trap();
	if (!hello_server(body, &server) && server.version != TLS_NONE)
		__builtin_trap();
	hello_key_exchange_group(body, 0xc014); /* ECDHE */
	hello_key_exchange_group(body, 0xc035); /* with a PSK hint */
	return 0;
}
