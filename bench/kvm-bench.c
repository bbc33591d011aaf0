// SPDX-License-Identifier: GPL-2.0
/*
 * kvm-bench - measure the cost of KVM's operations on a 32-bit ARM host
 *
 * Print "name value" lines, the value in nanoseconds per operation. Under QEMU
 * with -icount shift=0, a nanosecond is one instruction.
 *
 * The timed loops call ioctl() directly: the library's code must not count.
 *
 * With an operation's name in KVM_BENCH_PROFILE, mark its instructions for
 * bench/profile. "kvm-bench latency" runs latency.c instead.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"
#include "clock.h"
#include "gic.h"

#define IOCTL_LOOPS	10000
#define LIST_LOOPS	2000
#define ALL_LOOPS	200
#define VM_LOOPS	200
#define GUEST_LOOPS	10000
#define PAGES		4096
#define BIG_VCPUS	8
#define MANY_VMS	64
#define BIG_FILE	(64u << 20)

/* Not an ioctl of KVM: measures the way to a vcpu's file and back */
#define NO_SUCH_IOCTL	_IO(0, 0xff)

/* CPU time of the process: does not count waiting */
static __u64 running(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static bool is_profiled(const char *name)
{
	const char *profiled = getenv("KVM_BENCH_PROFILE");

	return profiled && !strcmp(profiled, name);
}

/* profile-plugin.c looks for these moves, which change nothing. */
__attribute__((noinline, target("arm"))) static void profile_begin(void)
{
	asm volatile("mov r9, r9" ::: "memory");
}

__attribute__((noinline, target("arm"))) static void profile_end(void)
{
	asm volatile("mov r10, r10" ::: "memory");
}

/* Begin to measure an operation. */
static __u64 begin(const char *name)
{
	if (is_profiled(name))
		profile_begin();
	return now_ns();
}

/* Return the time since begin(), of an operation that ran @count times. */
static __u64 end(const char *name, __u64 start, __u64 count)
{
	__u64 elapsed = now_ns() - start;

	if (is_profiled(name)) {
		profile_end();
		printf("# profile: %llu times\n", (unsigned long long)count);
	}
	return elapsed;
}

static void result(const char *name, __u64 elapsed, __u64 count)
{
	printf("%s %.1f\n", name, (double)elapsed / count);
}

/* ---- ioctls ------------------------------------------------------------- */

static void bench_ioctl(const char *name, int fd, unsigned long cmd, void *arg,
			unsigned int loops)
{
	unsigned int i;
	__u64 start;

	/* The first call may be slower: do not count it. */
	ioctl(fd, cmd, arg);
	start = begin(name);
	for (i = 0; i < loops; i++)
		ioctl(fd, cmd, arg);
	result(name, end(name, start, loops), loops);
}

static void bench_floor(struct kvm_vcpu *vcpu)
{
	bench_ioctl("ioctl_floor", vcpu->fd, NO_SUCH_IOCTL, NULL, IOCTL_LOOPS);
}

static void bench_reg(struct kvm_vcpu *vcpu, const char *name, __u64 id,
		      unsigned long cmd)
{
	__u64 value = vcpu_get_reg(vcpu, id);
	struct kvm_one_reg one = {
		.id = id,
		.addr = (uintptr_t)&value,
	};

	kvm_ioctl_named(vcpu->fd, cmd, name, &one);
	bench_ioctl(name, vcpu->fd, cmd, &one, IOCTL_LOOPS);
}

static void bench_list(struct kvm_vcpu *vcpu)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);

	bench_ioctl("reg_list", vcpu->fd, KVM_GET_REG_LIST, list, LIST_LOOPS);
	free(list);
}

/* Registers that Linux 4.19 did not have or did not list */
static bool is_new(__u64 id)
{
	return id == KVM_REG_ARM_PTIMER_CTL || id == KVM_REG_ARM_PTIMER_CVAL ||
	       (reg_group_of(id) == REG_FW && id != KVM_REG_ARM_PSCI_VERSION);
}

static void time_all(const char *name, struct kvm_vcpu *vcpu,
		     unsigned long cmd, struct kvm_one_reg *regs,
		     unsigned int count)
{
	__u64 start = begin(name);
	unsigned int loop, i;

	for (loop = 0; loop < ALL_LOOPS; loop++)
		for (i = 0; i < count; i++)
			ioctl(vcpu->fd, cmd, &regs[i]);
	result(name, end(name, start, ALL_LOOPS), ALL_LOOPS);
}

static void bench_all(struct kvm_vcpu *vcpu)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	struct kvm_one_reg *regs = calloc(list->n, sizeof(*regs));
	__u64 *values = calloc(list->n, sizeof(*values));
	unsigned int count = 0;
	__u64 i;

	if (!regs || !values)
		kvm_bail("no memory");
	for (i = 0; i < list->n; i++) {
		if (is_new(list->reg[i]))
			continue;
		values[count] = vcpu_get_reg(vcpu, list->reg[i]);
		regs[count].id = list->reg[i];
		regs[count].addr = (uintptr_t)&values[count];
		vcpu_ioctl(vcpu, KVM_SET_ONE_REG, &regs[count]);
		count++;
	}
	time_all("get_all", vcpu, KVM_GET_ONE_REG, regs, count);
	time_all("set_all", vcpu, KVM_SET_ONE_REG, regs, count);
	printf("# registers: %llu listed, %u in get_all and set_all\n",
	       (unsigned long long)list->n, count);
	free(values);
	free(regs);
	free(list);
}

static void bench_registers(void)
{
	struct kvm_vm *vm = vm_create();
	struct kvm_vcpu *vcpu = vcpu_create(vm, 0);

	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	bench_floor(vcpu);
	bench_reg(vcpu, "get_r0", CORE_REG(usr_regs.ARM_r0), KVM_GET_ONE_REG);
	bench_reg(vcpu, "set_r0", CORE_REG(usr_regs.ARM_r0), KVM_SET_ONE_REG);
	bench_reg(vcpu, "get_midr", REG(MIDR), KVM_GET_ONE_REG);
	bench_reg(vcpu, "get_sctlr", REG(SCTLR), KVM_GET_ONE_REG);
	bench_reg(vcpu, "set_sctlr", REG(SCTLR), KVM_SET_ONE_REG);
	bench_reg(vcpu, "get_ttbr1_64", REG(TTBR1_64), KVM_GET_ONE_REG);
	bench_reg(vcpu, "get_tpidrprw", REG(TPIDRPRW), KVM_GET_ONE_REG);
	bench_reg(vcpu, "get_ccsidr",
		  KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX |
		  KVM_REG_ARM_DEMUX_ID_CCSIDR, KVM_GET_ONE_REG);
	bench_list(vcpu);
	bench_all(vcpu);
	vm_free(vm);
}

/* ---- guest -------------------------------------------------------------- */

/* Measure one run of the guest, from its start to its end, and profile it as @name. */
static __u64 time_guest_as(const char *name, struct kvm_vcpu *vcpu, __u32 entry,
			   enum bench_op op, __u32 count)
{
	struct kvm_run *run = vcpu->run;
	__u64 start;

	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	vcpu_start_at(vcpu, entry, op, count, 0);
	start = begin(name);
	do {
		if (ioctl(vcpu->fd, KVM_RUN, 0))
			kvm_bail("KVM_RUN failed in guest operation %u", op);
	} while (run->exit_reason == KVM_EXIT_MMIO &&
		 run->mmio.phys_addr - BENCH_MMIO_ADDR < BENCH_MMIO_SIZE);
	start = end(name, start, count);

	if (run->exit_reason != KVM_EXIT_MMIO ||
	    run->mmio.phys_addr != GUEST_IO + GUEST_IO_DONE ||
	    run->mmio.data[0])
		kvm_bail("guest operation %u ended in exit %s", op,
			 kvm_exit_name(run->exit_reason));
	return start;
}

__u64 time_guest(struct kvm_vcpu *vcpu, __u32 entry, enum bench_op op, __u32 count)
{
	return time_guest_as("", vcpu, entry, op, count);
}

static void bench_op(struct kvm_vcpu *vcpu, __u32 entry, const char *name,
		     enum bench_op op)
{
	__u64 empty, loop;

	time_guest(vcpu, entry, op, 1);
	empty = time_guest(vcpu, entry, BENCH_NOTHING, GUEST_LOOPS);
	loop = time_guest_as(name, vcpu, entry, op, GUEST_LOOPS);
	result(name, loop - empty, GUEST_LOOPS);
}

/* Measure a guest that touches all pages, less a loop that touches none. */
static void bench_touch(const char *name, struct kvm_vcpu *vcpu, __u32 entry,
			enum bench_op op)
{
	__u64 empty = time_guest(vcpu, entry, BENCH_NOTHING, PAGES);

	result(name, time_guest_as(name, vcpu, entry, op, PAGES) - empty, PAGES);
}

/*
 * Populate the host's memory with small pages first, so that the guest's
 * accesses only lack stage 2. Upwards, a fault also maps the pages that follow.
 */
static void bench_memory(struct kvm_vm *vm, __u32 entry)
{
	static unsigned long dirty[PAGES / (8 * sizeof(long))];
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	size_t size = PAGES * PAGE_SIZE;
	__u64 start;
	char *hva;
	size_t i;

	hva = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (hva == MAP_FAILED)
		kvm_bail("cannot map %zu bytes", size);
	madvise(hva, size, MADV_NOHUGEPAGE);
	for (i = 0; i < size; i += PAGE_SIZE)
		hva[i] = 1;
	vm_set_memory(vm, 1, BENCH_PAGES, size, hva, 0);

	/* The host records the first use of each page: do not count it. */
	time_guest(vcpu, entry, BENCH_TOUCH_UP, PAGES);
	bench_touch("guest_touch", vcpu, entry, BENCH_TOUCH_DOWN);
	bench_touch("guest_touch_up", vcpu, entry, BENCH_TOUCH_UP);
	start = running();
	vm_delete_memory(vm, 1);
	result("unmap_page", running() - start, PAGES);

	vm_set_memory(vm, 1, BENCH_PAGES, size, hva, KVM_MEM_LOG_DIRTY_PAGES);
	time_guest(vcpu, entry, BENCH_TOUCH_UP, PAGES);
	start = begin("dirty_page");
	vm_get_dirty_log(vm, 1, dirty);
	result("dirty_page", end("dirty_page", start, PAGES), PAGES);
	vm_delete_memory(vm, 1);
	munmap(hva, size);
}

char *map_big(void)
{
	char *hva = mmap(NULL, BIG_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("big", 0);
	size_t at;

	if (hva == MAP_FAILED || fd < 0 || ftruncate(fd, BIG_FILE))
		kvm_bail("cannot map %u bytes", BIG_SIZE);
	for (at = 0; at < BIG_SIZE; at += BIG_FILE)
		if (mmap(hva + at, BIG_FILE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd, 0) == MAP_FAILED)
			kvm_bail("cannot map the file");
	close(fd);
	return hva;
}

/* Show that what a page costs does not depend on the size of its slot. */
static void bench_big(void)
{
	static unsigned long dirty[BIG_PAGES / (8 * sizeof(long))];
	struct kvm_vm *vm = vm_create_guest("bench", 1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	__u32 entry = vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc));
	char *hva = map_big();
	__u64 start;

	vm_set_memory(vm, 1, BENCH_PAGES, BIG_SIZE, hva, KVM_MEM_LOG_DIRTY_PAGES);
	time_guest(vcpu, entry, BENCH_TOUCH_UP, BIG_PAGES);
	start = now_ns();
	vm_get_dirty_log(vm, 1, dirty);
	result("dirty_page_1g", now_ns() - start, BIG_PAGES);
	start = running();
	vm_delete_memory(vm, 1);
	result("unmap_page_1g", running() - start, BIG_PAGES);

	vm_set_memory(vm, 1, BENCH_PAGES, BIG_SIZE, hva, 0);
	time_guest(vcpu, entry, BENCH_TOUCH_UP, BIG_PAGES);
	start = running();
	vm_free(vm);
	result("destroy_page_1g", running() - start, BIG_PAGES);
	munmap(hva, BIG_SIZE);
}

/* The GIC changes what a vcpu's timer and interrupts cost at each exit. */
static void bench_gic(void)
{
	int gic;
	struct kvm_vm *vm = vm_create_gic_guest("bench", 1, &gic);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	__u32 entry = vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc));

	bench_op(vcpu, entry, "gic_hvc", BENCH_HVC);
	bench_op(vcpu, entry, "gic_mmio", BENCH_MMIO);
	close(gic);
	vm_free(vm);
}

static void bench_guest(void)
{
	struct kvm_vm *vm = vm_create_guest("bench", 1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	__u32 entry = vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc));

	bench_op(vcpu, entry, "guest_actlr", BENCH_ACTLR);
	bench_op(vcpu, entry, "guest_pmcr", BENCH_PMCR);
	bench_op(vcpu, entry, "guest_dbgdscr", BENCH_DBGDSCR);
	bench_op(vcpu, entry, "guest_hvc", BENCH_HVC);
	bench_op(vcpu, entry, "guest_mmio", BENCH_MMIO);
	bench_op(vcpu, entry, "guest_mmio_8", BENCH_MMIO_8);
	bench_op(vcpu, entry, "guest_strd", BENCH_STRD);
	bench_op(vcpu, entry, "guest_stm_8", BENCH_STM_8);
	bench_memory(vm, entry);
	vm_free(vm);
}

/* ---- a VM's life -------------------------------------------------------- */

static void create_and_destroy(int kvm, const struct kvm_vcpu_init *preferred)
{
	struct kvm_vcpu_init init = *preferred;
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, NULL);
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, NULL);

	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
	close(vcpu);
	close(vm);
}

static int compare_times(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void bench_vm(void)
{
	static __u64 waits[VM_LOOPS];
	struct kvm_vcpu_init init = { 0 };
	struct kvm_vm *vm = vm_create();
	int kvm = kvm_open();
	__u64 start, cpu_time;
	unsigned int i;

	vm_preferred_target(vm, &init);
	init.features[0] = 1 << KVM_ARM_VCPU_PSCI_0_2;
	vm_free(vm);

	create_and_destroy(kvm, &init);
	start = begin("vm_create");
	cpu_time = running();
	for (i = 0; i < VM_LOOPS; i++) {
		waits[i] = now_ns();
		create_and_destroy(kvm, &init);
		waits[i] = now_ns() - waits[i];
	}
	cpu_time = running() - cpu_time;
	end("vm_create", start, VM_LOOPS);
	/* The time until a grace period ends is the host's, not KVM's. */
	result("vm_create", cpu_time, VM_LOOPS);
	qsort(waits, VM_LOOPS, sizeof(*waits), compare_times);
	printf("# vm_create: with waiting for grace periods, median %llu, longest %llu\n",
	       (unsigned long long)waits[VM_LOOPS / 2],
	       (unsigned long long)waits[VM_LOOPS - 1]);
	close(kvm);
}

/* Show that neither the number of vcpus nor that of VMs makes an exit dearer. */
static void bench_scaling(void)
{
	struct kvm_vm *vms[MANY_VMS];
	unsigned int i;
	__u32 entry;

	vms[0] = vm_create_guest("bench", BIG_VCPUS);
	entry = vcpu_get_reg(vms[0]->vcpus[0], CORE_REG(usr_regs.ARM_pc));
	bench_op(vms[0]->vcpus[0], entry, "vcpus_hvc", BENCH_HVC);
	vm_free(vms[0]);

	for (i = 0; i < MANY_VMS; i++) {
		vms[i] = vm_create_guest("bench", 1);
		time_guest(vms[i]->vcpus[0], entry, BENCH_NOTHING, 1);
	}
	bench_op(vms[0]->vcpus[0], entry, "vms_hvc", BENCH_HVC);
	for (i = 0; i < MANY_VMS; i++)
		vm_free(vms[i]);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "latency"))
		return bench_latency();
	/* Print at the end: output to a busy console takes time of this CPU. */
	setvbuf(stdout, NULL, _IOFBF, 16384);
	bench_registers();
	bench_guest();
	bench_big();
	bench_gic();
	bench_scaling();
	bench_vm();
	return 0;
}
