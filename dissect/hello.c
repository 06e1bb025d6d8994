/* SPDX-License-Identifier: ISC */
/*
 * ClientHello and ServerHello (RFC 5246 7.4.1, RFC 8446 4.1).  Extensions are
 * two tables: to read one more, write its reader and add a row.
 *
 * A list inside an extension that does not parse is left empty and damages
 * nothing else; only supported_versions decides what is offered, so a broken
 * one makes the hello not whole.
 */
#include "dissect/hello.h"

#include <assert.h>

#include "dissect/names.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum {
	RANDOM_LEN = 32,
	SENTINEL_LEN = 8,
	SNI_HOST_NAME = 0,
	NAMED_CURVE = 3, /* RFC 8422 5.4 */
	FALLBACK_SCSV = 0x5600,
	DRAFT_FIRST = 0x7f00,
	DRAFT_LAST = 0x7f1c,   /* the RFC is draft 28 */
	DRAFT_COMPATIBLE = 22, /* first draft that looks like TLS 1.2 */
	DRAFT_FACEBOOK = 0xfb,
};

/* ExtensionType values */
enum {
	EXT_SERVER_NAME = 0,
	EXT_SUPPORTED_GROUPS = 10,
	EXT_EC_POINT_FORMATS = 11,
	EXT_SIGNATURE_ALGORITHMS = 13,
	EXT_ALPN = 16,
	EXT_SESSION_TICKET = 35,
	EXT_KEY_SHARE_DRAFT = 40, /* up to draft 22 */
	EXT_PRE_SHARED_KEY = 41,
	EXT_EARLY_DATA = 42,
	EXT_SUPPORTED_VERSIONS = 43,
	EXT_KEY_SHARE = 51,
	EXT_ENCRYPTED_CLIENT_HELLO = 0xfe0d,
};

bool
hello_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

uint16_t
hello_version(uint16_t version)
{
	static const uint16_t facebook[] = { 0xfb14, 0xfb15, 0xfb16, 0xfb17,
		0xfb1a };

	if (version == SSL_2_0 || (version >= SSL_3_0 && version <= TLS_1_3))
		return version;
	if (version >= DRAFT_FIRST && version <= DRAFT_LAST)
		return TLS_1_3;
	for (size_t i = 0; i < COUNT(facebook); i++)
		if (facebook[i] == version)
			return TLS_1_3;
	return TLS_NONE;
}

/* A spoiled run becomes an empty one. */
static struct bytes
or_empty(struct bytes run)
{
	return bytes_ok(run) ? run : bytes_of(NULL, 0);
}

/* These return the list that is all of an extension. */
static struct bytes
list8(struct bytes ext)
{
	return or_empty(bytes_vec8(&ext));
}

static struct bytes
list16(struct bytes ext)
{
	return or_empty(bytes_vec16(&ext));
}

static void
client_server_name(struct bytes ext, struct client_hello *out)
{
	struct bytes names = bytes_vec16(&ext);

	out->has_server_name = true;
	while (names.len > 0) {
		uint8_t type = bytes_u8(&names);
		struct bytes name = bytes_vec16(&names);

		if (type == SNI_HOST_NAME) {
			out->server_name = or_empty(name);
			return;
		}
	}
}

static void
client_groups(struct bytes ext, struct client_hello *out)
{
	out->supported_groups = list16(ext);
}

static void
client_point_formats(struct bytes ext, struct client_hello *out)
{
	out->ec_point_formats = list8(ext);
}

static void
client_signatures(struct bytes ext, struct client_hello *out)
{
	out->signature_algorithms = list16(ext);
}

static void
client_alpn(struct bytes ext, struct client_hello *out)
{
	out->has_alpn = true;
	out->alpn = list16(ext);
}

static void
client_ticket(struct bytes ext, struct client_hello *out)
{
	out->session_ticket = ext.len > 0;
}

static void
client_pre_shared_key(struct bytes ext, struct client_hello *out)
{
	(void)ext;
	out->pre_shared_key = true;
}

static void
client_early_data(struct bytes ext, struct client_hello *out)
{
	(void)ext;
	out->early_data = true;
}

static void
client_versions(struct bytes ext, struct client_hello *out)
{
	out->has_supported_versions = true;
	out->supported_versions = list8(ext);
	if (out->supported_versions.len == 0 ||
	    out->supported_versions.len % 2 != 0)
		out->whole = false;
}

static void
client_ech(struct bytes ext, struct client_hello *out)
{
	(void)ext;
	out->ech = true;
}

static const struct {
	uint16_t type;
	void (*read)(struct bytes ext, struct client_hello *out);
} client_rows[] = {
	{ EXT_SERVER_NAME, client_server_name },
	{ EXT_SUPPORTED_GROUPS, client_groups },
	{ EXT_EC_POINT_FORMATS, client_point_formats },
	{ EXT_SIGNATURE_ALGORITHMS, client_signatures },
	{ EXT_ALPN, client_alpn },
	{ EXT_SESSION_TICKET, client_ticket },
	{ EXT_PRE_SHARED_KEY, client_pre_shared_key },
	{ EXT_EARLY_DATA, client_early_data },
	{ EXT_SUPPORTED_VERSIONS, client_versions },
	{ EXT_ENCRYPTED_CLIENT_HELLO, client_ech },
};

static void
server_alpn(struct bytes ext, struct server_hello *out)
{
	out->alpn = list8(list16(ext));
}

static void
server_key_share(struct bytes ext, struct server_hello *out)
{
	out->group = bytes_u16(&ext); /* a HelloRetryRequest has no key */
}

static void
server_pre_shared_key(struct bytes ext, struct server_hello *out)
{
	(void)ext;
	out->pre_shared_key = true;
}

static void
server_version(struct bytes ext, struct server_hello *out)
{
	out->version = ext.len == 2 ? bytes_u16(&ext) : TLS_NONE;
}

static const struct {
	uint16_t type;
	void (*read)(struct bytes ext, struct server_hello *out);
} server_rows[] = {
	{ EXT_ALPN, server_alpn },
	{ EXT_KEY_SHARE_DRAFT, server_key_share },
	{ EXT_PRE_SHARED_KEY, server_pre_shared_key },
	{ EXT_SUPPORTED_VERSIONS, server_version },
	{ EXT_KEY_SHARE, server_key_share },
};

static_assert(COUNT(client_rows) <= 32 && COUNT(server_rows) <= 32,
    "rows already read are bits of a uint32_t");

/* first tells whether row `i` had not been read before, and notes that it is. */
static bool
first(uint32_t *done, size_t i)
{
	uint32_t bit = UINT32_C(1) << i;
	bool is_first = (*done & bit) == 0;

	*done |= bit;
	return is_first;
}

/* Of extensions that are there more than once, the first counts.  Both loops
 * return whether the list is well formed. */
static bool
client_extensions(struct bytes list, struct client_hello *out)
{
	uint32_t done = 0;

	while (list.len > 0) {
		uint16_t type = bytes_u16(&list);
		struct bytes ext = bytes_vec16(&list);

		for (size_t i = 0; i < COUNT(client_rows); i++)
			if (client_rows[i].type == type && bytes_ok(ext) &&
			    first(&done, i))
				client_rows[i].read(ext, out);
	}
	return bytes_ok(list);
}

static bool
server_extensions(struct bytes list, struct server_hello *out)
{
	uint32_t done = 0;

	while (list.len > 0) {
		uint16_t type = bytes_u16(&list);
		struct bytes ext = bytes_vec16(&list);

		for (size_t i = 0; i < COUNT(server_rows); i++)
			if (server_rows[i].type == type && bytes_ok(ext) &&
			    first(&done, i))
				server_rows[i].read(ext, out);
	}
	return bytes_ok(list);
}

static struct client_hello
client_nothing(void)
{
	struct bytes empty = bytes_of(NULL, 0);

	return (struct client_hello){
		.random = empty,
		.session_id = empty,
		.cipher_suites = empty,
		.extensions = empty,
		.server_name = empty,
		.supported_groups = empty,
		.ec_point_formats = empty,
		.signature_algorithms = empty,
		.alpn = empty,
		.supported_versions = empty,
	};
}

bool
hello_client(struct bytes body, struct client_hello *out)
{
	size_t len;

	*out = client_nothing();
	out->legacy_version = bytes_u16(&body);
	out->random = or_empty(bytes_take(&body, RANDOM_LEN));
	if (!bytes_ok(body))
		return false;
	out->session_id = or_empty(bytes_vec8(&body));
	out->cipher_suites = or_empty(bytes_vec16(&body));
	bytes_vec8(&body); /* legacy_compression_methods */
	out->whole = bytes_ok(body) && out->cipher_suites.len % 2 == 0;
	if (body.len == 0)
		return true; /* extensions are optional */

	/* Of a list that was cut, what is there is read all the same. */
	len = bytes_u16(&body);
	if (!bytes_ok(body) || len != body.len)
		out->whole = false;
	out->extensions =
	    or_empty(bytes_take(&body, len < body.len ? len : body.len));
	if (!client_extensions(out->extensions, out))
		out->whole = false;
	return true;
}

static struct server_hello
server_nothing(void)
{
	struct bytes empty = bytes_of(NULL, 0);

	return (struct server_hello){
		.random = empty,
		.session_id = empty,
		.extensions = empty,
		.alpn = empty,
		.certificate = empty,
	};
}

/* Before draft 22 a ServerHello of TLS 1.3 had no session id and no
 * compression method, and named the draft in the version field. */
static bool
is_early_draft(uint16_t version)
{
	return hello_version(version) == TLS_1_3 && version != TLS_1_3 &&
	       (version & 0xff) < DRAFT_COMPATIBLE;
}

/* What stands at the end of the random says which versions the server could
 * speak and, under TLS 1.3, nothing. */
static uint16_t
read_sentinel(struct bytes random, uint16_t version)
{
	static const char to_1_2[] = "DOWNGRD\x01", to_1_1[] = "DOWNGRD";

	static_assert(sizeof(to_1_1) == SENTINEL_LEN, "with its NUL");
	if (version == TLS_1_3)
		return 0;
	bytes_take(&random, RANDOM_LEN - SENTINEL_LEN);
	if (bytes_equal(random, bytes_of(to_1_2, SENTINEL_LEN)))
		return TLS_1_2;
	if (bytes_equal(random, bytes_of(to_1_1, SENTINEL_LEN)))
		return TLS_1_1;
	return 0;
}

static bool
is_hello_retry(struct bytes random)
{
	/* clang-format off */
	static const uint8_t constant[RANDOM_LEN] = { /* RFC 8446 4.1.3 */
		0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
		0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
		0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
		0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
	};
	/* clang-format on */

	return bytes_equal(random, bytes_of(constant, RANDOM_LEN));
}

/* settle turns what was read into what it means. */
static void
settle(struct server_hello *out)
{
	uint16_t version = hello_version(out->version);

	if (version != out->version && version == TLS_1_3)
		out->draft = out->version;
	out->version = version;
	out->hello_retry = is_hello_retry(out->random);
	out->sentinel = read_sentinel(out->random, version);
}

bool
hello_server(struct bytes body, struct server_hello *out)
{
	*out = server_nothing();
	out->version = out->legacy_version = bytes_u16(&body);
	out->random = bytes_take(&body, RANDOM_LEN);
	if (is_early_draft(out->legacy_version)) {
		out->cipher = bytes_u16(&body);
	} else {
		out->session_id = bytes_vec8(&body);
		out->cipher = bytes_u16(&body);
		bytes_u8(&body); /* legacy_compression_method */
	}
	if (body.len > 0) /* extensions are optional */
		out->extensions = bytes_vec16(&body);
	if (!bytes_ok(body) || body.len > 0 ||
	    !server_extensions(out->extensions, out) ||
	    hello_version(out->version) < SSL_3_0) {
		*out = server_nothing();
		return false;
	}
	settle(out);
	return true;
}

static bool
offers_fallback(const struct client_hello *hello)
{
	size_t width = hello->sslv2_format ? 3 : 2;
	struct bytes suites = hello->cipher_suites;

	while (suites.len >= width)
		if (bytes_uint(&suites, width) == FALLBACK_SCSV)
			return true;
	return false;
}

static void
add_version(struct offer *out, uint16_t version)
{
	if (version > out->max_version)
		out->max_version = version;
	for (size_t i = 0; i < out->version_count; i++)
		if (out->versions[i] == version)
			return; /* two drafts of TLS 1.3 */
	if (out->version_count < CONNECTION_VERSIONS_MAX)
		out->versions[out->version_count++] = version;
}

static void
offer_versions(const struct client_hello *hello, struct offer *out)
{
	struct bytes versions = hello->supported_versions;

	if (!hello->has_supported_versions)
		out->max_version = hello_version(hello->legacy_version);
	while (versions.len > 0) {
		uint16_t version = hello_version(bytes_u16(&versions));

		if (version != TLS_NONE)
			add_version(out, version);
	}
}

/* offer_alpn: https://www.iana.org/assignments/tls-extensiontype-values, the
 * ALPN protocol IDs.  Mail over TLS is not obliged to list any. */
static void
offer_alpn(struct bytes names, struct offer *out)
{
	static const struct {
		const char *name;
		enum mail_protocol protocol;
	} ids[] = {
		{ "imap", MAIL_IMAP },
		{ "pop3", MAIL_POP3 },
		{ "managesieve", MAIL_SIEVE },
	};

	out->alpn = names.len > 0;
	while (names.len > 0) {
		struct bytes name = bytes_vec8(&names);

		for (size_t i = 0; i < COUNT(ids); i++)
			if (bytes_equal(name,
				bytes_of(ids[i].name, strlen(ids[i].name))))
				out->alpn_protocol = ids[i].protocol;
	}
}

void
hello_offer(const struct client_hello *hello, struct offer *out)
{
	struct bytes name = hello->server_name;

	*out = (struct offer){
		.seen = true,
		.whole = hello->whole,
		.sslv2_format = hello->sslv2_format,
		.fallback_scsv = offers_fallback(hello),
		.ech = hello->ech,
		.legacy_version = hello->legacy_version,
	};
	if (hello->whole)
		offer_versions(hello, out);
	offer_alpn(hello->alpn, out);
	/* A name with NUL in it would read as another one. */
	if (name.len > 0 && name.len < sizeof(out->server_name) &&
	    memchr(name.data, 0, name.len) == NULL)
		bytes_copy(name, out->server_name, sizeof(out->server_name));
}

uint16_t
hello_key_exchange_group(struct bytes body, uint32_t cipher)
{
	if (!names_cipher_has(cipher, "ECDHE_") &&
	    !names_cipher_has(cipher, "ECDH_anon_"))
		return 0;
	if (names_cipher_has(cipher, "_PSK_"))
		bytes_vec16(&body); /* psk_identity_hint, RFC 5489 2 */
	if (bytes_u8(&body) != NAMED_CURVE)
		return 0;
	return bytes_u16(&body);
}
