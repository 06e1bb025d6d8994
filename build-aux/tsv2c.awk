# tsv2c.awk -v name=NAME -v columns=N FILE: writes a table of facts, columns
# between tabs, as
#	const char *const NAME[][N]; const size_t NAME_count;
# Empty lines and those that begin with # are left out.

function fail(why) {
	print FILENAME ":" FNR ": " why > "/dev/stderr"
	failed = 1
	exit 1
}

BEGIN {
	FS = "\t"
	print "/* Written by build-aux/tsv2c.awk. */"
	print "#include <stddef.h>\n"
	print "extern const char *const " name "[][" columns "];"
	print "extern const size_t " name "_count;\n"
	print "const char *const " name "[][" columns "] = {"
}

/^#/ || /^[ ]*$/ { next }

{
	if (NF != columns)
		fail(NF " columns and not " columns)
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	row = "\t{"
	for (i = 1; i <= NF; i++)
		row = row " \"" $i "\","
	print row " },"
}

END {
	if (failed)
		exit 1
	print "};\nconst size_t " name "_count = sizeof(" name ") / sizeof(" \
	    name "[0]);"
}
