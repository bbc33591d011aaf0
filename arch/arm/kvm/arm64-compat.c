// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that the files of arch/arm64/kvm used here call and that 32-bit
 * ARM answers in its own way. See asm/kvm_arm64_compat.h.
 */
#include <linux/kvm_host.h>

#include <asm/cputype.h>
#include <asm/system_misc.h>

#include <kvm/arm_hypercalls.h>

/*
 * What a guest is told it has to do about its own branch predictor. Only
 * Cortex-A15 is affected; this CPU's hardening covers a change of guest.
 */
int arm64_get_spectre_v2_state(void)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct cpuinfo_arm *info = &per_cpu(cpu_data, cpu);

		if ((info->cpuid & ARM_CPU_PART_MASK) ==
		    ARM_CPU_PART_CORTEX_A15)
			return SPECTRE_VULNERABLE;
	}

	return SPECTRE_UNAFFECTED;
}

/* Neither Cortex-A7 nor Cortex-A15 bypasses stores speculatively */
int arm64_get_spectre_v4_state(void)
{
	return SPECTRE_UNAFFECTED;
}

int arm64_get_spectre_bhb_state(void)
{
	return arm64_get_spectre_v2_state();
}

long kvm_hypercall_pv_features(struct kvm_vcpu *vcpu)
{
	return SMCCC_RET_NOT_SUPPORTED;
}

u64 kvm_init_stolen_time(struct kvm_vcpu *vcpu)
{
	return INVALID_GPA;
}
