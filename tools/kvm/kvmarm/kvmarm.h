/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KVMARM_H
#define KVMARM_H

#include "kvm_arm.h"

/* Exit status of the tool, and return value of a command */
enum {
	STATUS_OK,
	STATUS_FAILED,	/* KVM refused, or unknown name or file */
	STATUS_USAGE,
	STATUS_GUEST,	/* the guest failed */

	/* Status of diff, as for diff(1) */
	STATUS_DIFFERENT = 1,
	STATUS_TROUBLE,
};

/**
 * struct session - state shared by the commands of an invocation
 * @vm: the VM of the last run, or a scratch one; NULL before first use
 * @vcpu: its vcpu 0
 */
struct session {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
};

/* Return a vcpu for a command: that of the last run, or a new one. */
struct kvm_vcpu *session_vcpu(struct session *session);
void session_close(struct session *session);

int print_target(struct session *session);

/**
 * struct listing - options of the command list
 * @group: list only this group, or NULL for all
 * @json: print an object of names and values
 * @fields: print the fields of each register
 */
struct listing {
	const char *group;
	bool json;
	bool fields;
};

int list_registers(struct session *session, const struct listing *what);
int get_register(struct session *session, const char *name);
int set_register(struct session *session, const char *name,
		 const char *value);

/*
 * Print the row of the kernel's table that decides about an encoding or a
 * register.
 */
int explain_encoding(const char *word);
/* Print a value with the names of its fields. */
int decode_value(const char *word, const char *text);

/* Print "NAME = VALUE", and a line for each field. */
void print_register(uint64_t id, uint64_t value);

/**
 * next_field() - iterate over the fields of a register
 * @id: the register
 * @value: its value, which may decide which fields it has
 * @f: the previous field, or NULL
 *
 * Return: the next field, or NULL.
 */
const struct reg_field *next_field(uint64_t id, uint64_t value,
				   const struct reg_field *f);

/* Format a field's value, in hexadecimal if the field is long. */
#define FIELD_TEXT_LEN	19
const char *field_text(const struct reg_field *f, uint64_t value, char *buf);

/* ---- saved.c ------------------------------------------------------------ */

struct saved_reg {
	uint64_t id;
	uint64_t value;
};

/**
 * struct saved_vcpu - registers of a vcpu, read from a file
 * @path: the file
 * @regs: sorted by id, without duplicates
 * @n: number of registers
 * @room: capacity of @regs
 */
struct saved_vcpu {
	const char *path;
	struct saved_reg *regs;
	size_t n;
	size_t room;
};

/* For readers of a format: report an error in the file. Return false. */
__printf(2, 3) bool saved_bad(const struct saved_vcpu *vcpu, const char *fmt, ...);
/*
 * For readers of a format: add a register. Return false, after a message, if
 * the id is impossible.
 */
bool saved_add(struct saved_vcpu *vcpu, uint64_t id, uint64_t value);

/* ---- json.c ------------------------------------------------------------- */

/* Read the output of list --json. */
bool saved_read_json(struct saved_vcpu *vcpu, const char *text, size_t size);

/* ---- saved_file.c ------------------------------------------------------- */

/**
 * saved_read() - read a file of list --json or armvm --save
 * @vcpu: filled in; the caller frees vcpu->regs in any case
 * @path: name of the file; ":N" after it selects vcpu N of a machine
 *
 * Return: true; false if the file is not valid, after printing a message.
 */
bool saved_read(struct saved_vcpu *vcpu, const char *path);

/* ---- diff.c ------------------------------------------------------------- */

/* Compare two files. Return STATUS_OK, STATUS_DIFFERENT or STATUS_TROUBLE. */
int diff_files(const char *from, const char *to);

/**
 * run_file() - run a flat binary in a new VM
 * @session: gets the VM
 * @path: the file
 * @mem_mib: RAM at GUEST_RAM_BASE in MiB
 * @nr_vcpus: number of vcpus
 *
 * Return: STATUS_OK if the guest powered off or reported success.
 */
int run_file(struct session *session, const char *path,
	     unsigned int mem_mib, unsigned int nr_vcpus);

int run_shell(struct session *session);

/**
 * run_commands() - run the commands of a command line
 * @session: state shared by the commands
 * @argc: number of words
 * @argv: the words
 *
 * Stop at the first command that fails.
 */
int run_commands(struct session *session, int argc, char **argv);

#endif /* KVMARM_H */
