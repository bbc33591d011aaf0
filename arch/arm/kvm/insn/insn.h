/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Emulation of loads and stores that HSR does not describe: access.c and walk.c
 * access the guest's memory, fetch.c reads the instruction, decode.c and thumb.c
 * decode it, operands.c accesses its registers, emulate.c carries it out.
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

/* The first halfword tells whether a Thumb instruction has a second one. */
static inline bool kvm_insn_is_wide(u16 first)
{
	return first >= 0xe800;
}

/* walk.c: what stage 1 must permit */
#define KVM_WALK_WRITE	BIT(0)
#define KVM_WALK_USER	BIT(1)
/* Ignore permissions */
#define KVM_WALK_ANY	BIT(2)

/**
 * struct kvm_walk - result of a stage 1 translation
 * @ipa: the address, if the walk succeeded
 * @fsr: value of the guest's DFSR, if it did not
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

/* access.c */
int kvm_insn_read_guest(struct kvm_vcpu *vcpu, gpa_t gpa, void *data,
			unsigned int len, bool cached);
int kvm_insn_write_guest(struct kvm_vcpu *vcpu, gpa_t gpa, const void *data,
			 unsigned int len);

#endif /* __ARM_KVM_INSN_INSN_H__ */
