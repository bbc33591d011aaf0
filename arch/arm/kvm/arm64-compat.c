// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that the files of arch/arm64/kvm compiled here call and that 32-bit
 * ARM implements in its own way. See asm/kvm_arm64_compat.h.
 */
#include <linux/kvm_host.h>
#include <linux/perf/arm_pmu.h>

#include <asm/kvm_emulate.h>

#include <kvm/arm_hypercalls.h>

#include "main.h"

u32 kvm_get_vmid_bits(void)
{
	return VTTBR_VMID_BITS;
}

/* Spectre state that hypercalls.c reports to guests */
int arm64_get_spectre_v2_state(void)
{
	return kvm_spectre_v2_state();
}

int arm64_get_spectre_v4_state(void)
{
	return kvm_spectre_v4_state();
}

/*
 * Branch history selects among the predictor's entries, so emptying the
 * predictor mitigates Spectre-BHB, too; the firmware of Cortex-A57 and A72 does
 * the same. The host's own loop protects only the host's vectors.
 */
int arm64_get_spectre_bhb_state(void)
{
	return kvm_spectre_v2_state();
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
/* The host's PMU driver calls this; guests have no performance monitor. */
void kvm_host_pmu_init(struct arm_pmu *pmu)
{
}
#endif
