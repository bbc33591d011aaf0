/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "smp" and the tests with several vcpus agree on.
 */
#ifndef GUEST_SMP_H
#define GUEST_SMP_H

/*
 * Arguments: what to do, on how many CPUs, how often. All CPUs end with
 * GUEST_DONE 0. CPU 0 reports for all, the results of the modes in order.
 */
enum smp_mode {
	SMP_ATOMIC,	/* additions by LDREX and STREX */
	SMP_LOCK,	/* a lock that any of the waiting CPUs may get */
	SMP_TICKET,	/* a lock that the CPUs get in turn */
	SMP_POWER,	/* CPU_ON and CPU_OFF of all CPUs but the first */
	SMP_RACE,	/* all CPUs call CPU_ON of the last */
	SMP_FOREVER,	/* SMP_TICKET until the host writes SMP_STOP */
	SMP_TICKS,	/* timer interrupts, likewise; there is a GIC */
};

/*
 * SMP_ATOMIC, SMP_LOCK, SMP_TICKET, SMP_FOREVER: the sum, how often two CPUs
 * were at it at once, then each CPU's own count.
 * SMP_POWER: failed calls, then how often each of the others has started.
 * SMP_RACE: successes, calls that found it on, other results, starts.
 */

/* Words of the shared page */
#define SMP_STOP	0
#define SMP_PROGRESS	1		/* the sum so far */
#define SMP_TICK(cpu)	(2 + (cpu))	/* interrupts so far */

#endif /* GUEST_SMP_H */
