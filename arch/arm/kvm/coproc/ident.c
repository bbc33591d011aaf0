// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPU a guest has: identification registers, those of the host, of all its
 * CPUs, and those that a VM is given instead; the targets of KVM_ARM_VCPU_INIT.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/kvm_host.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/hwcap.h>
#include <asm/kvm_coproc.h>

#include "coproc.h"

/* What ACTLR has of the coherence between cores */
#define ACTLR_SMP	BIT(6)

/* The CPUs that KVM knows, and what of theirs the architecture leaves open */
static const struct core {
	u32 part;
	u32 target;
	u32 actlr_smp;
} cores[] = {
	{ ARM_CPU_PART_CORTEX_A15, KVM_ARM_TARGET_CORTEX_A15, ACTLR_SMP },
	{ ARM_CPU_PART_CORTEX_A7, KVM_ARM_TARGET_CORTEX_A7, ACTLR_SMP },
	{ ARM_CPU_PART_CORTEX_A12, KVM_ARM_TARGET_GENERIC_V7, ACTLR_SMP },
	{ ARM_CPU_PART_CORTEX_A17, KVM_ARM_TARGET_GENERIC_V7, ACTLR_SMP },
	{ ARM_CPU_PART_CORTEX_A53, KVM_ARM_TARGET_GENERIC_V7 },
	{ ARM_CPU_PART_CORTEX_A57, KVM_ARM_TARGET_GENERIC_V7 },
	{ ARM_CPU_PART_CORTEX_A72, KVM_ARM_TARGET_GENERIC_V7 },
};

/* SCTLR after reset, by target. SCTLR_V7_RES1 is RES0 from ARMv8 on */
#define SCTLR_V7_RES1	BIT(6)
static u32 reset_sctlrs[KVM_ARM_NUM_TARGETS] __ro_after_init = {
	[KVM_ARM_TARGET_CORTEX_A15]	= 0x00c50078,
	[KVM_ARM_TARGET_CORTEX_A7]	= 0x00c50878,
	[KVM_ARM_TARGET_GENERIC_V7]	= 0x00c50838,
};

/* Of CPUs that are not among the cores */
static bool generic __ro_after_init;

static int __init early_generic(char *arg)
{
	return kstrtobool(arg, &generic);
}
early_param("kvm-arm.generic", early_generic);

static const struct core *core_of_part(u32 part)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cores); i++)
		if (cores[i].part == part)
			return &cores[i];

	return NULL;
}

enum field_rule {
	FIELD_SAME,
	FIELD_LOWER,
	FIELD_LOWER_NOT_0,
	FIELD_HIGHER_OR_0,
	FIELD_FREE,
	FIELD_FIXED,
};

/* A rule, and the number of a fixed field */
#define FIELD_RULE_SAME		FIELD_SAME, 0
#define FIELD_RULE_LOWER	FIELD_LOWER, 0
#define FIELD_RULE_LOWER_NOT_0	FIELD_LOWER_NOT_0, 0
#define FIELD_RULE_HIGHER_OR_0	FIELD_HIGHER_OR_0, 0
#define FIELD_RULE_FREE		FIELD_FREE, 0
#define FIELD_RULE_FIXED(n)	FIELD_FIXED, (n)

#define FIELD_VALUE(rule, value)	value
#define FIELD_FITS(width, ...)		(FIELD_VALUE(__VA_ARGS__) < BIT_ULL(width))
#define FIELD(reg, name, low, width, rule) \
	static_assert((width) && (low) + (width) <= 32 && \
		      FIELD_FITS(width, FIELD_RULE_##rule), \
		      #reg "." #name " does not fit");

#include "fields.h"

#define FIELD(reg, name, low, width, rule) \
	{ COPROC_ID_##reg, low, width, FIELD_RULE_##rule },

/* The fields of fields.h; a slot and the lowest bit in it is where they are */
static const struct coproc_field {
	u8 slot;
	u8 low;
	u8 width;
	u8 rule;
	u8 value;
} fields[] = {
#include "fields.h"
};

#define CTR_L1IP_PIPT		GENMASK(15, 14)
#define ID_PFR0_STATE3		GENMASK(15, 12)
#define ID_MMFR4_HPDS		GENMASK(19, 16)
#define ID_ISAR5_SEVL		GENMASK(3, 0)

/* By slot: this CPU's, as it started KVM; what guests are told of the host */
static u32 host_ids[NR_COPROC_ID_SLOTS] __ro_after_init;
static u32 guest_ids[NR_COPROC_ID_SLOTS] __ro_after_init;

static u32 merge_field(const struct coproc_field *f, u32 a, u32 b)
{
	switch (f->rule) {
	case FIELD_LOWER:
		return min(a, b);
	case FIELD_LOWER_NOT_0:
		return a && b ? min(a, b) : max(a, b);
	case FIELD_HIGHER_OR_0:
		return a && b ? max(a, b) : 0;
	case FIELD_FIXED:
		return f->value;
	default:
		return a;
	}
}

static u32 merge_fields(unsigned int slot, u32 a, u32 b, bool free_is_b)
{
	const struct coproc_field *f;

	for (f = fields; f < fields + ARRAY_SIZE(fields); f++) {
		u32 mask = GENMASK(f->width - 1, 0);
		u32 field_a = a >> f->low & mask, field_b = b >> f->low & mask;

		if (f->slot != slot)
			continue;

		if (free_is_b && f->rule == FIELD_FREE)
			field_a = field_b;
		else
			field_a = merge_field(f, field_a, field_b);
		a = (a & ~(mask << f->low)) | field_a << f->low;
	}

	return a;
}

/**
 * coproc_merge_id() - an identification register that is right on two CPUs
 * @slot: COPROC_ID_*
 * @a: the register of the one
 * @b: that of the other
 *
 * Return: the value by the rules of fields.h; @a has what is in no field.
 */
u32 coproc_merge_id(unsigned int slot, u32 a, u32 b)
{
	return merge_fields(slot, a, b, false);
}

/* May a VM be told @val on a host that is @host? */
static bool allows(unsigned int slot, u32 host, u32 val)
{
	return merge_fields(slot, host, val, true) == val;
}

/* Those of CP10 need the VFP to be enabled on this CPU */
static void capture_ids(u32 *ids, bool with_vfp)
{
#define ID32(name, cp, crn, opc1, crm, opc2, ...)			\
	if ((cp) == 15 || with_vfp)					\
		asm volatile("mrc	p" #cp ", " #opc1 ", %0, c" #crn	\
			     ", c" #crm ", " #opc2			\
			     : "=r" (ids[COPROC_ID_##name]));
#define ID64(name, cp, crm, opc1, ...)					\
	asm volatile("mrrc	p" #cp ", " #opc1 ", %0, %1, c" #crm	\
		     : "=r" (ids[COPROC_ID_##name]),			\
		       "=r" (ids[COPROC_ID_##name##_HI]));
#include "regs.h"
}

/**
 * kvm_coproc_cpu_features() - what this CPU has of what not each has
 *
 * Context: stays on this CPU.
 * Return: a set of COPROC_*, without COPROC_VFP, which the kernel decides about.
 */
u8 kvm_coproc_cpu_features(void)
{
	u8 features = 0;

	if (core_of_part(read_cpuid_part()))
		features |= COPROC_L2;
	if (read_cpuid_ext(CPUID_EXT_PFR0) & ID_PFR0_STATE3)
		features |= COPROC_T2EE;
	/* Each ARMv8 has SEVL, and no ARMv7 */
	if (read_cpuid_ext(CPUID_EXT_ISAR5) & ID_ISAR5_SEVL)
		features |= COPROC_V8;
	/* ID_MMFR4. Guests are not told, but the register is theirs to write */
	if (read_sysreg(__ACCESS_CP15(c0, 0, c2, 6)) & ID_MMFR4_HPDS)
		features |= COPROC_HPD;

	return features;
}

static void merge_this_cpu(void *discard)
{
	u32 ids[NR_COPROC_ID_SLOTS] = {};
	unsigned int i;

	coproc_features &= kvm_coproc_cpu_features() | COPROC_VFP;
	capture_ids(ids, coproc_features & COPROC_VFP);
	for (i = 0; i < NR_COPROC_ID_SLOTS; i++)
		guest_ids[i] = coproc_merge_id(i, guest_ids[i], ids[i]);
}

/**
 * coproc_capture() - take the identity of this host
 *
 * Guests must not see a register change because they were moved between CPUs
 * that differ, so what one CPU says is what all of them are given, less what
 * does not hold on another one.
 */
void __init coproc_capture(void)
{
	int cpu;

	preempt_disable();
	coproc_features = kvm_coproc_cpu_features();
	if (elf_hwcap & HWCAP_VFP)
		coproc_features |= COPROC_VFP;

	capture_ids(host_ids, coproc_features & COPROC_VFP);
	reset_sctlrs[KVM_ARM_TARGET_GENERIC_V7] |= get_cr() & SCTLR_V7_RES1;
	coproc_capture_cpu();
	coproc_capture_ccsidr();
	preempt_enable();

	memcpy(guest_ids, host_ids, sizeof(guest_ids));

	cpus_read_lock();
	for_each_online_cpu(cpu)
		smp_call_function_single(cpu, merge_this_cpu, NULL, 1);
	cpus_read_unlock();
}

/**
 * kvm_coproc_midr() - MIDR of a VM for which user space has chosen none
 *
 * Return: the value, or 0 if KVM is off.
 */
u32 kvm_coproc_midr(void)
{
	return guest_ids[COPROC_ID_MIDR];
}

/**
 * kvm_coproc_mvfr0() - MVFR0 of every guest, as far as D registers go
 *
 * Return: the value, or 0 without a VFP.
 */
u32 kvm_coproc_mvfr0(void)
{
	return guest_ids[COPROC_ID_MVFR0];
}

/**
 * coproc_ids_fit() - is what guests are told true of a CPU?
 * @guest: what they are told, by slot
 * @cpu: what the CPU says
 *
 * Return: whether it is, in all fields of which a CPU can have less.
 */
bool coproc_ids_fit(const u32 *guest, const u32 *cpu)
{
	unsigned int i;

	for (i = 0; i < NR_COPROC_ID_SLOTS; i++)
		if (coproc_merge_id(i, guest[i], cpu[i]) != guest[i])
			return false;

	return true;
}

/**
 * kvm_coproc_cpu_fits() - is what guests are told true of this CPU?
 *
 * Context: stays on this CPU, whose VFP is enabled.
 * Return: whether it is. A CPU that is first online later may be of another kind.
 */
bool kvm_coproc_cpu_fits(void)
{
	u32 ids[NR_COPROC_ID_SLOTS] = {};

	/* A register that guests have to find wherever they run */
	if (coproc_features & ~kvm_coproc_cpu_features() & COPROC_HPD)
		return false;

	capture_ids(ids, coproc_features & COPROC_VFP);

	return coproc_ids_fit(guest_ids, ids);
}

/**
 * kvm_icache_is_pipt() - may lines of the I-cache be named by any address?
 *
 * Return: whether that is so on all CPUs.
 */
bool kvm_icache_is_pipt(void)
{
	return (guest_ids[COPROC_ID_CTR] & CTR_L1IP_PIPT) == CTR_L1IP_PIPT;
}

/**
 * coproc_actlr_smp() - the bit of ACTLR that makes cores coherent
 *
 * Return: the bit, or 0 on CPUs that do not have it there.
 */
u32 coproc_actlr_smp(void)
{
	const struct core *core = core_of_part(host_ids[COPROC_ID_MIDR] & ARM_CPU_PART_MASK);

	return core ? core->actlr_smp : 0;
}

/**
 * kvm_target_of_part() - the type of vcpus that a CPU can run
 * @part: the CPU, as read_cpuid_part() has it
 *
 * The kernel parameter kvm-arm.generic makes any CPU one of the generic type.
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
 * kvm_target_cpu() - the type of vcpus that this host offers
 *
 * On a host with several types it is that of the CPU on which KVM started, whose
 * identification registers all guests are given.
 *
 * Return: KVM_ARM_TARGET_*.
 */
u32 kvm_target_cpu(void)
{
	return kvm_target_of_part(kvm_coproc_midr() & ARM_CPU_PART_MASK);
}

u64 reset_sctlr(struct kvm_vcpu *vcpu)
{
	return reset_sctlrs[vcpu->arch.target];
}

/**
 * kvm_coproc_init_vm() - give a VM the identification registers of this host
 * @kvm: the VM
 */
void kvm_coproc_init_vm(struct kvm *kvm)
{
	memcpy(kvm->arch.id_regs, guest_ids, sizeof(guest_ids));
	coproc_init_ccsidrs(kvm->arch.ccsidr);
}

/*
 * A VMM sets what it got before, perhaps from a kernel that showed guests the
 * CPU's own value where there are fields to fix now, or another type of CPU to
 * heed. That is no reason to refuse a guest, and means what is shown now.
 */
static u32 without_fixed(unsigned int slot, u32 val)
{
	return val == host_ids[slot] ? guest_ids[slot] : val;
}

/**
 * coproc_set_id() - user space gives a VM another identification register
 * @vcpu: a vcpu of the VM, locked
 * @r: the row
 * @val: the value
 *
 * All vcpus of the VM have it.
 *
 * Return: 0, -EINVAL if the host is not that, see fields.h, -EBUSY if it is
 * another one than the VM has and a vcpu has run.
 */
int coproc_set_id(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
	struct kvm_arch *arch = &vcpu->kvm->arch;
	unsigned int i, words = r->key & COPROC_KEY_64BIT ? 2 : 1;
	u32 ids[2] = { lower_32_bits(val), upper_32_bits(val) };
	bool same = true, allowed = true;
	int ret = 0;

	mutex_lock(&arch->config_lock);
	for (i = 0; i < words; i++) {
		unsigned int slot = r->index + i;

		ids[i] = without_fixed(slot, ids[i]);
		same &= ids[i] == arch->id_regs[slot];
		allowed &= allows(slot, guest_ids[slot], ids[i]);
	}

	if (!allowed)
		ret = -EINVAL;
	else if (!same && kvm_vm_has_ran_once(vcpu->kvm))
		ret = -EBUSY;
	else
		for (i = 0; i < words; i++)
			WRITE_ONCE(arch->id_regs[r->index + i], ids[i]);
	mutex_unlock(&arch->config_lock);

	return ret;
}
