// SPDX-License-Identifier: GPL-2.0
/* Write pages of random code; see fuzz_code.h. */
#include <string.h>

#include "fuzz_code.h"
#include "gic.h"
#include "harness.h"
#include "memory.h"
#include "../guest/insn.h"

#define ARM_ADD_R12_PC_1	0xe28fc001
#define ARM_BX_R12		0xe12fff1c
#define THUMB_BX_PC		0x4778
#define THUMB_NOP		0xbf00

#define SCTLR_MMU		0x00000001
#define SCTLR_RESET		0x00c50878

const uint8_t fuzz_modes[7] = {
	CPSR_USR, CPSR_FIQ, CPSR_IRQ, CPSR_SVC, CPSR_ABT, CPSR_UND, CPSR_SYS,
};

uint32_t fuzz_bits(struct fuzz *f, unsigned int n)
{
	return fuzz_u32(f) >> (32 - n);
}

/* ---- addresses and values ----------------------------------------------- */

uint32_t fuzz_code_address(struct fuzz *f, uint32_t ram_pages)
{
	uint32_t page = fuzz_below(f, ram_pages), offset = fuzz_bits(f, 12);

	offset = offset & 1 ? offset : offset & ~3U;
	switch (fuzz_below(f, 8)) {
	case 0:
		return FUZZ_READ_ONLY + FUZZ_TABLES_PAGES * PAGE + offset;
	case 1:
		return FUZZ_CHANGING + fuzz_below(f, FUZZ_CHANGING_PAGES) * PAGE + offset;
	default:
		if (!fuzz_one_in(f, 16))
			offset = fuzz_page_state(page) == FUZZ_THUMB ? offset | 1 : offset & ~3U;
		return GUEST_RAM_BASE + page * PAGE + offset;
	}
}

static uint32_t near_page_end(struct fuzz *f, uint32_t pages)
{
	uint32_t page = fuzz_below(f, pages) * PAGE;

	return fuzz_one_in(f, 2) ? page + PAGE - fuzz_below(f, 16) :
				   page + (fuzz_bits(f, 12) & ~3U);
}

uint32_t fuzz_address(struct fuzz *f, uint32_t ram_pages)
{
	switch (fuzz_below(f, 12)) {
	case 0:
	case 1:
		return GUEST_GICD + (fuzz_bits(f, 12) & ~3U);
	case 2:
		return GUEST_GICC + fuzz_below(f, 0x40) * 4;
	case 3:
		return FUZZ_DEVICE + near_page_end(f, 4);
	case 4:
		return FUZZ_READ_ONLY + near_page_end(f, FUZZ_READ_ONLY_PAGES);
	case 5:
		return FUZZ_CHANGING + near_page_end(f, FUZZ_CHANGING_PAGES);
	case 6:
		return FUZZ_TABLES + near_page_end(f, FUZZ_TABLES_PAGES);
	case 7:
		return fuzz_one_in(f, 4) ? FUZZ_LOST + near_page_end(f, FUZZ_LOST_PAGES) :
					   fuzz_value(f);
	default:
		return GUEST_RAM_BASE + near_page_end(f, ram_pages);
	}
}

uint32_t fuzz_table_address(struct fuzz *f, uint32_t place)
{
	static const uint32_t no_memory[] = {
		GUEST_GICD, GUEST_GICC, FUZZ_DEVICE, FUZZ_LOST, 0x80000000,
	};

	switch (fuzz_below(f, 8)) {
	case 0:
		return no_memory[fuzz_below(f, ARRAY_SIZE(no_memory))] | fuzz_bits(f, 7);
	case 1:
	case 2:
		return FUZZ_READ_ONLY + place;
	case 3:
		return fuzz_value(f);
	default:
		return FUZZ_TABLES + place;
	}
}

uint32_t fuzz_function_id(struct fuzz *f)
{
	/* SMCCC, PSCI, TRNG, stolen time, KVM's own services, PSCI 0.1 */
	static const uint32_t bases[] = {
		0x80000000, 0x80007ff8, 0x80008000, 0x80003ff8, 0x84000000, 0x84000000,
		0x84000050, 0xc4000000, 0xc5000020, 0x86000000, 0x8600ff00, 0x95c1ba5e,
	};

	if (fuzz_one_in(f, 16))
		return fuzz_u32(f);
	return bases[fuzz_below(f, ARRAY_SIZE(bases))] + fuzz_below(f, 0x18);
}

uint32_t fuzz_sctlr(struct fuzz *f, bool mmu)
{
	/* AFE, TRE, V, I, Z, C, A. Other modes, EE and TE are rare. */
	uint32_t value = SCTLR_RESET ^ (fuzz_u32(f) & 0x30003806);

	if (fuzz_one_in(f, 8))
		value ^= fuzz_u32(f) & 0x42080000;
	return mmu ? value | SCTLR_MMU : value & ~SCTLR_MMU;
}

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

void fuzz_put_half(struct fuzz_code *c, uint16_t half)
{
	if (c->n < c->max)
		c->half[c->n++] = half;
}

void fuzz_put(struct fuzz_code *c, uint32_t insn)
{
	fuzz_put_half(c, c->thumb ? insn >> 16 : insn);
	fuzz_put_half(c, c->thumb ? insn : insn >> 16);
}

/* MOVW or MOVT */
static void put_half_constant(struct fuzz_code *c, unsigned int reg, uint32_t value,
			      bool top)
{
	if (c->thumb)
		fuzz_put(c, 0xf2400000 | top << 23 | (value & 0x0800) << 15 |
			 (value & 0xf000) << 4 | (value & 0x0700) << 4 | reg << 8 |
			 (value & 0xff));
	else
		fuzz_put(c, 0xe3000000 | top << 22 | (value & 0xf000) << 4 | reg << 12 |
			 (value & 0xfff));
}

void fuzz_put_constant(struct fuzz_code *c, unsigned int reg, uint32_t value)
{
	put_half_constant(c, reg, value & 0xffff, false);
	if (value >> 16)
		put_half_constant(c, reg, value >> 16, true);
}

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

enum fuzz_state fuzz_page_state(uint32_t page)
{
	return page & 1 ? FUZZ_THUMB : FUZZ_ARM;
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
