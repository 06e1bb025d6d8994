#!/bin/sh
# However many threads work on captures, the same bytes come out: of each capture
# of pcaps/, of all of them at once, several times over, in every format, and
# what is counted.  MAILTLS names another program, MAILTLS_CORPUS a folder with
# more captures (see golden.sh), MAILTLS_LARGE more of them, larger ones.
TZ=UTC0 LC_ALL=C SOURCE_DATE_EPOCH=1653000000
export TZ LC_ALL SOURCE_DATE_EPOCH

here=$(pwd)
srcdir=$(cd "${srcdir:-.}" && pwd) || exit 1
mailtls=${MAILTLS:-$here/mailtls}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

# result NAME: one line of TAP; $tmp/why says what is wrong, if anything.
result() {
	n=$((n + 1))
	if [ ! -s "$tmp/why" ]; then
		echo "ok $n - $1"
	else
		head -n 20 "$tmp/why" | sed 's/^/# /'
		echo "not ok $n - $1"
	fi
}

# analyze JOBS ARGUMENT...: output, what is counted and the status, in files
# that begin with $tmp/JOBS.  How much memory the program took up in all is a
# figure of its own.
analyze() {
	jobs=$1
	shift
	"$mailtls" analyze -q --ca none --stats --jobs "$jobs" "$@" \
		>"$tmp/$jobs.out" 2>"$tmp/$jobs.all"
	echo $? >"$tmp/$jobs.status"
	grep -v '^resident_peak' "$tmp/$jobs.all" >"$tmp/$jobs.err"
}

# compare JOBS: with what one thread made of the same, in $tmp/1.*.
compare() {
	for what in out err status; do
		cmp "$tmp/1.$what" "$tmp/$1.$what" 2>&1
	done
}

# same NAME ARGUMENT...: whatever the number of threads.
same() {
	name=$1
	shift
	analyze 1 "$@"
	for count in 2 3 8; do
		analyze $count "$@"
		compare $count
	done >"$tmp/why"
	[ -s "$tmp/1.out" ] || echo 'nothing came out' >>"$tmp/why"
	result "$name"
}

# each FOLDER: its captures one by one, by one thread and by three.
each() {
	find "$1" -name '*.pcap' -o -name '*.pcapng' -o -name '*.pcap.gz' |
		while read -r capture; do
			analyze 1 -f ndjson "$capture"
			analyze 3 -f ndjson "$capture"
			compare 3 | sed "s|^|$capture: |"
		done
}

each "$srcdir/pcaps" >"$tmp/why"
result 'the captures, one by one'

# So many that loads are full.
again=
for i in 1 2 3 4 5 6; do
	cp -R "$srcdir/pcaps" "$tmp/$i" && again="$again $tmp/$i"
done
for format in ndjson zeek text json html csv prometheus; do
	# shellcheck disable=SC2086 # these are words
	same "all captures, $format" -f $format $again
done
# shellcheck disable=SC2086
{
	same 'all captures, mail' -f mail --mail-to a@example.net \
		--mail-from b@example.net $again
	same 'all captures, all ports' -f ndjson -p 1-65535 $again
	same 'all captures, any port' -f ndjson --any-port $again
	same 'all captures, little memory' -f ndjson --memory 1M $again
	same 'all captures, less memory' -f ndjson --memory 20M $again
	same 'all captures, much memory' -f ndjson --memory 256M $again
	same 'all captures, filtered' -f ndjson --filter 'port 993' $again
}

# store JOBS: what is in a store afterwards.
store() {
	rm -f "$tmp/$1.db"
	# shellcheck disable=SC2086
	"$mailtls" analyze -q --ca none --jobs "$1" --store "$tmp/$1.db" \
		$again >"$tmp/$1.out" 2>"$tmp/$1.err"
	echo $? >"$tmp/$1.status"
	"$mailtls" store export --store "$tmp/$1.db" >>"$tmp/$1.out"
}
store 1
store 3
compare 3 >"$tmp/why"
result 'all captures, into a store'

# input JOBS: the longest capture from standard input.
longest=$(find "$srcdir/pcaps" -name '*.pcap' -size +100k | sort | tail -n 1)
analyze 1 -f ndjson - <"$longest"
for count in 2 3; do
	analyze $count -f ndjson - <"$longest"
	compare $count
done >"$tmp/why"
result 'standard input'

# A capture that ends inside a packet: what there is, and that it failed.
size=$(wc -c <"$longest")
head -c $((size - 7)) "$longest" >"$tmp/cut.pcap"
same 'a capture that is cut' -f ndjson "$tmp/cut.pcap"
[ "$(cat "$tmp/3.status")" -eq 1 ] || echo 'no failure' >"$tmp/why"
result 'a capture that is cut is a failure'

# A disk that is full, found by whoever writes.
: >"$tmp/why"
if [ -w /dev/full ]; then
	# shellcheck disable=SC2086
	"$mailtls" analyze -q --ca none --jobs 3 -f ndjson -o /dev/full \
		$again 2>"$tmp/said"
	[ $? -eq 1 ] || echo 'no failure'
	[ "$(grep -c /dev/full "$tmp/said")" -eq 1 ] || cat "$tmp/said"
fi >"$tmp/why"
result 'a full disk is said once, and a failure'

# interrupted JOBS: a pipe that nobody writes to any more; into $tmp/status.
mkfifo "$tmp/pipe"
interrupted() {
	timeout -s KILL 20 "$mailtls" analyze -q --ca none --jobs "$1" \
		-f ndjson "$tmp/pipe" >"$tmp/said" 2>&1 &
	exec 4>"$tmp/pipe"
	cat "$longest" >&4
	kill -INT $!
	wait $!
	echo $? >"$tmp/status"
	exec 4>&-
	[ "$(cat "$tmp/status")" -eq 0 ] || cat "$tmp/status" "$tmp/said"
}
for count in 1 3; do
	interrupted $count
done >"$tmp/why"
result 'an interrupt ends it, with what was read'

for option in '--jobs 0' '--jobs x' '--jobs 2000'; do
	# shellcheck disable=SC2086
	"$mailtls" analyze $option "$longest" >"$tmp/said" 2>&1
	[ $? -eq 2 ] && grep -q 'from 1 to 1024' "$tmp/said" ||
		echo "$option: $(cat "$tmp/said")"
done >"$tmp/why"
result 'a number of threads that makes no sense is refused'

for folder in "$MAILTLS_CORPUS" "$MAILTLS_LARGE"; do
	if [ -n "$folder" ]; then
		each "$folder" >"$tmp/why"
		result "captures in $folder"
	fi
done
echo "1..$n"
