// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests and the caches.
 *
 * The host writes guest memory through its caches, a guest may read it around
 * them: before it has turned its own on, or by a non-cacheable mapping. What
 * is mapped in stage 2 is therefore cleaned to the Point of Coherency first,
 * and once more when a guest asks for it by set/way, which only works on the
 * CPU it runs on and so is done here, by address, for all of its memory.
 */
#include <linux/highmem.h>
#include <linux/kvm_host.h>

#include <asm/cacheflush.h>
#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "cache.h"
#include "stage2.h"

/**
 * kvm_clean_guest_pages() - clean and invalidate pages to the PoC
 * @pfn: first page, with struct page
 * @pages: how many
 *
 * Guest memory may be in highmem.
 */
void kvm_clean_guest_pages(kvm_pfn_t pfn, unsigned long pages)
{
	for (; pages; pfn++, pages--) {
		void *va = kmap_local_page(pfn_to_page(pfn));

		__cpuc_flush_dcache_area(va, PAGE_SIZE);
		kunmap_local(va);
	}
}

/**
 * kvm_invalidate_guest_icache() - make pages fit to be fetched from
 * @pfn: first page, with struct page
 * @pages: how many
 *
 * The caches that they are fetched from may be below those that hold the data.
 * Invalidation by address reaches a PIPT cache only; others hold lines by the
 * guest's virtual addresses, which are not known.
 */
void kvm_invalidate_guest_icache(kvm_pfn_t pfn, unsigned long pages)
{
	for (; pages; pfn++, pages--) {
		unsigned long va = (unsigned long)kmap_local_page(pfn_to_page(pfn));

		__cpuc_coherent_kern_range(va, va + PAGE_SIZE);
		kunmap_local((void *)va);
	}

	if (!kvm_icache_is_pipt())
		__flush_icache_all();
}

static u64 leaf_clean(u64 entry, void *arg)
{
	kvm_pfn_t pfn = __phys_to_pfn(entry & LPAE_ADDR);

	/* Not of devices */
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
	kvm_for_each_memslot(slot, bkt, kvm_memslots(kvm))
		stage2_update_range(kvm, slot->base_gfn,
				    slot->base_gfn + slot->npages, leaf_clean);
	spin_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
}

/**
 * kvm_set_way_flush() - a guest maintains its caches by set/way (HCR.TSW)
 * @vcpu: the vcpu
 *
 * Guests walk all sets and ways to turn their caches off or on. The first such
 * access with the caches on cleans the guest's memory and turns on HCR.TVM, so
 * as to see when they go off; until then nothing else is to do.
 */
void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	if (vcpu_hyp(vcpu)->hcr & HCR_TVM)
		return;

	flush_vm(vcpu->kvm);
	vcpu_hyp(vcpu)->hcr |= HCR_TVM;
}

/**
 * kvm_toggle_cache() - a guest has written to an MMU register (HCR.TVM)
 * @vcpu: the vcpu, its SCTLR up to date
 * @was_enabled: vcpu_has_cache_enabled() before
 *
 * Caches go on: they must not hold what the guest has since written around
 * them. They go off: what they hold must be in memory.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool enabled = vcpu_has_cache_enabled(vcpu);

	if (enabled != was_enabled)
		flush_vm(vcpu->kvm);

	if (enabled)
		vcpu_hyp(vcpu)->hcr &= ~HCR_TVM;
}
