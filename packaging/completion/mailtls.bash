# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Completion for bash.  Commands and options are those that mailtls lists
# itself, so this never has to be changed for them.

_mailtls_options() {
	mailtls "$1" --help 2>/dev/null |
		sed -n 's/^  *\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

_mailtls_commands() {
	mailtls --help 2>/dev/null |
		sed -n '/^Commands/,$s/^  \([a-z]*\) .*/\1/p'
}

# _mailtls_words OPTION: the arguments that it takes, if they are known.
_mailtls_words() {
	case $1 in
	-i | --interface)
		mailtls capture --list 2>/dev/null |
			sed -n 's/^[* ] \([^ ]*\)  .*/\1/p'
		;;
	-f | --format) echo text ndjson json ;;
	-j | --jobs) seq "$(nproc)" ;;
	-m | --min-version) echo 1.0 1.1 1.2 1.3 ;;
	--colour) echo auto always never ;;
	--lang) echo en de ja ;;
	--period) echo day week month all ;;
	-u | --user) compgen -u ;;
	esac
}

_mailtls() {
	local current=${COMP_WORDS[COMP_CWORD]}
	local before=${COMP_WORDS[COMP_CWORD - 1]} words

	if [ "$COMP_CWORD" -eq 1 ]; then
		words="$(_mailtls_commands) --help --version"
	else
		words=$(_mailtls_words "$before")
	fi
	if [ -z "$words" ] && [ "${current:0:1}" = - ]; then
		words=$(_mailtls_options "${COMP_WORDS[1]}")
	fi
	if [ -n "$words" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
		return
	fi
	# A file: an operand, or the argument of an option.
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
	compopt -o filenames 2>/dev/null
}

complete -F _mailtls mailtls
