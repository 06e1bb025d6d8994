#!/bin/sh
# Replays each fuzz corpus through its target: whatever was ever found stays
# found.
n=0
for corpus in "${srcdir:-.}"/tests/fuzz/corpus/*/; do
	n=$((n + 1))
	name=$(basename "$corpus")
	if out=$("tests/fuzz/fuzz_$name" "$corpus"* 2>&1); then
		echo "ok $n - corpus $name"
	else
		echo "$out" | tail -n 20 | sed 's/^/# /'
		echo "not ok $n - corpus $name"
	fi
done
# A corpus is what makes a target a test.
for target in "${srcdir:-.}"/tests/fuzz/fuzz_*.c; do
	n=$((n + 1))
	name=$(basename "$target" .c)
	name=${name#fuzz_}
	if [ -d "${srcdir:-.}/tests/fuzz/corpus/$name" ]; then
		echo "ok $n - target $name has a corpus"
	else
		echo "not ok $n - target $name has a corpus"
	fi
done
echo "1..$n"
