// SPDX-License-Identifier: GPL-2.0
/*
 * A guest executes every access of CP15, CP14 and VMRS: each must be executed
 * or undefined, as the deciding row says. The test fails where an emulated CPU
 * differs, unless walk_data.h lists the difference with its reason.
 */
#include <stdio.h>
#include <string.h>

#include "behaviour.h"
#include "encodings.h"
#include "harness.h"
#include "sweep.h"

#define ANSWER(...)	printf(__VA_ARGS__)
#include "guest/answers.h"

#define WALKED_QEMU	10
#define ANY_CRN		16

enum { V7, V8, ANY_CPU };
enum { READ, WRITE };
enum { PL1, PL0 };
enum { EXECUTED, UNDEFINED };

/**
 * struct difference - encodings of an emulated CPU that differ from the rows
 * @cpu: kind of CPU
 * @row: deciding row
 * @crn: CRn of the encodings, or ANY_CRN
 * @write: true for writes, false for reads
 * @pl0: true for User mode, false for Supervisor mode
 * @undefined: true if they are undefined, false if they are executed
 * @count: number of encodings
 * @reason: reason of the difference
 * @gone: not in all versions of QEMU
 */
static const struct difference {
	unsigned int cpu;
	const char *row;
	unsigned int crn;
	bool write;
	bool pl0;
	bool undefined;
	unsigned int count;
	const char *reason;
	bool gone;
} differences[] = {
#define DIFFERENCE(...)		{ __VA_ARGS__, false },
#define GONE_DIFFERENCE(...)	{ __VA_ARGS__, true },
#include "walk_data.h"
};

static struct kvm_vcpu *vcpu;
static unsigned int walked, unlisted;
static unsigned int of_kind[REG_UNDEF + 1];
static unsigned int seen[ARRAY_SIZE(differences)];

static struct encoding encoding_of(enum sweep_insn insn, unsigned int cp,
				   unsigned int n)
{
	struct encoding e = { .cp = cp };

	if (insn == SWEEP_MRRC || insn == SWEEP_MCRR) {
		e.is_64 = true;
		e.opc1 = n >> 4;
		e.crm = n & 15;
	} else {
		e.opc1 = n >> 11;
		e.crn = n >> 7 & 15;
		e.crm = n >> 3 & 15;
		e.opc2 = n & 7;
	}
	return e;
}

/* CNTKCTL is zero, so that User mode cannot access the timers. */
static bool is_timer(const struct encoding *e)
{
	return e->cp == 15 && (e->is_64 ? e->crm : e->crn) == 14;
}

static bool is_here(const struct difference *d)
{
	return d->cpu == ANY_CPU || d->cpu == host_is_v8();
}

/* Tell whether a difference is listed, and count it. */
static bool is_listed(const struct table_row *row, const struct encoding *e,
		      bool write, bool pl0, bool undefined)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(differences); i++) {
		const struct difference *d = &differences[i];

		if (!is_here(d) || strcmp(d->row, row->name) || d->write != write ||
		    d->pl0 != pl0 || d->undefined != undefined ||
		    (d->crn != ANY_CRN && d->crn != e->crn))
			continue;
		seen[i]++;
		return true;
	}
	return false;
}

static void check(const struct encoding *e, bool write, bool pl0, bool undefined)
{
	const struct table_row *row = deciding_row(e);
	bool want;

	walked++;
	if (!expect(row, "p%u opc1 %u crn %u crm %u opc2 %u: no row decides", e->cp,
		    e->opc1, e->crn, e->crm, e->opc2))
		return;
	of_kind[row->kind]++;
	want = !host_has(row->more) || !row_allows(row, write, pl0) || (pl0 && is_timer(e));
	if (undefined == want || qemu_version() < WALKED_QEMU)
		return;
	if (qemu_version() != HARDWARE && is_listed(row, e, write, pl0, undefined))
		return;
	unlisted++;
	test_fail("p%u%s opc1 %u crn %u crm %u opc2 %u, row %s: %s%s is %s", e->cp,
		  e->is_64 ? ", 64-bit," : "", e->opc1, e->crn, e->crm, e->opc2,
		  row->name, write ? "write" : "read", pl0 ? " of PL0" : "",
		  undefined ? "undefined" : "executed");
}

static void walk(enum sweep_insn insn, unsigned int cp, unsigned int flags)
{
	bool write = insn == SWEEP_MCR || insn == SWEEP_MCRR;
	struct answers answers = {
		.insn = insn,
		.cp = cp,
		.flags = flags,
		.counts = sweep_counts(vcpu),
		.values = sweep_values(vcpu),
	};
	unsigned int i;

	sweep_run(vcpu, insn, cp, flags);
	print_answers(&answers);
	for (i = 0; i < sweep_encodings(insn); i++) {
		struct encoding e = encoding_of(insn, cp, i);

		if (!sweep_has(cp, i))
			continue;
		check(&e, write, flags & SWEEP_USER, answers.counts[i]);
	}
}

static void walk_cp(unsigned int cp, unsigned int flags)
{
	unsigned int kind;

	vcpu = sweep_create();
	if (cp == 10) {
		vcpu_set_reg(vcpu, REG(CPACR), 0x00f00000);
		vcpu_set_reg(vcpu, REG(FPEXC), 0x40000000);
	}
	walked = 0;
	unlisted = 0;
	memset(of_kind, 0, sizeof(of_kind));
	walk(SWEEP_MRC, cp, flags);
	walk(SWEEP_MCR, cp, flags);
	if (cp != 10) {
		walk(SWEEP_MRRC, cp, flags);
		walk(SWEEP_MCRR, cp, flags);
	}
	vm_free(vcpu->vm);

	printf("# p%u, PL%d: %u accesses, %u unlisted differences;", cp,
	       flags & SWEEP_USER ? 0 : 1, walked, unlisted);
	for (kind = REG_SWITCHED; kind <= REG_UNDEF; kind++)
		if (of_kind[kind])
			printf(" %s %u", kind_name(kind), of_kind[kind]);
	putchar('\n');
	expect_equal(walked, cp == 10 ? 32 : 2 * (SWEEP_NR_32 + SWEEP_NR_64),
		     "accesses");
}

static void cp15(void)
{
	walk_cp(15, 0);
}

static void cp15_user(void)
{
	walk_cp(15, SWEEP_USER);
}

static void cp14(void)
{
	walk_cp(14, 0);
}

static void cp14_user(void)
{
	walk_cp(14, SWEEP_USER);
}

static void vmrs(void)
{
	walk_cp(10, 0);
}

static void vmrs_user(void)
{
	walk_cp(10, SWEEP_USER);
}

/*
 * Each listed difference must occur as often as listed, or the list would hide
 * new ones.
 */
static void as_listed(void)
{
	unsigned int i;

	if (qemu_version() == HARDWARE || qemu_version() < WALKED_QEMU)
		return;
	for (i = 0; i < ARRAY_SIZE(differences); i++) {
		if (differences[i].gone && !seen[i])
			continue;
		expect_equal(seen[i], is_here(&differences[i]) ? differences[i].count : 0,
			     "row %s, %ss of PL%u (%s): encodings",
			     differences[i].row, differences[i].write ? "write" : "read",
			     !differences[i].pl0, differences[i].reason);
	}
}

static const struct test tests[] = {
	{ "each access of CP15 by PL1 is as its row says", cp15 },
	{ "each access of CP15 by PL0 is as its row says", cp15_user },
	{ "each access of CP14 by PL1 is as its row says", cp14 },
	{ "each access of CP14 by PL0 is as its row says", cp14_user },
	{ "each access of VMRS and VMSR by PL1 is as its row says", vmrs },
	{ "each access of VMRS and VMSR by PL0 is as its row says", vmrs_user },
	{ "an emulated CPU differs in as many encodings as listed", as_listed },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
