/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_NAMESPACES_H
#define MAILTLS_CAPTURE_NAMESPACES_H

#include "capture/netlink.h"

/* namespaces_socket finds the socket with `ends` in this process's network
 * namespace, or else in those of other processes: containers have their own.
 * It returns false when there is none, or there are two. */
bool namespaces_socket(
    const struct netlink_ends *ends, struct netlink_socket *out);

#endif
