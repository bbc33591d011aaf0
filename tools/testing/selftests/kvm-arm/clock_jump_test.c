// SPDX-License-Identifier: GPL-2.0
/*
 * User space moves a guest's clock forward again and again, as if the guest had been
 * stopped: hours pass for the guest. Its virtual timer follows the clock, its physical
 * timer does not, and each interrupt comes once and not early.
 */
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"
#include "kselftest.h"
#include "timer_guest.h"

#define SEED		0x5eed
#define JUMPS		50
/* A jump is up to three minutes, so that 1000 of them are a day. */
#define MAX_JUMP	180
#define MAX_TICKS	100000

static struct kvm_vcpu *cpu;
static uint64_t passed;

static uint64_t now(void)
{
	return vcpu_get_reg(cpu, KVM_REG_ARM_TIMER_CNT);
}

static void jump(uint64_t ticks)
{
	vcpu_set_reg(cpu, KVM_REG_ARM_TIMER_CNT, now() + ticks);
	passed += ticks;
}

static void expect_fires(enum timer_index timer, unsigned int n)
{
	struct timer_fired fired = timer_fire(cpu, timer, rand() % MAX_TICKS,
					      n & 1 ? TIMER_WFI : TIMER_SPIN);
	uint64_t cval = fired.cval_lo | (uint64_t)fired.cval_hi << 32;
	uint64_t counter = fired.counter_lo | (uint64_t)fired.counter_hi << 32;

	expect(counter >= cval, "jump %u: timer %u is %llu ticks early", n, timer,
	       (unsigned long long)(cval - counter));
	expect_equal(fired.count, 1, "jump %u: interrupts of timer %u", n, timer);
}

/* A time that lies in the jump has come after it, and not before. */
static void jump_over_deadline(uint64_t ticks, unsigned int n)
{
	uint64_t physical = timer_read(cpu, TIMER_CNTPCT);

	timer_write(cpu, TIMER_CNTV_CVAL, now() + ticks / 2);
	timer_write(cpu, TIMER_CNTV_CTL, TIMER_CTL_ENABLE | TIMER_CTL_IMASK);
	expect_equal(timer_read(cpu, TIMER_CNTV_CTL), TIMER_CTL_ENABLE | TIMER_CTL_IMASK,
		     "CNTV_CTL before jump %u", n);
	jump(ticks);
	expect_equal(timer_read(cpu, TIMER_CNTV_CTL),
		     TIMER_CTL_ENABLE | TIMER_CTL_IMASK | TIMER_CTL_ISTATUS,
		     "CNTV_CTL after jump %u", n);
	timer_write(cpu, TIMER_CNTV_CTL, 0);
	expect(timer_read(cpu, TIMER_CNTPCT) - physical < ticks, "jump %u moved CNTPCT", n);
}

static void repeat(void)
{
	unsigned int n, count = repeats(JUMPS);
	struct kvm_vm *vm;
	uint32_t frequency;
	int gic;

	vm = timer_guest_create(1, &gic);
	cpu = vm->vcpus[0];
	frequency = timer_read(cpu, TIMER_CNTFRQ);
	srand(SEED);
	for (n = 0; n < count && !test_failed(); n++) {
		/* Not less than a minute: a busy machine must not take that long. */
		jump_over_deadline((60 + rand() % (MAX_JUMP - 60)) * (uint64_t)frequency, n);
		expect_fires(TIMER_VIRTUAL, n);
		expect_fires(TIMER_PHYSICAL, n);
	}
	ksft_print_msg("%u jumps, %.1f hours passed for the guest\n", n,
		       (double)passed / frequency / 3600);
	close(gic);
	vm_free(vm);
}

static const struct test tests[] = {
	{ "a guest's timers fire once and not early while its clock jumps", repeat },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
