// SPDX-License-Identifier: GPL-2.0
/*
 * Changes by the host to memory that two vcpus are using.
 *
 * After each change the host writes a number to every page and waits until both
 * CPUs of the guest have copied it: a CPU that still used an old page would
 * never copy it. The guest checks that its own counters keep their values or,
 * where pages are given up, become zero.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "memory.h"
#include "threads.h"
#include "../guest/guest_echo.h"

#define SLOT		5
#define ROUNDS		4
/* For tests that do not depend on the size of the memory */
#define SOME_PAGES	64
#define MAX_SECONDS	20

#ifndef MADV_COLD
#define MADV_COLD	20
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

static struct kvm_vm *vm;
static struct threads threads;
static unsigned int pages;
static size_t size;
static char *hva;
static int fd;
static uint32_t number;

/* Set while the guest may find no memory, or memory that it cannot write */
static atomic_bool away;
static atomic_uint efaults;

static bool handle(struct kvm_vcpu *vcpu, enum guest_event event,
		   uint32_t value)
{
	if (event == GUEST_ERROR && value == EFAULT && atomic_load(&away)) {
		atomic_fetch_add(&efaults, 1);
		usleep(200);
		return true;
	}
	if (event == GUEST_DONE)
		test_fail("vcpu %u: counter of page %u was %#x, not %#x",
			  vcpu->id, vcpu->reports[0], vcpu->reports[1],
			  vcpu->reports[2]);
	return threads_unexpected(vcpu, event, value);
}

static uint32_t word(unsigned int page, unsigned int n)
{
	return read_word(hva + page * PAGE + 4 * n);
}

static void await_echo(unsigned int page, unsigned int cpu)
{
	time_t limit = time(NULL) + MAX_SECONDS;

	while (word(page, ECHO_COPY(cpu)) != number && !test_failed()) {
		if (time(NULL) > limit)
			kvm_bail("CPU %u does not see page %u as it is", cpu,
				 page);
		usleep(50);
	}
}

static void expect_echo(void)
{
	unsigned int page, cpu;

	number++;
	for (page = 0; page < pages; page++)
		write_word(hva + page * PAGE + 4 * ECHO_HOST, number);
	for (page = 0; page < pages; page++)
		for (cpu = 0; cpu < ECHO_CPUS; cpu++)
			await_echo(page, cpu);
}

/* ---- acts --------------------------------------------------------------- */

/*
 * Return a sum over the guest's counters. It changes unless the guest cannot
 * write.
 */
static uint32_t checksum(void)
{
	uint32_t sum = 0;
	unsigned int page, cpu;

	for (page = 0; page < pages; page++)
		for (cpu = 0; cpu < ECHO_CPUS; cpu++)
			sum = sum * 31 + word(page, ECHO_COUNT(cpu));
	return sum;
}

static void give_up_pages(unsigned int round)
{
	unsigned int page;

	for (page = round % 3; page < pages; page += 3)
		madvise(hva + page * PAGE, PAGE, MADV_DONTNEED);
}

static void replace_pages(unsigned int round)
{
	unsigned int page;

	for (page = round % 5; page < pages; page += 17)
		if (mmap(hva + page * PAGE, PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		    MAP_FAILED)
			kvm_bail("no memory: %s", strerror(errno));
}

static void punch_holes(unsigned int round)
{
	unsigned int page;

	for (page = round % 3; page < pages; page += 3)
		if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			      page * PAGE, PAGE))
			kvm_bail("fallocate: %s", strerror(errno));
}

static void protect(unsigned int round)
{
	unsigned int before = atomic_load(&efaults), tries = 200;
	uint32_t sum;

	atomic_store(&away, true);
	mprotect(hva, size, PROT_READ);
	sum = checksum();
	while (atomic_load(&efaults) == before && tries--)
		usleep(1000);
	expect(atomic_load(&efaults) != before, "no write was refused");
	expect_equal(checksum(), sum, "memory that is not to be written");
	/* For huge pages, the host itself warns in pmdp_invalidate(). */
	if (round % 2 && pages != ECHO_PAGES)
		mprotect(hva, size, PROT_NONE);
	usleep(1000);
	mprotect(hva, size, PROT_READ | PROT_WRITE);
}

/* From here on, KVM_RUN must not fail. */
static void come_back(void)
{
	expect_echo();
	atomic_store(&away, false);
}

/* A child sees the memory as it was, while parent and guest go on with it. */
static void fork_process(unsigned int round)
{
	uint32_t sum;
	int go[2], status;
	char c = 0;
	pid_t pid;

	if (pipe(go))
		kvm_bail("no pipe");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		sum = checksum();
		if (round % 2)
			memset(hva, 0xee, size / 2);
		c = read(go[0], &c, 1);
		if (round % 2)
			_exit(read_word(hva) != 0xeeeeeeee);
		_exit(checksum() != sum);
	}
	expect_echo();
	expect(write(go[1], &c, 1) == 1, "the child cannot be told");
	waitpid(pid, &status, 0);
	expect_equal(status, 0, "round %u: status of the child", round);
	close(go[0]);
	close(go[1]);
}

static void swap_out(unsigned int round)
{
	uint64_t before = event_count("pswpout");
	unsigned int tries = 100;

	(void)round;
	/* A page that is being faulted in is not swapped out: try again. */
	do {
		if (madvise(hva, size, MADV_PAGEOUT))
			kvm_bail("MADV_PAGEOUT: %s", strerror(errno));
	} while (event_count("pswpout") == before && tries--);
	expect(event_count("pswpout") > before, "no page was swapped out");
}

/* Move the memory to a huge page, and back to pages by the swap. */
static void collapse(unsigned int round)
{
	unsigned int tries = 1000;

	(void)round;
	/* A page that is being faulted in cannot be collapsed: try again. */
	while (madvise(hva, size, MADV_COLLAPSE) && tries--) {
		expect_equal(errno, EAGAIN, "MADV_COLLAPSE");
		usleep(1000);
	}
	expect_equal(huge_kib(hva), size / 1024, "KiB in huge pages");
	expect_echo();
	swap_out(round);
	expect_equal(huge_kib(hva), 0, "KiB in huge pages afterwards");
}

static void age_and_compact(unsigned int round)
{
	(void)round;
	madvise(hva, size, MADV_COLD);
	if (!write_file("/proc/sys/vm/compact_memory", "1"))
		kvm_bail("no compaction: %s", strerror(errno));
}

/* ---- tests -------------------------------------------------------------- */

static void run(void (*act)(unsigned int round), bool zeros)
{
	/* A round of a huge page takes as long as eight rounds of SOME_PAGES. */
	unsigned int rounds = pages == ECHO_PAGES ? ROUNDS / 2 : ROUNDS;
	unsigned int round, cpu;

	number = 0;
	atomic_store(&away, false);
	atomic_store(&efaults, 0);
	vm = vm_create_guest("echo", ECHO_CPUS);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r0), pages);
	vm_shared(vm)[ECHO_ZERO_OK] = zeros;
	vm_set_memory(vm, SLOT, ECHO_BASE, size, hva, 0);
	threads_start(&threads, vm, handle);
	expect_echo();
	for (round = 0; round < rounds && !test_failed(); round++) {
		act(round);
		come_back();
	}
	vm_shared(vm)[ECHO_STOP] = 1;
	threads_join(&threads);
	for (cpu = 0; cpu < ECHO_CPUS; cpu++)
		expect(!!vm_shared(vm)[ECHO_ZEROS(cpu)] == zeros,
		       "CPU %u has found %u counters to be zero", cpu,
		       vm_shared(vm)[ECHO_ZEROS(cpu)]);
	vm_free(vm);
}

static void in_memory(void (*act)(unsigned int round), bool zeros, int advice)
{
	pages = advice == MADV_HUGEPAGE ? ECHO_PAGES : SOME_PAGES;
	size = pages * PAGE;
	hva = map_blocks(size, advice);
	memset(hva, 0, size);
	run(act, zeros);
	munmap(hva, size);
}

static void given_up(void)
{
	in_memory(give_up_pages, true, MADV_NOHUGEPAGE);
}

static void huge_given_up(void)
{
	in_memory(give_up_pages, true, MADV_HUGEPAGE);
}

static void replaced(void)
{
	in_memory(replace_pages, true, MADV_NOHUGEPAGE);
}

static void holes(void)
{
	pages = SOME_PAGES;
	size = pages * PAGE;
	fd = memfd_create("guest", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, size))
		kvm_bail("no memfd: %s", strerror(errno));
	hva = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (hva == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	run(punch_holes, true);
	munmap(hva, size);
	close(fd);
}

static void write_protected(void)
{
	in_memory(protect, false, MADV_NOHUGEPAGE);
}

static void huge_write_protected(void)
{
	in_memory(protect, false, MADV_HUGEPAGE);
}

static void forked(void)
{
	in_memory(fork_process, false, MADV_NOHUGEPAGE);
}

static void huge_forked(void)
{
	in_memory(fork_process, false, MADV_HUGEPAGE);
}

static void swapped(void)
{
	swap_begin();
	in_memory(swap_out, false, MADV_NOHUGEPAGE);
	swap_end();
}

static void collapsed(void)
{
	swap_begin();
	in_memory(collapse, false, MADV_HUGEPAGE);
	swap_end();
}

static void aged(void)
{
	in_memory(age_and_compact, false, MADV_NOHUGEPAGE);
}

static const struct test tests[] = {
	{ "pages are given up under the guest", given_up },
	{ "parts of a huge page are given up under the guest", huge_given_up },
	{ "pages are replaced under the guest", replaced },
	{ "holes are punched in the guest's file", holes },
	{ "pages are write-protected under the guest", write_protected },
	{ "a huge page is write-protected under the guest",
	  huge_write_protected },
	{ "pages are shared with a child under the guest", forked },
	{ "a huge page is shared with a child under the guest", huge_forked },
	{ "pages are swapped out under the guest", swapped },
	{ "pages are made a huge page, and that swapped out, under the guest",
	  collapsed },
	{ "pages are aged and moved under the guest", aged },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
