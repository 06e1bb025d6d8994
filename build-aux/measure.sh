#!/bin/sh
# measure.sh FILE...: prints the ten longest functions, the median and 95th
# percentile of function length, and the longest file.  Fails when a function
# is over 60 lines, unless it is listed here with its reason:
#	FILE FUNCTION reason
excused='
'
lengths=$(ctags -x --c-kinds=f --fields=+e --_xformat='%{end} %n %N %F' "$@" |
	awk '{ print $1 - $2 + 1, $3, $4 }' | sort -n) || exit 1
echo "$lengths" | awk '
	{ len[NR] = $1; line[NR] = $0 }
	END {
		for (i = NR > 10 ? NR - 9 : 1; i <= NR; i++)
			print line[i]
		if (NR > 0)
			print NR " functions, median " len[int((NR + 1) / 2)] \
			    ", p95 " len[int(NR * 0.95 + 0.5)]
	}'
wc -l "$@" | sort -n | tail -n 2 | head -n 1
echo "$lengths" | awk '$1 > 60 { print $3, $2, $1 }' | {
	failed=0
	while read -r file name len; do
		case $excused in
		*"$file $name "*) ;;
		*)
			echo "$file: $name has $len lines, more than 60" >&2
			failed=1
			;;
		esac
	done
	exit $failed
}
