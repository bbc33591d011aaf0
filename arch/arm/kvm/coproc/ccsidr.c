// SPDX-License-Identifier: GPL-2.0-only
/*
 * CCSIDR is one register per cache, selected by CSSELR. The guest selects and
 * reads as on hardware (HCR.TID2); user space has an id for each cache.
 */
#include <linux/cache.h>
#include <linux/irqflags.h>
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/string.h>

#include <asm/barrier.h>
#include <asm/cp15.h>
#include <asm/kvm_emulate.h>

#include "coproc.h"

#define CSSELR_MAX	KVM_NR_CCSIDR
#define CACHE_LEVELS	(CSSELR_MAX / 2)

#define CLIDR_CTYPE(clidr, level)	(((clidr) >> ((level) * 3)) & 7)
#define CTYPE_INSTRUCTION	1
#define CTYPE_DATA		2
#define CTYPE_SEPARATE		3
#define CTYPE_UNIFIED		4

#define DEMUX_CCSIDR_ID(csselr)						\
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX |		\
	 KVM_REG_ARM_DEMUX_ID_CCSIDR | (csselr))

/* The host's CCSIDRs by CSSELR; a missing cache has no bit and reads as zero */
static u32 host_ccsidr[CSSELR_MAX] __ro_after_init;
static u32 ccsidr_present __ro_after_init;

static u32 __init caches_of_level(u32 clidr, unsigned int level)
{
	u32 data = BIT(level * 2), insn = data << 1;

	switch (CLIDR_CTYPE(clidr, level)) {
	case CTYPE_INSTRUCTION:
		return insn;
	case CTYPE_DATA:
	case CTYPE_UNIFIED:
		return data;
	case CTYPE_SEPARATE:
		return data | insn;
	default:
		return 0;
	}
}

void __init coproc_capture_ccsidr(void)
{
	u32 clidr = read_sysreg(__ACCESS_CP15(c0, 1, c0, 1));
	unsigned int i;
	unsigned long flags;
	u32 csselr;

	for (i = 0; i < CACHE_LEVELS; i++)
		ccsidr_present |= caches_of_level(clidr, i);

	/* Keep other users of CSSELR off this CPU. */
	local_irq_save(flags);
	csselr = read_sysreg(__ACCESS_CP15(c0, 2, c0, 0));
	for (i = 0; i < CSSELR_MAX; i++) {
		if (!(ccsidr_present & BIT(i)))
			continue;

		write_sysreg(i, __ACCESS_CP15(c0, 2, c0, 0));
		isb();
		host_ccsidr[i] = read_sysreg(__ACCESS_CP15(c0, 1, c0, 0));
	}
	write_sysreg(csselr, __ACCESS_CP15(c0, 2, c0, 0));
	isb();
	local_irq_restore(flags);
}

/* Set the CCSIDRs of a new VM. */
void coproc_init_ccsidrs(u32 *ccsidrs)
{
	memcpy(ccsidrs, host_ccsidr, sizeof(host_ccsidr));
}

/* CCSIDR of a missing cache is UNKNOWN: read as zero. */
u64 read_selected_ccsidr(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	u32 csselr = vcpu_cp15(vcpu, CSSELR);

	if (csselr >= CSSELR_MAX)
		return 0;

	return vcpu->kvm->arch.ccsidr[array_index_nospec(csselr, CSSELR_MAX)];
}

static unsigned int demux_list(u64 *ids)
{
	unsigned int i, n = 0;

	for (i = 0; i < CSSELR_MAX; i++) {
		if (!(ccsidr_present & BIT(i)))
			continue;
		if (ids)
			ids[n] = DEMUX_CCSIDR_ID(i);
		n++;
	}

	return n;
}

/* Return the CSSELR that an id names, or -ENOENT. */
static int demux_csselr(u64 id)
{
	u32 csselr = id & KVM_REG_ARM_DEMUX_VAL_MASK;

	if (id != DEMUX_CCSIDR_ID(csselr) || csselr >= CSSELR_MAX)
		return -ENOENT;

	csselr = array_index_nospec(csselr, CSSELR_MAX);

	return ccsidr_present & BIT(csselr) ? csselr : -ENOENT;
}

static int demux_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	int csselr = demux_csselr(reg->id);

	if (csselr < 0)
		return csselr;

	return kvm_reg_to_user(reg, READ_ONCE(vcpu->kvm->arch.ccsidr[csselr]));
}

/*
 * Accept any geometry: guests need it only for maintenance by set/way, which
 * KVM does by address.
 */
static int demux_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	int err, csselr = demux_csselr(reg->id);
	struct kvm_arch *arch = &vcpu->kvm->arch;
	u64 val;

	if (csselr < 0)
		return csselr;

	err = kvm_reg_from_user(reg, &val);
	if (err)
		return err;

	mutex_lock(&arch->config_lock);
	if (val != arch->ccsidr[csselr] && kvm_vm_has_ran_once(vcpu->kvm))
		err = -EBUSY;
	else
		WRITE_ONCE(arch->ccsidr[csselr], val);
	mutex_unlock(&arch->config_lock);

	return err;
}

const struct kvm_reg_group kvm_demux_group = {
	.list = demux_list,
	.get = demux_get,
	.set = demux_set,
};
