/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Register groups behind KVM_GET_REG_LIST, KVM_GET_ONE_REG, KVM_SET_ONE_REG.
 */
#ifndef __ARM_KVM_ONEREG_H__
#define __ARM_KVM_ONEREG_H__

#include <linux/kvm_host.h>
#include <linux/uaccess.h>

/**
 * struct kvm_reg_group - registers whose ids have the same bits 27:16
 * @list: store the ids, unless @ids is NULL, and return their number; NULL if
 *	code of arm64 lists them, for each vcpu
 * @get: copy a register's value to user space
 * @set: read a register's value from user space
 *
 * @get and @set return 0, -ENOENT for an id that names no register, -EINVAL for a
 * value the register cannot have, -EBUSY for one it can no longer have, or
 * -EFAULT. The caller has checked the architecture and bits 51:28 of the id only.
 */
struct kvm_reg_group {
	unsigned int (*list)(u64 *ids);
	int (*get)(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg);
	int (*set)(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg);
};

extern const struct kvm_reg_group kvm_core_group;	/* core-regs.c */
extern const struct kvm_reg_group kvm_cp15_group;	/* coproc/user.c */
extern const struct kvm_reg_group kvm_demux_group;	/* coproc/ccsidr.c */
extern const struct kvm_reg_group kvm_vfp_group;	/* vfp.c */
extern const struct kvm_reg_group kvm_fw_group;		/* fw.c */

void kvm_vfp_group_init(void);

/* Ignore the upper half: a compiler may sign-extend a pointer cast to __u64. */
static inline void __user *kvm_reg_uaddr(const struct kvm_one_reg *reg)
{
	return (void __user *)(unsigned long)reg->addr;
}

static inline bool kvm_reg_is_u64(const struct kvm_one_reg *reg)
{
	return (reg->id & KVM_REG_SIZE_MASK) == KVM_REG_SIZE_U64;
}

/**
 * kvm_reg_to_user() - copy a register's value to user space
 * @reg: a register of 32 or 64 bits
 * @val: its value
 *
 * Return: 0 or -EFAULT.
 */
static inline int kvm_reg_to_user(const struct kvm_one_reg *reg, u64 val)
{
	if (kvm_reg_is_u64(reg))
		return put_user(val, (u64 __user *)kvm_reg_uaddr(reg));

	return put_user((u32)val, (u32 __user *)kvm_reg_uaddr(reg));
}

/**
 * kvm_reg_from_user() - copy a register's value from user space
 * @reg: a register of 32 or 64 bits
 * @val: set to its value, zero-extended; unchanged on error
 *
 * Return: 0 or -EFAULT.
 */
static inline int kvm_reg_from_user(const struct kvm_one_reg *reg, u64 *val)
{
	u32 val32;
	u64 val64;

	if (kvm_reg_is_u64(reg)) {
		if (get_user(val64, (u64 __user *)kvm_reg_uaddr(reg)))
			return -EFAULT;
		*val = val64;
	} else {
		if (get_user(val32, (u32 __user *)kvm_reg_uaddr(reg)))
			return -EFAULT;
		*val = val32;
	}

	return 0;
}

#endif /* __ARM_KVM_ONEREG_H__ */
