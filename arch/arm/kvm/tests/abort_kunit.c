// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of aborts other than stage 2 faults: pass made-up syndromes to
 * kvm_handle_guest_abort() and check what the vcpu takes.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include <asm/cp15.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "../coproc/tests/test.h"

#define PC	0x8000
#define FAR	0x12345678

/* Status codes written out from ARM DDI 0406C, B3.13.3, not taken from kvm_arm.h */
struct abort_case {
	u8 fsc;
	u32 fsr_short;
	u32 fsr_long;
};

static const struct abort_case cases[] = {
	{ 0x10, 0x008, 0x210 },	/* synchronous external abort */
	{ 0x15, 0x008, 0x210 },	/* ... on a walk, first level */
	{ 0x17, 0x008, 0x210 },	/* ... third level */
	{ 0x18, 0x409, 0x218 },	/* synchronous parity error */
	{ 0x1d, 0x409, 0x218 },	/* ... on a walk, first level */
	{ 0x21, 0x001, 0x221 },	/* alignment, on stage 2 Device memory */
	{ 0x34, 0x008, 0x210 },	/* implementation defined */
	{ 0x3a, 0x008, 0x210 },
};

static void abort_guest(struct kunit *test, struct kvm_vcpu *vcpu, u32 ec,
			u32 iss)
{
	vcpu->arch.iflags = 0;
	vcpu_hyp(vcpu)->hcr = HCR_GUEST_RESET;
	vcpu_hyp(vcpu)->fault.hsr = ec << 26 | TEST_IL | iss;
	vcpu_hyp(vcpu)->fault.hxfar = FAR;
	*vcpu_pc(vcpu) = PC;
	/* Asynchronous aborts are masked */
	*vcpu_cpsr(vcpu) = SVC_MODE | PSR_A_BIT;
	vcpu_cp15(vcpu, DFSR) = ~0;
	vcpu_cp15(vcpu, IFSR) = ~0;

	KUNIT_EXPECT_EQ(test, kvm_handle_guest_abort(vcpu), 1);
	kvm_vcpu_apply_pending(vcpu);
}

static void expect_synchronous(struct kunit *test, struct kvm_vcpu *vcpu,
			       u32 vector, const char *what, u8 fsc)
{
	KUNIT_EXPECT_FALSE_MSG(test, vcpu_hyp(vcpu)->hcr & HCR_VA,
			       "%s %02x", what, fsc);
	KUNIT_EXPECT_EQ_MSG(test, *vcpu_pc(vcpu), vector, "%s %02x", what,
			    fsc);
	KUNIT_EXPECT_EQ_MSG(test, *vcpu_cpsr(vcpu) & MODE_MASK, ABT_MODE,
			    "%s %02x", what, fsc);
}

static void synchronous_aborts(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i, lpae;
	u32 want;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct abort_case *c = &cases[i];

		for (lpae = 0; lpae < 2; lpae++) {
			vcpu_cp15(vcpu, TTBCR) = lpae ? TTBCR_EAE : 0;
			want = lpae ? c->fsr_long : c->fsr_short;

			abort_guest(test, vcpu, HSR_EC_DABT, c->fsc);
			expect_synchronous(test, vcpu, 0x10, "data", c->fsc);
			KUNIT_EXPECT_EQ_MSG(test, vcpu_cp15(vcpu, DFSR), want,
					    "%02x", c->fsc);
			KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, DFAR), FAR);

			/* DFSR.WnR must be HSR.WnR */
			abort_guest(test, vcpu, HSR_EC_DABT, c->fsc | HSR_WNR);
			KUNIT_EXPECT_EQ_MSG(test, vcpu_cp15(vcpu, DFSR),
					    want | BIT(11), "%02x", c->fsc);

			abort_guest(test, vcpu, HSR_EC_IABT, c->fsc);
			expect_synchronous(test, vcpu, 0x0c, "fetch", c->fsc);
			KUNIT_EXPECT_EQ_MSG(test, vcpu_cp15(vcpu, IFSR), want,
					    "%02x", c->fsc);
			KUNIT_EXPECT_EQ(test, vcpu_cp15(vcpu, IFAR), FAR);
		}
	}
}

/* The access is complete: the guest goes on and takes the abort once it unmasks it */
static void asynchronous_aborts(struct kunit *test)
{
	static const u8 codes[] = { 0x11, 0x19 };
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		abort_guest(test, vcpu, HSR_EC_DABT, codes[i]);
		KUNIT_EXPECT_TRUE(test, vcpu_hyp(vcpu)->hcr & HCR_VA);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), PC);
		KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), SVC_MODE | PSR_A_BIT);
	}
}

/* KVM flushes the TLBs and the guest retries the access: no abort */
static void tlb_conflict(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);

	abort_guest(test, vcpu, HSR_EC_DABT, 0x30);
	KUNIT_EXPECT_FALSE(test, vcpu_hyp(vcpu)->hcr & HCR_VA);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), PC);
	KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), SVC_MODE | PSR_A_BIT);
}

static void free_srcu(void *srcu)
{
	cleanup_srcu_struct(srcu);
}

/*
 * Cache maintenance of an address without memory does nothing. HSR.IL is not valid then,
 * but the instruction is an MCR, of 32 bits in Thumb state, too.
 */
static void cache_maintenance(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	struct kvm *kvm = vcpu->kvm;
	unsigned int thumb, il;

	KUNIT_ASSERT_EQ(test, init_srcu_struct(&kvm->srcu), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_srcu, &kvm->srcu), 0);
	RCU_INIT_POINTER(kvm->memslots[0], &kvm->__memslots[0][0]);

	for (thumb = 0; thumb < 2; thumb++)
		for (il = 0; il < 2; il++) {
			vcpu_hyp(vcpu)->fault.hsr = HSR_EC_DABT << 26 | (il ? TEST_IL : 0) |
						    HSR_CM | HSR_WNR | 0x05;
			vcpu_hyp(vcpu)->fault.hxfar = FAR;
			*vcpu_pc(vcpu) = PC;
			*vcpu_cpsr(vcpu) = SVC_MODE | (thumb ? PSR_T_BIT : 0);

			KUNIT_EXPECT_EQ(test, kvm_handle_guest_abort(vcpu), 1);
			kvm_vcpu_apply_pending(vcpu);
			KUNIT_EXPECT_EQ_MSG(test, *vcpu_pc(vcpu), PC + 4, "IL %u, T %u", il,
					    thumb);
		}
}

static struct kunit_case abort_cases[] = {
	KUNIT_CASE(cache_maintenance),
	KUNIT_CASE(synchronous_aborts),
	KUNIT_CASE(asynchronous_aborts),
	KUNIT_CASE(tlb_conflict),
	{}
};

static struct kunit_suite abort_suite = {
	.name = "kvm-arm-abort",
	.init = kvm_test_init,
	.test_cases = abort_cases,
};

kunit_test_suite(abort_suite);
