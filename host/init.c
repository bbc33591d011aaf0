// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the test host.
 *
 * Mount the file systems that programs need, run what kvmarm.mode= on the kernel
 * command line selects, report its status, and power the machine off:
 *
 *	demo	run /bin/kvmarm demo
 *	run	the same, then run a Linux guest, on /bin/lkvm if it exists, or
 *		else on /bin/armvm
 *	linux	run a Linux guest that measures itself, on /bin/armvm; print KVM's
 *		statistics
 *	shell	run /bin/kvmarm shell
 *	bench	run /bin/kvm-bench
 *	latency	run "/bin/kvm-bench latency"
 *	check	run every program in /tests whose name matches kvmarm.tests=,
 *		each for at most kvmarm.timeout= seconds
 *	refused	run nothing: succeed if there is no /dev/kvm
 *
 * kvmarm.qemu= is the version of QEMU, which tells tests what it traps.
 *
 * The programs use /dev/hvc0 if it exists, so that messages of the kernel, on its
 * console, never cut a line of theirs in two. Lines for the program that started
 * the machine begin with "kvmarm: ".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "pid1.h"

#define TESTS_DIR	"/tests"
#define NOT_RUN		127

#define GUEST_KERNEL	"/guests/zImage"
#define GUEST_INITRD	"/guests/guest.cpio.gz"

/* Print a line for the program that started the machine. */
#define tell(format, ...)	printf("kvmarm: " format "\n", ##__VA_ARGS__)

/* Mark a place in the kernel's log, to find the messages of a test. */
static void mark(const char *text)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return;
	/* Do not use dprintf(): it seeks, which /dev/kmsg refuses. */
	len = write(fd, text, strlen(text));
	(void)len;
	close(fd);
}

static void mount_or_tell(const char *type, const char *where)
{
	if (mount_one(type, where))
		tell("cannot mount %s on %s: %s", type, where, strerror(errno));
}

static int is_interactive(void)
{
	return !strcmp(option("kvmarm.mode", ""), "shell");
}

/*
 * Open standard input and output. Without a tty of their own, the programs
 * share the kernel's console.
 */
static void open_terminal(void)
{
	struct termios settings;
	int fd = open("/dev/hvc0", O_RDWR);

	if (fd < 0)
		fd = open("/dev/console", O_RDWR);
	if (fd < 0)
		return;
	use_terminal(fd);
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* If no person reads, pass bytes as they are written. */
	if (!is_interactive() && !tcgetattr(STDIN_FILENO, &settings)) {
		cfmakeraw(&settings);
		tcsetattr(STDIN_FILENO, TCSANOW, &settings);
	}
}

static void exec_program(char *const argv[])
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	/*
	 * Only interactive programs get a controlling tty: it hangs up when
	 * they end.
	 */
	if (is_interactive())
		ioctl(STDIN_FILENO, TIOCSCTTY, 1);
	execv(argv[0], argv);
	fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(NOT_RUN);
}

/*
 * Run a program for at most @timeout seconds, 0 for no limit. Return its exit
 * status, 128 plus the signal that ended it, or -1 after a timeout.
 */
static int run(char *const argv[], unsigned int timeout)
{
	const struct timespec limit = { .tv_sec = timeout };
	int status, timed_out = 0;
	sigset_t chld;
	pid_t pid;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return NOT_RUN;
	if (!pid)
		exec_program(argv);

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (sigtimedwait(&chld, NULL, timeout ? &limit : NULL) < 0 && errno == EAGAIN) {
			timed_out = 1;
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			break;
		}
	}
	/* Nothing of the program may disturb the next one. */
	kill(-pid, SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	if (timed_out)
		return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int is_program(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       !fnmatch(option("kvmarm.tests", "*"), entry->d_name, FNM_EXTMATCH);
}

static int run_test(const char *name, unsigned int timeout)
{
	char path[sizeof(TESTS_DIR "/") + NAME_MAX], text[NAME_MAX + 32];
	char *const argv[] = { path, NULL };
	int status;

	snprintf(path, sizeof(path), TESTS_DIR "/%s", name);
	snprintf(text, sizeof(text), "kvmarm: begin %s", name);
	mark(text);
	tell("begin %s", name);
	status = run(argv, timeout);
	if (status < 0)
		tell("end %s timeout", name);
	else
		tell("end %s %d", name, status);
	return status;
}

static int run_tests(void)
{
	unsigned int timeout = atoi(option("kvmarm.timeout", "120"));
	struct dirent **names;
	int count, failed = 0;

	count = scandir(TESTS_DIR, &names, is_program, alphasort);
	if (count <= 0) {
		tell("no program in %s", TESTS_DIR);
		return 1;
	}
	for (int i = 0; i < count; i++)
		failed |= run_test(names[i]->d_name, timeout) != 0;
	mark("kvmarm: tests done");
	return failed;
}

/* Run a Linux guest that shows its CPUs and interrupts. */
static int show_linux(void)
{
	char *const lkvm[] = { "/bin/lkvm", "run", "-k", GUEST_KERNEL, "-i", GUEST_INITRD,
			       "-c", "2", "-m", "128", "--console", "serial",
			       "-p", "console=ttyS0 loglevel=3 guest.mode=show", NULL };
	char *const armvm[] = { "/bin/armvm", "--kernel", GUEST_KERNEL, "--initrd", GUEST_INITRD,
				"--cpus", "2", "--mem", "128",
				"--append", "console=ttyS0 loglevel=3 guest.mode=show", NULL };
	char *const *argv = access(lkvm[0], F_OK) ? armvm : lkvm;

	printf("\nA Linux guest with two CPUs on %s:\n\n", argv[0]);
	return run(argv, 0);
}

/* Run host/guest-bench.c, under the conditions of bench/. */
static int measure_linux(void)
{
	char *const armvm[] = { "/bin/armvm", "--kernel", GUEST_KERNEL, "--initrd",
				"/guests/bench.cpio.gz", "--cpus", "1", "--mem", "256",
				"--stats", "--append", "console=ttyS0 loglevel=3", NULL };

	return run(armvm, 0);
}

static int run_mode(const char *mode)
{
	char *const demo[] = { "/bin/kvmarm", "demo", NULL };
	char *const shell[] = { "/bin/kvmarm", "shell", NULL };
	char *const bench[] = { "/bin/kvm-bench", NULL };
	char *const latency[] = { "/bin/kvm-bench", "latency", NULL };

	if (!strcmp(mode, "check"))
		return run_tests();
	if (!strcmp(mode, "refused"))
		return access("/dev/kvm", F_OK) == 0;
	if (!strcmp(mode, "demo"))
		return run(demo, 0);
	if (!strcmp(mode, "run"))
		return run(demo, 0) ?: show_linux();
	if (!strcmp(mode, "linux"))
		return measure_linux();
	if (!strcmp(mode, "shell"))
		return run(shell, 0);
	if (!strcmp(mode, "bench"))
		return run(bench, 0);
	if (!strcmp(mode, "latency"))
		return run(latency, 0);
	tell("unknown kvmarm.mode=%s", mode);
	return 1;
}

int main(void)
{
	int status;

	mount_or_tell("proc", "/proc");
	mount_or_tell("sysfs", "/sys");
	mount_or_tell("devtmpfs", "/dev");
	mount_or_tell("debugfs", "/sys/kernel/debug");
	mount_or_tell("tmpfs", "/tmp");
	setenv("PATH", "/bin:" TESTS_DIR, 1);
	setenv("HOME", "/", 1);
	if (*option("kvmarm.qemu", ""))
		setenv("KVM_ARM_QEMU", option("kvmarm.qemu", ""), 1);
	open_terminal();

	status = run_mode(option("kvmarm.mode", "run"));
	if (!is_interactive())
		tell("result %d", status);
	tcdrain(STDOUT_FILENO);
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
