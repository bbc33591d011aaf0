// SPDX-License-Identifier: GPL-2.0
/* Guest runtime: MMU, VFP and firmware calls */
#include "guest.h"
#include "runtime.h"

#define SCTLR_M		BIT(0)
#define SCTLR_C		BIT(2)
#define SCTLR_I		BIT(12)
#define TTBCR_EAE	BIT(31)
#define FPEXC_EN	BIT(30)

/* Short descriptors: sections with full access */
#define SECT		0x00000c02
#define SECT_NORMAL	(SECT | 1 << 16 | 1 << 12 | 1 << 3 | 1 << 2)
#define SECT_DEVICE	(SECT | 1 << 4 | 1 << 2)
/* Write-back, shareable table walks */
#define TTBR_WALK	0x4a

/* Long descriptors: blocks with full access, attribute 0 or 1 */
#define BLOCK		0x00000441ULL
#define BLOCK_NORMAL	(BLOCK | 3 << 8)
#define BLOCK_DEVICE	(BLOCK | 1 << 2 | 1ULL << 54)
#define TABLE		3ULL
#define MAIR		0x000004ff
#define TTBCR_WALK	(TTBCR_EAE | 3 << 12 | 1 << 10 | 1 << 8)

#define GIB		0x40000000U
#define RAM_GIB		(GUEST_RAM_BASE / GIB)

static u32 short_table[4096] __aligned(16384);
static u64 long_table[4] __aligned(4096);
static u64 ram_table[512] __aligned(4096);

static void flush_tlb(void)
{
	dsb();
	asm volatile("mcr	p15, 0, %0, c8, c7, 0\n"	/* TLBIALL */
		     "mcr	p15, 0, %0, c7, c5, 0\n"	/* ICIALLU */
		     "mcr	p15, 0, %0, c7, c5, 6\n"	/* BPIALL */
		     "dsb\n"
		     "isb" : : "r" (0) : "memory");
}

static void use_short_table(void)
{
	u32 i;

	for (i = 0; i < 4096; i++)
		short_table[i] = i << 20 | (i / 1024 == RAM_GIB ?
					    SECT_NORMAL : SECT_DEVICE);
	dsb();
	CP_WRITE(15, 0, 3, 0, 0, 1);				/* DACR */
	CP_WRITE(15, 0, 2, 0, 2, 0);				/* TTBCR */
	CP_WRITE(15, 0, 2, 0, 0, (u32)short_table | TTBR_WALK);	/* TTBR0 */
}

static void use_long_table(void)
{
	u32 i;

	for (i = 0; i < 4; i++)
		long_table[i] = (u64)i * GIB | BLOCK_DEVICE;
	long_table[RAM_GIB] = (u32)ram_table | TABLE;
	for (i = 0; i < 512; i++)
		ram_table[i] = (RAM_GIB * GIB + (i << 21)) | BLOCK_NORMAL;
	dsb();
	CP_WRITE(15, 0, 10, 2, 0, MAIR);			/* MAIR0 */
	CP_WRITE(15, 0, 10, 2, 1, 0);				/* MAIR1 */
	CP_WRITE(15, 0, 2, 0, 2, TTBCR_WALK);			/* TTBCR */
	CP_WRITE64(15, 0, 2, (u64)(u32)long_table);		/* TTBR0 */
}

void mmu_enable(enum mmu_format format)
{
	u32 sctlr = CP_READ(15, 0, 1, 0, 0);

	if (format == MMU_LPAE)
		use_long_table();
	else
		use_short_table();
	flush_tlb();
	CP_WRITE(15, 0, 1, 0, 0, sctlr | SCTLR_M | SCTLR_C | SCTLR_I);
}

void mmu_disable(void)
{
	mmu_off((u32)_start, (u32)__image_end);
	flush_tlb();
}

void mmu_unmap(u32 va)
{
	if (CP_READ(15, 0, 2, 0, 2) & TTBCR_EAE)
		ram_table[va >> 21 & 511] = 0;
	else
		short_table[va >> 20] = 0;
	flush_tlb();
}

void vfp_enable(void)
{
	CP_WRITE(15, 0, 1, 0, 2, CP_READ(15, 0, 1, 0, 2) | 0xf << 20);
	asm volatile(".fpu	neon\n"
		     "	vmsr	fpexc, %0\n"
		     "	isb" : : "r" (FPEXC_EN) : "memory");
}

void vfp_disable(void)
{
	asm volatile(".fpu	neon\n"
		     "	vmsr	fpexc, %0\n"
		     "	isb" : : "r" (0) : "memory");
}

u32 vfp_get_fpscr(void)
{
	u32 value;

	asm volatile(".fpu	neon\n"
		     "	vmrs	%0, fpscr" : "=r" (value));
	return value;
}

void vfp_set_fpscr(u32 value)
{
	asm volatile(".fpu	neon\n"
		     "	vmsr	fpscr, %0" : : "r" (value));
}

void vfp_load(const u64 *d, unsigned int count)
{
	asm volatile(".fpu	neon\n"
		     "	vldmia	%0!, {d0-d15}\n"
		     "	cmp	%1, #16\n"
		     "	bls	1f\n"
		     "	vldmia	%0, {d16-d31}\n"
		     "1:" : "+r" (d) : "r" (count) : "cc", "memory");
}

void vfp_store(u64 *d, unsigned int count)
{
	asm volatile(".fpu	neon\n"
		     "	vstmia	%0!, {d0-d15}\n"
		     "	cmp	%1, #16\n"
		     "	bls	1f\n"
		     "	vstmia	%0, {d16-d31}\n"
		     "1:" : "+r" (d) : "r" (count) : "cc", "memory");
}

u32 hvc_call(u32 r0, u32 r1, u32 r2, u32 r3)
{
	register u32 a0 asm("r0") = r0;
	register u32 a1 asm("r1") = r1;
	register u32 a2 asm("r2") = r2;
	register u32 a3 asm("r3") = r3;

	asm volatile(".arch_extension virt\n"
		     "	hvc	#0"
		     : "+r" (a0), "+r" (a1), "+r" (a2), "+r" (a3)
		     : : "memory");
	return a0;
}

u32 smc_call(u32 r0, u32 r1, u32 r2, u32 r3)
{
	register u32 a0 asm("r0") = r0;
	register u32 a1 asm("r1") = r1;
	register u32 a2 asm("r2") = r2;
	register u32 a3 asm("r3") = r3;

	asm volatile(".arch_extension sec\n"
		     "	smc	#0"
		     : "+r" (a0), "+r" (a1), "+r" (a2), "+r" (a3)
		     : : "memory");
	return a0;
}

void system_off(void)
{
	hvc_call(PSCI_SYSTEM_OFF, 0, 0, 0);
	/* The call was refused. */
	done(0xff);
}
