# SPDX-License-Identifier: GPL-2.0
# bash completion of armvm(1): options from its help, otherwise files

_armvm()
{
	COMPREPLY=()
	case $2 in
	-*)	mapfile -t COMPREPLY < <(compgen -W \
			"$("$1" --help | grep -oE -- '^ {2}--[a-z-]+')" -- "$2") ;;
	esac
}

complete -o bashdefault -o default -F _armvm armvm
