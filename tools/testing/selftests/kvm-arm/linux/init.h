/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of a Linux guest's init share */
#ifndef LINUX_INIT_H
#define LINUX_INIT_H

#include <stdbool.h>
#include <stdio.h>

#define MS		1000000LL
#define SECOND		(1000 * MS)

/* Print a line for the program that started the guest. */
#define tell(format, ...)	printf("guest: " format "\n", ##__VA_ARGS__)

/* The number of facts that were not as they should be */
extern unsigned int failed;

/* Report whether something is as it should be. */
#define fact(ok, format, ...)							\
do {										\
	bool __ok = (ok);							\
										\
	tell("%s " format, __ok ? "ok" : "not ok", ##__VA_ARGS__);		\
	failed += !__ok;							\
} while (0)

/* Return the value of the virtual counter. */
unsigned long long counter(void);

/* Return the time of the monotonic clock, in nanoseconds. */
long long now(void);

void sleep_ns(long long ns);

/* Return the number of CPUs that are online. */
unsigned int nr_cpus(void);

/* Have the calling thread run on one CPU. */
void pin(unsigned int cpu);

/* Report the time: the counter, then the clock in nanoseconds. */
void tell_time(void);

/* Power off or restart: one of the RB_ constants of reboot(2). */
void power_off(int how);

/* Compute on all CPUs, and answer lines from the console until it is closed. */
void obey_all(void);

#endif
