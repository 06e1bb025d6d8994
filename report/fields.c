/* SPDX-License-Identifier: ISC */
#include "report/fields.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "dissect/names.h"
#include "report/verdict.h"

enum {
	HEX = 16,
	WORDS_MAX = 64, /* no list of words is longer */
};

/* Reads `digits` digits, of base 10 or 16, or returns false. */
static bool
read_digits(const char *text, size_t digits, unsigned base, uint32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < digits; i++) {
		unsigned char c = (unsigned char)text[i];
		uint32_t digit;

		if (isdigit(c))
			digit = c - (uint32_t)'0';
		else if (base == HEX && isxdigit(c))
			digit = (uint32_t)(c | 0x20) - 'a' + 10;
		else
			return false;
		*out = *out * base + digit;
	}
	return true;
}

/* "0x" and `digits` digits. */
bool
fields_number(const char *text, size_t digits, uint32_t *out)
{
	*out = 0;
	return strncmp(text, "0x", 2) == 0 && strlen(text) == 2 + digits &&
	       read_digits(text + 2, digits, HEX, out);
}

void
fields_hex(struct jsonin *in, struct jsonin_value of, const char *key,
    uint8_t *out, size_t len, bool *seen)
{
	const char *text = jsonin_word(in, of, key);
	uint32_t byte;

	*seen = text != NULL;
	if (text == NULL)
		return;
	if (strlen(text) != 2 * len) {
		jsonin_spoil(in, key);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		if (!read_digits(text + 2 * i, 2, HEX, &byte))
			jsonin_spoil(in, key);
		out[i] = (uint8_t)byte;
	}
}

void
fields_mac(struct jsonin *in, struct jsonin_value of, const char *key,
    uint8_t out[6], bool *seen)
{
	const char *text = jsonin_word(in, of, key);
	uint32_t byte;
	bool fine = true;

	*seen = text != NULL;
	if (text == NULL)
		return;
	if (strlen(text) != 17) {
		jsonin_spoil(in, key);
		return;
	}
	for (size_t i = 0; i < 6; i++) {
		fine = fine && read_digits(text + 3 * i, 2, HEX, &byte) &&
		       (i == 5 || text[3 * i + 2] == '-');
		out[i] = fine ? (uint8_t)byte : 0;
	}
	if (!fine)
		jsonin_spoil(in, key);
}

uint32_t
fields_named(struct jsonin *in, struct jsonin_value of, const char *key,
    bool (*find)(const char *name, uint32_t *out))
{
	const char *name = jsonin_word(in, of, key);
	uint32_t number = 0;

	if (name != NULL && !find(name, &number) &&
	    !fields_number(name, 4, &number) &&
	    !fields_number(name, 6, &number))
		jsonin_spoil(in, key);
	return number;
}

/* Is `text` of this shape, in which 0 stands for a digit? */
static bool
has_shape(const char *text, const char *shape)
{
	for (; *shape != '\0'; text++, shape++) {
		if (*shape == '0' ? !isdigit((unsigned char)*text)
				  : *text != *shape)
			return false;
	}
	return *text == '\0';
}

/* The seconds of "YYYY-MM-DDThh:mm:ss", whose shape is right. */
static bool
read_seconds(const char *text, int64_t *out)
{
	static const unsigned char at[] = { 5, 8, 11, 14, 17 };
	uint32_t year, part[5];
	struct tm tm, back;
	time_t seconds;

	read_digits(text, 4, 10, &year);
	for (size_t i = 0; i < 5; i++)
		read_digits(text + at[i], 2, 10, &part[i]);
	tm = (struct tm){ .tm_year = (int)year - 1900,
		.tm_mon = (int)part[0] - 1,
		.tm_mday = (int)part[1],
		.tm_hour = (int)part[2],
		.tm_min = (int)part[3],
		.tm_sec = (int)part[4] };
	seconds = timegm(&tm);
	*out = seconds;
	/* 31 June is 1 July to timegm, and no date to us. */
	return gmtime_r(&seconds, &back) != NULL &&
	       back.tm_mon == (int)part[0] - 1 &&
	       back.tm_mday == (int)part[1] && back.tm_hour == (int)part[2] &&
	       back.tm_min == (int)part[3] && back.tm_sec == (int)part[4];
}

int64_t
fields_time(struct jsonin *in, struct jsonin_value of, const char *key)
{
	const char *text = jsonin_word(in, of, key);
	uint32_t us = 0;
	int64_t seconds = 0;
	bool fine;

	if (text == NULL)
		return 0;
	fine = has_shape(text, "0000-00-00T00:00:00Z");
	if (has_shape(text, "0000-00-00T00:00:00.000000Z"))
		fine = read_digits(text + 20, 6, 10, &us);
	if (!fine || !read_seconds(text, &seconds)) {
		jsonin_spoil(in, key);
		return 0;
	}
	return seconds * 1000000 + us;
}

/* A version by its word, or by its number. */
uint16_t
fields_version_of(struct jsonin *in, const char *key, const char *word)
{
	uint32_t version = TLS_NONE;

	if (word != NULL && !names_find_version(word, &version) &&
	    !fields_number(word, 4, &version))
		jsonin_spoil(in, key);
	return (uint16_t)version;
}

uint16_t
fields_version(struct jsonin *in, struct jsonin_value of, const char *key)
{
	return fields_version_of(in, key, jsonin_word(in, of, key));
}

/* The value of a word; 0 where there is none. */
size_t
fields_code(struct jsonin *in, struct jsonin_value of, const char *key,
    const struct codes *codes)
{
	const char *word = jsonin_word(in, of, key);
	size_t value = 0;

	if (word != NULL && !codes_find(codes, word, &value))
		jsonin_spoil(in, key);
	return value;
}

uint8_t
fields_bits(struct jsonin *in, struct jsonin_value of, const char *key,
    const struct codes *codes)
{
	struct jsonin_value array = jsonin_array(in, of, key);
	unsigned bits = 0;
	size_t bit;

	for (size_t i = 0; i < array.count; i++) {
		if (!codes_find(codes, jsonin_item_word(in, array, i), &bit))
			jsonin_spoil(in, key);
		bits |= 1u << bit;
	}
	return (uint8_t)bits;
}

unsigned
fields_word_of(struct jsonin *in, const char *key, const char *word,
    const char *(*word_of)(unsigned value))
{
	for (unsigned i = 0; word != NULL && i < WORDS_MAX; i++) {
		const char *have = word_of(i);

		if (have != NULL && strcmp(have, word) == 0)
			return i;
	}
	if (word != NULL)
		jsonin_spoil(in, key);
	return 0;
}

static const char *
verdict_word(unsigned value)
{
	return verdict_name((enum verdict)value);
}

enum verdict
fields_verdict(struct jsonin *in, struct jsonin_value of, const char *key)
{
	const char *word = jsonin_word(in, of, key);

	return (enum verdict)fields_word_of(in, key, word, verdict_word);
}

static const char *
failure_word(unsigned value)
{
	return failure_name((enum failure)value);
}

enum failure
fields_failure(struct jsonin *in, struct jsonin_value of, const char *key)
{
	const char *word = jsonin_word(in, of, key);

	return (enum failure)fields_word_of(in, key, word, failure_word);
}

static const char *
source_word(unsigned value)
{
	return name_source_word((enum name_source)value);
}

enum name_source
fields_name_source(struct jsonin *in, struct jsonin_value of, const char *key)
{
	const char *word = jsonin_word(in, of, key);

	return (enum name_source)fields_word_of(in, key, word, source_word);
}

static const char *
protocol_word(unsigned value)
{
	return names_protocol((int)value);
}

enum mail_protocol
fields_protocol(struct jsonin *in, struct jsonin_value of, const char *key)
{
	const char *word = jsonin_word(in, of, key);

	return (enum mail_protocol)fields_word_of(in, key, word, protocol_word);
}
