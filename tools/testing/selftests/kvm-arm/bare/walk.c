// SPDX-License-Identifier: GPL-2.0
/* Do the walk of walk_test.c on a CPU without KVM. Print the answers to the UART. */
#include "sweep.h"

#define ANSWER(...)	print(__VA_ARGS__)
#include "answers.h"

/* Control register of a PL011, whose data register is at GUEST_IO_PUTC */
#define UARTCR		(GUEST_IO + 0x30)
#define UARTCR_UARTEN	BIT(0)
#define UARTCR_TXE	BIT(8)

static void walk(u32 cp, u32 flags)
{
	struct answers answers = {
		.cp = cp,
		.flags = flags,
		.counts = (const u8 *)SWEEP_COUNTS,
		.values = (const u32 *)SWEEP_VALUES,
	};
	u32 last = cp == 10 ? SWEEP_MCR : SWEEP_MCRR;

	for (answers.insn = SWEEP_MRC; answers.insn <= last; answers.insn++) {
		if (sweep(answers.insn, cp, flags).wrong)
			print("# wrong exceptions\n");
		print_answers(&answers);
	}
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	static const u32 cps[] = { 15, 14, 10 };
	u32 i;

	(void)r0;
	(void)r1;
	(void)r2;

	io_write32(UARTCR, UARTCR_UARTEN | UARTCR_TXE);
	write_CNTKCTL(0);
	sweep_setup();
	for (i = 0; i < ARRAY_SIZE(cps); i++) {
		if (cps[i] == 10)
			vfp_enable();
		walk(cps[i], 0);
		walk(cps[i], SWEEP_USER);
	}
	smc_call(PSCI_SYSTEM_OFF, 0, 0, 0);
	return 1;
}
