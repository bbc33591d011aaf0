/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coprocessor registers of a guest: what a row of regs.h becomes, and the
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
 * A key is a coprocessor and what an instruction has of it to name: the low 15
 * bits of a CP15 register's id, bit 15 for the 64-bit ones, and above that the
 * coprocessor, counted from 15 down. Ascending by key is ascending by id.
 */
#define COPROC_KEY_FIELDS		GENMASK(14, 0)
#define COPROC_KEY_64BIT		BIT(15)
#define COPROC_KEY_CP(cp)		((15 - (cp)) << 16)
#define COPROC_KEY_TO_CP(key)		(15 - ((key) >> 16))

/* VMRS and VMSR: VFP ids from here on, plus the number of the register */
#define COPROC_VFP_IDS			KVM_REG_ARM_VFP_FPSID

/* An operand of a row is a number below 16, and what ANY_OF() has made of others */
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
/* The bits of a key that a row does not look at; opc1 and opc2 have three */
#define COPROC_ANY32(crn, opc1, crm, opc2) \
	__COPROC_FIELDS32((crn) >> 8, (opc1) >> 8 & 7, (crm) >> 8, (opc2) >> 8 & 7)
#define COPROC_ANY64(crm, opc1) \
	__COPROC_FIELDS64((crm) >> 8, (opc1) >> 8)

/* Rows of registers, so as many as there can be ids */
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
	/* From here on user space has no id for it */
	COPROC_OPERATION,
	COPROC_RAZ_WI,
	COPROC_NATIVE,
	COPROC_UNDEF,
	NR_COPROC_KINDS
};

/* What a switched register is to the host, and so when its value is moved */
enum coproc_host {
	HOST_LIVE,	/* read before each guest, written after it */
	HOST_FIXED,	/* the same for as long as KVM is enabled on a CPU: not read */
	HOST_DEAD,	/* hardware writes it before the host reads it: neither */
};

/* What brings an access to KVM, or gives the CPU KVM's answer */
enum coproc_trap {
	TRAP_NONE,
	TRAP_VPIDR,
	TRAP_VMPIDR,
#define TRAP(name, ...)		TRAP_##name,
#include "traps.h"
};

/* Who may do what: a bit for each of four kinds of access */
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
 * @any: of a range, the bits of @key that may have either value, zero there
 * @line: where the row is in regs.h
 * @index: its CP15_x slot; of an ID register, its COPROC_ID_x slot; of a VFP
 *	register, see VFP_CONTROL()
 * @kind: who decides what an access does
 * @trap: what brings it here
 * @who: who may access it
 * @feature: COPROC_*: what it is a part of
 * @host: HOST_*, of a switched register
 * @read: the value, for the guest, user space and debugfs. NULL: the slot, which
 *	can be read at any time and without effect
 * @write: what the guest's write does. NULL: it is stored in the slot
 * @set: what user space's write does: 0, or -EINVAL with nothing changed. NULL:
 *	it is stored in the slot; an ID register keeps its rules
 * @reset: returns the value after KVM_ARM_VCPU_INIT. Must give the same answer in
 *	whatever order the vcpus are initialised. NULL: zero
 *
 * A field that a row does not name is zero, which is described there.
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
extern u8 coproc_features;

const struct coproc_reg *coproc_find(u32 key);

#define COPROC_BUCKET_BITS	9
#define COPROC_BUCKET_MASK	GENMASK(COPROC_BUCKET_BITS - 1, 0)
extern const struct coproc_reg *coproc_buckets[];

/**
 * coproc_find_exact() - the row of a register
 * @key: what an instruction or an id names
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

/* ident.c */
void coproc_capture(void);
int coproc_set_id(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
u32 coproc_merge_id(unsigned int slot, u32 a, u32 b);
bool coproc_ids_fit(const u32 *guest, const u32 *cpu);
u32 coproc_actlr_smp(void);
u64 reset_sctlr(struct kvm_vcpu *vcpu);

/* fast.c */
u32 coproc_fast_hsr(u32 hsr);
const struct kvm_fast_trap *coproc_find_fast(const struct kvm_vcpu_hyp *hyp, u32 hsr);

/* user.c */
int coproc_get(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg);
int coproc_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg);
unsigned int coproc_list_ids(unsigned int cp, u64 *ids);

/* access.c, for the rows */
u64 read_actlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
u64 read_l2ctlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
void ignore_write(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
void write_set_way(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
void write_vm_reg(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);
u64 reset_actlr(struct kvm_vcpu *vcpu);
u64 reset_l2ctlr(struct kvm_vcpu *vcpu);
u64 reset_mpidr(struct kvm_vcpu *vcpu);
void coproc_capture_cpu(void);

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

/* ../vfp.c: a row whose value is a word of the vcpu's struct vfp_hard_struct */
#define VFP_CONTROL(member) \
	.feature = COPROC_VFP, \
	.index = offsetof(struct vfp_hard_struct, member) / sizeof(u32), \
	.read = read_vfp_control, .set = set_vfp_control
u64 read_vfp_control(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
int set_vfp_control(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);

/**
 * coproc_key_to_id() - the id of a register
 * @key: its key
 *
 * Return: the id. KVM has none for CP14: then it is what a CP15 register with the
 * same operands has, but for the number of the coprocessor.
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
 * coproc_id_to_key() - the key of a register's id
 * @id: any 64-bit number
 *
 * Return: the key, or -1 for an id that cannot be one of a row.
 */
static inline int coproc_id_to_key(u64 id)
{
	const u64 cp15 = KVM_REG_ARM | KVM_REG_SIZE_U32 |
			 15 << KVM_REG_ARM_COPROC_SHIFT;
	const u64 vfp = KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |
			COPROC_VFP_IDS;
	/* Of the sizes, that of the 64-bit ones has this bit more */
	const u32 size = upper_32_bits(KVM_REG_SIZE_U32 ^ KVM_REG_SIZE_U64);
	u32 low = lower_32_bits(id ^ cp15), high = upper_32_bits(id ^ cp15);

	if (likely(!(low & ~COPROC_KEY_FIELDS) && !(high & ~size)))
		return high ? low | COPROC_KEY_64BIT : low;
	if (!((id ^ vfp) & ~15ULL))
		return COPROC_KEY32(10, lower_32_bits(id), 7, 0, 0);

	return -1;
}

/**
 * coproc_hsr_to_key32() - the key of what an MCR or MRC names
 * @cp: the coprocessor, which the HSR has by its class
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
 * coproc_hsr_to_key64() - the key of what an MCRR or MRRC names
 * @cp: the coprocessor
 * @hsr: HSR of the trapped instruction
 *
 * Return: the key.
 */
static inline u32 coproc_hsr_to_key64(unsigned int cp, u32 hsr)
{
	return COPROC_KEY64(cp, FIELD_GET(HSR_CP_CRM, hsr), FIELD_GET(HSR_CP64_OPC1, hsr));
}

/**
 * coproc_key_to_hsr32() - what an HSR has of an MCR or MRC
 * @key: the key
 *
 * Return: the operands; not the exception class, the direction and Rt.
 */
static inline u32 coproc_key_to_hsr32(u32 key)
{
	return FIELD_PREP(HSR_CP32_CRN, key >> KVM_REG_ARM_32_CRN_SHIFT & 15) |
	       FIELD_PREP(HSR_CP32_OPC1, key >> KVM_REG_ARM_OPC1_SHIFT & 7) |
	       FIELD_PREP(HSR_CP_CRM, key >> KVM_REG_ARM_CRM_SHIFT & 15) |
	       FIELD_PREP(HSR_CP32_OPC2, key >> KVM_REG_ARM_32_OPC2_SHIFT & 7);
}

/* Does user space have an id for it? */
static inline bool coproc_is_listed(const struct coproc_reg *r)
{
	return r->kind < COPROC_OPERATION;
}

/**
 * coproc_is_visible() - does this host have the register?
 * @r: the row
 *
 * Each access asks, from the guest as from user space. A register that is not
 * visible is undefined for the guest; user space finds no id of it.
 *
 * Return: whether it has.
 */
static inline bool coproc_is_visible(const struct coproc_reg *r)
{
	return likely(!(r->feature & ~coproc_features));
}

/* The slot of a row that has one, or shares one */
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

	/* ID registers may be read while another vcpu's ioctl changes them */
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

/* Of a row that is listed, or has a read function */
static inline u64 coproc_value(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	return r->read ? r->read(vcpu, r) : coproc_load(vcpu, r);
}

#endif /* __ARM_KVM_COPROC_H__ */
