# Compares connections that were found, $got, with those that there are, $want:
# arrays of objects with client, time, version, protocol.  Says how many there
# are, how many of them were found, how many of those with the right version and
# protocol, and what was found that is not so.
def same($a): .client == $a.client and (.time - $a.time | fabs) < 5;
def is_right($a): .version == $a.version and
	(.protocol == "unknown" or .protocol == $a.protocol);

[ $want[] | . as $w | [ $got[] | select(same($w)) ] as $found
	| { found: ($found | length > 0),
	    right: ($found | length > 0 and
		all(.version == $w.version and .protocol == $w.protocol)),
	    wrong: [ $found[] | select(is_right($w) | not) ],
	    unknown: ([ $found[] | select(.protocol == "unknown") ] | length) } ]
	as $all
| [ $got[] | . as $g | select([ $want[] | select(same($g)) ] | length == 0) ]
	as $more
| ($all | length) as $count
| ([ $all[] | select(.found) ] | length) as $found
| "count \($count)",
  "found \($found)",
  "right \([ $all[] | select(.right) ] | length)",
  "permille \([ $all[] | select(.right) ] | length * 1000 / ([$count, 1] | max) | floor)",
  "unknown \([ $all[].unknown ] | add // 0)",
  (($all[].wrong[], $more[]) | "wrong \(tojson)")
