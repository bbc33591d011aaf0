// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs of the host that go and come: Hyp mode is entered anew on each, and
 * guests run there as before. With one CPU, which cannot go, its guests must
 * not notice the attempt.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#define TIMES	10

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

/* With all CPUs online at the end; false if there is but one */
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

/* A vcpu that has run where there is no CPU for a while */
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

static const struct test tests[] = {
	{ "a guest runs on a CPU that has been offline", guests_on_new_cpu },
	{ "guests run while a CPU goes and comes", guests_meanwhile },
	{ "a VM that is older than its CPU runs on it", vcpu_that_stays },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
