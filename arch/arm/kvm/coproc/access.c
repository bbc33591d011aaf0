// SPDX-License-Identifier: GPL-2.0-only
/*
 * CP15 registers whose access by the guest does more than load or store, and
 * those whose value has to be computed.
 */
#include <linux/bits.h>
#include <linux/kvm_host.h>
#include <linux/minmax.h>

#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "coproc.h"

#define ACTLR_SMP		BIT(6)	/* Cortex-A7, Cortex-A15 */
#define L2CTLR_CORES_SHIFT	24	/* number of cores, minus one */
#define L2CTLR_CORES		(3 << L2CTLR_CORES_SHIFT)
#define CORES_PER_CLUSTER	4

static u32 host_actlr __ro_after_init;
static u32 host_l2ctlr __ro_after_init;

void __init coproc_capture_cpu(void)
{
	host_actlr = read_sysreg(__ACCESS_CP15(c1, 0, c0, 1));
	host_l2ctlr = read_sysreg(__ACCESS_CP15(c9, 1, c0, 2));
}

#define CTR_IMINLINE		GENMASK(3, 0)
#define CTR_L1IP		GENMASK(15, 14)
#define CTR_L1IP_PIPT		CTR_L1IP
#define CTR_DMINLINE		GENMASK(19, 16)
#define CTR_ERG			GENMASK(23, 20)
#define CTR_CWG			GENMASK(27, 24)

/**
 * coproc_merge_ctr() - a CTR that is right on two CPUs
 * @a: CTR of the one
 * @b: CTR of the other
 *
 * A guest that goes by it, as it maintains its caches, misses no line on
 * either: ARM DDI 0406C, B4.1.42.
 *
 * Return: the smaller lines, the larger granules (0: as large as can be), and
 * the I-cache policy that asks for more. @a has the rest.
 */
u32 coproc_merge_ctr(u32 a, u32 b)
{
	static const u32 smaller[] = { CTR_IMINLINE, CTR_L1IP, CTR_DMINLINE };
	static const u32 larger[] = { CTR_ERG, CTR_CWG };
	unsigned int i;
	u32 mask;

	for (i = 0; i < ARRAY_SIZE(smaller); i++) {
		mask = smaller[i];
		a = (a & ~mask) | min(a & mask, b & mask);
	}

	for (i = 0; i < ARRAY_SIZE(larger); i++) {
		mask = larger[i];
		if (!(a & mask) || !(b & mask))
			a &= ~mask;
		else
			a = (a & ~mask) | max(a & mask, b & mask);
	}

	return a;
}

bool coproc_ctr_is_pipt(u32 ctr)
{
	return (ctr & CTR_L1IP) == CTR_L1IP_PIPT;
}

/* A register that is not there for real, but may be asked for */
bool access_raz_wi(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		   struct coproc_access *a)
{
	a->val = 0;

	return true;
}

/*
 * HCR.TVM: registers that decide how the guest sees memory. Caches that go on
 * or off, a matter of SCTLR, are noticed by comparing.
 */
bool access_vm_reg(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		   struct coproc_access *a)
{
	bool was_enabled;

	if (!a->is_write) {
		a->val = coproc_load(vcpu, r);
		return true;
	}

	was_enabled = vcpu_has_cache_enabled(vcpu);
	coproc_store(vcpu, r, a->val);
	kvm_toggle_cache(vcpu, was_enabled);

	return true;
}

/*
 * HCR.TSW: sets and ways are those of the CPU the vcpu happens to be on, so
 * what the guest means is done by address, for all its memory.
 */
bool access_set_way(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		    struct coproc_access *a)
{
	if (!a->is_write)
		return false;

	kvm_set_way_flush(vcpu);

	return true;
}

/*
 * How many cores there are is asked when it is read: the first vcpu is usually
 * initialised before the others are created. The affinity of vcpus is in
 * clusters of four, as the cores' is.
 */
u32 reset_mpidr(struct kvm_vcpu *vcpu)
{
	u32 core = vcpu->vcpu_id % CORES_PER_CLUSTER;
	u32 cluster = vcpu->vcpu_id / CORES_PER_CLUSTER;

	return MPIDR_SMP_VALUE | cluster << MPIDR_LEVEL_SHIFT(1) | core;
}

u32 reset_actlr(struct kvm_vcpu *vcpu)
{
	return host_actlr;
}

u64 get_actlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	u32 val = coproc_load(vcpu, r) & ~ACTLR_SMP;

	if (atomic_read(&vcpu->kvm->online_vcpus) > 1)
		val |= ACTLR_SMP;

	return val;
}

/* What ACTLR controls is the host's: a guest's writes are ignored */
bool access_actlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		  struct coproc_access *a)
{
	if (!a->is_write)
		a->val = get_actlr(vcpu, r);

	return true;
}

u32 reset_l2ctlr(struct kvm_vcpu *vcpu)
{
	return host_l2ctlr;
}

u64 get_l2ctlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	u32 cores = atomic_read(&vcpu->kvm->online_vcpus);

	cores = clamp(cores, 1U, (u32)CORES_PER_CLUSTER);

	return (coproc_load(vcpu, r) & ~L2CTLR_CORES) |
	       (cores - 1) << L2CTLR_CORES_SHIFT;
}

bool access_l2ctlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		   struct coproc_access *a)
{
	if (!a->is_write)
		a->val = get_l2ctlr(vcpu, r);

	return true;
}
