// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handle guest exits, by the exception class of HSR (ARM DDI 0406C, B3.13.6).
 */
#include <linux/kvm_host.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include <kvm/arm_hypercalls.h>
#include <kvm/arm_psci.h>

#include "main.h"
#include "trace.h"

static int handle_unknown(struct kvm_vcpu *vcpu)
{
	vcpu_debug_ratelimited(vcpu, "unknown exit, HSR %08x\n",
			       kvm_vcpu_get_esr(vcpu));
	kvm_inject_undefined(vcpu);
	return 1;
}

/* HCR.TWI, HCR.TWE */
static int handle_wfx(struct kvm_vcpu *vcpu)
{
	bool wfe = kvm_vcpu_get_esr(vcpu) & HSR_WFE;

	trace_kvm_wfx(*vcpu_pc(vcpu), wfe);
	kvm_incr_pc(vcpu);

	if (wfe) {
		vcpu->stat.wfe_exit_stat++;
		kvm_vcpu_on_spin(vcpu, vcpu_mode_priv(vcpu));
	} else {
		vcpu->stat.wfi_exit_stat++;
		kvm_vcpu_wfi(vcpu);
	}

	return 1;
}

/*
 * ARCH_WORKAROUND_1 and 3 have nothing to do: where KVM offers them, the guest's
 * exit has already invalidated the branch predictor (hyp/entry.S). arm64 handles
 * them in Hyp mode, so hypercalls.c does not.
 */
static int smccc_call(struct kvm_vcpu *vcpu)
{
	switch (smccc_get_function(vcpu)) {
	case ARM_SMCCC_ARCH_WORKAROUND_1:
	case ARM_SMCCC_ARCH_WORKAROUND_3:
		if (kvm_spectre_v2_state() == SPECTRE_VULNERABLE)
			break;
		smccc_set_retval(vcpu, SMCCC_RET_SUCCESS, 0, 0, 0);
		return 1;
	}

	return kvm_smccc_call_handler(vcpu);
}

/* The preferred return address of HVC is the next instruction: do not skip. */
static int handle_hvc(struct kvm_vcpu *vcpu)
{
	vcpu->stat.hvc_exit_stat++;
	trace_kvm_hvc(*vcpu_pc(vcpu), vcpu_get_reg(vcpu, 0),
		      kvm_vcpu_get_esr(vcpu) & HSR_HVC_IMM);

	return smccc_call(vcpu);
}

/* HCR.TSC traps SMC before it executes: skip it. */
static int handle_smc(struct kvm_vcpu *vcpu)
{
	vcpu->stat.smc_exit_stat++;
	trace_kvm_hvc(*vcpu_pc(vcpu), vcpu_get_reg(vcpu, 0), 0);
	kvm_incr_pc(vcpu);

	return smccc_call(vcpu);
}

/* HCPTR.TCPn: fixup_exit() handles VFP, and guests have no other coprocessor. */
static int handle_cp_0_13(struct kvm_vcpu *vcpu)
{
	vcpu->stat.vfp_exit_stat++;
	kvm_inject_undefined(vcpu);
	return 1;
}

typedef int (*exit_handler)(struct kvm_vcpu *vcpu);

/* No control that KVM sets traps with any other class. */
static const exit_handler exit_handlers[HSR_EC_MAX + 1] = {
	[HSR_EC_WFI]		= handle_wfx,
	[HSR_EC_CP15_32]	= kvm_handle_cp15_32,
	[HSR_EC_CP15_64]	= kvm_handle_cp15_64,
	[HSR_EC_CP14_MR]	= kvm_handle_cp14_32,
	[HSR_EC_CP14_LS]	= kvm_handle_cp14_ls,
	[HSR_EC_CP_0_13]	= handle_cp_0_13,
	[HSR_EC_CP10_ID]	= kvm_handle_cp10_id,
	[HSR_EC_CP14_64]	= kvm_handle_cp14_64,
	[HSR_EC_HVC]		= handle_hvc,
	[HSR_EC_SMC]		= handle_smc,
	[HSR_EC_IABT]		= kvm_handle_guest_abort,
	[HSR_EC_DABT]		= kvm_handle_guest_abort,
};

static int handle_trap(struct kvm_vcpu *vcpu)
{
	exit_handler handler;

	handler = exit_handlers[kvm_vcpu_trap_get_class(vcpu)];
	if (!handler)
		return handle_unknown(vcpu);

	if (!kvm_condition_valid(vcpu)) {
		kvm_incr_pc(vcpu);
		return 1;
	}

	return handler(vcpu);
}

/**
 * kvm_handle_exit() - handle a guest's exit
 * @vcpu: the vcpu
 * @exit: what __kvm_vcpu_run() returned
 *
 * Context: may sleep.
 * Return: 1 to run the guest again, 0 to return to user space, or an error.
 */
int kvm_handle_exit(struct kvm_vcpu *vcpu, int exit)
{
	switch (exit) {
	case ARM_EXCEPTION_IRQ:
	case ARM_EXCEPTION_FIQ:
		return 1;
	case ARM_EXCEPTION_HYP_TRAP:
		return handle_trap(vcpu);
	default:
		vcpu->run->exit_reason = KVM_EXIT_INTERNAL_ERROR;
		vcpu->run->internal.suberror =
			KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON;
		vcpu->run->internal.ndata = 1;
		vcpu->run->internal.data[0] = exit;
		return 0;
	}
}
