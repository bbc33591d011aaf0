// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identification registers: those of the host's CPUs, what holds on all of them,
 * and those of VMs.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/init.h>
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

enum field_rule {
	FIELD_SAME,
	FIELD_LOWER,
	FIELD_LOWER_NOT_0,
	FIELD_HIGHER_OR_0,
	FIELD_FREE,
	FIELD_FIXED,
};

/* A rule, and the value of a FIXED field */
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

/* The fields of fields.h: COPROC_ID_* slot and lowest bit, width, rule, value */
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

/* By slot: registers of the CPU that started KVM, and those that guests see */
static u32 host_ids[NR_COPROC_ID_SLOTS] __ro_after_init;
static u32 guest_ids[NR_COPROC_ID_SLOTS] __ro_after_init;

/* COPROC_* that all CPUs of this host have */
u8 coproc_features __read_mostly;

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
		u32 mask, field_a, field_b;

		if (f->slot != slot)
			continue;

		mask = GENMASK(f->width - 1, 0);
		field_a = a >> f->low & mask;
		field_b = b >> f->low & mask;
		if (free_is_b && f->rule == FIELD_FREE)
			field_a = field_b;
		else
			field_a = merge_field(f, field_a, field_b);
		a = (a & ~(mask << f->low)) | field_a << f->low;
	}

	return a;
}

/**
 * coproc_merge_id() - merge an identification register of two CPUs
 * @slot: COPROC_ID_*
 * @a: the register of one CPU
 * @b: the register of the other CPU
 *
 * Return: a value that holds on both, by the rules of fields.h. Bits that are in no
 * field are those of @a.
 */
u32 coproc_merge_id(unsigned int slot, u32 a, u32 b)
{
	return merge_fields(slot, a, b, false);
}

/* Tell whether a VM may see @val on a host that has @host. */
static bool allows(unsigned int slot, u32 host, u32 val)
{
	return merge_fields(slot, host, val, true) == val;
}

/* Reading registers of CP10 requires the VFP to be enabled on this CPU. */
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
 * kvm_coproc_cpu_features() - return the optional features of this CPU
 *
 * Context: stays on this CPU.
 * Return: a set of COPROC_*, without COPROC_VFP, which depends on the kernel, too.
 */
u8 kvm_coproc_cpu_features(void)
{
	u8 features = coproc_part_features(read_cpuid_part());

	if (read_cpuid_ext(CPUID_EXT_PFR0) & ID_PFR0_STATE3)
		features |= COPROC_T2EE;
	/* Every ARMv8 CPU has SEVL, and no ARMv7 CPU has */
	if (read_cpuid_ext(CPUID_EXT_ISAR5) & ID_ISAR5_SEVL)
		features |= COPROC_V8;
	/* ID_MMFR4.HPDS: guests do not see it, but can write TTBCR2 */
	if (read_sysreg(__ACCESS_CP15(c0, 0, c2, 6)) & ID_MMFR4_HPDS)
		features |= COPROC_HPD;

	return features;
}

static void merge_this_cpu(void *discard)
{
	u32 ids[NR_COPROC_ID_SLOTS] = {};
	unsigned int i;

	/* Guests see MIDR of the CPU that started KVM: its errata are theirs everywhere. */
	coproc_features &= kvm_coproc_cpu_features() | COPROC_VFP | COPROC_A12;
	capture_ids(ids, coproc_features & COPROC_VFP);
	for (i = 0; i < NR_COPROC_ID_SLOTS; i++)
		guest_ids[i] = coproc_merge_id(i, guest_ids[i], ids[i]);
}

/**
 * coproc_capture() - capture the identification registers of this host
 *
 * A register must not change when a vcpu moves between CPUs that differ: guests see
 * the registers of this CPU, less what does not hold on another one.
 */
void __init coproc_capture(void)
{
	int cpu;

	preempt_disable();
	coproc_features = kvm_coproc_cpu_features();
	if (elf_hwcap & HWCAP_VFP)
		coproc_features |= COPROC_VFP;

	capture_ids(host_ids, coproc_features & COPROC_VFP);
	coproc_capture_target();
	coproc_capture_ccsidr();
	preempt_enable();

	memcpy(guest_ids, host_ids, sizeof(guest_ids));

	cpus_read_lock();
	for_each_online_cpu(cpu)
		smp_call_function_single(cpu, merge_this_cpu, NULL, 1);
	cpus_read_unlock();
}

/**
 * kvm_coproc_midr() - return the MIDR that VMs have by default
 *
 * Return: the value, or 0 if KVM is off.
 */
u32 kvm_coproc_midr(void)
{
	return guest_ids[COPROC_ID_MIDR];
}

/**
 * kvm_coproc_mvfr0() - return the MVFR0 that VMs have by default
 *
 * All guests have its A_SIMD, the number of D registers.
 *
 * Return: the value, or 0 without a VFP.
 */
u32 kvm_coproc_mvfr0(void)
{
	return guest_ids[COPROC_ID_MVFR0];
}

/**
 * coproc_ids_fit() - tell whether the registers that guests see hold on a CPU
 * @guest: the registers that guests see, by slot
 * @cpu: the registers of the CPU, by slot
 *
 * Return: true if they hold, in all fields of which a CPU can have less.
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
 * kvm_coproc_cpu_fits() - tell whether this CPU can run guests
 *
 * A CPU that is first online after KVM has started may be of another kind.
 *
 * Context: stays on this CPU, whose VFP is enabled.
 * Return: true if the registers that guests see hold on it.
 */
bool kvm_coproc_cpu_fits(void)
{
	u32 ids[NR_COPROC_ID_SLOTS] = {};

	/* Guests that have TTBCR2 need it on every CPU. */
	if (coproc_features & ~kvm_coproc_cpu_features() & COPROC_HPD)
		return false;

	capture_ids(ids, coproc_features & COPROC_VFP);

	return coproc_ids_fit(guest_ids, ids);
}

/**
 * kvm_icache_is_pipt() - tell whether invalidation by any alias reaches I-caches
 *
 * Return: true if the I-caches of all CPUs are PIPT.
 */
bool kvm_icache_is_pipt(void)
{
	return (guest_ids[COPROC_ID_CTR] & CTR_L1IP_PIPT) == CTR_L1IP_PIPT;
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
 * A VMM may restore the CPU's own value, which an older kernel has shown to it:
 * one that fixed fewer fields, or did not merge CPUs. Accept it in place of the
 * value that guests see now.
 */
static u32 without_fixed(unsigned int slot, u32 val)
{
	return val == host_ids[slot] ? guest_ids[slot] : val;
}

/**
 * coproc_set_id() - set an identification register of a VM for user space
 * @vcpu: a vcpu of the VM, locked
 * @r: the row
 * @val: the value
 *
 * All vcpus of the VM share the register.
 *
 * Return: 0, -EINVAL for a value that fields.h does not allow on this host, -EBUSY
 * for another value than the VM has if a vcpu has run.
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
		ids[i] = without_fixed(r->index + i, ids[i]);
		same &= ids[i] == arch->id_regs[r->index + i];
	}
	/* VMMs set most registers to what the VM has, which is allowed. */
	if (same)
		goto out;

	for (i = 0; i < words; i++)
		allowed &= allows(r->index + i, guest_ids[r->index + i], ids[i]);

	if (!allowed)
		ret = -EINVAL;
	else if (kvm_vm_has_ran_once(vcpu->kvm))
		ret = -EBUSY;
	else
		for (i = 0; i < words; i++)
			WRITE_ONCE(arch->id_regs[r->index + i], ids[i]);
out:
	mutex_unlock(&arch->config_lock);

	return ret;
}
