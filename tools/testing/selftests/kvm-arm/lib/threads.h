/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread for each vcpu of a VM.
 */
#ifndef KVM_ARM_THREADS_H
#define KVM_ARM_THREADS_H

#include <pthread.h>

#include "kvm_arm.h"

/*
 * threads_handler - handle an event of a vcpu, in its thread
 * @vcpu: the vcpu
 * @event: why vcpu_run_guest() returned
 * @value: the value of the event
 *
 * Return: true to run the vcpu again.
 */
typedef bool (*threads_handler)(struct kvm_vcpu *vcpu, enum guest_event event,
				uint32_t value);

/**
 * struct threads - the threads of a VM
 * @vm: the VM
 * @nr: number of vcpus with a thread
 * @handler: handler of their events
 * @thread: the threads
 */
struct threads {
	struct kvm_vm *vm;
	unsigned int nr;
	threads_handler handler;
	pthread_t thread[KVM_ARM_MAX_VCPUS];
};

/**
 * threads_start() - run all vcpus of a VM
 * @threads: keep this until threads_join()
 * @vm: the VM
 * @handler: handler of all events but GUEST_DONE with status 0, which ends the
 *	thread
 */
void threads_start(struct threads *threads, struct kvm_vm *vm,
		   threads_handler handler);

/* Wait for all threads to end; end the test if one does not. */
void threads_join(struct threads *threads);

/* Make the test fail by an unexpected event; for the end of a handler. */
bool threads_unexpected(struct kvm_vcpu *vcpu, enum guest_event event,
			uint32_t value);

#endif /* KVM_ARM_THREADS_H */
