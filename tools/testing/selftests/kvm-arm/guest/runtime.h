/* SPDX-License-Identifier: GPL-2.0 */
/* Interfaces within the runtime; guest programs do not use them. */
#ifndef GUEST_RUNTIME_H
#define GUEST_RUNTIME_H

#include "guest.h"

/* Size of each CPU's copy of the code, with its stack at the end */
#define PERCPU_SIZE	4096

/* State saved by an exception: percpu_frame in start.S */
struct frame {
	u32 r[15];
	u32 spsr;
	u32 vector;
	u32 cpsr;
};

/* Labels in that code: start.S */
extern char percpu_start[], percpu_end[], percpu_frame[], percpu_stack[];
extern char percpu_exec_regs[], percpu_exec_cpsr[], percpu_exec_target[];
extern char percpu_exec_enter[], percpu_exec_end[];
extern char percpu_arm_slot[], percpu_thumb_slot[];

/* Linker script */
extern char _start[], __image_end[];

/* Functions of start.S */
void exec_run(u32 enter, u32 cpsr, u32 *saved_sp);
void exec_done(void);
void secondary_start(void);
void mmu_off(u32 start, u32 end);

/* Functions that start.S calls */
void cpu_setup(u32 cpu);
void __noreturn secondary_main(u32 cpu);
void exception_handler(struct frame *frame);

#endif /* GUEST_RUNTIME_H */
