// SPDX-License-Identifier: GPL-2.0
/*
 * The virtual and the physical timer of a guest, with a GIC in the kernel and
 * in user space.
 *
 * The tests measure time by the counters, so that it does not matter when a
 * thread runs.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "threads.h"
#include "timer_guest.h"
#include "../guest/guest_gic.h"

#define NR_TIMERS	2
#define USER_VTIMER	KVM_ARM_DEV_EL1_VTIMER
#define USER_PTIMER	KVM_ARM_DEV_EL1_PTIMER

static const char *const names[] = { "virtual timer", "physical timer" };
static const enum timer_reg ctl_reg[] = { TIMER_CNTV_CTL, TIMER_CNTP_CTL };
static const enum timer_reg cval_reg[] = { TIMER_CNTV_CVAL, TIMER_CNTP_CVAL };
static const enum timer_reg tval_reg[] = { TIMER_CNTV_TVAL, TIMER_CNTP_TVAL };
static const enum timer_reg cnt_reg[] = { TIMER_CNTVCT, TIMER_CNTPCT };

static struct kvm_vm *vm;
static struct kvm_vcpu *cpu;
static int gic = -1;

static void create(unsigned int nr_vcpus)
{
	vm = timer_guest_create(nr_vcpus, &gic);
	cpu = vm->vcpus[0];
}

/* Create a VM without a GIC in the kernel. */
static void create_user(unsigned int nr_vcpus)
{
	vm = timer_guest_create(nr_vcpus, NULL);
	cpu = vm->vcpus[0];
}

static void destroy(void)
{
	if (gic >= 0)
		close(gic);
	gic = -1;
	vm_free(vm);
}

static void expect_fires(enum timer_index timer, uint32_t ticks,
			 enum timer_wait wait)
{
	struct timer_fired fired = timer_fire(cpu, timer, ticks, wait);
	uint64_t cval = fired.cval_lo | (uint64_t)fired.cval_hi << 32;
	uint64_t counter = fired.counter_lo | (uint64_t)fired.counter_hi << 32;

	expect(counter >= cval, "%s, %u ticks, wait %u: %llu ticks early",
	       names[timer], ticks, wait, (unsigned long long)(cval - counter));
	expect_equal(fired.ctl, TIMER_CTL_ENABLE | TIMER_CTL_ISTATUS,
		     "%s: CTL in the handler", names[timer]);
	expect_equal(fired.count, 1, "%s: interrupts", names[timer]);
}

static void fire_all(void)
{
	static const uint32_t ticks[] = { 0, 1, 1000, 100000, 2000000 };
	unsigned int timer, wait, i;

	for (timer = 0; timer < NR_TIMERS; timer++)
		for (wait = TIMER_SPIN; wait <= TIMER_WFI; wait++)
			for (i = 0; i < ARRAY_SIZE(ticks); i++)
				expect_fires(timer, ticks[i], wait);
}

static void fire(void)
{
	create(1);
	fire_all();
	expect(vcpu_stat(cpu, "wfi_exit_stat"), "it never slept");
	destroy();
}

/* Run on each CPU of the host, including CPUs that are new to the vcpu. */
static void fire_on_cpus(void)
{
	unsigned int i;

	create(1);
	for (i = 0; i < 4 * nr_cpus(); i++) {
		pin_to_cpu(i % nr_cpus());
		expect_fires(TIMER_VIRTUAL, 100000, i / nr_cpus() % 2);
		expect_fires(TIMER_PHYSICAL, 100000, i / nr_cpus() % 2);
	}
	destroy();
}

static unsigned int nr_vtimer_interrupts(void)
{
	FILE *file = fopen("/proc/interrupts", "r");
	unsigned int sum = 0;
	char line[256], *count;

	if (!file)
		kvm_bail("/proc/interrupts: %s", strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		if (!strstr(line, "kvm guest vtimer"))
			continue;
		for (count = strtok(line, " "); (count = strtok(NULL, " "));)
			sum += strtoul(count, NULL, 10);
	}
	fclose(file);
	return sum;
}

/*
 * The host's interrupt stays active until the guest's handler ends. It must be
 * active for that guest only: otherwise other guests would not get interrupts
 * of the host, and would wait until they are scheduled out and in.
 */
static void fire_beside_handler(void)
{
	const unsigned int rounds = 10;
	unsigned int i, before, interrupted = 0;
	struct kvm_vcpu *handling;
	struct kvm_vm *other;
	int other_gic;

	pin_to_cpu(0);
	other = timer_guest_create(1, &other_gic);
	handling = other->vcpus[0];
	create(1);
	for (i = 0; i < rounds; i++) {
		timer_queue_order(handling, TIMER_FIRE, TIMER_VIRTUAL, 1000,
				  TIMER_SYNC);
		expect_equal(vcpu_expect(handling, GUEST_SYNC), TIMER_VIRTUAL,
			     "in the handler");
		before = nr_vtimer_interrupts();
		expect_fires(TIMER_VIRTUAL, 100000, TIMER_SPIN);
		interrupted += nr_vtimer_interrupts() != before;
		expect_equal(vcpu_expect(handling, GUEST_SYNC), TIMER_FIRE,
			     "after the handler");
	}
	/*
	 * A timer that expires while its vcpu is scheduled out needs no
	 * interrupt of the host.
	 */
	expect(interrupted > rounds / 2, "%u interrupts of the host, of %u",
	       interrupted, rounds);
	close(other_gic);
	vm_free(other);
	destroy();
}

/* The timer is a level: it is pending again as long as it is on. */
static void stays_pending(void)
{
	unsigned int timer;

	create(1);
	for (timer = 0; timer < NR_TIMERS; timer++) {
		timer_order(cpu, TIMER_REFIRE, timer, 50, TIMER_SPIN);
		expect_equal(cpu->reports[0], 50, "%s: interrupts",
			     names[timer]);
	}
	destroy();
}

static uint32_t isr(struct kvm_vcpu *vcpu)
{
	timer_order(vcpu, TIMER_ISR, 0, 0, 0);
	return vcpu->reports[0] & ISR_IRQ;
}

static void control(void)
{
	unsigned int timer;

	create(1);
	for (timer = 0; timer < NR_TIMERS; timer++) {
		enum timer_reg ctl = ctl_reg[timer];

		timer_write(cpu, cval_reg[timer], 0);
		expect_equal(timer_read(cpu, ctl), 0, "%s: disabled",
			     names[timer]);
		expect_equal(isr(cpu), 0, "%s: ISR, disabled", names[timer]);
		timer_write(cpu, ctl, TIMER_CTL_IMASK);
		expect_equal(timer_read(cpu, ctl), TIMER_CTL_IMASK,
			     "%s: disabled and masked", names[timer]);
		timer_write(cpu, ctl, TIMER_CTL_ENABLE | TIMER_CTL_IMASK);
		expect_equal(timer_read(cpu, ctl), 7, "%s: masked",
			     names[timer]);
		expect_equal(isr(cpu), 0, "%s: ISR, masked", names[timer]);
		timer_write(cpu, ctl, TIMER_CTL_ENABLE);
		expect_equal(timer_read(cpu, ctl), 5, "%s: enabled",
			     names[timer]);
		expect(isr(cpu), "%s: ISR", names[timer]);

		/* It has not expired: the guest cannot write ISTATUS. */
		timer_write(cpu, cval_reg[timer], ~0ULL >> 1);
		expect_equal(isr(cpu), 0, "%s: ISR, not yet", names[timer]);
		timer_write(cpu, ctl, ~0U);
		expect_equal(timer_read(cpu, ctl), 3, "%s: all bits written",
			     names[timer]);
		timer_write(cpu, ctl, 0);
	}
	destroy();
}

static void timer_value(void)
{
	unsigned int timer;
	uint64_t before, after, cval;
	int32_t tval;

	create(1);
	for (timer = 0; timer < NR_TIMERS; timer++) {
		before = timer_read(cpu, cnt_reg[timer]);
		timer_write(cpu, tval_reg[timer], 1000000);
		after = timer_read(cpu, cnt_reg[timer]);
		cval = timer_read(cpu, cval_reg[timer]);
		expect(cval >= before + 1000000 && cval <= after + 1000000,
		       "%s: CVAL by TVAL", names[timer]);

		/* A negative value has expired. */
		before = timer_read(cpu, cnt_reg[timer]);
		timer_write(cpu, tval_reg[timer], -1000);
		after = timer_read(cpu, cnt_reg[timer]);
		cval = timer_read(cpu, cval_reg[timer]);
		expect(cval >= before - 1000 && cval <= after - 1000,
		       "%s: CVAL by negative TVAL", names[timer]);
		timer_write(cpu, ctl_reg[timer], 3);
		expect_equal(timer_read(cpu, ctl_reg[timer]), 7,
			     "%s: expired", names[timer]);

		before = timer_read(cpu, cnt_reg[timer]);
		tval = timer_read(cpu, tval_reg[timer]);
		after = timer_read(cpu, cnt_reg[timer]);
		expect(tval >= (int32_t)(cval - after) &&
		       tval <= (int32_t)(cval - before), "%s: TVAL %d",
		       names[timer], tval);
	}
	destroy();
}

/* ---- several vcpus ------------------------------------------------------ */

static bool order_done(struct kvm_vcpu *vcpu, enum guest_event event,
		       uint32_t value)
{
	if (event == GUEST_INTR)
		return timer_update_line(vcpu) || timer_changed_back(vcpu) ||
		       threads_unexpected(vcpu, event, value);
	return event == GUEST_SYNC ? false :
				     threads_unexpected(vcpu, event, value);
}

static void tick(unsigned int nr_vcpus, uint32_t count, uint32_t period)
{
	struct threads threads;
	struct kvm_vcpu *vcpu;
	unsigned int i;

	for (i = 0; i < nr_vcpus; i++)
		timer_queue_order(vm->vcpus[i], TIMER_TICKS, i % NR_TIMERS,
				  count, period);
	threads_start(&threads, vm, order_done);
	threads_join(&threads);
	for (i = 0; i < nr_vcpus; i++) {
		vcpu = vm->vcpus[i];
		expect_equal(vcpu->nr_reports, 2, "reports of vcpu %u", i);
		expect_equal(vcpu->reports[0], count, "ticks of vcpu %u", i);
		expect_equal(vcpu->reports[1], 0, "early ticks of vcpu %u", i);
	}
}

/* Run more vcpus than host CPUs, each with its own timers. */
static void ticks(void)
{
	create(4);
	tick(4, 200, 50000);
	destroy();
}

/* ---- a GIC in user space ------------------------------------------------ */

static void fire_user(void)
{
	create_user(1);
	expect_equal(vm_check_cap(vm, KVM_CAP_ARM_USER_IRQ), 1,
		     "KVM_CAP_ARM_USER_IRQ");
	fire_all();
	destroy();
}

static void ticks_user(void)
{
	create_user(2);
	tick(2, 50, 100000);
	destroy();
}

/* KVM_RUN must end because the level of the timers changes. */
static void expect_level(uint32_t level, const char *what)
{
	enum guest_event event = vcpu_run_guest(cpu, NULL);

	expect(event == GUEST_INTR, "%s: %s", what, guest_event_name(event));
	expect_equal(cpu->run->s.regs.device_irq_level, level, "%s: level",
		     what);
	expect_equal(cpu->run->exit_reason, KVM_EXIT_INTR, "%s: exit", what);
}

static void level_user(void)
{
	const uint32_t level[] = { USER_VTIMER, USER_PTIMER };
	unsigned int timer;

	create_user(1);
	for (timer = 0; timer < NR_TIMERS; timer++) {
		expect_equal(cpu->run->s.regs.device_irq_level, 0, "level");
		timer_queue_order(cpu, TIMER_FIRE, timer, 100000, TIMER_WFI);
		expect_level(level[timer], "fired");
		/* The guest's handler turns the timer off. */
		cpu_line(vm, 0, KVM_ARM_IRQ_CPU_IRQ, 1);
		expect_level(0, "switched off");
		cpu_line(vm, 0, KVM_ARM_IRQ_CPU_IRQ, 0);
		vcpu_expect(cpu, GUEST_SYNC);
		expect_equal(cpu->reports[5], 1, "%s: interrupts",
			     names[timer]);
	}
	/* Both timers on, then masked */
	for (timer = 0; timer < NR_TIMERS; timer++)
		timer_write(cpu, cval_reg[timer], 0);
	for (timer = 0; timer < NR_TIMERS; timer++) {
		timer_queue_order(cpu, TIMER_WRITE, ctl_reg[timer], 1, 0);
		while (vcpu_run_guest(cpu, NULL) == GUEST_INTR)
			;
	}
	expect_equal(cpu->run->s.regs.device_irq_level,
		     USER_VTIMER | USER_PTIMER, "both");
	for (timer = 0; timer < NR_TIMERS; timer++) {
		timer_queue_order(cpu, TIMER_WRITE, ctl_reg[timer], 3, 0);
		while (vcpu_run_guest(cpu, NULL) == GUEST_INTR)
			;
	}
	expect_equal(cpu->run->s.regs.device_irq_level, 0, "masked");
	destroy();
}

/* ---- which interrupts they are ------------------------------------------ */

static int attr(struct kvm_vcpu *vcpu, unsigned int index, uint32_t *irq,
		bool set)
{
	return set ? __device_set_attr(vcpu->fd, KVM_ARM_VCPU_TIMER_CTRL,
				       index, irq) :
		     __device_get_attr(vcpu->fd, KVM_ARM_VCPU_TIMER_CTRL,
				       index, irq);
}

static void expect_irqs(struct kvm_vcpu *vcpu, uint32_t vtimer,
			uint32_t ptimer)
{
	const uint32_t want[] = { vtimer, ptimer };
	uint32_t irq = 0;
	unsigned int i;

	for (i = 0; i < NR_TIMERS; i++) {
		expect_errno(attr(vcpu, i, &irq, false), 0, "reading %s",
			     names[i]);
		expect_equal(irq, want[i], "%s of vcpu %u", names[i],
			     vcpu->id);
	}
}

static void numbers(void)
{
	static const uint32_t bad[] = { 0, 15, 32, 40, 1023, ~0U };
	static const uint32_t good[] = { 20, 21 };
	uint32_t irq;
	unsigned int i, j;

	vm = vm_create_guest("timer", 2);
	cpu = vm->vcpus[0];
	for (i = 0; i < NR_TIMERS; i++) {
		expect_errno(__device_has_attr(cpu->fd,
					       KVM_ARM_VCPU_TIMER_CTRL, i), 0,
			     "KVM_HAS_DEVICE_ATTR %u", i);
		irq = 20;
		expect_errno(attr(cpu, i, &irq, true), -EINVAL, "without GIC");
	}
	for (i = NR_TIMERS; i < 6; i++) {
		irq = 20;
		expect_errno(__device_has_attr(cpu->fd,
					       KVM_ARM_VCPU_TIMER_CTRL, i),
			     -ENXIO, "KVM_HAS_DEVICE_ATTR %u", i);
		expect_errno(attr(cpu, i, &irq, false), -ENXIO, "reading %u",
			     i);
		expect_errno(attr(cpu, i, &irq, true), -ENXIO, "writing %u",
			     i);
	}
	expect_errno(__device_has_attr(cpu->fd, KVM_ARM_VCPU_TIMER_CTRL + 1,
				       0), -ENXIO, "another group");
	gic = gic_create(vm, 0);
	expect_irqs(cpu, PPI_VTIMER, PPI_PTIMER);
	for (i = 0; i < NR_TIMERS; i++) {
		for (j = 0; j < ARRAY_SIZE(bad); j++) {
			irq = bad[j];
			expect_errno(attr(cpu, i, &irq, true), -EINVAL,
				     "%s = %u", names[i], irq);
		}
		expect_errno(attr(cpu, i, (void *)8, true), -EFAULT,
			     "bad pointer");
		irq = good[i];
		expect_errno(attr(cpu, i, &irq, true), 0, "%s = %u", names[i],
			     irq);
	}
	/* The interrupt numbers belong to the VM. */
	expect_irqs(vm->vcpus[1], good[0], good[1]);
	timer_guest_start(vm, 1, good[0], good[1]);
	expect_fires(TIMER_VIRTUAL, 1000, TIMER_WFI);
	expect_fires(TIMER_PHYSICAL, 1000, TIMER_WFI);
	for (i = 0; i < NR_TIMERS; i++) {
		irq = 22;
		expect_errno(attr(cpu, i, &irq, true), -EBUSY,
			     "%s after it has run", names[i]);
	}
	expect_irqs(cpu, good[0], good[1]);
	destroy();

	/* Both timers use the same interrupt. */
	vm = vm_create_guest("timer", 1);
	cpu = vm->vcpus[0];
	gic = gic_create(vm, 0);
	irq = PPI_PTIMER;
	expect_errno(attr(cpu, 0, &irq, true), 0, "the same");
	expect_errno(__vcpu_run(cpu), -EINVAL, "KVM_RUN");
	destroy();
}

static const struct test tests[] = {
	{ "both timers fire, not before their time", fire },
	{ "on every host CPU", fire_on_cpus },
	{ "one fires while another VM handles its own", fire_beside_handler },
	{ "a timer interrupts again until it is switched off",
	  stays_pending },
	{ "ENABLE, IMASK and ISTATUS are as they should", control },
	{ "TVAL is the time that is left", timer_value },
	{ "vcpus have timers of their own, and no tick is lost", ticks },
	{ "with a GIC in user space both fire", fire_user },
	{ "with a GIC in user space no tick is lost", ticks_user },
	{ "with a GIC in user space kvm_run has the level", level_user },
	{ "the interrupts can be chosen, until a vcpu has run", numbers },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
