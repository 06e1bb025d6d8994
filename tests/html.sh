#!/bin/sh
# The page in a real browser: tests/html/check.js opens each in headless
# Chromium.  CHROMIUM is the browser, MAILTLS_TOOLS a folder that has
# node_modules with what tests/html/package.json names.
TZ=UTC0 LC_ALL=C
export TZ LC_ALL

srcdir=$(cd "${srcdir:-.}" && pwd) || exit 1
CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
NODE_PATH=${MAILTLS_TOOLS:-$PWD/tools}/node_modules
export CHROMIUM NODE_PATH
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
# Where the browser keeps what it can not help keeping.
HOME=$tmp
export HOME

# skip REASON: there is nothing to be tested with.
skip() {
	echo "1..0 # SKIP $1"
	exit 0
}

# page NAME CAPTURE: into $tmp/NAME.html.
page() {
	./mailtls analyze --ca none --quiet --lang en --format html \
		-o "$tmp/$1.html" "$srcdir/pcaps/$2" 2>/dev/null
}

[ -x "$CHROMIUM" ] || skip "there is no $CHROMIUM"
command -v node >/dev/null || skip 'node is not installed'
node -e 'require("playwright-core"); require("axe-core")' 2>/dev/null ||
	skip "playwright-core and axe-core are not in $NODE_PATH"

page wire hostile-names.pcap
page clean imaps-tls13.pcap
page nothing not-mail.pcap
node "$srcdir/tests/html/check.js" \
	english="$srcdir/tests/report-en.html" \
	german="$srcdir/tests/report-de.html" \
	japanese="$srcdir/tests/report-ja.html" \
	hostile="$srcdir/tests/report-hostile.html" \
	wire="$tmp/wire.html" \
	clean="$tmp/clean.html" \
	nothing="$tmp/nothing.html"
