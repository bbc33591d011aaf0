// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions of a guest that exit, or could: each must have the right outcome
 * and the right registers.
 */
#include <string.h>

#include "execute.h"
#include "harness.h"

#define THUMB		(CPSR_SVC | CPSR_MASKED | CPSR_T)
#define USER		(CPSR_USR | CPSR_MASKED)
#define UNKNOWN_CALL	0x8765dead
#define NO_MEMORY	0x20000000
#define IT_EQ		0xbf08
#define ITE_EQ		0xbf0c

static struct kvm_vcpu *vcpu;

static void create(void)
{
	vcpu = execute_create(1)->vcpus[0];
}

static void destroy(void)
{
	vm_free(vcpu->vm);
}

/* Return the address at which exec() executes instructions. */
static uint32_t slot(uint32_t cpsr)
{
	struct execute x = {
		.insn = cpsr & CPSR_T ? 0xf3af8000 : ARM_NOP,
		.cpsr = cpsr,
	};

	execute(vcpu, &x);
	return x.pc;
}

/* Prepare an order with known registers, so that changes show. */
static struct execute order(uint32_t insn, uint32_t cpsr)
{
	struct execute x = {
		.insn = insn,
		.cpsr = cpsr,
		.armed = VECTOR(UNDEF) | VECTOR(SVC) | VECTOR(PABT) |
			 VECTOR(DABT),
	};
	unsigned int i;

	for (i = 0; i < 15; i++)
		x.r[i] = 0xa0a0a000 + i;
	return x;
}

static void expect_kept(const struct execute *before,
			const struct execute *after, unsigned int from,
			const char *what)
{
	unsigned int i;

	for (i = from; i < 15; i++)
		expect_equal(after->r[i], before->r[i], "%s: R%u", what, i);
}

static void expect_undef(uint32_t insn, uint32_t it, uint32_t cpsr,
			 const char *what)
{
	struct execute before = order(insn, cpsr), x;

	before.it = it;
	x = before;
	execute(vcpu, &x);
	expect_undefined(&before, &x, what);
	expect_equal(x.spsr & CPSR_IT, it ? (it & 0xf8) << 8 | (it & 4) << 8 : 0,
		     "%s: IT state in SPSR_und", what);
}

static const struct {
	const char *name;
	uint32_t insn;
	uint32_t it;
	uint32_t cpsr;
	const char *stat;
} calls[] = {
	{ "HVC", 0xe1400070, 0, CPSR_SVC | CPSR_MASKED, "hvc_exit_stat" },
	{ "HVC #0x1234", 0xe1412374, 0, CPSR_SVC | CPSR_MASKED,
	  "hvc_exit_stat" },
	{ "HVC in Thumb state", 0xf7e08000, 0, THUMB, "hvc_exit_stat" },
	{ "HVC in System mode", 0xe1400070, 0, CPSR_SYS | CPSR_MASKED,
	  "hvc_exit_stat" },
	{ "SMC", 0xe1600070, 0, CPSR_SVC | CPSR_MASKED, "smc_exit_stat" },
	{ "SMC in Thumb state", 0xf7f08000, 0, THUMB, "smc_exit_stat" },
	{ "SMC in an IT block", 0xf7f08000, IT_EQ, THUMB | CPSR_Z,
	  "smc_exit_stat" },
	{ "SMC in FIQ mode", 0xe1600070, 0, CPSR_FIQ | CPSR_MASKED,
	  "smc_exit_stat" },
};

static void call(unsigned int i, uint32_t function, uint32_t want)
{
	struct execute before = order(calls[i].insn, calls[i].cpsr), x;
	uint64_t exits = vcpu_stat(vcpu, calls[i].stat);

	before.it = calls[i].it;
	before.r[0] = function;
	x = before;
	execute(vcpu, &x);
	expect_equal(x.count, 0, "%s: exceptions", calls[i].name);
	expect_equal(x.r[0], want, "%s: R0", calls[i].name);
	expect_kept(&before, &x, 4, calls[i].name);
	expect_equal(vcpu_stat(vcpu, calls[i].stat) - exits, 1, "%s: exits",
		     calls[i].name);
}

static void unknown_calls(void)
{
	unsigned int i;

	create();
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		call(i, UNKNOWN_CALL, -1);
		call(i, 0, -1);
		call(i, 0xffffffff, -1);
		/* An unknown function in the range of PSCI */
		call(i, 0x8400001f, -1);
	}
	destroy();
}

static void psci_calls(void)
{
	unsigned int i;

	create();
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		call(i, 0x84000000, 0x10001);	/* PSCI_VERSION */
	destroy();
}

static void user_calls(void)
{
	create();
	expect_undef(0xe1400070, 0, USER, "HVC in User mode");
	expect_undef(0xe1600070, 0, USER, "SMC in User mode");
	expect_undef(0xf7e08000, 0, USER | CPSR_T, "Thumb HVC in User mode");
	destroy();
}

/*
 * With Z set, the conditions fail: the instructions must have no effect,
 * trapped or not.
 */
static void failed_conditions(void)
{
	static const uint32_t insns[] = {
		0x11600070,		/* smcne */
		0x1e100f30,		/* mrcne p15, 0, r0, c0, c0, 1: CTR */
		0x1e010f30,		/* mcrne p15, 0, r0, c1, c0, 1: ACTLR */
		0x1e100e10,		/* mrcne p14, 0, r0, c0, c0, 0 */
		0x1c510e00,		/* mrrcne p14, 0, r0, r1, c0 */
		0x1320f003,		/* wfine */
		0x15810000,		/* strne r0, [r1] */
	};
	unsigned int i;

	create();
	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		struct execute x, before = order(insns[i], CPSR_SVC | CPSR_Z |
						 CPSR_MASKED);

		before.r[1] = NO_MEMORY;
		x = before;
		execute(vcpu, &x);
		expect_equal(x.count, 0, "%08x: exceptions", insns[i]);
		expect_kept(&before, &x, 0, "condition failed");
	}
	destroy();
}

/* Undefined instructions, in ARM and Thumb state, in and outside of IT blocks */
static void undefined(void)
{
	create();
	expect_undef(ARM_UDF, 0, CPSR_SVC | CPSR_MASKED, "UDF");
	expect_undef(ARM_UDF, 0, CPSR_SYS | CPSR_MASKED | CPSR_N | CPSR_C,
		     "UDF in System mode");
	expect_undef(ARM_UDF, 0, USER, "UDF in User mode");
	expect_undef(0xf7f0a000, 0, THUMB, "Thumb UDF.W");
	expect_undef(0xde00, 0, THUMB, "Thumb UDF");
	expect_undef(0xf7f0a000, IT_EQ, THUMB | CPSR_Z, "UDF.W in IT EQ");
	expect_undef(0xf7f0a000, ITE_EQ, THUMB | CPSR_Z, "UDF.W in ITE EQ");
	expect_undef(0xde00, IT_EQ, THUMB | CPSR_Z, "UDF in IT EQ");
	/* Coprocessor 15 has no register c15, c15, 7. */
	expect_undef(0xeeff0fff, 0, CPSR_SVC | CPSR_MASKED, "MRC c15");
	expect_undef(0xeeff0fff, 0, THUMB, "Thumb MRC c15");
	expect_undef(0xeeff0fff, IT_EQ, THUMB | CPSR_Z, "MRC c15 in IT EQ");
	destroy();
}

/*
 * LDC and STC of CP14; MRC, MCR, MRRC, MCRR, CDP, LDC and STC of other
 * coprocessors
 */
static void no_coprocessor(void)
{
	static const uint32_t insns[] = {
		0xee110010, 0xee010010, 0xec510000, 0xec410000, 0xee010000,
		0xed910000, 0xed810000,
	};
	char name[32];
	unsigned int cp, i;

	create();
	expect_undef(0xed915e00, 0, CPSR_SVC | CPSR_MASKED, "LDC p14");
	expect_undef(0xed815e00, 0, CPSR_SVC | CPSR_MASKED, "STC p14");
	expect_undef(0xed915e00, 0, THUMB, "Thumb LDC p14");
	expect_undef(0xed815e00, 0, USER, "STC p14 in User mode");
	for (cp = 0; cp < 14; cp++) {
		if (cp == 10 || cp == 11)
			continue;
		for (i = 0; i < ARRAY_SIZE(insns); i++) {
			snprintf(name, sizeof(name), "%08x",
				 insns[i] | cp << 8);
			expect_undef(insns[i] | cp << 8, 0,
				     CPSR_SVC | CPSR_MASKED, name);
			expect_undef(insns[i] | cp << 8, 0, THUMB, name);
		}
	}
	destroy();
}

static void supervisor_call(void)
{
	struct execute x;
	uint64_t exits, irqs, mmio;

	create();
	slot(0);
	exits = vcpu_stat(vcpu, "exits");
	irqs = vcpu_stat(vcpu, "irq_exit_stat");
	mmio = vcpu_stat(vcpu, "mmio_exit_user");
	x = order(0xef123456, USER);
	execute(vcpu, &x);
	expect_equal(x.count, 1, "exceptions");
	expect_equal(x.vector, GUEST_VEC_SVC, "vector");
	expect_equal(x.lr, x.pc + 4, "LR_svc");
	expect_equal(x.spsr, USER, "SPSR_svc");
	expect_equal(vcpu_stat(vcpu, "mmio_exit_user") - mmio, 1, "MMIO exits");
	/* All other exits are for interrupts of the host. */
	exits = vcpu_stat(vcpu, "exits") - exits;
	irqs = vcpu_stat(vcpu, "irq_exit_stat") - irqs;
	expect_equal(exits, 1 + irqs, "exits");
	destroy();
}

static void breakpoint(void)
{
	struct execute x;

	create();
	/* The handler returns to LR. */
	x = order(0xe1200070, CPSR_SYS | CPSR_MASKED);
	x.r[14] = slot(0) + 4;
	execute(vcpu, &x);
	expect_equal(x.count, 1, "exceptions");
	expect_equal(x.vector, GUEST_VEC_PABT, "vector");
	expect_equal(x.fault_pc, x.pc, "address");
	expect_equal(x.ifsr & 0x40f, 2, "IFSR: debug event");
	x = order(0xbe00, CPSR_SYS | CPSR_MASKED | CPSR_T);
	x.r[14] = (slot(THUMB) + 2) | 1;
	execute(vcpu, &x);
	expect_equal(x.count, 1, "exceptions in Thumb state");
	expect_equal(x.vector, GUEST_VEC_PABT, "vector in Thumb state");
	destroy();
}

/* Without Jazelle, BXJ changes state as BX does. */
static void bxj(void)
{
	struct execute x;

	create();
	x = order(0xe12fff22, CPSR_SVC | CPSR_MASKED);
	x.r[2] = slot(0) + 4;
	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions");
	/* Also execute it in User mode, and with a false condition. */
	x = order(0x112fff22, USER | CPSR_Z);
	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions of BXJNE");
	destroy();
}

static void hints(void)
{
	static const struct {
		const char *name;
		uint32_t insn;
		uint32_t cpsr;
	} hint[] = {
		{ "WFE", 0xe320f002, CPSR_SVC | CPSR_MASKED },
		{ "WFE in User mode", 0xe320f002, USER },
		{ "WFE in Thumb state", 0xbf20, THUMB },
		{ "WFE.W", 0xf3af8002, THUMB },
		{ "SEV", 0xe320f004, USER },
		{ "YIELD", 0xe320f001, USER },
		{ "DBG", 0xe320f0f0, USER },
	};
	unsigned int i, n;

	create();
	for (i = 0; i < ARRAY_SIZE(hint); i++) {
		for (n = 0; n < 3; n++) {
			struct execute x, before;

			before = order(hint[i].insn, hint[i].cpsr);
			x = before;
			execute(vcpu, &x);
			expect_equal(x.count, 0, "%s: exceptions",
				     hint[i].name);
			expect_kept(&before, &x, 0, hint[i].name);
		}
	}
	destroy();
}

/* MRC to APSR sets the flags to the upper bits of the value. */
static void flags(void)
{
	struct execute x;
	uint32_t ctr;

	create();
	ctr = vcpu_get_reg(vcpu, REG(CTR));
	x = order(0xee10ff30, CPSR_SVC | CPSR_MASKED | CPSR_Z);
	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions");
	expect_equal(x.cpsr & 0xf0000000, ctr & 0xf0000000, "flags");
	destroy();
}

static const struct {
	const char *name;
	uint32_t insn;
	uint64_t id;
} vfp_ids[] = {
	{ "FPSID", 0xeef00a10, KVM_REG_ARM_VFP_FPSID },
	{ "MVFR0", 0xeef70a10, KVM_REG_ARM_VFP_MVFR0 },
	{ "MVFR1", 0xeef60a10, KVM_REG_ARM_VFP_MVFR1 },
};

static void vfp_identification(void)
{
	struct execute before, x;
	uint64_t exits, id;
	unsigned int i;

	create();
	for (i = 0; i < ARRAY_SIZE(vfp_ids); i++)
		expect_undef(vfp_ids[i].insn, 0, CPSR_SVC | CPSR_MASKED,
			     "VMRS without access to VFP");
	execute_op(vcpu, EXECUTE_VFP_ON, 0);
	for (i = 0; i < ARRAY_SIZE(vfp_ids); i++) {
		id = KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |
		     vfp_ids[i].id;
		exits = vcpu_stat(vcpu, "vfp_exit_stat");
		before = order(vfp_ids[i].insn, CPSR_SVC | CPSR_MASKED);
		x = before;
		execute(vcpu, &x);
		expect_equal(x.count, 0, "%s: exceptions", vfp_ids[i].name);
		expect_equal(x.r[0], vcpu_get_reg(vcpu, id), "%s",
			     vfp_ids[i].name);
		expect_kept(&before, &x, 1, vfp_ids[i].name);
		expect_equal(vcpu_stat(vcpu, "vfp_exit_stat") - exits, 1,
			     "%s: exits", vfp_ids[i].name);
		expect_undef(vfp_ids[i].insn, 0, USER, "VMRS in User mode");
	}
	/* vmsr fpsid, r0: only a barrier */
	before = order(0xeee00a10, CPSR_SVC | CPSR_MASKED);
	x = before;
	execute(vcpu, &x);
	expect_equal(x.count, 0, "VMSR FPSID: exceptions");
	expect_kept(&before, &x, 0, "VMSR FPSID");
	destroy();
}

static void vfp_disabled(void)
{
	create();
	/* vmrs r0, fpscr; vmov r0, r1, d0; vadd.i32 q0, q0, q0 */
	expect_undef(0xeef10a10, 0, CPSR_SVC | CPSR_MASKED, "VMRS FPSCR");
	expect_undef(0xec510b10, 0, CPSR_SVC | CPSR_MASKED, "VMOV");
	expect_undef(0xf2200840, 0, CPSR_SVC | CPSR_MASKED, "VADD");
	expect_undef(0xec510b10, 0, USER, "VMOV in User mode");
	destroy();
}

static const struct test tests[] = {
	{ "unknown SMC and HVC return -1 and go on behind the instruction",
	  unknown_calls },
	{ "SMC and HVC call PSCI in each mode and state", psci_calls },
	{ "SMC and HVC of User mode are undefined", user_calls },
	{ "instructions whose condition fails do nothing",
	  failed_conditions },
	{ "undefined instructions are so once, IT state included", undefined },
	{ "coprocessors that are not there are undefined", no_coprocessor },
	{ "SVC is the guest's own", supervisor_call },
	{ "BKPT is a prefetch abort of the guest", breakpoint },
	{ "BXJ branches", bxj },
	{ "hints do nothing", hints },
	{ "MRC to the flags sets them", flags },
	{ "FPSID, MVFR0 and MVFR1 are exits and read as in user space",
	  vfp_identification },
	{ "VFP is undefined until the guest enables it", vfp_disabled },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
