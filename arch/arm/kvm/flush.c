// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests that turn their caches on and off.
 *
 * Set/way operations of a guest would reach only the caches of the CPU it runs on;
 * KVM traps them and cleans all of the guest's memory by address.
 */
#include <linux/kvm_host.h>
#include <linux/sched/signal.h>

#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "cache.h"
#include "stage2.h"

static u64 leaf_clean(u64 entry, void *arg)
{
	kvm_pfn_t pfn = __phys_to_pfn(entry & LPAE_ADDR);

	/* Devices are not cached. */
	if ((entry & S2_MEMATTR_WB) == S2_MEMATTR_WB)
		kvm_clean_guest_pages(pfn, (entry & LPAE_TYPE) == LPAE_BLOCK ?
				      S2_BLOCK_PAGES : 1);
	return entry;
}

static void flush_vm(struct kvm *kvm)
{
	struct kvm_memory_slot *slot;
	int idx, bkt;

	idx = srcu_read_lock(&kvm->srcu);
	spin_lock(&kvm->mmu_lock);
	kvm_for_each_memslot(slot, bkt, kvm_memslots(kvm)) {
		/* Slots that share memory can add up to a terabyte. */
		if (fatal_signal_pending(current))
			break;
		stage2_update_range(kvm, slot->base_gfn,
				    slot->base_gfn + slot->npages, leaf_clean);
	}
	spin_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
}

/**
 * kvm_set_way_flush() - handle a guest's set/way operation (HCR.TSW)
 * @vcpu: the vcpu
 *
 * Guests walk all sets and ways to turn their caches off or on. The first
 * operation with the caches on cleans the guest's memory and sets HCR.TVM, to
 * notice when the caches go off; until then there is nothing else to do.
 */
void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	if (vcpu_hyp(vcpu)->hcr & HCR_TVM)
		return;

	flush_vm(vcpu->kvm);
	vcpu_hyp(vcpu)->hcr |= HCR_TVM;
}

/**
 * kvm_toggle_cache() - handle a guest's write to an MMU register (HCR.TVM)
 * @vcpu: the vcpu, after the write of SCTLR
 * @was_enabled: vcpu_has_cache_enabled() before the write
 *
 * On enable, drop lines that are older than what the guest wrote around the
 * caches; on disable, write back. Both clean and invalidate.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool enabled = vcpu_has_cache_enabled(vcpu);

	if (enabled != was_enabled)
		flush_vm(vcpu->kvm);

	if (enabled)
		vcpu_hyp(vcpu)->hcr &= ~HCR_TVM;
}
