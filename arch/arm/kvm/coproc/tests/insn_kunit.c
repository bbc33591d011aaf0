// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what all emulated instructions share: conditions, IT blocks,
 * the instruction's length, and banked registers. The expected values follow
 * the ARM ARM (DDI 0406C), not the code under test.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>

#include "test.h"

/* Bits that ARMv8 adds, see inject.c */
#define PSR_PAN			BIT(22)
#define PSR_SSBS		BIT(23)
#define SCTLR_SPAN		BIT(23)
#define SCTLR_DSSBS		BIT(31)

#define CV			BIT(24)

/* ConditionHolds(), A8.3.1 */
static bool condition_holds(u32 cond, u32 nzcv)
{
	bool n = nzcv & 8, z = nzcv & 4, c = nzcv & 2, v = nzcv & 1;
	bool result;

	switch (cond >> 1) {
	case 0:
		result = z;
		break;
	case 1:
		result = c;
		break;
	case 2:
		result = n;
		break;
	case 3:
		result = v;
		break;
	case 4:
		result = c && !z;
		break;
	case 5:
		result = n == v;
		break;
	case 6:
		result = n == v && !z;
		break;
	default:
		return true;
	}

	return cond & 1 ? !result : result;
}

/* ITAdvance(), A2.5.2 */
static u32 next_it_state(u32 it)
{
	if ((it & 7) == 0)
		return 0;

	return (it & 0xe0) | ((it << 1) & 0x1f);
}

/* IT[7:2] are CPSR[15:10] and IT[1:0] are CPSR[26:25], B1.3.3 */
static u32 it_to_cpsr(u32 it)
{
	return (it >> 2) << 10 | (it & 3) << 25;
}

static const u32 classes[] = {
	TEST_EC_WFX, TEST_EC_CP15_32, TEST_EC_CP15_64, TEST_EC_CP14_32, TEST_EC_CP14_LS,
	TEST_EC_CP10_ID, TEST_EC_CP14_64, 0x07,
};

static void conditions(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 i, cond, nzcv;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		for (cond = 0; cond <= 14; cond++) {
			for (nzcv = 0; nzcv < 16; nzcv++) {
				vcpu_hyp(vcpu)->fault.hsr =
					classes[i] << 26 | CV | cond << 20;
				*vcpu_cpsr(vcpu) = nzcv << 28 | SVC_MODE;
				KUNIT_ASSERT_EQ_MSG(test, kvm_condition_valid(vcpu),
						    condition_holds(cond, nzcv),
						    "EC %02x cond %x NZCV %x",
						    classes[i], cond, nzcv);
			}
		}
	}
}

/* With CV clear the condition is in the IT state; outside of a block it is AL. */
static void conditions_in_it_block(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 n, nzcv;

	for (n = 0; n < ARRAY_SIZE(classes) * 256; n++) {
		u32 class = classes[n >> 8], it = n & 0xff, cond = it >> 4;

		/* Not a valid IT state */
		if (cond == 15 || (it && !(it & 0xf)))
			continue;

		for (nzcv = 0; nzcv < 16; nzcv++) {
			bool expected = it ? condition_holds(cond, nzcv) : true;

			vcpu_hyp(vcpu)->fault.hsr = class << 26 | TEST_IL;
			*vcpu_cpsr(vcpu) = nzcv << 28 | it_to_cpsr(it) |
					   PSR_T_BIT | SVC_MODE;
			KUNIT_ASSERT_EQ_MSG(test, kvm_condition_valid(vcpu),
					    expected, "EC %02x IT %02x NZCV %x",
					    class, it, nzcv);
		}
	}
}

static void skip_advances_it(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 other = PSR_N_BIT | PSR_V_BIT | PSR_Q_BIT | PSR_I_BIT | PSR_T_BIT |
		    0x000f0000 | SVC_MODE;
	u32 it;

	for (it = 0; it < 256; it++) {
		vcpu_hyp(vcpu)->fault.hsr = TEST_EC_CP15_32 << 26 | TEST_IL;
		*vcpu_cpsr(vcpu) = other | it_to_cpsr(it);
		*vcpu_pc(vcpu) = 0x8000;

		kvm_skip_instr32(vcpu);
		KUNIT_ASSERT_EQ_MSG(test, *vcpu_cpsr(vcpu),
				    other | it_to_cpsr(next_it_state(it)),
				    "IT %02x", it);
		KUNIT_ASSERT_EQ(test, *vcpu_pc(vcpu), 0x8004);
	}
}

static void skip_by_length(struct kunit *test)
{
	static const struct {
		u32 cpsr, hsr, step;
	} cases[] = {
		{ SVC_MODE, TEST_IL, 4 },
		{ SVC_MODE, 0, 4 },
		{ SVC_MODE | PSR_T_BIT, TEST_IL, 4 },
		{ SVC_MODE | PSR_T_BIT, 0, 2 },
	};
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		vcpu_hyp(vcpu)->fault.hsr = cases[i].hsr;
		*vcpu_cpsr(vcpu) = cases[i].cpsr;
		*vcpu_pc(vcpu) = 0xfffffffe & (0x10000 + 2 * i);

		kvm_skip_instr32(vcpu);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu),
				0x10000 + 2 * i + cases[i].step);
		KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), cases[i].cpsr);
	}
}

/* kvm_vcpu_apply_pending() skips once, at the next entry. */
static void skip_once(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);

	vcpu_hyp(vcpu)->fault.hsr = TEST_EC_CP15_32 << 26 | TEST_IL;
	*vcpu_pc(vcpu) = 0x8000;

	kvm_incr_pc(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), 0x8000);
	kvm_vcpu_apply_pending(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), 0x8004);
	kvm_vcpu_apply_pending(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), 0x8004);
}

/* Banked registers of each mode, as words of struct kvm_regs */
static const struct {
	u32 mode, first, word, spsr;
} banks[] = {
	{ USR_MODE, 15, 0, 0 },
	{ SYSTEM_MODE, 15, 0, 0 },
	{ SVC_MODE, 13, 18, 20 },
	{ ABT_MODE, 13, 21, 23 },
	{ UND_MODE, 13, 24, 26 },
	{ IRQ_MODE, 13, 27, 29 },
	{ FIQ_MODE, 8, 30, 37 },
};

static void banked_registers(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 *words = (u32 *)vcpu_gp_regs(vcpu);
	unsigned int i, n;

	static_assert(sizeof(struct kvm_regs) == 38 * sizeof(u32));

	for (i = 0; i < ARRAY_SIZE(banks); i++) {
		for (n = 0; n < 38; n++)
			words[n] = 0x1000 + n;
		*vcpu_cpsr(vcpu) = banks[i].mode;

		for (n = 0; n < 15; n++) {
			u32 word = n < banks[i].first ? n :
				   banks[i].word + n - banks[i].first;

			KUNIT_ASSERT_EQ_MSG(test, vcpu_get_reg(vcpu, n),
					    0x1000 + word, "mode %02x r%u",
					    banks[i].mode, n);
			vcpu_set_reg(vcpu, n, 0x2000 + n);
			KUNIT_ASSERT_EQ(test, words[word], 0x2000 + n);
		}

		if (banks[i].spsr)
			KUNIT_ASSERT_PTR_EQ(test, vcpu_banked_spsr(vcpu),
					    &words[banks[i].spsr]);
	}
}

/*
 * Undefined Instruction exception, B1.9.3: LR is the address of the following
 * instruction, and SPSR has the old IT state.
 */
static void undefined_instruction(struct kunit *test)
{
	static const struct {
		u32 cpsr, lr;
	} cases[] = {
		{ SVC_MODE, 0x8004 },
		{ USR_MODE | PSR_Z_BIT, 0x8004 },
		{ SVC_MODE | PSR_T_BIT, 0x8002 },
		{ SYSTEM_MODE | PSR_T_BIT | 0x0600fc00, 0x8002 },
		{ FIQ_MODE | PSR_F_BIT | PSR_I_BIT, 0x8004 },
	};
	const u32 kept = PSR_N_BIT | PSR_Z_BIT | PSR_C_BIT | PSR_V_BIT | PSR_F_BIT;
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	struct kvm_regs *regs = vcpu_gp_regs(vcpu);
	unsigned int i;

	vcpu_cp15(vcpu, VBAR) = 0x20000;
	vcpu_cp15(vcpu, SCTLR) = SCTLR_SPAN;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		*vcpu_cpsr(vcpu) = cases[i].cpsr;
		*vcpu_pc(vcpu) = 0x8000;
		vcpu_hyp(vcpu)->fault.hsr = TEST_EC_CP15_32 << 26 | TEST_IL;

		kvm_inject_undefined(vcpu);
		/* The exception replaces the skip. */
		kvm_incr_pc(vcpu);
		kvm_vcpu_apply_pending(vcpu);

		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), 0x20004);
		KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu), (cases[i].cpsr & kept) |
				PSR_I_BIT | UND_MODE);
		KUNIT_EXPECT_EQ(test, regs->KVM_ARM_UND_lr, cases[i].lr);
		KUNIT_EXPECT_EQ(test, regs->KVM_ARM_UND_spsr, cases[i].cpsr);

		kvm_vcpu_apply_pending(vcpu);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), 0x20004);
	}
}

/* SCTLR selects the vectors, and bits of CPSR for the handler. */
static void exception_entry_by_sctlr(struct kunit *test)
{
	static const struct {
		u32 sctlr, cpsr, pc, result;
	} cases[] = {
		{ SCTLR_SPAN | CR_V | CR_TE | CR_EE, 0, 0xffff0004, PSR_T_BIT | PSR_E_BIT },
		/* PAN stays, or becomes one; SSBS becomes DSSBS. */
		{ SCTLR_SPAN, PSR_PAN | PSR_SSBS, 0x20004, PSR_PAN },
		{ 0, 0, 0x20004, PSR_PAN },
		{ SCTLR_SPAN | SCTLR_DSSBS, 0, 0x20004, PSR_SSBS },
	};
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	unsigned int i;

	vcpu_cp15(vcpu, VBAR) = 0x20000;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		vcpu_cp15(vcpu, SCTLR) = cases[i].sctlr;
		*vcpu_cpsr(vcpu) = cases[i].cpsr | SVC_MODE;
		*vcpu_pc(vcpu) = 0x8000;

		kvm_inject_undefined(vcpu);
		kvm_vcpu_apply_pending(vcpu);
		KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), cases[i].pc);
		KUNIT_EXPECT_EQ(test, *vcpu_cpsr(vcpu),
				cases[i].result | PSR_I_BIT | UND_MODE);
	}
}

static struct kunit_case insn_cases[] = {
	KUNIT_CASE(conditions),
	KUNIT_CASE(conditions_in_it_block),
	KUNIT_CASE(skip_advances_it),
	KUNIT_CASE(skip_by_length),
	KUNIT_CASE(skip_once),
	KUNIT_CASE(banked_registers),
	KUNIT_CASE(undefined_instruction),
	KUNIT_CASE(exception_entry_by_sctlr),
	{}
};

static struct kunit_suite insn_suite = {
	.name = "kvm-arm-insn",
	.init = kvm_test_init,
	.test_cases = insn_cases,
};

kunit_test_suite(insn_suite);
