/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads and stores that KVM emulates: see arch/arm/kvm/insn.
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

/* rm of an instruction without a register offset */
#define KVM_INSN_NO_REG		16

/**
 * struct kvm_insn - a load or a store
 * @class: enum kvm_insn_class
 * @size: bytes in memory for each register
 * @rn: the base register
 * @rt: the register to load or store, see enum kvm_insn_class
 * @rt2: the second register, see enum kvm_insn_class
 * @rm: the offset register, or KVM_INSN_NO_REG
 * @shift_type: shift of @rm: LSL, LSR, ASR, ROR
 * @shift: amount of the shift, as encoded: ARM DDI 0406C, A8.4.3
 * @nr: number of registers
 * @list: bitmap of the registers to load or store
 * @imm: the offset, if there is no @rm
 * @load: load, not store
 * @sign: sign-extend the loaded value
 * @pre: use the offset for the address, not only for writeback
 * @up: add the offset, not subtract it
 * @wback: write back the base register
 * @unprivileged: access memory with the permissions of User mode
 * @user: use the registers of User mode
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
 * struct kvm_insn_access - a load or store under emulation
 * @insn: the instruction
 * @active: user space has been asked to do the current part
 * @len: length of the current part, in bytes
 * @pos: offset of the current part
 * @end: length of all parts
 * @address: virtual address of the first byte
 * @base: value to write back to the base register
 * @page: guest physical addresses of the one or two pages
 * @data: the bytes in memory order: to store, or loaded so far
 *
 * Read registers before the first part and write them after the last one.
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
