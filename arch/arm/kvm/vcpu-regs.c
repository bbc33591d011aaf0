// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vcpu's registers by its mode, and the condition of an instruction by its CPSR.
 */
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>
#include <asm/opcodes.h>

static u32 *banked_sp(struct kvm_regs *regs, u32 mode)
{
	switch (mode) {
	case FIQ_MODE:
		return (u32 *)&regs->KVM_ARM_FIQ_sp;
	case IRQ_MODE:
		return (u32 *)&regs->KVM_ARM_IRQ_sp;
	case SVC_MODE:
		return (u32 *)&regs->KVM_ARM_SVC_sp;
	case ABT_MODE:
		return (u32 *)&regs->KVM_ARM_ABT_sp;
	case UND_MODE:
		return (u32 *)&regs->KVM_ARM_UND_sp;
	default:
		return (u32 *)&regs->usr_regs.ARM_sp;
	}
}

/**
 * vcpu_banked_reg() - find a register of a vcpu's current mode
 * @vcpu: the vcpu
 * @reg: 0 to 15
 *
 * See ARM DDI 0406C, B1.3.2.
 *
 * Return: a pointer to the register's value.
 */
u32 *vcpu_banked_reg(struct kvm_vcpu *vcpu, u8 reg)
{
	struct kvm_regs *regs = vcpu_gp_regs(vcpu);
	u32 mode = *vcpu_cpsr(vcpu) & MODE_MASK;

	if (reg >= 8 && reg <= 12 && mode == FIQ_MODE)
		return (u32 *)&regs->fiq_regs[reg - 8];
	/* LR of a mode follows its SP. */
	if (reg == 13 || reg == 14)
		return banked_sp(regs, mode) + (reg - 13);

	return (u32 *)&regs->usr_regs.uregs[reg & 15];
}

/**
 * vcpu_banked_spsr() - find the SPSR of a vcpu's current mode
 * @vcpu: the vcpu, in a mode that has an SPSR
 *
 * Return: a pointer to its value.
 */
u32 *vcpu_banked_spsr(struct kvm_vcpu *vcpu)
{
	/* SPSR of a mode follows its LR. */
	return vcpu_banked_reg(vcpu, 14) + 1;
}

/**
 * kvm_condition_holds() - evaluate the condition of an instruction
 * @vcpu: the vcpu, at the instruction
 * @cond: the condition as encoded, or -1 for that of the IT block, if any
 *
 * Return: true if the condition holds.
 */
bool kvm_condition_holds(const struct kvm_vcpu *vcpu, int cond)
{
	u32 cpsr = *vcpu_cpsr(vcpu), it;

	if (cond < 0) {
		it = (cpsr >> 8 & 0xfc) | (cpsr >> 25 & 0x3);
		if (!it)
			return true;
		cond = it >> 4;
	}

	return arm_check_condition(cond << 28, cpsr) != ARM_OPCODE_CONDTEST_FAIL;
}

/**
 * kvm_condition_valid() - evaluate the condition of the trapped instruction
 * @vcpu: the vcpu
 *
 * An implementation may trap an instruction whose condition fails: ARM DDI
 * 0406C, B1.14.1.
 *
 * Return: true if the condition holds.
 */
bool kvm_condition_valid(const struct kvm_vcpu *vcpu)
{
	/* HSR has a condition if EC[5:4] is 0: ARM DDI 0406C, B3.13.6. */
	if (kvm_vcpu_trap_get_class(vcpu) & 0x30)
		return true;

	return kvm_condition_holds(vcpu, kvm_vcpu_get_condition(vcpu));
}
