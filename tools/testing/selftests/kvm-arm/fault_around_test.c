// SPDX-License-Identifier: GPL-2.0
/*
 * A stage 2 fault maps the pages that follow, up to the end of 64 KiB: those that
 * the host has, and no others.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "memory.h"

#define GPA		0x48000000u
#define SLOT		5
#define WINDOW		16u
#define PAGES		(4 * WINDOW)
#define SIZE		(PAGES * PAGE)

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;
static char *hva;

/* Create memory in small pages, present or not, and a VM without a slot for it. */
static void create(bool present)
{
	hva = map_blocks(SIZE, MADV_NOHUGEPAGE);
	if (present)
		memset(hva, 0x5a, SIZE);
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
	/* Do not count faults of the guest program's own memory. */
	guest_load(vcpu, GUEST_RAM_BASE);
}

static void destroy(void)
{
	vm_free(vm);
	munmap(hva, SIZE);
}

static void add_slot(uint32_t flags)
{
	vm_set_memory(vm, SLOT, GPA, SIZE, hva, flags);
}

static void store(unsigned int page)
{
	guest_store(vcpu, GPA + page * PAGE, page);
}

/*
 * Store to pages one by one: they must fault @want times, and all stores must
 * arrive.
 */
static void expect_faults(unsigned int from, unsigned int to, unsigned int want,
			  const char *what)
{
	uint64_t before = page_faults(vcpu);
	unsigned int page;

	for (page = from; page < to; page++)
		store(page);
	expect_equal(page_faults(vcpu) - before, want, "%s: faults", what);
	for (page = from; page < to; page++)
		expect_equal(read_word(hva + page * PAGE), page, "%s: page %u",
			     what, page);
}

static void following(void)
{
	uint64_t before;

	create(true);
	add_slot(0);
	before = vcpu_stat(vcpu, "s2_around_pages");
	expect_faults(0, PAGES, PAGES / WINDOW, "upwards");
	expect_equal(vcpu_stat(vcpu, "s2_around_pages") - before,
		     PAGES - PAGES / WINDOW, "pages without a fault");
	destroy();
}

/* A fault maps pages up to the end of the window, and none before. */
static void middle(void)
{
	create(true);
	add_slot(0);
	expect_faults(10, WINDOW, 1, "from page 10 on");
	expect_faults(9, 10, 1, "page 9");
	expect_faults(0, WINDOW, 1, "from page 0 on");
	expect_faults(WINDOW, WINDOW + 1, 1, "next window");
	destroy();
}

static void absent(void)
{
	create(false);
	add_slot(0);
	expect_faults(0, PAGES, PAGES, "no page is there");
	expect_equal(count_pages(hva, SIZE, PAGEMAP_PRESENT), PAGES, "present");
	destroy();

	/* A fault creates no page of the host. */
	create(false);
	add_slot(0);
	expect_faults(0, 1, 1, "one page");
	expect_equal(count_pages(hva, SIZE, PAGEMAP_PRESENT), 1, "present");
	destroy();
}

static void page_missing(void)
{
	create(true);
	madvise(hva + 5 * PAGE, PAGE, MADV_DONTNEED);
	add_slot(0);
	expect_faults(0, 5, 1, "before the hole");
	expect_faults(5, WINDOW, 1, "the hole and what follows");
	destroy();
}

static void end_of_slot(void)
{
	create(true);
	vm_set_memory(vm, SLOT, GPA, 6 * PAGE, hva, 0);
	expect_faults(0, 6, 1, "all of the slot");
	expect_mmio_store(vcpu, GPA + 6 * PAGE, "past the slot");
	expect_equal(read_word(hva + 6 * PAGE), 0x5a5a5a5a, "memory past the slot");
	destroy();
}

static void two_slots(void)
{
	create(true);
	vm_set_memory(vm, SLOT, GPA, 6 * PAGE, hva, 0);
	/* The memory behind the first slot differs from that of the next slot. */
	vm_set_memory(vm, SLOT + 1, GPA + 6 * PAGE, 4 * PAGE, hva + 40 * PAGE, 0);
	expect_faults(0, 6, 1, "the first slot");
	guest_store(vcpu, GPA + 6 * PAGE, 0x1234);
	expect_equal(read_word(hva + 40 * PAGE), 0x1234, "the second slot");
	expect_equal(read_word(hva + 6 * PAGE), 0x5a5a5a5a, "memory past the first slot");
	destroy();
}

static void read_only(void)
{
	create(true);
	add_slot(KVM_MEM_READONLY);
	expect_equal(guest_load(vcpu, GPA), 0x5a5a5a5a, "first page");
	expect_mmio_store(vcpu, GPA + PAGE, "page of a read-only slot");
	expect_equal(read_word(hva + PAGE), 0x5a5a5a5a, "its memory");
	destroy();

	create(true);
	mprotect(hva + 2 * PAGE, PAGE, PROT_READ);
	add_slot(0);
	store(0);
	expect_equal(guest_load(vcpu, GPA + 2 * PAGE), 0x5a5a5a5a, "page that is read-only");
	expect_store_error(vcpu, GPA + 2 * PAGE, EFAULT, "page that is read-only");
	expect_equal(read_word(hva + 2 * PAGE), 0x5a5a5a5a, "its memory");
	destroy();
}

static unsigned int nr_dirty(void)
{
	uint64_t bitmap[PAGES / 64] = { 0 };
	unsigned int i, n = 0;

	vm_get_dirty_log(vm, SLOT, bitmap);
	for (i = 0; i < PAGES; i++)
		n += bitmap[i / 64] >> i % 64 & 1;
	return n;
}

static void dirty_log(void)
{
	create(true);
	add_slot(KVM_MEM_LOG_DIRTY_PAGES);
	expect_faults(0, WINDOW, WINDOW, "logged");
	expect_equal(nr_dirty(), WINDOW, "dirty pages");
	destroy();

	/* The log also protects pages that a fault has mapped before. */
	create(true);
	add_slot(0);
	store(0);
	add_slot(KVM_MEM_LOG_DIRTY_PAGES);
	expect_equal(nr_dirty(), 0, "dirty pages at first");
	store(3);
	expect_equal(nr_dirty(), 1, "dirty pages");
	expect_equal(read_word(hva + 3 * PAGE), 3, "the page");
	destroy();
}

static void taken_away(void)
{
	create(true);
	add_slot(0);
	store(0);
	madvise(hva + PAGE, 2 * PAGE, MADV_DONTNEED);
	expect_equal(guest_load(vcpu, GPA + PAGE), 0, "page that was given up");
	write_word(hva + 2 * PAGE, 0x1234);
	expect_equal(guest_load(vcpu, GPA + 2 * PAGE), 0x1234, "page with a new one in its place");
	expect_equal(guest_load(vcpu, GPA + 3 * PAGE), 0x5a5a5a5a, "page that stays");
	destroy();
}

/*
 * A child shares pages until parent or child writes. A write by the parent's
 * guest counts as the parent's.
 */
static void forked(void)
{
	int go[2], status = -1;
	char byte = 0;
	pid_t pid;

	create(true);
	add_slot(0);
	store(0);
	if (pipe(go))
		kvm_bail("pipe: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		if (read(go[0], &byte, 1) != 1)
			_exit(2);
		_exit(read_word(hva + PAGE) != 0x5a5a5a5a);
	}
	store(1);
	expect_equal(read_word(hva + PAGE), 1, "the parent's page");
	if (write(go[1], &byte, 1) != 1 || waitpid(pid, &status, 0) != pid)
		kvm_bail("child: %s", strerror(errno));
	expect_equal(status, 0, "the child's page: status");
	close(go[0]);
	close(go[1]);
	destroy();
}

static const struct test tests[] = {
	{ "a fault maps the pages that follow", following },
	{ "a fault maps nothing before it, and nothing past 64 KiB", middle },
	{ "a fault makes no pages that the host does not have", absent },
	{ "a page that is not there ends what a fault maps", page_missing },
	{ "a fault maps nothing past its slot", end_of_slot },
	{ "a fault maps nothing of another slot", two_slots },
	{ "no page is mapped writable that is not", read_only },
	{ "with a dirty log a fault maps one page", dirty_log },
	{ "pages that the host takes away are gone", taken_away },
	{ "a child's pages are not written by a guest of its parent", forked },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
