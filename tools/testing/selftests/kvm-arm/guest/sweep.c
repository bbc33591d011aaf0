// SPDX-License-Identifier: GPL-2.0
/* Execute all accesses of a coprocessor one by one, and count the undefined ones. */
#include "guest.h"
#include "sweep.h"

#define __naked		__attribute__((__naked__))

static u32 stack[256] __aligned(8);
static u32 saved_sp;

static u8 *const counts = (u8 *)SWEEP_COUNTS;
static u32 *const code = (u32 *)SWEEP_CODE;
/* Words of code for each encoding; first and last word that may be undefined */
static u32 words, first, last;
static u32 nr, cpsr;
static struct sweep_result result;

/*
 * Called by undefined_instruction(). LR is 2 past an undefined Thumb
 * instruction, and 4 past an ARM one.
 */
u32 sweep_undefined(u32 lr, u32 spsr)
{
	u32 pc = lr - (spsr & CPSR_T ? 2 : 4);
	u32 word = (pc - SWEEP_CODE) / 4;

	if (pc < SWEEP_CODE || pc % 4 || word / words >= nr ||
	    word % words < first || word % words > last || spsr != cpsr) {
		if (!result.wrong++)
			print("undefined at %08x, spsr %08x\n", pc, spsr);
		if (result.wrong > 1000)
			done(1);
	} else if (word % words == last) {
		/* Of a read and a write, only the write counts. */
		result.undefined++;
		if (counts[word / words] < 255)
			counts[word / words]++;
	}
	return pc + 4;
}

void __noreturn sweep_unexpected(u32 mode, u32 lr)
{
	print("an abort, cpsr %08x, lr %08x\n", mode, lr);
	for (;;)
		io_write32(GUEST_IO + GUEST_IO_FAULT, GUEST_VEC_DABT);
}

/* Count the instruction and skip it. */
static void __naked undefined_instruction(void)
{
	asm volatile("ldr	sp, =%c0\n"
		     "push	{r0-r3, r12, lr}\n"
		     "mov	r0, lr\n"
		     "mrs	r1, spsr\n"
		     "bl	sweep_undefined\n"
		     "str	r0, [sp, #20]\n"
		     "pop	{r0-r3, r12, lr}\n"
		     "movs	pc, lr\n"
		     ".ltorg" : : "i" (stack + ARRAY_SIZE(stack)));
}

/* End of a run: return to the caller of run(). */
static void __naked supervisor_call(void)
{
	asm volatile("ldr	r0, =%c0\n"
		     "ldr	sp, [r0]\n"
		     "pop	{r4-r11, pc}\n"
		     ".ltorg" : : "i" (&saved_sp));
}

static void __naked abort_handler(void)
{
	asm volatile("ldr	sp, =%c0\n"
		     "mov	r1, lr\n"
		     "mrs	r0, cpsr\n"
		     "b	sweep_unexpected\n"
		     ".ltorg" : : "i" (stack + ARRAY_SIZE(stack)));
}

static void __naked __aligned(32) vectors(void)
{
	asm volatile("b	.\n"
		     "b	%c0\n"
		     "b	%c1\n"
		     "b	%c2\n"
		     "b	%c2\n"
		     "b	.\n"
		     "b	.\n"
		     "b	."
		     : : "i" (undefined_instruction), "i" (supervisor_call),
			 "i" (abort_handler));
}

static void __naked run(u32 pc, u32 psr, u32 *values, u32 marker)
{
	asm volatile("push	{r4-r11, lr}\n"
		     "ldr	r4, =%c0\n"
		     "str	sp, [r4]\n"
		     "mov	r4, r3\n"
		     "mov	r5, r2\n"
		     "msr	cpsr_fsxc, r1\n"
		     "bx	r0\n"
		     ".ltorg" : : "i" (&saved_sp));
	(void)pc;
	(void)psr;
	(void)values;
	(void)marker;
}

/* Arrange a 32-bit instruction as it is in memory. */
static u32 encode(u32 insn, bool thumb)
{
	return thumb ? insn >> 16 | insn << 16 : insn;
}

static u32 *emit_32(u32 *p, u32 insn, u32 cp, u32 n, bool thumb)
{
	u32 opc1 = n >> 11, crn = n >> 7 & 15, crm = n >> 3 & 15, opc2 = n & 7;

	/* mov r0, r4 */
	*p++ = thumb ? 0xbf004620 : 0xe1a00004;
	*p++ = encode(INSN_MRC(0xe, cp, opc1, 0, crn, crm, opc2), thumb);
	if (insn == SWEEP_MCR)
		*p++ = encode(INSN_MCR(0xe, cp, opc1, 0, crn, crm, opc2),
			      thumb);
	else
		*p++ = encode(thumb ? 0xf8450b04 : 0xe4850004, thumb);
	return p;
}

static u32 *emit_64(u32 *p, u32 insn, u32 cp, u32 n, bool thumb)
{
	u32 opc1 = n >> 4, crm = n & 15;

	/* mov r0, r4; mov r1, r4 */
	*p++ = thumb ? 0xbf004620 : 0xe1a00004;
	*p++ = thumb ? 0xbf004621 : 0xe1a01004;
	*p++ = encode(INSN_MRRC(0xe, cp, opc1, 0, 1, crm), thumb);
	if (insn == SWEEP_MCRR) {
		*p++ = encode(INSN_MCRR(0xe, cp, opc1, 0, 1, crm), thumb);
		return p;
	}
	/* str r0, [r5], #4; str r1, [r5], #4 */
	*p++ = encode(thumb ? 0xf8450b04 : 0xe4850004, thumb);
	*p++ = encode(thumb ? 0xf8451b04 : 0xe4851004, thumb);
	return p;
}

static void prepare(u32 insn, u32 cp, bool thumb)
{
	bool wide = insn == SWEEP_MRRC || insn == SWEEP_MCRR;
	bool write = insn == SWEEP_MCR || insn == SWEEP_MCRR;
	u32 *p = code;
	u32 i;

	nr = wide ? SWEEP_NR_64 : SWEEP_NR_32;
	for (i = 0; i < nr; i++) {
		p = wide ? emit_64(p, insn, cp, i, thumb) :
			   emit_32(p, insn, cp, i, thumb);
		counts[i] = 0;
	}
	words = (p - code) / nr;
	first = wide ? 2 : 1;
	last = write ? first + 1 : first;
	/* svc #0, repeated for the prefetch */
	p[0] = thumb ? 0xdf00df00 : 0xef000000;
	p[1] = p[0];
	sync_code(code, (p - code + 2) * 4);
}

void sweep_setup(void)
{
	write_VBAR((u32)vectors);
}

struct sweep_result sweep(u32 insn, u32 cp, u32 flags)
{
	prepare(insn, cp, flags & SWEEP_THUMB);
	memset(&result, 0, sizeof(result));
	cpsr = CPSR_A | CPSR_I | CPSR_F |
	       (flags & SWEEP_USER ? CPSR_USR : CPSR_SVC);
	if (flags & SWEEP_THUMB)
		cpsr |= CPSR_T;
	/* If the read is undefined, the write writes 0. */
	run(SWEEP_CODE | !!(flags & SWEEP_THUMB), cpsr & ~CPSR_T,
	    (u32 *)SWEEP_VALUES,
	    insn == SWEEP_MRC || insn == SWEEP_MRRC ? SWEEP_UNTOUCHED : 0);
	return result;
}
