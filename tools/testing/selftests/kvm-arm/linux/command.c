// SPDX-License-Identifier: GPL-2.0
/*
 * guest.mode=command: compute on all CPUs, and answer lines from the console.
 * The work shows whether a guest that is saved and restored keeps its registers and its time.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/reboot.h>

#include "init.h"

#define MAX_CPUS	8

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

static struct {
	unsigned long rounds;
	unsigned long wrong;
} work[MAX_CPUS];
static unsigned int workers;

/* Compute a value that changes if a step or a register is lost. */
static unsigned long long compute(void)
{
	double a = 1.0, b = 0.5, c = 3.0;
	unsigned int seed = 1, sum = 0;
	unsigned long long bits;
	unsigned int i;

	/* Else the compiler knows the result to be the same, and computes it once */
	asm volatile("" : "+r" (seed));
	for (i = 0; i < 20000; i++) {
		seed = seed * 1664525 + 1013904223;
		sum = (sum << 5 | sum >> 27) ^ seed;
		a = a * 1.0000001 + b / c;
		b = b * 0.9999999 + seed / 4294967296.0;
		c = c + a / (1.0 + b);
	}
	a += b + c;
	memcpy(&bits, &a, sizeof(bits));
	return bits ^ sum;
}

static void *worker(void *arg)
{
	unsigned int cpu = (uintptr_t)arg;
	unsigned long long expected = compute();
	long long time, last = now();
	unsigned long long count, last_count = counter();

	pin(cpu);
	for (;;) {
		if (compute() != expected)
			work[cpu].wrong++;
		time = now();
		count = counter();
		if (time < last || count < last_count)
			work[cpu].wrong++;
		last = time;
		last_count = count;
		__atomic_fetch_add(&work[cpu].rounds, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void start_work(void)
{
	pthread_t thread;

	workers = nr_cpus() < MAX_CPUS ? nr_cpus() : MAX_CPUS;
	for (unsigned int cpu = 0; cpu < workers; cpu++)
		if (pthread_create(&thread, NULL, worker, (void *)(uintptr_t)cpu))
			fact(false, "there is no thread for CPU %u", cpu);
}

static void command_sleep(void)
{
	sleep_ns(SECOND);
	tell_time();
}

/* Report the work: rounds of the slowest CPU, and wrong results on all CPUs. */
static void command_work(void)
{
	unsigned long least = -1UL, wrong = 0, rounds;
	unsigned int cpu;

	for (cpu = 0; cpu < workers; cpu++) {
		rounds = __atomic_load_n(&work[cpu].rounds, __ATOMIC_RELAXED);
		least = rounds < least ? rounds : least;
		wrong += work[cpu].wrong;
	}
	tell("work %lu %lu", least, wrong);
}

static void command_off(void)
{
	power_off(RB_POWER_OFF);
}

static void command_reset(void)
{
	power_off(RB_AUTOBOOT);
}

static const struct {
	const char *name;
	void (*run)(void);
} commands[] = {
	{ "time", tell_time },
	{ "sleep", command_sleep },
	{ "work", command_work },
	{ "off", command_off },
	{ "reset", command_reset },
};

static void obey(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(name, commands[i].name)) {
			commands[i].run();
			return;
		}
	}
	tell("unknown command %s", name);
}

void obey_all(void)
{
	char line[128];

	start_work();
	tell("ready");
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0])
			obey(line);
	}
}
