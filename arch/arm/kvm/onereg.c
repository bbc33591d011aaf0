// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_GET_REG_LIST, KVM_GET_ONE_REG, KVM_SET_ONE_REG: dispatch ids to groups.
 */
#include <linux/kvm_host.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/kvm_emulate.h>
#include <asm/kvm_onereg.h>

#include <kvm/arm_hypercalls.h>

#include "onereg.h"

#define GROUP(coproc)		((coproc) >> KVM_REG_ARM_COPROC_SHIFT)
#define GROUP_CP15		15

/* Indexed by bits 27:16 of the id; listed in this order, firmware registers last */
static const struct kvm_reg_group *const groups[] = {
	[GROUP_CP15]			= &kvm_cp15_group,
	[GROUP(KVM_REG_ARM_CORE)]	= &kvm_core_group,
	[GROUP(KVM_REG_ARM_DEMUX)]	= &kvm_demux_group,
	[GROUP(KVM_REG_ARM_VFP)]	= &kvm_vfp_group,
	[GROUP(KVM_REG_ARM_FW)]		= &kvm_fw_group,
	[GROUP(KVM_REG_ARM_FW_FEAT_BMAP)] = &kvm_fw_group,
};

/* Ids of the groups that have list(): the same for each vcpu */
static u64 *reg_ids __ro_after_init;
static unsigned int nr_reg_ids __ro_after_init;

#define ID_HIGH_BITS	(upper_32_bits(~KVM_REG_SIZE_MASK))
#define ID_ARM		(upper_32_bits(KVM_REG_ARM))

/* Return the group of an id, or an ERR_PTR(). */
static const struct kvm_reg_group *find_group(u64 id)
{
	u32 coproc = lower_32_bits(id) >> KVM_REG_ARM_COPROC_SHIFT;
	const struct kvm_reg_group *group;

	if ((upper_32_bits(id) & ID_HIGH_BITS) != ID_ARM)
		return ERR_PTR(-EINVAL);

	/* Bits 31:28, with KVM_REG_ARM_SECURE, are part of the index and must be 0. */
	if (coproc >= ARRAY_SIZE(groups))
		return ERR_PTR(-ENOENT);

	group = groups[array_index_nospec(coproc, ARRAY_SIZE(groups))];

	return group ?: ERR_PTR(-ENOENT);
}

static unsigned int list_groups(u64 *ids)
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if (groups[i] && groups[i]->list)
			n += groups[i]->list(ids ? ids + n : NULL);

	return n;
}

/**
 * kvm_onereg_init() - build the list of ids
 *
 * Call once, after kvm_coproc_init().
 *
 * Return: 0 or -ENOMEM.
 */
int __init kvm_onereg_init(void)
{
	kvm_vfp_group_init();

	nr_reg_ids = list_groups(NULL);
	reg_ids = kcalloc(nr_reg_ids, sizeof(*reg_ids), GFP_KERNEL);
	if (!reg_ids)
		return -ENOMEM;
	list_groups(reg_ids);

	return 0;
}

/* Called when KVM fails to start */
void __init kvm_onereg_exit(void)
{
	kfree(reg_ids);
}

/**
 * kvm_arm_vcpu_ioctl_reg_list() - handle KVM_GET_REG_LIST
 * @vcpu: an initialised vcpu
 * @user_list: the list to fill in, with room for n ids
 *
 * Return: 0, -E2BIG with n set to the number of ids, or -EFAULT.
 */
long kvm_arm_vcpu_ioctl_reg_list(struct kvm_vcpu *vcpu,
				 struct kvm_reg_list __user *user_list)
{
	u64 room, n = nr_reg_ids + kvm_arm_get_fw_num_regs(vcpu);

	if (get_user(room, &user_list->n) || put_user(n, &user_list->n))
		return -EFAULT;
	if (room < n)
		return -E2BIG;
	if (copy_to_user(user_list->reg, reg_ids, nr_reg_ids * sizeof(*reg_ids)))
		return -EFAULT;

	return kvm_arm_copy_fw_reg_indices(vcpu, user_list->reg + nr_reg_ids);
}

static long one_reg(struct kvm_vcpu *vcpu, struct kvm_one_reg __user *user_reg,
		    bool set)
{
	const struct kvm_reg_group *group;
	struct kvm_one_reg reg;
	long ret;

	ret = kvm_arm_vcpu_prepare(vcpu);
	if (ret)
		return ret;

	/* get_user() twice: copy_from_user() costs more than finding the register. */
	if (get_user(reg.id, &user_reg->id) || get_user(reg.addr, &user_reg->addr))
		return -EFAULT;

	group = find_group(reg.id);
	if (IS_ERR(group))
		return PTR_ERR(group);

	return set ? group->set(vcpu, &reg) : group->get(vcpu, &reg);
}

/**
 * kvm_arch_vcpu_async_ioctl() - handle KVM_GET_ONE_REG and KVM_SET_ONE_REG
 * @filp: the vcpu's file
 * @ioctl: the ioctl's number
 * @arg: struct kvm_one_reg in user space
 *
 * A VMM accesses hundreds of registers in a row. The accesses need the vcpu's
 * mutex, but not the other work of kvm_vcpu_ioctl().
 *
 * Return: -ENOIOCTLCMD for another ioctl: go on in kvm_vcpu_ioctl(). Else 0,
 * -ENOEXEC for a vcpu that is not initialised, -EINVAL for another architecture's
 * id, -ENOENT for an unknown id, -EFAULT, or -EINTR; for KVM_SET_ONE_REG, also
 * -EINVAL for a value that the register cannot have and -EBUSY if the register can
 * no longer change. An error leaves the vcpu unchanged.
 */
long kvm_arch_vcpu_async_ioctl(struct file *filp, unsigned int ioctl,
			       unsigned long arg)
{
	struct kvm_vcpu *vcpu = filp->private_data;
	long ret;

	if (ioctl != KVM_GET_ONE_REG && ioctl != KVM_SET_ONE_REG)
		return -ENOIOCTLCMD;

	if (mutex_lock_killable(&vcpu->mutex))
		return -EINTR;
	ret = one_reg(vcpu, (void __user *)arg, ioctl == KVM_SET_ONE_REG);
	mutex_unlock(&vcpu->mutex);

	return ret;
}
