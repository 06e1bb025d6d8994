#!/bin/sh
# headers.sh HEADER...: compiles each header alone, so that it includes all
# that it needs.
for header in "$@"; do
	echo "#include \"$header\"" |
		${CC:-cc} -I. -D_DEFAULT_SOURCE -std=c11 -Wall -Wextra -Werror \
			-fsyntax-only -x c - || {
		echo "$header: does not stand alone" >&2
		exit 1
	}
done
