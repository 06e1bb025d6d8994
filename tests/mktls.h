/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKTLS_H
#define MAILTLS_TESTS_MKTLS_H

#include "tests/mkhello.h"
#include "tests/mktalk.h"

/*
 * TLS messages in the making: well formed, never meant.  What would be
 * encrypted is noise, and no key belongs to the certificate.
 */

enum {
	RECORD_CCS = 20,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
	ALERT_WARNING = 1,
	ALERT_FATAL = 2,
	MKTLS_CERTIFICATE_LEN = 358,
};

/* mktls_record appends a record, and _records as many as it takes to keep
 * each at most `most` bytes. */
void mktls_record(struct mkbytes *b, unsigned type, unsigned version,
    const void *data, size_t len);
void mktls_records(struct mkbytes *b, unsigned type, unsigned version,
    const struct mkbytes *body, size_t most);

/* What goes over the wire, step by step. */
void mktls_say_hello(struct mktalk *t, const struct mkoffer *offer);
void mktls_say_answer(struct mktalk *t, const struct mkdeal *deal);
void mktls_say_finished(struct mktalk *t, const struct mkdeal *deal);
void mktls_say_data(struct mktalk *t, enum side from, size_t len);
void mktls_say_alert(struct mktalk *t, enum side from, unsigned version,
    unsigned level, unsigned code);

/* mktls_handshake is hello, answer, finished and some data both ways. */
void mktls_handshake(struct mktalk *t, const struct mkdeal *deal);

/* mktls_certificate is what servers send. */
extern const uint8_t mktls_certificate[MKTLS_CERTIFICATE_LEN];

#endif
