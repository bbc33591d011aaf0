/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "signals" and signals_test.c agree on.
 */
#ifndef GUEST_SIGNALS_H
#define GUEST_SIGNALS_H

#include <stdint.h>

/* First argument: what to do */
enum signals_mode {
	SIGNALS_SPIN,		/* count for ever */
	SIGNALS_IRQ,		/* wait for interrupts by WFI, for ever */
	SIGNALS_SPIN_IRQ,	/* wait for interrupts without, for ever */
	SIGNALS_COMPUTE,	/* on so many CPUs: second argument */
	SIGNALS_MASKED,		/* WFI with interrupts masked, for ever */
};

/* Words of the shared page */
#define SIGNALS_COUNTER		0
#define SIGNALS_RESULT(cpu)	(1 + (cpu))

#define SIGNALS_STEPS		1000000

/* The sequence that is computed, to be checked by the host */
static inline uint32_t signals_step(uint32_t x)
{
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static inline uint32_t signals_compute(uint32_t x)
{
	uint32_t i;

	for (i = 0; i < SIGNALS_STEPS; i++)
		x = signals_step(x);
	return x;
}

#endif /* GUEST_SIGNALS_H */
