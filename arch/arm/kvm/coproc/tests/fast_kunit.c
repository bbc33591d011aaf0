// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the table of fast traps: compare its answers with those of the
 * handlers. fast_traps_test tests the search by Hyp mode, with a guest.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>
#include <linux/string.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>

#include "../coproc.h"
#include "test.h"

#define RT		TEST_RT
#define PATTERN		0xdeadbeef

/* State that a fast access must leave alone */
struct state {
	u32 cp15[NR_CP15_SLOTS];
	u32 ids[NR_COPROC_ID_SLOTS];
	u32 hcr;
};

static void take_state(struct kvm_vcpu *vcpu, struct state *state)
{
	memset(state, 0, sizeof(*state));
	memcpy(state->cp15, vcpu_ctxt(vcpu)->cp15, sizeof(state->cp15));
	memcpy(state->ids, vcpu->kvm->arch.id_regs, sizeof(state->ids));
	state->hcr = vcpu_hyp(vcpu)->hcr;
}

static struct kvm_vcpu *reset_vcpu(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);

	kvm_coproc_reset_vcpu(vcpu);
	kvm_coproc_reload(vcpu);

	return vcpu;
}

/* Compare the entry of an access with its handler. Return false if it has no entry. */
static bool try(struct kunit *test, struct kvm_vcpu *vcpu, u32 hsr)
{
	const struct kvm_fast_trap *trap;
	struct state before, after;

	trap = coproc_find_fast(vcpu_hyp(vcpu), coproc_fast_hsr(hsr));
	if (!trap)
		return false;

	take_state(vcpu, &before);
	vcpu_set_reg(vcpu, RT, PATTERN);
	KUNIT_EXPECT_EQ_MSG(test, test_trap(vcpu, hsr), SKIPPED, "HSR %08x", hsr);
	KUNIT_EXPECT_EQ_MSG(test, vcpu_get_reg(vcpu, RT),
			    hsr & HSR_CP_READ ? trap->val : PATTERN, "HSR %08x", hsr);
	take_state(vcpu, &after);
	KUNIT_EXPECT_MEMEQ_MSG(test, &before, &after, sizeof(before), "HSR %08x", hsr);

	return true;
}

static unsigned int try_all(struct kunit *test, struct kvm_vcpu *vcpu, u32 ec)
{
	unsigned int i, n = 0;

	/* crn, opc1, crm, opc2, direction */
	for (i = 0; i < BIT(15); i++)
		n += try(test, vcpu, test_hsr32(ec, i & 15, i >> 4 & 7, i >> 7 & 15,
						i >> 11 & 7, RT, i >> 14));

	return n;
}

/* All entries are entries of encodings, and agree with the handlers. */
static void as_the_handlers(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	unsigned int i, n, entries = 0;

	n = try_all(test, vcpu, TEST_EC_CP15_32) + try_all(test, vcpu, TEST_EC_CP14_32) +
	    try_all(test, vcpu, TEST_EC_CP10_ID);

	for (i = 0; i < KVM_FAST_TRAP_SLOTS; i++)
		entries += !!vcpu_hyp(vcpu)->fast_traps[i].hsr;

	KUNIT_EXPECT_EQ(test, n, entries);
	KUNIT_EXPECT_GT(test, n, 70);
	/* The last slot is empty, so that a search ends. */
	KUNIT_EXPECT_EQ(test, vcpu_hyp(vcpu)->fast_traps[KVM_FAST_TRAP_SLOTS - 1].hsr, 0);
}

static bool has_entry(struct kvm_vcpu *vcpu, const struct coproc_reg *r, bool is_read)
{
	u32 hsr = test_row_hsr(r, is_read);

	return coproc_find_fast(vcpu_hyp(vcpu), coproc_fast_hsr(hsr));
}

/* Common registers have entries; registers with side effects have none. */
static void which_are_fast(struct kunit *test)
{
	static const char * const slow[] = {
		"SCTLR", "TTBR0", "TTBCR", "CONTEXTIDR", "CSSELR", "CCSIDR", "DCISW",
		"CNTP_CTL", "CNTP_TVAL", "CNTV_CTL", "FPSCR", "FPEXC", "TPIDRPRW",
	};
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	const struct coproc_reg *r;
	unsigned int i, found = 0;

	for_each_coproc_reg(r) {
		bool fast = false;

		if (r->any || (r->key & COPROC_KEY_64BIT))
			continue;

		if (r->kind == COPROC_RAZ_WI || r->kind == COPROC_ID ||
		    r->write == ignore_write) {
			fast = coproc_is_visible(r);
			KUNIT_EXPECT_EQ_MSG(test, has_entry(vcpu, r, true),
					    fast && (r->who & WHO_RO), "read of %s", r->name);
			KUNIT_EXPECT_EQ_MSG(test, has_entry(vcpu, r, false),
					    fast && (r->who & WHO_WO), "write of %s", r->name);
		}

		for (i = 0; i < ARRAY_SIZE(slow); i++) {
			if (strcmp(slow[i], r->name))
				continue;
			found++;
			KUNIT_EXPECT_FALSE_MSG(test, has_entry(vcpu, r, true), "%s", r->name);
			KUNIT_EXPECT_FALSE_MSG(test, has_entry(vcpu, r, false), "%s", r->name);
		}
	}

	KUNIT_EXPECT_EQ(test, found, ARRAY_SIZE(slow));
}

/* A change of what an entry depends on makes a request, and a reload updates it. */
static void follows_what_it_depends_on(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 hsr = test_hsr32(TEST_EC_CP15_32, 9, 1, 0, 2, RT, true);
	const struct kvm_fast_trap *l2ctlr;
	unsigned int n;

	KUNIT_EXPECT_TRUE(test, kvm_test_request(KVM_REQ_RELOAD_COPROC, vcpu));

	for (n = 1; n <= 4; n++) {
		atomic_set(&vcpu->kvm->online_vcpus, n);
		kvm_coproc_reload(vcpu);
		l2ctlr = coproc_find_fast(vcpu_hyp(vcpu), coproc_fast_hsr(hsr));
		KUNIT_ASSERT_NOT_NULL(test, l2ctlr);
		KUNIT_EXPECT_EQ(test, l2ctlr->val >> 24 & 3, n - 1);
		KUNIT_EXPECT_TRUE(test, try(test, vcpu, hsr));
	}

	/* A missing feature removes the entries of its rows. */
	coproc_features &= ~COPROC_L2;
	kvm_coproc_reload(vcpu);
	KUNIT_EXPECT_NULL(test, coproc_find_fast(vcpu_hyp(vcpu), coproc_fast_hsr(hsr)));
}

/* One key for all lengths and all Rt, and for the condition AL only */
static void which_hsrs_are_one(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 hsr = test_hsr32(TEST_EC_CP15_32, 1, 0, 0, 1, 0, true);
	u32 key = coproc_fast_hsr(hsr), cond;
	unsigned int rt, bit;

	for (rt = 0; rt < 16; rt++)
		KUNIT_EXPECT_EQ(test, key, coproc_fast_hsr(hsr | rt << 5));
	KUNIT_EXPECT_EQ(test, key, coproc_fast_hsr(hsr & ~TEST_IL));
	/* Thumb code without a condition */
	KUNIT_EXPECT_EQ(test, key, coproc_fast_hsr(hsr & ~TEST_COND_AL));

	for (bit = 0; bit < 32; bit++) {
		bool same = (bit >= 5 && bit <= 8) || bit == 24 || bit == 25;

		KUNIT_EXPECT_EQ_MSG(test, coproc_fast_hsr(hsr ^ BIT(bit)) == key, same,
				    "bit %u", bit);
	}

	for (cond = 0; cond < 16; cond++) {
		u32 other = (hsr & ~TEST_COND_AL) | BIT(24) | cond << 20;
		bool fast = coproc_find_fast(vcpu_hyp(vcpu), coproc_fast_hsr(other));

		KUNIT_EXPECT_EQ_MSG(test, fast, cond == 14, "condition %u", cond);
	}
}

static void counted_once(struct kunit *test)
{
	struct kvm_vcpu *vcpu = reset_vcpu(test);
	u32 *count = vcpu_hyp(vcpu)->nr_fast_traps;

	count[TEST_EC_CP15_32] = ~0U;
	count[TEST_EC_CP14_32] = 2;
	count[TEST_EC_CP10_ID] = 3;
	kvm_coproc_count_fast(vcpu);
	kvm_coproc_count_fast(vcpu);

	KUNIT_EXPECT_EQ(test, vcpu->stat.cp15_exit_stat, 0xffffffff);
	KUNIT_EXPECT_EQ(test, vcpu->stat.cp14_exit_stat, 2);
	KUNIT_EXPECT_EQ(test, vcpu->stat.vfp_exit_stat, 3);
	KUNIT_EXPECT_EQ(test, vcpu->stat.exits, 0x100000004ULL);
}

static int fast_init(struct kunit *test)
{
	if (!coproc_fast_traps)
		kunit_skip(test, "fast traps are off");

	return kvm_test_init(test);
}

static struct kunit_case fast_cases[] = {
	KUNIT_CASE(as_the_handlers),
	KUNIT_CASE(which_are_fast),
	KUNIT_CASE(follows_what_it_depends_on),
	KUNIT_CASE(which_hsrs_are_one),
	KUNIT_CASE(counted_once),
	{}
};

static struct kunit_suite fast_suite = {
	.name = "kvm-arm-fast",
	.init = fast_init,
	.test_cases = fast_cases,
};

kunit_test_suite(fast_suite);
