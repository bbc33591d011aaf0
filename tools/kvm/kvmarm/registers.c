// SPDX-License-Identifier: GPL-2.0
/* List, read and write registers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvmarm.h"

/* Explain why /dev/kvm cannot be used, unless it is obvious. */
static void check_kvm(void)
{
	int kvm = __kvm_open();

	if (kvm == -ENOENT || kvm == -ENODEV)
		kvm_bail("/dev/kvm: %s: the kernel has no KVM, or was not started in Hyp mode",
			 strerror(-kvm));
	if (kvm < 0)
		kvm_bail("/dev/kvm: %s", strerror(-kvm));
	close(kvm);
}

struct kvm_vcpu *session_vcpu(struct session *session)
{
	if (session->vcpu)
		return session->vcpu;
	session_close(session);
	check_kvm();
	session->vm = vm_create();
	vcpu_init(vcpu_create(session->vm, 0), 1 << KVM_ARM_VCPU_PSCI_0_2);
	session->vcpu = session->vm->vcpus[0];
	return session->vcpu;
}

void session_close(struct session *session)
{
	vm_free(session->vm);
	session->vm = NULL;
	session->vcpu = NULL;
}

int print_target(struct session *session)
{
	struct kvm_vcpu_init init = { 0 };

	vm_preferred_target(session_vcpu(session)->vm, &init);
	printf("Preferred target: %u (%s)\n", init.target,
	       kvm_target_name(init.target));
	return STATUS_OK;
}

static void print_value(uint64_t id, uint64_t value)
{
	printf("0x%0*llx", (int)reg_size(id) * 2, (unsigned long long)value);
}

static void print_fields(uint64_t id, uint64_t value)
{
	const struct reg_field *f = NULL;
	char name[REG_NAME_LEN], text[FIELD_TEXT_LEN];

	while ((f = next_field(id, value, f)))
		printf("  %s.%s = %s\n", reg_name(id, name), f->name,
		       field_text(f, value, text));
}

void print_register(uint64_t id, uint64_t value)
{
	char name[REG_NAME_LEN];

	printf("%s = ", reg_name(id, name));
	print_value(id, value);
	putchar('\n');
	print_fields(id, value);
}

static bool in_group(uint64_t id, const char *group)
{
	return !group || !strcmp(group, reg_group_name(reg_group_of(id)));
}

static void list_table(struct kvm_vcpu *vcpu, const struct kvm_reg_list *list,
		       const char *group, bool fields)
{
	char name[REG_NAME_LEN];
	uint64_t id, i, value;
	unsigned int shown = 0;

	printf("%-18s  %-8s  %-23s  %4s  %s\n", "id", "group", "name", "bits",
	       "value");
	for (i = 0; i < list->n; i++) {
		id = list->reg[i];
		if (!in_group(id, group))
			continue;
		printf("0x%016llx  %-8s  %-23s  %4u  ", (unsigned long long)id,
		       reg_group_name(reg_group_of(id)), reg_name(id, name),
		       reg_size(id) * 8);
		value = vcpu_get_reg(vcpu, id);
		print_value(id, value);
		putchar('\n');
		if (fields)
			print_fields(id, value);
		shown++;
	}
	printf("%u registers\n", shown);
}

static void json_fields(uint64_t id, uint64_t value)
{
	const struct reg_field *f = NULL;
	const char *separator = "";

	printf(", \"fields\": {");
	while ((f = next_field(id, value, f))) {
		printf("%s \"%s\": %llu", separator, f->name,
		       (unsigned long long)reg_field_get(f, value));
		separator = ",";
	}
	printf(" }");
}

/*
 * Names need no quoting. Print values as strings: JSON's numbers have 53 bits.
 * No field has as many.
 */
static void list_json(struct kvm_vcpu *vcpu, const struct kvm_reg_list *list,
		      const char *group, bool fields)
{
	char name[REG_NAME_LEN];
	const char *separator = "\n";
	uint64_t id, i, value;

	putchar('{');
	for (i = 0; i < list->n; i++) {
		id = list->reg[i];
		if (!in_group(id, group))
			continue;
		printf("%s  \"%s\": { \"id\": \"0x%016llx\", \"group\": \"%s\", \"value\": \"",
		       separator, reg_name(id, name), (unsigned long long)id,
		       reg_group_name(reg_group_of(id)));
		value = vcpu_get_reg(vcpu, id);
		print_value(id, value);
		putchar('"');
		if (fields)
			json_fields(id, value);
		printf(" }");
		separator = ",\n";
	}
	puts("\n}");
}

int list_registers(struct session *session, const struct listing *what)
{
	struct kvm_vcpu *vcpu = session_vcpu(session);
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);

	(what->json ? list_json : list_table)(vcpu, list, what->group, what->fields);
	free(list);
	return STATUS_OK;
}

static int find_register(const char *word, uint64_t *id)
{
	if (!reg_lookup(word, id))
		return STATUS_OK;
	fprintf(stderr, "error: %s: no register of this name\n", word);
	return STATUS_FAILED;
}

/* Describe an error of KVM_GET_ONE_REG or KVM_SET_ONE_REG. */
static const char *reg_error(int ret)
{
	switch (ret) {
	case -ENOENT:
		return "KVM offers no such register";
	case -EINVAL:
		return "not a value or register KVM accepts";
	case -EBUSY:
		return "cannot change after a vcpu has run";
	default:
		return strerror(-ret);
	}
}

static int show_register(struct kvm_vcpu *vcpu, const char *word, uint64_t id)
{
	uint64_t value = 0;
	int ret = __vcpu_get_reg(vcpu, id, &value);

	if (ret < 0) {
		fprintf(stderr, "error: get %s (0x%016llx): %s\n", word,
			(unsigned long long)id, reg_error(ret));
		return STATUS_FAILED;
	}
	print_register(id, value);
	return STATUS_OK;
}

int get_register(struct session *session, const char *name)
{
	uint64_t id;

	if (find_register(name, &id) != STATUS_OK)
		return STATUS_FAILED;
	return show_register(session_vcpu(session), name, id);
}

int set_register(struct session *session, const char *name,
		 const char *value)
{
	uint64_t id, number;
	char *end;
	int ret;

	if (find_register(name, &id) != STATUS_OK)
		return STATUS_FAILED;
	errno = 0;
	number = strtoull(value, &end, 0);
	if (errno || !*value || *end ||
	    (reg_size(id) == sizeof(uint32_t) && number > UINT32_MAX)) {
		fprintf(stderr, "error: set %s: %s is not a %u-bit number\n",
			name, value, reg_size(id) * 8);
		return STATUS_USAGE;
	}
	ret = __vcpu_set_reg(session_vcpu(session), id, number);
	if (ret < 0) {
		fprintf(stderr, "error: set %s (0x%016llx) to %s: %s\n", name,
			(unsigned long long)id, value, reg_error(ret));
		return STATUS_FAILED;
	}
	return show_register(session->vcpu, name, id);
}
