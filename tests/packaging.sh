#!/bin/sh
# What is handed to systemd, OpenWrt, Debian and bash fits the program.
srcdir=${srcdir:-.}
packaging=$srcdir/packaging
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0

# result NAME STATUS: one test, well if STATUS is 0; else with $dir/why.
result() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
		return
	fi
	[ ! -f "$dir/why" ] || sed 's/^/# /' "$dir/why"
	echo "not ok $n - $1"
}

# options COMMAND: its long options.
options() {
	./mailtls "$1" --help |
		sed -n 's/^  *\(-.,\)\{0,1\} *\(--[a-z-]*\).*/\2/p' | sort
}

# known COMMAND FILE: words of FILE that look like options and are none.
known() {
	grep -o -e '--[a-z-]*' "$2" | sort -u >"$dir/used"
	options "$1" | comm -23 "$dir/used" - >"$dir/why"
	test ! -s "$dir/why"
}

options capture >"$dir/options"

# --- systemd -----------------------------------------------------------------

unit=$dir/mailtls@br-lan.service
sed 's|@bindir@/mailtls|/bin/true|' \
	"$packaging/systemd/mailtls@.service.in" >"$unit"
grep '^ExecStart=' "$unit" >"$dir/start"
known capture "$dir/start"
result 'the service uses options that there are' $?
for word in CAP_NET_RAW DynamicUser=yes NoNewPrivileges=yes Type=notify; do
	grep -q "$word" "$unit"
	result "the service has $word" $?
done
if command -v systemd-analyze >/dev/null; then
	systemd-analyze verify --man=no "$unit" >"$dir/why" 2>&1
	result 'systemd takes the service' $?
	systemd-analyze security --offline=true --threshold=15 --no-pager \
		"$unit" >"$dir/why" 2>&1
	result 'its exposure is at most 1.5' $?
else
	result 'systemd takes the service # SKIP no systemd-analyze' 0
	result 'its exposure is at most 1.5 # SKIP no systemd-analyze' 0
fi

# --- OpenWrt -----------------------------------------------------------------

openwrt=$packaging/openwrt
for file in mailtls.init mailtls-report.init mailtls.hotplug; do
	sh -n "$openwrt/files/$file" 2>"$dir/why"
	result "$file can be read" $?
done
sed -n "/^config report/q; s/^	option \\([a-z_]*\\) .*/--\\1/p" \
	"$openwrt/files/mailtls.config" | tr _ - | grep -vx -e --enabled >"$dir/uci"
known capture "$dir/uci"
result 'every option of its configuration is one of ours' $?

# Its init script, with the functions of OpenWrt that it calls: what it would
# start is written to $dir/started.
cat >"$dir/openwrt.sh" <<'TEXT'
config_load() { :; }
config_foreach() { "$1" main; }
config_get_bool() { eval "$1=$enabled_value"; }
config_get() {
	eval "$1=\$(sed -n \"s/^	option $3 '\\(.*\\)'/\\1/p\" \"$config\")"
}
config_list_foreach() {
	for value in $(sed -n "s/^	list $2 '\\(.*\\)'/\\1/p" "$config"); do
		"$3" "$value"
	done
}
network_get_device() { [ "$2" = lan ] && eval "$1=lo"; }
procd_open_instance() { echo "open $1"; }
procd_close_instance() { echo close; }
procd_set_param() { echo "$*"; }
procd_append_param() { echo "$*"; }
procd_add_jail() { :; }
procd_add_jail_mount() { echo "read $*"; }
procd_add_jail_mount_rw() { echo "write $*"; }
mkdir() { :; }
chown() { echo "chown $*"; }
TEXT
started() {
	{
		cat "$dir/openwrt.sh"
		grep -v '^	\. /lib' "$openwrt/files/mailtls.init"
		echo start_service
	} >"$dir/run.sh"
	config=$openwrt/files/mailtls.config enabled_value=$1 sh "$dir/run.sh" \
		>"$dir/started" 2>"$dir/why"
}
started 1
cat "$dir/started" >>"$dir/why"
sed -n 's/^command //p' "$dir/started" | tr '\n' ' ' >"$dir/command"
grep -q '^/usr/bin/mailtls capture --quiet --no-programs --interface lo --store /var/lib/mailtls/store.db --commit-interval 86400 ' \
	"$dir/command"
result 'its init script starts what is configured' $?
known capture "$dir/command"
result 'with options that there are' $?
grep -qx 'close' "$dir/started" && grep -qx 'user mailtls' "$dir/started"
result 'as a user of its own' $?
started 0
test ! -s "$dir/started"
result 'nothing, if that is off' $?
if command -v jq >/dev/null; then
	jq -e '.bounding == ["CAP_NET_RAW"]' "$openwrt/files/mailtls.json" \
		>/dev/null 2>"$dir/why"
	result 'with one capability' $?
fi

# --- Debian ------------------------------------------------------------------

version=$(./mailtls --version | sed -n '1s/^mailtls //p')
for file in openwrt/Makefile debian/changelog; do
	grep -qF "$version" "$packaging/$file"
	result "$file is of version $version" $?
done
sed -n '/^Build-Depends/,/^Standards/p' "$packaging/debian/control" |
	grep -o 'lib[a-z0-9-]*-dev\|zlib1g-dev' | sort >"$dir/debian"
sed -n "/^build_packages/,/'\$/p" "$srcdir/bootstrap" |
	grep -o 'lib[a-z0-9-]*-dev\|zlib1g-dev' | grep -v libc6 |
	sort >"$dir/bootstrap"
diff "$dir/bootstrap" "$dir/debian" >"$dir/why"
result 'the package is built with what bootstrap installs' $?

# --- bash --------------------------------------------------------------------

if command -v bash >/dev/null; then
	for command in $(./mailtls --help |
		sed -n '/^Commands/,$s/^  \([a-z]*\) .*/\1/p'); do
		PATH=.:$PATH bash -c '. "$1"; COMP_WORDS=(mailtls "$2" --)
			COMP_CWORD=2; _mailtls; printf "%s\n" "${COMPREPLY[@]}"' \
			- "$packaging/completion/mailtls.bash" "$command" |
			sort >"$dir/offered"
		options "$command" | diff - "$dir/offered" >"$dir/why"
		result "bash offers every option of $command" $?
	done
else
	result 'bash offers every option # SKIP no bash' 0
fi
echo "1..$n"
