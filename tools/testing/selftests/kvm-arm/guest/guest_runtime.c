// SPDX-License-Identifier: GPL-2.0
/*
 * Test the runtime itself: exceptions in every mode and state, instructions
 * with all their registers, both translation formats. If this fails, no other
 * guest program can be trusted.
 *
 * r0 is the number of vcpus.  Ends with the number of failures.
 */
#include "guest.h"

#define UDF_ARM		0xe7f000f0
#define UDF_THUMB	0xf7f0a000
#define ADD_ARM		0xe08d300e	/* add r3, sp, lr */
#define ADD_THUMB	0xeb080309	/* add.w r3, r8, r9 */
#define IT_EQ		0xbf08
#define ITT_EQ		0xbf04

/* No image is here: RAM after the image, with its own section and block */
#define UNMAPPED	(GUEST_RAM_BASE + 0x00200000)

static unsigned int failures;

static void check(bool good, const char *what, u32 a, u32 b)
{
	if (good)
		return;
	failures++;
	print("FAIL %s (%x %x)\n", what, a, b);
}

static void undefined_instruction(void)
{
	struct fault f;

	fault_arm(FAULT_ANY);
	asm volatile(".inst	%c0" : : "i" (UDF_ARM));
	f = fault_take();
	check(f.count == 1 && f.vector == GUEST_VEC_UNDEF,
	      "undefined instruction taken once", f.count, f.vector);
	check(f.lr == f.pc + 4, "LR_und", f.lr, f.pc);
	check((f.spsr & CPSR_MODE) == CPSR_SVC, "SPSR_und", f.spsr, 0);
	check((f.cpsr & CPSR_MODE) == CPSR_UND, "mode", f.cpsr, 0);
}

static void supervisor_call(void)
{
	struct fault f;

	fault_arm(FAULT_ANY);
	asm volatile("svc	#5" : : : "lr");
	f = fault_take();
	check(f.count == 1 && f.vector == GUEST_VEC_SVC,
	      "supervisor call taken once", f.count, f.vector);
}

static void aborts(void)
{
	struct fault f;

	mmu_unmap(UNMAPPED);
	fault_arm(FAULT_ANY);
	io_read32(UNMAPPED);
	f = fault_take();
	check(f.count == 1 && f.vector == GUEST_VEC_DABT && f.dfar == UNMAPPED,
	      "data abort", f.vector, f.dfar);

	fault_arm(FAULT_ANY);
	asm volatile("blx	%0" : : "r" (UNMAPPED)
		     : "r0", "r1", "r2", "r3", "r12", "lr", "cc", "memory");
	f = fault_take();
	check(f.count == 1 && f.vector == GUEST_VEC_PABT && f.ifar == UNMAPPED,
	      "prefetch abort", f.vector, f.ifar);
}

static u32 pattern(unsigned int i)
{
	return 0x1000 * i + 7;
}

static void prepare(struct exec *e, u32 insn, u32 cpsr, u32 it)
{
	unsigned int i;

	e->insn = insn;
	e->cpsr = cpsr;
	e->it = it;
	for (i = 0; i < 15; i++)
		e->r[i] = pattern(i);
}

static void check_regs(const struct exec *e, unsigned int except, u32 cpsr)
{
	unsigned int i;

	for (i = 0; i < 15; i++)
		if (i != except)
			check(e->r[i] == pattern(i), "register", i, cpsr);
}

/* Execute an addition whose operands are banked registers in many modes. */
static void exec_add(u32 cpsr, u32 it)
{
	bool thumb = cpsr & CPSR_T;
	u32 sum = thumb ? pattern(8) + pattern(9) : pattern(13) + pattern(14);
	bool skipped = it && !(cpsr & CPSR_Z);
	struct exec e;
	struct fault f;

	prepare(&e, thumb ? ADD_THUMB : ADD_ARM, cpsr, it);
	fault_arm(FAULT_ANY);
	exec(&e);
	f = fault_take();
	check(!f.count, "exception of an addition", f.vector, cpsr);
	check(e.r[3] == (skipped ? pattern(3) : sum), "sum", e.r[3], cpsr);
	check((e.cpsr ^ cpsr) >> 28 == 0, "flags", e.cpsr, cpsr);
	check_regs(&e, 3, cpsr);
}

static void exec_undefined(u32 cpsr, u32 it)
{
	struct exec e;
	struct fault f;

	prepare(&e, cpsr & CPSR_T ? UDF_THUMB : UDF_ARM, cpsr, it);
	fault_arm(FAULT_ANY);
	exec(&e);
	f = fault_take();
	check(f.count == 1 && f.vector == GUEST_VEC_UNDEF,
	      "undefined instruction taken once", f.count, cpsr);
	check(f.pc == e.pc, "PC", f.pc, e.pc);
	check(((f.spsr ^ cpsr) & (CPSR_MODE | CPSR_T)) == 0, "SPSR", f.spsr,
	      cpsr);
	check(((f.spsr >> 8 & 0xfc) | (f.spsr >> 25 & 3)) == (it & 0xff),
	      "IT state", f.spsr, it);
	/* In Undefined mode, the exception has changed LR. */
	check_regs(&e, 14, cpsr);
}

static void every_mode(void)
{
	static const u32 modes[] = {
		CPSR_USR, CPSR_FIQ, CPSR_IRQ, CPSR_SVC, CPSR_ABT, CPSR_UND,
		CPSR_SYS,
	};
	unsigned int i;
	u32 cpsr;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		cpsr = modes[i] | CPSR_A | CPSR_I | CPSR_F;
		exec_add(cpsr | CPSR_N | CPSR_V, 0);
		exec_undefined(cpsr, 0);
		cpsr |= CPSR_T;
		exec_add(cpsr | CPSR_C, 0);
		exec_add(cpsr | CPSR_Z, IT_EQ);
		exec_add(cpsr | CPSR_V, IT_EQ);
		exec_undefined(cpsr, 0);
		exec_undefined(cpsr | CPSR_Z, IT_EQ);
		exec_undefined(cpsr | CPSR_Z, ITT_EQ);
	}
}

static void coprocessor_access(bool thumb)
{
	u64 value = 0;

	check(!cp_access(INSN_MRC(0xe, 15, 0, 0, 0, 0, 0), thumb, &value) &&
	      (u32)value == read_MIDR(), "MIDR", value, thumb);
	value = 0xff00003456789a80ULL;
	check(!cp_access(INSN_MCRR(0xe, 15, 0, 0, 1, 7), thumb, &value) &&
	      read_PAR_64() == 0xff00003456789a80ULL, "PAR written", 0, thumb);
	value = 0;
	check(!cp_access(INSN_MRRC(0xe, 15, 0, 0, 1, 7), thumb, &value) &&
	      value == read_PAR_64(), "PAR read", value, thumb);
	check(cp_access(INSN_MRC(0xe, 15, 7, 0, 9, 9, 7), thumb, &value),
	      "an access to nothing", value, thumb);
}

static int other_cpu(u32 arg)
{
	undefined_instruction();
	guest_shared[cpu_index()] = arg;
	return 0;
}

static void other_cpus(u32 count)
{
	u32 cpu;

	for (cpu = 1; cpu < count; cpu++) {
		check(!cpu_on(cpu, other_cpu, 0xc0de + cpu), "CPU_ON", cpu, 0);
		while (guest_shared[cpu] != 0xc0de + cpu)
			dmb();
	}
}

static void everything(void)
{
	undefined_instruction();
	supervisor_call();
	every_mode();
	coprocessor_access(false);
	coprocessor_access(true);
}

int guest_main(u32 nr_cpus, u32 unused, u32 unused_too)
{
	(void)unused;
	(void)unused_too;

	everything();
	mmu_enable(MMU_SHORT);
	everything();
	aborts();
	mmu_disable();
	mmu_enable(MMU_LPAE);
	everything();
	aborts();
	mmu_disable();
	other_cpus(nr_cpus);
	if (!failures)
		print("The guest runtime works.\n");
	return failures;
}
