/* SPDX-License-Identifier: ISC */
/* The first byte chooses the protocol, the rest is the message. */
#include "dissect/dhcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
hear(void *arg, const struct sighting *s)
{
	(void)arg;
	if (s->name[sizeof(s->name) - 1] != '\0' ||
	    s->vendor_class[sizeof(s->vendor_class) - 1] != '\0')
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static void (*const readers[])(struct bytes, const struct sighting *,
	    sighting_hook *,
	    void *) = { dhcp_read, dhcpv6_read, arp_read, nd_read };
	struct bytes message = bytes_of(data, len);
	struct sighting heard = { .has_ip = true };

	readers[bytes_u8(&message) % 4](message, &heard, hear, NULL);
	return 0;
}
