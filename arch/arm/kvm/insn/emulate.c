// SPDX-License-Identifier: GPL-2.0-only
/*
 * Emulate loads and stores of devices that HSR does not describe (HSR.ISV is
 * 0): those of several registers or with writeback. Read the instruction from
 * the guest's memory and carry out its accesses one by one.
 *
 * Read registers before the first access and write them after the last one. In
 * between, PC stays at the instruction and all progress is in
 * vcpu->arch.access: an instruction that is not completed starts over.
 */
#include <linux/kvm_host.h>
#include <trace/events/kvm.h>

#include <asm/cacheflush.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>
#include <asm/vfp.h>

#include <kvm/iodev.h>

#include "../stage2.h"
#include "../trace.h"
#include "insn.h"

/* CPACR: access to coprocessors 10 and 11 */
#define CPACR_VFP_PL1		BIT(20)
#define CPACR_VFP_PL0		BIT(21)

/* HDFAR and the instruction's addresses are compared by page. */
static u32 page_of(u32 va)
{
	return va >> PAGE_SHIFT;
}

static bool decode(struct kvm_vcpu *vcpu, u32 insn, struct kvm_insn *i)
{
	/* ThumbEE, which guests do not have, encodes some instructions differently. */
	if (*vcpu_cpsr(vcpu) & PSR_J_BIT)
		return false;

	return kvm_insn_is_thumb(vcpu) ? kvm_decode_thumb(insn, i) :
					 kvm_decode_arm(insn, i);
}

/* ---- is it what the vcpu left for? --------------------------------------- */

/* With VFP off, the registers may belong to another process than the running one. */
static bool vfp_accessible(struct kvm_vcpu *vcpu)
{
	u32 need = CPACR_VFP_PL1;

	if (!vcpu_mode_priv(vcpu))
		need |= CPACR_VFP_PL0;

	return vcpu_ctxt(vcpu)->vfp.fpexc & FPEXC_EN &&
	       (vcpu_cp15(vcpu, CPACR) & need) == need;
}

/*
 * Check that the fetched instruction could have caused the fault. If not, the
 * guest has replaced the one that did.
 */
static bool matches_fault(struct kvm_vcpu *vcpu, u32 insn)
{
	const struct kvm_insn_access *a = &vcpu->arch.access;
	const struct kvm_insn *i = &a->insn;
	u32 far = page_of(kvm_vcpu_get_hfar(vcpu));

	if (!kvm_condition_holds(vcpu, kvm_insn_is_thumb(vcpu) ? -1 : (int)(insn >> 28)))
		return false;
	if (i->class == KVM_INSN_VFP && !vfp_accessible(vcpu))
		return false;
	if (i->class != KVM_INSN_SWAP &&
	    i->load == kvm_vcpu_dabt_iswrite(vcpu))
		return false;
	/* Unaligned, it would have caused an alignment fault. */
	if (i->class != KVM_INSN_SINGLE && a->address & (min(i->size, 4) - 1))
		return false;

	return far == page_of(a->address) ||
	       far == page_of(a->address + i->nr * i->size - 1);
}

/*
 * The guest is changing code or tables, or has changed them without the
 * required maintenance: it may run an instruction that is no longer in memory.
 * Flush, and let it run again.
 */
static int try_again(struct kvm_vcpu *vcpu)
{
	stage2_flush_tlbs(vcpu->kvm);
	__flush_icache_all();
	return 1;
}

/*
 * The instruction cannot be decoded. If it is no load or store, then it is not
 * the one that faulted.
 */
static int refuse(struct kvm_vcpu *vcpu, u32 insn, phys_addr_t fault_ipa)
{
	if (!(kvm_insn_is_thumb(vcpu) ? kvm_accesses_thumb(insn) :
					kvm_accesses_arm(insn)))
		return try_again(vcpu);

	if (test_bit(KVM_ARCH_FLAG_RETURN_NISV_IO_ABORT_TO_USER,
		     &vcpu->kvm->arch.flags))
		return io_mem_abort(vcpu, fault_ipa);

	trace_kvm_mmio_nisv(*vcpu_pc(vcpu), kvm_vcpu_get_esr(vcpu),
			    kvm_vcpu_get_hfar(vcpu), fault_ipa);
	kvm_inject_dabt(vcpu, kvm_vcpu_get_hfar(vcpu));
	return 1;
}

/* ---- the accesses -------------------------------------------------------- */

static bool is_write(const struct kvm_insn_access *a)
{
	if (a->insn.class == KVM_INSN_SWAP)
		return a->pos >= a->insn.size;

	return !a->insn.load;
}

/* SWP loads from and stores to the same address. */
static u32 offset_of(const struct kvm_insn_access *a)
{
	return a->insn.class == KVM_INSN_SWAP ? a->pos % a->insn.size : a->pos;
}

static phys_addr_t ipa_of(const struct kvm_insn_access *a, u32 va)
{
	return a->page[page_of(va) != page_of(a->address)] +
	       offset_in_page(va);
}

/* The distributor has no 64-bit accesses. */
static bool is_gic(struct kvm_vcpu *vcpu, phys_addr_t ipa)
{
	const struct vgic_dist *dist = &vcpu->kvm->arch.vgic;

	return irqchip_in_kernel(vcpu->kvm) && ipa >= dist->vgic_dist_base &&
	       ipa - dist->vgic_dist_base < KVM_VGIC_V2_DIST_SIZE;
}

/*
 * Access a whole register at once if it is aligned or does not cross a page,
 * otherwise byte by byte.
 */
static unsigned int part_len(struct kvm_vcpu *vcpu,
			     const struct kvm_insn_access *a)
{
	unsigned int size = a->insn.size;
	u32 first = a->address + round_down(offset_of(a), size);

	/* Access both registers at once. */
	if (a->insn.class == KVM_INSN_DUAL) {
		size = 8;
		first = a->address;
	}
	if (size == 8 && (a->pos % 8 || !IS_ALIGNED(first, 8) ||
			  is_gic(vcpu, ipa_of(a, first))))
		size = 4;

	return !IS_ALIGNED(first, size) &&
	       offset_in_page(first) + size > PAGE_SIZE ? 1 : size;
}

/* Return 1, 0 to exit to user space, or an error. */
static int device_access(struct kvm_vcpu *vcpu, u32 va, phys_addr_t ipa)
{
	struct kvm_insn_access *a = &vcpu->arch.access;
	void *data = a->data + a->pos;
	struct kvm_run *run = vcpu->run;
	bool write = is_write(a);

	if (write) {
		trace_kvm_mmio(KVM_TRACE_MMIO_WRITE, a->len, ipa, data);
		if (!kvm_io_bus_write(vcpu, KVM_MMIO_BUS, ipa, a->len, data)) {
			vcpu->stat.mmio_exit_kernel++;
			return 1;
		}
		memcpy(run->mmio.data, data, a->len);
	} else {
		trace_kvm_mmio(KVM_TRACE_MMIO_READ_UNSATISFIED, a->len, ipa,
			       NULL);
		if (!kvm_io_bus_read(vcpu, KVM_MMIO_BUS, ipa, a->len, data)) {
			trace_kvm_mmio(KVM_TRACE_MMIO_READ, a->len, ipa, data);
			vcpu->stat.mmio_exit_kernel++;
			return 1;
		}
	}

	/* An abort by KVM_SET_VCPU_EVENTS takes DFAR from here. */
	vcpu_hyp(vcpu)->fault.hxfar = va;
	vcpu->stat.mmio_exit_user++;
	run->exit_reason = KVM_EXIT_MMIO;
	run->mmio.is_write = write;
	run->mmio.phys_addr = ipa;
	run->mmio.len = a->len;
	vcpu->mmio_needed = 1;
	a->active = true;
	return 0;
}

static int access_part(struct kvm_vcpu *vcpu)
{
	struct kvm_insn_access *a = &vcpu->arch.access;
	u32 va = a->address + offset_of(a);
	phys_addr_t ipa = ipa_of(a, va);
	void *data = a->data + a->pos;
	int ret;

	a->len = part_len(vcpu, a);
	/* Not cached: stage 1 may map the page with any memory type. */
	ret = is_write(a) ?
	      kvm_insn_write_guest(vcpu, ipa, data, a->len) :
	      kvm_insn_read_guest(vcpu, ipa, data, a->len, false);
	if (ret == -ENOENT)
		return device_access(vcpu, va, ipa);
	return ret ? ret : 1;
}

/* ---- all of it ------------------------------------------------------------ */

/* Find the nth page of the access. Return false if there is none. */
static bool page_at(const struct kvm_insn_access *a, unsigned int n, u32 *va)
{
	u32 last = a->address + a->insn.nr * a->insn.size - 1;

	*va = n ? last & PAGE_MASK : a->address;

	return !n || (n == 1 && page_of(a->address) != page_of(last));
}

static unsigned int wanted_access(struct kvm_vcpu *vcpu)
{
	const struct kvm_insn_access *a = &vcpu->arch.access;
	unsigned int access = 0;

	if (is_write(a) || a->insn.class == KVM_INSN_SWAP)
		access |= KVM_WALK_WRITE;
	if (a->insn.unprivileged || !vcpu_mode_priv(vcpu))
		access |= KVM_WALK_USER;

	return access;
}

/* Return 1 if the pages can be accessed, 0 if not, or an error. */
static int find_pages(struct kvm_vcpu *vcpu, phys_addr_t fault_ipa)
{
	struct kvm_insn_access *a = &vcpu->arch.access;
	u32 far = page_of(kvm_vcpu_get_hfar(vcpu)), va;
	/* Hardware has checked the load of a swap that faulted as a load. */
	bool checked = a->insn.class != KVM_INSN_SWAP || kvm_vcpu_dabt_iswrite(vcpu);
	struct kvm_walk walk;
	unsigned int n;
	int ret;

	for (n = 0; page_at(a, n, &va); n++) {
		/* Hardware has translated this page and checked its permissions. */
		if (page_of(va) == far && checked) {
			a->page[n] = fault_ipa & PAGE_MASK;
			continue;
		}

		ret = kvm_walk_stage1(vcpu, va, wanted_access(vcpu), &walk);
		if (ret < 0)
			return ret;
		if (ret) {
			/* DFSR has the direction of HSR. */
			if (!checked)
				vcpu_hyp(vcpu)->fault.hsr |= HSR_WNR;
			kvm_inject_dabt_fsr(vcpu, va, walk.fsr);
			return 0;
		}
		a->page[n] = walk.ipa & PAGE_MASK;
		if (page_of(va) == far && a->page[n] != (fault_ipa & PAGE_MASK)) {
			try_again(vcpu);
			return 0;
		}
	}

	return 1;
}

/*
 * While user space did a part, another vcpu may have unmapped a page from the
 * guest's program and reused it; in hardware, the TLB maintenance would have
 * waited for the access. Return 0 if so, 1 if not, or an error.
 */
static int find_pages_again(struct kvm_vcpu *vcpu)
{
	struct kvm_insn_access *a = &vcpu->arch.access;
	struct kvm_walk walk;
	unsigned int n;
	int ret;
	u32 va;

	/* The access is all on the device's page. */
	if (!page_at(a, 1, &va))
		return 1;

	for (n = 0; page_at(a, n, &va); n++) {
		ret = kvm_walk_stage1(vcpu, va, wanted_access(vcpu), &walk);
		if (ret < 0)
			return ret;
		if (ret || (walk.ipa & PAGE_MASK) != a->page[n])
			return 0;
	}

	return 1;
}

static int do_access(struct kvm_vcpu *vcpu)
{
	struct kvm_insn_access *a = &vcpu->arch.access;
	int ret;

	while (a->pos < a->end) {
		ret = access_part(vcpu);
		if (ret <= 0)
			return ret;
		a->pos += a->len;
	}

	kvm_insn_write_registers(vcpu, a);
	return 1;
}

/**
 * kvm_emulate_access() - emulate a load or store that HSR does not describe
 * @vcpu: the vcpu, with the syndrome and the address of its exit
 * @fault_ipa: the faulting address: no memory, or read-only memory
 *
 * The caller holds kvm->srcu.
 *
 * Context: may sleep.
 * Return: as kvm_handle_exit().
 */
int kvm_emulate_access(struct kvm_vcpu *vcpu, phys_addr_t fault_ipa)
{
	struct kvm_insn_access *a = &vcpu->arch.access;
	u32 insn, *hsr = &vcpu_hyp(vcpu)->fault.hsr;
	bool wide;
	int ret;

	a->active = false;
	ret = kvm_insn_fetch(vcpu, &insn, &wide);
	if (ret <= 0)
		return ret ? ret : try_again(vcpu);

	if (!decode(vcpu, insn, &a->insn))
		return refuse(vcpu, insn, fault_ipa);

	kvm_insn_address(vcpu, a);
	if (!matches_fault(vcpu, insn))
		return try_again(vcpu);

	/* HSR.IL is not valid without ISV, but kvm_skip_instr32() uses it. */
	*hsr = wide ? *hsr | HSR_IL : *hsr & ~HSR_IL;

	a->pos = 0;
	a->end = a->insn.nr * a->insn.size;
	if (a->insn.class == KVM_INSN_SWAP)
		a->end *= 2;

	ret = find_pages(vcpu, fault_ipa);
	if (ret <= 0)
		return ret ? ret : 1;

	kvm_insn_read_registers(vcpu, a);
	return do_access(vcpu);
}

/**
 * kvm_complete_mmio() - complete the access of a KVM_EXIT_MMIO
 * @vcpu: the vcpu, loaded
 *
 * Go on with the instruction, up to its next access that user space has to do.
 *
 * Context: may sleep.
 * Return: as kvm_handle_exit().
 */
int kvm_complete_mmio(struct kvm_vcpu *vcpu)
{
	struct kvm_insn_access *a = &vcpu->arch.access;
	void *data = a->data + a->pos;
	int ret, idx;

	if (!a->active)
		return kvm_handle_mmio_return(vcpu);

	a->active = false;
	/* A reset or an abort has cancelled the access. */
	if (!vcpu->mmio_needed)
		return 1;

	vcpu->mmio_needed = 0;
	if (!is_write(a)) {
		memcpy(data, vcpu->run->mmio.data, a->len);
		trace_kvm_mmio(KVM_TRACE_MMIO_READ, a->len,
			       vcpu->run->mmio.phys_addr, data);
	}
	a->pos += a->len;

	idx = srcu_read_lock(&vcpu->kvm->srcu);
	ret = find_pages_again(vcpu);
	if (ret > 0)
		ret = do_access(vcpu);
	else if (!ret)
		ret = 1;	/* Start over */
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return ret;
}
