/* SPDX-License-Identifier: ISC */
/*
 * Stands in for libFuzzer: runs a fuzz target over the files named on the
 * command line, so every corpus is a regression test under any compiler.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* replay hands over a block of exactly the file's size, so that a sanitizer
 * sees a read past its end. */
static int
replay(const char *path)
{
	static uint8_t buffer[1 << 20];
	FILE *file = fopen(path, "rb");
	uint8_t *exact;
	size_t len;

	if (file == NULL) {
		perror(path);
		return -1;
	}
	len = fread(buffer, 1, sizeof(buffer), file);
	fclose(file);
	exact = malloc(len > 0 ? len : 1);
	if (exact == NULL)
		return -1;
	memcpy(exact, buffer, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return 0;
}

int
main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) != 0)
			return 1;
	return 0;
}
