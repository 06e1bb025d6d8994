/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "report/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct trust *trust;
	struct certificate out;

	/* The system's authorities, so that chains are followed too. */
	if (trust == NULL && trust_open(NULL, &trust) != 0)
		abort();
	certificate_read(
	    trust, bytes_of(data, len), "mail.example", 1700000000000000, &out);
	if (memchr(out.subject, '\0', sizeof(out.subject)) == NULL ||
	    memchr(out.issuer, '\0', sizeof(out.issuer)) == NULL ||
	    memchr(out.name, '\0', sizeof(out.name)) == NULL)
		abort();
	return 0;
}
