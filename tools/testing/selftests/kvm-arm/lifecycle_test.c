// SPDX-License-Identifier: GPL-2.0
/*
 * Hundreds of VMs that are created, used and freed, some of them incomplete,
 * leave nothing behind on the host. kill_test.c tests VMs that are killed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gic.h"
#include "harness.h"
#include "leak.h"
#include "memory.h"
#include "../guest/guest_dirty.h"

#define CYCLES		200
#define WARM_UP		20
/*
 * Memory that comes and goes without a leak. A leaked page per VM would be 800
 * KiB.
 */
#define NOISE_KIB	256

#define LOG_SLOT	5
#define SPI		40
#define NR_VCPUS		2

/* A VM that is made in part; -1 stands for a missing file */
struct parts {
	struct kvm_vm *vm;
	int gic;
	int event;
	int stats;
};

/*
 * Memory of all VMs of a test. It is unmapped before the footprint is taken; a
 * page that a VM still holds would show.
 */
static char *ram, *logged;

/* ---- steps of making a VM, 0 or -errno ---------------------------------- */

static int make_vm(struct parts *p)
{
	return __vm_create(&p->vm);
}

static int add_ram(struct parts *p)
{
	return __vm_set_memory(p->vm, 0, GUEST_RAM_BASE, GUEST_RAM_SIZE, ram,
			       0);
}

static int add_logged(struct parts *p)
{
	return __vm_set_memory(p->vm, LOG_SLOT, DIRTY_BASE,
			       DIRTY_PAGES * PAGE, logged,
			       KVM_MEM_LOG_DIRTY_PAGES);
}

static int add_vcpu(struct parts *p, unsigned int id, uint32_t features)
{
	struct kvm_vcpu *vcpu;
	int ret = __vcpu_create(p->vm, id, &vcpu);

	return ret < 0 ? ret : __vcpu_init(vcpu, features);
}

static int add_first(struct parts *p)
{
	return add_vcpu(p, 0, 1 << KVM_ARM_VCPU_PSCI_0_2);
}

static int add_second(struct parts *p)
{
	return add_vcpu(p, 1, 1 << KVM_ARM_VCPU_PSCI_0_2 |
			      1 << KVM_ARM_VCPU_POWER_OFF);
}

static int add_gic(struct parts *p)
{
	p->gic = __gic_create(p->vm);
	return p->gic < 0 ? p->gic : 0;
}

static int place_gic(struct parts *p)
{
	int ret = __gic_set_addr(p->gic, KVM_VGIC_V2_ADDR_TYPE_DIST,
				 GUEST_GICD);

	return ret < 0 ? ret : __gic_set_addr(p->gic,
					      KVM_VGIC_V2_ADDR_TYPE_CPU,
					      GUEST_GICC);
}

static int init_gic(struct parts *p)
{
	return __gic_init(p->gic);
}

static int add_irqfd(struct parts *p)
{
	struct kvm_irqfd irqfd = { .gsi = SPI - 32 };

	p->event = eventfd(0, EFD_CLOEXEC);
	if (p->event < 0)
		return -errno;
	irqfd.fd = p->event;
	return __vm_ioctl(p->vm, KVM_IRQFD, &irqfd);
}

static int add_ioeventfd(struct parts *p)
{
	struct kvm_ioeventfd ioeventfd = {
		.addr = 0x20000000,
		.len = 4,
		.fd = p->event,
	};

	return __vm_ioctl(p->vm, KVM_IOEVENTFD, &ioeventfd);
}

static int open_stats(struct parts *p)
{
	int ret = __vcpu_ioctl(p->vm->vcpus[0], KVM_GET_STATS_FD, NULL);

	p->stats = ret;
	return ret < 0 ? ret : 0;
}

/* Run as far as possible without a guest program. */
static int run_once(struct parts *p)
{
	struct kvm_vcpu *vcpu = p->vm->vcpus[0];
	int ret;

	vcpu->run->immediate_exit = 1;
	ret = __vcpu_run(vcpu);
	vcpu->run->immediate_exit = 0;
	return ret == -EINTR ? 0 : ret;
}

static int (*const steps[])(struct parts *p) = {
	make_vm, add_ram, add_first, add_second, add_gic, place_gic, init_gic,
	add_irqfd, add_ioeventfd, add_logged, open_stats, run_once,
};

/* Stop at the first step that fails. */
static int make(struct parts *p, unsigned int count)
{
	unsigned int i;
	int ret = 0;

	*p = (struct parts){ NULL, -1, -1, -1 };
	for (i = 0; i < count && ret >= 0; i++)
		ret = steps[i](p);
	return ret;
}

static void close_file(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Close the files in an order chosen by @order. The last one ends the VM. */
static void give_up(struct parts *p, unsigned int order)
{
	if (order & 1)
		close_file(&p->gic);
	if (order & 2)
		close_file(&p->event);
	if (p->vm && (order & 4)) {
		/*
		 * vm_free() closes the vcpus first, and then fd -1, without
		 * effect.
		 */
		close(p->vm->fd);
		p->vm->fd = -1;
	}
	vm_free(p->vm);
	close_file(&p->stats);
	close_file(&p->event);
	close_file(&p->gic);
}

/* ---- tests -------------------------------------------------------------- */

static void prepare(void)
{
	ram = map_memory(GUEST_RAM_SIZE, MAP_NORESERVE);
	logged = map_blocks(DIRTY_PAGES * PAGE, MADV_NOHUGEPAGE);
}

static void finish(void)
{
	munmap(ram, GUEST_RAM_SIZE);
	munmap(logged, DIRTY_PAGES * PAGE);
}

static void run_guest(struct parts *p, bool pages)
{
	struct kvm_vm *vm = p->vm;
	uint64_t log[DIRTY_PAGES / 64], count = 0;
	unsigned int i;

	vcpu_start_at(vm->vcpus[0], vm_load_guest(vm, "dirty"), NR_VCPUS, 0, 0);
	for (i = 0; i < NR_VCPUS; i++)
		vcpu_expect(vm->vcpus[i], GUEST_SYNC);
	if (!pages)
		return;
	for (i = 0; i < NR_VCPUS; i++)
		vcpu_expect(vm->vcpus[i], GUEST_SYNC);
	vm_get_dirty_log(vm, LOG_SLOT, log);
	for (i = 0; i < ARRAY_SIZE(log); i++)
		count += __builtin_popcountll(log[i]);
	expect(count > DIRTY_PAGES / 2, "%llu pages written",
	       (unsigned long long)count);
}

static void use(unsigned int cycles)
{
	struct parts p;
	unsigned int i;
	int ret;

	for (i = 0; i < cycles && !test_failed(); i++) {
		ret = make(&p, ARRAY_SIZE(steps));
		if (ret < 0)
			kvm_bail("cycle %u: %s", i, errno_name(ret));
		/* Some of the guests get a stage 2 of many pages. */
		run_guest(&p, i % 8 == 0);
		give_up(&p, i);
	}
}

static void used(void)
{
	struct footprint before, during;
	struct parts p;

	prepare();
	use(WARM_UP);
	finish();
	footprint_take(&before);
	prepare();
	/* Check that a VM shows in the footprint at all. */
	expect_errno(make(&p, ARRAY_SIZE(steps)), 0, "a VM");
	run_guest(&p, true);
	footprint_take(&during);
	expect(during.sec_page_tables >= before.sec_page_tables + 16,
	       "stage 2 of a VM is %lld KiB",
	       (long long)(during.sec_page_tables - before.sec_page_tables));
	expect(during.slab > before.slab, "a VM has no slabs");
	expect_equal(during.vms, before.vms + 1, "VMs");
	expect(during.fds > before.fds, "a VM has no files");
	give_up(&p, 0);

	use(repeats(CYCLES));
	finish();
	expect_no_leak(&before, NOISE_KIB, "used");
}

/* Make calls that fail, on a VM that is complete up to some step. */
static void misuse(struct parts *p)
{
	struct kvm_irqfd irqfd = { .fd = 0, .gsi = SPI - 32 };
	struct kvm_vcpu_init init = { .target = 0xff };
	struct kvm_vcpu *vcpu;
	uint64_t word = 0;

	if (!p->vm)
		return;
	expect(__vcpu_create(p->vm, 255, &vcpu) < 0, "vcpu 255");
	expect(__vm_set_memory(p->vm, 1, GUEST_RAM_BASE + PAGE, PAGE, ram,
			       0) < 0 || !vm_hva(p->vm, GUEST_RAM_BASE),
	       "overlapping slots");
	expect(__vm_ioctl(p->vm, KVM_IRQFD, &irqfd) < 0, "irqfd of a file");
	expect(__vm_create_device(p->vm, KVM_DEV_TYPE_ARM_VGIC_V3, 0) < 0,
	       "GICv3");
	expect(__vm_get_dirty_log(p->vm, 9, &word) < 0, "log of no slot");
	if (p->gic >= 0)
		expect_errno(__gic_create(p->vm), -EEXIST, "second GIC");
	if (p->vm->vcpus[0]) {
		expect(__vcpu_create(p->vm, 0, &vcpu) < 0, "second vcpu 0");
		expect_errno(__vcpu_ioctl(p->vm->vcpus[0], KVM_ARM_VCPU_INIT,
					  &init), -EINVAL, "unknown CPU");
	}
}

static void leave_half_made(unsigned int cycles)
{
	struct parts p;
	unsigned int i;
	int ret;

	for (i = 0; i < cycles && !test_failed(); i++) {
		ret = make(&p, i % (ARRAY_SIZE(steps) + 1));
		expect_errno(ret, 0, "cycle %u", i);
		misuse(&p);
		give_up(&p, i / 3);
	}
}

static void half_made(void)
{
	struct footprint before;

	prepare();
	leave_half_made(WARM_UP);
	finish();
	footprint_take(&before);
	prepare();
	leave_half_made(repeats(CYCLES));
	finish();
	expect_no_leak(&before, NOISE_KIB, "half made");
}

static unsigned int next_file(void)
{
	int fd = dup(0);

	if (fd < 0)
		kvm_bail("no more files: %s", strerror(errno));
	close(fd);
	return fd;
}

/* Limit files: the only late allocation that user space can make fail. */
static unsigned int run_out_of_files(unsigned int cycles)
{
	unsigned int first = next_file(), i, refused = 0;
	struct rlimit limit, few;
	struct parts p;
	int ret;

	getrlimit(RLIMIT_NOFILE, &limit);
	for (i = 0; i < cycles && !test_failed(); i++) {
		few = limit;
		few.rlim_cur = first + i % 8;
		setrlimit(RLIMIT_NOFILE, &few);
		ret = make(&p, ARRAY_SIZE(steps));
		setrlimit(RLIMIT_NOFILE, &limit);
		if (ret < 0)
			expect_errno(ret, -EMFILE, "cycle %u", i);
		refused += ret < 0;
		give_up(&p, i);
	}
	return refused;
}

static void out_of_files(void)
{
	unsigned int refused, cycles = repeats(CYCLES);
	struct footprint before;

	prepare();
	run_out_of_files(WARM_UP);
	finish();
	footprint_take(&before);
	prepare();
	refused = run_out_of_files(cycles);
	expect(refused >= cycles / 2 && refused < cycles,
	       "%u of %u VMs were refused", refused, cycles);
	finish();
	expect_no_leak(&before, NOISE_KIB, "out of files");
}

/* The mapping of kvm_run keeps the vcpu, which keeps the VM. */
static void kept_by_mapping(void)
{
	struct footprint before, during;
	struct kvm_run *run;
	struct parts p;
	unsigned int i;

	prepare();
	use(1);
	finish();
	footprint_take(&before);
	prepare();
	for (i = 0; i < 10; i++) {
		expect_errno(make(&p, ARRAY_SIZE(steps)), 0, "a VM");
		run = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
			   p.vm->vcpus[1]->fd, 0);
		if (run == MAP_FAILED)
			kvm_bail("no second mapping: %s", strerror(errno));
		run_guest(&p, false);
		give_up(&p, i);
		footprint_take(&during);
		expect_equal(during.vms, before.vms + 1, "VMs while mapped");
		expect_equal(during.fds, before.fds, "files while mapped");
		munmap(run, PAGE);
	}
	finish();
	expect_no_leak(&before, NOISE_KIB, "mapped");
}

static const struct test tests[] = {
	{ "VMs that were used leave nothing", used },
	{ "VMs that were half made leave nothing", half_made },
	{ "VMs there were not enough files for leave nothing",
	  out_of_files },
	{ "a VM is kept by what is mapped of it, and no longer",
	  kept_by_mapping },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
