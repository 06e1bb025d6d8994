#!/bin/sh
# What --save keeps of real connections: the handshakes, and nobody's mail.
srcdir=${srcdir:-.}
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
lab_needs ip dovecot postfix curl openssl socat jq ss

lab_up
add_device laptop 21
if ! servers_up; then
	echo 'Bail out! the servers do not start'
	exit 1
fi
out=$lab_dir/out saved=$lab_dir/saved/file
mkdir -m 777 "$lab_dir/saved"
printf 'Subject: secret-subject\r\n\r\nsecret-text\r\n' >"$lab_dir/mail.txt"

# transfer URL OPTION...: reads or sends mail.
transfer() {
	transfer_url=$1
	shift
	in_ns laptop curl -sk -m 60 --ciphers DEFAULT:@SECLEVEL=0 \
		-u anna:test "$@" "$transfer_url" >/dev/null 2>&1
}

# send URL OPTION...: sends mail.
send() {
	transfer "$@" --mail-from anna@example.net \
		--mail-rcpt bob@example.net -T "$lab_dir/mail.txt"
}

# records FILE: what its connections came to, in order.
records() {
	"$mailtls" analyze -f ndjson "$1" 2>/dev/null | tls
}

# tls: ports and what TLS is in records, for those that have any.
tls() {
	jq -r 'select(.tls) | "\(.source.port) \(.tls.version) " +
		"\(.tls.client.ja4) \(.mailtls.encryption)"' | sort
}

listen_in router "$out" -i br0 -f ndjson --save "$saved"
result 'it listens' $?
transfer "imaps://$PROVIDER/" --tlsv1.3
transfer "imap://$PROVIDER/" --ssl-reqd --tlsv1.1 --tls-max 1.1
transfer "pop3://$PROVIDER/" --ssl-reqd --tlsv1.2 --tls-max 1.2
transfer "imap://$PROVIDER/INBOX" -X 'EXAMINE INBOX'
transfer "pop3://$PROVIDER/"
send "smtp://$PROVIDER:587"
send "smtp://$PROVIDER:587" --ssl-reqd --tlsv1.0 --tls-max 1.0
send "smtps://$PROVIDER:465"
stop $pid
result 'it ends well' $?
test "$(wc -l <"$out")" -eq 8
result 'what passed just before the end is told' $?

tls <"$out" >"$lab_dir/want"
records "$saved" | diff "$lab_dir/want" - >"$lab_dir/why"
test $? -eq 0 && test "$(wc -l <"$lab_dir/want")" -eq 5
result 'the handshakes are kept, and give the same TLS' $?

# `anna`, `test`, and what curl makes of both for AUTH PLAIN and LOGIN.
! grep -aoE 'anna|[^a-z]test|AGFubmEAdGVzdA|YW5uYQ|bob@|secret-|[^-]AUTH (PLAIN|LOGIN)|EXAMINE' \
	"$saved" >"$lab_dir/why"
result 'no login, address or mail is kept' $?
grep -aq 'EHLO' "$saved" && grep -aq 'STARTTLS' "$saved"
result 'the talk that leads to TLS is' $?
test "$(stat -c %a "$saved")" = 600
result 'nobody else may read it' $?

# Rotation, and reopening.
listen_in router "$out" -i br0 -q --save "$saved" --rotate 64K
n=0
while [ $n -lt 20 ]; do
	transfer "imaps://$PROVIDER/" --tlsv1.2 --tls-max 1.2
	n=$((n + 1))
done
wait_for 10 test -s "$saved.1"
result 'it goes on in another file' $?
chown nobody "$saved" "$saved.1"
mv "$saved" "$saved.moved"
kill -HUP $pid
wait_for 10 test -e "$saved"
result 'SIGHUP opens it anew' $?
transfer "imaps://$PROVIDER/" --tlsv1.2 --tls-max 1.2
stop $pid
cat "$out.err" >"$lab_dir/why"
test "$(records "$saved" | wc -l)" -ge 1 &&
	test "$(cat "$saved" "$saved.1" | wc -c)" -le $((2 * 65536))
result 'what comes then is kept there' $?
test ! -s "$out"
result '--quiet prints nothing' $?
echo "1..$lab_tests"
