/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Loads and stores of all kinds: their encodings, and registers that have them
 * go to an address that is wanted.
 */
#ifndef KVM_ARM_LOAD_STORE_H
#define KVM_ARM_LOAD_STORE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct load_store - an instruction and its operands
 * @name: for messages
 * @insn: the instruction
 * @cpsr: mode, state and flags
 * @it: an IT instruction before it, or 0
 * @r: registers
 * @vfp: it loads or stores registers of the VFP
 * @optional: a CPU may not have it
 */
struct load_store {
	char name[64];
	uint32_t insn;
	uint32_t cpsr;
	uint32_t it;
	uint32_t r[15];
	bool vfp;
	bool optional;
};

typedef void (*load_store_fn)(const struct load_store *x);

/**
 * load_store_arm() - go through the ARM instruction set
 * @target: the address in the middle of what may be accessed, 256 bytes to
 *	either side, a multiple of 8
 * @fn: called for each instruction
 *
 * Every combination of instruction, addressing mode and direction, with
 * registers, offsets and lists by a fixed sequence of random numbers. None is
 * unpredictable, and none loads PC.
 */
void load_store_arm(uint32_t target, load_store_fn fn);

/* The same for the Thumb instruction set; and for the VFP, in both */
void load_store_thumb16(uint32_t target, load_store_fn fn);
void load_store_thumb32(uint32_t target, load_store_fn fn);
void load_store_vfp(uint32_t target, load_store_fn fn);

#endif /* KVM_ARM_LOAD_STORE_H */
