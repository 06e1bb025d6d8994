#!/bin/sh
# Live capture that keeps what it sees, also while the disk is full.
srcdir=${srcdir:-.}
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
lab_needs ip openssl jq socat ss

lab_up
add_device laptop 21
out=$lab_dir/out
disk=$lab_dir/disk
store=$disk/home.db
mkdir "$disk"
if ! mount -t tmpfs -o size=1m,mode=0777 none "$disk"; then
	echo '1..0 # SKIP there can be no file system here'
	exit 0
fi
trap 'umount -l "$disk"; lab_down' EXIT

certificates
in_ns provider openssl s_server -quiet -accept 993 -cert "$lab_dir/mail.pem" \
	-key "$lab_dir/mail.key" >/dev/null 2>&1 &
keep $!
wait_for 10 listens 993

# fetch COUNT: so many connections.
fetch() {
	for _ in $(seq "$1"); do
		echo | in_ns laptop timeout 10 openssl s_client \
			-connect "$PROVIDER:993" >/dev/null 2>&1
	done
}

# stored COUNT: so many are in the store.
stored() {
	"$mailtls" report --store "$store" --period all -f json |
		jq -e ".totals.connections == $1"
}

# told COUNT: so many were told at once.
told() {
	[ "$(wc -l <"$out")" -eq "$1" ]
}

start() {
	listen_in router "$out" -i br0 -f ndjson --store "$store" \
		--commit-interval 1
}

start
result 'it listens, with a store' $?
fetch 2
wait_for 20 stored 2
result 'what was seen is in the store within the commit interval' $?
"$mailtls" store export --store "$store" | head -n 2 |
	jq -r '.mailtls.device.id' | sort -u >"$lab_dir/why"
[ "$(cat "$lab_dir/why")" = 00-00-5E-00-53-21 ]
result 'with its device' $?

"$mailtls" store import --store "$store" /dev/null >"$lab_dir/why" 2>&1
grep -q "process $pid is writing" "$lab_dir/why"
result 'nobody else writes to it meanwhile' $?

cat /dev/zero >"$disk/filler" 2>/dev/null
fetch 30
wait_for 20 told 32
result 'the disk is full, and capture goes on' $?
wait_for 20 grep -q 'No space left on device' "$out.err"
result 'which is said' $?
sleep 3
[ "$(grep -c 'No space left' "$out.err")" -eq 1 ]
result 'once' $?
rm "$disk/filler"
wait_for 30 stored 32
result 'when there is space again, all is written' $?
grep -q 'written again; connections lost up to now: 0' "$out.err"
result 'which is said too' $?

kill -KILL "$pid"
wait "$pid" 2>/dev/null
stored 32 >/dev/null
result 'a kill loses nothing of that' $?
start
fetch 1
wait_for 20 told 1
kill -TERM "$pid"
wait "$pid"
result 'it goes on with the same store' $?
stored 33 >/dev/null
result 'and writes all in the end' $?
"$mailtls" store check --store "$store" >"$lab_dir/why" 2>&1
result 'which is well' $?
"$mailtls" report --store "$store" --period all -f text >"$lab_dir/why"
grep -q 'Read: br0, ' "$lab_dir/why"
result 'a report knows what was listened to' $?
echo "1..$lab_tests"
