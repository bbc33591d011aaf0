// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access the guest's memory as the guest would.
 */
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/memblock.h>
#include <linux/string.h>

#include <asm/cacheflush.h>

#include "insn.h"

/**
 * struct memory - a page of guest memory
 * @slot: the slot; looked up once, since slots may change between look-ups
 * @pfn: the page, with a reference
 * @page: where the kernel maps the page
 */
struct memory {
	struct kvm_memory_slot *slot;
	kvm_pfn_t pfn;
	void *page;
};

/*
 * Map the page of an address. A device that user space has put into a slot is no memory:
 * the kernel would take the device's external abort as its own.
 *
 * Return 0, -ENOENT or -EFAULT.
 */
static int map_memory(struct kvm_vcpu *vcpu, gpa_t gpa, bool write, struct memory *m)
{
	gfn_t gfn = gpa_to_gfn(gpa);
	bool writable;

	m->slot = gfn_to_memslot(vcpu->kvm, gfn);
	if (kvm_is_error_hva(gfn_to_hva_memslot_prot(m->slot, gfn, &writable)) ||
	    (write && !writable))
		return -ENOENT;

	m->pfn = __gfn_to_pfn_memslot(m->slot, gfn, false, false, NULL, write, NULL, NULL);
	if (is_error_noslot_pfn(m->pfn))
		return -EFAULT;

	if (!memblock_is_map_memory(__pfn_to_phys(m->pfn))) {
		kvm_release_pfn_clean(m->pfn);
		return -ENOENT;
	}

	m->page = kmap_local_pfn(m->pfn);

	return 0;
}

/**
 * kvm_insn_read_guest() - read a guest's memory as the guest would
 * @vcpu: the vcpu
 * @gpa: the address
 * @data: out: the bytes read
 * @len: in bytes, within a page
 * @cached: the guest is known to access the memory through its caches
 *
 * The caller holds kvm->srcu.
 *
 * Context: may sleep.
 * Return: 0, -ENOENT if there is no memory at @gpa, or -EFAULT if user space does
 * not map it.
 */
int kvm_insn_read_guest(struct kvm_vcpu *vcpu, gpa_t gpa, void *data,
			unsigned int len, bool cached)
{
	struct memory m;
	void *from;
	int ret;

	ret = map_memory(vcpu, gpa, false, &m);
	if (ret)
		return ret;

	from = m.page + offset_in_page(gpa);
	/*
	 * The guest may have written around the caches: drop lines that the host has
	 * fetched since the page was cleaned for stage 2.
	 */
	if (!cached)
		__cpuc_flush_dcache_area(from, len);
	memcpy(data, from, len);

	kunmap_local(m.page);
	kvm_release_pfn_clean(m.pfn);

	return 0;
}

/**
 * kvm_insn_write_guest() - write a guest's memory as the guest would
 * @vcpu: the vcpu
 * @gpa: the address
 * @data: the bytes to write
 * @len: in bytes, within a page
 *
 * The guest may access the memory around the caches. The caller holds kvm->srcu.
 *
 * Context: may sleep.
 * Return: as kvm_insn_read_guest(); -ENOENT also if the guest may not write.
 */
int kvm_insn_write_guest(struct kvm_vcpu *vcpu, gpa_t gpa, const void *data,
			 unsigned int len)
{
	struct memory m;
	void *to;
	int ret;

	ret = map_memory(vcpu, gpa, true, &m);
	if (ret)
		return ret;

	to = m.page + offset_in_page(gpa);
	/* Before, for what else is in the lines; after, for what the guest reads. */
	__cpuc_flush_dcache_area(to, len);
	memcpy(to, data, len);
	__cpuc_flush_dcache_area(to, len);

	kunmap_local(m.page);
	kvm_release_pfn_dirty(m.pfn);
	mark_page_dirty_in_slot(vcpu->kvm, m.slot, gpa_to_gfn(gpa));

	return 0;
}
