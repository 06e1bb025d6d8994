/* SPDX-License-Identifier: ISC */
/* The first byte chooses the protocol, the rest is the message. */
#include "dissect/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
hear(void *arg, const struct sighting *s)
{
	size_t *longest = arg;

	*longest += strnlen(s->name, sizeof(s->name));
	if (s->name[sizeof(s->name) - 1] != '\0')
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const enum sighting_source sources[] = { SIGHTING_DNS,
		SIGHTING_MDNS, SIGHTING_LLMNR, SIGHTING_NETBIOS };
	struct bytes message = bytes_of(data, len);
	struct sighting heard = { .source = sources[bytes_u8(&message) % 4] };
	size_t longest = 0;

	dns_read(message, &heard, hear, &longest);
	return 0;
}
