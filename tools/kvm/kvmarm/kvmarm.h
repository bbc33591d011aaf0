/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KVMARM_H
#define KVMARM_H

#include "kvm_arm.h"

/* Exit status of the tool, and what a command returns */
enum {
	STATUS_OK,
	STATUS_FAILED,	/* KVM refused, or a name or file is unknown */
	STATUS_USAGE,
	STATUS_GUEST,	/* the guest did not end well */

	/* Of diff, as diff(1) has them */
	STATUS_DIFFERENT = 1,
	STATUS_TROUBLE,
};

/**
 * struct session - what the commands of one invocation work on
 * @vm: the VM of the last run, or a scratch one; NULL before first use
 * @vcpu: its vcpu 0
 */
struct session {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
};

/* Give a command a vcpu: the one of the last run, or a fresh one */
struct kvm_vcpu *session_vcpu(struct session *session);
void session_close(struct session *session);

int print_target(struct session *session);

/**
 * struct listing - what list prints
 * @group: only the registers of this group, or NULL
 * @json: as an object, names to values
 * @fields: with the fields of each register
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

/* Which row of the kernel's table decides about an encoding, or a register */
int explain_encoding(const char *word);
/* A value by the names of its fields */
int decode_value(const char *word, const char *text);

/* "NAME = VALUE", and a line for each field */
void print_register(uint64_t id, uint64_t value);

/**
 * next_field() - go through the fields of a register
 * @id: the register
 * @value: its value, which may decide about what fields it has
 * @f: the field before, or NULL
 *
 * Return: the next field, or NULL.
 */
const struct reg_field *next_field(uint64_t id, uint64_t value,
				   const struct reg_field *f);

/* The field's part of a value as a number, hexadecimal if it is a long one */
#define FIELD_TEXT_LEN	19
const char *field_text(const struct reg_field *f, uint64_t value, char *buf);

/* ---- saved.c ------------------------------------------------------------ */

struct saved_reg {
	uint64_t id;
	uint64_t value;
};

/**
 * struct saved_vcpu - the registers of a vcpu, from a file
 * @path: the file
 * @regs: by ascending id; none is there twice
 * @n: how many
 * @room: how many @regs has room for
 */
struct saved_vcpu {
	const char *path;
	struct saved_reg *regs;
	size_t n;
	size_t room;
};

/**
 * saved_read() - read a file of list --json or armvm --save
 * @vcpu: what is filled in; the caller frees vcpu->regs in any case
 * @path: the file, which may have ":N" after it, for vcpu N of a machine
 *
 * Return: false if the file is no good; what is wrong with it has been printed.
 */
bool saved_read(struct saved_vcpu *vcpu, const char *path);

/* For readers of a format: say what is wrong with the file; false */
__printf(2, 3) bool saved_bad(const struct saved_vcpu *vcpu, const char *fmt, ...);
/* ... and take a register; false, with a message, if there can be no such */
bool saved_add(struct saved_vcpu *vcpu, uint64_t id, uint64_t value);

/* json.c: what list --json has printed */
bool saved_read_json(struct saved_vcpu *vcpu, const char *text, size_t size);

/* ---- diff.c ------------------------------------------------------------- */

/* Compare two files; STATUS_OK, STATUS_DIFFERENT or STATUS_TROUBLE */
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
 * @session: what they work on
 * @argc: number of words
 * @argv: the words
 *
 * Stops at the first command that fails.
 */
int run_commands(struct session *session, int argc, char **argv);

#endif /* KVMARM_H */
