// SPDX-License-Identifier: GPL-2.0
/* What a guest's timers do to the host's threads, and these threads to the timers. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "psci.h"
#include "timer_guest.h"

/* Rarely: the next preemption cancels the hrtimer that KVM forgot. */
#define PREEMPT_NS	2500000
#define TIMES		500

#define ROUNDS		5

static const struct {
	const char *name;
	enum timer_reg ctl;
	enum timer_reg cval;
} timers[] = {
	{ "virtual timer", TIMER_CNTV_CTL, TIMER_CNTV_CVAL },
	{ "physical timer", TIMER_CNTP_CTL, TIMER_CNTP_CVAL },
};

static long nr_sleeps(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_THREAD, &usage))
		kvm_bail("getrusage: %s", strerror(errno));
	return usage.ru_nvcsw;
}

/* A thread in KVM_RUN sleeps once until a signal wakes it. */
static void expect_sleeps(bool with_gic)
{
	struct kvm_vcpu *cpu;
	struct kvm_vm *vm;
	unsigned int i, k;
	int gic = -1;
	long sleeps;

	for (i = 0; i < ARRAY_SIZE(timers); i++) {
		vm = timer_guest_create(1, with_gic ? &gic : NULL);
		cpu = vm->vcpus[0];
		timer_write(cpu, timers[i].cval, 0);
		timer_write(cpu, timers[i].ctl, TIMER_CTL_ENABLE);
		expect_equal(timer_read(cpu, timers[i].ctl),
			     TIMER_CTL_ENABLE | TIMER_CTL_ISTATUS, "%s: CTL",
			     timers[i].name);
		expect_errno(__vcpu_set_mp_state(cpu, KVM_MP_STATE_STOPPED), 0,
			     "KVM_SET_MP_STATE");
		sleeps = nr_sleeps();
		for (k = 0; k < ROUNDS; k++)
			vcpu_run_until_signal(cpu);
		sleeps = nr_sleeps() - sleeps;
		/* Once in each KVM_RUN, and for a few locks */
		expect(sleeps < 3 * ROUNDS, "%s, %s GIC: the thread slept %ld times",
		       timers[i].name, with_gic ? "with" : "without", sleeps);
		vm_free(vm);
		if (with_gic)
			close(gic);
	}
}

static void off(void)
{
	expect_sleeps(true);
	expect_sleeps(false);
}

static bool stop;

/* Preempt the vcpu, whose thread runs on the same CPU, again and again. */
static void *preempt(void *data)
{
	const struct timespec pause = { .tv_nsec = PREEMPT_NS };

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		nanosleep(&pause, NULL);
	return data;
}

static void start_preempting(pthread_t *thread)
{
	const struct sched_param param = { .sched_priority = 1 };
	pthread_attr_t attr;

	stop = false;
	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	errno = pthread_create(thread, &attr, preempt, NULL);
	if (errno)
		kvm_bail("pthread_create: %s", strerror(errno));
	pthread_attr_destroy(&attr);
}

/*
 * A guest enables a timer and disables it before it expires. It has an interrupt
 * pending later if the host forgot to stop its own timer.
 */
static void silent(void)
{
	struct kvm_vcpu *cpu;
	pthread_t preempting;
	struct kvm_vm *vm;
	uint32_t ms;
	unsigned int i;
	int gic;

	pin_to_cpu(0);
	vm = timer_guest_create(1, &gic);
	cpu = vm->vcpus[0];
	ms = timer_read(cpu, TIMER_CNTFRQ) / 1000;
	if (!ms)
		kvm_bail("CNTFRQ is not set");
	start_preempting(&preempting);
	for (i = 0; i < ARRAY_SIZE(timers); i++) {
		timer_order(cpu, TIMER_CANCEL, i, TIMES, ms);
		/* KVM is not there to be preempted if the virtual timer is written. */
		expect(i == TIMER_VIRTUAL || cpu->reports[0], "%s: never preempted",
		       timers[i].name);
		expect_equal(cpu->reports[1], 0, "%s: interrupts, disabled",
			     timers[i].name);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(preempting, NULL);
	close(gic);
	vm_free(vm);
}

static const struct test tests[] = {
	{ "a timer does not wake a vcpu that is off", off },
	{ "a timer that is off is silent, whenever its vcpu is preempted", silent },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
