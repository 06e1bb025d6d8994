#!/bin/sh
# live_measure.sh FOLDER [PART...]: measures live capture beside tcpdump, with the
# same ports and the same buffer, on what tcpreplay sends over a veth pair.  FOLDER
# has captures day.pcap (2 % mail) and mail.pcap (nothing else).  Parts are drops,
# records, rest, memory and anyport, or all.  $MEMORY_SECONDS is how long memory is
# watched (default 240), $CAPTURE_OPTIONS is for mailtls.  No test: it takes
# minutes, as root, and wants a machine with nothing else to do.
srcdir=${srcdir:-.}
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
lab_needs ip tcpreplay tcpdump socat jq
workloads=${1:?usage: live_measure.sh FOLDER}
shift
parts=${*:-drops records rest memory anyport}
long=${MEMORY_SECONDS:-240}
ports='tcp port 24 or tcp port 25 or tcp port 110 or tcp port 143 or
	tcp port 465 or tcp port 587 or tcp port 993 or tcp port 995 or
	tcp port 2525 or tcp port 4190 or udp port 53 or udp port 67 or
	udp port 68 or udp port 137 or udp port 5353 or udp port 5355 or
	udp port 546 or udp port 547 or arp or icmp6'

lab_up
add_ns sender
ip link add eth0 netns "$lab-sender" mtu 65535 type veth \
	peer name tap netns "$lab-router" mtu 65535
ip -n "$lab-sender" link set eth0 up
ip -n "$lab-router" link set tap up
out=$lab_dir/out

# send FILE OPTION...: replays it.
send() {
	send_file=$1
	shift
	in_ns sender tcpreplay -q -K -i eth0 "$@" "$send_file" \
		>"$lab_dir/sent" 2>&1
}

# cpu_ms PID: what a process has used.
cpu_ms() {
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, "");
		split($0, f, " "); print (f[12] + f[13]) * 1000 / hz }' \
		"/proc/$1/stat"
}

# private_kb PID: memory that is nobody else's; the ring is the kernel's.
private_kb() {
	awk '/^Private_/ { sum += $2 } END { print sum + 0 }' \
		"/proc/$1/smaps_rollup"
}

# dump_on: tcpdump, with the same ports; $pid.
dump_on() {
	ip netns exec "$lab-router" tcpdump -i tap -B "$1" -w /dev/null \
		"$ports" 2>"$lab_dir/dump.err" &
	pid=$!
	keep $pid
	wait_for 10 grep -q 'listening on' "$lab_dir/dump.err"
}

# off SIGNAL: ends it, and waits for what it says.
off() {
	sleep 1
	kill -"$1" "$pid"
	wait "$pid"
}

# lost_by_mailtls, lost_by_tcpdump: frames seen and lost.
lost_by_mailtls() {
	sed -n 's/^tap: \([0-9]*\) packets, \([0-9]*\) dropped.*/\1 \2/p' \
		"$out.err"
}
lost_by_tcpdump() {
	awk '/packets captured/ { got = $1 }
		/dropped by kernel/ { lost = $1 } END { print got, lost }' \
		"$lab_dir/dump.err"
}

# rate FILE OPTION...: who loses how much.
rate() {
	for round in 1 2 3; do
		start -f ndjson --stats
		send "$@"
		off TERM
		echo "  mailtls, seen and lost: $(lost_by_mailtls)"
		dump_on 512
		send "$@"
		off INT
		echo "  tcpdump, seen and lost: $(lost_by_tcpdump)" \
			"(round $round)"
	done
	sed -n 's/^Rated/  sent/p' "$lab_dir/sent"
}

# who: ends and versions in records.
who() {
	jq -r '"\(.source.ip) \(.source.port) \(.tls.version)"' | sort
}

# start OPTION...: mailtls; $pid.
start() {
	# shellcheck disable=SC2086 # one word an option
	listen_in router "$out" -i tap --buffer 512K $CAPTURE_OPTIONS "$@"
}

# drops: who loses how much, of mail alone at several rates, and of a mix.
drops() {
	for pps in 50000 100000; do
		echo "mail alone, $pps packets a second, default buffer:"
		rate "$workloads/mail.pcap" --pps "$pps" -L 400000
	done
	echo '2 % mail, 50000 packets a second, default buffer:'
	rate "$workloads/day.pcap" --pps 50000 -L 400000
}

# records: what live capture tells, beside what analysis of the file does.
records() {
	echo 'mail alone, 50000 packets a second, records:'
	start -f ndjson --stats
	send "$workloads/mail.pcap" --pps 50000
	off TERM
	"$mailtls" analyze -q --ca none -f ndjson "$workloads/mail.pcap" \
		2>/dev/null | who >"$lab_dir/want"
	who <"$out" >"$lab_dir/got"
	diff "$lab_dir/want" "$lab_dir/got" >"$lab_dir/differ"
	echo "  seen and lost: $(lost_by_mailtls);" \
		"$(wc -l <"$lab_dir/want") records from the file," \
		"$(grep -c '^<' "$lab_dir/differ") of them not live," \
		"$(grep -c '^>' "$lab_dir/differ") others"
}

# bulk: a capture without mail.
bulk() {
	tcpdump -r "$workloads/day.pcap" -w "$lab_dir/bulk.pcap" -c 200000 \
		"not ($ports)" 2>/dev/null
}

# busy FILE: CPU that $pid takes while that is sent at 1 Gbit/s for 20 s.
busy() {
	before=$(cpu_ms "$pid")
	send "$1" --mbps 1000 --loop 0 --duration 20
	echo $(($(cpu_ms "$pid") - before))
}

rest() {
	echo 'no mail, 1 Gbit/s for 20 s, CPU of mailtls and of tcpdump:'
	bulk
	for round in 1 2 3; do
		start -q
		ours=$(busy "$lab_dir/bulk.pcap")
		off TERM
		dump_on 512
		theirs=$(busy "$lab_dir/bulk.pcap")
		off INT
		echo "  $ours ms, $theirs ms (round $round)"
	done
}

# anyport: the web, which the kernel's filter keeps out, and the same on other
# ports, which it does not.
anyport() {
	echo 'no mail, 1 Gbit/s for 20 s, --any-port, CPU of mailtls:'
	bulk
	tcprewrite --portmap=80:10080,443:10443,8443:18443 \
		--infile="$lab_dir/bulk.pcap" --outfile="$lab_dir/moved.pcap"
	for name in bulk moved; do
		start -q --any-port --stats
		ours=$(busy "$lab_dir/$name.pcap")
		off TERM
		echo "  $name: $ours ms; seen and lost: $(lost_by_mailtls)"
	done
}

memory() {
	echo "day and mail for $long s, private memory in KiB:"
	start -q
	end=$(($(date +%s) + long))
	half=$((end - long / 2))
	first=0 most=0
	while [ "$(date +%s)" -lt "$end" ]; do
		send "$workloads/day.pcap" --pps 20000 -L 200000
		send "$workloads/mail.pcap" --pps 20000 -L 200000
	done &
	keep $!
	while [ "$(date +%s)" -lt "$end" ]; do
		kb=$(private_kb "$pid")
		[ "$kb" -le "$most" ] || most=$kb
		[ "$(date +%s)" -gt "$half" ] || first=$most
		sleep 1
	done
	echo "  most in the first half $first, most of all $most"
	off TERM
}

for part in $parts; do
	$part
done
