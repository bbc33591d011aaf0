// SPDX-License-Identifier: GPL-2.0-only
/*
 * TLB maintenance that is possible in Hyp mode only (ARM DDI 0406C, B3.10).
 * ARMv7 cannot invalidate by IPA: a change of stage 2 flushes the whole VMID.
 */
#include <asm/kvm_hyp.h>

static void __hyp_text load_vttbr(u32 low, u32 high)
{
	write_sysreg((u64)high << 32 | low, VTTBR);
	isb();
}

static void __hyp_text unload_vttbr(void)
{
	dsb(ish);
	isb();
	write_sysreg(0ULL, VTTBR);
}

/**
 * __kvm_tlb_flush_vmid() - flush all TLB entries of a VM, on all CPUs
 * @vttbr_low: VTTBR of the VM, bits 31:0
 * @vttbr_high: bits 63:32, with the VMID
 *
 * The caller has completed its stores to the tables: see stage2_flush_tlbs().
 */
void __hyp_text __kvm_tlb_flush_vmid(u32 vttbr_low, u32 vttbr_high)
{
	load_vttbr(vttbr_low, vttbr_high);
	write_sysreg(0, TLBIALLIS);
	unload_vttbr();
}

/**
 * __kvm_flush_cpu_context() - flush a VM's TLB entries and the I-cache of this CPU
 * @vttbr_low: VTTBR of the VM, bits 31:0
 * @vttbr_high: bits 63:32, with the VMID
 *
 * Called when another vcpu of the VM ran here last, since it may use the same
 * ASIDs for different address spaces.
 */
void __hyp_text __kvm_flush_cpu_context(u32 vttbr_low, u32 vttbr_high)
{
	load_vttbr(vttbr_low, vttbr_high);
	write_sysreg(0, TLBIALL);
	write_sysreg(0, ICIALLU_LOCAL);
	dsb(nsh);
	isb();
	write_sysreg(0ULL, VTTBR);
}

/**
 * __kvm_flush_vm_context() - flush the PL1&0 TLB entries and I-caches of all CPUs
 *
 * Called before VMIDs are reused.
 */
void __hyp_text __kvm_flush_vm_context(void)
{
	write_sysreg(0, TLBIALLNSNHIS);
	write_sysreg(0, ICIALLUIS);
	dsb(ish);
}

/**
 * __kvm_tlb_flush_hyp() - flush all TLB entries of Hyp mode, on all CPUs
 */
void __hyp_text __kvm_tlb_flush_hyp(void)
{
	dsb(ishst);
	write_sysreg(0, TLBIALLHIS);
	dsb(ish);
	isb();
}
