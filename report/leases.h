/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_LEASES_H
#define MAILTLS_REPORT_LEASES_H

#include <sys/types.h>
#include <time.h>

#include "report/lease_file.h"

/*
 * Names of devices from files: the leases of a DHCP server, and the names that
 * the user gives.
 */

enum {
	/* Files to which is only added, as ISC's and Kea's, have many lines a
	 * device; of more, the last ones count. */
	LEASES_MAX = 8192,
	LEASES_FILE_MAX = 16 << 20, /* bytes read of one file */
};

/* struct leases; zeroed is empty. */
struct leases {
	size_t bad; /* lines that made no sense */
	/* Private. */
	struct lease *rows; /* in the order of the file */
	size_t count, room;
	const struct lease **by_mac, **by_ip;
	size_t mac_count, ip_count;
	const char *path;
	/* Of the file as it was read. */
	struct timespec changed;
	off_t size;
	ino_t inode;
};

/*
 * leases_load reads a lease file, whose format it recognises (see
 * report/lease_file.h), and returns 0, or -errno when it could not be read.
 * `path` must last as long as `out`, which the caller clears.
 */
int leases_load(struct leases *out, const char *path);

/*
 * leases_refresh reads the file again if it has changed.  What was known stays
 * if it cannot be read, or seems to be in the middle of being written: when it
 * holds nothing any more, or ends within a line or a lease.
 */
int leases_refresh(struct leases *leases);

/*
 * leases_load_aliases reads lines of a MAC or address, blanks, and a name,
 * which may have blanks in it; what begins with # is a comment.  It returns 0,
 * or -errno; -EINVAL for a wrong line, whose number it puts into `*bad_line`.
 */
int leases_load_aliases(struct leases *out, const char *path, size_t *bad_line);

void leases_clear(struct leases *leases);

/* leases_find_mac and leases_find_ip return the last lease of a MAC or an
 * address, or NULL. */
const struct lease *leases_find_mac(
    const struct leases *leases, const uint8_t mac[6]);
const struct lease *leases_find_ip(
    const struct leases *leases, const uint8_t ip[16], bool ipv6);

/* leases_parse takes in the `len` bytes at `text`, a lease file, and tells
 * whether they end where one may end. */
bool leases_parse(struct leases *out, const char *text, size_t len);

#endif
