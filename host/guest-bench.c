// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of a Linux system to measure: a guest, or the same kernel without KVM.
 *
 * Print the time since the machine started, and that of some operations of Linux,
 * in nanoseconds. Under QEMU with -icount shift=0, a nanosecond is an instruction.
 */
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

#include "pid1.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define PAGE_SIZE	4096
/* Pages that touch_page() maps at once */
#define PAGES		2000
#define MS		1000000LL

static bool failed;

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 * MS + time.tv_nsec;
}

/* KVM gives each VM a counter that begins at 0. */
static unsigned long long since_start(void)
{
	unsigned long long counter;
	unsigned int hz;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r" (counter) : : "memory");
	asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r" (hz));
	return counter * 1000 / (hz / 1000000);
}

static void check(bool ok, const char *what)
{
	if (!ok)
		printf("guest: %s failed: %s\n", what, strerror(errno));
	failed |= !ok;
}

/* ---- operations --------------------------------------------------------- */

static void compute(void)
{
	unsigned int seed = 1, i;
	double sum = 0;

	/* Without the assembly, the compiler would leave the loop out. */
	for (i = 0; i < 20000; i++) {
		asm volatile("" : "+r" (seed));
		seed = seed * 1664525 + 1013904223;
		sum = sum * 0.5 + seed;
	}
	asm volatile("" : : "m" (sum));
}

static void system_call(void)
{
	syscall(SYS_getppid);
}

static int ping[2], pong[2];

static void *answer(void *arg)
{
	char byte;

	(void)arg;
	while (read(ping[0], &byte, 1) == 1 && write(pong[1], &byte, 1) == 1)
		;
	return NULL;
}

static void switch_threads(void)
{
	char byte = 0;

	check(write(ping[1], &byte, 1) == 1 && read(pong[0], &byte, 1) == 1, "pipe");
}

static void wait_for(pid_t pid)
{
	int status = -1;

	check(pid > 0 && waitpid(pid, &status, 0) == pid && !status, "process");
}

static void fork_and_wait(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void exec_and_wait(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl("/proc/self/exe", "bench", NULL);
		_exit(1);
	}
	wait_for(pid);
}

static void touch_page(void)
{
	static char *page, *end;

	if (page == end) {
		page = mmap(NULL, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		check(page != MAP_FAILED, "mmap");
		if (failed)
			return;
		end = page + PAGES * PAGE_SIZE;
	}
	*page = 1;
	page += PAGE_SIZE;
}

static void sleep_ms(void)
{
	const struct timespec time = { .tv_nsec = MS };

	check(!nanosleep(&time, NULL), "nanosleep");
}

static const struct {
	const char *name;
	void (*run)(void);
	unsigned int loops;
	/* Nanoseconds of each in which there is nothing to do */
	long long idle;
} operations[] = {
	{ "compute", compute, 50, 0 },
	{ "system_call", system_call, 20000, 0 },
	{ "context_switch", switch_threads, 2000, 0 },
	{ "fork", fork_and_wait, 200, 0 },
	{ "exec", exec_and_wait, 200, 0 },
	{ "page_fault", touch_page, PAGES, 0 },
	{ "timer_sleep", sleep_ms, 200, MS },
};

static void measure(size_t n)
{
	unsigned int loop;
	long long start;

	/* The first call may be slower: do not count it. */
	operations[n].run();
	start = now();
	for (loop = 0; loop < operations[n].loops; loop++)
		operations[n].run();
	printf("guest: %s %lld\n", operations[n].name,
	       (now() - start) / loop - operations[n].idle);
}

static void open_terminal(void)
{
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		return;
	use_terminal(fd);
}

int main(void)
{
	unsigned long long boot = since_start();
	pthread_t thread;

	/* exec_and_wait() */
	if (getpid() != 1)
		return 0;
	mount_one("proc", "/proc");
	mount_one("devtmpfs", "/dev");
	open_terminal();

	printf("guest: boot %llu\n", boot);
	check(!pipe(ping) && !pipe(pong) && !pthread_create(&thread, NULL, answer, NULL),
	      "thread");
	for (size_t i = 0; i < ARRAY_SIZE(operations) && !failed; i++)
		measure(i);
	printf("guest: %s\n", failed ? "failed" : "done");
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	reboot(RB_POWER_OFF);
	return 1;
}
