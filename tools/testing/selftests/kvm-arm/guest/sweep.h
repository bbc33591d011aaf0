/* SPDX-License-Identifier: GPL-2.0 */
/* Execute all accesses of a coprocessor, in programs with the runtime of guest.h. */
#ifndef SWEEP_H
#define SWEEP_H

#include "guest.h"
#include "guest_sweep.h"

/**
 * struct sweep_result - results that are not in SWEEP_VALUES and SWEEP_COUNTS
 * @undefined: number of undefined accesses
 * @wrong: number of exceptions at a wrong place, or with a wrong LR or SPSR
 */
struct sweep_result {
	u32 undefined;
	u32 wrong;
};

/* Replace the runtime's vectors, before the first sweep(). */
void sweep_setup(void);

/**
 * sweep() - execute all accesses of a coprocessor
 * @insn: enum sweep_insn
 * @cp: the coprocessor
 * @flags: a sum of SWEEP_*
 *
 * Return: the totals; guest_sweep.h describes the results in memory.
 */
struct sweep_result sweep(u32 insn, u32 cp, u32 flags);

#endif /* SWEEP_H */
