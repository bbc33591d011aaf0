/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VMs that execute random code: their memory, registers, and what happens to them.
 */
#ifndef KVM_ARM_FUZZ_PROGRAM_H
#define KVM_ARM_FUZZ_PROGRAM_H

#include <time.h>

#include "fuzz_code.h"
#include "fuzz_dispatch.h"
#include "kvm_arm.h"

/**
 * struct fuzz_program - a VM with random code
 * @vm: the VM
 * @gic: its GIC, or -1
 * @nr_vcpus: number of vcpus
 * @ram_pages: size of the memory at GUEST_RAM_BASE
 * @changing: the memory of the slot at FUZZ_CHANGING, which comes and goes
 * @is_there: that slot is there
 * @is_logged: ... and logs what is written
 * @has_copy: there was a last look
 * @copy: what was in @changing at that look
 * @log: the log of that look
 * @dispatch: data of the dispatcher, for each vcpu
 * @storm: what is at FUZZ_DISPATCH_STORM
 */
struct fuzz_program {
	struct kvm_vm *vm;
	int gic;
	unsigned int nr_vcpus;
	uint32_t ram_pages;
	void *changing;
	bool is_there;
	bool is_logged;
	bool has_copy;
	void *copy;
	uint64_t log;
	struct fuzz_dispatch *dispatch;
	uint32_t *storm;
};

/* Create a VM, with its vcpus ready to run. */
void fuzz_program_create(struct fuzz *f, struct fuzz_program *p);
void fuzz_program_destroy(struct fuzz_program *p);

/* Let a vcpu that is not in KVM_RUN go on elsewhere, with other registers. */
void fuzz_program_restart(struct fuzz *f, const struct fuzz_program *p,
			  struct kvm_vcpu *vcpu);

/*
 * Let a vcpu that is not in KVM_RUN go on elsewhere: the dispatcher chooses. Most of its
 * registers stay.
 */
void fuzz_program_dispatch(struct kvm_vcpu *vcpu);

/*
 * Handle SIGUSR1. It ends this thread's KVM_RUN of the vcpu with this struct kvm_run, whose
 * immediate_exit it sets; NULL: it ends none.
 */
void fuzz_let_interrupt(struct kvm_run *run);

/**
 * fuzz_start_signals() - send this thread SIGUSR1 again and again
 * @clock: the clock that says when
 * @ns: the time between two signals, in nanoseconds
 *
 * Return: the timer
 */
timer_t fuzz_start_signals(clockid_t clock, long ns);

/**
 * fuzz_program_run() - run each vcpu for a while, one after the other
 * @f: the random numbers
 * @p: the VM; no other thread uses it
 *
 * Let the test fail by an undocumented error. Complete the last exits, so that the VM
 * can be saved.
 */
void fuzz_program_run(struct fuzz *f, const struct fuzz_program *p);

/*
 * Change lines, memory or code of a VM that runs. Let the test fail if the VM has written
 * to memory that it does not have, or if the log lacks a page.
 */
void fuzz_program_disturb(struct fuzz *f, struct fuzz_program *p);

#endif /* KVM_ARM_FUZZ_PROGRAM_H */
