// SPDX-License-Identifier: GPL-2.0
/* Compare two saved vcpus by register and field. */
#include <stdlib.h>
#include <string.h>

#include "kvmarm.h"

/* Return the register's name, or its id as a number if it has none. */
static const char *name_of(uint64_t id, char *buf)
{
	const struct reg_name *reg = reg_of_id(id);

	if (reg)
		return reg->name;
	snprintf(buf, REG_NAME_LEN, "0x%016llx", (unsigned long long)id);
	return buf;
}

static int digits(uint64_t id)
{
	return reg_size(id) * 2;
}

static void print_only(const struct saved_reg *reg, const char *path)
{
	char name[REG_NAME_LEN];

	printf("%s = 0x%0*llx only in %s\n", name_of(reg->id, name), digits(reg->id),
	       (unsigned long long)reg->value, path);
}

/*
 * Find the field in another value. Return NULL if that value has another format
 * there.
 */
static const struct reg_field *same_field(uint64_t id, uint64_t value,
					  const struct reg_field *field)
{
	const struct reg_field *f = NULL;

	while ((f = next_field(id, value, f)))
		if (f->low == field->low && f->width == field->width &&
		    !strcmp(f->name, field->name))
			return f;
	return NULL;
}

static bool has_fields(const struct saved_reg *reg)
{
	return next_field(reg->id, reg->value, NULL);
}

static uint64_t outside_fields(const struct saved_reg *reg)
{
	const struct reg_field *f = NULL;
	uint64_t rest = reg->value;

	while ((f = next_field(reg->id, reg->value, f)))
		rest &= ~(((1ULL << f->width) - 1) << f->low);
	return rest;
}

static void print_fields(const struct saved_reg *a, const struct saved_reg *b)
{
	char name[REG_NAME_LEN], from[FIELD_TEXT_LEN], to[FIELD_TEXT_LEN];
	uint64_t rest_a = outside_fields(a), rest_b = outside_fields(b);
	const struct reg_field *f = NULL;

	while ((f = next_field(a->id, a->value, f))) {
		if (!same_field(a->id, b->value, f))
			printf("  %s.%s = %s -> -\n", reg_name(a->id, name), f->name,
			       field_text(f, a->value, from));
		else if (reg_field_get(f, a->value) != reg_field_get(f, b->value))
			printf("  %s.%s = %s -> %s\n", reg_name(a->id, name), f->name,
			       field_text(f, a->value, from),
			       field_text(f, b->value, to));
	}
	while ((f = next_field(b->id, b->value, f)))
		if (!same_field(a->id, a->value, f))
			printf("  %s.%s = - -> %s\n", reg_name(a->id, name), f->name,
			       field_text(f, b->value, to));
	if (rest_a != rest_b && has_fields(a))
		printf("  in no field: 0x%0*llx -> 0x%0*llx\n", digits(a->id),
		       (unsigned long long)rest_a, digits(b->id),
		       (unsigned long long)rest_b);
}

static void print_change(const struct saved_reg *a, const struct saved_reg *b)
{
	char name[REG_NAME_LEN];

	printf("%s = 0x%0*llx -> 0x%0*llx\n", name_of(a->id, name), digits(a->id),
	       (unsigned long long)a->value, digits(b->id),
	       (unsigned long long)b->value);
	print_fields(a, b);
}

static bool compare(const struct saved_vcpu *from, const struct saved_vcpu *to)
{
	const struct saved_reg *a = from->regs, *b = to->regs;
	const struct saved_reg *end_a = a + from->n, *end_b = b + to->n;
	bool same = true;

	while (a < end_a || b < end_b) {
		if (b == end_b || (a < end_a && a->id < b->id)) {
			print_only(a++, from->path);
			same = false;
		} else if (a == end_a || b->id < a->id) {
			print_only(b++, to->path);
			same = false;
		} else {
			if (a->value != b->value) {
				print_change(a, b);
				same = false;
			}
			a++;
			b++;
		}
	}
	return same;
}

int diff_files(const char *from, const char *to)
{
	struct saved_vcpu a, b = { 0 };
	int status = STATUS_TROUBLE;

	if (saved_read(&a, from) && saved_read(&b, to))
		status = compare(&a, &b) ? STATUS_OK : STATUS_DIFFERENT;
	if (fflush(stdout))
		status = STATUS_TROUBLE;
	free(a.regs);
	free(b.regs);
	return status;
}
