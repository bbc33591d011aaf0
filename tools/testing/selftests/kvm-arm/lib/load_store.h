/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Loads and stores of all kinds: encodings, and register values that make them
 * access a given address.
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
 * @it: IT instruction to precede it, or 0
 * @r: registers
 * @vfp: load or store of VFP registers
 * @optional: some CPUs do not have it
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
 * load_store_arm() - generate loads and stores of the ARM instruction set
 * @target: middle of the range that they may access, 256 bytes on either side; a
 *	multiple of 8
 * @fn: called for each instruction
 *
 * Generate every combination of instruction, addressing mode and direction, with
 * registers, offsets and lists from a fixed sequence of random numbers. None of the
 * instructions is unpredictable or loads PC.
 */
void load_store_arm(uint32_t target, load_store_fn fn);

/* The same for the Thumb instruction set, and for the VFP in both sets */
void load_store_thumb16(uint32_t target, load_store_fn fn);
void load_store_thumb32(uint32_t target, load_store_fn fn);
void load_store_vfp(uint32_t target, load_store_fn fn);

#endif /* KVM_ARM_LOAD_STORE_H */
