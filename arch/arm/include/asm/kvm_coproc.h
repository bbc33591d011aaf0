/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coprocessor registers of a guest, by the rows of coproc/regs.h: CP15, CP14,
 * and those of VMRS.
 */
#ifndef __ARM_KVM_COPROC_PUBLIC_H__
#define __ARM_KVM_COPROC_PUBLIC_H__

#include <linux/types.h>

struct kvm;
struct kvm_vcpu;
struct seq_file;

int kvm_coproc_init(void);
void kvm_coproc_init_vm(struct kvm *kvm);
u32 kvm_coproc_midr(void);
u32 kvm_coproc_mvfr0(void);
bool kvm_coproc_cpu_fits(void);
bool kvm_icache_is_pipt(void);
void kvm_coproc_reset_vcpu(struct kvm_vcpu *vcpu);
void kvm_coproc_show(struct kvm_vcpu *vcpu, struct seq_file *m);

/*
 * By exception class, for instructions whose condition holds. Each asks for
 * exactly one of: the instruction skipped, an Undefined Instruction exception.
 * Each returns 1: the guest goes on.
 */
int kvm_handle_cp15_32(struct kvm_vcpu *vcpu);
int kvm_handle_cp15_64(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_32(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_64(struct kvm_vcpu *vcpu);
int kvm_handle_cp14_ls(struct kvm_vcpu *vcpu);
int kvm_handle_cp10_id(struct kvm_vcpu *vcpu);

#endif /* __ARM_KVM_COPROC_PUBLIC_H__ */
