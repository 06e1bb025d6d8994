/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_NETLINK_H
#define MAILTLS_CAPTURE_NETLINK_H

#include <stdbool.h>
#include <stdint.h>

/* What the kernel knows of interfaces and of sockets.  The only user of
 * libmnl. */

struct netlink;

enum netlink_about {
	NETLINK_ABOUT_LINKS,
	NETLINK_ABOUT_SOCKETS,
};

/* netlink_open opens a socket for one kind of question, which takes no
 * privilege; it returns NULL, and sets errno, when there is none to be had. */
struct netlink *netlink_open(enum netlink_about about);
void netlink_close(struct netlink *netlink);

/* struct netlink_link is an interface as it is now. */
struct netlink_link {
	int index;       /* its number; that of another of its name differs */
	uint16_t kind;   /* ARPHRD_ */
	bool up;         /* and able to carry frames */
	uint64_t missed; /* frames that it had no room for */
};

/* netlink_link returns 0, or -errno: -ENODEV when there is no interface
 * `name`. */
int netlink_link(
    struct netlink *netlink, const char *name, struct netlink_link *out);

/* struct netlink_ends are the ends of a TCP connection as one of them sees
 * it; addresses and the rest as in dissect/connection.h. */
struct netlink_ends {
	bool ipv6;
	uint8_t own_ip[16], other_ip[16];
	uint16_t own_port, other_port;
};

/* struct netlink_socket is a socket of this machine; inode 0 is one that has no
 * program any more. */
struct netlink_socket {
	uint32_t inode, uid;
};

/* netlink_socket returns 0, or -errno: -ENOENT when `ends` are those of no
 * socket in the network namespace that `netlink` was opened in. */
int netlink_socket(struct netlink *netlink, const struct netlink_ends *ends,
    struct netlink_socket *out);

#endif
