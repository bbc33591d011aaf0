// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accessors of CP15 registers whose accesses do more than load or store, or
 * whose value is computed. The caller has found the row and checked that the
 * access is permitted.
 */
#include <linux/bits.h>
#include <linux/kvm_host.h>
#include <linux/minmax.h>

#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "coproc.h"

#define L2CTLR_CORES_SHIFT	24	/* number of cores, minus one */
#define L2CTLR_CORES		(3 << L2CTLR_CORES_SHIFT)
#define CORES_PER_CLUSTER	4

static u32 host_actlr __ro_after_init;
static u32 actlr_smp __ro_after_init;
static u32 host_l2ctlr __ro_after_init;

void __init coproc_capture_cpu(void)
{
	actlr_smp = coproc_actlr_smp();
	host_actlr = read_sysreg(__ACCESS_CP15(c1, 0, c0, 1));
	if (coproc_features & COPROC_L2)
		host_l2ctlr = read_sysreg(__ACCESS_CP15(c9, 1, c0, 2));
}

/* Ignore the write: the register controls the host's hardware. */
void ignore_write(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
}

/*
 * HCR.TVM: write a register that affects how the guest sees memory, and notice
 * SCTLR turning caches on or off.
 */
void write_vm_reg(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
	bool was_enabled = vcpu_has_cache_enabled(vcpu);

	coproc_store(vcpu, r, val);
	kvm_toggle_cache(vcpu, was_enabled);
}

/*
 * HCR.TSW: sets and ways are those of the CPU that runs the vcpu, so maintain
 * all of the guest's memory, by address.
 */
void write_set_way(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
	kvm_set_way_flush(vcpu);
}

/* Vcpus are in clusters of four, like the cores. */
u64 reset_mpidr(struct kvm_vcpu *vcpu)
{
	u32 core = vcpu->vcpu_id % CORES_PER_CLUSTER;
	u32 cluster = vcpu->vcpu_id / CORES_PER_CLUSTER;

	return MPIDR_SMP_VALUE | cluster << MPIDR_LEVEL_SHIFT(1) | core;
}

u64 reset_actlr(struct kvm_vcpu *vcpu)
{
	return host_actlr;
}

/*
 * ACTLR.SMP and L2CTLR: count vcpus when the guest reads. When the first one is
 * reset, the others usually do not exist yet.
 */
u64 read_actlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	u32 val = coproc_load(vcpu, r) & ~actlr_smp;

	if (atomic_read(&vcpu->kvm->online_vcpus) > 1)
		val |= actlr_smp;

	return val;
}

u64 reset_l2ctlr(struct kvm_vcpu *vcpu)
{
	return host_l2ctlr;
}

u64 read_l2ctlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	u32 cores = atomic_read(&vcpu->kvm->online_vcpus);

	cores = clamp(cores, 1U, (u32)CORES_PER_CLUSTER);

	return (coproc_load(vcpu, r) & ~L2CTLR_CORES) |
	       (cores - 1) << L2CTLR_CORES_SHIFT;
}
