// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spectre: what an exit from a guest does about it, and what guests are told.
 */
#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

#include <asm/cputype.h>
#include <asm/kvm_asm.h>
#include <asm/spectre.h>
#include <asm/system_misc.h>

#include "main.h"

/* SPECTRE_* of each CPU that KVM has been enabled on, 0 of another one */
static DEFINE_PER_CPU(int, spectre_v2);
static DEFINE_PER_CPU(int, spectre_v4);

/* Vectors that do what the host's own hardening does (arch/arm/mm/proc-v7-bugs.c) */
static u32 guest_vectors(void)
{
#ifdef CONFIG_HARDEN_BRANCH_PREDICTOR
	if (this_cpu_read(harden_branch_predictor_fn)) {
		switch (read_cpuid_part()) {
		case ARM_CPU_PART_CORTEX_A15:
		case ARM_CPU_PART_BRAHMA_B15:
			return (u32)__kvm_hyp_guest_vectors_iciallu;
		case ARM_CPU_PART_CORTEX_A12:
		case ARM_CPU_PART_CORTEX_A17:
		case ARM_CPU_PART_CORTEX_A73:
		case ARM_CPU_PART_CORTEX_A75:
			return (u32)__kvm_hyp_guest_vectors_bpiall;
		default:
			/* The host calls firmware if it hardens. Exits do not. */
			break;
		}
	}
#endif
	return (u32)__kvm_hyp_guest_vectors;
}

/*
 * Take a CPU for affected unless arch/arm/mm/proc-v7-bugs.c knows that it is not.
 */
static int v2_state(u32 vectors)
{
	switch (read_cpuid_part()) {
	case ARM_CPU_PART_CORTEX_A7:
	case ARM_CPU_PART_CORTEX_A53:
		return SPECTRE_UNAFFECTED;
	}

	return vectors == (u32)__kvm_hyp_guest_vectors ? SPECTRE_VULNERABLE :
							 SPECTRE_MITIGATED;
}

static int v4_state(void)
{
	switch (read_cpuid_part()) {
	case ARM_CPU_PART_CORTEX_A7:
	case ARM_CPU_PART_CORTEX_A12:
	case ARM_CPU_PART_CORTEX_A15:
	case ARM_CPU_PART_CORTEX_A17:
	case ARM_CPU_PART_CORTEX_A53:
		return SPECTRE_UNAFFECTED;
	default:
		return SPECTRE_VULNERABLE;
	}
}

/**
 * kvm_spectre_guest_vectors() - select the vectors for guests on this CPU
 *
 * Call when KVM is enabled on a CPU.
 *
 * Context: not preemptible.
 * Return: the address.
 */
u32 kvm_spectre_guest_vectors(void)
{
	u32 vectors = guest_vectors();

	this_cpu_write(spectre_v2, v2_state(vectors));
	this_cpu_write(spectre_v4, v4_state());

	return vectors;
}

static int worst(const int __percpu *state)
{
	int cpu, ret = SPECTRE_UNAFFECTED;

	static_assert(SPECTRE_UNAFFECTED == 0 && SPECTRE_MITIGATED < SPECTRE_VULNERABLE);

	for_each_possible_cpu(cpu)
		ret = max(ret, *per_cpu_ptr(state, cpu));

	return ret;
}

/**
 * kvm_spectre_v2_state() - tell what an exit does to the branch predictor
 *
 * The worst CPU that KVM has been enabled on decides.
 *
 * Return: SPECTRE_*; MITIGATED if an exit invalidates the branch predictor.
 */
int kvm_spectre_v2_state(void)
{
	return worst(&spectre_v2);
}

/**
 * kvm_spectre_v4_state() - tell whether loads may bypass stores speculatively
 *
 * Return: SPECTRE_VULNERABLE if a CPU of the host does so or may do so: KVM
 * does not offer the firmware's workaround to guests.
 */
int kvm_spectre_v4_state(void)
{
	return worst(&spectre_v4);
}
