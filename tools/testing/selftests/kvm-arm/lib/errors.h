/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests of errors: pointers that lead nowhere, and VMs in a state in which
 * a call is refused.
 */
#ifndef KVM_ARM_ERRORS_H
#define KVM_ARM_ERRORS_H

#include <pthread.h>

#include "gic.h"

#define BAD_POINTER		((void *)8)

/**
 * at_the_edge() - put data where memory ends after them
 * @data: the data
 * @size: at most a page
 * @prot: PROT_READ for data that cannot be written, or with PROT_WRITE
 *
 * Return: where they are, until the program ends.
 */
void *at_the_edge(const void *data, size_t size, int prot);

/**
 * struct busy_vcpu - a vcpu that is in KVM_RUN
 * @vcpu: the vcpu
 * @thread: the thread in which it is
 */
struct busy_vcpu {
	struct kvm_vcpu *vcpu;
	pthread_t thread;
};

/* The vcpu is stopped, and waits in KVM_RUN up to busy_end() */
void busy_begin(struct busy_vcpu *busy, struct kvm_vcpu *vcpu);
void busy_end(struct busy_vcpu *busy);

/* Have a vcpu run as little as can be: 0, or the error that it ends with */
int run_a_little(struct kvm_vcpu *vcpu);

/**
 * gic_vm() - a VM with an initialised vcpu and a GIC that is not
 * @gic: where the file descriptor of the GIC goes, which the caller closes
 */
struct kvm_vm *gic_vm(int *gic);

/* Set the GIC's addresses */
void gic_place(int gic, uint64_t dist, uint64_t cpu);

/**
 * while_creating() - make a call while another thread creates vcpus
 * @call: the call, in a VM of gic_vm() whose GIC has its addresses
 * @otherwise: what it returns if no vcpu is being created in that moment
 *
 * Return: what it returned at last: in many VMs, up to the first in which that
 * was not @otherwise.
 */
int while_creating(int (*call)(struct kvm_vm *vm, int gic), int otherwise);

#endif /* KVM_ARM_ERRORS_H */
