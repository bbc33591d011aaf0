/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random tests: rounds of random numbers that can be repeated one by one, and a
 * watch over the kernel.
 *
 *	struct fuzz f;
 *	unsigned int round;
 *
 *	fuzz_init(&f);
 *	while (fuzz_next_round(&f, &round)) {
 *		... fuzz_u32(&f) ...
 *		fuzz_check_kernel(&f);
 *	}
 *	fuzz_end(&f);
 *
 * Variables of the environment: KVMARM_FUZZ_SEED and KVMARM_FUZZ_ROUND repeat the
 * round that a failure names, KVMARM_FUZZ_SECONDS says how long the test runs.
 */
#ifndef KVM_ARM_FUZZ_H
#define KVM_ARM_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct fuzz - a random test
 * @seed: determines all rounds
 * @state: of the random numbers
 * @seconds: how long the test runs
 * @round: the present round
 * @next: the next round
 * @one: the only round to run, or -1
 * @end: when the test's time is over, by CLOCK_MONOTONIC
 * @log: of klog_open()
 * @taint: kernel_taint() when the test began
 * @stage2: KiB of stage 2 tables then
 */
struct fuzz {
	uint64_t seed;
	uint64_t state;
	unsigned int seconds;
	unsigned int round;
	unsigned int next;
	int one;
	uint64_t end;
	int log;
	unsigned long taint;
	uint64_t stage2;
};

/* Begin a test: take the seed, print it, and start the clock and the watch. */
void fuzz_init(struct fuzz *f);

/*
 * End the test: expect no splat, no stage 2 of a VM that is gone, and no memory leak in
 * kernels that search for them.
 */
void fuzz_end(struct fuzz *f);

/**
 * fuzz_next_round() - begin the next round
 * @f: the test
 * @round: out: its number
 *
 * With KVMARM_FUZZ_ROUND this is always the same round, since a race does not show
 * each time.
 *
 * Return: false if the time is over, or the test has failed.
 */
bool fuzz_next_round(struct fuzz *f, unsigned int *round);

/* Derive the random numbers from seed and round; fuzz_next_round() has done this. */
void fuzz_round(struct fuzz *f, unsigned int round);

/* Derive the numbers of a thread or process, which differ by @nr in each round. */
struct fuzz fuzz_stream(const struct fuzz *f, unsigned int nr);

/**
 * fuzz_check_kernel() - expect that the kernel has reported no error
 * @f: the test
 *
 * Make the test fail, naming seed and round, if the kernel has become tainted or has
 * logged a line that klog_next() does not allow.
 *
 * Return: true if there is no error.
 */
bool fuzz_check_kernel(struct fuzz *f);

/* Read /proc/sys/kernel/tainted. */
unsigned long kernel_taint(void);

/* Search for memory leaks; make the test fail if there are any. */
void fuzz_check_leaks(const struct fuzz *f);

/* Have kmemleak forget the leaks so far. */
void kernel_leaks_clear(void);

/**
 * kernel_leaks() - have kmemleak search for memory leaks, which takes seconds
 * @text: out: the first leaks, cut to @size
 * @size: in bytes
 *
 * Return: false if there is none, or the kernel has no kmemleak.
 */
bool kernel_leaks(char *text, size_t size);

/* ---- random numbers ----------------------------------------------------- */

uint32_t fuzz_u32(struct fuzz *f);
uint64_t fuzz_u64(struct fuzz *f);

/* Return a number from 0 to below @n; 0 if @n is 0. */
uint32_t fuzz_below(struct fuzz *f, uint32_t n);

/* Return true once in @n times. */
bool fuzz_one_in(struct fuzz *f, uint32_t n);

/*
 * Return a number at which code is likely to err: around 0, powers of two, addresses
 * in the guest and the end of its address space; or any number.
 */
uint64_t fuzz_value(struct fuzz *f);

#endif /* KVM_ARM_FUZZ_H */
