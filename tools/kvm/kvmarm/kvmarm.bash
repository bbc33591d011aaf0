# SPDX-License-Identifier: GPL-2.0
# bash completion of kvmarm(1): commands and options from its help, names of
# registers from its table, and otherwise files

_kvmarm()
{
	local help words

	COMPREPLY=()
	help=$("$1" help | sed '/^Commands/,$d')
	words=$(sed -n 's/^  \([a-z]\+\) .*/\1/p' <<<"$help")
	case $3 in
	get | set | decode | explain)
		words=$("$1" list 2>/dev/null | awk '/^0x/ { print $3 }') ;;
	list)
		words+=" $(sed -n 's/.* groups: //p' <<<"$help")" ;;
	diff | run | --mem | --vcpus)
		words= ;;
	esac
	case $2 in
	-*)	words=$(grep -oE '\[--[a-z]+' <<<"$help" | tr -d '[') ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
}

complete -o bashdefault -o default -F _kvmarm kvmarm
