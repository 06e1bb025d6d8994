#!/bin/sh
# Programs are named right: those of recordings that report/programs.tsv was not
# made of, pcaps/aside.pcap.gz, and those of the corpus in MAILTLS_CORPUS.
srcdir=${srcdir:-.}
mailtls=${MAILTLS:-$PWD/mailtls}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

# result STATUS NAME: one line of TAP, with $tmp/why if it failed.
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		sed 's/^/# /' "$tmp/why"
		echo "not ok $n - $2"
	fi
}

# records FILE: what mailtls says of one capture.
records() {
	"$mailtls" analyze --quiet --ca none --format ndjson "$1" 2>/dev/null
}

# figures TRUTH: those of $tmp/records, into $tmp/why.
figures() {
	jq -s --slurpfile truth "$1" -f "$srcdir/tests/who.jq" "$tmp/records" \
		>"$tmp/why"
}

# holds CONDITION NAME: it does, of the figures.
holds() {
	jq -e "$1" "$tmp/why" >"$tmp/said"
	result $? "$2"
}

# required WHERE: what is asked of the figures, which are shown.
required() {
	tr -d '\n{}' <"$tmp/why" | sed 's/^/#/' && echo
	holds '.connections > 100' "$1: there are connections"
	holds '.library >= 99' "$1: the TLS library is right"
	holds '.among >= 95' "$1: the program is among the candidates"
	holds '.wrong <= 1' "$1: none is named and wrong"
	holds '.median <= 3' "$1: after a talk in the clear they are few"
}

# corpus: the captures in MAILTLS_CORPUS of which is known what was run.  One
# port may be used again in another file, so keys have the file's name.
corpus() {
	jq -c 'select(.program) | { file, program, library: .tls_library,
		client: "\(.file) \(.client)", server }' \
		"$MAILTLS_CORPUS/truth.jsonl" >"$tmp/truth"
	jq -r .file "$tmp/truth" | sort -u | while read -r file; do
		records "$MAILTLS_CORPUS/$file" |
			jq -c --arg file "$file" '. + { file: $file }'
	done >"$tmp/records"
}

# unnamed TRUTH REPORT: devices and programs that are not in the report.
unnamed() {
	jq -r '.device, .program' "$1" | sort -u | while read -r name; do
		grep -qF -- "$name" "$2" || echo "$name"
	done
}

if ! command -v jq >/dev/null; then
	echo "1..0 # SKIP jq is not installed"
	exit 0
fi

awk -F '\t' '!/^#/ {
	printf "{\"client\":\"%s\",\"server\":\"%s\",\"program\":\"%s\",", \
	    $1, $2, $3
	printf "\"library\":\"%s\"}\n", $4
}' "$srcdir/pcaps/aside.tsv" >"$tmp/truth"
records "$srcdir/pcaps/aside.pcap.gz" >"$tmp/records"
figures "$tmp/truth"
required 'kept aside'

if [ -z "$MAILTLS_CORPUS" ]; then
	n=$((n + 1))
	echo "ok $n - the corpus # SKIP MAILTLS_CORPUS is not set"
	echo "1..$n"
	exit 0
fi
corpus
figures "$tmp/truth"
required 'corpus'
household=clients/mixed-household.pcap
COLUMNS=999 "$mailtls" analyze --quiet "$MAILTLS_CORPUS/$household" \
	>"$tmp/report"
grep "\"$household\"" "$MAILTLS_CORPUS/truth.jsonl" >"$tmp/truth"
unnamed "$tmp/truth" "$tmp/report" >"$tmp/why"
[ ! -s "$tmp/why" ]
result $? 'corpus: the report names every device and program of a household'
echo "1..$n"
