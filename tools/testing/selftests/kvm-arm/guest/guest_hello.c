// SPDX-License-Identifier: GPL-2.0
/*
 * The demonstration guest: read and write registers that trap and registers
 * that do not, print the values, and power off.
 */
#include "guest.h"

static unsigned int failures;

static void show(const char *name, u32 value)
{
	print("  read %s = 0x%08x\n", name, value);
}

static void check(const char *name, u64 got, u64 want)
{
	bool same = got == want;

	print("  wrote 0x%08llx, read back 0x%08llx  %s%s\n",
	      want, got, name, same ? "" : "  MISMATCH");
	if (!same)
		failures++;
}

#define READ(name)	show(#name, read_##name())

/* Write a value to a register, read it back, and restore the old value. */
#define TRY(name, value)						\
do {									\
	typeof(read_##name()) __old = read_##name();			\
	typeof(__old) __new = value;					\
									\
	write_##name(__new);						\
	check(#name, read_##name(), __new);				\
	write_##name(__old);						\
} while (0)

/* These trap; the ID registers and L2CTLR only if the CPU can trap them. */
static void trapped(void)
{
	print("Registers KVM emulates:\n");
	READ(ACTLR);
	READ(ID_PFR0);
	READ(ID_PFR1);
	READ(ID_DFR0);
	READ(ID_MMFR0);
	READ(ID_ISAR0);
	READ(CTR);
	READ(CLIDR);
	READ(L2CTLR);
	READ(PMCR);
	show("DBGDSCR (p14)", CP_READ(14, 0, 0, 1, 0));
	READ(CNTP_CTL);

	write_ACTLR(read_ACTLR());
	write_PMCR(0);
	TRY(CSSELR, 1);
	TRY(CNTP_CVAL, 0x123456789aULL);
}

/* These do not trap. */
static void untrapped(void)
{
	print("Registers switched with the vcpu:\n");
	READ(MIDR);
	READ(MPIDR);
	READ(SCTLR);
	READ(VBAR);

	TRY(TPIDRURO, 0x600df00d);
	TRY(TPIDRURW, 0x0ddba11);
	TRY(VBAR, 0x40100000);
	TRY(DACR, 0x55555555);
	TRY(CONTEXTIDR, 0x42);
	TRY(TTBR1, 0x40004000);
	TRY(TTBR0_64, 0x40008000ULL);
	TRY(DFAR, 0xdeadbee0);
}

static void floating_point(void)
{
	u64 in[32], out[32];
	unsigned int i;

	for (i = 0; i < 32; i++)
		in[i] = 0x0123456789abcdefULL * (i + 1);
	vfp_enable();
	vfp_load(in, 16);
	memset(out, 0, sizeof(out));
	vfp_store(out, 16);
	print("VFP: D0-D15 loaded and stored, %s\n",
	      memcmp(in, out, 16 * sizeof(u64)) ? "MISMATCH" : "equal");
	if (memcmp(in, out, 16 * sizeof(u64)))
		failures++;
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	(void)r0;
	(void)r1;
	(void)r2;

	print("Hello from a 32-bit ARM guest.\n");
	trapped();
	untrapped();
	floating_point();
	if (failures)
		return failures;
	print("Goodbye: PSCI SYSTEM_OFF.\n");
	system_off();
}
