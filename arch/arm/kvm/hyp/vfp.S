/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Save and restore VFP and Advanced SIMD registers. The caller has cleared
 * HCPTR.TCP10 and TCP11.
 *
 * FPEXC.EN controls access to the other registers in Hyp mode, too: save FPEXC
 * first and restore it last. FPINST and FPINST2 are undefined, also in Hyp
 * mode, on these CPUs (VFPv4 without subarchitecture).
 */
#include <linux/linkage.h>

#include <asm/asm-offsets.h>
#include <asm/assembler.h>
#include <asm/vfp.h>
#include <asm/vfpmacros.h>

	.section .kprobes.text, "ax"

/* void __kvm_vfp_save(struct vfp_hard_struct *vfp) */
ENTRY(__kvm_vfp_save)
	VFPFMRX	r1, FPEXC
	str	r1, [r0, #KVM_VFP_FPEXC]
	orr	r2, r1, #FPEXC_EN
	VFPFMXR	FPEXC, r2
	isb
	VFPFMRX	r2, FPSCR
	str	r2, [r0, #KVM_VFP_FPSCR]
	VFPFSTMIA r0, r2
	bx	lr
ENDPROC(__kvm_vfp_save)

/* void __kvm_vfp_restore(const struct vfp_hard_struct *vfp) */
ENTRY(__kvm_vfp_restore)
	mov	r3, #FPEXC_EN
	VFPFMXR	FPEXC, r3
	isb
	ldr	r1, [r0, #KVM_VFP_FPEXC]
	ldr	r2, [r0, #KVM_VFP_FPSCR]
	VFPFMXR	FPSCR, r2
	VFPFLDMIA r0, r2
	VFPFMXR	FPEXC, r1
	bx	lr
ENDPROC(__kvm_vfp_restore)
