// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit test of write protection by a word of the dirty log. dirty_log_test shows the
 * same with a guest, but not on a big-endian host, for which there are no C libraries.
 */
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>

#include <asm/kvm_mmu.h>

#include "../coproc/tests/test.h"
#include "../stage2.h"

#define GFN		0x48000UL

static u64 leaf(struct kvm *kvm, unsigned int page)
{
	bool block;

	return stage2_leaf(kvm, (phys_addr_t)(GFN + page) << PAGE_SHIFT, &block);
}

static void map_pages(struct kvm *kvm, struct kvm_mmu_memory_cache *cache, phys_addr_t pa)
{
	unsigned int i;

	spin_lock(&kvm->mmu_lock);
	for (i = 0; i < BITS_PER_LONG; i++)
		stage2_map(kvm, cache, (phys_addr_t)(GFN + i) << PAGE_SHIFT, pa,
			   S2_MEMATTR_WB | S2_HAP_RW, false);
	spin_unlock(&kvm->mmu_lock);
}

/* mark_page_dirty_in_slot() sets the bits by set_bit_le(). */
static void protect_one(struct kunit *test, struct kvm *kvm, unsigned int page)
{
	struct kvm_memory_slot slot = { .base_gfn = GFN, .npages = BITS_PER_LONG };
	unsigned long word = 0;
	unsigned int i;

	set_bit_le(page, &word);
	spin_lock(&kvm->mmu_lock);
	kvm_arch_mmu_enable_log_dirty_pt_masked(kvm, &slot, 0, word);
	spin_unlock(&kvm->mmu_lock);
	for (i = 0; i < BITS_PER_LONG; i++)
		KUNIT_EXPECT_EQ_MSG(test, !(leaf(kvm, i) & S2_HAP_W), i == page,
				    "bit %u, page %u", page, i);
}

static void the_pages_of_a_word(struct kunit *test)
{
	struct kvm_mmu_memory_cache cache = { .gfp_zero = __GFP_ZERO };
	struct kvm *kvm = kvm_test_vcpu(test)->kvm;
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	/* Any process will do: the tables count as page tables of this one. */
	kvm->mm = &init_mm;
	spin_lock_init(&kvm->mmu_lock);
	KUNIT_ASSERT_EQ(test, stage2_alloc(&kvm->arch.mmu), 0);
	KUNIT_ASSERT_EQ(test, kvm_mmu_topup_memory_cache(&cache, S2_NR_TABLES), 0);

	for (i = 0; i < BITS_PER_LONG; i++) {
		map_pages(kvm, &cache, page_to_phys(page));
		protect_one(test, kvm, i);
	}

	stage2_free(kvm);
	kvm_mmu_free_memory_cache(&cache);
	__free_page(page);
}

static struct kunit_case dirty_log_cases[] = {
	KUNIT_CASE(the_pages_of_a_word),
	{}
};

static struct kunit_suite dirty_log_suite = {
	.name = "kvm-arm-dirty-log",
	.init = kvm_test_init,
	.test_cases = dirty_log_cases,
};

kunit_test_suite(dirty_log_suite);
