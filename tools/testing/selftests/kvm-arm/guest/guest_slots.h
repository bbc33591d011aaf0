/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "slots", which uses memory that comes and goes, and
 * memslots_race_test.c agree on.
 *
 * Each CPU increments words of its own and knows what they have to be. The
 * host program emulates the memory while it is not there, so that the guest
 * notices nothing if no access is lost, made twice, or goes astray.
 */
#ifndef GUEST_SLOTS_H
#define GUEST_SLOTS_H

/* Where the memory is: at one of these, or both */
#define SLOTS_BASE		0x48000000
#define SLOTS_ALIAS		0x60000000

/* First argument: flags. Second: distance of the places in bytes */
#define SLOTS_USE_ALIAS		1
/* Maintain the caches by set/way now and then */
#define SLOTS_SET_WAY		2

#define SLOTS_CPUS		2
#define SLOTS_PLACES		64
/* The word of a place that is a CPU's */
#define SLOTS_WORD(cpu)		(16 * (cpu))

/* Words of the shared page. Set: come to an end */
#define SLOTS_STOP		0
/* How many increments a CPU has made */
#define SLOTS_COUNT(cpu)	(16 + 16 * (cpu))

#endif /* GUEST_SLOTS_H */
