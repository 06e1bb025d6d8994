# text2c.awk -v name=NAME FILE: writes the lines of a style sheet or script as
#	const char *const NAME[];
# which NULL ends.  Blanks at their start, and lines that are comments alone,
# are left out.

BEGIN {
	print "/* Written by build-aux/text2c.awk. */"
	print "#include <stddef.h>\n"
	print "extern const char *const " name "[];"
	print "const char *const " name "[] = {"
}

{ sub(/^[ \t]+/, "") }

/^\/\*.*\*\/$/ || /^$/ { next }

{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	print "\t\"" $0 "\\n\","
}

END { print "\tNULL,\n};" }
