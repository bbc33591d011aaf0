/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A program of the guest that starts random code again after each exception, elsewhere,
 * with other registers, in another mode. Its page is the vectors.
 */
#ifndef KVM_ARM_FUZZ_DISPATCH_H
#define KVM_ARM_FUZZ_DISPATCH_H

#include <stdint.h>

/*
 * Guest physical addresses, numbers for the assembler: the dispatcher and values for
 * registers, in read-only memory; a struct fuzz_dispatch for each vcpu; a word that says
 * how long to write to the target; and the code that it starts.
 */
#define FUZZ_DISPATCH		0x58000000
#define FUZZ_DISPATCH_POOL	0x58001000
#define FUZZ_DISPATCH_PAGES	2
#define FUZZ_DISPATCH_DATA	0x59000000
#define FUZZ_DISPATCH_STORM	0x59000800
#define FUZZ_DISPATCH_TARGET	0x60000ff8
#define FUZZ_DISPATCH_CODE	0x40001000
#define FUZZ_DISPATCH_CODE_SIZE	0x10000

/* Values of the word: do not write, write for a while, write until the word is NONE */
#define FUZZ_STORM_NONE		0
#define FUZZ_STORM_SHORT	1
#define FUZZ_STORM_LASTING	2

/* In the pool: where 16 pairs of TTBCR and TTBR0 are */
#define FUZZ_POOL_TABLES	0xc00
#define FUZZ_POOL_NR_TABLES	16

/* An exception this far from the start is one after a jump: count one instruction. */
#define FUZZ_MAX_STRETCH	1024

/**
 * struct fuzz_dispatch - data of a vcpu
 * @start: where random code was started
 * @random: the last random number
 * @insns: number of instructions executed: those from the start to the exception, or one
 * @starts: number of exceptions
 */
struct fuzz_dispatch {
	uint32_t start;
	uint32_t random;
	uint32_t insns;
	uint32_t starts;
};

/* The dispatcher's code, in this program */
extern const char fuzz_dispatch_begin[];
extern const char fuzz_dispatch_end[];

/* Write the dispatcher to a page. */
void fuzz_dispatch_write(void *page);

#endif /* KVM_ARM_FUZZ_DISPATCH_H */
