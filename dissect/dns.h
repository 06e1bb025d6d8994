/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_DNS_H
#define MAILTLS_DISSECT_DNS_H

#include "dissect/bytes.h"
#include "dissect/sighting.h"

/*
 * dns_read reads one message of DNS (RFC 1035), mDNS (RFC 6762), LLMNR (RFC
 * 4795) or the NetBIOS name service (RFC 1002), whichever `heard->source`
 * says, and reports every A and AAAA record (NetBIOS: NB) of a response to
 * `hook`: a copy of `*heard`, whose other fields the caller has filled in as
 * far as they are known, with name and address.  An alias is followed: the
 * name is the one that was asked for.  Questions name nobody, and a broken
 * message gives what came before the damage.
 */
void dns_read(struct bytes message, const struct sighting *heard,
    sighting_hook *hook, void *arg);

#endif
