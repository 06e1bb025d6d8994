/* SPDX-License-Identifier: ISC */
/* Whatever a line says once it was read and written, it keeps saying. */
#include <stdint.h>
#include <string.h>

#include "report/ndjson.h"
#include "report/recordin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char line[NDJSON_LINE_MAX], again[NDJSON_LINE_MAX];
	struct recordin *reader = recordin_new();
	char message[RECORDIN_MESSAGE_MAX];
	struct connection c;
	struct identity who;
	size_t line_len;

	if (recordin_read(reader, (const char *)data, len, &c, &who, message)) {
		line_len = ndjson_format(&c, &who, line, sizeof(line));
		if (!recordin_read(reader, line, line_len, &c, &who, message))
			__builtin_trap();
		if (ndjson_format(&c, &who, again, sizeof(again)) != line_len ||
		    memcmp(line, again, line_len) != 0)
			__builtin_trap();
	}
	recordin_free(reader);
	return 0;
}
