/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Find the row of arch/arm/kvm/coproc/regs.h that decides about an instruction.
 */
#ifndef KVM_ARM_ENCODINGS_H
#define KVM_ARM_ENCODINGS_H

#include "kvm_arm.h"

/**
 * struct encoding - the operands of a coprocessor instruction
 * @cp: the coprocessor; 10 for VMRS and VMSR, with the register as crn, opc1 7
 * @is_64: MRRC or MCRR, which have opc1 and crm only
 * @opc1: as in the instruction
 * @crn: as in the instruction
 * @crm: as in the instruction
 * @opc2: as in the instruction
 */
struct encoding {
	unsigned int cp;
	bool is_64;
	unsigned int opc1;
	unsigned int crn;
	unsigned int crm;
	unsigned int opc2;
};

/**
 * struct table_row - a row, of one register or of a range of encodings
 * @name: its name; the manual does not have the names of ranges
 * @kind: who decides
 * @cp: the coprocessor
 * @is_64: for MRRC and MCRR
 * @key: the operands, packed
 * @any: bits of @key that a range ignores; 0 for a register
 * @trap: the trap, see coproc/traps.h, or "NONE"
 * @who: who may access it, as in the row
 * @more: the rest of the row
 */
struct table_row {
	const char *name;
	enum reg_kind kind;
	unsigned int cp;
	bool is_64;
	uint32_t key;
	uint32_t any;
	const char *trap;
	const char *who;
	const char *more;
};

extern const struct table_row table_rows[];
extern const size_t nr_table_rows;

/* Return the deciding row, or NULL if no instruction has the encoding. */
const struct table_row *deciding_row(const struct encoding *e);

/* Tell whether a row permits an access by PL1 or PL0. */
bool row_allows(const struct table_row *row, bool write, bool pl0);

/* Return "HCR.TAC" for a row's "TAC"; leave "NONE" and the like as they are. */
const char *trap_name(const char *trap, char *buf);
#define TRAP_NAME_LEN 24

/* Return "switched", "undefined", ... */
const char *kind_name(enum reg_kind kind);

#endif /* KVM_ARM_ENCODINGS_H */
