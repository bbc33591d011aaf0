/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between the program "echo", which shows that it sees the host's
 * memory, and host_memory_race_test.c.
 *
 * Every CPU goes through the pages for ever. In each page it copies the host's
 * word to its own word, and increments its counter.
 */
#ifndef GUEST_ECHO_H
#define GUEST_ECHO_H

#define ECHO_BASE		0x48000000
/* First argument: number of pages, at most */
#define ECHO_PAGES		512
#define ECHO_CPUS		2

/* Words of a page: the host's, and each CPU's copy and counter */
#define ECHO_HOST		0
#define ECHO_COPY(cpu)		(16 + 16 * (cpu))
#define ECHO_COUNT(cpu)		(17 + 16 * (cpu))

/* Words of the shared page. If set, end. */
#define ECHO_STOP		0
/* If set, the host may give up pages, and counters may be zero. */
#define ECHO_ZERO_OK		1
/* Number of counters that a CPU has found to be zero */
#define ECHO_ZEROS(cpu)		(16 + 16 * (cpu))

#endif /* GUEST_ECHO_H */
