// SPDX-License-Identifier: GPL-2.0
/*
 * The log of a guest's writes, one access at a time. dirty_log_race_test.c
 * tests that no write of a running guest is missed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "execute.h"
#include "harness.h"
#include "memory.h"

#define GPA		0x48000000u
#define SLOT		5
#define NR_PAGES	64
#define ARM_BX_LR	0xe12fff1e

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;

static void create(void)
{
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
}

static void store(uint32_t page, uint32_t value)
{
	guest_store(vcpu, GPA + page * PAGE, value);
}

static void expect_dirty(uint64_t pages, const char *when)
{
	uint64_t log = 0;

	vm_get_dirty_log(vm, SLOT, &log);
	expect_equal(log, pages, "%s", when);
}

static void written_once(void)
{
	static const unsigned int pages[] = { 0, 1, 5, 31, 32, 63 };
	uint64_t want = 0;
	unsigned int i, n;
	uint32_t *hva;

	create();
	hva = vm_add_memory(vm, SLOT, GPA, NR_PAGES * PAGE, 0);
	/* The guest accesses some pages before the log is on. */
	store(0, 1);
	store(7, 1);
	guest_load(vcpu, GPA + 8 * PAGE);
	vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
	expect_dirty(0, "at the start");

	for (i = 0; i < ARRAY_SIZE(pages); i++)
		want |= 1ULL << pages[i];
	for (n = 0; n < 3; n++) {
		for (i = 7; i < 10; i++)
			guest_load(vcpu, GPA + i * PAGE);
		for (i = 0; i < ARRAY_SIZE(pages); i++)
			guest_store(vcpu, GPA + pages[i] * PAGE + 4 * i,
				    0x1000 * n + i);
		/* A second write changes nothing. */
		store(pages[2], n);
		expect_dirty(want, "after the writes");
		expect_dirty(0, "of the next log");
	}
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (i != 2)
			expect_equal(hva[pages[i] * PAGE / 4 + i], 0x2000 + i,
				     "memory of page %u", pages[i]);
	/* The log does not have the host's writes. */
	hva[3 * PAGE / 4] = 1;
	expect_dirty(0, "after a write of the host");
	vm_free(vm);
}

static void call(uint32_t page)
{
	struct execute x = {
		.insn = 0xe12fff34,		/* blx r4 */
		.r = { [4] = GPA + page * PAGE },
	};

	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions");
}

static void expect_faults(uint64_t *before, unsigned int want, const char *what)
{
	uint64_t now = page_faults(vcpu);

	expect_equal(now - *before, want, "faults of %s", what);
	*before = now;
}

/*
 * A page takes one fault for each permission that it gains, and none to regain
 * one.
 */
static void permissions_add_up(void)
{
	uint64_t faults;

	create();
	vm_add_memory(vm, SLOT, GPA, NR_PAGES * PAGE, 0);
	/* Count after the faults of the guest's own pages. */
	store(0, ARM_BX_LR);
	call(0);
	vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
	faults = page_faults(vcpu);
	store(2, ARM_BX_LR);
	expect_faults(&faults, 1, "the first write");
	call(2);
	expect_faults(&faults, 1, "the first fetch");
	guest_store(vcpu, GPA + 2 * PAGE + 4, 1);
	expect_faults(&faults, 0, "a write after a fetch");
	expect_dirty(4, "after the writes");
	call(2);
	expect_faults(&faults, 0, "a fetch of a page that was logged");
	expect_dirty(0, "after a fetch");
	store(2, ARM_BX_LR);
	expect_faults(&faults, 1, "a write to a page that was logged");
	call(2);
	expect_faults(&faults, 0, "a fetch after a write");
	expect_dirty(4, "after the last write");
	vm_free(vm);
}

static void refused(void)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
	};
	uint64_t log;

	create();
	vm_add_memory(vm, SLOT, GPA, NR_PAGES * PAGE, 0);
	expect_errno(__vm_get_dirty_log(vm, SLOT, &log), -ENOENT,
		     "log of a slot that is not logged");
	vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
	expect_errno(__vm_get_dirty_log(vm, SLOT, (void *)0xc0000000), -EFAULT,
		     "log to kernel memory");
	vm_set_memory_flags(vm, SLOT, 0);
	store(1, 1);
	expect_errno(__vm_get_dirty_log(vm, SLOT, &log), -ENOENT,
		     "log after its end");
	expect_errno(__vm_get_dirty_log(vm, 0x7fff, &log), -EINVAL,
		     "log of a slot out of range");
	expect_errno(__vm_get_dirty_log(vm, SLOT + 1, &log), -ENOENT,
		     "log of no slot");
	cap.args[0] = ~0ULL;
	expect_errno(__vm_ioctl(vm, KVM_ENABLE_CAP, &cap), -EINVAL,
		     "manual protection with unknown flags");
	vm_free(vm);
}

/* The log has pages of 4 KiB where the guest had blocks of 2 MiB. */
static void pages_of_blocks(void)
{
	uint64_t log[BLOCK_PAGES / 64];
	char *hva = map_blocks(BLOCK, MADV_HUGEPAGE);
	uint64_t faults;
	unsigned int i;

	create();
	memset(hva, 1, BLOCK);
	expect_equal(huge_kib(hva), BLOCK / 1024, "KiB in huge pages");
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	store(0, 1);
	store(100, 1);
	vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
	store(100, 2);
	store(511, 2);
	vm_get_dirty_log(vm, SLOT, log);
	for (i = 0; i < ARRAY_SIZE(log); i++)
		expect_equal(log[i], i == 1 ? 1ULL << 36 :
			     i == 7 ? 1ULL << 63 : 0, "word %u", i);
	expect_equal(guest_load(vcpu, GPA + 100 * PAGE), 2, "a written page");
	expect_equal(guest_load(vcpu, GPA + 101 * PAGE), 0x01010101,
		     "another page");

	/* With the log off, the next fault maps the block again. */
	for (i = 0; i < BLOCK_PAGES; i += 32)
		store(i, i);
	vm_get_dirty_log(vm, SLOT, log);
	vm_set_memory_flags(vm, SLOT, 0);
	faults = page_faults(vcpu);
	for (i = 0; i < BLOCK_PAGES; i += 4)
		store(i, i);
	expect(page_faults(vcpu) - faults <= 1, "%llu faults after the log",
	       (unsigned long long)(page_faults(vcpu) - faults));
	for (i = 0; i < BLOCK_PAGES; i += 4)
		expect_equal(*(uint32_t *)(hva + i * PAGE), i, "page %u", i);
	vm_free(vm);
	munmap(hva, BLOCK);
}

static void set_manual(uint64_t flags)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		.args = { flags },
	};

	vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
}

static int clear_log(uint64_t first, uint32_t pages, uint64_t bits)
{
	struct kvm_clear_dirty_log clear = {
		.slot = SLOT,
		.first_page = first,
		.num_pages = pages,
		.dirty_bitmap = &bits,
	};

	return __vm_ioctl(vm, KVM_CLEAR_DIRTY_LOG, &clear);
}

static void cleared_by_hand(void)
{
	create();
	if (!vm_check_cap(vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2)) {
		expect_errno(clear_log(0, NR_PAGES, 1), -EINVAL,
			     "KVM_CLEAR_DIRTY_LOG without the capability");
		vm_free(vm);
		return;
	}
	set_manual(KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE);
	vm_add_memory(vm, SLOT, GPA, NR_PAGES * PAGE, KVM_MEM_LOG_DIRTY_PAGES);
	store(3, 1);
	store(5, 1);
	expect_dirty(0x28, "after the writes");
	expect_dirty(0x28, "of the next log");
	expect_errno(clear_log(1, NR_PAGES, ~0ULL), -EINVAL,
		     "a first page that is not a multiple of 64");
	expect_errno(clear_log(0, NR_PAGES + 64, ~0ULL), -EINVAL,
		     "more pages than there are");
	expect_errno(clear_log(0, NR_PAGES, 0x18), 0, "page 3 and a clean one");
	expect_dirty(0x20, "after it was cleared in part");
	/* Page 5 is still in the log; 3 and 4 enter it again. */
	store(4, 2);
	store(5, 2);
	expect_dirty(0x30, "after more writes");
	expect_errno(clear_log(0, NR_PAGES, 0x30), 0, "the rest");
	expect_dirty(0, "after all was cleared");
	store(3, 3);
	store(5, 3);
	expect_dirty(0x28, "after the last writes");
	vm_free(vm);
}

/* All pages start in the log, and are protected only when cleared. */
static void initially_set(void)
{
	char *hva = map_blocks(BLOCK, MADV_HUGEPAGE);
	uint64_t log[BLOCK_PAGES / 64];
	unsigned int i;

	create();
	if (!(vm_check_cap(vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2) &
	      KVM_DIRTY_LOG_INITIALLY_SET))
		goto out;
	set_manual(KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE |
		   KVM_DIRTY_LOG_INITIALLY_SET);
	memset(hva, 1, BLOCK);
	vm_set_memory(vm, SLOT, GPA, BLOCK, hva, 0);
	store(0, 1);
	vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
	vm_get_dirty_log(vm, SLOT, log);
	for (i = 0; i < ARRAY_SIZE(log); i++)
		expect_equal(log[i], ~0ULL, "word %u at the start", i);

	/*
	 * The page is in the block, which is still mapped and protected as a
	 * whole.
	 */
	store(64, 1);
	expect_errno(clear_log(64, 64, ~0ULL), 0, "pages 64 to 127");
	vm_get_dirty_log(vm, SLOT, log);
	expect_equal(log[1], 0, "word 1 after it was cleared");
	expect_equal(log[2], ~0ULL, "word 2, which was not");
	store(0, 2);
	store(65, 2);
	store(127, 2);
	vm_get_dirty_log(vm, SLOT, log);
	expect_equal(log[1], 1ULL << 63 | 2, "word 1 after two writes");
	expect_equal(*(uint32_t *)(hva + 64 * PAGE), 1, "page 64");
	expect_equal(*(uint32_t *)(hva + 65 * PAGE), 2, "page 65");
out:
	vm_free(vm);
	munmap(hva, BLOCK);
}

/* A moved slot keeps its log, and its writes are logged. */
static void moved(void)
{
	uint32_t *hva = map_memory(NR_PAGES * PAGE, 0);

	create();
	vm_set_memory(vm, SLOT, GPA, NR_PAGES * PAGE, hva,
		      KVM_MEM_LOG_DIRTY_PAGES);
	store(1, 1);
	expect_dirty(2, "before the move");
	vm_set_memory(vm, SLOT, GPA + BLOCK, NR_PAGES * PAGE, hva,
		      KVM_MEM_LOG_DIRTY_PAGES);
	store(BLOCK_PAGES + 2, 2);
	expect_dirty(4, "after the move");
	expect_equal(hva[PAGE / 4], 1, "page 1");
	expect_equal(hva[2 * PAGE / 4], 2, "page 2");
	vm_free(vm);
	munmap(hva, NR_PAGES * PAGE);
}

static const struct test tests[] = {
	{ "the dirty log has the pages the guest wrote, once", written_once },
	{ "a fault takes no permission from a page that is logged",
	  permissions_add_up },
	{ "there is no log of what is not logged", refused },
	{ "the dirty log is of pages where blocks were mapped, which return",
	  pages_of_blocks },
	{ "KVM_CLEAR_DIRTY_LOG clears what it is asked to", cleared_by_hand },
	{ "pages that are dirty to begin with are protected as they are cleared",
	  initially_set },
	{ "a slot that moves is logged where it is", moved },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
