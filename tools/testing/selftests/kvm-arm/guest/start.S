/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Start of a guest program, and the code that each CPU has its own copy of:
 * exception vectors, and the frame around an instruction of exec().
 *
 * Each copy saves registers in words next to the code, addressed relative to
 * the PC.  So an exception can be taken in any mode, with any value in any
 * register, even in the stack pointers.
 */
#include "guest_abi.h"

	.syntax	unified
	.arm

	.section .start, "ax"
	.global	_start
_start:
	b	primary_start
	.word	GUEST_HDR_MAGIC
	.word	_start
	.word	__image_end

	.text

	@ r0 = CPU, kept
	.macro	set_stack
	ldr	r3, =__stacks
	add	r3, r3, r0, lsl #13
	add	sp, r3, #8192
	.endm

primary_start:
	mov	r4, r0
	mov	r5, r1
	mov	r6, r2
	ldr	r1, =__bss_start
	ldr	r2, =__image_end
	mov	r3, #0
1:	cmp	r1, r2
	strlo	r3, [r1], #4
	blo	1b
	mrc	p15, 0, r0, c0, c0, 5
	ubfx	r1, r0, #8, #8			@ see cpu_index()
	and	r0, r0, #0xff
	add	r0, r0, r1, lsl #2
	set_stack
	bl	cpu_setup
	mov	r0, r4
	mov	r1, r5
	mov	r2, r6
	bl	guest_main
	b	done

	@ entry of cpu_on(): r0 = CPU
	.global	secondary_start
secondary_start:
	set_stack
	b	secondary_main

/*
 * exec_run(r0 = this CPU's exec_enter, r1 = CPSR in ARM state, r2 = address to
 * save this CPU's stack pointer at until exec_done)
 */
	.global	exec_run
exec_run:
	push	{r4-r11, lr}
	str	sp, [r2]
	bx	r0

	@ the SVC handler branches here, with the stack pointer restored
	.global	exec_done
exec_done:
	pop	{r4-r11, pc}

	.section .percpu, "ax"
	.balign	4096

	.macro	vector num
	str	r0, frame_regs
	mov	r0, #\num
	b	exception
	.endm

	.global	percpu_start
percpu_start:
	b	vec0
	b	vec1
	b	vec2
	b	vec3
	b	vec4
	b	vec5
	b	vec6
	b	vec7

vec0:	vector	0
vec1:	vector	1
vec2:	vector	2
vec3:	vector	3
vec4:	vector	4
vec5:	vector	5
vec6:	vector	6
vec7:	vector	7

	@ struct frame of runtime.h
	.global	percpu_frame
percpu_frame:
frame_regs:	.space	15 * 4
frame_spsr:	.word	0
frame_vector:	.word	0
frame_cpsr:	.word	0
	.global	percpu_stack
percpu_stack:	.word	0

exception:
	str	r0, frame_vector
	adr	r0, frame_regs
	stmib	r0, {r1-r14}
	mrs	r1, spsr
	str	r1, frame_spsr
	mrs	r1, cpsr
	str	r1, frame_cpsr
	ldr	sp, percpu_stack
	ldr	r1, =exception_handler
	blx	r1
	adr	r0, frame_regs
	ldr	r1, frame_spsr
	msr	spsr_cxsf, r1
	ldm	r0, {r0-r14}
	movs	pc, lr

	.global	percpu_exec_regs
percpu_exec_regs:
exec_regs:	.space	15 * 4
	.global	percpu_exec_cpsr
percpu_exec_cpsr:
exec_cpsr:	.word	0
	.global	percpu_exec_target
percpu_exec_target:
exec_target:	.word	0

	.global	percpu_exec_enter
percpu_exec_enter:
	msr	cpsr_fsxc, r1
	adr	r14, exec_regs
	ldm	r14, {r0-r14}
	ldr	pc, exec_target

	.global	percpu_arm_slot
percpu_arm_slot:
	nop
	b	exec_save

	@ exec() writes here: IT or nop, the instruction, nop
	.balign	4
	.global	percpu_thumb_slot
percpu_thumb_slot:
	.thumb
	nop
	nop
	nop
	nop
	bx	pc
	nop

	.arm
exec_save:
	str	r0, exec_regs
	adr	r0, exec_regs
	stmib	r0, {r1-r14}
	mrs	r1, cpsr
	str	r1, exec_cpsr
	svc	#0
	.global	percpu_exec_end
percpu_exec_end:

	.ltorg
	.global	percpu_end
percpu_end:

	.text
/*
 * mmu_off(r0 = start, r1 = end of the memory to clean)
 *
 * A function without a stack: it must not write to memory once the caches are
 * off.
 */
	.global	mmu_off
mmu_off:
	bic	r0, r0, #31
	mrc	p15, 0, r2, c1, c0, 0		@ SCTLR
	bic	r2, r2, #1 << 2			@ C
	mcr	p15, 0, r2, c1, c0, 0
	isb
1:	mcr	p15, 0, r0, c7, c14, 1		@ DCCIMVAC
	add	r0, r0, #32
	cmp	r0, r1
	blo	1b
	dsb
	bic	r2, r2, #1			@ M
	bic	r2, r2, #1 << 12		@ I
	mcr	p15, 0, r2, c1, c0, 0
	isb
	bx	lr
