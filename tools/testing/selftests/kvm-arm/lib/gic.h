/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access by user space to a VM's GICv2 in the kernel, and to interrupt lines.
 *
 * As in kvm_arm.h, a function with two leading underscores returns 0 or a
 * negative errno, and the function without them cannot fail.
 */
#ifndef KVM_ARM_GIC_H
#define KVM_ARM_GIC_H

#include "kvm_arm.h"
#include "../guest/gic_regs.h"

/* ---- devices ------------------------------------------------------------ */

/**
 * __vm_create_device() - KVM_CREATE_DEVICE
 * @vm: the VM
 * @type: KVM_DEV_TYPE_*
 * @flags: KVM_CREATE_DEVICE_TEST, or 0
 *
 * Return: its file descriptor, which the caller closes (0 for a test), or
 * -errno.
 */
int __vm_create_device(struct kvm_vm *vm, uint32_t type, uint32_t flags);

/* KVM_{SET,GET,HAS}_DEVICE_ATTR of a device or a vcpu; @addr is a pointer */
int __device_set_attr(int fd, uint32_t group, uint64_t attr, const void *addr);
int __device_get_attr(int fd, uint32_t group, uint64_t attr, void *addr);
int __device_has_attr(int fd, uint32_t group, uint64_t attr);

/* ---- the GIC ------------------------------------------------------------ */

/* Create a GIC by KVM_CREATE_DEVICE; the caller closes the file descriptor. */
int __gic_create(struct kvm_vm *vm);

/* Set or get an address; @type is KVM_VGIC_V2_ADDR_TYPE_{DIST,CPU}. */
int __gic_set_addr(int gic, uint64_t type, uint64_t gpa);
int __gic_get_addr(int gic, uint64_t type, uint64_t *gpa);
/* Set it by KVM_ARM_SET_DEVICE_ADDR, for a GIC of KVM_CREATE_IRQCHIP. */
int __gic_set_legacy_addr(struct kvm_vm *vm, uint64_t type, uint64_t gpa);

/* Set or get the number of interrupts, including the 32 private ones. */
int __gic_set_nr_irqs(int gic, uint32_t nr);
int __gic_get_nr_irqs(int gic, uint32_t *nr);

/* KVM_DEV_ARM_VGIC_CTRL_INIT, after all vcpus have been created */
int __gic_init(int gic);

/**
 * gic_create() - create a GIC that is ready for use
 * @vm: the VM, with all of its vcpus
 * @nr_irqs: number of interrupts, or 0 for the kernel's default
 *
 * The distributor is at GUEST_GICD, the CPU interface at GUEST_GICC.
 *
 * Return: the GIC's file descriptor, which the caller closes.
 */
int gic_create(struct kvm_vm *vm, uint32_t nr_irqs);

/**
 * vm_create_gic_guest() - vm_create_guest() with a GIC
 * @name: name of the program
 * @nr_vcpus: number of vcpus
 * @gic: out: the GIC's file descriptor, which the caller closes
 */
struct kvm_vm *vm_create_gic_guest(const char *name, unsigned int nr_vcpus,
				   int *gic);

/**
 * __gic_get_dist() - read a register of the distributor
 * @gic: the GIC
 * @vcpu: id of the vcpu, for banked registers
 * @offset: GICD_*
 * @value: out: the value
 */
int __gic_get_dist(int gic, unsigned int vcpu, uint32_t offset,
		   uint32_t *value);
int __gic_set_dist(int gic, unsigned int vcpu, uint32_t offset,
		   uint32_t value);
uint32_t gic_get_dist(int gic, unsigned int vcpu, uint32_t offset);
void gic_set_dist(int gic, unsigned int vcpu, uint32_t offset, uint32_t value);

/* The same for a register of a vcpu's CPU interface: GICC_* */
int __gic_get_cpu(int gic, unsigned int vcpu, uint32_t offset,
		  uint32_t *value);
int __gic_set_cpu(int gic, unsigned int vcpu, uint32_t offset, uint32_t value);
uint32_t gic_get_cpu(int gic, unsigned int vcpu, uint32_t offset);
void gic_set_cpu(int gic, unsigned int vcpu, uint32_t offset, uint32_t value);

/* ---- its state ---------------------------------------------------------- */

/**
 * struct gic_reg - one register of a GIC's state
 * @group: KVM_DEV_ARM_VGIC_GRP_DIST_REGS or _CPU_REGS
 * @vcpu: id of the vcpu
 * @offset: the register
 * @value: its value
 */
struct gic_reg {
	uint32_t group;
	uint32_t vcpu;
	uint32_t offset;
	uint32_t value;
};

/**
 * struct gic_state - the state of a GIC
 * @nr_irqs: KVM_DEV_ARM_VGIC_GRP_NR_IRQS
 * @nr_regs: number of registers
 * @regs: registers in the order in which to write them
 */
struct gic_state {
	uint32_t nr_irqs;
	uint32_t nr_regs;
	struct gic_reg regs[];
};

/**
 * __gic_save() - read the state of a GIC
 * @gic: the GIC; no vcpu of the VM may be running
 * @nr_vcpus: number of vcpus of the VM, with ids from 0
 * @statep: out: the state, which the caller frees
 */
int __gic_save(int gic, unsigned int nr_vcpus, struct gic_state **statep);
struct gic_state *gic_save(int gic, unsigned int nr_vcpus);

/**
 * __gic_restore() - write the state of a GIC
 * @gic: a new GIC, with its addresses and the state's number of interrupts set, of
 *	a VM with the same number of vcpus
 * @state: the state
 *
 * If a register is not zero after reset, write the register that clears bits before
 * the one that sets them.
 */
int __gic_restore(int gic, const struct gic_state *state);
void gic_restore(int gic, const struct gic_state *state);

/* ---- interrupt lines ---------------------------------------------------- */

/**
 * __irq_line() - KVM_IRQ_LINE
 * @vm: the VM
 * @type: KVM_ARM_IRQ_TYPE_*
 * @vcpu: id of the vcpu, for a private interrupt or an input of a CPU
 * @num: the interrupt's id (SPIs from 32), or KVM_ARM_IRQ_CPU_{IRQ,FIQ}
 * @level: 1 or 0
 */
int __irq_line(struct kvm_vm *vm, uint32_t type, uint32_t vcpu, uint32_t num,
	       uint32_t level);
void spi_line(struct kvm_vm *vm, uint32_t num, uint32_t level);
void ppi_line(struct kvm_vm *vm, uint32_t vcpu, uint32_t num, uint32_t level);
void cpu_line(struct kvm_vm *vm, uint32_t vcpu, uint32_t num, uint32_t level);

#endif /* KVM_ARM_GIC_H */
