#!/bin/sh
# How many instructions mailtls takes for small workloads, by callgrind, against
# the figures of tests/speed.tsv: the same everywhere that the same compiler and
# libraries are, however busy the machine is.  What it takes to start is not
# counted.  With --update, writes the figures anew.
srcdir=${srcdir:-.}
update=${1:-}
figures=$srcdir/tests/speed.tsv
slack=5 # hundredths

skip() {
	echo "1..0 # SKIP $*"
	exit 0
}

# with: what the figures depend on besides our own code.
with() {
	printf '%s; %s; libpcap %s; libcrypto %s; %s; avx2 %s\n' \
		"$(${CC:-cc} --version | head -n 1), $(uname -m)" \
		"$(getconf GNU_LIBC_VERSION)" \
		"$(pkg-config --modversion libpcap)" \
		"$(pkg-config --modversion libcrypto)" \
		"$(valgrind --version)" \
		"$(grep -cw -m 1 avx2 /proc/cpuinfo)"
}

# workload NAME: writes it, and prints the path of its capture.
workload() {
	# shellcheck disable=SC2046 # some words a workload
	set -- "$1" $(echo "$workloads" | sed -n "s/^$1 //p")
	tests/bench/mailgen "$2" "$3" "$4" "$dir/$1.pcap" "$dir/$1.tsv" || exit 1
	echo "$dir/$1.pcap"
}

# count CAPTURE: prints how many instructions it takes.
count() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		./mailtls analyze --quiet --jobs 1 --format ndjson --ca none \
		--oui "$srcdir/tests/oui.csv" --output "$dir/records" \
		"$1" 2>&1 | sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}

# name kind count seed
workloads='mail mail 400 22
day day 8 11
flood flood 4000 33
nasty nasty 400 44'

command -v valgrind >/dev/null || skip 'there is no valgrind'
command -v pkg-config >/dev/null || skip 'there is no pkg-config'
case "${CFLAGS-?}/${INSTRUMENTED-?}" in
'-g -O2/') ;;
*) skip 'not built as it is by default' ;;
esac
here=$(with)
if [ "$update" != --update ] &&
	[ "$(sed -n 's/^with	//p' "$figures")" != "$here" ]; then
	skip "the figures are not those of $here"
fi

dir=$(mktemp -d ./speed.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
tests/bench/mailgen mail 1 22 "$dir/one.pcap" "$dir/one.tsv" || exit 1
start=$(count "$dir/one.pcap")
names=$(echo "$workloads" | cut -d ' ' -f 1)
for name in $names; do
	taken=$(count "$(workload "$name")")
	printf '%s\t%s\n' "$name" "$((${taken:-0} - ${start:-0}))"
done >"$dir/taken"

if [ "$update" = --update ]; then
	{
		sed -n '/^#/p' "$figures"
		printf 'with\t%s\n' "$here"
		cat "$dir/taken"
	} >"$dir/figures"
	cat "$dir/figures" >"$figures"
	exit
fi
echo "1..$(echo "$names" | wc -l)"
number=0
while read -r name taken; do
	number=$((number + 1))
	expected=$(sed -n "s/^$name	//p" "$figures")
	most=$((expected + expected * slack / 100))
	[ "$taken" -gt 0 ] && [ "$taken" -le "$most" ] || printf 'not '
	echo "ok $number - $name takes no more instructions than before"
	echo "# $name: $taken instructions, $expected expected"
	[ "$taken" -ge "$((expected - expected * slack / 100))" ] ||
		echo "# $name takes less now: make speed notes it"
done <"$dir/taken"
