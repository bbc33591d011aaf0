// SPDX-License-Identifier: GPL-2.0
/*
 * Hotplug of the host's CPUs: each CPU enters Hyp mode again, and runs guests
 * as before. With one CPU, which cannot go offline, guests must not notice the
 * attempt.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gic.h"
#include "harness.h"
#include "threads.h"
#include "../guest/guest_smp.h"

#define TIMES		6
#define SMP_TIMES	5
#define MAX_VCPUS	4
/* Limit for a guest that makes progress, on a very busy machine */
#define MAX_SECONDS	30

static int set_online(unsigned int cpu, bool online)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online",
		 cpu);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -errno;
	ret = write(fd, online ? "1" : "0", 1) == 1 ? 0 : -errno;
	close(fd);

	return ret;
}

static void run_to_shutdown(void)
{
	struct kvm_vm *vm = vm_create_guest("hello", 1);

	vcpu_expect(vm->vcpus[0], GUEST_SHUTDOWN);
	vm_free(vm);
}

/* Take a CPU offline and online. Return false if it is the only one. */
static bool cycle(unsigned int cpu, unsigned int i)
{
	if (cpu == 0) {
		expect(set_online(0, false) < 0, "the only CPU went");
		return false;
	}
	expect_errno(set_online(cpu, false), 0, "offline, %u", i);
	run_to_shutdown();
	expect_errno(set_online(cpu, true), 0, "online, %u", i);

	return true;
}

static void guests_on_new_cpu(void)
{
	unsigned int cpu = nr_cpus() - 1, i;

	for (i = 0; i < TIMES; i++) {
		cycle(cpu, i);
		pin_to_cpu(cpu);
		run_to_shutdown();
		pin_to_cpu(0);
	}
}

static void *run_guests(void *stop)
{
	while (!__atomic_load_n((bool *)stop, __ATOMIC_RELAXED))
		run_to_shutdown();

	return NULL;
}

static void guests_meanwhile(void)
{
	unsigned int cpu = nr_cpus() - 1, i;
	pthread_t thread;
	bool stop = false;

	if (pthread_create(&thread, NULL, run_guests, &stop))
		kvm_bail("no thread");
	for (i = 0; i < TIMES; i++)
		cycle(cpu, i);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

/* Run a vcpu on a CPU that went offline and online after its creation. */
static void vcpu_that_stays(void)
{
	struct kvm_vm *vm = vm_create_guest("runtime", 1);
	unsigned int cpu = nr_cpus() - 1;

	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r0), 1);
	cycle(cpu, 0);
	pin_to_cpu(cpu);
	expect_equal(vcpu_expect(vm->vcpus[0], GUEST_DONE), 0, "failures");
	pin_to_cpu(0);
	vm_free(vm);
}

static void start(struct threads *threads, struct kvm_vm *vm,
		  enum smp_mode mode, unsigned int vcpus)
{
	vcpu_start_at(vm->vcpus[0],
		      vcpu_get_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_pc)),
		      mode, vcpus, 0);
	threads_start(threads, vm, threads_unexpected);
}

/* Wait until a word of the guest's shared page has grown by @more. */
static bool wait_for(struct kvm_vm *vm, unsigned int word, unsigned int more)
{
	uint32_t old = vm_shared(vm)[word];
	unsigned int i;

	for (i = 0; i < MAX_SECONDS * 1000; i++) {
		if (vm_shared(vm)[word] - old >= more)
			return true;
		usleep(1000);
	}
	return expect(false, "word %u of the guest stays at %u", word, old);
}

/* Run more vcpus than there are CPUs; they depend on each other. */
static void smp_guest(void)
{
	struct kvm_vm *vm = vm_create_guest("smp", MAX_VCPUS);
	unsigned int cpu = nr_cpus() - 1, i;
	const uint32_t *reports;
	struct threads threads;
	uint32_t sum = 0;

	start(&threads, vm, SMP_FOREVER, MAX_VCPUS);
	for (i = 0; i < SMP_TIMES && !test_failed(); i++) {
		wait_for(vm, SMP_PROGRESS, 10);
		if (!cpu) {
			cycle(cpu, i);
			continue;
		}
		expect_errno(set_online(cpu, false), 0, "offline, %u", i);
		wait_for(vm, SMP_PROGRESS, 10);
		expect_errno(set_online(cpu, true), 0, "online, %u", i);
	}
	vm_shared(vm)[SMP_STOP] = 1;
	threads_join(&threads);
	reports = vm->vcpus[0]->reports;
	for (i = 0; i < MAX_VCPUS; i++)
		sum += reports[2 + i];
	expect_equal(reports[0], sum, "sum");
	expect_equal(reports[1], 0, "overlaps");
	vm_free(vm);
}

static void move_to(pthread_t thread, unsigned int first, unsigned int last)
{
	unsigned int i;
	cpu_set_t set;

	CPU_ZERO(&set);
	for (i = first; i <= last; i++)
		CPU_SET(i, &set);
	pthread_setaffinity_np(thread, sizeof(set), &set);
}

/*
 * Check that both vcpus are interrupted, at similar rates. Without the host's
 * interrupt, vcpu 1 hears of its timer only when the host schedules.
 */
static void expect_ticks(struct kvm_vm *vm, unsigned int cycle)
{
	unsigned int i;
	uint32_t old;

	for (i = 0; i < 20; i++) {
		old = vm_shared(vm)[SMP_TICK(1)];
		if (!wait_for(vm, SMP_TICK(0), 60))
			return;
		if (vm_shared(vm)[SMP_TICK(1)] - old >= 10)
			return;
	}
	expect(false, "cycle %u: vcpu 1 is not interrupted, only vcpu 0", cycle);
}

/*
 * A CPU that comes back must have the interrupts of timers and GIC again: vcpu
 * 1 runs there before and after, while vcpu 0 stays where it is.
 */
static void timer_interrupts(void)
{
	unsigned int cpu = nr_cpus() - 1, i;
	struct threads threads;
	struct kvm_vm *vm;
	int gic;

	vm = vm_create_gic_guest("smp", 2, &gic);
	start(&threads, vm, SMP_TICKS, 2);
	for (i = 0; i < SMP_TIMES && !test_failed(); i++) {
		move_to(threads.thread[1], cpu, cpu);
		expect_ticks(vm, i);
		if (!cpu) {
			cycle(cpu, i);
			continue;
		}
		move_to(threads.thread[1], 0, cpu);
		expect_errno(set_online(cpu, false), 0, "offline, %u", i);
		expect_ticks(vm, i);
		expect_errno(set_online(cpu, true), 0, "online, %u", i);
	}
	move_to(threads.thread[1], cpu, cpu);
	expect_ticks(vm, i);
	vm_shared(vm)[SMP_STOP] = 1;
	threads_join(&threads);
	close(gic);
	vm_free(vm);
}

static const struct test tests[] = {
	{ "a guest runs on a CPU that has been offline", guests_on_new_cpu },
	{ "guests run while a CPU goes and comes", guests_meanwhile },
	{ "a VM that is older than its CPU runs on it", vcpu_that_stays },
	{ "vcpus that need each other do so while a CPU goes and comes",
	  smp_guest },
	{ "vcpus get their timers' interrupts while a CPU goes and comes",
	  timer_interrupts },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
