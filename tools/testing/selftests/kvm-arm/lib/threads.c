// SPDX-License-Identifier: GPL-2.0
/* Run each vcpu of a VM in a thread. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "harness.h"
#include "threads.h"

/* Limit for a vcpu that was told to end; well below a test's time */
#define MAX_SECONDS	120

struct start {
	const struct threads *threads;
	struct kvm_vcpu *vcpu;
	pthread_barrier_t *started;
};

static void *run_vcpu(void *arg)
{
	struct start start = *(struct start *)arg;
	enum guest_event event;
	uint32_t value = 0;

	pthread_barrier_wait(start.started);
	do {
		event = vcpu_run_guest(start.vcpu, &value);
		if (event == GUEST_DONE && !value)
			break;
	} while (start.threads->handler(start.vcpu, event, value));
	return NULL;
}

void threads_start(struct threads *threads, struct kvm_vm *vm,
		   threads_handler handler)
{
	struct start start[KVM_ARM_MAX_VCPUS];
	pthread_barrier_t started;
	sigset_t alarm, old;
	unsigned int i;

	threads->vm = vm;
	threads->handler = handler;
	threads->nr = 0;
	while (threads->nr < KVM_ARM_MAX_VCPUS && vm->vcpus[threads->nr])
		threads->nr++;

	/* Only the main thread handles the end of the test's time. */
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm, &old);
	pthread_barrier_init(&started, NULL, threads->nr + 1);
	for (i = 0; i < threads->nr; i++) {
		start[i] = (struct start){ threads, vm->vcpus[i], &started };
		if (pthread_create(&threads->thread[i], NULL, run_vcpu,
				   &start[i]))
			kvm_bail("no more threads");
	}
	pthread_barrier_wait(&started);
	pthread_barrier_destroy(&started);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void threads_join(struct threads *threads)
{
	struct timespec limit;
	unsigned int i;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += MAX_SECONDS;
	for (i = 0; i < threads->nr; i++)
		if (pthread_timedjoin_np(threads->thread[i], NULL, &limit))
			kvm_bail("vcpu %u does not come to its end", i);
}

bool threads_unexpected(struct kvm_vcpu *vcpu, enum guest_event event,
			uint32_t value)
{
	test_fail("vcpu %u: %s %#x, pc %08llx, console: %s", vcpu->id,
		  guest_event_name(event), value,
		  (unsigned long long)vcpu_get_reg(vcpu,
						   CORE_REG(usr_regs.ARM_pc)),
		  vcpu->output);
	return false;
}
