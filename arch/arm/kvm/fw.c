// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware registers of the one-reg interface: PSCI version, Spectre
 * workarounds and hypercall services. hypercalls.c implements them.
 */
#include <linux/kvm_host.h>

#include <kvm/arm_hypercalls.h>

#include "onereg.h"

static int fw_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	u64 val;
	int err;

	/* The only bit offers stolen time, which this KVM does not have. */
	if (reg->id == KVM_REG_ARM_STD_HYP_BMAP) {
		err = kvm_reg_from_user(reg, &val);
		if (err)
			return err;
		return val ? -EINVAL : 0;
	}

	return kvm_arm_set_fw_reg(vcpu, reg);
}

const struct kvm_reg_group kvm_fw_group = {
	.get = kvm_arm_get_fw_reg,
	.set = fw_set,
};
