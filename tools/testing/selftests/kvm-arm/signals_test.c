// SPDX-License-Identifier: GPL-2.0
/*
 * Events that end KVM_RUN from outside or wake a waiting guest, and vcpus in
 * threads that move between CPUs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "../guest/guest_signals.h"

#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define MSEC		1000000L

static struct kvm_vcpu *create(enum signals_mode mode, unsigned int cpus)
{
	struct kvm_vm *vm = vm_create_guest("signals", cpus);
	uint32_t entry = vcpu_get_reg(vm->vcpus[0], PC_ID);

	vcpu_start_at(vm->vcpus[0], entry, mode, cpus, 0);
	return vm->vcpus[0];
}

static uint32_t counter(struct kvm_vcpu *vcpu)
{
	return vm_shared(vcpu->vm)[SIGNALS_COUNTER];
}

static volatile sig_atomic_t signals;

static void handler(int sig)
{
	(void)sig;
	signals++;
}

static void catch_signal(int sig)
{
	const struct sigaction action = { .sa_handler = handler };

	signals = 0;
	sigaction(sig, &action, NULL);
}

static timer_t start_timer(long nsec, bool repeat)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGUSR1,
	};
	struct itimerspec spec = { .it_value.tv_nsec = nsec };
	timer_t timer;

	catch_signal(SIGUSR1);
	if (repeat)
		spec.it_interval = spec.it_value;
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &spec, NULL))
		kvm_bail("no timer: %s", strerror(errno));
	return timer;
}

/*
 * Run until a signal ends it and the guest has counted. On a busy machine, the
 * first signal may come before the guest runs.
 */
static void run_until_signal(struct kvm_vcpu *vcpu)
{
	uint32_t before = counter(vcpu);
	unsigned int tries = 0;
	timer_t timer;

	do {
		timer = start_timer(10 * MSEC, false);
		expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
		expect_equal(vcpu->run->exit_reason, KVM_EXIT_INTR, "exit");
		expect_equal(signals, 1, "signals");
		timer_delete(timer);
	} while (counter(vcpu) == before && tries++ < 100);
	expect(counter(vcpu) > before, "the guest did not run");
}

static void immediate_exit(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_SPIN, 1);
	struct reg_dump *dump = vcpu_dump(vcpu);
	unsigned int i;

	expect_equal(vm_check_cap(vcpu->vm, KVM_CAP_IMMEDIATE_EXIT), 1,
		     "KVM_CAP_IMMEDIATE_EXIT");
	vcpu->run->immediate_exit = 1;
	for (i = 0; i < 3; i++)
		expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_unchanged(vcpu, dump, "an immediate exit");
	free(dump);

	vcpu->run->immediate_exit = 0;
	run_until_signal(vcpu);
	vm_free(vcpu->vm);
}

/* KVM_RUN completes the access that user space has emulated, and does no more. */
static void immediate_exit_after_mmio(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_MASKED, 1);
	uint64_t pc;

	vcpu_expect(vcpu, GUEST_SYNC);
	pc = vcpu_get_reg(vcpu, PC_ID);
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_equal(vcpu_get_reg(vcpu, PC_ID), pc + 4, "PC");
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN again");
	expect_equal(vcpu_get_reg(vcpu, PC_ID), pc + 4, "PC again");
	vm_free(vcpu->vm);
}

static void end_by_signal(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_SPIN, 1);
	uint64_t exits = vcpu_stat(vcpu, "signal_exits");
	unsigned int i;

	for (i = 0; i < 10; i++)
		run_until_signal(vcpu);
	expect(vcpu_stat(vcpu, "signal_exits") - exits >= 10, "signal_exits");
	vm_free(vcpu->vm);
}

static int set_mask(struct kvm_vcpu *vcpu, uint32_t len, uint64_t mask)
{
	struct kvm_signal_mask *arg = malloc(sizeof(*arg) + sizeof(mask));
	int ret;

	if (!arg)
		kvm_bail("no memory");
	arg->len = len;
	memcpy(arg->sigset, &mask, sizeof(mask));
	ret = __vcpu_ioctl(vcpu, KVM_SET_SIGNAL_MASK, arg);
	free(arg);
	return ret;
}

static void signal_mask(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_SPIN, 1);
	const uint64_t usr1 = 1ULL << (SIGUSR1 - 1);
	const uint64_t usr2 = 1ULL << (SIGUSR2 - 1);
	sigset_t set, old;
	timer_t timer;

	expect_errno(set_mask(vcpu, 4, 0), -EINVAL, "mask of 4 bytes");
	expect_errno(set_mask(vcpu, 16, 0), -EINVAL, "mask of 16 bytes");
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_SIGNAL_MASK, (void *)8),
		     -EFAULT, "bad pointer");

	/*
	 * Block the signal here, but not in KVM_RUN: it ends KVM_RUN and stays
	 * pending.
	 */
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	expect_errno(set_mask(vcpu, 8, usr2), 0, "KVM_SET_SIGNAL_MASK");
	timer = start_timer(10 * MSEC, false);
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_equal(signals, 0, "handled signals");
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN with it pending");
	sigprocmask(SIG_SETMASK, &old, NULL);
	expect_equal(signals, 1, "signals handled at last");
	timer_delete(timer);

	/* Block the signal in KVM_RUN: another one has to end it. */
	catch_signal(SIGUSR2);
	expect_errno(set_mask(vcpu, 8, usr1), 0, "KVM_SET_SIGNAL_MASK");
	catch_signal(SIGALRM);
	timer = start_timer(10 * MSEC, false);
	ualarm(200000, 0);
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_equal(signals, 2, "signals, the blocked one included");
	timer_delete(timer);

	/* Remove the mask of KVM_RUN. */
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_SIGNAL_MASK, NULL), 0,
		     "no mask");
	timer = start_timer(10 * MSEC, false);
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_equal(signals, 1, "signals");
	timer_delete(timer);
	vm_free(vcpu->vm);
}

static void wake_by_signal(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_IRQ, 1);
	uint64_t waits, total = 0;
	unsigned int i;
	timer_t timer;

	for (i = 0; i < 10; i++) {
		waits = vcpu_stat(vcpu, "wfi_exit_stat");
		timer = start_timer(30 * MSEC, false);
		expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
		waits = vcpu_stat(vcpu, "wfi_exit_stat") - waits;
		total += waits;
		/* The vcpu slept instead of spinning. */
		expect(waits <= 1, "%llu WFI exits", (unsigned long long)waits);
		timer_delete(timer);
	}
	expect(total, "no WFI exit");
	vm_free(vcpu->vm);
}

static int irq_line(struct kvm_vcpu *vcpu, uint32_t type, uint32_t id,
		    uint32_t num, uint32_t level)
{
	struct kvm_irq_level irq = {
		.irq = type << KVM_ARM_IRQ_TYPE_SHIFT |
		       id << KVM_ARM_IRQ_VCPU_SHIFT | num,
		.level = level,
	};

	return __vm_ioctl(vcpu->vm, KVM_IRQ_LINE, &irq);
}

static void set_line(struct kvm_vcpu *vcpu, uint32_t num, uint32_t level)
{
	expect_errno(irq_line(vcpu, KVM_ARM_IRQ_TYPE_CPU, vcpu->id, num, level),
		     0, "KVM_IRQ_LINE %u = %u", num, level);
}

static void bad_lines(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_IRQ, 1);
	unsigned int type;

	expect_errno(irq_line(vcpu, KVM_ARM_IRQ_TYPE_CPU, 1, 0, 1), -EINVAL,
		     "vcpu that is not there");
	expect_errno(irq_line(vcpu, KVM_ARM_IRQ_TYPE_CPU, 255, 0, 1), -EINVAL,
		     "vcpu out of range");
	expect_errno(irq_line(vcpu, KVM_ARM_IRQ_TYPE_CPU, 0, 2, 1), -EINVAL,
		     "input that is not there");
	expect_errno(irq_line(vcpu, KVM_ARM_IRQ_TYPE_SPI, 0, 40, 1), -ENXIO,
		     "SPI without interrupt controller");
	expect_errno(irq_line(vcpu, KVM_ARM_IRQ_TYPE_PPI, 0, 20, 1), -ENXIO,
		     "PPI without interrupt controller");
	for (type = 3; type < 16; type++)
		expect_errno(irq_line(vcpu, type, 0, 0, 1), -EINVAL,
			     "type %u", type);
	expect_errno(__vm_ioctl(vcpu->vm, KVM_IRQ_LINE, (void *)8), -EFAULT,
		     "bad pointer");
	vm_free(vcpu->vm);
}

/* A line that another thread raises, while the guest waits or runs */
struct raise {
	struct kvm_vcpu *vcpu;
	uint32_t num;
};

static void *raise_later(void *arg)
{
	struct raise *raise = arg;

	usleep(20000);
	set_line(raise->vcpu, raise->num, 1);
	return NULL;
}

static void take(enum signals_mode mode)
{
	struct kvm_vcpu *vcpu = create(mode, 1);
	static const uint32_t vectors[] = {
		[KVM_ARM_IRQ_CPU_IRQ] = GUEST_VEC_IRQ,
		[KVM_ARM_IRQ_CPU_FIQ] = GUEST_VEC_FIQ,
	};
	struct raise raise = { .vcpu = vcpu };
	pthread_t thread;
	unsigned int i;
	uint32_t n;

	for (i = 0; i < 10; i++) {
		raise.num = i % 2;
		if (pthread_create(&thread, NULL, raise_later, &raise))
			kvm_bail("no more threads");
		expect_equal(vcpu_expect(vcpu, GUEST_SYNC), vectors[raise.num],
			     "vector");
		pthread_join(thread, NULL);
		/* The interrupt repeats while the line is high. */
		n = counter(vcpu);
		expect_equal(vcpu_expect(vcpu, GUEST_SYNC), vectors[raise.num],
			     "vector, line still up");
		expect_equal(counter(vcpu), n + 1, "rounds of the guest");
		set_line(vcpu, raise.num, 0);
	}
	for (i = 0; i < vcpu->nr_reports; i++)
		expect_equal(vcpu->reports[i], 1, "exceptions in a round");
	vm_free(vcpu->vm);
}

static void wake_by_irq(void)
{
	take(SIGNALS_IRQ);
}

static void interrupt_spinning(void)
{
	take(SIGNALS_SPIN_IRQ);
}

/* A masked interrupt ends WFI and is not taken. */
static void masked(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_MASKED, 1);
	unsigned int i;

	vcpu_expect(vcpu, GUEST_SYNC);
	for (i = 0; i < 2; i++) {
		set_line(vcpu, i, 1);
		expect_equal(vcpu_expect(vcpu, GUEST_SYNC), 0, "exceptions");
		set_line(vcpu, i, 0);
	}
	vm_free(vcpu->vm);
}

static void *run_thread(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	enum guest_event event;
	uint32_t value;

	do {
		event = vcpu_run_guest(vcpu, &value);
	} while (event == GUEST_INTR && !test_failed());
	expect(event == GUEST_DONE && !value, "vcpu %u: %s %u", vcpu->id,
	       guest_event_name(event), value);
	return NULL;
}

static void expect_results(struct kvm_vm *vm, unsigned int cpus)
{
	unsigned int i;

	for (i = 0; i < cpus; i++)
		expect_equal(vm_shared(vm)[SIGNALS_RESULT(i)],
			     signals_compute(i + 1), "result of vcpu %u", i);
}

/* Run more vcpus than CPUs, all of them interrupted all the time. */
static void in_threads(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_COMPUTE, 4);
	struct kvm_vm *vm = vcpu->vm;
	timer_t timer = start_timer(2 * MSEC, true);
	pthread_t thread[4];
	unsigned int i;

	for (i = 0; i < 4; i++)
		if (pthread_create(&thread[i], NULL, run_thread, vm->vcpus[i]))
			kvm_bail("no more threads");
	for (i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	timer_delete(timer);
	expect_results(vm, 4);
	vm_free(vm);
}

static void migrate(void)
{
	struct kvm_vcpu *vcpu = create(SIGNALS_COMPUTE, 2);
	struct kvm_vm *vm = vcpu->vm;
	unsigned int cpus = nr_cpus(), i, n;
	pthread_t thread[2];
	cpu_set_t set;

	for (i = 0; i < 2; i++)
		if (pthread_create(&thread[i], NULL, run_thread, vm->vcpus[i]))
			kvm_bail("no more threads");
	for (n = 0; n < 100; n++) {
		for (i = 0; i < 2; i++) {
			CPU_ZERO(&set);
			CPU_SET((n + i) % cpus, &set);
			pthread_setaffinity_np(thread[i], sizeof(set), &set);
		}
		usleep(1000);
	}
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	expect_results(vm, 2);
	vm_free(vm);
}

/* A process that is killed in KVM_RUN leaves nothing behind. */
static void killed(void)
{
	unsigned int i;
	int status;
	pid_t pid;

	for (i = 0; i < 3; i++) {
		fflush(stdout);
		pid = fork();
		if (!pid) {
			__vcpu_run(create(i & 1 ? SIGNALS_IRQ : SIGNALS_SPIN,
					  1));
			_exit(1);
		}
		usleep(100000);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		       "status %#x", status);
	}
}

static const struct test tests[] = {
	{ "immediate_exit keeps the guest from running", immediate_exit },
	{ "immediate_exit completes the access before",
	  immediate_exit_after_mmio },
	{ "a signal ends KVM_RUN of a guest that spins", end_by_signal },
	{ "KVM_SET_SIGNAL_MASK decides which signals do", signal_mask },
	{ "a signal wakes a guest that waits", wake_by_signal },
	{ "KVM_IRQ_LINE refuses what is not there", bad_lines },
	{ "IRQ and FIQ wake a guest that waits", wake_by_irq },
	{ "IRQ and FIQ reach a guest that spins", interrupt_spinning },
	{ "a masked interrupt ends WFI and is not taken", masked },
	{ "vcpus in threads compute the right results", in_threads },
	{ "vcpus that move between CPUs compute the right results", migrate },
	{ "a process can be killed in KVM_RUN", killed },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
