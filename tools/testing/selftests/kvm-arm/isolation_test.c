// SPDX-License-Identifier: GPL-2.0
/*
 * No guest, and no program of the host, sees or changes the registers of
 * another one, in turns on a CPU or at the same time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "behaviour.h"
#include "execute.h"
#include "harness.h"
#include "../guest/guest_isolation.h"

#define NR_VMS		3
#define NR_D		32

/* Tell whether the host has each register that is switched. */
static bool has_all_switched(void)
{
	size_t i;

	for (i = 0; i < nr_reg_names; i++)
		if (reg_names[i].kind == REG_SWITCHED && !host_has(reg_names[i].more))
			return false;
	return true;
}

static struct kvm_vm *create(uint32_t seed, uint32_t rounds, uint32_t cpus)
{
	struct kvm_vm *vm = vm_create_guest("isolation", cpus);
	uint32_t entry = vcpu_get_reg(vm->vcpus[0],
				      CORE_REG(usr_regs.ARM_pc));

	vcpu_start_at(vm->vcpus[0], entry, seed, rounds,
		      cpus | (has_all_switched() ? ISOLATION_ALL : 0));
	return vm;
}

/* Run the guest to its end, with or without signals. */
static void run_to_end(struct kvm_vcpu *vcpu)
{
	enum guest_event event;
	uint32_t value = 0;

	do {
		event = vcpu_run_guest(vcpu, &value);
	} while (event == GUEST_INTR && !test_failed());
	expect(event == GUEST_DONE && !value, "vcpu %u: %s %u: %s", vcpu->id,
	       guest_event_name(event), value, vcpu->output);
}

/* Run until the guest, with its registers unchanged, hands over again. */
static void run_a_round(struct kvm_vcpu *vcpu)
{
	enum guest_event event;
	uint32_t value = 0;

	event = vcpu_run_guest(vcpu, &value);
	if (event != GUEST_SYNC)
		kvm_bail("%s %u: %s", guest_event_name(event), value,
			 vcpu->output);
}

static void take_turns(void)
{
	struct kvm_vm *vm[NR_VMS];
	unsigned int i, n;

	pin_to_cpu(0);
	for (i = 0; i < NR_VMS; i++)
		vm[i] = create(i + 1, 0, 1);
	for (n = 0; n < 100; n++)
		for (i = 0; i < NR_VMS; i++)
			run_a_round(vm[i]->vcpus[0]);
	for (i = 0; i < NR_VMS; i++) {
		expect_equal(vm_shared(vm[i])[ISOLATION_ROUNDS(0)], 99,
			     "rounds of VM %u", i);
		vm_free(vm[i]);
	}
}

/* Move from one CPU to the other and back, with another guest in between. */
static void change_cpus(void)
{
	struct kvm_vm *vm[2] = { create(1, 0, 1), create(2, 0, 1) };
	unsigned int n;

	for (n = 0; n < 100; n++) {
		pin_to_cpu(n % nr_cpus());
		run_a_round(vm[0]->vcpus[0]);
		if (n % 3)
			run_a_round(vm[1]->vcpus[0]);
	}
	vm_free(vm[0]);
	vm_free(vm[1]);
}

static void *run_thread(void *arg)
{
	run_to_end(arg);
	return NULL;
}

static void in_threads(struct kvm_vcpu **vcpus, unsigned int n)
{
	pthread_t thread[2 * NR_VMS];
	unsigned int i;

	for (i = 0; i < n; i++)
		if (pthread_create(&thread[i], NULL, run_thread, vcpus[i]))
			kvm_bail("no more threads");
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
}

static void use_all_cpus(void)
{
	cpu_set_t all;

	memset(&all, 0xff, sizeof(all));
	sched_setaffinity(0, sizeof(all), &all);
}

static void at_once(void)
{
	struct kvm_vcpu *vcpus[NR_VMS];
	struct kvm_vm *vm[NR_VMS];
	unsigned int i;

	use_all_cpus();
	for (i = 0; i < NR_VMS; i++) {
		vm[i] = create(10 + i, 3000, 1);
		vcpus[i] = vm[i]->vcpus[0];
	}
	in_threads(vcpus, NR_VMS);
	for (i = 0; i < NR_VMS; i++) {
		expect_equal(vm_shared(vm[i])[ISOLATION_ROUNDS(0)], 3000,
			     "rounds of VM %u", i);
		vm_free(vm[i]);
	}
}

static void vcpus_at_once(void)
{
	struct kvm_vm *vm = create(20, 2000, 3);

	use_all_cpus();
	in_threads(vm->vcpus, 3);
	vm_free(vm);
}

/* One VM must not change what user space reads of another VM. */
static void user_view(void)
{
	struct kvm_vm *vm[2] = { create(1, 0, 1), create(2, 0, 1) };
	struct reg_dump *dump;
	unsigned int n;

	pin_to_cpu(0);
	run_a_round(vm[1]->vcpus[0]);
	for (n = 0; n < 3; n++) {
		run_a_round(vm[0]->vcpus[0]);
		dump = vcpu_dump(vm[0]->vcpus[0]);
		run_a_round(vm[1]->vcpus[0]);
		run_a_round(vm[1]->vcpus[0]);
		expect_unchanged(vm[0]->vcpus[0], dump, "another VM");
		free(dump);
	}
	vm_free(vm[0]);
	vm_free(vm[1]);
}

/* ---- the host's own registers ------------------------------------------- */

struct vfp {
	uint64_t d[NR_D];
	uint32_t fpscr;
	uint32_t tpidrurw;
};

/* Call an ioctl without letting the compiler touch the VFP registers. */
static int vfp_ioctl(int fd, unsigned long cmd, const struct vfp *in,
		     struct vfp *out)
{
	register int r0 asm("r0") = fd;
	register unsigned long r1 asm("r1") = cmd;
	register const struct vfp *r2 asm("r2") = in;
	register struct vfp *r3 asm("r3") = out;

	/* r7 may be the frame pointer. */
	asm volatile(".fpu	neon\n"
		     "	mov	r4, r7\n"
		     "	vldmia	r2!, {d0-d15}\n"
		     "	vldmia	r2!, {d16-d31}\n"
		     "	ldr	r5, [r2]\n"
		     "	vmsr	fpscr, r5\n"
		     "	ldr	r5, [r2, #4]\n"
		     "	mcr	p15, 0, r5, c13, c0, 2\n"
		     "	mov	r2, #0\n"
		     "	mov	r7, #54\n"
		     "	svc	#0\n"
		     "	mov	r7, r4\n"
		     "	vstmia	r3!, {d0-d15}\n"
		     "	vstmia	r3!, {d16-d31}\n"
		     "	vmrs	r5, fpscr\n"
		     "	str	r5, [r3]\n"
		     "	mrc	p15, 0, r5, c13, c0, 2\n"
		     "	str	r5, [r3, #4]\n"
		     "	mov	r5, #0\n"
		     "	vmsr	fpscr, r5\n"
		     : "+r" (r0), "+r" (r2), "+r" (r3) : "r" (r1)
		     : "r4", "r5", "cc", "memory",
		       "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8",
		       "d9", "d10", "d11", "d12", "d13", "d14", "d15", "d16",
		       "d17", "d18", "d19", "d20", "d21", "d22", "d23", "d24",
		       "d25", "d26", "d27", "d28", "d29", "d30", "d31");
	return r0;
}

static void choose_vfp(struct vfp *vfp, uint64_t seed)
{
	unsigned int i;

	for (i = 0; i < NR_D; i++)
		vfp->d[i] = (seed + 1) * 0x0123456789abcdefULL + i;
	vfp->fpscr = (seed & 3) << 22 | 0x10000000;
	vfp->tpidrurw = ~seed;
}

static void expect_vfp(const struct vfp *is, const struct vfp *should,
		       const char *what)
{
	unsigned int i;

	for (i = 0; i < NR_D; i++)
		expect_equal(is->d[i], should->d[i], "%s: d%u", what, i);
	expect_equal(is->fpscr, should->fpscr, "%s: FPSCR", what);
	expect_equal(is->tpidrurw, should->tpidrurw, "%s: TPIDRURW", what);
}

static bool at_sync(const struct kvm_vcpu *vcpu)
{
	return vcpu->run->exit_reason == KVM_EXIT_MMIO &&
	       vcpu->run->mmio.phys_addr == GUEST_IO + GUEST_IO_SYNC;
}

static bool at_done(const struct kvm_vcpu *vcpu)
{
	return vcpu->run->exit_reason == KVM_EXIT_MMIO &&
	       vcpu->run->mmio.phys_addr == GUEST_IO + GUEST_IO_DONE &&
	       !vcpu->run->mmio.data[0];
}

static void host_registers(void)
{
	struct kvm_vcpu *vcpu = create(3, 0, 1)->vcpus[0];
	void *tls = __builtin_thread_pointer();
	struct vfp in, out;
	unsigned int n;
	int ret;

	pin_to_cpu(0);
	for (n = 0; n < 100; n++) {
		choose_vfp(&in, n);
		ret = vfp_ioctl(vcpu->fd, KVM_RUN, &in, &out);
		expect(!ret && at_sync(vcpu), "KVM_RUN: %d", ret);
		expect_vfp(&out, &in, "after KVM_RUN");
		expect(__builtin_thread_pointer() == tls, "TPIDRURO changed");
	}
	vm_free(vcpu->vm);
}

static volatile sig_atomic_t signals;

static void scribble(int sig)
{
	(void)sig;
	signals++;
	asm volatile(".fpu	neon\n"
		     "	vmov.i32	q0, #0\n"
		     "	vmov.i32	q3, #1\n"
		     "	vmov.i32	q7, #2\n"
		     "	vmov.i32	q8, #3\n"
		     "	vmov.i32	q15, #4\n"
		     : : : "d0", "d1", "d6", "d7", "d14", "d15", "d16", "d17",
		       "d30", "d31");
}

static timer_t start_signals(void)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGUSR1,
	};
	const struct itimerspec each = {
		.it_value.tv_nsec = 3000000,
		.it_interval.tv_nsec = 3000000,
	};
	const struct sigaction action = { .sa_handler = scribble };
	timer_t timer;

	signals = 0;
	if (sigaction(SIGUSR1, &action, NULL) ||
	    timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &each, NULL))
		kvm_bail("no timer: %s", strerror(errno));
	return timer;
}

static void signal_handlers(void)
{
	struct kvm_vcpu *vcpu = create(4, 20000, 1)->vcpus[0];
	unsigned int n = 0;
	timer_t timer;
	struct vfp in, out;
	int ret;

	pin_to_cpu(0);
	timer = start_signals();
	do {
		choose_vfp(&in, n++);
		ret = vfp_ioctl(vcpu->fd, KVM_RUN, &in, &out);
		expect_vfp(&out, &in, "after a signal");
	} while (ret == -EINTR && signals < 20 && !test_failed());
	expect(signals > 3, "only %d signals", (int)signals);
	expect(ret == -EINTR || at_done(vcpu), "KVM_RUN: %d", ret);
	timer_delete(timer);
	vm_free(vcpu->vm);
}

static atomic_bool stop;

/* Use VFP in a thread while another thread is in KVM_RUN. */
static void *use_vfp(void *arg)
{
	atomic_uint *n = arg;
	struct vfp in, out;

	while (!atomic_load(&stop)) {
		choose_vfp(&in, atomic_fetch_add(n, 1) | 0x80000000);
		/* This fails at once. */
		vfp_ioctl(-1, KVM_RUN, &in, &out);
		expect_vfp(&out, &in, "beside a guest");
	}
	return NULL;
}

struct vfp_users {
	pthread_t thread[2];
	atomic_uint n[2];
};

static void start_vfp_users(struct vfp_users *users)
{
	unsigned int i;

	atomic_store(&stop, false);
	for (i = 0; i < ARRAY_SIZE(users->thread); i++) {
		atomic_init(&users->n[i], 0);
		if (pthread_create(&users->thread[i], NULL, use_vfp,
				   &users->n[i]))
			kvm_bail("no more threads");
	}
}

static void stop_vfp_users(struct vfp_users *users)
{
	unsigned int i;

	atomic_store(&stop, true);
	for (i = 0; i < ARRAY_SIZE(users->thread); i++) {
		pthread_join(users->thread[i], NULL);
		expect(atomic_load(&users->n[i]) > 10, "thread %u did nothing",
		       i);
	}
}

static void host_threads(void)
{
	struct kvm_vcpu *vcpu = create(5, 5000, 1)->vcpus[0];
	struct vfp_users users;

	pin_to_cpu(0);
	start_vfp_users(&users);
	run_to_end(vcpu);
	stop_vfp_users(&users);
	vm_free(vcpu->vm);
}

/*
 * A thread that was scheduled out in KVM_RUN continues with registers of
 * another thread, and with FPEXC.EN clear. KVM does not switch them for this
 * guest: EN must be clear again after the guest, for the host to restore them.
 */
static void guest_without_vfp(void)
{
	struct kvm_vcpu *vcpu = execute_create(1)->vcpus[0];
	struct execute x = { .insn = 0xe320f000 };	/* NOP */
	unsigned int before, others = 0, n = 0;
	struct vfp_users users;
	struct vfp in, out;
	int ret;

	execute(vcpu, &x);
	execute_begin(vcpu, &x);
	pin_to_cpu(0);
	start_vfp_users(&users);
	do {
		choose_vfp(&in, n++);
		before = atomic_load(&users.n[0]) + atomic_load(&users.n[1]);
		ret = vfp_ioctl(vcpu->fd, KVM_RUN, &in, &out);
		expect(!ret && at_sync(vcpu), "KVM_RUN: %d", ret);
		expect_vfp(&out, &in, "beside others");
		others += before != atomic_load(&users.n[0]) +
				    atomic_load(&users.n[1]);
	} while (others < 50 && !test_failed());
	stop_vfp_users(&users);
	vm_free(vcpu->vm);
}

/* A guest's first use of VFP must not lose the host's registers. */
static void first_use(void)
{
	struct vfp in, out;
	unsigned int n;

	pin_to_cpu(0);
	for (n = 0; n < 10; n++) {
		struct kvm_vcpu *vcpu = create(n, 0, 1)->vcpus[0];
		uint64_t id = KVM_REG_ARM | KVM_REG_SIZE_U64 |
			      KVM_REG_ARM_VFP | 7;

		vcpu_set_reg(vcpu, id, 0x7777777777777777ULL);
		choose_vfp(&in, n);
		vfp_ioctl(vcpu->fd, KVM_RUN, &in, &out);
		expect_vfp(&out, &in, "after the first KVM_RUN");
		expect(vcpu_get_reg(vcpu, id) != in.d[7],
		       "the guest has the host's d7");
		vm_free(vcpu->vm);
	}
}

static const struct test tests[] = {
	{ "guests that take turns on a CPU keep their registers", take_turns },
	{ "guests that change CPUs keep their registers", change_cpus },
	{ "guests that run at once keep their registers", at_once },
	{ "vcpus of one guest that run at once keep their registers",
	  vcpus_at_once },
	{ "user space reads the registers of the VM it asks", user_view },
	{ "VFP, TPIDRURW and TPIDRURO of the host survive KVM_RUN",
	  host_registers },
	{ "VFP of the host survives a guest's first use of it", first_use },
	{ "VFP survives signal handlers that use it", signal_handlers },
	{ "VFP of other programs survives a guest on their CPU",
	  host_threads },
	{ "VFP survives a guest that does not use it, and others that do",
	  guest_without_vfp },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
