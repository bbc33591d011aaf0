// SPDX-License-Identifier: GPL-2.0
/* Run the vcpus of a VM with random code; see fuzz_program.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "fuzz_program.h"
#include "harness.h"

/* Time of a vcpu, and the time between two signals, in nanoseconds */
#define RUN_NS		4000000
#define SIGNAL_NS	1000000

/* ---- signals ------------------------------------------------------------ */

/* What this thread's vcpu shares with user space; NULL if it is not to be interrupted */
static __thread struct kvm_run *running;

/* Have the signal end also a KVM_RUN that is only about to begin. */
static void interrupt(int sig)
{
	struct kvm_run *run = __atomic_load_n(&running, __ATOMIC_RELAXED);

	(void)sig;
	if (run)
		run->immediate_exit = 1;
}

void fuzz_let_interrupt(struct kvm_run *run)
{
	const struct sigaction action = { .sa_handler = interrupt };

	sigaction(SIGUSR1, &action, NULL);
	__atomic_store_n(&running, run, __ATOMIC_RELAXED);
}

timer_t fuzz_start_signals(clockid_t clock, long ns)
{
	const struct itimerspec often = {
		.it_interval.tv_nsec = ns,
		.it_value.tv_nsec = ns,
	};
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = SIGUSR1,
		._sigev_un._tid = gettid(),
	};
	timer_t timer;

	if (timer_create(clock, &event, &timer) ||
	    timer_settime(timer, 0, &often, NULL))
		kvm_bail("no timer: %s", strerror(errno));
	return timer;
}

/* ---- one vcpu after the other ------------------------------------------- */

/* Call KVM_RUN once, and answer what a guest reads. */
static int run_once(struct fuzz *f, struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	uint64_t data = fuzz_u64(f);
	int ret = __vcpu_run(vcpu);

	if (!ret && run->exit_reason == KVM_EXIT_MMIO && !run->mmio.is_write)
		memcpy(run->mmio.data, &data, sizeof(data));
	expect(!ret || ret == -EINTR, "KVM_RUN: %s", errno_name(ret));
	return ret;
}

/* Run a vcpu for a while, and complete its last exit. */
static void run_vcpu(struct fuzz *f, struct kvm_vcpu *vcpu)
{
	uint64_t end = now_ns() + RUN_NS;

	fuzz_let_interrupt(vcpu->run);
	while (now_ns() < end && !test_failed()) {
		vcpu->run->immediate_exit = 0;
		run_once(f, vcpu);
	}
	fuzz_let_interrupt(NULL);
	vcpu->run->immediate_exit = 1;
	while (!run_once(f, vcpu) && !test_failed())
		;
	vcpu->run->immediate_exit = 0;
}

void fuzz_program_run(struct fuzz *f, const struct fuzz_program *p)
{
	timer_t timer;
	unsigned int i;

	fuzz_let_interrupt(NULL);
	timer = fuzz_start_signals(CLOCK_MONOTONIC, SIGNAL_NS);
	for (i = 0; i < p->nr_vcpus; i++) {
		if (!fuzz_one_in(f, 4))
			fuzz_program_restart(f, p, p->vm->vcpus[i]);
		run_vcpu(f, p->vm->vcpus[i]);
	}
	timer_delete(timer);
}
