/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IT blocks of Thumb code, and what the architecture says of them (ARM DDI
 * 0406C, A2.5.2).
 */
#ifndef KVM_ARM_IT_BLOCK_H
#define KVM_ARM_IT_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "../guest/insn.h"

/*
 * What an instruction of a block does to R0 + its number. R4 is an address
 * without memory, R5 one with memory, R6 counts the code's ends.
 */
enum it_kind {
	ADD16, ADD32,			/* no exits */
	LOAD16, LOAD32, STORE16, STORE32,	/* of a device */
	READ16, READ32, WRITE16,	/* of memory */
	VMOV,				/* the first use of VFP */
	MRC, MRC_TRAPS,			/* of TPIDRURO; of ACTLR */
	MCR, MCR_TRAPS,			/* the same; ACTLR ignores it */
	SMC,				/* at the end of a block only */
	UDF16, UDF32,			/* undefined */
	NR_KINDS,
};

/* Whether it accesses a device */
bool it_is_device(enum it_kind kind);

/**
 * struct it_block - an IT block, followed by two instructions outside of it
 * @it: first condition and mask, as in the IT instruction
 * @nr: instructions in the block
 * @kind: what they are
 * @address: of the IT instruction
 * @flags: N, Z, C and V at its beginning
 */
struct it_block {
	uint32_t it;
	unsigned int nr;
	enum it_kind kind[4];
	uint32_t address;
	uint32_t flags;
};

/* One of its instructions, as the model has it */
struct it_step {
	uint32_t pc;
	uint32_t next;
	uint32_t it;		/* the state it is executed with ... */
	uint32_t next_it;	/* ... and the one after it */
	bool passes;
};

/* Whether there are blocks with this first condition and mask */
bool it_is_shape(uint32_t it);

/* How many instructions they have */
unsigned int it_block_size(uint32_t it);

/* The steps of a block: as many as it has instructions */
void it_walk(const struct it_block *b, struct it_step *steps);

/**
 * it_write() - write the code of a block
 * @b: the block; with 0 for the condition and mask there is a NOP instead
 * @code: where its memory is
 *
 * It is followed by an instruction that adds 1 to R6 and sets the flags, since
 * it is not in a block, and by BX LR.
 */
void it_write(const struct it_block *b, uint16_t *code);

/* IT state as CPSR holds it */
static inline uint32_t it_bits(uint32_t it)
{
	return (it & 0xfc) << 8 | (it & 3) << 25;
}

#endif /* KVM_ARM_IT_BLOCK_H */
