/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest program "gic", which carries out the test program's orders to the
 * GIC.
 *
 * An order runs the vcpu until it has been carried out; nothing else runs.
 */
#ifndef KVM_ARM_GIC_GUEST_H
#define KVM_ARM_GIC_GUEST_H

#include "gic.h"
#include "../guest/guest_gic.h"

/**
 * gic_order() - have a vcpu carry out an order
 * @vcpu: the vcpu
 * @op: the order
 * @a: first operand
 * @b: second operand
 *
 * Return: the result; see enum gic_order.
 */
uint32_t gic_order(struct kvm_vcpu *vcpu, enum gic_order op, uint32_t a,
		   uint32_t b);

/* Prepare an order, for a vcpu that then runs up to GUEST_SYNC. */
void gic_queue_order(struct kvm_vcpu *vcpu, enum gic_order op, uint32_t a,
		     uint32_t b);

/* Tell whether a vcpu that runs in another thread has begun with its order. */
bool gic_order_begun(const struct kvm_vcpu *vcpu);

/**
 * gic_guest_create() - create a VM with all vcpus started and waiting for orders
 * @nr_vcpus: number of vcpus
 * @nr_irqs: number of interrupts, for gic_create()
 * @gic: out: the GIC's file descriptor, which the caller closes
 *
 * Distributor and CPU interfaces are enabled, with the lowest priority mask.
 */
struct kvm_vm *gic_guest_create(unsigned int nr_vcpus, uint32_t nr_irqs,
				int *gic);

/* Start all vcpus of such a VM but the first */
void gic_guest_start_others(struct kvm_vm *vm, unsigned int nr_vcpus);

/* Have a vcpu read or write a register. */
static inline uint32_t gicd_read(struct kvm_vcpu *vcpu, uint32_t offset)
{
	return gic_order(vcpu, GIC_READ, GUEST_GICD + offset, 0);
}

static inline void gicd_write(struct kvm_vcpu *vcpu, uint32_t offset,
			      uint32_t value)
{
	gic_order(vcpu, GIC_WRITE, GUEST_GICD + offset, value);
}

static inline uint32_t gicc_read(struct kvm_vcpu *vcpu, uint32_t offset)
{
	return gic_order(vcpu, GIC_READ, GUEST_GICC + offset, 0);
}

static inline void gicc_write(struct kvm_vcpu *vcpu, uint32_t offset,
			      uint32_t value)
{
	gic_order(vcpu, GIC_WRITE, GUEST_GICC + offset, value);
}

/* Access one interrupt's bit of GICD_ISENABLER and the like, or its byte. */
static inline bool gicd_bit(struct kvm_vcpu *vcpu, uint32_t offset,
			    uint32_t id)
{
	return gicd_read(vcpu, offset + id / 32 * 4) >> id % 32 & 1;
}

static inline void gicd_set_bit(struct kvm_vcpu *vcpu, uint32_t offset,
				uint32_t id)
{
	gicd_write(vcpu, offset + id / 32 * 4, 1U << id % 32);
}

static inline uint32_t gicd_byte(struct kvm_vcpu *vcpu, uint32_t offset,
				 uint32_t id)
{
	return gic_order(vcpu, GIC_READ8, GUEST_GICD + offset + id, 0);
}

static inline void gicd_set_byte(struct kvm_vcpu *vcpu, uint32_t offset,
				 uint32_t id, uint32_t value)
{
	gic_order(vcpu, GIC_WRITE8, GUEST_GICD + offset + id, value);
}

/**
 * gic_guest_enable() - enable an interrupt for a vcpu
 * @vcpu: the vcpu, also the target of an SPI
 * @id: the interrupt
 * @edge: make an SPI edge-triggered
 */
void gic_guest_enable(struct kvm_vcpu *vcpu, uint32_t id, bool edge);

/* Acknowledge or end an interrupt. */
static inline uint32_t gic_ack(struct kvm_vcpu *vcpu)
{
	return gicc_read(vcpu, GICC_IAR);
}

static inline void gic_eoi(struct kvm_vcpu *vcpu, uint32_t iar)
{
	gicc_write(vcpu, GICC_EOIR, iar);
}

/* Return ISR: what is signalled to the vcpu, which masks interrupts. */
uint32_t gic_signalled(struct kvm_vcpu *vcpu);

/**
 * struct gic_machine - a VM of the program "gic"
 * @vm: the VM, whose vcpus wait for orders
 * @gic: its GIC, in the state after its initialisation
 */
struct gic_machine {
	struct kvm_vm *vm;
	int gic;
};

/* @nr_irqs: number of interrupts, or 0 for the kernel's default */
struct gic_machine gic_machine_create(unsigned int nr_vcpus, uint32_t nr_irqs);
void gic_machine_destroy(struct gic_machine *m);

#endif /* KVM_ARM_GIC_GUEST_H */
