// SPDX-License-Identifier: GPL-2.0
/*
 * Memory slots that change while two vcpus use them.
 *
 * The guest increments words and knows their expected values. While a word is
 * not in a slot, or not writable, the test emulates the accesses on the same
 * memory.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "memory.h"
#include "threads.h"
#include "../guest/guest_slots.h"

#define SLOT		5
#define ROUNDS		10
/* Limit for a round in which the guest makes no access */
#define MAX_SECONDS	20
/* 128 MiB, of which the guest uses a page in every other block */
#define WIDE_STRIDE	(BLOCK + 7 * PAGE)
#define WIDE		(SLOTS_PLACES * BLOCK + BLOCK)

static struct kvm_vm *vm;
static struct threads threads;
static uint32_t stride;
static size_t size;

/* The guest's memory, which may move while the guest has no slot */
static char *backing;
static pthread_mutex_t backing_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint emulated;

/* Find the offset of a guest address in the memory. */
static bool find(uint64_t gpa, uint32_t *offset)
{
	uint64_t base = gpa >= SLOTS_ALIAS ? SLOTS_ALIAS : SLOTS_BASE;

	*offset = gpa - base;
	return gpa >= base && gpa - base < size;
}

static bool emulate(struct kvm_run *run)
{
	uint32_t offset, data;

	if (run->mmio.len != sizeof(data) ||
	    !find(run->mmio.phys_addr, &offset))
		return false;
	pthread_mutex_lock(&backing_lock);
	if (run->mmio.is_write) {
		memcpy(&data, run->mmio.data, sizeof(data));
		write_word(backing + offset, data);
	} else {
		data = read_word(backing + offset);
		memcpy(run->mmio.data, &data, sizeof(data));
	}
	pthread_mutex_unlock(&backing_lock);
	atomic_fetch_add(&emulated, 1);
	return true;
}

static bool handle(struct kvm_vcpu *vcpu, enum guest_event event,
		   uint32_t value)
{
	if (event == GUEST_MMIO && emulate(vcpu->run))
		return true;
	if (event == GUEST_DONE)
		test_fail("vcpu %u: at %#x was %#x, not %#x", vcpu->id,
			  vcpu->reports[0], vcpu->reports[1],
			  vcpu->reports[2]);
	return threads_unexpected(vcpu, event, value);
}

/* ---- waiting for the guest ---------------------------------------------- */

static uint32_t increments(void)
{
	return vm_shared(vm)[SLOTS_COUNT(0)] + vm_shared(vm)[SLOTS_COUNT(1)];
}

static uint32_t emulations(void)
{
	return atomic_load(&emulated);
}

static void wait_for(uint32_t (*count)(void), uint32_t more, const char *what)
{
	uint32_t start = count();
	time_t limit = time(NULL) + MAX_SECONDS;

	while (count() - start < more && !test_failed()) {
		if (time(NULL) > limit)
			kvm_bail("the guest %s", what);
		usleep(50);
	}
}

static void until_used(void)
{
	wait_for(increments, 20, "does not get on");
}

static void until_emulated(void)
{
	wait_for(emulations, 4, "does without memory that is not there");
}

/* ---- what is done to the slot ------------------------------------------- */

static void set_slot(uint64_t gpa, uint32_t flags)
{
	vm_set_memory(vm, SLOT, gpa, size, backing, flags);
}

static void delete_and_recreate(void)
{
	vm_delete_memory(vm, SLOT);
	until_emulated();
	set_slot(SLOTS_BASE, 0);
	until_used();
}

static void move(void)
{
	set_slot(SLOTS_ALIAS, 0);
	until_used();
	until_emulated();
	set_slot(SLOTS_BASE, 0);
	until_used();
}

/* Once the slot is deleted, the guest must not use the old memory. */
static void change_backing(void)
{
	char *old = backing, *new = map_memory(size, MAP_NORESERVE);

	vm_delete_memory(vm, SLOT);
	pthread_mutex_lock(&backing_lock);
	memcpy(new, old, size);
	backing = new;
	pthread_mutex_unlock(&backing_lock);
	until_emulated();
	set_slot(SLOTS_BASE, 0);
	/* From here on, an access of the old memory would be noticed. */
	memset(old, 0xee, size);
	until_used();
	munmap(old, size);
}

/* Only a new slot can change whether memory is writable. */
static void read_only_and_back(void)
{
	vm_delete_memory(vm, SLOT);
	set_slot(SLOTS_BASE, KVM_MEM_READONLY);
	until_emulated();
	until_used();
	vm_delete_memory(vm, SLOT);
	set_slot(SLOTS_BASE, 0);
	until_used();
}

/* Split the slot in two, delete one half, and make it whole again. */
static void split(void)
{
	size_t half = size / 2;

	vm_delete_memory(vm, SLOT);
	vm_set_memory(vm, SLOT, SLOTS_BASE, half, backing, 0);
	vm_set_memory(vm, SLOT + 1, SLOTS_BASE + half, half, backing + half,
		      KVM_MEM_LOG_DIRTY_PAGES);
	until_used();
	vm_delete_memory(vm, SLOT);
	until_emulated();
	vm_delete_memory(vm, SLOT + 1);
	set_slot(SLOTS_BASE, 0);
	until_used();
}

/* ---- tests -------------------------------------------------------------- */

static void expect_memory(void)
{
	uint32_t cpu, place, sum;

	for (cpu = 0; cpu < SLOTS_CPUS; cpu++) {
		for (place = sum = 0; place < SLOTS_PLACES; place++)
			sum += read_word(backing + place * stride +
					 4 * SLOTS_WORD(cpu));
		expect_equal(sum, vm_shared(vm)[SLOTS_COUNT(cpu)],
			     "increments of CPU %u in memory", cpu);
	}
}

static void run(uint32_t flags, void (*change)(void), unsigned int rounds)
{
	unsigned int i, emulations, used;

	atomic_store(&emulated, 0);
	vm = vm_create_guest("slots", SLOTS_CPUS);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r0), flags);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r1), stride);
	set_slot(SLOTS_BASE, 0);
	threads_start(&threads, vm, handle);
	until_used();
	for (i = 0; i < rounds && !test_failed(); i++)
		change();
	vm_shared(vm)[SLOTS_STOP] = 1;
	threads_join(&threads);
	expect_memory();
	/* Otherwise the guest has only seen the emulation. */
	used = 2 * increments();
	emulations = atomic_load(&emulated);
	expect(emulations < used, "%u of %u accesses were emulated",
	       emulations, used);
	vm_free(vm);
}

static void with_pages(uint32_t flags, void (*change)(void))
{
	stride = PAGE;
	size = SLOTS_PLACES * PAGE;
	backing = map_memory(size, 0);
	run(flags, change, ROUNDS);
	munmap(backing, size);
}

static void deleted(void)
{
	with_pages(0, delete_and_recreate);
}

static void moved(void)
{
	with_pages(SLOTS_USE_ALIAS, move);
}

static void rebacked(void)
{
	with_pages(0, change_backing);
}

static void made_read_only(void)
{
	with_pages(0, read_only_and_back);
}

static void split_and_joined(void)
{
	with_pages(0, split);
}

static void maintained(void)
{
	with_pages(SLOTS_SET_WAY, delete_and_recreate);
}

static void wide(uint32_t flags, int advice, void (*change)(void))
{
	stride = WIDE_STRIDE;
	size = WIDE;
	backing = map_blocks(size, advice);
	run(flags, change, ROUNDS / 2);
	munmap(backing, size);
}

static void wide_of_pages(void)
{
	wide(SLOTS_USE_ALIAS, MADV_NOHUGEPAGE, move);
}

static void wide_of_blocks(void)
{
	wide(SLOTS_USE_ALIAS | SLOTS_SET_WAY, MADV_HUGEPAGE, move);
}

static const struct test tests[] = {
	{ "a slot is deleted and made anew under the guest", deleted },
	{ "a slot is moved to and fro under the guest", moved },
	{ "a slot gets other memory under the guest", rebacked },
	{ "a slot becomes read-only and writable under the guest",
	  made_read_only },
	{ "a slot is split and joined under the guest", split_and_joined },
	{ "a slot is deleted while the guest cleans its caches", maintained },
	{ "a large slot is moved to and fro under the guest", wide_of_pages },
	{ "a large slot of blocks is, while the guest cleans its caches",
	  wide_of_blocks },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
