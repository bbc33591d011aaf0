/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations for code that runs in Hyp mode (arch/arm/kvm/hyp). The code has
 * no current, no per-CPU variables and no kernel stack: TPIDRURO and TPIDRPRW
 * may hold the guest's values. It may access what is mapped in Hyp mode: the
 * kernel's text and read-only data, struct kvm_hyp_cpu and struct kvm_vcpu_hyp.
 */
#ifndef __ARM_KVM_HYP_H__
#define __ARM_KVM_HYP_H__

#include <linux/compiler.h>
#include <linux/kprobes.h>
#include <linux/kvm_host.h>

#include <asm/cp15.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>

/* Hyp mode can handle neither a breakpoint nor a tracer's call. */
#define __hyp_text	__kprobes notrace

#define HCR		__ACCESS_CP15(c1, 4, c1, 0)
#define HDCR		__ACCESS_CP15(c1, 4, c1, 1)
#define HCPTR		__ACCESS_CP15(c1, 4, c1, 2)
#define HSTR		__ACCESS_CP15(c1, 4, c1, 3)
#define VTCR		__ACCESS_CP15(c2, 4, c1, 2)
#define VTTBR		__ACCESS_CP15_64(6, c2)
#define HSR		__ACCESS_CP15(c5, 4, c2, 0)
#define HDFAR		__ACCESS_CP15(c6, 4, c0, 0)
#define HIFAR		__ACCESS_CP15(c6, 4, c0, 2)
#define HPFAR		__ACCESS_CP15(c6, 4, c0, 4)
#define VPIDR		__ACCESS_CP15(c0, 4, c0, 0)
#define VMPIDR		__ACCESS_CP15(c0, 4, c0, 5)
#define HVBAR		__ACCESS_CP15(c12, 4, c0, 0)
#define HTPIDR		__ACCESS_CP15(c13, 4, c0, 2)
#define ATS1CPR		__ACCESS_CP15(c7, 0, c8, 0)
#define HYP_PAR		__ACCESS_CP15_64(0, c7)
#define ICIALLU_LOCAL	__ACCESS_CP15(c7, 0, c5, 0)
#define ICIALLUIS	__ACCESS_CP15(c7, 0, c1, 0)
#define TLBIALL		__ACCESS_CP15(c8, 0, c7, 0)
#define TLBIALLIS	__ACCESS_CP15(c8, 0, c3, 0)
#define TLBIALLHIS	__ACCESS_CP15(c8, 4, c3, 0)
#define TLBIALLNSNHIS	__ACCESS_CP15(c8, 4, c3, 4)
#define CNTVOFF		__ACCESS_CP15_64(4, c14)
#define CNTHCTL		__ACCESS_CP15(c14, 4, c1, 0)

/* entry.S, switch.c */
void __kvm_hyp_leave_guest(void);
int __kvm_guest_enter(struct kvm_cpu_context *ctxt);

/* cp15.c, from the rows of coproc/regs.h */
void __kvm_cp15_save_guest(struct kvm_cpu_context *ctxt, u32 features);
void __kvm_cp15_save_host(struct kvm_cpu_context *ctxt, u32 features);
void __kvm_cp15_restore_guest(const struct kvm_cpu_context *ctxt, u32 features);
void __kvm_cp15_restore_host(const struct kvm_cpu_context *ctxt, u32 features);

/* banked.c */
void __kvm_guest_banked_save(struct kvm_cpu_context *ctxt);
void __kvm_guest_banked_restore(const struct kvm_cpu_context *ctxt);
void __kvm_host_banked_save(struct kvm_cpu_context *ctxt);
void __kvm_host_banked_restore(const struct kvm_cpu_context *ctxt);

/* vfp.S */
void __kvm_vfp_save(struct vfp_hard_struct *vfp);
void __kvm_vfp_restore(const struct vfp_hard_struct *vfp);

/* Tell the assembler of the VFP: the kernel may be built for CPUs without one. */
static inline u32 kvm_read_fpexc(void)
{
	u32 val;

	asm volatile(".fpu vfpv3\n"
		     "vmrs %0, fpexc" : "=r" (val));
	return val;
}

static inline void kvm_write_fpexc(u32 val)
{
	asm volatile(".fpu vfpv3\n"
		     "vmsr fpexc, %0" : : "r" (val));
}

static inline struct kvm_hyp_cpu *kvm_this_hyp_cpu(void)
{
	return (struct kvm_hyp_cpu *)read_sysreg(HTPIDR);
}

#endif /* __ARM_KVM_HYP_H__ */
