// SPDX-License-Identifier: GPL-2.0
/*
 * Every row of the register table from the guest's side: what it reads, what
 * its writes do, and whether KVM was asked.
 */
#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "harness.h"

#define ALL		0xffffffffffffffffULL

#define ID(name)							\
	{ .id = REG(name), .no_write = true, .traps_on = HARDWARE }

/**
 * struct behaviour - a row as a guest finds it
 * @id: the register
 * @mask: bits that hold what is written
 * @ignores: none do, writes are ignored
 * @read_traps: each read is an exit
 * @write_traps: each write is an exit
 * @no_read: reads are undefined
 * @no_write: writes are undefined
 * @traps_on: accesses are exits, but not on QEMU before this version, which
 *	does not have this trap for ARMv7
 * @qemu_has_not: QEMU does not have the register
 */
struct behaviour {
	uint64_t id;
	uint64_t mask;
	bool ignores;
	bool read_traps;
	bool write_traps;
	bool no_read;
	bool no_write;
	unsigned int traps_on;
	bool qemu_has_not;
};

/* What the storage class of a row does not tell */
static const struct behaviour special[] = {
	{ .id = REG(MIDR), .no_write = true },
	{ .id = REG(MPIDR), .no_write = true },
	/* HCR.TID1, HCR.TID3 */
	ID(TCMTR), ID(TLBTR), ID(REVIDR),
	ID(ID_PFR0), ID(ID_PFR1), ID(ID_DFR0), ID(ID_AFR0), ID(ID_MMFR0),
	ID(ID_MMFR1), ID(ID_MMFR2), ID(ID_MMFR3), ID(ID_ISAR0), ID(ID_ISAR1),
	ID(ID_ISAR2), ID(ID_ISAR3), ID(ID_ISAR4), ID(ID_ISAR5),
	{ .id = REG(CCSIDR), .read_traps = true, .no_write = true },
	{ .id = REG(CSSELR), .read_traps = true, .write_traps = true },
	{ .id = REG(ACTLR), .ignores = true, .read_traps = true,
	  .write_traps = true },
	/* HCR.TSW */
	{ .id = REG(DCISW), .no_read = true, .traps_on = HARDWARE },
	{ .id = REG(DCCSW), .no_read = true, .traps_on = HARDWARE },
	{ .id = REG(DCCISW), .no_read = true, .traps_on = HARDWARE },
	/* HCR.TIDCP */
	{ .id = REG(L2CTLR), .ignores = true, .traps_on = 10 },
	{ .id = REG(L2ECTLR), .traps_on = 10 },
	{ .id = REG(PMSWINC), .no_read = true, .write_traps = true },
	{ .id = REG(PMCEID0), .qemu_has_not = true },
	{ .id = REG(PMCEID1), .qemu_has_not = true },
	{ .id = REG(CNTP_CTL), .read_traps = true, .write_traps = true },
	{ .id = REG(CNTP_CVAL), .read_traps = true, .write_traps = true },
	{ .id = REG(CNTVCT), .no_write = true },
	{ .id = REG(CBAR), .read_traps = true, .no_write = true },
};

/* HCR.TVM: writes are exits while the guest's caches are off */
static const uint64_t vm_regs[] = {
	REG(SCTLR), REG(TTBR0), REG(TTBR1), REG(TTBCR), REG(DACR), REG(DFSR),
	REG(IFSR), REG(ADFSR), REG(AIFSR), REG(DFAR), REG(IFAR), REG(MAIR0),
	REG(MAIR1), REG(AMAIR0), REG(AMAIR1), REG(CONTEXTIDR), REG(TTBR0_64),
	REG(TTBR1_64),
};

static const struct {
	uint64_t id;
	uint64_t mask;
} masks[] = {
#define REG_MASK(name, bits) { REG(name), bits },
#include "../guest/reg_masks.h"
};

static struct kvm_vcpu *vcpu;

static struct behaviour behaviour_of(const struct reg_name *reg)
{
	bool invariant = !strcmp(reg->storage, "INVARIANT");
	bool no_state = !strcmp(reg->storage, "NO_STATE");
	struct behaviour b = {
		.id = reg->id,
		.read_traps = invariant || no_state,
		.write_traps = no_state,
		.no_write = invariant,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(special); i++)
		if (special[i].id == reg->id)
			b = special[i];
	for (i = 0; i < ARRAY_SIZE(vm_regs); i++)
		b.write_traps |= vm_regs[i] == reg->id;
	if (no_state || b.no_write || b.ignores)
		return b;
	b.mask = reg_size(reg->id) == 8 ? ALL : 0xffffffff;
	for (i = 0; i < ARRAY_SIZE(masks); i++)
		if (masks[i].id == reg->id)
			b.mask = masks[i].mask;
	return b;
}

/* Calls @check with each row */
static void for_each_row(void (*check)(const struct reg_name *reg,
				       const struct behaviour *b))
{
	unsigned int rows = 0;
	size_t i;

	vcpu = execute_create(1)->vcpus[0];
	for (i = 0; i < nr_reg_names; i++) {
		struct behaviour b;

		if (reg_names[i].group != REG_CP15 &&
		    reg_names[i].group != REG_TIMER)
			continue;
		rows++;
		b = behaviour_of(&reg_names[i]);
		if (!b.qemu_has_not)
			check(&reg_names[i], &b);
	}
	expect(rows >= 77, "only %u rows", rows);
	vm_free(vcpu->vm);
}

static bool lacks_trap(const struct behaviour *b)
{
	return qemu_version() < b->traps_on;
}

/* One access has been an exit, or not, as it should; returns which */
static bool check_exits(const struct reg_name *reg, const struct behaviour *b,
			bool write, uint64_t before)
{
	uint64_t exits = vcpu_stat(vcpu, "cp15_exit_stat") - before;
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
	return strcmp(reg->storage, "NO_STATE");
}

static void check_read(const struct reg_name *reg, const struct behaviour *b)
{
	uint64_t before = is_listed(reg) ? vcpu_get_reg(vcpu, reg->id) : 0;
	uint64_t traps = vcpu_stat(vcpu, "cp15_exit_stat");
	uint64_t value = 0;

	if (b->no_read)
		return;
	if (!expect(guest_read(vcpu, reg->id, &value), "%s: undefined",
		    reg->name))
		return;
	/* Not KVM's register, but what QEMU has in its place */
	if (!check_exits(reg, b, false, traps) && lacks_trap(b) &&
	    (strcmp(reg->storage, "INVARIANT") || reg->id == REG(ID_PFR0) ||
	     reg->id == REG(ID_DFR0)))
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

/* A value that differs from @old in the bits that can be written */
static uint64_t pattern(const struct behaviour *b, uint64_t old, uint64_t bits)
{
	return (old & ~b->mask) | (bits & b->mask);
}

/*
 * The exception vectors have to be where VBAR points to. They work wherever
 * they are copied to.
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
		traps = vcpu_stat(vcpu, "cp15_exit_stat");
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

/* Writes that change nothing: RAZ/WI, ACTLR, operations */
static void check_ignored(const struct reg_name *reg, const struct behaviour *b)
{
	uint64_t value = 0, old = 0, traps;

	if (b->no_write || b->mask || reg->id == REG(CNTP_TVAL))
		return;
	if (is_listed(reg))
		old = vcpu_get_reg(vcpu, reg->id);
	traps = vcpu_stat(vcpu, "cp15_exit_stat");
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

static void refused(void)
{
	for_each_row(check_refused);
}

static const struct {
	uint64_t id;
	bool write;
} user_mode[] = {
	{ REG(TPIDRURW), true },
	{ REG(TPIDRURO), false },
	{ REG(PMUSERENR), false },
};

static void check_user(const struct reg_name *reg, const struct behaviour *b)
{
	unsigned int i, write;

	for (write = 0; write < 2; write++) {
		struct execute x, before = {
			.insn = reg_insn(reg->id, write),
			.cpsr = CPSR_USR | CPSR_MASKED,
			.armed = VECTOR(UNDEF),
		};
		bool allowed = false;

		for (i = 0; i < ARRAY_SIZE(user_mode); i++)
			allowed |= user_mode[i].id == reg->id &&
				   (!write || user_mode[i].write);
		x = before;
		execute(vcpu, &x);
		if (allowed)
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

/* CNTKCTL lets User mode have the timers, trapped or not */
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

/* A register for each cache, chosen by CSSELR */
static void caches(void)
{
	uint64_t id, value, want;
	unsigned int i, found = 0;

	vcpu = execute_create(1)->vcpus[0];
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
	/* Level out of range, and bits that are reserved */
	guest_write(vcpu, REG(CSSELR), 0xffffffff);
	expect(guest_read(vcpu, REG(CCSIDR), &value),
	       "CCSIDR is undefined with CSSELR -1");
	vm_free(vcpu->vm);
}

static uint64_t exits_of_writes(void)
{
	uint64_t exits = vcpu_stat(vcpu, "cp15_exit_stat"), value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vm_regs); i++) {
		guest_read(vcpu, vm_regs[i], &value);
		guest_write(vcpu, vm_regs[i], value);
	}
	return vcpu_stat(vcpu, "cp15_exit_stat") - exits;
}

/* HCR.TVM goes when the caches are on. Set/way operations may bring it back */
static void caches_on(void)
{
	uint64_t exits, seen;

	vcpu = execute_create(1)->vcpus[0];
	expect_equal(exits_of_writes(), ARRAY_SIZE(vm_regs),
		     "exits with the caches off");
	execute_op(vcpu, EXECUTE_MMU_SHORT, 0);
	expect_equal(exits_of_writes(), 0, "exits with the caches on");

	exits = vcpu_stat(vcpu, "cp15_exit_stat");
	guest_write(vcpu, REG(DCCISW), 0);
	exits = vcpu_stat(vcpu, "cp15_exit_stat") - exits;
	/* The first write, of SCTLR with the caches on, takes it away */
	seen = exits_of_writes();
	expect_equal(seen, exits, "exits after a set/way operation");
	execute_op(vcpu, EXECUTE_MMU_OFF, 0);
	vm_free(vcpu->vm);

	/* The same with the other format of tables */
	vcpu = execute_create(1)->vcpus[0];
	execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
	expect_equal(exits_of_writes(), 0, "exits with the caches on, LPAE");
	vm_free(vcpu->vm);
}

/* What is advertised can be used; there is no PMU, debug, trace, ThumbEE */
static void honest_ids(void)
{
	vcpu = execute_create(1)->vcpus[0];
	expect_equal(vcpu_get_reg(vcpu, REG(ID_DFR0)), 0x0f000000, "ID_DFR0");
	expect_equal(vcpu_get_reg(vcpu, REG(ID_PFR0)) & 0xf000, 0,
		     "ThumbEE in ID_PFR0");
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
