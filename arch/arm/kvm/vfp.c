// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFP registers for user space, and the identification registers for the
 * guest.
 */
#include <linux/cache.h>
#include <linux/kvm_host.h>
#include <linux/nospec.h>

#include <asm/hwcap.h>
#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>
#include <asm/vfp.h>

#include "coproc/coproc.h"

#define MVFR0_A_SIMD_32_REGS	2

/* VMRS and VMSR are MRC and MCR of CP10, with opc1 7 and these as CRn */
#define VFP_REG(id)		((id) & 0xf)

#define VFP_ID(size, n) \
	(KVM_REG_ARM | KVM_REG_SIZE_##size | KVM_REG_ARM_VFP | (n))

#define NR_VFP_DATA		ARRAY_SIZE(((struct vfp_hard_struct *)0)->fpregs)
#define NR_VFP_CONTROL		7

static u32 vfp_fpsid __ro_after_init;
static u32 vfp_mvfr0 __ro_after_init;
static u32 vfp_mvfr1 __ro_after_init;

/* Without a VFP there are none of either, and no ids */
static unsigned int nr_vfp_data __ro_after_init;
static unsigned int nr_vfp_ids __ro_after_init;
static u64 vfp_ids[NR_VFP_DATA + NR_VFP_CONTROL] __ro_after_init;

/* Needs to stay on one CPU */
void __init kvm_vfp_group_init(void)
{
	static const u16 control[NR_VFP_CONTROL] __initconst = {
		KVM_REG_ARM_VFP_FPEXC, KVM_REG_ARM_VFP_FPSCR,
		KVM_REG_ARM_VFP_FPINST, KVM_REG_ARM_VFP_FPINST2,
		KVM_REG_ARM_VFP_MVFR0, KVM_REG_ARM_VFP_MVFR1,
		KVM_REG_ARM_VFP_FPSID,
	};
	unsigned int i;

	if (!(elf_hwcap & HWCAP_VFP))
		return;

	asm volatile(".fpu	vfpv3\n"
		     "vmrs	%0, fpsid\n"
		     "vmrs	%1, mvfr0\n"
		     "vmrs	%2, mvfr1\n"
		     : "=r" (vfp_fpsid), "=r" (vfp_mvfr0), "=r" (vfp_mvfr1));

	nr_vfp_data = 16;
	if ((vfp_mvfr0 & MVFR0_A_SIMD_MASK) == MVFR0_A_SIMD_32_REGS)
		nr_vfp_data = NR_VFP_DATA;

	for (i = 0; i < nr_vfp_data; i++)
		vfp_ids[nr_vfp_ids++] = VFP_ID(U64, i);
	for (i = 0; i < NR_VFP_CONTROL; i++)
		vfp_ids[nr_vfp_ids++] = VFP_ID(U32, control[i]);
}

static int vfp_list(struct kvm_vcpu *vcpu, u64 __user *uindices)
{
	return kvm_reg_list(uindices, vfp_ids, nr_vfp_ids);
}

static u64 *vfp_data_reg(struct kvm_vcpu *vcpu, u64 id)
{
	u32 n = id & KVM_REG_ARM_VFP_MASK;

	if (id != VFP_ID(U64, n) || n >= nr_vfp_data)
		return NULL;

	return &vcpu_ctxt(vcpu)->vfp.fpregs[array_index_nospec(n, NR_VFP_DATA)];
}

static u32 *vfp_control_reg(struct kvm_vcpu *vcpu, u64 id)
{
	struct vfp_hard_struct *vfp = &vcpu_ctxt(vcpu)->vfp;

	if (!nr_vfp_ids)
		return NULL;

	switch (id) {
	case VFP_ID(U32, KVM_REG_ARM_VFP_FPEXC):
		return &vfp->fpexc;
	case VFP_ID(U32, KVM_REG_ARM_VFP_FPSCR):
		return &vfp->fpscr;
	case VFP_ID(U32, KVM_REG_ARM_VFP_FPINST):
		return &vfp->fpinst;
	case VFP_ID(U32, KVM_REG_ARM_VFP_FPINST2):
		return &vfp->fpinst2;
	default:
		return NULL;
	}
}

static const u32 *vfp_id_reg(u64 id)
{
	if (!nr_vfp_ids)
		return NULL;

	switch (id) {
	case VFP_ID(U32, KVM_REG_ARM_VFP_FPSID):
		return &vfp_fpsid;
	case VFP_ID(U32, KVM_REG_ARM_VFP_MVFR0):
		return &vfp_mvfr0;
	case VFP_ID(U32, KVM_REG_ARM_VFP_MVFR1):
		return &vfp_mvfr1;
	default:
		return NULL;
	}
}

static int vfp_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const u64 *data = vfp_data_reg(vcpu, reg->id);
	const u32 *word;

	if (data)
		return kvm_reg_to_user(reg, *data);

	word = vfp_control_reg(vcpu, reg->id) ?: vfp_id_reg(reg->id);

	return word ? kvm_reg_to_user(reg, *word) : -ENOENT;
}

static int vfp_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	u64 *data = vfp_data_reg(vcpu, reg->id);
	u32 *control = vfp_control_reg(vcpu, reg->id);
	const u32 *fixed = vfp_id_reg(reg->id);
	u64 val;
	int err;

	if (!data && !control && !fixed)
		return -ENOENT;

	err = kvm_reg_from_user(reg, &val);
	if (err)
		return err;

	/*
	 * A FPEXC that says there is more state would make its owner look for
	 * it where it is undefined to look.
	 */
	if (control == &vcpu_ctxt(vcpu)->vfp.fpexc)
		val &= ~(FPEXC_EX | FPEXC_FP2V);

	if (data)
		*data = val;
	else if (control)
		*control = val;
	else if (val != *fixed)
		return -EINVAL;

	return 0;
}

const struct kvm_reg_group kvm_vfp_group = {
	.list = vfp_list,
	.get = vfp_get,
	.set = vfp_set,
};

/**
 * kvm_handle_cp10_id() - VMRS or VMSR of an identification register
 * @vcpu: the vcpu
 *
 * HCR.TID0 (FPSID), HCR.TID3 (MVFR0, MVFR1). A write of FPSID is a way to
 * synchronise the VFP and changes nothing; the others cannot be written.
 *
 * Return: 1, the guest goes on.
 */
int kvm_handle_cp10_id(struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_esr(vcpu);
	bool is_read = hsr & HSR_CP_READ;
	unsigned int n = HSR_CP_CRN(hsr);
	const u32 *reg = NULL;

	if (n == VFP_REG(KVM_REG_ARM_VFP_FPSID) || is_read)
		reg = vfp_id_reg(VFP_ID(U32, KVM_REG_ARM_VFP_FPSID | n));

	if (!reg || !vcpu_mode_priv(vcpu)) {
		kvm_inject_undefined(vcpu);
		return 1;
	}

	if (is_read && HSR_CP_RT(hsr) != 15)
		vcpu_set_reg(vcpu, HSR_CP_RT(hsr), *reg);
	kvm_incr_pc(vcpu);

	return 1;
}
