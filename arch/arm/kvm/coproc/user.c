// SPDX-License-Identifier: GPL-2.0-only
/*
 * CP15 registers for user space.
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

	r = coproc_find(key);
	if (r && r->storage == COPROC_NO_STATE)
		return NULL;

	return r;
}

static int cp15_list(struct kvm_vcpu *vcpu, u64 __user *uindices)
{
	return kvm_reg_list(uindices, coproc_ids, nr_coproc_ids);
}

static u64 value(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	/* Called by its name, it would be the macro */
	u64 (*get)(struct kvm_vcpu *, const struct coproc_reg *) = r->get_user;

	if (get)
		return get(vcpu, r);
	if (r->storage == COPROC_INVARIANT)
		return coproc_invariants[r->index].value;

	return coproc_load(vcpu, r);
}

static int cp15_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const struct coproc_reg *r = find_user_reg(reg->id);

	return r ? kvm_reg_to_user(reg, value(vcpu, r)) : -ENOENT;
}

/*
 * A VMM sets what it got before, perhaps from a kernel that showed guests the
 * CPU's own value where there are bits to hide now, or another type of CPU to
 * heed. That is no reason to refuse a guest.
 */
static int set_invariant(const struct coproc_reg *r, u64 val)
{
	const struct coproc_invariant *inv = &coproc_invariants[r->index];

	return val == inv->value || val == inv->host ? 0 : -EINVAL;
}

static int cp15_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const struct coproc_reg *r = find_user_reg(reg->id);
	u64 val;
	int err;

	if (!r)
		return -ENOENT;

	err = kvm_reg_from_user(reg, &val);
	if (err)
		return err;

	if (r->set_user)
		return r->set_user(vcpu, r, val);
	if (r->storage == COPROC_INVARIANT)
		return set_invariant(r, val);

	coproc_store(vcpu, r, val);

	return 0;
}

const struct kvm_reg_group kvm_cp15_group = {
	.list = cp15_list,
	.get = cp15_get,
	.set = cp15_set,
};

/**
 * kvm_coproc_show() - print the CP15 registers of a vcpu, a line for each
 * @vcpu: the vcpu, initialised and not in the guest
 * @m: where to
 */
void kvm_coproc_show(struct kvm_vcpu *vcpu, struct seq_file *m)
{
	const struct coproc_reg *r;

	for (r = coproc_regs; r < coproc_regs + nr_coproc_regs; r++) {
		if (r->storage == COPROC_NO_STATE)
			continue;
		if (r->key & CP15_KEY_64BIT)
			seq_printf(m, "%s %016llx\n", r->name, value(vcpu, r));
		else
			seq_printf(m, "%s %08x\n", r->name,
				   (u32)value(vcpu, r));
	}
}
