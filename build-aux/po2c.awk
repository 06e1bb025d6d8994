# po2c.awk po/CODE.po ...: writes the catalogues as the tables that
# report/language.h describes.  A message that is not translated, or fuzzy, is
# left out; it stays English.  Strings of PO files are written as in C.  Run
# with LC_ALL=C, so that the tables are in the order of strcmp(3).

function fail(why) {
	print FILENAME ":" FNR ": " why > "/dev/stderr"
	failed = 1
	exit 1
}

# What stands between the quotes of the line.
function quoted(line) {
	if (line !~ /"$/)
		fail("no quote at the end")
	sub(/^[^"]*"/, "", line)
	sub(/"$/, "", line)
	return line
}

# The byte that the escapes \n, \t, \" and \\ stand for sorts otherwise than
# the escape does.
function plain(text) {
	gsub(/\\n/, "\n", text)
	gsub(/\\t/, "\t", text)
	gsub(/\\"/, "\"", text)
	gsub(/\\\\/, "\\", text)
	return text
}

function header(text) {
	if (text ~ /Plural-Forms: nplurals=1; plural=0;/)
		forms = 1
	else if (text ~ /Plural-Forms: nplurals=2; plural=\(?n != 1\)?;/)
		forms = 2
	else
		fail("plural forms other than one, or one and many")
}

# A message is complete.
function finish(  i, k) {
	if (part == "")
		return
	if (id == "")
		header(text[0])
	else if (!fuzzy && text[0] != "" && \
	    (plural == "" || forms == 1 || text[1] != "")) {
		key[count] = plain(id)
		line[count] = "\t{ \"" id "\", { \"" text[0] "\"" \
		    (plural != "" && forms == 2 ? ", \"" text[1] "\"" : "") " } },"
		# Insertion sort: the files are nearly in order already.
		order[count] = count
		for (i = count; i > 0; i--) {
			if (key[order[i - 1]] < key[order[i]])
				break
			k = order[i - 1]
			order[i - 1] = order[i]
			order[i] = k
		}
		count++
	}
	fuzzy = 0
	part = id = plural = text[0] = text[1] = ""
}

function end_file(  i) {
	if (code == "")
		return
	finish()
	print "static const struct language_message " code "_messages[] = {"
	for (i = 0; i < count; i++)
		print line[order[i]]
	print "};\n"
	languages = languages "\t{ \"" code "\", " forms ", " code \
	    "_messages,\n\t    sizeof(" code "_messages) / sizeof(" code \
	    "_messages[0]) },\n"
}

BEGIN {
	print "/* Written by build-aux/po2c.awk. */"
	print "#include \"report/language.h\"\n"
}

FNR == 1 {
	end_file()
	code = FILENAME
	sub(/.*\//, "", code)
	sub(/\.po$/, "", code)
	count = forms = fuzzy = 0
	part = ""
}

/^#,.*fuzzy/ { finish(); fuzzy = 1; next }
/^#/ || /^[ \t]*$/ { finish(); next }
/^msgid_plural "/ { part = "plural"; plural = quoted($0); next }
/^msgid "/ { if (part != "") finish(); part = "id"; id = quoted($0); next }
/^msgstr(\[0\])? "/ { part = "text0"; text[0] = quoted($0); next }
/^msgstr\[1\] "/ { part = "text1"; text[1] = quoted($0); next }
/^"/ {
	if (part == "id") id = id quoted($0)
	else if (part == "plural") plural = plural quoted($0)
	else if (part == "text0") text[0] = text[0] quoted($0)
	else if (part == "text1") text[1] = text[1] quoted($0)
	else fail("a string that belongs to nothing")
	next
}
{ fail("what is this?") }

END {
	if (failed)
		exit 1
	end_file()
	print "const struct language language_catalogues[] = {"
	print languages "\t{ NULL, 0, NULL, 0 },\n};"
}
