// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the table of CP15 registers: what a row, a key, an id and a
 * syndrome have to do with each other.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include <asm/kvm_coproc.h>

#include "coproc.h"
#include "test.h"

/**
 * kvm_test_init() - skip a test where KVM is off
 * @test: the test, which needs what KVM reads when it starts
 *
 * Return: 0.
 */
int kvm_test_init(struct kunit *test)
{
	if (!kvm_coproc_midr())
		kunit_skip(test, "KVM is off");

	return 0;
}

/**
 * kvm_test_vcpu() - a vcpu of a VM that has one
 * @test: the test it lives as long as
 *
 * Return: the vcpu, in SVC mode, HCR.TVM set, timers off. All registers are
 * zero.
 */
struct kvm_vcpu *kvm_test_vcpu(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kunit_kzalloc(test, sizeof(*vcpu), GFP_KERNEL);
	struct kvm *kvm = kunit_kzalloc(test, sizeof(*kvm), GFP_KERNEL);
	struct kvm_vcpu_hyp *hyp = kunit_kzalloc(test, sizeof(*hyp), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vcpu);
	KUNIT_ASSERT_NOT_NULL(test, kvm);
	KUNIT_ASSERT_NOT_NULL(test, hyp);

	vcpu->kvm = kvm;
	vcpu->arch.hyp = hyp;
	vcpu->arch.target = KVM_ARM_TARGET_CORTEX_A15;
	atomic_set(&kvm->online_vcpus, 1);
	hyp->ctxt.gp_regs.usr_regs.ARM_cpsr = SVC_MODE;
	hyp->hcr = HCR_TVM;
	kvm_timer_vcpu_init(vcpu);

	return vcpu;
}

static void every_row(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < nr_coproc_regs; i++) {
		const struct coproc_reg *r = &coproc_regs[i];
		u64 id = coproc_key_to_id(r->key);
		u32 crn = r->key >> 11 & 0xf, crm = r->key >> 7 & 0xf;
		u32 opc1 = r->key >> 3 & 0xf, opc2 = r->key & 7;

		KUNIT_EXPECT_EQ(test, coproc_id_to_key(id), r->key);
		KUNIT_EXPECT_PTR_EQ(test, coproc_find(r->key), r);
		KUNIT_EXPECT_STREQ(test, kvm_cp15_name(id), r->name);

		if (r->key & CP15_KEY_64BIT)
			KUNIT_EXPECT_EQ(test, r->key,
					coproc_hsr_to_key64(test_hsr64(TEST_EC_CP15_64, opc1,
								       crm, 3, 5, true)));
		else
			KUNIT_EXPECT_EQ(test, r->key,
					coproc_hsr_to_key32(test_hsr32(TEST_EC_CP15_32, crn,
								       opc1, crm, opc2, 3,
								       true)));
	}
}

/* The search is right for every key there can be, row or not */
static void every_key(struct kunit *test)
{
	unsigned int key, i = 0, found = 0;

	for (key = 0; key <= U16_MAX; key++) {
		const struct coproc_reg *r = coproc_find(key);

		while (i < nr_coproc_regs && coproc_regs[i].key < key)
			i++;
		if (i < nr_coproc_regs && coproc_regs[i].key == key) {
			KUNIT_ASSERT_PTR_EQ(test, r, &coproc_regs[i]);
			found++;
		} else {
			KUNIT_ASSERT_NULL(test, r);
		}
		KUNIT_ASSERT_EQ(test, coproc_id_to_key(coproc_key_to_id(key)),
				key);
	}

	KUNIT_EXPECT_EQ(test, found, nr_coproc_regs);
}

/* Every field of a syndrome arrives in its place, whatever Rt and direction */
static void every_encoding(struct kunit *test)
{
	u32 n;

	for (n = 0; n < BIT(14); n++) {
		u32 crn = n & 0xf, opc1 = n >> 4 & 7;
		u32 crm = n >> 7 & 0xf, opc2 = n >> 11 & 7;
		u32 hsr = test_hsr32(TEST_EC_CP15_32, crn, opc1, crm, opc2,
				     n % 16, n & 1);
		u64 id = 0x40200000000f0000ULL | crn << 11 | crm << 7 |
			 opc1 << 3 | opc2;

		KUNIT_ASSERT_EQ(test, coproc_key_to_id(coproc_hsr_to_key32(hsr)),
				id);
		KUNIT_ASSERT_EQ(test, HSR_CP_RT(hsr), n % 16);
	}

	for (n = 0; n < BIT(8); n++) {
		u32 opc1 = n & 0xf, crm = n >> 4;
		u32 hsr = test_hsr64(TEST_EC_CP15_64, opc1, crm, n % 16,
				     n / 16, n & 1);
		u64 id = 0x40300000000f0000ULL | crm << 7 | opc1 << 3;

		KUNIT_ASSERT_EQ(test, coproc_key_to_id(coproc_hsr_to_key64(hsr)),
				id);
		KUNIT_ASSERT_EQ(test, HSR_CP_RT(hsr), n % 16);
		KUNIT_ASSERT_EQ(test, HSR_CP_RT2(hsr), n / 16);
	}
}

/* An id with any bit changed is another register's, or nobody's */
static void every_bit_of_an_id(struct kunit *test)
{
	unsigned int i, bit;

	for (i = 0; i < nr_coproc_regs; i++) {
		for (bit = 0; bit < 64; bit++) {
			u64 id = coproc_key_to_id(coproc_regs[i].key) ^ BIT_ULL(bit);
			int key = coproc_id_to_key(id);

			if (key < 0)
				KUNIT_ASSERT_STREQ(test, kvm_cp15_name(id),
						   "unknown");
			else
				KUNIT_ASSERT_EQ(test, coproc_key_to_id(key), id);

			/* Fields outside the low 15 bits and the size are fixed */
			if (bit > 14 && bit != 52)
				KUNIT_ASSERT_EQ(test, key, -1);
		}
	}
}

static void opc1_above_7(struct kunit *test)
{
	u16 key;

	for (key = CP15_KEY32(0, 8, 0, 0); key < CP15_KEY_64BIT; key++)
		if (key & CP15_KEY32(0, 8, 0, 0))
			KUNIT_ASSERT_NULL(test, coproc_find(key));
}

/* Ids are for ever: as numbers, not by the macros that make them */
static const struct {
	u64 id;
	const char *name;
} abi[] = {
	{ 0x40200000000f0000, "MIDR" }, { 0x40200000000f0001, "CTR" },
	{ 0x40200000000f0002, "TCMTR" }, { 0x40200000000f0003, "TLBTR" },
	{ 0x40200000000f0005, "MPIDR" }, { 0x40200000000f0006, "REVIDR" },
	{ 0x40200000000f0009, "CLIDR" }, { 0x40200000000f000f, "AIDR" },
	{ 0x40200000000f0010, "CSSELR" }, { 0x40200000000f0080, "ID_PFR0" },
	{ 0x40200000000f0081, "ID_PFR1" }, { 0x40200000000f0082, "ID_DFR0" },
	{ 0x40200000000f0083, "ID_AFR0" }, { 0x40200000000f0084, "ID_MMFR0" },
	{ 0x40200000000f0085, "ID_MMFR1" }, { 0x40200000000f0086, "ID_MMFR2" },
	{ 0x40200000000f0087, "ID_MMFR3" }, { 0x40200000000f0100, "ID_ISAR0" },
	{ 0x40200000000f0101, "ID_ISAR1" }, { 0x40200000000f0102, "ID_ISAR2" },
	{ 0x40200000000f0103, "ID_ISAR3" }, { 0x40200000000f0104, "ID_ISAR4" },
	{ 0x40200000000f0105, "ID_ISAR5" }, { 0x40200000000f0800, "SCTLR" },
	{ 0x40200000000f0801, "ACTLR" }, { 0x40200000000f0802, "CPACR" },
	{ 0x40200000000f1000, "TTBR0" }, { 0x40200000000f1001, "TTBR1" },
	{ 0x40200000000f1002, "TTBCR" }, { 0x40200000000f1800, "DACR" },
	{ 0x40200000000f2800, "DFSR" }, { 0x40200000000f2801, "IFSR" },
	{ 0x40200000000f2880, "ADFSR" }, { 0x40200000000f2881, "AIFSR" },
	{ 0x40200000000f3000, "DFAR" }, { 0x40200000000f3002, "IFAR" },
	{ 0x40200000000f480a, "L2CTLR" }, { 0x40200000000f5100, "MAIR0" },
	{ 0x40200000000f5101, "MAIR1" }, { 0x40200000000f5180, "AMAIR0" },
	{ 0x40200000000f5181, "AMAIR1" }, { 0x40200000000f6000, "VBAR" },
	{ 0x40200000000f6801, "CONTEXTIDR" }, { 0x40200000000f6802, "TPIDRURW" },
	{ 0x40200000000f6803, "TPIDRURO" }, { 0x40200000000f6804, "TPIDRPRW" },
	{ 0x40200000000f7080, "CNTKCTL" }, { 0x40200000000f7101, "CNTP_CTL" },
	{ 0x40200000000f7181, "CNTV_CTL" }, { 0x40300000000f0100, "TTBR0_64" },
	{ 0x40300000000f0108, "TTBR1_64" }, { 0x40300000000f0380, "PAR_64" },
	{ 0x40300000000f0708, "CNTVCT" }, { 0x40300000000f0710, "CNTP_CVAL" },
	{ 0x40300000000f0718, "CNTV_CVAL" },
};

static void ids_are_abi(struct kunit *test)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(abi); i++) {
		unsigned int listed = 0;

		KUNIT_EXPECT_STREQ(test, kvm_cp15_name(abi[i].id), abi[i].name);
		for (j = 0; j < nr_coproc_ids; j++)
			listed += coproc_ids[j] == abi[i].id;
		KUNIT_EXPECT_EQ_MSG(test, listed, 1, "%s", abi[i].name);
	}

	for (j = 1; j < nr_coproc_ids; j++)
		KUNIT_EXPECT_GT(test, coproc_ids[j], coproc_ids[j - 1]);
}

/* Cortex-A15: I-cache lines of 64 bytes, PIPT; Cortex-A7: of 32, VIPT */
static void ctr_of_both_cpus(struct kunit *test)
{
	const u32 a15 = 0x8444c004, a7 = 0x84448003;

	KUNIT_EXPECT_EQ(test, coproc_merge_ctr(a15, a15), a15);
	KUNIT_EXPECT_EQ(test, coproc_merge_ctr(a7, a7), a7);
	KUNIT_EXPECT_EQ(test, coproc_merge_ctr(a15, a7), a7);
	KUNIT_EXPECT_EQ(test, coproc_merge_ctr(a7, a15), a7);
	KUNIT_EXPECT_TRUE(test, coproc_ctr_is_pipt(a15));
	KUNIT_EXPECT_FALSE(test, coproc_ctr_is_pipt(a7));

	/* D-cache lines; ERG, CWG, of which 0 is the largest */
	KUNIT_EXPECT_EQ(test, coproc_merge_ctr(0x84538004, 0x80348004), 0x80538004);
	KUNIT_EXPECT_TRUE(test, kvm_coproc_cpu_fits());
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE(every_row),
	KUNIT_CASE(every_key),
	KUNIT_CASE(every_encoding),
	KUNIT_CASE(every_bit_of_an_id),
	KUNIT_CASE(opc1_above_7),
	KUNIT_CASE(ids_are_abi),
	KUNIT_CASE(ctr_of_both_cpus),
	{}
};

static struct kunit_suite table_suite = {
	.name = "kvm-arm-cp15-table",
	.init = kvm_test_init,
	.test_cases = table_cases,
};

kunit_test_suite(table_suite);
