/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small library over /dev/kvm of a 32-bit ARM host, for tests and tools.
 *
 * Functions with two leading underscores return 0 (or a value >= 0) on
 * success and a negative errno on failure, and print nothing.  Their namesakes
 * without underscores cannot fail: they end the program through kvm_bail()
 * with the name of the operation and the reason.
 */
#ifndef KVM_ARM_H
#define KVM_ARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/kvm.h>

#include "regs.h"
#include "../guest/guest_abi.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(arr)		(sizeof(arr) / sizeof((arr)[0]))
#endif
#ifndef __noreturn
#define __noreturn		__attribute__((__noreturn__))
#endif
#ifndef __printf
#define __printf(a, b)		__attribute__((format(printf, a, b)))
#endif

#define KVM_ARM_MAX_VCPUS	8
#define KVM_ARM_MAX_MEMORY	32
#define KVM_ARM_MAX_REPORTS	4096
#define KVM_ARM_MAX_ARGS	64

struct kvm_vm;

/**
 * struct kvm_vcpu - one virtual CPU
 * @vm: the VM it belongs to
 * @id: its number
 * @fd: its file descriptor
 * @run: the shared struct kvm_run
 * @console: file for the guest's output; NULL drops it
 * @output: the last characters that the guest printed, as a string
 * @output_len: number of characters in @output
 * @reports: values that the guest wrote to GUEST_IO_REPORT, in order
 * @nr_reports: number of @reports; set it to 0 to drop them
 * @args: values for the guest's reads of GUEST_IO_ARG
 * @nr_args: number of queued @args
 * @next_arg: index of the next of @args
 */
struct kvm_vcpu {
	struct kvm_vm *vm;
	unsigned int id;
	int fd;
	struct kvm_run *run;
	FILE *console;
	char output[4096];
	size_t output_len;
	uint32_t reports[KVM_ARM_MAX_REPORTS];
	unsigned int nr_reports;
	uint32_t args[KVM_ARM_MAX_ARGS];
	unsigned int nr_args;
	unsigned int next_arg;
};

/**
 * struct kvm_memory - one memory slot
 * @gpa: guest physical address
 * @size: size in bytes, 0 if the entry is free
 * @hva: its address in this process
 * @slot: number of the slot
 * @owned: unmap the memory with the slot
 */
struct kvm_memory {
	uint64_t gpa;
	uint64_t size;
	void *hva;
	uint32_t slot;
	bool owned;
};

/**
 * struct kvm_vm - one virtual machine
 * @fd: its file descriptor
 * @vcpus: vcpus by id; NULL if not created
 * @memory: the memory slots
 */
struct kvm_vm {
	int fd;
	struct kvm_vcpu *vcpus[KVM_ARM_MAX_VCPUS];
	struct kvm_memory memory[KVM_ARM_MAX_MEMORY];
};

/**
 * enum guest_event - why vcpu_run_guest() returned
 * @GUEST_DONE: the guest wrote a status to GUEST_IO_DONE
 * @GUEST_SYNC: the guest wrote a value to GUEST_IO_SYNC; run again to resume
 * @GUEST_FAULT: the guest took an unexpected exception
 * @GUEST_MMIO: an access outside of the test device; see run->mmio. After a read,
 *	set run->mmio.data before resuming
 * @GUEST_SHUTDOWN: PSCI SYSTEM_OFF
 * @GUEST_RESET: PSCI SYSTEM_RESET
 * @GUEST_INTR: KVM_RUN was interrupted (-EINTR)
 * @GUEST_ERROR: KVM_RUN failed; the value is the errno
 * @GUEST_EXIT: another exit; the value is run->exit_reason
 */
enum guest_event {
	GUEST_DONE,
	GUEST_SYNC,
	GUEST_FAULT,
	GUEST_MMIO,
	GUEST_SHUTDOWN,
	GUEST_RESET,
	GUEST_INTR,
	GUEST_ERROR,
	GUEST_EXIT,
};

/* ---- failure ------------------------------------------------------------ */

/*
 * kvm_bail_handler - called by kvm_bail() with the formatted message
 *
 * Must not return.  The default prints to stderr and exits with status 1;
 * harness.c lets the test fail.
 */
extern void (*kvm_bail_handler)(const char *message);

/**
 * kvm_bail() - end the program with a message
 * @fmt: format, without a newline
 */
__noreturn __printf(1, 2) void kvm_bail(const char *fmt, ...);

/* ---- system and VM ------------------------------------------------------ */

/**
 * __kvm_open() - open /dev/kvm and check the API version
 *
 * Return: a file descriptor, which the caller closes, or -errno: -EPROTO for another
 * API version than that of the headers.
 */
int __kvm_open(void);
int kvm_open(void);

/* Call an ioctl of /dev/kvm, a VM or a vcpu; return -errno on failure. */
int __kvm_ioctl(int fd, unsigned long cmd, void *arg);
/* The same, without failure; @name is for the message. */
int kvm_ioctl_named(int fd, unsigned long cmd, const char *name, void *arg);

#define kvm_ioctl(fd, cmd, arg)		kvm_ioctl_named(fd, cmd, #cmd, arg)
#define __vm_ioctl(vm, cmd, arg)	__kvm_ioctl((vm)->fd, cmd, arg)
#define vm_ioctl(vm, cmd, arg)		kvm_ioctl_named((vm)->fd, cmd, #cmd, arg)
#define __vcpu_ioctl(vcpu, cmd, arg)	__kvm_ioctl((vcpu)->fd, cmd, arg)
#define vcpu_ioctl(vcpu, cmd, arg)	kvm_ioctl_named((vcpu)->fd, cmd, #cmd, arg)

/**
 * __vm_create() - create a VM without memory and vcpus
 * @vmp: out: the VM
 */
int __vm_create(struct kvm_vm **vmp);
struct kvm_vm *vm_create(void);

/**
 * vm_free() - release a VM with its vcpus and memory
 * @vm: the VM, or NULL
 */
void vm_free(struct kvm_vm *vm);

/* KVM_CHECK_EXTENSION on the VM */
int vm_check_cap(struct kvm_vm *vm, long cap);

/* KVM_ARM_PREFERRED_TARGET */
int __vm_preferred_target(struct kvm_vm *vm, struct kvm_vcpu_init *init);
void vm_preferred_target(struct kvm_vm *vm, struct kvm_vcpu_init *init);

/* Return the name of a target, such as "Cortex-A15"; "unknown" for other numbers. */
const char *kvm_target_name(uint32_t target);

/* ---- memory ------------------------------------------------------------- */

/**
 * __vm_set_memory() - KVM_SET_USER_MEMORY_REGION, verbatim
 * @vm: the VM
 * @slot: number of the slot
 * @gpa: guest physical address
 * @size: size in bytes, 0 to delete the slot
 * @hva: memory of this process
 * @flags: KVM_MEM_READONLY, KVM_MEM_LOG_DIRTY_PAGES
 *
 * vm_hva() finds the slot, too.  The caller keeps the mapping.
 */
int __vm_set_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		    uint64_t size, void *hva, uint32_t flags);
void vm_set_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		   uint64_t size, void *hva, uint32_t flags);

/**
 * vm_add_memory() - map zeroed memory and add it to the VM
 * @vm: the VM
 * @slot: number of the slot
 * @gpa: guest physical address
 * @size: size in bytes
 * @flags: KVM_MEM_READONLY, KVM_MEM_LOG_DIRTY_PAGES
 *
 * Return: its address in this process.  vm_free() unmaps it.
 */
void *vm_add_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		    uint64_t size, uint32_t flags);

/* Delete a slot, and unmap it if it came from vm_add_memory() */
void vm_delete_memory(struct kvm_vm *vm, uint32_t slot);

/* Change the flags of a slot, but neither its place nor its memory. */
void vm_set_memory_flags(struct kvm_vm *vm, uint32_t slot, uint32_t flags);

/* KVM_GET_DIRTY_LOG; one bit per page */
int __vm_get_dirty_log(struct kvm_vm *vm, uint32_t slot, void *bitmap);
void vm_get_dirty_log(struct kvm_vm *vm, uint32_t slot, void *bitmap);

/**
 * vm_hva() - convert a guest physical address
 * @vm: the VM
 * @gpa: guest physical address
 *
 * Return: the address in this process, or NULL if no slot has @gpa.
 */
void *vm_hva(struct kvm_vm *vm, uint64_t gpa);

/**
 * __vm_load_file() - copy a flat binary into guest memory
 * @vm: the VM
 * @path: the file
 * @base: in: the address; NULL or a pointer to 0 takes the address from the image
 *	header, or GUEST_RAM_BASE without a header. Out: the address used
 *
 * Return: the size in bytes; -ENOMEM if no memory slot has room for the file.
 */
long __vm_load_file(struct kvm_vm *vm, const char *path, uint64_t *base);
long vm_load_file(struct kvm_vm *vm, const char *path, uint64_t *base);

/**
 * vm_load_guest() - load one of our guest programs
 * @vm: the VM
 * @name: its name: "hello" is hello.bin in the folder KVM_ARM_GUESTS of the environment,
 *	or in /guests, ../guests or the working folder
 *
 * The VM must have its memory already.
 *
 * Return: the address of its first instruction.
 */
uint32_t vm_load_guest(struct kvm_vm *vm, const char *name);

/**
 * vm_create_guest() - create a VM that is ready to run a guest program
 * @name: name of the program
 * @nr_vcpus: number of vcpus; those after the first start powered off
 *
 * Slot 0 has GUEST_RAM_SIZE bytes at GUEST_RAM_BASE, with the program. The vcpus are
 * initialised with PSCI 0.2, and vcpu 0 is set to start.
 */
struct kvm_vm *vm_create_guest(const char *name, unsigned int nr_vcpus);

/**
 * vm_create_bare() - create a VM like vm_create_guest(), but without a program
 * @nr_vcpus: number of vcpus
 */
struct kvm_vm *vm_create_bare(unsigned int nr_vcpus);

/**
 * vm_shared() - return the page that guest and host program share
 * @vm: the VM
 *
 * Return: GUEST_SHARED_WORDS words, which are guest_shared[] in the guest.
 */
volatile uint32_t *vm_shared(struct kvm_vm *vm);

/* ---- vcpu --------------------------------------------------------------- */

int __vcpu_create(struct kvm_vm *vm, unsigned int id, struct kvm_vcpu **vcpup);
struct kvm_vcpu *vcpu_create(struct kvm_vm *vm, unsigned int id);

/* Close a vcpu before its VM */
void vcpu_free(struct kvm_vcpu *vcpu);

/**
 * __vcpu_init() - KVM_ARM_VCPU_INIT for the preferred target
 * @vcpu: the vcpu
 * @features: bit mask, e.g. 1 << KVM_ARM_VCPU_PSCI_0_2
 *
 * For another target use __vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init).
 */
int __vcpu_init(struct kvm_vcpu *vcpu, uint32_t features);
void vcpu_init(struct kvm_vcpu *vcpu, uint32_t features);

/**
 * vcpu_start_at() - set a vcpu to start a guest program
 * @vcpu: the vcpu, initialised
 * @pc: start address; bit 0 selects Thumb state
 * @r0: first argument of guest_main()
 * @r1: second argument
 * @r2: third argument
 */
void vcpu_start_at(struct kvm_vcpu *vcpu, uint32_t pc,
		   uint32_t r0, uint32_t r1, uint32_t r2);

/* Drop earlier arguments and reports, before an order to the guest. */
void vcpu_begin_order(struct kvm_vcpu *vcpu);

/* Queue a value for the guest's next_arg() */
void vcpu_queue_arg(struct kvm_vcpu *vcpu, uint32_t value);

/* KVM_MP_STATE_* */
int __vcpu_set_mp_state(struct kvm_vcpu *vcpu, uint32_t state);
uint32_t vcpu_get_mp_state(struct kvm_vcpu *vcpu);

/* ---- one register ------------------------------------------------------- */

/**
 * __vcpu_get_reg() - KVM_GET_ONE_REG
 * @vcpu: the vcpu
 * @id: the register
 * @value: out: the value, zero-extended; at most 64 bits, whatever size the id has
 */
int __vcpu_get_reg(struct kvm_vcpu *vcpu, uint64_t id, uint64_t *value);
uint64_t vcpu_get_reg(struct kvm_vcpu *vcpu, uint64_t id);

/**
 * __vcpu_set_reg() - KVM_SET_ONE_REG
 * @vcpu: the vcpu
 * @id: the register
 * @value: the value; a 32-bit register takes the low half
 */
int __vcpu_set_reg(struct kvm_vcpu *vcpu, uint64_t id, uint64_t value);
void vcpu_set_reg(struct kvm_vcpu *vcpu, uint64_t id, uint64_t value);

/**
 * __vcpu_get_reg_list() - KVM_GET_REG_LIST
 * @vcpu: the vcpu
 * @list: n is the number of ids that it has room for; set to the number of registers
 */
int __vcpu_get_reg_list(struct kvm_vcpu *vcpu, struct kvm_reg_list *list);

/**
 * vcpu_get_reg_list() - return the list of all registers
 * @vcpu: the vcpu
 *
 * Return: the list, which the caller frees.
 */
struct kvm_reg_list *vcpu_get_reg_list(struct kvm_vcpu *vcpu);

/* ---- run ---------------------------------------------------------------- */

/* KVM_RUN, once: 0 or -errno (-EINTR for a signal) */
int __vcpu_run(struct kvm_vcpu *vcpu);

/**
 * vcpu_run_guest() - run a guest program up to its next event
 * @vcpu: the vcpu
 * @value: out: the value of the event; may be NULL
 *
 * Handle accesses to the test device.  Call this again to resume after GUEST_SYNC,
 * GUEST_MMIO, GUEST_INTR and GUEST_EXIT.
 */
enum guest_event vcpu_run_guest(struct kvm_vcpu *vcpu, uint32_t *value);

/* Return "done", "sync", ... */
const char *guest_event_name(enum guest_event event);

/* Return "MMIO", "SYSTEM_EVENT", ... for run->exit_reason; "?" if unknown. */
const char *kvm_exit_name(uint32_t reason);

/**
 * vcpu_expect() - run a guest program, and end the test unless an event occurs
 * @vcpu: the vcpu
 * @event: the expected event
 *
 * Return: the value of the event.
 */
uint32_t vcpu_expect(struct kvm_vcpu *vcpu, enum guest_event event);

#endif /* KVM_ARM_H */
