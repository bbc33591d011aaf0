// SPDX-License-Identifier: GPL-2.0
/* Stop a running VM at any moment, and continue it in another VM. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "migrant.h"

#define CTL_ISTATUS	4

/* ---- threads ------------------------------------------------------------ */

/* kvm_run of this thread, while it may be interrupted */
static __thread struct kvm_run *current_run;

/*
 * Before KVM_RUN, immediate_exit keeps the vcpu from entering the guest; in
 * KVM_RUN, the signal ends it.
 */
static void kick(int sig)
{
	(void)sig;
	if (current_run)
		current_run->immediate_exit = 1;
}

/* Return whether to run the vcpu again. */
static bool handle(struct migrant *m, struct kvm_vcpu *vcpu,
		   enum guest_event event, uint32_t value)
{
	if (event == GUEST_INTR)
		return true;
	if (event == GUEST_MMIO && m->mmio && m->mmio(vcpu))
		return true;
	atomic_store(&m->status[vcpu->id],
		     event == GUEST_DONE ? value : MIGRANT_EVENT(event));
	return false;
}

struct start {
	struct migrant *m;
	struct kvm_vcpu *vcpu;
};

static void *run_vcpu(void *arg)
{
	struct start *start = arg;
	struct kvm_vcpu *vcpu = start->vcpu;
	struct migrant *m = start->m;
	enum guest_event event;
	uint32_t value;

	free(start);
	current_run = vcpu->run;
	while (!atomic_load(&m->stopping)) {
		event = vcpu_run_guest(vcpu, &value);
		if (!handle(m, vcpu, event, value))
			break;
	}
	/* Complete the last exit. */
	vcpu->run->immediate_exit = 1;
	__vcpu_run(vcpu);
	current_run = NULL;
	vcpu->run->immediate_exit = 0;
	return NULL;
}

static void start_thread(struct migrant *m, unsigned int i)
{
	struct start *start = malloc(sizeof(*start));

	if (!start)
		kvm_bail("no memory");
	start->m = m;
	start->vcpu = m->state.vm->vcpus[i];
	atomic_store(&m->status[i], MIGRANT_RUNNING);
	if (pthread_create(&m->threads[i], NULL, run_vcpu, start))
		kvm_bail("no more threads");
}

void migrant_start(struct migrant *m)
{
	const struct sigaction action = { .sa_handler = kick };
	sigset_t alarm, old;
	unsigned int i;

	sigaction(SIGUSR1, &action, NULL);
	atomic_store(&m->stopping, false);
	/* Only the main thread handles the end of the test's time. */
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm, &old);
	for (i = 0; i < MIGRANT_VCPUS; i++)
		start_thread(m, i);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void migrant_stop(struct migrant *m)
{
	struct timespec limit;
	unsigned int i;

	atomic_store(&m->stopping, true);
	for (i = 0; i < MIGRANT_VCPUS; i++)
		pthread_kill(m->threads[i], SIGUSR1);
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += MIGRANT_LIMIT / 1000;
	for (i = 0; i < MIGRANT_VCPUS; i++)
		if (pthread_timedjoin_np(m->threads[i], NULL, &limit))
			kvm_bail("vcpu %u stays in KVM_RUN", i);
}

bool migrant_is_alive(struct migrant *m)
{
	unsigned int i;

	for (i = 0; i < MIGRANT_VCPUS; i++)
		if (!expect(atomic_load(&m->status[i]) == MIGRANT_RUNNING,
			    "vcpu %u ended, status %u: %s", i,
			    atomic_load(&m->status[i]),
			    m->state.vm->vcpus[i]->output))
			return false;
	return true;
}

uint32_t migrant_word(const struct migrant *m, unsigned int word)
{
	return vm_shared(m->state.vm)[word];
}

bool migrant_advance(struct migrant *m, const unsigned int words[MIGRANT_VCPUS],
		     uint32_t by, unsigned int limit)
{
	uint64_t since = now_ms();
	unsigned int i;
	uint32_t from[MIGRANT_VCPUS];
	bool advanced = false, ended = false;

	for (i = 0; i < MIGRANT_VCPUS; i++)
		from[i] = migrant_word(m, words[i]);
	migrant_start(m);
	while (!advanced && !ended && now_ms() - since < limit) {
		usleep(1000);
		advanced = true;
		for (i = 0; i < MIGRANT_VCPUS; i++) {
			advanced &= migrant_word(m, words[i]) - from[i] >= by;
			ended |= atomic_load(&m->status[i]) != MIGRANT_RUNNING;
		}
	}
	return advanced;
}

static unsigned long long get_reg(struct kvm_vcpu *vcpu, uint64_t id)
{
	return vcpu_get_reg(vcpu, id);
}

/* Describe why a vcpu did not advance. */
static void explain(struct migrant *m, unsigned int i)
{
	struct kvm_vcpu *vcpu = m->state.vm->vcpus[i];

	test_fail("no progress: vcpu %u: pc %#llx, cpsr %#llx", i,
		  get_reg(vcpu, CORE_REG(usr_regs.ARM_pc)),
		  get_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr)));
	test_fail("CNTVCT %#llx, CNTV_CVAL %#llx, CNTV_CTL %#llx",
		  get_reg(vcpu, KVM_REG_ARM_TIMER_CNT),
		  get_reg(vcpu, REG(CNTV_CVAL)), get_reg(vcpu, REG(CNTV_CTL)));
	test_fail("interrupts pending %#x %#x, active %#x %#x",
		  gic_get_dist(m->state.gic, i, GICD_ISPENDR),
		  gic_get_dist(m->state.gic, i, GICD_ISPENDR + 4),
		  gic_get_dist(m->state.gic, i, GICD_ISACTIVER),
		  gic_get_dist(m->state.gic, i, GICD_ISACTIVER + 4));
}

bool migrant_must_advance(struct migrant *m,
			  const unsigned int words[MIGRANT_VCPUS], uint32_t by)
{
	unsigned int i;

	if (migrant_advance(m, words, by, MIGRANT_LIMIT))
		return true;
	migrant_stop(m);
	if (migrant_is_alive(m))
		for (i = 0; i < MIGRANT_VCPUS; i++)
			explain(m, i);
	return false;
}

bool migrant_wait(struct migrant *m, unsigned int limit)
{
	uint64_t since = now_ms();
	unsigned int i;
	bool running = true, good = true;

	while (running && now_ms() - since < limit) {
		usleep(1000);
		running = false;
		for (i = 0; i < MIGRANT_VCPUS; i++)
			running |= atomic_load(&m->status[i]) ==
				   MIGRANT_RUNNING;
	}
	migrant_stop(m);
	for (i = 0; i < MIGRANT_VCPUS; i++)
		good &= atomic_load(&m->status[i]) == 0;
	return good;
}

/* ---- a VM and its successor --------------------------------------------- */

void migrant_create(struct migrant *m, const char *name,
		    uint32_t r0, uint32_t r1, uint32_t r2)
{
	struct kvm_vm *vm;

	m->state = state_create(MIGRANT_VCPUS);
	vm = m->state.vm;
	vcpu_start_at(vm->vcpus[0], vm_load_guest(vm, name), r0, r1, r2);
}

void migrant_destroy(struct migrant *m)
{
	state_destroy(&m->state);
}

void migrant_replace(struct migrant *m)
{
	state_destroy(&m->state);
	m->state = state_create(MIGRANT_VCPUS);
}

/* State that is compared between a VM and its successor */
struct snapshot {
	struct reg_dump *regs[MIGRANT_VCPUS];
	struct kvm_mp_state mp[MIGRANT_VCPUS];
	struct gic_state *gic;
};

static void take(struct snapshot *s, const struct vm_state *state)
{
	unsigned int i;

	for (i = 0; i < MIGRANT_VCPUS; i++) {
		s->regs[i] = vcpu_dump(state->vm->vcpus[i]);
		vcpu_ioctl(state->vm->vcpus[i], KVM_GET_MP_STATE, &s->mp[i]);
	}
	s->gic = gic_save(state->gic, MIGRANT_VCPUS);
}

static void drop(struct snapshot *s)
{
	unsigned int i;

	for (i = 0; i < MIGRANT_VCPUS; i++)
		free(s->regs[i]);
	free(s->gic);
}

/* Tell whether a register that was @old can be @new after the move and some time. */
static bool is_carried(uint64_t id, uint64_t old, uint64_t new)
{
	/* check_time() compares the counter. */
	if (id == KVM_REG_ARM_TIMER_CNT)
		return true;
	if (id == REG(CNTV_CTL) || id == REG(CNTP_CTL)) {
		if ((old ^ new) & ~(uint64_t)CTL_ISTATUS)
			return false;
		return !(old & CTL_ISTATUS) || new & CTL_ISTATUS;
	}
	return old == new;
}

static void compare_regs(unsigned int vcpu, const struct reg_dump *old,
			 const struct reg_dump *new)
{
	char name[REG_NAME_LEN];
	unsigned int i;

	if (!expect_equal(new->n, old->n, "number of registers"))
		return;
	for (i = 0; i < old->n; i++)
		expect(new->reg[i].id == old->reg[i].id &&
		       is_carried(old->reg[i].id, old->reg[i].value,
				  new->reg[i].value),
		       "vcpu %u: %s was %#llx and is %#llx", vcpu,
		       reg_name(old->reg[i].id, name),
		       (unsigned long long)old->reg[i].value,
		       (unsigned long long)new->reg[i].value);
}

static void compare_gic(const struct gic_state *old,
			const struct gic_state *new)
{
	const struct gic_reg *reg;
	unsigned int i;

	if (!expect_equal(new->nr_regs, old->nr_regs,
			  "number of registers of the GIC"))
		return;
	for (i = 0; i < old->nr_regs; i++) {
		reg = &old->regs[i];
		expect_equal(new->regs[i].value, reg->value,
			     "%s + %#x of vcpu %u",
			     reg->group == KVM_DEV_ARM_VGIC_GRP_CPU_REGS ?
			     "GICC" : "GICD", reg->offset, reg->vcpu);
	}
}

static void compare(const struct snapshot *old, const struct snapshot *new)
{
	unsigned int i;

	for (i = 0; i < MIGRANT_VCPUS; i++) {
		compare_regs(i, old->regs[i], new->regs[i]);
		expect_equal(new->mp[i].mp_state, old->mp[i].mp_state,
			     "power state of vcpu %u", i);
	}
	compare_gic(old->gic, new->gic);
}

/* Read the host's counter; a guest's differs from it by a constant. */
static uint64_t host_time(void)
{
	uint64_t value;

	asm volatile("isb\n"
		     "mrrc	p15, 1, %Q0, %R0, c14" : "=r" (value));
	return value;
}

/*
 * Check that the VM's time has continued where it stopped: its counter must be
 * the saved value plus what the host's counter has advanced since the restore,
 * between @before and @after.
 */
static void check_time(struct kvm_vm *vm, uint64_t saved, uint64_t before,
		       uint64_t after)
{
	uint64_t earliest = host_time();
	uint64_t value = vcpu_get_reg(vm->vcpus[MIGRANT_VCPUS - 1],
				      KVM_REG_ARM_TIMER_CNT);
	uint64_t latest = host_time();

	expect(value >= saved + (earliest - after) &&
	       value <= saved + (latest - before),
	       "CNTVCT is %#llx, was %#llx; the host's advanced by %#llx to %#llx",
	       (unsigned long long)value, (unsigned long long)saved,
	       (unsigned long long)(earliest - after),
	       (unsigned long long)(latest - before));
}

void migrant_migrate(struct migrant *m)
{
	struct snapshot old, new;
	struct state_image image;
	uint64_t before, after, saved;

	/*
	 * Dump first: a timer that has expired by then has expired at the saved
	 * time, too.
	 */
	take(&old, &m->state);
	state_save_image(&m->state, &image);
	saved = m->state.time;
	migrant_replace(m);
	before = host_time();
	state_load_image(&m->state, &image);
	after = host_time();
	free(image.data);
	check_time(m->state.vm, saved, before, after);

	/*
	 * Set the time again, as a VMM that resumes later does. This check is
	 * more exact.
	 */
	before = host_time();
	vm_set_time(m->state.vm, m->state.time);
	after = host_time();
	check_time(m->state.vm, saved, before, after);

	expect_equal(m->state.regs_missing, 0, "registers not carried");
	take(&new, &m->state);
	compare(&old, &new);
	drop(&old);
	drop(&new);
}
