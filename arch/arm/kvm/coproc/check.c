// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be wrong with the rows of regs.h and the compiler does not see.
 */
#include <linux/kvm_host.h>

#include "coproc.h"

static unsigned int width(const struct coproc_reg *r)
{
	return r->key & CP15_KEY_64BIT ? 2 : 1;
}

static bool owns_slot(const struct coproc_reg *r)
{
	return r->storage == COPROC_SWITCHED || r->storage == COPROC_EMULATED;
}

static bool has_reset(const struct coproc_reg *r)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(r->reset); i++)
		if (r->reset[i])
			return true;

	return r->reset_fn;
}

static const char *check_key(const struct coproc_reg *table, unsigned int i)
{
	const u16 fields64 = KVM_REG_ARM_CRM_MASK | KVM_REG_ARM_OPC1_MASK;
	u16 key = table[i].key;

	if (key & CP15_KEY_64BIT) {
		if (key & CP15_KEY_FIELDS & ~fields64)
			return "is 64-bit, with fields of a 32-bit register";
	} else if (key & CP15_KEY32(0, 8, 0, 0)) {
		return "is 32-bit, with an opc1 above 7";
	}

	if (!i || table[i - 1].key < key)
		return NULL;
	if (table[i - 1].key == key)
		return "is a duplicate";

	return "is out of order";
}

static const char *check_access(const struct coproc_reg *r)
{
	if (r->storage >= NR_COPROC_STORAGE)
		return "has no known storage class";

	switch (r->storage) {
	case COPROC_NO_STATE:
		if (!r->access)
			return "has neither state nor accessor";
		if (r->get_user || r->set_user)
			return "has no state for user space";
		break;
	case COPROC_EXTERNAL:
		if (!r->get_user || !r->set_user)
			return "keeps its state elsewhere, but user space cannot get there";
		break;
	case COPROC_INVARIANT:
		if (r->set_user)
			return "is invariant and can be set";
		break;
	}

	if ((r->flags & REG_PL0) && (r->flags & (REG_PL0_RO | REG_RO)))
		return "is writable and read-only for User mode";

	return NULL;
}

static const char *check_values(const struct coproc_reg *r)
{
	if (has_reset(r) && !owns_slot(r))
		return "resets a value that it does not own";
	if (r->storage == COPROC_INVARIANT) {
		if (r->index >= nr_coproc_regs)
			return "has no place among the invariant registers";
		if (width(r) != 1)
			return "is invariant and 64-bit, which is not captured";
		if (r->show & ~r->hide)
			return "shows bits in place of none that are hidden";
	} else if (r->hide || r->show) {
		return "hides bits, but is not invariant";
	}

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
 * @n: how many
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
		errors += check(r, check_key(table, i), report);
		errors += check(r, check_access(r), report);
		errors += check(r, check_values(r), report);
		if (owns_slot(r))
			errors += check(r, check_slot(r, owners), report);
	}

	/* The row that an alias names comes later: 64-bit ones are the last */
	for (i = 0; i < n; i++)
		if (table[i].storage == COPROC_ALIAS_OF)
			errors += check(&table[i], check_alias(&table[i], owners),
					report);

	return errors;
}
