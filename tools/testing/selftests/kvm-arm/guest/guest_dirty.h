/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "dirty", which writes to pages for the log, and
 * dirty_log_test.c agree on.
 *
 * In each generation every CPU goes through all pages once, in an order of its
 * own, and writes to some of them. Then it writes to a few of them, the same
 * for all CPUs, again and again, with nothing to make it leave the guest. It
 * hands over to the host program before each generation, with its number.
 */
#ifndef GUEST_DIRTY_H
#define GUEST_DIRTY_H

#include <stdbool.h>
#include <stdint.h>

#define DIRTY_BASE		0x48000000
#define DIRTY_PAGES		512

/* Words of the shared page. Set: come to an end */
#define DIRTY_STOP		0

/* First argument: how many CPUs. The word of a page that is a CPU's: */
#define DIRTY_WORD(cpu)		(16 * (cpu))

/* The word of a page for what is written again and again, and how often */
#define DIRTY_AGAIN(cpu)	(16 * (cpu) + 1)
#define DIRTY_FEW		8
#define DIRTY_TIMES		10000

/* What is written there the nth time */
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

/* Whether a CPU writes the generation's number to a page; else it reads */
static inline bool dirty_writes(uint32_t generation, uint32_t cpu,
				uint32_t page)
{
	return dirty_hash(generation << 16 | cpu << 12 | page) & 1;
}

/* The page that is a CPU's nth of a generation */
static inline uint32_t dirty_page(uint32_t generation, uint32_t cpu,
				  uint32_t n)
{
	uint32_t x = dirty_hash(generation << 1 | cpu);

	return (n * (x | 1) + (x >> 16)) % DIRTY_PAGES;
}

#endif /* GUEST_DIRTY_H */
