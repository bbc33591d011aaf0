// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access the guest's memory, and fetch the instruction that made a vcpu exit.
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
 * The guest may have written memory around the caches: drop lines that the host
 * has fetched since the page was cleaned for stage 2.
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
 * @data: the bytes to write
 * @len: in bytes, within a page
 * @cached: the guest is known to access the memory through its caches
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
 * Translate before and after the read: if the translations agree, the page was
 * code during the read. Return 1, 0 if they do not, or an error.
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
 * kvm_insn_fetch() - read the instruction at a vcpu's PC
 * @vcpu: the vcpu
 * @insn: out: the instruction; the first halfword of a 32-bit Thumb one is in
 *	bits 31:16
 * @wide: out: true if it has 32 bits
 *
 * Instructions are little-endian, whatever CPSR.E says. The caller holds
 * kvm->srcu.
 *
 * Context: may sleep.
 * Return: 1, 0 if PC no longer points to an instruction, or an error.
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

	/* The halfwords may be in different pages. */
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
