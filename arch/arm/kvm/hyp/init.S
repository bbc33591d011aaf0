/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Enter and leave the address space of Hyp mode.
 *
 * This code turns the Hyp MMU on and off, so it runs from the kernel's
 * identity-mapped text. Hyp mode uses the Long-descriptor format with a single
 * table (ARM DDI 0406C, B3.6): HTTBR, built by hyp-mmu.c.
 */
#include <linux/linkage.h>

#include <asm/asm-offsets.h>
#include <asm/assembler.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>
#include <asm/virt.h>

	.arch_extension virt

	.pushsection .idmap.text, "ax"

/*
 * Entered from the hyp-stub by HVC_SOFT_RESTART, in Hyp mode, MMU off.
 *
 * r2: struct kvm_hyp_cpu of this CPU, identity address, clean in memory
 *
 * Returns to the caller of HVC with r0 = 0.
 */
ENTRY(__kvm_hyp_init)
	ldr	r0, [r2, #KVM_HYP_CPU_HTTBR_LOW]
	ldr	r1, [r2, #KVM_HYP_CPU_HTTBR_HIGH]
	mcrr	p15, 4, r0, r1, c2			@ HTTBR

	mrc	p15, 4, r0, c2, c0, 2			@ HTCR
	ldr	r1, =(HTCR_T0SZ | HTCR_WALK_MASK)
	bic	r0, r0, r1
	ldr	r1, =HTCR_WALK_WBWA
	orr	r0, r0, r1
	mcr	p15, 4, r0, c2, c0, 2

	mrc	p15, 4, r0, c2, c1, 2			@ VTCR
	ldr	r1, =VTCR_MASK
	bic	r0, r0, r1
	ldr	r1, =VTCR_GUEST
	orr	r0, r0, r1
	mcr	p15, 4, r0, c2, c1, 2

	/*
	 * A boot loader or another hypervisor may have left a VMID. It tags
	 * the TLB entries of the host and limits the host's TLB maintenance
	 * even while HCR.VM is clear, so every CPU needs the same one: 0,
	 * which no VM has.
	 */
	mov	r0, #0
	mov	r1, #0
	mcrr	p15, 6, r0, r1, c2			@ VTTBR
	isb

	ldr	r0, [r2, #KVM_HYP_CPU_MAIR0]
	mcr	p15, 4, r0, c10, c2, 0			@ HMAIR0
	ldr	r0, [r2, #KVM_HYP_CPU_MAIR1]
	mcr	p15, 4, r0, c10, c2, 1			@ HMAIR1

	ldr	r0, [r2, #KVM_HYP_CPU_VA]
	mcr	p15, 4, r0, c13, c0, 2			@ HTPIDR
	add	r0, r0, #PAGE_SZ
	mov	sp, r0
	ldr	r0, [r2, #KVM_HYP_CPU_HOST_VECTORS]
	mcr	p15, 4, r0, c12, c0, 0			@ HVBAR

	/*
	 * Flush stale entries of these tables and of guests: a CPU that was
	 * offline may have kept its TLB and missed the broadcasts.
	 */
	mcr	p15, 4, r0, c8, c7, 0			@ TLBIALLH
	mcr	p15, 4, r0, c8, c7, 4			@ TLBIALLNSNH
	dsb	ish
	isb

	/* Use the kernel's settings of caches, endianness and Fast interrupts. */
	mrc	p15, 4, r0, c1, c0, 0			@ HSCTLR
	ldr	r1, =HSCTLR_MASK
	bic	r0, r0, r1
	mrc	p15, 0, r1, c1, c0, 0			@ SCTLR
	ldr	r3, =(HSCTLR_EE | HSCTLR_FI | HSCTLR_I | HSCTLR_C)
	and	r1, r1, r3
	orr	r0, r0, r1
 THUMB(	orr	r0, r0, #HSCTLR_TE	)
	orr	r0, r0, #(HSCTLR_M | HSCTLR_CP15BEN)
	mcr	p15, 4, r0, c1, c0, 0
	mcr	p15, 0, r0, c7, c5, 6			@ BPIALL
	isb

	mov	r0, #0
	eret
ENDPROC(__kvm_hyp_init)

/*
 * Handle a call of the hyp-stub that came through KVM's vectors: turn off the
 * Hyp MMU and restore the stub's vectors.
 *
 * r0: HVC_SOFT_RESTART (r1: identity address to go on at, in Hyp mode) or
 *     HVC_RESET_VECTORS; any other call returns HVC_STUB_ERR
 */
ENTRY(__kvm_hyp_stub_call)
	teq	r0, #HVC_SOFT_RESTART
	teqne	r0, #HVC_RESET_VECTORS
	bne	1f

	mrc	p15, 4, ip, c13, c0, 2			@ HTPIDR
	ldr	ip, [ip, #KVM_HYP_CPU_STUB_VECTORS]
	mcr	p15, 4, ip, c12, c0, 0			@ HVBAR

	mrc	p15, 4, ip, c1, c0, 0			@ HSCTLR
	bic	ip, ip, #(HSCTLR_M | HSCTLR_C)
	bic	ip, ip, #HSCTLR_I
	mcr	p15, 4, ip, c1, c0, 0
	mcr	p15, 0, ip, c7, c5, 6			@ BPIALL
	isb

	teq	r0, #HVC_SOFT_RESTART
	bxeq	r1
	mov	r0, #0
	eret

1:	ldr	r0, =HVC_STUB_ERR
	eret
ENDPROC(__kvm_hyp_stub_call)

	.ltorg
	.popsection
