#!/bin/sh
# Replays each fuzz corpus through its target: whatever was ever found stays
# found.  That of fuzz_capture is pcaps/.
srcdir=${srcdir:-.}
n=0

# result STATUS NAME: one line of TAP.
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
	fi
}

for target in "$srcdir"/tests/fuzz/fuzz_*.c; do
	name=$(basename "$target" .c)
	name=${name#fuzz_}
	set -- "$srcdir/tests/fuzz/corpus/$name"/*
	[ "$name" = capture ] && set -- "$srcdir"/pcaps/*.pcap
	# A corpus is what makes a target a test.
	[ -f "$1" ]
	result $? "target $name has a corpus"
	out=$("tests/fuzz/fuzz_$name" "$@" 2>&1)
	status=$?
	[ $status -eq 0 ] || echo "$out" | tail -n 20 | sed 's/^/# /'
	result $status "corpus $name"
done
for corpus in "$srcdir"/tests/fuzz/corpus/*/; do
	name=$(basename "$corpus")
	[ -f "$srcdir/tests/fuzz/fuzz_$name.c" ]
	result $? "corpus $name has a target"
done
echo "1..$n"
