// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory in a VM's saved state.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "state_edit.h"

#define OTHER_BASE	0x60000000
#define OTHER_SIZE	0x21000

/* One slot is the library's, the other is not. */
static struct vm_state create_two_slots(void *other)
{
	struct vm_state state = state_create(1);

	vm_set_memory(state.vm, 5, OTHER_BASE, OTHER_SIZE, other, 0);
	return state;
}

static void fill(void *data, size_t size, unsigned int seed)
{
	uint32_t *p = data;
	size_t i;

	for (i = 0; i < size / sizeof(*p); i++)
		p[i] = (i + 1) * 2654435761U + seed;
}

static void expect_memory(struct kvm_vm *a, struct kvm_vm *b, uint64_t gpa,
			  size_t size)
{
	expect(!memcmp(vm_hva(a, gpa), vm_hva(b, gpa), size),
	       "memory at %#llx is different", (unsigned long long)gpa);
}

static void memory(void)
{
	void *other[] = {
		aligned_alloc(STATE_PAGE, OTHER_SIZE),
		aligned_alloc(STATE_PAGE, OTHER_SIZE),
	};
	struct vm_state from = create_two_slots(other[0]);
	struct vm_state to = create_two_slots(other[1]);
	char *ram = vm_hva(from.vm, GUEST_RAM_BASE);
	struct state_image image;

	/* The last byte of a page; more pages than fit in one section; both ends */
	memset(other[0], 0, OTHER_SIZE);
	ram[0x5fff] = 1;
	fill(ram + 0x10000, 150 * STATE_PAGE, 1);
	fill(ram + GUEST_RAM_SIZE - STATE_PAGE, STATE_PAGE, 2);
	fill(vm_hva(from.vm, OTHER_BASE), STATE_PAGE, 3);
	fill(vm_hva(from.vm, OTHER_BASE + OTHER_SIZE - STATE_PAGE), STATE_PAGE,
	     4);
	/* Loading must replace the old content. */
	fill(vm_hva(to.vm, GUEST_RAM_BASE), GUEST_RAM_SIZE, 5);
	fill(vm_hva(to.vm, OTHER_BASE), OTHER_SIZE, 6);

	state_save_image(&from, &image);
	expect(image.size < 0xb0000, "the file has %zu bytes", image.size);
	state_load_image(&to, &image);
	expect_memory(to.vm, from.vm, GUEST_RAM_BASE, GUEST_RAM_SIZE);
	expect_memory(to.vm, from.vm, OTHER_BASE, OTHER_SIZE);
	free(image.data);
	state_destroy(&from);
	state_destroy(&to);
	free(other[0]);
	free(other[1]);
}

static const struct test tests[] = {
	{ "memory is carried, and what was there before is gone", memory },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
