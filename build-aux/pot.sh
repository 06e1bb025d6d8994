#!/bin/sh
# pot.sh: writes the messages of the sources as a PO template, to standard
# output.  Run where po/ is.  STAT is in dissect/maildissect.c, which knows of
# no languages.
exec xgettext --from-code=UTF-8 --language=C --add-comments=Translators: \
	--keyword=_ --keyword=N_ --keyword=ngettext:1,2 --keyword=STAT:2 \
	--package-name=mailtls --copyright-holder='the mailtls authors' \
	--no-location --files-from=po/POTFILES --output=-
