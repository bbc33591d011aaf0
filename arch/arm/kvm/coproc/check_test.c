// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the checker of CP15 rows: it finds nothing in the table there
 * is, and every mistake in tables that have one.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include "coproc.h"

/* The checker's reports go here: how many, and the last one */
static struct {
	unsigned int count;
	const char *name;
	const char *what;
} reported;

static void count_report(const struct coproc_reg *r, const char *what)
{
	reported.count++;
	reported.name = r->name;
	reported.what = what;
}

static unsigned int check(const struct coproc_reg *table)
{
	unsigned int errors;

	memset(&reported, 0, sizeof(reported));
	errors = coproc_check(table, nr_coproc_regs, count_report);

	return errors == reported.count ? errors : -1;
}

/* A copy to break, and the place of a row in it */
static struct coproc_reg *copy_table(struct kunit *test)
{
	struct coproc_reg *table;

	table = kunit_kmalloc_array(test, nr_coproc_regs, sizeof(*table),
				    GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, table);

	return memcpy(table, coproc_regs, nr_coproc_regs * sizeof(*table));
}

static unsigned int row_of(struct kunit *test, const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_coproc_regs; i++)
		if (!strcmp(coproc_regs[i].name, name))
			return i;

	KUNIT_FAIL_AND_ABORT(test, "there is no %s", name);
	return 0;
}

static void real_table(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, check(coproc_regs), 0);
}

/* One mistake each; the checker has to find it, and nothing else */
static bool raz(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		struct coproc_access *a)
{
	return true;
}

static u64 get_zero(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	return 0;
}

static int set_nothing(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		       u64 val)
{
	return 0;
}

static u32 reset_zero(struct kvm_vcpu *vcpu)
{
	return 0;
}

static void break_name(struct coproc_reg *r)
{
	r->name = NULL;
}

static void break_opc1(struct coproc_reg *r)
{
	r->key |= CP15_KEY32(0, 8, 0, 0);
}

static void break_fields64(struct coproc_reg *r)
{
	r->key |= CP15_KEY32(0, 0, 0, 1);
}

static void break_storage(struct coproc_reg *r)
{
	r->storage = NR_COPROC_STORAGE;
}

static void break_accessor(struct coproc_reg *r)
{
	r->access = NULL;
}

static void break_set_user(struct coproc_reg *r)
{
	r->set_user = set_nothing;
}

static void break_get_user(struct coproc_reg *r)
{
	r->get_user = get_zero;
}

static void break_no_set_user(struct coproc_reg *r)
{
	r->set_user = NULL;
}

static void break_no_get_user(struct coproc_reg *r)
{
	r->get_user = NULL;
}

static void break_flags(struct coproc_reg *r)
{
	r->flags = REG_PL0 | REG_PL0_RO;
}

static void break_reset(struct coproc_reg *r)
{
	r->reset[KVM_ARM_TARGET_CORTEX_A7] = 1;
}

static void break_reset_fn(struct coproc_reg *r)
{
	r->reset_fn = reset_zero;
}

static void break_hide(struct coproc_reg *r)
{
	r->hide = 1;
}

static void break_show(struct coproc_reg *r)
{
	r->show = 1;
}

static void break_invariant(struct coproc_reg *r)
{
	r->index = nr_coproc_regs;
}

static void break_slot_bound(struct coproc_reg *r)
{
	r->index = NR_CP15_SLOTS;
}

static void break_slot_half(struct coproc_reg *r)
{
	r->index = NR_CP15_SLOTS - 1;
}

static void break_slot_shared(struct coproc_reg *r)
{
	r->index = CP15_SCTLR;
}

static void break_slot_high_word(struct coproc_reg *r)
{
	r->index = CP15_TTBR0_64_HI;
}

static void break_alias_target(struct coproc_reg *r)
{
	r->index++;
}

static void break_alias_width(struct coproc_reg *r)
{
	r->storage = COPROC_ALIAS_OF;
	r->index = CP15_CPACR;
}

static void break_duplicate(struct coproc_reg *r)
{
	r->key = r[-1].key;
}

static void break_order(struct coproc_reg *r)
{
	swap(r[0].key, r[-1].key);
}

static void break_width(struct coproc_reg *r)
{
	r->key &= ~CP15_KEY_64BIT;
}

static void break_invariant64(struct coproc_reg *r)
{
	r->storage = COPROC_INVARIANT;
	r->index = 0;
	r->access = raz;
}

static const struct {
	void (*apply)(struct coproc_reg *r);
	const char *row;
	const char *what;
} mistakes[] = {
	{ break_name, "SCTLR", "has no name" },
	{ break_opc1, "TPIDRPRW", "is 32-bit, with an opc1 above 7" },
	{ break_fields64, "PAR_64", "is 64-bit, with fields of a 32-bit register" },
	{ break_storage, "MIDR", "has no known storage class" },
	{ break_accessor, "PMCR", "has neither state nor accessor" },
	{ break_accessor, "DCISW", "has neither state nor accessor" },
	{ break_set_user, "PMCR", "has no state for user space" },
	{ break_get_user, "PMCR", "has no state for user space" },
	{ break_no_set_user, "CNTV_CTL",
	  "keeps its state elsewhere, but user space cannot get there" },
	{ break_no_get_user, "CNTVCT",
	  "keeps its state elsewhere, but user space cannot get there" },
	{ break_set_user, "MIDR", "is invariant and can be set" },
	{ break_flags, "TPIDRURW", "is writable and read-only for User mode" },
	{ break_reset, "MIDR", "resets a value that it does not own" },
	{ break_reset, "TTBR0", "resets a value that it does not own" },
	{ break_reset_fn, "PMCR", "resets a value that it does not own" },
	{ break_hide, "SCTLR", "hides bits, but is not invariant" },
	{ break_show, "SCTLR", "hides bits, but is not invariant" },
	{ break_show, "MIDR", "shows bits in place of none that are hidden" },
	{ break_invariant, "MIDR", "has no place among the invariant registers" },
	{ break_invariant64, "PAR_64",
	  "is invariant and 64-bit, which is not captured" },
	{ break_slot_bound, "SCTLR", "is beyond the slots" },
	{ break_slot_half, "PAR_64", "is beyond the slots" },
	{ break_slot_bound, "TTBR0", "is beyond the slots" },
	{ break_slot_shared, "DACR", "shares a slot and does not say so" },
	{ break_slot_high_word, "PAR_64", "shares a slot and does not say so" },
	{ break_alias_target, "TTBR0", "is an alias of nothing" },
	{ break_alias_width, "PAR_64", "is wider than what it is an alias of" },
	{ break_duplicate, "TPIDRPRW", "is a duplicate" },
	{ break_order, "TPIDRPRW", "is out of order" },
	{ break_width, "PAR_64", "is out of order" },
};

static void broken_tables(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		struct coproc_reg *table = copy_table(test);
		unsigned int row = row_of(test, mistakes[i].row);

		mistakes[i].apply(&table[row]);
		KUNIT_EXPECT_EQ_MSG(test, check(table), 1, "%s %s",
				    mistakes[i].row, mistakes[i].what);
		KUNIT_EXPECT_STREQ(test, reported.what, mistakes[i].what);
		if (table[row].name)
			KUNIT_EXPECT_STREQ(test, reported.name,
					   mistakes[i].row);
	}
}

/* All mistakes of a table are reported at once */
static void many_mistakes(struct kunit *test)
{
	struct coproc_reg *table = copy_table(test);

	break_reset(&table[row_of(test, "MIDR")]);
	break_show(&table[row_of(test, "SCTLR")]);
	break_accessor(&table[row_of(test, "PMCR")]);
	break_alias_target(&table[row_of(test, "TTBR1")]);
	break_slot_half(&table[row_of(test, "PAR_64")]);

	KUNIT_EXPECT_EQ(test, check(table), 5);
}

static struct kunit_case check_cases[] = {
	KUNIT_CASE(real_table),
	KUNIT_CASE(broken_tables),
	KUNIT_CASE(many_mistakes),
	{}
};

static struct kunit_suite check_suite = {
	.name = "kvm-arm-cp15-check",
	.test_cases = check_cases,
};

kunit_test_suite(check_suite);
