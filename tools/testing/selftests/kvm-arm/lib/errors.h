/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Helpers for tests of errors: bad pointers, and VMs in states in which calls
 * fail.
 */
#ifndef KVM_ARM_ERRORS_H
#define KVM_ARM_ERRORS_H

#include <pthread.h>

#include "gic.h"

#define BAD_POINTER		((void *)8)

/**
 * at_the_edge() - copy data to the end of a mapping
 * @data: the data
 * @size: at most a page
 * @prot: PROT_READ for read-only data, or PROT_READ | PROT_WRITE
 *
 * Return: the address of the copy, which stays until the program ends.
 */
void *at_the_edge(const void *data, size_t size, int prot);

/**
 * struct busy_vcpu - a vcpu that is in KVM_RUN
 * @vcpu: the vcpu
 * @thread: its thread
 */
struct busy_vcpu {
	struct kvm_vcpu *vcpu;
	pthread_t thread;
};

/* Have a stopped vcpu wait in KVM_RUN, up to busy_end(). */
void busy_begin(struct busy_vcpu *busy, struct kvm_vcpu *vcpu);
void busy_end(struct busy_vcpu *busy);

/* Run a vcpu as little as possible; return 0 or the error of KVM_RUN. */
int run_a_little(struct kvm_vcpu *vcpu);

/**
 * gic_vm() - create a VM with an initialised vcpu and an uninitialised GIC
 * @gic: out: the file descriptor of the GIC, which the caller closes
 */
struct kvm_vm *gic_vm(int *gic);

/* Set the GIC's addresses */
void gic_place(int gic, uint64_t dist, uint64_t cpu);

/**
 * while_creating() - make a call while another thread creates vcpus
 * @call: the call, in a VM of gic_vm() whose GIC has its addresses
 * @otherwise: what it returns if no vcpu is being created at that moment
 *
 * Make the call in many VMs, until it does not return @otherwise.
 *
 * Return: what the last call returned.
 */
int while_creating(int (*call)(struct kvm_vm *vm, int gic), int otherwise);

#endif /* KVM_ARM_ERRORS_H */
