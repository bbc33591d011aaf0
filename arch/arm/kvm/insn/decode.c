// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decode loads and stores of the ARM instruction set, and those of the VFP,
 * which both instruction sets share (ARM DDI 0406C, A5.2 to A5.6, A7.6).
 *
 * Refuse what is unpredictable, unless there is an obvious result.
 */
#include <linux/bitfield.h>

#include "insn.h"

/* Fields of most loads and stores */
#define INSN_COND	GENMASK(31, 28)
#define INSN_OP		GENMASK(27, 25)
#define INSN_PRE	BIT(24)
#define INSN_UP		BIT(23)
#define INSN_BYTE	BIT(22)
#define INSN_WBACK	BIT(21)
#define INSN_LOAD	BIT(20)
#define INSN_RN		GENMASK(19, 16)
#define INSN_RT		GENMASK(15, 12)
#define INSN_SHIFT	GENMASK(11, 7)
#define INSN_SHIFT_TYPE	GENMASK(6, 5)
#define INSN_MEDIA	BIT(4)
#define INSN_RM		GENMASK(3, 0)
#define INSN_IMM12	GENMASK(11, 0)
/* Extra load and store: halfwords, signed bytes, two registers */
#define EXTRA_FIXED	(BIT(7) | BIT(4))
#define EXTRA_OP	GENMASK(6, 5)
#define EXTRA_IMM	BIT(22)
#define EXTRA_HIGH	GENMASK(11, 8)
#define EXTRA_LOW	GENMASK(3, 0)
/* SWP, SWPB */
#define SWAP_MASK	0x0fb00ff0
#define SWAP_VALUE	0x01000090
/* LDM, STM */
#define MULTI_USR	BIT(22)
#define MULTI_LIST	GENMASK(15, 0)
/* VFP: coprocessors 10 and 11 */
#define VFP_COPROC	GENMASK(11, 9)
#define VFP_DOUBLE	BIT(8)
#define VFP_D		BIT(22)
#define VFP_IMM		GENMASK(7, 0)

/* Element and structure load and store of Advanced SIMD: unconditional */
#define SIMD_MASK	0x0f100000
#define SIMD_VALUE	0x04000000

#define PC		15

/**
 * kvm_decode_valid() - check the registers of a load or store
 * @i: the instruction, not of the classes VFP and MULTIPLE
 *
 * Return: false if the use of PC is unpredictable.
 */
bool kvm_decode_valid(const struct kvm_insn *i)
{
	if (i->rm == PC || (i->wback && i->rn == PC))
		return false;
	if (i->class != KVM_INSN_SINGLE)
		return i->rt != PC && i->rt2 != PC;

	return i->rt != PC || (i->size == 4 && !i->unprivileged);
}

/* With P clear the offset is for writeback only, and W selects User mode. */
static bool decode_post(struct kvm_insn *i)
{
	if (!i->pre) {
		i->unprivileged = i->wback;
		i->wback = true;
	}

	return kvm_decode_valid(i);
}

static bool decode_swap(u32 insn, struct kvm_insn *i)
{
	if ((insn & SWAP_MASK) != SWAP_VALUE)
		return false;

	i->class = KVM_INSN_SWAP;
	i->size = insn & INSN_BYTE ? 1 : 4;
	i->rt2 = FIELD_GET(INSN_RM, insn);
	i->load = false;

	return i->rn != PC && kvm_decode_valid(i);
}

static bool decode_extra(u32 insn, struct kvm_insn *i)
{
	unsigned int op = FIELD_GET(EXTRA_OP, insn);

	if ((insn & EXTRA_FIXED) != EXTRA_FIXED)
		return false;
	if (!op)
		return decode_swap(insn, i);

	if (insn & EXTRA_IMM)
		i->imm = FIELD_GET(EXTRA_HIGH, insn) << 4 |
			 FIELD_GET(EXTRA_LOW, insn);
	else
		i->rm = FIELD_GET(INSN_RM, insn);

	if (op == 1 || i->load) {
		i->size = op == 2 ? 1 : 2;
		i->sign = op != 1;
		return decode_post(i);
	}

	i->class = KVM_INSN_DUAL;
	i->size = 4;
	i->nr = 2;
	i->load = op == 2;
	i->rt2 = i->rt + 1;
	if (i->rt & 1 || (!i->pre && i->wback))
		return false;

	return decode_post(i);
}

static bool decode_single(u32 insn, struct kvm_insn *i, bool reg)
{
	i->size = insn & INSN_BYTE ? 1 : 4;
	if (!reg) {
		i->imm = FIELD_GET(INSN_IMM12, insn);
		return decode_post(i);
	}

	if (insn & INSN_MEDIA)
		return false;
	i->rm = FIELD_GET(INSN_RM, insn);
	i->shift_type = FIELD_GET(INSN_SHIFT_TYPE, insn);
	i->shift = FIELD_GET(INSN_SHIFT, insn);

	return decode_post(i);
}

static bool decode_multiple(u32 insn, struct kvm_insn *i)
{
	i->class = KVM_INSN_MULTIPLE;
	i->size = 4;
	i->list = FIELD_GET(MULTI_LIST, insn);
	i->nr = hweight16(i->list);
	i->user = insn & MULTI_USR;

	/* With PC in the list, LDM (user) returns from an exception. */
	if (i->user && (i->wback || (i->load && i->list & BIT(PC))))
		return false;

	return i->nr && i->rn != PC;
}

/**
 * kvm_decode_vfp() - decode a load or store of the VFP
 * @insn: the instruction; a Thumb one has AL for its condition
 * @i: out: the decoded instruction
 *
 * Return: true if it can be carried out.
 */
bool kvm_decode_vfp(u32 insn, struct kvm_insn *i)
{
	unsigned int words = FIELD_GET(VFP_IMM, insn);
	bool d = insn & VFP_D;

	if (FIELD_GET(VFP_COPROC, insn) != 5)
		return false;

	i->class = KVM_INSN_VFP;
	i->imm = words * 4;
	if (insn & VFP_DOUBLE) {
		i->size = 8;
		i->rt |= d << 4;
		/* FLDMX and FSTMX have one more word, of no register. */
		i->nr = words / 2;
	} else {
		i->size = 4;
		i->rt = i->rt << 1 | d;
		i->nr = words;
	}

	if (i->pre && !i->wback)
		i->nr = 1;
	else if (i->pre == i->up || (i->wback && i->rn == PC))
		return false;

	return i->nr && i->nr * i->size <= KVM_INSN_MAX_BYTES &&
	       i->rt + i->nr <= 32;
}

/**
 * kvm_decode_arm() - decode an ARM instruction
 * @insn: the instruction
 * @i: out: the decoded instruction
 *
 * Return: true if it is a load or store that can be carried out.
 */
bool kvm_decode_arm(u32 insn, struct kvm_insn *i)
{
	*i = (struct kvm_insn){
		.class = KVM_INSN_SINGLE,
		.rn = FIELD_GET(INSN_RN, insn),
		.rt = FIELD_GET(INSN_RT, insn),
		.rm = KVM_INSN_NO_REG,
		.nr = 1,
		.load = insn & INSN_LOAD,
		.pre = insn & INSN_PRE,
		.up = insn & INSN_UP,
		.wback = insn & INSN_WBACK,
	};

	if (FIELD_GET(INSN_COND, insn) == 0xf)
		return false;

	switch (FIELD_GET(INSN_OP, insn)) {
	case 0:
		return decode_extra(insn, i);
	case 2:
		return decode_single(insn, i, false);
	case 3:
		return decode_single(insn, i, true);
	case 4:
		return decode_multiple(insn, i);
	case 6:
		return kvm_decode_vfp(insn, i);
	default:
		return false;
	}
}

/**
 * kvm_accesses_arm() - tell whether an ARM instruction is a load or store
 * @insn: the instruction
 *
 * Return: true for any load or store, even if kvm_decode_arm() refuses it.
 */
bool kvm_accesses_arm(u32 insn)
{
	bool unconditional = FIELD_GET(INSN_COND, insn) == 0xf;

	switch (FIELD_GET(INSN_OP, insn)) {
	case 0:
		/* Exclude multiplications, which have op and P clear. */
		return !unconditional && (insn & EXTRA_FIXED) == EXTRA_FIXED &&
		       insn & (EXTRA_OP | INSN_PRE);
	case 2:
		return !unconditional || (insn & SIMD_MASK) == SIMD_VALUE;
	case 3:
		return !unconditional && !(insn & INSN_MEDIA);
	case 4:
		/* RFE and SRS have no condition */
		return true;
	case 6:
		/* With P, U and W clear it is MCRR or MRRC. */
		return insn & (INSN_PRE | INSN_UP | INSN_WBACK);
	default:
		return false;
	}
}
