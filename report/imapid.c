/* SPDX-License-Identifier: ISC */
#include "report/imapid.h"

#include <string.h>

enum {
	PAIRS_MAX = 30, /* RFC 2971, 3.3: no more are sent */
	KEY_MAX = 30,   /* and field names are no longer, in bytes */
};

/*
 * pair_next takes a key and its value, both ending in NUL, from the front of
 * the `*len` bytes at `*at`.
 */
static bool
pair_next(const char **at, size_t *len, const char **key, const char **value)
{
	const char *out[2];

	for (size_t i = 0; i < 2; i++) {
		const char *nul = *len > 0 ? memchr(*at, '\0', *len) : NULL;

		if (nul == NULL)
			return false;
		out[i] = *at;
		*len -= (size_t)(nul + 1 - *at);
		*at = nul + 1;
	}
	*key = out[0];
	*value = out[1];
	return true;
}

/* struct keys is the keys written so far, as they are written. */
struct keys {
	struct {
		char text[6 * KEY_MAX + 2];
		size_t len;
	} of[PAIRS_MAX];
	size_t count;
};

/* Two keys are one when they are written alike: a reader of JSON would take
 * only one of them, and not all take the first. */
static bool
key_is_new(struct keys *keys, const char *key)
{
	struct jsonout text = { .to = keys->of[keys->count].text,
		.size = sizeof(keys->of[0].text) };

	jsonout_string(&text, NULL, key, strlen(key));
	for (size_t i = 0; i < keys->count; i++)
		if (keys->of[i].len == text.len &&
		    memcmp(keys->of[i].text, text.to, text.len) == 0)
			return false;
	keys->of[keys->count++].len = text.len;
	return true;
}

void
imapid_write(struct jsonout *j, const char *key, const char *pairs, size_t len)
{
	struct jsonout before = *j;
	const char *field, *value;
	struct keys keys;

	keys.count = 0;
	jsonout_open(j, key, '{');
	while (
	    keys.count < PAIRS_MAX && pair_next(&pairs, &len, &field, &value)) {
		if (strlen(field) > KEY_MAX || !key_is_new(&keys, field))
			continue;
		jsonout_key(j, field, strlen(field));
		jsonout_string(j, NULL, value, strlen(value));
	}
	if (keys.count > 0)
		jsonout_close(j, '}');
	else
		*j = before;
}
