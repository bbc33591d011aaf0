/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM that runs, is stopped at any moment, and goes on in another one.
 */
#ifndef KVM_ARM_MIGRANT_H
#define KVM_ARM_MIGRANT_H

#include <pthread.h>
#include <stdatomic.h>

#include "state_edit.h"

/* In milliseconds: for a vcpu to come further or to stop, on a busy machine */
#define MIGRANT_LIMIT		20000

/* Status of a vcpu that has not ended; other events than its end are above */
#define MIGRANT_RUNNING		~0U
#define MIGRANT_EVENT(event)	(1000 + (event))

/**
 * struct migrant - a VM with two vcpus, and its successors
 * @state: the VM as it is now, and its GIC
 * @mmio: what is done about an access outside the test device, in the vcpu's
 *	thread; returns whether it was one that is expected. May be NULL.
 * @stopping: set it to have the vcpu that is in @mmio go no further
 * @status: by vcpu: MIGRANT_RUNNING, the status of GUEST_DONE or
 *	MIGRANT_EVENT()
 * @threads: by vcpu
 */
struct migrant {
	struct vm_state state;
	bool (*mmio)(struct kvm_vcpu *vcpu);
	atomic_bool stopping;
	atomic_uint status[2];
	pthread_t threads[2];
};

#define MIGRANT_VCPUS		2

/* A guest program, ready to start with these arguments */
void migrant_create(struct migrant *m, const char *name,
		    uint32_t r0, uint32_t r1, uint32_t r2);
void migrant_destroy(struct migrant *m);

/* Run all vcpus, until they are stopped or have ended */
void migrant_start(struct migrant *m);

/* Stop them, wherever they are, with nothing left to be done about an exit */
void migrant_stop(struct migrant *m);

/* Whether no vcpu has ended; a failure of the test if one has */
bool migrant_is_alive(struct migrant *m);

/* A word of the page that the guest shares */
uint32_t migrant_word(const struct migrant *m, unsigned int word);

/**
 * migrant_advance() - run until each vcpu has come further, and go on
 * @m: the VM, stopped
 * @words: by vcpu: the word of the shared page that says how far it is
 * @by: how far
 * @limit: in milliseconds
 *
 * Return: whether they have. Either way migrant_stop() is to be called.
 */
bool migrant_advance(struct migrant *m, const unsigned int words[MIGRANT_VCPUS],
		     uint32_t by, unsigned int limit);

/* The same, where anything else is a failure of the test; then it is stopped */
bool migrant_must_advance(struct migrant *m,
			  const unsigned int words[MIGRANT_VCPUS], uint32_t by);

/**
 * migrant_wait() - wait until all vcpus have ended
 * @m: the VM, running
 * @limit: in milliseconds
 *
 * Return: whether all have ended with status 0. They are stopped.
 */
bool migrant_wait(struct migrant *m, unsigned int limit);

/* A fresh VM instead, for a state to be loaded into */
void migrant_replace(struct migrant *m);

/**
 * migrant_migrate() - save the stopped VM, free it, load it into a fresh one
 * @m: the VM
 *
 * All registers, the GIC and the power states have to be in the new VM as they
 * were in the old one, and no time to have passed for it.
 */
void migrant_migrate(struct migrant *m);

/* CLOCK_MONOTONIC */
unsigned int milliseconds(void);

#endif /* KVM_ARM_MIGRANT_H */
