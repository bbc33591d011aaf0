// SPDX-License-Identifier: GPL-2.0
/*
 * Random ioctls leave the host intact. In each round, some processes have a VM each,
 * whose threads make random ioctls at once, while the process changes the guest's
 * memory, closes files, sends signals and reads debugfs. Every second round is traced.
 * At the end of a round, all are killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "fuzz_call.h"
#include "fuzz_cover.h"
#include "gic.h"
#include "harness.h"
#include "kselftest.h"
#include "memory.h"
#include "trace.h"
#include "../guest/guest_dirty.h"

#define MAX_PROCESSES	3
#define MAX_CALLERS	5
#define FEW_CALLERS	3
#define MAX_FILES	128
#define MAX_MEMORY	(512u << 20)
#define HEIR_CALLS	20
#define STACK_SIZE	(256u << 10)
#define DEBUGFS		"/sys/kernel/debug/kvm"
#define CPU1_ONLINE	"/sys/devices/system/cpu/cpu1/online"
/* A short round in microseconds, in which VMs are new, and a long one for old VMs */
#define MIN_ROUND	200000
#define MORE_ROUND	800000
#define LONG_ROUND	8000000
/* A disturbance is followed by a pause of so many times its length. */
#define PAUSE		4
/* Seconds in which a killed process must end; it ends by itself if nobody kills it */
#define HANG_SECONDS	60
/* Percentage of calls that must succeed */
#define MIN_SUCCESS	5
/* Status of a process that could not make its VM */
#define NO_VM		3

static struct fuzz_counts *counts;
static double seconds;

/* ---- a process ---------------------------------------------------------- */

struct process {
	struct fuzz f;
	struct fuzz_target t;
	struct fuzz_caller callers[MAX_CALLERS];
	pthread_t threads[MAX_CALLERS];
	unsigned int nr;
	char debugfs[64];
	bool closes;
};

static void bail_process(const char *message)
{
	printf("# process: %s\n", message);
	fflush(stdout);
	_exit(NO_VM);
}

static void bail_quietly(const char *message)
{
	(void)message;
	_exit(0);
}

/* Make a VM that can run a guest, with a GIC that is initialised or not, or none. */
static void make_target(struct fuzz *f, struct fuzz_target *t)
{
	const uint32_t size = DIRTY_PAGES * PAGE;
	struct kvm_vm *vm = vm_create_bare(FUZZ_VCPUS);
	unsigned int i;

	t->entry = vm_load_guest(vm, "dirty");
	vcpu_start_at(vm->vcpus[0], t->entry, FUZZ_VCPUS, 0, 0);
	t->area[0].hva = vm_hva(vm, GUEST_RAM_BASE);
	t->area[0].gpa = GUEST_RAM_BASE;
	t->area[0].size = GUEST_RAM_SIZE;
	t->area[1].hva = map_blocks(size, fuzz_one_in(f, 2) ? MADV_HUGEPAGE :
				    MADV_NOHUGEPAGE);
	t->area[1].gpa = DIRTY_BASE;
	t->area[1].size = size;
	vm_set_memory(vm, 1, DIRTY_BASE, size, t->area[1].hva,
		      KVM_MEM_LOG_DIRTY_PAGES);

	t->kvm = kvm_open();
	t->vm = vm->fd;
	t->gic = -1;
	/* A GIC without addresses ends the VM at KVM_RUN: have few of them. */
	if (!fuzz_one_in(f, 16))
		t->gic = fuzz_one_in(f, 16) ? __gic_create(vm) : gic_create(vm, 0);
	for (i = 0; i < FUZZ_VCPUS; i++) {
		t->vcpu[i] = vm->vcpus[i]->fd;
		t->run[i] = vm->vcpus[i]->run;
	}
	for (i = 0; i < FUZZ_EVENTS; i++)
		t->event[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	t->regs = vcpu_get_reg_list(vm->vcpus[0]);
	vm_preferred_target(vm, &t->init);
	t->counts = counts;
}

static void *call_for_ever(void *arg)
{
	fuzz_cover_begin();
	fuzz_caller_begin(arg);
	for (;;) {
		fuzz_call(arg);
		fuzz_cover_take();
	}
	return NULL;
}

static void start_callers(struct process *p)
{
	pthread_attr_t attr;
	unsigned int i;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	/* Too many wait for each other most of the time. */
	p->nr = fuzz_one_in(&p->f, 4) ? 1 + fuzz_below(&p->f, MAX_CALLERS) : FEW_CALLERS;
	for (i = 0; i < p->nr; i++) {
		fuzz_caller_init(&p->callers[i], &p->t, fuzz_stream(&p->f, i));
		if (pthread_create(&p->threads[i], &attr, call_for_ever,
				   &p->callers[i]))
			kvm_bail("no thread");
	}
	pthread_attr_destroy(&attr);
}

static void limit(int what, rlim_t max)
{
	const struct rlimit limit = { max, max };

	if (setrlimit(what, &limit))
		kvm_bail("setrlimit: %s", strerror(errno));
}

/* ---- what a process does meanwhile -------------------------------------- */

/* Only these pages change: the process itself does not use them any more. */
static void change_memory(struct process *p)
{
	static const int advice[] = {
		MADV_DONTNEED, MADV_FREE, MADV_COLD, MADV_PAGEOUT, MADV_HUGEPAGE,
		MADV_NOHUGEPAGE, MADV_WILLNEED, MADV_MERGEABLE, MADV_UNMERGEABLE,
	};
	static const int prot[] = {
		PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE,
	};
	unsigned int n = fuzz_below(&p->f, FUZZ_AREAS);
	uint32_t pages = p->t.area[n].size / PAGE, from = fuzz_below(&p->f, pages);
	size_t size = (1 + fuzz_below(&p->f, pages - from)) * PAGE;
	char *hva = (char *)p->t.area[n].hva + from * PAGE;

	switch (fuzz_below(&p->f, 8)) {
	case 0:
		munmap(hva, size);
		break;
	case 1:
		mmap(hva, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		break;
	case 2:
	case 3:
		mprotect(hva, size, prot[fuzz_below(&p->f, ARRAY_SIZE(prot))]);
		break;
	default:
		madvise(hva, size, advice[fuzz_below(&p->f, ARRAY_SIZE(advice))]);
	}
}

/* Close a file for good; the VM goes on as long as one of its vcpus is open. */
static void close_one(struct process *p)
{
	int *fd;

	switch (fuzz_below(&p->f, 4)) {
	case 0:
		fd = &p->t.vm;
		break;
	case 1:
		fd = &p->t.gic;
		break;
	case 2:
		fd = &p->t.event[fuzz_below(&p->f, FUZZ_EVENTS)];
		break;
	default:
		fd = &p->t.vcpu[fuzz_below(&p->f, FUZZ_VCPUS)];
	}
	if (*fd > STDERR_FILENO)
		close(*fd);
	*fd = -1;
}

static int read_file(const char *path, const struct stat *stat, int type,
		     struct FTW *ftw)
{
	char text[4096];
	int fd;

	(void)stat;
	(void)ftw;
	if (type != FTW_F)
		return 0;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return 0;
	while (read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
	return 0;
}

/*
 * Let another process have the same files, also after this one has ended. KVM
 * refuses most of its calls, since the VM is of another process.
 */
static void fork_heir(struct process *p)
{
	struct fuzz_caller *caller = &p->callers[0];
	unsigned int n;
	pid_t pid = fork();

	if (pid)
		return;
	kvm_bail_handler = bail_quietly;
	alarm(HANG_SECONDS);
	fuzz_caller_init(caller, &p->t, fuzz_stream(&p->f, MAX_CALLERS));
	fuzz_caller_begin(caller);
	for (n = 0; n < HEIR_CALLS; n++)
		fuzz_call(caller);
	pause();
	_exit(0);
}

static void disturb(struct process *p)
{
	const uint64_t one = 1;
	ssize_t n;

	switch (fuzz_below(&p->f, 16)) {
	case 0 ... 3:
		change_memory(p);
		break;
	case 4:
		n = write(p->t.event[fuzz_below(&p->f, FUZZ_EVENTS)], &one, sizeof(one));
		(void)n;
		break;
	case 5:
		if (fuzz_one_in(&p->f, 8))
			nftw(p->debugfs, read_file, 4, FTW_PHYS);
		break;
	case 6:
		if (p->closes && fuzz_one_in(&p->f, 32))
			close_one(p);
		break;
	case 7:
		if (fuzz_one_in(&p->f, 64))
			fork_heir(p);
		break;
	default:
		pthread_kill(p->threads[fuzz_below(&p->f, p->nr)], SIGUSR1);
	}
}

static __noreturn void be_process(struct fuzz stream, unsigned int usec)
{
	const struct sigaction action = { .sa_handler = fuzz_interrupt };
	static struct process p;
	uint64_t end, start;

	/* If this is not killed, it ends, so that nothing stays. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	alarm(HANG_SECONDS);
	sigaction(SIGUSR1, &action, NULL);
	kvm_bail_handler = bail_process;
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, MAX_FILES);
	limit(RLIMIT_AS, MAX_MEMORY);

	p.f = stream;
	fuzz_cover_begin();
	make_target(&p.f, &p.t);
	snprintf(p.debugfs, sizeof(p.debugfs), DEBUGFS "/%d-%d", getpid(), p.t.vm);
	p.closes = fuzz_one_in(&p.f, 4);
	start_callers(&p);
	/* One process in three ends before it is killed. */
	end = now_ns() + (usec / 2 + fuzz_below(&p.f, usec / 2 * 3)) * 1000ULL;
	while ((start = now_ns()) < end) {
		disturb(&p);
		fuzz_cover_take();
		usleep((now_ns() - start) / 1000 * PAUSE + fuzz_below(&p.f, 2000));
	}
	_exit(0);
}

/* ---- this program ------------------------------------------------------- */

struct round {
	unsigned int usec;
	pid_t pids[MAX_PROCESSES];
	unsigned int nr;
	unsigned int crashes;
};

static void start_processes(struct fuzz *f, struct round *r)
{
	unsigned int i;

	fflush(stdout);
	r->usec = MIN_ROUND + fuzz_below(f, fuzz_one_in(f, 2) ? MORE_ROUND : LONG_ROUND);
	r->nr = 1 + fuzz_below(f, MAX_PROCESSES);
	for (i = 0; i < r->nr; i++) {
		r->pids[i] = fork();
		if (r->pids[i] < 0)
			kvm_bail("fork: %s", strerror(errno));
		if (!r->pids[i]) {
			setpgid(0, 0);
			be_process(fuzz_stream(f, i), r->usec);
		}
		setpgid(r->pids[i], r->pids[i]);
	}
}

/*
 * A bit that is flipped in a pointer can make the kernel overwrite memory of the
 * process: it may crash by itself.
 */
static void check_status(struct round *r, pid_t pid, int status)
{
	if (WIFEXITED(status))
		expect(!WEXITSTATUS(status), "process %d: status %d", pid,
		       WEXITSTATUS(status));
	else
		r->crashes += WTERMSIG(status) != SIGKILL;
}

/* Kill a process and its heirs, and wait for their ends. */
static void end_processes(struct fuzz *f, struct round *r)
{
	uint64_t end = now_ns() + HANG_SECONDS * 1000000000ULL;
	unsigned int i;
	int status;
	pid_t pid;

	for (i = 0; i < r->nr; i++)
		kill(-r->pids[i], SIGKILL);
	for (i = 0; i < r->nr; i++) {
		while ((pid = waitpid(-r->pids[i], &status, WNOHANG)) >= 0 &&
		       now_ns() < end) {
			if (pid)
				check_status(r, pid, status);
			else
				usleep(1000);
		}
		expect(pid < 0 && errno == ECHILD,
		       "seed %#llx, round %u: process %d hangs",
		       (unsigned long long)f->seed, f->round, r->pids[i]);
	}
}

static void let_work(struct fuzz *f, const struct round *r, bool hotplug)
{
	uint64_t end = now_ns() + r->usec * 1000ULL;

	while (now_ns() < end) {
		usleep(fuzz_below(f, MIN_ROUND));
		if (hotplug && write_file(CPU1_ONLINE, "0")) {
			usleep(fuzz_below(f, MIN_ROUND));
			expect(write_file(CPU1_ONLINE, "1"), "CPU 1 stays offline");
		}
	}
}

static void run_rounds(bool hotplug)
{
	unsigned int round, crashes = 0, processes = 0;
	uint64_t start = now_ns();
	struct fuzz f;

	/* Heirs become children of this process. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		kvm_bail("prctl: %s", strerror(errno));
	fuzz_init(&f);
	while (fuzz_next_round(&f, &round)) {
		struct round r = { .nr = 0 };
		bool traced = round % 2;

		if (traced)
			trace_begin(NULL);
		start_processes(&f, &r);
		let_work(&f, &r, hotplug);
		if (traced) {
			trace_count("kvm");
			trace_end(NULL);
		}
		end_processes(&f, &r);
		fuzz_check_kernel(&f);
		crashes += r.crashes;
		processes += r.nr;
	}
	seconds += (now_ns() - start) / 1e9;
	fuzz_end(&f);
	ksft_print_msg("%u rounds, %u processes, %u crashed by their own pointers\n",
		       f.next, processes, crashes);
	expect(processes && crashes <= processes / 2, "%u of %u processes crashed",
	       crashes, processes);
}

static void processes(void)
{
	run_rounds(false);
}

static void hotplug(void)
{
	if (access(CPU1_ONLINE, W_OK))
		ksft_print_msg("CPU 1 cannot be taken offline\n");
	else
		run_rounds(true);
}

static void successes(void)
{
	unsigned int percent = fuzz_report(counts, seconds);

	fuzz_cover_report();
	expect(percent >= MIN_SUCCESS, "only %u%% of the ioctls succeeded", percent);
}

static const struct test tests[] = {
	{ "random ioctls of several processes leave no splat", processes },
	{ "random ioctls while a CPU goes offline and online leave no splat", hotplug },
	{ "enough of the random ioctls succeed", successes },
};

int main(void)
{
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	fuzz_cover_create();
	return run_tests(tests, ARRAY_SIZE(tests));
}
