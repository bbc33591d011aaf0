/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "isolation" and isolation_test.c agree on.
 */
#ifndef GUEST_ISOLATION_H
#define GUEST_ISOLATION_H

/*
 * First argument: what the values are made from. Second: how many times to
 * look at them; 0 for ever, each time after handing over to the host program.
 * Third: of how many CPUs; ISOLATION_ALL if the host has all features that rows
 * of switched registers name, or those rows are left out.
 */
#define ISOLATION_ALL	0x100

/* Words of the shared page, by CPU: how often they were found right */
#define ISOLATION_ROUNDS(cpu)	(cpu)

#endif /* GUEST_ISOLATION_H */
