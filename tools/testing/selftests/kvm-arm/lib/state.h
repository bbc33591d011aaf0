/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of a whole VM, to a file and from it into a fresh VM.
 *
 * What is carried: the memory slots' content; of each vcpu every register of
 * KVM_GET_REG_LIST, KVM_GET_MP_STATE and KVM_GET_VCPU_EVENTS; the GICv2; the
 * virtual counter; and bytes of the caller's, for devices of its own.
 *
 * What is not, because KVM has no ioctl that tells it: the levels of input
 * lines (KVM_IRQ_LINE), which follow from the devices and are to be set again
 * by whoever emulates these; which CPU an active SGI came from (KVM says 0);
 * and the physical counter, which is the host's, so that a physical timer
 * fires by the time of the host the VM comes to.
 *
 * The file is a struct state_header, then sections, each a struct
 * state_section followed by its content; all numbers little-endian:
 *
 *	STATE_TIME	u64: CNTVCT when the VM was stopped
 *	STATE_GIC	u32 nr_irqs, u32 nr_regs, struct gic_reg[nr_regs]; only
 *			if the header says so
 *	STATE_REGS	index: the vcpu. struct state_reg for each id listed, in
 *			the order of the list, which is that of restoring; the
 *			reverse gives the same
 *	STATE_VCPU	index: the vcpu. struct state_vcpu
 *	STATE_DEVICE	the caller's bytes; may be none
 *	STATE_MEMORY	index: the slot. struct state_memory, once for each
 *	STATE_PAGES	index: the slot, which has been named before. u64 guest
 *			physical address, and the content from there on: whole
 *			pages, ascending. Pages of zeroes are left out
 *	STATE_END	u32: how many sections there were before; the last one
 *
 * Sections may come in any order but for what is said above.  A checksum over
 * each makes damage known before what it holds is used.
 */
#ifndef KVM_ARM_STATE_H
#define KVM_ARM_STATE_H

#include "gic.h"

#define STATE_MAGIC		"KVMARMVM"
#define STATE_VERSION		1
#define STATE_PAGE		4096
/* The most memory in one section */
#define STATE_MAX_PAGES		64

#define STATE_HAS_GIC		0x1

enum state_type {
	STATE_TIME = 1,
	STATE_GIC,
	STATE_REGS,
	STATE_VCPU,
	STATE_DEVICE,
	STATE_MEMORY,
	STATE_PAGES,
	STATE_END,
};

/**
 * struct state_header - the beginning of a file
 * @magic: STATE_MAGIC
 * @version: STATE_VERSION; a change of the format is a new version
 * @target: KVM_ARM_TARGET_* of all vcpus
 * @nr_vcpus: how many vcpus, with ids from 0
 * @nr_memory: how many memory slots
 * @flags: STATE_HAS_GIC
 * @crc: CRC-32 of the fields before
 */
struct state_header {
	char magic[8];
	uint32_t version;
	uint32_t target;
	uint32_t nr_vcpus;
	uint32_t nr_memory;
	uint32_t flags;
	uint32_t crc;
};

/**
 * struct state_section - the beginning of a section
 * @type: enum state_type
 * @index: vcpu or slot; otherwise 0
 * @size: of the content that follows, in bytes
 * @crc: CRC-32 of the fields before and of the content
 */
struct state_section {
	uint32_t type;
	uint32_t index;
	uint32_t size;
	uint32_t crc;
};

struct state_reg {
	uint64_t id;
	uint64_t value;
};

/**
 * struct state_vcpu - what of a vcpu is not in registers
 * @mp_state: KVM_MP_STATE_*
 * @has_events: whether there were events to ask for
 * @events: KVM_GET_VCPU_EVENTS
 */
struct state_vcpu {
	uint32_t mp_state;
	uint32_t has_events;
	struct kvm_vcpu_events events;
};

struct state_memory {
	uint64_t gpa;
	uint64_t size;
};

/**
 * struct vm_state - a VM to be saved or restored
 * @vm: the VM
 * @gic: file descriptor of its GICv2, or -1 if it has none in the kernel
 * @device: the caller's bytes; after loading it is the caller's to free
 * @device_size: how many
 * @time: CNTVCT, as saved or loaded
 * @regs_missing: after loading: registers of this kernel that the file has not,
 *	over all vcpus. They have their values after reset.
 * @why: after a failure: what was wrong
 */
struct vm_state {
	struct kvm_vm *vm;
	int gic;
	void *device;
	uint32_t device_size;
	uint64_t time;
	unsigned int regs_missing;
	char why[192];
};

/**
 * __vm_save_state() - write the state of a VM
 * @state: the VM and what else to save
 * @fd: where to
 *
 * All vcpus are to be stopped outside KVM_RUN, and the last exit of each is to
 * have been completed: after KVM_EXIT_MMIO and its like by another KVM_RUN
 * with immediate_exit set, which returns EINTR and does not enter the guest.
 * The VM is not changed; it may be resumed, by vm_set_time() if the time that
 * saving took is not to be seen.
 *
 * Return: 0, or -errno with a sentence in @state->why.
 */
int __vm_save_state(struct vm_state *state, int fd);
void vm_save_state(struct vm_state *state, int fd);

/**
 * __vm_load_state() - put a saved state into a VM
 * @state: the VM: as many vcpus, initialised with the same features; the same
 *	memory slots; a GIC with its addresses and number of interrupts set, if
 *	there was one. None of its vcpus has run.
 * @fd: where from; read up to the end of the state, not beyond it
 *
 * The VM can then be run. Its time goes on from here; if it is to wait, call
 * vm_set_time() with @state->time when it is resumed.
 *
 * Return: 0, or -errno with a sentence in @state->why. Then the VM is good for
 * nothing but to be freed. Of the errors, -EPROTO means that this is not a
 * state file, or of another version; -ENODATA that it ends early; -EBADMSG
 * that it is damaged; -EXDEV that it is of a VM of another shape; -ENOENT that
 * it has a register this kernel does not know.
 */
int __vm_load_state(struct vm_state *state, int fd);
void vm_load_state(struct vm_state *state, int fd);

/**
 * __vm_set_time() - set the virtual counter of a VM
 * @vm: the VM, none of its vcpus running
 * @time: what CNTVCT is to be now, on all vcpus
 */
int __vm_set_time(struct kvm_vm *vm, uint64_t time);
void vm_set_time(struct kvm_vm *vm, uint64_t time);

#endif /* KVM_ARM_STATE_H */
