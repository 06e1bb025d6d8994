#!/bin/sh
# banned.sh FILE...: fails where C code calls what there is a safer way for,
# or holds a comment that was not meant to stay.
calls='strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|alloca|localtime|gmtime'
failed=0
if grep -nE "(^|[^A-Za-z0-9_])($calls) *\\(" "$@"; then
	echo 'banned: these functions are not used here' >&2
	failed=1
fi
if grep -nE '(^|[^:"])//' "$@" | grep -vE 'https?://'; then
	echo 'banned: comments are /* like this */' >&2
	failed=1
fi
for file in "$@"; do
	case $(head -n 1 "$file") in
	*'SPDX-License-Identifier: ISC'*) ;;
	*)
		echo "$file: no SPDX line" >&2
		failed=1
		;;
	esac
done
exit $failed
