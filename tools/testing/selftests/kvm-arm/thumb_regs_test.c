// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses of each row and each range of the kernel's table, in ARM and in
 * Thumb state: both must do the same, with the registers that the instruction
 * names. traps_test tests that each encoding is undefined in both states or in
 * none.
 */
#include <stdlib.h>
#include <string.h>

#include "encodings.h"
#include "execute.h"
#include "harness.h"

static struct kvm_vcpu *vcpu;
static unsigned int compared, undefined;

/* Outcome of an access */
struct outcome {
	bool undefined;
	uint64_t value;
};

/* Make a matching encoding from random bits. @row has the operands packed. */
static struct encoding encoding_in(const struct table_row *row, uint32_t random)
{
	uint32_t key = row->key | (row->any & random);
	struct encoding e = {
		.cp = row->cp,
		.is_64 = row->is_64,
		.crm = row->is_64 ? key & 15 : key >> 4 & 15,
		.opc1 = row->is_64 ? key >> 4 & 15 : key >> 8 & 7,
	};

	if (!row->is_64) {
		e.crn = key >> 12 & 15;
		e.opc2 = key & 7;
	}
	return e;
}

/* Make an encoding that this row decides, not a narrower one. */
static struct encoding encoding_of(const struct table_row *row)
{
	static uint32_t random = 1;
	struct encoding e;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		e = encoding_in(row, random >> 8);
		random = random * 1664525 + 1013904223;
		if (deciding_row(&e) == row)
			return e;
	}
	kvm_bail("row %s decides about nothing", row->name);
}

/* Use R0 to R12 and LR in turn. */
static unsigned int operand(unsigned int n)
{
	return n % 14 == 13 ? 14 : n % 14;
}

/* Return a value that differs for each register and from any coprocessor register. */
static uint32_t mark(unsigned int r)
{
	return 0x5eed0000 | r << 8 | r;
}

static uint32_t insn_of(const struct encoding *e, bool write, unsigned int rt,
			unsigned int rt2)
{
	if (e->is_64)
		return write ? INSN_MCRR(0xe, e->cp, e->opc1, rt, rt2, e->crm) :
			       INSN_MRRC(0xe, e->cp, e->opc1, rt, rt2, e->crm);
	return write ? INSN_MCR(0xe, e->cp, e->opc1, rt, e->crn, e->crm, e->opc2) :
		       INSN_MRC(0xe, e->cp, e->opc1, rt, e->crn, e->crm, e->opc2);
}

/* KVM does not count accesses by VMRS and VMSR. */
static uint64_t exits(unsigned int cp)
{
	return cp == 10 ? 0 : vcpu_stat(vcpu, cp == 15 ? "cp15_exit_stat" : "cp14_exit_stat");
}

static struct outcome access(const char *name, const struct encoding *e, bool write,
			     uint64_t value, uint32_t cpsr)
{
	static unsigned int n;
	unsigned int rt = operand(n), rt2 = operand(n + 5), i;
	struct execute before = {
		.insn = insn_of(e, write, rt, rt2),
		.armed = VECTOR(UNDEF),
		.cpsr = cpsr,
	};
	struct outcome outcome = { 0 };
	struct execute after;
	char what[100];

	n++;
	snprintf(what, sizeof(what), "%s of %s by R%u, CPSR %#x",
		 write ? "write" : "read", name, rt, cpsr);
	for (i = 0; i < 15; i++)
		before.r[i] = mark(i);
	if (write) {
		before.r[rt] = value;
		if (e->is_64)
			before.r[rt2] = value >> 32;
	}
	after = before;
	execute(vcpu, &after);
	outcome.undefined = after.count;
	if (after.count) {
		expect_undefined(&before, &after, what);
		return outcome;
	}
	for (i = 0; i < 15; i++)
		if (write || (i != rt && !(e->is_64 && i == rt2)))
			expect_equal(after.r[i], before.r[i], "%s: R%u", what, i);
	/* An access may do nothing and leave the register unchanged. */
	if (!write && after.r[rt] != mark(rt))
		outcome.value = after.r[rt];
	if (!write && e->is_64)
		outcome.value |= (uint64_t)after.r[rt2] << 32;
	return outcome;
}

/* Read a register and write the value back. Return the outcome of the read. */
static struct outcome both(const char *name, const struct encoding *e, uint32_t cpsr,
			   bool *no_write)
{
	struct outcome read = access(name, e, false, 0, cpsr);

	*no_write = access(name, e, true, read.value, cpsr).undefined;
	return read;
}

static void check_row(const struct table_row *row, uint32_t mode)
{
	struct encoding e = encoding_of(row);
	uint32_t cpsr = mode | CPSR_MASKED;
	struct outcome arm, thumb, again;
	bool no_write, no_thumb_write;
	uint64_t count[3];

	count[0] = exits(e.cp);
	arm = both(row->name, &e, cpsr, &no_write);
	count[1] = exits(e.cp);
	thumb = both(row->name, &e, cpsr | CPSR_T, &no_thumb_write);
	count[2] = exits(e.cp);
	again = access(row->name, &e, false, 0, cpsr);

	compared += 2;
	undefined += arm.undefined + no_write;
	expect_equal(thumb.undefined, arm.undefined, "read of %s in Thumb state: undefined",
		     row->name);
	expect_equal(no_thumb_write, no_write, "write of %s in Thumb state: undefined",
		     row->name);
	expect_equal(count[2] - count[1], count[1] - count[0], "%s in Thumb state: exits",
		     row->name);
	/* Do not compare registers that count. */
	if (arm.value == again.value)
		expect_equal(thumb.value, arm.value, "%s in Thumb state", row->name);
}

static void each_row(uint32_t mode)
{
	size_t i;

	vcpu = execute_create(1)->vcpus[0];
	execute_op(vcpu, EXECUTE_VFP_ON, 0);
	compared = 0;
	undefined = 0;
	for (i = 0; i < nr_table_rows; i++)
		check_row(&table_rows[i], mode);
	printf("# %u accesses, %u of them undefined\n", compared, undefined);
	expect(compared > 300, "only %u accesses", compared);
	vm_free(vcpu->vm);
}

static void privileged(void)
{
	each_row(CPSR_SVC);
	expect(undefined < compared / 2, "too many are undefined");
}

static void user(void)
{
	each_row(CPSR_USR);
	expect(undefined > compared / 2, "too few are undefined");
}

static const struct test tests[] = {
	{ "each row is in Thumb state as in ARM state, in Supervisor mode", privileged },
	{ "each row is in Thumb state as in ARM state, in User mode", user },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
