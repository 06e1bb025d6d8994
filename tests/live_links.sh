#!/bin/sh
# Interfaces that go down, disappear and come back while we listen.
srcdir=${srcdir:-.}
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
lab_needs ip openssl socat jq

lab_up
add_device laptop 21
certificates
out=$lab_dir/out

# A server and a client that need no mail program.
ip netns exec "$lab-provider" openssl s_server -quiet -accept 993 \
	-cert "$lab_dir/mail.pem" -key "$lab_dir/mail.key" \
	</dev/null >/dev/null 2>&1 &
keep $!

# connect PORT: a TLS handshake from this port of the laptop.
connect() {
	in_ns laptop timeout 10 openssl s_client -connect $PROVIDER:993 \
		-bind "$LAN.21:$1" </dev/null >/dev/null 2>&1
}

# told PORT: the connection from there is.
told() {
	jq -e -n "[inputs | select(.source.port == $1 and
	    .tls.established)] | length == 1" "$out"
}

# says TEXT: on standard error.
says() {
	grep -qF -- "$1" "$out.err"
}

wait_for 10 connect 40000
listen_in router "$out" -i v-laptop -i wan -f ndjson
result 'it listens on two interfaces' $?
connect 40001
wait_for 10 told 40001
result 'what passes is told' $?

# Down, and up again: it is the same interface.
ip -n "$lab-router" link set v-laptop down
wait_for 10 says 'v-laptop: the interface is down; waiting for it'
result 'an interface that goes down is missed' $?
ip -n "$lab-router" link set v-laptop up
wait_for 10 says 'v-laptop: the interface is back'
result 'and noticed when it is up again' $?
wait_for 10 connect 40002
wait_for 10 told 40002
result 'what passes then is told' $?

# Gone, and another of the same name.
ip -n "$lab-router" link del v-laptop
wait_for 10 says 'v-laptop: the interface is gone; waiting for it'
result 'an interface that disappears is missed' $?
plug laptop 00:00:5e:00:53:21 v-laptop
ip -n "$lab-router" link set v-laptop master br0
ip -n "$lab-laptop" addr add $LAN.21/24 dev eth0
ip -n "$lab-laptop" route add default via $LAN.1
back_again() {
	test "$(grep -c 'v-laptop: the interface is back' "$out.err")" -eq 2
}
wait_for 10 back_again
result 'and noticed when there is one of its name again' $?
wait_for 10 connect 40003
wait_for 10 told 40003
result 'what passes there is told' $?

# The frames of which interface were those?
stop $pid
result 'it has not failed' $?
listen_in router "$out" -i v-laptop -f ndjson
ip -n "$lab-router" link del v-laptop
wait_for 10 says 'v-laptop: the interface is gone'
plug laptop 00:00:5e:00:53:21 v-laptop
ip -n "$lab-router" link set v-laptop master br0
ip -n "$lab-laptop" addr add $LAN.21/24 dev eth0
ip -n "$lab-laptop" route add default via $LAN.1
wait_for 10 says 'v-laptop: the interface is back'
wait_for 10 connect 40004
wait_for 10 told 40004
result 'even if there is no other interface' $?

# Something else of its name can not be read as it was.
ip -n "$lab-router" link del v-laptop
wait_for 10 says 'gone'
ip -n "$lab-router" tuntap add v-laptop mode tun
ip -n "$lab-router" link set v-laptop up
wait $pid
test $? -eq 1 && says 'of another kind; start again'
result 'one of another kind ends it' $?
echo "1..$lab_tests"
