// SPDX-License-Identifier: GPL-2.0-only
/*
 * The targets of KVM_ARM_VCPU_INIT: the CPUs that KVM knows, and the registers
 * whose values are implementation defined.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/kvm_host.h>
#include <linux/minmax.h>

#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/kvm_coproc.h>

#include "coproc.h"

/* ACTLR.SMP makes a core coherent with the others */
#define ACTLR_SMP	BIT(6)

/* The CPUs that KVM knows, with their implementation defined properties */
static const struct core {
	u32 part;
	u32 target;
	u8 features;
	u32 actlr_smp;
} cores[] = {
	{ ARM_CPU_PART_CORTEX_A15, KVM_ARM_TARGET_CORTEX_A15, COPROC_L2, ACTLR_SMP },
	{ ARM_CPU_PART_CORTEX_A7, KVM_ARM_TARGET_CORTEX_A7, COPROC_L2, ACTLR_SMP },
	{ ARM_CPU_PART_CORTEX_A12, KVM_ARM_TARGET_GENERIC_V7, COPROC_L2 | COPROC_A12, ACTLR_SMP },
	{ ARM_CPU_PART_CORTEX_A17, KVM_ARM_TARGET_GENERIC_V7, COPROC_L2 | COPROC_A12, ACTLR_SMP },
	{ ARM_CPU_PART_CORTEX_A53, KVM_ARM_TARGET_GENERIC_V7, COPROC_L2 },
	{ ARM_CPU_PART_CORTEX_A57, KVM_ARM_TARGET_GENERIC_V7, COPROC_L2 },
	{ ARM_CPU_PART_CORTEX_A72, KVM_ARM_TARGET_GENERIC_V7, COPROC_L2 },
};

/* SCTLR after reset, by target. SCTLR_V7_RES1 is RES0 from ARMv8 on */
#define SCTLR_V7_RES1	BIT(6)
static u32 reset_sctlrs[KVM_ARM_NUM_TARGETS] __ro_after_init = {
	[KVM_ARM_TARGET_CORTEX_A15]	= 0x00c50078,
	[KVM_ARM_TARGET_CORTEX_A7]	= 0x00c50878,
	[KVM_ARM_TARGET_GENERIC_V7]	= 0x00c50838,
};

/* kvm-arm.generic: also accept CPUs that are not in cores[] */
static bool generic __ro_after_init;

static int __init early_generic(char *arg)
{
	return kstrtobool(arg, &generic);
}
early_param("kvm-arm.generic", early_generic);

#define L2CTLR_CORES_SHIFT	24	/* number of cores, minus one */
#define L2CTLR_CORES		(3 << L2CTLR_CORES_SHIFT)

/* Of the CPU that started KVM */
static u32 host_part __ro_after_init;
static u32 host_actlr __ro_after_init;
static u32 actlr_smp __ro_after_init;
static u32 host_l2ctlr __ro_after_init;

static const struct core *core_of_part(u32 part)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cores); i++)
		if (cores[i].part == part)
			return &cores[i];

	return NULL;
}

/**
 * coproc_part_features() - return the implementation defined features of a CPU
 * @part: the CPU, as returned by read_cpuid_part()
 *
 * Return: a set of COPROC_*; 0 for a CPU that KVM does not know.
 */
u8 coproc_part_features(u32 part)
{
	const struct core *core = core_of_part(part);

	return core ? core->features : 0;
}

/**
 * coproc_capture_target() - capture the implementation defined values of this CPU
 *
 * Context: stays on this CPU.
 */
void __init coproc_capture_target(void)
{
	const struct core *core;

	host_part = read_cpuid_part();
	core = core_of_part(host_part);
	if (core) {
		actlr_smp = core->actlr_smp;
		host_l2ctlr = read_sysreg(__ACCESS_CP15(c9, 1, c0, 2));
	}
	host_actlr = read_sysreg(__ACCESS_CP15(c1, 0, c0, 1));
	reset_sctlrs[KVM_ARM_TARGET_GENERIC_V7] |= get_cr() & SCTLR_V7_RES1;
}

/**
 * coproc_actlr_smp() - return the bit of ACTLR that makes cores coherent
 *
 * Return: the bit, or 0 on CPUs that do not have it in ACTLR.
 */
u32 coproc_actlr_smp(void)
{
	return actlr_smp;
}

/**
 * kvm_target_of_part() - return the target of a CPU
 * @part: the CPU, as returned by read_cpuid_part()
 *
 * kvm-arm.generic=1 gives unknown CPUs the generic target.
 *
 * Return: KVM_ARM_TARGET_*, or -ENODEV.
 */
int kvm_target_of_part(u32 part)
{
	const struct core *core = core_of_part(part);

	if (core)
		return core->target;

	return generic ? KVM_ARM_TARGET_GENERIC_V7 : -ENODEV;
}

/**
 * kvm_target_cpu() - return the target that this host offers
 *
 * On a host with several kinds of CPU, use that of the CPU on which KVM started,
 * whose identification registers all guests see.
 *
 * Return: KVM_ARM_TARGET_*.
 */
u32 kvm_target_cpu(void)
{
	return kvm_target_of_part(host_part);
}

u64 reset_sctlr(struct kvm_vcpu *vcpu)
{
	return reset_sctlrs[vcpu->arch.target];
}

u64 reset_actlr(struct kvm_vcpu *vcpu)
{
	return host_actlr;
}

/*
 * ACTLR.SMP and L2CTLR: count vcpus when the guest reads. When the first one is
 * reset, the others usually do not exist yet.
 */
u64 read_actlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	u32 val = coproc_load(vcpu, r) & ~actlr_smp;

	if (atomic_read(&vcpu->kvm->online_vcpus) > 1)
		val |= actlr_smp;

	return val;
}

u64 reset_l2ctlr(struct kvm_vcpu *vcpu)
{
	return host_l2ctlr;
}

u64 read_l2ctlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	/* Vcpus may have any ids: those of this cluster can be fewer, or none. */
	int cores = atomic_read(&vcpu->kvm->online_vcpus) -
		    (int)round_down(vcpu->vcpu_id, COPROC_CLUSTER);
	u32 last = clamp(cores, 1, COPROC_CLUSTER) - 1;

	return (coproc_load(vcpu, r) & ~L2CTLR_CORES) | last << L2CTLR_CORES_SHIFT;
}
