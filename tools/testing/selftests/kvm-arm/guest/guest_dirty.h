/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between the program "dirty", which writes to pages that are
 * logged, and the tests that run it.
 *
 * In each generation, every CPU goes through all pages once, in an order of its
 * own, and writes to some of them. Then it writes repeatedly to a few of them,
 * the same for all CPUs, without any exit of its own. Before each generation,
 * it hands the number to the host program.
 */
#ifndef GUEST_DIRTY_H
#define GUEST_DIRTY_H

#include <stdbool.h>
#include <stdint.h>

#define DIRTY_BASE		0x48000000
#define DIRTY_PAGES		512

/* Words of the shared page. If set, end. */
#define DIRTY_STOP		0

/* First argument: number of CPUs. A CPU's word in a page: */
#define DIRTY_WORD(cpu)		(16 * (cpu))

/* Word of a page for repeated writes, number of such pages and of writes */
#define DIRTY_AGAIN(cpu)	(16 * (cpu) + 1)
#define DIRTY_FEW		8
#define DIRTY_TIMES		10000

/* Value of the nth repeated write */
static inline uint32_t dirty_value(uint32_t generation, uint32_t n)
{
	return generation << 16 | n;
}

static inline uint32_t dirty_hash(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352d;
	x ^= x >> 15;
	x *= 0x846ca68b;
	return x ^ x >> 16;
}

/* Tell whether a CPU writes the generation's number to a page; else it reads. */
static inline bool dirty_writes(uint32_t generation, uint32_t cpu,
				uint32_t page)
{
	return dirty_hash(generation << 16 | cpu << 12 | page) & 1;
}

/* Return the nth page that a CPU accesses in a generation. */
static inline uint32_t dirty_page(uint32_t generation, uint32_t cpu,
				  uint32_t n)
{
	uint32_t x = dirty_hash(generation << 1 | cpu);

	return (n * (x | 1) + (x >> 16)) % DIRTY_PAGES;
}

#endif /* GUEST_DIRTY_H */
