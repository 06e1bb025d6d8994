#!/bin/sh
# Live capture at a router, with real servers and real clients: what is said of
# each connection, where one listens, signals, and what is left of our
# privileges.
srcdir=${srcdir:-.}
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
lab_needs ip dovecot postfix curl openssl socat jq ss ethtool nft

lab_up
add_device laptop 21
add_device printer 22
add_vlan_device camera 23
if ! servers_up; then
	echo 'Bail out! the servers do not start'
	cat "$lab_dir"/*.log
	exit 1
fi
out=$lab_dir/out

# fetch DEVICE URL OPTION...: a mail program, of the version in the options.
fetch() {
	fetch_from=$1 fetch_url=$2
	shift 2
	in_ns "$fetch_from" curl -sgk -m 60 --ciphers DEFAULT:@SECLEVEL=0 \
		-u anna:test "$@" "$fetch_url" >/dev/null 2>&1
}

# has FILE EXPRESSION: some record in FILE is so.
has() {
	jq -e -n "[inputs | select($2)] | length > 0" "$1" >/dev/null 2>&1
}

# explain FILE: what is in it, in case a test fails.
explain() {
	jq -r '"\(.source.ip) \(.destination.port) \(.tls.version)" +
		" \(.mailtls.verdict) \(.mailtls.incomplete)"' "$1" \
		>"$lab_dir/why" 2>&1
	cat "$1.err" >>"$lab_dir/why"
}

# lines FILE: how many there are.
lines() {
	wc -l <"$1"
}

# --- records -----------------------------------------------------------------

listen_in router "$out" -i br0 --format ndjson --stats
result 'it listens' $?

fetch laptop "imaps://$PROVIDER/" --tlsv1.3
fetch laptop "pop3://$PROVIDER/" --ssl-reqd --tlsv1.2 --tls-max 1.2
fetch printer "imap://[${WAN6}:10]/" --ssl-reqd --tlsv1.1 --tls-max 1.1
fetch printer "pop3s://$PROVIDER/" --tlsv1.0 --tls-max 1.0
fetch printer "pop3://$PROVIDER/"
in_ns laptop curl -sgk -m 60 --ssl-reqd -u anna:test --mail-from a@example.net \
	--mail-rcpt b@example.net -T "$srcdir/COPYING" "smtp://$PROVIDER:587" \
	>/dev/null 2>&1
fetch camera "smtps://$PROVIDER:465" --tlsv1.0 --tls-max 1.0

wait_for 10 has "$out" '.destination.port == 465'
status=$?
explain "$out"
result 'the last connection is told while we listen' $status

# told PORT VERSION VERDICT
told() {
	has "$out" ".destination.port == $1 and .tls.version == \"$2\" and
	    .mailtls.verdict == \"$3\" and .tls.established"
	result "port $1 with TLS $2 is $3" $?
}
told 993 1.3 modern
told 110 1.2 modern
told 143 1.1 old_client
told 995 1.0 old_client
told 587 1.3 modern
told 465 1.0 old_client
has "$out" '.mailtls.verdict == "plaintext_login" and
    .mailtls.secret_exposed and .network.protocol == "pop3"'
result 'a password in the clear is told' $?
has "$out" '.network.type == "ipv6" and .source.ip == "2001:db8:1::22"'
result 'over IPv6 as well' $?
has "$out" '.source.mac == "00-00-5E-00-53-23"'
result 'from a VLAN as well' $?
grep -q 'anna\|a@example.net' "$out"
test $? -eq 1
result 'no user and no address is told' $?

kill -USR1 $pid
cp "$out.err" "$lab_dir/why"
wait_for 5 grep -q '^br0: [0-9]* packets, 0 dropped by the kernel' "$out.err"
result 'SIGUSR1 prints statistics' $?

# What a program that took us over would have.
grep -c . "/proc/$pid/status" >/dev/null && cat "/proc/$pid/status" \
	>"$lab_dir/why"
awk '/^Uid:|^Gid:/ { for (i = 2; i <= 5; i++) if ($i == 0) bad = 1 }
	/^Groups:/ { if (NF > 1) bad = 1 }
	/^Cap(Prm|Eff|Inh|Amb|Bnd):/ { if ($2 !~ /^0+$/) bad = 1 }
	/^NoNewPrivs:/ { if ($2 != 1) bad = 1 }
	END { exit bad }' "$lab_dir/why"
result 'it has no user, no group and no capability that matters' $?

stop $pid
result 'SIGTERM ends it well' $?
test "$(lines "$out")" -eq 7
result 'every connection is told once' $?
grep -q '^flows ' "$out.err"
result '--stats prints what was counted' $?

# --- what the servers say ----------------------------------------------------

# The ports of clients and the versions, as Dovecot's log has them.
sed -n 's/.*port=\([0-9]*\), tls=\(TLSv[0-9.]*\).*/\1 \2/p' \
	"$lab_dir/dovecot.log" | sed 's/TLSv1$/TLSv1.0/; s/TLSv//' |
	sort >"$lab_dir/theirs"
jq -r 'select(.tls and (.destination.port | . != 587 and . != 465)) |
	"\(.source.port) \(.tls.version)"' "$out" | sort >"$lab_dir/ours"
diff "$lab_dir/theirs" "$lab_dir/ours" >"$lab_dir/why"
result "Dovecot's log says the same" $?
sed -n 's/.*connection established from .*:\([0-9]*\): TLSv\([0-9.]*\) .*/\1 \2/p' \
	"$lab_dir/postfix.log" | sed 's/ 1$/ 1.0/' | sort >"$lab_dir/theirs"
jq -r 'select(.destination.port | . == 587 or . == 465) |
	"\(.source.port) \(.tls.version)"' "$out" | sort >"$lab_dir/ours"
diff "$lab_dir/theirs" "$lab_dir/ours" >"$lab_dir/why" &&
	test -s "$lab_dir/ours"
result "Postfix's log says the same" $?

# --- lines for people --------------------------------------------------------

echo '192.168.77.22 printer-office' >"$lab_dir/devices"
chmod 644 "$lab_dir/devices"
listen_in router "$out" -i br0 --devices "$lab_dir/devices" -o "$lab_dir/log"
chown nobody "$lab_dir/log"
fetch printer "pop3s://$PROVIDER/" --tlsv1.0 --tls-max 1.0
wait_for 10 grep -q . "$lab_dir/log"
cp "$lab_dir/log" "$lab_dir/why"
grep -q ' printer-office .*TLS 1.0  WILL STOP WORKING' "$lab_dir/log"
result 'a line tells who will stop working' $?

mkdir -m 777 "$lab_dir/logs"
stop $pid
listen_in router "$out" -i br0 --devices "$lab_dir/devices" \
	-o "$lab_dir/logs/log"
fetch printer "pop3s://$PROVIDER/" --tlsv1.0 --tls-max 1.0
wait_for 10 grep -q printer-office "$lab_dir/logs/log"
mv "$lab_dir/logs/log" "$lab_dir/logs/log.1"
echo '192.168.77.22 printer-kitchen' >"$lab_dir/devices"
kill -HUP $pid
wait_for 10 test -e "$lab_dir/logs/log"
result 'SIGHUP opens the output anew' $?
fetch printer "pop3s://$PROVIDER/" --tlsv1.0 --tls-max 1.0
wait_for 10 grep -q printer-kitchen "$lab_dir/logs/log"
result 'and reads the names again' $?
kill -INT $pid
wait $pid
result 'SIGINT ends it well' $?
grep -q '^connections: 2; with an old version: 2; packets: .*' \
	"$lab_dir/logs/log"
result 'the last line adds up' $?

# --- the store ---------------------------------------------------------------

mkdir -m 777 "$lab_dir/state"
db=$lab_dir/state/store.db
listen_in router "$out" -i br0 --quiet --store "$db" --commit-interval 1
fetch laptop "imaps://$PROVIDER/" --tlsv1.2 --tls-max 1.2
fetch printer "pop3s://$PROVIDER/" --tlsv1.0 --tls-max 1.0
kept() {
	"$mailtls" store export --store "$db" | jq -e -n \
		"[inputs | select(.tls)] | length == $1"
}
wait_for 10 kept 2
result 'connections are kept in the store while we listen' $?
fetch laptop "imaps://$PROVIDER/" --tlsv1.2 --tls-max 1.2
stop $pid && kept 3 >/dev/null
result 'and when we end' $?
"$mailtls" store export --store "$db" | jq -e -n '[inputs | select(.run)] |
	length == 1 and (.[0].run | .source == "br0" and .packets > 20 and
	.dropped == 0 and .start < .end)' >/dev/null
result 'it is known from when to when we listened' $?
"$mailtls" report --store "$db" --format json | jq -e \
	'.totals.connections == 3 and .totals.by_version["1.0"] == 1' >/dev/null
result 'a report is made of it' $?
mkdir -m 755 "$lab_dir/closed"
in_ns router "$mailtls" capture -i br0 --store "$lab_dir/closed/store.db" \
	>"$lab_dir/why" 2>&1
test $? -eq 2 && grep -q 'closed/store.db.*: Permission denied' "$lab_dir/why"
result 'a store that can not be written is wrong usage' $?

# --- where one listens -------------------------------------------------------

# at NAME WHAT OPTION...: listens with OPTION while the camera and the laptop
# fetch mail, and expects one record of each.
at() {
	at_name=$1
	shift
	listen_in router "$out" -f ndjson "$@"
	fetch camera "imaps://$PROVIDER/" --tlsv1.2 --tls-max 1.2
	fetch laptop "imaps://$PROVIDER/" --tlsv1.0 --tls-max 1.0
	wait_for 10 has "$out" '.tls.version == "1.0"'
	stop $pid
	explain "$out"
	jq -r "$at_what" "$out" | sort >"$lab_dir/got"
	printf '%s\n' "$at_want" >"$lab_dir/want"
	diff "$lab_dir/want" "$lab_dir/got" >>"$lab_dir/why"
	result "$at_name" $?
}

at_what='"\(.source.ip) \(.tls.version)"'
at_want='192.168.77.21 1.0
192.168.77.23 1.2'
at 'on the bridge' -i br0
at 'on the way out, not translated' -i wan
at 'on all interfaces at once, each is told once' -i any
at 'on two interfaces at once as well' -i br0 -i wan
at 'on a part and the whole' -i v-laptop -i br0
at_want='192.168.77.21 1.0
192.168.77.23 1.2'
at 'on the trunk with tags, and a port' -i trunk -i v-laptop
lab_nat
at_want='203.0.113.1 1.0
203.0.113.1 1.2'
at 'behind address translation they are the router' -i wan
at_want='1.0
1.2'
at_what=.tls.version # whose side is seen first is a matter of luck
at 'on both sides of it, each is told once' -i wan -i br0

# As a service starts it: as somebody who may listen, and nothing else.
cat >"$lab_dir/service" <<TEXT
#!/bin/sh
exec setpriv --reuid 65534 --regid 65534 --clear-groups \
	--inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw \
	--bounding-set=-all,+net_raw "$(realpath "$mailtls")" "\$@"
TEXT
chmod 755 "$lab_dir/service"
real=$mailtls
mailtls=$lab_dir/service
at 'as a service without root' -i br0 --no-programs
mailtls=$real

# --- what can not be ---------------------------------------------------------

in_ns router "$mailtls" capture -i nosuch >"$lab_dir/why" 2>&1
test $? -eq 2 && grep -q 'nosuch: there is no such interface' "$lab_dir/why"
result 'an interface that is not there is wrong usage' $?
ip -n "$lab-router" link set v-printer down
in_ns router "$mailtls" capture -i v-printer >"$lab_dir/why" 2>&1
test $? -eq 2 && grep -q 'v-printer: this interface is not up' "$lab_dir/why"
result 'so is one that is down' $?
setpriv --reuid 65534 --clear-groups --inh-caps=-all "$mailtls" capture \
	-i lo >"$lab_dir/why" 2>&1
test $? -eq 2 && grep -q 'only root may listen' "$lab_dir/why"
result 'and listening without being allowed to' $?
in_ns router "$mailtls" capture -i br0 --user no-such-user >"$lab_dir/why" 2>&1
test $? -eq 2 && grep -q 'there is no such user' "$lab_dir/why"
result 'and becoming nobody that there is' $?
ip netns exec "$lab-router" "$mailtls" capture -i br0 -f ndjson \
	>/dev/full 2>"$lab_dir/why" &
pid=$!
keep $pid
# has_ended: after one more connection; it may not have listened before.
has_ended() {
	fetch laptop "imaps://$PROVIDER/"
	grep -q '^State:.Z' "/proc/$pid/status"
}
wait_for 20 has_ended || kill $pid
wait $pid
test $? -eq 1 && grep -q 'standard output: No space left' "$lab_dir/why"
result 'an output that is full ends it' $?
echo "1..$lab_tests"
