// SPDX-License-Identifier: GPL-2.0
/*
 * Ids that differ a little from those of registers: KVM_GET_ONE_REG and
 * KVM_SET_ONE_REG return the errors of Documentation/virt/kvm/api.rst, 4.68,
 * access only the bytes of the value, and change nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "behaviour.h"
#include "errors.h"
#include "harness.h"
#include "memory.h"

#define GUARD		0xa5
#define GUARD_SIZE	32

#define ID_BITS_51_32	0x000fffff00000000ULL
#define NR_COPROCS	4096
/* All registers are in groups below. */
#define NR_GROUPS	64

static struct kvm_vcpu *vcpu;
static struct reg_dump *regs;
/* Values are placed at its end. */
static unsigned char *page;
static unsigned int tried, others;

static void begin(void)
{
	static const unsigned char nothing[PAGE];

	vcpu = vcpu_create(vm_create(), 0);
	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	regs = vcpu_dump(vcpu);
	page = at_the_edge(nothing, PAGE, PROT_READ | PROT_WRITE);
	tried = 0;
	others = 0;
}

static void end(void)
{
	expect_unchanged(vcpu, regs, "ids that are no register's");
	printf("# %u ids tried, %u of them of another register\n", tried, others);
	free(regs);
	vm_free(vcpu->vm);
}

static bool is_listed(uint64_t id)
{
	unsigned int i;

	for (i = 0; i < regs->n; i++)
		if (regs->reg[i].id == id)
			return true;
	return false;
}

static int documented_answer(uint64_t id)
{
	if ((id & KVM_REG_ARCH_MASK) != KVM_REG_ARM || (id & ID_BITS_51_32))
		return -EINVAL;
	return is_listed(id) ? 0 : -ENOENT;
}

static void expect_guard(uint64_t id, const unsigned char *end, const char *call)
{
	const unsigned char *byte;

	for (byte = page + PAGE - GUARD_SIZE; byte < end; byte++)
		if (!expect(*byte == GUARD, "%s %#018llx wrote to byte %d", call,
			    (unsigned long long)id, (int)(byte - end)))
			return;
}

/*
 * Get the register and set it to that value. An access past the value fails
 * with EFAULT.
 */
static void try_id(uint64_t id)
{
	int want = documented_answer(id);
	unsigned char *end = page + PAGE, *value = end - (want ? 8 : reg_size(id));
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)value };

	tried++;
	others += !want;
	memset(end - GUARD_SIZE, GUARD, GUARD_SIZE);
	expect_errno(__vcpu_ioctl(vcpu, KVM_GET_ONE_REG, &one), want, "get %#018llx",
		     (unsigned long long)id);
	expect_guard(id, want ? end : value, "get");
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_ONE_REG, &one), want, "set %#018llx",
		     (unsigned long long)id);
	expect_guard(id, want ? end : value, "set");
}

static void bits(void)
{
	unsigned int i, bit;

	begin();
	for (i = 0; i < regs->n; i++)
		for (bit = 0; bit < 64; bit++)
			try_id(regs->reg[i].id ^ 1ULL << bit);
	end();
}

static void sizes(void)
{
	uint64_t size;
	unsigned int i;

	begin();
	for (i = 0; i < regs->n; i++)
		for (size = 0; size < 16; size++)
			try_id((regs->reg[i].id & ~KVM_REG_SIZE_MASK) |
			       size << KVM_REG_SIZE_SHIFT);
	end();
}

/* Tell whether it is the first register of its size. */
static bool is_first(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (reg_size(regs->reg[i].id) == reg_size(regs->reg[n].id))
			return false;
	return true;
}

static void coprocs(void)
{
	unsigned int i;
	uint64_t cp;

	begin();
	for (i = 0; i < regs->n; i++)
		for (cp = 0; cp < (is_first(i) ? NR_COPROCS : NR_GROUPS); cp++)
			try_id((regs->reg[i].id & ~(uint64_t)KVM_REG_ARM_COPROC_MASK) |
			       cp << KVM_REG_ARM_COPROC_SHIFT);
	end();
}

static void architectures(void)
{
	unsigned int i;
	uint64_t arch;

	begin();
	try_id(0);
	try_id(-1ULL);
	try_id(KVM_REG_ARM | KVM_REG_SIZE_U32);
	for (i = 0; i < regs->n; i++)
		for (arch = 0; is_first(i) && arch < 256; arch++)
			try_id((regs->reg[i].id & ~KVM_REG_ARCH_MASK) | arch << 56);
	end();
}

/* Registers that the host lacks, or that only the guest has, have no id. */
static void each_row(void)
{
	unsigned int listed = 0, hidden = 0;
	size_t i;

	begin();
	for (i = 0; i < nr_reg_names; i++) {
		const struct reg_name *reg = &reg_names[i];
		bool want;

		if (reg->kind == REG_NO_ROW)
			continue;
		want = reg->kind < REG_OPERATION && host_has(reg->more);
		listed += want;
		hidden += !want;
		expect_equal(is_listed(reg->id), want, "%s is listed", reg->name);
		try_id(reg->id);
	}
	expect(listed > 60, "only %u rows are listed", listed);
	expect(hidden > 60, "only %u rows are not", hidden);
	end();
}

static const struct test tests[] = {
	{ "a row has an id by its kind and by what the host has", each_row },
	{ "an id with one of its 64 bits changed is an error, or another's", bits },
	{ "an id with each other size is an error", sizes },
	{ "an id with each other coprocessor is an error, or another's", coprocs },
	{ "an id of each other architecture is an error", architectures },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
