// SPDX-License-Identifier: GPL-2.0
/* Random addresses and values for the code of guests; see fuzz_code.h. */
#include "fuzz_code.h"
#include "gic.h"
#include "memory.h"
#include "../guest/insn.h"

#define SCTLR_MMU		0x00000001
#define SCTLR_RESET		0x00c50878

const uint8_t fuzz_modes[7] = {
	CPSR_USR, CPSR_FIQ, CPSR_IRQ, CPSR_SVC, CPSR_ABT, CPSR_UND, CPSR_SYS,
};

uint32_t fuzz_bits(struct fuzz *f, unsigned int n)
{
	return fuzz_u32(f) >> (32 - n);
}

enum fuzz_state fuzz_page_state(uint32_t page)
{
	return page & 1 ? FUZZ_THUMB : FUZZ_ARM;
}

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
