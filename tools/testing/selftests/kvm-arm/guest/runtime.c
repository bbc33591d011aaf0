// SPDX-License-Identifier: GPL-2.0
/* Guest runtime: setup of each CPU, exceptions, and exec() */
#include "guest.h"
#include "runtime.h"

static char percpu[GUEST_MAX_CPUS][PERCPU_SIZE] __aligned(PERCPU_SIZE);

static struct {
	u32 armed;
	u32 handling;
	u32 exec_sp;
	u32 exec_cpsr;
	struct fault fault;
	int (*start_fn)(u32 arg);
	u32 start_arg;
} cpus[GUEST_MAX_CPUS];

static void (*irq_handlers[8])(void);

static void *percpu_ptr(u32 cpu, const char *symbol)
{
	return percpu[cpu] + (symbol - percpu_start);
}

void sync_code(const void *start, size_t size)
{
	u32 line = (u32)start & ~31U;

	for (; line < (u32)start + size; line += 32)
		asm volatile("mcr	p15, 0, %0, c7, c11, 1\n" /* DCCMVAU */
			     "dsb\n"
			     "mcr	p15, 0, %0, c7, c5, 1"	  /* ICIMVAU */
			     : : "r" (line) : "memory");
	asm volatile("mcr	p15, 0, %0, c7, c5, 6\n"	  /* BPIALL */
		     "dsb\n"
		     "isb" : : "r" (0) : "memory");
}

void cpu_setup(u32 cpu)
{
	u32 stack = (u32)percpu[cpu] + PERCPU_SIZE;

	memcpy(percpu[cpu], percpu_start, percpu_end - percpu_start);
	*(u32 *)percpu_ptr(cpu, percpu_stack) = stack;
	sync_code(percpu[cpu], percpu_end - percpu_start);
	CP_WRITE(15, 0, 12, 0, 0, percpu[cpu]);			  /* VBAR */
}

void done(u32 status)
{
	for (;;)
		io_write32(GUEST_IO + GUEST_IO_DONE, status);
}

void secondary_main(u32 cpu)
{
	cpu_setup(cpu);
	done(cpus[cpu].start_fn(cpus[cpu].start_arg));
}

int cpu_on(u32 cpu, int (*fn)(u32 arg), u32 arg)
{
	char *line = (char *)&cpus[cpu];
	size_t i;

	cpus[cpu].start_fn = fn;
	cpus[cpu].start_arg = arg;
	/* The other CPU starts with its caches off. */
	for (i = 0; i < sizeof(cpus[cpu]); i += 4)
		asm volatile("mcr	p15, 0, %0, c7, c10, 1"	  /* DCCMVAC */
			     : : "r" (line + i) : "memory");
	dsb();
	return hvc_call(PSCI_CPU_ON, cpu_affinity(cpu), (u32)secondary_start,
			cpu);
}

/* ---- exceptions --------------------------------------------------------- */

void fault_arm(u32 mask)
{
	u32 cpu = cpu_index();

	memset(&cpus[cpu].fault, 0, sizeof(cpus[cpu].fault));
	cpus[cpu].armed = mask;
}

struct fault fault_take(void)
{
	u32 cpu = cpu_index();

	cpus[cpu].armed = 0;
	return cpus[cpu].fault;
}

void irq_handle(u32 vector, void (*fn)(void))
{
	irq_handlers[vector] = fn;
}

/* Offset of LR from the instruction, by vector, in ARM and Thumb state */
static const u8 lr_offset[8][2] = {
	[GUEST_VEC_UNDEF] = { 4, 2 },
	[GUEST_VEC_SVC] = { 4, 2 },
	[GUEST_VEC_PABT] = { 4, 4 },
	[GUEST_VEC_DABT] = { 8, 8 },
	[GUEST_VEC_IRQ] = { 4, 4 },
	[GUEST_VEC_FIQ] = { 4, 4 },
};

/* Advance the IT state of a CPSR by one instruction. */
static u32 it_advance(u32 cpsr)
{
	u32 it = (cpsr >> 8 & 0xfc) | (cpsr >> 25 & 3);

	if ((it & 7) == 0)
		it = 0;
	else
		it = (it & 0xe0) | (it << 1 & 0x1f);
	cpsr &= ~0x0600fc00U;
	return cpsr | (it & 0xfc) << 8 | (it & 3) << 25;
}

static void skip_instruction(struct frame *frame, u32 pc)
{
	if (!(frame->spsr & CPSR_T)) {
		frame->r[14] = pc + 4;
		return;
	}
	frame->r[14] = pc + (*(u16 *)pc >= 0xe800 ? 4 : 2);
	frame->spsr = it_advance(frame->spsr);
}

/* Read LR of the interrupted mode, by switching to that mode in the handler. */
static u32 interrupted_lr(u32 mode)
{
	u32 lr, cpsr;

	if (mode == CPSR_USR)
		mode = CPSR_SYS;
	asm volatile("mrs	%1, cpsr\n"
		     "msr	cpsr_c, %2\n"
		     "mov	%0, lr\n"
		     "msr	cpsr_c, %1"
		     : "=&r" (lr), "=&r" (cpsr)
		     : "r" (mode | CPSR_I | CPSR_F));
	return lr;
}

static void resume_after(struct frame *frame, u32 pc)
{
	u32 lr;

	switch (frame->vector) {
	case GUEST_VEC_PABT:
		lr = interrupted_lr(frame->spsr & CPSR_MODE);
		frame->r[14] = lr & ~1U;
		frame->spsr &= ~(CPSR_T | 0x0600fc00U);
		if (lr & 1)
			frame->spsr |= CPSR_T;
		break;
	case GUEST_VEC_IRQ:
		frame->r[14] = pc;
		frame->spsr |= CPSR_I;
		break;
	case GUEST_VEC_FIQ:
		frame->r[14] = pc;
		frame->spsr |= CPSR_F;
		break;
	default:
		skip_instruction(frame, pc);
	}
}

static void unexpected(const struct frame *frame, u32 pc)
{
	print("\nexception %u at %08x: spsr %08x lr %08x cpsr %08x\n",
	      frame->vector, pc, frame->spsr, frame->r[14], frame->cpsr);
	print("dfsr %08x dfar %08x ifsr %08x ifar %08x\n",
	      CP_READ(15, 0, 5, 0, 0), CP_READ(15, 0, 6, 0, 0),
	      CP_READ(15, 0, 5, 0, 1), CP_READ(15, 0, 6, 0, 2));
	for (;;)
		io_write32(GUEST_IO + GUEST_IO_FAULT, frame->vector);
}

void exception_handler(struct frame *frame)
{
	u32 cpu = cpu_index();
	struct fault *fault = &cpus[cpu].fault;
	u32 pc = frame->r[14] -
		 lr_offset[frame->vector][!!(frame->spsr & CPSR_T)];

	if (frame->vector == GUEST_VEC_SVC &&
	    frame->r[14] == (u32)percpu_ptr(cpu, percpu_exec_end)) {
		frame->r[13] = cpus[cpu].exec_sp;
		frame->r[14] = (u32)exec_done;
		frame->spsr = cpus[cpu].exec_cpsr;
		return;
	}

	if (irq_handlers[frame->vector] && !cpus[cpu].handling) {
		cpus[cpu].handling++;
		irq_handlers[frame->vector]();
		cpus[cpu].handling--;
		frame->r[14] = pc;
		return;
	}

	if (cpus[cpu].handling++ ||
	    !(cpus[cpu].armed & FAULT_MASK(frame->vector)))
		unexpected(frame, pc);

	fault->count++;
	fault->vector = frame->vector;
	fault->pc = pc;
	fault->lr = frame->r[14];
	fault->spsr = frame->spsr;
	fault->cpsr = frame->cpsr;
	fault->dfsr = CP_READ(15, 0, 5, 0, 0);
	fault->dfar = CP_READ(15, 0, 6, 0, 0);
	fault->ifsr = CP_READ(15, 0, 5, 0, 1);
	fault->ifar = CP_READ(15, 0, 6, 0, 2);
	resume_after(frame, pc);
	cpus[cpu].handling = 0;
}

/* ---- exec --------------------------------------------------------------- */

void exec(struct exec *e)
{
	u32 cpu = cpu_index();
	u32 target, cpsr;
	u16 *code;

	asm volatile("mrs	%0, cpsr" : "=r" (cpsr));
	cpus[cpu].exec_cpsr = cpsr;

	if (e->cpsr & CPSR_T) {
		code = percpu_ptr(cpu, percpu_thumb_slot);
		target = (u32)code | 1;
		code[0] = e->it ? e->it : 0xbf00;
		code[1] = e->insn >> 16 ? e->insn >> 16 : e->insn;
		code[2] = e->insn >> 16 ? e->insn : 0xbf00;
		e->pc = (u32)&code[1];
	} else {
		code = percpu_ptr(cpu, percpu_arm_slot);
		target = (u32)code;
		*(u32 *)code = e->insn;
		e->pc = target;
	}
	sync_code(code, 8);

	memcpy(percpu_ptr(cpu, percpu_exec_regs), e->r, sizeof(e->r));
	*(u32 *)percpu_ptr(cpu, percpu_exec_target) = target;
	exec_run((u32)percpu_ptr(cpu, percpu_exec_enter),
		 e->cpsr & ~(CPSR_T | 0x0f00fe00U), &cpus[cpu].exec_sp);
	memcpy(e->r, percpu_ptr(cpu, percpu_exec_regs), sizeof(e->r));
	e->cpsr = (*(u32 *)percpu_ptr(cpu, percpu_exec_cpsr) & ~CPSR_T) |
		  (e->cpsr & CPSR_T);
}

bool cp_access(u32 insn, bool thumb, u64 *value)
{
	struct exec e = {
		.insn = insn,
		.cpsr = CPSR_SVC | CPSR_A | CPSR_I | CPSR_F |
			(thumb ? CPSR_T : 0),
		.r = { *value, *value >> 32 },
	};
	struct fault fault;

	fault_arm(FAULT_MASK(GUEST_VEC_UNDEF));
	exec(&e);
	fault = fault_take();
	*value = e.r[0] | (u64)e.r[1] << 32;
	return fault.count != 0;
}
