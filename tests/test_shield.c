/* SPDX-License-Identifier: ISC */
#include "report/shield.h"

#include <string.h>

#include "tests/kit.h"

#define JA4_A         "t13d311000_aaaaaaaaaaaa_000000000001"
#define JA4_A_RESUMED "t13d311100_aaaaaaaaaaaa_000000000009"
#define JA4_B         "t13d311000_bbbbbbbbbbbb_000000000001"

enum {
	ENTRIES_MAX = 3,
};

/* A device, as its entries show it; up to one without a talk library. */
static const struct row {
	const char *name;
	struct {
		const char *ja4, *talk_library;
	} entries[ENTRIES_MAX];
	bool likely;
} rows[] = {
	{ "programs of two libraries with one offer have something before them",
	    { { JA4_A, "nss" }, { JA4_A, "" }, { JA4_A_RESUMED, "gnutls" } },
	    true },
	{ "programs of one library with one offer have not",
	    { { JA4_A, "nss" }, { JA4_A, "nss" }, { JA4_A, "" } }, false },
	{ "programs with offers of their own have not",
	    { { JA4_A, "nss" }, { JA4_B, "gnutls" }, { JA4_A, "nss" } },
	    false },
	{ "one program with another offer shows that nothing is before it",
	    { { JA4_A, "nss" }, { JA4_A, "gnutls" }, { JA4_B, "" } }, false },
	{ "a login in the clear offers nothing",
	    { { "", "nss" }, { JA4_A, "gnutls" }, { JA4_A, "" } }, false },
	{ "what does not talk before TLS says nothing",
	    { { JA4_A, "" }, { JA4_A, "" }, { JA4_A, "" } }, false },
};

static void
it_is_as_the_name_says(void **state)
{
	const struct row *row = *state;
	struct entry entries[ENTRIES_MAX];
	const struct entry *all[ENTRIES_MAX];
	struct device device = { .entries = all, .count = ENTRIES_MAX };

	memset(entries, 0, sizeof(entries));
	for (size_t i = 0; i < ENTRIES_MAX; i++) {
		all[i] = &entries[i];
		memcpy(entries[i].ja4, row->entries[i].ja4,
		    strlen(row->entries[i].ja4));
		entries[i].program.talk_library = row->entries[i].talk_library;
	}
	assert_int_equal(shield_say(&device) != NULL, row->likely);
}

static void
what_is_not_known_of_anybody_says_nothing(void **state)
{
	struct entry entry = { .ja4 = JA4_A };
	const struct entry *all[] = { &entry };
	struct device device = { .entries = all, .count = 1 };

	(void)state;
	assert_null(shield_say(&device));
	device.count = 0;
	assert_null(shield_say(&device));
}

int
main(void)
{
	enum {
		ROWS = sizeof(rows) / sizeof(rows[0]),
	};
	struct CMUnitTest tests[ROWS + 1] = {
		[ROWS] =
		    cmocka_unit_test(what_is_not_known_of_anybody_says_nothing),
	};

	/* A row reports under its own name; state is not written through. */
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = it_is_as_the_name_says,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("shield", tests, NULL, NULL);
}
