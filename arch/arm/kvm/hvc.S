/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/linkage.h>

#include <asm/assembler.h>

	.arch_extension virt

	.section .noinstr.text, "ax"

/*
 * unsigned long __kvm_hvc(unsigned long fn, unsigned long a0, unsigned long a1)
 *
 * Call @fn, an AAPCS function, on the stack of Hyp mode.
 */
ENTRY(__kvm_hvc)
	hvc	#0
	bx	lr
ENDPROC(__kvm_hvc)
