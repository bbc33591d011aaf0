// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of trapped CP15, CP14 and VMRS instructions, encoding by
 * encoding. Among them are those that an emulated CPU may not trap, as those
 * of HCR.TIDCP.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>

#include "coproc.h"
#include "test.h"

#define RT		4
#define RT2		7

/* Whatever a guest executes is either skipped or undefined, never both */
static void every_cp15_encoding(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 n, known = 0;

	for (n = 0; n < BIT(15); n++) {
		u32 crn = n >> 1 & 0xf, opc1 = n >> 5 & 7;
		u32 crm = n >> 8 & 0xf, opc2 = n >> 12;
		bool known_row = coproc_find(CP15_KEY32(crn, opc1, crm, opc2));
		bool id = !crn && !opc1 && crm >= 1 && crm <= 7 && (n & 1);
		enum test_outcome outcome;

		vcpu_set_reg(vcpu, RT, 0);
		outcome = test_trap(vcpu, test_hsr32(TEST_EC_CP15_32, crn, opc1,
						     crm, opc2, RT, n & 1));
		KUNIT_ASSERT_NE(test, outcome, NEITHER);
		if (!known_row && !id)
			KUNIT_ASSERT_EQ(test, outcome, UNDEFINED);
		known += outcome == SKIPPED;
	}

	KUNIT_EXPECT_GT(test, known, 100);

	for (n = 0; n < BIT(9); n++) {
		u32 opc1 = n >> 1 & 0xf, crm = n >> 5;
		bool known_row = coproc_find(CP15_KEY64(crm, opc1));
		enum test_outcome outcome;

		vcpu_set_reg(vcpu, RT, 0);
		vcpu_set_reg(vcpu, RT2, 0);
		outcome = test_trap(vcpu, test_hsr64(TEST_EC_CP15_64, opc1, crm,
						     RT, RT2, n & 1));
		KUNIT_ASSERT_NE(test, outcome, NEITHER);
		if (!known_row)
			KUNIT_ASSERT_EQ(test, outcome, UNDEFINED);
	}
}

/* HCR.TIDCP: what has no row in these groups is undefined, both ways */
static void tidcp(struct kunit *test)
{
	static const u16 crms[] = {
		[9] = 0x01e7, [10] = 0x0113, [11] = 0x81ff,
	};
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 crn, n, tried = 0;

	for (crn = 9; crn <= 11; crn++) {
		for (n = 0; n < BIT(10); n++) {
			u32 crm = n & 0xf, opc1 = n >> 4 & 7, opc2 = n >> 7;
			bool known = crn == 9 && opc1 == 1 && crm == 0 &&
				     (opc2 == 2 || opc2 == 3);
			u32 hsr = test_hsr32(TEST_EC_CP15_32, crn, opc1, crm,
					     opc2, RT, true);

			if (!(crms[crn] & BIT(crm)))
				continue;

			KUNIT_ASSERT_EQ(test, test_trap(vcpu, hsr),
					known ? SKIPPED : UNDEFINED);
			KUNIT_ASSERT_EQ(test, test_trap(vcpu, hsr & ~1),
					known ? SKIPPED : UNDEFINED);
			tried++;
		}
	}

	KUNIT_EXPECT_EQ(test, tried, 64 * (7 + 4 + 10));
}

/* The space of the ID registers reads as zero where there is none */
static void reserved_ids(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 crm, opc2;

	for (crm = 1; crm < 16; crm++) {
		for (opc2 = 0; opc2 < 8; opc2++) {
			u32 hsr = test_hsr32(TEST_EC_CP15_32, 0, 0, crm, opc2,
					     RT, true);

			if (coproc_find(CP15_KEY32(0, 0, crm, opc2)))
				continue;

			vcpu_set_reg(vcpu, RT, 0xdead);
			if (crm < 8) {
				KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr), SKIPPED);
				KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT), 0);
			} else {
				KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr), UNDEFINED);
				KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT),
						0xdead);
			}
			KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr & ~1), UNDEFINED);
		}
	}
}

/* CP14: debug, ThumbEE and Jazelle are zero, and there is nothing else */
static void every_cp14_encoding(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 n;

	for (n = 0; n < BIT(15); n++) {
		u32 crn = n >> 1 & 0xf, opc1 = n >> 5 & 7;
		u32 crm = n >> 8 & 0xf, opc2 = n >> 12;
		bool zero = opc1 == 0 || opc1 == 6 || opc1 == 7;

		vcpu_set_reg(vcpu, RT, 0xdead);
		KUNIT_ASSERT_EQ(test, zero ? SKIPPED : UNDEFINED,
				test_trap(vcpu, test_hsr32(TEST_EC_CP14_32, crn,
							   opc1, crm, opc2, RT,
							   n & 1)));
		KUNIT_ASSERT_EQ(test, vcpu_get_reg(vcpu, RT),
				zero && (n & 1) ? 0 : 0xdead);
	}

	for (n = 0; n < BIT(9); n++) {
		u32 opc1 = n >> 1 & 0xf, crm = n >> 5;

		vcpu_set_reg(vcpu, RT, 0xdead);
		vcpu_set_reg(vcpu, RT2, 0xbeef);
		KUNIT_ASSERT_EQ(test, opc1 ? UNDEFINED : SKIPPED,
				test_trap(vcpu, test_hsr64(TEST_EC_CP14_64, opc1,
							   crm, RT, RT2, n & 1)));
		KUNIT_ASSERT_EQ(test, vcpu_get_reg(vcpu, RT),
				!opc1 && (n & 1) ? 0 : 0xdead);
		KUNIT_ASSERT_EQ(test, vcpu_get_reg(vcpu, RT2),
				!opc1 && (n & 1) ? 0 : 0xbeef);
	}

	KUNIT_EXPECT_EQ(test, test_trap(vcpu, TEST_EC_CP14_LS << 26), UNDEFINED);
}

/* HCR.TID0, HCR.TID3: VMRS of FPSID, MVFR1, MVFR0, which are CRn 0, 6, 7 */
static void vmrs(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 n;

	for (n = 0; n < 16; n++) {
		bool known = n == 0 || n == 6 || n == 7;
		u32 hsr = test_hsr32(TEST_EC_CP10_ID, n, 7, 0, 0, RT, true);

		vcpu_set_reg(vcpu, RT, 0xdead);
		KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr),
				known ? SKIPPED : UNDEFINED);
		if (known)
			KUNIT_EXPECT_NE(test, vcpu_get_reg(vcpu, RT), 0xdead);
		else
			KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT), 0xdead);

		KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr & ~1),
				n == 0 ? SKIPPED : UNDEFINED);
	}

	*vcpu_cpsr(vcpu) = USR_MODE;
	KUNIT_EXPECT_EQ(test, UNDEFINED,
			test_trap(vcpu, test_hsr32(TEST_EC_CP10_ID, 7, 7, 0, 0, RT, true)));
}

static struct kunit_case encoding_cases[] = {
	KUNIT_CASE(every_cp15_encoding),
	KUNIT_CASE(tidcp),
	KUNIT_CASE(reserved_ids),
	KUNIT_CASE(every_cp14_encoding),
	KUNIT_CASE(vmrs),
	{}
};

static struct kunit_suite encoding_suite = {
	.name = "kvm-arm-encoding",
	.init = kvm_test_init,
	.test_cases = encoding_cases,
};

kunit_test_suite(encoding_suite);
