#!/bin/sh
# Runs mailtls on each capture of pcaps/ and compares what it says:
#   with NAME.expect, which was written by hand and is never rewritten here,
#   with NAME.ndjson and NAME.txt, byte for byte.
# golden.sh --update rewrites NAME.ndjson and NAME.txt; read `git diff` then.
# MAILTLS names another program, MAILTLS_CORPUS a folder with more captures,
# their truth, and a script `score` that compares the two.
TZ=UTC0 LC_ALL=C
export TZ LC_ALL

here=$(pwd)
srcdir=$(cd "${srcdir:-.}" && pwd) || exit 1
mailtls=${MAILTLS:-$here/mailtls}
mkpcaps=${MKPCAPS:-$here/tests/mkpcaps}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

# result TEST-STATUS NAME: one line of TAP, with $tmp/why if it failed.
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		sed 's/^/# /' "$tmp/why"
		echo "not ok $n - $2"
	fi
}

# directive WORD FILE: what follows WORD at the start of a line.
directive() {
	sed -n "s/^$1 //p" "$2"
}

# run NAME FORMAT: into $tmp/NAME.FORMAT; complains of a wrong exit status.
run() {
	status=$(directive exit "$1.expect")
	# shellcheck disable=SC2046 # arguments are words
	timeout -s KILL 20 "$mailtls" analyze --ca none --format "$2" \
		$(directive args "$1.expect") "$1.pcap" \
		>"$tmp/$1.$2" 2>"$tmp/stderr"
	got=$?
	if [ "$got" -ne "${status:-0}" ]; then
		echo "$2: exit status $got, want ${status:-0}"
		head -n 20 "$tmp/stderr"
	fi
}

# expected NAME: what is not as NAME.expect says.
expected() {
	jq -n -r --rawfile expect "$1.expect" \
		--slurpfile records "$tmp/$1.ndjson" \
		-f "$srcdir/tests/golden.jq" 2>&1
}

# same NAME: what differs from the files beside the capture.
same() {
	diff -u "$1.ndjson" "$tmp/$1.ndjson" 2>&1 | head -n 10
	diff -u "$1.txt" "$tmp/$1.text" 2>&1 | head -n 20
}

# update NAME: takes what mailtls says now for right.
update() {
	cp "$tmp/$1.ndjson" "$1.ndjson" && cp "$tmp/$1.text" "$1.txt"
}

# check NAME: all of it; what went wrong, on standard output.
check() {
	if run "$1" ndjson | grep . || run "$1" text | grep .; then
		return
	fi
	expected "$1"
	$compare "$1"
}

# reproduced: which captures mkpcaps writes otherwise than they are here.
reproduced() {
	mkdir "$tmp/made" && "$mkpcaps" "$tmp/made" || return
	for made in "$tmp/made"/*.pcap; do
		cmp "$made" "$(basename "$made")" 2>&1
	done
}

compare=same
[ "$1" = --update ] && compare=update
if ! command -v jq >/dev/null; then
	echo "1..0 # SKIP jq is not installed"
	exit 0
fi
cd "$srcdir/pcaps" || exit 1
for capture in *.pcap; do
	name=${capture%.pcap}
	check "$name" >"$tmp/why" 2>&1
	[ ! -s "$tmp/why" ]
	result $? "$name"
done

reproduced >"$tmp/why" 2>&1
[ ! -s "$tmp/why" ]
result $? "mkpcaps writes the synthetic captures as they are"

for capture in *.pcap; do
	grep -q "^$capture " README || echo "$capture is not in pcaps/README"
done >"$tmp/why"
[ ! -s "$tmp/why" ]
result $? "pcaps/README names every capture"

if [ -n "$MAILTLS_CORPUS" ]; then
	"$MAILTLS_CORPUS/score" "$mailtls" >"$tmp/why" 2>&1
	result $? "the corpus in MAILTLS_CORPUS"
else
	n=$((n + 1))
	echo "ok $n - the corpus # SKIP MAILTLS_CORPUS is not set"
fi
echo "1..$n"
