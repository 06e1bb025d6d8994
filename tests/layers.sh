#!/bin/sh
# Who may include whom, and which file meets which foreign library.  The
# architecture of README.md, enforced.
cd "${srcdir:-.}" || exit 1
n=0

# result NAME BAD: one test, failed by the lines in BAD.
result() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
		return
	fi
	echo "$2" | sed 's/^/# /'
	echo "not ok $n - $1"
}

# includes FOLDER PATTERN: what of the project is included under FOLDER must
# match PATTERN.
includes() {
	result "$1 includes only $2" "$(
		grep -nE '^# *include "' "$1"/*.[ch] |
			grep -vE "\"(config\\.h|($2))\""
	)"
}

# foreign HEADER FILES: only FILES, a pattern, include HEADER.
foreign() {
	result "$1 is met in $2 only" "$(
		grep -nE "^# *include <$1" ./*.[ch] capture/*.[ch] \
			dissect/*.[ch] report/*.[ch] |
			sed 's|^\./||' | grep -vE "^($2):"
	)"
}

includes dissect 'dissect/[a-z0-9_]+\.h'
includes report \
	'report/[a-z0-9_]+\.h|dissect/(bytes|connection|hello|names|sighting)\.h'
includes capture 'capture/[a-z0-9_]+\.h|dissect/maildissect\.h'
foreign 'pcap' 'capture/source\.c'
foreign 'pthread\.h' 'capture/jobs\.c'
foreign 'libmnl/' 'capture/netlink\.c'
foreign 'zlib\.h' 'capture/inflate\.c'
foreign 'zstd\.h' 'capture/inflate\.c'
foreign 'jansson\.h' 'report/jsonin\.c'
foreign 'sqlite3\.h' 'report/db\.c'
foreign 'openssl/' \
	'report/(authorities\.[ch]|(certificate|digest|ja)\.c)'
foreign 'ndpi_api\.h' 'capture/classify\.c'

# No two versions of nDPI have the same interface: tests go by classify.h too.
result 'tests do not meet nDPI themselves' "$(
	grep -nE '^# *include <ndpi' tests/*.[ch]
)"

# dissect/ has no use for the system's headers but these.
result 'dissect includes no system header but the pure ones' "$(
	grep -nE '^# *include <' dissect/*.[ch] |
		grep -vE '<(assert|limits|stdbool|stddef|stdint|string)\.h>'
)"

# Packet bytes are read through struct bytes alone (dissect/bytes.h).
result 'dissect swaps no bytes by hand' "$(
	grep -nE '\b(ntoh|hton)[sl] *\(' dissect/*.[ch]
)"
echo "1..$n"
