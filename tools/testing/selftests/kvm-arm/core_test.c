// SPDX-License-Identifier: GPL-2.0
/*
 * Core and VFP registers keep their values, in user space and in the guest;
 * CPSR accepts the modes that a guest can be in, and no others.
 */
#include <errno.h>
#include <stdlib.h>

#include "execute.h"
#include "harness.h"

#define CPSR_ID		CORE_REG(usr_regs.ARM_cpsr)
#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define NR_CORE		(sizeof(struct kvm_regs) / sizeof(uint32_t))
#define CORE_ID(n)							\
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE | (n))
#define VFP_D(n)							\
	(KVM_REG_ARM | KVM_REG_SIZE_U64 | KVM_REG_ARM_VFP | (n))
#define VFP_SYS(name)							\
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |		\
	 KVM_REG_ARM_VFP_##name)

static struct kvm_vcpu *new_vcpu(void)
{
	struct kvm_vcpu *vcpu = vcpu_create(vm_create(), 0);

	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	return vcpu;
}

static bool is_guest_mode(unsigned int mode)
{
	switch (mode) {
	case CPSR_USR:
	case CPSR_FIQ:
	case CPSR_IRQ:
	case CPSR_SVC:
	case CPSR_ABT:
	case CPSR_UND:
	case CPSR_SYS:
		return true;
	default:
		return false;
	}
}

static void modes(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	unsigned int mode, accepted = 0;
	struct reg_dump *before;
	uint32_t cpsr;

	vcpu_set_reg(vcpu, CPSR_ID, CPSR_MASKED | CPSR_SVC);
	before = vcpu_dump(vcpu);
	for (mode = 0; mode < 32; mode++) {
		cpsr = CPSR_N | CPSR_MASKED | mode;
		if (is_guest_mode(mode)) {
			expect_errno(__vcpu_set_reg(vcpu, CPSR_ID, cpsr), 0,
				     "mode %#x", mode);
			expect_equal(vcpu_get_reg(vcpu, CPSR_ID), cpsr, "CPSR");
			vcpu_set_reg(vcpu, CPSR_ID, CPSR_MASKED | CPSR_SVC);
			accepted++;
		} else {
			expect_errno(__vcpu_set_reg(vcpu, CPSR_ID, cpsr),
				     -EINVAL, "mode %#x", mode);
		}
		expect_unchanged(vcpu, before, "a mode");
	}
	expect_equal(accepted, 7, "modes");
	free(before);
	vm_free(vcpu->vm);
}

static void core_registers(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	unsigned int i;

	for (i = 0; i < NR_CORE; i++)
		if (CORE_ID(i) != CPSR_ID)
			vcpu_set_reg(vcpu, CORE_ID(i), 0xc0de0000 + i * 4);
	for (i = 0; i < NR_CORE; i++)
		if (CORE_ID(i) != CPSR_ID)
			expect_equal(vcpu_get_reg(vcpu, CORE_ID(i)),
				     0xc0de0000 + i * 4, "core register %u", i);
	expect_errno(__vcpu_set_reg(vcpu, CORE_ID(NR_CORE), 0), -ENOENT,
		     "register past the last");
	vm_free(vcpu->vm);
}

/* Return the id of a banked register, by its number in struct execute's r. */
static uint64_t banked_id(uint32_t mode, unsigned int n)
{
	static const struct {
		uint32_t mode;
		unsigned int sp;
	} bank[] = {
		{ CPSR_SVC, KVM_REG_ARM_CORE_REG(svc_regs) },
		{ CPSR_ABT, KVM_REG_ARM_CORE_REG(abt_regs) },
		{ CPSR_UND, KVM_REG_ARM_CORE_REG(und_regs) },
		{ CPSR_IRQ, KVM_REG_ARM_CORE_REG(irq_regs) },
		{ CPSR_FIQ, KVM_REG_ARM_CORE_REG(fiq_regs) + 5 },
	};
	unsigned int i;

	if (mode == CPSR_FIQ && n >= 8 && n <= 12)
		return CORE_ID(KVM_REG_ARM_CORE_REG(fiq_regs) + n - 8);
	if (n >= 13)
		for (i = 0; i < ARRAY_SIZE(bank); i++)
			if (bank[i].mode == mode)
				return CORE_ID(bank[i].sp + n - 13);
	return CORE_ID(n);
}

/*
 * Store where the guest has no memory: the exit must show the registers of the
 * guest's mode, and the guest must continue with what user space sets.
 */
static void modes_in_guest(void)
{
	static const uint32_t all[] = { CPSR_USR, CPSR_FIQ, CPSR_IRQ, CPSR_SVC,
					CPSR_ABT, CPSR_UND, CPSR_SYS };
	struct kvm_vm *vm = execute_create(1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	unsigned int m, i;

	for (m = 0; m < ARRAY_SIZE(all); m++) {
		struct execute x = {
			.insn = 0xe5810000,	/* str r0, [r1] */
			.cpsr = CPSR_Z | CPSR_C | CPSR_MASKED | all[m],
		};
		uint64_t cpsr;

		for (i = 0; i < 15; i++)
			x.r[i] = 0xabc00000 + m * 256 + i;
		x.r[1] = 0x20000000;
		execute_begin(vcpu, &x);
		vcpu_expect(vcpu, GUEST_MMIO);
		cpsr = vcpu_get_reg(vcpu, CPSR_ID);
		expect_equal(cpsr & (CPSR_MODE | CPSR_Z | CPSR_C | CPSR_N),
			     CPSR_Z | CPSR_C | all[m], "CPSR");
		for (i = 0; i < 15; i++) {
			expect_equal(vcpu_get_reg(vcpu, banked_id(all[m], i)),
				     x.r[i], "mode %#x: R%u in user space",
				     all[m], i);
			vcpu_set_reg(vcpu, banked_id(all[m], i), ~x.r[i]);
		}
		vcpu_expect(vcpu, GUEST_SYNC);
		execute_end(vcpu, &x);
		expect_equal(x.count, 0, "exceptions");
		for (i = 0; i < 15; i++)
			expect_equal(x.r[i], i == 1 ? ~0x20000000U :
				     ~(0xabc00000U + m * 256 + i),
				     "mode %#x: R%u in the guest", all[m], i);
	}
	vm_free(vm);
}

/* MRS and MSR of each mode's SPSR */
static void spsr(void)
{
	static const struct {
		uint32_t mode;
		uint64_t id;
	} mode[] = {
		{ CPSR_FIQ, CORE_REG(fiq_regs[7]) },
		{ CPSR_IRQ, CORE_REG(irq_regs[2]) },
		{ CPSR_SVC, CORE_REG(svc_regs[2]) },
		{ CPSR_ABT, CORE_REG(abt_regs[2]) },
		{ CPSR_UND, CORE_REG(und_regs[2]) },
	};
	struct kvm_vm *vm = execute_create(1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mode); i++) {
		struct execute x = {
			.insn = 0xe14f0000,	/* mrs r0, spsr */
			.cpsr = CPSR_MASKED | mode[i].mode,
		};

		/* In Supervisor mode exec() itself is entered and left by an SVC. */
		vcpu_set_reg(vcpu, mode[i].id, 0x60000110 + i);
		execute(vcpu, &x);
		expect_equal(x.r[0], 0x60000110 + i, "SPSR of mode %#x",
			     mode[i].mode);
		if (mode[i].mode == CPSR_SVC)
			continue;
		x.insn = 0xe16ff000;		/* msr spsr_cxsf, r0 */
		x.r[0] = 0x90000153;
		execute(vcpu, &x);
		expect_equal(vcpu_get_reg(vcpu, mode[i].id), 0x90000153,
			     "SPSR of mode %#x as the guest set it",
			     mode[i].mode);
	}
	vm_free(vm);
}

static void vfp_data(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	uint64_t base = 0x0102030405060708ULL;
	unsigned int i, n = 16;
	uint64_t value;

	/* MVFR0.A_SIMD gives their number. */
	if ((vcpu_get_reg(vcpu, VFP_SYS(MVFR0)) & 0xf) == 2)
		n = 32;
	for (i = 0; i < n; i++)
		vcpu_set_reg(vcpu, VFP_D(i), base * (i + 1));
	for (i = 0; i < n; i++)
		expect_equal(vcpu_get_reg(vcpu, VFP_D(i)), base * (i + 1),
			     "d%u", i);
	expect_errno(__vcpu_get_reg(vcpu, VFP_D(n), &value), -ENOENT,
		     "register past the last");
	vm_free(vcpu->vm);
}

static void vfp_control(void)
{
	static const struct {
		const char *name;
		uint64_t id;
		uint32_t value;
	} reg[] = {
		{ "FPSCR", VFP_SYS(FPSCR), 0x03c00000 },
		{ "FPEXC", VFP_SYS(FPEXC), 0x40000000 },
		{ "FPINST", VFP_SYS(FPINST), 0xee000a00 },
		{ "FPINST2", VFP_SYS(FPINST2), 0xee300a00 },
	};
	struct kvm_vcpu *vcpu = new_vcpu();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(reg); i++)
		vcpu_set_reg(vcpu, reg[i].id, reg[i].value);
	for (i = 0; i < ARRAY_SIZE(reg); i++)
		expect_equal(vcpu_get_reg(vcpu, reg[i].id), reg[i].value, "%s",
			     reg[i].name);
	vm_free(vcpu->vm);
}

/* Encode vmov r0, r1, d(n) or vmov d(n), r0, r1. */
static uint32_t vmov(unsigned int n, bool to_vfp)
{
	return (to_vfp ? 0xec410b10 : 0xec510b10) | (n & 16) << 1 | (n & 15);
}

static void vfp_in_guest(void)
{
	struct kvm_vm *vm = execute_create(1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	const uint64_t base = 0x1122334455667788ULL;
	unsigned int i;

	execute_op(vcpu, EXECUTE_VFP_ON, 0);
	expect_equal(vcpu_get_reg(vcpu, VFP_SYS(FPEXC)), 1 << 30, "FPEXC");
	for (i = 0; i < 32; i++) {
		struct execute x = { .insn = vmov(i, false) };

		vcpu_set_reg(vcpu, VFP_D(i), base + i);
		execute(vcpu, &x);
		expect_equal(x.r[0] | (uint64_t)x.r[1] << 32, base + i,
			     "d%u in the guest", i);
		x.insn = vmov(i, true);
		x.r[0] = ~i;
		x.r[1] = i << 8;
		execute(vcpu, &x);
		expect_equal(vcpu_get_reg(vcpu, VFP_D(i)),
			     (uint64_t)i << 40 | ~i, "d%u as the guest set it",
			     i);
	}
	vm_free(vm);
}

/* vmrs r0, fpscr and vmsr fpscr, r0 */
static void fpscr_in_guest(void)
{
	struct kvm_vm *vm = execute_create(1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	struct execute x = { .insn = 0xeef10a10 };

	execute_op(vcpu, EXECUTE_VFP_ON, 0);
	vcpu_set_reg(vcpu, VFP_SYS(FPSCR), 0x63c00000);
	execute(vcpu, &x);
	expect_equal(x.r[0], 0x63c00000, "FPSCR in the guest");
	x.insn = 0xeee10a10;
	x.r[0] = 0x91000000;
	execute(vcpu, &x);
	expect_equal(vcpu_get_reg(vcpu, VFP_SYS(FPSCR)), 0x91000000,
		     "FPSCR as the guest set it");
	vm_free(vm);
}

/*
 * FPEXC.EX and FP2V announce FPINST and FPINST2. On these CPUs the two
 * registers are undefined, even in Hyp mode.
 */
static void fpexc_of_another_cpu(void)
{
	struct kvm_vm *vm = vm_create_guest("hello", 1);
	uint64_t fpexc;

	vcpu_set_reg(vm->vcpus[0], VFP_SYS(FPEXC), 0xffffffff);
	fpexc = vcpu_get_reg(vm->vcpus[0], VFP_SYS(FPEXC));
	expect_equal(fpexc & 0x90000000, 0, "EX and FP2V");
	expect_equal(fpexc & 0x40000000, 0x40000000, "EN");
	vcpu_expect(vm->vcpus[0], GUEST_SHUTDOWN);
	vm_free(vm);
}

static const struct test tests[] = {
	{ "the CPSR takes 7 modes and refuses 25", modes },
	{ "each core register holds a value of its own", core_registers },
	{ "guest and user space see the same registers in each mode",
	  modes_in_guest },
	{ "guest and user space see the same SPSR of each mode", spsr },
	{ "each VFP data register holds a value of its own", vfp_data },
	{ "each VFP control register holds a value of its own", vfp_control },
	{ "guest and user space see the same VFP data registers",
	  vfp_in_guest },
	{ "guest and user space see the same FPSCR", fpscr_in_guest },
	{ "a guest's FPEXC cannot make Hyp mode access what is undefined",
	  fpexc_of_another_cpu },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
