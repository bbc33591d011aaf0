// SPDX-License-Identifier: GPL-2.0
/*
 * Fast traps, which Hyp mode answers without leaving the guest: they give the
 * same answers as slow traps, for all registers and modes, and are counted.
 */
#include "execute.h"
#include "harness.h"
#include "memory.h"
#include "trace.h"

#define PARAMETER	"/sys/module/kvm-arm/parameters/fast_traps"
#define MAX_ACCESSES	512
#define SVC		(CPSR_SVC | CPSR_MASKED)
#define FIQ		(CPSR_FIQ | CPSR_MASKED)
#define THUMB		(SVC | CPSR_T)
#define VALUE		0xa5a5a5a5
/* MRC of DBGDIDR in CP14, which reads as zero */
#define DBGDIDR(cond, rt)	INSN_MRC(cond, 14, 0, rt, 0, 0, 0)
#define ACTLR(cond, rt)		INSN_MRC(cond, 15, 0, rt, 1, 0, 1)

static void allow(const char *fast)
{
	if (!write_file(PARAMETER, fast))
		kvm_bail(PARAMETER " cannot be written");
}

/* KVM reads the parameter when the vcpu first runs. */
static struct kvm_vcpu *create(const char *fast)
{
	struct kvm_vcpu *vcpu;
	uint64_t value;

	allow(fast);
	vcpu = execute_create(1)->vcpus[0];
	guest_read(vcpu, REG(TPIDRPRW), &value);
	allow("Y");
	return vcpu;
}

static void destroy(struct kvm_vcpu *vcpu)
{
	vm_free(vcpu->vm);
}

/* Outcome of an access of each row */
struct outcome {
	const char *name;
	bool write;
	bool executed;
	uint64_t value;
	uint64_t cp15;
	uint64_t cp14;
	uint64_t vfp;
};

static void access_row(struct kvm_vcpu *vcpu, const struct reg_name *reg, bool write,
		       struct outcome *o)
{
	uint64_t cp15 = vcpu_stat(vcpu, "cp15_exit_stat");
	uint64_t cp14 = vcpu_stat(vcpu, "cp14_exit_stat");
	uint64_t vfp = vcpu_stat(vcpu, "vfp_exit_stat");
	uint64_t value = 0;

	o->name = reg->name;
	o->write = write;
	o->executed = write ? guest_write(vcpu, reg->id, VALUE) :
			      guest_read(vcpu, reg->id, &value);
	o->value = value;
	o->cp15 = vcpu_stat(vcpu, "cp15_exit_stat") - cp15;
	o->cp14 = vcpu_stat(vcpu, "cp14_exit_stat") - cp14;
	o->vfp = vcpu_stat(vcpu, "vfp_exit_stat") - vfp;
}

/* Exclude the timers, which change by themselves. */
static bool is_decided_by_kvm(const struct reg_name *reg)
{
	return reg->kind == REG_EMULATED || reg->kind == REG_ID ||
	       reg->kind == REG_RAZ_WI ||
	       (reg->kind == REG_OPERATION && reg->id != REG(CNTP_TVAL));
}

/* Read, write, and read again, so that an effective write shows. */
static unsigned int access_rows(struct kvm_vcpu *vcpu, struct outcome *o)
{
	unsigned int n = 0, pass;
	size_t i;

	execute_op(vcpu, EXECUTE_VFP_ON, 0);
	for (pass = 0; pass < 3; pass++) {
		for (i = 0; i < nr_reg_names && n < MAX_ACCESSES; i++) {
			const struct reg_name *reg = &reg_names[i];

			if (is_decided_by_kvm(reg))
				access_row(vcpu, reg, pass == 1, &o[n++]);
		}
	}
	return n;
}

static void same_answers(void)
{
	static struct outcome slow[MAX_ACCESSES], fast[MAX_ACCESSES];
	struct kvm_vcpu *vcpu = create("N");
	unsigned int i, n = access_rows(vcpu, slow), executed = 0;

	destroy(vcpu);
	vcpu = create("Y");
	expect_equal(access_rows(vcpu, fast), n, "accesses");
	for (i = 0; i < n; i++) {
		const char *what = fast[i].write ? "write" : "read";

		executed += fast[i].executed;
		expect_equal(fast[i].executed, slow[i].executed, "%s of %s: executed",
			     what, fast[i].name);
		expect_equal(fast[i].value, slow[i].value, "%s of %s", what, fast[i].name);
		expect_equal(fast[i].cp15, slow[i].cp15, "%s of %s: exits of CP15", what,
			     fast[i].name);
		expect_equal(fast[i].cp14, slow[i].cp14, "%s of %s: exits of CP14", what,
			     fast[i].name);
		expect_equal(fast[i].vfp, slow[i].vfp, "%s of %s: exits of VMRS", what,
			     fast[i].name);
	}
	expect(n > 180 && executed > 110, "%u accesses, %u executed", n, executed);
	destroy(vcpu);
}

/* Count the entries of the guest while it executes @insn. */
static unsigned int entries(struct kvm_vcpu *vcpu, uint32_t insn)
{
	struct execute x = { .op = EXECUTE_INSN, .insn = insn };

	trace_begin("kvm_entry");
	execute(vcpu, &x);
	trace_end("kvm_entry");
	return trace_count("kvm_entry: ");
}

/* Take the minimum of several runs: the host's interrupts cause entries, too. */
static unsigned int fewest_entries(struct kvm_vcpu *vcpu, uint32_t insn)
{
	unsigned int i, n, fewest = ~0U;

	for (i = 0; i < 10; i++) {
		n = entries(vcpu, insn);
		fewest = n < fewest ? n : fewest;
	}
	return fewest;
}

static void guest_is_not_left(void)
{
	static const uint32_t insns[] = {
		DBGDIDR(0xe, 0), ACTLR(0xe, 3), INSN_MCR(0xe, 15, 0, 2, 1, 0, 1),
		/* read and write PMCR */
		INSN_MRC(0xe, 15, 0, 1, 9, 12, 0), INSN_MCR(0xe, 15, 0, 1, 9, 12, 0),
	};
	struct kvm_vcpu *slow = create("N"), *fast = create("Y");
	unsigned int i, none = fewest_entries(fast, ARM_NOP);

	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		expect_equal(fewest_entries(fast, insns[i]), none, "entries for %08x",
			     insns[i]);
		expect_equal(fewest_entries(slow, insns[i]), none + 1,
			     "entries for %08x the slow way", insns[i]);
	}
	destroy(fast);
	destroy(slow);
}

/* Check that only Rt changes, to @value, and that the next instruction runs. */
static void expect_read_into(struct kvm_vcpu *vcpu, uint32_t insn, unsigned int rt,
			     uint32_t cpsr, uint32_t value)
{
	struct execute before = { .op = EXECUTE_INSN, .insn = insn, .cpsr = cpsr }, x;
	unsigned int i;

	for (i = 0; i < 15; i++)
		before.r[i] = 0xc0ffee00 + i;
	x = before;
	execute(vcpu, &x);
	expect_equal(x.count, 0, "%08x, CPSR %08x: exceptions", insn, cpsr);
	for (i = 0; i < 15; i++) {
		/* The report does not include SP. */
		if (i != 13)
			expect_equal(x.r[i], i == rt ? value : before.r[i],
				     "%08x, CPSR %08x: R%u", insn, cpsr, i);
	}
}

static void every_rt(void)
{
	static const uint32_t cpsrs[] = { SVC, FIQ, THUMB, FIQ | CPSR_T,
					  SVC | CPSR_E, CPSR_SYS | CPSR_MASKED };
	struct kvm_vcpu *vcpu = create("Y");
	uint32_t actlr = vcpu_get_reg(vcpu, REG(ACTLR));
	unsigned int rt, i;

	for (i = 0; i < ARRAY_SIZE(cpsrs); i++) {
		for (rt = 0; rt < 15; rt++) {
			if (rt == 13)
				continue;
			expect_read_into(vcpu, ACTLR(0xe, rt), rt, cpsrs[i], actlr);
			expect_read_into(vcpu, DBGDIDR(0xe, rt), rt, cpsrs[i], 0);
		}
	}
	destroy(vcpu);
}

static uint64_t read_reg(struct kvm_vcpu *vcpu, uint64_t id)
{
	uint64_t value = 0;

	expect(guest_read(vcpu, id, &value), "undefined");
	return value;
}

/* ACTLR must follow user space and the number of vcpus, as the slow trap does. */
static void follows(void)
{
	struct kvm_vcpu *vcpu = create("Y");
	uint64_t actlr = read_reg(vcpu, REG(ACTLR));

	expect_equal(actlr, vcpu_get_reg(vcpu, REG(ACTLR)), "ACTLR");
	vcpu_set_reg(vcpu, REG(ACTLR), actlr ^ 0x100);
	expect_equal(read_reg(vcpu, REG(ACTLR)), actlr ^ 0x100, "ACTLR as user space set it");

	/* ACTLR may have a bit that depends on the number of vcpus. */
	vcpu_create(vcpu->vm, 1);
	expect_equal(read_reg(vcpu, REG(ACTLR)), vcpu_get_reg(vcpu, REG(ACTLR)),
		     "ACTLR with two vcpus");
	destroy(vcpu);
}

static const struct test tests[] = {
	{ "each access has the answer, and the count, that it has without fast traps",
	  same_answers },
	{ "an access without side effects does not leave the guest", guest_is_not_left },
	{ "an answer goes into the register named, of the mode, and into no other",
	  every_rt },
	{ "answers follow what user space sets, and the number of vcpus", follows },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
