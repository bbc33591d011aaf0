// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage 2 tables: the walker.
 *
 * Entries are the raw 64-bit descriptors of the Long-descriptor format (ARM
 * DDI 0406C, B3.6). A 40-bit IPA is translated in up to three levels: 1024
 * entries of 1 GiB in two adjoining pages, 512 of 2 MiB, 512 of 4 KiB. Leaves
 * are 2 MiB blocks and 4 KiB pages.
 *
 * The caller holds kvm->mmu_lock, except for stage2_alloc() and stage2_free().
 * Hardware walks are cacheable and Inner Shareable (VTCR): a DSB makes a new entry
 * visible to them.
 */
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include <asm/kvm_mmu.h>

#include "cache.h"
#include "stage2.h"

#define S2_PGD_SHIFT	30
#define S2_PGD_PTRS	(1 << (KVM_PHYS_SHIFT - S2_PGD_SHIFT))
#define S2_PGD_ORDER	get_order(S2_PGD_PTRS * sizeof(u64))
#define S2_PTRS		512

static const int s2_shift[] = { S2_PGD_SHIFT, S2_BLOCK_SHIFT, PAGE_SHIFT };
#define S2_LAST_LEVEL	2

static int s2_index(phys_addr_t ipa, int level)
{
	int ptrs = level ? S2_PTRS : S2_PGD_PTRS;

	return (ipa >> s2_shift[level]) & (ptrs - 1);
}

static bool s2_is_table(u64 entry, int level)
{
	return level < S2_LAST_LEVEL && (entry & LPAE_TYPE) == LPAE_TABLE;
}

static u64 *s2_table(u64 entry)
{
	return __va(entry & LPAE_ADDR);
}

/* Break before make: an address must never have two translations. */
static void s2_replace(struct kvm *kvm, u64 *entry, u64 val)
{
	if (*entry & LPAE_VALID) {
		kvm_set_entry(entry, 0);
		stage2_flush_tlbs(kvm);
	}
	kvm_set_entry(entry, val);
	dsb(ishst);
}

/* Flags that may change in a valid leaf entry while hardware walks it */
#define S2_LEAF_FLAGS	(S2_HAP_RW | LPAE_XN | LPAE_AF)

/*
 * Change flags in place: break before make would make other vcpus fault. Flush:
 * a TLB that kept the old permissions would fault forever, since the next fault
 * finds nothing to change.
 */
static void s2_set_flags(struct kvm *kvm, u64 *entry, u64 val)
{
	bool cached = (*entry ^ val) & ~LPAE_AF;

	kvm_set_entry(entry, val);
	if (cached)
		stage2_flush_tlbs(kvm);
	else
		dsb(ishst);
}

/*
 * Count a table as a page table of the VMM, too: the OOM killer does not look at
 * secondary page tables, and a guest can fill the host's lowmem with them.
 */
static void s2_count_table(struct kvm *kvm, u64 *table)
{
	kvm_account_pgtable_pages(table, 1);
	mm_inc_nr_ptes(kvm->mm);
}

static void s2_put_table(struct kvm *kvm, u64 *table)
{
	mm_dec_nr_ptes(kvm->mm);
	kvm_account_pgtable_pages(table, -1);
	free_page((unsigned long)table);
}

static void s2_free_table(struct kvm *kvm, u64 *table, int level)
{
	int i;

	for (i = 0; level < S2_LAST_LEVEL && i < S2_PTRS; i++)
		if (s2_is_table(table[i], level))
			s2_free_table(kvm, s2_table(table[i]), level + 1);

	s2_put_table(kvm, table);
}

/**
 * stage2_alloc() - allocate an empty first level
 * @mmu: where to store it
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int stage2_alloc(struct kvm_s2_mmu *mmu)
{
	unsigned long pgd = __get_free_pages(GFP_KERNEL_ACCOUNT | __GFP_ZERO,
					     S2_PGD_ORDER);

	if (!pgd)
		return -ENOMEM;

	mmu->pgd = (u64 *)pgd;
	mmu->pgd_phys = __pa(pgd);
	kvm_account_pgtable_pages(mmu->pgd, 1 << S2_PGD_ORDER);
	return 0;
}

/**
 * stage2_free() - free the tables of a VM
 * @kvm: the VM; none of its vcpus may run any more
 *
 * Context: may sleep; takes kvm->mmu_lock.
 */
void stage2_free(struct kvm *kvm)
{
	u64 *pgd;
	int i;

	spin_lock(&kvm->mmu_lock);
	pgd = kvm->arch.mmu.pgd;
	kvm->arch.mmu.pgd = NULL;
	/* No TLB entry of this VMID may outlive the tables. */
	if (pgd)
		stage2_flush_tlbs(kvm);
	spin_unlock(&kvm->mmu_lock);

	if (!pgd)
		return;

	/* Outside the lock: there may be tens of thousands of tables. */
	for (i = 0; i < S2_PGD_PTRS; i++) {
		if (s2_is_table(pgd[i], 0))
			s2_free_table(kvm, s2_table(pgd[i]), 1);
		cond_resched();
	}
	kvm_account_pgtable_pages(pgd, -(1 << S2_PGD_ORDER));
	free_pages((unsigned long)pgd, S2_PGD_ORDER);
}

/**
 * stage2_map() - map a page or a block
 * @kvm: the VM
 * @cache: S2_NR_TABLES zeroed pages
 * @ipa: guest address, aligned to the size of the page or block
 * @pa: host address, aligned in the same way
 * @attr: memory attributes and permissions
 * @block: true for 2 MiB, false for 4 KiB
 *
 * Replace what is mapped at @ipa. If it is the same memory, change the
 * permissions without unmapping it.
 *
 * Return: the entry, in a table of 512.
 */
u64 *stage2_map(struct kvm *kvm, struct kvm_mmu_memory_cache *cache,
		phys_addr_t ipa, phys_addr_t pa, u64 attr, bool block)
{
	u64 new = pa | attr | LPAE_AF | (block ? LPAE_BLOCK : LPAE_PAGE);
	int last = block ? S2_LAST_LEVEL - 1 : S2_LAST_LEVEL;
	u64 *table = kvm->arch.mmu.pgd, *entry, old;
	int level;

	lockdep_assert_held(&kvm->mmu_lock);

	for (level = 0; ; level++) {
		entry = &table[s2_index(ipa, level)];
		if (level == last)
			break;

		if (!s2_is_table(*entry, level)) {
			table = kvm_mmu_memory_cache_alloc(cache);
			s2_count_table(kvm, table);
			/* Zero the table before a walk can find it. */
			dsb(ishst);
			s2_replace(kvm, entry, __pa(table) | LPAE_TABLE);
		}
		table = s2_table(*entry);
	}

	old = *entry;
	if (old == new)
		return entry;

	if ((old & LPAE_VALID) && !((old ^ new) & ~S2_LEAF_FLAGS)) {
		s2_set_flags(kvm, entry, new);
		return entry;
	}

	s2_replace(kvm, entry, new);
	if (s2_is_table(old, level))
		s2_free_table(kvm, s2_table(old), level + 1);

	return entry;
}

/*
 * The two passes of unmapping. Hardware ignores all other bits of an invalid
 * entry; the address stays for pass two.
 */
enum unmap_pass {
	UNMAP_INVALIDATE,	/* Then flush the TLBs. */
	UNMAP_CLEAN,
};

struct unmap_state {
	struct list_head tables;
	enum unmap_pass pass;
	bool changed;
	bool clean;
};

static void s2_unmap_entry(struct unmap_state *st, u64 *entry, int level)
{
	u64 old = *entry;

	if (st->pass == UNMAP_INVALIDATE) {
		st->changed = true;
		kvm_set_entry(entry, old & ~LPAE_VALID);
		return;
	}

	/*
	 * The guest may have written with its caches off, while the host's
	 * caches hold older data.
	 */
	if (st->clean && (old & S2_MEMATTR_WB) == S2_MEMATTR_WB)
		kvm_clean_guest_pages(__phys_to_pfn(old & LPAE_ADDR),
				      level == S2_LAST_LEVEL ? 1 :
							       S2_BLOCK_PAGES);
	kvm_set_entry(entry, 0);
}

static void s2_unmap_level(struct unmap_state *st, u64 *table, int level,
			   phys_addr_t start, phys_addr_t end)
{
	u64 *entry = &table[s2_index(start, level)];
	u64 *last = &table[s2_index(end - 1, level)];
	u64 size = 1ULL << s2_shift[level];
	phys_addr_t next;

	for (; level == S2_LAST_LEVEL && entry <= last; entry++)
		if (*entry)
			s2_unmap_entry(st, entry, level);

	for (; entry <= last; entry++, start = next) {
		next = min_t(u64, (start | (size - 1)) + 1, end);
		if (!*entry)
			continue;

		/*
		 * Unmap the whole block even for a part of it: the guest faults
		 * the rest in again.
		 */
		if (!s2_is_table(*entry, level)) {
			s2_unmap_entry(st, entry, level);
			continue;
		}

		s2_unmap_level(st, s2_table(*entry), level + 1, start, next);
		if (st->pass == UNMAP_CLEAN && next - start == size) {
			/* The table is empty, but walks may still use it. */
			list_add(&virt_to_page(s2_table(*entry))->lru,
				 &st->tables);
			kvm_set_entry(entry, 0);
		}
	}
}

/* Flush the TLBs, and free the tables that no walk can use any more. */
static void s2_flush_unmapped(struct kvm *kvm, struct unmap_state *st)
{
	struct page *page, *tmp;

	stage2_flush_tlbs(kvm);
	list_for_each_entry_safe(page, tmp, &st->tables, lru) {
		list_del(&page->lru);
		s2_put_table(kvm, page_address(page));
	}
}

/*
 * Unmap a range of guest addresses. Leave its tables in @st for the next flush,
 * which must come before kvm->mmu_lock is released: a new table may only replace
 * one that no walk uses.
 */
static void s2_unmap(struct kvm *kvm, struct unmap_state *st, phys_addr_t start,
		     u64 size)
{
	u64 *pgd = kvm->arch.mmu.pgd;

	lockdep_assert_held(&kvm->mmu_lock);

	if (!pgd)
		return;

	st->pass = UNMAP_INVALIDATE;
	st->changed = false;
	s2_unmap_level(st, pgd, 0, start, start + size);
	if (!st->changed)
		return;

	s2_flush_unmapped(kvm, st);
	st->pass = UNMAP_CLEAN;
	s2_unmap_level(st, pgd, 0, start, start + size);
}

static void s2_update_entry(u64 *entry, stage2_leaf_fn fn, void *arg)
{
	u64 old = *entry, new;

	if (!old)
		return;

	new = fn(old, arg);
	if (new != old)
		kvm_set_entry(entry, new);
}

static void s2_update_level(u64 *table, int level, phys_addr_t start,
			    phys_addr_t end, stage2_leaf_fn fn, void *arg)
{
	u64 *entry = &table[s2_index(start, level)];
	u64 *last = &table[s2_index(end - 1, level)];
	u64 size = 1ULL << s2_shift[level];
	phys_addr_t next;

	for (; level == S2_LAST_LEVEL && entry <= last; entry++)
		s2_update_entry(entry, fn, arg);

	for (; entry <= last; entry++, start = next) {
		next = min_t(u64, (start | (size - 1)) + 1, end);
		if (s2_is_table(*entry, level))
			s2_update_level(s2_table(*entry), level + 1, start, next,
					fn, arg);
		else
			s2_update_entry(entry, fn, arg);
	}
}

/**
 * stage2_update() - change the flags of all mappings in a range
 * @kvm: the VM
 * @start: guest address
 * @size: in bytes, not 0
 * @fn: returns the new value of a leaf entry; it must keep the address
 * @arg: passed to @fn
 *
 * The caller flushes the TLBs if the old flags must not be used any more.
 */
void stage2_update(struct kvm *kvm, phys_addr_t start, u64 size,
		   stage2_leaf_fn fn, void *arg)
{
	u64 *pgd = kvm->arch.mmu.pgd;

	lockdep_assert_held(&kvm->mmu_lock);

	if (pgd)
		s2_update_level(pgd, 0, start, start + size, fn, arg);
}

/*
 * Split a range into blocks: cleaning caches by address takes long, and others
 * wait for the lock and the CPU.
 */
static u64 block_size(phys_addr_t ipa, gfn_t end)
{
	return min_t(u64, (ipa & S2_BLOCK_MASK) + S2_BLOCK_SIZE,
		     end << PAGE_SHIFT) - ipa;
}

/**
 * stage2_unmap_range() - unmap any number of pages
 * @kvm: the VM
 * @start: first page
 * @end: the page after the last one
 * @may_block: true if the caller may sleep; false for the OOM reaper
 *
 * On return, no vcpu uses the old translations, and memory holds what the guest
 * has written, with caches on or off. This does not hold for the OOM reaper, which
 * discards the memory: cleaning would take up to minutes, if slots share memory,
 * during which the CPU could do nothing else.
 *
 * Context: may release and retake kvm->mmu_lock if @may_block.
 */
void stage2_unmap_range(struct kvm *kvm, gfn_t start, gfn_t end, bool may_block)
{
	struct unmap_state st = {
		.tables = LIST_HEAD_INIT(st.tables),
		.clean = may_block,
	};
	phys_addr_t ipa = start << PAGE_SHIFT;
	u64 size;

	/* Without rescheduling, flush the TLBs once for all pages. */
	if (!may_block)
		s2_unmap(kvm, &st, ipa, (u64)(end - start) << PAGE_SHIFT);

	for (; may_block && (size = block_size(ipa, end)); ipa += size) {
		s2_unmap(kvm, &st, ipa, size);
		if (!need_resched() && !spin_needbreak(&kvm->mmu_lock))
			continue;
		if (!list_empty(&st.tables))
			s2_flush_unmapped(kvm, &st);
		cond_resched_lock(&kvm->mmu_lock);
	}

	if (!list_empty(&st.tables))
		s2_flush_unmapped(kvm, &st);
}

/**
 * stage2_update_range() - update any number of pages with stage2_update()
 * @kvm: the VM
 * @start: first page
 * @end: the page after the last one
 * @fn: as for stage2_update()
 *
 * Context: may release and retake kvm->mmu_lock, may sleep.
 */
void stage2_update_range(struct kvm *kvm, gfn_t start, gfn_t end,
			 stage2_leaf_fn fn)
{
	phys_addr_t ipa = start << PAGE_SHIFT;
	u64 size;

	for (; (size = block_size(ipa, end)); ipa += size) {
		stage2_update(kvm, ipa, size, fn, NULL);
		cond_resched_lock(&kvm->mmu_lock);
	}
}

/**
 * stage2_leaf() - look up the entry that maps an address
 * @kvm: the VM
 * @ipa: guest address
 * @block: out: true if the entry maps a block
 *
 * Return: the descriptor, 0 if nothing is mapped.
 */
u64 stage2_leaf(struct kvm *kvm, phys_addr_t ipa, bool *block)
{
	u64 *table = kvm->arch.mmu.pgd, entry;
	int level;

	for (level = 0; ; level++) {
		entry = table[s2_index(ipa, level)];
		if (!s2_is_table(entry, level))
			break;
		table = s2_table(entry);
	}

	*block = level < S2_LAST_LEVEL;
	return entry;
}
