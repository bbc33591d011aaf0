// SPDX-License-Identifier: GPL-2.0
/*
 * Random programs as guests. Each is executed by a process of its own, on up to eight
 * vcpus, whose registers change when a signal interrupts them. Beside them runs a guest
 * that checks its own registers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "behaviour.h"
#include "clock.h"
#include "fuzz_cover.h"
#include "fuzz_program.h"
#include "harness.h"
#include "kselftest.h"
#include "trace.h"
#include "../guest/guest_isolation.h"

#define VICTIM_SEED	0x51
/*
 * Time of a short program in microseconds. That of a long one is up to a part of the whole
 * test's time, since making and ending a VM takes seconds on a slow machine.
 */
#define MIN_USEC	100000
#define MORE_USEC	400000
#define LONG_SHARE	4
#define LONG_USEC	60000000
/* The time between two disturbances, and that between two comparisons of the other guest */
#define MIN_PAUSE	1000
#define MORE_PAUSE	5000
#define VICTIM_PAUSE	10000
/* More than a vcpu starts code in this time */
#define MAX_STARTS	1000000
/* A vcpu that starts no code for so many pauses is in a loop, or waits. */
#define PATIENCE	2
#define SIGNAL_NS	10000000
/* A process ends by itself after this, and must then end if it is killed. */
#define MAX_SECONDS	150
#define KILL_SECONDS	30

#define MAX_REASONS	64
#define MIN_REASONS	2

static const char * const stats[] = {
	"exits", "cp15_exit_stat", "cp14_exit_stat", "vfp_exit_stat", "hvc_exit_stat",
	"smc_exit_stat", "wfi_exit_stat", "s2_fault_exit_stat", "mmio_exit_user",
	"mmio_exit_kernel",
};

/* What the programs did, in memory that the processes share */
static struct counts {
	atomic_uint vcpus;
	atomic_uint reasons[MAX_REASONS];
	atomic_uint interrupted;
	atomic_uint no_memory;
	atomic_ullong insns;
	atomic_ullong starts;
	atomic_ullong stats[ARRAY_SIZE(stats)];
} *counts;

static unsigned int programs, victim_rounds;
static char victim_failure[256];
static struct fuzz fuzz;

/* ---- a process: its vcpus ----------------------------------------------- */

struct runner {
	struct fuzz f;
	struct kvm_vcpu *vcpu;
	pthread_t thread;
	uint32_t seen;
	uint32_t starts;
	unsigned int idle;
};

static struct fuzz_program program;
static atomic_bool stopping;

static void inject(struct runner *r, bool abort)
{
	struct kvm_vcpu_events events = {
		.exception.serror_pending = fuzz_one_in(&r->f, 2),
		.exception.ext_dabt_pending = abort,
	};

	vcpu_ioctl(r->vcpu, KVM_SET_VCPU_EVENTS, &events);
}

static void answer(struct runner *r)
{
	struct kvm_run *run = r->vcpu->run;
	uint64_t data = fuzz_one_in(&r->f, 2) ? fuzz_u64(&r->f) :
			fuzz_address(&r->f, program.ram_pages);

	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		if (!run->mmio.is_write)
			memcpy(run->mmio.data, &data, sizeof(data));
		if (fuzz_one_in(&r->f, 16))
			inject(r, true);
		break;
	case KVM_EXIT_ARM_NISV:
		inject(r, true);
		break;
	case KVM_EXIT_HYPERCALL:
		run->hypercall.ret = data;
		break;
	case KVM_EXIT_SYSTEM_EVENT:
		fuzz_program_restart(&r->f, &program, r->vcpu);
		break;
	default:
		test_fail("vcpu %u: exit %s (%u)", r->vcpu->id,
			  kvm_exit_name(run->exit_reason), run->exit_reason);
		atomic_store(&stopping, true);
	}
}

static void go_on(struct runner *r)
{
	struct kvm_vcpu *vcpu = r->vcpu;

	/* What needs many ioctls is rare: they leave no time for the guest. */
	switch (fuzz_below(&r->f, 64)) {
	case 0:
		free(vcpu_dump(vcpu));
		break;
	case 1 ... 4:
		inject(r, false);
		break;
	case 5 ... 8:
		break;
	case 9 ... 12:
		fuzz_program_restart(&r->f, &program, vcpu);
		break;
	default:
		fuzz_program_dispatch(vcpu);
	}
}

/* Tell whether the vcpu has started code since the last call. */
static bool gets_on(struct runner *r)
{
	uint32_t starts = program.dispatch[r->vcpu->id].starts, before = r->seen;

	r->seen = starts;
	return starts != before;
}

/* The errors are those in Documentation/virt/kvm/api.rst that this can lead to. */
static void handle_error(struct runner *r, int ret)
{
	switch (ret) {
	case -EINTR:
		atomic_fetch_add(&counts->interrupted, 1);
		r->vcpu->run->immediate_exit = 0;
		if (!gets_on(r) || fuzz_one_in(&r->f, 8))
			go_on(r);
		break;
	case -EFAULT:
		atomic_fetch_add(&counts->no_memory, 1);
		fuzz_program_restart(&r->f, &program, r->vcpu);
		break;
	default:
		test_fail("vcpu %u: KVM_RUN: %s", r->vcpu->id, errno_name(ret));
		atomic_store(&stopping, true);
	}
}

static void *run_vcpu(void *arg)
{
	struct runner *r = arg;
	uint32_t reason;
	int ret;

	/* A guest may be in a loop. One that waits uses no time: kick_idle() ends that. */
	fuzz_let_interrupt(r->vcpu->run);
	fuzz_start_signals(CLOCK_THREAD_CPUTIME_ID, SIGNAL_NS);
	fuzz_cover_begin();
	while (!atomic_load(&stopping)) {
		ret = __vcpu_run(r->vcpu);
		fuzz_cover_take();
		if (ret < 0) {
			handle_error(r, ret);
			continue;
		}
		reason = r->vcpu->run->exit_reason;
		if (reason < MAX_REASONS)
			atomic_fetch_add(&counts->reasons[reason], 1);
		answer(r);
	}
	return NULL;
}

/* ---- a process: the rest ------------------------------------------------ */

static void bail_process(const char *message)
{
	printf("# process: %s\n", message);
	fflush(stdout);
	_exit(1);
}

/* Have KVM_RUN return, also if the vcpu is just about to call it. */
static void kick(struct runner *r)
{
	r->vcpu->run->immediate_exit = 1;
	pthread_kill(r->thread, SIGUSR1);
}

/* Kick vcpus that do not get on, and seldom another one. */
static void kick_idle(struct fuzz *f, struct runner *r)
{
	uint32_t starts = program.dispatch[r->vcpu->id].starts;

	r->idle = starts == r->starts ? r->idle + 1 : 0;
	r->starts = starts;
	if (r->idle < PATIENCE && !fuzz_one_in(f, 64))
		return;
	r->idle = 0;
	kick(r);
}

static void start(struct fuzz *f, struct runner *runners)
{
	unsigned int i;

	for (i = 0; i < program.nr_vcpus; i++) {
		runners[i].f = fuzz_stream(f, i);
		runners[i].vcpu = program.vm->vcpus[i];
		if (pthread_create(&runners[i].thread, NULL, run_vcpu, &runners[i]))
			kvm_bail("no more threads");
	}
}

/* The guest can write to these numbers: leave out those that cannot be. */
static void add_counts(const struct fuzz_dispatch *d)
{
	if (d->starts > MAX_STARTS || d->insns > d->starts * FUZZ_MAX_STRETCH)
		return;
	atomic_fetch_add(&counts->insns, d->insns);
	atomic_fetch_add(&counts->starts, d->starts);
}

static void stop(struct runner *runners)
{
	unsigned int i, k;

	atomic_store(&stopping, true);
	for (i = 0; i < program.nr_vcpus; i++) {
		do {
			kick(&runners[i]);
			usleep(200);
		} while (pthread_tryjoin_np(runners[i].thread, NULL));
		add_counts(&program.dispatch[i]);
		for (k = 0; k < ARRAY_SIZE(stats); k++)
			atomic_fetch_add(&counts->stats[k],
					 vcpu_stat(runners[i].vcpu, stats[k]));
	}
	atomic_fetch_add(&counts->vcpus, program.nr_vcpus);
}

static unsigned int choose_usec(struct fuzz *f)
{
	uint64_t most = f->seconds * 1000000ULL / LONG_SHARE;

	if (fuzz_one_in(f, 2))
		return MIN_USEC + fuzz_below(f, MORE_USEC);
	return MIN_USEC + fuzz_below(f, most < LONG_USEC ? most : LONG_USEC);
}

static __noreturn void be_process(struct fuzz f)
{
	struct runner runners[KVM_ARM_MAX_VCPUS] = { 0 };
	unsigned int i;
	uint64_t end;

	signal(SIGALRM, SIG_DFL);
	alarm(MAX_SECONDS);
	kvm_bail_handler = bail_process;

	fuzz_let_interrupt(NULL);
	fuzz_cover_begin();
	fuzz_program_create(&f, &program);
	start(&f, runners);
	end = now_ns() + choose_usec(&f) * 1000ULL;
	while (now_ns() < end && !atomic_load(&stopping)) {
		usleep(MIN_PAUSE + fuzz_below(&f, MORE_PAUSE));
		fuzz_program_disturb(&f, &program);
		for (i = 0; i < program.nr_vcpus; i++)
			kick_idle(&f, &runners[i]);
		fuzz_cover_take();
	}
	stop(runners);
	/* Some end with all of it in use. */
	if (fuzz_one_in(&f, 2))
		fuzz_program_destroy(&program);
	fuzz_cover_take();
	fflush(stdout);
	_exit(test_failed());
}

/* ---- the victim --------------------------------------------------------- */

static struct kvm_vm *create_victim(void)
{
	struct kvm_vm *vm = vm_create_guest("isolation", 1);
	uint32_t flags = ISOLATION_ALL;
	size_t i;

	for (i = 0; i < nr_reg_names; i++)
		if (reg_names[i].kind == REG_SWITCHED && !host_has(reg_names[i].more))
			flags = 0;
	vcpu_start_at(vm->vcpus[0],
		      vcpu_get_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_pc)),
		      VICTIM_SEED, 0, 1 | flags);
	return vm;
}

/* Have the victim compare all of its registers. */
static void run_victim(struct kvm_vcpu *vcpu)
{
	enum guest_event event;
	uint32_t value = 0;

	if (victim_failure[0])
		return;
	event = vcpu_run_guest(vcpu, &value);
	if (event == GUEST_SYNC)
		victim_rounds++;
	else if (event != GUEST_INTR)
		snprintf(victim_failure, sizeof(victim_failure),
			 "round %u: %s %u: %.160s", fuzz.round,
			 guest_event_name(event), value, vcpu->output);
}

/* ---- this program ------------------------------------------------------- */

/* Wait up to a time, with the victim at work. Return false if the process goes on. */
static bool wait_for(pid_t pid, int *status, unsigned int seconds,
		     struct kvm_vcpu *victim)
{
	uint64_t end = now_ns() + seconds * NSEC_PER_SEC;
	pid_t ret;

	do {
		run_victim(victim);
		usleep(VICTIM_PAUSE);
		ret = waitpid(pid, status, WNOHANG);
		if (ret < 0 && errno != EINTR)
			kvm_bail("waitpid: %s", strerror(errno));
	} while (ret != pid && now_ns() < end);
	return ret == pid;
}

static void fail_round(const char *what, int number)
{
	test_fail("KVMARM_FUZZ_SEED=%#llx KVMARM_FUZZ_ROUND=%u: %s %#x",
		  (unsigned long long)fuzz.seed, fuzz.round, what, number);
}

static void run_program(struct kvm_vcpu *victim)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		kvm_bail("fork: %s", strerror(errno));
	if (!pid)
		be_process(fuzz);
	if (!wait_for(pid, &status, MAX_SECONDS + 2, victim)) {
		kill(pid, SIGKILL);
		if (!wait_for(pid, &status, KILL_SECONDS, victim)) {
			fail_round("a process that cannot be killed", pid);
			return;
		}
	}
	if (status)
		fail_round("a process that ended with status", status);
	programs++;
}

static void run_programs(void)
{
	struct kvm_vm *victim = create_victim();
	unsigned int round;

	fuzz_init(&fuzz);
	while (fuzz_next_round(&fuzz, &round) && !victim_failure[0]) {
		/* A trace shows each access of a coprocessor: Hyp mode then answers none. */
		if (round % 4 == 1)
			trace_begin(NULL);
		if (round % 4 == 2)
			trace_end(NULL);
		run_program(victim->vcpus[0]);
		run_victim(victim->vcpus[0]);
		fuzz_check_kernel(&fuzz);
	}
	trace_end(NULL);
	fuzz_end(&fuzz);
	vm_free(victim);
}

static void victim_is_intact(void)
{
	ksft_print_msg("the guest has compared its registers %u times\n", victim_rounds);
	expect(!victim_failure[0], "KVMARM_FUZZ_SEED=%#llx: %s",
	       (unsigned long long)fuzz.seed, victim_failure);
	expect(victim_rounds > programs, "the guest has hardly run");
}

static void enough(void)
{
	unsigned int i, n, seen = 0;

	ksft_print_msg("%u programs on %u vcpus, in %u seconds\n", programs,
		       atomic_load(&counts->vcpus), fuzz.seconds);
	ksft_print_msg("%llu random instructions executed, from %llu starts\n",
		       (unsigned long long)atomic_load(&counts->insns),
		       (unsigned long long)atomic_load(&counts->starts));
	for (i = 0; i < ARRAY_SIZE(stats); i++)
		ksft_print_msg("%llu %s\n", (unsigned long long)
			       atomic_load(&counts->stats[i]), stats[i]);
	for (i = 0; i < MAX_REASONS; i++) {
		n = atomic_load(&counts->reasons[i]);
		if (!n)
			continue;
		seen++;
		ksft_print_msg("%u exits %s\n", n, kvm_exit_name(i));
	}
	ksft_print_msg("%u times EINTR, %u times EFAULT\n",
		       atomic_load(&counts->interrupted),
		       atomic_load(&counts->no_memory));
	fuzz_cover_report();
	/* One round that is repeated shows what it shows. */
	if (fuzz.one >= 0)
		return;
	expect(programs, "no program has run");
	expect(seen >= MIN_REASONS, "only %u reasons to exit", seen);
}

static const struct test tests[] = {
	{ "random guests end KVM_RUN only as documented, and leave no splat",
	  run_programs },
	{ "a guest beside them keeps every register", victim_is_intact },
	{ "the random guests reach enough of KVM", enough },
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
