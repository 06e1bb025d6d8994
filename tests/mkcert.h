/* SPDX-License-Identifier: ISC */
/* Makes certificates for tests, of every kind of bad. */
#ifndef MAILTLS_TESTS_MKCERT_H
#define MAILTLS_TESTS_MKCERT_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The keys there are between mkcert_set_up and mkcert_tear_down. */
struct cert_keys {
	EVP_PKEY *good, *authority, *middle, *short_rsa, *short_ec;
};
extern struct cert_keys mkcert_keys;

void mkcert_set_up(void);
void mkcert_tear_down(void);

/* struct cert_wish is what a certificate is to be like.  What is not wished for is
 * as it should be: for mail.example, by the authority, of this year. */
struct cert_wish {
	const char *subject, *issuer; /* common names */
	const char *alt_names;        /* in OpenSSL's configuration language */
	const char *not_before, *not_after;
	EVP_PKEY *key, *signer;
	const EVP_MD *digest;
	bool authority;
};

/* mkcert makes one; the caller frees it.  The test fails if it can not. */
X509 *mkcert(struct cert_wish wish);

/* mkcert_name adds a common name to `name`. */
void mkcert_name(X509_NAME *name, const char *common_name);

/* struct cert_list is a certificate_list under construction. */
struct cert_list {
	uint8_t of[65536];
	size_t len;
};

/* mkcert_list_bytes adds `len` bytes as if they were a certificate. */
void mkcert_list_bytes(struct cert_list *list, const uint8_t *der, size_t len);

/* mkcert_list_add adds a certificate and frees it. */
void mkcert_list_add(struct cert_list *list, X509 *x);

#endif
