// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access to the rows of regs.h by user space.
 */
#include <linux/kvm_host.h>
#include <linux/seq_file.h>

#include <asm/kvm_coproc.h>

#include "coproc.h"

static const struct coproc_reg *find_user_reg(u64 id)
{
	int key = coproc_id_to_key(id);
	const struct coproc_reg *r;

	if (key < 0)
		return NULL;

	r = coproc_find_exact(key);
	if (!r || !coproc_is_listed(r) || !coproc_is_visible(r))
		return NULL;

	return r;
}

/**
 * coproc_list_ids() - list the ids of a coprocessor's registers
 * @cp: the coprocessor
 * @ids: out: the ids in ascending order; NULL to count them only
 *
 * Return: the number of ids.
 */
unsigned int coproc_list_ids(unsigned int cp, u64 *ids)
{
	const struct coproc_reg *r;
	unsigned int n = 0;

	for_each_coproc_reg(r) {
		if (COPROC_KEY_TO_CP(r->key) != cp || !coproc_is_listed(r) ||
		    !coproc_is_visible(r))
			continue;
		if (ids)
			ids[n] = coproc_key_to_id(r->key);
		n++;
	}

	return n;
}

static unsigned int cp15_list(u64 *ids)
{
	return coproc_list_ids(15, ids);
}

/**
 * coproc_get() - handle KVM_GET_ONE_REG of a row
 * @vcpu: the vcpu
 * @reg: id of the register, and user space address for its value
 *
 * Return: 0, -ENOENT or -EFAULT.
 */
int coproc_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const struct coproc_reg *r = find_user_reg(reg->id);

	return r ? kvm_reg_to_user(reg, coproc_value(vcpu, r)) : -ENOENT;
}

/**
 * coproc_set() - handle KVM_SET_ONE_REG of a row
 * @vcpu: the vcpu
 * @reg: id of the register, and user space address of its value
 *
 * Return: 0, or -ENOENT, -EFAULT, -EINVAL or -EBUSY with nothing changed.
 */
int coproc_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const struct coproc_reg *r = find_user_reg(reg->id);
	u64 val;
	int err;

	if (!r)
		return -ENOENT;

	err = kvm_reg_from_user(reg, &val);
	if (err)
		return err;

	if (r->set)
		return r->set(vcpu, r, val);
	if (r->kind == COPROC_ID)
		return coproc_set_id(vcpu, r, val);

	coproc_store(vcpu, r, val);
	if (r->kind == COPROC_EMULATED)
		kvm_make_request(KVM_REQ_RELOAD_COPROC, vcpu);

	return 0;
}

const struct kvm_reg_group kvm_cp15_group = {
	.list = cp15_list,
	.get = coproc_get,
	.set = coproc_set,
};

/**
 * kvm_coproc_show() - print the registers of a vcpu, one per line
 * @vcpu: the vcpu, initialised and not in the guest
 * @m: the file to print to
 */
void kvm_coproc_show(struct kvm_vcpu *vcpu, struct seq_file *m)
{
	const struct coproc_reg *r;

	for_each_coproc_reg(r) {
		if (!coproc_is_listed(r) || !coproc_is_visible(r))
			continue;
		if (r->key & COPROC_KEY_64BIT)
			seq_printf(m, "%s %016llx\n", r->name,
				   coproc_value(vcpu, r));
		else
			seq_printf(m, "%s %08x\n", r->name,
				   (u32)coproc_value(vcpu, r));
	}
}
