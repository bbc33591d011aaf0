/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one-reg interface: list, read and write a vcpu's registers for user
 * space.
 */
#ifndef __ARM_KVM_ONEREG_PUBLIC_H__
#define __ARM_KVM_ONEREG_PUBLIC_H__

#include <linux/types.h>

struct kvm_one_reg;
struct kvm_reg_list;
struct kvm_vcpu;

int kvm_onereg_init(void);
void kvm_onereg_exit(void);
long kvm_arm_vcpu_ioctl_reg_list(struct kvm_vcpu *vcpu,
				 struct kvm_reg_list __user *user_list);

#endif /* __ARM_KVM_ONEREG_PUBLIC_H__ */
