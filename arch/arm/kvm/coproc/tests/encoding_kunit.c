// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of trapped CP15, CP14 and VMRS instructions: try every encoding,
 * as its row says. Emulated CPUs do not trap some of them, such as those of
 * HCR.TIDCP.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>

#include "../coproc.h"
#include "test.h"

#define RT		4
#define RT2		7

/* Has C and M clear: as SCTLR it leaves the caches off, since the VM has no memory */
#define VALUE		0xdea8

/* Try an encoding: its key, the syndrome of a read, the mode */
typedef void (*encoding_fn)(struct kunit *test, struct kvm_vcpu *vcpu, u32 key,
			    u32 hsr, bool is_pl0);

/* Try every encoding. For a write, clear bit 0 of the syndrome. */
static void try_encodings(struct kunit *test, encoding_fn fn)
{
	static const struct {
		unsigned int cp;
		u32 ec32;
		u32 ec64;
	} spaces[] = {
		{ 15, TEST_EC_CP15_32, TEST_EC_CP15_64 },
		{ 14, TEST_EC_CP14_32, TEST_EC_CP14_64 },
	};
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i, n, pl0;

	for (pl0 = 0; pl0 < 2; pl0++) {
		*vcpu_cpsr(vcpu) = pl0 ? USR_MODE : SVC_MODE;

		for (i = 0; i < ARRAY_SIZE(spaces); i++) {
			for (n = 0; n < BIT(14); n++) {
				u32 crn = n >> 10, opc1 = n >> 3 & 7;
				u32 crm = n >> 6 & 15, opc2 = n & 7;

				fn(test, vcpu,
				   COPROC_KEY32(spaces[i].cp, crn, opc1, crm, opc2),
				   test_hsr32(spaces[i].ec32, crn, opc1, crm, opc2,
					      RT, true), pl0);
			}
			for (n = 0; n < BIT(8); n++)
				fn(test, vcpu,
				   COPROC_KEY64(spaces[i].cp, n >> 4, n & 15),
				   test_hsr64(spaces[i].ec64, n & 15, n >> 4, RT,
					      RT2, true), pl0);
		}
		for (n = 0; n < 16; n++)
			fn(test, vcpu, COPROC_KEY32(10, n, 7, 0, 0),
			   test_hsr32(TEST_EC_CP10_ID, n, 7, 0, 0, RT, true), pl0);
	}
}

/* Return the outcome that a row asks for. */
static enum test_outcome expected(const struct coproc_reg *r, bool is_write,
				  bool is_pl0)
{
	if (r->kind == COPROC_NATIVE || r->kind == COPROC_UNDEF ||
	    !coproc_is_visible(r))
		return UNDEFINED;
	/* The CPU handles writes of CNTV_CTL, FPSCR and others. */
	if (r->kind == COPROC_EXTERNAL && is_write && !r->write)
		return UNDEFINED;

	return r->who & COPROC_MAY(is_write, is_pl0) ? SKIPPED : UNDEFINED;
}

static void outcome(struct kunit *test, struct kvm_vcpu *vcpu, u32 key, u32 hsr,
		    bool is_pl0)
{
	const struct coproc_reg *r = coproc_find(key);
	unsigned int is_write;

	for (is_write = 0; is_write < 2; is_write++) {
		enum test_outcome want = expected(r, is_write, is_pl0);

		vcpu_set_reg(vcpu, RT, VALUE);
		vcpu_set_reg(vcpu, RT2, 0xbeef);
		KUNIT_ASSERT_EQ_MSG(test, test_trap(vcpu, hsr & ~is_write), want,
				    "%s, key %05x, write %u, PL0 %u", r->name, key,
				    is_write, is_pl0);

		/* Refused accesses and writes leave Rt and Rt2 alone. */
		if (!is_write && want == SKIPPED) {
			if (r->kind == COPROC_RAZ_WI)
				KUNIT_ASSERT_EQ(test, vcpu_get_reg(vcpu, RT), 0);
		} else {
			KUNIT_ASSERT_EQ(test, vcpu_get_reg(vcpu, RT), VALUE);
			KUNIT_ASSERT_EQ(test, vcpu_get_reg(vcpu, RT2), 0xbeef);
		}
		/* Turn the timer off again. */
		kvm_timer_vcpu_init(vcpu);
	}
}

static void every_outcome(struct kunit *test)
{
	try_encodings(test, outcome);
}

static unsigned int stored;

/* A write changes the slot of its row only, and no ID register. */
static void keeps_values(struct kunit *test, struct kvm_vcpu *vcpu, u32 key,
			 u32 hsr, bool is_pl0)
{
	const struct coproc_reg *r = coproc_find(key);
	u32 before[NR_CP15_SLOTS], ids[NR_COPROC_ID_SLOTS];
	struct vfp_hard_struct vfp = vcpu_ctxt(vcpu)->vfp;

	if (r->kind == COPROC_OPERATION || r->trap == TRAP_PL1PCEN)
		return;

	memcpy(before, vcpu_ctxt(vcpu)->cp15, sizeof(before));
	memcpy(ids, vcpu->kvm->arch.id_regs, sizeof(ids));
	vcpu_set_reg(vcpu, RT, (is_pl0 ? 0x5aa50000 : 0xa5a50000) | key);
	vcpu_set_reg(vcpu, RT2, 0x5a5a0000 | key);
	test_trap(vcpu, hsr & ~HSR_CP_READ);

	KUNIT_ASSERT_MEMEQ(test, ids, vcpu->kvm->arch.id_regs, sizeof(ids));
	KUNIT_ASSERT_MEMEQ(test, &vfp, &vcpu_ctxt(vcpu)->vfp, sizeof(vfp));
	if ((r->kind == COPROC_SWITCHED || r->kind == COPROC_ALIAS ||
	     r->kind == COPROC_EMULATED) && r->who & COPROC_MAY(1, is_pl0) &&
	    r->write != ignore_write && coproc_is_visible(r)) {
		KUNIT_ASSERT_MEMNEQ(test, before, vcpu_ctxt(vcpu)->cp15, sizeof(before));
		stored++;
	} else {
		KUNIT_ASSERT_MEMEQ(test, before, vcpu_ctxt(vcpu)->cp15, sizeof(before));
	}
	vcpu_cp15(vcpu, SCTLR) = 0;
}

static void every_write(struct kunit *test)
{
	stored = 0;
	try_encodings(test, keeps_values);
	KUNIT_EXPECT_GT(test, stored, 20);
}

/* HCR.TIDCP: encodings of these groups that have no row are undefined. */
static void tidcp(struct kunit *test)
{
	static const u16 crms[] = {
		[9] = 0x01e7, [10] = 0x0113, [11] = 0x81ff,
	};
	u32 crn, n, tried = 0;

	for (crn = 9; crn <= 11; crn++) {
		for (n = 0; n < BIT(10); n++) {
			u32 crm = n & 0xf, opc1 = n >> 4 & 7, opc2 = n >> 7;
			bool known = crn == 9 && opc1 == 1 && crm == 0 &&
				     (opc2 == 2 || opc2 == 3);
			const struct coproc_reg *r;

			r = coproc_find(COPROC_KEY32(15, crn, opc1, crm, opc2));
			if (!(crms[crn] & BIT(crm))) {
				KUNIT_ASSERT_NE(test, r->trap, TRAP_TIDCP);
				continue;
			}

			KUNIT_ASSERT_EQ(test, r->trap, TRAP_TIDCP);
			KUNIT_ASSERT_EQ(test, r->kind == COPROC_UNDEF, !known);
			tried++;
		}
	}

	KUNIT_EXPECT_EQ(test, tried, 64 * (7 + 4 + 10));
}

/* HCR.TID3: reserved ID registers read as zero. */
static void reserved_ids(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 crm, opc2;

	for (crm = 1; crm < 16; crm++) {
		for (opc2 = 0; opc2 < 8; opc2++) {
			u32 hsr = test_hsr32(TEST_EC_CP15_32, 0, 0, crm, opc2,
					     RT, true);

			if (coproc_find_exact(COPROC_KEY32(15, 0, 0, crm, opc2)))
				continue;

			vcpu_set_reg(vcpu, RT, 0xdead);
			KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr),
					crm < 8 ? SKIPPED : UNDEFINED);
			KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, RT),
					crm < 8 ? 0 : 0xdead);
			KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr & ~1), UNDEFINED);
		}
	}
}

/*
 * CP14, with numbers from the manual: debug registers, OS lock, TEECR, JIDR,
 * trace, none
 */
static void cp14(struct kunit *test)
{
	static const struct {
		u32 crn, opc1, crm, opc2;
		enum test_outcome read, write, pl0_read;
	} known[] = {
		{ 0, 0, 1, 0, SKIPPED, UNDEFINED, SKIPPED },
		{ 0, 0, 5, 0, SKIPPED, SKIPPED, SKIPPED },
		{ 0, 0, 0, 4, SKIPPED, SKIPPED, UNDEFINED },
		{ 1, 0, 0, 4, UNDEFINED, SKIPPED, UNDEFINED },
		{ 0, 6, 0, 0, SKIPPED, SKIPPED, SKIPPED },
		{ 0, 7, 0, 0, SKIPPED, UNDEFINED, UNDEFINED },
		{ 0, 1, 0, 0, UNDEFINED, UNDEFINED, UNDEFINED },
		{ 0, 3, 0, 0, UNDEFINED, UNDEFINED, UNDEFINED },
	};
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		u32 hsr = test_hsr32(TEST_EC_CP14_32, known[i].crn, known[i].opc1,
				     known[i].crm, known[i].opc2, RT, true);

		*vcpu_cpsr(vcpu) = SVC_MODE;
		KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr), known[i].read);
		KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr & ~1), known[i].write);
		*vcpu_cpsr(vcpu) = USR_MODE;
		KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr), known[i].pl0_read);
	}

	*vcpu_cpsr(vcpu) = SVC_MODE;
	KUNIT_EXPECT_EQ(test, test_trap(vcpu, TEST_EC_CP14_LS << 26), UNDEFINED);
}

/* HCR.TID0, HCR.TID3: VMRS of FPSID, MVFR1 and MVFR0, numbers 0, 6 and 7 */
static void vmrs(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 n;

	for (n = 0; n < 16; n++) {
		bool known = n == 0 || n == 6 || n == 7;
		u32 hsr = test_hsr32(TEST_EC_CP10_ID, n, 7, 0, 0, RT, true);

		/* FPSCR, FPEXC, FPINST and FPINST2 never trap. */
		if (n == 1 || (n >= 8 && n <= 10))
			continue;

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

/* A host without VFP has no VFP registers. */
static void without_vfp(struct kunit *test)
{
	u32 hsr = test_hsr32(TEST_EC_CP10_ID, 7, 7, 0, 0, RT, true);
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u8 features = coproc_features;
	u64 ids[16];

	coproc_features &= ~COPROC_VFP;
	KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr), UNDEFINED);
	KUNIT_EXPECT_EQ(test, coproc_list_ids(10, ids), 0);
	try_encodings(test, outcome);

	coproc_features |= COPROC_VFP;
	KUNIT_EXPECT_EQ(test, test_trap(vcpu, hsr), SKIPPED);
	KUNIT_EXPECT_EQ(test, coproc_list_ids(10, ids), 7);
	coproc_features = features;
}

/* Tell whether KVM_GET_REG_LIST has a row's id. */
static bool is_offered(struct kunit *test, const struct coproc_reg *r)
{
	u64 *ids = kunit_kcalloc(test, nr_coproc_regs, sizeof(*ids), GFP_KERNEL);
	unsigned int i, n;

	KUNIT_ASSERT_NOT_NULL(test, ids);
	n = coproc_list_ids(COPROC_KEY_TO_CP(r->key), ids);
	for (i = 0; i < n; i++)
		if (ids[i] == coproc_key_to_id(r->key))
			break;
	kunit_kfree(test, ids);

	return i < n;
}

/* A feature that the host lacks hides a row from guest and user space. */
static void features(struct kunit *test)
{
	const u8 all = COPROC_VFP | COPROC_L2 | COPROC_T2EE | COPROC_V8 | COPROC_HPD |
		       COPROC_A12;
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	const struct coproc_reg *r;
	u8 seen = 0, lacks;

	for_each_coproc_reg(r) {
		KUNIT_EXPECT_EQ_MSG(test, r->feature & ~all, 0, "%s", r->name);
		seen |= r->feature;
		for (lacks = 1; r->feature && lacks <= all; lacks <<= 1) {
			bool there = !(r->feature & lacks);
			bool is_read = r->who & COPROC_MAY(false, false);

			coproc_features = all & ~lacks;
			KUNIT_EXPECT_EQ_MSG(test, is_offered(test, r),
					    there && coproc_is_listed(r), "%s without %x",
					    r->name, lacks);
			if (r->trap == TRAP_NONE)
				continue;

			KUNIT_EXPECT_EQ_MSG(test, test_trap(vcpu, test_row_hsr(r, is_read)),
					    there ? SKIPPED : UNDEFINED, "%s without %x",
					    r->name, lacks);
		}
	}
	KUNIT_EXPECT_EQ(test, seen, all);
}

/* Permissions by the manual, for rows that are easy to get wrong */
static void permissions(struct kunit *test)
{
	static const struct {
		u32 crn, opc1, crm, opc2;
		unsigned int who;
	} known[] = {
		{ 0, 0, 0, 0, WHO_RO },		/* MIDR */
		{ 0, 2, 0, 0, WHO_RW },		/* CSSELR */
		{ 1, 0, 1, 2, WHO_RO },		/* NSACR */
		{ 7, 0, 5, 4, WHO_WO_WO },	/* CP15ISB */
		{ 7, 0, 6, 2, WHO_WO },		/* DCISW */
		{ 7, 0, 10, 4, WHO_WO_WO },	/* CP15DSB */
		{ 8, 0, 7, 0, WHO_WO },		/* TLBIALL */
		{ 9, 0, 12, 4, WHO_WO },	/* PMSWINC */
		{ 9, 0, 12, 6, WHO_RO },	/* PMCEID0 */
		{ 9, 0, 14, 0, WHO_RW_RO },	/* PMUSERENR */
		{ 12, 0, 1, 0, WHO_RO },	/* ISR */
		{ 13, 0, 0, 2, WHO_RW_RW },	/* TPIDRURW */
		{ 13, 0, 0, 3, WHO_RW_RO },	/* TPIDRURO */
		{ 13, 0, 0, 4, WHO_RW },	/* TPIDRPRW */
		{ 14, 0, 0, 0, WHO_RO_RO },	/* CNTFRQ */
		{ 14, 4, 1, 0, WHO_NA },	/* CNTHCTL */
		{ 1, 0, 1, 0, WHO_NA },		/* SCR */
		{ 4, 0, 0, 0, WHO_NA },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		KUNIT_EXPECT_EQ(test, known[i].who,
				coproc_find(COPROC_KEY32(15, known[i].crn, known[i].opc1,
							 known[i].crm, known[i].opc2))->who);
}

static struct kunit_case encoding_cases[] = {
	KUNIT_CASE_SLOW(every_outcome),
	KUNIT_CASE_SLOW(every_write),
	KUNIT_CASE(tidcp),
	KUNIT_CASE(reserved_ids),
	KUNIT_CASE(cp14),
	KUNIT_CASE(vmrs),
	KUNIT_CASE(features),
	KUNIT_CASE_SLOW(without_vfp),
	KUNIT_CASE(permissions),
	{}
};

static struct kunit_suite encoding_suite = {
	.name = "kvm-arm-encoding",
	.init = kvm_test_init,
	.test_cases = encoding_cases,
};

kunit_test_suite(encoding_suite);
