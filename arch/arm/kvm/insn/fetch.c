// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's memory, and the instruction in it that made a vcpu exit.
 */
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/memblock.h>
#include <linux/uaccess.h>

#include <asm/cacheflush.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "insn.h"

/**
 * struct memory - where the guest's memory is
 * @slot: its slot: one, while others may come and go
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
 * What a guest has written around the caches is not in them, but lines may be
 * that the host has fetched since the page was cleaned for stage 2.
 */
static int drop_lines(const struct memory *m, gpa_t gpa, unsigned int len)
{
	kvm_pfn_t pfn = __gfn_to_pfn_memslot(m->slot, gpa_to_gfn(gpa), false,
					     false, NULL, false, NULL, NULL);
	void *va;

	if (is_error_noslot_pfn(pfn))
		return -EFAULT;

	if (memblock_is_map_memory(__pfn_to_phys(pfn))) {
		va = kmap_local_pfn(pfn);
		__cpuc_flush_dcache_area(va + offset_in_page(gpa), len);
		kunmap_local(va);
	}
	kvm_release_pfn_clean(pfn);
	return 0;
}

/**
 * kvm_insn_read_guest() - read a guest's memory as the guest would
 * @vcpu: the vcpu
 * @gpa: the address
 * @data: out: what is there
 * @len: in bytes, within a page
 * @cached: the guest certainly reads it through its caches
 *
 * The caller holds kvm->srcu.
 *
 * Context: may sleep.
 * Return: 0; -ENOENT if there is no memory, -EFAULT if user space has none
 * for it.
 */
int kvm_insn_read_guest(struct kvm_vcpu *vcpu, gpa_t gpa, void *data,
			unsigned int len, bool cached)
{
	struct memory m;
	int ret;

	if (!find_memory(vcpu, gpa, &m))
		return -ENOENT;

	ret = cached ? 0 : drop_lines(&m, gpa, len);
	if (ret)
		return ret;

	return copy_from_user(data, (void __user *)m.hva, len) ? -EFAULT : 0;
}

/**
 * kvm_insn_write_guest() - write a guest's memory as the guest would
 * @vcpu: the vcpu
 * @gpa: the address
 * @data: what is to be there
 * @len: in bytes, within a page
 * @cached: the guest certainly writes it through its caches
 *
 * The caller holds kvm->srcu.
 *
 * Context: may sleep.
 * Return: as kvm_insn_read_guest(); -ENOENT also if the guest may not write.
 */
int kvm_insn_write_guest(struct kvm_vcpu *vcpu, gpa_t gpa, const void *data,
			 unsigned int len, bool cached)
{
	struct memory m;
	int ret;

	if (!find_memory(vcpu, gpa, &m) || !m.writable)
		return -ENOENT;

	ret = cached ? 0 : drop_lines(&m, gpa, len);
	if (ret)
		return ret;
	if (copy_to_user((void __user *)m.hva, data, len))
		return -EFAULT;
	mark_page_dirty_in_slot(vcpu->kvm, m.slot, gpa_to_gfn(gpa));

	return cached ? 0 : drop_lines(&m, gpa, len);
}

/*
 * The translation is looked up twice: if it is the same after the read, then
 * the page was code when it was read. Returns 1, 0 if it was not, or an error.
 */
static int read_code(struct kvm_vcpu *vcpu, u32 pc, void *code,
		     unsigned int len)
{
	struct kvm_walk walk, again;
	int ret;

	ret = kvm_walk_stage1(vcpu, pc, KVM_WALK_ANY, &walk);
	if (ret)
		return ret < 0 ? ret : 0;

	ret = kvm_insn_read_guest(vcpu, walk.ipa, code, len, false);
	if (ret)
		return ret == -ENOENT ? 0 : ret;

	ret = kvm_walk_stage1(vcpu, pc, KVM_WALK_ANY, &again);
	if (ret)
		return ret < 0 ? ret : 0;

	return walk.ipa == again.ipa;
}

/**
 * kvm_insn_fetch() - read the instruction that a vcpu is at
 * @vcpu: the vcpu
 * @insn: out: the instruction; of a 32-bit Thumb one the first halfword is in
 *	bits 31:16
 * @wide: out: it has 32 bits
 *
 * Instructions are little-endian, whatever the data are. The caller holds
 * kvm->srcu.
 *
 * Context: may sleep.
 * Return: 1, or 0 if there is none any more, or an error.
 */
int kvm_insn_fetch(struct kvm_vcpu *vcpu, u32 *insn, bool *wide)
{
	u32 pc = *vcpu_pc(vcpu);
	__le16 half[2];
	__le32 word;
	int ret;

	if (!(*vcpu_cpsr(vcpu) & PSR_T_BIT)) {
		*wide = true;
		ret = read_code(vcpu, pc & ~3, &word, sizeof(word));
		if (ret > 0)
			*insn = le32_to_cpu(word);
		return ret;
	}

	/* The halves may be in two pages */
	ret = read_code(vcpu, pc & ~1, &half[0], sizeof(half[0]));
	if (ret <= 0)
		return ret;

	*insn = le16_to_cpu(half[0]);
	*wide = kvm_insn_is_wide(*insn);
	if (!*wide)
		return 1;

	ret = read_code(vcpu, (pc & ~1) + 2, &half[1], sizeof(half[1]));
	if (ret > 0)
		*insn = *insn << 16 | le16_to_cpu(half[1]);
	return ret;
}
