/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ARM_KVM_STAGE2_H__
#define __ARM_KVM_STAGE2_H__

#include <linux/kvm_host.h>

#include <asm/kvm_mmu.h>

#define S2_BLOCK_SHIFT	21
#define S2_BLOCK_SIZE	BIT(S2_BLOCK_SHIFT)
#define S2_BLOCK_MASK	(~((phys_addr_t)S2_BLOCK_SIZE - 1))
#define S2_BLOCK_PAGES	(S2_BLOCK_SIZE >> PAGE_SHIFT)

/* Tables that a mapping may need below the first level */
#define S2_NR_TABLES	2

/* Return the new value of a leaf entry. */
typedef u64 (*stage2_leaf_fn)(u64 entry, void *arg);

int stage2_alloc(struct kvm_s2_mmu *mmu);
void stage2_free(struct kvm *kvm);
u64 *stage2_map(struct kvm *kvm, struct kvm_mmu_memory_cache *cache,
		phys_addr_t ipa, phys_addr_t pa, u64 attr, bool block);
void stage2_update(struct kvm *kvm, phys_addr_t start, u64 size,
		   stage2_leaf_fn fn, void *arg);
void stage2_unmap_range(struct kvm *kvm, gfn_t start, gfn_t end,
			bool may_block);
void stage2_update_range(struct kvm *kvm, gfn_t start, gfn_t end,
			 stage2_leaf_fn fn);
u64 stage2_leaf(struct kvm *kvm, phys_addr_t ipa, bool *block);

void stage2_flush_tlbs(struct kvm *kvm);			/* stage2-tlb.c */

/**
 * stage2_count_empty() - count empty entries
 * @entry: the first entry
 * @max: number of entries to check, all in the table of @entry
 *
 * Return: the number of entries before the first that is not empty.
 */
static inline unsigned int stage2_count_empty(const u64 *entry, unsigned int max)
{
	unsigned int n = 0;

	while (n < max && !entry[n])
		n++;

	return n;
}

/**
 * stage2_fill() - map a page by an empty entry
 * @entry: the entry, in a table of pages
 * @pa: host address, page aligned
 * @attr: memory attributes and permissions
 *
 * TLBs never hold an entry that is not valid: no flush. The caller makes the
 * store visible with a DSB.
 */
static inline void stage2_fill(u64 *entry, phys_addr_t pa, u64 attr)
{
	kvm_set_entry(entry, pa | attr | LPAE_AF | LPAE_PAGE);
}

#endif /* __ARM_KVM_STAGE2_H__ */
