/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's store of authorities, filled as it is asked.  OpenSSL looks for an
 * issuer by its subject name, so before a chain is verified every authority
 * goes in that is named in it, and those that these name in turn; what the
 * store lacks is then what it would not have looked at.
 */
#include "report/authorities.h"

#include <errno.h>
#include <openssl/err.h>
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
	HEAD_LEN = 768, /* of a certificate, in which mostly the subject is */
};

/* A certificate that may be read yet. */
struct authority {
	const char *text; /* in base64; NULL once it was read */
	size_t len;
	uint32_t likeness; /* of the subject */
};

struct authorities {
	char *text;  /* of the file */
	bool listed; /* what is in it */
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

/* enter takes the head of the next DER element from the front of `b`, and
 * returns how long what is behind it is. */
static uint32_t
enter(struct bytes *b, uint8_t *tag)
{
	uint32_t len;

	*tag = bytes_u8(b);
	len = bytes_u8(b);
	if (len == 0x81)
		len = bytes_u8(b);
	else if (len == 0x82)
		len = bytes_u16(b);
	else if (len == 0x83)
		len = bytes_u24(b);
	return len;
}

/* element takes the next DER element from the front of `b`: its contents, and
 * in `*whole` the element itself. */
static struct bytes
element(struct bytes *b, uint8_t *tag, struct bytes *whole)
{
	struct bytes start = *b, contents;
	uint32_t len = enter(b, tag);

	contents = bytes_take(b, len);
	*whole = bytes_take(&start, start.len - b->len);
	return contents;
}

/* subject_of finds the subject in a certificate (RFC 5280 4.1), the end of which
 * may be missing, or returns an empty run. */
static struct bytes
subject_of(struct bytes certificate)
{
	enum {
		SUBJECT = 4, /* behind serialNumber ... validity */
	};
	uint8_t tag;
	struct bytes whole, fields = certificate, ahead;

	enter(&fields, &tag);
	enter(&fields, &tag); /* what is signed */
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

/* sextet returns what a character of base64 (RFC 4648 4) stands for, or -1. */
static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/*
 * decode writes the bytes that `len` characters of base64 with line breaks stand
 * for, at most `size` of them, and returns how many; 0 if they are none.  (That
 * of OpenSSL takes ten times as long, which at a hundred and fifty authorities
 * is most of a short run.)
 */
static size_t
decode(const char *text, size_t len, uint8_t *out, size_t size)
{
	size_t count = 0;
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < len && text[i] != '='; i++) {
		int value = sextet(text[i]);

		if (value < 0 && strchr(" \t\r\n", text[i]) != NULL)
			continue;
		if (value < 0 || count == size)
			return value < 0 ? 0 : count;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		out[count++] = (uint8_t)(bits >> have);
	}
	return count;
}

/* decode_all returns all bytes that the authority's text stands for, which the
 * caller frees, or NULL. */
static uint8_t *
decode_all(const struct authority *authority, size_t *len)
{
	uint8_t *der = malloc(authority->len + 1);

	*len = der != NULL ? decode(authority->text, authority->len, der,
				 authority->len + 1)
			   : 0;
	if (*len > 0)
		return der;
	free(der);
	return NULL;
}

/*
 * find_subject finds the subject of the authority, `*out`, in `head`: mostly it
 * is there, and the rest need not be decoded.  Else it is in `*whole`, which the
 * caller frees in any case.
 */
static bool
find_subject(const struct authority *authority, uint8_t head[HEAD_LEN],
    uint8_t **whole, struct bytes *out)
{
	size_t len = decode(authority->text, authority->len, head, HEAD_LEN);

	*whole = NULL;
	*out = subject_of(bytes_of(head, len));
	if (out->len == 0) {
		*whole = decode_all(authority, &len);
		*out = subject_of(bytes_of(*whole, len));
	}
	return out->len > 0;
}

/* enlist enlists a certificate of `len` characters at `text`, unless it can not
 * be read. */
static void
enlist(struct authorities *a, const char *text, size_t len)
{
	struct authority new = { .text = text, .len = len };
	uint8_t head[HEAD_LEN], *whole;
	struct bytes subject;

	if (find_subject(&new, head, &whole, &subject) && grow(a)) {
		new.likeness = likeness_of(subject);
		a->list[a->count++] = new;
	}
	free(whole);
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
	size_t len;
	uint8_t *der = decode_all(authority, &len);
	const unsigned char *at = der;
	X509 *x = d2i_X509_AUX(NULL, &at, (long)len);
	bool good = x != NULL && X509_STORE_add_cert(a->store, x) == 1;

	free(der);
	authority->text = NULL;
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

	a->listed = true;
	a->store = X509_STORE_new();
	if (a->store != NULL)
		enlist_all(a);
	for (size_t i = 0; i < a->count && !good; i++)
		good = read_certificate(a, &a->list[i]) != NULL;
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
	uint8_t head[HEAD_LEN], *whole;
	X509_NAME *subject = NULL;
	struct bytes der;
	bool same;

	if (find_subject(authority, head, &whole, &der)) {
		const unsigned char *at = der.data;

		subject = d2i_X509_NAME(NULL, &at, (long)der.len);
	}
	same = subject != NULL && X509_NAME_cmp(subject, name) == 0;
	X509_NAME_free(subject);
	free(whole);
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

		if (authority->text == NULL ||
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
	if (a->text != NULL && !a->listed)
		read_list(a);
	if (a->store == NULL)
		return false;
	admit_for(a, leaf);
	for (int i = 0; i < sk_X509_num(chain); i++)
		admit_for(a, sk_X509_value(chain, i));
	return !verify(a->store, leaf, chain);
}
