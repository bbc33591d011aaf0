/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stage 2 of the guests and the mappings of Hyp mode.
 */
#ifndef __ARM_KVM_MMU_H__
#define __ARM_KVM_MMU_H__

#include <linux/kvm_host.h>

#include <asm/cacheflush.h>
#include <asm/kvm_arm.h>

#define KVM_PHYS_SHIFT		40
#define KVM_PHYS_SIZE		BIT_ULL(KVM_PHYS_SHIFT)

static inline u64 kvm_phys_size(const struct kvm_s2_mmu *mmu)
{
	return KVM_PHYS_SIZE;
}

static inline u64 kvm_phys_mask(const struct kvm_s2_mmu *mmu)
{
	return KVM_PHYS_SIZE - 1;
}

/* Write a descriptor at once, since hardware may walk it: STRD is atomic with LPAE. */
static inline void kvm_set_entry(u64 *entry, u64 val)
{
	asm volatile("strd %1, %H1, %0" : "=Qo" (*entry) : "r" (val));
}

/* Hyp mode: arch/arm/kvm/hyp-mmu.c */
int kvm_hyp_mmu_init(void);
void kvm_hyp_mmu_free(void);
phys_addr_t kvm_hyp_httbr(void);
int kvm_hyp_map(const void *start, size_t size, u64 attr);
void kvm_hyp_unmap(const void *start, size_t size);
int create_hyp_io_mappings(phys_addr_t phys_addr, size_t size,
			   void __iomem **kaddr, void __iomem **haddr);

/* Stage 2: arch/arm/kvm/mmu.c, walker in arch/arm/kvm/stage2.c */
int kvm_init_stage2_mmu(struct kvm *kvm);
void kvm_free_stage2_mmu(struct kvm *kvm);
void stage2_unmap_vm(struct kvm *kvm);
int kvm_phys_addr_ioremap(struct kvm *kvm, phys_addr_t guest_ipa,
			  phys_addr_t pa, unsigned long size, bool writable);
int kvm_handle_guest_abort(struct kvm_vcpu *vcpu);

/* Guests that turn their caches on and off: arch/arm/kvm/flush.c */
void kvm_set_way_flush(struct kvm_vcpu *vcpu);
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled);

static inline bool vcpu_has_cache_enabled(struct kvm_vcpu *vcpu)
{
	u32 on = CR_M | CR_C;

	return (vcpu_cp15(vcpu, SCTLR) & on) == on;
}

/* kvm_write_guest() for callers outside of an SRCU section */
static inline int kvm_write_guest_lock(struct kvm *kvm, gpa_t gpa,
				       const void *data, unsigned long len)
{
	int idx = srcu_read_lock(&kvm->srcu);
	int ret = kvm_write_guest(kvm, gpa, data, len);

	srcu_read_unlock(&kvm->srcu, idx);
	return ret;
}

/**
 * kvm_get_vttbr() - return the VTTBR of a VM
 * @mmu: stage 2 of the VM
 *
 * kvm_arm_vmid_update() sets the VMID. ARMv7 has no CnP.
 *
 * Return: the value.
 */
static inline u64 kvm_get_vttbr(struct kvm_s2_mmu *mmu)
{
	u64 vmid = atomic64_read(&mmu->vmid.id) & (BIT(VTTBR_VMID_BITS) - 1);

	return mmu->pgd_phys | (vmid << VTTBR_VMID_SHIFT);
}

#endif /* __ARM_KVM_MMU_H__ */
