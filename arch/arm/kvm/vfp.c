// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFP registers of the one-reg interface: D0 to D31, and the rows of VMRS.
 */
#include <linux/cache.h>
#include <linux/kvm_host.h>
#include <linux/nospec.h>

#include <asm/kvm_coproc.h>
#include <asm/vfp.h>

#include "coproc/coproc.h"

#define MVFR0_A_SIMD_32_REGS	2

#define VFP_ID(size, n) \
	(KVM_REG_ARM | KVM_REG_SIZE_##size | KVM_REG_ARM_VFP | (n))

#define NR_VFP_DATA		ARRAY_SIZE(((struct vfp_hard_struct *)0)->fpregs)

/* 0 without a VFP */
static unsigned int nr_vfp_data __ro_after_init;

void __init kvm_vfp_group_init(void)
{
	if (!(coproc_features & COPROC_VFP))
		return;

	nr_vfp_data = 16;
	if ((kvm_coproc_mvfr0() & MVFR0_A_SIMD_MASK) == MVFR0_A_SIMD_32_REGS)
		nr_vfp_data = NR_VFP_DATA;
}

/* List D0 and up, then the rows of CP10. */
static unsigned int vfp_list(u64 *ids)
{
	unsigned int i;

	for (i = 0; ids && i < nr_vfp_data; i++)
		ids[i] = VFP_ID(U64, i);

	return nr_vfp_data + coproc_list_ids(10, ids ? ids + nr_vfp_data : NULL);
}

static u64 *vfp_data_reg(struct kvm_vcpu *vcpu, u64 id)
{
	u32 n = id & KVM_REG_ARM_VFP_MASK;

	if (id != VFP_ID(U64, n) || n >= nr_vfp_data)
		return NULL;

	return &vcpu_ctxt(vcpu)->vfp.fpregs[array_index_nospec(n, NR_VFP_DATA)];
}

static int vfp_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const u64 *data = vfp_data_reg(vcpu, reg->id);

	return data ? kvm_reg_to_user(reg, *data) : coproc_get(vcpu, reg);
}

static int vfp_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	u64 *data = vfp_data_reg(vcpu, reg->id);

	return data ? kvm_reg_from_user(reg, data) : coproc_set(vcpu, reg);
}

const struct kvm_reg_group kvm_vfp_group = {
	.list = vfp_list,
	.get = vfp_get,
	.set = vfp_set,
};
