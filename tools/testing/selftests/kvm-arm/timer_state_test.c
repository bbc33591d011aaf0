// SPDX-License-Identifier: GPL-2.0
/*
 * Timer registers, read and written by user space: a VM is stopped, and
 * continues later and elsewhere; its time must neither go backwards nor go on
 * in between.
 *
 * The test compares spans of time with others measured around them, so that it
 * does not matter when a thread runs.
 */
#include <errno.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "timer_guest.h"
#include "../guest/guest_gic.h"

#define NR_TIMERS	2
#define EXPIRED		(TIMER_CTL_ENABLE | TIMER_CTL_ISTATUS)

static const struct {
	const char *name;
	uint64_t ctl_id;
	uint64_t cval_id;
	enum timer_reg ctl;
	enum timer_reg cval;
	enum timer_reg cnt;
} timers[NR_TIMERS] = {
	{ "virtual timer", KVM_REG_ARM_TIMER_CTL, KVM_REG_ARM_TIMER_CVAL,
	  TIMER_CNTV_CTL, TIMER_CNTV_CVAL, TIMER_CNTVCT },
	{ "physical timer", KVM_REG_ARM_PTIMER_CTL, KVM_REG_ARM_PTIMER_CVAL,
	  TIMER_CNTP_CTL, TIMER_CNTP_CVAL, TIMER_CNTPCT },
};

static struct kvm_vm *vm;
static struct kvm_vcpu *cpu;
static int gic;

static void create(unsigned int nr_vcpus)
{
	vm = timer_guest_create(nr_vcpus, &gic);
	cpu = vm->vcpus[0];
}

static void destroy(void)
{
	close(gic);
	vm_free(vm);
}

static uint64_t get_counter(struct kvm_vcpu *vcpu)
{
	return vcpu_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);
}

static void set_counter(struct kvm_vcpu *vcpu, uint64_t value)
{
	vcpu_set_reg(vcpu, KVM_REG_ARM_TIMER_CNT, value);
}

/* Convert time to ticks of the counter, with some tolerance. */
static uint64_t ns_to_ticks(uint64_t ns)
{
	uint64_t frequency = timer_read(cpu, TIMER_CNTFRQ);

	/* Allow 0.2%: the host adjusts its clock to real time. */
	return ns / 1000 * frequency / 1000000 * 1002 / 1000 + 1000;
}

static void expect_between(uint64_t low, uint64_t value, uint64_t high,
			   const char *what)
{
	expect(low <= value && value <= high, "%s: %#llx is not in %#llx-%#llx",
	       what, (unsigned long long)value, (unsigned long long)low,
	       (unsigned long long)high);
}

/* ---- ids ---------------------------------------------------------------- */

static void ids(void)
{
	static const struct {
		const char *name;
		uint64_t id;
		uint64_t reg;
	} regs[] = {
		{ "CNTV_CTL", KVM_REG_ARM_TIMER_CTL, 0x40200000000f7181 },
		{ "CNTVCT", KVM_REG_ARM_TIMER_CNT, 0x40300000000f0708 },
		{ "CNTV_CVAL", KVM_REG_ARM_TIMER_CVAL, 0x40300000000f0718 },
		{ "CNTP_CTL", KVM_REG_ARM_PTIMER_CTL, 0x40200000000f7101 },
		{ "CNTP_CVAL", KVM_REG_ARM_PTIMER_CVAL, 0x40300000000f0710 },
	};
	const uint64_t size = KVM_REG_SIZE_U32 ^ KVM_REG_SIZE_U64;
	unsigned int i;
	uint64_t value;

	create(1);
	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		expect_equal(regs[i].id, regs[i].reg, "id of %s", regs[i].name);
		expect_errno(__vcpu_get_reg(cpu, regs[i].id, &value), 0, "%s",
			     regs[i].name);
		/* An id of half or double the size does not exist. */
		expect_errno(__vcpu_get_reg(cpu, regs[i].id ^ size, &value),
			     -ENOENT, "%s in another size", regs[i].name);
		expect_errno(__vcpu_set_reg(cpu, regs[i].id ^ size, 0),
			     -ENOENT, "writing %s in another size",
			     regs[i].name);
	}
	/* TVAL is another view of CVAL, and the physical counter is the host's. */
	expect_errno(__vcpu_get_reg(cpu, CP_REG32(15, 14, 0, 3, 0), &value),
		     -ENOENT, "CNTV_TVAL");
	expect_errno(__vcpu_get_reg(cpu, CP_REG32(15, 14, 0, 2, 0), &value),
		     -ENOENT, "CNTP_TVAL");
	expect_errno(__vcpu_get_reg(cpu, KVM_REG_ARM_PTIMER_CNT, &value),
		     -ENOENT, "CNTPCT");
	destroy();
}

/* ---- user space and guest ----------------------------------------------- */

static void same_ctl(unsigned int i, uint32_t want, const char *what)
{
	expect_equal(vcpu_get_reg(cpu, timers[i].ctl_id), want,
		     "%s, %s: CTL in user space", timers[i].name, what);
	expect_equal(timer_read(cpu, timers[i].ctl), want,
		     "%s, %s: CTL in the guest", timers[i].name, what);
	expect_equal(vcpu_get_reg(cpu, timers[i].ctl_id), want,
		     "%s, %s: CTL in user space afterwards", timers[i].name,
		     what);
}

static void same_view(void)
{
	const uint64_t far = ~0ULL >> 1;
	unsigned int i;

	create(1);
	for (i = 0; i < NR_TIMERS; i++) {
		/* ISTATUS of a disabled timer is 0, whatever CVAL is. */
		vcpu_set_reg(cpu, timers[i].cval_id, 0);
		same_ctl(i, 0, "off, expired");
		vcpu_set_reg(cpu, timers[i].ctl_id, TIMER_CTL_IMASK);
		same_ctl(i, TIMER_CTL_IMASK, "off and masked, expired");
		vcpu_set_reg(cpu, timers[i].ctl_id, 3);
		same_ctl(i, 7, "masked, expired");
		vcpu_set_reg(cpu, timers[i].ctl_id, 1);
		same_ctl(i, EXPIRED, "on, expired");
		vcpu_set_reg(cpu, timers[i].cval_id, far);
		same_ctl(i, 1, "on, not expired");
		/* All other bits are read-only. */
		vcpu_set_reg(cpu, timers[i].ctl_id, ~3U);
		same_ctl(i, 0, "other bits");
		vcpu_set_reg(cpu, timers[i].ctl_id, ~0U);
		same_ctl(i, 3, "all bits");
		vcpu_set_reg(cpu, timers[i].ctl_id, 0);

		vcpu_set_reg(cpu, timers[i].cval_id, 0x123456789abcdef0);
		expect_equal(timer_read(cpu, timers[i].cval),
			     0x123456789abcdef0, "%s: CVAL in the guest",
			     timers[i].name);
		timer_write(cpu, timers[i].cval, 0xfedcba9876543210);
		expect_equal(vcpu_get_reg(cpu, timers[i].cval_id),
			     0xfedcba9876543210, "%s: CVAL in user space",
			     timers[i].name);
	}
	destroy();
}

/* A timer that user space sets up interrupts the guest. */
static void fires(void)
{
	unsigned int i;

	create(1);
	for (i = 0; i < NR_TIMERS; i++) {
		timer_order(cpu, TIMER_ISR, 0, 0, 0);
		expect_equal(cpu->reports[0], 0, "ISR before");
		vcpu_set_reg(cpu, timers[i].cval_id, 1);
		vcpu_set_reg(cpu, timers[i].ctl_id, TIMER_CTL_ENABLE);
		timer_order(cpu, TIMER_ISR, 0, 0, 0);
		expect_equal(cpu->reports[0], ISR_IRQ, "%s: ISR",
			     timers[i].name);
		vcpu_set_reg(cpu, timers[i].ctl_id, 0);
		timer_order(cpu, TIMER_ISR, 0, 0, 0);
		expect_equal(cpu->reports[0], 0, "%s: ISR after",
			     timers[i].name);
	}
	destroy();
}

/* ---- the counter -------------------------------------------------------- */

/* The counter never goes back, as read by guest and user space. */
static void monotonic(void)
{
	uint64_t last = 0, value;
	unsigned int i;

	create(2);
	for (i = 0; i < 300; i++) {
		struct kvm_vcpu *vcpu = vm->vcpus[i / 2 % 2];

		value = i % 2 ? get_counter(vcpu) :
				timer_read(vcpu, TIMER_CNTVCT);
		expect_between(last, value, ~0ULL, "the next reading");
		last = value;
	}
	destroy();
}

/* The counter runs at the rate of CNTFRQ. */
static void rate(void)
{
	uint64_t outer, inner, ticks, frequency;

	create(1);
	frequency = timer_read(cpu, TIMER_CNTFRQ);
	outer = now_ns();
	ticks = timer_read(cpu, TIMER_CNTVCT);
	inner = now_ns();
	usleep(200000);
	inner = now_ns() - inner;
	ticks = timer_read(cpu, TIMER_CNTVCT) - ticks;
	outer = now_ns() - outer;
	expect_between(inner / 1000 * frequency / 1000000 * 998 / 1000, ticks,
		       ns_to_ticks(outer), "ticks");
	destroy();
}

/*
 * A VMM reads the counter of a vcpu when it stops the VM, and writes it back
 * when the VM continues: no time has passed for the guest.
 */
static void stop_and_resume(void)
{
	uint64_t before, stopped, after, physical, start;
	unsigned int i;

	create(2);
	for (i = 0; i < 4; i++) {
		struct kvm_vcpu *writer = vm->vcpus[i % 2];
		struct kvm_vcpu *other = vm->vcpus[!(i % 2)];

		before = timer_read(other, TIMER_CNTVCT);
		stopped = get_counter(vm->vcpus[i / 2]);
		expect_between(before, stopped, ~0ULL, "counter when stopped");
		physical = timer_read(other, TIMER_CNTPCT);
		usleep(100000);

		start = now_ns();
		set_counter(writer, stopped);
		after = timer_read(other, TIMER_CNTVCT);
		start = now_ns() - start;
		/* All vcpus see the counter, whichever vcpu it was written to. */
		expect_between(stopped, after, stopped + ns_to_ticks(start),
			       "counter when it goes on");
		expect_between(after, timer_read(writer, TIMER_CNTVCT), ~0ULL,
			       "counter of the other vcpu");
		expect_between(physical + ns_to_ticks(50000000),
			       timer_read(other, TIMER_CNTPCT), ~0ULL,
			       "physical counter, which goes on");
	}
	destroy();
}

/* Unless user space writes the counter, guest time passes as host time does. */
static void goes_on(void)
{
	uint64_t before, after, ns;

	create(1);
	before = timer_read(cpu, TIMER_CNTVCT);
	ns = now_ns();
	usleep(100000);
	ns = now_ns() - ns;
	after = timer_read(cpu, TIMER_CNTVCT);
	expect_between(before + ns_to_ticks(ns) * 99 / 100 - 2000, after,
		       ~0ULL, "counter");
	destroy();
}

/* User space can set any value, and the timers follow. */
static void any_value(void)
{
	static const uint64_t values[] = {
		0, 1, 0x123456789abcdef0, 1ULL << 32, (1ULL << 56) - 100000,
	};
	uint64_t value, start;
	unsigned int i;

	create(1);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		start = now_ns();
		set_counter(cpu, values[i]);
		value = timer_read(cpu, TIMER_CNTVCT);
		start = now_ns() - start;
		expect_between(values[i], value,
			       values[i] + ns_to_ticks(start), "counter");

		/* The timer has not expired; then the counter passes it. */
		vcpu_set_reg(cpu, KVM_REG_ARM_TIMER_CVAL, values[i] + (1ULL << 50));
		vcpu_set_reg(cpu, KVM_REG_ARM_TIMER_CTL, TIMER_CTL_ENABLE);
		expect_equal(timer_read(cpu, TIMER_CNTV_CTL), 1, "CTL, far");
		set_counter(cpu, values[i] + (1ULL << 50));
		expect_equal(timer_read(cpu, TIMER_CNTV_CTL), EXPIRED,
			     "CTL, passed");
		/* Go back, as a VM that is reset to an earlier state does. */
		set_counter(cpu, values[i]);
		expect_equal(timer_read(cpu, TIMER_CNTV_CTL), 1, "CTL, back");
		vcpu_set_reg(cpu, KVM_REG_ARM_TIMER_CTL, 0);
	}
	destroy();
}

/* Move a timer to another VM: it fires when the guest expects it. */
static void elsewhere(void)
{
	uint64_t ctl, cval, counter;

	create(1);
	set_counter(cpu, 1ULL << 40);
	timer_write(cpu, TIMER_CNTV_TVAL, 1000000);
	timer_write(cpu, TIMER_CNTV_CTL, TIMER_CTL_ENABLE);
	ctl = vcpu_get_reg(cpu, KVM_REG_ARM_TIMER_CTL);
	cval = vcpu_get_reg(cpu, KVM_REG_ARM_TIMER_CVAL);
	counter = get_counter(cpu);
	destroy();
	expect_between(1ULL << 40, cval, (1ULL << 40) + (1ULL << 38), "CVAL");
	usleep(50000);

	create(1);
	vcpu_set_reg(cpu, KVM_REG_ARM_TIMER_CVAL, cval);
	vcpu_set_reg(cpu, KVM_REG_ARM_TIMER_CTL, ctl);
	set_counter(cpu, counter);
	do {
		ctl = timer_read(cpu, TIMER_CNTV_CTL);
		counter = timer_read(cpu, TIMER_CNTVCT);
		if (ctl & TIMER_CTL_ISTATUS)
			expect_between(cval, counter, ~0ULL, "counter");
	} while (counter < cval && !test_failed());
	timer_order(cpu, TIMER_ISR, 0, 0, 0);
	expect_equal(cpu->reports[0], ISR_IRQ, "ISR");
	expect_equal(timer_read(cpu, TIMER_CNTV_CTL), EXPIRED, "CTL");
	destroy();
}

/* KVM_ARM_VCPU_INIT turns the timers off; the VM's counter continues. */
static void init_again(void)
{
	uint64_t before, value;
	unsigned int i;

	create(1);
	for (i = 0; i < NR_TIMERS; i++) {
		vcpu_set_reg(cpu, timers[i].cval_id, 1);
		vcpu_set_reg(cpu, timers[i].ctl_id, TIMER_CTL_ENABLE);
	}
	timer_order(cpu, TIMER_ISR, 0, 0, 0);
	expect_equal(cpu->reports[0], ISR_IRQ, "ISR");
	before = get_counter(cpu);
	vcpu_init(cpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	for (i = 0; i < NR_TIMERS; i++) {
		expect_equal(vcpu_get_reg(cpu, timers[i].ctl_id), 0, "%s: CTL",
			     timers[i].name);
		expect_equal(vcpu_get_reg(cpu, timers[i].cval_id), 0,
			     "%s: CVAL", timers[i].name);
	}
	value = get_counter(cpu);
	expect_between(before, value, ~0ULL, "counter");
	vcpu_start_at(cpu, GUEST_RAM_BASE, 0, 0, 0);
	timer_guest_start(vm, 1, PPI_VTIMER, PPI_PTIMER);
	timer_order(cpu, TIMER_ISR, 0, 0, 0);
	expect_equal(cpu->reports[0], 0, "ISR after reset");
	for (i = 0; i < NR_TIMERS; i++)
		expect_equal(timer_fire(cpu, i, 1000, TIMER_WFI).count, 1,
			     "%s: interrupts", timers[i].name);
	destroy();
}

static const struct test tests[] = {
	{ "registers have their ids, in their size only", ids },
	{ "user space and guest see the same registers", same_view },
	{ "a timer that user space has set up interrupts", fires },
	{ "the counter never goes back", monotonic },
	{ "the counter has the rate CNTFRQ says", rate },
	{ "time does not pass while a VM is stopped, on any vcpu",
	  stop_and_resume },
	{ "time passes if nothing is written", goes_on },
	{ "the counter can be set to any value", any_value },
	{ "a timer fires on time in another VM", elsewhere },
	{ "timers are off after KVM_ARM_VCPU_INIT", init_again },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
