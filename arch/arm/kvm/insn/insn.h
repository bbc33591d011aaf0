/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads and stores without a syndrome: decode.c and thumb.c tell what they do,
 * walk.c and fetch.c read them from the guest's memory, operands.c has their
 * registers, emulate.c does them.
 */
#ifndef __ARM_KVM_INSN_INSN_H__
#define __ARM_KVM_INSN_INSN_H__

#include <linux/bits.h>
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>
#include <asm/kvm_insn.h>

/* decode.c, thumb.c */
bool kvm_decode_arm(u32 insn, struct kvm_insn *i);
bool kvm_decode_thumb(u32 insn, struct kvm_insn *i);
bool kvm_accesses_arm(u32 insn);
bool kvm_accesses_thumb(u32 insn);
bool kvm_decode_vfp(u32 insn, struct kvm_insn *i);
bool kvm_decode_valid(const struct kvm_insn *i);

/* The first halfword of a Thumb instruction tells whether there is a second */
static inline bool kvm_insn_is_wide(u16 first)
{
	return first >= 0xe800;
}

/* walk.c: what the access must be permitted to do */
#define KVM_WALK_WRITE	BIT(0)
#define KVM_WALK_USER	BIT(1)
/* Permissions do not matter */
#define KVM_WALK_ANY	BIT(2)

/**
 * struct kvm_walk - a translation by stage 1
 * @ipa: the address, if there is one
 * @fsr: else, for the guest's DFSR
 */
struct kvm_walk {
	phys_addr_t ipa;
	u32 fsr;
};

int kvm_walk_stage1(struct kvm_vcpu *vcpu, u32 va, unsigned int access,
		    struct kvm_walk *walk);

/* operands.c */
void kvm_insn_address(struct kvm_vcpu *vcpu, struct kvm_insn_access *a);
void kvm_insn_read_registers(struct kvm_vcpu *vcpu, struct kvm_insn_access *a);
void kvm_insn_write_registers(struct kvm_vcpu *vcpu,
			      const struct kvm_insn_access *a);

static inline bool kvm_insn_is_thumb(struct kvm_vcpu *vcpu)
{
	return *vcpu_cpsr(vcpu) & PSR_T_BIT;
}

/* fetch.c */
int kvm_insn_fetch(struct kvm_vcpu *vcpu, u32 *insn, bool *wide);
int kvm_insn_read_guest(struct kvm_vcpu *vcpu, gpa_t gpa, void *data,
			unsigned int len, bool cached);
int kvm_insn_write_guest(struct kvm_vcpu *vcpu, gpa_t gpa, const void *data,
			 unsigned int len, bool cached);

#endif /* __ARM_KVM_INSN_INSN_H__ */
