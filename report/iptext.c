/* SPDX-License-Identifier: ISC */
/*
 * Addresses as text.  Every record has two, and every C library has its own
 * idea of which zeros of an IPv6 address to leave out, so it is done here.
 */
#include "report/iptext.h"

#include <string.h>

enum {
	GROUPS = 8,
};

static char *
put_ipv4(char *at, const uint8_t *ip)
{
	for (size_t i = 0; i < 4; i++) {
		if (i > 0)
			*at++ = '.';
		if (ip[i] >= 100)
			*at++ = (char)('0' + ip[i] / 100);
		if (ip[i] >= 10)
			*at++ = (char)('0' + ip[i] / 10 % 10);
		*at++ = (char)('0' + ip[i] % 10);
	}
	return at;
}

/* Lower case, without zeros in front (RFC 5952, 4.1 and 4.3). */
static char *
put_group(char *at, unsigned group)
{
	bool begun = false;

	for (unsigned shift = 16; shift > 0; shift -= 4) {
		unsigned digit = group >> (shift - 4) & 15;

		begun = begun || digit > 0 || shift == 4;
		if (begun)
			*at++ = "0123456789abcdef"[digit];
	}
	return at;
}

/*
 * longest_zeros returns the group at which the longest run of two or more zero
 * groups begins, the first of equals, and its length in `*run` (RFC 5952,
 * 4.2); GROUPS when there is none.
 */
static size_t
longest_zeros(const unsigned group[GROUPS], size_t *run)
{
	size_t start = GROUPS, best = 1, len = 0;

	for (size_t i = 0; i < GROUPS; i++) {
		len = group[i] == 0 ? len + 1 : 0;
		if (len > best) {
			best = len;
			start = i + 1 - len;
		}
	}
	*run = best;
	return start;
}

static char *
put_ipv6(char *at, const uint8_t *ip)
{
	static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };
	/* An IPv4-mapped address ends in an IPv4 one (RFC 5952, 5). */
	bool mixed = memcmp(ip, mapped, sizeof(mapped)) == 0;
	size_t count = mixed ? 6 : GROUPS, start, run;
	unsigned group[GROUPS];

	for (size_t i = 0; i < GROUPS; i++)
		group[i] = (unsigned)ip[2 * i] << 8 | ip[2 * i + 1];
	start = longest_zeros(group, &run);
	for (size_t i = 0; i < count; i++) {
		if (i == start) {
			*at++ = ':';
			i += run - 1;
			if (i + 1 == count)
				*at++ = ':';
			continue;
		}
		if (i > 0)
			*at++ = ':';
		at = put_group(at, group[i]);
	}
	if (!mixed)
		return at;
	*at++ = ':';
	return put_ipv4(at, ip + 12);
}

size_t
iptext_write(const uint8_t ip[16], bool ipv6, char out[IPTEXT_MAX])
{
	char *end = ipv6 ? put_ipv6(out, ip) : put_ipv4(out, ip);

	*end = '\0';
	return (size_t)(end - out);
}
