#!/bin/sh
# Live capture with --any-port: mail on other ports is told, kept and saved as
# on its own, and what is no mail is not.
srcdir=${srcdir:-.}
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
lab_needs ip dovecot postfix curl openssl socat jq ss python3

lab_up
add_device laptop 21
add_device printer 22
if ! servers_up; then
	echo 'Bail out! the servers do not start'
	exit 1
fi
out=$lab_dir/out saved=$lab_dir/saved/file
mkdir -m 777 "$lab_dir/saved" "$lab_dir/state"
db=$lab_dir/state/store.db
printf 'Subject: secret-subject\r\n\r\nsecret-text\r\n' >"$lab_dir/mail.txt"

# fetch DEVICE URL OPTION...: a program, of the version in the options; hosts of
# the provider have its address.
fetch() {
	fetch_from=$1 fetch_url=$2
	shift 2
	in_ns "$fetch_from" curl -sgk -m 60 --ciphers DEFAULT:@SECLEVEL=0 \
		--resolve "imap.example.net:9993:$PROVIDER" \
		--resolve "mail.example.net:8444:$PROVIDER" \
		--resolve "mail.example.net:443:$PROVIDER" \
		-u anna:test "$@" "$fetch_url" >/dev/null 2>&1
}

# send PORT OPTION...: sends mail by SMTP.
send() {
	send_port=$1
	shift
	fetch printer "smtp://$PROVIDER:$send_port" --mail-from a@example.net \
		--mail-rcpt b@example.net -T "$lab_dir/mail.txt" "$@"
}

# has FILE EXPRESSION: one record in FILE is so.
has() {
	jq -e -n "[inputs | select($2)] | length == 1" "$1" >/dev/null 2>&1
}

# told NAME EXPRESSION: waits until it is.
told() {
	wait_for 10 has "$out" "$2"
	told_status=$?
	jq -c '[.source.ip, .destination.port, .network.protocol,
		.tls.version, .mailtls.verdict, .mailtls.found_by]' "$out" \
		>"$lab_dir/why"
	cat "$out.err" >>"$lab_dir/why"
	result "$1" $told_status
}

# Web servers in the clear and with TLS, which mail is not.
for port in 8444 443; do
	in_ns provider openssl s_server -quiet -accept $port -www \
		-cert "$lab_dir/mail.pem" -key "$lab_dir/mail.key" \
		>/dev/null 2>&1 &
	keep $!
done
in_ns provider /usr/bin/python3 -m http.server 8082 >/dev/null 2>&1 &
keep $!
for port in 8444 443 8082; do
	wait_for 20 listens $port
done

listen_in router "$out" -i br0 -f ndjson --any-port --save "$saved" \
	--store "$db" --commit-interval 1 --stats
result 'it listens' $?
grep -c . "/proc/$pid/status" >/dev/null && cat "/proc/$pid/status" \
	>"$lab_dir/why"
awk '/^Uid:|^Gid:/ { for (i = 2; i <= 5; i++) if ($i == 0) bad = 1 }
	/^Cap(Prm|Eff|Inh|Amb|Bnd):/ { if ($2 !~ /^0+$/) bad = 1 }
	END { exit bad }' "/proc/$pid/status"
result 'it has no user and no capability that matters' $?

fetch laptop 'imaps://imap.example.net:9993/' --tlsv1.3
told 'IMAP in TLS is known by the name of its server' \
	'.destination.port == 9993 and .tls.version == "1.3" and
	 .network.protocol == "imap" and .mailtls.verdict == "modern" and
	 .mailtls.found_by == "name"'
fetch printer "imaps://$PROVIDER:9993/" --tlsv1.0 --tls-max 1.0
told 'where no name is asked for, it is the same server' \
	'.destination.port == 9993 and .tls.version == "1.0" and
	 .network.protocol == "imap" and .mailtls.verdict == "old_client" and
	 .mailtls.found_by == "name"'
fetch printer "pop3://$PROVIDER:1110" --ssl-reqd --tlsv1.1 --tls-max 1.1
told 'POP3 is known by what is said' \
	'.destination.port == 1110 and .tls.version == "1.1" and
	 .network.protocol == "pop3" and .mailtls.verdict == "old_client" and
	 .mailtls.found_by == "content"'
send 2526 --ssl-reqd --tlsv1.2 --tls-max 1.2
told 'SMTP is as well' \
	'.destination.port == 2526 and .tls.version == "1.2" and
	 .network.protocol == "smtp" and .mailtls.encryption == "starttls"'
send 2526
told 'so is a login in the clear' \
	'.destination.port == 2526 and .mailtls.verdict == "plaintext_login"'
fetch laptop https://mail.example.net:8444/
fetch laptop https://mail.example.net:443/
fetch laptop "http://$PROVIDER:8082/" --http0.9
fetch laptop "imaps://$PROVIDER/" --tlsv1.2 --tls-max 1.2
told 'the ports of mail are looked at as well' \
	'.destination.port == 993 and .tls.version == "1.2" and
	 (.mailtls | has("found_by") | not)'
test "$(jq -r .destination.port "$out" | sort | tr '\n' ' ')" = \
	'1110 2526 2526 993 9993 9993 '
result 'each is told once, and the web not at all' $?

kept() {
	"$mailtls" store export --store "$db" | jq -e -n \
		"[inputs | select(.tls)] | length == $1"
}
wait_for 10 kept 5
result 'what has TLS is in the store' $?
stop $pid
result 'it ends well' $?
grep -q '^others_mail  *5 ' "$out.err"
result '--stats says how many were found' $?

# --- what is saved -----------------------------------------------------------

tls() {
	jq -r 'select(.tls) | "\(.source.port) \(.tls.version) " +
		"\(.tls.client.ja4) \(.mailtls.encryption)"' | sort
}
tls <"$out" >"$lab_dir/want"
"$mailtls" analyze -f ndjson --any-port "$saved" 2>/dev/null | tls |
	diff "$lab_dir/want" - >"$lab_dir/why"
result 'the handshakes are saved, and give the same TLS' $?
! grep -aoE 'anna|[^a-z]test|AGFubmEAdGVzdA|YW5uYQ|b@example|secret-|GET /|[^-]AUTH (PLAIN|LOGIN)' \
	"$saved" >"$lab_dir/why"
result 'no login, address, mail or web page is' $?

# --- on the machine itself ---------------------------------------------------

listen_in laptop "$out" -i eth0 -f ndjson --any-port
result 'it listens on a computer of its own' $?
fetch laptop 'imaps://imap.example.net:9993/'
told 'the program is named' \
	'.destination.port == 9993 and .process.name == "curl"'
fetch laptop "pop3://$PROVIDER:1110" --ssl-reqd
told 'and so is one that begins in the clear' \
	'.destination.port == 1110 and .process.name == "curl"'
stop $pid
result 'it ends well again' $?
echo "1..$lab_tests"
