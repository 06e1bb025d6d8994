/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_NAMES_H
#define MAILTLS_DISSECT_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Numbers of the TLS registries to their names, as of the date in names.c
 * (https://www.iana.org/assignments/tls-parameters).  All return a constant
 * string, or NULL for a number that is not assigned.
 */

/* TLS_RSA_WITH_AES_128_CBC_SHA, or SSL_CK_RC4_128_WITH_MD5 for a 24-bit kind */
const char *names_cipher(uint32_t cipher);

/* x25519, secp256r1, X25519MLKEM768 */
const char *names_group(uint16_t group);

/* protocol_version, handshake_failure */
const char *names_alert(uint8_t code);

/*
 * names_version returns "ssl 2.0", "ssl 3.0", "1.0" to "1.3", the words that
 * records and options use.
 */
const char *names_version(uint16_t version);

/* "smtp", "lmtp", "imap", "pop3", "managesieve", "unknown"; never NULL */
const char *names_protocol(int protocol);

/* The way back: the number of a name goes into `*out`, or 0 where there is no
 * such name, and the result is false. */
bool names_find_cipher(const char *name, uint32_t *out);
bool names_find_group(const char *name, uint32_t *out);
bool names_find_version(const char *name, uint32_t *out);

/* names_cipher_has tells whether a suite is assigned and has `part` in its
 * name. */
bool names_cipher_has(uint32_t cipher, const char *part);

/*
 * names_cipher_is_weak tells whether a TLS 1.2 suite belongs to the next wave
 * of what will be switched off: no forward secrecy (neither ECDHE nor DHE),
 * or RC4, DES, 3DES, RC2, IDEA, NULL, EXPORT or anonymous.
 */
bool names_cipher_is_weak(uint32_t cipher);

#endif
