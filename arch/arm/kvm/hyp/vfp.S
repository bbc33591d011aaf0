/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VFP and Advanced SIMD registers. The caller has opened HCPTR.TCP10/TCP11.
 *
 * FPEXC.EN decides in Hyp mode, too, whether the other registers may be
 * touched, so FPEXC is saved first and restored last.
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
	tst	r1, #FPEXC_EX
	beq	1f
	VFPFMRX	r2, FPINST
	str	r2, [r0, #KVM_VFP_FPINST]
	tst	r1, #FPEXC_FP2V
	beq	1f
	VFPFMRX	r2, FPINST2
	str	r2, [r0, #KVM_VFP_FPINST2]
1:	VFPFSTMIA r0, r2
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
	tst	r1, #FPEXC_EX
	beq	1f
	ldr	r2, [r0, #KVM_VFP_FPINST]
	VFPFMXR	FPINST, r2
	tst	r1, #FPEXC_FP2V
	beq	1f
	ldr	r2, [r0, #KVM_VFP_FPINST2]
	VFPFMXR	FPINST2, r2
1:	VFPFLDMIA r0, r2
	VFPFMXR	FPEXC, r1
	bx	lr
ENDPROC(__kvm_vfp_restore)
