// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accessors of CP15 registers whose accesses do more than load or store, or
 * whose value is computed. The caller has found the row and checked that the
 * access is permitted.
 */
#include <linux/kvm_host.h>

#include <asm/cputype.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>
#include <asm/vfp.h>

#include "coproc.h"

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
	u32 core = vcpu->vcpu_id % COPROC_CLUSTER;
	u32 cluster = vcpu->vcpu_id / COPROC_CLUSTER;

	return MPIDR_SMP_VALUE | cluster << MPIDR_LEVEL_SHIFT(1) | core;
}

/* VFP_CONTROL() sets r->index to the word. */
static u32 *vfp_control(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	return (u32 *)&vcpu_ctxt(vcpu)->vfp + r->index;
}

u64 read_vfp_control(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	return *vfp_control(vcpu, r);
}

int set_vfp_control(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
	u32 *word = vfp_control(vcpu, r);

	/*
	 * FPEXC.EX and FP2V announce FPINST and FPINST2, which are undefined on
	 * these CPUs: a guest that reads them would fault.
	 */
	if (word == &vcpu_ctxt(vcpu)->vfp.fpexc)
		val &= ~(FPEXC_EX | FPEXC_FP2V);

	*word = val;

	return 0;
}
