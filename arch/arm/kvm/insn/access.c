// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access the guest's memory as the guest would.
 */
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/memblock.h>
#include <linux/uaccess.h>

#include <asm/cacheflush.h>

#include "insn.h"

/**
 * struct memory - location of guest memory
 * @slot: the slot; looked up once, since slots may change between look-ups
 * @hva: the address in user space
 * @writable: the guest may write to it
 */
struct memory {
	struct kvm_memory_slot *slot;
	unsigned long hva;
	bool writable;
};

static bool find_memory(struct kvm_vcpu *vcpu, gpa_t gpa, struct memory *m)
{
	m->slot = gfn_to_memslot(vcpu->kvm, gpa_to_gfn(gpa));
	m->hva = gfn_to_hva_memslot_prot(m->slot, gpa_to_gfn(gpa), &m->writable);
	if (kvm_is_error_hva(m->hva))
		return false;

	m->hva += offset_in_page(gpa);

	return true;
}

/*
 * A device that user space has put into a slot is no memory: the kernel would take the
 * device's external abort as its own.
 *
 * The guest may have written memory around the caches: unless @cached, drop lines
 * that the host has fetched since the page was cleaned for stage 2.
 *
 * Return 0, -ENOENT for a device, or -EFAULT.
 */
static int prepare_memory(const struct memory *m, gpa_t gpa, unsigned int len, bool cached)
{
	kvm_pfn_t pfn = __gfn_to_pfn_memslot(m->slot, gpa_to_gfn(gpa), false,
					     false, NULL, false, NULL, NULL);
	int ret = 0;
	void *va;

	if (is_error_noslot_pfn(pfn))
		return -EFAULT;

	if (!memblock_is_map_memory(__pfn_to_phys(pfn))) {
		ret = -ENOENT;
	} else if (!cached) {
		va = kmap_local_pfn(pfn);
		__cpuc_flush_dcache_area(va + offset_in_page(gpa), len);
		kunmap_local(va);
	}
	kvm_release_pfn_clean(pfn);

	return ret;
}

/*
 * Load a doubleword by LDRD, which is single-copy atomic (A3.5.3): copy_from_user() would
 * load two words, and could see a half of each of two table entries.
 */
static int load_doubleword(void *data, unsigned long hva)
{
	unsigned int flags;
	u64 value = 0;
	int ret = 0;

	might_fault();
	flags = uaccess_save_and_enable();
	asm volatile("1:	ldrd	%1, %H1, [%2]\n"
		     "2:\n"
		     "	.pushsection .text.fixup, \"ax\"\n"
		     "	.align	2\n"
		     "3:	mov	%0, %3\n"
		     "	b	2b\n"
		     "	.popsection\n"
		     "	.pushsection __ex_table, \"a\"\n"
		     "	.align	3\n"
		     "	.long	1b, 3b\n"
		     "	.popsection"
		     : "+r" (ret), "+r" (value)
		     : "r" (hva), "i" (-EFAULT));
	uaccess_restore(flags);
	memcpy(data, &value, sizeof(value));

	return ret;
}

/**
 * kvm_insn_read_guest() - read a guest's memory as the guest would
 * @vcpu: the vcpu
 * @gpa: the address
 * @data: out: the bytes read
 * @len: in bytes, within a page
 * @cached: the guest is known to access the memory through its caches
 *
 * Eight bytes at an aligned address are read at once. The caller holds kvm->srcu.
 *
 * Context: may sleep.
 * Return: 0, -ENOENT if there is no memory at @gpa, or -EFAULT if user space does
 * not map it.
 */
int kvm_insn_read_guest(struct kvm_vcpu *vcpu, gpa_t gpa, void *data,
			unsigned int len, bool cached)
{
	struct memory m;
	int ret;

	if (!find_memory(vcpu, gpa, &m))
		return -ENOENT;

	ret = prepare_memory(&m, gpa, len, cached);
	if (ret)
		return ret;

	if (len == sizeof(u64) && IS_ALIGNED(gpa, sizeof(u64)))
		return load_doubleword(data, m.hva);

	return copy_from_user(data, (void __user *)m.hva, len) ? -EFAULT : 0;
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
	int ret;

	if (!find_memory(vcpu, gpa, &m) || !m.writable)
		return -ENOENT;

	ret = prepare_memory(&m, gpa, len, false);
	if (ret)
		return ret;
	if (copy_to_user((void __user *)m.hva, data, len))
		return -EFAULT;
	mark_page_dirty_in_slot(vcpu->kvm, m.slot, gpa_to_gfn(gpa));

	return prepare_memory(&m, gpa, len, false);
}
