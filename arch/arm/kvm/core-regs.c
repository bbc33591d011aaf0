// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core registers of the one-reg interface: the words of struct kvm_regs.
 */
#include <linux/kvm_host.h>
#include <linux/nospec.h>

#include <asm/ptrace.h>

#include "onereg.h"

#define NR_CORE_REGS	(sizeof(struct kvm_regs) / sizeof(u32))
#define CORE_ID(n)	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE | (n))

static u32 *core_reg(struct kvm_vcpu *vcpu, u64 id)
{
	u32 n = lower_32_bits(id) - KVM_REG_ARM_CORE;

	if (n >= NR_CORE_REGS || id != CORE_ID(n))
		return NULL;

	n = array_index_nospec(n, NR_CORE_REGS);

	return (u32 *)vcpu_gp_regs(vcpu) + n;
}

/* Guests cannot enter Monitor or Hyp mode. */
static bool is_guest_mode(u32 cpsr)
{
	switch (cpsr & MODE_MASK) {
	case USR_MODE:
	case FIQ_MODE:
	case IRQ_MODE:
	case SVC_MODE:
	case ABT_MODE:
	case UND_MODE:
	case SYSTEM_MODE:
		return true;
	default:
		return false;
	}
}

static unsigned int core_list(u64 *ids)
{
	unsigned int i;

	for (i = 0; ids && i < NR_CORE_REGS; i++)
		ids[i] = CORE_ID(i);

	return NR_CORE_REGS;
}

static int core_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	const u32 *word = core_reg(vcpu, reg->id);

	return word ? kvm_reg_to_user(reg, *word) : -ENOENT;
}

static int core_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	u32 *word = core_reg(vcpu, reg->id);
	u64 val;
	int err;

	if (!word)
		return -ENOENT;

	err = kvm_reg_from_user(reg, &val);
	if (err)
		return err;

	if (reg->id == CORE_ID(KVM_REG_ARM_CORE_REG(usr_regs.ARM_cpsr)) &&
	    !is_guest_mode(val))
		return -EINVAL;

	*word = val;

	return 0;
}

const struct kvm_reg_group kvm_core_group = {
	.list = core_list,
	.get = core_get,
	.set = core_set,
};
