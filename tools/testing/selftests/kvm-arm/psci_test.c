// SPDX-License-Identifier: GPL-2.0
/*
 * PSCI as a guest sees it, in all versions, except for CPU_ON.
 */
#include <errno.h>

#include "harness.h"
#include "psci.h"

/* ---- versions ----------------------------------------------------------- */

/* KVM_REG_ARM_PSCI_VERSION belongs to the VM. */
static void psci_version(void)
{
	static const uint64_t bad[] = {
		0, 1, 3, 0x10002, 0x20000, -1ULL, 0x100000002ULL
	};
	struct kvm_vcpu *other;
	unsigned int i, way;

	psci_create_calls(2);
	other = psci_vm->vcpus[1];
	for (i = 0; i < PSCI_NR_VERSIONS; i++) {
		vcpu_set_reg(other, KVM_REG_ARM_PSCI_VERSION, psci_versions[i]);
		expect_equal(vcpu_get_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION),
			     psci_versions[i], "version in the other vcpu");
		for (way = PSCI_HVC; way <= PSCI_HVC_BIG_ENDIAN; way++)
			expect_equal(psci_call_by(way, FN(VERSION), 0, 0, 0),
				     psci_versions[i], "version, way %u", way);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		expect_errno(__vcpu_set_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION,
					    bad[i]),
			     -EINVAL, "version %#llx",
			     (unsigned long long)bad[i]);
		expect_equal(vcpu_get_reg(other, KVM_REG_ARM_PSCI_VERSION),
			     0x10001, "version after that");
	}
	/* A vcpu that is created later has the same version. */
	vcpu_set_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION, 0x10000);
	other = vcpu_create(psci_vm, 2);
	vcpu_init(other, PSCI_0_2_FEATURE);
	expect_equal(vcpu_get_reg(other, KVM_REG_ARM_PSCI_VERSION), 0x10000,
		     "version in a new vcpu");
	psci_destroy();
}

/* Without KVM_ARM_VCPU_PSCI_0_2, the version is 0.1 and no other. */
static void version_0_1(void)
{
	unsigned int i, way;

	psci_create(2, 0, PSCI_CALLS);
	expect_equal(vcpu_get_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION), 1,
		     "version");
	expect_errno(__vcpu_set_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION, 1), 0,
		     "version 0.1");
	for (i = 0; i < PSCI_NR_VERSIONS; i++)
		expect_errno(__vcpu_set_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION,
					    psci_versions[i]),
			     -EINVAL, "version %#x", psci_versions[i]);
	for (i = 0; i < NR_FN; i++) {
		expect_equal(psci_call(FN(i), 0, 0, 0), NOT_SUPPORTED,
			     "function %#x of 0.2", i);
		expect_equal(psci_call(FN64(i), 0, 0, 0), NOT_SUPPORTED,
			     "64-bit function %#x", i);
	}
	/* CPU_SUSPEND and MIGRATE are optional in 0.1. */
	expect_equal(psci_call(FN_0_1(0), 0, 0, 0), NOT_SUPPORTED,
		     "CPU_SUSPEND");
	expect_equal(psci_call(FN_0_1(3), 0, 0, 0), NOT_SUPPORTED, "MIGRATE");
	expect_equal(psci_call(FN_0_1(4), 0, 0, 0), NOT_SUPPORTED,
		     "one beyond");
	expect_equal(psci_call(FN_0_1(2), 0, psci_arm, 5), INVALID_PARAMETERS,
		     "CPU_ON of a CPU that is on");
	expect_equal(psci_call(FN_0_1(2), 2, psci_arm, 5), INVALID_PARAMETERS,
		     "CPU_ON of no CPU");
	for (way = PSCI_HVC; way <= PSCI_SMC_THUMB; way++) {
		psci_vm->vcpus[1]->nr_reports = 0;
		expect_equal(psci_call_by(way, FN_0_1(2), 1, psci_arm, 5),
			     SUCCESS, "CPU_ON");
		vcpu_expect(psci_vm->vcpus[1], GUEST_DONE);
		expect_equal(psci_vm->vcpus[1]->reports[PSCI_CONTEXT], 5,
			     "context");
		/* Turn it off again: the CPU_OFF that it calls is of 0.2. */
		vcpu_init(psci_vm->vcpus[1], POWER_OFF_FEATURE);
	}
	psci_begin(PSCI_HVC, FN_0_1(1), 0, 0, 0);
	vcpu_run_until_stopped(psci_vcpu);
	psci_destroy();
}

static const struct {
	uint32_t fn;
	uint32_t since;		/* first version that has it */
	bool harmless;		/* callable with zeroes, does not return -1 */
} functions[] = {
	{ FN(VERSION), 0x2, true },
	{ FN(CPU_SUSPEND), 0x2, false },
	{ FN(CPU_OFF), 0x2, false },
	{ FN(CPU_ON), 0x2, true },
	{ FN(AFFINITY_INFO), 0x2, true },
	{ FN(MIGRATE_INFO_TYPE), 0x2, true },
	{ FN(SYSTEM_OFF), 0x2, false },
	{ FN(SYSTEM_RESET), 0x2, false },
	{ FN(FEATURES), 0x10000, false },
	{ FN(SYSTEM_RESET2), 0x10001, false },
};

static int find_function(uint32_t fn)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(functions); i++)
		if (functions[i].fn == fn)
			return i;
	return -1;
}

/* Check PSCI_FEATURES of a function, and whether the function exists. */
static void check_function(uint32_t psci, uint32_t fn)
{
	int i = find_function(fn);
	bool there = i >= 0 && functions[i].since <= psci;

	if (psci >= 0x10000)
		expect_equal(psci_call(FN(FEATURES), fn, 0, 0),
			     there ? SUCCESS : NOT_SUPPORTED,
			     "version %#x, PSCI_FEATURES of %#x", psci, fn);
	else
		expect_equal(psci_call(FN(FEATURES), fn, 0, 0), NOT_SUPPORTED,
			     "version %#x, PSCI_FEATURES", psci);
	if (there && !functions[i].harmless)
		return;
	expect_equal(psci_call(fn, 0, 0, 0) != NOT_SUPPORTED, there,
		     "version %#x, function %#x is there", psci, fn);
}

static void features(void)
{
	unsigned int i, n;

	psci_create_calls(1);
	for (i = 0; i < PSCI_NR_VERSIONS; i++) {
		vcpu_set_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION, psci_versions[i]);
		for (n = 0; n < NR_FN; n++) {
			check_function(psci_versions[i], FN(n));
			check_function(psci_versions[i], FN64(n));
		}
		expect_equal(psci_call(FN_0_1(2), 0, 0, 0), NOT_SUPPORTED,
			     "CPU_ON of 0.1");
		expect_equal(psci_call(FN(MIGRATE_INFO_TYPE), 0, 0, 0), 2,
			     "MIGRATE_INFO_TYPE: no migration needed");
		if (psci_versions[i] < 0x10000)
			continue;
		expect_equal(psci_call(FN(FEATURES), 0x80000000, 0, 0), SUCCESS,
			     "PSCI_FEATURES of SMCCC_VERSION");
		expect_equal(psci_call(FN(FEATURES), 0x80000001, 0, 0),
			     NOT_SUPPORTED, "PSCI_FEATURES of another call");
	}
	psci_destroy();
}

/* ---- power -------------------------------------------------------------- */

/* vcpus 0 to 3 are cluster 0, vcpu 4 is cluster 1. */
static void affinity_info(void)
{
	static const uint32_t invalid[][2] = {
		{ 5, 0 }, { 4, 0 }, { 0x200, 0 }, { 0x200, 1 }, { 0x10000, 2 },
		{ 0x01000000, 0 }, { 0x80000000, 0 },
		{ 0, 3 }, { 0, 4 }, { 0, 0x100 }, { 0, -1U },
	};
	unsigned int i;

	psci_create_calls(5);
	for (i = 0; i < ARRAY_SIZE(invalid); i++)
		expect_equal(psci_call(FN(AFFINITY_INFO), invalid[i][0],
				       invalid[i][1], 0),
			     INVALID_PARAMETERS, "affinity %#x, level %#x",
			     invalid[i][0], invalid[i][1]);
	expect_equal(psci_call(FN(AFFINITY_INFO), 0, 0, 0), ON, "this CPU");
	expect_equal(psci_call(FN(AFFINITY_INFO), 1, 0, 0), OFF, "CPU 1");
	expect_equal(psci_call(FN(AFFINITY_INFO), 0x100, 0, 0), OFF, "CPU 4");
	/* Affinities below the level do not count. */
	expect_equal(psci_call(FN(AFFINITY_INFO), 0x003, 1, 0), ON,
		     "cluster 0");
	expect_equal(psci_call(FN(AFFINITY_INFO), 0x1ff, 1, 0), OFF,
		     "cluster 1");
	expect_equal(psci_call(FN(AFFINITY_INFO), 0x1ff, 2, 0), ON, "all");

	expect_equal(psci_call(FN(CPU_ON), 0x100, psci_arm, 0), SUCCESS,
		     "CPU_ON");
	expect_equal(psci_call(FN(AFFINITY_INFO), 0x100, 0, 0), ON,
		     "CPU 4, on");
	expect_equal(psci_call(FN(AFFINITY_INFO), 0x102, 1, 0), ON,
		     "cluster 1, on");
	expect_equal(psci_call(FN(AFFINITY_INFO), 3, 0, 0), OFF, "CPU 3");
	expect_errno(__vcpu_set_mp_state(psci_vm->vcpus[4],
					 KVM_MP_STATE_STOPPED),
		     0, "stop");
	expect_equal(psci_call(FN(AFFINITY_INFO), 0x100, 1, 0), OFF, "stopped");
	psci_destroy();
}

static void raise_irq(uint32_t level)
{
	struct kvm_irq_level irq = {
		.irq = KVM_ARM_IRQ_TYPE_CPU << KVM_ARM_IRQ_TYPE_SHIFT,
		.level = level,
	};

	vm_ioctl(psci_vm, KVM_IRQ_LINE, &irq);
}

/* CPU_SUSPEND waits like WFI, and returns with nothing changed. */
static void cpu_suspend(void)
{
	unsigned int i;

	psci_create_calls(1);
	for (i = 0; i < 10; i++) {
		psci_begin(PSCI_HVC, FN(CPU_SUSPEND), 0x10000 * (i & 1),
			   psci_arm, 7);
		vcpu_run_until_signal(psci_vcpu);
		expect_equal(psci_vcpu->nr_reports, 0, "reports of what waits");
		raise_irq(1);
		expect_equal(psci_end(), SUCCESS, "CPU_SUSPEND");
		/* It returns at once if the interrupt is already there. */
		expect_equal(psci_call(FN(CPU_SUSPEND), 0, 0, 0), SUCCESS,
			     "CPU_SUSPEND with an interrupt");
		raise_irq(0);
	}
	psci_destroy();
}

/* ---- the whole system --------------------------------------------------- */

static void expect_system_event(uint32_t fn, uint32_t arg, uint32_t type,
				uint64_t flags)
{
	enum guest_event event = type == KVM_SYSTEM_EVENT_SHUTDOWN ?
					 GUEST_SHUTDOWN :
					 GUEST_RESET;
	unsigned int i;

	psci_create_calls(3);
	expect_equal(psci_call(FN(CPU_ON), 1, psci_arm, 0), SUCCESS, "CPU_ON");
	psci_begin(PSCI_HVC, fn, arg, 0, 0);
	vcpu_expect(psci_vcpu, event);
	expect_equal(psci_vcpu->run->system_event.ndata, 1,
		     "%#x: words of data", fn);
	expect_equal(psci_vcpu->run->system_event.data[0], flags, "%#x: flags",
		     fn);
	for (i = 0; i < 3; i++)
		expect_equal(vcpu_get_mp_state(psci_vm->vcpus[i]),
			     KVM_MP_STATE_STOPPED, "%#x: state of vcpu %u", fn,
			     i);
	for (i = 0; i < 3; i++)
		vcpu_run_until_signal(psci_vm->vcpus[i]);
	/* If user space runs the guest again, the call fails. */
	expect_errno(__vcpu_set_mp_state(psci_vcpu, KVM_MP_STATE_RUNNABLE), 0,
		     "start");
	expect_equal(psci_end(), INTERNAL_FAILURE, "%#x: return", fn);
	psci_destroy();
}

static void system_off(void)
{
	expect_system_event(FN(SYSTEM_OFF), 0, KVM_SYSTEM_EVENT_SHUTDOWN, 0);
}

static void system_reset(void)
{
	expect_system_event(FN(SYSTEM_RESET), 0, KVM_SYSTEM_EVENT_RESET, 0);
	expect_system_event(FN(SYSTEM_RESET2), 0, KVM_SYSTEM_EVENT_RESET,
			    KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2);
	expect_system_event(FN(SYSTEM_RESET2), 0x80000000,
			    KVM_SYSTEM_EVENT_RESET,
			    KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2);

	psci_create_calls(1);
	expect_equal(psci_call(FN(SYSTEM_RESET2), 1, 0, 0), INVALID_PARAMETERS,
		     "SYSTEM_RESET2 of a reserved type");
	expect_equal(psci_call(FN(SYSTEM_RESET2), 0x7fffffff, 0, 0),
		     INVALID_PARAMETERS, "SYSTEM_RESET2, the last of them");
	vcpu_set_reg(psci_vcpu, KVM_REG_ARM_PSCI_VERSION, 0x10000);
	expect_equal(psci_call(FN(SYSTEM_RESET2), 0, 0, 0), NOT_SUPPORTED,
		     "SYSTEM_RESET2 of PSCI 1.0");
	psci_destroy();
}

/* After a reset, user space can start the VM again. */
static void start_again(void)
{
	unsigned int i, k;
	uint32_t pc;

	psci_create_calls(2);
	for (i = 0; i < 5; i++) {
		expect_equal(psci_call(FN(CPU_ON), 1, psci_arm, i), SUCCESS,
			     "CPU_ON");
		psci_expect_entry(psci_vm->vcpus[1], psci_arm, i, false,
				  "other vcpu");
		psci_begin(PSCI_HVC, FN(SYSTEM_RESET), 0, 0, 0);
		vcpu_expect(psci_vcpu, GUEST_RESET);
		pc = vm_load_guest(psci_vm, "psci");
		for (k = 0; k < 2; k++)
			vcpu_init(psci_vm->vcpus[k],
				  PSCI_0_2_FEATURE |
					  (k ? POWER_OFF_FEATURE : 0));
		expect_equal(vcpu_get_reg(psci_vcpu, CORE_REG(usr_regs.ARM_pc)),
			     0, "PC");
		vcpu_start_at(psci_vcpu, pc, PSCI_CALLS, 0, 0);
		vcpu_expect(psci_vcpu, GUEST_SYNC);
		vcpu_expect(psci_vcpu, GUEST_SYNC);
	}
	psci_destroy();
}

static const struct test tests[] = {
	{ "the PSCI version is the VM's and fits its features",
	  psci_version },
	{ "PSCI 0.1 has CPU_ON and CPU_OFF, and no other version",
	  version_0_1 },
	{ "PSCI_FEATURES says what is there, in each version", features },
	{ "AFFINITY_INFO knows CPUs and clusters", affinity_info },
	{ "CPU_SUSPEND waits for an interrupt", cpu_suspend },
	{ "SYSTEM_OFF stops all vcpus", system_off },
	{ "SYSTEM_RESET and SYSTEM_RESET2 stop all vcpus", system_reset },
	{ "a VM can be started again after SYSTEM_RESET", start_again },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
