// SPDX-License-Identifier: GPL-2.0
/*
 * Memory slots, one change and one access at a time. memslots_race_test.c
 * changes them while a guest runs.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "execute.h"
#include "harness.h"
#include "memory.h"

/* The second slot, which the tests change */
#define GPA		0x48000000u
#define SLOT		5
#define NR_PAGES	64
/* Slots of one page that log */
#define NR_LOGGED	500
/* Slots, each with a stage 2 table of its own */
#define NR_TABLES	64

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;

static void create(void)
{
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
}

static void bad_slots(void)
{
	const uint64_t end = 1ULL << 40;
	char *mem = map_memory(16 * PAGE, 0);
	const struct {
		const char *what;
		uint32_t slot;
		uint32_t flags;
		uint64_t gpa;
		uint64_t size;
		void *hva;
		int err;
	} bad[] = {
		{ "unaligned address", 1, 0, GPA + 1, PAGE, mem, EINVAL },
		{ "unaligned size", 1, 0, GPA, PAGE + 1, mem, EINVAL },
		{ "unaligned memory", 1, 0, GPA, PAGE, mem + 8, EINVAL },
		{ "no such slot to delete", 1, 0, GPA, 0, mem, EINVAL },
		{ "slot out of range", 0xffff, 0, GPA, PAGE, mem, EINVAL },
		{ "other address space", 0x10001, 0, GPA, PAGE, mem, EINVAL },
		{ "unknown flags", 1, 1 << 5, GPA, PAGE, mem, EINVAL },
		{ "kernel memory", 1, 0, GPA, PAGE, (void *)0xc0000000,
		  EINVAL },
		{ "overlap", 1, 0, GUEST_RAM_BASE, PAGE, mem, EEXIST },
		{ "overlap at the end", 1, 0,
		  GUEST_RAM_BASE + GUEST_RAM_SIZE - PAGE, 2 * PAGE, mem,
		  EEXIST },
		{ "overlap at the start", 1, 0, GUEST_RAM_BASE - PAGE,
		  2 * PAGE, mem, EEXIST },
		{ "beyond 40 bits", 1, 0, end, PAGE, mem, EFAULT },
		{ "across 40 bits", 1, 0, end - PAGE, 2 * PAGE, mem, EFAULT },
		{ "end of 64 bits", 1, 0, -(uint64_t)PAGE, PAGE, mem,
		  EINVAL },
		{ "other size of a slot", 0, 0, GUEST_RAM_BASE, PAGE,
		  NULL, EINVAL },
		{ "other memory of a slot", 0, 0, GUEST_RAM_BASE,
		  GUEST_RAM_SIZE, mem, EINVAL },
	};
	unsigned int i;
	int ret;

	create();
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct kvm_userspace_memory_region region = {
			.slot = bad[i].slot,
			.flags = bad[i].flags,
			.guest_phys_addr = bad[i].gpa,
			.memory_size = bad[i].size,
			.userspace_addr = (uintptr_t)(bad[i].hva ? bad[i].hva :
					   vm_hva(vm, GUEST_RAM_BASE)),
		};

		ret = __vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
		expect_errno(ret, -bad[i].err, "%s", bad[i].what);
		/* The guest still has its memory, and no more. */
		expect_mmio_store(vcpu, GPA, bad[i].what);
	}
	expect_errno(__vm_set_memory(vm, 1, end - PAGE, PAGE, mem, 0), 0,
		     "last page of 40 bits");
	vm_free(vm);
	munmap(mem, 16 * PAGE);
}

static void read_only(void)
{
	struct execute x = {
		.insn = 0xe12fff34,		/* blx r4 */
		.r = { [4] = GPA + PAGE },
	};
	uint32_t *hva;

	create();
	hva = vm_add_memory(vm, SLOT, GPA, NR_PAGES * PAGE, KVM_MEM_READONLY);
	hva[0] = 0x12345678;
	hva[PAGE / 4] = 0xe3a00042;		/* mov r0, #0x42 */
	hva[PAGE / 4 + 1] = 0xe12fff1e;		/* bx lr */
	expect_equal(guest_load(vcpu, GPA), 0x12345678, "read");
	expect_mmio_store(vcpu, GPA, "write");
	expect_equal(hva[0], 0x12345678, "memory after a write");
	/* Also write to a page that has not been read before. */
	expect_mmio_store(vcpu, GPA + 2 * PAGE, "write of a fresh page");
	expect_equal(hva[2 * PAGE / 4], 0, "fresh page after a write");
	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions");
	expect_equal(x.r[0], 0x42, "what the code in it returned");

	/* The slot cannot become writable. */
	expect_errno(__vm_set_memory(vm, SLOT, GPA, NR_PAGES * PAGE, hva, 0),
		     -EINVAL, "change to writable");
	expect_mmio_store(vcpu, GPA, "write after that");
	vm_free(vm);
}

static void delete_and_move(void)
{
	uint32_t *hva, *other = map_memory(NR_PAGES * PAGE, 0);

	create();
	hva = map_memory(NR_PAGES * PAGE, 0);
	vm_set_memory(vm, SLOT, GPA, NR_PAGES * PAGE, hva, 0);
	guest_store(vcpu, GPA, 0x11);
	expect_equal(hva[0], 0x11, "memory");

	/* Move the slot: the same memory at another address. */
	vm_set_memory(vm, SLOT, GPA + 0x1000000, NR_PAGES * PAGE, hva, 0);
	expect_mmio_store(vcpu, GPA, "where it was");
	expect_equal(guest_load(vcpu, GPA + 0x1000000), 0x11, "where it is");
	expect_equal(hva[0], 0x11, "memory after the move");

	vm_delete_memory(vm, SLOT);
	expect_mmio_store(vcpu, GPA + 0x1000000, "after the deletion");
	expect_equal(hva[0], 0x11, "memory after the deletion");

	/* Replace the slot's memory. */
	other[0] = 0x22;
	vm_set_memory(vm, SLOT, GPA + 0x1000000, NR_PAGES * PAGE, other, 0);
	expect_equal(guest_load(vcpu, GPA + 0x1000000), 0x22, "other memory");
	vm_set_memory(vm, SLOT + 1, GPA, NR_PAGES * PAGE, hva, 0);
	expect_equal(guest_load(vcpu, GPA), 0x11, "first memory");
	/* Map the same memory at two addresses. */
	vm_set_memory(vm, SLOT + 2, GPA + 0x2000000, NR_PAGES * PAGE, hva, 0);
	guest_store(vcpu, GPA + 0x2000000, 0x33);
	expect_equal(guest_load(vcpu, GPA), 0x33, "memory in two places");
	vm_free(vm);
	munmap(hva, NR_PAGES * PAGE);
	munmap(other, NR_PAGES * PAGE);
}

/* mov r0, #value; bx lr */
static void write_code(uint32_t *hva, uint8_t value)
{
	hva[0] = 0xe3a00000 | value;
	hva[1] = 0xe12fff1e;
}

/* Have the guest call the code at @gpa; survive a prefetch abort. */
static struct execute call(uint32_t gpa)
{
	struct execute x = {
		.insn = 0xe12fff34,		/* blx r4 */
		.armed = VECTOR(PABT),
		.r = { [4] = gpa },
	};

	execute(vcpu, &x);
	return x;
}

static void fetch_from_nothing(void)
{
	struct execute x;
	uint32_t *hva;
	unsigned int i;

	create();
	hva = map_memory(NR_PAGES * PAGE, 0);
	write_code(hva, 0x42);
	for (i = 0; i < 3; i++) {
		x = call(GPA);
		expect_equal(x.count, 1, "exceptions without the slot");
		expect_equal(x.vector, GUEST_VEC_PABT, "vector");
		expect_equal(x.fault_pc, GPA, "where");
		expect_equal(x.ifar, GPA, "IFAR");
		vm_set_memory(vm, SLOT, GPA, NR_PAGES * PAGE, hva, 0);
		x = call(GPA);
		expect_equal(x.count, 0, "exceptions with the slot");
		expect_equal(x.r[0], 0x42, "what the code in it returned");
		vm_delete_memory(vm, SLOT);
	}
	vm_free(vm);
	munmap(hva, NR_PAGES * PAGE);
}

/* A slot is read-only or writable from its creation on. */
static void read_only_and_writable(void)
{
	uint32_t *hva = map_memory(NR_PAGES * PAGE, 0);
	unsigned int i;

	create();
	for (i = 1; i <= 3; i++) {
		vm_set_memory(vm, SLOT, GPA, NR_PAGES * PAGE, hva, 0);
		guest_store(vcpu, GPA, i);
		expect_equal(hva[0], i, "memory while it is writable");
		vm_delete_memory(vm, SLOT);
		vm_set_memory(vm, SLOT, GPA, NR_PAGES * PAGE, hva,
			      KVM_MEM_READONLY);
		expect_mmio_store(vcpu, GPA, "write while it is read-only");
		expect_equal(guest_load(vcpu, GPA), i, "read-only memory");
		hva[0] = 0x100 * i;
		expect_equal(guest_load(vcpu, GPA), 0x100 * i,
			     "read-only memory the host has written to");
		vm_delete_memory(vm, SLOT);
	}
	vm_free(vm);
	munmap(hva, NR_PAGES * PAGE);
}

/* Adjoining slots stay separate. */
static void neighbours(void)
{
	uint32_t *low = map_memory(PAGE, 0), *high = map_memory(PAGE, 0);

	create();
	vm_set_memory(vm, SLOT, GPA, PAGE, low, 0);
	vm_set_memory(vm, SLOT + 1, GPA + PAGE, PAGE, high, 0);
	guest_store(vcpu, GPA + PAGE - 4, 1);
	guest_store(vcpu, GPA + PAGE, 2);
	expect_equal(low[PAGE / 4 - 1], 1, "end of the low one");
	expect_equal(high[0], 2, "start of the high one");
	expect_mmio_store(vcpu, GPA - 4, "below");
	expect_mmio_store(vcpu, GPA + 2 * PAGE, "above");
	vm_delete_memory(vm, SLOT);
	expect_mmio_store(vcpu, GPA + PAGE - 4, "where the low one was");
	expect_equal(guest_load(vcpu, GPA + PAGE), 2, "the high one");
	vm_free(vm);
	munmap(low, PAGE);
	munmap(high, PAGE);
}

/* GCC sign-extends (uint64_t)pointer. */
static void sign_extended(void)
{
	struct kvm_userspace_memory_region region = {
		.slot = SLOT,
		.guest_phys_addr = GPA,
		.memory_size = PAGE,
	};
	uint32_t *hva = map_memory(PAGE, 0);

	create();
	region.userspace_addr = 0xffffffff00000000 | (uintptr_t)hva;
	expect_errno(__vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), 0, "a new slot");
	guest_store(vcpu, GPA, 0x11);
	expect_equal(hva[0], 0x11, "memory");
	region.flags = KVM_MEM_LOG_DIRTY_PAGES;
	expect_errno(__vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), 0, "dirty log");
	region.guest_phys_addr += PAGE;
	expect_errno(__vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), 0, "a move");
	expect_equal(guest_load(vcpu, GPA + PAGE), 0x11, "memory after the move");
	region.userspace_addr += PAGE;
	expect_errno(__vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), -EINVAL,
		     "other memory");
	vm_free(vm);
	munmap(hva, PAGE);
}

/* The host has few addresses for vmalloc(): a bitmap of 8 bytes is not to take any. */
static void small_bitmaps(void)
{
	void *hva = map_memory(PAGE, 0);
	struct kvm_userspace_memory_region region = {
		.slot = SLOT,
		.flags = KVM_MEM_LOG_DIRTY_PAGES,
		.guest_phys_addr = GPA,
		.memory_size = PAGE,
		.userspace_addr = (uintptr_t)hva,
	};
	uint64_t before, after;

	create();
	before = memory_kib("VmallocUsed");
	for (; region.slot < SLOT + NR_LOGGED; region.slot++) {
		vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
		region.guest_phys_addr += PAGE;
	}
	after = memory_kib("VmallocUsed");
	expect(before && after < before + NR_LOGGED * PAGE / 1024 / 4,
	       "%u slots take %llu KiB of vmalloc's area", NR_LOGGED,
	       (unsigned long long)(after - before));
	vm_free(vm);
	munmap(hva, PAGE);
}

/* The size of this process's page tables, by which the OOM killer chooses, too */
static unsigned long tables_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	unsigned long kib = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "VmPTE: %lu kB", &kib);
	if (!file || !kib)
		kvm_bail("/proc/self/status: no VmPTE");
	fclose(file);
	return kib;
}

/* Each slot is in 2 MiB of its own, and takes a table. */
static void tables_count(void)
{
	void *hva = map_memory(PAGE, 0);
	struct kvm_userspace_memory_region region = {
		.memory_size = PAGE,
		.userspace_addr = (uintptr_t)hva,
	};
	unsigned long before, mapped;
	unsigned int i;

	create();
	guest_load(vcpu, GUEST_RAM_BASE);
	before = tables_kib();
	for (i = 0; i < NR_TABLES; i++) {
		region.slot = SLOT + i;
		region.guest_phys_addr = GPA + i * (2 << 20);
		vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
		guest_load(vcpu, region.guest_phys_addr);
	}
	mapped = tables_kib() - before;
	expect(mapped >= NR_TABLES * 4 && mapped < 2 * NR_TABLES * 4,
	       "%u tables: %lu KiB", NR_TABLES, mapped);
	vm_free(vm);
	expect(tables_kib() <= before, "%lu KiB without the VM, was %lu", tables_kib(), before);
	munmap(hva, PAGE);
}

static const struct test tests[] = {
	{ "slots that are wrong are refused and change nothing", bad_slots },
	{ "a read-only slot can be read and run, writes are exits",
	  read_only },
	{ "a slot made anew is read-only or writable as it says",
	  read_only_and_writable },
	{ "slots can be moved, deleted and made anew", delete_and_move },
	{ "slots that touch each other are two", neighbours },
	{ "code in a slot that is gone is a prefetch abort",
	  fetch_from_nothing },
	{ "the upper half of userspace_addr is ignored, in changes, too", sign_extended },
	{ "small slots that log take no addresses of vmalloc()", small_bitmaps },
	{ "the OOM killer counts the tables of a guest's memory as the VMM's", tables_count },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
