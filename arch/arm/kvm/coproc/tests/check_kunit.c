// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the checker of rows: it must find nothing in the real table,
 * and each mistake in a table that has one.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include "../coproc.h"

/* The number of reports, and the last one */
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

/* Copy the table, to break the copy. */
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

/* Functions that make one mistake each, which the checker must find, and no other */
static u64 read_zero(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	return 0;
}

static int set_nothing(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		       u64 val)
{
	return 0;
}

static u64 reset_zero(struct kvm_vcpu *vcpu)
{
	return 0;
}

static void break_name(struct coproc_reg *r)
{
	r->name = NULL;
}

static void break_coprocessor(struct coproc_reg *r)
{
	r->key += BIT(16);
}

static void break_opc1(struct coproc_reg *r)
{
	r->key |= COPROC_KEY32(15, 0, 8, 0, 0);
}

static void break_fields64(struct coproc_reg *r)
{
	r->key |= COPROC_KEY32(15, 0, 0, 0, 1);
}

static void break_vmrs(struct coproc_reg *r)
{
	r->key |= COPROC_KEY32(15, 0, 0, 0, 1);
}

static void break_any_set(struct coproc_reg *r)
{
	r->key |= r->any & -r->any;
}

static void break_any_opc1(struct coproc_reg *r)
{
	r->any |= COPROC_KEY32(15, 0, 8, 0, 0);
}

static void break_range(struct coproc_reg *r)
{
	r->any = r[-1].any;
	r->key = r[-1].key;
}

static void break_kind(struct coproc_reg *r)
{
	r->kind = NR_COPROC_KINDS;
}

static void break_trap(struct coproc_reg *r)
{
	r->trap = TRAP_NONE;
}

static void break_read(struct coproc_reg *r)
{
	r->read = NULL;
}

static void break_write(struct coproc_reg *r)
{
	r->write = NULL;
}

static void break_set(struct coproc_reg *r)
{
	r->set = NULL;
}

static void add_read(struct coproc_reg *r)
{
	r->read = read_zero;
}

static void add_write(struct coproc_reg *r)
{
	r->write = ignore_write;
}

static void add_set(struct coproc_reg *r)
{
	r->set = set_nothing;
}

static void add_reset(struct coproc_reg *r)
{
	r->reset = reset_zero;
}

static void allow_writes(struct coproc_reg *r)
{
	r->who |= WHO_WO;
}

static void break_id_slot(struct coproc_reg *r)
{
	r->index = NR_COPROC_ID_SLOTS;
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
	r->kind = COPROC_ALIAS;
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

static const struct {
	void (*apply)(struct coproc_reg *r);
	const char *row;
	const char *what;
} mistakes[] = {
	{ break_name, "SCTLR", "has no name" },
	{ break_coprocessor, "CP14_64",
	  "is of a coprocessor that is not in the table" },
	{ break_opc1, "TPIDRPRW", "has operands that no instruction has" },
	{ break_fields64, "PAR_64", "has operands that no instruction has" },
	{ break_vmrs, "FPEXC", "has operands that no instruction has" },
	{ break_any_set, "C9_C8", "matches what it cannot" },
	{ break_any_opc1, "C9_C8", "matches what it cannot" },
	{ break_range, "C9_C2", "is as narrow as another range it overlaps" },
	{ break_kind, "CPACR", "is of no known kind" },
	{ break_trap, "MIDR", "is KVM's to decide, but does not trap" },
	{ break_trap, "DEBUG", "is KVM's to decide, but does not trap" },
	{ break_read, "CCSIDR", "has neither value nor function" },
	{ break_write, "DCISW", "has neither value nor function" },
	{ add_set, "CCSIDR", "has no value for user space" },
	{ add_set, "PMCR", "has no value for user space" },
	{ break_set, "CNTV_CTL",
	  "keeps its value elsewhere, but user space cannot get there" },
	{ break_read, "CNTVCT",
	  "keeps its value elsewhere, but user space cannot get there" },
	{ break_write, "CNTP_CTL",
	  "keeps its value elsewhere, but the guest cannot get there" },
	{ add_set, "MIDR", "is an ID register with another rule than its fields'" },
	{ allow_writes, "MIDR", "is an ID register that the guest can write" },
	{ add_read, "PMCR", "has a function that is never called" },
	{ add_write, "TLBIALL", "has a function that is never called" },
	{ allow_writes, "C15", "is undefined, but not for everyone" },
	{ add_reset, "MIDR", "resets a value that it does not own" },
	{ add_reset, "TTBR0", "resets a value that it does not own" },
	{ add_reset, "PMCR", "resets a value that it does not own" },
	{ break_id_slot, "MIDR", "has no place among the ID registers" },
	{ break_slot_bound, "SCTLR", "is beyond the slots" },
	{ break_slot_half, "PAR_64", "is beyond the slots" },
	{ break_slot_bound, "TTBR0", "is beyond the slots" },
	{ break_slot_shared, "DACR", "shares a slot and does not say so" },
	{ break_slot_high_word, "PAR_64", "shares a slot and does not say so" },
	{ break_alias_target, "TTBR0", "is an alias of nothing" },
	{ break_alias_width, "PAR_64", "is wider than what it is an alias of" },
	{ break_duplicate, "TPIDRPRW", "is a duplicate" },
	{ break_order, "TPIDRPRW", "is out of order" },
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

/* The checker reports all mistakes of a table at once. */
static void many_mistakes(struct kunit *test)
{
	struct coproc_reg *table = copy_table(test);

	add_reset(&table[row_of(test, "MIDR")]);
	break_kind(&table[row_of(test, "CPACR")]);
	break_trap(&table[row_of(test, "PMCR")]);
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
