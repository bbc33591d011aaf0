// SPDX-License-Identifier: GPL-2.0
/*
 * The dirty log of a guest that writes all the time.
 *
 * The host keeps a copy of the guest's pages, as a migration does: it
 * repeatedly fetches the log and copies the pages in it. The guest runs in
 * generations. In each generation, a CPU writes at most once to a word of a
 * page, so that no later write makes up for a missed one. It also writes all
 * the time to another word of a few pages, to catch writes by a translation
 * from before the log was fetched. The test compares the copy at the end of
 * each generation.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "memory.h"
#include "threads.h"
#include "../guest/guest_dirty.h"

#define SLOT		5
#define SIZE		(DIRTY_PAGES * PAGE)
#define LOG_WORDS	(DIRTY_PAGES / 64)
#define MAX_CPUS	2
#define GENERATIONS	6

enum mode {
	PLAIN,		/* KVM_GET_DIRTY_LOG clears the log */
	MANUAL,		/* KVM_CLEAR_DIRTY_LOG clears it */
	SWITCHED,	/* the log is turned off and on during a generation */
};

static struct kvm_vm *vm;
static struct threads threads;
static unsigned int cpus;
static enum mode mode;
static char *hva;

/* Values that the guest has written, and their copies */
static uint32_t expected[MAX_CPUS][DIRTY_PAGES];
static uint32_t copied[MAX_CPUS][DIRTY_PAGES];
static uint32_t copied_again[MAX_CPUS][DIRTY_PAGES];
/* Pages that were in a log of this generation */
static uint64_t seen[LOG_WORDS];

/* Number of vcpus that have finished their generation */
static atomic_uint arrived;
static pthread_barrier_t next;

static bool handle(struct kvm_vcpu *vcpu, enum guest_event event,
		   uint32_t value)
{
	if (event != GUEST_SYNC)
		return threads_unexpected(vcpu, event, value);
	atomic_fetch_add(&arrived, 1);
	pthread_barrier_wait(&next);
	return true;
}

static bool in_log(const uint64_t *log, unsigned int page)
{
	return log[page / 64] >> page % 64 & 1;
}

static uint32_t word(unsigned int page, unsigned int n)
{
	return read_word(hva + page * PAGE + 4 * n);
}

static void copy_page(unsigned int page)
{
	unsigned int cpu;

	for (cpu = 0; cpu < cpus; cpu++) {
		copied[cpu][page] = word(page, DIRTY_WORD(cpu));
		copied_again[cpu][page] = word(page, DIRTY_AGAIN(cpu));
	}
}

/* Make one round: fetch the log first, then copy the pages. */
static void fetch_log(void)
{
	uint64_t log[LOG_WORDS];
	struct kvm_clear_dirty_log clear = {
		.slot = SLOT,
		.num_pages = DIRTY_PAGES,
		.dirty_bitmap = log,
	};
	unsigned int page;

	vm_get_dirty_log(vm, SLOT, log);
	if (mode == MANUAL)
		vm_ioctl(vm, KVM_CLEAR_DIRTY_LOG, &clear);
	for (page = 0; page < DIRTY_PAGES; page++)
		if (in_log(log, page))
			copy_page(page);
	for (page = 0; page < LOG_WORDS; page++)
		seen[page] |= log[page];
}

static void switch_log(void)
{
	unsigned int page;

	vm_set_memory_flags(vm, SLOT, 0);
	usleep(100);
	vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
	/* From now on all writes are logged. */
	for (page = 0; page < DIRTY_PAGES; page++)
		copy_page(page);
}

static bool written_again(uint32_t generation, unsigned int page)
{
	unsigned int i;

	for (i = 0; i < DIRTY_FEW; i++)
		if (dirty_page(generation, 0, i) == page)
			return true;
	return false;
}

static void check_again(uint32_t generation, unsigned int page)
{
	uint32_t last = dirty_value(generation, DIRTY_TIMES);
	unsigned int cpu;

	for (cpu = 0; cpu < cpus; cpu++) {
		expect_equal(word(page, DIRTY_AGAIN(cpu)), last,
			     "generation %u: page %u of CPU %u, again",
			     generation, page, cpu);
		expect_equal(copied_again[cpu][page], last,
			     "generation %u: copy of page %u of CPU %u, again",
			     generation, page, cpu);
	}
}

static void check_page(uint32_t generation, unsigned int page)
{
	bool written = written_again(generation, page);
	unsigned int cpu;

	if (written)
		check_again(generation, page);
	for (cpu = 0; cpu < cpus; cpu++) {
		if (dirty_writes(generation, cpu, page)) {
			expected[cpu][page] = generation;
			written = true;
		}
		expect_equal(word(page, DIRTY_WORD(cpu)), expected[cpu][page],
			     "generation %u: page %u of CPU %u", generation,
			     page, cpu);
		expect_equal(copied[cpu][page], expected[cpu][page],
			     "generation %u: copy of page %u of CPU %u",
			     generation, page, cpu);
	}
	/* The log lacks pages that were written before it was turned on again. */
	if (mode != SWITCHED || !written)
		expect_equal(in_log(seen, page), written,
			     "generation %u: page %u in the log", generation,
			     page);
}

static void run_generation(uint32_t generation)
{
	unsigned int page, rounds;

	memset(seen, 0, sizeof(seen));
	atomic_store(&arrived, 0);
	pthread_barrier_wait(&next);
	for (rounds = 0; atomic_load(&arrived) < cpus && !test_failed();
	     rounds++) {
		if (mode == SWITCHED && rounds % 8 == 3)
			switch_log();
		fetch_log();
		usleep(dirty_hash(rounds) % 512);
	}
	fetch_log();
	for (page = 0; page < DIRTY_PAGES; page++)
		check_page(generation, page);
}

static void log_writes(unsigned int nr_cpus, enum mode how, void *memory)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		.args = { KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE },
	};
	uint32_t i;

	cpus = nr_cpus;
	mode = how;
	hva = memory;
	memset(hva, 0, SIZE);
	memset(expected, 0, sizeof(expected));
	memset(copied, 0, sizeof(copied));

	vm = vm_create_guest("dirty", cpus);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r0), cpus);
	if (mode == MANUAL)
		vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
	vm_set_memory(vm, SLOT, DIRTY_BASE, SIZE, hva,
		      KVM_MEM_LOG_DIRTY_PAGES);
	pthread_barrier_init(&next, NULL, cpus + 1);
	atomic_store(&arrived, 0);
	threads_start(&threads, vm, handle);
	while (atomic_load(&arrived) < cpus && !test_failed())
		usleep(100);

	for (i = 1; i <= GENERATIONS && !test_failed(); i++)
		run_generation(i);

	vm_shared(vm)[DIRTY_STOP] = 1;
	pthread_barrier_wait(&next);
	threads_join(&threads);
	pthread_barrier_destroy(&next);
	vm_free(vm);
}

static void small_pages(unsigned int nr_cpus, enum mode how)
{
	char *memory = map_blocks(SIZE, MADV_NOHUGEPAGE);

	log_writes(nr_cpus, how, memory);
	expect_equal(huge_kib(memory), 0, "KiB in huge pages");
	munmap(memory, SIZE);
}

static void one_cpu(void)
{
	small_pages(1, PLAIN);
}

static void two_cpus(void)
{
	small_pages(2, PLAIN);
}

static void by_hand(void)
{
	struct kvm_vm *probe = vm_create();
	int cap = vm_check_cap(probe, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2);

	vm_free(probe);
	if (cap)
		small_pages(2, MANUAL);
}

static void off_and_on(void)
{
	small_pages(2, SWITCHED);
}

static void huge_pages(enum mode how)
{
	char *memory = map_blocks(SIZE, MADV_HUGEPAGE);

	log_writes(2, how, memory);
	expect_equal(huge_kib(memory), SIZE / 1024, "KiB in huge pages");
	munmap(memory, SIZE);
}

static void in_huge_pages(void)
{
	huge_pages(PLAIN);
}

static void huge_off_and_on(void)
{
	huge_pages(SWITCHED);
}

static void in_hugetlbfs(void)
{
	void *memory;

	reserve_huge_pages(1);
	memory = map_memory(SIZE, MAP_HUGETLB);
	log_writes(2, SWITCHED, memory);
	munmap(memory, SIZE);
	reserve_huge_pages(0);
}

static const struct test tests[] = {
	{ "no write of one CPU is missed", one_cpu },
	{ "no write of two CPUs is missed", two_cpus },
	{ "no write is missed if the log is cleared by hand", by_hand },
	{ "no write is missed as the log goes off and on", off_and_on },
	{ "no write to a transparent huge page is missed", in_huge_pages },
	{ "... as the log goes off and on", huge_off_and_on },
	{ "no write to a page of hugetlbfs is missed", in_hugetlbfs },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
