/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coprocessor registers of a guest: the rows of regs.h as structures, and the
 * functions that rows name.
 */
#ifndef __ARM_KVM_COPROC_H__
#define __ARM_KVM_COPROC_H__

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/kvm_host.h>
#include <linux/stddef.h>

#include <asm/kvm_arm.h>
#include <asm/kvm_coproc.h>

#include "../onereg.h"

/*
 * A key names a coprocessor register: bits 14:0 are those of a CP15 register's
 * id, bit 15 is set for 64-bit registers, and bits 31:16 are 15 minus the
 * coprocessor. Ids ascend with keys.
 */
#define COPROC_KEY_FIELDS		GENMASK(14, 0)
#define COPROC_KEY_64BIT		BIT(15)
#define COPROC_KEY_CP(cp)		((15 - (cp)) << 16)
#define COPROC_KEY_TO_CP(key)		(15 - ((key) >> 16))

/* VMRS and VMSR: first VFP id, to which the number of the register is added */
#define COPROC_VFP_IDS			KVM_REG_ARM_VFP_FPSID

/* An operand of a row: a number below 16, plus ANY_OF() of the bits to ignore */
#define __COPROC_FIELDS32(crn, opc1, crm, opc2) \
	(((crn) & 15) << KVM_REG_ARM_32_CRN_SHIFT | \
	 ((opc1) & 15) << KVM_REG_ARM_OPC1_SHIFT | \
	 ((crm) & 15) << KVM_REG_ARM_CRM_SHIFT | \
	 ((opc2) & 15) << KVM_REG_ARM_32_OPC2_SHIFT)
#define __COPROC_FIELDS64(crm, opc1) \
	(((opc1) & 15) << KVM_REG_ARM_OPC1_SHIFT | \
	 ((crm) & 15) << KVM_REG_ARM_CRM_SHIFT)

#define COPROC_KEY32(cp, crn, opc1, crm, opc2) \
	(COPROC_KEY_CP(cp) | __COPROC_FIELDS32(crn, opc1, crm, opc2))
#define COPROC_KEY64(cp, crm, opc1) \
	(COPROC_KEY_CP(cp) | COPROC_KEY_64BIT | __COPROC_FIELDS64(crm, opc1))
/* Bits of a key that a row ignores; opc1 and opc2 have three bits */
#define COPROC_ANY32(crn, opc1, crm, opc2) \
	__COPROC_FIELDS32((crn) >> 8, (opc1) >> 8 & 7, (crm) >> 8, (opc2) >> 8 & 7)
#define COPROC_ANY64(crm, opc1) \
	__COPROC_FIELDS64((crm) >> 8, (opc1) >> 8)

/* Rows of registers, not of ranges: those that a search by key finds in the buckets */
enum coproc_row {
#define ROW32(name, ...)	COPROC_ROW_##name,
#define ROW64(name, ...)	COPROC_ROW_##name,
#include "regs.h"
	NR_COPROC_ROWS
};

/* Who decides what an access does, see regs.h */
enum coproc_kind {
	COPROC_SWITCHED,
	COPROC_EMULATED,
	COPROC_ALIAS,
	COPROC_ID,
	COPROC_EXTERNAL,
	/* The kinds below have no ids for user space. */
	COPROC_OPERATION,
	COPROC_RAZ_WI,
	COPROC_NATIVE,
	COPROC_UNDEF,
	NR_COPROC_KINDS
};

/* How Hyp mode treats the host's value of a switched register */
enum coproc_host {
	HOST_LIVE,	/* saved before each guest, restored after it */
	HOST_FIXED,	/* constant while KVM is enabled on a CPU: restored only */
	HOST_DEAD,	/* hardware writes it before the host reads it: neither */
};

/* The control that traps an access, or the register that holds KVM's answer */
enum coproc_trap {
	TRAP_NONE,
	TRAP_VPIDR,
	TRAP_VMPIDR,
#define TRAP(name, ...)		TRAP_##name,
#include "traps.h"
};

/* Permissions: a bit for reads and a bit for writes, of PL1 and of PL0 */
#define COPROC_MAY(is_write, is_pl0)	BIT((is_write) + 2 * (is_pl0))
enum coproc_who {
	WHO_NA		= 0,
	WHO_RO		= COPROC_MAY(0, 0),
	WHO_WO		= COPROC_MAY(1, 0),
	WHO_RW		= WHO_RO | WHO_WO,
	WHO_RO_RO	= WHO_RO | COPROC_MAY(0, 1),
	WHO_WO_WO	= WHO_WO | COPROC_MAY(1, 1),
	WHO_RW_RO	= WHO_RW | COPROC_MAY(0, 1),
	WHO_RW_RW	= WHO_RW_RO | COPROC_MAY(1, 1),
};

/**
 * struct coproc_reg - one row of regs.h
 * @name: the architectural name
 * @key: coprocessor, encoding and width, see COPROC_KEY32() and COPROC_KEY64()
 * @any: for a range, the bits of @key that match either value; they are 0 in @key
 * @line: line of the row in regs.h
 * @index: CP15_x slot; COPROC_ID_x slot of an ID register; for a VFP register see
 *	VFP_CONTROL()
 * @kind: COPROC_*, from enum coproc_kind: who decides what an access does
 * @trap: TRAP_*: the control that traps accesses
 * @who: WHO_*: who may access the register
 * @feature: features that the host must have: COPROC_* of asm/kvm_coproc.h
 * @host: HOST_*, for a switched register
 * @read: return the value, for the guest, user space and debugfs. NULL: load the
 *	slot, at any time and without side effects
 * @write: carry out a write by the guest. NULL: store to the slot
 * @set: carry out a write by user space: return 0, or -EINVAL with nothing
 *	changed. NULL: store to the slot, for an ID register by its rules
 * @reset: return the value after KVM_ARM_VCPU_INIT, which must not depend on the
 *	order in which vcpus are initialised. NULL: zero
 *
 * A row leaves fields that it does not need at zero.
 */
struct coproc_reg {
	const char *name;
	u32 key;
	u32 any;
	u16 line;
	u8 index;
	u8 kind;
	u8 trap;
	u8 who;
	u8 feature;
	u8 host;
	u64 (*read)(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
	void (*write)(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		      u64 val);
	int (*set)(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
	u64 (*reset)(struct kvm_vcpu *vcpu);
};

/* table.c */
extern const struct coproc_reg coproc_regs[];
extern const unsigned int nr_coproc_regs;

const struct coproc_reg *coproc_find(u32 key);

#define COPROC_BUCKET_BITS	9
#define COPROC_BUCKET_MASK	GENMASK(COPROC_BUCKET_BITS - 1, 0)
extern const struct coproc_reg *coproc_buckets[];

/**
 * coproc_find_exact() - find the row of a register
 * @key: the key of an instruction or an id
 *
 * Return: the row, or NULL.
 */
static inline const struct coproc_reg *coproc_find_exact(u32 key)
{
	u32 bucket = hash_32(key, COPROC_BUCKET_BITS);
	const struct coproc_reg *r = coproc_buckets[bucket];

	while (unlikely(r && r->key != key)) {
		bucket = (bucket + 1) & COPROC_BUCKET_MASK;
		r = coproc_buckets[bucket];
	}

	return r;
}

#define for_each_coproc_reg(r) \
	for (r = coproc_regs; r < coproc_regs + nr_coproc_regs; r++)

/* check.c */
typedef void (*coproc_report_fn)(const struct coproc_reg *r, const char *what);
unsigned int coproc_check(const struct coproc_reg *table, unsigned int n,
			  coproc_report_fn report);

/* Cores of a cluster, in MPIDR and L2CTLR */
#define COPROC_CLUSTER	4

/* target.c; the functions without coproc_ for the rows */
void coproc_capture_target(void);
u8 coproc_part_features(u32 part);
u32 coproc_actlr_smp(void);
u64 read_actlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
u64 read_l2ctlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
u64 reset_actlr(struct kvm_vcpu *vcpu);
u64 reset_l2ctlr(struct kvm_vcpu *vcpu);
u64 reset_sctlr(struct kvm_vcpu *vcpu);

/* ident.c */
extern u8 coproc_features;

void coproc_capture(void);
int coproc_set_id(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
u32 coproc_merge_id(unsigned int slot, u32 a, u32 b);
bool coproc_ids_fit(const u32 *guest, const u32 *cpu);

/* fast.c */
extern bool coproc_fast_traps;
u32 coproc_fast_hsr(u32 hsr);
const struct kvm_fast_trap *coproc_find_fast(const struct kvm_vcpu_hyp *hyp, u32 hsr);

/* user.c */
int coproc_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg);
int coproc_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg);
unsigned int coproc_list_ids(unsigned int cp, u64 *ids);

/* access.c, for the rows */
void ignore_write(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
void write_set_way(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
void write_vm_reg(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
u64 reset_mpidr(struct kvm_vcpu *vcpu);

/* ccsidr.c */
u64 read_selected_ccsidr(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
void coproc_capture_ccsidr(void);
void coproc_init_ccsidrs(u32 *ccsidrs);

/* ../timer.c, for the rows */
u64 read_timer(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
u64 read_timer_ctl(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
u64 read_cntp_tval(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
void write_cntp_ctl(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
void write_cntp_cval(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
void write_cntp_tval(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
int set_timer(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);

/* A row whose value is a word of the vcpu's struct vfp_hard_struct */
#define VFP_CONTROL(member) \
	.feature = COPROC_VFP, \
	.index = offsetof(struct vfp_hard_struct, member) / sizeof(u32), \
	.read = read_vfp_control, .set = set_vfp_control
u64 read_vfp_control(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
int set_vfp_control(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);

/**
 * coproc_key_to_id() - convert a key to an id
 * @key: the key of a register
 *
 * Return: the id. KVM defines no ids for CP14: return that of the CP15 register with
 * the same operands, with 14 as the coprocessor.
 */
static inline u64 coproc_key_to_id(u32 key)
{
	u64 size = key & COPROC_KEY_64BIT ? KVM_REG_SIZE_U64 : KVM_REG_SIZE_U32;
	u32 cp = COPROC_KEY_TO_CP(key), fields = key & COPROC_KEY_FIELDS;

	if (cp == 10)
		return KVM_REG_ARM | size | KVM_REG_ARM_VFP | COPROC_VFP_IDS |
		       fields >> KVM_REG_ARM_32_CRN_SHIFT;

	return KVM_REG_ARM | size | cp << KVM_REG_ARM_COPROC_SHIFT | fields;
}

/**
 * coproc_id_to_key() - convert an id to a key
 * @id: any 64-bit number
 *
 * Return: the key, or -1 for an id that no row can have.
 */
static inline int coproc_id_to_key(u64 id)
{
	const u64 cp15 = KVM_REG_ARM | KVM_REG_SIZE_U32 |
			 15 << KVM_REG_ARM_COPROC_SHIFT;
	const u64 vfp = KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |
			COPROC_VFP_IDS;
	/* The bit that KVM_REG_SIZE_U64 has in addition to KVM_REG_SIZE_U32 */
	const u32 size = upper_32_bits(KVM_REG_SIZE_U32 ^ KVM_REG_SIZE_U64);
	u32 low = lower_32_bits(id ^ cp15), high = upper_32_bits(id ^ cp15);

	if (likely(!(low & ~COPROC_KEY_FIELDS) && !(high & ~size)))
		return high ? low | COPROC_KEY_64BIT : low;
	if (!((id ^ vfp) & ~15ULL))
		return COPROC_KEY32(10, lower_32_bits(id), 7, 0, 0);

	return -1;
}

/**
 * coproc_hsr_to_key32() - get the key of a trapped MCR or MRC
 * @cp: the coprocessor, by HSR's exception class
 * @hsr: HSR of the trapped instruction
 *
 * Return: the key.
 */
static inline u32 coproc_hsr_to_key32(unsigned int cp, u32 hsr)
{
	return COPROC_KEY32(cp, FIELD_GET(HSR_CP32_CRN, hsr), FIELD_GET(HSR_CP32_OPC1, hsr),
			    FIELD_GET(HSR_CP_CRM, hsr), FIELD_GET(HSR_CP32_OPC2, hsr));
}

/**
 * coproc_hsr_to_key64() - get the key of a trapped MCRR or MRRC
 * @cp: the coprocessor, by HSR's exception class
 * @hsr: HSR of the trapped instruction
 *
 * Return: the key.
 */
static inline u32 coproc_hsr_to_key64(unsigned int cp, u32 hsr)
{
	return COPROC_KEY64(cp, FIELD_GET(HSR_CP_CRM, hsr), FIELD_GET(HSR_CP64_OPC1, hsr));
}

/**
 * coproc_key_to_hsr32() - get the HSR of an MCR or MRC
 * @key: the key
 *
 * Return: the operands, without exception class, direction and Rt.
 */
static inline u32 coproc_key_to_hsr32(u32 key)
{
	return FIELD_PREP(HSR_CP32_CRN, key >> KVM_REG_ARM_32_CRN_SHIFT & 15) |
	       FIELD_PREP(HSR_CP32_OPC1, key >> KVM_REG_ARM_OPC1_SHIFT & 7) |
	       FIELD_PREP(HSR_CP_CRM, key >> KVM_REG_ARM_CRM_SHIFT & 15) |
	       FIELD_PREP(HSR_CP32_OPC2, key >> KVM_REG_ARM_32_OPC2_SHIFT & 7);
}

/* Tell whether user space has an id for a row. */
static inline bool coproc_is_listed(const struct coproc_reg *r)
{
	return r->kind < COPROC_OPERATION;
}

/**
 * coproc_is_visible() - tell whether this host has a register
 * @r: the row
 *
 * Every access by the guest and by user space checks this. A register that is not
 * visible is undefined for the guest and has no id for user space.
 *
 * Return: true if the host has the register.
 */
static inline bool coproc_is_visible(const struct coproc_reg *r)
{
	return likely(!(r->feature & ~coproc_features));
}

/* Return the slot of a row, which an ALIAS shares with another row. */
static inline u32 *coproc_slot(const struct kvm_vcpu *vcpu,
			       const struct coproc_reg *r)
{
	if (r->kind == COPROC_ID)
		return &vcpu->kvm->arch.id_regs[r->index];

	return &vcpu_ctxt(vcpu)->cp15[r->index];
}

static inline u64 coproc_load(const struct kvm_vcpu *vcpu,
			      const struct coproc_reg *r)
{
	const u32 *slot = coproc_slot(vcpu, r);

	if (r->key & COPROC_KEY_64BIT)
		return (u64)READ_ONCE(slot[1]) << 32 | READ_ONCE(slot[0]);

	/* Another vcpu's ioctl may change an ID register. */
	return READ_ONCE(slot[0]);
}

static inline void coproc_store(struct kvm_vcpu *vcpu,
				const struct coproc_reg *r, u64 val)
{
	u32 *slot = coproc_slot(vcpu, r);

	slot[0] = lower_32_bits(val);
	if (r->key & COPROC_KEY_64BIT)
		slot[1] = upper_32_bits(val);
}

/* Return the value of a row that is listed or has .read. */
static inline u64 coproc_value(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	return r->read ? r->read(vcpu, r) : coproc_load(vcpu, r);
}

#endif /* __ARM_KVM_COPROC_H__ */
