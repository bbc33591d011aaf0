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
 * @console: where the guest's characters go; NULL drops them
 * @output: the last characters the guest printed, as a string
 * @output_len: how many they are
 * @reports: what the guest wrote to GUEST_IO_REPORT, in order
 * @nr_reports: how many of @reports are valid; set it to 0 to forget them
 * @args: values for the guest's reads of GUEST_IO_ARG
 * @nr_args: how many of @args were queued
 * @next_arg: the next of @args to hand out
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
 * @hva: where it is mapped in this process
 * @slot: number of the slot
 * @owned: the mapping is the library's and goes with the slot
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
 * @vcpus: by id; NULL where none was created
 * @memory: the memory slots
 */
struct kvm_vm {
	int fd;
	struct kvm_vcpu *vcpus[KVM_ARM_MAX_VCPUS];
	struct kvm_memory memory[KVM_ARM_MAX_MEMORY];
};

/**
 * enum guest_event - why vcpu_run_guest() came back
 * @GUEST_DONE: the guest wrote a status to GUEST_IO_DONE
 * @GUEST_SYNC: the guest wrote a value to GUEST_IO_SYNC; run again to resume
 * @GUEST_FAULT: the guest took an exception it did not expect
 * @GUEST_MMIO: an access outside the test device; see run->mmio, and fill in
 *	run->mmio.data before resuming if it is a read
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
 * kvm_bail_handler - what kvm_bail() calls with the finished message
 *
 * Does not return.  The default prints to stderr and exits with status 1;
 * tap.h makes it a TAP "Bail out!".
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
 * Return: a file descriptor the caller closes, or -errno; -EPROTO if the API
 * version is not the one this was built for.
 */
int __kvm_open(void);
int kvm_open(void);

/* ioctl returning -errno; on the fd of /dev/kvm, a VM or a vcpu */
int __kvm_ioctl(int fd, unsigned long cmd, void *arg);
/* ... and the form that cannot fail; @name is for the message */
int kvm_ioctl_named(int fd, unsigned long cmd, const char *name, void *arg);

#define kvm_ioctl(fd, cmd, arg)		kvm_ioctl_named(fd, cmd, #cmd, arg)
#define __vm_ioctl(vm, cmd, arg)	__kvm_ioctl((vm)->fd, cmd, arg)
#define vm_ioctl(vm, cmd, arg)		kvm_ioctl_named((vm)->fd, cmd, #cmd, arg)
#define __vcpu_ioctl(vcpu, cmd, arg)	__kvm_ioctl((vcpu)->fd, cmd, arg)
#define vcpu_ioctl(vcpu, cmd, arg)	kvm_ioctl_named((vcpu)->fd, cmd, #cmd, arg)

/**
 * __vm_create() - create a VM without memory and vcpus
 * @vmp: where the VM goes
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

/* "Cortex-A15", "Cortex-A7", or "unknown" */
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
 * vm_hva() finds a slot set in this way too.  The mapping stays the caller's.
 */
int __vm_set_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		    uint64_t size, void *hva, uint32_t flags);
void vm_set_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		   uint64_t size, void *hva, uint32_t flags);

/**
 * vm_add_memory() - map fresh zeroed memory and give it to the VM
 * @vm: the VM
 * @slot: number of the slot
 * @gpa: guest physical address
 * @size: size in bytes
 * @flags: KVM_MEM_READONLY, KVM_MEM_LOG_DIRTY_PAGES
 *
 * Return: where the memory is in this process.  It goes with the VM.
 */
void *vm_add_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		    uint64_t size, uint32_t flags);

/* Delete a slot, and unmap it if it came from vm_add_memory() */
void vm_delete_memory(struct kvm_vm *vm, uint32_t slot);

/* Change the flags of a slot, keeping its place and memory */
void vm_set_memory_flags(struct kvm_vm *vm, uint32_t slot, uint32_t flags);

/* KVM_GET_DIRTY_LOG; one bit per page */
int __vm_get_dirty_log(struct kvm_vm *vm, uint32_t slot, void *bitmap);
void vm_get_dirty_log(struct kvm_vm *vm, uint32_t slot, void *bitmap);

/**
 * vm_hva() - find guest memory in this process
 * @vm: the VM
 * @gpa: guest physical address
 *
 * Return: the address, or NULL if no slot has @gpa.
 */
void *vm_hva(struct kvm_vm *vm, uint64_t gpa);

/**
 * __vm_load_file() - copy a flat binary into guest memory
 * @vm: the VM
 * @path: the file
 * @base: where to; NULL or pointing at 0: where the image header says, or
 *	GUEST_RAM_BASE if there is none.  The place used is stored back.
 *
 * Return: the size in bytes; -ENOMEM if no memory slot has room for it.
 */
long __vm_load_file(struct kvm_vm *vm, const char *path, uint64_t *base);
long vm_load_file(struct kvm_vm *vm, const char *path, uint64_t *base);

/**
 * vm_load_guest() - load one of our guest programs
 * @vm: the VM
 * @name: its name: "hello" is /guests/hello.bin; the folder can be changed
 *	by KVM_ARM_GUESTS in the environment
 *
 * Memory has to be there already.
 *
 * Return: the address of its first instruction.
 */
uint32_t vm_load_guest(struct kvm_vm *vm, const char *name);

/**
 * vm_create_guest() - a VM ready to run one of our guest programs
 * @name: name of the program
 * @nr_vcpus: number of vcpus; those after the first start powered off
 *
 * GUEST_RAM_SIZE bytes at GUEST_RAM_BASE in slot 0, the program in it, vcpus
 * initialised with PSCI 0.2, vcpu 0 set to start.
 */
struct kvm_vm *vm_create_guest(const char *name, unsigned int nr_vcpus);

/**
 * vm_create_bare() - a VM as of vm_create_guest(), without a program
 * @nr_vcpus: number of vcpus
 */
struct kvm_vm *vm_create_bare(unsigned int nr_vcpus);

/**
 * vm_shared() - the page a guest program shares with the host program
 * @vm: the VM
 *
 * Return: GUEST_SHARED_WORDS words, guest_shared[] in the guest.
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
 * @pc: where; bit 0 selects Thumb state
 * @r0: first argument of guest_main()
 * @r1: second argument
 * @r2: third argument
 */
void vcpu_start_at(struct kvm_vcpu *vcpu, uint32_t pc,
		   uint32_t r0, uint32_t r1, uint32_t r2);

/* Before an order to the guest: forget earlier arguments and reports */
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
 * @value: where the value goes, zero extended; up to 64 bits are returned,
 *	for any size the id claims
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
 * @list: n is the room in it, and is set to the number of registers
 */
int __vcpu_get_reg_list(struct kvm_vcpu *vcpu, struct kvm_reg_list *list);

/**
 * vcpu_get_reg_list() - the list of all registers
 * @vcpu: the vcpu
 *
 * Return: a list the caller frees.
 */
struct kvm_reg_list *vcpu_get_reg_list(struct kvm_vcpu *vcpu);

/* ---- run ---------------------------------------------------------------- */

/* KVM_RUN, once: 0 or -errno (-EINTR for a signal) */
int __vcpu_run(struct kvm_vcpu *vcpu);

/**
 * vcpu_run_guest() - run a guest program up to its next event
 * @vcpu: the vcpu
 * @value: where the value of the event goes, or NULL
 *
 * Accesses to the test device are handled on the way.  Call it again to
 * resume after GUEST_SYNC, GUEST_MMIO, GUEST_INTR and GUEST_EXIT.
 */
enum guest_event vcpu_run_guest(struct kvm_vcpu *vcpu, uint32_t *value);

/* "done", "sync", ... */
const char *guest_event_name(enum guest_event event);

/* "MMIO", "SYSTEM_EVENT", ... for run->exit_reason; "?" if unknown */
const char *kvm_exit_name(uint32_t reason);

/**
 * vcpu_expect() - run a guest program; any event but this one ends the test
 * @vcpu: the vcpu
 * @event: the expected event
 *
 * Return: the value of the event.
 */
uint32_t vcpu_expect(struct kvm_vcpu *vcpu, enum guest_event event);

/* ---- names of registers ------------------------------------------------- */

/**
 * enum reg_group - the part of the id space a register is in
 * @REG_CORE: core registers
 * @REG_CP15: coprocessor 15
 * @REG_TIMER: coprocessor 15, generic timers
 * @REG_DEMUX: CCSIDR by cache
 * @REG_VFP: floating point
 * @REG_FW: firmware pseudo registers
 * @REG_OTHER: none of these
 */
enum reg_group {
	REG_CORE,
	REG_CP15,
	REG_TIMER,
	REG_DEMUX,
	REG_VFP,
	REG_FW,
	REG_OTHER,
};

/*
 * Kinds of rows, see arch/arm/kvm/coproc/regs.h. From REG_OPERATION on KVM does not
 * list a register; REG_NO_ROW is not a coprocessor's.
 */
enum reg_kind {
	REG_NO_ROW,
	REG_SWITCHED,
	REG_EMULATED,
	REG_ALIAS,
	REG_ID,
	REG_EXTERNAL,
	REG_OPERATION,
	REG_RAZ_WI,
	REG_NATIVE,
	REG_UNDEF,
};

/**
 * struct reg_name - a register known by name
 * @id: its 64-bit KVM id
 * @name: its name in the ARM Architecture Reference Manual
 * @group: the part of the id space it is in
 * @kind: of its row
 * @trap: what traps it, as in its row, or NULL
 * @who: who may access it, as in its row, or NULL
 * @more: the rest of its row, or NULL
 */
struct reg_name {
	uint64_t id;
	const char *name;
	enum reg_group group;
	enum reg_kind kind;
	const char *trap;
	const char *who;
	const char *more;
};

/*
 * All registers with a name: ascending by id within each group, and also those
 * that this host lacks
 */
extern const struct reg_name reg_names[];
extern const size_t nr_reg_names;

/* One of them, or NULL */
const struct reg_name *reg_of_id(uint64_t id);

#define REG_NAME_LEN 32

/**
 * reg_name() - name a register
 * @id: the register
 * @buf: REG_NAME_LEN bytes, used if the name has to be made up
 *
 * Return: the name; for a register without one, what its id says
 * ("p15,1,c9,c0,2", "core 0x40", "0x4020000000130000").
 */
const char *reg_name(uint64_t id, char *buf);

/**
 * reg_lookup() - find a register by name or number
 * @name: a name in any case, or an id in hexadecimal with 0x
 * @id: where the id goes
 *
 * Return: 0, or -ENOENT.
 */
int reg_lookup(const char *name, uint64_t *id);

/* "core", "cp15", ... */
const char *reg_group_name(enum reg_group group);
enum reg_group reg_group_of(uint64_t id);

/**
 * enum reg_rule - what user space may write to a field of an ID register
 * @RULE_SAME: what it is
 * @RULE_LOWER: that, or a lower number
 * @RULE_LOWER_NOT_0: that, or a lower number but 0, which is the highest
 * @RULE_HIGHER_OR_0: that, a higher number, or 0, which is the highest
 * @RULE_FREE: anything
 * @RULE_FIXED: what KVM has made of it
 * @RULE_ANY: anything, of a field that only has a name
 */
enum reg_rule {
	RULE_SAME,
	RULE_LOWER,
	RULE_LOWER_NOT_0,
	RULE_HIGHER_OR_0,
	RULE_FREE,
	RULE_FIXED,
	RULE_ANY,
};

/**
 * struct reg_field - a field, by coproc/fields.h or reg_bits.h
 * @id: the register; of @RULE_ANY what reg_layout() returns, which may be a format
 *	of a register
 * @name: as in the ARM Architecture Reference Manual
 * @low: its lowest bit
 * @width: how many bits
 * @rule: what may be written to it
 * @value: of @RULE_FIXED
 */
struct reg_field {
	uint64_t id;
	const char *name;
	unsigned int low;
	unsigned int width;
	enum reg_rule rule;
	uint32_t value;
};

extern const struct reg_field reg_fields[];
extern const size_t nr_reg_fields;

/**
 * reg_layout() - tell which fields a register has
 * @id: the register
 * @value: its value, which may decide about that
 *
 * Return: the id in the rows of its fields.
 */
uint64_t reg_layout(uint64_t id, uint64_t value);

/* The field's part of a value */
static inline uint64_t reg_field_get(const struct reg_field *f, uint64_t value)
{
	return value >> f->low & ((1ULL << f->width) - 1);
}

/* Size of a register in bytes, from its id */
static inline unsigned int reg_size(uint64_t id)
{
	return 1U << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
}

/* Id of a core register by its struct kvm_regs member, as in usr_regs.ARM_pc */
#define CORE_REG(member)						\
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE |		\
	 (offsetof(struct kvm_regs, member) / sizeof(uint32_t)))

/* Ids of coprocessor registers, fields in the order of regs.h */
#define CP_REG32(cp, crn, opc1, crm, opc2)				\
	(KVM_REG_ARM | KVM_REG_SIZE_U32 |				\
	 (uint64_t)(cp) << KVM_REG_ARM_COPROC_SHIFT |			\
	 (uint64_t)(crn) << KVM_REG_ARM_32_CRN_SHIFT |			\
	 (uint64_t)(opc1) << KVM_REG_ARM_OPC1_SHIFT |			\
	 (uint64_t)(crm) << KVM_REG_ARM_CRM_SHIFT |			\
	 (uint64_t)(opc2) << KVM_REG_ARM_32_OPC2_SHIFT)
#define CP_REG64(cp, crm, opc1)						\
	(KVM_REG_ARM | KVM_REG_SIZE_U64 |				\
	 (uint64_t)(cp) << KVM_REG_ARM_COPROC_SHIFT |			\
	 (uint64_t)(opc1) << KVM_REG_ARM_OPC1_SHIFT |			\
	 (uint64_t)(crm) << KVM_REG_ARM_CRM_SHIFT)

/* Id of a register by the name of its row, a constant: REG(SCTLR) */
#define REG(name) ((uint64_t)REG_ID_##name)

/* VMRS and VMSR have ids of the VFP */
#define ROW_ID32(cp, crn, opc1, crm, opc2)				\
	((cp) == 10 ? KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |	\
		      (KVM_REG_ARM_VFP_FPSID + (crn)) :			\
		      CP_REG32(cp, crn, opc1, crm, opc2))

enum {
#define ROW32(name, cp, crn, opc1, crm, opc2, ...)			\
	REG_ID_##name = ROW_ID32(cp, crn, opc1, crm, opc2),
#define ROW64(name, cp, crm, opc1, ...)					\
	REG_ID_##name = CP_REG64(cp, crm, opc1),
#include "coproc/regs.h"
};

#endif /* KVM_ARM_H */
