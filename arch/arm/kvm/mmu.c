// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handle stage 2 faults. Memory slots and MMU notifiers are in memslots.c.
 */
#include <linux/kvm_host.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include <asm/cacheflush.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "cache.h"
#include "stage2.h"
#include "trace.h"

/**
 * kvm_init_stage2_mmu() - create the stage 2 of a new VM
 * @kvm: the VM
 *
 * Return: 0 or -ENOMEM.
 */
int kvm_init_stage2_mmu(struct kvm *kvm)
{
	struct kvm_s2_mmu *mmu = &kvm->arch.mmu;
	int cpu, ret;

	mmu->last_vcpu_ran = alloc_percpu_gfp(int, GFP_KERNEL_ACCOUNT);
	if (!mmu->last_vcpu_ran)
		return -ENOMEM;

	for_each_possible_cpu(cpu) {
		int *last_ran = per_cpu_ptr(mmu->last_vcpu_ran, cpu);

		*last_ran = -1;
	}

	ret = stage2_alloc(mmu);
	if (ret)
		free_percpu(mmu->last_vcpu_ran);

	return ret;
}

/**
 * kvm_free_stage2_mmu() - free the stage 2 of a VM
 * @kvm: the VM
 */
void kvm_free_stage2_mmu(struct kvm *kvm)
{
	/* kvm_arch_flush_shadow_all() may have freed the tables already. */
	stage2_free(kvm);

	free_percpu(kvm->arch.mmu.last_vcpu_ran);
}

/**
 * stage2_unmap_vm() - unmap all RAM of a VM
 * @kvm: the VM
 *
 * A guest that restarts with its caches off faults its memory in again, and
 * each fault cleans the page. Device mappings stay.
 */
void stage2_unmap_vm(struct kvm *kvm)
{
	struct kvm_memory_slot *slot;
	int idx, bkt;

	idx = srcu_read_lock(&kvm->srcu);
	spin_lock(&kvm->mmu_lock);

	kvm_for_each_memslot(slot, bkt, kvm_memslots(kvm))
		stage2_unmap_range(kvm, slot->base_gfn,
				   slot->base_gfn + slot->npages, true);

	spin_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
}

/**
 * kvm_phys_addr_ioremap() - map a device of the host into a guest
 * @kvm: the VM
 * @guest_ipa: guest address of the device, page aligned
 * @pa: host address of the device, page aligned
 * @size: in bytes
 * @writable: true if the guest may write to it
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int kvm_phys_addr_ioremap(struct kvm *kvm, phys_addr_t guest_ipa,
			  phys_addr_t pa, unsigned long size, bool writable)
{
	struct kvm_mmu_memory_cache cache = { .gfp_zero = __GFP_ZERO };
	u64 attr = S2_MEMATTR_DEV | LPAE_XN |
		   (writable ? S2_HAP_RW : S2_HAP_RO);
	phys_addr_t end = guest_ipa + size;
	int ret = 0;

	for (; guest_ipa < end; guest_ipa += PAGE_SIZE, pa += PAGE_SIZE) {
		ret = kvm_mmu_topup_memory_cache(&cache, S2_NR_TABLES);
		if (ret)
			break;

		spin_lock(&kvm->mmu_lock);
		stage2_map(kvm, &cache, guest_ipa, pa, attr, false);
		spin_unlock(&kvm->mmu_lock);
	}

	kvm_mmu_free_memory_cache(&cache);
	return ret;
}

/*
 * Tell whether a block can map @hva: slot and user memory have the same offset
 * in their blocks, and the slot has the whole block around @hva.
 */
static bool slot_has_block(const struct kvm_memory_slot *slot,
			   unsigned long hva)
{
	unsigned long start = slot->userspace_addr;
	unsigned long end = start + ((u64)slot->npages << PAGE_SHIFT);
	gpa_t gpa = slot->base_gfn << PAGE_SHIFT;

	if ((gpa ^ start) & ~S2_BLOCK_MASK)
		return false;

	hva &= ~(S2_BLOCK_SIZE - 1);
	return hva >= start && hva + S2_BLOCK_SIZE <= end;
}

/*
 * Tell whether the host maps @hva by a block, of hugetlbfs or transparent. The
 * caller holds mmu_lock and no invalidation is under way, so the answer holds;
 * turn interrupts off to keep the host from freeing the table.
 */
static bool host_has_block(struct mm_struct *mm, unsigned long hva)
{
	unsigned long flags;
	bool ret = false;
	pgd_t *pgd;
	p4d_t *p4d;
	pud_t *pud;

	local_irq_save(flags);
	pgd = pgd_offset(mm, hva);
	p4d = p4d_offset(pgd, hva);
	pud = pud_offset(p4d, hva);
	if (!pud_none(READ_ONCE(*pud))) {
		pmd_t pmd = pmdp_get_lockless(pmd_offset(pud, hva));

		ret = pmd_present(pmd) && pmd_leaf(pmd);
	}
	local_irq_restore(flags);

	return ret;
}

/* Clean without mmu_lock and reschedule: 2 MiB take long. */
static void prepare_block(kvm_pfn_t pfn, bool exec)
{
	const unsigned long piece = S2_BLOCK_PAGES / 16;
	kvm_pfn_t end = pfn + S2_BLOCK_PAGES;

	for (; pfn < end; pfn += piece) {
		kvm_clean_guest_pages(pfn, piece);
		if (exec)
			kvm_invalidate_guest_icache(pfn, piece);
		cond_resched();
	}
}

/* A fault maps pages up to the end of an aligned window of 64 KiB. */
#define S2_AROUND_PAGES	16

/*
 * Map the pages that follow the one at @entry. Stop at the end of the slot, at
 * the first page that the host has not present and writable, and at the first
 * that is mapped already. As in host_has_block(), mmu_lock keeps the host from
 * taking the pages away.
 */
static void map_following(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot,
			  gfn_t gfn, u64 *entry, bool exec)
{
	u64 attr = S2_MEMATTR_WB | LPAE_SH_INNER | S2_HAP_RW | (exec ? 0 : LPAE_XN);
	u64 left = slot->base_gfn + slot->npages - gfn - 1;
	unsigned int max = min_t(u64, ~gfn & (S2_AROUND_PAGES - 1), left);
	struct page *pages[S2_AROUND_PAGES];
	int i, n = stage2_count_empty(entry + 1, max);

	if (n)
		n = gfn_to_page_many_atomic(slot, gfn + 1, pages, n);

	for (i = 0; i < n; i++) {
		kvm_clean_guest_pages(page_to_pfn(pages[i]), 1);
		if (exec)
			kvm_invalidate_guest_icache(page_to_pfn(pages[i]), 1);
		stage2_fill(entry + 1 + i, page_to_phys(pages[i]), attr);
		kvm_release_page_dirty(pages[i]);
		vcpu->stat.s2_around_pages++;
	}
	if (n > 0)
		dsb(ishst);
}

static int user_mem_abort(struct kvm_vcpu *vcpu, phys_addr_t ipa,
			  struct kvm_memory_slot *slot, unsigned long hva)
{
	struct kvm_mmu_memory_cache *cache = &vcpu->arch.mmu_page_cache;
	bool write = kvm_is_write_fault(vcpu);
	bool exec = kvm_vcpu_trap_is_iabt(vcpu);
	bool logging = slot->dirty_bitmap;
	struct kvm *kvm = vcpu->kvm;
	gfn_t gfn = ipa >> PAGE_SHIFT;
	bool writable, device, block, old_block, same, executable;
	bool block_is_clean = false, dirty = false;
	unsigned long mmu_seq;
	struct page *page;
	u64 attr, old, *entry;
	kvm_pfn_t pfn, first;
	phys_addr_t start;
	int ret;

	ret = kvm_mmu_topup_memory_cache(cache, S2_NR_TABLES);
	if (ret)
		return ret;

	mmu_seq = kvm->mmu_invalidate_seq;
	/* Pairs with smp_wmb() in kvm_mmu_invalidate_end(). */
	smp_rmb();

	pfn = __gfn_to_pfn_memslot(slot, gfn, false, false, NULL, write,
				   &writable, NULL);
	if (pfn == KVM_PFN_ERR_HWPOISON) {
		send_sig_mceerr(BUS_MCEERR_AR, (void __user *)hva, PAGE_SHIFT,
				current);
		return 0;
	}
	if (is_error_noslot_pfn(pfn))
		return -EFAULT;

	/* Holes and no-map regions near memory have reserved struct pages. */
	page = kvm_pfn_to_refcounted_page(pfn);
	device = !page && !memblock_is_map_memory(__pfn_to_phys(pfn));
	if (device && exec) {
		/* Treat a fetch from a device like one from no memory. */
		kvm_inject_pabt(vcpu, kvm_vcpu_get_hfar(vcpu));
		return 0;
	}

	/* Fault on the first write, to log it. */
	if (logging && !write && !device)
		writable = false;

again:
	spin_lock(&kvm->mmu_lock);
	if (mmu_invalidate_retry(kvm, mmu_seq))
		goto out;

	block = !logging && !device && slot_has_block(slot, hva) &&
		host_has_block(current->mm, hva);
	if (block) {
		start = ipa & S2_BLOCK_MASK;
		first = pfn & ~(kvm_pfn_t)(S2_BLOCK_PAGES - 1);
	} else {
		start = ipa & PAGE_MASK;
		first = pfn;
	}

	old = stage2_leaf(kvm, start, &old_block);
	same = old && old_block == block &&
	       (old & LPAE_ADDR) == __pfn_to_phys(first);
	executable = same && !(old & LPAE_XN);

	if (block && !block_is_clean && (!same || (exec && !executable))) {
		spin_unlock(&kvm->mmu_lock);
		prepare_block(first, exec);
		block_is_clean = true;
		goto again;
	}

	if (device) {
		attr = S2_MEMATTR_DEV | LPAE_XN;
	} else {
		attr = S2_MEMATTR_WB | LPAE_SH_INNER;

		/*
		 * The guest may read the page with its caches off. A write
		 * fault may bring a page that is not clean yet: the copy of a
		 * copy-on-write.
		 */
		if (!same && !block)
			kvm_clean_guest_pages(pfn, 1);

		/* Invalidate the I-cache at the first fetch, not before. */
		if (exec && !executable && !block)
			kvm_invalidate_guest_icache(pfn, 1);
		else if (!exec && !executable)
			attr |= LPAE_XN;
	}

	/*
	 * A fault only adds permissions. MMU notifiers and the dirty log take
	 * them away, under mmu_lock.
	 */
	attr |= writable ? S2_HAP_RW : S2_HAP_RO;
	if (same)
		attr |= old & S2_HAP_W;
	entry = stage2_map(kvm, cache, start, __pfn_to_phys(first), attr, block);
	if (!logging && !device && !block)
		map_following(vcpu, slot, gfn, entry, exec);

	if (writable) {
		dirty = true;
		mark_page_dirty_in_slot(kvm, slot, gfn);
	}
out:
	if (page && dirty)
		kvm_release_page_dirty(page);
	else if (page)
		kvm_release_page_clean(page);
	spin_unlock(&kvm->mmu_lock);
	return 0;
}

static u64 leaf_mkyoung(u64 entry, void *arg)
{
	return entry | LPAE_AF;
}

static void handle_access_fault(struct kvm_vcpu *vcpu, phys_addr_t ipa)
{
	spin_lock(&vcpu->kvm->mmu_lock);
	stage2_update(vcpu->kvm, ipa & PAGE_MASK, PAGE_SIZE, leaf_mkyoung,
		      NULL);
	dsb(ishst);
	spin_unlock(&vcpu->kvm->mmu_lock);
}

/* Handle an access without memory, or a write to read-only memory. */
static int handle_mmio(struct kvm_vcpu *vcpu, phys_addr_t ipa)
{
	unsigned long far = kvm_vcpu_get_hfar(vcpu);

	if (kvm_vcpu_trap_is_iabt(vcpu)) {
		kvm_inject_pabt(vcpu, far);
		return 1;
	}

	/* A device cannot answer table walks or cache maintenance. */
	if (kvm_vcpu_dabt_iss1tw(vcpu)) {
		kvm_inject_dabt(vcpu, far);
		return 1;
	}

	if (kvm_vcpu_dabt_is_cm(vcpu)) {
		/* HSR.IL is not valid without ISV. MCR has 32 bits. */
		vcpu_hyp(vcpu)->fault.hsr |= HSR_IL;
		kvm_incr_pc(vcpu);
		return 1;
	}

	if (!kvm_vcpu_dabt_isvalid(vcpu))
		return kvm_emulate_access(vcpu, ipa);

	vcpu->arch.access.active = false;
	return io_mem_abort(vcpu, ipa);
}

/*
 * An abort other than a stage 2 fault belongs to the guest that made the
 * access. Inject a synchronous one as synchronous: if it waited for the guest
 * to unmask asynchronous aborts, the access would repeat and exit until then.
 * Inject one of a table walk as one of the access: the walk in question is that
 * of stage 2, whose levels say nothing about the guest's own tables.
 */
static void handle_other_abort(struct kvm_vcpu *vcpu)
{
	u8 fsc = kvm_vcpu_get_esr(vcpu) & HSR_FSC;

	switch (fsc) {
	case FSC_ASYNC_EA:
	case FSC_ASYNC_ECC:
		kvm_inject_vabt(vcpu);
		return;
	case FSC_ALIGNMENT:
		kvm_inject_abort(vcpu, FSC_ALIGNMENT);
		return;
	case FSC_TLB_CONFLICT:
		/* KVM owns the entries: flush them and let the guest retry. */
		stage2_flush_tlbs(vcpu->kvm);
		return;
	}

	switch (fsc & HSR_FSC_TYPE) {
	case FSC_SECC:
	case FSC_SECC_TTW:
		kvm_inject_abort(vcpu, FSC_SECC);
		return;
	default:
		kvm_inject_abort(vcpu, FSC_SEA);
	}
}

/**
 * kvm_handle_guest_abort() - handle a stage 2 fault or an external abort
 * @vcpu: the vcpu that took the abort, HSR.EC 0x20 or 0x24
 *
 * Context: may sleep.
 * Return: 1 to run the guest again, 0 to return to user space, or an error.
 */
int kvm_handle_guest_abort(struct kvm_vcpu *vcpu)
{
	phys_addr_t ipa = kvm_vcpu_get_fault_ipa(vcpu);
	unsigned long hva, far = kvm_vcpu_get_hfar(vcpu);
	struct kvm_memory_slot *slot;
	bool writable;
	int ret, idx;

	vcpu->stat.s2_fault_exit_stat++;
	trace_kvm_guest_fault(*vcpu_pc(vcpu), kvm_vcpu_get_esr(vcpu), far, ipa);

	switch (kvm_vcpu_trap_get_fault_type(vcpu)) {
	case FSC_FAULT:
	case FSC_PERM:
	case FSC_ACCESS:
		break;
	default:
		handle_other_abort(vcpu);
		return 1;
	}

	ipa |= far & ~PAGE_MASK;
	idx = srcu_read_lock(&vcpu->kvm->srcu);

	slot = gfn_to_memslot(vcpu->kvm, ipa >> PAGE_SHIFT);
	hva = gfn_to_hva_memslot_prot(slot, ipa >> PAGE_SHIFT, &writable);
	if (kvm_is_error_hva(hva) ||
	    (kvm_is_write_fault(vcpu) && !writable)) {
		ret = handle_mmio(vcpu, ipa);
	} else if (kvm_vcpu_trap_get_fault_type(vcpu) == FSC_ACCESS) {
		handle_access_fault(vcpu, ipa);
		ret = 1;
	} else {
		ret = user_mem_abort(vcpu, ipa, slot, hva);
		if (!ret)
			ret = 1;
	}

	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return ret;
}
