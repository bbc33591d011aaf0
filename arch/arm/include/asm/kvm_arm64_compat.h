/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Definitions for the files of arch/arm64/kvm that are compiled here (vgic,
 * arch_timer, psci, hypercalls, mmio, vmid, aarch32): names that 32-bit ARM
 * does not have, or has for something else. Nothing else may depend on this
 * header.
 */
#ifndef __ARM_KVM_ARM64_COMPAT_H__
#define __ARM_KVM_ARM64_COMPAT_H__

#include <asm/arch_timer.h>
#include <asm/cp15.h>
#include <asm/spectre.h>
#include <asm/virt.h>

struct kvm_vcpu;
struct vgic_v3_cpu_if;

/* No VHE, no nested virtualization, no protected mode, no late CPU features */
static inline bool has_vhe(void)
{
	return false;
}

static inline bool is_protected_kvm_enabled(void)
{
	return false;
}

static inline bool vcpu_is_protected(const struct kvm_vcpu *vcpu)
{
	return false;
}

static inline bool vcpu_has_nv(const struct kvm_vcpu *vcpu)
{
	return false;
}

static inline bool vcpu_el2_e2h_is_set(const struct kvm_vcpu *vcpu)
{
	return false;
}

static inline bool is_hyp_ctxt(const struct kvm_vcpu *vcpu)
{
	return false;
}

static inline bool vcpu_el1_is_32bit(const struct kvm_vcpu *vcpu)
{
	return true;
}

static inline bool vcpu_mode_is_32bit(const struct kvm_vcpu *vcpu)
{
	return true;
}

/* The arguments are names that only arm64 has */
#define cpus_have_final_cap(cap)	false
#define kvm_has_feat(kvm, id, fld, lim)	false

/* Exceptions of 64-bit guests, in branches that are never taken */
#define EXCEPT_AA64_EL1_SYNC		__vcpu_except_flags(0)
#define EXCEPT_AA64_EL2_SYNC		__vcpu_except_flags(4)
#define IN_WFIT				__vcpu_single_flag(sflags, BIT(7))

/* Syndrome: ESR_EL2 is HSR, with the same classes */
#define ESR_ELx_EC(hsr)			(((hsr) & HSR_EC) >> HSR_EC_SHIFT)
#define ESR_ELx_EC_CP15_32		HSR_EC_CP15_32
#define ESR_ELx_EC_CP15_64		HSR_EC_CP15_64
#define ESR_ELx_EC_CP14_MR		HSR_EC_CP14_MR
#define ESR_ELx_EC_CP14_LS		HSR_EC_CP14_LS
#define ESR_ELx_EC_FP_ASIMD		HSR_EC_CP_0_13
#define ESR_ELx_EC_CP10_ID		HSR_EC_CP10_ID
#define ESR_ELx_EC_CP14_64		HSR_EC_CP14_64
#define ESR_ELx_EC_SVC32		HSR_EC_SVC_HYP
#define ESR_ELx_EC_SMC32		HSR_EC_SMC
#define ESR_ELx_EC_SMC64		HSR_EC_SMC

/* CPSR */
#define PSR_AA32_T_BIT			PSR_T_BIT
#define PSR_AA32_IT_MASK		PSR_IT_MASK

/* Timer registers that arch_timer.c accesses itself */
#define SYS_CNTV_CTL			__ACCESS_CP15(c14, 0, c3, 1)
#define SYS_CNTV_CVAL			__ACCESS_CP15_64(3, c14)
#define SYS_CNTP_CTL			__ACCESS_CP15(c14, 0, c2, 1)
#define SYS_CNTP_CVAL			__ACCESS_CP15_64(2, c14)
#define read_sysreg_el0(r)		read_sysreg(r)
#define write_sysreg_el0(v, r)		write_sysreg(v, r)

/*
 * Attributes of EL2's timers, and the argument of KVM_ARM_SET_COUNTER_OFFSET:
 * user space has neither on 32-bit ARM.
 */
#define KVM_ARM_VCPU_TIMER_IRQ_HVTIMER	2
#define KVM_ARM_VCPU_TIMER_IRQ_HPTIMER	3

struct kvm_arm_counter_offset {
	u64 counter_offset;
	u64 reserved;
};

/* VHE and FEAT_ECV only; has_vhe() and has_cntpoff() keep them from running */
#define SYS_CNTPOFF_EL2			SYS_CNTP_CVAL
#define write_sysreg_s(v, r)		write_sysreg(v, r)
#define sysreg_clear_set(r, clr, set)	((void)(clr), (void)(set))

/* Spectre state */
int arm64_get_spectre_v2_state(void);
int arm64_get_spectre_v4_state(void);
int arm64_get_spectre_bhb_state(void);

/* No stolen time */
long kvm_hypercall_pv_features(struct kvm_vcpu *vcpu);
u64 kvm_init_stolen_time(struct kvm_vcpu *vcpu);

/* GICv3, see arch/arm/kvm/vgic-stubs.c */
void __vgic_v3_save_state(struct vgic_v3_cpu_if *cpu_if);
void __vgic_v3_restore_state(struct vgic_v3_cpu_if *cpu_if);

static inline void __vgic_v3_activate_traps(struct vgic_v3_cpu_if *cpu_if)
{
}

static inline void __vgic_v3_deactivate_traps(struct vgic_v3_cpu_if *cpu_if)
{
}

static inline void kvm_call_hyp___vgic_v3_init_lrs(void)
{
}

#endif /* __ARM_KVM_ARM64_COMPAT_H__ */
