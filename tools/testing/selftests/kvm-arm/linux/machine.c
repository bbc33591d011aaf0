// SPDX-License-Identifier: GPL-2.0
/* What each guest.mode= uses: clocks, CPUs, and the end of the machine. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/reboot.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

unsigned int failed;

unsigned long long counter(void)
{
	unsigned long long value;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r" (value) : : "memory");
	return value;
}

long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

void sleep_ns(long long ns)
{
	struct timespec time = { .tv_sec = ns / SECOND, .tv_nsec = ns % SECOND };

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

unsigned int nr_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

void pin(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fact(false, "a thread cannot run on CPU %u: %s", cpu, strerror(errno));
}

void power_off(int how)
{
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	reboot(how);
}

void tell_time(void)
{
	tell("time %llu %lld", counter(), now());
}
