/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_RECORD_H
#define MAILTLS_DISSECT_RECORD_H

#include "dissect/bytes.h"

/* The TLS record layer (RFC 5246 6.2.1, RFC 8446 5.1), read as a stream. */

enum content_type {
	RECORD_CHANGE_CIPHER_SPEC = 20,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_APPLICATION_DATA = 23,
	RECORD_HEARTBEAT = 24,
};

enum {
	RECORD_HEADER_LEN = 5,
	RECORD_LEN_MAX = 16384 + 2048, /* RFC 5246 6.2.3 */
};

enum progress {
	MORE, /* all input was used up, more is needed */
	DONE, /* `*out` is filled in */
	BAD,  /* this is no record */
};

/* struct record_reader is one direction's place in its records.  Zeroed, it
 * stands before the first one. */
struct record_reader {
	uint8_t header[RECORD_HEADER_LEN];
	uint8_t have;  /* bytes of the header */
	uint16_t left; /* bytes of the body still to come */
	uint16_t len;  /* of the whole body */
};

/* A piece of one record's body: all of it, or as much as has come. */
struct record {
	uint8_t type;       /* enum content_type */
	uint16_t version;   /* says nothing about what is negotiated */
	uint16_t len;       /* of the whole body */
	struct bytes piece; /* borrowed from the input */
	bool first, last;   /* the piece begins, ends the body */
};

/*
 * record_next takes the next piece of a record from the front of `data`.  How
 * the stream is cut into calls does not matter but for where pieces are cut.
 * A type outside 20 to 24, a version that is not 3.x with x at most 4, or a
 * length of over RECORD_LEN_MAX is BAD, and so is every call after it.  An
 * empty body gives one empty piece.
 */
enum progress record_next(
    struct record_reader *r, struct bytes *data, struct record *out);

#endif
