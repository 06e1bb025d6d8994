#!/bin/sh
# What a year of a home of ten devices costs: `make year` runs this, and no
# test does, as it takes a while and looks at the clock.
TZ=CET-1CEST,M3.5.0,M10.5.0/3 LC_ALL=C
export TZ LC_ALL
srcdir=${srcdir:-.}
dir=$(mktemp -d ./year.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
household=$srcdir/pcaps/household.ndjson
failed=0

# limit NAME FIGURE MOST UNIT
limit() {
	echo "$1: $2 $4 (at most $3)"
	[ "$2" -le "$3" ] || failed=1
}

tests/mkhome "$household" 0 365 "$dir/year.db" || exit 1
limit 'the store' "$(($(wc -c <"$dir/year.db") / 1000000))" 60 MB

cpu=0 memory=0
for week in 0 10 14 20 28 40 50; do
	until=$(date -u -d "2022-01-05 + $week weeks" +%F)
	for format in text json; do
		tests/cost ./mailtls report --store "$dir/year.db" \
			--period week --until "$until" --format $format \
			>"$dir/report" 2>"$dir/cost" || exit 1
		read -r ms kib _ <"$dir/cost"
		[ "$ms" -le "$cpu" ] || cpu=$ms
		[ "$kib" -le "$memory" ] || memory=$kib
	done
	tests/mkhome "$household" $((2 + 7 * week)) 7 | wc -l >"$dir/counted"
	jq .totals.connections <"$dir/report" | cmp -s - "$dir/counted" || {
		echo "the week of $until is not counted right"
		failed=1
	}
done
limit 'a report on any week' "$cpu" 300 'ms of CPU'
limit 'a report on any week' "$memory" 32768 KiB
tests/cost ./mailtls report --store "$dir/year.db" --period all \
	>"$dir/report" 2>"$dir/cost" || exit 1
read -r ms kib _ <"$dir/cost"
echo "a report on the year: $ms ms of CPU, $kib KiB"
exit $failed
