/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Print the results of a sweep as lines of text. A guest's test program and a
 * bare CPU print the same form, which tools/kvm/walk-compare.py reads. Define
 * ANSWER(format, ...), which prints, before including this file.
 *
 *	# mrc p15 PL1 <opc1> c<CRn> <four words>	executed encodings
 *	# mrrc p15 PL1 <opc1> <word>
 *	# mrc p15 PL1 <opc1> c<CRn> c<CRm> <opc2> = <word>	value that was read,
 *	# mrrc p15 PL1 <opc1> c<CRm> = <word> <word>	if it is not 0
 *	# mrc p15 PL1: <number> executed
 *
 * Each of the four words has four CRm, from bit 0 on, with eight opc2 each; bit
 * n of the single word is CRm n. Zero words are left out.
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <stdint.h>

#include "guest_abi.h"
#include "guest_sweep.h"

/* Lines begin with the instruction and the privilege level. */
static const char *const answer_insns[] = {
	[SWEEP_MRC] = "mrc",
	[SWEEP_MCR] = "mcr",
	[SWEEP_MRRC] = "mrrc",
	[SWEEP_MCRR] = "mcrr",
};

struct answers {
	uint32_t insn;
	uint32_t cp;
	uint32_t flags;
	const uint8_t *counts;
	const uint32_t *values;
};

static inline void print_access(const struct answers *a)
{
	ANSWER("# %s p%u PL%u", answer_insns[a->insn], a->cp, a->flags & SWEEP_USER ? 0 : 1);
}

static inline int is_executed(const struct answers *a, uint32_t n)
{
	return sweep_has(a->cp, n) && !a->counts[n];
}

/* Print one opc1 and CRn. Return how many encodings are executed. */
static inline uint32_t print_row_32(const struct answers *a, uint32_t row)
{
	uint32_t words[4] = { 0 }, i, n, executed = 0;

	for (i = 0; i < 128; i++) {
		if (!is_executed(a, row * 128 + i))
			continue;
		words[i / 32] |= 1U << i % 32;
		executed++;
	}
	if (!executed)
		return 0;
	print_access(a);
	ANSWER(" %u c%u %08x %08x %08x %08x\n", row >> 4, row & 15, words[0], words[1],
	       words[2], words[3]);
	for (i = 0; i < 128; i++) {
		n = row * 128 + i;
		if (a->insn != SWEEP_MRC || !is_executed(a, n) || !a->values[n])
			continue;
		print_access(a);
		ANSWER(" %u c%u c%u %u = %08x\n", row >> 4, row & 15, i >> 3, i & 7,
		       a->values[n]);
	}
	return executed;
}

/* Print one opc1. Return how many encodings are executed. */
static inline uint32_t print_row_64(const struct answers *a, uint32_t row)
{
	uint32_t word = 0, i, executed = 0;
	const uint32_t *value;

	for (i = 0; i < 16; i++) {
		if (!is_executed(a, row * 16 + i))
			continue;
		word |= 1U << i;
		executed++;
	}
	if (!executed)
		return 0;
	print_access(a);
	ANSWER(" %u %08x\n", row, word);
	for (i = 0; i < 16; i++) {
		value = a->values + 2 * (row * 16 + i);
		if (a->insn != SWEEP_MRRC || !(word & 1U << i) || !(value[0] | value[1]))
			continue;
		print_access(a);
		ANSWER(" %u c%u = %08x %08x\n", row, i, value[1], value[0]);
	}
	return executed;
}

static inline void print_answers(const struct answers *a)
{
	uint32_t row, executed = 0;

	if (a->insn == SWEEP_MRC || a->insn == SWEEP_MCR)
		for (row = 0; row < SWEEP_NR_32 / 128; row++)
			executed += print_row_32(a, row);
	else
		for (row = 0; row < SWEEP_NR_64 / 16; row++)
			executed += print_row_64(a, row);
	print_access(a);
	ANSWER(": %u executed\n", executed);
}

#endif /* ANSWERS_H */
