/* SPDX-License-Identifier: ISC */
/*
 * Zeek's TSV, as its ASCII writer has it (src/logging/writers/ascii): fields
 * between tabs, "-" for what is not set, bytes that could be mistaken as \xHH.
 * ssl_history is never set: the order of messages is not kept.
 */
#include "report/zeek.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "dissect/names.h"
#include "report/codes.h"
#include "report/digest.h"
#include "report/iptext.h"
#include "report/terminal.h"
#include "report/verdict.h"

enum {
	TEXT_MAX = 4 * CONNECTION_NAME_MAX, /* a name, all escaped */
	TIME_MAX = 32,
	BASE62_MAX = 12, /* 64 bits, and NUL */
	DRAFT_MASK = 0xff,
};

/* struct fields is a line in the making. */
struct fields {
	char *line;
	size_t size, len;
};

static void put(struct fields *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A field; the first has no tab before it. */
static void
put(struct fields *f, const char *format, ...)
{
	va_list args;
	int len;

	if (f->len > 0 && f->len < f->size)
		f->line[f->len++] = '\t';
	va_start(args, format);
	len = vsnprintf(f->line + f->len, f->size - f->len, format, args);
	va_end(args);
	if (len > 0)
		f->len += (size_t)len;
	if (f->len > f->size)
		f->len = f->size;
}

/* A string off the wire, or "" for none. */
static void
put_name(struct fields *f, const char *name)
{
	bool special = strcmp(name, "-") == 0 || strcmp(name, "(empty)") == 0;
	char text[TEXT_MAX];

	if (name[0] == '\0') {
		put(f, "-");
		return;
	}
	terminal_escape(
	    name, strlen(name), true, special ? "-(" : "", text, sizeof(text));
	put(f, "%s", text);
}

/* A word of ours, or NULL for none. */
static void
put_word(struct fields *f, const char *word)
{
	put(f, "%s", word != NULL ? word : "-");
}

/* A number by its name; 0 is none. */
static void
put_number(struct fields *f, const char *name, uint32_t number)
{
	if (name != NULL || number == 0)
		put_word(f, name);
	else
		put(f, "unknown-%" PRIu32, number);
}

static void
put_bool(struct fields *f, bool value)
{
	put(f, "%s", value ? "T" : "F");
}

static void
put_time(struct fields *f, int64_t time_us)
{
	put(f, "%" PRId64 ".%06" PRId64, time_us / 1000000, time_us % 1000000);
}

static void
put_hex(struct fields *f, bool seen, const uint8_t md5[16])
{
	char text[33];

	for (size_t i = 0; i < 16; i++)
		snprintf(text + 2 * i, 3, "%02x", md5[i]);
	put_word(f, seen ? text : NULL);
}

static void
base62(uint64_t number, char out[BASE62_MAX])
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";
	size_t len = 0;

	do {
		out[len++] = digits[number % 62];
		number /= 62;
	} while (number > 0);
	out[len] = '\0';
}

/* The same connection has the same one each time it is read. */
static void
put_uid(struct fields *f, const struct connection *c)
{
	char key[2 * IPTEXT_MAX + 64], client[IPTEXT_MAX], server[IPTEXT_MAX];
	char first[BASE62_MAX], second[BASE62_MAX];
	uint8_t digest[DIGEST_LEN];
	uint64_t halves[2];
	int len;

	iptext_write(c->end[CLIENT].ip, c->ipv6, client);
	iptext_write(c->end[SERVER].ip, c->ipv6, server);
	len = snprintf(key, sizeof(key), "%" PRId64 " %s %u %s %u", c->first_us,
	    client, c->end[CLIENT].port, server, c->end[SERVER].port);
	digest_text(key, (size_t)len, digest);
	for (size_t i = 0; i < 2; i++) {
		halves[i] = 0;
		for (size_t k = 0; k < 6; k++)
			halves[i] = halves[i] << 8 | digest[6 * i + k];
	}
	base62(halves[0], first);
	base62(halves[1], second);
	put(f, "C%s%s", first, second);
}

static void
put_end(struct fields *f, const struct connection *c, enum side side)
{
	char ip[IPTEXT_MAX];

	iptext_write(c->end[side].ip, c->ipv6, ip);
	put(f, "%s", ip);
	put(f, "%u", c->end[side].port);
}

static const char *
version_word(uint16_t version)
{
	switch (version) {
	case SSL_2_0:
		return "SSLv2";
	case SSL_3_0:
		return "SSLv3";
	case TLS_1_0:
		return "TLSv10";
	case TLS_1_1:
		return "TLSv11";
	case TLS_1_2:
		return "TLSv12";
	case TLS_1_3:
		return "TLSv13";
	}
	return NULL;
}

static void
put_version(struct fields *f, const struct answer *answer)
{
	if (answer->seen && answer->draft != 0)
		put(f, "TLSv13-draft%u", answer->draft & DRAFT_MASK);
	else
		put_number(f, version_word(answer->version), answer->version);
}

static void
put_last_alert(struct fields *f, const struct connection *c)
{
	const struct alert *alert;

	if (c->alert_count == 0) {
		put(f, "-");
		return;
	}
	alert = &c->alerts[c->alert_count - 1];
	if (names_alert(alert->code) != NULL)
		put(f, "%s", names_alert(alert->code));
	else
		put(f, "unknown-%u", alert->code);
}

/* The columns of Zeek. */
static void
put_zeek(struct fields *f, const struct connection *c)
{
	const struct answer *answer = &c->answer;

	put_time(f, c->first_us);
	put_uid(f, c);
	put_end(f, c, CLIENT);
	put_end(f, c, SERVER);
	put_version(f, answer);
	/* Number 0 is a cipher, too. */
	put_number(f, answer->seen ? names_cipher(answer->cipher) : NULL,
	    answer->cipher);
	put_number(f, names_group(answer->group), answer->group);
	put_name(f, c->offer.server_name);
	put_bool(f, answer->resumed);
	put_last_alert(f, c);
	put_name(f, answer->next_protocol);
	put_bool(f, answer->established);
	put(f, "-");
}

/* Those of the package zeek-ja3, and ours. */
static void
put_own(
    struct fields *f, const struct connection *c, const struct identity *who)
{
	const char *program = program_name(&who->program);

	put_hex(f, c->has_ja3, c->ja3);
	put_hex(f, c->has_ja3s, c->ja3s);
	put_name(f, c->ja4);
	put_word(f, names_protocol((int)c->protocol));
	put_word(f, codes_word(&codes_encryption, c->encryption));
	put_word(f, version_word(c->offer.max_version));
	put_name(f, who->device.name);
	put_name(f, program != NULL ? program : "");
	put_name(f, who->provider);
	put_word(f, verdict_name(c->verdict));
}

size_t
zeek_format(const struct connection *c, const struct identity *who, char *line,
    size_t size)
{
	/* A line that was cut still ends. */
	struct fields f = { .line = line, .size = size - 1 };

	if (!c->tls)
		return 0;
	put_zeek(&f, c);
	put_own(&f, c, who);
	line[f.len++] = '\n';
	return f.len;
}

/*
 * Before and after.
 */

static const struct {
	const char *name, *type;
} columns[] = {
	{ "ts", "time" },
	{ "uid", "string" },
	{ "id.orig_h", "addr" },
	{ "id.orig_p", "port" },
	{ "id.resp_h", "addr" },
	{ "id.resp_p", "port" },
	{ "version", "string" },
	{ "cipher", "string" },
	{ "curve", "string" },
	{ "server_name", "string" },
	{ "resumed", "bool" },
	{ "last_alert", "string" },
	{ "next_protocol", "string" },
	{ "established", "bool" },
	{ "ssl_history", "string" },
	{ "ja3", "string" },
	{ "ja3s", "string" },
	{ "ja4", "string" },
	{ "mail_protocol", "string" },
	{ "mail_encryption", "string" },
	{ "offer_version", "string" },
	{ "device", "string" },
	{ "program", "string" },
	{ "provider", "string" },
	{ "verdict", "string" },
};

enum {
	COLUMNS = sizeof(columns) / sizeof(columns[0]),
};

static void
write_time(FILE *out, const char *key, int64_t time_us)
{
	time_t seconds = (time_t)(time_us / 1000000);
	char text[TIME_MAX] = "-";
	struct tm tm;

	if (localtime_r(&seconds, &tm) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%d-%H-%M-%S", &tm);
	fprintf(out, "#%s\t%s\n", key, text);
}

void
zeek_open(FILE *out, int64_t time_us)
{
	fputs("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
	      "#unset_field\t-\n#path\tssl\n",
	    out);
	write_time(out, "open", time_us);
	fputs("#fields", out);
	for (size_t i = 0; i < COLUMNS; i++)
		fprintf(out, "\t%s", columns[i].name);
	fputs("\n#types", out);
	for (size_t i = 0; i < COLUMNS; i++)
		fprintf(out, "\t%s", columns[i].type);
	fputc('\n', out);
}

void
zeek_close(FILE *out, int64_t time_us)
{
	write_time(out, "close", time_us);
}
