// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fast traps: accesses that Hyp mode's vector answers without leaving the guest
 * (hyp/entry.S), from a table in the vcpu's page that is made of the rows.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/hash.h>
#include <linux/kvm_host.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include <asm/kvm_arm.h>
#include <asm/kvm_coproc.h>

#include "coproc.h"

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"kvm-arm."

/* A vcpu takes up a change when its table is next made: see kvm_coproc_reload() */
static bool fast_traps = true;
module_param(fast_traps, bool, 0644);

/* Search ends at an empty slot, and never leaves the array: the last one is empty */
#define NR_HASHED	BIT(KVM_FAST_TRAP_BITS)
#define LAST		(KVM_FAST_TRAP_SLOTS - 1)

/**
 * coproc_fast_hsr() - what the table of fast traps is searched for
 * @hsr: HSR of a trapped MRC, MCR, VMRS or VMSR
 *
 * Thumb code need not say its condition: outside of an IT block there is none.
 *
 * Return: @hsr without its register and length. The table has unconditional ones.
 */
u32 coproc_fast_hsr(u32 hsr)
{
	if (!(hsr & HSR_CV))
		hsr |= HSR_AL;

	return hsr & ~(HSR_IL | HSR_CP_RT);
}

/**
 * coproc_find_fast() - search the table of fast traps as hyp/entry.S does
 * @hyp: the vcpu's page
 * @hsr: as coproc_fast_hsr() returns it
 *
 * Return: the entry, or NULL: the host decides about the access.
 */
const struct kvm_fast_trap *coproc_find_fast(const struct kvm_vcpu_hyp *hyp, u32 hsr)
{
	const struct kvm_fast_trap *trap;

	trap = &hyp->fast_traps[hash_32(hsr, KVM_FAST_TRAP_BITS)];
	while (trap->hsr && trap->hsr != hsr)
		trap++;

	return trap->hsr ? trap : NULL;
}

static u32 row_hsr(const struct coproc_reg *r, bool is_write)
{
	static const u8 classes[] = {
		[15] = HSR_EC_CP15_32, [14] = HSR_EC_CP14_MR, [10] = HSR_EC_CP10_ID,
	};

	return (u32)classes[COPROC_KEY_TO_CP(r->key)] << HSR_EC_SHIFT | HSR_AL |
	       coproc_key_to_hsr32(r->key) | (is_write ? 0 : HSR_CP_READ);
}

/*
 * May Hyp mode answer it? Only where nothing but the answer comes of it, and
 * where what is read stays the same until KVM_REQ_RELOAD_COPROC.
 */
static bool is_fast(const struct coproc_reg *r, bool is_write)
{
	if (r->any || (r->key & COPROC_KEY_64BIT) || !coproc_is_visible(r) ||
	    !(r->who & COPROC_MAY(is_write, false)))
		return false;

	switch (r->kind) {
	case COPROC_RAZ_WI:
		return true;
	case COPROC_EMULATED:
	case COPROC_ID:
		return r->write == ignore_write ||
		       !(r->who & COPROC_MAY(true, false));
	}

	return false;
}

static void add(struct kvm_vcpu_hyp *hyp, u32 hsr, u32 val)
{
	struct kvm_fast_trap *trap;

	trap = &hyp->fast_traps[hash_32(hsr, KVM_FAST_TRAP_BITS)];
	while (trap->hsr)
		trap++;

	/* With no room left the access goes the slow way, like any other */
	if (trap == &hyp->fast_traps[LAST])
		return;

	trap->hsr = hsr;
	trap->val = val;
}

/**
 * kvm_coproc_reload() - bring what Hyp mode answers up to date
 * @vcpu: the vcpu, not in the guest
 *
 * Has to be called before the guest is entered once anything has changed that
 * the answers depend on: the registers of the vcpu, the number of vcpus. VPIDR
 * is an answer, too.
 */
void kvm_coproc_reload(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_hyp *hyp = vcpu_hyp(vcpu);
	const struct coproc_reg *r;

	BUILD_BUG_ON(ARRAY_SIZE(hyp->fast_traps) <= NR_HASHED);

	hyp->midr = vcpu->kvm->arch.id_regs[COPROC_ID_MIDR];

	memset(hyp->fast_traps, 0, sizeof(hyp->fast_traps));
	if (!READ_ONCE(fast_traps))
		return;

	for_each_coproc_reg(r) {
		if (is_fast(r, false))
			add(hyp, row_hsr(r, false), r->kind == COPROC_RAZ_WI ?
			    0 : coproc_value(vcpu, r));
		if (is_fast(r, true))
			add(hyp, row_hsr(r, true), 0);
	}
}

/**
 * kvm_coproc_count_fast() - add fast traps to the statistics
 * @vcpu: the vcpu, not in the guest
 */
void kvm_coproc_count_fast(struct kvm_vcpu *vcpu)
{
	u32 *count = vcpu_hyp(vcpu)->nr_fast_traps;
	u32 cp15 = count[HSR_EC_CP15_32], cp14 = count[HSR_EC_CP14_MR];
	u32 vfp = count[HSR_EC_CP10_ID];

	if (!(cp15 | cp14 | vfp))
		return;

	count[HSR_EC_CP15_32] = 0;
	count[HSR_EC_CP14_MR] = 0;
	count[HSR_EC_CP10_ID] = 0;

	vcpu->stat.exits += (u64)cp15 + cp14 + vfp;
	vcpu->stat.cp15_exit_stat += cp15;
	vcpu->stat.cp14_exit_stat += cp14;
	vcpu->stat.vfp_exit_stat += vfp;
}
