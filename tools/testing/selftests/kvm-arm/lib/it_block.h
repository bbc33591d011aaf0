/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IT blocks of Thumb code, and a model of the architecture's rules for them
 * (ARM DDI 0406C, A2.5.2).
 */
#ifndef KVM_ARM_IT_BLOCK_H
#define KVM_ARM_IT_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "../guest/insn.h"

/*
 * Kinds of instructions in a block. Instruction n uses Rn. R4 is an address
 * without memory, R5 one with memory, R6 counts how often the code ends.
 */
enum it_kind {
	ADD16, ADD32,			/* no exits */
	LOAD16, LOAD32, STORE16, STORE32,	/* of a device */
	READ16, READ32, WRITE16,	/* of memory */
	VMOV,				/* the first use of VFP */
	MRC, MRC_TRAPS,			/* of TPIDRURO; of ACTLR */
	MCR, MCR_TRAPS,			/* to TPIDRURO; to ACTLR, which ignores it */
	SMC,				/* at the end of a block only */
	UDF16, UDF32,			/* undefined */
	NR_KINDS,
};

/* Tell whether an instruction accesses a device. */
bool it_is_device(enum it_kind kind);

/**
 * struct it_block - an IT block, followed by two instructions outside of it
 * @it: first condition and mask, as in the IT instruction
 * @nr: number of instructions in the block
 * @kind: the instructions
 * @address: address of the IT instruction
 * @flags: N, Z, C and V at the beginning
 */
struct it_block {
	uint32_t it;
	unsigned int nr;
	enum it_kind kind[4];
	uint32_t address;
	uint32_t flags;
};

/* An instruction of a block in the model */
struct it_step {
	uint32_t pc;
	uint32_t next;
	uint32_t it;		/* IT state at its execution ... */
	uint32_t next_it;	/* ... and after it */
	bool passes;
};

/* Tell whether blocks with this first condition and mask exist. */
bool it_is_shape(uint32_t it);

/* Return how many instructions such a block has. */
unsigned int it_block_size(uint32_t it);

/* Compute the steps of a block, one for each instruction. */
void it_walk(const struct it_block *b, struct it_step *steps);

/**
 * it_write() - write the code of a block
 * @b: the block; if condition and mask are 0, write a NOP in place of IT
 * @code: the memory to write to
 *
 * After the block, write an instruction that adds 1 to R6 and sets the flags, since
 * it is not in a block, and BX LR.
 */
void it_write(const struct it_block *b, uint16_t *code);

/* Return an IT state as bits of CPSR. */
static inline uint32_t it_bits(uint32_t it)
{
	return (it & 0xfc) << 8 | (it & 3) << 25;
}

#endif /* KVM_ARM_IT_BLOCK_H */
