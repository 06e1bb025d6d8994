/* SPDX-License-Identifier: ISC */
/*
 * JA3 and JA4.  The strings that they are digests of are never built: a hello
 * may list 32,767 suites, so text goes into the digest as it is made.
 */
#include "report/ja.h"

#include <openssl/evp.h>
#include <string.h>

enum {
	TEXT_MAX = 512, /* handed to the digest at a time */
	PIECE_MAX = 8,  /* the longest put at a time: "_", "65535", "abcd" */
	JA4_HASH_LEN = 6,
	JA4_EXTENSIONS_AT = JA4_SUITES_AT + JA4_SUITES_LEN + 1,
};

enum {
	EXTENSION_SERVER_NAME = 0,     /* RFC 6066 */
	EXTENSION_ALPN = 16,           /* RFC 7301 */
	EXTENSION_PRE_SHARED_KEY = 41, /* RFC 8446 4.2.11 */
	EXTENSION_EARLY_DATA = 42,     /* RFC 8446 4.2.10 */
};

static const char digits[] = "0123456789abcdef";

/* Made at the first hello and kept: fetching one takes longer than using it. */
static struct {
	EVP_MD_CTX *ctx;
	EVP_MD *md5, *sha256;
	bool made;
} digest;

/* struct text is text on its way into the digest. */
struct text {
	bool begun; /* something has been put since the last separator */
	size_t len;
	char of[TEXT_MAX];
};

/* struct list is numbers to be sorted. */
struct list {
	size_t count;
	uint16_t of[JA_LIST_MAX];
};

static bool
begin(const EVP_MD *md, struct text *text)
{
	text->begun = false;
	text->len = 0;
	return md != NULL && digest.ctx != NULL &&
	       EVP_DigestInit_ex2(digest.ctx, md, NULL) == 1;
}

static void
flush(struct text *text)
{
	EVP_DigestUpdate(digest.ctx, text->of, text->len);
	text->len = 0;
}

/* finish writes the first `len` bytes of the digest. */
static bool
finish(struct text *text, uint8_t *out, size_t len)
{
	uint8_t whole[EVP_MAX_MD_SIZE];

	flush(text);
	if (EVP_DigestFinal_ex(digest.ctx, whole, NULL) != 1)
		return false;
	memcpy(out, whole, len);
	return true;
}

static bool
make_digests(void)
{
	if (!digest.made) {
		digest.made = true;
		digest.ctx = EVP_MD_CTX_new();
		digest.md5 = EVP_MD_fetch(NULL, "MD5", NULL);
		digest.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	}
	return digest.ctx != NULL;
}

/* Between two items of a list, and room for the next. */
static void
separate(struct text *text, char separator)
{
	if (text->len > TEXT_MAX - PIECE_MAX)
		flush(text);
	if (text->begun)
		text->of[text->len++] = separator;
	text->begun = true;
}

/* A new field begins: an item right after `comma` has no separator. */
static void
next_field(struct text *text, char comma)
{
	text->begun = true;
	separate(text, comma);
	text->begun = false;
}

static void
put_decimal(struct text *text, uint16_t value)
{
	char piece[5];
	size_t at = sizeof(piece);

	separate(text, '-');
	do {
		piece[--at] = digits[value % 10];
		value /= 10;
	} while (value > 0);
	memcpy(text->of + text->len, piece + at, sizeof(piece) - at);
	text->len += sizeof(piece) - at;
}

static void
put_hex(struct text *text, uint16_t value)
{
	char piece[4] = { digits[value >> 12], digits[value >> 8 & 15],
		digits[value >> 4 & 15], digits[value & 15] };

	separate(text, ',');
	memcpy(text->of + text->len, piece, sizeof(piece));
	text->len += sizeof(piece);
}

/* next_extension takes the type of an extension and skips its body. */
static uint16_t
next_extension(struct bytes *extensions)
{
	uint16_t type = bytes_u16(extensions);

	bytes_vec16(extensions);
	return type;
}

static void
put_numbers(struct text *text, struct bytes list)
{
	while (list.len > 0) {
		uint16_t value = bytes_u16(&list);

		if (bytes_ok(list) && !hello_is_grease(value))
			put_decimal(text, value);
	}
}

static void
put_extensions(struct text *text, struct bytes extensions)
{
	while (extensions.len > 0) {
		uint16_t type = next_extension(&extensions);

		if (bytes_ok(extensions) && !hello_is_grease(type))
			put_decimal(text, type);
	}
}

bool
ja3_make(const struct client_hello *hello, uint8_t out[16])
{
	struct bytes formats = hello->ec_point_formats;
	struct text text;

	if (!make_digests() || !begin(digest.md5, &text))
		return false;
	put_decimal(&text, hello->legacy_version);
	next_field(&text, ',');
	put_numbers(&text, hello->cipher_suites);
	next_field(&text, ',');
	put_extensions(&text, hello->extensions);
	next_field(&text, ',');
	put_numbers(&text, hello->supported_groups);
	next_field(&text, ',');
	while (formats.len > 0)
		put_decimal(&text, bytes_u8(&formats));
	return finish(&text, out, 16);
}

bool
ja3s_make(const struct server_hello *hello, uint8_t out[16])
{
	struct text text;

	if (!make_digests() || !begin(digest.md5, &text))
		return false;
	put_decimal(&text, hello->legacy_version);
	next_field(&text, ',');
	put_decimal(&text, (uint16_t)hello->cipher);
	next_field(&text, ',');
	put_extensions(&text, hello->extensions);
	return finish(&text, out, 16);
}

/* --- JA4 ------------------------------------------------------------------- */

static bool
list_add(struct list *list, uint16_t value)
{
	if (list->count == JA_LIST_MAX)
		return false;
	list->of[list->count++] = value;
	return true;
}

/* Shellsort, with the gaps of Ciura: short, and never slow. */
static void
list_sort(struct list *list)
{
	static const size_t gaps[] = { 132, 57, 23, 10, 4, 1 };

	for (size_t g = 0; g < sizeof(gaps) / sizeof(*gaps); g++) {
		for (size_t i = gaps[g]; i < list->count; i++) {
			uint16_t value = list->of[i];
			size_t at = i;

			while (
			    at >= gaps[g] && list->of[at - gaps[g]] > value) {
				list->of[at] = list->of[at - gaps[g]];
				at -= gaps[g];
			}
			list->of[at] = value;
		}
	}
}

static void
put_list(struct text *text, const struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		put_hex(text, list->of[i]);
}

/* The highest listed version, else the field (JA4.md, "TLS and DTLS
 * Version").  Drafts of 1.3 have no word there. */
static const char *
version_word(const struct client_hello *hello)
{
	static const struct {
		uint16_t version;
		char word[3];
	} words[] = {
		{ TLS_1_3, "13" },
		{ TLS_1_2, "12" },
		{ TLS_1_1, "11" },
		{ TLS_1_0, "10" },
		{ SSL_3_0, "s3" },
		{ SSL_2_0, "s2" },
	};
	struct bytes listed = hello->supported_versions;
	uint16_t best = 0;

	if (!hello->has_supported_versions)
		best = hello->legacy_version;
	while (listed.len > 0) {
		uint16_t version = bytes_u16(&listed);

		if (!hello_is_grease(version) && version > best)
			best = version;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].version == best)
			return words[i].word;
	return "00";
}

static bool
is_alphanumeric(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* Two characters for the first protocol of ALPN; of one that does not begin
 * and end in a letter or digit, those of its hexadecimal form. */
static void
write_alpn(struct bytes alpn, char out[2])
{
	struct bytes name = bytes_vec8(&alpn);
	uint8_t first, last;

	out[0] = out[1] = '0';
	if (name.len == 0)
		return;
	last = first = bytes_u8(&name);
	if (name.len > 0) {
		bytes_take(&name, name.len - 1);
		last = bytes_u8(&name);
	}
	if (is_alphanumeric(first) && is_alphanumeric(last)) {
		out[0] = (char)first;
		out[1] = (char)last;
		return;
	}
	out[0] = digits[first >> 4];
	out[1] = digits[last & 15];
}

static void
write_count(size_t count, char out[2])
{
	if (count > 99)
		count = 99;
	out[0] = digits[count / 10];
	out[1] = digits[count % 10];
}

/* Suites without GREASE and without ciphers of SSL 2.0, whose numbers of three
 * bytes begin with another one than 0; false if there are too many. */
static bool
read_suites(const struct client_hello *hello, struct list *out)
{
	struct bytes suites = hello->cipher_suites;

	out->count = 0;
	while (suites.len > 0) {
		uint8_t first = hello->sslv2_format ? bytes_u8(&suites) : 0;
		uint16_t suite = bytes_u16(&suites);

		if (bytes_ok(suites) && first == 0 && !hello_is_grease(suite) &&
		    !list_add(out, suite))
			return false;
	}
	return true;
}

static bool
is_of_session(uint16_t type)
{
	return type == EXTENSION_PRE_SHARED_KEY || type == EXTENSION_EARLY_DATA;
}

/*
 * Extensions without GREASE, server_name and ALPN.  How many there are with
 * those two goes to `*count`.
 */
static bool
read_extensions(struct bytes extensions, enum ja4_moment moment,
    struct list *out, size_t *count, bool *has_server_name)
{
	out->count = 0;
	*count = 0;
	*has_server_name = false;
	while (extensions.len > 0) {
		uint16_t type = next_extension(&extensions);

		if (!bytes_ok(extensions) || hello_is_grease(type) ||
		    (moment == JA4_FRESH && is_of_session(type)))
			continue;
		++*count;
		if (type == EXTENSION_SERVER_NAME)
			*has_server_name = true;
		else if (type != EXTENSION_ALPN && !list_add(out, type))
			return false;
	}
	return true;
}

/* The first bytes of the digest in hexadecimal, or zeros if nothing went into
 * it. */
static bool
write_hash(struct text *text, bool empty, char *out)
{
	uint8_t hash[JA4_HASH_LEN] = { 0 };

	if (!finish(text, hash, sizeof(hash)))
		return false;
	if (empty)
		memset(hash, 0, sizeof(hash));
	for (size_t i = 0; i < sizeof(hash); i++) {
		*out++ = digits[hash[i] >> 4];
		*out++ = digits[hash[i] & 15];
	}
	return true;
}

static bool
hash_suites(struct list *list, char *out)
{
	struct text text;

	if (!begin(digest.sha256, &text))
		return false;
	list_sort(list);
	put_list(&text, list);
	return write_hash(&text, list->count == 0, out);
}

/* Extensions sorted, and behind them the signature algorithms as listed. */
static bool
hash_extensions(struct list *list, struct bytes algorithms, char *out)
{
	bool first = true;
	struct text text;

	if (!begin(digest.sha256, &text))
		return false;
	list_sort(list);
	put_list(&text, list);
	while (algorithms.len > 0) {
		uint16_t algorithm = bytes_u16(&algorithms);

		if (!bytes_ok(algorithms) || hello_is_grease(algorithm))
			continue;
		if (first)
			next_field(&text, '_');
		first = false;
		put_hex(&text, algorithm);
	}
	return write_hash(&text, list->count == 0, out);
}

bool
ja4_make(const struct client_hello *hello, enum ja4_moment moment, char out[37])
{
	struct list suites, extensions;
	const char *version = version_word(hello);
	size_t extension_count;
	bool has_server_name;

	if (!make_digests() || !read_suites(hello, &suites) ||
	    !read_extensions(hello->extensions, moment, &extensions,
		&extension_count, &has_server_name))
		return false;
	out[0] = 't';
	out[1] = version[0];
	out[2] = version[1];
	out[3] = has_server_name ? 'd' : 'i';
	write_count(suites.count, out + 4);
	write_count(extension_count, out + 6);
	write_alpn(hello->alpn, out + 8);
	out[JA4_SUITES_AT - 1] = out[JA4_EXTENSIONS_AT - 1] = '_';
	out[36] = '\0';
	return hash_suites(&suites, out + JA4_SUITES_AT) &&
	       hash_extensions(&extensions, hello->signature_algorithms,
		   out + JA4_EXTENSIONS_AT);
}

bool
ja4_make_suites(const struct client_hello *hello, char out[JA4_SUITES_LEN + 1])
{
	struct list suites;

	out[JA4_SUITES_LEN] = '\0';
	return make_digests() && read_suites(hello, &suites) &&
	       hash_suites(&suites, out);
}
