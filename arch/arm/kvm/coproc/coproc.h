/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CP15 registers of a guest: what a row of regs.h becomes, and the functions
 * that rows name.
 */
#ifndef __ARM_KVM_COPROC_H__
#define __ARM_KVM_COPROC_H__

#include <linux/bits.h>
#include <linux/kvm_host.h>

#include "../onereg.h"

/*
 * A key is the low 15 bits of a register's id, with bit 15 for the 64-bit
 * ones: ascending by key is ascending by id.
 */
#define CP15_KEY_64BIT			BIT(15)
#define CP15_KEY32(crn, opc1, crm, opc2) \
	((crn) << KVM_REG_ARM_32_CRN_SHIFT | \
	 (opc1) << KVM_REG_ARM_OPC1_SHIFT | \
	 (crm) << KVM_REG_ARM_CRM_SHIFT | \
	 (opc2) << KVM_REG_ARM_32_OPC2_SHIFT)
#define CP15_KEY64(crm, opc1) \
	(CP15_KEY_64BIT | \
	 (opc1) << KVM_REG_ARM_OPC1_SHIFT | \
	 (crm) << KVM_REG_ARM_CRM_SHIFT)

#define CP15_KEY_FIELDS			GENMASK(14, 0)

enum coproc_storage {
	COPROC_SWITCHED,
	COPROC_EMULATED,
	COPROC_ALIAS_OF,
	COPROC_INVARIANT,
	COPROC_EXTERNAL,
	COPROC_NO_STATE,
	NR_COPROC_STORAGE
};

/* Rows are for PL1 unless a flag says more */
#define REG_PL0		BIT(0)	/* User mode may read and write */
#define REG_PL0_RO	BIT(1)	/* User mode may read */
#define REG_RO		BIT(2)	/* no mode of the guest may write */

/**
 * struct coproc_access - a trapped instruction, as its row's accessor gets it
 * @val: what the guest writes, or what it is to read
 * @key: the register's key
 * @is_write: the guest writes
 */
struct coproc_access {
	u64 val;
	u16 key;
	bool is_write;
};

/**
 * struct coproc_reg - one row of regs.h
 * @name: the architectural name
 * @key: encoding and width, see CP15_KEY32() and CP15_KEY64()
 * @line: where the row is in regs.h
 * @index: its CP15_x slot; of an invariant register, its place in
 *	coproc_invariants
 * @storage: where the value lives
 * @flags: REG_*
 * @access: guest access. Fills in or consumes @val and returns true, or
 *	returns false for an access that is undefined. NULL: load or store of
 *	the slot, or the captured value of an invariant register.
 * @reset: value after KVM_ARM_VCPU_INIT by target; of a 64-bit register the
 *	low word, the high one is zero
 * @reset_fn: returns that value where it has to be computed. Must give the
 *	same answer in whatever order the vcpus are initialised.
 * @get_user: user space's view where it is not the slot
 * @set_user: its counterpart: 0, or -EINVAL with nothing changed
 * @hide: bits of the host's value that an invariant register does not show
 * @show: bits it shows in their place
 *
 * An unnamed field is zero and means the obvious thing.
 */
struct coproc_reg {
	const char *name;
	u16 key;
	u16 line;
	u8 index;
	u8 storage;
	u8 flags;
	bool (*access)(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		       struct coproc_access *a);
	u32 reset[KVM_ARM_NUM_TARGETS];
	u32 (*reset_fn)(struct kvm_vcpu *vcpu);
	u64 (*get_user)(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
	int (*set_user)(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
			u64 val);
	u32 hide;
	u32 show;
};

/**
 * struct coproc_invariant - a register that cannot be changed
 * @value: as guests and user space see it
 * @host: as this host's CPU has it
 */
struct coproc_invariant {
	u32 value;
	u32 host;
};

/* table.c */
extern const struct coproc_reg coproc_regs[];
extern const unsigned int nr_coproc_regs;
extern struct coproc_invariant coproc_invariants[];
extern u64 coproc_ids[];
extern unsigned int nr_coproc_ids;

const struct coproc_reg *coproc_find(u16 key);

/* check.c */
typedef void (*coproc_report_fn)(const struct coproc_reg *r, const char *what);
unsigned int coproc_check(const struct coproc_reg *table, unsigned int n,
			  coproc_report_fn report);

/* access.c, for the rows */
bool access_actlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		  struct coproc_access *a);
bool access_cntp_ctl(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		     struct coproc_access *a);
bool access_cntp_cval(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		      struct coproc_access *a);
bool access_cntp_tval(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		      struct coproc_access *a);
bool access_l2ctlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		   struct coproc_access *a);
bool access_raz_wi(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		   struct coproc_access *a);
bool access_set_way(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		    struct coproc_access *a);
bool access_vm_reg(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		   struct coproc_access *a);
u64 get_actlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
u64 get_l2ctlr(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
u32 reset_actlr(struct kvm_vcpu *vcpu);
u32 reset_l2ctlr(struct kvm_vcpu *vcpu);
u32 reset_mpidr(struct kvm_vcpu *vcpu);
void coproc_capture_cpu(void);
u32 coproc_merge_ctr(u32 a, u32 b);
bool coproc_ctr_is_pipt(u32 ctr);

/* ccsidr.c */
bool access_ccsidr(struct kvm_vcpu *vcpu, const struct coproc_reg *r,
		   struct coproc_access *a);
void coproc_capture_ccsidr(void);

/* ../timer.c, for the rows */
u64 get_timer(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
u64 get_timer_ctl(struct kvm_vcpu *vcpu, const struct coproc_reg *r);
int set_timer(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val);

/**
 * coproc_key_to_id() - the id of a register
 * @key: its key
 *
 * Return: the id.
 */
static inline u64 coproc_key_to_id(u16 key)
{
	u64 size = key & CP15_KEY_64BIT ? KVM_REG_SIZE_U64 : KVM_REG_SIZE_U32;

	return KVM_REG_ARM | size | 15 << KVM_REG_ARM_COPROC_SHIFT |
	       (key & CP15_KEY_FIELDS);
}

/**
 * coproc_id_to_key() - the key of a CP15 register's id
 * @id: any 64-bit number
 *
 * Return: the key, or -1 for an id that cannot be one of a CP15 register.
 */
static inline int coproc_id_to_key(u64 id)
{
	u32 cp15 = 15 << KVM_REG_ARM_COPROC_SHIFT;

	if ((lower_32_bits(id) & ~CP15_KEY_FIELDS) != cp15)
		return -1;

	if (upper_32_bits(id) == upper_32_bits(KVM_REG_ARM | KVM_REG_SIZE_U32))
		return id & CP15_KEY_FIELDS;
	if (upper_32_bits(id) == upper_32_bits(KVM_REG_ARM | KVM_REG_SIZE_U64))
		return (id & CP15_KEY_FIELDS) | CP15_KEY_64BIT;

	return -1;
}

/* Fields of an HSR, where MCR and MRC, MCRR and MRRC have them */
#define HSR_CP_READ		BIT(0)
#define HSR_CP_CRM(hsr)		(((hsr) >> 1) & 0xf)
#define HSR_CP_RT(hsr)		(((hsr) >> 5) & 0xf)
#define HSR_CP_RT2(hsr)		(((hsr) >> 10) & 0xf)
#define HSR_CP_CRN(hsr)		(((hsr) >> 10) & 0xf)
#define HSR_CP32_OPC1(hsr)	(((hsr) >> 14) & 0x7)
#define HSR_CP32_OPC2(hsr)	(((hsr) >> 17) & 0x7)
#define HSR_CP64_OPC1(hsr)	(((hsr) >> 16) & 0xf)

/**
 * coproc_hsr_to_key32() - the key of the register an MCR or MRC names
 * @hsr: HSR of the trapped instruction
 *
 * Return: the key.
 */
static inline u16 coproc_hsr_to_key32(u32 hsr)
{
	return CP15_KEY32(HSR_CP_CRN(hsr), HSR_CP32_OPC1(hsr),
			  HSR_CP_CRM(hsr), HSR_CP32_OPC2(hsr));
}

/**
 * coproc_hsr_to_key64() - the key of the register an MCRR or MRRC names
 * @hsr: HSR of the trapped instruction
 *
 * Return: the key.
 */
static inline u16 coproc_hsr_to_key64(u32 hsr)
{
	return CP15_KEY64(HSR_CP_CRM(hsr), HSR_CP64_OPC1(hsr));
}

/* The slot of a row that has one, or shares one */
static inline u64 coproc_load(const struct kvm_vcpu *vcpu,
			      const struct coproc_reg *r)
{
	const u32 *slot = &vcpu_ctxt(vcpu)->cp15[r->index];

	if (r->key & CP15_KEY_64BIT)
		return (u64)slot[1] << 32 | slot[0];

	return slot[0];
}

static inline void coproc_store(struct kvm_vcpu *vcpu,
				const struct coproc_reg *r, u64 val)
{
	u32 *slot = &vcpu_ctxt(vcpu)->cp15[r->index];

	slot[0] = lower_32_bits(val);
	if (r->key & CP15_KEY_64BIT)
		slot[1] = upper_32_bits(val);
}

#endif /* __ARM_KVM_COPROC_H__ */
