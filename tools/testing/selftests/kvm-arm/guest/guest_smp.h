/* SPDX-License-Identifier: GPL-2.0 */
/* The interface between the program "smp" and the tests with several vcpus */
#ifndef GUEST_SMP_H
#define GUEST_SMP_H

/*
 * Arguments: mode, number of CPUs, number of rounds. All CPUs end with
 * GUEST_DONE 0. CPU 0 reports the results of all CPUs, as listed below.
 */
enum smp_mode {
	SMP_ATOMIC,	/* additions by LDREX and STREX */
	SMP_LOCK,	/* a lock that any waiting CPU may get */
	SMP_TICKET,	/* a lock that the CPUs get in turn */
	SMP_POWER,	/* CPU_ON and CPU_OFF of all CPUs except CPU 0 */
	SMP_RACE,	/* all other CPUs call CPU_ON of the last one */
	SMP_FOREVER,	/* SMP_TICKET until the host sets SMP_STOP */
	SMP_TICKS,	/* timer interrupts until SMP_STOP; needs a GIC */
};

/*
 * SMP_ATOMIC, SMP_LOCK, SMP_TICKET, SMP_FOREVER: the sum, the number of
 * overlaps, each CPU's count. SMP_POWER: failed calls, starts of each other
 * CPU. SMP_RACE: successes, calls that found the CPU on, other results, starts.
 */

/* Words of the shared page */
#define SMP_STOP	0
#define SMP_PROGRESS	1		/* the sum so far */
#define SMP_TICK(cpu)	(2 + (cpu))	/* interrupts so far */

#endif /* GUEST_SMP_H */
