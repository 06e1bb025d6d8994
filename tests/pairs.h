/* SPDX-License-Identifier: ISC */
/* A TCP connection of this process with itself, for tests that ask the system
 * about it. */
#ifndef MAILTLS_TESTS_PAIRS_H
#define MAILTLS_TESTS_PAIRS_H

#include <stdbool.h>

#include "capture/netlink.h"

struct pair {
	int listener, client, server;
	struct netlink_ends client_ends, server_ends;
};

/* pair_open connects over the loopback interface by `family`; it returns false
 * where that can not be, as IPv6 here and there. */
bool pair_open(struct pair *pair, int family);
void pair_close(const struct pair *pair);

/* pair_inode returns the number of the socket `fd`. */
uint32_t pair_inode(int fd);

#endif
