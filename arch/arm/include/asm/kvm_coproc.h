/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coprocessor registers of a guest, by the rows of coproc/regs.h: CP15, CP14
 * and VMRS.
 */
#ifndef __ARM_KVM_COPROC_PUBLIC_H__
#define __ARM_KVM_COPROC_PUBLIC_H__

#include <linux/bits.h>
#include <linux/types.h>

struct kvm;
struct kvm_vcpu;
struct seq_file;

/* Optional features of a host: a register whose row names one needs it */
#define COPROC_VFP	BIT(0)
#define COPROC_L2	BIT(1)	/* L2CTLR and L2ECTLR of Arm's cores */
#define COPROC_T2EE	BIT(2)	/* ThumbEE */
#define COPROC_V8	BIT(3)	/* what ARMv8 adds to AArch32 */
#define COPROC_HPD	BIT(4)	/* TTBCR2 */
#define COPROC_A12	BIT(5)	/* registers for errata of Cortex-A12 and A17 */

int kvm_coproc_init(void);
void kvm_coproc_init_vm(struct kvm *kvm);
u32 kvm_coproc_midr(void);
u32 kvm_coproc_mvfr0(void);
bool kvm_coproc_cpu_fits(void);
u8 kvm_coproc_cpu_features(void);
bool kvm_icache_is_pipt(void);
void kvm_coproc_reset_vcpu(struct kvm_vcpu *vcpu);
void kvm_coproc_power_on_vcpu(struct kvm_vcpu *vcpu);
void kvm_coproc_reload(struct kvm_vcpu *vcpu);
void kvm_coproc_count_fast(struct kvm_vcpu *vcpu);
void kvm_coproc_show(struct kvm_vcpu *vcpu, struct seq_file *m);

/*
 * Handlers by exception class, for instructions whose condition holds. Each
 * handler either skips the instruction or injects an Undefined Instruction
 * exception, and returns 1, to run the guest again.
 */
int kvm_handle_cp15_32(struct kvm_vcpu *vcpu);
int kvm_handle_cp15_64(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_32(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_64(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_ls(struct kvm_vcpu *vcpu);
int kvm_handle_cp10_id(struct kvm_vcpu *vcpu);

#endif /* __ARM_KVM_COPROC_PUBLIC_H__ */
