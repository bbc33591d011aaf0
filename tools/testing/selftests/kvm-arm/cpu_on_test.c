// SPDX-License-Identifier: GPL-2.0
/*
 * PSCI CPU_ON: which vcpu it starts, in which state, and what user space sees,
 * whenever the call is made.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "psci.h"

#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define CPSR_ID		CORE_REG(usr_regs.ARM_cpsr)
#define R0_ID		CORE_REG(usr_regs.ARM_r0)

static void cpu_on_errors(void)
{
	static const uint32_t nobody[] = {
		2, 3, 4, 0x100, 0x10000, 0x01000000, 0x80000001, 0xffffffff,
	};
	struct reg_dump *dump;
	unsigned int i, n;

	psci_create_calls(2);
	dump = vcpu_dump(psci_vm->vcpus[1]);
	for (n = 0; n < PSCI_NR_VERSIONS; n++) {
		vcpu_set_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION, psci_versions[n]);
		for (i = 0; i < ARRAY_SIZE(nobody); i++)
			expect_equal(psci_call(FN(CPU_ON), nobody[i], psci_arm,
					       0),
				     INVALID_PARAMETERS, "CPU_ON of %#x",
				     nobody[i]);
		expect_equal(psci_call(FN(CPU_ON), 0, psci_arm, 0), ALREADY_ON,
			     "CPU_ON of this CPU");
	}
	expect_equal(vcpu_get_mp_state(psci_vm->vcpus[1]), KVM_MP_STATE_STOPPED,
		     "state");
	expect_unchanged(psci_vm->vcpus[1], dump, "CPU_ON of others");
	free(dump);
	/* The CPU counts as on although it has not run yet. */
	expect_equal(psci_call(FN(CPU_ON), 1, psci_arm, 1), SUCCESS, "CPU_ON");
	expect_equal(psci_call(FN(CPU_ON), 1, psci_thumb, 2), ALREADY_ON,
		     "CPU_ON of a CPU that is about to start");
	expect_equal(vcpu_get_reg(psci_vm->vcpus[1], R0_ID), 1,
		     "context of the first call");
	psci_destroy();
}

static void cpu_on_entry(void)
{
	static const enum psci_way ways[] = {
		PSCI_HVC,
		PSCI_SMC,
		PSCI_HVC_THUMB,
		PSCI_SMC_THUMB,
		PSCI_HVC_BIG_ENDIAN,
	};
	struct kvm_vcpu *other;
	unsigned int i, thumb;
	char what[32];

	psci_create_calls(2);
	other = psci_vm->vcpus[1];
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		for (thumb = 0; thumb < 2; thumb++) {
			bool be = ways[i] == PSCI_HVC_BIG_ENDIAN;
			uint32_t entry = thumb ? psci_thumb : psci_arm;
			uint32_t context = 0xc0ffee00 + i;

			snprintf(what, sizeof(what), "way %u, entry %u",
				 ways[i], thumb);
			expect_equal(entry & 1, thumb, "%s: address", what);
			expect_equal(psci_call_by(ways[i], FN(CPU_ON), 1, entry,
						  context),
				     SUCCESS, "%s", what);
			expect_equal(vcpu_get_reg(other, CPSR_ID),
				     CPSR_RESET | (thumb ? CPSR_T : 0) |
				     (be ? CPSR_E : 0),
				     "%s: CPSR", what);
			psci_expect_entry(other, entry, context, be, what);
			expect_equal(psci_call(FN(AFFINITY_INFO), 1, 0, 0), ON,
				     "%s: state", what);
			/* The code at the entry continues with CPU_OFF. */
			vcpu_run_until_stopped(other);
			expect_equal(other->nr_reports, PSCI_REPORTS,
				     "%s: reports, CPU_OFF returning", what);
			expect_equal(psci_call(FN(AFFINITY_INFO), 1, 0, 0), OFF,
				     "%s: state", what);
		}
	}
	psci_destroy();
}

/* Before the vcpu runs, user space sees the state it will run with. */
static void cpu_on_shows(void)
{
	struct kvm_vcpu_events events = { .exception.serror_pending = 1 };
	uint64_t d0 = KVM_REG_ARM | KVM_REG_SIZE_U64 | KVM_REG_ARM_VFP;
	struct kvm_vcpu *other;
	struct reg_dump *reset;

	psci_create_calls(2);
	other = psci_vm->vcpus[1];
	reset = vcpu_dump(other);
	vcpu_set_reg(other, d0, 0x1234567890abcdefULL);
	vcpu_set_reg(other, REG(TPIDRURW), 0x5a5a5a5a);
	vcpu_set_reg(other, PC_ID, 0x40001000);
	vcpu_ioctl(other, KVM_SET_VCPU_EVENTS, &events);

	expect_equal(psci_call(FN(CPU_ON), 1, psci_thumb, 0xc0ffee), SUCCESS,
		     "CPU_ON");
	expect_equal(vcpu_get_mp_state(other), KVM_MP_STATE_RUNNABLE, "state");
	vcpu_ioctl(other, KVM_GET_VCPU_EVENTS, &events);
	expect_equal(events.exception.serror_pending, 0, "serror_pending");
	expect_equal(vcpu_get_reg(other, PC_ID), psci_thumb & ~1U, "PC");
	expect_equal(vcpu_get_reg(other, R0_ID), 0xc0ffee, "R0");
	expect_equal(vcpu_get_reg(other, CPSR_ID), CPSR_RESET | CPSR_T, "CPSR");
	vcpu_set_reg(other, PC_ID, 0);
	vcpu_set_reg(other, R0_ID, 0);
	vcpu_set_reg(other, CPSR_ID, CPSR_RESET);
	expect_unchanged(other, reset, "CPU_ON, but for what is expected");
	free(reset);

	/* The vcpu runs with what user space sets now. */
	vcpu_set_reg(other, PC_ID, psci_arm);
	vcpu_set_reg(other, R0_ID, 77);
	psci_expect_entry(other, psci_arm, 77, false, "entry user space chose");
	vcpu_run_until_stopped(other);

	/*
	 * The reset does not drop an event that user space sets before the vcpu
	 * runs.
	 */
	expect_equal(psci_call(FN(CPU_ON), 1, psci_arm, 0), SUCCESS, "CPU_ON");
	events.exception.serror_pending = 1;
	vcpu_ioctl(other, KVM_SET_VCPU_EVENTS, &events);
	vcpu_get_reg(other, PC_ID);
	vcpu_ioctl(other, KVM_GET_VCPU_EVENTS, &events);
	expect_equal(events.exception.serror_pending, 1, "event set meanwhile");

	/*
	 * A vcpu that is stopped before it runs keeps the entry until the next
	 * call.
	 */
	vcpu_init(other, PSCI_0_2_FEATURE | POWER_OFF_FEATURE);
	expect_equal(psci_call(FN(CPU_ON), 1, psci_arm, 1), SUCCESS, "CPU_ON");
	expect_errno(__vcpu_set_mp_state(other, KVM_MP_STATE_STOPPED), 0,
		     "stop");
	expect_equal(vcpu_get_reg(other, PC_ID), psci_arm, "PC, stopped");
	expect_equal(psci_call(FN(CPU_ON), 1, psci_thumb, 2), SUCCESS,
		     "CPU_ON");
	psci_expect_entry(other, psci_thumb, 2, false, "second CPU_ON");

	/* KVM_ARM_VCPU_INIT resets after CPU_ON does. */
	vcpu_init(other, PSCI_0_2_FEATURE | POWER_OFF_FEATURE);
	expect_equal(psci_call(FN(CPU_ON), 1, psci_arm, 1), SUCCESS, "CPU_ON");
	vcpu_init(other, PSCI_0_2_FEATURE | POWER_OFF_FEATURE);
	expect_equal(vcpu_get_reg(other, PC_ID), 0, "PC after init");
	expect_equal(vcpu_get_reg(other, R0_ID), 0, "R0 after init");
	expect_equal(vcpu_get_mp_state(other), KVM_MP_STATE_STOPPED,
		     "state after init");
	expect_equal(psci_call(FN(AFFINITY_INFO), 1, 0, 0), OFF,
		     "AFFINITY_INFO");
	psci_destroy();
}

/* The registers that describe a CPU do not change when it is turned off and on. */
static void cpu_on_keeps(void)
{
	const uint32_t mpidr = 0x80000100;
	struct kvm_vcpu *other;
	unsigned int i;
	uint32_t actlr;

	psci_create_calls(2);
	other = psci_vm->vcpus[1];
	actlr = vcpu_get_reg(other, REG(ACTLR)) ^ 1;
	vcpu_set_reg(other, REG(MPIDR), mpidr);
	vcpu_set_reg(other, REG(ACTLR), actlr);
	for (i = 0; i < 2; i++) {
		vcpu_set_reg(other, REG(CSSELR), 1);
		expect_equal(psci_call(FN(CPU_ON), 0x100, psci_arm, i), SUCCESS,
			     "%u: CPU_ON", i);
		expect_equal(vcpu_get_reg(other, REG(MPIDR)), mpidr, "%u: MPIDR", i);
		expect_equal(vcpu_get_reg(other, REG(ACTLR)), actlr, "%u: ACTLR", i);
		expect_equal(vcpu_get_reg(other, REG(CSSELR)), 0, "%u: CSSELR", i);
		psci_expect_entry(other, psci_arm, i, false, "entry");
		expect_equal(psci_call(FN(AFFINITY_INFO), 0x100, 0, 0), ON,
			     "%u: state", i);
		vcpu_run_until_stopped(other);
		expect_equal(psci_call(FN(AFFINITY_INFO), 0x100, 0, 0), OFF,
			     "%u: state", i);
	}
	vcpu_init(other, PSCI_0_2_FEATURE | POWER_OFF_FEATURE);
	expect_equal(vcpu_get_reg(other, REG(MPIDR)), 0x80000001, "MPIDR after init");
	expect_equal(vcpu_get_reg(other, REG(ACTLR)), actlr ^ 1, "ACTLR after init");
	psci_destroy();
}

/* ---- a reset that comes at any time ------------------------------------- */

static bool stop;

static void *run_storm(void *arg)
{
	uint32_t value;

	while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST))
		if (vcpu_run_guest(arg, &value) != GUEST_INTR)
			test_fail("the calling vcpu has ended");
	return NULL;
}

/*
 * Read vcpu 1's entry state from user space: either all of one CPU_ON, or none
 * of it. Return whether there was one.
 */
static bool look(struct kvm_vcpu *other, unsigned int n)
{
	uint32_t pc = vcpu_get_reg(other, PC_ID), r0, cpsr;

	if (!pc) {
		r0 = vcpu_get_reg(other, R0_ID);
		/* CPU_ON came between the two reads. */
		if (r0)
			pc = vcpu_get_reg(other, PC_ID);
	}
	if (!pc)
		return false;
	r0 = vcpu_get_reg(other, R0_ID);
	cpsr = vcpu_get_reg(other, CPSR_ID);
	expect_equal(vcpu_get_mp_state(other), KVM_MP_STATE_RUNNABLE, "%u: state",
		     n);
	expect_equal(pc & ~PSCI_STORM_MASK, PSCI_STORM_BASE, "%u: PC", n);
	expect_equal(pc | !!(cpsr & CPSR_T), ~r0, "%u: PC and T by R0", n);
	expect_equal(cpsr & ~CPSR_T, CPSR_RESET, "%u: CPSR", n);
	return true;
}

static void race(void)
{
	unsigned int n, seen = 0, tries;
	struct kvm_vcpu *other;
	pthread_t thread;

	psci_create(2, PSCI_0_2_FEATURE, PSCI_STORM);
	other = psci_vm->vcpus[1];
	stop = false;
	if (pthread_create(&thread, NULL, run_storm, psci_vcpu))
		kvm_bail("no thread");
	for (n = 0; n < 5000 && !test_failed(); n++) {
		vcpu_init(other, PSCI_0_2_FEATURE | POWER_OFF_FEATURE);
		for (tries = 0; tries < n % 8; tries++)
			if (look(other, n))
				break;
		seen += tries < n % 8;
	}
	/* Given time, a CPU_ON does come. */
	vcpu_init(other, PSCI_0_2_FEATURE | POWER_OFF_FEATURE);
	for (tries = 0; tries < 20000 && !look(other, n); tries++)
		usleep(1000);
	expect(tries < 20000, "no CPU_ON at all");
	__atomic_store_n(&stop, true, __ATOMIC_SEQ_CST);
	psci_vcpu->run->immediate_exit = 1;
	while (pthread_kill(thread, SIGALRM) == 0 &&
	       pthread_tryjoin_np(thread, NULL))
		usleep(1000);
	expect(seen, "CPU_ON never came between two resets");
	psci_destroy();
}

/* Create it before vcpu 0: a search by MPIDR finds it first. */
static void uninitialised_vcpu(void)
{
	struct kvm_vm *vm = vm_create();
	struct kvm_vcpu *vcpu, *other;
	struct execute x;

	vm_add_memory(vm, 0, GUEST_RAM_BASE, GUEST_RAM_SIZE, 0);
	other = vcpu_create(vm, 1);
	expect_errno(__vcpu_set_mp_state(other, KVM_MP_STATE_STOPPED), 0,
		     "KVM_SET_MP_STATE");
	vcpu = vcpu_create(vm, 0);
	vcpu_init(vcpu, PSCI_0_2_FEATURE);
	vcpu_start_at(vcpu, vm_load_guest(vm, "execute"), 0, 0, 0);
	vcpu_expect(vcpu, GUEST_SYNC);

	x = execute_hvc(vcpu, FN(CPU_ON), 0, GUEST_RAM_BASE, 0);
	expect_equal(x.r[0], ALREADY_ON, "CPU_ON of this CPU");
	x = execute_hvc(vcpu, FN(AFFINITY_INFO), 0, 0, 0);
	expect_equal(x.r[0], ON, "state of this CPU");
	x = execute_hvc(vcpu, FN(AFFINITY_INFO), 1, 0, 0);
	expect_equal(x.r[0], OFF, "state of the other");
	vm_free(vm);
}

static const struct test tests[] = {
	{ "CPU_ON refuses what is not there or is on", cpu_on_errors },
	{ "CPU_ON enters in the state it should, ARM, Thumb and big-endian",
	  cpu_on_entry },
	{ "CPU_ON shows in the registers of a vcpu that does not run",
	  cpu_on_shows },
	{ "CPU_ON keeps what user space set of registers that describe the CPU",
	  cpu_on_keeps },
	{ "a CPU_ON at any time is seen as a whole or not at all", race },
	{ "a vcpu that is not initialised does not answer for vcpu 0",
	  uninitialised_vcpu },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
