/* SPDX-License-Identifier: ISC */
#include "report/shield.h"

#include <string.h>

#include "report/language.h"

enum {
	JA4_SUITES_AT = 11,
	JA4_SUITES_LEN = 12,
};

static bool
is_likely(const struct device *device)
{
	const char *suites = NULL, *library = NULL;
	bool several = false;

	for (size_t i = 0; i < device->count; i++) {
		const struct entry *entry = device->entries[i];
		const char *by_talk = entry->program.talk_library;

		if (entry->ja4[0] == '\0')
			continue;
		if (suites == NULL)
			suites = entry->ja4 + JA4_SUITES_AT;
		if (strncmp(suites, entry->ja4 + JA4_SUITES_AT,
			JA4_SUITES_LEN) != 0)
			return false;
		if (by_talk == NULL || by_talk[0] == '\0')
			continue;
		if (library == NULL)
			library = by_talk;
		several |= strcmp(library, by_talk) != 0;
	}
	return several;
}

const char *
shield_say(const struct device *device)
{
	if (!is_likely(device))
		return NULL;
	return _("All its mail programs make the same offer, which is not "
		 "their own: a virus scanner that looks at mail, or the like, "
		 "seems to make it in their place.");
}
