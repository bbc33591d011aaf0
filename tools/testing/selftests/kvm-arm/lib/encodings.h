/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which row of arch/arm/kvm/coproc/regs.h decides about an instruction.
 */
#ifndef KVM_ARM_ENCODINGS_H
#define KVM_ARM_ENCODINGS_H

#include "kvm_arm.h"

/**
 * struct encoding - what an instruction names of a coprocessor
 * @cp: the coprocessor; VMRS and VMSR are 10, with the register as crn, opc1 7
 * @is_64: MRRC or MCRR, which have opc1 and crm only
 * @opc1: as in the instruction
 * @crn: as there
 * @crm: as there
 * @opc2: as there
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
 * @name: its name; of a range, not one of the manual
 * @kind: who decides
 * @cp: the coprocessor
 * @is_64: of MRRC and MCRR
 * @key: the operands, packed
 * @any: bits of @key that may have either value; 0: one register
 * @trap: what traps it, see coproc/traps.h, or "NONE"
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

/* The row that decides, or NULL for what no instruction names */
const struct table_row *deciding_row(const struct encoding *e);

/* May PL1, or PL0, do this, as far as the row goes? */
bool row_allows(const struct table_row *row, bool write, bool pl0);

/* "HCR.TAC", from what a row has as "TAC"; "NONE" and the like are as they are */
const char *trap_name(const char *trap, char *buf);
#define TRAP_NAME_LEN 24

/* "switched", "undefined" ... */
const char *kind_name(enum reg_kind kind);

#endif /* KVM_ARM_ENCODINGS_H */
