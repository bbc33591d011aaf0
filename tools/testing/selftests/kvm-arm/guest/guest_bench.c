// SPDX-License-Identifier: GPL-2.0
/*
 * Operations for the benchmark: r0 selects one, r1 is the number of rounds.
 *
 * All loops have the same shape: subtract the time of the empty one.
 */
#include "guest.h"
#include "guest_bench.h"

#define REPEAT(insn, count, operand)					\
({									\
	asm volatile("1:	" insn "\n"				\
		     "	subs	%0, %0, #1\n"				\
		     "	bne	1b"					\
		     : "+r" (count) : "r" (operand)			\
		     : "r0", "r1", "r2", "r3", "cc", "memory");		\
})

/* HVC returns its result in r0: load the function again. */
#define HVC_INSN	"mov	r0, %1\n	.arch_extension virt\n	hvc	#0"

/* Store the same eight words, by eight instructions or by one. */
#define STR_8								\
	"str	r0, [%1]\n	str	r1, [%1, #4]\n	str	r2, [%1, #8]\n"	\
	"str	r3, [%1, #12]\n	str	r4, [%1, #16]\n	"		\
	"str	r5, [%1, #20]\n	str	r6, [%1, #24]\n	"		\
	"str	r7, [%1, #28]"

static void touch_pages(u32 page, u32 count, int step)
{
	asm volatile("1:	str	%1, [%1]\n"
		     "	add	%1, %1, %2\n"
		     "	subs	%0, %0, #1\n"
		     "	bne	1b"
		     : "+r" (count), "+r" (page) : "r" (step) : "cc", "memory");
}

int guest_main(u32 op, u32 count, u32 unused)
{
	(void)unused;

	switch (op) {
	case BENCH_NOTHING:
		REPEAT("", count, 0);
		break;
	case BENCH_ACTLR:
		REPEAT("mrc	p15, 0, r0, c1, c0, 1", count, 0);
		break;
	case BENCH_PMCR:
		REPEAT("mrc	p15, 0, r0, c9, c12, 0", count, 0);
		break;
	case BENCH_DBGDSCR:
		REPEAT("mrc	p14, 0, r0, c0, c1, 0", count, 0);
		break;
	case BENCH_HVC:
		REPEAT(HVC_INSN, count, PSCI_VERSION);
		break;
	case BENCH_MMIO:
		REPEAT("str	r0, [%1]", count, BENCH_MMIO_ADDR);
		break;
	case BENCH_MMIO_8:
		REPEAT(STR_8, count, BENCH_MMIO_ADDR);
		break;
	case BENCH_STRD:
		REPEAT("strd	r2, r3, [%1, #16]", count, BENCH_MMIO_ADDR);
		break;
	case BENCH_STM_8:
		REPEAT("stm	%1, {r0-r7}", count, BENCH_MMIO_ADDR);
		break;
	case BENCH_TOUCH_UP:
		touch_pages(BENCH_PAGES, count, 4096);
		break;
	case BENCH_TOUCH_DOWN:
		touch_pages(BENCH_PAGES + (count - 1) * 4096, count, -4096);
		break;
	default:
		return 1;
	}
	return 0;
}
