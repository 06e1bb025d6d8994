#!/bin/sh
# Two hundred connections of real clients: each is told once, in time, with the
# version that the server's own log says.
srcdir=${srcdir:-.}
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
lab_needs ip dovecot postfix curl openssl socat jq ss python3 swaks xargs

lab_up
add_device laptop 21
add_device printer 22
add_device nas 23
if ! servers_up; then
	echo 'Bail out! the servers do not start'
	exit 1
fi
out=$lab_dir/out
mkdir "$lab_dir/conf"
for version in 1.0 1.1 1.2 1.3; do
	word=$(echo "TLSv$version" | sed 's/\.0$//')
	openssl_conf "$word" "$word" >"$lab_dir/conf/$version"
done

cat >"$lab_dir/mail.py" <<'TEXT'
import imaplib, smtplib, ssl, sys
what, host = sys.argv[1:]
context = ssl._create_unverified_context()
context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
if what == 'python-imap':
    box = imaplib.IMAP4(host)
    box.starttls(context)
    box.login('anna', 'test')
    box.logout()
else:
    mail = smtplib.SMTP_SSL(host, 465, context=context)
    mail.ehlo()
    mail.quit()
TEXT

# client DEVICE VERSION KIND: one connection.
cat >"$lab_dir/client" <<TEXT
#!/bin/sh
export OPENSSL_CONF="$lab_dir/conf/\$2"
curl="curl -sk -m 60 -u anna:test --tlsv\$2 --tls-max \$2
    --ciphers DEFAULT:@SECLEVEL=0"
case \$3 in
imaps) set -- \$1 \$curl imaps://$PROVIDER/ ;;
imap) set -- \$1 \$curl --ssl-reqd imap://$PROVIDER/ ;;
pop3s) set -- \$1 \$curl pop3s://$PROVIDER/ ;;
pop3) set -- \$1 \$curl --ssl-reqd pop3://$PROVIDER/ ;;
smtp) set -- \$1 \$curl --ssl-reqd smtp://$PROVIDER:587/ ;;
openssl) set -- \$1 openssl s_client -connect $PROVIDER:465 ;;
swaks) set -- \$1 swaks --server $PROVIDER:587 --tls --quit-after TLS ;;
*) set -- \$1 /usr/bin/python3 "$lab_dir/mail.py" \$3 $PROVIDER ;;
esac
device=\$1
shift
ip netns exec "$lab-\$device" "\$@" </dev/null >/dev/null 2>&1
exit 0
TEXT

# Two hundred lines of DEVICE VERSION KIND.
plan() {
	for device in laptop printer nas; do
		for version in 1.0 1.1 1.2 1.3; do
			for kind in imaps imap pop3s pop3 smtp openssl swaks \
				python-imap python-smtp; do
				echo "$device $version $kind"
				echo "$device $version $kind"
			done
		done
	done | head -n 200
}

# versions FILE: the ports of clients, and versions, as in ours.
versions() {
	sed 's/TLSv1$/TLSv1.0/; s/TLSv//' "$1" | sort
}

# stamp.py IN OUT LATE: copies lines, and writes how many seconds after the
# handshake the latest one came, and for how many this program itself, which does
# next to nothing, had to wait for its turn.
cat >"$lab_dir/stamp.py" <<'TEXT'
import datetime, json, sys, threading, time
late, stalled = 0, 0
def watch():
    global stalled
    while True:
        before = time.monotonic()
        time.sleep(0.01)
        stalled = max(stalled, time.monotonic() - before - 0.01)
threading.Thread(target=watch, daemon=True).start()
with open(sys.argv[1]) as lines, open(sys.argv[2], 'w') as out:
    for line in lines:
        now = time.time()
        record = json.loads(line)
        first = datetime.datetime.fromisoformat(
            record['@timestamp'].replace('Z', '+00:00')).timestamp()
        late = max(late, now - first - record['event']['duration'] / 1e9)
        out.write(line)
with open(sys.argv[3], 'w') as out:
    print(f'{late:.3f} {stalled:.3f}', file=out)
TEXT
mkfifo "$lab_dir/pipe"
/usr/bin/python3 "$lab_dir/stamp.py" "$lab_dir/pipe" "$out" "$lab_dir/late" &
stamp=$!
keep $stamp

listen_in router "$lab_dir/pipe" -i br0 -f ndjson
result 'it listens' $?
test "$(plan | wc -l)" -eq 200
result 'there are 200 to come' $?
plan | xargs -P 4 -n 3 sh "$lab_dir/client"
stop $pid
result 'it ends well' $?
wait $stamp
if grep -q 'packets are lost' "$lab_dir/pipe.err"; then
	lab_tests=$((lab_tests + 1))
	echo "ok $lab_tests - the rest # SKIP the machine was too busy to listen"
	echo "1..$lab_tests"
	exit 0
fi

{
	sed -n 's/.*port=\([0-9]*\), tls=\(TLSv[0-9.]*\).*/\1 \2/p' \
		"$lab_dir/dovecot.log"
	sed -n 's/.*connection established from .*:\([0-9]*\): \(TLSv[0-9.]*\) .*/\1 \2/p' \
		"$lab_dir/postfix.log"
} >"$lab_dir/log"
versions "$lab_dir/log" >"$lab_dir/theirs"
jq -r '"\(.source.port) \(.tls.version)"' "$out" | sort >"$lab_dir/ours"
diff "$lab_dir/theirs" "$lab_dir/ours" >"$lab_dir/why"
result 'each is told once, with the version of the logs' $?
test "$(wc -l <"$lab_dir/theirs")" -eq 200
result 'the logs have all of them' $?
test "$(jq -r .tls.version "$out" | sort -u | tr '\n' ' ')" = '1.0 1.1 1.2 1.3 '
result 'there were all versions' $?
read -r late stalled <"$lab_dir/late"
echo "# at most $late s after the handshake, with $stalled s of waiting" |
	tee "$lab_dir/why"
awk '{ exit $1 > 1 + $2 }' "$lab_dir/late"
result 'each is told within a second' $?
tail -n 1 "$lab_dir/pipe.err" >"$lab_dir/why"
test ! -s "$lab_dir/pipe.err"
result 'nothing was lost' $?
echo "1..$lab_tests"
