#!/bin/sh
# ndpi-probes.sh SRCDIR COMPILER...: prints a -DNDPI_HAS_x for each x that the
# nDPI has which COMPILER, with its arguments, finds; fails where that has not
# even what all versions from 4.2 on have.  See build-aux/ndpi-probes.c.
srcdir=$1
shift

# has PROBE COMPILER...
has() {
	probe=$1
	shift
	"$@" -Werror=implicit-function-declaration \
		-Werror=incompatible-pointer-types -Werror=int-conversion \
		-fsyntax-only -D_DEFAULT_SOURCE "-DPROBE_$probe" \
		"$srcdir/build-aux/ndpi-probes.c" 2>/dev/null
}

has API "$@" || exit 1
for probe in PREFS BITMASK FINALIZE_RESULT INPUT_INFO NESTED_PROTOCOL STATE \
	SET_ALLOCATORS JA3; do
	if has "$probe" "$@"; then
		printf ' -DNDPI_HAS_%s' "$probe"
	fi
done
echo
