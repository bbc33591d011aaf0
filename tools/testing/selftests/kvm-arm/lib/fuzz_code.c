// SPDX-License-Identifier: GPL-2.0
/* Write pages of random code; see fuzz_code.h. */
#include <string.h>

#include "fuzz_code.h"
#include "harness.h"
#include "memory.h"

#define ARM_ADD_R12_PC_1	0xe28fc001
#define ARM_BX_R12		0xe12fff1c
#define THUMB_BX_PC		0x4778
#define THUMB_NOP		0xbf00

/* ---- what must not be executed ------------------------------------------ */

/*
 * Instructions that an emulated host does not survive. The condition and the other
 * registers do not matter.
 *
 * A write of FCSEIDR changes the addresses of the host's programs, so it becomes one of
 * CONTEXTIDR. A value of CNTV_CVAL near 2^64 can make QEMU loop, so its writes become
 * those of CNTP_CVAL, and writes of CNTV_TVAL become those of CNTP_TVAL. User space sets
 * CNTV_CVAL instead.
 *
 * An assertion in gen_pc_plus_diff() ends QEMU if it wants PC's old value in the same
 * instruction that sets PC: trans_LDRD_rr() for LDRD LR, PC, [Rn], +-PC, where LR is added
 * instead, and do_coproc_insn() for MRRC of a timer's register with PC, which becomes LR,
 * or the coprocessor 14.
 */
static const struct {
	uint16_t high_mask;
	uint16_t high;
	uint16_t low_mask;
	uint16_t low;
	uint16_t change;
	unsigned int before;
} forbidden[] = {
	{ 0x0fff, 0x0e0d, 0x0fff, 0x0f10, 0x0020, HARDWARE },
	{ 0x0ff0, 0x0c40, 0x0fff, 0x0f3e, 0x0010, HARDWARE },
	{ 0x0fff, 0x0e0e, 0x0fff, 0x0f13, 0x0001, 10 },
	{ 0x0f50, 0x0000, 0xf0ff, 0xe0df, 0x0001, HARDWARE },
	{ 0x0ff0, 0x0c50, 0xff00, 0xff00, 0x1000, HARDWARE },
	{ 0x0fff, 0x0c5f, 0x0f00, 0x0f00, 0x0100, HARDWARE },
};

static bool is_forbidden_low(unsigned int k, uint16_t half)
{
	return (half & forbidden[k].low_mask) == forbidden[k].low;
}

/*
 * Look at each halfword: the guest can jump to any, in both states. A store of the
 * guest could still build such an instruction, but only from a register that has it by
 * chance.
 */
void fuzz_replace_forbidden(void *code, unsigned int size)
{
	unsigned int version = qemu_version(), n = size / sizeof(uint16_t);
	uint16_t *half = code;
	unsigned int i, k;

	for (k = 0; k < ARRAY_SIZE(forbidden); k++) {
		if (version >= forbidden[k].before)
			continue;
		for (i = 0; i < n; i++) {
			if ((half[i] & forbidden[k].high_mask) != forbidden[k].high)
				continue;
			if (i % 2 && is_forbidden_low(k, half[i - 1]))
				half[i - 1] ^= forbidden[k].change;
			if (i + 1 < n && is_forbidden_low(k, half[i + 1]))
				half[i + 1] ^= forbidden[k].change;
			/* The other half may be in the next page. */
			if (i + 1 == n)
				half[i] ^= 0x10;
		}
	}
}

/* ---- pages -------------------------------------------------------------- */

/* Change to the other state, by instructions that stay in place. */
static void change_state(struct fuzz_code *c)
{
	if (c->thumb) {
		if (c->n % 2)
			fuzz_put_half(c, THUMB_NOP);
		fuzz_put_half(c, THUMB_BX_PC);
		fuzz_put_half(c, THUMB_NOP);
	} else {
		fuzz_put(c, ARM_ADD_R12_PC_1);
		fuzz_put(c, ARM_BX_R12);
	}
	c->thumb = !c->thumb;
}

/*
 * Write the page in memory of its own first: a vcpu may execute the guest's page while it
 * is written, and must not find an instruction that is about to be replaced.
 */
void fuzz_code_page(struct fuzz *f, uint32_t ram_pages, void *page, enum fuzz_state state)
{
	uint16_t half[PAGE / sizeof(uint16_t)];
	struct fuzz_code c = {
		.f = f,
		.ram_pages = ram_pages,
		.half = half,
		.max = ARRAY_SIZE(half),
		.thumb = state == FUZZ_THUMB,
	};
	unsigned int left = 0;

	while (c.n < c.max) {
		if (c.thumb)
			fuzz_put_thumb(&c);
		else
			fuzz_put_arm(&c);
		if (state == FUZZ_MIXED && !left--) {
			change_state(&c);
			left = fuzz_below(f, 48);
		}
	}
	fuzz_replace_forbidden(half, sizeof(half));
	memcpy(page, half, PAGE);
}
