/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads and stores that KVM carries out for a guest: see arch/arm/kvm/insn.
 */
#ifndef __ARM_KVM_INSN_H__
#define __ARM_KVM_INSN_H__

#include <linux/types.h>

enum kvm_insn_class {
	KVM_INSN_SINGLE,	/* LDR, STR: rt */
	KVM_INSN_DUAL,		/* LDRD, STRD: rt and rt2 */
	KVM_INSN_MULTIPLE,	/* LDM, STM: list */
	KVM_INSN_VFP,		/* VLDR, VLDM, VSTR, VSTM: nr from rt up */
	KVM_INSN_SWAP,		/* SWP: load rt, store rt2 */
};

/* There is no register for an offset */
#define KVM_INSN_NO_REG		16

/**
 * struct kvm_insn - a load or a store
 * @class: enum kvm_insn_class
 * @size: of a register in memory, in bytes
 * @rn: the base
 * @rt: what is loaded or stored; see enum kvm_insn_class
 * @rt2: ...
 * @rm: the offset, or KVM_INSN_NO_REG
 * @shift_type: of @rm: LSL, LSR, ASR, ROR
 * @shift: by how much, as encoded: ARM DDI 0406C, A8.4.3
 * @nr: how many registers
 * @list: registers, one bit each
 * @imm: the offset if there is no @rm
 * @load: it is a load
 * @sign: what is loaded is extended with its sign
 * @pre: the offset is for the address, and not only for writeback
 * @up: the offset is added
 * @wback: the base is written back
 * @unprivileged: the access is one of User mode
 * @user: the registers are those of User mode
 */
struct kvm_insn {
	u8 class;
	u8 size;
	u8 rn;
	u8 rt;
	u8 rt2;
	u8 rm;
	u8 shift_type;
	u8 shift;
	u8 nr;
	u16 list;
	u16 imm;
	bool load;
	bool sign;
	bool pre;
	bool up;
	bool wback;
	bool unprivileged;
	bool user;
};

/* Sixteen doubleword registers */
#define KVM_INSN_MAX_BYTES	128

/**
 * struct kvm_insn_access - a load or store that is being carried out
 * @insn: the instruction
 * @active: user space has been asked for a part of it
 * @len: of the present part, in bytes
 * @pos: the first byte of the present part
 * @end: the number of bytes
 * @address: where it begins
 * @base: what is written back
 * @page: guest physical addresses of the one or two pages it touches
 * @data: the bytes, as they are in memory: stored, or loaded so far
 *
 * Registers are read when it begins and written when all of it is done.
 */
struct kvm_insn_access {
	struct kvm_insn insn;
	bool active;
	u8 len;
	u8 pos;
	u8 end;
	u32 address;
	u32 base;
	phys_addr_t page[2];
	u8 data[KVM_INSN_MAX_BYTES] __aligned(8);
};

#endif /* __ARM_KVM_INSN_H__ */
