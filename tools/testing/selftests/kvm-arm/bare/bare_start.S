/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Start a program on a CPU without KVM: leave Hyp mode, if the CPU has it, and
 * enter a guest program in Supervisor mode, with nothing trapped.
 */
	.syntax	unified
	.arch	armv7-a
	.arch_extension virt
	.arm

	.text
	.global	bare_start
bare_start:
	mrs	r0, cpsr
	and	r0, r0, #0x1f
	cmp	r0, #0x1a			@ Hyp
	bne	_start

	mov	r0, #0
	mcr	p15, 4, r0, c1, c1, 0		@ HCR
	mcr	p15, 4, r0, c1, c1, 2		@ HCPTR
	mcr	p15, 4, r0, c1, c1, 3		@ HSTR
	mcrr	p15, 4, r0, r0, c14		@ CNTVOFF
	mrc	p15, 4, r0, c1, c1, 1		@ HDCR: all but HPMN
	and	r0, r0, #0x1f
	mcr	p15, 4, r0, c1, c1, 1
	mov	r0, #3				@ CNTHCTL: PL1PCTEN, PL1PCEN
	mcr	p15, 4, r0, c14, c1, 0
	mrc	p15, 0, r0, c0, c0, 0		@ VPIDR = MIDR
	mcr	p15, 4, r0, c0, c0, 0
	mrc	p15, 0, r0, c0, c0, 5		@ VMPIDR = MPIDR
	mcr	p15, 4, r0, c0, c0, 5
	ldr	r0, =_start
	msr	elr_hyp, r0
	mov	r0, #0x1d3			@ Supervisor mode, masked
	msr	spsr_hyp, r0
	eret
	.ltorg
