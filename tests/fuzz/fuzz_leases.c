/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "report/leases.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint8_t ip[16] = { 192, 0, 2, 40 };
	static const uint8_t mac[6] = { 0, 0, 0x5e, 0, 0x53, 0x40 };
	struct leases leases = { .bad = 0 };
	const struct lease *lease;

	leases_parse(&leases, (const char *)data, len);
	lease = leases_find_ip(&leases, ip, false);
	if (lease != NULL && memcmp(lease->ip, ip, sizeof(ip)) != 0)
		__builtin_trap();
	lease = leases_find_mac(&leases, mac);
	if (lease != NULL && memcmp(lease->mac, mac, sizeof(mac)) != 0)
		__builtin_trap();
	for (size_t i = 0; i < leases.count; i++) {
		const char *name = leases.rows[i].name;

		if (name[0] == '\0' || memchr(name, '\0', HOSTNAME_MAX) == NULL)
			__builtin_trap();
	}
	leases_clear(&leases);
	return 0;
}
