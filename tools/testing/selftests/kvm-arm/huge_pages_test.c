// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory in huge pages: KVM must map it by blocks of 2 MiB where that is
 * correct, and by pages elsewhere.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "memory.h"

#define GPA		0x48000000u
#define SLOT		5
/* Pages that a fault maps where there is no block (see fault_around_test) */
#define AROUND		16

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;

static void create(void)
{
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
}

static uint32_t word(const char *hva, unsigned int page)
{
	return read_word(hva + page * PAGE);
}

/* Create huge pages with content, and make sure that they are huge. */
static char *huge_memory(size_t size)
{
	char *hva = map_blocks(size, MADV_HUGEPAGE);

	memset(hva, 0x5a, size);
	expect_equal(huge_kib(hva), size / 1024, "KiB in huge pages");
	return hva;
}

/* Store to every eighth page: it must take @least to @most faults. */
static void touch(uint32_t gpa, const char *hva, const char *what,
		  unsigned int least, unsigned int most)
{
	uint64_t faults;
	unsigned int i;

	/* Do not count faults of the guest program's own memory. */
	guest_load(vcpu, GUEST_RAM_BASE);
	faults = page_faults(vcpu);
	for (i = 0; i < BLOCK_PAGES; i += 8)
		guest_store(vcpu, gpa + i * PAGE, i);
	faults = page_faults(vcpu) - faults;
	expect(faults >= least && faults <= most, "%s: %llu faults", what,
	       (unsigned long long)faults);
	for (i = 0; i < BLOCK_PAGES; i += 8)
		expect_equal(word(hva, i), i, "%s: page %u", what, i);
}

static void transparent(void)
{
	uint32_t shifted = GPA + 0x1000000;
	char *hva = huge_memory(3 * BLOCK);

	create();
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	touch(GPA, hva, "huge page", 1, 1);

	/* Drop one page of the block: the others stay. */
	madvise(hva + 8 * PAGE, PAGE, MADV_DONTNEED);
	expect_equal(guest_load(vcpu, GPA + 8 * PAGE), 0,
		     "page that was given up");
	expect_equal(guest_load(vcpu, GPA + 16 * PAGE), 16, "page that stays");
	expect_equal(guest_load(vcpu, GPA + 9 * PAGE), 0x5a5a5a5a,
		     "untouched page");

	/* Memory and slot have different offsets in a block: map pages. */
	vm_set_memory(vm, SLOT + 1, shifted, 2 * BLOCK, hva + PAGE, 0);
	guest_store(vcpu, shifted, 0x1234);
	expect_equal(word(hva, 1), 0x1234, "shifted memory");
	expect_equal(guest_load(vcpu, shifted + 15 * PAGE), 16, "shifted page");
	/* A quarter more: the host may age or move some pages meanwhile. */
	touch(shifted + BLOCK, hva + BLOCK + PAGE,
	      "shifted memory of another huge page", BLOCK_PAGES / AROUND,
	      BLOCK_PAGES / AROUND * 5 / 4);
	vm_free(vm);
	munmap(hva, 3 * BLOCK);
}

/*
 * For a slot that begins and ends within huge pages: map pages at both ends,
 * and nothing past them, and a block in between.
 */
static void expect_edges(char *hva)
{
	const uint32_t first = BLOCK_PAGES - 3, last = 2 * BLOCK_PAGES + 4;
	const uint64_t size = (last - first + 1) * PAGE;

	create();
	vm_set_memory(vm, SLOT, GPA + first * PAGE, size, hva + first * PAGE,
		      0);
	guest_store(vcpu, GPA + first * PAGE, 0x11);
	guest_store(vcpu, GPA + (BLOCK_PAGES - 1) * PAGE, 0x22);
	touch(GPA + BLOCK, hva + BLOCK, "the block between", 1, 1);
	guest_store(vcpu, GPA + 2 * BLOCK, 0x33);
	guest_store(vcpu, GPA + last * PAGE, 0x44);
	expect_equal(word(hva, first), 0x11, "first page");
	expect_equal(word(hva, BLOCK_PAGES - 1), 0x22, "before the block");
	expect_equal(word(hva, 2 * BLOCK_PAGES), 0x33, "after the block");
	expect_equal(word(hva, last), 0x44, "last page");
	expect_mmio_store(vcpu, GPA + first * PAGE - 4, "below the slot");
	expect_mmio_store(vcpu, GPA + (last + 1) * PAGE, "past the slot");
	expect_equal(word(hva, first - 1), 0x5a5a5a5a, "page below");
	expect_equal(word(hva, last + 1), 0x5a5a5a5a, "page past it");
	vm_free(vm);
}

static void edges(void)
{
	char *hva = huge_memory(3 * BLOCK);

	expect_edges(hva);
	munmap(hva, 3 * BLOCK);
}

static void hugetlb(void)
{
	char *hva;

	reserve_huge_pages(3);
	hva = map_memory(3 * BLOCK, MAP_HUGETLB);
	memset(hva, 0x5a, 3 * BLOCK);
	create();
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	touch(GPA, hva, "hugetlb", 1, 1);
	vm_free(vm);
	memset(hva, 0x5a, 3 * BLOCK);
	expect_edges(hva);
	munmap(hva, 3 * BLOCK);
	reserve_huge_pages(0);
}

/* A hole in a file of hugetlbfs removes the page from all mappings. */
static void hugetlb_file(void)
{
	int fd = memfd_create("hugetlb", MFD_HUGETLB | MFD_CLOEXEC);
	char *hva;

	reserve_huge_pages(1);
	if (fd < 0 || ftruncate(fd, BLOCK))
		kvm_bail("no memfd: %s", strerror(errno));
	hva = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (hva == MAP_FAILED)
		kvm_bail("no huge page: %s", strerror(errno));
	create();
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	touch(GPA, hva, "file", 1, 1);
	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		      BLOCK))
		kvm_bail("fallocate: %s", strerror(errno));
	expect_equal(guest_load(vcpu, GPA + 8 * PAGE), 0, "after the hole");
	touch(GPA, hva, "file after the hole", 0, 1);
	vm_free(vm);
	munmap(hva, BLOCK);
	close(fd);
	reserve_huge_pages(0);
}

/* Small pages become a huge page, and small pages again. */
static void collapse_and_split(void)
{
	char *hva = map_blocks(BLOCK, MADV_NOHUGEPAGE);
	unsigned int i;

	create();
	memset(hva, 0x5a, BLOCK);
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	touch(GPA, hva, "pages", BLOCK_PAGES / AROUND, BLOCK_PAGES / AROUND);
	expect_equal(huge_kib(hva), 0, "KiB in huge pages");

	madvise(hva, BLOCK, MADV_HUGEPAGE);
	if (madvise(hva, BLOCK, MADV_COLLAPSE))
		kvm_bail("MADV_COLLAPSE: %s", strerror(errno));
	expect_equal(huge_kib(hva), BLOCK / 1024, "KiB in huge pages");
	for (i = 0; i < BLOCK_PAGES; i += 8)
		expect_equal(guest_load(vcpu, GPA + i * PAGE), i, "page %u", i);
	touch(GPA, hva, "collapsed", 0, 0);

	/* The host's table has pages, one of them read-only. */
	mprotect(hva + 64 * PAGE, PAGE, PROT_READ);
	expect_equal(guest_load(vcpu, GPA + 64 * PAGE), 64, "protected page");
	expect_store_error(vcpu, GPA + 64 * PAGE, EFAULT, "protected page");
	expect_equal(word(hva, 64), 64, "memory of the protected page");
	mprotect(hva + 64 * PAGE, PAGE, PROT_READ | PROT_WRITE);
	vcpu_expect(vcpu, GUEST_SYNC);
	expect_equal(word(hva, 64), 0x600dcafe, "page that is writable again");
	for (i = 0; i < BLOCK_PAGES; i += 8)
		if (i != 64)
			expect_equal(guest_load(vcpu, GPA + i * PAGE), i,
				     "page %u after the split", i);
	vm_free(vm);
	munmap(hva, BLOCK);
}

/* Let a read map the huge zero page, which all processes share. */
static char *huge_zero_page(void)
{
	char *hva = map_blocks(BLOCK, MADV_HUGEPAGE);

	expect_equal(word(hva, 0), 0, "zero page");
	return hva;
}

/* Split a huge page without access: it is not valid in the host's table, but is there. */
static void expect_split(char *hva, uint32_t content)
{
	create();
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	expect_equal(guest_load(vcpu, GPA + 8 * PAGE), content, "huge page");
	mprotect(hva, BLOCK, PROT_NONE);
	expect_store_error(vcpu, GPA + 16 * PAGE, EFAULT, "without access");
	munmap(hva, PAGE);
	expect_errno(__vcpu_run(vcpu), -EFAULT, "split, without access");
	mprotect(hva + PAGE, BLOCK - PAGE, PROT_READ | PROT_WRITE);
	vcpu_expect(vcpu, GUEST_SYNC);
	expect_equal(word(hva, 16), 0x600dcafe, "store to a page that is accessible again");
	expect_equal(guest_load(vcpu, GPA + 8 * PAGE), content, "page of the same");
	vm_free(vm);
	munmap(hva + PAGE, BLOCK - PAGE);
}

/* The kernel must not read it for the process either, by get_user_pages_fast(). */
static void expect_unreadable(char *hva)
{
	struct iovec iov = { .iov_base = hva, .iov_len = PAGE };
	int fds[2];

	if (pipe(fds))
		kvm_bail("pipe: %s", strerror(errno));
	expect(vmsplice(fds[1], &iov, 1, SPLICE_F_NONBLOCK) < 0 && errno == EFAULT,
	       "memory without access is read");
	close(fds[0]);
	close(fds[1]);
}

static void expect_gone(char *hva, uint32_t content)
{
	create();
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	expect_equal(guest_load(vcpu, GPA), content, "huge page");
	mprotect(hva, BLOCK, PROT_NONE);
	expect_unreadable(hva);
	munmap(hva, BLOCK);
	expect_store_error(vcpu, GPA, EFAULT, "unmapped");
	vm_free(vm);
}

static void without_access(void)
{
	expect_split(huge_memory(BLOCK), 0x5a5a5a5a);
	expect_gone(huge_memory(BLOCK), 0x5a5a5a5a);
	expect_split(huge_zero_page(), 0);
	expect_gone(huge_zero_page(), 0);
}

/*
 * A forced read by the process itself ends only when it is killed. A kernel without
 * CONFIG_TRANSPARENT_HUGEPAGE must not take the entry for a bad one, and forget the page.
 */
static void forced_access(void)
{
	char *hva, byte;
	int fd, status;
	pid_t pid;

	reserve_huge_pages(2);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		kvm_bail("fork: %s", strerror(errno));
	if (!pid) {
		hva = map_memory(BLOCK, MAP_HUGETLB);
		memset(hva, 0x5a, BLOCK);
		mprotect(hva, BLOCK, PROT_NONE);
		fd = open("/proc/self/mem", O_RDONLY);
		pread(fd, &byte, 1, (uintptr_t)hva);
		_exit(0);
	}
	usleep(300000);
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			kvm_bail("waitpid: %s", strerror(errno));
	expect(WIFSIGNALED(status), "the read has ended, status %#x", status);
	expect_equal(memory_kib("HugePages_Free"), 2, "huge pages that are free");
	reserve_huge_pages(0);
}

static const struct test tests[] = {
	{ "transparent huge pages are mapped as blocks", transparent },
	{ "huge pages at the ends of a slot are mapped by pages", edges },
	{ "pages of hugetlbfs are mapped as blocks", hugetlb },
	{ "shared pages of hugetlbfs are mapped as blocks until a hole is punched",
	  hugetlb_file },
	{ "huge pages are followed as they come and go", collapse_and_split },
	{ "huge pages without access are split and unmapped", without_access },
	{ "a forced read of hugetlbfs without access loses no page", forced_access },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
