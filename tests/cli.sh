#!/bin/sh
# What the command line promises, apart from dissecting.
srcdir=${srcdir:-.}
man=$srcdir/man/mailtls.1
dir=$(mktemp -d ./cli.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0

# result NAME STATUS: one test, well if STATUS is 0.
result() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
	fi
}

# says NAME STATUS TEXT ARGUMENT...: mailtls must exit with STATUS and say
# TEXT, on standard output or standard error.
says() {
	name=$1 want=$2 text=$3
	shift 3
	./mailtls "$@" >"$dir/out" 2>&1 </dev/null
	got=$?
	[ "$got" -eq "$want" ] && grep -qF -e "$text" "$dir/out"
	status=$?
	if [ $status -ne 0 ]; then
		echo "# mailtls $*: status $got, says:"
		sed 's/^/# /' "$dir/out"
	fi
	result "$name" $status
}

# le32 NUMBER: as four bytes, little-endian, in printf's language.
le32() {
	printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) \
		$(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

# empty_capture LINK: a pcap file without packets.
empty_capture() {
	# shellcheck disable=SC2059
	printf "$(le32 0xa1b2c3d4)$(le32 0x40002)$(le32 0)$(le32 0)$(
		le32 65535)$(le32 "$1")"
}

empty_capture 1 >"$dir/empty.pcap"
empty_capture 147 >"$dir/user0.pcap"
: >"$dir/nothing"
echo 'Received: from mail.example.net' >"$dir/text"
mkdir "$dir/folder"
printf '\324\303\262\241' >"$dir/header"
{
	cat "$dir/empty.pcap"
	printf 'cut'
} >"$dir/cut.pcap"
gzip -c "$dir/empty.pcap" | head -c 30 >"$dir/cut.pcap.gz"
sample=$srcdir/pcaps/plaintext-logins.pcap
old=$srcdir/pcaps/lmtp-starttls-tls10.pcap

says 'version names us' 0 'mailtls ' --version
says 'version names libpcap' 0 'libpcap' --version
says 'version names OpenSSL' 0 'OpenSSL' -V
says 'version names nDPI, or its lack' 0 'nDPI' --version
says 'help names the commands' 0 'analyze FILE...' --help
says 'help of a command names its options' 0 '--min-version' analyze --help
says 'each has its own' 0 '--interface NAME' capture --help
says 'no command is wrong usage' 2 'which command?'
says 'an unknown command is wrong usage' 2 'no such command: dance' dance
says 'an unknown option is wrong usage' 2 '--no-such' analyze --no-such x
says 'no capture is wrong usage' 2 'which captures?' analyze
says 'interfaces can be listed' 0 'all of them at once' capture --list
says 'no interface is wrong usage' 2 'which interface?' capture
says 'a wrong port is quoted' 2 "'99999' is no port" analyze -p 25,99999 x
says 'a wrong version is quoted' 2 "'1.5'" analyze --min-version 1.5 x
says 'a wrong format is quoted' 2 "'xml'" analyze --format xml x
says 'too little memory is wrong usage' 2 'minimum, 1M' analyze --memory 1K x
says 'a wrong filter is wrong usage' 2 "filter 'port or'" \
	analyze --filter 'port or' "$dir/empty.pcap"
says 'missing authorities are wrong usage' 2 "$dir/none" \
	analyze --ca "$dir/none" "$dir/empty.pcap"
says 'a file without authorities is wrong usage' 2 'no certificate' \
	analyze --ca "$dir/text" "$dir/empty.pcap"
says 'an output that can not be is wrong usage' 2 "$dir/no/such" \
	analyze -o "$dir/no/such" "$dir/empty.pcap"

says 'a missing file fails' 1 'No such file' analyze "$dir/missing"
./mailtls analyze "$dir/missing" 2>/dev/null | grep -q .
[ $? -eq 1 ]
result 'and no report on nothing hides why' $?
says 'a folder without captures fails' 1 'no capture files' \
	analyze "$dir/folder"
says 'a text file fails' 1 'this is text' analyze "$dir/text"
says 'an empty file fails' 1 'empty' analyze "$dir/nothing"
says 'a file cut in its header fails' 1 'header' analyze "$dir/header"
says 'a file cut in a packet fails' 1 'cut inside a packet after 0 packets' \
	analyze "$dir/cut.pcap"
says 'cut compression fails' 1 'cut inside its gzip compression' \
	analyze "$dir/cut.pcap.gz"
says 'an unknown link type fails and is named' 1 'link type 147 (' \
	analyze "$dir/user0.pcap"
says 'other files are read all the same' 1 'empty' \
	analyze --format json "$dir/nothing" "$sample"
says 'a capture without packets is well' 0 '' analyze "$dir/empty.pcap"
says 'a failing name is harmless to a terminal' 1 '\x1b[31m' \
	analyze "$(printf 'a\033[31mb')"

./mailtls analyze -f ndjson - <"$sample" >"$dir/stdin.ndjson" 2>/dev/null
./mailtls analyze -f ndjson "$sample" >"$dir/file.ndjson" 2>/dev/null
test -s "$dir/file.ndjson" && cmp -s "$dir/stdin.ndjson" "$dir/file.ndjson"
result 'standard input is read as a file is' $?
gzip -c "$sample" | ./mailtls analyze -f ndjson - >"$dir/gzip.ndjson" 2>&1
cmp -s "$dir/gzip.ndjson" "$dir/file.ndjson"
result 'compression changes nothing' $?
./mailtls analyze --format ndjson --output "$dir/to" "$sample" >"$dir/rest"
cmp -s "$dir/to" "$dir/file.ndjson" && ! test -s "$dir/rest"
result 'the output goes where it is told' $?
! grep -qv '^{.*}$' "$dir/file.ndjson"
result 'ndjson is an object a line' $?
./mailtls analyze -f json "$sample" | head -c 1 | grep -q '{'
result 'json is an object' $?
./mailtls analyze "$sample" | grep -q .
result 'text is the default and says something' $?
cp "$sample" "$dir/keep.pcap"
says 'a capture is not overwritten' 2 'one of the captures' \
	analyze -o "$dir/keep.pcap" "$dir/keep.pcap"
cmp -s "$sample" "$dir/keep.pcap"
result 'and is still whole' $?
if [ -c /dev/full ]; then
	says 'a full disk fails' 1 '/dev/full' \
		analyze -f ndjson -o /dev/full "$sample"
	says 'a full disk fails for reports as well' 1 '/dev/full' \
		analyze -o /dev/full "$sample"
	./mailtls analyze "$sample" 2>"$dir/err" >/dev/full
	[ $? -eq 1 ] && grep -q 'standard output' "$dir/err"
	result 'so does standard output' $?
fi

says 'other ports are looked at when asked for' 0 'others_mail' \
	analyze --any-port --stats -o /dev/null "$old"
if ./mailtls --version | grep -q 'without nDPI'; then
	says 'that there is no nDPI is said where it is missed' 0 'no nDPI' \
		analyze --any-port -o /dev/null "$old"
fi
says 'an old version is no failure' 0 '' analyze "$old"
says 'with --check it is' 3 '' analyze --check "$old"
says 'a lower minimum makes it well' 0 '' analyze -c -m 1.0 "$old"
says 'stats are printed' 0 'frames' analyze -q --stats -o /dev/null "$old"
./mailtls analyze --stats -f ndjson "$old" 2>/dev/null | grep -q '^frames'
[ $? -eq 1 ]
result 'stats are kept from standard output' $?

says 'a mail is for somebody' 2 'mail needs --mail-to' \
	analyze --format mail "$sample"
says 'an address brings no header' 2 '--mail-to: not printable' \
	analyze --format mail --mail-to "$(printf 'a@b\nBcc: c@d')" "$sample"
says 'nor does the sender' 2 '--mail-from: not printable' analyze \
	--format mail --mail-to root --mail-from "$(printf 'a\rb')" "$sample"
says 'a mail has a sender' 0 'From: mailtls <' \
	analyze --format mail --mail-to root "$sample"
./mailtls analyze -f mail --mail-to root "$dir/missing" 2>/dev/null | grep -q .
[ $? -eq 1 ]
result 'there is no mail on nothing' $?
says 'a page is written' 0 '<!DOCTYPE html>' analyze --format html "$sample"
says 'a CSV is written' 0 'device_id,' analyze --format csv "$sample"
says "Zeek's log is written" 0 '#fields' analyze --format zeek "$sample"
says 'metrics are written' 0 'mailtls_connections{' \
	analyze --format prometheus "$sample"
echo old >"$dir/mailtls.prom"
ln "$dir/mailtls.prom" "$dir/reader"
./mailtls analyze -f prometheus -o "$dir/mailtls.prom" "$sample" &&
	grep -q build_info "$dir/mailtls.prom" && [ "$(cat "$dir/reader")" = old ]
result 'a file of metrics is never seen in part' $?
says 'wrong usage leaves no file' 2 "filter 'port or'" analyze \
	--filter 'port or' -f prometheus -o "$dir/new.prom" "$dir/empty.pcap"
[ "$(find "$dir" -name '*.prom*')" = "$dir/mailtls.prom" ]
result 'nor one beside it' $?
ln -s reader "$dir/link"
./mailtls analyze -f prometheus -o "$dir/link" "$sample" &&
	[ -L "$dir/link" ] && grep -q build_info "$dir/reader"
result 'a link stays one' $?

# Every option and every counter has its place in the manual page.
for option in $({
	./mailtls analyze --help
	./mailtls capture --help
	./mailtls report --help
	./mailtls store --help
} | sed -n 's/^  *\(-.,\)\{0,1\} *--\([a-z-]*\).*/\2/p' | sort -u); do
	grep -q "It .*Fl -$option" "$man"
	result "the manual page knows --$option" $?
done
for counter in $(./mailtls analyze --stats -o /dev/null "$dir/empty.pcap" 2>&1 |
	awk '{ print $1 }'); do
	grep -q "Li $counter\$" "$man"
	result "the manual page knows the counter $counter" $?
done
says 'a language can be asked for' 0 'Gelesen:' \
	analyze --lang de "$sample"
says 'whatever the locale' 0 '読み込み:' analyze --lang ja_JP "$sample"
says 'but not any' 2 "--lang: 'tlh': there is no such language" \
	analyze --lang tlh "$sample"
LC_ALL=de_DE.UTF-8
says "the locale's is taken" 0 'Gelesen:' analyze "$sample"
says 'machine formats are never translated' 0 '"verdict":"plaintext_login"' \
	analyze --format ndjson "$sample"
LC_ALL=de_DE.ISO-8859-1
says 'not where it could not be shown' 0 'Read:' analyze "$sample"
LC_ALL=C
printf '# mine\nHome\texample.test\t\t\t\t\t\t\tmy own\n' >"$dir/mine.tsv"
says 'providers can be added' 0 '"provider":"Home"' \
	analyze --providers "$dir/mine.tsv" --format ndjson \
	"$srcdir/pcaps/household.pcap"
printf 'Home\texample.test\n' >"$dir/bad.tsv"
says 'what is wrong with them is said' 2 'bad.tsv:1: there are less than' \
	analyze --providers "$dir/bad.tsv" "$sample"

echo "1..$n"
