/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest program "timer", which carries out the test program's orders to the
 * timers.
 */
#ifndef KVM_ARM_TIMER_GUEST_H
#define KVM_ARM_TIMER_GUEST_H

#include "gic.h"
#include "../guest/guest_timer.h"

/**
 * timer_order() - have a vcpu carry out an order
 * @vcpu: the vcpu; its reports have the results, from the first one on
 * @op: the order
 * @a: first operand
 * @b: second operand
 * @c: third operand
 *
 * If the VM has no GIC, act as its interrupt controller: set the vcpu's IRQ to the
 * level of its timers.
 */
void timer_order(struct kvm_vcpu *vcpu, enum timer_order op, uint32_t a,
		 uint32_t b, uint32_t c);

/* Prepare an order, for a vcpu that then runs up to GUEST_SYNC. */
void timer_queue_order(struct kvm_vcpu *vcpu, enum timer_order op, uint32_t a,
		       uint32_t b, uint32_t c);

/**
 * timer_guest_create() - create a VM with all vcpus started and waiting for orders
 * @nr_vcpus: number of vcpus
 * @gic: out: the GIC's file descriptor, which the caller closes; NULL for a VM without
 *	GIC
 */
struct kvm_vm *timer_guest_create(unsigned int nr_vcpus, int *gic);

/* Start all vcpus, and have them take interrupts of PPIs, or IRQ without a GIC. */
void timer_guest_start(struct kvm_vm *vm, unsigned int nr_vcpus,
		       uint32_t vtimer, uint32_t ptimer);

uint64_t timer_read(struct kvm_vcpu *vcpu, enum timer_reg reg);
void timer_write(struct kvm_vcpu *vcpu, enum timer_reg reg, uint64_t value);

/* Have a timer fire; return the outcome, see struct timer_fired. */
struct timer_fired timer_fire(struct kvm_vcpu *vcpu, enum timer_index timer,
			      uint32_t ticks, enum timer_wait wait);

/**
 * timer_update_line() - set the IRQ of a vcpu to the level of its timers
 * @vcpu: the vcpu, after KVM_RUN
 *
 * This is what an interrupt controller in user space does.
 *
 * Return: true if the level has changed.
 */
bool timer_update_line(struct kvm_vcpu *vcpu);

/*
 * Tell whether KVM_RUN ended by a timer's level that has changed back since,
 * and not by a signal. A slow host sees no change then.
 */
bool timer_changed_back(struct kvm_vcpu *vcpu);

#endif /* KVM_ARM_TIMER_GUEST_H */
