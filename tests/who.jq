# who.jq --slurpfile truth FILE: the records of a capture, slurped, against what
# was run, as {client, server, program, library}: figures, in percent, of how
# often the answer is right.

def endpoint: if .ip | contains(":") then "[\(.ip)]:\(.port)"
	else "\(.ip):\(.port)" end;

def percent(condition): if length == 0 then 0
	else 100 * (map(select(condition)) | length) / length end;

def median: sort | if length == 0 then 0 else .[length / 2 | floor] end;

# a capture's name comes before what only it makes unique
def key: [ .file // empty, (.source | endpoint), (.destination | endpoint) ] |
	join(" ");

(map({ key: key, value: . }) | reverse | from_entries) as $records |
[ $truth[] |
	. as $run | $records["\(.client) \(.server)"] |
	select(. != null) |
	# what could be told by: a hello, or a talk in the clear
	select(.mailtls.client_hello != null or .mailtls.talk != null) |
	{ run: $run, hello: (.mailtls.client_hello != null),
		talk: (.mailtls.encryption == "starttls"),
		name: .mailtls.program.name,
		library: .mailtls.program.library,
		candidates: (.mailtls.program.candidates //
			[ .mailtls.program.name // empty ]) }
] |
{
	connections: length,
	library: map(select(.hello)) | percent(.library == .run.library),
	among: percent(.run.program as $p | .candidates | index($p) != null),
	wrong: percent(.name != null and .name != .run.program),
	median: map(select(.talk) | .candidates | length) | median
}
