// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fast traps: accesses that Hyp mode answers without leaving the guest
 * (hyp/entry.S), from a table in the vcpu's page that is built from the rows.
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

/* kvm_coproc_reload() applies a change when it next builds a vcpu's table. */
bool coproc_fast_traps = true;
module_param_named(fast_traps, coproc_fast_traps, bool, 0644);
MODULE_PARM_DESC(fast_traps, "Answer accesses without side effects in Hyp mode");

/* A search ends at an empty slot; the last slot is always empty */
#define NR_HASHED	BIT(KVM_FAST_TRAP_BITS)
#define LAST		(KVM_FAST_TRAP_SLOTS - 1)

/**
 * coproc_fast_hsr() - convert an HSR to a key for the table of fast traps
 * @hsr: HSR of a trapped MRC, MCR, VMRS or VMSR
 *
 * HSR.CV may be clear for Thumb code. Outside of an IT block, that means AL.
 *
 * Return: @hsr without Rt and IL. The table holds unconditional accesses only.
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
 * @hsr: as returned by coproc_fast_hsr()
 *
 * Return: the entry, or NULL if the host has to handle the access.
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
 * Tell whether Hyp mode may answer an access: it must have no side effects, and
 * what it reads must not change without KVM_REQ_RELOAD_COPROC.
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

	/* The table is full: the access takes the slow path. */
	if (trap == &hyp->fast_traps[LAST])
		return;

	trap->hsr = hsr;
	trap->val = val;
}

/**
 * kvm_coproc_reload() - update the values that Hyp mode gives to the guest
 * @vcpu: the vcpu, not in the guest
 *
 * Build the table of fast traps, and set VPIDR. Call this before entry after a
 * change of what the values depend on: the vcpu's registers, the number of vcpus.
 */
void kvm_coproc_reload(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_hyp *hyp = vcpu_hyp(vcpu);
	const struct coproc_reg *r;

	BUILD_BUG_ON(ARRAY_SIZE(hyp->fast_traps) <= NR_HASHED);

	hyp->midr = vcpu->kvm->arch.id_regs[COPROC_ID_MIDR];

	memset(hyp->fast_traps, 0, sizeof(hyp->fast_traps));
	if (!READ_ONCE(coproc_fast_traps))
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
