// SPDX-License-Identifier: GPL-2.0
/*
 * State that Hyp mode sets up for a guest must be gone when the host runs: trap
 * bits, VMID, the guest's identity. The guest runtime, on which other tests
 * rely, must pass its own check.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "kselftest.h"

#define HYP_FILE	"/sys/kernel/debug/kvm/hyp"
#define MAX_LINES	128

/* HCR, as in ARM DDI 0406C, B4.1.64. QEMU 10 sets bit 31, which is ARMv8's. */
#define HCR_BITS	0x0fffffff
/* HDCR, as in B4.1.65: all but HPMN and HPME */
#define HDCR_TRAPS	0xf60
/* HCPTR: TCPAC, TTA, TASE, TCP10 and TCP11. Other bits may read as one. */
#define HCPTR_TRAPS	0x80108c00
/* CNTHCTL: PL1PCEN, PL1PCTEN */
#define CNTHCTL_PL1	3

struct hyp_state {
	unsigned int n;
	struct {
		unsigned int cpu;
		char name[16];
		uint32_t value;
	} reg[MAX_LINES];
};

static void read_state(struct hyp_state *state)
{
	FILE *file = fopen(HYP_FILE, "r");

	memset(state, 0, sizeof(*state));
	if (!file)
		kvm_bail("%s cannot be opened", HYP_FILE);
	while (state->n < MAX_LINES &&
	       fscanf(file, "cpu%u %15s %x\n", &state->reg[state->n].cpu,
		      state->reg[state->n].name,
		      &state->reg[state->n].value) == 3)
		state->n++;
	fclose(file);
}

/* Return the bits of a register that are fixed while the host runs. */
static bool host_bits(const char *name, uint32_t *mask, uint32_t *want)
{
	static const struct {
		const char *name;
		uint32_t mask;
		uint32_t want;
	} regs[] = {
		{ "HCR", HCR_BITS, 0 },
		{ "HSTR", 0xffffffff, 0 },
		{ "HDCR", HDCR_TRAPS, 0 },
		{ "HCPTR", HCPTR_TRAPS, 0 },
		{ "CNTHCTL", CNTHCTL_PL1, CNTHCTL_PL1 },
		{ "VTTBR.high", 0xffffffff, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		if (strcmp(name, regs[i].name))
			continue;
		*mask = regs[i].mask;
		*want = regs[i].want;
		return true;
	}

	return false;
}

static void expect_host_state(const struct hyp_state *state)
{
	unsigned int i, known = 0;
	uint32_t mask, want;

	for (i = 0; i < state->n; i++) {
		if (!host_bits(state->reg[i].name, &mask, &want))
			continue;
		known++;
		expect_equal(state->reg[i].value & mask, want, "cpu%u %s",
			     state->reg[i].cpu, state->reg[i].name);
	}
	expect_equal(known, 6 * nr_cpus(), "registers");
}

static void run_to_shutdown(void)
{
	struct kvm_vm *vm = vm_create_guest("hello", 1);

	vcpu_expect(vm->vcpus[0], GUEST_SHUTDOWN);
	vm_free(vm);
}

static void expect_same(const struct hyp_state *before,
			const struct hyp_state *after)
{
	unsigned int i;

	expect_equal(after->n, before->n, "registers");
	for (i = 0; i < before->n; i++)
		expect_equal(after->reg[i].value, before->reg[i].value,
			     "cpu%u %s", before->reg[i].cpu,
			     before->reg[i].name);
}

static void no_traps_before(void)
{
	struct hyp_state state;

	read_state(&state);
	expect_host_state(&state);
}

static void unchanged_by_a_guest(void)
{
	struct hyp_state before, after;
	unsigned int cpu;

	read_state(&before);
	for (cpu = 0; cpu < nr_cpus(); cpu++) {
		pin_to_cpu(cpu);
		run_to_shutdown();
	}
	read_state(&after);
	expect_host_state(&after);
	expect_same(&before, &after);
}

static void *run_guests(void *stop)
{
	pin_to_cpu(nr_cpus() - 1);
	while (!__atomic_load_n((bool *)stop, __ATOMIC_RELAXED))
		run_to_shutdown();

	return NULL;
}

/* Reading the file interrupts the guest. */
static void unchanged_in_interrupts(void)
{
	struct hyp_state before, during;
	bool stop = false;
	pthread_t thread;
	unsigned int i;

	pin_to_cpu(0);
	read_state(&before);
	if (pthread_create(&thread, NULL, run_guests, &stop))
		kvm_bail("no thread");
	for (i = 0; i < 200; i++) {
		read_state(&during);
		expect_host_state(&during);
		expect_same(&before, &during);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

/* ---- CPUs that lose their state ----------------------------------------- */

static uint64_t number_of(const char *path)
{
	unsigned long long value = 0;
	FILE *file = fopen(path, "r");

	if (!file || fscanf(file, "%llu", &value) != 1)
		kvm_bail("%s cannot be read", path);
	fclose(file);
	return value;
}

/*
 * Count the idle states that power the CPU down. "rejected" counts those that
 * came back without a power-down, after the kernel had done its part.
 */
static uint64_t power_downs(unsigned int cpu)
{
	static const char * const what[] = { "usage", "rejected" };
	uint64_t sum = 0;
	char path[80];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(what); i++) {
		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu%u/cpuidle/state1/%s", cpu,
			 what[i]);
		sum += number_of(path);
	}
	return sum;
}

/* Run a guest on each CPU, with idle times of all CPUs in between. */
static void unchanged_by_idling(void)
{
	struct hyp_state before, after;
	uint64_t from[8], downs;
	unsigned int cpu;

	if (access("/sys/devices/system/cpu/cpu0/cpuidle/state1", F_OK)) {
		ksft_print_msg("no idle state of this machine loses registers\n");
		return;
	}
	read_state(&before);
	for (cpu = 0; cpu < nr_cpus(); cpu++)
		from[cpu] = power_downs(cpu);
	for (cpu = 0; cpu < nr_cpus(); cpu++) {
		pin_to_cpu(cpu);
		run_to_shutdown();
		usleep(500000);
		run_to_shutdown();
	}
	read_state(&after);
	for (cpu = 0; cpu < nr_cpus(); cpu++) {
		downs = power_downs(cpu) - from[cpu];
		ksft_print_msg("CPU %u: powered down %llu times\n", cpu,
			       (unsigned long long)downs);
		expect(downs >= 5, "CPU %u is not idle", cpu);
	}
	expect_host_state(&after);
	expect_same(&before, &after);
}

static void write_to(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		kvm_bail("%s does not take %s", path, text);
}

/*
 * Set an alarm of the board's clock to wake the host. It needs more than 2
 * seconds.
 */
static void alarm_in(unsigned int seconds)
{
	const struct itimerspec when = { .it_value.tv_sec = seconds };
	int fd = timerfd_create(CLOCK_BOOTTIME_ALARM, TFD_CLOEXEC);

	if (fd < 0 || timerfd_settime(fd, 0, &when, NULL))
		kvm_bail("there is no alarm that wakes the host");
}

/* All CPUs are idle until the alarm, and then continue the VM of each. */
static void unchanged_by_suspend(void)
{
	struct hyp_state before, after;
	struct kvm_vm *vm[8];
	unsigned int cpu;
	uint64_t ended;

	for (cpu = 0; cpu < nr_cpus(); cpu++) {
		pin_to_cpu(cpu);
		vm[cpu] = vm_create_guest("execute", 1);
		vcpu_expect(vm[cpu]->vcpus[0], GUEST_SYNC);
	}
	read_state(&before);
	ended = number_of("/sys/power/suspend_stats/success");
	alarm_in(3);
	write_to("/sys/power/state", "freeze");
	expect_equal(number_of("/sys/power/suspend_stats/success"), ended + 1,
		     "times suspended");
	for (cpu = 0; cpu < nr_cpus(); cpu++) {
		struct execute x = { .insn = ARM_NOP };

		pin_to_cpu(cpu);
		execute(vm[cpu]->vcpus[0], &x);
		expect_equal(x.count, 0, "exceptions");
		vm_free(vm[cpu]);
	}
	read_state(&after);
	expect_host_state(&after);
	expect_same(&before, &after);
}

static void *run_vcpu(void *arg)
{
	vcpu_run_guest(arg, NULL);
	return NULL;
}

static void runtime(unsigned int nr_vcpus)
{
	struct kvm_vm *vm = vm_create_guest("runtime", nr_vcpus);
	pthread_t thread[4];
	unsigned int i;

	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r0), nr_vcpus);
	for (i = 1; i < nr_vcpus; i++)
		if (pthread_create(&thread[i], NULL, run_vcpu, vm->vcpus[i]))
			kvm_bail("no thread");
	expect_equal(vcpu_expect(vm->vcpus[0], GUEST_DONE), 0,
		     "failures with %u vcpus", nr_vcpus);
	/* These vcpus are off, in KVM_RUN: cancel their threads. */
	for (i = 1; i < nr_vcpus; i++) {
		pthread_cancel(thread[i]);
		pthread_join(thread[i], NULL);
	}
	vm_free(vm);
}

static void runtime_alone(void)
{
	runtime(1);
}

static void runtime_of_four(void)
{
	runtime(4);
}

static const struct test tests[] = {
	{ "no trap bit, VMID or virtual interrupt is left to the host",
	  no_traps_before },
	{ "a guest on each CPU changes none of Hyp mode's registers",
	  unchanged_by_a_guest },
	{ "an interrupt that ends a guest's time finds the host's registers",
	  unchanged_in_interrupts },
	{ "CPUs that power down when idle have Hyp mode's registers again",
	  unchanged_by_idling },
	{ "a suspended host has them again, and VMs on each CPU go on",
	  unchanged_by_suspend },
	{ "the guest runtime passes its own check", runtime_alone },
	{ "the guest runtime passes its own check on four vcpus",
	  runtime_of_four },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
