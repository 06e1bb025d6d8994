#!/bin/sh
# capture/classify.c compiles with every nDPI from 4.2 on: the probes of
# configure and the compiler are shown the interface of each, as
# tests/ndpi_stub.h has it.  CC names the compiler.
srcdir=${srcdir:-.}
tmp=$(mktemp -d ./ndpi.XXXXXX) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

# result NAME STATUS: one line of TAP, with $tmp/why if it failed.
result() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
	else
		head -n 20 "$tmp/why" | sed 's/^/# /'
		echo "not ok $n - $1"
	fi
}

# compile FLAG...: classify.c, as strictly as ever.
compile() {
	# shellcheck disable=SC2086 # CC may have arguments
	${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
		-Werror -D_DEFAULT_SOURCE "-I$srcdir" -I. "$@" \
		-fsyntax-only "$srcdir/capture/classify.c"
}

# version NAME STUB FEATURES: those that the probes must find.
version() {
	mkdir -p "$tmp/$1"
	printf '#define NDPI_STUB %s\n#include "tests/ndpi_stub.h"\n' "$2" \
		>"$tmp/$1/ndpi_api.h"
	# shellcheck disable=SC2086 # CC may have arguments
	has=$(sh "$srcdir/build-aux/ndpi-probes.sh" "$srcdir" ${CC:-cc} \
		"-I$tmp/$1" "-I$srcdir")
	found=$(echo "$has" | sed 's/ -DNDPI_HAS_/ /g; s/^ //')
	[ "$found" = "$3" ]
	status=$?
	echo "it has: $found" >"$tmp/why"
	result "what nDPI $1 can do is found out" $status
	# shellcheck disable=SC2086 # flags are words
	compile $has "-I$tmp/$1" >"$tmp/why" 2>&1
	result "nDPI $1 compiles" $?
}

version 4.2 402 'PREFS BITMASK JA3'
version 4.4 404 'PREFS BITMASK JA3'
version 4.6 406 'PREFS BITMASK INPUT_INFO JA3'
version 4.8 408 'PREFS BITMASK INPUT_INFO JA3'
version 4.10 410 'BITMASK FINALIZE_RESULT INPUT_INFO JA3'
version 4.11 411 'BITMASK FINALIZE_RESULT INPUT_INFO NESTED_PROTOCOL JA3'
version 4.12 412 'BITMASK FINALIZE_RESULT INPUT_INFO NESTED_PROTOCOL JA3'
version 4.14 414 'BITMASK FINALIZE_RESULT INPUT_INFO NESTED_PROTOCOL'
version 5.0 500 'FINALIZE_RESULT INPUT_INFO NESTED_PROTOCOL STATE'
version 5.1 501 \
	'FINALIZE_RESULT INPUT_INFO NESTED_PROTOCOL STATE SET_ALLOCATORS'

# What is none of these is left alone.
mkdir "$tmp/none"
: >"$tmp/none/ndpi_api.h"
# shellcheck disable=SC2086 # CC may have arguments
! sh "$srcdir/build-aux/ndpi-probes.sh" "$srcdir" ${CC:-cc} "-I$tmp/none" \
	>/dev/null
result 'a library that lacks what is needed is not taken' $?
echo "1..$n"
