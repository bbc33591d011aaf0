// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decode loads and stores of the Thumb instruction set (ARM DDI 0406C, A6.2,
 * A6.3).
 */
#include <linux/bitfield.h>

#include "insn.h"

/* 16-bit instructions */
#define T16_RD		GENMASK(2, 0)
#define T16_RN		GENMASK(5, 3)
#define T16_RM		GENMASK(8, 6)
#define T16_OPB		GENMASK(11, 9)
#define T16_IMM5	GENMASK(10, 6)
#define T16_LOAD	BIT(11)
/* 16-bit instructions with an 8-bit immediate or a list */
#define T16_RD8		GENMASK(10, 8)
#define T16_IMM8	GENMASK(7, 0)
#define T16_LR_PC	BIT(8)
/* LDR with PC, PUSH and POP, which share their groups with others */
#define T16_LITERAL	BIT(11)
#define T16_STACK_MASK	GENMASK(10, 9)
#define T16_STACK	BIT(10)

/* 32-bit instructions: the first halfword in bits 31:16 */
#define T32_GROUP	GENMASK(31, 25)
#define T32_MULTIPLE	0x74
#define T32_VFP		0x76
#define T32_SINGLE	0x7c
#define T32_COPROC2	0x7e
#define T32_PRE		BIT(24)
#define T32_UP		BIT(23)
#define T32_DUAL	BIT(22)
#define T32_WBACK	BIT(21)
#define T32_LOAD	BIT(20)
#define T32_RN		GENMASK(19, 16)
#define T32_RT		GENMASK(15, 12)
#define T32_RT2		GENMASK(11, 8)
#define T32_IMM8	GENMASK(7, 0)
#define T32_IMM12	GENMASK(11, 0)
/* One register */
#define T32_SIGN	BIT(24)
#define T32_SIZE	GENMASK(22, 21)
#define T32_HAS_IMM8	BIT(11)
#define T32_IMM8_PRE	BIT(10)
#define T32_IMM8_UP	BIT(9)
#define T32_IMM8_WBACK	BIT(8)
#define T32_REG_MASK	GENMASK(11, 6)
#define T32_REG_SHIFT	GENMASK(5, 4)
#define T32_RM		GENMASK(3, 0)

#define SP		13
#define LR		14
#define PC		15

/* STR, STRH, STRB, LDRSB, LDR, LDRH, LDRB, LDRSH with a register offset */
static bool decode16_reg(u16 insn, struct kvm_insn *i)
{
	static const u8 size[] = { 4, 2, 1, 1, 4, 2, 1, 2 };
	unsigned int op = FIELD_GET(T16_OPB, insn);

	i->rm = FIELD_GET(T16_RM, insn);
	i->size = size[op];
	i->load = op >= 3;
	i->sign = op == 3 || op == 7;
	return true;
}

static bool decode16_imm(u16 insn, struct kvm_insn *i, unsigned int size)
{
	i->size = size;
	i->imm = FIELD_GET(T16_IMM5, insn) * size;
	return true;
}

/* LDR relative to PC, LDR and STR relative to SP */
static bool decode16_word(u16 insn, struct kvm_insn *i, unsigned int rn)
{
	i->rn = rn;
	i->rt = FIELD_GET(T16_RD8, insn);
	i->size = 4;
	i->imm = FIELD_GET(T16_IMM8, insn) * 4;
	return true;
}

static bool decode16_multiple(u16 insn, struct kvm_insn *i)
{
	i->class = KVM_INSN_MULTIPLE;
	i->rn = FIELD_GET(T16_RD8, insn);
	i->size = 4;
	i->list = FIELD_GET(T16_IMM8, insn);
	i->nr = hweight16(i->list);
	i->pre = false;
	/* LDM writes back the base unless it is in the list. */
	i->wback = !i->load || !(i->list & BIT(i->rn));
	return i->nr;
}

static bool decode16_stack(u16 insn, struct kvm_insn *i)
{
	decode16_multiple(insn, i);
	i->rn = SP;
	if (insn & T16_LR_PC)
		i->list |= BIT(i->load ? PC : LR);
	i->nr = hweight16(i->list);
	i->pre = !i->load;
	i->up = i->load;
	i->wback = true;
	return i->nr;
}

static bool decode16(u16 insn, struct kvm_insn *i)
{
	*i = (struct kvm_insn){
		.class = KVM_INSN_SINGLE,
		.rn = FIELD_GET(T16_RN, insn),
		.rt = FIELD_GET(T16_RD, insn),
		.rm = KVM_INSN_NO_REG,
		.nr = 1,
		.load = insn & T16_LOAD,
		.pre = true,
		.up = true,
	};

	switch (insn >> 12) {
	case 4:
		i->load = true;
		return insn & T16_LITERAL && decode16_word(insn, i, PC);
	case 5:
		return decode16_reg(insn, i);
	case 6:
		return decode16_imm(insn, i, 4);
	case 7:
		return decode16_imm(insn, i, 1);
	case 8:
		return decode16_imm(insn, i, 2);
	case 9:
		return decode16_word(insn, i, SP);
	case 11:
		return (insn & T16_STACK_MASK) == T16_STACK &&
		       decode16_stack(insn, i);
	case 12:
		return decode16_multiple(insn, i);
	default:
		return false;
	}
}

static bool decode32_multiple(u32 insn, struct kvm_insn *i)
{
	i->class = KVM_INSN_MULTIPLE;
	i->size = 4;
	i->list = insn;
	i->nr = hweight16(i->list);

	/* RFE and SRS have P equal to U, which LDM and STM never have. */
	if (i->pre == i->up || i->rn == PC)
		return false;

	return i->nr && !(i->list & BIT(SP)) &&
	       (i->load || !(i->list & BIT(PC)));
}

static bool decode32_dual(u32 insn, struct kvm_insn *i)
{
	/* Refuse exclusive accesses and table branches. */
	if (!i->pre && !i->wback)
		return false;

	i->class = KVM_INSN_DUAL;
	i->size = 4;
	i->nr = 2;
	i->rt2 = FIELD_GET(T32_RT2, insn);
	i->imm = FIELD_GET(T32_IMM8, insn) * 4;
	return kvm_decode_valid(i);
}

static bool decode32_single(u32 insn, struct kvm_insn *i)
{
	bool sign = insn & T32_SIGN;

	i->size = 1 << FIELD_GET(T32_SIZE, insn);
	i->sign = sign;
	i->pre = true;
	i->wback = false;
	if (i->size > 4 || (sign && (!i->load || i->size == 4)))
		return false;
	if (!i->load && (i->rn == PC || i->rt == PC))
		return false;

	if (i->rn == PC || i->up) {
		i->imm = FIELD_GET(T32_IMM12, insn);
		return kvm_decode_valid(i);
	}

	i->up = true;
	if (!(insn & T32_HAS_IMM8)) {
		i->rm = FIELD_GET(T32_RM, insn);
		i->shift = FIELD_GET(T32_REG_SHIFT, insn);
		return !(insn & T32_REG_MASK) && kvm_decode_valid(i);
	}

	i->imm = FIELD_GET(T32_IMM8, insn);
	i->pre = insn & T32_IMM8_PRE;
	i->up = insn & T32_IMM8_UP;
	i->wback = insn & T32_IMM8_WBACK;
	if (!i->pre && !i->wback)
		return false;
	i->unprivileged = i->pre && i->up && !i->wback;
	return kvm_decode_valid(i);
}

static bool decode32(u32 insn, struct kvm_insn *i)
{
	*i = (struct kvm_insn){
		.class = KVM_INSN_SINGLE,
		.rn = FIELD_GET(T32_RN, insn),
		.rt = FIELD_GET(T32_RT, insn),
		.rm = KVM_INSN_NO_REG,
		.nr = 1,
		.load = insn & T32_LOAD,
		.pre = insn & T32_PRE,
		.up = insn & T32_UP,
		.wback = insn & T32_WBACK,
	};

	switch (FIELD_GET(T32_GROUP, insn)) {
	case T32_MULTIPLE:
		return insn & T32_DUAL ? decode32_dual(insn, i) :
					 decode32_multiple(insn, i);
	case T32_VFP:
		return kvm_decode_vfp(insn, i);
	case T32_SINGLE:
		return decode32_single(insn, i);
	default:
		return false;
	}
}

/**
 * kvm_decode_thumb() - decode a Thumb instruction
 * @insn: the instruction; a 32-bit one has its first halfword in bits 31:16
 * @i: out: the decoded instruction
 *
 * Return: true if it is a load or store that can be carried out.
 */
bool kvm_decode_thumb(u32 insn, struct kvm_insn *i)
{
	return insn >> 16 ? decode32(insn, i) : decode16(insn, i);
}

/**
 * kvm_accesses_thumb() - tell whether a Thumb instruction is a load or store
 * @insn: the instruction, as for kvm_decode_thumb()
 *
 * Return: true for any load or store, even if kvm_decode_thumb() refuses it.
 */
bool kvm_accesses_thumb(u32 insn)
{
	switch (FIELD_GET(T32_GROUP, insn)) {
	case T32_MULTIPLE:
	case T32_SINGLE:
		return true;
	case T32_VFP:
	case T32_COPROC2:
		return insn & (T32_PRE | T32_UP | T32_WBACK);
	case 0:
		break;
	default:
		return false;
	}

	switch (insn >> 12) {
	case 4:
		return insn & T16_LITERAL;
	case 5:
	case 6:
	case 7:
	case 8:
	case 9:
	case 12:
		return true;
	case 11:
		return (insn & T16_STACK_MASK) == T16_STACK;
	default:
		return false;
	}
}
