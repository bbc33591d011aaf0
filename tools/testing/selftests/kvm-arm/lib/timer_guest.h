/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest program "timer", which does with the timers what the test program
 * says.
 */
#ifndef KVM_ARM_TIMER_GUEST_H
#define KVM_ARM_TIMER_GUEST_H

#include "gic.h"
#include "../guest/guest_timer.h"

/**
 * timer_order() - have an order carried out
 * @vcpu: the vcpu; what it reports is in its reports, from the first
 * @op: what to do
 * @a: first operand
 * @b: second operand
 * @c: third operand
 *
 * With no GIC in the VM this is the interrupt controller: the level of the
 * timers is the level of the vcpu's IRQ.
 */
void timer_order(struct kvm_vcpu *vcpu, enum timer_order op, uint32_t a,
		 uint32_t b, uint32_t c);

/* Only prepare it: it is carried out when the vcpu runs up to GUEST_SYNC */
void timer_queue_order(struct kvm_vcpu *vcpu, enum timer_order op, uint32_t a,
		       uint32_t b, uint32_t c);

/**
 * timer_guest_create() - a VM whose vcpus wait for orders, all of them started
 * @nr_vcpus: how many
 * @gic: where the GIC's file descriptor goes, which the caller closes; NULL
 *	for a VM without GIC
 */
struct kvm_vm *timer_guest_create(unsigned int nr_vcpus, int *gic);

/* Start all vcpus, and have them take interrupts of PPIs, or of the IRQ */
void timer_guest_start(struct kvm_vm *vm, unsigned int nr_vcpus,
		       uint32_t vtimer, uint32_t ptimer);

uint64_t timer_read(struct kvm_vcpu *vcpu, enum timer_reg reg);
void timer_write(struct kvm_vcpu *vcpu, enum timer_reg reg, uint64_t value);

/* Have a timer fire; what happened, see struct timer_fired */
struct timer_fired timer_fire(struct kvm_vcpu *vcpu, enum timer_index timer,
			      uint32_t ticks, enum timer_wait wait);

/**
 * timer_update_line() - what an interrupt controller does in user space
 * @vcpu: the vcpu, after KVM_RUN: its IRQ follows its timers
 *
 * Return: whether the level has changed.
 */
bool timer_update_line(struct kvm_vcpu *vcpu);

/*
 * KVM_RUN was ended by a timer's level that has changed back since, and not by
 * a signal: a host that is slow to look sees no change
 */
bool timer_changed_back(struct kvm_vcpu *vcpu);

#endif /* KVM_ARM_TIMER_GUEST_H */
