// SPDX-License-Identifier: GPL-2.0-only
/*
 * TLB entries of stage 2. Hyp mode flushes them: hyp/tlb.c.
 */
#include <linux/kvm_host.h>
#include <linux/smp.h>

#include <asm/kvm_mmu.h>
#include <asm/tlbflush.h>

#include "stage2.h"

static void erratum_798181_ipi(void *unused)
{
	dmb(ish);
}

/**
 * stage2_flush_tlbs() - flush all translations of a VM, on all CPUs
 * @kvm: the VM
 *
 * Context: interrupts on. The caller need not hold kvm->mmu_lock.
 */
void stage2_flush_tlbs(struct kvm *kvm)
{
	struct kvm_s2_mmu *mmu = &kvm->arch.mmu;

	/*
	 * Complete the new descriptors before reading the VMID: a vcpu that
	 * gets another VMID later must walk the new ones.
	 */
	dsb(ishst);

	/* A VM has no VMID until a vcpu is loaded; VMID 0 is the host's. */
	if (!atomic64_read(&mmu->vmid.id))
		return;

	kvm_call_hyp(__kvm_tlb_flush_vmid, kvm_get_vttbr(mmu));

	/*
	 * Cortex-A15 erratum 798181: the DSB may not wait for accesses of other
	 * CPUs by the old translations. A DMB on those CPUs does.
	 */
	if (erratum_a15_798181())
		smp_call_function(erratum_798181_ipi, NULL, 1);
}

/**
 * kvm_arch_flush_remote_tlbs() - flush all translations of a VM, for virt/kvm
 * @kvm: the VM
 *
 * Context: as stage2_flush_tlbs().
 * Return: 0.
 */
int kvm_arch_flush_remote_tlbs(struct kvm *kvm)
{
	stage2_flush_tlbs(kvm);
	return 0;
}
