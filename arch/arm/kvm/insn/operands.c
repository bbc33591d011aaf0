// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compute the address of a load or store, read its registers before the
 * accesses and write them afterwards.
 */
#include <linux/bitops.h>
#include <linux/kvm_host.h>
#include <linux/swab.h>

#include <asm/kvm_emulate.h>

#include "insn.h"

#define PC	15

/* ---- registers ----------------------------------------------------------- */

/* PC as an operand is two instructions ahead. */
static u32 read_reg(struct kvm_vcpu *vcpu, const struct kvm_insn *i, u8 reg)
{
	if (reg == PC)
		return *vcpu_pc(vcpu) + (kvm_insn_is_thumb(vcpu) ? 4 : 8);
	if (i->user)
		return vcpu_gp_regs(vcpu)->usr_regs.uregs[reg];

	return vcpu_get_reg(vcpu, reg);
}

static void write_reg(struct kvm_vcpu *vcpu, const struct kvm_insn *i, u8 reg,
		      u32 val)
{
	if (i->user)
		vcpu_gp_regs(vcpu)->usr_regs.uregs[reg] = val;
	else
		vcpu_set_reg(vcpu, reg, val);
}

static u64 read_vfp(struct kvm_vcpu *vcpu, const struct kvm_insn *i, u8 reg)
{
	const u64 *d = vcpu_ctxt(vcpu)->vfp.fpregs;

	if (i->size == 8)
		return d[reg];

	return reg & 1 ? upper_32_bits(d[reg / 2]) : lower_32_bits(d[reg / 2]);
}

static void write_vfp(struct kvm_vcpu *vcpu, const struct kvm_insn *i, u8 reg,
		      u64 val)
{
	u64 *d = vcpu_ctxt(vcpu)->vfp.fpregs;

	if (i->size == 8)
		d[reg] = val;
	else if (reg & 1)
		d[reg / 2] = lower_32_bits(d[reg / 2]) | val << 32;
	else
		d[reg / 2] = (d[reg / 2] & ~0xffffffffULL) | val;
}

/* Return the register of the nth lowest address. */
static u8 nth_reg(const struct kvm_insn *i, unsigned int n)
{
	u16 list = i->list;

	switch (i->class) {
	case KVM_INSN_MULTIPLE:
		while (n--)
			list &= list - 1;
		return __ffs(list);
	case KVM_INSN_VFP:
		return i->rt + n;
	default:
		return n ? i->rt2 : i->rt;
	}
}

/* ---- bytes, as they are in memory ---------------------------------------- */

static void put_bytes(struct kvm_vcpu *vcpu, void *to, u64 val, u8 size)
{
	if (size == 8) {
		if (vcpu_swaps_data(vcpu))
			val = swab64(val);
		memcpy(to, &val, sizeof(val));
		return;
	}

	kvm_mmio_write_buf(to, size, vcpu_data_guest_to_host(vcpu, val, size));
}

static u64 get_bytes(struct kvm_vcpu *vcpu, const void *from, u8 size,
		     bool sign)
{
	u32 val;
	u64 d;

	if (size == 8) {
		memcpy(&d, from, sizeof(d));
		return vcpu_swaps_data(vcpu) ? swab64(d) : d;
	}

	/* A swap undoes itself: vcpu_data_guest_to_host() serves loads, too. */
	val = vcpu_data_guest_to_host(vcpu, kvm_mmio_read_buf(from, size),
				      size);
	if (!sign)
		return val;

	return size == 1 ? (u32)(s8)val : (u32)(s16)val;
}

/* ---- addresses ----------------------------------------------------------- */

/* ARM DDI 0406C, A8.4.3 */
static u32 shifted_offset(struct kvm_vcpu *vcpu, const struct kvm_insn *i)
{
	u32 val = read_reg(vcpu, i, i->rm);

	switch (i->shift_type) {
	case 0:
		return val << i->shift;
	case 1:
		return i->shift ? val >> i->shift : 0;
	case 2:
		return (s32)val >> (i->shift ? i->shift : 31);
	default:
		if (i->shift)
			return ror32(val, i->shift);
		/* RRX */
		return val >> 1 | (*vcpu_cpsr(vcpu) & PSR_C_BIT ? BIT(31) : 0);
	}
}

/**
 * kvm_insn_address() - compute the address of a load or store
 * @vcpu: the vcpu, at the instruction
 * @a: in: the instruction; out: its address and the base to write back
 */
void kvm_insn_address(struct kvm_vcpu *vcpu, struct kvm_insn_access *a)
{
	const struct kvm_insn *i = &a->insn;
	u32 base, offset, low;

	base = i->rn == PC ? read_reg(vcpu, i, PC) & ~3 :
			     vcpu_get_reg(vcpu, i->rn);
	if (i->class == KVM_INSN_MULTIPLE)
		offset = i->nr * 4;
	else if (i->rm == KVM_INSN_NO_REG)
		offset = i->imm;
	else
		offset = shifted_offset(vcpu, i);

	a->base = i->up ? base + offset : base - offset;
	if (i->class == KVM_INSN_MULTIPLE) {
		/* IB and DA begin one word above the lowest address. */
		low = i->up ? base : a->base;
		a->address = i->pre == i->up ? low + 4 : low;
	} else {
		a->address = i->pre ? a->base : base;
	}
}

/**
 * kvm_insn_read_registers() - read the registers that an instruction stores
 * @vcpu: the vcpu, at the instruction
 * @a: in: the instruction; out: the bytes to store
 */
void kvm_insn_read_registers(struct kvm_vcpu *vcpu, struct kvm_insn_access *a)
{
	const struct kvm_insn *i = &a->insn;
	unsigned int n;
	u8 reg;

	if (i->class == KVM_INSN_SWAP) {
		put_bytes(vcpu, a->data + i->size,
			  read_reg(vcpu, i, i->rt2), i->size);
		return;
	}

	for (n = 0; n < i->nr && !i->load; n++) {
		reg = nth_reg(i, n);
		put_bytes(vcpu, a->data + n * i->size,
			  i->class == KVM_INSN_VFP ? read_vfp(vcpu, i, reg) :
						     read_reg(vcpu, i, reg),
			  i->size);
	}
}

/* Branch with exchange: bit 0 selects the instruction set. */
static void branch_to(struct kvm_vcpu *vcpu, u32 target)
{
	kvm_skip_instr32(vcpu);
	if (target & 1) {
		*vcpu_cpsr(vcpu) |= PSR_T_BIT;
		*vcpu_pc(vcpu) = target & ~1;
	} else {
		*vcpu_cpsr(vcpu) &= ~PSR_T_BIT;
		*vcpu_pc(vcpu) = target & ~3;
	}
}

/**
 * kvm_insn_write_registers() - write the registers that an instruction loads
 * @vcpu: the vcpu, at the instruction
 * @a: the instruction, with the bytes that it has loaded
 *
 * Also write back the base and go to the next instruction. A base that is loaded,
 * too, keeps the loaded value.
 */
void kvm_insn_write_registers(struct kvm_vcpu *vcpu,
			      const struct kvm_insn_access *a)
{
	const struct kvm_insn *i = &a->insn;
	bool branch = false;
	unsigned int n;
	u64 val = 0;
	u8 reg;

	if (i->wback)
		vcpu_set_reg(vcpu, i->rn, a->base);

	if (!i->load && i->class != KVM_INSN_SWAP) {
		kvm_incr_pc(vcpu);
		return;
	}

	for (n = 0; n < i->nr; n++) {
		reg = nth_reg(i, n);
		val = get_bytes(vcpu, a->data + n * i->size, i->size, i->sign);
		if (i->class == KVM_INSN_VFP)
			write_vfp(vcpu, i, reg, val);
		else if (reg == PC)
			branch = true;
		else
			write_reg(vcpu, i, reg, val);
	}

	/* PC is loaded last, so @val is the target. */
	if (branch)
		branch_to(vcpu, val);
	else
		kvm_incr_pc(vcpu);
}
