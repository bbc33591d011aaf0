// SPDX-License-Identifier: GPL-2.0-only
/*
 * Change guest memory on behalf of virt/kvm and the host's memory management:
 * memory slots, MMU notifiers, dirty logging.
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>

#include <asm/kvm_mmu.h>

#include "stage2.h"

bool kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	stage2_unmap_range(kvm, range->start, range->end, range->may_block);

	/* stage2_unmap_range() has flushed the TLBs. */
	return false;
}

static u64 leaf_mkold(u64 entry, void *arg)
{
	bool *young = arg;

	*young |= entry & LPAE_AF;
	return entry & ~LPAE_AF;
}

static u64 leaf_test_young(u64 entry, void *arg)
{
	bool *young = arg;

	*young |= entry & LPAE_AF;
	return entry;
}

static bool age_range(struct kvm *kvm, struct kvm_gfn_range *range,
		      stage2_leaf_fn fn)
{
	bool young = false;

	stage2_update(kvm, range->start << PAGE_SHIFT,
		      (range->end - range->start) << PAGE_SHIFT, fn, &young);
	return young;
}

bool kvm_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	return age_range(kvm, range, leaf_mkold);
}

bool kvm_test_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	return age_range(kvm, range, leaf_test_young);
}

static u64 leaf_wrprotect(u64 entry, void *arg)
{
	return entry & ~S2_HAP_W;
}

/*
 * @mask is a word of the dirty bitmap, whose bytes are in little-endian order on any
 * host. The caller flushes the TLBs.
 */
void kvm_arch_mmu_enable_log_dirty_pt_masked(struct kvm *kvm,
					     struct kvm_memory_slot *slot,
					     gfn_t gfn_offset,
					     unsigned long mask)
{
	unsigned long bits = le32_to_cpu((__force __le32)mask);
	gfn_t start = slot->base_gfn + gfn_offset + __ffs(bits);
	u64 pages = __fls(bits) - __ffs(bits) + 1;

	lockdep_assert_held(&kvm->mmu_lock);
	stage2_update(kvm, start << PAGE_SHIFT, pages << PAGE_SHIFT,
		      leaf_wrprotect, NULL);
}

void kvm_arch_sync_dirty_log(struct kvm *kvm, struct kvm_memory_slot *slot)
{
}

int kvm_arch_prepare_memory_region(struct kvm *kvm,
				   const struct kvm_memory_slot *old,
				   struct kvm_memory_slot *new,
				   enum kvm_mr_change change)
{
	unsigned long hva, end;
	int ret = 0;

	if (change == KVM_MR_DELETE)
		return 0;

	if (new->base_gfn + new->npages > KVM_PHYS_SIZE >> PAGE_SHIFT)
		return -EFAULT;

	if (change == KVM_MR_FLAGS_ONLY && !new->dirty_bitmap)
		return 0;

	/* Writes to device memory cannot be logged. */
	hva = new->userspace_addr;
	end = hva + ((u64)new->npages << PAGE_SHIFT);
	mmap_read_lock(current->mm);
	while (hva < end) {
		struct vm_area_struct *vma;

		vma = find_vma_intersection(current->mm, hva, end);
		if (!vma)
			break;
		if ((vma->vm_flags & VM_PFNMAP) && new->dirty_bitmap) {
			ret = -EINVAL;
			break;
		}
		hva = min(end, vma->vm_end);
	}
	mmap_read_unlock(current->mm);

	return ret;
}

void kvm_arch_commit_memory_region(struct kvm *kvm,
				   struct kvm_memory_slot *old,
				   const struct kvm_memory_slot *new,
				   enum kvm_mr_change change)
{
	/*
	 * Log writes from here on: make each writable mapping fault once more.
	 * The fault maps pages where there was a block.
	 */
	if (change == KVM_MR_DELETE || !(new->flags & KVM_MEM_LOG_DIRTY_PAGES))
		return;
	if (change != KVM_MR_CREATE &&
	    kvm_dirty_log_manual_protect_and_init_set(kvm))
		return;

	spin_lock(&kvm->mmu_lock);
	stage2_update_range(kvm, new->base_gfn, new->base_gfn + new->npages,
			    leaf_wrprotect);
	spin_unlock(&kvm->mmu_lock);
	kvm_flush_remote_tlbs(kvm);
}

void kvm_arch_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
}

void kvm_arch_memslots_updated(struct kvm *kvm, u64 gen)
{
}

void kvm_arch_flush_shadow_all(struct kvm *kvm)
{
	stage2_free(kvm);
}

void kvm_arch_flush_shadow_memslot(struct kvm *kvm,
				   struct kvm_memory_slot *slot)
{
	spin_lock(&kvm->mmu_lock);
	stage2_unmap_range(kvm, slot->base_gfn, slot->base_gfn + slot->npages,
			   true);
	spin_unlock(&kvm->mmu_lock);
}
