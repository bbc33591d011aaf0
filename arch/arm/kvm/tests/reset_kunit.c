// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of the reset of a vcpu that PSCI CPU_ON asks for. */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>

#include "../coproc/tests/test.h"

#define ENTRY		0x80008000UL
#define CONTEXT		0xc0ffeeUL

static struct kvm_vcpu *off_vcpu(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);

	/* The vcpu is on no CPU. */
	vcpu->cpu = -1;
	spin_lock_init(&vcpu->arch.mp_state_lock);
	return vcpu;
}

static void cpu_on(struct kunit *test)
{
	struct kvm_vcpu *vcpu = off_vcpu(test);

	vcpu->arch.reset_state = (struct vcpu_reset_state) {
		.pc = ENTRY, .r0 = CONTEXT, .reset = true,
	};
	kvm_vcpu_apply_cpu_on(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), ENTRY);
	KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 0), CONTEXT);
	KUNIT_EXPECT_FALSE(test, vcpu->arch.reset_state.reset);
}

/* The vcpu applied the second of two calls at once, and the first request is left. */
static void cpu_on_applied(struct kunit *test)
{
	struct kvm_vcpu *vcpu = off_vcpu(test);

	*vcpu_pc(vcpu) = ENTRY;
	vcpu_set_reg(vcpu, 0, CONTEXT);
	kvm_vcpu_apply_cpu_on(vcpu);
	KUNIT_EXPECT_EQ(test, *vcpu_pc(vcpu), ENTRY);
	KUNIT_EXPECT_EQ(test, vcpu_get_reg(vcpu, 0), CONTEXT);
}

static struct kunit_case reset_cases[] = {
	KUNIT_CASE(cpu_on),
	KUNIT_CASE(cpu_on_applied),
	{}
};

static struct kunit_suite reset_suite = {
	.name = "kvm-arm-reset",
	.init = kvm_test_init,
	.test_cases = reset_cases,
};

kunit_test_suite(reset_suite);
