// SPDX-License-Identifier: GPL-2.0
/* Random instructions, of the kinds that KVM has to do with; see fuzz_code.h. */
#include "execute.h"
#include "fuzz_code.h"

#define CP15(opc1, rt, crn, crm, opc2)	INSN_MCR(0xe, 15, opc1, rt, crn, crm, opc2)
/* Half of the tables do not map the vectors, and then only user space ends the loop. */
#define MMU_RARE	1024
/* Makes MRC of MCR */
#define MRC_BIT		0x00100000
#define ARM_ISB		0xf57ff06f
#define THUMB_ISB	0xf3bf8f6f
#define TTBCR_EAE	0x80000000

/* A random field of an instruction */
#define FIELD(c, low, width)	(fuzz_bits((c)->f, width) << (low))

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

static void put_constant(struct fuzz_code *c, unsigned int reg, uint32_t value)
{
	put_half_constant(c, reg, value & 0xffff, false);
	if (value >> 16)
		put_half_constant(c, reg, value >> 16, true);
}

static uint32_t cond(struct fuzz_code *c)
{
	return (c->thumb || !fuzz_one_in(c->f, 8) ? 0xe : fuzz_below(c->f, 15)) << 28;
}

static uint32_t mode(struct fuzz_code *c)
{
	return fuzz_one_in(c->f, 16) ? fuzz_bits(c->f, 5) :
	       fuzz_modes[fuzz_below(c->f, ARRAY_SIZE(fuzz_modes))];
}

/* Return the number of a register, which mostly has an address of note. */
static unsigned int base(struct fuzz_code *c)
{
	unsigned int reg = fuzz_bits(c->f, 4);

	if (reg < 13 && fuzz_one_in(c->f, 2))
		put_constant(c, reg, fuzz_address(c->f, c->ram_pages));
	return reg;
}

/* ---- coprocessors, with the same bits in both states -------------------- */

static void known_register(struct fuzz_code *c)
{
	const struct reg_name *reg;
	uint32_t insn;

	do {
		reg = &reg_names[fuzz_below(c->f, nr_reg_names)];
	} while (reg->kind == REG_NO_ROW);
	insn = reg_insn(reg->id, fuzz_one_in(c->f, 2));
	if (reg_size(reg->id) == 8)
		insn = (insn & ~0x000ff000U) | FIELD(c, 12, 8);
	else
		insn |= FIELD(c, 12, 4);
	fuzz_put(c, (insn & 0x0fffffff) | cond(c));
}

/* CSSELR selects what CCSIDR reads. */
static void cache_geometry(struct fuzz_code *c)
{
	unsigned int reg = fuzz_below(c->f, 13);

	put_constant(c, reg, fuzz_one_in(c->f, 2) ? fuzz_bits(c->f, 4) :
		     fuzz_value(c->f));
	fuzz_put(c, CP15(2, reg, 0, 0, 0));
	fuzz_put(c, CP15(1, reg, 0, 0, 0) | MRC_BIT);
}

static void coprocessor(struct fuzz_code *c)
{
	static const uint8_t numbers[] = { 15, 15, 15, 14, 14, 10, 11 };
	unsigned int cp = numbers[fuzz_below(c->f, ARRAY_SIZE(numbers))];
	uint32_t insn;

	if (fuzz_one_in(c->f, 8))
		cp = fuzz_bits(c->f, 4);
	switch (fuzz_below(c->f, 8)) {
	case 0:
		insn = 0x0c400000 | FIELD(c, 20, 1) | FIELD(c, 12, 8) | FIELD(c, 0, 8);
		break;
	case 1:
		insn = 0x0c000000 | base(c) << 16 | FIELD(c, 20, 5) | FIELD(c, 12, 4) |
		       FIELD(c, 0, 8);
		break;
	case 2:
		insn = 0x0e000000 | FIELD(c, 0, 24);
		break;
	default:
		insn = 0x0e000010 | FIELD(c, 5, 19) | FIELD(c, 0, 4);
	}
	insn = (insn & ~0xf00U) | cp << 8 | cond(c);
	/* CDP2, MCR2, LDC2 and the like */
	if (fuzz_one_in(c->f, 16))
		insn |= 0xf0000000;
	fuzz_put(c, insn);
}

static void vfp(struct fuzz_code *c)
{
	uint32_t any = FIELD(c, 0, 24);

	switch (fuzz_below(c->f, 8)) {
	case 0:
	case 1:
		/* VMRS, VMSR */
		fuzz_put(c, cond(c) | 0x0ee00a10 | FIELD(c, 20, 1) | FIELD(c, 16, 4) |
			 FIELD(c, 12, 4));
		break;
	case 2:
	case 3:
		/* VLDR, VSTR, VLDM, VSTM */
		fuzz_put(c, cond(c) | 0x0c000a00 | base(c) << 16 | FIELD(c, 20, 5) |
			 FIELD(c, 12, 4) | FIELD(c, 8, 1) | FIELD(c, 0, 4));
		break;
	case 4:
		fuzz_put(c, cond(c) | 0x0e000a00 | (any & 0xfff1ff));
		break;
	case 5:
		/* Advanced SIMD: loads and stores */
		any = (any & 0xb0ffff) | base(c) << 16;
		fuzz_put(c, (c->thumb ? 0xf9000000 : 0xf4000000) | any);
		break;
	default:
		if (c->thumb)
			fuzz_put(c, 0xef000000 | FIELD(c, 28, 1) | any);
		else
			fuzz_put(c, 0xf2000000 | FIELD(c, 24, 1) | any);
	}
}

/* ---- translation -------------------------------------------------------- */

static void mmu(struct fuzz_code *c)
{
	bool large = fuzz_one_in(c->f, 2);
	uint32_t ttbcr = fuzz_one_in(c->f, 4) ? fuzz_bits(c->f, 6) : 0;
	uint32_t place = large ? FUZZ_LONG : FUZZ_SHORT;
	unsigned int reg = fuzz_below(c->f, 12);

	if (fuzz_one_in(c->f, 32))
		large = !large;
	put_constant(c, reg, fuzz_one_in(c->f, 2) ? ~0U : fuzz_u32(c->f));
	fuzz_put(c, CP15(0, reg, 3, 0, 0));			/* DACR */
	put_constant(c, reg, ttbcr | (large ? TTBCR_EAE : 0));
	fuzz_put(c, CP15(0, reg, 2, 0, 2));			/* TTBCR */
	put_constant(c, reg, fuzz_table_address(c->f, place));
	if (large) {
		put_constant(c, reg + 1, fuzz_one_in(c->f, 8) ? fuzz_bits(c->f, 24) : 0);
		fuzz_put(c, INSN_MCRR(0xe, 15, 0, reg, reg + 1, 2));
	} else {
		fuzz_put(c, CP15(0, reg, 2, 0, fuzz_one_in(c->f, 8)));
	}
	fuzz_put(c, CP15(0, reg, 8, 7, 0));			/* TLBIALL */
	fuzz_put(c, c->thumb ? THUMB_ISB : ARM_ISB);
	put_constant(c, reg, fuzz_sctlr(c->f, !fuzz_one_in(c->f, 8)));
	fuzz_put(c, CP15(0, reg, 1, 0, 0));			/* SCTLR */
	fuzz_put(c, c->thumb ? THUMB_ISB : ARM_ISB);
}

/* ---- ARM ---------------------------------------------------------------- */

static void arm_load_store(struct fuzz_code *c)
{
	uint32_t insn = base(c) << 16 | FIELD(c, 12, 4);

	switch (fuzz_below(c->f, 8)) {
	case 0:
		/* LDREX, STREX, and their sizes and orders */
		insn |= 0x01800c90 | FIELD(c, 20, 3) | FIELD(c, 8, 2) | FIELD(c, 0, 4);
		break;
	case 1:
		/* SWP, SWPB */
		insn |= 0x01000090 | FIELD(c, 22, 1) | FIELD(c, 0, 4);
		break;
	case 2:
	case 3:
		/* LDM, STM */
		insn = (insn & 0xf0000) | 0x08000000 | FIELD(c, 20, 5) |
		       FIELD(c, 0, 16);
		break;
	case 4:
		/* Halfwords and double words */
		insn |= 0x00000090 | FIELD(c, 20, 5) | (1 + fuzz_below(c->f, 3)) << 5 |
			FIELD(c, 8, 1) | FIELD(c, 0, 4);
		break;
	default:
		/* Mostly small offsets, so that the address stays of note */
		insn |= 0x04000000 | FIELD(c, 20, 6) |
			(fuzz_one_in(c->f, 4) ? fuzz_bits(c->f, 12) : fuzz_bits(c->f, 4));
	}
	fuzz_put(c, cond(c) | insn);
}

static void arm_mode(struct fuzz_code *c)
{
	switch (fuzz_below(c->f, 10)) {
	case 0:
		/* CPS */
		fuzz_put(c, 0xf1000000 | FIELD(c, 17, 3) | FIELD(c, 6, 3) | mode(c));
		break;
	case 1:
		/* SETEND */
		fuzz_put(c, 0xf1010000 | FIELD(c, 9, 1));
		break;
	case 2:
		/* SRS, to an address in SP */
		put_constant(c, 13, fuzz_address(c->f, c->ram_pages));
		fuzz_put(c, 0xf84d0500 | FIELD(c, 23, 2) | FIELD(c, 21, 1) | mode(c));
		break;
	case 3:
		/* RFE */
		fuzz_put(c, 0xf8100a00 | base(c) << 16 | FIELD(c, 23, 2) | FIELD(c, 21, 1));
		break;
	case 4:
		/* MSR of a register that has a mode */
		put_constant(c, 0, mode(c) | FIELD(c, 5, 5));
		fuzz_put(c, cond(c) | 0x0120f000 | FIELD(c, 22, 1) | FIELD(c, 16, 4));
		break;
	case 5:
		fuzz_put(c, cond(c) | 0x0320f000 | FIELD(c, 22, 1) | FIELD(c, 16, 4) |
			 FIELD(c, 6, 2) | mode(c));
		break;
	case 6:
		fuzz_put(c, cond(c) | 0x010f0000 | FIELD(c, 22, 1) | FIELD(c, 12, 4));
		break;
	case 7:
		/* Banked registers */
		fuzz_put(c, cond(c) | 0x01000200 | FIELD(c, 22, 1) | FIELD(c, 16, 4) |
			 FIELD(c, 12, 4) | FIELD(c, 8, 1));
		break;
	case 8:
		fuzz_put(c, cond(c) | 0x0120f200 | FIELD(c, 22, 1) | FIELD(c, 16, 4) |
			 FIELD(c, 8, 1) | FIELD(c, 0, 4));
		break;
	default:
		/* ERET, or MOVS pc, lr */
		fuzz_put(c, fuzz_one_in(c->f, 2) ? 0xe160006e : 0xe1b0f00e);
	}
}

static void arm_call(struct fuzz_code *c)
{
	unsigned int i;

	put_constant(c, 0, fuzz_function_id(c->f));
	for (i = 1; i < 4; i++)
		if (fuzz_one_in(c->f, 2))
			put_constant(c, i, fuzz_one_in(c->f, 2) ? fuzz_bits(c->f, 3) :
				     fuzz_code_address(c->f, c->ram_pages));
	switch (fuzz_below(c->f, 4)) {
	case 0:
		fuzz_put(c, 0xe1600070 | FIELD(c, 0, 4));
		break;
	case 1:
		fuzz_put(c, 0xef000000 | FIELD(c, 0, 24));
		break;
	default:
		fuzz_put(c, 0xe1400070 | (fuzz_one_in(c->f, 4) ? FIELD(c, 8, 12) : 0));
	}
}

static void arm_hint(struct fuzz_code *c)
{
	switch (fuzz_below(c->f, 4)) {
	case 0:
		/* Barriers, CLREX */
		fuzz_put(c, 0xf57ff000 | FIELD(c, 0, 8));
		break;
	case 1:
		/* BKPT, DBG */
		fuzz_put(c, fuzz_one_in(c->f, 2) ? 0xe1200070 | FIELD(c, 8, 12) :
			 0xe320f0f0 | FIELD(c, 0, 4));
		break;
	default:
		/* NOP, YIELD, WFE, WFI, SEV, SEVL */
		fuzz_put(c, cond(c) | 0x0320f000 | fuzz_below(c->f, 6));
	}
}

static void arm_branch(struct fuzz_code *c)
{
	unsigned int reg = fuzz_below(c->f, 13);

	switch (fuzz_below(c->f, 4)) {
	case 0:
		put_constant(c, reg, fuzz_code_address(c->f, c->ram_pages));
		fuzz_put(c, cond(c) | 0x012fff10 | FIELD(c, 5, 1) | reg);
		break;
	case 1:
		fuzz_put(c, 0xfa000000 | FIELD(c, 24, 1) | fuzz_bits(c->f, 8));
		break;
	default:
		/* Mostly forward, so that not each branch makes a loop */
		fuzz_put(c, cond(c) | 0x0a000000 | FIELD(c, 24, 1) |
			 (fuzz_one_in(c->f, 16) ? 0xffff00 : 0) | fuzz_bits(c->f, 8));
	}
}

static void arm_data(struct fuzz_code *c)
{
	fuzz_put(c, cond(c) | FIELD(c, 0, 26));
}

static void anything(struct fuzz_code *c)
{
	fuzz_put(c, fuzz_u32(c->f));
}

void fuzz_put_arm(struct fuzz_code *c)
{
	static void (*const kinds[])(struct fuzz_code *c) = {
		known_register, known_register, known_register, coprocessor, coprocessor,
		vfp, vfp, arm_load_store, arm_load_store, arm_load_store, arm_load_store,
		arm_load_store, arm_mode, arm_call, arm_hint, arm_branch, arm_data,
		arm_data, anything,
	};

	if (fuzz_one_in(c->f, MMU_RARE))
		mmu(c);
	else if (fuzz_one_in(c->f, 128))
		cache_geometry(c);
	else
		kinds[fuzz_below(c->f, ARRAY_SIZE(kinds))](c);
}

/* ---- Thumb -------------------------------------------------------------- */

static void thumb_half(struct fuzz_code *c)
{
	/* Not the first half of an instruction of 32 bits */
	fuzz_put_half(c, fuzz_below(c->f, 0xe800));
}

static void thumb_it(struct fuzz_code *c)
{
	fuzz_put_half(c, 0xbf00 | FIELD(c, 4, 4) | (1 + fuzz_below(c->f, 15)));
}

static void thumb_load_store(struct fuzz_code *c)
{
	uint32_t reg = base(c);

	switch (fuzz_below(c->f, 4)) {
	case 0:
		/* LDM, STM, LDRD, STRD, exclusives, table branches, SRS, RFE */
		fuzz_put(c, 0xe8000000 | reg << 16 | FIELD(c, 20, 5) | FIELD(c, 0, 16));
		break;
	case 1:
		/* 16 bits, with a low base register */
		fuzz_put_half(c, 0x5000 + fuzz_below(c->f, 0x4000));
		break;
	default:
		fuzz_put(c, 0xf8000000 | reg << 16 | FIELD(c, 20, 5) | FIELD(c, 8, 8) |
			 fuzz_bits(c->f, 4));
	}
}

static void thumb_system(struct fuzz_code *c)
{
	switch (fuzz_below(c->f, 10)) {
	case 0:
		/* CPS, SETEND */
		fuzz_put_half(c, fuzz_one_in(c->f, 2) ? 0xb660 | FIELD(c, 0, 5) :
			      0xb650 | FIELD(c, 3, 1));
		break;
	case 1:
		fuzz_put(c, 0xf3af8100 | FIELD(c, 9, 2) | FIELD(c, 5, 3) | mode(c));
		break;
	case 2:
		/* MSR, with the forms for banked registers */
		fuzz_put(c, 0xf3808000 | FIELD(c, 16, 5) | FIELD(c, 8, 4) | FIELD(c, 4, 2));
		break;
	case 3:
		fuzz_put(c, 0xf3e08000 | FIELD(c, 16, 5) | FIELD(c, 8, 4) | FIELD(c, 4, 2));
		break;
	case 4:
		/* SUBS pc, lr */
		fuzz_put(c, 0xf3de8f00 | FIELD(c, 0, 3));
		break;
	case 5:
		fuzz_put_half(c, 0xbe00 | FIELD(c, 0, 8));
		break;
	case 6:
		fuzz_put_half(c, 0xdf00 | FIELD(c, 0, 8));
		break;
	case 7:
		/* NOP, YIELD, WFE, WFI, SEV, SEVL */
		fuzz_put_half(c, 0xbf00 | fuzz_below(c->f, 6) << 4);
		break;
	default:
		put_constant(c, 0, fuzz_function_id(c->f));
		fuzz_put(c, (fuzz_one_in(c->f, 4) ? 0xf7f08000 : 0xf7e08000) |
			 FIELD(c, 16, 4));
	}
}

static void thumb_word(struct fuzz_code *c)
{
	fuzz_put_half(c, 0xe800 + fuzz_below(c->f, 0x1800));
	fuzz_put_half(c, fuzz_bits(c->f, 16));
}

void fuzz_put_thumb(struct fuzz_code *c)
{
	static void (*const kinds[])(struct fuzz_code *c) = {
		known_register, known_register, coprocessor, coprocessor, vfp, vfp,
		thumb_load_store, thumb_load_store, thumb_load_store, thumb_system,
		thumb_system, thumb_it, thumb_it, thumb_half, thumb_half, thumb_half,
		thumb_word,
	};

	if (fuzz_one_in(c->f, MMU_RARE))
		mmu(c);
	else if (fuzz_one_in(c->f, 128))
		cache_geometry(c);
	else
		kinds[fuzz_below(c->f, ARRAY_SIZE(kinds))](c);
}
