/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hyp mode vectors, calls from the host, guest entry and exit.
 *
 * HVBAR points to the guest vectors while a guest runs and to the host vectors
 * otherwise, so no handler needs to tell guest from host. LR in Hyp mode is
 * LR_usr; the return address is in ELR_hyp (ARM DDI 0406C, B1.8.3).
 */
#include <linux/linkage.h>

#include <asm/asm-offsets.h>
#include <asm/assembler.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>

#if KVM_CTXT_R0
#error "LDM and STM of R0-R12 are by the address of struct kvm_cpu_context"
#endif

	.arch_extension virt

	.section .kprobes.text, "ax"

/*
 * Calls from the host
 */
	.align	5
ENTRY(__kvm_hyp_host_vectors)
	W(b)	.				@ reset: never taken
	W(b)	hyp_undef
	W(b)	hyp_hvc
	W(b)	hyp_pabt
	W(b)	hyp_dabt
	W(b)	host_call
	W(b)	.				@ IRQ: masked in Hyp mode
	W(b)	.				@ FIQ: likewise
ENDPROC(__kvm_hyp_host_vectors)

/* r0: function, r1 and r2: its arguments; or r0 is a stub call */
host_call:
	cmp	r0, #HVC_STUB_CALLS
	blo	1f
	push	{ip, lr}
	mov	ip, r0
	mov	r0, r1
	mov	r1, r2
THUMB(	orr	ip, ip, #1	)
	blx	ip
	pop	{ip, lr}
	eret
1:
	mrc	p15, 4, ip, c13, c0, 2		@ HTPIDR
	ldr	ip, [ip, #KVM_HYP_CPU_IDMAP_STUB_CALL]
THUMB(	orr	ip, ip, #1	)
	bx	ip

/*
 * int __kvm_guest_enter(struct kvm_cpu_context *ctxt)
 *
 * Run the guest until it exits. The caller has loaded all registers of @ctxt
 * except R0-R12, LR_usr, PC and CPSR. Return ARM_EXCEPTION_*.
 */
ENTRY(__kvm_guest_enter)
	push	{r4-r11, lr}
	push	{r0}				@ SP is a multiple of 8
	clrex
	ldr	r1, [r0, #KVM_CTXT_PC]
	ldr	r2, [r0, #KVM_CTXT_CPSR]
	ldr	lr, [r0, #KVM_CTXT_LR_USR]
	msr	ELR_hyp, r1
	msr	SPSR_cxsf, r2
	ldm	r0, {r0-r12}
	eret
ENDPROC(__kvm_guest_enter)

/*
 * Store R0-R12 in the vcpu's page, which begins with its context.
 * __kvm_guest_enter() pushed the address; return it in r0.
 */
.macro save_guest
	push	{r0, r1}
	ldr	r0, [sp, #8]
	add	r1, r0, #8
	stm	r1, {r2-r12}
	pop	{r2, r3}
	strd	r2, r3, [r0]
.endm

guest_trap:
	save_guest
	mrc	p15, 4, r2, c5, c2, 0		@ HSR
	ldr	r3, [r0, #KVM_HYP_FAST_MAX_EC]
	lsr	r4, r2, #HSR_EC_SHIFT
	cmp	r4, r3
	bls	fast_trap
slow_trap:
	mov	r1, #ARM_EXCEPTION_HYP_TRAP
	b	guest_exit
guest_irq:
	save_guest
	mov	r1, #ARM_EXCEPTION_IRQ
	b	guest_exit
guest_fiq:
	save_guest
	mov	r1, #ARM_EXCEPTION_FIQ

/* r0: the vcpu's page, R0-R12 saved; r1: ARM_EXCEPTION_*; the rest is free */
guest_exit:
	mrs	r2, ELR_hyp
	mrs	r3, SPSR
	str	r2, [r0, #KVM_CTXT_PC]
	str	r3, [r0, #KVM_CTXT_CPSR]
	str	lr, [r0, #KVM_CTXT_LR_USR]

	/*
	 * Take a pending asynchronous abort here: the guest's accesses caused
	 * it, and the host must not take it when it unmasks aborts.
	 */
	dsb	sy
	mrc	p15, 0, r2, c12, c1, 0		@ ISR
	tst	r2, #PSR_A_BIT
	beq	2f
	mrc	p15, 4, r4, c5, c2, 0		@ HSR
	mrc	p15, 4, r5, c6, c0, 0		@ HDFAR
	mrc	p15, 4, r6, c6, c0, 4		@ HPFAR
	cpsie	a
abort_window_start:
	isb
	nop
	cpsid	a
abort_window_end:
	/* Restore the exit's syndrome, overwritten by the abort. */
	mcr	p15, 4, r4, c5, c2, 0		@ HSR
	mcr	p15, 4, r5, c6, c0, 0		@ HDFAR
	mcr	p15, 4, r6, c6, c0, 4		@ HPFAR
2:	add	sp, sp, #4
	mov	r0, r1
	pop	{r4-r11, pc}

/*
 * Answer an access without side effects here, from the table that coproc/fast.c
 * builds from the rows. Leave the rest to the host: accesses that are not in the
 * table, from User mode or FIQ mode (which banks R8-R12), in an IT block, with a
 * condition, or of SP, LR or the flags.
 *
 * r0: the vcpu's page, R0-R12 saved; r2: HSR; r4: its exception class
 */
fast_trap:
	mrs	r3, SPSR
	tst	r3, #(PSR_IT_MASK & 0xff00)
	tsteq	r3, #(PSR_IT_MASK & 0xff000000)
	bne	slow_trap
	and	r3, r3, #(MODE_MASK & ~USR_MODE)
	cmp	r3, #(FIQ_MODE & ~USR_MODE)
	bls	slow_trap

	/* As coproc_fast_hsr(). HSR.CV clear: Thumb, outside of an IT block, so AL. */
	tst	r2, #HSR_CV
	orreq	r2, r2, #HSR_AL
	bic	r5, r2, #HSR_IL
	bic	r5, r5, #HSR_CP_RT

	/* As coproc_find_fast(), with hash_32() */
	ldr	r6, =KVM_FAST_TRAP_MULT
	mul	r6, r5, r6
	lsr	r6, r6, #(32 - KVM_FAST_TRAP_BITS)
	add	r6, r0, r6, lsl #3
	add	r6, r6, #KVM_HYP_FAST_TRAPS
1:	ldrd	r8, r9, [r6], #8
	cmp	r8, r5
	beq	2f
	cmp	r8, #0
	bne	1b
	b	slow_trap

2:	tst	r2, #HSR_CP_READ
	beq	3f
	ubfx	r7, r2, #HSR_CP_RT_SHIFT, #4
	cmp	r7, #12
	bhi	slow_trap
	str	r9, [r0, r7, lsl #2]
3:	add	r4, r0, r4, lsl #2
	ldr	r5, [r4, #KVM_HYP_NR_FAST_TRAPS]
	add	r5, r5, #1
	str	r5, [r4, #KVM_HYP_NR_FAST_TRAPS]
	mrs	r5, ELR_hyp
	add	r5, r5, #4
	msr	ELR_hyp, r5
	ldm	r0, {r0-r12}
	eret
	.ltorg

/*
 * Exceptions of Hyp mode itself
 */
hyp_dabt:
	push	{r2, r3}
	mrs	r2, ELR_hyp
	adr	r3, abort_window_start
	sub	r2, r2, r3
	cmp	r2, #(abort_window_end - abort_window_start)
	pop	{r2, r3}
	orrls	r1, r1, #ARM_EXIT_ABORT_PENDING
	bls	1f
	mov	r0, #ARM_EXCEPTION_DATA_ABORT
	mrc	p15, 4, r3, c6, c0, 0		@ HDFAR
	b	hyp_panic
1:	eret
hyp_undef:
	mov	r0, #ARM_EXCEPTION_UNDEFINED
	mov	r3, #0
	b	hyp_panic
hyp_hvc:
	mov	r0, #ARM_EXCEPTION_HVC_HYP
	mov	r3, #0
	b	hyp_panic
hyp_pabt:
	mov	r0, #ARM_EXCEPTION_PREF_ABORT
	mrc	p15, 4, r3, c6, c0, 2		@ HIFAR

/* Restore the host and return to kvm_hyp_report_panic() */
hyp_panic:
	mrs	r1, ELR_hyp
	mrc	p15, 4, r2, c5, c2, 0		@ HSR
	push	{r0-r3}
	bl	__kvm_hyp_leave_guest
	pop	{r0-r3}
	ldr	lr, =(SVC_MODE | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT | PSR_ENDSTATE)
THUMB(	orr	lr, lr, #PSR_T_BIT	)
	msr	SPSR_cxsf, lr
	ldr	lr, =kvm_hyp_report_panic
	msr	ELR_hyp, lr
	eret
	.ltorg

/*
 * Guest exits
 */
	.align	5
ENTRY(__kvm_hyp_guest_vectors)
	W(b)	.
	W(b)	hyp_undef
	W(b)	hyp_hvc
	W(b)	hyp_pabt
	W(b)	hyp_dabt
	W(b)	guest_trap
	W(b)	guest_irq
	W(b)	guest_fiq
ENDPROC(__kvm_hyp_guest_vectors)

/*
 * The same for a CPU whose branch predictor the guest may have trained
 * (CVE-2017-5715): no branch may come before the invalidation, so the vectors
 * fall through. Bit 2 of SP, which is clear while a guest runs, tells a trap
 * from an interrupt. An FIQ is treated as an IRQ.
 */
.macro hardened_guest_vectors name, inval:vararg
	.align	5
ENTRY(\name)
	W(nop)					@ reset
	W(nop)					@ undefined
	W(nop)					@ HVC from Hyp mode
	W(nop)					@ prefetch abort
	W(nop)					@ data abort
	W(sub)	sp, sp, #4			@ Hyp trap
	W(nop)					@ IRQ
	\inval					@ FIQ
	isb
	b	decode_vector
ENDPROC(\name)
.endm

	hardened_guest_vectors __kvm_hyp_guest_vectors_iciallu, mcr p15, 0, r0, c7, c5, 0
	hardened_guest_vectors __kvm_hyp_guest_vectors_bpiall, mcr p15, 0, r0, c7, c5, 6

decode_vector:
	push	{r0, r1}
	mrs	r0, SPSR
	and	r0, r0, #MODE_MASK
	cmp	r0, #HYP_MODE
	beq	1f
	mov	r0, sp
	tst	r0, #4
	pop	{r0, r1}
	beq	guest_irq
	add	sp, sp, #4
	b	guest_trap

	/*
	 * An exception of Hyp mode itself: HSR has the cause. The vector fell
	 * through the SUB.
	 */
1:	mrc	p15, 4, r0, c5, c2, 0		@ HSR
	lsr	r0, r0, #HSR_EC_SHIFT
	cmp	r0, #HSR_EC_DABT_HYP
	beq	2f
	add	sp, sp, #12
	cmp	r0, #HSR_EC_IABT_HYP
	beq	hyp_pabt
	cmp	r0, #HSR_EC_HVC
	beq	hyp_hvc
	b	hyp_undef
2:	pop	{r0, r1}
	add	sp, sp, #4
	b	hyp_dabt
