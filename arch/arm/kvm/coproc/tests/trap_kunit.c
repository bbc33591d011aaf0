// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of trapped accesses of registers, row by row: pass made-up
 * syndromes to the real handlers, whether or not a CPU would trap.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>

#include "../coproc.h"
#include "test.h"

#define PC		0x8000
#define RT		TEST_RT
#define RT2		TEST_RT2

/**
 * test_trap() - run the handler of a trapped instruction
 * @vcpu: the vcpu, with its registers at the trap
 * @hsr: HSR
 *
 * Return: what the handler asked for.
 */
enum test_outcome test_trap(struct kvm_vcpu *vcpu, u32 hsr)
{
	int ret;

	vcpu->arch.iflags = 0;
	vcpu_hyp(vcpu)->fault.hsr = hsr;
	*vcpu_pc(vcpu) = PC;

	switch (hsr >> 26) {
	case TEST_EC_CP15_32:
		ret = kvm_handle_cp15_32(vcpu);
		break;
	case TEST_EC_CP15_64:
		ret = kvm_handle_cp15_64(vcpu);
		break;
	case TEST_EC_CP14_32:
		ret = kvm_handle_cp14_32(vcpu);
		break;
	case TEST_EC_CP14_64:
		ret = kvm_handle_cp14_64(vcpu);
		break;
	case TEST_EC_CP14_LS:
		ret = kvm_handle_cp14_ls(vcpu);
		break;
	case TEST_EC_CP10_ID:
		ret = kvm_handle_cp10_id(vcpu);
		break;
	default:
		return NEITHER;
	}

	/* Nothing may happen before entry to the guest. */
	if (ret != 1 || *vcpu_pc(vcpu) != PC)
		return NEITHER;
	if (vcpu_get_flag(vcpu, PENDING_EXCEPTION))
		return UNDEFINED;

	return vcpu_get_flag(vcpu, INCREMENT_PC) ? SKIPPED : NEITHER;
}

/**
 * test_row_hsr() - return the syndrome of an access
 * @r: the row of a register, not of a range
 * @is_read: MRC or MRRC, otherwise MCR or MCRR
 *
 * Return: HSR, with TEST_RT and TEST_RT2.
 */
u32 test_row_hsr(const struct coproc_reg *r, bool is_read)
{
	u32 crn = r->key >> 11 & 0xf, crm = r->key >> 7 & 0xf;
	u32 opc1 = r->key >> 3 & 0xf, opc2 = r->key & 7;
	bool is_cp14 = COPROC_KEY_TO_CP(r->key) == 14;

	if (r->key & COPROC_KEY_64BIT)
		return test_hsr64(is_cp14 ? TEST_EC_CP14_64 : TEST_EC_CP15_64, opc1,
				  crm, RT, RT2, is_read);
	if (COPROC_KEY_TO_CP(r->key) == 10)
		return test_hsr32(TEST_EC_CP10_ID, crn, opc1, crm, opc2, RT, is_read);

	return test_hsr32(is_cp14 ? TEST_EC_CP14_32 : TEST_EC_CP15_32, crn, opc1, crm,
			  opc2, RT, is_read);
}

static const struct coproc_reg *find_row(struct kunit *test, const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_coproc_regs; i++)
		if (!strcmp(coproc_regs[i].name, name))
			return &coproc_regs[i];

	KUNIT_FAIL_AND_ABORT(test, "there is no %s", name);
	return NULL;
}

/* Read a register by name, into RT. */
static enum test_outcome read(struct kunit *test, struct kvm_vcpu *vcpu,
			      const char *name)
{
	vcpu_set_reg(vcpu, RT, 0xdead);
	vcpu_set_reg(vcpu, RT2, 0xbeef);

	return test_trap(vcpu, test_row_hsr(find_row(test, name), true));
}

static enum test_outcome write(struct kunit *test, struct kvm_vcpu *vcpu,
			       const char *name, u32 val)
{
	vcpu_set_reg(vcpu, RT, val);
	vcpu_set_reg(vcpu, RT2, 0);

	return test_trap(vcpu, test_row_hsr(find_row(test, name), false));
}

static void expect_read(struct kunit *test, struct kvm_vcpu *vcpu,
			const char *name, u32 val)
{
	KUNIT_EXPECT_EQ_MSG(test, read(test, vcpu, name), SKIPPED, "%s", name);
	KUNIT_EXPECT_EQ_MSG(test, vcpu_get_reg(vcpu, RT), val, "%s", name);
}

/*
 * SWITCHED and ALIAS rows: each register keeps its own value, whether the
 * hardware traps it or not.
 */
static void plain_rows(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i, tried = 0;

	for (i = 0; i < nr_coproc_regs; i++) {
		const struct coproc_reg *r = &coproc_regs[i];
		bool is64 = r->key & COPROC_KEY_64BIT;
		u32 *slot;
		u32 low = 0x1000000 * i, high = is64 ? i : 0;

		if ((r->kind != COPROC_SWITCHED && r->kind != COPROC_ALIAS) ||
		    !coproc_is_visible(r))
			continue;

		slot = &vcpu_ctxt(vcpu)->cp15[r->index];

		vcpu_set_reg(vcpu, RT, low);
		vcpu_set_reg(vcpu, RT2, high);
		KUNIT_ASSERT_EQ_MSG(test, test_trap(vcpu, test_row_hsr(r, false)), SKIPPED,
				    "write of %s", r->name);
		KUNIT_ASSERT_EQ_MSG(test, slot[0], low, "%s", r->name);
		if (is64)
			KUNIT_ASSERT_EQ_MSG(test, slot[1], high, "%s", r->name);

		vcpu_set_reg(vcpu, RT, 0xdead);
		vcpu_set_reg(vcpu, RT2, 0xbeef);
		KUNIT_ASSERT_EQ_MSG(test, test_trap(vcpu, test_row_hsr(r, true)), SKIPPED,
				    "read of %s", r->name);
		KUNIT_ASSERT_EQ_MSG(test, vcpu_get_reg(vcpu, RT), low, "%s",
				    r->name);
		KUNIT_ASSERT_EQ_MSG(test, vcpu_get_reg(vcpu, RT2),
				    is64 ? high : 0xbeef, "%s", r->name);
		tried++;
	}

	KUNIT_EXPECT_GT(test, tried, 20);
}

static void id_rows(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	const struct coproc_reg *r;

	for_each_coproc_reg(r) {
		if (r->kind != COPROC_ID)
			continue;

		expect_read(test, vcpu, r->name, vcpu->kvm->arch.id_regs[r->index]);
		KUNIT_EXPECT_EQ_MSG(test, write(test, vcpu, r->name, 0),
				    r->who & WHO_WO ? SKIPPED : UNDEFINED, "%s", r->name);
		expect_read(test, vcpu, r->name, vcpu->kvm->arch.id_regs[r->index]);
	}

	/* On a host with both kinds of CPU, the test may run on either. */
	if (read_cpuid_part() == (kvm_coproc_midr() & ARM_CPU_PART_MASK))
		expect_read(test, vcpu, "MIDR", read_cpuid_id());
	/* Guests have no PMU, debug and trace. */
	expect_read(test, vcpu, "ID_DFR0", 0x0f000000);
}

/* Registers that guests may access, but that the VM does not have */
static void zero_rows(struct kunit *test)
{
	static const char * const rows[] = {
		"L2ECTLR", "PMCR", "PMCNTENSET", "PMCNTENCLR", "PMOVSR",
		"PMSELR", "PMCCNTR", "PMXEVTYPER", "PMXEVCNTR", "PMUSERENR",
		"PMINTENSET", "PMINTENCLR", "PMOVSSET", "DBGOSDLR", "TEECR",
	};
	static const char * const read_only[] = {
		"CBAR", "PMCEID0", "PMCEID1", "DBGDIDR", "DBGDRAR_64", "JIDR",
	};
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ(test, write(test, vcpu, rows[i], ~0), SKIPPED);
		expect_read(test, vcpu, rows[i], 0);
	}
	for (i = 0; i < ARRAY_SIZE(read_only); i++) {
		expect_read(test, vcpu, read_only[i], 0);
		KUNIT_EXPECT_EQ(test, write(test, vcpu, read_only[i], 0), UNDEFINED);
	}

	KUNIT_EXPECT_EQ(test, write(test, vcpu, "PMSWINC", ~0), SKIPPED);
	KUNIT_EXPECT_EQ(test, read(test, vcpu, "PMSWINC"), UNDEFINED);
	KUNIT_EXPECT_EQ(test, write(test, vcpu, "MPIDR", 0), UNDEFINED);
}

/* L2CTLR follows the number of vcpus in the cluster, ACTLR that of all. */
static void number_of_cores(struct kunit *test)
{
	static const u32 cores[] = { 0, 0, 1, 2, 3, 3, 3, 3, 3 };
	static const u32 second_cluster[] = { 0, 0, 0, 0, 0, 0, 1, 2, 3 };
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	int first = vcpu->vcpu_id;
	u32 n;

	kvm_coproc_reset_vcpu(vcpu);

	for (n = 1; n <= 8; n++) {
		atomic_set(&vcpu->kvm->online_vcpus, n);

		KUNIT_EXPECT_EQ(test, read(test, vcpu, "L2CTLR"), SKIPPED);
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT) >> 24 & 3, cores[n]);
		for (vcpu->vcpu_id = 4; vcpu->vcpu_id < 8; vcpu->vcpu_id++) {
			KUNIT_EXPECT_EQ(test, read(test, vcpu, "L2CTLR"), SKIPPED);
			KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT) >> 24 & 3,
					second_cluster[n]);
		}
		vcpu->vcpu_id = first;
		KUNIT_EXPECT_EQ(test, write(test, vcpu, "L2CTLR", ~0), SKIPPED);

		KUNIT_EXPECT_EQ(test, read(test, vcpu, "ACTLR"), SKIPPED);
		KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT) & coproc_actlr_smp(),
				n > 1 ? coproc_actlr_smp() : 0);
		KUNIT_EXPECT_EQ(test, write(test, vcpu, "ACTLR", ~0), SKIPPED);
	}

	/* A second reset gives the same value. */
	n = read_l2ctlr(vcpu, find_row(test, "L2CTLR"));
	kvm_coproc_reset_vcpu(vcpu);
	expect_read(test, vcpu, "L2CTLR", n);
}

/* HCR.TSW: maintenance by set/way */
static void set_way(struct kunit *test)
{
	static const char * const rows[] = { "DCISW", "DCCSW", "DCCISW" };
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ(test, write(test, vcpu, rows[i], 0), SKIPPED);
		KUNIT_EXPECT_EQ(test, read(test, vcpu, rows[i]), UNDEFINED);
	}
}

/* KVM clears HCR.TVM once the caches are on. */
static void caches_on(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);

	KUNIT_EXPECT_EQ(test, write(test, vcpu, "TTBCR", 0), SKIPPED);
	KUNIT_EXPECT_TRUE(test, vcpu_hyp(vcpu)->hcr & HCR_TVM);

	/* Set SCTLR first, since the VM has no memory to clean. */
	vcpu_cp15(vcpu, SCTLR) = CR_M | CR_C;
	KUNIT_EXPECT_EQ(test, write(test, vcpu, "SCTLR", CR_M | CR_C | CR_I),
			SKIPPED);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, SCTLR), CR_M | CR_C | CR_I);
	KUNIT_EXPECT_FALSE(test, vcpu_hyp(vcpu)->hcr & HCR_TVM);
}

/* A 32-bit alias is the low word of its 64-bit register. */
static void ttbr_alias(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);

	vcpu_set_reg(vcpu, RT, 0x11112222);
	vcpu_set_reg(vcpu, RT2, 0x33);
	KUNIT_EXPECT_EQ(test, test_trap(vcpu, test_row_hsr(find_row(test, "TTBR0_64"), false)),
			SKIPPED);
	expect_read(test, vcpu, "TTBR0", 0x11112222);

	KUNIT_EXPECT_EQ(test, write(test, vcpu, "TTBR0", 0x44445555), SKIPPED);
	expect_read(test, vcpu, "TTBR0_64", 0x44445555);
	KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT2), 0x33);
	expect_read(test, vcpu, "TTBR1", 0);
}

static void ccsidr(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 csselr;

	/* Cortex-A15 and A7 have two level 1 caches and one level 2 cache. */
	for (csselr = 0; csselr < 3; csselr++) {
		KUNIT_EXPECT_EQ(test, write(test, vcpu, "CSSELR", csselr),
				SKIPPED);
		expect_read(test, vcpu, "CSSELR", csselr);
		KUNIT_EXPECT_EQ(test, read(test, vcpu, "CCSIDR"), SKIPPED);
		KUNIT_EXPECT_NE(test, vcpu_get_reg(vcpu, RT), 0);
	}

	for (csselr = 3; csselr; csselr = csselr < 32 ? csselr + 1 : csselr * 2) {
		KUNIT_EXPECT_EQ(test, write(test, vcpu, "CSSELR", csselr),
				SKIPPED);
		expect_read(test, vcpu, "CCSIDR", 0);
	}

	KUNIT_EXPECT_EQ(test, write(test, vcpu, "CCSIDR", 0), UNDEFINED);
}

/* CNTHCTL.PL1PCEN: the emulated physical timer */
static void physical_timer(struct kunit *test)
{
	const u32 enable = BIT(0), imask = BIT(1), istatus = BIT(2);
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);

	vcpu_set_reg(vcpu, RT, 0x89abcdef);
	vcpu_set_reg(vcpu, RT2, 0x01234567);
	KUNIT_EXPECT_EQ(test, test_trap(vcpu, test_row_hsr(find_row(test, "CNTP_CVAL"), false)),
			SKIPPED);
	expect_read(test, vcpu, "CNTP_CVAL", 0x89abcdef);
	KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT2), 0x01234567);

	/*
	 * CVAL far in the future, then expired; ISTATUS shows only while the
	 * timer is on.
	 */
	KUNIT_EXPECT_EQ(test, write(test, vcpu, "CNTP_CTL", enable | imask),
			SKIPPED);
	expect_read(test, vcpu, "CNTP_CTL", enable | imask);
	KUNIT_EXPECT_EQ(test, write(test, vcpu, "CNTP_TVAL", 0), SKIPPED);
	expect_read(test, vcpu, "CNTP_CTL", enable | imask | istatus);
	KUNIT_EXPECT_EQ(test, write(test, vcpu, "CNTP_CTL", imask), SKIPPED);
	expect_read(test, vcpu, "CNTP_CTL", imask);
	KUNIT_EXPECT_EQ(test, read_timer_ctl(vcpu, find_row(test, "CNTP_CTL")), imask);
}

/* Registers of PL1 only are undefined in User mode. */
static void in_user_mode(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i;

	*vcpu_cpsr(vcpu) = USR_MODE;

	for (i = 0; i < nr_coproc_regs; i++) {
		const struct coproc_reg *r = &coproc_regs[i];

		if (r->any || r->who & COPROC_MAY(0, 1) || r->who & COPROC_MAY(1, 1))
			continue;
		KUNIT_EXPECT_EQ_MSG(test, test_trap(vcpu, test_row_hsr(r, true)),
				    UNDEFINED, "read of %s", r->name);
		KUNIT_EXPECT_EQ_MSG(test, test_trap(vcpu, test_row_hsr(r, false)),
				    UNDEFINED, "write of %s", r->name);
	}

	expect_read(test, vcpu, "PMUSERENR", 0);
	KUNIT_EXPECT_EQ(test, write(test, vcpu, "PMUSERENR", 0), UNDEFINED);
	KUNIT_EXPECT_EQ(test, read(test, vcpu, "TPIDRURO"), SKIPPED);
	KUNIT_EXPECT_EQ(test, write(test, vcpu, "TPIDRURO", 0), UNDEFINED);
	KUNIT_EXPECT_EQ(test, write(test, vcpu, "TPIDRURW", 5), SKIPPED);
	expect_read(test, vcpu, "TPIDRURW", 5);
	expect_read(test, vcpu, "CNTP_CTL", 0);
}

/* Rt is the register of the trapped mode. */
static void rt_is_banked(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	struct kvm_regs *regs = vcpu_gp_regs(vcpu);
	u32 midr = kvm_coproc_midr();

	*vcpu_cpsr(vcpu) = IRQ_MODE;
	KUNIT_EXPECT_EQ(test, SKIPPED,
			test_trap(vcpu, test_hsr32(TEST_EC_CP15_32, 0, 0, 0, 0, 13, true)));
	KUNIT_EXPECT_EQ(test, regs->KVM_ARM_IRQ_sp, midr);
	KUNIT_EXPECT_EQ(test, regs->usr_regs.ARM_sp, 0);

	*vcpu_cpsr(vcpu) = FIQ_MODE;
	regs->KVM_ARM_FIQ_r8 = 0x55;
	KUNIT_EXPECT_EQ(test, SKIPPED,
			test_trap(vcpu, test_hsr32(TEST_EC_CP15_32, 13, 0, 0, 4, 8, false)));
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, TPIDRPRW), 0x55);
}

static void rt_15_is_the_flags(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 hsr;

	/* MRC of DBGDSCRint to the flags is how debuggers poll it. */
	*vcpu_cpsr(vcpu) = PSR_N_BIT | PSR_C_BIT | PSR_Q_BIT | SVC_MODE;
	hsr = test_hsr32(TEST_EC_CP14_32, 0, 0, 1, 0, 15, true);
	KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr), SKIPPED);
	KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), PSR_Q_BIT | SVC_MODE);

	vcpu_cp15(vcpu, DACR) = 0xa5555555;
	hsr = test_hsr32(TEST_EC_CP15_32, 3, 0, 0, 0, 15, true);
	KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr), SKIPPED);
	KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu),
			PSR_N_BIT | PSR_C_BIT | PSR_Q_BIT | SVC_MODE);
}

static void reset_values(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 *words = vcpu_ctxt(vcpu)->cp15;
	u32 once[NR_CP15_SLOTS];
	unsigned int i;

	for (i = 0; i < NR_CP15_SLOTS; i++)
		words[i] = 0xdecafbad;

	kvm_coproc_reset_vcpu(vcpu);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, SCTLR), 0x00c50078);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, MPIDR), 0x80000000);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, TTBR0), 0);
	for (i = 0; i < NR_CP15_SLOTS; i++)
		KUNIT_EXPECT_NE(test, words[i], 0xdecafbad);

	/* A second reset changes nothing, unless two rows write one slot. */
	memcpy(once, words, sizeof(once));
	kvm_coproc_reset_vcpu(vcpu);
	KUNIT_EXPECT_MEMEQ(test, once, words, sizeof(once));

	vcpu->arch.target = KVM_ARM_TARGET_CORTEX_A7;
	vcpu->vcpu_id = 6;
	kvm_coproc_reset_vcpu(vcpu);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, SCTLR), 0x00c50878);
	KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, MPIDR), 0x80000102);
}

static struct kunit_case trap_cases[] = {
	KUNIT_CASE(plain_rows),
	KUNIT_CASE(id_rows),
	KUNIT_CASE(zero_rows),
	KUNIT_CASE(number_of_cores),
	KUNIT_CASE(set_way),
	KUNIT_CASE(caches_on),
	KUNIT_CASE(ttbr_alias),
	KUNIT_CASE(ccsidr),
	KUNIT_CASE(physical_timer),
	KUNIT_CASE(in_user_mode),
	KUNIT_CASE(rt_is_banked),
	KUNIT_CASE(rt_15_is_the_flags),
	KUNIT_CASE(reset_values),
	{}
};

static struct kunit_suite trap_suite = {
	.name = "kvm-arm-trap",
	.init = kvm_test_init,
	.test_cases = trap_cases,
};

kunit_test_suite(trap_suite);
