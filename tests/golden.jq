# Compares records with what is expected of them and prints a line for each
# difference.  $expect is a NAME.expect (see pcaps/README), $records an array.

# "client server key=value key=value ..." for each connection
def connections:
	[$expect | split("\n")[] | select(test("^(#|args |exit |$)") | not)]
	| reduce .[] as $line ([];
		if $line | test("^[ \t]") then .[-1] += " " + ($line | ltrimstr("\t"))
		else . + [$line] end)
	| map([splits("[ \t]+(?=[a-z@][a-z0-9_.@]*=)")]);

def endpoint:
	if .ip | contains(":") then "[\(.ip)]:\(.port)" else "\(.ip):\(.port)" end;

def pair: "\(.source | endpoint) \(.destination | endpoint)";

def shown:
	if . == null then "-"
	elif type == "string" then tojson[1:-1]
	elif type == "array" then
		map(if type == "object" then "\(.from):\(.code)" else . end)
		| join(",")
	else tojson end;

# what is wrong with the record that is the input, by `key=value` pairs
def complaints($pairs; $who):
	. as $record
	| $pairs[]
	| capture("^(?<key>[^=]*)=(?<want>.*)$"; "s") as {$key, $want}
	| ($record | try getpath($key / ".") catch null | shown) as $have
	| select(($want == "present" and $have != "-") | not)
	| select([$want | splits(" or ")] | index($have) == null)
	| "\($who) \($key): want \($want), have \($have)";

[$records[] | {pair: pair, record: .}]
| (group_by(.pair) | map({key: .[0].pair,
	value: (map(.record) | sort_by(."@timestamp"))}) | from_entries) as $seen
| (connections | group_by(.[0])) as $wanted
| ($wanted[]
	| .[0][0] as $pair
	| ($seen[$pair] // []) as $records
	| if length != ($records | length) then
		"\($pair): want \(length) records, have \($records | length)"
	  else empty end,
	  (range([length, ($records | length)] | min) as $i
		| .[$i][1:] as $pairs
		| $records[$i] | complaints($pairs; $pair))),
  ($seen | keys[] | . as $pair
	| select(any($wanted[][0][0]; . == $pair) | not)
	| "\($pair): a record that is not expected")
