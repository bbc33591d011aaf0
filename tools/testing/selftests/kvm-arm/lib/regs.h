/* SPDX-License-Identifier: GPL-2.0 */
/* Registers by their ids and names, and their fields */
#ifndef KVM_ARM_REGS_H
#define KVM_ARM_REGS_H

#include <stddef.h>
#include <stdint.h>
#include <linux/kvm.h>

/**
 * enum reg_group - the part of the id space that has a register
 * @REG_CORE: core registers
 * @REG_CP15: coprocessor 15
 * @REG_TIMER: coprocessor 15, generic timers
 * @REG_DEMUX: CCSIDR by cache
 * @REG_VFP: floating point
 * @REG_FW: firmware pseudo registers
 * @REG_OTHER: none of these
 */
enum reg_group {
	REG_CORE,
	REG_CP15,
	REG_TIMER,
	REG_DEMUX,
	REG_VFP,
	REG_FW,
	REG_OTHER,
};

/*
 * Kinds of rows, see arch/arm/kvm/coproc/regs.h. KVM does not list registers of
 * REG_OPERATION and the following kinds. Registers of REG_NO_ROW are not in a
 * coprocessor.
 */
enum reg_kind {
	REG_NO_ROW,
	REG_SWITCHED,
	REG_EMULATED,
	REG_ALIAS,
	REG_ID,
	REG_EXTERNAL,
	REG_OPERATION,
	REG_RAZ_WI,
	REG_NATIVE,
	REG_UNDEF,
};

/**
 * struct reg_name - a register with a name
 * @id: its KVM id
 * @name: its name in the ARM Architecture Reference Manual
 * @group: its part of the id space
 * @kind: the kind of its row
 * @trap: the trap in its row, or NULL
 * @who: who may access it, as in its row, or NULL
 * @more: the rest of its row, or NULL
 */
struct reg_name {
	uint64_t id;
	const char *name;
	enum reg_group group;
	enum reg_kind kind;
	const char *trap;
	const char *who;
	const char *more;
};

/*
 * All registers with a name, ascending by id within each group, including those
 * that this host lacks
 */
extern const struct reg_name reg_names[];
extern const size_t nr_reg_names;

/* Find a register by its id; NULL if it has no name. */
const struct reg_name *reg_of_id(uint64_t id);

#define REG_NAME_LEN 32

/**
 * reg_name() - name a register
 * @id: the register
 * @buf: REG_NAME_LEN bytes, used if the register has no name
 *
 * Return: the name, or else a description of the id ("p15,1,c9,c0,2", "core 0x40",
 * "0x4020000000130000").
 */
const char *reg_name(uint64_t id, char *buf);

/**
 * reg_lookup() - find a register by name or number
 * @name: a name in any case, or an id in hexadecimal with 0x
 * @id: out: the id
 *
 * Return: 0, or -ENOENT.
 */
int reg_lookup(const char *name, uint64_t *id);

/* Return "core", "cp15", ... */
const char *reg_group_name(enum reg_group group);
enum reg_group reg_group_of(uint64_t id);

/**
 * enum reg_rule - what user space may write to a field of an ID register
 * @RULE_SAME: the present value
 * @RULE_LOWER: the present value or a lower one
 * @RULE_LOWER_NOT_0: the present value or a lower one but 0, which is the highest
 * @RULE_HIGHER_OR_0: the present value, a higher one, or 0, which is the highest
 * @RULE_FREE: any value
 * @RULE_FIXED: the value that KVM has fixed
 * @RULE_ANY: any value; the field only has a name
 */
enum reg_rule {
	RULE_SAME,
	RULE_LOWER,
	RULE_LOWER_NOT_0,
	RULE_HIGHER_OR_0,
	RULE_FREE,
	RULE_FIXED,
	RULE_ANY,
};

/**
 * struct reg_field - a field, by coproc/fields.h or reg_bits.h
 * @id: the register; for @RULE_ANY the result of reg_layout(), which may be a format
 *	of a register
 * @name: its name in the ARM Architecture Reference Manual
 * @low: lowest bit
 * @width: number of bits
 * @rule: values that user space may write
 * @value: the value, for @RULE_FIXED
 */
struct reg_field {
	uint64_t id;
	const char *name;
	unsigned int low;
	unsigned int width;
	enum reg_rule rule;
	uint32_t value;
};

extern const struct reg_field reg_fields[];
extern const size_t nr_reg_fields;

/**
 * reg_layout() - find the fields of a register
 * @id: the register
 * @value: its value, which may select a format
 *
 * Return: the id that the rows of its fields have.
 */
uint64_t reg_layout(uint64_t id, uint64_t value);

/* Extract a field from a value. */
static inline uint64_t reg_field_get(const struct reg_field *f, uint64_t value)
{
	return value >> f->low & ((1ULL << f->width) - 1);
}

/* Return the size of a register in bytes. */
static inline unsigned int reg_size(uint64_t id)
{
	return 1U << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
}

/* Id of a core register by its struct kvm_regs member, as in usr_regs.ARM_pc */
#define CORE_REG(member)						\
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE |		\
	 (offsetof(struct kvm_regs, member) / sizeof(uint32_t)))

/* Ids of coprocessor registers, fields in the order of regs.h */
#define CP_REG32(cp, crn, opc1, crm, opc2)				\
	(KVM_REG_ARM | KVM_REG_SIZE_U32 |				\
	 (uint64_t)(cp) << KVM_REG_ARM_COPROC_SHIFT |			\
	 (uint64_t)(crn) << KVM_REG_ARM_32_CRN_SHIFT |			\
	 (uint64_t)(opc1) << KVM_REG_ARM_OPC1_SHIFT |			\
	 (uint64_t)(crm) << KVM_REG_ARM_CRM_SHIFT |			\
	 (uint64_t)(opc2) << KVM_REG_ARM_32_OPC2_SHIFT)
#define CP_REG64(cp, crm, opc1)						\
	(KVM_REG_ARM | KVM_REG_SIZE_U64 |				\
	 (uint64_t)(cp) << KVM_REG_ARM_COPROC_SHIFT |			\
	 (uint64_t)(opc1) << KVM_REG_ARM_OPC1_SHIFT |			\
	 (uint64_t)(crm) << KVM_REG_ARM_CRM_SHIFT)

/* Id of a register by the name of its row, a constant: REG(SCTLR) */
#define REG(name) ((uint64_t)REG_ID_##name)

/* VMRS and VMSR have ids of the VFP */
#define ROW_ID32(cp, crn, opc1, crm, opc2)				\
	((cp) == 10 ? KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |	\
		      (KVM_REG_ARM_VFP_FPSID + (crn)) :			\
		      CP_REG32(cp, crn, opc1, crm, opc2))

enum {
#define ROW32(name, cp, crn, opc1, crm, opc2, ...)			\
	REG_ID_##name = ROW_ID32(cp, crn, opc1, crm, opc2),
#define ROW64(name, cp, crm, opc1, ...)					\
	REG_ID_##name = CP_REG64(cp, crm, opc1),
#include "coproc/regs.h"
};

#endif /* KVM_ARM_REGS_H */
