// SPDX-License-Identifier: GPL-2.0
/*
 * Changes by user space to a vcpu's state outside of its registers: aborts,
 * power state, and state that depends on other vcpus.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "behaviour.h"
#include "execute.h"
#include "harness.h"

#define NO_MEMORY	0x20000000
#define DFSR_WNR	0x800
#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define CPSR_ID		CORE_REG(usr_regs.ARM_cpsr)

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;

static void create(unsigned int vcpus)
{
	vm = execute_create(vcpus);
	vcpu = vm->vcpus[0];
}

static void destroy(void)
{
	vm_free(vm);
}

static struct kvm_vcpu_events get_events(void)
{
	struct kvm_vcpu_events events;

	memset(&events, 0xff, sizeof(events));
	vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events);
	return events;
}

static int set_events(struct kvm_vcpu_events *events)
{
	return __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, events);
}

static void bad_events(void)
{
	static const struct {
		const char *what;
		unsigned int byte;
	} bad[] = {
		{ "serror_has_esr", 1 }, { "pad", 3 }, { "last pad", 7 },
		{ "reserved", 16 }, { "last reserved", 63 },
	};
	const struct kvm_vcpu_events none = { 0 };
	struct kvm_vcpu_events events;
	unsigned int i;

	create(1);
	expect_equal(vm_check_cap(vm, KVM_CAP_VCPU_EVENTS), 1,
		     "KVM_CAP_VCPU_EVENTS");
	expect_equal(vm_check_cap(vm, KVM_CAP_ARM_INJECT_EXT_DABT), 1,
		     "KVM_CAP_ARM_INJECT_EXT_DABT");
	expect_equal(vm_check_cap(vm, KVM_CAP_ARM_INJECT_SERROR_ESR), 0,
		     "KVM_CAP_ARM_INJECT_SERROR_ESR");
	events = get_events();
	expect(!memcmp(&events, &none, sizeof(none)), "events at the start");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct reg_dump *dump = vcpu_dump(vcpu);

		/* Also set a valid event: it must not be injected. */
		events = none;
		events.exception.serror_pending = 1;
		events.exception.ext_dabt_pending = 1;
		((uint8_t *)&events)[bad[i].byte] = 1;
		expect_errno(set_events(&events), -EINVAL, "%s", bad[i].what);
		expect_unchanged(vcpu, dump, bad[i].what);
		free(dump);
	}
	events = none;
	events.exception.serror_pending = 2;
	expect_errno(set_events(&events), -EINVAL, "serror_pending = 2");
	events = none;
	events.exception.ext_dabt_pending = 2;
	expect_errno(set_events(&events), -EINVAL, "ext_dabt_pending = 2");
	events = get_events();
	expect(!memcmp(&events, &none, sizeof(none)), "events at the end");
	destroy();
}

static void async_abort(void)
{
	struct kvm_vcpu_events events = { .exception.serror_pending = 1 };
	static const uint32_t dfsr[] = { 0x406, 0x211 };
	struct execute x;
	unsigned int lpae;

	create(1);
	for (lpae = 0; lpae < 2; lpae++) {
		if (lpae)
			execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
		expect_errno(set_events(&events), 0, "pending");
		expect_equal(get_events().exception.serror_pending, 1,
			     "serror_pending");
		/* The guest masks the abort: it stays pending. */
		memset(&x, 0, sizeof(x));
		x.insn = ARM_NOP;
		execute(vcpu, &x);
		expect_equal(get_events().exception.serror_pending, 1,
			     "serror_pending after running with CPSR.A");
		x.op = EXECUTE_ASYNC_ABORT;
		execute(vcpu, &x);
		expect_equal(x.count, 1, "exceptions");
		expect_equal(x.vector, GUEST_VEC_DABT, "vector");
		expect_equal(x.dfsr & 0x60f, dfsr[lpae] & 0x60f, "DFSR");
		expect_equal(get_events().exception.serror_pending, 0,
			     "serror_pending after the abort");
		execute(vcpu, &x);
		expect_equal(x.count, 0, "exceptions, later");

		/* A call with another event does not withdraw it. */
		set_events(&events);
		events.exception.serror_pending = 0;
		set_events(&events);
		events.exception.serror_pending = 1;
		expect_equal(get_events().exception.serror_pending, 1,
			     "serror_pending after a call with 0");
		execute(vcpu, &x);
		expect_equal(x.count, 1, "exceptions after a call with 0");
	}
	destroy();
}

/* ARMv8 would take an exception at the handler's first instruction. */
static void illegal_state(void)
{
	struct kvm_vcpu_events events = { .exception.ext_dabt_pending = 1 };

	create(1);
	vcpu_set_reg(vcpu, CPSR_ID, CPSR_SVC | CPSR_MASKED | CPSR_IL);
	expect_errno(set_events(&events), 0, "pending");
	expect_equal(vcpu_get_reg(vcpu, CPSR_ID), CPSR_ABT | CPSR_MASKED, "CPSR");
	expect_equal(vcpu_get_reg(vcpu, CORE_REG(abt_regs[2])),
		     CPSR_SVC | CPSR_MASKED | CPSR_IL, "SPSR_abt");
	destroy();
}

/* The abort replaces the data of a load, or the completion of a store. */
static void data_abort(void)
{
	struct kvm_vcpu_events events = { .exception.ext_dabt_pending = 1 };
	static const uint32_t dfsr[] = { 0x008, 0x210 };
	static const uint32_t insns[] = { 0xe5910000, 0xe5810000 };
	unsigned int lpae, i;
	struct execute x;

	create(1);
	for (lpae = 0; lpae < 2; lpae++) {
		if (lpae)
			execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
		for (i = 0; i < ARRAY_SIZE(insns); i++) {
			memset(&x, 0, sizeof(x));
			x.insn = insns[i];
			x.armed = VECTOR(DABT);
			x.r[0] = 0x12345678;
			x.r[1] = NO_MEMORY + 0x9a4;
			execute_begin(vcpu, &x);
			vcpu_expect(vcpu, GUEST_MMIO);
			expect_errno(set_events(&events), 0, "pending");
			expect_equal(get_events().exception.ext_dabt_pending, 0,
				     "ext_dabt_pending");
			expect_equal(vcpu_get_reg(vcpu, CPSR_ID) & CPSR_MODE,
				     CPSR_ABT, "mode in user space");
			vcpu_expect(vcpu, GUEST_SYNC);
			execute_end(vcpu, &x);
			expect_equal(x.count, 1, "exceptions");
			expect_equal(x.vector, GUEST_VEC_DABT, "vector");
			expect_equal(x.fault_pc, x.pc, "instruction");
			expect_equal(x.lr, x.pc + 8, "LR_abt");
			expect_equal(x.dfar, NO_MEMORY + 0x9a4, "DFAR");
			/*
			 * Ignore ExT, which is implementation defined. WnR of
			 * the short format would make QEMU abort().
			 */
			expect_equal(x.dfsr & ~0x1000U, dfsr[lpae] |
				     (i && lpae ? DFSR_WNR : 0), "DFSR");
			expect_equal(lpae ? x.dfsr & 0x3f :
				     x.dfsr >> 6 | (x.dfsr & 0x1f),
				     lpae ? 0x10 : 0x8, "status as QEMU has it");
			expect_equal(x.spsr, CPSR_SVC | CPSR_MASKED, "SPSR");
			expect_equal(x.r[0], 0x12345678, "R0");
		}
	}
	destroy();
}

static void power_state(void)
{
	struct execute x = { .insn = ARM_NOP };
	unsigned int i;

	create(2);
	expect_equal(vcpu_get_mp_state(vcpu), KVM_MP_STATE_RUNNABLE, "vcpu 0");
	expect_equal(vcpu_get_mp_state(vm->vcpus[1]), KVM_MP_STATE_STOPPED,
		     "vcpu 1");
	for (i = 0; i < 16; i++) {
		if (i == KVM_MP_STATE_RUNNABLE || i == KVM_MP_STATE_STOPPED)
			continue;
		expect_errno(__vcpu_set_mp_state(vcpu, i), -EINVAL, "state %u",
			     i);
		expect_equal(vcpu_get_mp_state(vcpu), KVM_MP_STATE_RUNNABLE,
			     "state after that");
	}
	expect_errno(__vcpu_set_mp_state(vcpu, KVM_MP_STATE_STOPPED), 0,
		     "stop");
	expect_equal(vcpu_get_mp_state(vcpu), KVM_MP_STATE_STOPPED, "state");
	ualarm(50000, 0);
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN of a stopped vcpu");
	expect_errno(__vcpu_set_mp_state(vcpu, KVM_MP_STATE_RUNNABLE), 0,
		     "start");
	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions");
	destroy();
}

/* ISTATUS is set if the timer is enabled and its condition is met. */
static void timer_status(void)
{
	static const struct {
		uint64_t ctl;
		uint64_t cval;
	} timer[] = {
		{ REG(CNTV_CTL), REG(CNTV_CVAL) },
		{ REG(CNTP_CTL), REG(CNTP_CVAL) },
	};
	unsigned int i, ctl, late;
	uint64_t value;

	create(1);
	for (i = 0; i < ARRAY_SIZE(timer); i++) {
		for (ctl = 0; ctl < 4; ctl++) {
			for (late = 0; late < 2; late++) {
				uint32_t want = ctl;

				/* Enabled and not masked, it would interrupt. */
				if (ctl == 1)
					continue;
				if (ctl & 1 && late)
					want |= 4;
				vcpu_set_reg(vcpu, timer[i].cval,
					     late ? 0 : ~0ULL >> 1);
				vcpu_set_reg(vcpu, timer[i].ctl, ctl);
				expect_equal(vcpu_get_reg(vcpu, timer[i].ctl),
					     want, "timer %u, CTL in user space",
					     i);
				guest_read(vcpu, timer[i].ctl, &value);
				expect_equal(value, want,
					     "timer %u, CTL in the guest", i);
				expect_equal(vcpu_get_reg(vcpu, timer[i].ctl),
					     want, "timer %u, CTL after it ran",
					     i);
			}
		}
		vcpu_set_reg(vcpu, timer[i].ctl, 0);
	}
	destroy();
}

/* Without a GIC in the kernel, exits tell user space of the timer. */
static void timer_interrupt(void)
{
	struct execute x = { .insn = ARM_NOP };
	uint64_t *level;

	create(1);
	level = &vcpu->run->s.regs.device_irq_level;
	expect_equal(*level, 0, "level at the start");
	vcpu_set_reg(vcpu, REG(CNTV_CVAL), 0);
	vcpu_set_reg(vcpu, REG(CNTV_CTL), 1);
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_equal(*level, KVM_ARM_DEV_EL1_VTIMER, "level");
	/* Once user space knows, the guest runs. */
	execute(vcpu, &x);
	expect_equal(*level, KVM_ARM_DEV_EL1_VTIMER, "level, still");
	vcpu_set_reg(vcpu, REG(CNTV_CTL), 3);
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN with the timer masked");
	expect_equal(*level, 0, "level with the timer masked");
	execute(vcpu, &x);
	destroy();
}

/* The counter belongs to the VM and continues from the value that is set. */
static void vm_counter(void)
{
	uint64_t value, again, other;

	create(2);
	vcpu_set_reg(vcpu, KVM_REG_ARM_TIMER_CNT, 1ULL << 40);
	guest_read(vcpu, REG(CNTVCT), &value);
	other = vcpu_get_reg(vm->vcpus[1], KVM_REG_ARM_TIMER_CNT);
	again = vcpu_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);
	expect(value >= 1ULL << 40, "counter %#llx in the guest",
	       (unsigned long long)value);
	expect(other >= value && again >= other, "%#llx, %#llx, %#llx",
	       (unsigned long long)value, (unsigned long long)other,
	       (unsigned long long)again);
	/* It has advanced by some seconds at most. */
	expect(again < (1ULL << 40) + (1ULL << 30), "counter %#llx",
	       (unsigned long long)again);
	destroy();
}

/* Create the vcpus in some order, and initialise each at once or later. */
static void make(const unsigned int order[4], bool late)
{
	unsigned int i;

	vm = vm_create();
	for (i = 0; i < 4; i++) {
		vcpu_create(vm, late ? i : order[i]);
		if (!late)
			vcpu_init(vm->vcpus[order[i]], 0);
	}
	for (i = 0; late && i < 4; i++)
		vcpu_init(vm->vcpus[order[i]], 0);
}

static bool all_different(const unsigned int order[4])
{
	unsigned int i, seen = 0;

	for (i = 0; i < 4; i++)
		seen |= 1 << order[i];
	return seen == 0xf;
}

static void init_order(void)
{
	static const unsigned int ascending[] = { 0, 1, 2, 3 };
	struct reg_dump *first[4];
	unsigned int i, n;

	make(ascending, false);
	for (i = 0; i < 4; i++) {
		first[i] = vcpu_dump(vm->vcpus[i]);
		expect_equal(vcpu_get_reg(vm->vcpus[i], REG(L2CTLR)) >> 24 & 3,
			     3, "vcpu %u: cores in L2CTLR", i);
		expect_equal(vcpu_get_reg(vm->vcpus[i], REG(MPIDR)),
			     0x80000000 | i, "vcpu %u: MPIDR", i);
		expect_equal(vcpu_get_reg(vm->vcpus[i], REG(ACTLR)) & 0x40,
			     host_is_v8() ? 0 : 0x40, "vcpu %u: ACTLR.SMP", i);
	}
	vm_free(vm);
	for (n = 0; n < 2 * 256; n++) {
		const unsigned int order[] = { n & 3, n >> 2 & 3, n >> 4 & 3,
					       n >> 6 & 3 };

		if (!all_different(order))
			continue;
		make(order, n >> 8);
		for (i = 0; i < 4; i++)
			expect_unchanged(vm->vcpus[i], first[i],
					 "another order of initialisation");
		vm_free(vm);
	}
	for (i = 0; i < 4; i++)
		free(first[i]);
}

/* Host CPUs may differ, but each guest CPU keeps its own identity. */
static void init_elsewhere(void)
{
	unsigned int cpus = nr_cpus(), i;
	struct reg_dump *first;

	pin_to_cpu(0);
	create(1);
	first = vcpu_dump(vcpu);
	destroy();
	for (i = 1; i <= cpus; i++) {
		pin_to_cpu(i % cpus);
		create(1);
		expect_unchanged(vcpu, first, "initialisation on another CPU");
		destroy();
	}
	pin_to_cpu(0);
	free(first);
}

static const struct test tests[] = {
	{ "KVM_SET_VCPU_EVENTS refuses what it does not know", bad_events },
	{ "an asynchronous abort waits for CPSR.A to be clear", async_abort },
	{ "an abort can take the place of an access", data_abort },
	{ "an abort clears the illegal execution state", illegal_state },
	{ "KVM_SET_MP_STATE stops and starts a vcpu", power_state },
	{ "user space and guest agree on the state of the timers",
	  timer_status },
	{ "a timer without interrupt controller is user space's",
	  timer_interrupt },
	{ "the counter is the VM's", vm_counter },
	{ "the order of initialisation makes no difference", init_order },
	{ "nor does the CPU on which that is done", init_elsewhere },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
