// SPDX-License-Identifier: GPL-2.0
/*
 * Every row of CP15 and CP14 that KVM decides about, from the guest's side:
 * what reads return, what writes do, and whether KVM is asked. Also the
 * undefined accesses of other rows.
 */
#include <stdlib.h>
#include <string.h>

#include "behaviour.h"
#include "execute.h"
#include "harness.h"

#define ALL		0xffffffffffffffffULL

static struct kvm_vcpu *vcpu;

/* Call @check for each row of CP15 and CP14 that KVM handles. */
static void for_each_row(void (*check)(const struct reg_name *reg,
				       const struct behaviour *b))
{
	unsigned int rows = 0;
	size_t i;

	vcpu = execute_create(1)->vcpus[0];
	for (i = 0; i < nr_reg_names; i++) {
		const struct reg_name *reg = &reg_names[i];
		struct behaviour b;

		if (reg->kind == REG_NO_ROW || reg->kind == REG_NATIVE ||
		    reg->group == REG_VFP)
			continue;
		rows++;
		b = behaviour_of(reg);
		if (!is_missing(reg))
			check(reg, &b);
	}
	expect(rows >= 90, "only %u rows", rows);
	vm_free(vcpu->vm);
}

static uint64_t count_exits(void)
{
	return vcpu_stat(vcpu, "cp15_exit_stat") + vcpu_stat(vcpu, "cp14_exit_stat");
}

static bool lacks_trap(const struct behaviour *b)
{
	return qemu_version() < b->traps_on;
}

/* Check whether one access exited as it should. Return whether it exited. */
static bool check_exits(const struct reg_name *reg, const struct behaviour *b,
			bool write, uint64_t before)
{
	uint64_t exits = count_exits() - before;
	bool traps = write ? b->write_traps : b->read_traps;

	if (lacks_trap(b))
		expect(exits <= 1, "%s: %llu exits", reg->name,
		       (unsigned long long)exits);
	else
		expect_equal(exits, b->traps_on || traps, "%s: exits of a %s",
			     reg->name, write ? "write" : "read");
	return exits;
}

static bool is_listed(const struct reg_name *reg)
{
	return reg->kind < REG_OPERATION;
}

static void check_read(const struct reg_name *reg, const struct behaviour *b)
{
	uint64_t before = is_listed(reg) ? vcpu_get_reg(vcpu, reg->id) : 0;
	uint64_t traps = count_exits();
	uint64_t value = 0;

	if (b->no_read)
		return;
	if (!expect(guest_read(vcpu, reg->id, &value), "%s: undefined",
		    reg->name))
		return;
	/* QEMU lacks the trap and shows its own register. */
	if (!check_exits(reg, b, false, traps) && lacks_trap(b) &&
	    (reg->kind != REG_ID || reg->id == REG(ID_PFR0) ||
	     reg->id == REG(ID_DFR0) || reg->id == REG(ID_PFR1) ||
	     reg->id == REG(ID_ISAR3)))
		return;
	if (reg->id == REG(CNTVCT))
		expect(value > before &&
		       value <= vcpu_get_reg(vcpu, reg->id),
		       "CNTVCT is %#llx, was %#llx", (unsigned long long)value,
		       (unsigned long long)before);
	else if (reg->id != REG(CCSIDR) && reg->id != REG(CNTP_TVAL))
		expect_equal(value, before, "%s", reg->name);
}

static void reads(void)
{
	for_each_row(check_read);
}

/* Return a value that differs from @old in the writable bits. */
static uint64_t pattern(const struct behaviour *b, uint64_t old, uint64_t bits)
{
	return (old & ~b->mask) | (bits & b->mask);
}

/*
 * VBAR must point to exception vectors: copy the guest's, which work at any
 * address.
 */
static uint64_t copy_vectors(unsigned int i)
{
	static const uint32_t places[] = { 0x403555a0, 0x402aaa40, 0x4031cc60,
					   0x402e3380 };
	uint32_t from = vcpu_get_reg(vcpu, REG(VBAR));

	memcpy(vm_hva(vcpu->vm, places[i]), vm_hva(vcpu->vm, from), 4096);
	return places[i];
}

static void check_write(const struct reg_name *reg, const struct behaviour *b)
{
	static const uint64_t bits[] = { 0x9e3779b97f4a7c15ULL,
					 0x61c8864680b583eaULL };
	uint64_t old, want, got, traps;
	unsigned int i;

	if (b->no_write || !is_listed(reg))
		return;
	old = vcpu_get_reg(vcpu, reg->id);
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		want = reg->id == REG(VBAR) ? copy_vectors(i) :
		       pattern(b, old, bits[i]);
		traps = count_exits();
		if (!expect(guest_write(vcpu, reg->id, want), "%s: undefined",
			    reg->name))
			return;
		check_exits(reg, b, true, traps);
		got = vcpu_get_reg(vcpu, reg->id);
		expect_equal(got & b->mask, want & b->mask,
			     "%s as the guest set it", reg->name);
	}
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		want = reg->id == REG(VBAR) ? copy_vectors(i + 2) :
		       pattern(b, old, ~bits[i] << 1);
		vcpu_set_reg(vcpu, reg->id, want);
		expect(guest_read(vcpu, reg->id, &got), "%s: undefined",
		       reg->name);
		expect_equal(got & b->mask, want & b->mask,
			     "%s as user space set it", reg->name);
	}
	vcpu_set_reg(vcpu, reg->id, old);
}

static void writes(void)
{
	for_each_row(check_write);
}

/* Writes without effect: RAZ/WI, ACTLR, operations */
static void check_ignored(const struct reg_name *reg, const struct behaviour *b)
{
	uint64_t value = 0, old = 0, traps;

	if (b->no_write || b->mask || reg->id == REG(CNTP_TVAL))
		return;
	if (is_listed(reg))
		old = vcpu_get_reg(vcpu, reg->id);
	traps = count_exits();
	expect(guest_write(vcpu, reg->id, ALL), "%s: undefined", reg->name);
	if (!check_exits(reg, b, true, traps) && lacks_trap(b))
		return;
	if (b->no_read)
		return;
	guest_read(vcpu, reg->id, &value);
	expect_equal(value, old, "%s after a write", reg->name);
	if (is_listed(reg))
		expect_equal(vcpu_get_reg(vcpu, reg->id), old,
			     "%s after a write, in user space", reg->name);
}

static void ignored(void)
{
	for_each_row(check_ignored);
}

static void check_refused(const struct reg_name *reg, const struct behaviour *b)
{
	struct execute x, before = {
		.armed = VECTOR(UNDEF),
		.r = { 0x11111111, 0x22222222, 0x33333333 },
	};
	uint64_t value = is_listed(reg) ? vcpu_get_reg(vcpu, reg->id) : 0;

	if (b->no_write) {
		before.insn = reg_insn(reg->id, true);
		x = before;
		execute(vcpu, &x);
		expect_undefined(&before, &x, reg->name);
	}
	if (b->no_read) {
		before.insn = reg_insn(reg->id, false);
		x = before;
		execute(vcpu, &x);
		expect_undefined(&before, &x, reg->name);
	}
	if (is_listed(reg) && reg->id != REG(CNTVCT))
		expect_equal(vcpu_get_reg(vcpu, reg->id), value, "%s",
			     reg->name);
}

/* For rows that the CPU handles: write-only registers do not read, and vice versa. */
static void check_native(const struct reg_name *reg)
{
	struct execute x, before = {
		.armed = VECTOR(UNDEF),
		.r = { 0x11111111, 0x22222222, 0x33333333 },
	};
	unsigned int write;

	for (write = 0; write < 2; write++) {
		if (strncmp(reg->who, write ? "RO" : "WO", 2))
			continue;
		before.insn = reg_insn(reg->id, write);
		x = before;
		execute(vcpu, &x);
		expect_undefined(&before, &x, reg->name);
	}
}

static void refused(void)
{
	unsigned int rows = 0;
	size_t i;

	for_each_row(check_refused);

	vcpu = execute_create(1)->vcpus[0];
	for (i = 0; i < nr_reg_names; i++) {
		if (reg_names[i].kind != REG_NATIVE || is_missing(&reg_names[i]))
			continue;
		check_native(&reg_names[i]);
		rows++;
	}
	expect(rows >= 40, "only %u rows of the CPU", rows);
	vm_free(vcpu->vm);
}

static void check_user(const struct reg_name *reg, const struct behaviour *b)
{
	unsigned int write;

	for (write = 0; write < 2; write++) {
		struct execute x, before = {
			.insn = reg_insn(reg->id, write),
			.cpsr = CPSR_USR | CPSR_MASKED,
			.armed = VECTOR(UNDEF),
		};

		x = before;
		execute(vcpu, &x);
		if (user_may(reg, write))
			expect_equal(x.count, 0, "%s: exceptions", reg->name);
		else
			expect_undefined(&before, &x, reg->name);
	}
	(void)b;
}

static void user(void)
{
	for_each_row(check_user);
}

/* CNTKCTL lets User mode access the timers, whether they trap or not. */
static void user_timers(void)
{
	static const uint64_t timers[] = {
		REG(CNTP_TVAL), REG(CNTP_CTL), REG(CNTV_CTL), REG(CNTVCT),
		REG(CNTP_CVAL), REG(CNTV_CVAL),
	};
	unsigned int i;

	vcpu = execute_create(1)->vcpus[0];
	vcpu_set_reg(vcpu, REG(CNTKCTL), 0x303);
	for (i = 0; i < ARRAY_SIZE(timers); i++) {
		struct execute x = {
			.insn = reg_insn(timers[i], false),
			.cpsr = CPSR_USR | CPSR_MASKED,
			.armed = VECTOR(UNDEF),
		};

		execute(vcpu, &x);
		expect_equal(x.count, 0, "exceptions of timer register %u", i);
	}
	vm_free(vcpu->vm);
}

/* CSSELR selects CCSIDR of each cache. */
static void caches(void)
{
	uint64_t id, value, want;
	unsigned int i, found = 0;

	/* User space may give the VM a cache that the host does not have. */
	vcpu = vm_create_guest("execute", 1)->vcpus[0];
	vcpu_set_reg(vcpu, KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX | 2,
		     0x703fe03a);
	vcpu_expect(vcpu, GUEST_SYNC);
	for (i = 0; i < 16; i++) {
		id = KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX | i;
		guest_write(vcpu, REG(CSSELR), i);
		expect(guest_read(vcpu, REG(CCSIDR), &value),
		       "CCSIDR is undefined with CSSELR %u", i);
		if (__vcpu_get_reg(vcpu, id, &want))
			want = 0;
		else
			found++;
		expect_equal(value, want, "CCSIDR with CSSELR %u", i);
	}
	expect_equal(found, 3, "caches");
	/* Select a level out of range, with reserved bits set. */
	guest_write(vcpu, REG(CSSELR), 0xffffffff);
	expect(guest_read(vcpu, REG(CCSIDR), &value),
	       "CCSIDR is undefined with CSSELR -1");
	vm_free(vcpu->vm);
}

/* Write back each register of HCR.TVM. Return how many there are. */
static unsigned int write_vm_regs(void)
{
	unsigned int n = 0;
	uint64_t value;
	size_t i;

	for (i = 0; i < nr_reg_names; i++) {
		if (!is_vm_reg(&reg_names[i]) || is_missing(&reg_names[i]))
			continue;
		guest_read(vcpu, reg_names[i].id, &value);
		guest_write(vcpu, reg_names[i].id, value);
		n++;
	}
	return n;
}

static uint64_t exits_of_writes(void)
{
	uint64_t exits = vcpu_stat(vcpu, "cp15_exit_stat");

	write_vm_regs();
	return vcpu_stat(vcpu, "cp15_exit_stat") - exits;
}

/* KVM clears HCR.TVM when the caches are on. Set/way operations may set it again. */
static void caches_on(void)
{
	uint64_t exits, seen;
	unsigned int n;

	vcpu = execute_create(1)->vcpus[0];
	exits = vcpu_stat(vcpu, "cp15_exit_stat");
	n = write_vm_regs();
	exits = vcpu_stat(vcpu, "cp15_exit_stat") - exits;
	expect_equal(n, host_has("COPROC_HPD") ? 19 : 18, "registers of HCR.TVM");
	expect_equal(exits, n, "exits with the caches off");
	execute_op(vcpu, EXECUTE_MMU_SHORT, 0);
	expect_equal(exits_of_writes(), 0, "exits with the caches on");

	exits = vcpu_stat(vcpu, "cp15_exit_stat");
	guest_write(vcpu, REG(DCCISW), 0);
	exits = vcpu_stat(vcpu, "cp15_exit_stat") - exits;
	/* The first write, of SCTLR with the caches on, clears it. */
	seen = exits_of_writes();
	expect_equal(seen, exits, "exits after a set/way operation");
	execute_op(vcpu, EXECUTE_MMU_OFF, 0);
	vm_free(vcpu->vm);

	/* Repeat with long descriptors. */
	vcpu = execute_create(1)->vcpus[0];
	execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
	expect_equal(exits_of_writes(), 0, "exits with the caches on, LPAE");
	vm_free(vcpu->vm);
}

/* ID registers must not advertise what KVM does not give to guests. */
static void honest_ids(void)
{
	unsigned int fixed = 0;
	size_t i;

	vcpu = execute_create(1)->vcpus[0];
	for (i = 0; i < nr_reg_fields; i++) {
		const struct reg_field *f = &reg_fields[i];

		if (f->rule != RULE_FIXED)
			continue;
		expect_equal(reg_field_get(f, vcpu_get_reg(vcpu, f->id)), f->value, "%s",
			     f->name);
		fixed++;
	}
	/* Check the fields of debug, trace and PMU; of ThumbEE; of Hyp mode. */
	expect_equal(vcpu_get_reg(vcpu, REG(ID_DFR0)), 0x0f000000, "ID_DFR0");
	expect_equal(vcpu_get_reg(vcpu, REG(ID_PFR0)) & 0xf000, 0, "ID_PFR0");
	expect_equal(vcpu_get_reg(vcpu, REG(ID_PFR1)) & 0xf000, 0, "ID_PFR1");
	expect_equal(vcpu_get_reg(vcpu, REG(ID_ISAR3)) >> 28, 0, "ID_ISAR3");
	expect_equal(fixed, 15, "fixed fields");
	vm_free(vcpu->vm);
}

static const struct test tests[] = {
	{ "the guest reads of each row what user space reads", reads },
	{ "guest and user space see each other's writes of each row", writes },
	{ "writes of registers without state are ignored", ignored },
	{ "reads and writes that are not allowed are undefined, once",
	  refused },
	{ "User mode may access the rows that are for it and no other", user },
	{ "CNTKCTL gives User mode the timers", user_timers },
	{ "CSSELR chooses what CCSIDR shows", caches },
	{ "writes of the MMU registers are exits until the caches are on",
	  caches_on },
	{ "ID registers advertise nothing that is not there", honest_ids },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
