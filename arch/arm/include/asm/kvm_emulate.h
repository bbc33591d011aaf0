/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accessors of a vcpu for code that emulates its instructions.
 */
#ifndef __ARM_KVM_EMULATE_H__
#define __ARM_KVM_EMULATE_H__

#include <linux/kvm_host.h>
#include <linux/swab.h>

#include <asm/cputype.h>
#include <asm/kvm_arm.h>
#include <asm/ptrace.h>

/* vcpu-regs.c */
u32 *vcpu_banked_reg(struct kvm_vcpu *vcpu, u8 reg);
u32 *vcpu_banked_spsr(struct kvm_vcpu *vcpu);
bool kvm_condition_valid(const struct kvm_vcpu *vcpu);
bool kvm_condition_holds(const struct kvm_vcpu *vcpu, int cond);

/* inject.c */
void kvm_inject_undefined(struct kvm_vcpu *vcpu);
void kvm_inject_dabt(struct kvm_vcpu *vcpu, unsigned long addr);
void kvm_inject_dabt_fsr(struct kvm_vcpu *vcpu, unsigned long addr, u32 fsr);
void kvm_inject_user_dabt(struct kvm_vcpu *vcpu);
void kvm_inject_pabt(struct kvm_vcpu *vcpu, unsigned long addr);
void kvm_inject_abort(struct kvm_vcpu *vcpu, u8 fsc);
void kvm_inject_vabt(struct kvm_vcpu *vcpu);
void kvm_vcpu_apply_pending(struct kvm_vcpu *vcpu);

/* sched.c */
void kvm_vcpu_wfi(struct kvm_vcpu *vcpu);

/* arch/arm64/kvm/hyp/aarch32.c */
bool kvm_condition_valid32(const struct kvm_vcpu *vcpu);
void kvm_skip_instr32(struct kvm_vcpu *vcpu);

static inline u32 kvm_vcpu_get_esr(const struct kvm_vcpu *vcpu)
{
	return vcpu_hyp(vcpu)->fault.hsr;
}

static inline u8 kvm_vcpu_trap_get_class(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) >> HSR_EC_SHIFT;
}

/* Return the condition, or -1 if it is in the IT state of CPSR. */
static inline int kvm_vcpu_get_condition(const struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_esr(vcpu);

	if (hsr & HSR_CV)
		return (hsr & HSR_COND) >> HSR_COND_SHIFT;

	return -1;
}

static inline bool kvm_vcpu_trap_il_is32bit(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) & HSR_IL;
}

static inline unsigned long *vcpu_pc(const struct kvm_vcpu *vcpu)
{
	return (unsigned long *)&vcpu_gp_regs(vcpu)->usr_regs.ARM_pc;
}

static inline unsigned long *vcpu_cpsr(const struct kvm_vcpu *vcpu)
{
	return (unsigned long *)&vcpu_gp_regs(vcpu)->usr_regs.ARM_cpsr;
}

/* R0 to R7 are not banked. */
static inline u32 *vcpu_reg(struct kvm_vcpu *vcpu, u8 reg)
{
	if (likely(reg < 8))
		return (u32 *)&vcpu_gp_regs(vcpu)->usr_regs.uregs[reg];

	return vcpu_banked_reg(vcpu, reg);
}

/**
 * vcpu_get_reg() - read a general purpose register of the current mode
 * @vcpu: the vcpu
 * @reg: 0 to 15
 *
 * Return: its value.
 */
static inline unsigned long vcpu_get_reg(struct kvm_vcpu *vcpu, u8 reg)
{
	return *vcpu_reg(vcpu, reg);
}

/**
 * vcpu_set_reg() - write a general purpose register of the current mode
 * @vcpu: the vcpu
 * @reg: 0 to 15
 * @val: the value
 */
static inline void vcpu_set_reg(struct kvm_vcpu *vcpu, u8 reg,
				unsigned long val)
{
	*vcpu_reg(vcpu, reg) = val;
}

static inline bool vcpu_mode_priv(const struct kvm_vcpu *vcpu)
{
	return (*vcpu_cpsr(vcpu) & MODE_MASK) != USR_MODE;
}

/**
 * kvm_incr_pc() - skip the trapped instruction
 * @vcpu: the vcpu
 *
 * kvm_vcpu_apply_pending() does the skip before the vcpu runs again. An exception
 * that is injected before then replaces it.
 */
static inline void kvm_incr_pc(struct kvm_vcpu *vcpu)
{
	if (!vcpu_get_flag(vcpu, PENDING_EXCEPTION))
		vcpu_set_flag(vcpu, INCREMENT_PC);
}

static inline u32 kvm_vcpu_get_hfar(const struct kvm_vcpu *vcpu)
{
	return vcpu_hyp(vcpu)->fault.hxfar;
}

/* HPFAR has the page only; the offset is in HDFAR or HIFAR. */
static inline phys_addr_t kvm_vcpu_get_fault_ipa(const struct kvm_vcpu *vcpu)
{
	return (phys_addr_t)(vcpu_hyp(vcpu)->fault.hpfar & HPFAR_MASK) << 8;
}

static inline bool kvm_vcpu_dabt_isvalid(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) & HSR_ISV;
}

static inline bool kvm_vcpu_dabt_iswrite(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) & HSR_WNR;
}

static inline bool kvm_vcpu_dabt_issext(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) & HSR_SSE;
}

static inline bool kvm_vcpu_dabt_issf(const struct kvm_vcpu *vcpu)
{
	return false;
}

static inline int kvm_vcpu_dabt_get_rd(const struct kvm_vcpu *vcpu)
{
	return (kvm_vcpu_get_esr(vcpu) & HSR_SRT) >> HSR_SRT_SHIFT;
}

static inline unsigned int kvm_vcpu_dabt_get_as(const struct kvm_vcpu *vcpu)
{
	return 1U << ((kvm_vcpu_get_esr(vcpu) & HSR_SAS) >> HSR_SAS_SHIFT);
}

static inline bool kvm_vcpu_dabt_iss1tw(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) & HSR_S1PTW;
}

static inline bool kvm_vcpu_dabt_is_cm(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) & HSR_CM;
}

/* Return the bits of HSR that user space may see if ISV is clear. */
static inline u64 kvm_vcpu_dabt_iss_nisv_sanitized(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) & (HSR_CM | HSR_WNR | HSR_FSC);
}

static inline bool kvm_vcpu_trap_is_iabt(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_trap_get_class(vcpu) == HSR_EC_IABT;
}

static inline u8 kvm_vcpu_trap_get_fault_type(const struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_get_esr(vcpu) & HSR_FSC_TYPE;
}

/* A stage 1 walk writes only to set a flag, which these CPUs never do. */
static inline bool kvm_is_write_fault(const struct kvm_vcpu *vcpu)
{
	if (kvm_vcpu_trap_is_iabt(vcpu))
		return false;

	return kvm_vcpu_dabt_iswrite(vcpu) && !kvm_vcpu_dabt_iss1tw(vcpu);
}

/* Used for WFIT, which only arm64 has */
static inline int kvm_vcpu_sys_get_rt(const struct kvm_vcpu *vcpu)
{
	return (kvm_vcpu_get_esr(vcpu) >> 5) & 0xf;
}

static inline unsigned long kvm_vcpu_get_mpidr_aff(struct kvm_vcpu *vcpu)
{
	return vcpu_cp15(vcpu, MPIDR) & MPIDR_HWID_BITMASK;
}

static inline void kvm_vcpu_set_be(struct kvm_vcpu *vcpu)
{
	*vcpu_cpsr(vcpu) |= PSR_E_BIT;
}

static inline bool kvm_vcpu_is_be(struct kvm_vcpu *vcpu)
{
	return *vcpu_cpsr(vcpu) & PSR_E_BIT;
}

/* Tell whether the guest's byte order (CPSR.E) differs from the host's. */
static inline bool vcpu_swaps_data(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_is_be(vcpu) != IS_ENABLED(CONFIG_CPU_BIG_ENDIAN);
}

/* Convert a stored register value to the host's byte order. */
static inline unsigned long vcpu_data_guest_to_host(struct kvm_vcpu *vcpu,
						    unsigned long data,
						    unsigned int len)
{
	bool swap = vcpu_swaps_data(vcpu);

	switch (len) {
	case 1:
		return data & 0xff;
	case 2:
		return swap ? swab16(data) : data & 0xffff;
	default:
		return swap ? swab32(data) : data;
	}
}

/*
 * Convert loaded data from the host's byte order to a register value. @data has
 * been sign-extended already, but at the wrong end if it has to be swapped.
 */
static inline unsigned long vcpu_data_host_to_guest(struct kvm_vcpu *vcpu,
						    unsigned long data,
						    unsigned int len)
{
	if (!vcpu_swaps_data(vcpu))
		return data;

	switch (len) {
	case 1:
		return data;
	case 2:
		return kvm_vcpu_dabt_issext(vcpu) ? (s16)swab16(data) :
						    swab16(data);
	default:
		return swab32(data);
	}
}

/**
 * kvm_arm_vcpu_prepare() - make a vcpu's registers those it will run with
 * @vcpu: the vcpu, its mutex held
 *
 * If PSCI CPU_ON was called for a vcpu that has not run since, user space is to
 * see, and to change, the state that the vcpu will run with.
 *
 * Return: 0, or -ENOEXEC if the vcpu is not initialised.
 */
static inline long kvm_arm_vcpu_prepare(struct kvm_vcpu *vcpu)
{
	if (unlikely(!kvm_vcpu_initialized(vcpu)))
		return -ENOEXEC;

	if (kvm_check_request(KVM_REQ_VCPU_RESET, vcpu))
		kvm_vcpu_apply_cpu_on(vcpu);

	return 0;
}

#endif /* __ARM_KVM_EMULATE_H__ */
