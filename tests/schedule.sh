#!/bin/sh
# What has the report made once a week: units for systemd, as it reads them,
# and what cron and OpenWrt are given, run with stand-ins for their programs.
srcdir=$(cd "${srcdir:-.}" && pwd) || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

# result NAME STATUS: one test, well if STATUS is 0, with $tmp/why.
result() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
	else
		[ ! -s "$tmp/why" ] || sed 's/^/# /' "$tmp/why"
		echo "not ok $n - $1"
	fi
	: >"$tmp/why"
}

# skip NAME REASON
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

: >"$tmp/why"
mkdir "$tmp/units" "$tmp/bin" "$tmp/etc"
sed "s|@bindir@|$tmp/bin|" "$srcdir/packaging/systemd/mailtls-report.service.in" \
	>"$tmp/units/mailtls-report.service"
cp "$srcdir/packaging/systemd/mailtls-report.timer" "$tmp/units"

# The stand-ins: what mailtls is told, what sendmail gets.
cat >"$tmp/bin/mailtls" <<'TEXT'
#!/bin/sh
echo "$@" >"${0%/*}/../asked"
cat "${0%/*}/../message" 2>/dev/null
TEXT
cat >"$tmp/bin/sendmail" <<'TEXT'
#!/bin/sh
echo "$@" >"${0%/*}/../sendmail-asked"
cat >"${0%/*}/../sent"
TEXT
chmod +x "$tmp/bin/mailtls" "$tmp/bin/sendmail"
# shellcheck disable=SC1003,SC2016 # what a shell must not act on
printf '%s\n' 'To: a@b.example' '' 'back\slash \x1b %s $HOME' '' >"$tmp/message"

if command -v systemd-analyze >/dev/null; then
	# It reads the units of the system as well, of which one may be amiss.
	SYSTEMD_UNIT_PATH=$tmp/units: systemd-analyze verify --man=no \
		"$tmp/units/mailtls-report.timer" \
		"$tmp/units/mailtls-report.service" 2>&1 |
		grep -F mailtls >"$tmp/why"
	[ ! -s "$tmp/why" ]
	result 'systemd finds nothing wrong with the units' $?
	systemd-analyze security --offline=yes --threshold=15 --no-pager \
		"$tmp/units/mailtls-report.service" >"$tmp/why" 2>&1
	result 'the service is confined' $?
else
	skip 'systemd finds nothing wrong with the units' \
		'systemd-analyze is not installed'
	skip 'the service is confined' 'systemd-analyze is not installed'
fi

# post: the command after the report, as systemd would have the shell run it.
post=$(sed -n "s|^ExecStartPost=+/bin/sh -c '\(.*\)'\$|\1|p" \
	"$tmp/units/mailtls-report.service" |
	sed "s|%t/mailtls-report|$tmp|; s|/usr/sbin/sendmail|$tmp/bin/sendmail|")
cp "$tmp/message" "$tmp/report.eml"
sh -c "$post" && cmp -s "$tmp/message" "$tmp/sent" &&
	[ "$(cat "$tmp/sendmail-asked")" = '-i -t' ]
result 'the service hands the message to sendmail' $?
rm -f "$tmp/sent"
: >"$tmp/report.eml"
sh -c "$post" && [ ! -e "$tmp/sent" ]
result 'but no empty one' $?

# cron: a percent sign is written with a backslash there.
command=$(sed -n 's/^0 6 \* \* 1 root //p' "$srcdir/packaging/cron/mailtls-report" |
	sed 's/\\%/%/g')
MAIL_TO='a@b.example, c@d.example' PATH=$tmp/bin:$PATH sh -c "$command"
cmp "$tmp/message" "$tmp/sent" >"$tmp/why" 2>&1 ||
	# What $() takes from the end is an empty line.
	diff "$tmp/message" "$tmp/sent" | grep -v '^[0-9d]*$' | grep -vx '< ' \
		>"$tmp/why"
[ ! -s "$tmp/why" ] && grep -qF -e \
	'--format mail --mail-to a@b.example, c@d.example' "$tmp/asked"
result 'cron hands the message to sendmail' $?
mv "$tmp/message" "$tmp/message.kept"
rm -f "$tmp/sent"
PATH=$tmp/bin:$PATH sh -c "$command"
[ ! -e "$tmp/sent" ]
result 'but no empty one, either' $?
mv "$tmp/message.kept" "$tmp/message"

# openwrt COMMAND: what the init script does, with UCI's answers in variables.
openwrt() {
	sed "s|/etc/crontabs|$tmp/etc|; s|/etc/init.d/cron restart|:|" \
		"$srcdir/packaging/openwrt/files/mailtls-report.init" >"$tmp/init"
	# shellcheck disable=SC2016 # for the inner shell
	sh -c 'config_load() { :; }
		config_get() { eval "$1=\${UCI_$3:-\$4}"; }
		config_get_bool() { config_get "$@"; }
		logger() { :; }
		. "$0"; "$1"' "$tmp/init" "$1"
}

UCI_enabled=1 UCI_mail_to=a@b.example UCI_lang=de openwrt start_service
UCI_enabled=1 UCI_store=/s.db UCI_mail_to=a@b.example UCI_lang=de \
	UCI_only_changes=1 \
	openwrt start_service
[ "$(wc -l <"$tmp/etc/root")" -eq 1 ]
result 'OpenWrt has one line in its crontab' $?
line=$(sed 's/^0 6 \* \* 1 //' "$tmp/etc/root")
rm -f "$tmp/sent"
PATH=$tmp/bin:$PATH sh -c "$line"
[ -s "$tmp/sent" ] && grep -qF -e \
	'--store /s.db --period week --last --format mail --mail-to a@b.example --lang de --only-changes' \
	"$tmp/asked"
result 'which mails the report' $?
# shellcheck disable=SC2016 # what a shell must not act on
UCI_enabled=1 UCI_mail_to='a;reboot' openwrt start_service
[ ! -s "$tmp/etc/root" ]
result 'nothing else gets into it' $?
UCI_enabled=1 openwrt start_service
UCI_enabled=1 openwrt stop_service
[ ! -s "$tmp/etc/root" ]
result 'and it is taken out again' $?
echo "1..$n"
