// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware registers for user space: PSCI version, Spectre workarounds and
 * hypercall services. Their values are the business of hypercalls.c.
 */
#include <linux/kvm_host.h>

#include <kvm/arm_hypercalls.h>

#include "onereg.h"

/* It copies as many bytes as the id says before it looks whose id it is */
static int fw_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	return kvm_reg_is_u64(reg) ? kvm_arm_get_fw_reg(vcpu, reg) : -ENOENT;
}

static int fw_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	u64 val;
	int err;

	if (!kvm_reg_is_u64(reg))
		return -ENOENT;

	/* Its only bit offers stolen time, which is not kept here */
	if (reg->id == KVM_REG_ARM_STD_HYP_BMAP) {
		err = kvm_reg_from_user(reg, &val);
		if (err)
			return err;
		return val ? -EINVAL : 0;
	}

	return kvm_arm_set_fw_reg(vcpu, reg);
}

const struct kvm_reg_group kvm_fw_group = {
	.get = fw_get,
	.set = fw_set,
};

const struct kvm_reg_group kvm_fw_bmap_group = {
	.get = fw_get,
	.set = fw_set,
};
