/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface between the host and the code in Hyp mode.
 */
#ifndef __ARM_KVM_ASM_H__
#define __ARM_KVM_ASM_H__

/* Exit codes of a guest: the number of the vector */
#define ARM_EXCEPTION_RESET	0
#define ARM_EXCEPTION_UNDEFINED	1
#define ARM_EXCEPTION_HVC_HYP	2
#define ARM_EXCEPTION_PREF_ABORT 3
#define ARM_EXCEPTION_DATA_ABORT 4
#define ARM_EXCEPTION_HYP_TRAP	5
#define ARM_EXCEPTION_IRQ	6
#define ARM_EXCEPTION_FIQ	7
/* Flag in an exit code: the guest has caused an asynchronous abort */
#define ARM_EXIT_ABORT_PENDING	0x100

/*
 * r0 of an HVC from the host: a call of the hyp-stub (asm/virt.h);
 * HVC_RESET_VECTORS, which gives HVBAR back to the stub, with arm64's number;
 * or the address of a function. See Documentation/virt/kvm/arm/hyp-abi.rst.
 */
#define HVC_RESET_VECTORS	2
#define HVC_STUB_CALLS		3

/* Bits of a hash of fast traps, see coproc/fast.c */
#define KVM_FAST_TRAP_BITS	8

#ifndef __ASSEMBLY__
/* asm/virt.h defines it for assembly only */
#define HVC_SOFT_RESTART	1
#endif

#ifndef __ASSEMBLY__

#include <linux/types.h>

struct kvm_hyp_cpu;
struct kvm_vcpu_hyp;

enum kvm_hyp_reg {
	KVM_HYP_REG_HCR,
	KVM_HYP_REG_HDCR,
	KVM_HYP_REG_HCPTR,
	KVM_HYP_REG_HSTR,
	KVM_HYP_REG_CNTHCTL,
	KVM_HYP_REG_VTTBR,
	KVM_HYP_REG_VPIDR,
	KVM_HYP_REG_VMPIDR,
};

/* Functions for __kvm_hvc() to call */
u32 __kvm_read_hyp_reg(u32 which);
int __kvm_vcpu_run(struct kvm_vcpu_hyp *hyp);
void __kvm_cp15_capture_host(void);
void __kvm_flush_vm_context(void);
void __kvm_tlb_flush_vmid(u32 vttbr_low, u32 vttbr_high);
void __kvm_flush_cpu_context(u32 vttbr_low, u32 vttbr_high);
void __kvm_tlb_flush_hyp(void);
void __kvm_timer_set_cntvoff(u32 cntvoff_low, u32 cntvoff_high);

/* Call @fn(@a0, @a1) in Hyp mode, or make a stub call. */
unsigned long __kvm_hvc(unsigned long fn, unsigned long a0, unsigned long a1);

extern char __kvm_hyp_init[];
extern char __kvm_hyp_stub_call[];
extern char __hyp_stub_vectors[];
extern char __kvm_hyp_host_vectors[];
extern char __kvm_hyp_guest_vectors[];
extern char __kvm_hyp_guest_vectors_iciallu[];
extern char __kvm_hyp_guest_vectors_bpiall[];

#endif /* !__ASSEMBLY__ */
#endif /* __ARM_KVM_ASM_H__ */
