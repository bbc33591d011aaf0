// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory: slots, the dirty log, and what the host does to the memory
 * behind them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"

#define PAGE		4096u
#define BLOCK		(2u << 20)
/* A second slot, for what is tested */
#define GPA		0x48000000u
#define SLOT		5
#define NR_PAGES	64
#define PC_ID		CORE_REG(usr_regs.ARM_pc)

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;

static void create(void)
{
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
}

static void destroy(void)
{
	vm_free(vm);
}

static void *map(size_t size, int flags)
{
	void *hva = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (hva == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	return hva;
}

static void *add_pages(uint32_t flags)
{
	return vm_add_memory(vm, SLOT, GPA, NR_PAGES * PAGE, flags);
}

static struct execute store_order(uint32_t gpa, uint32_t value)
{
	const struct execute x = {
		.insn = 0xe5810000,
		.r = { value, gpa },
	};

	return x;
}

static void store(uint32_t gpa, uint32_t value)
{
	struct execute x = store_order(gpa, value);

	execute(vcpu, &x);
}

static uint32_t load(uint32_t gpa)
{
	struct execute x = {
		.insn = 0xe5910000,
		.r = { 0xdeadbeef, gpa },
	};

	execute(vcpu, &x);
	return x.r[0];
}

/* A store that has to end in user space */
static void expect_mmio_store(uint32_t gpa, const char *what)
{
	struct execute x = store_order(gpa, 0x600dcafe);
	uint32_t data;

	execute_begin(vcpu, &x);
	if (!expect_equal(vcpu_run_guest(vcpu, NULL), GUEST_MMIO, "%s: event",
			  what))
		return;
	memcpy(&data, vcpu->run->mmio.data, sizeof(data));
	expect_equal(vcpu->run->mmio.phys_addr, gpa, "%s: address", what);
	expect_equal(data, 0x600dcafe, "%s: data", what);
	vcpu_expect(vcpu, GUEST_SYNC);
}

static void bad_slots(void)
{
	const uint64_t end = 1ULL << 40;
	char *mem = map(16 * PAGE, 0);
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
		/* The guest still has its memory, and none more */
		expect_mmio_store(GPA, bad[i].what);
	}
	expect_errno(__vm_set_memory(vm, 1, end - PAGE, PAGE, mem, 0), 0,
		     "last page of 40 bits");
	destroy();
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
	hva = add_pages(KVM_MEM_READONLY);
	hva[0] = 0x12345678;
	hva[PAGE / 4] = 0xe3a00042;		/* mov r0, #0x42 */
	hva[PAGE / 4 + 1] = 0xe12fff1e;		/* bx lr */
	expect_equal(load(GPA), 0x12345678, "read");
	expect_mmio_store(GPA, "write");
	expect_equal(hva[0], 0x12345678, "memory after a write");
	/* Of a page that has not been read before */
	expect_mmio_store(GPA + 2 * PAGE, "write of a fresh page");
	expect_equal(hva[2 * PAGE / 4], 0, "fresh page after a write");
	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions");
	expect_equal(x.r[0], 0x42, "what the code in it returned");

	/* It cannot become writable under the guest */
	expect_errno(__vm_set_memory(vm, SLOT, GPA, NR_PAGES * PAGE, hva, 0),
		     -EINVAL, "change to writable");
	expect_mmio_store(GPA, "write after that");
	destroy();
}

static void expect_dirty(uint64_t pages, const char *when)
{
	uint64_t log = 0;

	vm_get_dirty_log(vm, SLOT, &log);
	expect_equal(log, pages, "%s", when);
}

static void dirty_log(void)
{
	static const unsigned int pages[] = { 0, 1, 5, 31, 32, 63 };
	uint64_t log, want = 0;
	unsigned int i, n;
	uint32_t *hva;

	create();
	hva = add_pages(0);
	/* Known to the guest before they are logged */
	store(GPA, 1);
	store(GPA + 7 * PAGE, 1);
	load(GPA + 8 * PAGE);
	expect_errno(__vm_get_dirty_log(vm, SLOT, &log), -ENOENT,
		     "log of a slot that is not logged");
	vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
	expect_dirty(0, "at the start");

	for (i = 0; i < ARRAY_SIZE(pages); i++)
		want |= 1ULL << pages[i];
	for (n = 0; n < 3; n++) {
		load(GPA + 7 * PAGE);
		load(GPA + 8 * PAGE);
		load(GPA + 9 * PAGE);
		for (i = 0; i < ARRAY_SIZE(pages); i++)
			store(GPA + pages[i] * PAGE + 4 * i, 0x1000 * n + i);
		/* Twice makes no difference */
		store(GPA + pages[2] * PAGE, n);
		expect_dirty(want, "after the writes");
		expect_dirty(0, "of the next log");
	}
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (i != 2)
			expect_equal(hva[pages[i] * PAGE / 4 + i], 0x2000 + i,
				     "memory of page %u", pages[i]);
	/* Memory the host writes is not the log's */
	hva[3 * PAGE / 4] = 1;
	expect_dirty(0, "after a write of the host");

	vm_set_memory_flags(vm, SLOT, 0);
	store(GPA + PAGE, 1);
	expect_errno(__vm_get_dirty_log(vm, SLOT, &log), -ENOENT,
		     "log after its end");
	expect_errno(__vm_get_dirty_log(vm, 0x7fff, &log), -EINVAL,
		     "log of a slot out of range");
	expect_errno(__vm_get_dirty_log(vm, SLOT + 1, &log), -ENOENT,
		     "log of no slot");
	destroy();
}

/* The log's pages are 4 KiB where the guest had blocks of 2 MiB */
static void dirty_log_of_blocks(void)
{
	uint64_t log[BLOCK / PAGE / 64];
	char *area = map(2 * BLOCK, 0);
	char *hva = (char *)(((uintptr_t)area + BLOCK - 1) & ~(BLOCK - 1));
	unsigned int i;

	create();
	madvise(hva, BLOCK, MADV_HUGEPAGE);
	memset(hva, 1, BLOCK);
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	store(GPA, 1);
	store(GPA + 100 * PAGE, 1);
	vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
	store(GPA + 100 * PAGE, 2);
	store(GPA + 511 * PAGE, 2);
	vm_get_dirty_log(vm, SLOT, log);
	for (i = 0; i < ARRAY_SIZE(log); i++)
		expect_equal(log[i], i == 1 ? 1ULL << 36 :
			     i == 7 ? 1ULL << 63 : 0, "word %u", i);
	expect_equal(load(GPA + 100 * PAGE), 2, "a written page");
	expect_equal(load(GPA + 101 * PAGE), 0x01010101, "another page");
	destroy();
	munmap(area, 2 * BLOCK);
}

static void delete_and_move(void)
{
	uint32_t *hva, *other = map(NR_PAGES * PAGE, 0);

	create();
	hva = map(NR_PAGES * PAGE, 0);
	vm_set_memory(vm, SLOT, GPA, NR_PAGES * PAGE, hva, 0);
	store(GPA, 0x11);
	expect_equal(hva[0], 0x11, "memory");

	/* Move: the same memory elsewhere */
	vm_set_memory(vm, SLOT, GPA + 0x1000000, NR_PAGES * PAGE, hva, 0);
	expect_mmio_store(GPA, "where it was");
	expect_equal(load(GPA + 0x1000000), 0x11, "where it is");
	expect_equal(hva[0], 0x11, "memory after the move");

	vm_delete_memory(vm, SLOT);
	expect_mmio_store(GPA + 0x1000000, "after the deletion");
	expect_equal(hva[0], 0x11, "memory after the deletion");

	/* Other memory in its place */
	other[0] = 0x22;
	vm_set_memory(vm, SLOT, GPA + 0x1000000, NR_PAGES * PAGE, other, 0);
	expect_equal(load(GPA + 0x1000000), 0x22, "other memory");
	vm_set_memory(vm, SLOT + 1, GPA, NR_PAGES * PAGE, hva, 0);
	expect_equal(load(GPA), 0x11, "first memory");
	/* One memory in two places */
	vm_set_memory(vm, SLOT + 2, GPA + 0x2000000, NR_PAGES * PAGE, hva, 0);
	store(GPA + 0x2000000, 0x33);
	expect_equal(load(GPA), 0x33, "memory in two places");
	destroy();
	munmap(hva, NR_PAGES * PAGE);
	munmap(other, NR_PAGES * PAGE);
}

/* Memory that goes away and comes back under the guest */
static void host_changes(void)
{
	struct execute x = store_order(GPA + PAGE, 0x99);
	uint32_t *hva, value;

	create();
	hva = add_pages(0);
	store(GPA, 0x55);
	store(GPA + PAGE, 0x66);
	expect(!madvise(hva, PAGE, MADV_DONTNEED), "madvise");
	expect_equal(load(GPA), 0, "a page that was given up");
	expect_equal(load(GPA + PAGE), 0x66, "the page after it");
	store(GPA, 0x77);
	expect_equal(hva[0], 0x77, "memory");

	/* Not readable, then not writable, then as before */
	mprotect(hva, NR_PAGES * PAGE, PROT_NONE);
	execute_begin(vcpu, &x);
	expect_equal(vcpu_run_guest(vcpu, &value), GUEST_ERROR, "event");
	expect_equal(value, EFAULT, "error without access");
	mprotect(hva, NR_PAGES * PAGE, PROT_READ);
	expect_equal(vcpu_run_guest(vcpu, &value), GUEST_ERROR, "event");
	expect_equal(value, EFAULT, "error without write access");
	mprotect(hva, NR_PAGES * PAGE, PROT_READ | PROT_WRITE);
	expect_equal(hva[PAGE / 4], 0x66, "memory before the write");
	vcpu_expect(vcpu, GUEST_SYNC);
	expect_equal(hva[PAGE / 4], 0x99, "memory after the write");

	/* Replaced by other memory at the same address */
	if (mmap(hva, PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != hva)
		kvm_bail("no memory");
	hva[0] = 0x88;
	expect_equal(load(GPA), 0x88, "new memory");
	destroy();
}

/* Copy on write: of the guest's pages, and by the guest */
static void after_fork(void)
{
	uint32_t *hva;
	int status;
	pid_t pid;

	create();
	hva = add_pages(0);
	store(GPA, 1);
	store(GPA + PAGE, 2);
	store(GPA + 2 * PAGE, 3);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		/* Sees what was there, whatever comes */
		usleep(300000);
		hva[2 * PAGE / 4] = 0xbad;
		_exit(hva[0] != 1 || hva[PAGE / 4] != 2);
	}
	hva[0] = 0x11;
	store(GPA + PAGE, 0x22);
	expect_equal(load(GPA), 0x11, "the host's write, in the guest");
	expect_equal(hva[PAGE / 4], 0x22, "the guest's write, in the host");
	waitpid(pid, &status, 0);
	expect_equal(status, 0, "status of the child");
	expect_equal(load(GPA + 2 * PAGE), 3, "what the child wrote");
	destroy();
}

/* Faults of stage 2 that are not for user space */
static uint64_t page_faults(void)
{
	return vcpu_stat(vcpu, "s2_fault_exit_stat") -
	       vcpu_stat(vcpu, "mmio_exit_user");
}

static void touch_all(const char *hva, const char *what, unsigned int most)
{
	uint64_t faults;
	unsigned int i;

	/* The guest program's own memory is not to count */
	load(GUEST_RAM_BASE);
	faults = page_faults();
	for (i = 0; i < BLOCK / PAGE; i += 8)
		store(GPA + i * PAGE, i);
	faults = page_faults() - faults;
	expect(faults <= most, "%s: %llu faults", what,
	       (unsigned long long)faults);
	for (i = 0; i < BLOCK / PAGE; i += 8)
		expect_equal(*(uint32_t *)(hva + i * PAGE), i, "%s: page %u",
			     what, i);
}

static void transparent_huge_pages(void)
{
	char *area = map(4 * BLOCK, 0);
	char *hva = (char *)(((uintptr_t)area + BLOCK - 1) & ~(BLOCK - 1));
	uint32_t shifted = GPA + 0x1000000;

	create();
	madvise(hva, 3 * BLOCK, MADV_HUGEPAGE);
	memset(hva, 0x5a, 3 * BLOCK);
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	touch_all(hva, "huge page", 1);

	/* A page of it goes: the rest stays */
	madvise(hva + 8 * PAGE, PAGE, MADV_DONTNEED);
	expect_equal(load(GPA + 8 * PAGE), 0, "page that was given up");
	expect_equal(load(GPA + 16 * PAGE), 16, "page that stays");
	expect_equal(load(GPA + 9 * PAGE), 0x5a5a5a5a, "untouched page");

	/* Memory and slot lie differently in their blocks: pages */
	vm_set_memory(vm, SLOT + 1, shifted, 2 * BLOCK, hva + PAGE, 0);
	store(shifted, 0x1234);
	expect_equal(*(uint32_t *)(hva + PAGE), 0x1234, "shifted memory");
	expect_equal(load(shifted + 15 * PAGE), 16, "shifted page");
	store(shifted + BLOCK, 0x5678);
	expect_equal(*(uint32_t *)(hva + BLOCK + PAGE), 0x5678,
		     "shifted memory of another huge page");
	destroy();
	munmap(area, 4 * BLOCK);
}

static void hugetlb(void)
{
	int fd = open("/proc/sys/vm/nr_hugepages", O_WRONLY | O_CLOEXEC);
	char *hva;

	if (fd < 0 || write(fd, "4", 1) != 1)
		kvm_bail("no huge pages: %s", strerror(errno));
	hva = map(BLOCK, MAP_HUGETLB);
	create();
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	touch_all(hva, "hugetlb", 1);
	vm_delete_memory(vm, SLOT);
	/* Part of a huge page, at the end of a slot */
	vm_set_memory(vm, SLOT, GPA, BLOCK - PAGE, hva, 0);
	store(GPA + BLOCK - 2 * PAGE, 0x77);
	expect_equal(*(uint32_t *)(hva + BLOCK - 2 * PAGE), 0x77, "last page");
	expect_mmio_store(GPA + BLOCK - PAGE, "past the slot");
	destroy();
	munmap(hva, BLOCK);
	if (pwrite(fd, "0", 1, 0) != 1)
		test_fail("cannot give back the huge pages");
	close(fd);
}

static void code_changes(void)
{
	struct execute x = {
		.insn = 0xe12fff34,		/* blx r4 */
		.r = { [4] = GPA },
	};
	uint32_t *hva;
	unsigned int i;

	create();
	hva = add_pages(0);
	hva[1] = 0xe12fff1e;			/* bx lr */
	for (i = 0; i < 20; i++) {
		/* A page that is fetched from anew each time */
		hva[0] = 0xe3a00000 | i;	/* mov r0, #i */
		execute(vcpu, &x);
		expect_equal(x.count, 0, "exceptions");
		expect_equal(x.r[0], i, "what the code returned");
		madvise(hva, PAGE, MADV_DONTNEED);
		hva[1] = 0xe12fff1e;
	}
	destroy();
}

static const struct test tests[] = {
	{ "slots that are wrong are refused and change nothing", bad_slots },
	{ "a read-only slot can be read and run, writes are exits",
	  read_only },
	{ "the dirty log has the pages the guest wrote, once", dirty_log },
	{ "the dirty log is of pages where blocks were mapped",
	  dirty_log_of_blocks },
	{ "slots can be moved, deleted and made anew", delete_and_move },
	{ "the guest follows what the host does to its memory",
	  host_changes },
	{ "guest and host keep their copies after a fork", after_fork },
	{ "transparent huge pages are mapped as blocks",
	  transparent_huge_pages },
	{ "pages of hugetlbfs are mapped as blocks", hugetlb },
	{ "code the host writes is what the guest runs", code_changes },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
