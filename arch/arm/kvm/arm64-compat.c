// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that the files of arch/arm64/kvm used here call and that 32-bit
 * ARM answers in its own way. See asm/kvm_arm64_compat.h.
 */
#include <linux/kvm_host.h>
#include <linux/perf/arm_pmu.h>

#include <asm/kvm_emulate.h>

#include <kvm/arm_hypercalls.h>

#include "main.h"

/* What a guest is told of its own branch predictor */
int arm64_get_spectre_v2_state(void)
{
	return kvm_spectre_v2_state();
}

int arm64_get_spectre_v4_state(void)
{
	return kvm_spectre_v4_state();
}

/*
 * History that selects among a branch predictor's entries is of no use when
 * there are none: what empties it is good for both, as the firmware of
 * Cortex-A57 and A72 has it. The host's own loop is for its vectors only.
 */
int arm64_get_spectre_bhb_state(void)
{
	return kvm_spectre_v2_state();
}

/**
 * kvm_arm_smccc_call() - SMC or HVC of a guest
 * @vcpu: the vcpu
 *
 * The calls for the branch predictor have nothing left to do: where they are
 * offered, the guest's exit was what they are for (hyp/entry.S). arm64 answers
 * them in Hyp mode, so that hypercalls.c does not know them.
 *
 * Return: as kvm_handle_exit().
 */
int kvm_arm_smccc_call(struct kvm_vcpu *vcpu)
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

long kvm_hypercall_pv_features(struct kvm_vcpu *vcpu)
{
	return SMCCC_RET_NOT_SUPPORTED;
}

u64 kvm_init_stolen_time(struct kvm_vcpu *vcpu)
{
	return INVALID_GPA;
}

#ifdef CONFIG_ARM_PMU
/* The host's driver offers its counters; guests have no performance monitor */
void kvm_host_pmu_init(struct arm_pmu *pmu)
{
}
#endif
