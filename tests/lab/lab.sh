# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# lab.sh: a home in network namespaces, for the tests of live capture to source:
#
#	devices --- br0 [router] wan --- provider (dovecot, postfix)
#
# Nothing of it leads to the machine's own network.  Everything is named after
# this process, and lab_down, which runs at exit, takes it away.

LAN=192.168.77
WAN=203.0.113
LAN6=2001:db8:1:
WAN6=2001:db8:2:
PROVIDER=$WAN.10

# Where this file is, and the program.
lab_files=${lab_files:-${srcdir:-.}/tests/lab}
mailtls=${MAILTLS:-./mailtls}
# Nobody can trace what is confined, so leaks can not be looked for there.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
lab=mtl$$
lab_dir=
lab_devices=
lab_pids=

# lab_needs PROGRAM...: skips the whole test where it can not run.
lab_needs() {
	if [ "$(id -u)" -ne 0 ]; then
		echo '1..0 # SKIP network namespaces need root'
		exit 0
	fi
	for program; do
		if ! command -v "$program" >/dev/null; then
			echo "1..0 # SKIP $program is not installed"
			exit 0
		fi
	done
	if ! ip netns add "$lab-try" 2>/dev/null; then
		echo '1..0 # SKIP there can be no network namespaces here'
		exit 0
	fi
	ip netns del "$lab-try"
}

# in_ns NAME COMMAND...: runs it in a namespace of the lab.
in_ns() {
	in_ns_name=$1
	shift
	ip netns exec "$lab-$in_ns_name" "$@"
}

# result NAME STATUS: one test of TAP, well if STATUS is 0; else with what is
# in $lab_dir/why.
lab_tests=0
result() {
	lab_tests=$((lab_tests + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $lab_tests - $1"
		return
	fi
	[ ! -f "$lab_dir/why" ] || sed 's/^/# /' "$lab_dir/why"
	echo "not ok $lab_tests - $1"
}

# keep PID: have it ended with the lab.
keep() {
	lab_pids="$lab_pids $1"
}

lab_down() {
	for pid in $lab_pids; do
		kill "$pid" 2>/dev/null
	done
	for name in $(ip netns list | sed -n "s/^\\($lab-[a-z0-9]*\\).*/\\1/p"); do
		# shellcheck disable=SC2046 # one word a process
		kill $(ip netns pids "$name") 2>/dev/null
		sleep 0.2
		# shellcheck disable=SC2046
		kill -9 $(ip netns pids "$name") 2>/dev/null
		ip netns del "$name"
		rm -rf "/etc/netns/$name"
	done
	[ -z "$lab_dir" ] || rm -rf "$lab_dir"
}

add_ns() {
	ip netns add "$lab-$1"
	ip -n "$lab-$1" link set lo up
	mkdir -p "/etc/netns/$lab-$1"
	echo "nameserver $LAN.1" >"/etc/netns/$lab-$1/resolv.conf"
	echo 'hosts: files dns' >"/etc/netns/$lab-$1/nsswitch.conf"
}

# plug NAME MAC PORT: joins eth0 of NAME to the router's PORT.
plug() {
	ip link add eth0 netns "$lab-$1" address "$2" type veth \
		peer name "$3" netns "$lab-router"
	ip -n "$lab-router" link set "$3" up
	ip -n "$lab-$1" link set eth0 up
}

# lab_up: the router and the provider.
lab_up() {
	lab_dir=$(mktemp -d) || exit 1
	chmod 755 "$lab_dir"
	trap lab_down EXIT
	trap 'exit 1' INT TERM
	add_ns router
	add_ns provider
	ip -n "$lab-router" link add br0 address 00:00:5e:00:53:01 type bridge
	ip -n "$lab-router" link set br0 up
	ip -n "$lab-router" addr add $LAN.1/24 dev br0
	ip -n "$lab-router" addr add ${LAN6}:1/64 dev br0 nodad
	plug provider 00:00:5e:00:53:02 wan
	ip -n "$lab-router" addr add $WAN.1/24 dev wan
	ip -n "$lab-router" addr add ${WAN6}:1/64 dev wan nodad
	ip -n "$lab-provider" addr add $PROVIDER/24 dev eth0
	ip -n "$lab-provider" addr add ${WAN6}:10/64 dev eth0 nodad
	ip -n "$lab-provider" route add default via $WAN.1
	ip -n "$lab-provider" -6 route add default via ${WAN6}:1
	in_ns router sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1
}

# add_device NAME NUMBER: a device at $LAN.NUMBER.
add_device() {
	add_ns "$1"
	plug "$1" "00:00:5e:00:53:$2" "v-$1"
	ip -n "$lab-router" link set "v-$1" master br0
	ip -n "$lab-$1" addr add "$LAN.$2/24" dev eth0
	ip -n "$lab-$1" addr add "${LAN6}:$2/64" dev eth0 nodad
	ip -n "$lab-$1" route add default via $LAN.1
	ip -n "$lab-$1" -6 route add default via ${LAN6}:1
	lab_devices="$lab_devices $1"
}

# add_vlan_device NAME NUMBER: a device at $LAN.NUMBER, whose frames come to the
# router's port `trunk` with a tag.  The kernel need not know VLANs.
add_vlan_device() {
	add_ns "$1"
	add_ns switch
	ip link add eth0 netns "$lab-$1" address "00:00:5e:00:53:$2" \
		type veth peer name port netns "$lab-switch"
	ip link add uplink netns "$lab-switch" type veth \
		peer name trunk netns "$lab-router"
	ip -n "$lab-router" link add inner type veth peer name untagged
	ip -n "$lab-router" link set untagged master br0 up
	for link in "$1 eth0" "switch port" "switch uplink" "router trunk" \
		"router inner" "router untagged"; do
		ip -n "$lab-${link% *}" link set "${link#* }" up
		# What passes through a program of ours must be whole.
		in_ns "${link% *}" ethtool -K "${link#* }" tx off tso off \
			gso off gro off >/dev/null 2>&1
	done
	relay switch add port uplink
	relay switch strip uplink port
	relay router strip trunk inner
	relay router add inner trunk
	ip -n "$lab-$1" addr add "$LAN.$2/24" dev eth0
	ip -n "$lab-$1" route add default via $LAN.1
	in_ns provider ethtool -K eth0 tx off tso off gso off >/dev/null 2>&1
}

relay() {
	relay_ns=$1
	shift
	ip netns exec "$lab-$relay_ns" /usr/bin/python3 "$lab_files/vlan.py" "$@" \
		2>/dev/null &
	keep $!
}

# lab_nat: the router hides the home behind its own address.
lab_nat() {
	in_ns router nft -f - <<-TEXT
		table ip nat {
			chain post {
				type nat hook postrouting priority 100;
				oifname "wan" masquerade
			}
		}
	TEXT
}

# wait_for SECONDS COMMAND...: until it succeeds; fails if it never does, and not
# because the machine is busy with something else, which may take six times that.
wait_for() {
	wait_for_left=$(($1 * 60))
	shift
	until "$@" >/dev/null 2>&1; do
		wait_for_left=$((wait_for_left - 1))
		[ $wait_for_left -gt 0 ] || return 1
		sleep 0.1
	done
}

# --- the provider's servers --------------------------------------------------

openssl_conf() {
	cat <<-TEXT
		openssl_conf = init
		[init]
		ssl_conf = ssl
		[ssl]
		system_default = defaults
		[defaults]
		MinProtocol = $1
		MaxProtocol = $2
		CipherString = DEFAULT:@SECLEVEL=0
	TEXT
}

certificates() {
	openssl_conf TLSv1 TLSv1.3 >"$lab_dir/any.cnf"
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 \
		-keyout "$lab_dir/mail.key" -out "$lab_dir/mail.pem" \
		-subj /CN=mail.example.net \
		-addext subjectAltName=DNS:mail.example.net,IP:$PROVIDER \
		2>/dev/null
}

dovecot_conf() {
	cat <<-TEXT
		base_dir = $lab_dir/dovecot/run
		state_dir = $lab_dir/dovecot/state
		protocols = imap pop3
		listen = *, ::
		import_environment = TZ OPENSSL_CONF=$lab_dir/any.cnf
		log_path = $lab_dir/dovecot.log
		login_log_format_elements = port=%{real_rport} tls=%{ssl_security}
		mail_location = maildir:~/Maildir
		mail_uid = mail
		mail_gid = mail
		first_valid_uid = 1
		disable_plaintext_auth = no
		auth_mechanisms = plain login
		mail_max_userip_connections = 1000
		ssl = yes
		ssl_cert = <$lab_dir/mail.pem
		ssl_key = <$lab_dir/mail.key
		ssl_min_protocol = TLSv1
		ssl_cipher_list = ALL:!aNULL:!eNULL:@SECLEVEL=0
		service imap-login {
		  process_min_avail = 1
		  client_limit = 1000
		  inet_listener imaps_elsewhere {
		    port = 9993
		    ssl = yes
		  }
		}
		service pop3-login {
		  inet_listener pop3_elsewhere {
		    port = 1110
		  }
		}
		passdb {
		  driver = static
		  args = password=test
		}
		userdb {
		  driver = static
		  args = uid=mail gid=mail home=$lab_dir/mail/%n
		}
		namespace inbox {
		  inbox = yes
		}
		service auth {
		  unix_listener auth-client {
		    mode = 0666
		  }
		}
	TEXT
}

postfix_conf() {
	cat <<-TEXT
		compatibility_level = 3.6
		queue_directory = $lab_dir/postfix/queue
		data_directory = $lab_dir/postfix/data
		command_directory = /usr/sbin
		daemon_directory = /usr/lib/postfix/sbin
		mail_owner = postfix
		setgid_group = postdrop
		maillog_file = $lab_dir/postfix.log
		maillog_file_prefixes = $lab_dir
		myhostname = mail.example.net
		mydestination =
		virtual_mailbox_domains = example.net
		virtual_transport = discard:
		mynetworks = 127.0.0.0/8
		inet_interfaces = all
		smtpd_sasl_auth_enable = yes
		smtpd_sasl_type = dovecot
		smtpd_sasl_path = $lab_dir/dovecot/run/auth-client
		smtpd_tls_loglevel = 1
		smtpd_client_port_logging = yes
		smtpd_tls_security_level = may
		smtpd_tls_cert_file = $lab_dir/mail.pem
		smtpd_tls_key_file = $lab_dir/mail.key
		smtpd_tls_protocols = >=TLSv1
		smtpd_tls_mandatory_protocols = >=TLSv1
		smtpd_tls_ciphers = medium
		tls_medium_cipherlist = ALL:!aNULL:!eNULL:@SECLEVEL=0
		smtpd_client_connection_rate_limit = 0
		smtpd_client_connection_count_limit = 0
		import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ
		    OPENSSL_CONF=$lab_dir/any.cnf
		smtputf8_enable = no
	TEXT
}

postfix_services() {
	cat <<-TEXT
		25 inet n - n - - smtpd
		2526 inet n - n - - smtpd
		587 inet n - n - - smtpd
		465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		tlsmgr unix - - n 1000? 1 tlsmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		proxymap unix - - n - - proxymap
		error unix - - n - - error
		retry unix - - n - - error
		discard unix - - n - - discard
		anvil unix - - n - 1 anvil
		postlog unix-dgram n - n - 1 postlogd
	TEXT
}

listens() {
	in_ns provider ss -Hltn "sport = :$1" | grep -q .
}

# servers_up: dovecot and postfix, which take every version from TLS 1.0 on, on
# the ports of mail, and on 9993 (IMAP in TLS), 1110 (POP3) and 2526 (SMTP).
servers_up() {
	certificates
	mkdir -p "$lab_dir/mail" "$lab_dir/postfix/queue" \
		"$lab_dir/postfix/data" "$lab_dir/dovecot"
	chown mail:mail "$lab_dir/mail"
	chown postfix "$lab_dir/postfix/data"
	dovecot_conf >"$lab_dir/dovecot/dovecot.conf"
	postfix_conf >"$lab_dir/postfix/main.cf"
	postfix_services >"$lab_dir/postfix/master.cf"
	OPENSSL_CONF=$lab_dir/any.cnf in_ns provider dovecot \
		-c "$lab_dir/dovecot/dovecot.conf" </dev/null >/dev/null 2>&1
	in_ns provider postfix -c "$lab_dir/postfix" start \
		</dev/null >/dev/null 2>&1
	wait_for 20 listens 993 && wait_for 20 listens 465
}

# --- capture -----------------------------------------------------------------

# listen_in NAME OUT OPTION...: starts mailtls in namespace NAME, what it prints
# going to OUT and what it says to OUT.err, and waits until it listens; $pid
# is its process.  The buffer is larger than what it is by default: what a busy
# machine leaves it no time to read is not what is tested.
listen_in() {
	listen_in_ns=$1 listen_in_out=$2
	shift 2
	: >"$listen_in_out.ready"
	listen_in_socket=$lab_dir/notify.$$.sock
	rm -f "$listen_in_socket"
	socat -u UNIX-RECV:"$listen_in_socket" \
		CREATE:"$listen_in_out.ready" &
	listen_in_socat=$!
	wait_for 5 test -S "$listen_in_socket"
	chmod 666 "$listen_in_socket"
	NOTIFY_SOCKET=$listen_in_socket ip netns exec "$lab-$listen_in_ns" \
		"$mailtls" capture --buffer 16M "$@" >"$listen_in_out" \
		2>"$listen_in_out.err" &
	pid=$!
	keep $pid
	wait_for 10 grep -q READY=1 "$listen_in_out.ready"
	listen_in_status=$?
	kill $listen_in_socat 2>/dev/null
	return $listen_in_status
}

# stop PID: ends it as a service manager would, and waits; its exit status is
# the result.
stop() {
	kill -TERM "$1"
	wait "$1"
}
