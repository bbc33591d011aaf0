// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check the rows of regs.h for mistakes that the compiler does not see.
 */
#include <linux/bitops.h>
#include <linux/kvm_host.h>

#include "coproc.h"

static unsigned int width(const struct coproc_reg *r)
{
	return r->key & COPROC_KEY_64BIT ? 2 : 1;
}

static bool owns_slot(const struct coproc_reg *r)
{
	return r->kind == COPROC_SWITCHED || r->kind == COPROC_EMULATED;
}

/* Return the bits of a key that instructions of its kind can encode. */
static u32 operands(u32 key)
{
	if (COPROC_KEY_TO_CP(key) == 10)
		return __COPROC_FIELDS32(15, 7, 0, 0);
	if (key & COPROC_KEY_64BIT)
		return __COPROC_FIELDS64(15, 15);

	return __COPROC_FIELDS32(15, 7, 15, 7);
}

static const char *check_key(const struct coproc_reg *r)
{
	unsigned int cp = COPROC_KEY_TO_CP(r->key);
	u32 fields = r->key & COPROC_KEY_FIELDS;

	if (cp != 15 && cp != 14 && cp != 10)
		return "is of a coprocessor that is not in the table";
	if (fields & ~operands(r->key))
		return "has operands that no instruction has";
	if (r->any & ~operands(r->key) || r->any & fields)
		return "matches what it cannot";

	return NULL;
}

/* Check that rows ascend and, of two overlapping ranges, one is narrower. */
static const char *check_place(const struct coproc_reg *table, unsigned int i)
{
	const struct coproc_reg *r = &table[i];
	unsigned int j;

	for (j = i; j--;) {
		const struct coproc_reg *other = &table[j];

		if (r->any) {
			if (other->any &&
			    !((r->key ^ other->key) & ~(r->any | other->any)) &&
			    hweight32(r->any) == hweight32(other->any))
				return "is as narrow as another range it overlaps";
		} else if (!other->any) {
			if (other->key == r->key)
				return "is a duplicate";

			return other->key < r->key ? NULL : "is out of order";
		}
	}

	return NULL;
}

/* Tell whether a row is of a kind that needs a trap. */
static bool is_trapped(const struct coproc_reg *r)
{
	return r->kind == COPROC_EMULATED || r->kind == COPROC_ID ||
	       r->kind == COPROC_OPERATION || r->kind == COPROC_RAZ_WI;
}

static const char *check_access(const struct coproc_reg *r)
{
	if (r->kind >= NR_COPROC_KINDS)
		return "is of no known kind";
	if (is_trapped(r) && r->trap == TRAP_NONE)
		return "is KVM's to decide, but does not trap";

	switch (r->kind) {
	case COPROC_OPERATION:
		if ((r->who & WHO_RO && !r->read) || (r->who & WHO_WO && !r->write))
			return "has neither value nor function";
		break;
	case COPROC_EXTERNAL:
		if (!r->read || !r->set)
			return "keeps its value elsewhere, but user space cannot get there";
		if (r->trap != TRAP_NONE && r->who & WHO_WO && !r->write)
			return "keeps its value elsewhere, but the guest cannot get there";
		break;
	case COPROC_ID:
		if (r->set)
			return "is an ID register with another rule than its fields'";
		if (r->who & WHO_WO && !r->write)
			return "is an ID register that the guest can write";
		break;
	case COPROC_RAZ_WI:
	case COPROC_NATIVE:
	case COPROC_UNDEF:
		if (r->read || r->write)
			return "has a function that is never called";
		break;
	}

	if (r->kind == COPROC_UNDEF && r->who != WHO_NA)
		return "is undefined, but not for everyone";
	if (!coproc_is_listed(r) && r->set)
		return "has no value for user space";

	return NULL;
}

static const char *check_values(const struct coproc_reg *r)
{
	if (r->reset && !owns_slot(r))
		return "resets a value that it does not own";
	if (r->kind == COPROC_ID && r->index + width(r) > NR_COPROC_ID_SLOTS)
		return "has no place among the ID registers";

	return NULL;
}

static const char *check_slot(const struct coproc_reg *r,
			      const struct coproc_reg **owners)
{
	unsigned int i;

	if (r->index + width(r) > NR_CP15_SLOTS)
		return "is beyond the slots";

	for (i = r->index; i < r->index + width(r); i++) {
		if (owners[i])
			return "shares a slot and does not say so";
		owners[i] = r;
	}

	return NULL;
}

static const char *check_alias(const struct coproc_reg *r,
			       const struct coproc_reg *const *owners)
{
	const struct coproc_reg *owner;

	if (r->index + width(r) > NR_CP15_SLOTS)
		return "is beyond the slots";

	owner = owners[r->index];
	if (!owner || owner->index != r->index)
		return "is an alias of nothing";
	if (width(r) > width(owner))
		return "is wider than what it is an alias of";

	return NULL;
}

static unsigned int check(const struct coproc_reg *r, const char *what,
			  coproc_report_fn report)
{
	if (what)
		report(r, what);

	return !!what;
}

/**
 * coproc_check() - find the mistakes in a table of rows
 * @table: the rows
 * @n: the number of rows
 * @report: called for each mistake
 *
 * Return: the number of mistakes.
 */
unsigned int coproc_check(const struct coproc_reg *table, unsigned int n,
			  coproc_report_fn report)
{
	const struct coproc_reg *owners[NR_CP15_SLOTS] = {};
	unsigned int i, errors = 0;

	for (i = 0; i < n; i++) {
		const struct coproc_reg *r = &table[i];

		errors += check(r, r->name ? NULL : "has no name", report);
		errors += check(r, check_key(r), report);
		errors += check(r, check_place(table, i), report);
		errors += check(r, check_access(r), report);
		errors += check(r, check_values(r), report);
		if (owns_slot(r))
			errors += check(r, check_slot(r, owners), report);
	}

	/* An alias comes before the row that it names: 64-bit rows come last. */
	for (i = 0; i < n; i++)
		if (table[i].kind == COPROC_ALIAS)
			errors += check(&table[i], check_alias(&table[i], owners),
					report);

	return errors;
}
