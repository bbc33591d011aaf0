// SPDX-License-Identifier: GPL-2.0
/*
 * Observation of a guest from outside: its registers in debugfs, its exits
 * counted by reason, the files of these statistics, and the tracepoints.
 */
#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "trace.h"
#include "../guest/guest_signals.h"

#define DEBUGFS		"/sys/kernel/debug/kvm"

static void registers_path(char *path, size_t size, const struct kvm_vcpu *vcpu)
{
	snprintf(path, size, DEBUGFS "/%d-%d/vcpu%u/registers", getpid(),
		 vcpu->vm->fd, vcpu->id);
}

static FILE *open_registers(const struct kvm_vcpu *vcpu)
{
	char path[128];
	FILE *file;

	registers_path(path, sizeof(path), vcpu);
	file = fopen(path, "r");
	if (!file)
		kvm_bail("%s cannot be opened", path);
	return file;
}

/* Return the value of a register in the file; fail if the file lacks it. */
static uint64_t shown(const struct kvm_vcpu *vcpu, const char *name)
{
	FILE *file = open_registers(vcpu);
	unsigned long long value;
	char line[REG_NAME_LEN];
	bool found = false;

	while (!found && fscanf(file, "%31s %llx\n", line, &value) == 2)
		found = !strcmp(line, name);
	fclose(file);
	expect(found, "there is no %s", name);
	return found ? value : 0;
}

/* Count the listed registers of CP15 and of VMRS. */
static unsigned int listed_rows(struct kvm_vcpu *vcpu)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	unsigned int i, n = 0;

	for (i = 0; i < list->n; i++) {
		enum reg_group group = reg_group_of(list->reg[i]);

		n += group == REG_CP15 || group == REG_TIMER ||
		     (group == REG_VFP && reg_size(list->reg[i]) == 4);
	}
	free(list);
	return n;
}

static void registers_by_name(void)
{
	struct kvm_vm *vm = execute_create(1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	unsigned int lines = 0;
	char name[REG_NAME_LEN];
	unsigned long long value;
	uint64_t id;
	FILE *file;

	vcpu_set_reg(vcpu, REG(TPIDRURW), 0x600df00d);
	vcpu_set_reg(vcpu, REG(PAR_64), 0x1234567890);
	file = open_registers(vcpu);
	while (fscanf(file, "%31s %llx\n", name, &value) == 2) {
		if (!strcmp(name, "PC") || !strcmp(name, "CPSR")) {
			id = !strcmp(name, "PC") ?
				CORE_REG(usr_regs.ARM_pc) :
				CORE_REG(usr_regs.ARM_cpsr);
		} else if (reg_lookup(name, &id)) {
			test_fail("%s is no register", name);
			continue;
		} else {
			lines++;
		}
		if (id == REG(CNTVCT))
			expect(value <= vcpu_get_reg(vcpu, id), "CNTVCT");
		else
			expect_equal(value, vcpu_get_reg(vcpu, id), "%s", name);
	}
	expect(feof(file), "a line after %s is not a name and a value", name);
	fclose(file);
	expect_equal(lines, listed_rows(vcpu), "registers of rows");
	vm_free(vm);
}

static void *run_vcpu(void *arg)
{
	vcpu_run_guest(arg, NULL);
	return NULL;
}

static void registers_of_a_running_guest(void)
{
	struct kvm_vm *vm = vm_create_guest("signals", 1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	volatile uint32_t *shared = vm_shared(vm);
	uint32_t before;
	pthread_t thread;
	unsigned int i;

	vcpu_start_at(vcpu, vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc)),
		      SIGNALS_SPIN, 1, 0);
	vcpu_set_reg(vcpu, REG(TPIDRURW), 0x600df00d);
	if (pthread_create(&thread, NULL, run_vcpu, vcpu))
		kvm_bail("no thread");
	for (i = 0; i < 50; i++) {
		before = shared[SIGNALS_COUNTER];
		expect_equal(shown(vcpu, "TPIDRURW"), 0x600df00d, "TPIDRURW");
		/*
		 * Wait until the guest has made progress, or the test's time is
		 * over.
		 */
		while (shared[SIGNALS_COUNTER] == before && !test_failed())
			usleep(100);
	}
	vcpu->run->immediate_exit = 1;
	pthread_kill(thread, SIGALRM);
	pthread_join(thread, NULL);
	vm_free(vm);
}

static void registers_before_init(void)
{
	struct kvm_vm *vm = vm_create();
	struct kvm_vcpu *vcpu = vcpu_create(vm, 0);
	FILE *file = open_registers(vcpu);
	char line[64] = "";

	expect(fgets(line, sizeof(line), file) &&
	       !strcmp(line, "not initialised\n"), "the file says: %s", line);
	fclose(file);
	vm_free(vm);
}

static void *create_and_destroy(void *arg)
{
	unsigned int i;

	for (i = 0; i < 40; i++)
		vm_free(execute_create(1 + i % 2));
	*(volatile bool *)arg = true;
	return NULL;
}

static void registers_of_vms_that_go(void)
{
	unsigned int seen = 0;
	bool over = false;
	pthread_t thread;

	if (pthread_create(&thread, NULL, create_and_destroy, &over))
		kvm_bail("no thread");
	while (!*(volatile bool *)&over) {
		DIR *dir = opendir(DEBUGFS);
		struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			char path[sizeof(DEBUGFS) + NAME_MAX + 32], text[64];
			FILE *file;

			snprintf(path, sizeof(path),
				 DEBUGFS "/%s/vcpu0/registers", entry->d_name);
			file = fopen(path, "r");
			if (!file)
				continue;
			while (fgets(text, sizeof(text), file))
				seen++;
			fclose(file);
		}
		if (dir)
			closedir(dir);
	}
	pthread_join(thread, NULL);
	expect(seen, "no register was read meanwhile");
}

static const char * const reasons[] = {
	"cp15_exit_stat", "cp14_exit_stat", "vfp_exit_stat", "hvc_exit_stat",
	"smc_exit_stat", "wfe_exit_stat", "wfi_exit_stat",
	"s2_fault_exit_stat", "irq_exit_stat",
};

/* Check how often each reason is counted while the guest executes @insn. */
static void count(struct kvm_vcpu *vcpu, uint32_t insn, const char *reason)
{
	uint64_t before[ARRAY_SIZE(reasons)], exits, sum = 0, n = 0;
	struct execute x = { .op = EXECUTE_INSN, .insn = insn };
	unsigned int i;

	exits = vcpu_stat(vcpu, "exits");
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		before[i] = vcpu_stat(vcpu, reasons[i]);
	execute(vcpu, &x);
	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		uint64_t delta = vcpu_stat(vcpu, reasons[i]) - before[i];

		sum += delta;
		if (!strcmp(reasons[i], reason))
			n = delta;
	}
	expect_equal(n, 1, "%s for %08x", reason, insn);
	expect_equal(sum, vcpu_stat(vcpu, "exits") - exits,
		     "reasons of all exits of %08x", insn);
}

static void exits_by_reason(void)
{
	struct kvm_vm *vm = execute_create(1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];

	count(vcpu, reg_insn(REG(ACTLR), false), "cp15_exit_stat");
	count(vcpu, 0xee100e11, "cp14_exit_stat");	/* MRC DBGDSCRint */
	count(vcpu, 0xe1400070, "hvc_exit_stat");	/* HVC #0 */
	count(vcpu, 0xe1600070, "smc_exit_stat");	/* SMC #0 */
	vm_free(vm);
}

static void tracepoints(void)
{
	struct kvm_vm *vm = execute_create(1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	uint64_t value;

	trace_begin(NULL);
	guest_read(vcpu, REG(ACTLR), &value);
	guest_read(vcpu, REG(CNTP_CVAL), &value);
	guest_write(vcpu, REG(CSSELR), 1);
	guest_read(vcpu, REG(DBGDIDR), &value);
	trace_end(NULL);
	expect(trace_count("kvm_cp15: read ACTLR (0x40200000000f0801)"), "ACTLR");
	expect(trace_count("kvm_cp15: read CNTP_CVAL"), "CNTP_CVAL");
	expect(trace_count("kvm_cp15: write CSSELR"), "CSSELR");
	expect(trace_count("kvm_cp15: read DBGDIDR (0x40200000000e0000)"), "DBGDIDR");
	expect(trace_count("kvm_exit: trap: HSR_EC: 0x03 (MCR/MRC p15)"), "exit");
	expect(trace_count("kvm_entry: PC: 0x"), "entry");
	expect(!trace_count("kvm_cp15: read MIDR"), "MIDR was not read");
	vm_free(vm);
}

/* Read a file of statistics to its end, and beyond. */
static void read_to_the_end(int fd, const char *what)
{
	/* Distances from the start: of 32 bits with and without sign, and more */
	static const off_t offsets[] = {
		0x7fffffff, 0x80000000, 0xffff0000, 0xffffffff, 0x180000000, 0x1fffff000,
		0x7ffffffffffff000,
	};
	char buf[256];
	off_t end = 0;
	ssize_t n;
	size_t i;

	while ((n = pread(fd, buf, sizeof(buf), end)) > 0)
		end += n;
	expect(!n && end > (off_t)sizeof(struct kvm_stats_header), "%s: %zd at %lld",
	       what, n, (long long)end);
	expect(pread(fd, buf, sizeof(buf), end - 1) == 1, "%s: the last byte", what);
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		n = pread(fd, buf, sizeof(buf), offsets[i]);
		expect(!n, "%s: %zd bytes at %#llx", what, n, (long long)offsets[i]);
	}
	close(fd);
}

static void statistics_end(void)
{
	struct kvm_vm *vm = vm_create();
	struct kvm_vcpu *vcpu = vcpu_create(vm, 0);

	read_to_the_end(vm_ioctl(vm, KVM_GET_STATS_FD, NULL), "VM");
	read_to_the_end(vcpu_ioctl(vcpu, KVM_GET_STATS_FD, NULL), "vcpu");
	vm_free(vm);
}

static const struct test tests[] = {
	{ "debugfs shows every register of a row by name, with ONE_REG's value",
	  registers_by_name },
	{ "debugfs shows registers of a guest that runs, which goes on",
	  registers_of_a_running_guest },
	{ "debugfs says of a vcpu that it is not initialised",
	  registers_before_init },
	{ "debugfs files can be read while VMs come and go",
	  registers_of_vms_that_go },
	{ "every exit is counted, once, and by its reason", exits_by_reason },
	{ "tracepoints tell the accessed register's name", tracepoints },
	{ "statistics have an end, beyond which nothing can be read", statistics_end },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
