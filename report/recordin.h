/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_RECORDIN_H
#define MAILTLS_REPORT_RECORDIN_H

#include "report/identify.h"
#include "report/jsonin.h"

enum {
	/* Names of programs and libraries that this build does not know; of
	 * more, those that come later are left out. */
	RECORDIN_NAMES_MAX = 1024,
	RECORDIN_MESSAGE_MAX = 128,
};

/*
 * struct recordin reads records back that ndjson_format wrote (report/ndjson.h):
 * writing one again gives the same line.  What records do not tell is as if it
 * had not been seen.
 */
struct recordin;

/* recordin_new returns one; the programs that it names last as long as it.
 * Dies without memory. */
struct recordin *recordin_new(void);
void recordin_free(struct recordin *reader);

/*
 * recordin_read reads the `len` bytes at `line`, a record, into `*c` and
 * `*who`.  It returns false, with a sentence in `message`, when it is none, or
 * holds anything that no record holds; keys that are not known are passed over.
 */
bool recordin_read(struct recordin *reader, const char *line, size_t len,
    struct connection *c, struct identity *who,
    char message[RECORDIN_MESSAGE_MAX]);

/* recordin_take does so for a line that is open, and spoils `in` if need be. */
void recordin_take(struct recordin *reader, struct jsonin *in,
    struct connection *c, struct identity *who);

/* recordin_device reads what records say of a device, and its vendor class. */
void recordin_device(
    struct jsonin *in, struct jsonin_value device, struct device_name *out);

#endif
