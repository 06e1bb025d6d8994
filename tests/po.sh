#!/bin/sh
# The catalogues in po/: complete, well formed, and made into C as they are.
srcdir=${srcdir:-.}
awk=${AWK:-awk}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

# result STATUS NAME: one line of TAP, with $tmp/why if it failed.
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		sed 's/^/# /' "$tmp/why"
		echo "not ok $n - $2"
	fi
}

# empty NAME: the test is well if there is nothing in $tmp/why.
empty() {
	[ ! -s "$tmp/why" ]
	result $? "$1"
}

# po2c FILE: the catalogue as C, or what is wrong with it.
po2c() {
	LC_ALL=C "$awk" -f "$srcdir/build-aux/po2c.awk" "$1"
}

# entry TEXT...: a catalogue with these lines after its header.
entry() {
	printf 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);"\n'
	printf '%s\n' "$@"
}

for tool in xgettext msgfmt msgcmp msgattrib; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # SKIP gettext is not installed"
		exit 0
	fi
done

(cd "$srcdir" && sh build-aux/pot.sh) >"$tmp/mailtls.pot" 2>"$tmp/why"
empty 'the messages can be extracted'

while read -r code; do
	po=$srcdir/po/$code.po
	msgcmp "$po" "$tmp/mailtls.pot" >"$tmp/why" 2>&1
	result $? "$code: every message is translated, none is fuzzy"

	msgfmt --check -o /dev/null "$po" >"$tmp/why" 2>&1
	result $? "$code: the formats agree"

	msgattrib --only-obsolete "$po" >"$tmp/why" 2>&1
	empty "$code: no message is obsolete"

	po2c "$po" >"$tmp/$code.c" 2>"$tmp/why"
	empty "$code: it can be made C"
	msgattrib --no-obsolete --no-wrap "$po" | grep -c '^msgid "..*"' \
		>"$tmp/many"
	grep -c '^	{ "' "$tmp/$code.c" | awk '{ print $1 - 1 }' |
		diff - "$tmp/many" >"$tmp/why"
	result $? "$code: the C has every message"
done <"$srcdir/po/LINGUAS"

(cd "$srcdir/po" && ls ./*.po) | sed 's|^\./||; s|\.po$||' |
	diff - "$srcdir/po/LINGUAS" >"$tmp/why"
result $? 'po/LINGUAS names every catalogue'

(cd "$srcdir" && grep -lE '(^|[^A-Za-z0-9_])(N?_|ngettext)\(' report/*.c |
	grep -vxFf po/POTFILES) >"$tmp/why"
empty 'po/POTFILES names every file with messages'

# What is never to be advised, here or anywhere.  The words stand for:
# encryption off, without encryption; aus-, ab-, deaktivieren, ohne; and in
# Japanese, to disable, to switch off, to release encryption.
grep -inE -e "(switch|turn)(ing)? (off (the )?(encryption|TLS|SSL)|(encryption|\
TLS|SSL) off)|(disable|without) (the )?(encryption|TLS\$|SSL\$)" \
	-e "ohne Verschlüsselung|Verschlüsselung (ab|aus)schalten|\
Verschlüsselung deaktivieren" \
	-e "暗号化(を|は)?(無効|オフ|解除|しない|なしに)" \
	"$srcdir"/po/*.po >"$tmp/why"
empty 'nobody is told to do without encryption'

entry '#, fuzzy' 'msgid "a"' 'msgstr "x"' '' 'msgid "b"' 'msgstr ""' '' \
	'msgid "c"' 'msgid_plural "cs"' 'msgstr[0] "y"' 'msgstr[1] ""' '' \
	'#~ msgid "d"' '#~ msgstr "z"' >"$tmp/xx.po"
po2c "$tmp/xx.po" | grep -E '"(a|b|c|d)"' >"$tmp/why" 2>&1
empty 'what is fuzzy, half, or obsolete stays English'

entry 'msgid "" "\"q\" "' '"two"' 'msgstr "x\n"' '' 'msgid "A"' \
	'msgstr "y"' >"$tmp/xx.po"
po2c "$tmp/xx.po" >"$tmp/why" 2>&1
grep -F '{ "A", { "y" } },' "$tmp/why" >/dev/null
result $? 'a message is one row'

i=0
for broken in 'msgid "a' 'what is this' '"alone"' 'msgstr[2] "x"'; do
	i=$((i + 1))
	if [ $i -eq 3 ]; then
		echo "$broken" >"$tmp/xx.po"
	else
		entry "$broken" >"$tmp/xx.po"
	fi
	! po2c "$tmp/xx.po" >/dev/null 2>"$tmp/why" &&
		grep -q "xx.po:[0-9]*: " "$tmp/why"
	result $? "a broken catalogue is refused ($broken)"
done
echo "1..$n"
