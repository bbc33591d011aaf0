// SPDX-License-Identifier: GPL-2.0
/* Run Linux guests on a VMM, as a child process. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "linux_guest.h"

/* Limit for a line; without other load it takes a fraction of a second */
#define LINE_MS		60000
/* ... and for one that the test waits for, if others go on without end */
#define WAIT_S		300
#define MAX_WORDS	48
#define SHOWN		1500

const char *linux_guest_vmm = "/bin/armvm";
const char *linux_guest_kernel = LINUX_KERNEL;
unsigned int linux_guest_files;

static void split(char *text, char **words)
{
	unsigned int i = 0;
	char *word, *c, *save;

	words[i++] = (char *)linux_guest_vmm;
	for (word = strtok_r(text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		for (c = word; *c; c++)
			if (*c == '+')
				*c = ' ';
		if (i == MAX_WORDS - 1)
			kvm_bail("more than %u options", MAX_WORDS - 2);
		words[i++] = word;
	}
	words[i] = NULL;
}

/* As it begins its messages */
static const char *vmm_name(void)
{
	return strrchr(linux_guest_vmm, '/') + 1;
}

static __noreturn void be_vmm(char *options, const int in[2],
			      const int out[2])
{
	const struct rlimit files = { linux_guest_files, linux_guest_files };
	char *words[MAX_WORDS];
	sigset_t none;

	split(options, words);
	dup2(in[0], STDIN_FILENO);
	dup2(out[1], STDOUT_FILENO);
	dup2(out[1], STDERR_FILENO);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* End the child with the test. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (linux_guest_files)
		setrlimit(RLIMIT_NOFILE, &files);
	execv(linux_guest_vmm, words);
	dprintf(STDERR_FILENO, "%s: cannot run %s: %s\n", vmm_name(),
		linux_guest_vmm, strerror(errno));
	_exit(127);
}

void linux_guest_start(struct linux_guest *guest, const char *fmt, ...)
{
	char options[1024];
	int in[2], out[2];
	va_list args;

	/*
	 * The harness's alarm interrupts KVM_RUN of tests; LINE_MS is the limit
	 * here.
	 */
	alarm(0);
	va_start(args, fmt);
	vsnprintf(options, sizeof(options), fmt, args);
	va_end(args);
	memset(guest, 0, sizeof(*guest));
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		kvm_bail("no pipe: %s", strerror(errno));
	guest->pid = fork();
	if (guest->pid < 0)
		kvm_bail("no child: %s", strerror(errno));
	if (!guest->pid)
		be_vmm(options, in, out);
	close(in[0]);
	close(out[1]);
	guest->in = in[1];
	guest->out = out[0];
}

void linux_guest_boot(struct linux_guest *guest, unsigned int nr_cpus,
		      const char *mode, const char *options)
{
	linux_guest_start(guest, "--kernel %s --initrd %s --cpus %u --append %s%u+guest.mode=%s%s",
			  linux_guest_kernel, LINUX_INITRD, nr_cpus,
			  "console=ttyS0+loglevel=3+guest.cpus=", nr_cpus,
			  mode, options);
}

/* Make room: drop lines that have been read, except for the last part. */
static void forget(struct linux_guest *guest)
{
	size_t old = guest->next > SHOWN ? guest->next - SHOWN : 0;

	/* A line does not end. */
	if (!old && guest->len == sizeof(guest->text) - 1)
		old = guest->len / 2;
	guest->len -= old;
	guest->next -= guest->next > old ? old : guest->next;
	memmove(guest->text, guest->text + old, guest->len + 1);
}

/* Return false at the end, or if nothing arrives in time. */
static bool read_more(struct linux_guest *guest)
{
	struct pollfd fd = { .fd = guest->out, .events = POLLIN };
	ssize_t n;

	if (guest->len == sizeof(guest->text) - 1)
		forget(guest);
	if (poll(&fd, 1, LINE_MS) <= 0)
		return false;
	n = read(guest->out, guest->text + guest->len,
		 sizeof(guest->text) - 1 - guest->len);
	guest->ended = n == 0;
	if (n <= 0)
		return false;
	guest->len += n;
	guest->text[guest->len] = '\0';
	return true;
}

/* Return the next complete line, without its end; NULL if it is late. */
static char *next_line(struct linux_guest *guest, uint64_t limit)
{
	static char line[512];
	size_t len;
	char *end;

	while (!(end = strchr(guest->text + guest->next, '\n')))
		if (now_ms() > limit || !read_more(guest))
			return NULL;
	len = end - guest->text - guest->next;
	snprintf(line, sizeof(line), "%.*s", (int)len,
		 guest->text + guest->next);
	line[strcspn(line, "\r")] = '\0';
	guest->next += len + 1;
	return line;
}

const char *linux_guest_line(struct linux_guest *guest)
{
	const char *line, *name = vmm_name();
	uint64_t limit = now_ms() + WAIT_S * 1000;

	while ((line = next_line(guest, limit))) {
		if (!strncmp(line, "guest: ", strlen("guest: ")))
			return line + strlen("guest: ");
		if (!strncmp(line, name, strlen(name)) &&
		    line[strlen(name)] == ':' && !strstr(line, ": warning: "))
			return line;
	}
	return NULL;
}

static void show_last(const struct linux_guest *guest)
{
	size_t from = guest->len > SHOWN ? guest->len - SHOWN : 0;
	char copy[SHOWN + 1], *line, *save;

	snprintf(copy, sizeof(copy), "%s", guest->text + from);
	for (line = strtok_r(copy, "\r\n", &save); line;
	     line = strtok_r(NULL, "\r\n", &save))
		test_fail("the guest: %s", line);
}

const char *linux_guest_expect(struct linux_guest *guest, const char *want)
{
	const char *line = linux_guest_line(guest);

	if (line && !strncmp(line, want, strlen(want)))
		return line + strlen(want);
	test_fail("the guest said \"%s\" instead of \"%s\"",
		  line ? line : "nothing", want);
	show_last(guest);
	return NULL;
}

bool linux_guest_expect_text(struct linux_guest *guest, const char *want)
{
	while (!strstr(guest->text + guest->next, want)) {
		if (read_more(guest))
			continue;
		test_fail("the guest did not say \"%s\"", want);
		show_last(guest);
		return false;
	}
	return true;
}

void linux_guest_say(struct linux_guest *guest, const char *line)
{
	if (dprintf(guest->in, "%s\n", line) < 0)
		test_fail("cannot say \"%s\" to the guest: %s", line,
			  strerror(errno));
}

static bool ask(struct linux_guest *guest, const char *what, uint64_t *first,
		uint64_t *second)
{
	unsigned long long a, b;
	const char *answer;
	char want[16];

	linux_guest_say(guest, what);
	snprintf(want, sizeof(want), "%s ", what);
	answer = linux_guest_expect(guest, want);
	if (!answer)
		return false;
	if (!expect(sscanf(answer, "%llu %llu", &a, &b) == 2, "%s: %s", what,
		    answer))
		return false;
	*first = a;
	*second = b;
	return true;
}

bool linux_guest_advance(struct linux_guest *guest,
			 struct linux_progress *progress)
{
	struct linux_progress old = *progress;
	uint64_t wrong;

	do {
		if (!ask(guest, "work", &progress->rounds, &wrong) ||
		    !ask(guest, "time", &progress->counter,
			 &progress->clock))
			return false;
		if (!expect(wrong == 0, "%llu times a result was wrong or a clock went back",
			    (unsigned long long)wrong))
			return false;
		if (!expect(progress->rounds >= old.rounds &&
			    progress->counter > old.counter &&
			    progress->clock > old.clock,
			    "rounds from %llu to %llu, counter from %llu to %llu, clock from %llu to %llu",
			    (unsigned long long)old.rounds,
			    (unsigned long long)progress->rounds,
			    (unsigned long long)old.counter,
			    (unsigned long long)progress->counter,
			    (unsigned long long)old.clock,
			    (unsigned long long)progress->clock))
			return false;
	} while (progress->rounds <= old.rounds);
	return true;
}

int linux_guest_end(struct linux_guest *guest)
{
	uint64_t limit = now_ms() + WAIT_S * 1000;
	int status = 0;

	while (next_line(guest, limit))
		;
	/* armvm closes its output when it ends, unless it hangs. */
	if (!guest->ended)
		kill(guest->pid, SIGKILL);
	waitpid(guest->pid, &status, 0);
	guest->pid = 0;
	close(guest->in);
	close(guest->out);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

void linux_guest_expect_end(struct linux_guest *guest, int status)
{
	int got = linux_guest_end(guest);

	if (got == status)
		return;
	test_fail("%s ended with status %d instead of %d", vmm_name(), got,
		  status);
	show_last(guest);
}

void linux_guest_kill(struct linux_guest *guest)
{
	if (!guest->pid)
		return;
	kill(guest->pid, SIGKILL);
	linux_guest_end(guest);
}
