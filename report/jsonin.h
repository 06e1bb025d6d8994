/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_JSONIN_H
#define MAILTLS_REPORT_JSONIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;

/*
 * struct jsonin reads a line of JSON, an object, strictly.  A key that is not
 * there gives nothing; one that holds the wrong kind of thing, or too much,
 * spoils the reader, which from then on gives nothing: read all, and look at
 * `wrong` once, in the end.  Values are borrowed until jsonin_close.
 */
struct jsonin {
	const char *wrong; /* the first key that was wrong, NULL: none */
	/* Private. */
	struct json_t *root;
	bool spoilt;
};

/* struct jsonin_value is an object or an array; `at` NULL: it is not there. */
struct jsonin_value {
	struct json_t *at;
	size_t count; /* of its items */
};

/* jsonin_open returns whether the `len` bytes at `line` are an object of JSON
 * in UTF-8, without a key that comes twice or a NUL in a string.  If not, there
 * is nothing to close. */
bool jsonin_open(struct jsonin *in, const char *line, size_t len);
void jsonin_close(struct jsonin *in);

/* jsonin_root returns the object that the line is. */
struct jsonin_value jsonin_root(const struct jsonin *in);

/* jsonin_object and jsonin_array return what `key` of the object `of` holds. */
struct jsonin_value jsonin_object(
    struct jsonin *in, struct jsonin_value of, const char *key);
struct jsonin_value jsonin_array(
    struct jsonin *in, struct jsonin_value of, const char *key);

/* jsonin_item returns item `i` of an array, an object; jsonin_item_word
 * returns one that is a string, or "", and jsonin_item_int one that is a whole
 * number from 0 to `max`, or 0. */
struct jsonin_value jsonin_item(
    struct jsonin *in, struct jsonin_value array, size_t i);
const char *jsonin_item_word(
    struct jsonin *in, struct jsonin_value array, size_t i);
int64_t jsonin_item_int(
    struct jsonin *in, struct jsonin_value array, size_t i, int64_t max);

/* jsonin_word returns a string, or NULL. */
const char *jsonin_word(
    struct jsonin *in, struct jsonin_value of, const char *key);

/*
 * jsonin_text copies a string into the `size` bytes at `out`, and tells whether
 * there was one.  Every U+FFFD of one that is too long becomes a byte that is
 * no UTF-8: it may have been one before it was written.
 */
bool jsonin_text(struct jsonin *in, struct jsonin_value of, const char *key,
    char *out, size_t size);

/* jsonin_pairs copies an object of strings into the `size` bytes at `out`, as
 * key NUL value NUL and so on, in their order, and returns the length. */
size_t jsonin_pairs(struct jsonin *in, struct jsonin_value of, const char *key,
    char *out, size_t size);

/* jsonin_int puts a whole number from 0 to `max` into `*out`, else 0, and tells
 * whether there was one. */
bool jsonin_int(struct jsonin *in, struct jsonin_value of, const char *key,
    int64_t max, int64_t *out);

/* jsonin_bool returns true or false; false where there is neither. */
bool jsonin_bool(struct jsonin *in, struct jsonin_value of, const char *key);

/* jsonin_has tells whether `of` has `key`, whatever it holds. */
bool jsonin_has(struct jsonin_value of, const char *key);

/* jsonin_spoil says that what `key` holds is wrong. */
void jsonin_spoil(struct jsonin *in, const char *key);

#endif
