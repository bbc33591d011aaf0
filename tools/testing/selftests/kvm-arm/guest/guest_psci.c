// SPDX-License-Identifier: GPL-2.0
/* Make firmware calls, and be started by CPU_ON. */
#include "guest.h"
#include "guest_psci.h"

/* Memory behind the image for the code of PSCI_SWEEP */
#define SWEEP_CODE	(GUEST_RAM_BASE + 0x200000)

extern char psci_entry_arm[], psci_entry_thumb[];

/*
 * Use no literals: a vcpu that a big-endian vcpu has started would read them in
 * the wrong byte order.
 */
asm("	.text\n"
	"	.macro	psci_entry\n"
	"	mrs	r1, cpsr\n"
	"	mrc	p15, 0, r2, c1, c0, 0\n"
	"	mov	r3, pc\n"
	"	movw	r4, #:lower16:0x10000000\n"
	"	movt	r4, #:upper16:0x10000000\n"
	"	str	r0, [r4, #4]\n"
	"	str	r1, [r4, #4]\n"
	"	str	r2, [r4, #4]\n"
	"	str	r3, [r4, #4]\n"
	"	str	r0, [r4, #8]\n"
	"	movw	r0, #0x0002\n"
	"	movt	r0, #0x8400\n"			/* CPU_OFF */
	"	hvc	#0\n"
	"	str	r0, [r4, #4]\n"
	"1:	b	1b\n"
	"	.endm\n"
	"	.arch_extension virt\n"
	"	.balign	4\n"
	"psci_entry_arm:\n"
	"	psci_entry\n"
	"	.thumb\n"
	"	.balign	4\n"
	"	.thumb_func\n"
	"psci_entry_thumb:\n"
	"	psci_entry\n"
	"	.balign	4\n"
	"	.arm\n");

_Static_assert(GUEST_IO == 0x10000000 && GUEST_IO_REPORT == 4 &&
	       GUEST_IO_DONE == 8, "not as in psci_entry");

#define CALL(before, insn, after)					\
({									\
	asm volatile(".arch_extension virt\n"				\
		     ".arch_extension sec\n"				\
		     before insn after					\
		     : "+r" (r0), "+r" (r1), "+r" (r2), "+r" (r3)	\
		     : : "r12", "cc", "memory");			\
})
#define THUMB_CODE(insn)	"	adr	r12, 1f + 1\n"		\
				"	bx	r12\n"			\
				"	.thumb\n"			\
				"	.balign	4\n"			\
				"1:	" insn				\
				"	.balign	4\n"			\
				"	bx	pc\n"			\
				"	nop\n"				\
				"	.arm\n"

static void call(u32 way, u32 *regs)
{
	register u32 r0 asm("r0") = regs[0];
	register u32 r1 asm("r1") = regs[1];
	register u32 r2 asm("r2") = regs[2];
	register u32 r3 asm("r3") = regs[3];

	switch (way) {
	case PSCI_HVC:
		CALL("", "hvc #0\n", "");
		break;
	case PSCI_SMC:
		CALL("", "smc #0\n", "");
		break;
	case PSCI_HVC_THUMB:
		CALL("", THUMB_CODE("hvc #0\n"), "");
		break;
	case PSCI_SMC_THUMB:
		CALL("", THUMB_CODE("smc #0\n"), "");
		break;
	case PSCI_HVC_BIG_ENDIAN:
		CALL("setend be\n", "hvc #0\n", "setend le\n");
		break;
	}
	regs[0] = r0;
	regs[1] = r1;
	regs[2] = r2;
	regs[3] = r3;
}

static void __noreturn calls(void)
{
	u32 way, regs[4];
	unsigned int i;

	sync_host((u32)psci_entry_arm);
	sync_host((u32)psci_entry_thumb);
	for (;;) {
		way = next_arg();
		for (i = 0; i < ARRAY_SIZE(regs); i++)
			regs[i] = next_arg();
		call(way, regs);
		for (i = 0; i < ARRAY_SIZE(regs); i++)
			report(regs[i]);
		sync_host(0);
	}
}

static void __noreturn storm(void)
{
	u32 entry, n;

	for (n = 1;; n++) {
		entry = PSCI_STORM_BASE | (n & PSCI_STORM_MASK);
		hvc_call(PSCI_CPU_ON, 1, entry, ~entry);
	}
}

/*
 * Make many calls in a row. After each, add the result to R4 and 1 to R5: the
 * sums show an instruction that is skipped or executed twice.
 */
static void sweep(bool thumb)
{
	register u32 r4 asm("r4") = 0;
	register u32 r5 asm("r5") = 0;
	register u32 r6 asm("r6") = PSCI_UNKNOWN;
	u32 *code = (u32 *)SWEEP_CODE;
	u32 i, imm, start = SWEEP_CODE | thumb;

	for (i = 0; i < PSCI_SWEEP_CALLS; i++) {
		/* Multiples of 17 have each value in each group of four bits. */
		imm = i * 17 & 0xffff;
		if (thumb) {
			/* mov r0, r6; nop; hvc; add r4, r4, r0; add r5, #1 */
			*code++ = 0xbf004630;
			*code++ = 0xf7e0 | imm >> 12 |
				  (0x8000 | (imm & 0xfff)) << 16;
			*code++ = 0x35011824;
		} else {
			*code++ = 0xe1a00006;	/* mov r0, r6 */
			*code++ = 0xe1400070 | imm >> 4 << 8 | (imm & 0xf);
			*code++ = 0xe0844000;	/* add r4, r4, r0 */
			*code++ = 0xe2855001;	/* add r5, r5, #1 */
		}
	}
	*code = thumb ? 0x4770 : 0xe12fff1e;	/* bx lr */
	sync_code((void *)SWEEP_CODE, (u32)(code + 1) - SWEEP_CODE);
	asm volatile("blx	%3"
		     : "+r" (r4), "+r" (r5), "+r" (r6)
		     : "r" (start)
		     : "r0", "r1", "r2", "r3", "lr", "cc", "memory");
	report(r4);
	report(r5);
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	(void)r1;
	(void)r2;
	switch (r0) {
	case PSCI_CALLS:
		calls();
	case PSCI_STORM:
		storm();
	case PSCI_SWEEP:
		sweep(false);
		sweep(true);
	}
	return 0;
}
