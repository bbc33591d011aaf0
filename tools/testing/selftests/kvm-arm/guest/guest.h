/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runtime of the bare-metal guest programs.
 *
 * A program defines guest_main(). It starts in Supervisor mode, ARM state, with
 * interrupts masked, MMU and caches off, a stack and exception vectors. An
 * exception is recorded and skipped if fault_arm() has armed its vector;
 * otherwise it ends the program with GUEST_FAULT.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest_abi.h"
#include "insn.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define __noreturn		__attribute__((__noreturn__))
#define __printf(a, b)		__attribute__((format(printf, a, b)))
#define __aligned(x)		__attribute__((aligned(x)))
#define BIT(n)			(1U << (n))
#define ARRAY_SIZE(arr)		(sizeof(arr) / sizeof((arr)[0]))

/**
 * guest_main() - run the program
 * @r0: value that the host program put in r0
 * @r1: value of r1
 * @r2: value of r2
 *
 * Return: the status for GUEST_IO_DONE.
 */
int guest_main(u32 r0, u32 r1, u32 r2);

/* The page shared with the host program: plain memory, without exits */
extern volatile u32 guest_shared[GUEST_SHARED_WORDS];

/* ---- the test device ---------------------------------------------------- */

static inline void io_write32(u32 addr, u32 value)
{
	asm volatile("str	%0, [%1]" : : "r" (value), "r" (addr) : "memory");
}

static inline u32 io_read32(u32 addr)
{
	u32 value;

	asm volatile("ldr	%0, [%1]" : "=r" (value) : "r" (addr) : "memory");
	return value;
}

/* Append a value to the host program's vcpu->reports[] */
static inline void report(u32 value)
{
	io_write32(GUEST_IO + GUEST_IO_REPORT, value);
}

/* Return GUEST_SYNC with @value from the host's vcpu_run_guest() */
static inline void sync_host(u32 value)
{
	io_write32(GUEST_IO + GUEST_IO_SYNC, value);
}

/* Return the next value queued with vcpu_queue_arg(). */
static inline u32 next_arg(void)
{
	return io_read32(GUEST_IO + GUEST_IO_ARG);
}

/* End this vcpu with GUEST_DONE. */
void __noreturn done(u32 status);

void put_char(char c);
void put_string(const char *s);
void put_hex(u64 value, unsigned int digits);

/**
 * print() - print to the host program's console
 * @fmt: %s, %c, %u, %d, %x, %08x and %016llx-like, %%
 */
__printf(1, 2) void print(const char *fmt, ...);

/* ---- exceptions --------------------------------------------------------- */

/**
 * struct fault - state of the last armed exception
 * @count: number of exceptions since fault_arm()
 * @vector: GUEST_VEC_* of the last exception
 * @pc: address of the instruction (for an interrupt: the next one)
 * @lr: LR as the exception set it
 * @spsr: SPSR as the exception set it
 * @cpsr: CPSR on entry to the handler
 * @dfsr: DFSR
 * @dfar: DFAR
 * @ifsr: IFSR
 * @ifar: IFAR
 */
struct fault {
	u32 count;
	u32 vector;
	u32 pc;
	u32 lr;
	u32 spsr;
	u32 cpsr;
	u32 dfsr;
	u32 dfar;
	u32 ifsr;
	u32 ifar;
};

#define FAULT_MASK(vector)	BIT(vector)
#define FAULT_ANY		0xff

/**
 * fault_arm() - record and skip exceptions of this CPU
 * @mask: FAULT_MASK() of each vector
 *
 * Execution continues after the instruction; after a prefetch abort, at LR of
 * the interrupted code; after an interrupt, with that interrupt masked.
 */
void fault_arm(u32 mask);

/**
 * fault_take() - disarm all exceptions
 *
 * Return: exceptions since fault_arm(); count is 0 if there were none.
 */
struct fault fault_take(void);

/**
 * irq_handle() - install an interrupt handler on all CPUs
 * @vector: GUEST_VEC_IRQ or GUEST_VEC_FIQ
 * @fn: called in the exception's mode, interrupts masked, on the exception's
 *	stack; then the interrupted code continues. NULL: fault_arm() decides.
 */
void irq_handle(u32 vector, void (*fn)(void));

static inline void irq_enable(void)
{
	asm volatile("cpsie	i" : : : "memory");
}

static inline void irq_disable(void)
{
	asm volatile("cpsid	i" : : : "memory");
}

/* Index of this CPU. MPIDR has clusters (Aff1) of four CPUs (Aff0). */
static inline u32 cpu_index(void)
{
	u32 mpidr;

	asm volatile("mrc	p15, 0, %0, c0, c0, 5" : "=r" (mpidr));
	return (mpidr >> 8 & 0xff) * 4 + (mpidr & 0xff);
}

/* Affinity fields of another CPU's MPIDR, for PSCI */
static inline u32 cpu_affinity(u32 cpu)
{
	return cpu / 4 << 8 | cpu % 4;
}

/* ---- coprocessor registers, constant encodings -------------------------- */

#define CP_READ(cp, opc1, crn, crm, opc2)				\
({									\
	u32 __v;							\
	asm volatile("mrc	p" #cp ", " #opc1 ", %0, c" #crn ", c"	\
		     #crm ", " #opc2 : "=r" (__v) : : "memory");	\
	__v;								\
})

#define CP_WRITE(cp, opc1, crn, crm, opc2, value)			\
({									\
	asm volatile("mcr	p" #cp ", " #opc1 ", %0, c" #crn ", c"	\
		     #crm ", " #opc2 "\n	isb"			\
		     : : "r" ((u32)(value)) : "memory");		\
})

#define CP_READ64(cp, opc1, crm)					\
({									\
	u64 __v;							\
	asm volatile("mrrc	p" #cp ", " #opc1 ", %Q0, %R0, c" #crm	\
		     : "=r" (__v) : : "memory");			\
	__v;								\
})

#define CP_WRITE64(cp, opc1, crm, value)				\
({									\
	asm volatile("mcrr	p" #cp ", " #opc1 ", %Q0, %R0, c" #crm	\
		     "\n	isb" : : "r" ((u64)(value)) : "memory");	\
})

/*
 * Define read_SCTLR(), write_TTBR0_64() and so on, for each row of the register
 * table.
 */
#define ROW32(name, cp, crn, opc1, crm, opc2, ...)			\
static inline u32 read_##name(void)					\
{									\
	return CP_READ(cp, opc1, crn, crm, opc2);			\
}									\
									\
static inline void write_##name(u32 value)				\
{									\
	CP_WRITE(cp, opc1, crn, crm, opc2, value);			\
}

#define ROW64(name, cp, crm, opc1, ...)				\
static inline u64 read_##name(void)					\
{									\
	return CP_READ64(cp, opc1, crm);				\
}									\
									\
static inline void write_##name(u64 value)				\
{									\
	CP_WRITE64(cp, opc1, crm, value);				\
}

#include "coproc/regs.h"

/* ---- any instruction ---------------------------------------------------- */

/**
 * struct exec - an instruction to execute, with all registers of its mode
 * @insn: the instruction; a 32-bit Thumb one has its first halfword in the upper
 *	half, a 16-bit one has zero there
 * @it: Thumb: IT instruction to put before it (0xbf08 is IT EQ), or 0
 * @cpsr: in: mode, T, A, I, F and flags; other bits are ignored.
 *	out: CPSR after the instruction (APSR only in User mode)
 * @r: in and out: r0-r14 of the mode in @cpsr
 * @pc: out: address of the instruction, as in struct fault
 */
struct exec {
	u32 insn;
	u32 it;
	u32 cpsr;
	u32 r[15];
	u32 pc;
};

/**
 * exec() - execute an instruction
 * @e: the instruction and its registers
 *
 * The instruction must not branch. Arm the exceptions that it may take.
 *
 * QEMU 7.2 mishandles a conditional CP15 access inside an IT block while
 * HSTR is not 0: do not build tests on that combination.
 */
void exec(struct exec *e);

/**
 * cp_access() - execute MRC or MCR with run-time operands, in Supervisor mode
 * @insn: INSN_MRC() or INSN_MCR() with rt 0, or INSN_MRRC() or INSN_MCRR()
 *	with rt 0 and rt2 1
 * @thumb: execute it in Thumb state
 * @value: in: value to write; out: value that was read (r0, and r1 as the upper
 *	half)
 *
 * Return: true if the access was undefined. It needs no fault_arm().
 */
bool cp_access(u32 insn, bool thumb, u64 *value);

/* ---- MMU, VFP, PSCI ----------------------------------------------------- */

enum mmu_format {
	MMU_SHORT,	/* short descriptors, 1 MiB sections */
	MMU_LPAE,	/* long descriptors, 2 MiB blocks */
};

/**
 * mmu_enable() - turn on MMU and caches of this CPU, with a flat map
 * @format: of the translation tables
 *
 * RAM is cacheable, all else is Device memory. Every mode can write to all of
 * it, and execute RAM.
 */
void mmu_enable(enum mmu_format format);
void mmu_disable(void);

/**
 * mmu_unmap() - unmap the section or block around an address in RAM
 * @va: the address
 */
void mmu_unmap(u32 va);

/* Give full access to cp10 and cp11, and set FPEXC.EN. */
void vfp_enable(void);
void vfp_disable(void);
/* Load or store d0-d31, or d0-d15 if the CPU has 16. */
void vfp_load(const u64 *d, unsigned int count);
void vfp_store(u64 *d, unsigned int count);
u32 vfp_get_fpscr(void);
void vfp_set_fpscr(u32 value);

#define PSCI_VERSION		0x84000000
#define PSCI_CPU_SUSPEND	0x84000001
#define PSCI_CPU_OFF		0x84000002
#define PSCI_CPU_ON		0x84000003
#define PSCI_AFFINITY_INFO	0x84000004
#define PSCI_SYSTEM_OFF		0x84000008
#define PSCI_SYSTEM_RESET	0x84000009
#define PSCI_FEATURES		0x8400000a

/* Execute HVC #0 or SMC #0 with these arguments in r0-r3. Return r0. */
u32 hvc_call(u32 r0, u32 r1, u32 r2, u32 r3);
u32 smc_call(u32 r0, u32 r1, u32 r2, u32 r3);
void __noreturn system_off(void);

/**
 * cpu_on() - start another CPU by PSCI
 * @cpu: index of the CPU
 * @fn: function to run there; it returns the status for GUEST_IO_DONE
 * @arg: argument of @fn
 *
 * Return: result of the PSCI call, 0 for success.
 */
int cpu_on(u32 cpu, int (*fn)(u32 arg), u32 arg);

/* ---- barriers, cache, memory -------------------------------------------- */

static inline void isb(void)
{
	asm volatile("isb" : : : "memory");
}

static inline void dsb(void)
{
	asm volatile("dsb" : : : "memory");
}

static inline void dmb(void)
{
	asm volatile("dmb" : : : "memory");
}

static inline void wfi(void)
{
	asm volatile("wfi" : : : "memory");
}

/* Make code at @start visible to instruction fetch. */
void sync_code(const void *start, size_t size);

void *memcpy(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif /* GUEST_H */
