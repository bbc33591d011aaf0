// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walk a guest's stage 1 tables by software (ARM DDI 0406C, B3.5 to B3.7).
 *
 * ATS1CPR would do it in hardware, but does not tell the address of a table
 * that stage 2 does not map: an instruction that reaches a page behind such a
 * table could be repeated for ever. This walk makes the host map the table.
 */
#include <linux/kvm_host.h>

#include <asm/cp15.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include "insn.h"

/* TTBCR, short format; TTBCR.EAE selects the long format */
#define TTBCR_SHORT_N		0x7
#define TTBCR_SHORT_PD0		BIT(4)
#define TTBCR_SHORT_PD1		BIT(5)
/* TTBR, short format: walks are cacheable */
#define TTBR_SHORT_IRGN		(BIT(6) | BIT(0))
/* TTBCR, long format: the fields for TTBR1 are 16 bits higher */
#define TTBCR_LONG_TSZ		0x7
#define TTBCR_LONG_EPD		BIT(7)
#define TTBCR_LONG_IRGN		(BIT(9) | BIT(8))
#define TTBCR_LONG_T2E		BIT(6)
/* TTBCR2: attributes of tables are ignored */
#define TTBCR2_HPD(n)		BIT(9 + (n))

/* Short descriptors */
#define SHORT_TYPE		0x3
#define SHORT_TABLE		1	/* level 1 */
#define SHORT_LARGE		1	/* level 2 */
#define SHORT_SUPERSECTION	BIT(18)
#define SHORT_AP0		BIT(0)
#define SHORT_AP2		BIT(2)
#define DACR_CLIENT		1
#define DACR_MANAGER		3

/* Long descriptors */
#define LONG_TABLE		BIT(1)	/* a page, at level 3 */
#define LONG_AP_USER		BIT(6)
#define LONG_AP_RO		BIT(7)
#define LONG_APTABLE_NO_USER	BIT_ULL(61)
#define LONG_APTABLE_RO		BIT_ULL(62)

/* DFSR (B3.13.3). In the short format, bits 2:1 depend on the level */
#define FSR_SHORT_ACCESS(l)	((l) == 1 ? 0x3 : 0x6)
#define FSR_SHORT_TRANSLATION(l) ((l) == 1 ? 0x5 : 0x7)
#define FSR_SHORT_DOMAIN(l)	((l) == 1 ? 0x9 : 0xb)
#define FSR_SHORT_EXT_ABORT	0x8
#define FSR_SHORT_PERM(l)	((l) == 1 ? 0xd : 0xf)
#define FSR_LPAE		BIT(9)

/* Result of a walk; negative values are errors */
enum {
	WALK_DONE,
	WALK_FAULT,
};

static int fault(struct kvm_walk *walk, u32 fsr)
{
	walk->fsr = fsr;
	return WALK_FAULT;
}

/* A table outside of memory is an external abort, as in kvm_inject_dabt(). */
static int read_desc(struct kvm_vcpu *vcpu, struct kvm_walk *walk, gpa_t gpa,
		     void *desc, unsigned int size, bool cached, u32 external)
{
	int ret;

	ret = kvm_insn_read_guest(vcpu, gpa, desc, size,
				  cached && vcpu_has_cache_enabled(vcpu));
	return ret == -ENOENT ? fault(walk, external) : ret;
}

static int read_short(struct kvm_vcpu *vcpu, struct kvm_walk *walk, gpa_t gpa,
		      u32 *desc, bool cached)
{
	int ret = read_desc(vcpu, walk, gpa, desc, sizeof(*desc), cached,
			    FSR_SHORT_EXT_ABORT);

	if (ret)
		return ret;

	*desc = vcpu_cp15(vcpu, SCTLR) & CR_EE ?
		be32_to_cpu((__force __be32)*desc) :
		le32_to_cpu((__force __le32)*desc);
	return WALK_DONE;
}

/* Check AP[2:0]; 0 permits nothing, 4 is reserved. */
static bool short_permits(u32 ap, unsigned int access)
{
	bool write = access & KVM_WALK_WRITE, user = access & KVM_WALK_USER;

	switch (ap) {
	case 1:
		return !user;
	case 2:
		return !user || !write;
	case 3:
		return true;
	case 5:
		return !user && !write;
	case 6:
	case 7:
		return !write;
	default:
		return false;
	}
}

static int check_short(struct kvm_vcpu *vcpu, struct kvm_walk *walk, u32 ap,
		       u32 domain, unsigned int access, unsigned int level)
{
	u32 fsr = domain << 4;

	if (access & KVM_WALK_ANY)
		return WALK_DONE;

	/* AP[0] is the access flag and AP[2:1] has the permissions. */
	if (vcpu_cp15(vcpu, SCTLR) & CR_AFE && !(ap & SHORT_AP0))
		return fault(walk, fsr | FSR_SHORT_ACCESS(level));

	switch (vcpu_cp15(vcpu, DACR) >> (2 * domain) & 3) {
	case DACR_MANAGER:
		return WALK_DONE;
	case DACR_CLIENT:
		if (short_permits(ap, access))
			return WALK_DONE;
		return fault(walk, fsr | FSR_SHORT_PERM(level));
	default:
		return fault(walk, fsr | FSR_SHORT_DOMAIN(level));
	}
}

static int walk_short(struct kvm_vcpu *vcpu, u32 va, unsigned int access,
		      struct kvm_walk *walk)
{
	u32 ttbcr = vcpu_cp15(vcpu, TTBCR), n = ttbcr & TTBCR_SHORT_N;
	u32 ttbr, disabled, desc, domain;
	bool cached;
	int ret;

	if (n && va >> (32 - n)) {
		ttbr = vcpu_cp15(vcpu, TTBR1_64);
		disabled = ttbcr & TTBCR_SHORT_PD1;
		n = 0;
	} else {
		ttbr = vcpu_cp15(vcpu, TTBR0_64);
		disabled = ttbcr & TTBCR_SHORT_PD0;
	}
	if (disabled)
		return fault(walk, FSR_SHORT_TRANSLATION(1));

	cached = ttbr & TTBR_SHORT_IRGN;
	ret = read_short(vcpu, walk, (ttbr & GENMASK(31, 14 - n)) |
			 (va << n) >> (20 + n) << 2, &desc, cached);
	if (ret)
		return ret;

	domain = desc >> 5 & 0xf;
	switch (desc & SHORT_TYPE) {
	case 0:
		return fault(walk, FSR_SHORT_TRANSLATION(1));
	case SHORT_TABLE:
		break;
	default:
		if (desc & SHORT_SUPERSECTION) {
			walk->ipa = (phys_addr_t)domain << 36 |
				    (phys_addr_t)(desc >> 20 & 0xf) << 32 |
				    (desc & GENMASK(31, 24)) |
				    (va & GENMASK(23, 0));
			domain = 0;
		} else {
			walk->ipa = (desc & GENMASK(31, 20)) |
				    (va & GENMASK(19, 0));
		}
		return check_short(vcpu, walk, (desc >> 13 & SHORT_AP2) |
				   (desc >> 10 & 3), domain, access, 1);
	}

	ret = read_short(vcpu, walk, (desc & GENMASK(31, 10)) |
			 (va >> 12 & 0xff) << 2, &desc, cached);
	if (ret)
		return ret;

	switch (desc & SHORT_TYPE) {
	case 0:
		return fault(walk, domain << 4 | FSR_SHORT_TRANSLATION(2));
	case SHORT_LARGE:
		walk->ipa = (desc & GENMASK(31, 16)) | (va & GENMASK(15, 0));
		break;
	default:
		walk->ipa = (desc & GENMASK(31, 12)) | (va & GENMASK(11, 0));
		break;
	}

	return check_short(vcpu, walk, (desc >> 7 & SHORT_AP2) |
			   (desc >> 4 & 3), domain, access, 2);
}

static int long_fault(struct kvm_walk *walk, u32 type, unsigned int level)
{
	return fault(walk, FSR_LPAE | type | level);
}

/**
 * struct long_half - the translation by one of the two TTBRs
 * @base: address of the first table
 * @level: level of the first table
 * @shift: lowest bit of the virtual address that the first table translates
 * @bits: number of bits that the first table translates
 * @cached: walks are cacheable
 * @flat: attributes of tables are ignored
 */
struct long_half {
	u64 base;
	unsigned int level;
	unsigned int shift;
	unsigned int bits;
	bool cached;
	bool flat;
};

static bool long_half(struct kvm_vcpu *vcpu, u32 va, struct long_half *half)
{
	u32 ttbcr = vcpu_cp15(vcpu, TTBCR), t0 = ttbcr & TTBCR_LONG_TSZ;
	u32 t1 = ttbcr >> 16 & TTBCR_LONG_TSZ, fields, size, high;
	bool zeros = !t0 || !(va >> (32 - t0));
	bool upper = t1 ? va >> (32 - t1) == BIT(t1) - 1 : !zeros;

	if (!upper && !zeros)
		return false;

	half->base = vcpu_cp15(vcpu, TTBR0_64);
	high = vcpu_cp15(vcpu, TTBR0_64_HI);
	fields = ttbcr;
	size = 32 - t0;
	if (upper) {
		half->base = vcpu_cp15(vcpu, TTBR1_64);
		high = vcpu_cp15(vcpu, TTBR1_64_HI);
		fields = ttbcr >> 16;
		size = 32 - t1;
	}

	half->level = size > 30 ? 1 : 2;
	half->shift = size > 30 ? 30 : 21;
	half->bits = size - half->shift;
	half->base |= (u64)high << 32;
	half->base &= GENMASK_ULL(39, half->bits + 3);
	half->cached = fields & TTBCR_LONG_IRGN;
	half->flat = ttbcr & TTBCR_LONG_T2E &&
		     vcpu_cp15(vcpu, TTBCR2) & TTBCR2_HPD(upper);

	return !(fields & TTBCR_LONG_EPD);
}

static int walk_long(struct kvm_vcpu *vcpu, u32 va, unsigned int access,
		     struct kvm_walk *walk)
{
	unsigned int index, level, shift;
	u64 desc, tables = 0, base;
	struct long_half half;
	bool user, read_only;
	int ret;

	if (!long_half(vcpu, va, &half))
		return long_fault(walk, FSC_FAULT, 1);

	base = half.base;
	index = va >> half.shift & (BIT(half.bits) - 1);
	for (level = half.level, shift = half.shift; ; level++, shift -= 9) {
		ret = read_desc(vcpu, walk, base + index * sizeof(desc), &desc,
				sizeof(desc), half.cached,
				FSR_LPAE | FSC_SEA);
		if (ret)
			return ret;

		desc = vcpu_cp15(vcpu, SCTLR) & CR_EE ?
		       be64_to_cpu((__force __be64)desc) :
		       le64_to_cpu((__force __le64)desc);
		if (!(desc & LPAE_VALID) || (level == 3 && !(desc & LONG_TABLE)))
			return long_fault(walk, FSC_FAULT, level);
		if (level == 3 || !(desc & LONG_TABLE))
			break;

		tables |= desc;
		base = desc & LPAE_ADDR;
		index = va >> (shift - 9) & 0x1ff;
	}

	walk->ipa = (desc & LPAE_ADDR & GENMASK_ULL(39, shift)) |
		    (va & (BIT(shift) - 1));
	if (access & KVM_WALK_ANY)
		return WALK_DONE;

	if (!(desc & LPAE_AF))
		return long_fault(walk, FSC_ACCESS, level);

	if (half.flat)
		tables = 0;
	user = desc & LONG_AP_USER && !(tables & LONG_APTABLE_NO_USER);
	read_only = desc & LONG_AP_RO || tables & LONG_APTABLE_RO;
	if ((access & KVM_WALK_USER && !user) ||
	    (access & KVM_WALK_WRITE && read_only))
		return long_fault(walk, FSC_PERM, level);

	return WALK_DONE;
}

/**
 * kvm_walk_stage1() - translate an address as a vcpu would
 * @vcpu: the vcpu, not in the guest
 * @va: the address
 * @access: KVM_WALK_*
 * @walk: out: the intermediate physical address, or the fault
 *
 * The walk does not see TLB entries: a guest that changes its tables without
 * flushing may see old and new translations. The caller holds kvm->srcu.
 *
 * Context: may sleep.
 * Return: 0 for an address, 1 for a fault, or an error.
 */
int kvm_walk_stage1(struct kvm_vcpu *vcpu, u32 va, unsigned int access,
		    struct kvm_walk *walk)
{
	if (!(vcpu_cp15(vcpu, SCTLR) & CR_M)) {
		walk->ipa = va;
		return WALK_DONE;
	}

	if (vcpu_cp15(vcpu, TTBCR) & TTBCR_EAE)
		return walk_long(vcpu, va, access, walk);

	return walk_short(vcpu, va, access, walk);
}
