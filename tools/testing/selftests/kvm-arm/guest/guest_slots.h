/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between the program "slots", which uses memory that the host
 * removes and adds, and memslots_race_test.c.
 *
 * Each CPU increments words of its own and knows their values. The host program
 * emulates the memory while no slot has it: the guest notices if an access is
 * lost, repeated, or goes elsewhere.
 */
#ifndef GUEST_SLOTS_H
#define GUEST_SLOTS_H

/* Base addresses of the memory: at one of them, or at both */
#define SLOTS_BASE		0x48000000
#define SLOTS_ALIAS		0x60000000

/* First argument: flags. Second: distance of the places, in bytes. */
#define SLOTS_USE_ALIAS		1
/* Maintain the caches by set/way from time to time. */
#define SLOTS_SET_WAY		2

#define SLOTS_CPUS		2
#define SLOTS_PLACES		64
/* A CPU's word in a place */
#define SLOTS_WORD(cpu)		(16 * (cpu))

/* Words of the shared page. If set, end. */
#define SLOTS_STOP		0
/* Number of increments that a CPU has made */
#define SLOTS_COUNT(cpu)	(16 + 16 * (cpu))

#endif /* GUEST_SLOTS_H */
