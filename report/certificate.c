/* SPDX-License-Identifier: ISC */
/*
 * Certificates by OpenSSL.  What a list says does not change: it is read once
 * and kept by its digest, as is whether it is for a name, by the digest of
 * both; only the dates are judged anew each time.
 */
#include "report/certificate.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	HASH_LEN = 32,
	KEPT_MAX = 256,   /* lists remembered */
	ASKED_MAX = 1024, /* lists and the names they were asked about */
	CHAIN_MAX = 16,   /* certificates of a list that are looked at */
	RSA_BITS_MIN = 2048,
	EC_BITS_MIN = 224,
};

/* struct kept is what is remembered of one list: `says` lacks the problems
 * that depend on the time and on the name. */
struct kept {
	bool used;
	uint8_t key[HASH_LEN];
	struct certificate says;
};

/* struct asked is whether one list is not for one name. */
struct asked {
	bool used, mismatch;
	uint8_t key[HASH_LEN];
};

struct trust {
	BIO *pem;                /* authorities not read yet, or NULL */
	X509_STORE *authorities; /* NULL: none, and nothing is untrusted */
	EVP_MD *sha256;
	EVP_MD_CTX *digest;
	BIO *text; /* where names are written to */
	struct kept kept[KEPT_MAX];
	struct asked asked[ASKED_MAX];
};

/* Where systems keep all authorities in one file. */
static const char *const system_files[] = {
	"/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine, OpenWrt */
	"/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora */
	"/etc/ssl/ca-bundle.pem",             /* openSUSE */
	"/etc/ssl/cert.pem",                  /* BSD, macOS */
};

/*
 * read_authorities turns the text of the file that was loaded into authorities.
 * One that can not be read is passed over: each try takes something out of the
 * text, and its end is known by the reason.
 */
static void
read_authorities(struct trust *trust)
{
	X509_STORE *store = X509_STORE_new();
	size_t count = 0;
	bool more = store != NULL;

	while (more) {
		X509 *x = PEM_read_bio_X509_AUX(trust->pem, NULL, NULL, NULL);

		if (x != NULL)
			count += X509_STORE_add_cert(store, x) == 1;
		else
			more = ERR_GET_REASON(ERR_peek_last_error()) !=
			       PEM_R_NO_START_LINE;
		X509_free(x);
		ERR_clear_error();
	}
	BIO_free(trust->pem);
	trust->pem = NULL;
	if (count > 0)
		trust->authorities = store;
	else
		X509_STORE_free(store);
}

/* load_file takes in the text of the file `path`. */
static int
load_file(struct trust *trust, const char *path)
{
	FILE *file = fopen(path, "r");
	char piece[4096];
	size_t len;

	if (file == NULL)
		return -errno;
	trust->pem = BIO_new(BIO_s_mem());
	while (trust->pem != NULL &&
	       (len = fread(piece, 1, sizeof(piece), file)) > 0)
		BIO_write(trust->pem, piece, (int)len);
	fclose(file);
	return trust->pem != NULL ? 0 : -ENOMEM;
}

/*
 * The first file that there is; none is no failure.  Not OpenSSL's directory
 * of authorities: that would be read while packets are.  What is in the file
 * takes tens of milliseconds to read, so that waits until a chain is there.
 */
static int
load_system(struct trust *trust)
{
	int failed = load_file(trust, X509_get_default_cert_file());

	for (size_t i = 0;
	     i < sizeof(system_files) / sizeof(*system_files) && failed != 0;
	     i++)
		failed = load_file(trust, system_files[i]);
	return failed == -ENOMEM ? failed : 0;
}

static int
load(struct trust *trust, const char *path)
{
	int failed;

	if (path == NULL)
		return load_system(trust);
	if (strcmp(path, "none") == 0)
		return 0;
	failed = load_file(trust, path);
	if (failed != 0)
		return failed;
	read_authorities(trust);
	return trust->authorities != NULL ? 0 : -EINVAL;
}

int
trust_open(const char *path, struct trust **out)
{
	struct trust *trust = calloc(1, sizeof(*trust));
	int failed;

	*out = NULL;
	if (trust == NULL)
		return -ENOMEM;
	trust->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	trust->digest = EVP_MD_CTX_new();
	trust->text = BIO_new(BIO_s_mem());
	if (trust->sha256 == NULL || trust->digest == NULL ||
	    trust->text == NULL)
		failed = -ENOMEM;
	else
		failed = load(trust, path);
	ERR_clear_error();
	if (failed != 0) {
		trust_free(trust);
		return failed;
	}
	*out = trust;
	return 0;
}

void
trust_free(struct trust *trust)
{
	if (trust == NULL)
		return;
	X509_STORE_free(trust->authorities);
	EVP_MD_free(trust->sha256);
	EVP_MD_CTX_free(trust->digest);
	BIO_free(trust->text);
	BIO_free(trust->pem);
	free(trust);
}

/* The digest of `a` and, behind it, `b`. */
static bool
hash(struct trust *trust, struct bytes a, struct bytes b, uint8_t out[HASH_LEN])
{
	return EVP_DigestInit_ex2(trust->digest, trust->sha256, NULL) == 1 &&
	       EVP_DigestUpdate(trust->digest, a.data, a.len) == 1 &&
	       EVP_DigestUpdate(trust->digest, b.data, b.len) == 1 &&
	       EVP_DigestFinal_ex(trust->digest, out, NULL) == 1;
}

/*
 * copy_text copies `len` bytes of text and a NUL into the `size` bytes at
 * `out`, cut between characters if need be.  A name that holds a NUL is one
 * meant to deceive, and is left out.
 */
static void
copy_text(const char *text, size_t len, char *out, size_t size)
{
	out[0] = '\0';
	if (len == 0 || memchr(text, '\0', len) != NULL)
		return;
	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
	}
	memcpy(out, text, len);
	out[len] = '\0';
}

/* A name as RFC 4514 writes it, in UTF-8. */
static void
copy_name(struct trust *trust, const X509_NAME *name, char *out, size_t size)
{
	unsigned long flags =
	    XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
	char *text;
	long len;

	out[0] = '\0';
	(void)BIO_reset(trust->text);
	if (X509_NAME_print_ex(trust->text, name, 0, flags) < 0)
		return;
	len = BIO_get_mem_data(trust->text, &text);
	if (len > 0)
		copy_text(text, (size_t)len, out, size);
}

/* each_dns_name calls `each` with the dNSNames of the certificate that are
 * names. */
static void
each_dns_name(X509 *x, void (*each)(void *arg, const char *name), void *arg)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	char host[CONNECTION_NAME_MAX];

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const ASN1_STRING *text;

		if (name->type != GEN_DNS)
			continue;
		text = name->d.dNSName;
		host[0] = '\0';
		copy_text((const char *)ASN1_STRING_get0_data(text),
		    (size_t)ASN1_STRING_length(text), host, sizeof(host));
		if (host[0] != '\0')
			each(arg, host);
	}
	GENERAL_NAMES_free(names);
}

/* keep_first is for each_dns_name, with a name of CONNECTION_NAME_MAX. */
static void
keep_first(void *arg, const char *name)
{
	char *out = arg;

	if (out[0] == '\0')
		copy_text(name, strlen(name), out, CONNECTION_NAME_MAX);
}

static void
copy_common_name(X509 *x, char *out, size_t size)
{
	const X509_NAME *name = X509_get_subject_name(x);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	unsigned char *text = NULL;
	int len;

	if (at < 0)
		return;
	len = ASN1_STRING_to_UTF8(
	    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (len > 0)
		copy_text((const char *)text, (size_t)len, out, size);
	OPENSSL_free(text);
}

/* Days from 1970 to a date of the Gregorian calendar; `month` from 1. */
static int64_t
days(int64_t year, int64_t month, int64_t day)
{
	/* Years begin in March here, so that the leap day is the last, and
	 * 400 years, 146,097 days, too early, so that none is negative. */
	int64_t y = year + 400 - (month <= 2);
	int64_t m = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	       1 - 719468 - 146097;
}

static bool
read_time(const ASN1_TIME *time, int64_t *out_s)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*out_s = days((int64_t)tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) *
		     86400 +
		 tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	return true;
}

static bool
has_weak_key(X509 *x)
{
	const EVP_PKEY *key = X509_get0_pubkey(x);

	if (key == NULL)
		return false;
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
	case EVP_PKEY_DSA:
		return EVP_PKEY_get_bits(key) < RSA_BITS_MIN;
	case EVP_PKEY_EC:
		return EVP_PKEY_get_bits(key) < EC_BITS_MIN;
	default:
		return false;
	}
}

static bool
has_weak_signature(X509 *x)
{
	static const int weak[] = { NID_md2, NID_md4, NID_md5, NID_sha1,
		NID_md5_sha1 };
	int digest;

	if (X509_get_signature_info(x, &digest, NULL, NULL, NULL) != 1)
		return false;
	for (size_t i = 0; i < sizeof(weak) / sizeof(*weak); i++)
		if (digest == weak[i])
			return true;
	return false;
}

/* Whether the certificate is not for the name, or address, asked for. */
static bool
is_mismatch(X509 *x, const char *server_name)
{
	size_t len = strlen(server_name);
	int match;

	if (len > 0 && server_name[len - 1] == '.')
		len--;
	if (len == 0)
		return false;
	match = X509_check_ip_asc(x, server_name, 0);
	if (match == -2) /* no address */
		match = X509_check_host(x, server_name, len, 0, NULL);
	return match == 0;
}

/* parse returns the certificate in `der`, all of it, or NULL. */
static X509 *
parse(struct bytes der)
{
	const unsigned char *end = der.data;
	X509 *x = d2i_X509(NULL, &end, (long)der.len);

	if (x != NULL && end != der.data + der.len) {
		X509_free(x);
		return NULL;
	}
	return x;
}

/* parse_chain returns the certificates of `list` that can be read, and in
 * `*cut` whether the list ends in one that is not all there. */
static STACK_OF(X509) * parse_chain(struct bytes list, bool *cut)
{
	STACK_OF(X509) *chain = sk_X509_new_null();

	for (int i = 1; i < CHAIN_MAX && list.len > 0; i++) {
		struct bytes der = bytes_vec24(&list);
		X509 *x = der.len > 0 ? parse(der) : NULL;

		if (x != NULL && (chain == NULL || !sk_X509_push(chain, x)))
			X509_free(x);
	}
	*cut = !bytes_ok(list);
	return chain;
}

/* is_untrusted tells whether `leaf` leads by way of `list`, what was sent
 * behind it, to none of the authorities. */
static bool
is_untrusted(struct trust *trust, X509 *leaf, struct bytes list)
{
	X509_STORE_CTX *ctx;
	STACK_OF(X509) * chain;
	bool cut, untrusted = false;

	if (trust->pem != NULL)
		read_authorities(trust);
	if (trust->authorities == NULL)
		return false;
	chain = parse_chain(list, &cut);
	ctx = X509_STORE_CTX_new();
	if (!cut && ctx != NULL &&
	    X509_STORE_CTX_init(ctx, trust->authorities, leaf, chain) == 1) {
		X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

		X509_VERIFY_PARAM_set_flags(param,
		    X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN);
		X509_VERIFY_PARAM_set_auth_level(param, 0);
		untrusted = X509_verify_cert(ctx) == 0;
	}
	X509_STORE_CTX_free(ctx);
	sk_X509_pop_free(chain, X509_free);
	return untrusted;
}

static uint8_t
find_problems(struct trust *trust, X509 *leaf, struct bytes rest)
{
	uint8_t problems = 0;

	if (X509_self_signed(leaf, 0) == 1)
		problems |= CERTIFICATE_SELF_SIGNED;
	else if (is_untrusted(trust, leaf, rest))
		problems |= CERTIFICATE_UNTRUSTED;
	if (has_weak_key(leaf))
		problems |= CERTIFICATE_WEAK_KEY;
	if (!(problems & CERTIFICATE_SELF_SIGNED) && has_weak_signature(leaf))
		problems |= CERTIFICATE_WEAK_SIGNATURE;
	return problems;
}

/* read_leaf fills in what depends neither on the time nor on the name. */
static void
read_leaf(struct trust *trust, struct bytes der, struct bytes rest,
    struct certificate *out)
{
	X509 *leaf = parse(der);

	if (leaf == NULL)
		return;
	copy_name(trust, X509_get_subject_name(leaf), out->subject,
	    sizeof(out->subject));
	copy_name(trust, X509_get_issuer_name(leaf), out->issuer,
	    sizeof(out->issuer));
	each_dns_name(leaf, keep_first, out->name);
	if (out->name[0] == '\0')
		copy_common_name(leaf, out->name, sizeof(out->name));
	if (!read_time(X509_get0_notBefore(leaf), &out->not_before_s) ||
	    !read_time(X509_get0_notAfter(leaf), &out->not_after_s))
		out->not_before_s = out->not_after_s = 0;
	out->problems = find_problems(trust, leaf, rest);
	X509_free(leaf);
}

static uint8_t
date_problems(const struct certificate *cert, int64_t time_us)
{
	int64_t time_s = time_us / 1000000 - (time_us % 1000000 < 0);

	if (cert->not_before_s == 0 && cert->not_after_s == 0)
		return 0; /* it could not be read */
	if (time_s < cert->not_before_s)
		return CERTIFICATE_NOT_YET_VALID;
	return time_s > cert->not_after_s ? CERTIFICATE_EXPIRED : 0;
}

/* recall returns what the list says, out of memory if it was read before. */
static const struct certificate *
recall(struct trust *trust, struct bytes leaf, struct bytes rest,
    const uint8_t key[HASH_LEN])
{
	struct kept *kept = &trust->kept[key[0] % KEPT_MAX];

	if (kept->used && memcmp(kept->key, key, HASH_LEN) == 0)
		return &kept->says;
	memset(kept, 0, sizeof(*kept));
	kept->used = hash(trust, leaf, bytes_of(NULL, 0), kept->says.sha256);
	kept->says.seen = kept->used;
	memcpy(kept->key, key, HASH_LEN);
	read_leaf(trust, leaf, rest, &kept->says);
	return &kept->says;
}

/* is_for_another does so for the question whether the list of `key` is not
 * for `server_name`. */
static bool
is_for_another(struct trust *trust, struct bytes leaf,
    const uint8_t list_key[HASH_LEN], const char *server_name)
{
	struct bytes name = bytes_of(server_name, strlen(server_name));
	struct asked *asked;
	uint8_t key[HASH_LEN];
	X509 *x;

	if (name.len == 0 ||
	    !hash(trust, bytes_of(list_key, HASH_LEN), name, key))
		return false;
	asked = &trust->asked[(key[0] << 8 | key[1]) % ASKED_MAX];
	if (asked->used && memcmp(asked->key, key, HASH_LEN) == 0)
		return asked->mismatch;
	x = parse(leaf);
	asked->used = true;
	asked->mismatch = x != NULL && is_mismatch(x, server_name);
	memcpy(asked->key, key, HASH_LEN);
	X509_free(x);
	return asked->mismatch;
}

void
certificate_read(struct trust *trust, struct bytes list,
    const char *server_name, int64_t time_us, struct certificate *out)
{
	struct bytes rest = list, leaf = bytes_vec24(&rest);
	uint8_t key[HASH_LEN];

	memset(out, 0, sizeof(*out));
	if (leaf.len == 0 || !hash(trust, list, bytes_of(NULL, 0), key))
		return;
	*out = *recall(trust, leaf, rest, key);
	if (is_for_another(trust, leaf, key, server_name))
		out->problems |= CERTIFICATE_NAME_MISMATCH;
	out->problems |= date_problems(out, time_us);
	ERR_clear_error();
}

void
certificate_names(
    struct bytes list, void (*each)(void *arg, const char *name), void *arg)
{
	struct bytes der = bytes_vec24(&list);
	X509 *leaf = der.len > 0 ? parse(der) : NULL;
	char name[CONNECTION_NAME_MAX] = "";

	if (leaf != NULL) {
		each_dns_name(leaf, each, arg);
		copy_common_name(leaf, name, sizeof(name));
	}
	if (name[0] != '\0')
		each(arg, name);
	X509_free(leaf);
	ERR_clear_error();
}
