/* SPDX-License-Identifier: GPL-2.0 */
/* The interface between the program "signals" and the tests that run it */
#ifndef GUEST_SIGNALS_H
#define GUEST_SIGNALS_H

#include <stdint.h>

/* First argument: mode */
enum signals_mode {
	SIGNALS_SPIN,		/* count for ever */
	SIGNALS_IRQ,		/* wait for interrupts by WFI, for ever */
	SIGNALS_SPIN_IRQ,	/* spin until interrupts come, for ever */
	SIGNALS_COMPUTE,	/* compute on as many CPUs as the second argument says */
	SIGNALS_MASKED,		/* WFI with interrupts masked, for ever */
};

/* Words of the shared page */
#define SIGNALS_COUNTER		0
#define SIGNALS_RESULT(cpu)	(1 + (cpu))

#define SIGNALS_STEPS		1000000

/* The sequence that the guest computes and the host checks */
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
