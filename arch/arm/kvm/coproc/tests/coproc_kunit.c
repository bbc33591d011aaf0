// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the table of coprocessor registers: conversions between rows,
 * keys, ids and syndromes.
 */
#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/kvm_host.h>

#include <asm/kvm_coproc.h>

#include "../coproc.h"
#include "test.h"

static void restore_features(void *features)
{
	coproc_features = (unsigned long)features;
}

/**
 * kvm_test_init() - prepare a test, or skip it where KVM is off
 * @test: the test, which needs the values that KVM captures when it starts
 *
 * Give the host the optional registers of a Cortex-A15.
 *
 * Return: 0, or -ENOMEM.
 */
int kvm_test_init(struct kunit *test)
{
	unsigned long host_features = coproc_features;

	if (!kvm_coproc_midr())
		kunit_skip(test, "KVM is off");

	coproc_features = COPROC_VFP | COPROC_L2 | COPROC_T2EE;

	return kunit_add_action_or_reset(test, restore_features, (void *)host_features);
}

/**
 * kvm_test_vcpu() - create a vcpu, the only one of its VM
 * @test: the test that owns it
 *
 * Return: the vcpu, in SVC mode, HCR.TVM set, timers off. All registers are zero
 * except the identification registers.
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
	mutex_init(&kvm->arch.config_lock);
	kvm_coproc_init_vm(kvm);
	kvm_timer_vcpu_init(vcpu);

	return vcpu;
}

static const char *name_of(u64 id)
{
	int key = coproc_id_to_key(id);
	const struct coproc_reg *r = key < 0 ? NULL : coproc_find_exact(key);

	return r ? r->name : "unknown";
}

static void every_row(struct kunit *test)
{
	const struct coproc_reg *r;

	for_each_coproc_reg(r) {
		u64 id = coproc_key_to_id(r->key);
		u32 crn = r->key >> 11 & 0xf, crm = r->key >> 7 & 0xf;
		u32 opc1 = r->key >> 3 & 0xf, opc2 = r->key & 7;
		unsigned int cp = COPROC_KEY_TO_CP(r->key);

		if (r->any)
			continue;

		KUNIT_EXPECT_PTR_EQ(test, coproc_find_exact(r->key), r);
		/* KVM defines no ids for CP14. */
		if (cp != 14) {
			KUNIT_EXPECT_EQ(test, coproc_id_to_key(id), r->key);
			KUNIT_EXPECT_STREQ(test, name_of(id), r->name);
		}

		if (r->key & COPROC_KEY_64BIT)
			KUNIT_EXPECT_EQ(test, r->key,
					coproc_hsr_to_key64(cp, test_hsr64(0, opc1, crm,
									   3, 5, true)));
		else
			KUNIT_EXPECT_EQ(test, r->key,
					coproc_hsr_to_key32(cp, test_hsr32(0, crn, opc1, crm,
									   opc2, 3, true)));
	}
}

/* Search all rows for the narrowest that matches; NULL if there is not exactly one. */
static const struct coproc_reg *deciding_row(u32 key)
{
	const struct coproc_reg *r, *found = NULL;
	bool twice = false;

	for_each_coproc_reg(r) {
		if ((key & ~r->any) != r->key)
			continue;
		if (!found || hweight32(r->any) < hweight32(found->any)) {
			found = r;
			twice = false;
		} else if (hweight32(r->any) == hweight32(found->any)) {
			twice = true;
		}
	}

	return twice ? NULL : found;
}

/* coproc_find() finds the one row that decides, for every encoding. */
static void every_key(struct kunit *test)
{
	static const unsigned int cps[] = { 15, 14 };
	unsigned int i, n, of_kind[NR_COPROC_KINDS] = {};
	const struct coproc_reg *r;
	u32 key;

	for (i = 0; i < ARRAY_SIZE(cps); i++) {
		for (n = 0; n < BIT(14); n++) {
			key = COPROC_KEY32(cps[i], n >> 10, n >> 3 & 7, n >> 6 & 15, n & 7);
			r = deciding_row(key);
			KUNIT_ASSERT_NOT_NULL_MSG(test, r, "key %05x", key);
			KUNIT_ASSERT_PTR_EQ(test, coproc_find(key), r);
			of_kind[r->kind]++;
		}
		for (n = 0; n < BIT(8); n++) {
			key = COPROC_KEY64(cps[i], n >> 4, n & 15);
			r = deciding_row(key);
			KUNIT_ASSERT_NOT_NULL_MSG(test, r, "key %05x", key);
			KUNIT_ASSERT_PTR_EQ(test, coproc_find(key), r);
			of_kind[r->kind]++;
		}
	}
	for (n = 0; n < 16; n++) {
		key = COPROC_KEY32(10, n, 7, 0, 0);
		r = deciding_row(key);
		KUNIT_ASSERT_NOT_NULL_MSG(test, r, "key %05x", key);
		KUNIT_ASSERT_PTR_EQ(test, coproc_find(key), r);
		of_kind[r->kind]++;
	}

	for (n = 0; n < NR_COPROC_KINDS; n++) {
		kunit_info(test, "kind %u decides %u encodings", n, of_kind[n]);
		KUNIT_EXPECT_NE(test, of_kind[n], 0);
	}
}

/* Keys that no instruction has match no row. */
static void no_key(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, coproc_find(COPROC_KEY32(10, 0, 0, 0, 0)));
	KUNIT_EXPECT_NULL(test, coproc_find(COPROC_KEY32(10, 0, 7, 1, 0)));
	KUNIT_EXPECT_NULL(test, coproc_find(COPROC_KEY32(11, 0, 0, 0, 0)));
	KUNIT_EXPECT_NULL(test, coproc_find(COPROC_KEY64(10, 0, 0)));
}

/* Conversion of syndromes to ids: every encoding, with varying Rt and direction */
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

		KUNIT_ASSERT_EQ(test, coproc_key_to_id(coproc_hsr_to_key32(15, hsr)),
				id);
		KUNIT_ASSERT_EQ(test, FIELD_GET(HSR_CP_RT, hsr), n % 16);
	}

	for (n = 0; n < BIT(8); n++) {
		u32 opc1 = n & 0xf, crm = n >> 4;
		u32 hsr = test_hsr64(TEST_EC_CP15_64, opc1, crm, n % 16,
				     n / 16, n & 1);
		u64 id = 0x40300000000f0000ULL | crm << 7 | opc1 << 3;

		KUNIT_ASSERT_EQ(test, coproc_key_to_id(coproc_hsr_to_key64(15, hsr)),
				id);
		KUNIT_ASSERT_EQ(test, FIELD_GET(HSR_CP_RT, hsr), n % 16);
		KUNIT_ASSERT_EQ(test, FIELD_GET(HSR_CP64_RT2, hsr), n / 16);
	}
}

/* An id with one bit changed is another register's, or unknown. */
static void every_bit_of_an_id(struct kunit *test)
{
	const struct coproc_reg *r;
	unsigned int bit;

	for_each_coproc_reg(r) {
		bool vfp = COPROC_KEY_TO_CP(r->key) == 10;

		if (r->any || COPROC_KEY_TO_CP(r->key) == 14)
			continue;

		for (bit = 0; bit < 64; bit++) {
			u64 id = coproc_key_to_id(r->key) ^ BIT_ULL(bit);
			int key = coproc_id_to_key(id);

			if (key < 0)
				KUNIT_ASSERT_STREQ(test, name_of(id),
						   "unknown");
			else
				KUNIT_ASSERT_EQ(test, coproc_key_to_id(key), id);

			/* Only operands and, for CP15, the size may change. */
			if (vfp ? bit > 3 : bit > 14 && bit != 52)
				KUNIT_ASSERT_EQ(test, key, -1);
		}
	}
}

static void opc1_above_7(struct kunit *test)
{
	u32 key;

	for (key = COPROC_KEY32(15, 0, 8, 0, 0); key < COPROC_KEY_64BIT; key++)
		if (key & COPROC_KEY32(15, 0, 8, 0, 0))
			KUNIT_ASSERT_NULL(test, coproc_find_exact(key));
}

/* Ids are ABI: compare with numbers, not with macros that make them */
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
	{ 0x40300000000f0718, "CNTV_CVAL" }, { 0x4020000000121000, "FPSID" },
	{ 0x4020000000121001, "FPSCR" }, { 0x4020000000121006, "MVFR1" },
	{ 0x4020000000121007, "MVFR0" }, { 0x4020000000121008, "FPEXC" },
	{ 0x4020000000121009, "FPINST" }, { 0x402000000012100a, "FPINST2" },
};

static void ids_are_abi(struct kunit *test)
{
	u64 *ids = kunit_kcalloc(test, nr_coproc_regs, sizeof(*ids), GFP_KERNEL);
	unsigned int i, j, n, cp15;

	KUNIT_ASSERT_NOT_NULL(test, ids);
	cp15 = coproc_list_ids(15, ids);
	n = cp15 + coproc_list_ids(10, ids + cp15);

	for (i = 0; i < ARRAY_SIZE(abi); i++) {
		unsigned int listed = 0;

		KUNIT_EXPECT_STREQ(test, name_of(abi[i].id), abi[i].name);
		for (j = 0; j < n; j++)
			listed += ids[j] == abi[i].id;
		KUNIT_EXPECT_EQ_MSG(test, listed, 1, "%s", abi[i].name);
	}

	for (j = 1; j < n; j++)
		if (j != cp15)
			KUNIT_EXPECT_GT(test, ids[j], ids[j - 1]);
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE(every_row),
	KUNIT_CASE(every_key),
	KUNIT_CASE(no_key),
	KUNIT_CASE(every_encoding),
	KUNIT_CASE(every_bit_of_an_id),
	KUNIT_CASE(opc1_above_7),
	KUNIT_CASE(ids_are_abi),
	{}
};

static struct kunit_suite table_suite = {
	.name = "kvm-arm-cp15-table",
	.init = kvm_test_init,
	.test_cases = table_cases,
};

kunit_test_suite(table_suite);
