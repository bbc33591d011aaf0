// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address space of Hyp mode: one set of tables for all CPUs.
 *
 * Hyp addresses are kernel addresses. The tables map the kernel's text and
 * read-only data, one page for each CPU and one for each vcpu and, at its
 * identity address, the code that turns the Hyp MMU on and off.
 *
 * Format: ARM DDI 0406C, B3.6, three levels of 1 GiB, 2 MiB, 4 KiB.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/mutex.h>

#include <asm/idmap.h>
#include <asm/kvm_mmu.h>
#include <asm/sections.h>

#define HYP_PGD_SHIFT	30
#define HYP_PMD_SHIFT	21
#define HYP_PTRS	512

/* arch/arm/mm/proc-v7-3level.S has 0xff, Normal Write-Back, at index 7 of MAIR */
#define HYP_ATTR_NORMAL	(HYP_ATTRINDX(7) | LPAE_SH_INNER)
#define HYP_ATTR_TEXT	(HYP_ATTR_NORMAL | HYP_AP_RO)
#define HYP_ATTR_RODATA	(HYP_ATTR_NORMAL | HYP_AP_RO | LPAE_XN)

static DEFINE_MUTEX(hyp_mmu_lock);
static u64 *hyp_pgd;

static int hyp_index(unsigned long addr, int shift)
{
	return (addr >> shift) & (HYP_PTRS - 1);
}

static u64 *hyp_table(u64 *entry, bool alloc)
{
	if (!*entry) {
		u64 *table = NULL;

		if (alloc)
			table = (u64 *)get_zeroed_page(GFP_KERNEL);
		if (!table)
			return NULL;

		/* Zero the table before a walk can find it. */
		dsb(ishst);
		kvm_set_entry(entry, __pa(table) | LPAE_TABLE);
	}

	return __va(*entry & LPAE_ADDR);
}

static u64 *hyp_pte(unsigned long addr, bool alloc)
{
	u64 *table = hyp_table(&hyp_pgd[addr >> HYP_PGD_SHIFT], alloc);

	if (table)
		table = hyp_table(&table[hyp_index(addr, HYP_PMD_SHIFT)],
				  alloc);

	return table ? &table[hyp_index(addr, PAGE_SHIFT)] : NULL;
}

static int hyp_map_pages(unsigned long addr, unsigned long end,
			 phys_addr_t pa, u64 attr)
{
	attr |= LPAE_PAGE | LPAE_AF | HYP_AP_SBO;
	addr &= PAGE_MASK;
	pa &= PAGE_MASK;

	for (; addr < end; addr += PAGE_SIZE, pa += PAGE_SIZE) {
		u64 *pte = hyp_pte(addr, true);

		if (!pte)
			return -ENOMEM;

		/* The identity map must not share an address with the rest. */
		if (*pte && *pte != (pa | attr))
			return -EBUSY;

		kvm_set_entry(pte, pa | attr);
	}

	dsb(ishst);
	return 0;
}

/**
 * kvm_hyp_map() - map memory in Hyp mode, at its kernel address
 * @start: first byte, in the linear map
 * @size: in bytes; whole pages are mapped
 * @attr: HYP_AP_RO, LPAE_XN, or 0
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or -EBUSY if the address is mapped differently already.
 */
int kvm_hyp_map(const void *start, size_t size, u64 attr)
{
	unsigned long addr = (unsigned long)start;
	int ret;

	mutex_lock(&hyp_mmu_lock);
	ret = hyp_map_pages(addr, addr + size, __pa(start),
			    attr | HYP_ATTR_NORMAL);
	mutex_unlock(&hyp_mmu_lock);

	return ret;
}

/**
 * kvm_hyp_unmap() - unmap memory from Hyp mode
 * @start: as passed to kvm_hyp_map()
 * @size: as passed to kvm_hyp_map()
 *
 * Flush the Hyp mode entries of all CPUs' TLBs.
 *
 * Context: may sleep.
 */
void kvm_hyp_unmap(const void *start, size_t size)
{
	unsigned long addr = (unsigned long)start & PAGE_MASK;
	unsigned long end = (unsigned long)start + size;

	mutex_lock(&hyp_mmu_lock);
	for (; addr < end; addr += PAGE_SIZE) {
		u64 *pte = hyp_pte(addr, false);

		if (pte)
			kvm_set_entry(pte, 0);
	}
	kvm_call_hyp(__kvm_tlb_flush_hyp);
	mutex_unlock(&hyp_mmu_lock);
}

/**
 * create_hyp_io_mappings() - map the GIC's virtual interface registers
 * @phys_addr: their physical address
 * @size: in bytes
 * @kaddr: set to their kernel address
 * @haddr: set to NULL: the host writes the list registers, Hyp mode never
 *	accesses a device
 *
 * Return: 0 or -ENOMEM.
 */
int create_hyp_io_mappings(phys_addr_t phys_addr, size_t size,
			   void __iomem **kaddr, void __iomem **haddr)
{
	*haddr = NULL;
	*kaddr = ioremap(phys_addr, size);

	return *kaddr ? 0 : -ENOMEM;
}

/**
 * kvm_hyp_httbr() - return the base of the Hyp tables, for HTTBR
 *
 * Return: the physical address.
 */
phys_addr_t kvm_hyp_httbr(void)
{
	return __pa(hyp_pgd);
}

/**
 * kvm_hyp_mmu_free() - free the Hyp tables
 *
 * No CPU may use the tables any more.
 */
void kvm_hyp_mmu_free(void)
{
	int i, j;

	for (i = 0; hyp_pgd && i < HYP_PTRS; i++) {
		u64 *table;

		if (!hyp_pgd[i])
			continue;
		table = __va(hyp_pgd[i] & LPAE_ADDR);
		for (j = 0; j < HYP_PTRS; j++)
			if (table[j])
				free_page((unsigned long)__va(table[j] &
							      LPAE_ADDR));
		free_page((unsigned long)table);
	}

	free_page((unsigned long)hyp_pgd);
	hyp_pgd = NULL;
}

/**
 * kvm_hyp_mmu_init() - build the Hyp tables
 *
 * Return: 0, -ENOMEM, or -EBUSY on a board where the kernel's identity-mapped
 * text collides with its virtual addresses.
 */
int kvm_hyp_mmu_init(void)
{
	unsigned long idmap = virt_to_idmap(__idmap_text_start);
	unsigned long idmap_end = virt_to_idmap(__idmap_text_end);
	int ret;

	hyp_pgd = (u64 *)get_zeroed_page(GFP_KERNEL);
	if (!hyp_pgd)
		return -ENOMEM;

	ret = hyp_map_pages(idmap, idmap_end, idmap, HYP_ATTR_TEXT);
	if (!ret)
		ret = kvm_hyp_map(_stext, _etext - _stext, HYP_ATTR_TEXT);
	if (!ret)
		ret = kvm_hyp_map(__start_rodata,
				  __end_rodata - __start_rodata,
				  HYP_ATTR_RODATA);
	if (ret) {
		kvm_err("Hyp mode cannot be mapped: %d\n", ret);
		kvm_hyp_mmu_free();
	}

	return ret;
}
