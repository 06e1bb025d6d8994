/* SPDX-License-Identifier: ISC */
/* The only file that knows Jansson. */
#include "report/jsonin.h"

#include <jansson.h>
#include <string.h>

static const struct jsonin_value nothing;

/* U+FFFD in UTF-8, and a byte that is written as it (report/jsonout.h). */
static const char replacement[] = "\xEF\xBF\xBD";
enum {
	REPLACEMENT_LEN = 3,
	NO_UTF8 = 0xFF,
};

bool
jsonin_open(struct jsonin *in, const char *line, size_t len)
{
	*in = (struct jsonin){ .wrong = NULL };
	in->root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(in->root))
		return true;
	jsonin_close(in);
	return false;
}

void
jsonin_close(struct jsonin *in)
{
	json_decref(in->root);
	in->root = NULL;
}

void
jsonin_spoil(struct jsonin *in, const char *key)
{
	if (!in->spoilt)
		in->wrong = key;
	in->spoilt = true;
}

static struct jsonin_value
object_of(json_t *object)
{
	return (struct jsonin_value){ object, json_object_size(object) };
}

struct jsonin_value
jsonin_root(const struct jsonin *in)
{
	return object_of(in->root);
}

bool
jsonin_has(struct jsonin_value of, const char *key)
{
	return json_object_get(of.at, key) != NULL;
}

/* The value of `key` if it is of `type`, else NULL. */
static json_t *
get(struct jsonin *in, struct jsonin_value of, const char *key, json_type type)
{
	json_t *value = json_object_get(of.at, key);

	if (in->spoilt || value == NULL)
		return NULL;
	if (json_typeof(value) == type)
		return value;
	jsonin_spoil(in, key);
	return NULL;
}

struct jsonin_value
jsonin_object(struct jsonin *in, struct jsonin_value of, const char *key)
{
	return object_of(get(in, of, key, JSON_OBJECT));
}

struct jsonin_value
jsonin_array(struct jsonin *in, struct jsonin_value of, const char *key)
{
	json_t *array = get(in, of, key, JSON_ARRAY);

	return (struct jsonin_value){ array, json_array_size(array) };
}

struct jsonin_value
jsonin_item(struct jsonin *in, struct jsonin_value array, size_t i)
{
	json_t *item = json_array_get(array.at, i);

	if (!in->spoilt && json_is_object(item))
		return object_of(item);
	jsonin_spoil(in, "an item");
	return nothing;
}

const char *
jsonin_item_word(struct jsonin *in, struct jsonin_value array, size_t i)
{
	const json_t *item = json_array_get(array.at, i);

	if (!in->spoilt && json_is_string(item))
		return json_string_value(item);
	jsonin_spoil(in, "an item");
	return "";
}

int64_t
jsonin_item_int(
    struct jsonin *in, struct jsonin_value array, size_t i, int64_t max)
{
	const json_t *item = json_array_get(array.at, i);
	json_int_t number = json_integer_value(item);

	if (!in->spoilt && json_is_integer(item) && number >= 0 &&
	    number <= max)
		return number;
	jsonin_spoil(in, "an item");
	return 0;
}

const char *
jsonin_word(struct jsonin *in, struct jsonin_value of, const char *key)
{
	return json_string_value(get(in, of, key, JSON_STRING));
}

/* How long `text` is with every U+FFFD as one byte. */
static size_t
shrunk_len(const char *text)
{
	size_t len = strlen(text);

	while ((text = strstr(text, replacement)) != NULL) {
		text += REPLACEMENT_LEN;
		len -= REPLACEMENT_LEN - 1;
	}
	return len;
}

static void
shrink(const char *text, char *out)
{
	while (*text != '\0') {
		bool lost = strncmp(text, replacement, REPLACEMENT_LEN) == 0;

		*out++ = lost ? (char)NO_UTF8 : *text;
		text += lost ? REPLACEMENT_LEN : 1;
	}
	*out = '\0';
}

/* Copies `text` with its NUL and returns how many bytes that are, 0 if it has
 * no room even when shrunk. */
static size_t
copy(const char *text, bool small, char *out, size_t size)
{
	size_t len = small ? shrunk_len(text) : strlen(text);

	if (len >= size)
		return 0;
	if (small)
		shrink(text, out);
	else
		memcpy(out, text, len + 1);
	return len + 1;
}

bool
jsonin_text(struct jsonin *in, struct jsonin_value of, const char *key,
    char *out, size_t size)
{
	const char *text = jsonin_word(in, of, key);

	out[0] = '\0';
	if (text == NULL)
		return false;
	if (copy(text, false, out, size) > 0 || copy(text, true, out, size) > 0)
		return true;
	jsonin_spoil(in, key);
	return false;
}

/* All pairs of `object` in a row, 0 if they have no room or are not strings. */
static size_t
copy_pairs(json_t *object, bool small, char *out, size_t size)
{
	void *at = json_object_iter(object);
	size_t len = 0;

	for (; at != NULL; at = json_object_iter_next(object, at)) {
		const char *value =
		    json_string_value(json_object_iter_value(at));
		size_t more;

		if (value == NULL)
			return 0;
		more = copy(
		    json_object_iter_key(at), small, out + len, size - len);
		len += more;
		if (more > 0)
			more = copy(value, small, out + len, size - len);
		len += more;
		if (more == 0)
			return 0;
	}
	return len;
}

size_t
jsonin_pairs(struct jsonin *in, struct jsonin_value of, const char *key,
    char *out, size_t size)
{
	struct jsonin_value object = jsonin_object(in, of, key);
	size_t len;

	if (object.count == 0)
		return 0;
	len = copy_pairs(object.at, false, out, size);
	if (len == 0)
		len = copy_pairs(object.at, true, out, size);
	if (len == 0)
		jsonin_spoil(in, key);
	return len;
}

bool
jsonin_int(struct jsonin *in, struct jsonin_value of, const char *key,
    int64_t max, int64_t *out)
{
	const json_t *value = get(in, of, key, JSON_INTEGER);

	*out = json_integer_value(value);
	if (value == NULL)
		return false;
	if (*out >= 0 && *out <= max)
		return true;
	*out = 0;
	jsonin_spoil(in, key);
	return false;
}

bool
jsonin_bool(struct jsonin *in, struct jsonin_value of, const char *key)
{
	const json_t *value = json_object_get(of.at, key);

	if (in->spoilt || value == NULL)
		return false;
	if (!json_is_boolean(value))
		jsonin_spoil(in, key);
	return json_is_true(value);
}
