#!/bin/sh
# profile.sh CAPTURE: where the instructions go that mailtls takes to read one,
# by callgrind, and how many there are in all: the same at every run.
srcdir=${srcdir:-.}
dir=$(mktemp -d ./profile.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
valgrind --tool=callgrind --callgrind-out-file="$dir/out" \
	./mailtls analyze --quiet --jobs 1 --format ndjson --ca none \
	--oui "$srcdir/tests/oui.csv" --output "$dir/records" "$1" \
	2>"$dir/told" || {
	cat "$dir/told" >&2
	exit 1
}
callgrind_annotate --auto=no "$dir/out" |
	sed -n 's|/[^ ]*/\.\./||; /^ *[0-9,]* ([ 0-9.]*%)/p' | head -n 40
