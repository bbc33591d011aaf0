// SPDX-License-Identifier: GPL-2.0
/*
 * Print for how long another task may wait while KVM does something: the longest delay of a
 * real-time thread that wants to run every half a millisecond. An operation delays it while
 * interrupts or preemption are off, as they are under mmu_lock. Under QEMU with -icount
 * shift=0, a nanosecond is one instruction.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "bench.h"
#include "clock.h"

#define HVCS		10000
#define PERIOD_NS	500000

static struct kvm_vm *vm;
static __u32 entry;
static char *hva;

/* ---- the thread that wants to run --------------------------------------- */

static atomic_ullong longest;

static void *wake_up(void *arg)
{
	__u64 due = now_ns(), now;
	struct timespec ts;

	for (;;) {
		due += PERIOD_NS;
		ts.tv_sec = due / NSEC_PER_SEC;
		ts.tv_nsec = due % NSEC_PER_SEC;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		now = now_ns();
		if (now - due > atomic_load(&longest))
			atomic_store(&longest, now - due);
		while (due + PERIOD_NS < now)
			due += PERIOD_NS;
	}
	return arg;
}

static void start_thread(void)
{
	const struct sched_param param = { .sched_priority = 50 };
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	if (pthread_create(&thread, &attr, wake_up, NULL))
		kvm_bail("no real-time thread");
}

static void measure(const char *name, void (*op)(void))
{
	atomic_store(&longest, 0);
	op();
	printf("%-16s %10.1f\n", name, atomic_load(&longest) / 1000.0);
}

/* ---- operations: each leaves what the next one needs -------------------- */

static void nothing(void)
{
	const struct timespec ts = { .tv_nsec = 100000000 };

	nanosleep(&ts, NULL);
}

static void hvc(void)
{
	time_guest(vm->vcpus[0], entry, BENCH_HVC, HVCS);
}

static void touch(void)
{
	time_guest(vm->vcpus[0], entry, BENCH_TOUCH_UP, BIG_PAGES);
}

static void init(void)
{
	vcpu_init(vm->vcpus[0], 1 << KVM_ARM_VCPU_PSCI_0_2);
}

static void log_on(void)
{
	vm_set_memory(vm, 1, BENCH_PAGES, BIG_SIZE, hva, KVM_MEM_LOG_DIRTY_PAGES);
}

static void get_log(void)
{
	static unsigned long dirty[BIG_PAGES / (8 * sizeof(long))];

	vm_get_dirty_log(vm, 1, dirty);
}

static void delete_slot(void)
{
	vm_delete_memory(vm, 1);
}

static void unmap(void)
{
	madvise(hva, BIG_SIZE, MADV_DONTNEED);
}

static void destroy(void)
{
	vm_free(vm);
}

static void add_slot(void)
{
	vm_set_memory(vm, 1, BENCH_PAGES, BIG_SIZE, hva, 0);
}

int bench_latency(void)
{
	vm = vm_create_guest("bench", 1);
	entry = vcpu_get_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_pc));
	hva = map_big();
	start_thread();

	printf("Longest delay of a task in thousands of instructions, with 1 GiB of memory\n");
	measure("nothing", nothing);
	measure("hvc", hvc);
	add_slot();
	measure("touch", touch);
	measure("init of a vcpu", init);
	touch();
	measure("begin of a log", log_on);
	touch();
	measure("dirty log", get_log);
	measure("slot deleted", delete_slot);
	add_slot();
	touch();
	measure("memory unmapped", unmap);
	touch();
	measure("VM destroyed", destroy);
	return 0;
}
