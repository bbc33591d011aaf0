/* SPDX-License-Identifier: GPL-2.0 */
/* The interface between the program "isolation" and the tests that run it */
#ifndef GUEST_ISOLATION_H
#define GUEST_ISOLATION_H

/*
 * First argument: seed of the values. Second: how often to check them; 0 for
 * ever, each time after handing over to the host program. Third: number of
 * CPUs, plus ISOLATION_ALL if the host has all features that rows of switched
 * registers name; otherwise those rows are left out.
 */
#define ISOLATION_ALL	0x100

/* Words of the shared page: how often each CPU has found its values unchanged */
#define ISOLATION_ROUNDS(cpu)	(cpu)

#endif /* GUEST_ISOLATION_H */
