// SPDX-License-Identifier: GPL-2.0
/*
 * Guests with several vcpus, on all CPUs of the host and on one: all vcpus
 * start, exclude each other, wait without keeping others from running, and can
 * be powered off and on.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "threads.h"
#include "../guest/guest_smp.h"

#define MAX_CPUS	8
#define ADD_ROUNDS	300000
#define LOCK_ROUNDS	10000
#define TICKET_ROUNDS	200
#define ONE_CPU_ROUNDS	50
#define POWER_ROUNDS	30
#define RACE_ROUNDS	12

static struct kvm_vm *run(enum smp_mode mode, unsigned int cpus,
			  unsigned int rounds)
{
	struct kvm_vm *vm = vm_create_guest("smp", cpus);
	struct threads threads;

	vcpu_start_at(vm->vcpus[0],
		      vcpu_get_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_pc)),
		      mode, cpus, rounds);
	threads_start(&threads, vm, threads_unexpected);
	threads_join(&threads);
	return vm;
}

static void expect_counts(struct kvm_vm *vm, const char *what,
			  unsigned int cpus, unsigned int rounds)
{
	const uint32_t *reports = vm->vcpus[0]->reports;
	unsigned int i;

	expect_equal(vm->vcpus[0]->nr_reports, 2 + cpus,
		     "%s on %u vcpus: reports", what, cpus);
	expect_equal(reports[0], cpus * rounds, "%s on %u vcpus: sum", what,
		     cpus);
	expect_equal(reports[1], 0, "%s on %u vcpus: overlaps", what, cpus);
	for (i = 0; i < cpus; i++)
		expect_equal(reports[2 + i], rounds, "%s on %u vcpus: vcpu %u",
			     what, cpus, i);
}

static void count(enum smp_mode mode, const char *what, unsigned int rounds)
{
	unsigned int cpus;

	for (cpus = 1; cpus <= MAX_CPUS; cpus *= 2) {
		struct kvm_vm *vm = run(mode, cpus, rounds);

		expect_counts(vm, what, cpus, rounds);
		vm_free(vm);
	}
}

static void atomic_additions(void)
{
	count(SMP_ATOMIC, "additions", ADD_ROUNDS);
}

static void locks(void)
{
	count(SMP_LOCK, "lock", LOCK_ROUNDS);
	count(SMP_TICKET, "tickets", TICKET_ROUNDS);
}

/*
 * Run more vcpus than CPUs, with a lock that is taken in turn. On hardware,
 * waiting vcpus yield by an exit (HCR.TWE), which QEMU does not have.
 */
static void one_cpu(void)
{
	cpu_set_t old;
	unsigned int cpus;

	sched_getaffinity(0, sizeof(old), &old);
	pin_to_cpu(0);
	for (cpus = 2; cpus <= MAX_CPUS; cpus *= 2) {
		struct kvm_vm *vm = run(SMP_TICKET, cpus, ONE_CPU_ROUNDS);

		expect_counts(vm, "tickets", cpus, ONE_CPU_ROUNDS);
		vm_free(vm);
	}
	sched_setaffinity(0, sizeof(old), &old);
}

static void power(void)
{
	unsigned int cpus, i;

	for (cpus = 2; cpus <= MAX_CPUS; cpus *= 2) {
		struct kvm_vm *vm = run(SMP_POWER, cpus, POWER_ROUNDS);

		expect_equal(vm->vcpus[0]->reports[0], 0,
			     "%u vcpus: failed calls", cpus);
		for (i = 1; i < cpus; i++)
			expect_equal(vm->vcpus[0]->reports[i], POWER_ROUNDS,
				     "%u vcpus: starts of vcpu %u", cpus, i);
		vm_free(vm);
	}
}

static void race(void)
{
	unsigned int cpus;

	for (cpus = 3; cpus <= MAX_CPUS; cpus += 5) {
		struct kvm_vm *vm = run(SMP_RACE, cpus, RACE_ROUNDS);
		const uint32_t *reports = vm->vcpus[0]->reports;

		expect_equal(reports[0], RACE_ROUNDS, "%u vcpus: successes",
			     cpus);
		expect_equal(reports[1], RACE_ROUNDS * (cpus - 2),
			     "%u vcpus: calls that found it on", cpus);
		expect_equal(reports[2], 0, "%u vcpus: other results", cpus);
		expect_equal(reports[3], RACE_ROUNDS, "%u vcpus: starts", cpus);
		vm_free(vm);
	}
}

static const struct test tests[] = {
	{ "LDREX and STREX of 1 to 8 vcpus lose no addition",
	  atomic_additions },
	{ "locks of 1 to 8 vcpus let one in at a time", locks },
	{ "on one CPU, a vcpu that waits by WFE lets others run", one_cpu },
	{ "vcpus go off and on again and again", power },
	{ "of calls of CPU_ON at once one starts the vcpu", race },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
