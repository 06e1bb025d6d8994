/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_FIELDS_H
#define MAILTLS_REPORT_FIELDS_H

#include "dissect/connection.h"
#include "report/codes.h"
#include "report/hostname.h"
#include "report/jsonin.h"

/*
 * Values of records, read back from what `key` of the object `of` holds.  All
 * give zero where the key is not there, and spoil `in` where it holds anything
 * else than it should.
 */

/* fields_time reads a time of RFC 3339, with Z, into microseconds since 1970. */
int64_t fields_time(struct jsonin *in, struct jsonin_value of, const char *key);

/* fields_hex reads `len` bytes, and fields_mac 00-00-5E-00-53-23; `*seen` tells
 * whether they were there. */
void fields_hex(struct jsonin *in, struct jsonin_value of, const char *key,
    uint8_t *out, size_t len, bool *seen);
void fields_mac(struct jsonin *in, struct jsonin_value of, const char *key,
    uint8_t out[6], bool *seen);

/* fields_number reads "0x" and `digits` hexadecimal digits; false for anything
 * else. */
bool fields_number(const char *text, size_t digits, uint32_t *out);

/* fields_named reads a name that `find` knows (dissect/names.h), or the number
 * of one that has none. */
uint32_t fields_named(struct jsonin *in, struct jsonin_value of,
    const char *key, bool (*find)(const char *name, uint32_t *out));

/* fields_version reads a version by its word or number; fields_version_of does
 * so with `word`, which may be NULL, of `key`. */
uint16_t fields_version(
    struct jsonin *in, struct jsonin_value of, const char *key);
uint16_t fields_version_of(
    struct jsonin *in, const char *key, const char *word);

/* fields_code reads a word of `codes`, fields_bits an array of them. */
size_t fields_code(struct jsonin *in, struct jsonin_value of, const char *key,
    const struct codes *codes);
uint8_t fields_bits(struct jsonin *in, struct jsonin_value of, const char *key,
    const struct codes *codes);

/* fields_word_of returns for which value `word_of` gives `word`, of `key`. */
unsigned fields_word_of(struct jsonin *in, const char *key, const char *word,
    const char *(*word_of)(unsigned value));

enum verdict fields_verdict(
    struct jsonin *in, struct jsonin_value of, const char *key);
enum failure fields_failure(
    struct jsonin *in, struct jsonin_value of, const char *key);
enum name_source fields_name_source(
    struct jsonin *in, struct jsonin_value of, const char *key);
enum mail_protocol fields_protocol(
    struct jsonin *in, struct jsonin_value of, const char *key);

#endif
