#!/bin/sh
# The machine formats, read back with what others read them with: JSON against
# the schemas of docs/, mail, CSV, Zeek's log, and Prometheus' own promtool.
# MAILTLS_TOOLS is a folder with promtool in it, where that is not installed.
TZ=UTC0 LC_ALL=C SOURCE_DATE_EPOCH=1653243060
export TZ LC_ALL SOURCE_DATE_EPOCH

srcdir=${srcdir:-.}
PATH=$PATH:${MAILTLS_TOOLS:-./tools}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# skip REASON: there is nothing to be tested with.
skip() {
	echo "1..0 # SKIP $1"
	exit 0
}

# write FORMAT FILE CAPTURE...: what mailtls says in that format.
write() {
	format=$1 file=$2
	shift 2
	./mailtls analyze --ca none --quiet --format "$format" \
		--mail-to 'home@example.test' --mail-from 'mailtls@example.test' \
		--devices "$srcdir/tests/household.names" -o "$tmp/$file" "$@" \
		2>/dev/null
}

# Debian's module is for Debian's Python.
for python in /usr/bin/python3 python3; do
	"$python" -c 'import jsonschema.validators as v; v.Draft202012Validator' \
		2>/dev/null && break
	python=
done
[ -n "$python" ] || skip 'python3-jsonschema (4.0 or later) is not installed'

home=$srcdir/pcaps/household.pcap
for format in csv mail prometheus zeek ndjson text json; do
	write $format household.$format "$home"
done
COLUMNS=72 write text household.text "$home"
mkdir "$tmp/reports"
for capture in "$srcdir"/pcaps/*.pcap; do
	write json "reports/$(basename "$capture").json" "$capture"
done
# A period that has one before it, and one without.
tests/mkhome "$srcdir/pcaps/household.ndjson" 22 15 "$tmp/home.db" &&
	for until in 2022-02-06 2022-01-23; do
		./mailtls report --store "$tmp/home.db" --period week \
			--until $until --format json \
			-o "$tmp/reports/$until.json" || exit 1
	done
"$python" -W ignore "$srcdir/tests/formats.py" "$srcdir" "$tmp" \
	"$(command -v promtool)"
