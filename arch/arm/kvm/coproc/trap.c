// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trapped accesses of CP15 and CP14: from HSR to the row, and to its effect.
 */
#include <linux/kvm_host.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>

#include "../trace.h"
#include "coproc.h"

/* CP14, by opc1: the registers of debug, of ThumbEE, of Jazelle */
#define CP14_OPC1_DEBUG		0
#define CP14_OPC1_THUMBEE	6
#define CP14_OPC1_JAZELLE	7

/* Rt 15 is the flags for an MRC, and UNPREDICTABLE otherwise */
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

/*
 * The space of the ID_ registers has room for more. Readers rely on what is
 * not there being zero.
 */
static bool is_reserved_id(u16 key)
{
	return key >= CP15_KEY32(0, 0, 1, 0) && key <= CP15_KEY32(0, 0, 7, 7) &&
	       !(key & KVM_REG_ARM_OPC1_MASK);
}

static bool may_access(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		       bool is_write)
{
	if (is_write && (r->flags & REG_RO))
		return false;
	if (likely(vcpu_mode_priv(vcpu)))
		return true;
	if (is_write)
		return r->flags & REG_PL0;

	return r->flags & (REG_PL0 | REG_PL0_RO);
}

/* Without an accessor */
static bool access_plain(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
			 struct coproc_access *a)
{
	switch (r->storage) {
	case COPROC_SWITCHED:
	case COPROC_EMULATED:
	case COPROC_ALIAS_OF:
		if (a->is_write)
			coproc_store(vcpu, r, a->val);
		else
			a->val = coproc_load(vcpu, r);
		return true;
	case COPROC_INVARIANT:
		if (a->is_write)
			return false;
		a->val = coproc_invariants[r->index].value;
		return true;
	default:
		return false;
	}
}

static bool access_row(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		       struct coproc_access *a)
{
	if (!r) {
		a->val = 0;
		return is_reserved_id(a->key) && !a->is_write &&
		       vcpu_mode_priv(vcpu);
	}

	if (!may_access(vcpu, r, a->is_write))
		return false;
	if (r->access)
		return r->access(vcpu, r, a);

	return access_plain(vcpu, r, a);
}

/* Says it as the row that would have to be added */
static void report_unknown(struct kvm_vcpu *vcpu, const struct coproc_access *a,
			   u32 hsr)
{
	const char *op = a->is_write ? "write" : "read";

	if (a->key & CP15_KEY_64BIT)
		vcpu_debug_ratelimited(vcpu, "%s of CP15_REG64(?, %u, %u, NO_STATE), pc %08lx\n",
				       op, HSR_CP_CRM(hsr), HSR_CP64_OPC1(hsr),
				       *vcpu_pc(vcpu));
	else
		vcpu_debug_ratelimited(vcpu, "%s of CP15_REG32(?, %u, %u, %u, %u, NO_STATE), pc %08lx\n",
				       op, HSR_CP_CRN(hsr), HSR_CP32_OPC1(hsr),
				       HSR_CP_CRM(hsr), HSR_CP32_OPC2(hsr),
				       *vcpu_pc(vcpu));
}

static bool access_cp15(struct kvm_vcpu *vcpu, struct coproc_access *a, u32 hsr)
{
	const struct coproc_reg *r = coproc_find(a->key);
	bool ok = access_row(vcpu, r, a);

	trace_kvm_cp15(*vcpu_pc(vcpu), coproc_key_to_id(a->key), a->is_write,
		       a->val, !ok);
	if (unlikely(!ok)) {
		if (!r)
			report_unknown(vcpu, a, hsr);
		kvm_inject_undefined(vcpu);
	}

	return ok;
}

/**
 * kvm_handle_cp15_32() - MRC or MCR of CP15
 * @vcpu: the vcpu
 *
 * Return: 1, the guest goes on.
 */
int kvm_handle_cp15_32(struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_esr(vcpu);
	unsigned int rt = HSR_CP_RT(hsr);
	struct coproc_access a = {
		.key = coproc_hsr_to_key32(hsr),
		.is_write = !(hsr & HSR_CP_READ),
	};

	if (a.is_write)
		a.val = get_rt(vcpu, rt);
	if (!access_cp15(vcpu, &a, hsr))
		return 1;
	if (!a.is_write)
		set_rt_or_flags(vcpu, rt, a.val);

	kvm_incr_pc(vcpu);

	return 1;
}

/**
 * kvm_handle_cp15_64() - MRRC or MCRR of CP15
 * @vcpu: the vcpu
 *
 * Return: 1, the guest goes on.
 */
int kvm_handle_cp15_64(struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_esr(vcpu);
	unsigned int rt = HSR_CP_RT(hsr), rt2 = HSR_CP_RT2(hsr);
	struct coproc_access a = {
		.key = coproc_hsr_to_key64(hsr),
		.is_write = !(hsr & HSR_CP_READ),
	};

	if (a.is_write)
		a.val = (u64)get_rt(vcpu, rt2) << 32 | get_rt(vcpu, rt);
	if (!access_cp15(vcpu, &a, hsr))
		return 1;
	if (!a.is_write) {
		set_rt(vcpu, rt, lower_32_bits(a.val));
		set_rt(vcpu, rt2, upper_32_bits(a.val));
	}

	kvm_incr_pc(vcpu);

	return 1;
}

static int refuse_cp14(struct kvm_vcpu *vcpu, u32 hsr, const char *insn)
{
	vcpu_debug_ratelimited(vcpu, "%s of CP14 refused, HSR %08x, pc %08lx\n",
			       insn, hsr, *vcpu_pc(vcpu));
	kvm_inject_undefined(vcpu);

	return 1;
}

/**
 * kvm_handle_cp14_32() - MRC or MCR of CP14
 * @vcpu: the vcpu
 *
 * HDCR.TDA, TDOSA, TDRA: debug is the host's. HSTR.TTEE: ThumbEE stays off.
 * HCR.TID0: JIDR is that of a trivial Jazelle. All that reads as zero and
 * ignores writes. HCPTR.TTA: no trace unit.
 *
 * Return: 1, the guest goes on.
 */
int kvm_handle_cp14_32(struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_esr(vcpu);

	switch (HSR_CP32_OPC1(hsr)) {
	case CP14_OPC1_DEBUG:
	case CP14_OPC1_THUMBEE:
	case CP14_OPC1_JAZELLE:
		break;
	default:
		return refuse_cp14(vcpu, hsr, "MCR/MRC");
	}

	if (hsr & HSR_CP_READ)
		set_rt_or_flags(vcpu, HSR_CP_RT(hsr), 0);

	kvm_incr_pc(vcpu);

	return 1;
}

/**
 * kvm_handle_cp14_64() - MRRC or MCRR of CP14
 * @vcpu: the vcpu
 *
 * HDCR.TDRA: DBGDRAR and DBGDSAR, where there is no debug ROM to point to.
 *
 * Return: 1, the guest goes on.
 */
int kvm_handle_cp14_64(struct kvm_vcpu *vcpu)
{
	u32 hsr = kvm_vcpu_get_esr(vcpu);

	if (HSR_CP64_OPC1(hsr) != CP14_OPC1_DEBUG)
		return refuse_cp14(vcpu, hsr, "MCRR/MRRC");

	if (hsr & HSR_CP_READ) {
		set_rt(vcpu, HSR_CP_RT(hsr), 0);
		set_rt(vcpu, HSR_CP_RT2(hsr), 0);
	}

	kvm_incr_pc(vcpu);

	return 1;
}

/**
 * kvm_handle_cp14_ls() - LDC or STC of CP14
 * @vcpu: the vcpu
 *
 * They move the debugger's transfer registers from and to memory. There is no
 * debugger, and emulating the load or store would be for nobody.
 *
 * Return: 1, the guest goes on.
 */
int kvm_handle_cp14_ls(struct kvm_vcpu *vcpu)
{
	return refuse_cp14(vcpu, kvm_vcpu_get_esr(vcpu), "LDC/STC");
}
