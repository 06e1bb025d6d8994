/* SPDX-License-Identifier: ISC */
/* Includes cmocka the way it asks to be, and the helpers tests share. */
#ifndef MAILTLS_TESTS_KIT_H
#define MAILTLS_TESTS_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dissect/bytes.h"

/*
 * exact_copy returns `len` bytes at `data` in a heap block of exactly that
 * size, so that a sanitizer sees a read one byte past the end.  The caller
 * frees it with free().
 */
uint8_t *exact_copy(const void *data, size_t len);

/*
 * mutate calls `subject` with every truncation of the `len` bytes at `data`
 * and then with every single bit of them flipped, each in a block of exactly
 * its size.  `cut` is the length left, or `len` for a flipped bit.
 */
void mutate(const void *data, size_t len,
    void (*subject)(struct bytes mutant, size_t cut, void *arg), void *arg);

/*
 * hex reads hexadecimal digits, blanks and newlines between them left out,
 * into the `size` bytes at `out` and returns how many bytes that made.  The
 * test fails on anything else.
 */
size_t hex(const char *digits, uint8_t *out, size_t size);

/*
 * random_next returns the next number of a generator whose state is `*state`
 * (splitmix64): the same everywhere for the same seed.
 */
uint64_t random_next(uint64_t *state);

#endif
