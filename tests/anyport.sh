#!/bin/sh
# Mail on any port: captures whose servers were moved to random high ports, and
# what is not mail.  MAILTLS names another program, MAILTLS_CORPUS a folder with
# more captures and their truth (see golden.sh).
TZ=UTC0 LC_ALL=C
export TZ LC_ALL

here=$(pwd)
srcdir=$(cd "${srcdir:-.}" && pwd) || exit 1
mailtls=${MAILTLS:-$here/mailtls}
moveports=${MOVEPORTS:-$here/tests/moveports}
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

# analyze ARGUMENT...: records, on standard output.
analyze() {
	"$mailtls" analyze -q --ca none --format ndjson "$@"
}

# facts: records of TLS, as tests/anyport.jq wants them.
facts() {
	jq -c 'select(.tls) | { client: "\(.source.ip):\(.source.port)",
		time: (.["@timestamp"] | sub("[.][0-9]+Z$"; "Z") | fromdate),
		version: .tls.version, protocol: .network.protocol }'
}

# compare WANT GOT: into $tmp/said.
compare() {
	jq -n -r --slurpfile want "$1" --slurpfile got "$2" \
		-f "$srcdir/tests/anyport.jq" >"$tmp/said"
	grep '^wrong' "$tmp/said"
	grep '^unknown' "$tmp/said" | sed 's/^/# protocol /'
}

# figure NAME: of $tmp/said.
figure() {
	sed -n "s/^$1 //p" "$tmp/said"
}

# at_least PERMILLE: complains if less was found with version and protocol.
at_least() {
	got=$(figure permille)
	echo "# of $(figure count) found $(figure found), right $(figure right)" >&3
	[ "$got" -ge "$1" ] || echo "$got of 1000 were found so, want $1"
}
exec 3>&1

if ! command -v jq >/dev/null; then
	echo "1..0 # SKIP jq is not installed"
	exit 0
fi
cd "$srcdir/pcaps" || exit 1

# Recorded from real programs: in those of mkpcaps, clients speak first.
mkdir "$tmp/recorded" "$tmp/made"
recorded=$(sed -n 's/^\([^ ]*\.pcap\) recorded.*/\1/p' README)
made=$(sed -n 's/^\([^ ]*\.pcap\) mkpcaps.*/\1/p' README)
# shellcheck disable=SC2086 # names without blanks
"$moveports" 7 "$tmp/recorded" $recorded >/dev/null &&
	"$moveports" 7 "$tmp/made" $made >/dev/null 2>&1
for name in $recorded; do
	cat "${name%.pcap}.ndjson"
done | facts >"$tmp/want"
analyze --any-port "$tmp/recorded" | facts >"$tmp/got"
{
	compare "$tmp/want" "$tmp/got" | grep '^wrong'
	at_least 940 # of these 96, 4 were refused by a host of no mail's name
} >"$tmp/why"
result 'mail on other ports is found, and found to be what it is'

for name in $made; do
	cat "${name%.pcap}.ndjson"
done | facts >"$tmp/want"
for name in $made; do
	analyze --any-port "$tmp/made/$name" 2>/dev/null
done | facts >"$tmp/got"
compare "$tmp/want" "$tmp/got" | grep '^wrong' >"$tmp/why"
result 'where the client speaks first, nothing wrong is said'

for capture in *.pcap; do
	# shellcheck disable=SC2046 # arguments are words
	analyze --any-port $(sed -n 's/^args //p' "${capture%.pcap}.expect") \
		"$capture" 2>/dev/null |
		diff "${capture%.pcap}.ndjson" - || echo "$capture"
done >"$tmp/why" 2>&1
result 'on the ports of mail, and for what is none, it changes nothing'

if [ -n "$MAILTLS_CORPUS" ]; then
	mkdir "$tmp/clients"
	for capture in "$MAILTLS_CORPUS"/clients/*.pcap; do
		case $capture in
		*/derived-*) ;; # other captures once more
		*) "$moveports" 7 "$tmp/clients" "$capture" >>"$tmp/map" ;;
		esac
	done
	jq -c 'select(.file | test("^clients/(?!derived)")) | select(.args | not)
		| select(.expect["tls.version"] // .expect["mailtls.client_hello.max_version"])
		| { client: (.client | gsub("[][]"; "")), time: .ts, version: .expect["tls.version"],
		    protocol: .expect["network.protocol"] }' \
		"$MAILTLS_CORPUS/truth.jsonl" >"$tmp/want"
	analyze --any-port "$tmp/clients" | facts >"$tmp/got"
	enough=980
	if "$mailtls" --version | grep -q 'without nDPI'; then
		enough=950
	fi
	{
		compare "$tmp/want" "$tmp/got" | grep '^wrong'
		at_least "$enough"
	} >"$tmp/why"
	result 'so it is in the recordings of MAILTLS_CORPUS'

	analyze "$MAILTLS_CORPUS/peers" >"$tmp/want"
	analyze --any-port "$MAILTLS_CORPUS/peers" |
		diff "$tmp/want" - >"$tmp/why"
	result 'and nothing is added to the captures of others'
else
	n=$((n + 2))
	echo "ok $((n - 1)) - the corpus # SKIP MAILTLS_CORPUS is not set"
	echo "ok $n - captures of others # SKIP MAILTLS_CORPUS is not set"
fi
echo "1..$n"
