#!/bin/sh
# The store, from analyze to report, as its users see it.  What reports say is
# held against jq's own count of the records, and against tests/period.txt;
# store.sh --update rewrites that: read `git diff` then.
TZ=CET-1CEST,M3.5.0,M10.5.0/3 LC_ALL=C
export TZ LC_ALL
here=$(pwd)
srcdir=$(cd "${srcdir:-.}" && pwd) || exit 1
mailtls=$here/mailtls
mkhome=$here/tests/mkhome
dir=$(mktemp -d ./store.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0

# result STATUS NAME: one line of TAP, with $dir/why if it failed.
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		sed 's/^/# /' "$dir/why"
		echo "not ok $n - $2"
	fi
}

# same FILE FILE NAME: the test is well if they are the same.
same() {
	diff "$1" "$2" >"$dir/why" 2>&1
	result $? "$3"
}

# says NAME STATUS TEXT ARGUMENT...: mailtls must exit with STATUS and say
# TEXT, on standard output or standard error.
says() {
	name=$1 want=$2 text=$3
	shift 3
	"$mailtls" "$@" >"$dir/why" 2>&1 </dev/null
	got=$?
	[ $got -eq "$want" ] && { [ -z "$text" ] || grep -qF -e "$text" "$dir/why"; }
	result $? "$name"
}

# report ARGUMENT...: a report on $store, the same on any machine.
report() {
	"$mailtls" report --store "$store" --oui "$srcdir/tests/oui.csv" "$@"
}

if ! command -v jq >/dev/null; then
	echo "1..0 # SKIP jq is not installed"
	exit 0
fi
household=$srcdir/pcaps/household

#
# Six weeks of a home, of the first two of which only sums are left.
#
store=$dir/home.db
"$mkhome" "$household.ndjson" 0 44 "$store" || exit 1
if [ "$1" = --update ]; then
	report --period week --until 2022-02-06 >"$srcdir/tests/period.txt"
	exit
fi

# counted FIRST COUNT: what jq counts in the records of these days.
counted() {
	"$mkhome" "$household.ndjson" "$1" "$2" | jq -S -n '
		def tally(f): group_by(f) | map({key: .[0] | f, value: length})
			| from_entries;
		[inputs | {
			device: .mailtls.device.id,
			verdict: .mailtls.verdict,
			version: (.tls as $tls | if $tls.version == null then "none"
				elif $tls.version_protocol == "ssl" then
					"ssl \($tls.version)"
				else $tls.version end),
			service: "\(.destination.domain):\(.destination.port)"
		}] | {
			connections: length,
			by_version: tally(.version),
			by_verdict: tally(.verdict),
			by_device: tally(.device),
			by_service: tally(.service),
			by_device_and_verdict: tally("\(.device) \(.verdict)")
		}'
}

# reported ARGUMENT...: the same from a report.
reported() {
	report --format json "$@" | jq -S '
		def tally(f): group_by(f) | map({key: .[0] | f,
			value: map(.connections) | add}) | from_entries;
		{
			connections: .totals.connections,
			by_version: .totals.by_version | with_entries(select(.value > 0)),
			by_verdict: .totals.by_verdict | with_entries(select(.value > 0)),
			by_device: .entries | tally(.device.id),
			by_service: .entries | tally("\(.server.name):\(.server.port)"),
			by_device_and_verdict: [.entries[] | .device.id as $id
				| .by_verdict | to_entries[]
				| {id: $id, verdict: .key, connections: .value}]
				| tally("\(.id) \(.verdict)")
		}'
}

# agree FIRST COUNT NAME ARGUMENT...: jq and the report count the same.
agree() {
	counted "$1" "$2" >"$dir/counted"
	name=$3
	shift 3
	reported "$@" >"$dir/reported"
	[ -s "$dir/counted" ] && same "$dir/counted" "$dir/reported" "$name"
}

agree 30 7 'a week with its records is as jq counts it' \
	--period week --until 2022-02-06
agree 2 7 'so is one of which there are sums only' \
	--period week --until 2022-01-09
agree 0 31 'so is a month of both' --period month --until 2022-01-31
agree 40 1 'so is a day' --period day --until 2022-02-10
agree 5 4 'so is any other time' --since 2022-01-06 --until 2022-01-09

report --period week --until 2022-02-06 >"$dir/period"
same "$srcdir/tests/period.txt" "$dir/period" 'the text is as expected'
for lang in de ja; do
	report --period week --until 2022-02-06 --lang $lang |
		grep -E 'CHANGES|PERIOD|connections|watched' >"$dir/why"
	[ ! -s "$dir/why" ]
	result $? "$lang: nothing of it is in English"
done

#
# In and out.
#
"$mailtls" store export --store "$store" >"$dir/export" 2>"$dir/why"
"$mailtls" store import --store "$dir/again.db" - <"$dir/export" \
	>>"$dir/why" 2>&1
result $? 'an export can be imported'
"$mailtls" store export --store "$dir/again.db" >"$dir/export2"
same "$dir/export" "$dir/export2" 'and exported the same again'
for what in '--period week --until 2022-01-09' \
	'--period week --until 2022-02-06 --format json' '--period all'; do
	# shellcheck disable=SC2086 # words
	report $what >"$dir/report"
	# shellcheck disable=SC2086 # words
	"$mailtls" report --store "$dir/again.db" \
		--oui "$srcdir/tests/oui.csv" $what >"$dir/report2"
	same "$dir/report" "$dir/report2" "its report is the same ($what)"
done

"$mkhome" "$household.ndjson" 0 20 "$dir/half.db"
"$mkhome" "$household.ndjson" 10 34 "$dir/other.db"
says 'a store is merged into another' 0 'connections: 11548 new, 5000 known' \
	store merge --store "$dir/half.db" "$dir/other.db"
says 'once' 0 'connections: 0 new, 16548 known' \
	store merge --store "$dir/half.db" "$dir/other.db"
reported --period all >"$dir/reported"
store=$dir/half.db
reported --period all >"$dir/reported2"
same "$dir/reported" "$dir/reported2" 'what they have in common counts once'
says 'a merged store is well' 0 'all is well' \
	store check --store "$dir/half.db"
says 'how it is stands there' 0 'days: 2022-01-01 to 2022-02-18' \
	store check --store "$dir/half.db"
store=$dir/home.db

#
# From captures.
#
"$mailtls" analyze --ca none -q --store "$dir/one.db" -o /dev/null \
	"$household.pcap" 2>"$dir/why"
result $? 'analyze fills a store'
"$mailtls" store export --store "$dir/one.db" >"$dir/export"
"$mailtls" analyze --ca none -q --store "$dir/one.db" -f ndjson \
	"$household.pcap" >"$dir/records" 2>"$dir/why"
"$mailtls" store export --store "$dir/one.db" >"$dir/export2"
same "$dir/export" "$dir/export2" 'the same capture twice changes nothing'
head -n "$(wc -l <"$dir/records")" "$dir/export" >"$dir/export2"
same "$dir/records" "$dir/export2" 'the records of a store are those of analyze'

# What only one of both can know is left out.
for capture in "$srcdir"/pcaps/*.pcap; do
	# shellcheck disable=SC2046 # arguments are words
	"$mailtls" analyze --ca none -q -f json --store "$dir/any.db" \
		$(sed -n 's/^args //p' "${capture%.pcap}.expect") "$capture" \
		>"$dir/analyzed" 2>/dev/null
	"$mailtls" report --store "$dir/any.db" --period all -f json \
		>"$dir/reported" 2>"$dir/why"
	jq -e -n --slurpfile a "$dir/analyzed" --slurpfile b "$dir/reported" '
		def alike: del(.read, .losses, .period, .coverage, .previous,
			.changes, .trend);
		($a[0] | alike) == ($b[0] | alike)' >/dev/null ||
		echo "$capture"
	rm -f "$dir/any.db"*
done >"$dir/why"
[ ! -s "$dir/why" ]
result $? 'a report from the store is that of analyze, for every capture'

#
# Usage.
#
says 'a report needs a store' 2 'No such file' \
	report --store "$dir/none.db"
XDG_STATE_HOME=$here/$dir STATE_DIRECTORY=
export XDG_STATE_HOME STATE_DIRECTORY
says 'which is where XDG wants it' 2 "/mailtls/store.db: No such file" report
says 'made there if need be' 0 '40 new' store import "$household.ndjson"
says 'and found there' 0 'all is well' store check
says 'a period or a beginning' 2 'not both' \
	report --store "$store" --since yesterday --last
says 'a day must be one' 2 "'soon' is no day" \
	report --store "$store" --since soon
says 'records do not come from report' 2 'store export' \
	report --store "$store" --format ndjson
says 'the store is not overwritten' 2 'is the store' \
	store export --store "$store" -o "$store"
says 'nor by analyze' 2 'is the store' \
	analyze --store "$store" -o "$store" "$household.pcap"
says 'and is still well' 0 'all is well' store check --store "$store"
says 'reports are not on captures' 2 'mailtls analyze' report "$store"
says 'what to do with a store must be said' 2 'check, export, import, merge' \
	store
says 'and known' 2 'no such thing to do with a store: tidy' store tidy
says 'to import takes files' 2 'which files?' store import
says 'to export does not' 2 'too many operands' store export x
long=$dir/a-folder-with-a-name-of-more-than-forty-letters
mkdir "$long" && echo none >"$long/lines" || exit 1
says 'a line that is none is told' 1 "$long/lines:1: not an object of JSON" \
	store import --store "$dir/again.db" "$long/lines"
says 'old versions are what --check finds' 3 'will stop working' \
	report --store "$store" --period all --check
says 'with --only-changes nothing is said when there are none' 0 '' \
	report --store "$store" --period day --until 2022-01-15 --only-changes
[ ! -s "$dir/why" ]
result $? 'not a byte'
echo "1..$n"
