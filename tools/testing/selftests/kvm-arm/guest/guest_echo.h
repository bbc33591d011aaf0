/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "echo", which shows that it sees the host's memory, and
 * host_memory_race_test.c agree on.
 *
 * Every CPU goes through the pages for ever. Of each it copies the host's word
 * to its own, and increments another of its own.
 */
#ifndef GUEST_ECHO_H
#define GUEST_ECHO_H

#define ECHO_BASE		0x48000000
/* First argument: how many pages, at most */
#define ECHO_PAGES		512
#define ECHO_CPUS		2

/* Words of a page: the host's, and a CPU's copy and counter */
#define ECHO_HOST		0
#define ECHO_COPY(cpu)		(16 + 16 * (cpu))
#define ECHO_COUNT(cpu)		(17 + 16 * (cpu))

/* Words of the shared page. Set: come to an end */
#define ECHO_STOP		0
/* Set: pages may be given up, so that counters may be zero */
#define ECHO_ZERO_OK		1
/* How many counters a CPU has found to be zero */
#define ECHO_ZEROS(cpu)		(16 + 16 * (cpu))

#endif /* GUEST_ECHO_H */
