// SPDX-License-Identifier: GPL-2.0
/*
 * Changes by the host to guest memory, between accesses of the guest.
 * host_memory_race_test.c tests them while a guest runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "klog.h"
#include "memory.h"

#define GPA		0x48000000u
#define SLOT		5
#define NR_PAGES	64
#define SIZE		(NR_PAGES * PAGE)

#define IDLE_BITMAP	"/sys/kernel/mm/page_idle/bitmap"
#define KSM_RUN		"/sys/kernel/mm/ksm/run"
#define KSM_SHARING	"/sys/kernel/mm/ksm/pages_sharing"

#ifndef MADV_COLD
#define MADV_COLD	20
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;
static char *hva;

static void create(void)
{
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
	hva = map_blocks(SIZE, MADV_NOHUGEPAGE);
	vm_set_memory(vm, SLOT, GPA, SIZE, hva, 0);
}

static void destroy(void)
{
	vm_free(vm);
	munmap(hva, SIZE);
}

static void store(unsigned int page, uint32_t value)
{
	guest_store(vcpu, GPA + page * PAGE, value);
}

static uint32_t load(unsigned int page)
{
	return guest_load(vcpu, GPA + page * PAGE);
}

static uint32_t *word(unsigned int page)
{
	return (uint32_t *)(hva + page * PAGE);
}

static void given_up(void)
{
	create();
	store(0, 0x55);
	store(1, 0x66);
	expect(!madvise(hva, PAGE, MADV_DONTNEED), "madvise");
	expect_equal(load(0), 0, "a page that was given up");
	expect_equal(load(1), 0x66, "the page after it");
	store(0, 0x77);
	expect_equal(*word(0), 0x77, "memory");

	/* Replace the memory by other memory at the same address. */
	if (mmap(hva, PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != hva)
		kvm_bail("no memory");
	*word(0) = 0x88;
	expect_equal(load(0), 0x88, "new memory");

	/* Unmap the memory, then map it again. */
	munmap(hva + PAGE, PAGE);
	expect_store_error(vcpu, GPA + PAGE, EFAULT, "memory that is gone");
	if (mmap(hva + PAGE, PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		kvm_bail("no memory");
	vcpu_expect(vcpu, GUEST_SYNC);
	expect_equal(*word(1), 0x600dcafe, "memory that came back");
	destroy();
}

static void protected(void)
{
	create();
	store(1, 0x66);
	mprotect(hva, SIZE, PROT_NONE);
	expect_store_error(vcpu, GPA + PAGE, EFAULT, "without access");
	mprotect(hva, SIZE, PROT_READ);
	expect_errno(__vcpu_run(vcpu), -EFAULT, "without write access");
	mprotect(hva, SIZE, PROT_READ | PROT_WRITE);
	expect_equal(*word(1), 0x66, "memory before the write");
	vcpu_expect(vcpu, GUEST_SYNC);
	expect_equal(*word(1), 0x600dcafe, "memory after the write");
	destroy();
}

/* Copy on write, when the parent writes and when the guest writes */
static void after_fork(void)
{
	int status, go[2];
	char c = 0;
	pid_t pid;

	create();
	store(0, 1);
	store(1, 2);
	store(2, 3);
	if (pipe(go))
		kvm_bail("no pipe");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		/* The child sees what was there at the fork. */
		c = read(go[0], &c, 1);
		*word(2) = 0xbad;
		_exit(*word(0) != 1 || *word(1) != 2);
	}
	*word(0) = 0x11;
	store(1, 0x22);
	expect_equal(load(0), 0x11, "the host's write, in the guest");
	expect_equal(*word(1), 0x22, "the guest's write, in the host");
	expect(write(go[1], &c, 1) == 1, "the child cannot be told");
	waitpid(pid, &status, 0);
	expect_equal(status, 0, "status of the child");
	expect_equal(load(2), 3, "what the child wrote");
	close(go[0]);
	close(go[1]);
	destroy();
}

static void swapped_out(void)
{
	unsigned int i;

	/*
	 * A new page of another CPU is in that CPU's batch, where MADV_PAGEOUT
	 * does not find it.
	 */
	pin_to_cpu(0);
	swap_begin();
	create();
	for (i = 0; i < NR_PAGES; i++)
		store(i, 0x1000 + i);
	expect_equal(count_pages(hva, SIZE, PAGEMAP_PRESENT), NR_PAGES,
		     "pages in memory");
	madvise(hva, SIZE, MADV_PAGEOUT);
	expect_equal(count_pages(hva, SIZE, PAGEMAP_SWAPPED), NR_PAGES,
		     "pages swapped out");
	/* Read some pages first and write others first. */
	for (i = 0; i < NR_PAGES; i += 2)
		expect_equal(load(i), 0x1000 + i, "page %u", i);
	for (i = 1; i < NR_PAGES; i += 2)
		guest_store(vcpu, GPA + i * PAGE + 4, i);
	for (i = 1; i < NR_PAGES; i += 2)
		expect_equal(load(i), 0x1000 + i, "page %u, written", i);
	expect_equal(count_pages(hva, SIZE, PAGEMAP_PRESENT), NR_PAGES,
		     "pages back in memory");

	/* The page is clean in the swap now: a new write must not be lost. */
	store(0, 0xabcd);
	madvise(hva, SIZE, MADV_PAGEOUT);
	expect_equal(load(0), 0xabcd, "page that was swapped twice");
	destroy();
	swap_end();
}

static void code_changes(void)
{
	struct execute x = {
		.insn = 0xe12fff34,		/* blx r4 */
		.r = { [4] = GPA },
	};
	unsigned int i;

	create();
	for (i = 0; i < 20; i++) {
		/* The guest fetches from a new page each time. */
		word(0)[0] = 0xe3a00000 | i;	/* mov r0, #i */
		word(0)[1] = 0xe12fff1e;	/* bx lr */
		execute(vcpu, &x);
		expect_equal(x.count, 0, "exceptions");
		expect_equal(x.r[0], i, "what the code returned");
		madvise(hva, PAGE, MADV_DONTNEED);
	}
	destroy();
}

/* ---- options of the kernel that is checked ------------------------------ */

/* Read or set a page's bit in the bitmap of page idle tracking. */
static bool idle(int fd, unsigned int page, bool set)
{
	uint64_t frame = page_entry(hva + page * PAGE) & PAGEMAP_FRAME;
	uint64_t bit = 1ULL << frame % 64, bits = bit;
	off_t at = (off_t)(frame / 64 * sizeof(bits));
	ssize_t n = set ? pwrite(fd, &bits, sizeof(bits), at) :
			  pread(fd, &bits, sizeof(bits), at);

	if (n != sizeof(bits))
		kvm_bail("%s: %s", IDLE_BITMAP, strerror(errno));
	return bits & bit;
}

/*
 * The host asks whether a page was used; the guest's access flag tells. A TLB
 * may keep a translation whose flag was cleared: deleting the slot flushes it.
 */
static void aged(void)
{
	int fd = open(IDLE_BITMAP, O_RDWR | O_CLOEXEC);
	unsigned int i, round;
	void *other;

	if (fd < 0)
		kvm_bail("a kernel without CONFIG_IDLE_PAGE_TRACKING");
	pin_to_cpu(0);
	create();
	for (i = 0; i < NR_PAGES; i++)
		store(i, i);
	/*
	 * Fresh pages are tracked only after they leave their CPU's batch for a
	 * list; MADV_COLD of any page moves them.
	 */
	other = map_memory(PAGE, 0);
	madvise(other, PAGE, MADV_COLD);
	munmap(other, PAGE);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < NR_PAGES; i++)
			idle(fd, i, true);
		vm_add_memory(vm, SLOT + 1, GPA + SIZE, PAGE, 0);
		guest_load(vcpu, GPA + SIZE);
		vm_delete_memory(vm, SLOT + 1);
		for (i = round; i < NR_PAGES; i += 3)
			expect_equal(load(i), i, "page %u", i);
		for (i = 0; i < NR_PAGES; i++)
			expect_equal(idle(fd, i, false), i % 3 != round,
				     "round %u: page %u idle", round, i);
	}
	destroy();
	close(fd);
}

static uint64_t merged(void)
{
	unsigned long long n = 0;
	FILE *file = fopen(KSM_SHARING, "r");

	if (!file || fscanf(file, "%llu", &n) != 1)
		kvm_bail(KSM_SHARING " cannot be read");
	fclose(file);
	return n;
}

/* Equal pages are merged, and the guest's writes separate them. */
static void same_pages(void)
{
	unsigned int i, tries = 200;

	if (access(KSM_RUN, W_OK))
		kvm_bail("a kernel without CONFIG_KSM");
	create();
	for (i = 0; i < NR_PAGES; i++)
		store(i, 0x5a5a);
	write_file("/sys/kernel/mm/ksm/sleep_millisecs", "1");
	write_file("/sys/kernel/mm/ksm/pages_to_scan", "1000");
	if (madvise(hva, SIZE, MADV_MERGEABLE) || !write_file(KSM_RUN, "1"))
		kvm_bail("no KSM: %s", strerror(errno));
	while (merged() < NR_PAGES - 1 && tries--)
		usleep(50000);
	expect_equal(merged(), NR_PAGES - 1, "pages merged");
	write_file(KSM_RUN, "0");

	for (i = 0; i < NR_PAGES; i += 2)
		store(i, i);
	for (i = 0; i < NR_PAGES; i++)
		expect_equal(load(i), i % 2 ? 0x5a5a : i, "page %u", i);
	write_file(KSM_RUN, "2");
	for (i = 0; i < NR_PAGES; i++)
		expect_equal(load(i), i % 2 ? 0x5a5a : i, "unmerged page %u",
			     i);
	write_file(KSM_RUN, "0");
	destroy();
}

/*
 * The host splits the mapping of a shared memory: it does so under more locks than
 * for private memory.
 */
static void split(void)
{
	int log = klog_open();
	char text[512];
	unsigned int i;

	vm = execute_create(1);
	vcpu = vm->vcpus[0];
	hva = map_blocks(2 * BLOCK, MADV_NOHUGEPAGE);
	if (mmap(hva, 2 * BLOCK, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != hva)
		kvm_bail("no memory");
	vm_set_memory(vm, SLOT, GPA, 2 * BLOCK, hva, 0);
	for (i = 0; i < 2 * BLOCK_PAGES; i += 16)
		store(i, i);
	expect(!mprotect(hva + PAGE, PAGE, PROT_READ), "mprotect");
	expect(!munmap(hva + BLOCK + PAGE, PAGE), "munmap");
	for (i = 0; i < 2 * BLOCK_PAGES; i += 16)
		expect_equal(load(i), i, "page %u", i);
	expect_store_error(vcpu, GPA + PAGE, EFAULT, "a read-only page");
	vm_free(vm);
	munmap(hva, 2 * BLOCK);
	while (klog_next(log, text, sizeof(text)))
		test_fail("%s", text);
	close(log);
}

static const struct test tests[] = {
	{ "memory that is given up or replaced is followed", given_up },
	{ "memory that is not to be accessed is EFAULT until it is",
	  protected },
	{ "guest and host keep their copies after a fork", after_fork },
	{ "memory that is swapped out comes back", swapped_out },
	{ "code the host writes is what the guest runs", code_changes },
	{ "the host knows which pages the guest has used", aged },
	{ "pages that were made one are parted by writes", same_pages },
	{ "a shared mapping is split while the guest has its pages", split },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
