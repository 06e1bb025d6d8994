/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include <errno.h>

int
report_end(FILE *out)
{
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	return errno != 0 ? -errno : -EIO;
}
