/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM that runs, is stopped at any moment, and continues in another VM.
 */
#ifndef KVM_ARM_MIGRANT_H
#define KVM_ARM_MIGRANT_H

#include <pthread.h>
#include <stdatomic.h>

#include "state_edit.h"

/* Milliseconds for a vcpu to advance or to stop, on a busy machine */
#define MIGRANT_LIMIT		20000

/* Status of a running vcpu; MIGRANT_EVENT() is for events other than GUEST_DONE */
#define MIGRANT_RUNNING		~0U
#define MIGRANT_EVENT(event)	(1000 + (event))

/**
 * struct migrant - a VM with two vcpus, and its successors
 * @state: the current VM, and its GIC
 * @mmio: handle an access outside of the test device, in the vcpu's thread; return
 *	false if the access is unexpected. May be NULL.
 * @stopping: set it to stop the vcpus after their current event; @mmio may do so
 * @status: of each vcpu: MIGRANT_RUNNING, the status of GUEST_DONE or
 *	MIGRANT_EVENT()
 * @threads: the thread of each vcpu
 */
struct migrant {
	struct vm_state state;
	bool (*mmio)(struct kvm_vcpu *vcpu);
	atomic_bool stopping;
	atomic_uint status[2];
	pthread_t threads[2];
};

#define MIGRANT_VCPUS		2

/* Create a VM with a guest program, ready to start with these arguments. */
void migrant_create(struct migrant *m, const char *name,
		    uint32_t r0, uint32_t r1, uint32_t r2);
void migrant_destroy(struct migrant *m);

/* Run all vcpus until they are stopped or end. */
void migrant_start(struct migrant *m);

/* Stop all vcpus at any point, with their last exits completed. */
void migrant_stop(struct migrant *m);

/* Return true if no vcpu has ended; otherwise make the test fail. */
bool migrant_is_alive(struct migrant *m);

/* Return a word of the shared page. */
uint32_t migrant_word(const struct migrant *m, unsigned int word);

/**
 * migrant_advance() - run until each vcpu has advanced
 * @m: the VM, stopped
 * @words: by vcpu: the word of the shared page that has its progress
 * @by: the required progress
 * @limit: in milliseconds
 *
 * The vcpus still run on return: call migrant_stop().
 *
 * Return: true if all vcpus have advanced.
 */
bool migrant_advance(struct migrant *m, const unsigned int words[MIGRANT_VCPUS],
		     uint32_t by, unsigned int limit);

/*
 * The same, but fail the test if a vcpu does not advance; the vcpus are stopped
 * then.
 */
bool migrant_must_advance(struct migrant *m,
			  const unsigned int words[MIGRANT_VCPUS], uint32_t by);

/**
 * migrant_wait() - wait until all vcpus have ended
 * @m: the VM, running
 * @limit: in milliseconds
 *
 * The vcpus are stopped on return.
 *
 * Return: true if all have ended with status 0.
 */
bool migrant_wait(struct migrant *m, unsigned int limit);

/* Replace the VM by a new one, to load a state into. */
void migrant_replace(struct migrant *m);

/**
 * migrant_migrate() - save the stopped VM, free it, load it into a new one
 * @m: the VM
 *
 * Expect all registers, the GIC and the power states of the new VM to be those of the
 * old one, and no time to have passed for it.
 */
void migrant_migrate(struct migrant *m);

#endif /* KVM_ARM_MIGRANT_H */
