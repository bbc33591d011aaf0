// SPDX-License-Identifier: GPL-2.0
/*
 * All accesses of coprocessors 14 and 15 that a guest can make: each is
 * executed or undefined, and none makes the host print anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "behaviour.h"
#include "harness.h"
#include "sweep.h"

/* Number of messages that guests may cause in one test */
#define FEW_LINES	20

static struct kvm_vcpu *vcpu;
static unsigned int undefined;

static void create(void)
{
	vcpu = sweep_create();
}

static const uint8_t *counts(void)
{
	return sweep_counts(vcpu);
}

static uint64_t value(enum sweep_insn insn, unsigned int n)
{
	const uint32_t *values = sweep_values(vcpu);

	if (insn == SWEEP_MRRC)
		return values[2 * n] | (uint64_t)values[2 * n + 1] << 32;
	return values[n];
}

static void run(enum sweep_insn insn, unsigned int cp, unsigned int flags)
{
	unsigned int i, twice = 0;

	sweep_run(vcpu, insn, cp, flags);

	undefined = vcpu->reports[0];
	expect_equal(vcpu->reports[1], 0,
		     "exceptions with a wrong LR or SPSR (%s)", vcpu->output);
	for (i = 0; i < sweep_encodings(insn); i++)
		twice += counts()[i] > 1;
	expect_equal(twice, 0, "instructions undefined more than once");
}

/* Return the position in the kernel's log: the number of the last message. */
static unsigned long log_position(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	unsigned long position = 0;
	char line[8192];
	ssize_t n;

	if (fd < 0)
		kvm_bail("/dev/kmsg: %s", strerror(errno));
	/* "priority,number,..." */
	while ((n = read(fd, line, sizeof(line) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		line[n] = '\0';
		if (strchr(line, ','))
			position = strtoul(strchr(line, ',') + 1, NULL, 10);
	}
	close(fd);
	return position;
}

/*
 * Read and write in ARM and Thumb state. The state must not decide whether an
 * access is undefined.
 */
static void sweep(unsigned int cp, unsigned int flags)
{
	static const enum sweep_insn insns[] = { SWEEP_MRC, SWEEP_MCR,
						 SWEEP_MRRC, SWEEP_MCRR };
	unsigned long position = log_position();
	uint8_t *arm = malloc(SWEEP_NR_32);
	unsigned int i, k;

	if (!arm)
		kvm_bail("no memory");
	create();
	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		run(insns[i], cp, flags);
		memcpy(arm, counts(), sweep_encodings(insns[i]));
		run(insns[i], cp, flags | SWEEP_THUMB);
		for (k = 0; k < sweep_encodings(insns[i]); k++)
			expect_equal(counts()[k], arm[k],
				     "instruction %u, encoding %#x in Thumb state",
				     insns[i], k);
	}
	free(arm);
	vm_free(vcpu->vm);
	position = log_position() - position;
	expect(position < FEW_LINES, "the kernel logged %lu lines", position);
}

static void cp15_privileged(void)
{
	sweep(15, 0);
}

static void cp15_user(void)
{
	sweep(15, SWEEP_USER);
}

static void cp14_privileged(void)
{
	sweep(14, 0);
}

static void cp14_user(void)
{
	sweep(14, SWEEP_USER);
}

/* ARMv8 may have VMOV of half-precision numbers in p9: one for each S register. */
static unsigned int half_precision(unsigned int cp, bool vfp_on)
{
	return cp == 9 && vfp_on && host_is_v8() ? 32 : 0;
}

/* Access VFP and coprocessors that do not exist, with VFP off and on. */
static void other_coprocs(void)
{
	static const unsigned int coprocs[] = { 0, 7, 9, 10, 11, 12 };
	const uint64_t fpexc = KVM_REG_ARM | KVM_REG_SIZE_U32 |
			       KVM_REG_ARM_VFP | KVM_REG_ARM_VFP_FPEXC;
	unsigned long position = log_position();
	unsigned int i, on;

	create();
	for (on = 0; on < 2; on++) {
		vcpu_set_reg(vcpu, REG(CPACR), on ? 0x00f00000 : 0);
		vcpu_set_reg(vcpu, fpexc, on ? 0x40000000 : 0);
		for (i = 0; i < ARRAY_SIZE(coprocs); i++) {
			bool vfp = coprocs[i] == 10 || coprocs[i] == 11;

			run(SWEEP_MRC, coprocs[i], 0);
			if (vfp && on)
				expect(undefined < SWEEP_NR_32,
				       "no access of p%u", coprocs[i]);
			else
				expect_equal(undefined, SWEEP_NR_32 -
					     half_precision(coprocs[i], on),
					     "undefined MRC of p%u",
					     coprocs[i]);
			run(SWEEP_MCR, coprocs[i], SWEEP_USER);
			if (!vfp || !on)
				expect_equal(undefined, SWEEP_NR_32 -
					     half_precision(coprocs[i], on),
					     "undefined MCR of p%u",
					     coprocs[i]);
		}
	}
	vm_free(vcpu->vm);
	position = log_position() - position;
	expect(position < FEW_LINES, "the kernel logged %lu lines", position);
}

static unsigned int encoding_of(uint64_t id)
{
	unsigned int opc1 = (id & KVM_REG_ARM_OPC1_MASK) >>
			    KVM_REG_ARM_OPC1_SHIFT;
	unsigned int crn = (id & KVM_REG_ARM_32_CRN_MASK) >>
			   KVM_REG_ARM_32_CRN_SHIFT;
	unsigned int crm = (id & KVM_REG_ARM_CRM_MASK) >>
			   KVM_REG_ARM_CRM_SHIFT;

	return reg_size(id) == 8 ? opc1 << 4 | crm :
	       opc1 << 11 | crn << 7 | crm << 3 |
	       (id & KVM_REG_ARM_32_OPC2_MASK);
}

/*
 * Tell whether QEMU shows its own value of a register that it does not trap: it
 * lacks HCR.TID3 on ARMv7, and HCR.TIDCP before version 10.
 */
static bool shows_its_own(uint64_t id)
{
	if (id == REG(ID_PFR0) || id == REG(ID_PFR1) || id == REG(ID_DFR0) ||
	    id == REG(ID_ISAR3))
		return qemu_version() != HARDWARE;
	return id == REG(L2CTLR) && qemu_version() < 10;
}

/* Every listed register can be read, and has the listed value. */
static void check_listed(enum sweep_insn insn, unsigned int size)
{
	unsigned int n;
	size_t i;

	run(insn, 15, 0);
	for (i = 0; i < nr_reg_names; i++) {
		const struct reg_name *reg = &reg_names[i];

		if ((reg->group != REG_CP15 && reg->group != REG_TIMER) ||
		    reg_size(reg->id) != size ||
		    reg->kind >= REG_OPERATION || is_missing(reg) ||
		    reg->id == REG(CNTVCT) || shows_its_own(reg->id))
			continue;
		n = encoding_of(reg->id);
		expect_equal(counts()[n], 0, "%s: exceptions", reg->name);
		expect_equal(value(insn, n), vcpu_get_reg(vcpu, reg->id), "%s",
			     reg->name);
	}
}

static void listed_values(void)
{
	create();
	check_listed(SWEEP_MRC, 4);
	check_listed(SWEEP_MRRC, 8);
	vm_free(vcpu->vm);
}

/* Registers of CP15 that User mode can read; it can read no others. */
static void user_reads(void)
{
	static const uint64_t allowed[] = { REG(TPIDRURW), REG(TPIDRURO),
					    REG(PMUSERENR) };
	unsigned int i, k;

	create();
	run(SWEEP_MRC, 15, SWEEP_USER);
	for (i = 0; i < SWEEP_NR_32; i++) {
		bool ok = false;

		for (k = 0; k < ARRAY_SIZE(allowed); k++)
			ok |= encoding_of(allowed[k]) == i;
		expect_equal(counts()[i], !ok, "encoding %#x: exceptions", i);
	}
	run(SWEEP_MRRC, 15, SWEEP_USER);
	expect_equal(undefined, SWEEP_NR_64, "undefined MRRC");
	vm_free(vcpu->vm);
}

/* CP14 reads as zero in all words, or is undefined. */
static void cp14_values(void)
{
	unsigned int i, n, executed = 0;
	uint64_t exits;

	create();
	exits = vcpu_stat(vcpu, "cp14_exit_stat");
	run(SWEEP_MRC, 14, 0);
	exits = vcpu_stat(vcpu, "cp14_exit_stat") - exits;
	for (i = 0; i < SWEEP_NR_32; i++) {
		executed += !counts()[i];
		expect_equal(value(SWEEP_MRC, i),
			     counts()[i] ? SWEEP_UNTOUCHED : 0,
			     "encoding %#x", i);
	}
	expect(executed >= 16, "only %u registers can be read", executed);
	/*
	 * JOSCR and JMCR do not trap, and may be missing. QEMU 10 traps an
	 * encoding that ARMv7 does not have.
	 */
	expect(exits >= executed - 2 && exits <= executed + 1,
	       "%llu exits of %u reads", (unsigned long long)exits, executed);
	run(SWEEP_MRRC, 14, 0);
	for (i = 0, n = 0; i < SWEEP_NR_64; i++) {
		n += !counts()[i];
		expect_equal(value(SWEEP_MRRC, i), counts()[i] ?
			     SWEEP_UNTOUCHED * 0x100000001ULL : 0,
			     "64-bit encoding %#x", i);
	}
	/* DBGDRAR and DBGDSAR */
	expect_equal(n, 2, "64-bit registers");
	vm_free(vcpu->vm);
}

/*
 * Write all encodings of CP15 and CP14: the writes exit, and the vcpu can be
 * reset.
 */
static void goes_on(void)
{
	uint64_t exits;

	create();
	run(SWEEP_MCR, 15, 0);
	run(SWEEP_MCRR, 15, 0);
	exits = vcpu_stat(vcpu, "cp15_exit_stat");
	expect(exits > 30, "only %llu CP15 exits", (unsigned long long)exits);
	run(SWEEP_MCR, 14, 0);
	exits = vcpu_stat(vcpu, "cp14_exit_stat");
	expect(exits > 10, "only %llu CP14 exits", (unsigned long long)exits);
	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	expect_equal(vcpu_get_reg(vcpu, REG(TTBR0_64)), 0, "TTBR0");
	vm_free(vcpu->vm);
}

static const struct test tests[] = {
	{ "all accesses of CP15 from Supervisor mode", cp15_privileged },
	{ "all accesses of CP15 from User mode", cp15_user },
	{ "all accesses of CP14 from Supervisor mode", cp14_privileged },
	{ "all accesses of CP14 from User mode", cp14_user },
	{ "all accesses of VFP and of coprocessors that are not there",
	  other_coprocs },
	{ "the listed registers are among those that can be read",
	  listed_values },
	{ "User mode can read TPIDRURW, TPIDRURO and PMUSERENR alone",
	  user_reads },
	{ "CP14 reads as zero or is undefined", cp14_values },
	{ "accesses of both were exits, and the vcpu can be reset", goes_on },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
