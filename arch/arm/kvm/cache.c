// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maintain the caches of guests' pages.
 *
 * The host writes guest memory through its caches, but a guest may read it
 * around them: with its own caches off, or by a non-cacheable mapping.
 * Therefore stage 2 faults clean memory to the Point of Coherency.
 */
#include <linux/highmem.h>
#include <linux/kvm_host.h>

#include <asm/cacheflush.h>
#include <asm/kvm_coproc.h>

#include "cache.h"

/**
 * kvm_clean_guest_pages() - clean and invalidate pages to the PoC
 * @pfn: first page, with struct page
 * @pages: how many
 *
 * The pages may be in highmem.
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
 * kvm_invalidate_guest_icache() - make pages ready for execution
 * @pfn: first page, with struct page
 * @pages: how many
 *
 * Write back to the level that instructions are fetched from, then invalidate
 * the I-cache. Invalidation by address works for a PIPT cache only; other
 * caches hold lines by the guest's virtual addresses, which KVM does not know.
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
