/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Save the state of a VM to a file, and load it into a new VM.
 *
 * The state has the content of the memory slots; for each vcpu, all registers of
 * KVM_GET_REG_LIST, KVM_GET_MP_STATE and KVM_GET_VCPU_EVENTS; the GICv2; the
 * virtual counter; and bytes of the caller, for devices of its own.
 *
 * The state lacks what no ioctl of KVM returns: the levels of input lines
 * (KVM_IRQ_LINE), which the emulation of the devices has to set again; the CPU
 * that an active SGI came from (KVM returns 0); and the physical counter, which is
 * the host's: a physical timer fires by the time of the new host.
 *
 * The file is a struct state_header, then sections, each a struct
 * state_section followed by its content; all numbers are little-endian:
 *
 *	STATE_TIME	u64: CNTVCT when the VM was stopped
 *	STATE_GIC	u32 nr_irqs, u32 nr_regs, struct gic_reg[nr_regs]; only
 *			if the header has STATE_HAS_GIC
 *	STATE_REGS	index: the vcpu. struct state_reg for each listed id, in
 *			the order of the list. Load them in this order; the
 *			reverse order has the same result
 *	STATE_VCPU	index: the vcpu. struct state_vcpu
 *	STATE_DEVICE	the caller's bytes; may be empty
 *	STATE_MEMORY	index: the slot. struct state_memory, once for each slot
 *	STATE_PAGES	index: a slot that has had its STATE_MEMORY. u64 guest
 *			physical address, and the content from there on: whole
 *			pages, ascending. Pages of zeroes are left out
 *	STATE_END	u32: number of sections before it; the last section
 *
 * Otherwise, sections may come in any order.  The checksum of each section detects
 * damage before its content is used.
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
 * @nr_vcpus: number of vcpus, with ids from 0
 * @nr_memory: number of memory slots
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
 * @size: size of the content that follows, in bytes
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
 * struct state_vcpu - state of a vcpu that is not in registers
 * @mp_state: KVM_MP_STATE_*
 * @has_events: 1 if the kernel has KVM_GET_VCPU_EVENTS
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
 * struct vm_state - a VM to save or to load
 * @vm: the VM
 * @gic: file descriptor of its GICv2, or -1 if it has none in the kernel
 * @device: the caller's bytes; the caller frees them after loading
 * @device_size: number of bytes
 * @time: CNTVCT, as saved or loaded
 * @regs_missing: after loading: number of registers of all vcpus that the file
 *	lacks. They keep their values after reset.
 * @why: after a failure: a description
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
 * @fd: the file
 *
 * All vcpus must be stopped outside of KVM_RUN, with their last exits completed:
 * after KVM_EXIT_MMIO and the like, by another KVM_RUN with immediate_exit set, which
 * returns EINTR and does not enter the guest. Saving does not change the VM. To resume
 * it without showing it the time that saving took, call vm_set_time().
 *
 * Return: 0, or -errno with a sentence in @state->why.
 */
int __vm_save_state(struct vm_state *state, int fd);
void vm_save_state(struct vm_state *state, int fd);

/**
 * __vm_load_state() - load a saved state into a VM
 * @state: the VM, with the same number of vcpus, initialised with the same features;
 *	the same memory slots; and, if the saved VM had a GIC, a GIC with its
 *	addresses and number of interrupts set. No vcpu may have run.
 * @fd: the file, which is read up to the end of the state
 *
 * The VM is ready to run. Its time goes on from now; to resume it later without showing
 * it the time in between, call vm_set_time() with @state->time then.
 *
 * Return: 0, or -errno with a sentence in @state->why. After an error, the VM can only
 * be freed. -EPROTO: not a state file, or one of another version; -ENODATA: it ends
 * early; -EBADMSG: it is damaged; -EXDEV: its VM has another shape; -ENOENT: it has a
 * register that this kernel does not know.
 */
int __vm_load_state(struct vm_state *state, int fd);
void vm_load_state(struct vm_state *state, int fd);

/**
 * __vm_set_time() - set the virtual counter of a VM
 * @vm: the VM, with no vcpu running
 * @time: the value of CNTVCT now, on all vcpus
 */
int __vm_set_time(struct kvm_vm *vm, uint64_t time);
void vm_set_time(struct kvm_vm *vm, uint64_t time);

#endif /* KVM_ARM_STATE_H */
