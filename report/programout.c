/* SPDX-License-Identifier: ISC */
#include "report/programout.h"

void
programout_write(struct jsonout *j, const struct program *program)
{
	const char *evidence;

	if (program->evidence == 0)
		return;
	jsonout_open(j, "program", '{');
	jsonout_word(j, "name", program_name(program));
	jsonout_word(j, "library", program->library);
	if (program->count > 0) {
		jsonout_open(j, "candidates", '[');
		for (size_t i = 0; i < program->count; i++)
			jsonout_word(j, NULL, program->candidates[i]);
		jsonout_close(j, ']');
	}
	jsonout_open(j, "evidence", '[');
	for (unsigned bit = 0; (evidence = program_evidence_name(bit)) != NULL;
	     bit++)
		if (program->evidence >> bit & 1)
			jsonout_word(j, NULL, evidence);
	jsonout_close(j, ']');
	jsonout_close(j, '}');
}
