/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All accesses of a coprocessor, for programs with the runtime of guest.h.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "guest.h"
#include "guest_sweep.h"

/**
 * struct sweep_result - what is not in SWEEP_VALUES and SWEEP_COUNTS
 * @undefined: undefined accesses
 * @wrong: exceptions at a wrong place, or with a wrong LR or SPSR
 */
struct sweep_result {
	u32 undefined;
	u32 wrong;
};

/* Once, before the first sweep(): its vectors take the place of the runtime's */
void sweep_setup(void);

/**
 * sweep() - execute all accesses of a coprocessor
 * @insn: enum sweep_insn
 * @cp: the coprocessor
 * @flags: a sum of SWEEP_*
 *
 * Return: the outcome, and more of it in memory, see guest_sweep.h
 */
struct sweep_result sweep(u32 insn, u32 cp, u32 flags);

#endif /* SWEEP_H */
