#!/bin/sh
# dissect/ may call nothing that does I/O, allocates or tells the time: every
# symbol that its library leaves undefined must be on this list.
allowed='memchr|memcmp|memcpy|memmove|memset|strchr|strlen|strncmp|strstr'
# What compilers add: stack protector, fortified copies, sanitizers, gcov, and
# bcmp where only equality is asked of memcmp.
tooling='bcmp|__stack_chk_fail|__mem(cpy|move|set)_chk|_GLOBAL_OFFSET_TABLE_'
tooling="$tooling|__(asan|ubsan|sanitizer|sancov|gcov|start___sancov|stop___sancov).*"

echo 1..1
bad=$(nm -P libmaildissect.a | awk '
	NF >= 2 && $2 != "U" && $2 != "w" { own[$1] = 1 }
	$2 == "U" { wanted[$1] = 1 }
	END { for (name in wanted) if (!(name in own)) print name }' |
	sort | grep -vxE "$allowed|$tooling" | tr '\n' ' ')
if [ -z "$bad" ]; then
	echo "ok 1 - libmaildissect is pure"
else
	echo "# it calls: $bad"
	echo "not ok 1 - libmaildissect is pure"
fi
