// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of a Linux guest.
 *
 * guest.mode= on the kernel command line selects what it does:
 *
 *	show	print /proc/cpuinfo and /proc/interrupts, and power off
 *	off	print the time, and power off
 *	test	test what a guest needs from its host, print one line for each
 *		fact, and power off; guest.cpus= is the expected number of CPUs,
 *		guest.cycles= how often one of them goes offline and online
 *	command	compute on all CPUs, and answer lines from the console: see
 *		command.c
 *
 * Lines for the program that started the guest begin with "guest: ".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"
#include "pid1.h"

/* ---- guest.mode=show ---------------------------------------------------- */

static void print_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		fputs(line, stdout);
	fclose(file);
}

static void show(void)
{
	struct utsname name;

	uname(&name);
	printf("%s %s, %u CPUs, %lu MiB free\n\n", name.sysname, name.release, nr_cpus(),
	       sysconf(_SC_AVPHYS_PAGES) / 256);
	print_file("/proc/cpuinfo");
	printf("\n");
	print_file("/proc/interrupts");
	printf("\n");
}

/* ---- guest.mode=test ---------------------------------------------------- */

static unsigned int counter_frequency(void)
{
	unsigned int value;

	asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r" (value));
	return value;
}

static void unpin(void)
{
	cpu_set_t set;

	memset(&set, 0xff, sizeof(set));
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * Return the number of interrupts that a CPU has had: in /proc/interrupts, the
 * sum of the lines in which a word begins with @name.
 */
static unsigned long count_interrupts(unsigned int cpu, const char *name)
{
	FILE *file = fopen("/proc/interrupts", "re");
	unsigned int online = nr_cpus(), i;
	unsigned long sum = 0, count;
	char line[512], *place, *end;

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		place = strchr(line, ':');
		if (!place || !strstr(line, name))
			continue;
		for (i = 0, place++; i < online; i++, place = end) {
			count = strtoul(place, &end, 10);
			if (end == place)
				break;
			if (i == cpu)
				sum += count;
		}
	}
	fclose(file);
	return sum;
}

static void test_cpus(void)
{
	unsigned int expected = atoi(option("guest.cpus", "1"));

	fact(nr_cpus() == expected, "%u of %u CPUs are online", nr_cpus(), expected);
}

/* Let each CPU sleep and be woken by its own timer. */
static void test_timers(void)
{
	unsigned int cpu, i, times = 5;
	unsigned long before, count;

	for (cpu = 0; cpu < nr_cpus(); cpu++) {
		pin(cpu);
		before = count_interrupts(cpu, "arch_timer");
		for (i = 0; i < times; i++)
			sleep_ns(10 * MS);
		count = count_interrupts(cpu, "arch_timer") - before;
		fact(count >= times, "CPU %u slept %u times and had %lu timer interrupts", cpu,
		     times, count);
	}
	unpin();
}

static int ping[2], pong[2];

static void *answer(void *cpu)
{
	char byte;

	pin((uintptr_t)cpu);
	while (read(ping[0], &byte, 1) == 1 && write(pong[1], &byte, 1) == 1)
		;
	return NULL;
}

/* Let two threads wake each other: an IPI wakes the sleeper's CPU. */
static void test_ipis_between(unsigned int cpu)
{
	unsigned long before = count_interrupts(cpu, "IPI"), before0 = count_interrupts(0, "IPI");
	unsigned long there, here;
	unsigned int i, times = 20;
	pthread_t thread;
	char byte = 0;

	if (pipe(ping) || pipe(pong) ||
	    pthread_create(&thread, NULL, answer, (void *)(uintptr_t)cpu)) {
		fact(false, "no threads or pipes for CPU %u", cpu);
		return;
	}
	for (i = 0; i < times; i++) {
		/* Wait until the other thread sleeps, most of the time. */
		sleep_ns(MS);
		if (write(ping[1], &byte, 1) != 1 || read(pong[0], &byte, 1) != 1)
			break;
	}
	close(ping[1]);
	pthread_join(thread, NULL);
	close(ping[0]);
	close(pong[0]);
	close(pong[1]);

	there = count_interrupts(cpu, "IPI") - before;
	here = count_interrupts(0, "IPI") - before0;
	fact(i == times && there >= times / 4 && here >= times / 4,
	     "CPUs 0 and %u woke one another %u times with %lu and %lu IPIs", cpu, i, there, here);
}

static void test_ipis(void)
{
	unsigned int cpu;

	pin(0);
	for (cpu = 1; cpu < nr_cpus(); cpu++)
		test_ipis_between(cpu);
	unpin();
}

/*
 * Sleep for a second: the sleep must not be shorter, and the kernel's clock and
 * the counter must advance by the same time. The counter is read before and
 * after the clock, so that delays of this program do not matter.
 */
static void test_clocks(void)
{
	long long start, end, elapsed, least, most, khz = counter_frequency() / 1000;
	unsigned long long first, second, third, fourth;

	first = counter();
	start = now();
	second = counter();
	sleep_ns(SECOND);
	third = counter();
	end = now();
	fourth = counter();

	elapsed = end - start;
	fact(elapsed >= SECOND, "a sleep of 1000 ms took %lld ms", elapsed / MS);
	least = (third - second) * 1000000 / khz;
	most = (fourth - first) * 1000000 / khz;
	/*
	 * Rounding of the clock's multiplier is an error of some 100 in
	 * 1,000,000,000.
	 */
	fact(elapsed + elapsed / 100000 >= least && elapsed - elapsed / 100000 <= most,
	     "the clock advanced by %lld us, and the counter by %lld to %lld us",
	     elapsed / 1000, least / 1000, most / 1000);
}

static int set_online(unsigned int cpu, bool online)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	ret = write(fd, online ? "1" : "0", 1) == 1 ? 0 : errno;
	close(fd);
	return ret;
}

static void test_hotplug(void)
{
	unsigned int cycles = atoi(option("guest.cycles", "0")), cpus = nr_cpus();
	unsigned int i, cpu, off, on = 0, tries;

	if (!cycles || cpus < 2)
		return;
	for (i = 0; i < cycles; i++) {
		if (i % 10 == 0)
			tell("cycle %u at %lld ms", i, now() / MS);
		cpu = 1 + i % (cpus - 1);
		off = set_online(cpu, false);
		if (!off)
			off = nr_cpus() == cpus - 1 ? 0 : EBUSY;
		on = set_online(cpu, true);
		/*
		 * Linux waits 100 ms for a CPU to power off. On a busy host the CPU
		 * may take longer, and PSCI says that it is on.
		 */
		for (tries = 0; on == EINVAL && tries < 20; tries++) {
			usleep(100000);
			on = set_online(cpu, true);
		}
		if (off || on || nr_cpus() != cpus)
			break;
	}
	fact(i == cycles, "CPUs went off and on %u times of %u", i, cycles);
	if (i < cycles)
		tell("CPU %u: off: %s, on: %s", cpu, strerror(off), strerror(on));
}

static void test(void)
{
	test_cpus();
	test_timers();
	test_ipis();
	test_clocks();
	test_hotplug();
	/* Repeat the test on CPUs that have been offline. */
	test_timers();
	tell("%u failed", failed);
}

/* ---- start -------------------------------------------------------------- */

static void open_terminal(void)
{
	struct termios settings;
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		return;
	use_terminal(fd);
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Do not echo input into the output. */
	if (!tcgetattr(STDIN_FILENO, &settings)) {
		settings.c_lflag &= ~ECHO;
		tcsetattr(STDIN_FILENO, TCSANOW, &settings);
	}
}

int main(void)
{
	const char *mode;

	mount_one("proc", "/proc");
	mount_one("sysfs", "/sys");
	mount_one("devtmpfs", "/dev");
	open_terminal();

	mode = option("guest.mode", "show");
	if (!strcmp(mode, "show"))
		show();
	else if (!strcmp(mode, "test"))
		test();
	else if (!strcmp(mode, "command"))
		obey_all();
	else if (!strcmp(mode, "off"))
		tell_time();
	else
		tell("unknown guest.mode=%s", mode);
	power_off(RB_POWER_OFF);
	return 1;
}
