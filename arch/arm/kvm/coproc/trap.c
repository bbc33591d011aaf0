// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handle trapped accesses of coprocessors: find the row by HSR and carry it
 * out.
 */
#include <linux/kvm_host.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>

#include "../trace.h"
#include "coproc.h"

/* Rt 15 stands for the flags in MRC, and is UNPREDICTABLE otherwise */
#define RT_APSR			15
#define APSR_NZCV		GENMASK(31, 28)

static u32 get_rt(struct kvm_vcpu *vcpu, unsigned int rt)
{
	return rt == RT_APSR ? 0 : vcpu_get_reg(vcpu, rt);
}

static void set_rt(struct kvm_vcpu *vcpu, unsigned int rt, u32 val)
{
	if (rt != RT_APSR)
		vcpu_set_reg(vcpu, rt, val);
}

static void set_rt_or_flags(struct kvm_vcpu *vcpu, unsigned int rt, u32 val)
{
	unsigned long *cpsr = vcpu_cpsr(vcpu);

	if (rt == RT_APSR)
		*cpsr = (*cpsr & ~APSR_NZCV) | (val & APSR_NZCV);
	else
		vcpu_set_reg(vcpu, rt, val);
}

/* Read or write a register that KVM handles and the guest may access. */
static void access_value(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
			 bool is_write, u64 *val)
{
	if (is_write) {
		if (r->write)
			r->write(vcpu, r, *val);
		else if (r->kind != COPROC_RAZ_WI)
			coproc_store(vcpu, r, *val);
	} else {
		*val = r->kind == COPROC_RAZ_WI ? 0 : coproc_value(vcpu, r);
	}
}

/* Tell whether KVM handles the access. The CPU alone writes some EXTERNAL registers. */
static bool is_ours(const struct coproc_reg *r, bool is_write)
{
	if (r->kind == COPROC_EXTERNAL && is_write)
		return r->write;

	return r->kind < COPROC_NATIVE;
}

/* Print the row that refused the access, and the operands, for whoever adds a row. */
static void report_unknown(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
			   u32 key, bool is_write)
{
	vcpu_debug_ratelimited(vcpu, "%s refused by row %s: cp %u, crn %u, opc1 %u, crm %u, opc2 %u%s, pc %08lx\n",
			       is_write ? "write" : "read", r ? r->name : "none",
			       COPROC_KEY_TO_CP(key),
			       key >> KVM_REG_ARM_32_CRN_SHIFT & 15,
			       key >> KVM_REG_ARM_OPC1_SHIFT & 15,
			       key >> KVM_REG_ARM_CRM_SHIFT & 15, key & 7,
			       key & COPROC_KEY_64BIT ? " (64-bit)" : "",
			       *vcpu_pc(vcpu));
}

static noinline void trace_access(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
				  u32 key, bool is_write, u64 val, bool ok)
{
	trace_kvm_cp15(*vcpu_pc(vcpu), r ? r->name : "unknown",
		       coproc_key_to_id(key), is_write, val, !ok);
}

/* Return true if the access is permitted. *@val is the value to write, or read. */
static bool access_key(struct kvm_vcpu *vcpu, u32 key, bool is_write, u64 *val)
{
	const struct coproc_reg *r = coproc_find(key);
	bool ok = r && is_ours(r, is_write) && coproc_is_visible(r) &&
		  (r->who & COPROC_MAY(is_write, !vcpu_mode_priv(vcpu)));

	if (likely(ok))
		access_value(vcpu, r, is_write, val);

	if (trace_kvm_cp15_enabled())
		trace_access(vcpu, r, key, is_write, *val, ok);
	if (unlikely(!ok)) {
		if (!r || !is_ours(r, is_write))
			report_unknown(vcpu, r, key, is_write);
		kvm_inject_undefined(vcpu);
	}

	return ok;
}

/* MRC or MCR */
static int access32(struct kvm_vcpu *vcpu, unsigned int cp)
{
	u32 hsr = kvm_vcpu_get_esr(vcpu);
	u32 key = coproc_hsr_to_key32(cp, hsr);
	bool is_write = !(hsr & HSR_CP_READ);
	unsigned int rt = FIELD_GET(HSR_CP_RT, hsr);
	u64 val = is_write ? get_rt(vcpu, rt) : 0;

	if (!access_key(vcpu, key, is_write, &val))
		return 1;
	if (!is_write)
		set_rt_or_flags(vcpu, rt, val);

	kvm_incr_pc(vcpu);

	return 1;
}

/* MRRC or MCRR */
static int access64(struct kvm_vcpu *vcpu, unsigned int cp)
{
	u32 hsr = kvm_vcpu_get_esr(vcpu);
	u32 key = coproc_hsr_to_key64(cp, hsr);
	bool is_write = !(hsr & HSR_CP_READ);
	unsigned int rt = FIELD_GET(HSR_CP_RT, hsr), rt2 = FIELD_GET(HSR_CP64_RT2, hsr);
	u64 val = 0;

	if (is_write)
		val = (u64)get_rt(vcpu, rt2) << 32 | get_rt(vcpu, rt);
	if (!access_key(vcpu, key, is_write, &val))
		return 1;
	if (!is_write) {
		set_rt(vcpu, rt, lower_32_bits(val));
		set_rt(vcpu, rt2, upper_32_bits(val));
	}

	kvm_incr_pc(vcpu);

	return 1;
}

/**
 * kvm_handle_cp15_32() - handle an MRC or MCR of CP15
 * @vcpu: the vcpu
 *
 * Return: 1, to run the guest again.
 */
int kvm_handle_cp15_32(struct kvm_vcpu *vcpu)
{
	vcpu->stat.cp15_exit_stat++;

	return access32(vcpu, 15);
}

/**
 * kvm_handle_cp15_64() - handle an MRRC or MCRR of CP15
 * @vcpu: the vcpu
 *
 * Return: 1, to run the guest again.
 */
int kvm_handle_cp15_64(struct kvm_vcpu *vcpu)
{
	vcpu->stat.cp15_exit_stat++;

	return access64(vcpu, 15);
}

/**
 * kvm_handle_cp14_32() - handle an MRC or MCR of CP14
 * @vcpu: the vcpu
 *
 * Return: 1, to run the guest again.
 */
int kvm_handle_cp14_32(struct kvm_vcpu *vcpu)
{
	vcpu->stat.cp14_exit_stat++;

	return access32(vcpu, 14);
}

/**
 * kvm_handle_cp14_64() - handle an MRRC or MCRR of CP14
 * @vcpu: the vcpu
 *
 * Return: 1, to run the guest again.
 */
int kvm_handle_cp14_64(struct kvm_vcpu *vcpu)
{
	vcpu->stat.cp14_exit_stat++;

	return access64(vcpu, 14);
}

/**
 * kvm_handle_cp10_id() - handle a VMRS or VMSR of an identification register
 * @vcpu: the vcpu
 *
 * Return: 1, to run the guest again.
 */
int kvm_handle_cp10_id(struct kvm_vcpu *vcpu)
{
	vcpu->stat.vfp_exit_stat++;

	return access32(vcpu, 10);
}

/**
 * kvm_handle_cp14_ls() - handle an LDC or STC of CP14
 * @vcpu: the vcpu
 *
 * LDC and STC move the debug transfer registers from and to memory. Guests have no
 * debug hardware, so make the instructions undefined instead of emulating them.
 *
 * Return: 1, to run the guest again.
 */
int kvm_handle_cp14_ls(struct kvm_vcpu *vcpu)
{
	vcpu->stat.cp14_exit_stat++;
	vcpu_debug_ratelimited(vcpu, "LDC/STC of CP14 refused, HSR %08x, pc %08lx\n",
			       kvm_vcpu_get_esr(vcpu), *vcpu_pc(vcpu));
	kvm_inject_undefined(vcpu);

	return 1;
}
