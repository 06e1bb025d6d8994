/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's store of authorities, filled as it is asked.  OpenSSL looks for an
 * issuer by its subject name, so before a chain is verified every authority
 * goes in that is named in it, and those that these name in turn; what the
 * store lacks is then what it would not have looked at.
 */
#include "report/authorities.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/bytes.h"

enum {
	AUTHORITIES_MAX = 1024, /* systems have 150, some companies 400 */
	DER_SEQUENCE = 0x30,
	DER_VERSION = 0xa0, /* [0] of TBSCertificate */
	DER_UNIVERSAL_STRING = 0x1c,
	DER_BMP_STRING = 0x1e,
	LIKE_ANY = 0,
};

/* A certificate that may be read yet. */
struct authority {
	uint8_t *der; /* NULL once it was read */
	size_t len;
	size_t subject_at, subject_len; /* in there */
	uint32_t likeness;              /* of the subject */
};

struct authorities {
	char *text; /* of the file, until it is first asked for */
	X509_STORE *store;
	struct authority *list;
	size_t count, room;
};

/* Where systems keep all authorities in one file. */
static const char *const system_files[] = {
	"/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine, OpenWrt */
	"/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora */
	"/etc/ssl/ca-bundle.pem",             /* openSUSE */
	"/etc/ssl/cert.pem",                  /* BSD, macOS */
};

/* --- the list -------------------------------------------------------------- */

/* element takes the next DER element from the front of `b`: its contents, and
 * in `*whole` the element itself. */
static struct bytes
element(struct bytes *b, uint8_t *tag, struct bytes *whole)
{
	struct bytes start = *b, contents;
	uint32_t len;

	*tag = bytes_u8(b);
	len = bytes_u8(b);
	if (len == 0x81)
		len = bytes_u8(b);
	else if (len == 0x82)
		len = bytes_u16(b);
	else if (len == 0x83)
		len = bytes_u24(b);
	contents = bytes_take(b, len);
	*whole = bytes_take(&start, start.len - b->len);
	return contents;
}

/* subject_of finds the subject in a certificate (RFC 5280 4.1), or returns an
 * empty run. */
static struct bytes
subject_of(struct bytes certificate)
{
	enum {
		SUBJECT = 4, /* behind serialNumber ... validity */
	};
	uint8_t tag;
	struct bytes whole, ahead;
	struct bytes signed_part = element(&certificate, &tag, &whole);
	struct bytes fields = element(&signed_part, &tag, &whole);

	ahead = fields;
	element(&ahead, &tag, &whole);
	if (tag == DER_VERSION)
		fields = ahead;
	for (int i = 0; i <= SUBJECT; i++)
		element(&fields, &tag, &whole);
	return bytes_ok(fields) && tag == DER_SEQUENCE ? whole
						       : bytes_of(NULL, 0);
}

/* add_text adds the letters and digits of one string of a name. */
static uint32_t
add_text(uint32_t hash, struct bytes text)
{
	while (text.len > 0) {
		uint8_t c = bytes_u8(&text);

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			hash = (hash ^ c) * 16777619u; /* FNV-1a */
	}
	return hash;
}

/*
 * likeness_of returns a number that is the same for all encodings of a `name`:
 * case, spaces and the kind of string do not matter (RFC 5280 7.1).  What is not
 * in strings of bytes may be like anything, LIKE_ANY.
 */
static uint32_t
likeness_of(struct bytes name)
{
	uint32_t hash = 2166136261u;
	struct bytes whole, rdns;
	uint8_t tag;

	rdns = element(&name, &tag, &whole);
	while (rdns.len > 0) {
		struct bytes set = element(&rdns, &tag, &whole);
		struct bytes pair = element(&set, &tag, &whole), text;

		element(&pair, &tag, &whole); /* which attribute it is */
		text = element(&pair, &tag, &whole);
		if (set.len > 0 || tag == DER_BMP_STRING ||
		    tag == DER_UNIVERSAL_STRING)
			return LIKE_ANY;
		hash = add_text(hash, text);
	}
	return hash != LIKE_ANY ? hash : LIKE_ANY + 1;
}

static bool
grow(struct authorities *a)
{
	size_t room = a->room > 0 ? 2 * a->room : 64;
	struct authority *list;

	if (a->count < a->room)
		return true;
	if (a->count == AUTHORITIES_MAX)
		return false;
	list = realloc(a->list, room * sizeof(*list));
	if (list == NULL)
		return false;
	a->list = list;
	a->room = room;
	return true;
}

/* decode returns the bytes that `len` characters of base64 with line breaks
 * stand for, NULL if they are none. */
static uint8_t *
decode(const char *text, size_t len, size_t *out_len)
{
	EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	uint8_t *out = malloc(len + 1);
	int n = 0, rest = 0;
	bool good = ctx != NULL && out != NULL && len <= INT_MAX;

	if (good) {
		EVP_DecodeInit(ctx);
		good = EVP_DecodeUpdate(ctx, out, &n,
			   (const unsigned char *)text, (int)len) >= 0 &&
		       EVP_DecodeFinal(ctx, out + n, &rest) == 1;
	}
	EVP_ENCODE_CTX_free(ctx);
	*out_len = (size_t)n + (size_t)rest;
	if (good && *out_len > 0)
		return out;
	free(out);
	return NULL;
}

/* enlist enlists a certificate of `len` characters at `text`, unless it can not
 * be read. */
static void
enlist(struct authorities *a, const char *text, size_t len)
{
	struct authority new = { .der = decode(text, len, &new.len) };
	struct bytes subject = bytes_of(NULL, 0);

	if (new.der != NULL)
		subject = subject_of(bytes_of(new.der, new.len));
	if (subject.len == 0 || !grow(a)) {
		free(new.der);
		return;
	}
	new.subject_at = (size_t)(subject.data - new.der);
	new.subject_len = subject.len;
	new.likeness = likeness_of(subject);
	a->list[a->count++] = new;
}

/* enlist_all enlists what the text holds (RFC 7468 5; OpenSSL's TRUSTED). */
static void
enlist_all(struct authorities *a)
{
	static const char *const kinds[] = { "CERTIFICATE-----",
		"X509 CERTIFICATE-----", "TRUSTED CERTIFICATE-----" };
	const char *at = a->text;

	while ((at = strstr(at, "-----BEGIN ")) != NULL) {
		const char *kind = at + strlen("-----BEGIN ");
		const char *end = strstr(kind, "-----END ");

		if (end == NULL)
			return;
		at = kind;
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			size_t len = strlen(kinds[i]);

			if (strncmp(kind, kinds[i], len) == 0)
				enlist(
				    a, kind + len, (size_t)(end - kind) - len);
		}
	}
}

/* read_certificate puts one authority into the store, which owns what is
 * returned, or returns NULL. */
static X509 *
read_certificate(struct authorities *a, struct authority *authority)
{
	const unsigned char *at = authority->der;
	X509 *x = d2i_X509_AUX(NULL, &at, (long)authority->len);
	bool good = x != NULL && X509_STORE_add_cert(a->store, x) == 1;

	free(authority->der);
	authority->der = NULL;
	X509_free(x);
	ERR_clear_error();
	return good ? x : NULL;
}

/*
 * read_list makes the list of the text, and the store; without one certificate
 * that can be read there is no store.
 */
static void
read_list(struct authorities *a)
{
	bool good = false;

	a->store = X509_STORE_new();
	if (a->store != NULL)
		enlist_all(a);
	for (size_t i = 0; i < a->count && !good; i++)
		good = read_certificate(a, &a->list[i]) != NULL;
	free(a->text);
	a->text = NULL;
	if (good)
		return;
	X509_STORE_free(a->store);
	a->store = NULL;
}

/* --- the file -------------------------------------------------------------- */

/* load_file takes in the text of the file `path`. */
static int
load_file(struct authorities *a, const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size = 0;
	int error = 0;

	if (file == NULL)
		return -errno;
	errno = 0;
	if (getdelim(&a->text, &size, '\0', file) < 0) {
		error = errno != 0 ? -errno : -EINVAL; /* or it is empty */
		free(a->text);
		a->text = NULL;
	}
	fclose(file);
	return error;
}

/* The first file that there is; none is no failure.  Not OpenSSL's directory
 * of authorities: that would be read while packets are. */
static int
load_system(struct authorities *a)
{
	int failed = load_file(a, X509_get_default_cert_file());

	for (size_t i = 0;
	     i < sizeof(system_files) / sizeof(*system_files) && failed != 0;
	     i++)
		failed = load_file(a, system_files[i]);
	return failed == -ENOMEM ? failed : 0;
}

static int
load(struct authorities *a, const char *path)
{
	int failed;

	if (path == NULL)
		return load_system(a);
	if (strcmp(path, "none") == 0)
		return 0;
	failed = load_file(a, path);
	if (failed != 0)
		return failed;
	read_list(a);
	return a->store != NULL ? 0 : -EINVAL;
}

int
authorities_open(const char *path, struct authorities **out)
{
	struct authorities *a = calloc(1, sizeof(*a));
	int failed = a != NULL ? load(a, path) : -ENOMEM;

	*out = NULL;
	ERR_clear_error();
	if (failed != 0) {
		authorities_free(a);
		return failed;
	}
	*out = a;
	return 0;
}

void
authorities_free(struct authorities *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->count; i++)
		free(a->list[i].der);
	free(a->list);
	X509_STORE_free(a->store);
	free(a->text);
	free(a);
}

/* --- chains ---------------------------------------------------------------- */

/* is_named tells whether the authority has that name. */
static bool
is_named(const struct authority *authority, const X509_NAME *name)
{
	const unsigned char *at = authority->der + authority->subject_at;
	X509_NAME *subject =
	    d2i_X509_NAME(NULL, &at, (long)authority->subject_len);
	bool same = subject != NULL && X509_NAME_cmp(subject, name) == 0;

	X509_NAME_free(subject);
	ERR_clear_error();
	return same;
}

static uint32_t
likeness_of_name(const X509_NAME *name)
{
	const unsigned char *der;
	size_t len;

	if (X509_NAME_get0_der(name, &der, &len) != 1)
		return LIKE_ANY;
	return likeness_of(bytes_of(der, len));
}

/* admit reads the authorities of that name, and those that issued them. */
static void
admit(struct authorities *a, const X509_NAME *name)
{
	uint32_t likeness = likeness_of_name(name);

	for (size_t i = 0; i < a->count; i++) {
		struct authority *authority = &a->list[i];
		const X509 *x = NULL;

		if (authority->der == NULL ||
		    (authority->likeness != likeness &&
			authority->likeness != LIKE_ANY &&
			likeness != LIKE_ANY))
			continue;
		if (is_named(authority, name))
			x = read_certificate(a, authority);
		if (x != NULL)
			admit(a, X509_get_issuer_name(x));
	}
}

/* admit_for reads those that `x` may lead to: its issuer, and itself, as an
 * intermediate authority that is trusted ends a chain too. */
static void
admit_for(struct authorities *a, const X509 *x)
{
	admit(a, X509_get_subject_name(x));
	admit(a, X509_get_issuer_name(x));
}

static bool
verify(X509_STORE *store, X509 *leaf, STACK_OF(X509) * chain)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good = true; /* without memory, nothing is known */

	if (ctx != NULL && X509_STORE_CTX_init(ctx, store, leaf, chain) == 1) {
		X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

		X509_VERIFY_PARAM_set_flags(param,
		    X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN);
		X509_VERIFY_PARAM_set_auth_level(param, 0);
		good = X509_verify_cert(ctx) != 0;
	}
	X509_STORE_CTX_free(ctx);
	return good;
}

bool
authorities_miss(struct authorities *a, X509 *leaf, STACK_OF(X509) * chain)
{
	if (a->text != NULL)
		read_list(a);
	if (a->store == NULL)
		return false;
	admit_for(a, leaf);
	for (int i = 0; i < sk_X509_num(chain); i++)
		admit_for(a, sk_X509_value(chain, i));
	return !verify(a->store, leaf, chain);
}
