/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last instructions of a boot loader that leaves values in registers of Hyp
 * mode and of the GIC, which are zero if no boot loader has used them.
 * scripts/boards.py appends this code to a zImage of the virt board and makes
 * the image start with it.
 *
 * Entry: in Hyp mode with the MMU off. R0-R2 belong to the kernel.
 */
	.arch	armv7ve
	.arm

#define GICH_BASE	0x08030000
#define GICH_HCR	0x000
#define GICH_VMCR	0x008
#define GICH_APR	0x0f0
#define GICH_LR0	0x100
/* Interrupt 45, pending, at the highest priority */
#define LR_PENDING	0x1000002d

	mvn	r3, #0
	mcrr	p15, 6, r3, r3, c2		@ VTTBR
	mcr	p15, 4, r3, c2, c1, 2		@ VTCR
	mcrr	p15, 4, r3, r3, c2		@ HTTBR
	mcr	p15, 4, r3, c2, c0, 2		@ HTCR
	mcr	p15, 4, r3, c10, c2, 0		@ HMAIR0
	mcr	p15, 4, r3, c10, c2, 1		@ HMAIR1
	mcr	p15, 4, r3, c13, c0, 2		@ HTPIDR
	mcr	p15, 4, r3, c5, c2, 0		@ HSR
	mcr	p15, 4, r3, c6, c0, 0		@ HDFAR
	mcr	p15, 4, r3, c6, c0, 4		@ HPFAR
	mcrr	p15, 4, r3, r3, c14		@ CNTVOFF

	ldr	r4, =GICH_BASE
	mov	r5, #3				@ En, UIE
	str	r5, [r4, #GICH_HCR]
	str	r3, [r4, #GICH_VMCR]
	str	r3, [r4, #GICH_APR]
	ldr	r5, =LR_PENDING
	str	r5, [r4, #GICH_LR0]
	str	r5, [r4, #(GICH_LR0 + 4)]
	dsb
	isb
	b	1f
	.ltorg
1:						@ continue at the image's second word
