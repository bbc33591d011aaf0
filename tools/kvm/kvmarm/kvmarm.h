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
