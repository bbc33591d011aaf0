// SPDX-License-Identifier: GPL-2.0
/* Execute all accesses of a coprocessor, as the host program orders. */
#include "sweep.h"

/* The host program reads the memory through its caches; the guest's are off. */
static void clean(u32 start, u32 size)
{
	u32 line;

	for (line = start; line < start + size; line += 32)
		asm volatile("mcr	p15, 0, %0, c7, c14, 1"	/* DCCIMVAC */
			     : : "r" (line) : "memory");
	dsb();
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	struct sweep_result result;
	u32 flags, cp, insn;

	(void)r0;
	(void)r1;
	(void)r2;

	sweep_setup();
	for (;;) {
		sync_host(0);
		insn = next_arg();
		cp = next_arg();
		flags = next_arg();
		result = sweep(insn, cp, flags);
		clean(SWEEP_VALUES, SWEEP_NR_32 * 4);
		clean(SWEEP_COUNTS, SWEEP_NR_32);
		report(result.undefined);
		report(result.wrong);
	}
}
