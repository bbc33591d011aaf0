// SPDX-License-Identifier: GPL-2.0
/*
 * The dispatcher of random programs, see fuzz_dispatch.h. It is code for the guest, which
 * runs at any address.
 */
#include <string.h>

#include "fuzz_dispatch.h"
#include "gic.h"

#define STRING(x)	#x
#define VALUE(x)	STRING(x)

/*
 * R0-R7 are the only registers that all modes share. R4 is 1 to count, R2 is the vcpu's
 * struct fuzz_dispatch, R5 a random number of a linear congruential generator, whose
 * upper bits are the better ones.
 */
asm("	.pushsection .rodata, \"a\"\n"
"	.arm\n"
"	.balign	4\n"
"fuzz_dispatch_begin:\n"
"	b	0f\n"					/* or reset */
"	b	1f\n"					/* undefined instruction */
"	b	1f\n"					/* supervisor call */
"	b	2f\n"					/* prefetch abort */
"	b	2f\n"					/* data abort */
"	b	0f\n"
"	b	2f\n"					/* IRQ */
"	sub	lr, lr, #4\n"				/* FIQ */
"1:	mov	r0, lr\n"
"	mov	r4, #1\n"
"	b	3f\n"
"2:	sub	r0, lr, #4\n"
"	mov	r4, #1\n"
"	b	3f\n"
"0:	mov	r4, #0\n"

/* Find this vcpu's data. Count what it has executed. */
"3:	cpsid	aif, #0x13\n"
"	setend	le\n"
"	mrc	p15, 0, r1, c0, c0, 5\n"		/* MPIDR */
"	and	r1, r1, #7\n"
"	ldr	r2, =" VALUE(FUZZ_DISPATCH_DATA) "\n"
"	add	r2, r2, r1, lsl #4\n"
"	ldr	r3, [r2]\n"
"	sub	r0, r0, r3\n"
"	cmp	r0, #" VALUE(FUZZ_MAX_STRETCH) "\n"
"	movhs	r0, #4\n"
"	add	r0, r0, #3\n"
"	lsr	r0, r0, #2\n"
"	mul	r0, r4, r0\n"
"	ldr	r3, [r2, #8]\n"
"	add	r3, r3, r0\n"
"	str	r3, [r2, #8]\n"
"	ldr	r3, [r2, #12]\n"
"	add	r3, r3, r4\n"
"	str	r3, [r2, #12]\n"
"	ldr	r5, [r2, #4]\n"
"	ldr	r6, =1664525\n"
"	ldr	r7, =1013904223\n"
"	mla	r5, r5, r6, r7\n"
"	str	r5, [r2, #4]\n"

/* Undo what could keep the dispatcher from running. */
"	mrc	p15, 0, r6, c1, c0, 0\n"		/* SCTLR */
"	ldr	r7, =0x00c50878\n"
"	cmp	r6, r7\n"
"	mcrne	p15, 0, r7, c1, c0, 0\n"
"	mcrne	p15, 0, r7, c8, c7, 0\n"		/* TLBIALL */
"	isb\n"
"	ldr	r6, =" VALUE(FUZZ_DISPATCH) "\n"
"	mcr	p15, 0, r6, c12, c0, 0\n"		/* VBAR */

/* Write to memory that may be taken away or protected meanwhile: as the word asks. */
"	ldr	r0, =" VALUE(FUZZ_DISPATCH_STORM) "\n"
"	ldr	r6, =" VALUE(FUZZ_DISPATCH_TARGET) "\n"
"	mov	r7, #0x1000\n"
"	ldr	r3, [r0]\n"
"	cmp	r3, #" VALUE(FUZZ_STORM_LASTING) "\n"
"	ubfxne	r3, r5, #9, #3\n"
"	cmpne	r3, #0\n"
"	bne	7f\n"
"6:	ldr	r3, [r0]\n"
"	cmp	r3, #" VALUE(FUZZ_STORM_NONE) "\n"
"	beq	7f\n"
"	str	r7, [r6]\n"
"	eor	r6, r6, #0x1000\n"
"	cmp	r3, #" VALUE(FUZZ_STORM_LASTING) "\n"
"	subsne	r7, r7, #1\n"
"	cmpeq	r7, #0\n"
"	bne	6b\n"

/* Choose an address, a mode and a state; seldom unmask interrupts. */
"7:	ubfx	r6, r5, #8, #14\n"
"	ldr	r7, =" VALUE(FUZZ_DISPATCH_CODE) "\n"
"	add	lr, r7, r6, lsl #2\n"
"	str	lr, [r2]\n"
"	ubfx	r6, r5, #25, #3\n"
"	adr	r7, 5f\n"
"	ldrb	r7, [r7, r6]\n"
"	orr	r7, r7, #0x1c0\n"
"	ubfx	r6, r5, #21, #4\n"
"	cmp	r6, #0\n"
"	biceq	r7, r7, #0xc0\n"
"	tst	lr, #0x1000\n"				/* as fuzz_page_state() says */
"	orrne	r7, r7, #0x20\n"			/* T */
"	and	r6, r5, #0xf0000000\n"
"	orr	r7, r7, r6\n"
"	msr	spsr_cxsf, r7\n"

/* Turn the MMU on now and then. */
"	ldr	r7, =" VALUE(FUZZ_DISPATCH_POOL) "\n"
"	ubfx	r6, r5, #15, #6\n"
"	cmp	r6, #0\n"
"	bne	4f\n"
"	ubfx	r6, r5, #24, #4\n"
"	add	r6, r7, r6, lsl #3\n"
"	add	r6, r6, #" VALUE(FUZZ_POOL_TABLES) "\n"
"	ldm	r6, {r0, r1}\n"
"	mcr	p15, 0, r0, c2, c0, 2\n"		/* TTBCR */
"	mov	r3, #0\n"
"	mcrr	p15, 0, r1, r3, c2\n"			/* TTBR0 */
"	mvn	r3, #0\n"
"	mcr	p15, 0, r3, c3, c0, 0\n"		/* DACR */
"	mcr	p15, 0, r3, c8, c7, 0\n"		/* TLBIALL */
"	ldr	r3, =0x00c51879\n"
"	isb\n"
"	mcr	p15, 0, r3, c1, c0, 0\n"
"	isb\n"

"4:	ubfx	r6, r5, #19, #6\n"
"	add	r7, r7, r6, lsl #5\n"
"	ldm	r7, {r0-r12}\n"
"	movs	pc, lr\n"
"5:	.byte	0x10, 0x11, 0x12, 0x13, 0x17, 0x1b, 0x1f, 0x10\n"
"	.ltorg\n"
"fuzz_dispatch_end:\n"
"	.popsection\n"
);

void fuzz_dispatch_write(void *page)
{
	memcpy(page, fuzz_dispatch_begin, fuzz_dispatch_end - fuzz_dispatch_begin);
}
