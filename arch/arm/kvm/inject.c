// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inject exceptions into a guest.
 *
 * kvm_inject_*() only records; kvm_vcpu_apply_pending() delivers once: it takes
 * the recorded exception or else skips the trapped instruction, before the
 * guest runs and before user space sees its registers. kvm_inject_user_dabt() also
 * delivers, and HCR.VA leaves the asynchronous abort of kvm_inject_vabt() to the CPU.
 */
#include <linux/kvm_host.h>

#include <asm/cp15.h>
#include <asm/kvm_emulate.h>

#define VECTOR_UNDEFINED	0x04
#define VECTOR_PREFETCH_ABORT	0x0c
#define VECTOR_DATA_ABORT	0x10
#define HIGH_VECTORS		0xffff0000

/* Illegal Execution state, which ARMv8 adds to CPSR (ARM DDI 0487, G1.9) */
#define PSR_IL_BIT		BIT(20)

/* CPSR and SCTLR of ARMv8.1 and 8.5; without them, SPAN is one and DSSBS zero */
#define PSR_PAN_BIT		BIT(22)
#define PSR_SSBS_BIT		BIT(23)
#define SCTLR_SPAN		BIT(23)
#define SCTLR_DSSBS		BIT(31)

/* DFSR and IFSR (ARM DDI 0406C, B3.13.3); the LPAE bit selects the format */
#define FSR_LPAE		BIT(9)
#define FSR_SHORT_ALIGNMENT	0x001
#define FSR_SHORT_EXT_ABORT	0x008
#define FSR_SHORT_PARITY	0x409
/* WnR, DFSR only */
#define DFSR_WRITE		BIT(11)

/* Take an exception: ARM DDI 0406C, B1.9, and ARM DDI 0487, AArch32.EnterMode(). */
static void enter_exception(struct kvm_vcpu *vcpu, u32 mode, u32 vector,
			    u32 return_offset)
{
	u32 old = *vcpu_cpsr(vcpu), sctlr = vcpu_cp15(vcpu, SCTLR);
	u32 new = (old & ~(MODE_MASK | PSR_T_BIT | PSR_J_BIT | PSR_E_BIT |
			   PSR_IT_MASK | PSR_IL_BIT | PSR_SSBS_BIT)) | mode | PSR_I_BIT;

	if (mode == ABT_MODE)
		new |= PSR_A_BIT;
	if (sctlr & CR_TE)
		new |= PSR_T_BIT;
	if (sctlr & CR_EE)
		new |= PSR_E_BIT;
	if (!(sctlr & SCTLR_SPAN))
		new |= PSR_PAN_BIT;
	if (sctlr & SCTLR_DSSBS)
		new |= PSR_SSBS_BIT;

	*vcpu_cpsr(vcpu) = new;
	*vcpu_banked_spsr(vcpu) = old;
	vcpu_set_reg(vcpu, 14, *vcpu_pc(vcpu) + return_offset);
	*vcpu_pc(vcpu) = vector + ((sctlr & CR_V) ? HIGH_VECTORS :
						    vcpu_cp15(vcpu, VBAR));
}

static bool long_format(struct kvm_vcpu *vcpu)
{
	return vcpu_cp15(vcpu, TTBCR) & TTBCR_EAE;
}

static u32 abort_fsr(struct kvm_vcpu *vcpu, u8 fsc)
{
	if (long_format(vcpu))
		return FSR_LPAE | fsc;

	switch (fsc) {
	case FSC_ALIGNMENT:
		return FSR_SHORT_ALIGNMENT;
	case FSC_SECC:
		return FSR_SHORT_PARITY;
	default:
		return FSR_SHORT_EXT_ABORT;
	}
}

/**
 * kvm_vcpu_apply_pending() - take a pending exception, or skip an instruction
 * @vcpu: the vcpu, not in the guest
 */
void kvm_vcpu_apply_pending(struct kvm_vcpu *vcpu)
{
	if (!vcpu->arch.iflags)
		return;

	if (!vcpu_get_flag(vcpu, PENDING_EXCEPTION)) {
		kvm_skip_instr32(vcpu);
		vcpu->arch.iflags = 0;
		return;
	}

	switch (vcpu_get_flag(vcpu, EXCEPT_MASK)) {
	case unpack_vcpu_flag(EXCEPT_AA32_UND):
		enter_exception(vcpu, UND_MODE, VECTOR_UNDEFINED,
				*vcpu_cpsr(vcpu) & PSR_T_BIT ? 2 : 4);
		break;
	case unpack_vcpu_flag(EXCEPT_AA32_IABT):
		vcpu_cp15(vcpu, IFSR) = vcpu->arch.except_fsr;
		vcpu_cp15(vcpu, IFAR) = vcpu->arch.except_far;
		enter_exception(vcpu, ABT_MODE, VECTOR_PREFETCH_ABORT, 4);
		break;
	case unpack_vcpu_flag(EXCEPT_AA32_DABT):
		vcpu_cp15(vcpu, DFSR) = vcpu->arch.except_fsr;
		if (kvm_vcpu_trap_get_class(vcpu) == HSR_EC_DABT &&
		    kvm_vcpu_dabt_iswrite(vcpu))
			vcpu_cp15(vcpu, DFSR) |= DFSR_WRITE;
		vcpu_cp15(vcpu, DFAR) = vcpu->arch.except_far;
		enter_exception(vcpu, ABT_MODE, VECTOR_DATA_ABORT, 8);
		break;
	}

	vcpu->arch.iflags = 0;
}

/**
 * kvm_inject_undefined() - record an Undefined Instruction exception
 * @vcpu: the vcpu
 */
void kvm_inject_undefined(struct kvm_vcpu *vcpu)
{
	vcpu_set_flag(vcpu, EXCEPT_AA32_UND);
	vcpu_set_flag(vcpu, PENDING_EXCEPTION);
}

/**
 * kvm_inject_dabt_fsr() - record a data abort of the trapped access
 * @vcpu: the vcpu
 * @addr: for DFAR
 * @fsr: for DFSR, without WnR: HSR has the direction
 */
void kvm_inject_dabt_fsr(struct kvm_vcpu *vcpu, unsigned long addr, u32 fsr)
{
	vcpu->arch.except_far = addr;
	vcpu->arch.except_fsr = fsr;
	vcpu_set_flag(vcpu, EXCEPT_AA32_DABT);
	vcpu_set_flag(vcpu, PENDING_EXCEPTION);
}

/**
 * kvm_inject_dabt() - record an external abort of the trapped access
 * @vcpu: the vcpu
 * @addr: for DFAR
 */
void kvm_inject_dabt(struct kvm_vcpu *vcpu, unsigned long addr)
{
	kvm_inject_dabt_fsr(vcpu, addr, abort_fsr(vcpu, FSC_SEA));
}

/**
 * kvm_inject_user_dabt() - take an external abort that user space asked for
 * @vcpu: the vcpu
 *
 * Deliver the abort at once, since QEMU checks for it. In the short format QEMU
 * takes DFSR.WnR for a bit of the status and exits if it is set: clear it.
 */
void kvm_inject_user_dabt(struct kvm_vcpu *vcpu)
{
	kvm_inject_dabt(vcpu, kvm_vcpu_get_hfar(vcpu));
	kvm_vcpu_apply_pending(vcpu);
	if (!long_format(vcpu))
		vcpu_cp15(vcpu, DFSR) &= ~DFSR_WRITE;
}

/**
 * kvm_inject_pabt() - record an external abort of the instruction fetch
 * @vcpu: the vcpu
 * @addr: for IFAR
 */
void kvm_inject_pabt(struct kvm_vcpu *vcpu, unsigned long addr)
{
	vcpu->arch.except_far = addr;
	vcpu->arch.except_fsr = abort_fsr(vcpu, FSC_SEA);
	vcpu_set_flag(vcpu, EXCEPT_AA32_IABT);
	vcpu_set_flag(vcpu, PENDING_EXCEPTION);
}

/**
 * kvm_inject_abort() - record an abort of the trapped access or fetch
 * @vcpu: the vcpu, with the syndrome and the address of its exit
 * @fsc: FSC_SEA, FSC_SECC or FSC_ALIGNMENT
 */
void kvm_inject_abort(struct kvm_vcpu *vcpu, u8 fsc)
{
	if (kvm_vcpu_trap_is_iabt(vcpu))
		kvm_inject_pabt(vcpu, kvm_vcpu_get_hfar(vcpu));
	else
		kvm_inject_dabt(vcpu, kvm_vcpu_get_hfar(vcpu));
	vcpu->arch.except_fsr = abort_fsr(vcpu, fsc);
}

/**
 * kvm_inject_vabt() - inject an asynchronous abort
 * @vcpu: the vcpu
 *
 * HCR.VA keeps the abort pending in hardware until CPSR.A is clear.
 */
void kvm_inject_vabt(struct kvm_vcpu *vcpu)
{
	vcpu_hyp(vcpu)->hcr |= HCR_VA;
}
