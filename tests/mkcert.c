/* SPDX-License-Identifier: ISC */
#include "tests/mkcert.h"

#include <openssl/x509v3.h>
#include <string.h>

#include "tests/kit.h"

struct cert_keys mkcert_keys;

void
mkcert_set_up(void)
{
	mkcert_keys.good = EVP_EC_gen("P-256");
	mkcert_keys.authority = EVP_EC_gen("P-256");
	mkcert_keys.middle = EVP_EC_gen("P-256");
	mkcert_keys.short_rsa = EVP_RSA_gen(1024);
	mkcert_keys.short_ec = EVP_EC_gen("P-192");
}

void
mkcert_tear_down(void)
{
	EVP_PKEY_free(mkcert_keys.good);
	EVP_PKEY_free(mkcert_keys.authority);
	EVP_PKEY_free(mkcert_keys.middle);
	EVP_PKEY_free(mkcert_keys.short_rsa);
	EVP_PKEY_free(mkcert_keys.short_ec);
}

static void
add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(extension);
	X509_add_ext(x, extension, -1);
	X509_EXTENSION_free(extension);
}

void
mkcert_name(X509_NAME *name, const char *common_name)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
			     (const unsigned char *)common_name, -1, -1, 0),
	    1);
}

X509 *
mkcert(struct cert_wish wish)
{
	X509 *x = X509_new();
	const char *subject = wish.subject ? wish.subject : "mail.example";
	const char *issuer = wish.issuer ? wish.issuer : "Example CA";

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	mkcert_name(X509_get_subject_name(x), subject);
	mkcert_name(X509_get_issuer_name(x), issuer);
	ASN1_TIME_set_string(X509_getm_notBefore(x),
	    wish.not_before ? wish.not_before : "20230101000000Z");
	ASN1_TIME_set_string(X509_getm_notAfter(x),
	    wish.not_after ? wish.not_after : "20231231235959Z");
	X509_set_pubkey(x, wish.key ? wish.key : mkcert_keys.good);
	if (wish.alt_names != NULL)
		add_extension(x, NID_subject_alt_name, wish.alt_names);
	if (wish.authority)
		add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
	assert_true(
	    X509_sign(x, wish.signer ? wish.signer : mkcert_keys.authority,
		wish.digest ? wish.digest : EVP_sha256()) > 0);
	return x;
}

void
mkcert_list_bytes(struct cert_list *list, const uint8_t *der, size_t len)
{
	list->of[list->len++] = (uint8_t)(len >> 16);
	list->of[list->len++] = (uint8_t)(len >> 8);
	list->of[list->len++] = (uint8_t)len;
	if (len > 0)
		memcpy(list->of + list->len, der, len);
	list->len += len;
}

void
mkcert_list_add(struct cert_list *list, X509 *x)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x, &der);

	assert_true(len > 0);
	mkcert_list_bytes(list, der, (size_t)len);
	OPENSSL_free(der);
	X509_free(x);
}
