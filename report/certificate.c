/* SPDX-License-Identifier: ISC */
/*
 * Certificates by OpenSSL.  What a list says does not change: it is read once
 * and kept with its bytes, as is whether it is for a name; only the dates are
 * judged anew each time.
 */
#include "report/certificate.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "report/authorities.h"

enum {
	HASH_LEN = 32,
	KEPT_MAX = 128,       /* lists remembered */
	KEPT_LIST_MAX = 8192, /* bytes: longer ones are not */
	ASKED_MAX = 4096,     /* names that lists were asked about */
	ASKED_NAME_MAX = 64,  /* longer ones are not remembered */
	CHAIN_MAX = 16,       /* certificates of a list that are looked at */
	RSA_BITS_MIN = 2048,
	EC_BITS_MIN = 224,
};

/* struct kept is what is remembered of one list: `says` lacks the problems
 * that depend on the time and on the name. */
struct kept {
	uint64_t number; /* no other list has, or had; 0: none is kept */
	uint8_t *list;   /* NULL: too long */
	size_t len;
	X509 *leaf; /* NULL: can not be read */
	struct certificate says;
};

/* struct asked is whether the list of that number is not for one name. */
struct asked {
	uint64_t number;
	char name[ASKED_NAME_MAX];
	bool mismatch;
};

struct trust {
	struct authorities *authorities;
	EVP_MD *sha256;
	EVP_MD_CTX *digest;
	BIO *text; /* where names are written to */
	uint64_t numbers;
	struct kept kept[KEPT_MAX + 1]; /* the last: of one that is too long */
	struct asked asked[ASKED_MAX];
};

int
trust_open(const char *path, struct trust **out)
{
	struct trust *trust = calloc(1, sizeof(*trust));
	int failed;

	*out = NULL;
	if (trust == NULL)
		return -ENOMEM;
	failed = authorities_open(path, &trust->authorities);
	if (failed != 0) {
		trust_free(trust);
		return failed;
	}
	*out = trust;
	return 0;
}

static void
forget(struct kept *kept)
{
	X509_free(kept->leaf);
	free(kept->list);
	memset(kept, 0, sizeof(*kept));
}

void
trust_free(struct trust *trust)
{
	if (trust == NULL)
		return;
	for (size_t i = 0; i <= KEPT_MAX; i++)
		forget(&trust->kept[i]);
	authorities_free(trust->authorities);
	EVP_MD_free(trust->sha256);
	EVP_MD_CTX_free(trust->digest);
	BIO_free(trust->text);
	free(trust);
}

/* begin makes ready what the first certificate needs: until there is one, most
 * of the library need not even be in memory. */
static bool
begin(struct trust *trust)
{
	if (trust->sha256 == NULL) {
		trust->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
		trust->digest = EVP_MD_CTX_new();
		trust->text = BIO_new(BIO_s_mem());
	}
	return trust->sha256 != NULL && trust->digest != NULL &&
	       trust->text != NULL;
}

static bool
hash(struct trust *trust, struct bytes b, uint8_t out[HASH_LEN])
{
	return EVP_DigestInit_ex2(trust->digest, trust->sha256, NULL) == 1 &&
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
	ERR_clear_error();
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
	bool cut;
	STACK_OF(X509) *chain = parse_chain(list, &cut);
	bool untrusted =
	    !cut && authorities_miss(trust->authorities, leaf, chain);

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
read_leaf(
    struct trust *trust, X509 *leaf, struct bytes rest, struct certificate *out)
{
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

/* --- what is remembered ---------------------------------------------------- */

/* A leaf ends in its signature, which is as good as random. */
static struct kept *
place_of(struct trust *trust, struct bytes leaf, size_t len)
{
	if (len > KEPT_LIST_MAX)
		return &trust->kept[KEPT_MAX];
	bytes_take(&leaf, leaf.len > 2 ? leaf.len - 2 : 0);
	return &trust->kept[(bytes_u16(&leaf) + len) % KEPT_MAX];
}

static void
keep(struct kept *kept, struct bytes list)
{
	if (list.len > KEPT_LIST_MAX)
		return;
	kept->list = malloc(list.len);
	if (kept->list != NULL)
		kept->len = bytes_copy(list, kept->list, list.len);
}

/* recall returns what the list says, out of memory if it was read before. */
static const struct kept *
recall(struct trust *trust, struct bytes list)
{
	struct bytes rest = list, leaf = bytes_vec24(&rest);
	struct kept *kept = place_of(trust, leaf, list.len);

	if (kept->list != NULL &&
	    bytes_equal(list, bytes_of(kept->list, kept->len)))
		return kept;
	forget(kept);
	kept->number = ++trust->numbers;
	if (!begin(trust))
		return kept; /* nothing is seen of it without memory */
	keep(kept, list);
	kept->says.seen = hash(trust, leaf, kept->says.sha256);
	kept->leaf = parse(leaf);
	if (kept->leaf != NULL)
		read_leaf(trust, kept->leaf, rest, &kept->says);
	ERR_clear_error();
	return kept;
}

static struct asked *
asked_of(struct trust *trust, uint64_t number, const char *name)
{
	uint32_t hash = (uint32_t)number;

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u; /* FNV-1a */
	return &trust->asked[hash % ASKED_MAX];
}

/* is_for_another does so for the question whether it is not for `name`. */
static bool
is_for_another(struct trust *trust, const struct kept *kept, const char *name)
{
	size_t len = strlen(name);
	struct asked *asked;

	if (len == 0 || kept->leaf == NULL)
		return false;
	if (len >= ASKED_NAME_MAX)
		return is_mismatch(kept->leaf, name);
	asked = asked_of(trust, kept->number, name);
	if (asked->number != kept->number || strcmp(asked->name, name) != 0) {
		asked->number = kept->number;
		memcpy(asked->name, name, len + 1);
		asked->mismatch = is_mismatch(kept->leaf, name);
	}
	return asked->mismatch;
}

void
certificate_read(struct trust *trust, struct bytes list,
    const char *server_name, int64_t time_us, struct certificate *out)
{
	struct bytes rest = list;
	const struct kept *kept;

	memset(out, 0, sizeof(*out));
	if (bytes_vec24(&rest).len == 0)
		return;
	kept = recall(trust, list);
	*out = kept->says;
	if (is_for_another(trust, kept, server_name))
		out->problems |= CERTIFICATE_NAME_MISMATCH;
	out->problems |= date_problems(out, time_us);
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
