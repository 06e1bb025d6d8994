/* SPDX-License-Identifier: ISC */
/*
 * JSON as RFC 8259 has it.  Names off the wire are hostile: what a terminal
 * or an editor would act on (controls, the C1 set, line separators, marks that
 * change the direction of text) is written as \uXXXX, so a line stays a line.
 */
#include "report/jsonout.h"

#include <string.h>

enum {
	REPLACEMENT = 0xFFFD, /* what stands for bytes that are not UTF-8 */
};

static const char lower_digits[] = "0123456789abcdef";
static const char upper_digits[] = "0123456789ABCDEF";

/* room returns where the next `len` bytes go, or NULL if they do not fit. */
static inline char *
room(struct jsonout *j, size_t len)
{
	j->full = j->full || len > j->size - j->len;
	if (j->full)
		return NULL;
	j->len += len;
	return j->to + j->len - len;
}

static inline void
put(struct jsonout *j, const char *s, size_t len)
{
	char *to = room(j, len);

	if (to != NULL)
		memcpy(to, s, len);
}

static void
put_escape(struct jsonout *j, uint32_t c)
{
	char text[6] = { '\\', 'u' };

	for (size_t i = 0; i < 4; i++)
		text[2 + i] = lower_digits[c >> (12 - 4 * i) & 15];
	put(j, text, sizeof(text));
}

/* Printable ASCII without quote and backslash, by bits of a map: 32 characters
 * a word. */
static bool
is_plain(uint8_t c)
{
	static const uint32_t plain[8] = { 0, ~(UINT32_C(1) << ('"' & 31)),
		~(UINT32_C(1) << ('\\' & 31)), ~(UINT32_C(1) << (0x7F & 31)) };

	return plain[c >> 5] >> (c & 31) & 1;
}

/* What is not plain ASCII and still must not reach a terminal as it is. */
static bool
is_unsafe(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x0000, 0x001F }, { 0x007F, 0x009F }, /* DEL and C1 */
		{ 0x061C, 0x061C },                     /* ARABIC LETTER MARK */
		{ 0x200E, 0x200F },                     /* marks of direction */
		{ 0x2028, 0x202E }, /* separators; embedding, override */
		{ 0x2066, 0x2069 }, /* isolates */
		{ 0xFEFF, 0xFEFF }, /* byte order mark */
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/*
 * utf8_len returns the length of the sequence that `lead` begins, and in
 * `*smallest` the smallest code point that may be written so (RFC 3629);
 * 0 for a byte that begins none.
 */
static size_t
utf8_len(uint8_t lead, uint32_t *smallest)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t smallest;
	} forms[] = {
		{ 0x80, 0x00, 0 },
		{ 0xE0, 0xC0, 0x80 },
		{ 0xF0, 0xE0, 0x800 },
		{ 0xF8, 0xF0, 0x10000 },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if ((lead & forms[i].mask) == forms[i].lead) {
			*smallest = forms[i].smallest;
			return i + 1;
		}
	}
	return 0;
}

/*
 * utf8_read returns the length of the character that begins the `len` bytes,
 * one or more, at `s`, and itself in `*out`; a byte that begins no valid one
 * counts as a character of its own, REPLACEMENT.
 */
static size_t
utf8_read(const uint8_t *s, size_t len, uint32_t *out)
{
	uint32_t smallest;
	size_t n = utf8_len(*s, &smallest);
	uint32_t c;

	*out = REPLACEMENT;
	if (n == 0 || n > len)
		return 1;
	c = n == 1 ? *s : *s & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 1;
		c = c << 6 | (s[i] & 0x3F);
	}
	if (c < smallest || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 1;
	*out = c;
	return n;
}

/* One character that is not plain; returns how many bytes it takes up. */
static size_t
put_odd(struct jsonout *j, const uint8_t *s, size_t len)
{
	uint32_t c;
	size_t n = utf8_read(s, len, &c);

	if (c == '"' || c == '\\') {
		put(j, "\\", 1);
		put(j, (const char *)s, 1);
	} else if (is_unsafe(c)) {
		put_escape(j, c);
	} else if (c == REPLACEMENT) {
		put(j, "\xEF\xBF\xBD", 3);
	} else {
		put(j, (const char *)s, n);
	}
	return n;
}

/* Eight times the same byte. */
static uint64_t
times8(uint8_t c)
{
	return c * UINT64_C(0x0101010101010101);
}

/* Whether one of eight bytes is not plain, whether the result is 0: the high
 * bit of a byte tells what borrowing from it shows, that it is too small, or
 * zero when compared by XOR. */
static uint64_t
not_plain8(uint64_t bytes)
{
	uint64_t quote = bytes ^ times8('"'), backslash = bytes ^ times8('\\');
	uint64_t found = bytes | (bytes + times8(0x80 - 0x7F));

	found |= (bytes - times8(' ')) & ~bytes;
	found |= (quote - times8(1)) & ~quote;
	found |= (backslash - times8(1)) & ~backslash;
	return found & times8(0x80);
}

/* How many bytes there are before the first that is not plain. */
static size_t
plain_len(const uint8_t *s, size_t len)
{
	size_t n = 0;

	while (len - n >= sizeof(uint64_t)) {
		uint64_t bytes;

		memcpy(&bytes, s + n, sizeof(bytes));
		if (not_plain8(bytes) != 0)
			break;
		n += sizeof(bytes);
	}
	while (n < len && is_plain(s[n]))
		n++;
	return n;
}

/* put_escaped puts what is in quotes, from the first byte that is not plain. */
static void
put_escaped(struct jsonout *j, const uint8_t *s, size_t len)
{
	while (len > 0) {
		size_t n = put_odd(j, s, len);
		size_t plain = plain_len(s + n, len - n);

		put(j, (const char *)s + n, plain);
		s += n + plain;
		len -= n + plain;
	}
}

static void
put_quoted(struct jsonout *j, const char *s, size_t len)
{
	size_t plain = plain_len((const uint8_t *)s, len);
	char *to = room(j, plain + 1);

	if (to == NULL)
		return;
	to[0] = '"';
	memcpy(to + 1, s, plain);
	if (plain < len)
		put_escaped(j, (const uint8_t *)s + plain, len - plain);
	put(j, "\"", 1);
}

/* What comes before every value. */
static void
begin(struct jsonout *j, const char *key)
{
	size_t len = key != NULL ? strlen(key) : 0;
	char *to = room(j, j->comma + (key != NULL ? len + 3 : 0));

	if (to == NULL)
		return;
	if (j->comma)
		*to++ = ',';
	j->comma = true;
	if (key == NULL)
		return;
	*to++ = '"';
	memcpy(to, key, len);
	to[len] = '"';
	to[len + 1] = ':';
}

void
jsonout_key(struct jsonout *j, const char *s, size_t len)
{
	begin(j, NULL);
	put_quoted(j, s, len);
	put(j, ":", 1);
	j->comma = false;
}

void
jsonout_open(struct jsonout *j, const char *key, char bracket)
{
	begin(j, key);
	put(j, &bracket, 1);
	j->comma = false;
}

void
jsonout_close(struct jsonout *j, char bracket)
{
	put(j, &bracket, 1);
	j->comma = true;
}

void
jsonout_string(struct jsonout *j, const char *key, const char *s, size_t len)
{
	begin(j, key);
	put_quoted(j, s, len);
}

void
jsonout_word(struct jsonout *j, const char *key, const char *word)
{
	if (word != NULL && *word != '\0')
		jsonout_string(j, key, word, strlen(word));
}

void
jsonout_int(struct jsonout *j, const char *key, int64_t value)
{
	char text[20]; /* INT64_MIN has a sign and 19 digits */
	size_t at = sizeof(text);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		text[--at] = lower_digits[left % 10];
		left /= 10;
	} while (left > 0);
	if (value < 0)
		text[--at] = '-';
	begin(j, key);
	put(j, text + at, sizeof(text) - at);
}

void
jsonout_bool(struct jsonout *j, const char *key, bool value)
{
	begin(j, key);
	if (value)
		put(j, "true", 4);
	else
		put(j, "false", 5);
}

void
jsonout_hex(struct jsonout *j, const char *key, const uint8_t *bytes,
    size_t len, bool upper)
{
	const char *digits = upper ? upper_digits : lower_digits;
	char *to;

	begin(j, key);
	to = room(j, 2 * len + 2);
	if (to == NULL)
		return;
	*to++ = '"';
	for (size_t i = 0; i < len; i++) {
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 15];
	}
	*to = '"';
}

/* `digits` digits of `value` at `to`, with zeros in front. */
static void
decimal(char *to, size_t digits, uint32_t value)
{
	while (digits-- > 0) {
		to[digits] = lower_digits[value % 10];
		value /= 10;
	}
}

/*
 * date writes the Gregorian date of the day `days` after 1 March of the year
 * 0 at `to`, as YYYY-MM-DD.  Years begin in March here, so that the leap day
 * is their last.
 */
static void
date(char *to, uint32_t days)
{
	uint32_t era = days / 146097; /* 400 years */
	uint32_t day = days % 146097;
	uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	uint32_t month;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153; /* 0 is March */
	day -= (153 * month + 2) / 5;
	year += 400 * era + (month >= 10);
	decimal(to, 4, year);
	decimal(to + 5, 2, month >= 10 ? month - 9 : month + 3);
	decimal(to + 8, 2, day + 1);
}

void
jsonout_time(struct jsonout *j, const char *key, int64_t time_us, bool fraction)
{
	/* RFC 3339 has four digits for a year: 1 March 0000 to the end of
	 * 9999 are written, what is beyond as the nearest of those. */
	static const int64_t first_s = -62162035200, last_s = 253402300799;
	char text[] = "YYYY-MM-DDThh:mm:ss.uuuuuuZ";
	int64_t s = time_us / 1000000, us = time_us % 1000000;
	uint64_t since;
	uint32_t of_day;

	if (us < 0) {
		s--;
		us += 1000000;
	}
	s = s < first_s ? first_s : s > last_s ? last_s : s;
	since = (uint64_t)(s - first_s);
	of_day = (uint32_t)(since % 86400);
	date(text, (uint32_t)(since / 86400));
	decimal(text + 11, 2, of_day / 3600);
	decimal(text + 14, 2, of_day / 60 % 60);
	decimal(text + 17, 2, of_day % 60);
	decimal(text + 20, 6, (uint32_t)us);
	if (!fraction)
		text[19] = 'Z';
	jsonout_string(j, key, text, fraction ? sizeof(text) - 1 : 20);
}
