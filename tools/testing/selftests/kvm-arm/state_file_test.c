// SPDX-License-Identifier: GPL-2.0
/*
 * Files with a VM's state that are damaged, cut off, of another VM or of
 * another kind are refused, with a message that says why.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "state_edit.h"

#define NR_VCPUS		2

/* A file with about two pages of memory, and a VM that fits it */
static struct vm_state target;
static struct state_image good;

static void begin(void)
{
	struct vm_state from = state_create(NR_VCPUS);
	char *ram = vm_hva(from.vm, GUEST_RAM_BASE);

	memset(ram + 0x1000, 0x5a, STATE_PAGE);
	memset(ram + 0x8000, 0xa5, STATE_PAGE);
	from.device = strdup("bytes of the caller's...");
	from.device_size = 24;
	state_save_image(&from, &good);
	state_destroy(&from);
	target = state_create(NR_VCPUS);
}

static void end(void)
{
	/* After all refusals, the VM still loads a good file. */
	expect_errno(__state_load_image(&target, &good), 0, "the good state");
	state_destroy(&target);
	free(good.data);
}

/* Check that the file is refused with @error, and that the reason has @words. */
static void expect_refused(struct vm_state *state,
			   const struct state_image *image, int error,
			   const char *words, const char *what)
{
	int ret;

	state->why[0] = '\0';
	ret = __state_load_image(state, image);
	expect_errno(ret, error, "%s (%s)", what, state->why);
	expect(!ret || strstr(state->why, words), "%s: \"%s\"", what,
	       state->why);
	if (!ret) {
		free(state->device);
		state->device = NULL;
	}
}

/* ---- cut off ------------------------------------------------------------ */

static void refuse_size(size_t size)
{
	struct state_image less = { .data = good.data, .size = size };

	expect_refused(&target, &less, -ENODATA, "truncated", "a part");
}

static void truncated(void)
{
	struct state_section *section;
	size_t size, step;

	begin();
	step = good.size / 60;
	for (size = 0; size <= sizeof(struct state_header) + 20; size++)
		refuse_size(size);
	for (size = 0; size < good.size; size += step)
		refuse_size(size);
	/* Try both sides of the boundary between two sections. */
	size = sizeof(struct state_header);
	while (size < good.size) {
		refuse_size(size - 1);
		refuse_size(size);
		refuse_size(size + sizeof(*section));
		section = (void *)(good.data + size);
		size += sizeof(*section) + section->size;
	}
	expect_equal(size, good.size, "where the last section ends");
	end();
}

/* ---- damaged ------------------------------------------------------------ */

static void flip(size_t offset, unsigned int bit)
{
	int ret;

	good.data[offset] ^= 1 << bit;
	ret = __state_load_image(&target, &good);
	good.data[offset] ^= 1 << bit;
	expect(ret == -EBADMSG || ret == -ENODATA || ret == -EPROTO,
	       "bit %u of byte %zu changed: %s (%s)", bit, offset,
	       errno_name(ret), target.why);
}

static void damaged(void)
{
	size_t i;

	begin();
	for (i = 0; i < sizeof(struct state_header) +
			sizeof(struct state_section) + 8; i++)
		flip(i, i % 8);
	for (i = 0; i < 150; i++)
		flip((i * 2654435761U) % good.size, i % 8);
	end();
}

/* ---- something else ----------------------------------------------------- */

static void foreign(void)
{
	char text[] = "A file that has never been a virtual machine, nor will it ever be one.";
	struct state_image other = { (uint8_t *)text, sizeof(text) };
	struct state_header *header;

	begin();
	expect_refused(&target, &other, -EPROTO, "not the state of a VM",
		       "a text");
	other = state_copy(&good);
	header = (void *)other.data;
	header->version = STATE_VERSION + 1;
	expect_refused(&target, &other, -EPROTO, "version 2",
		       "a later version");
	free(other.data);
	end();
}

static void no_file(void)
{
	int fds[2];

	begin();
	expect_errno(__vm_load_state(&target, -1), -EBADF, "no file");
	expect(strstr(target.why, "cannot read"), "no file: %s", target.why);
	expect_errno(__vm_save_state(&target, -1), -EBADF, "no file");
	expect(strstr(target.why, "cannot write"), "no file: %s", target.why);
	if (pipe(fds))
		kvm_bail("no pipe");
	expect_errno(__vm_save_state(&target, fds[0]), -EBADF,
		     "a file to read from");
	close(fds[0]);
	close(fds[1]);
	end();
}

/* ---- another VM --------------------------------------------------------- */

static void refused_by(struct vm_state other, const char *words,
		       const char *what)
{
	expect_refused(&other, &good, -EXDEV, words, what);
	state_destroy(&other);
}

static struct vm_state with_memory(uint64_t gpa, uint64_t size)
{
	struct vm_state state = state_create(NR_VCPUS);

	vm_delete_memory(state.vm, 0);
	vm_add_memory(state.vm, 0, gpa, size, 0);
	return state;
}

static void other_shape(void)
{
	struct vm_state other;
	struct state_header *header;
	struct state_image changed;

	begin();
	refused_by(state_create(1), "with 2 vcpus, this one has 1",
		   "one vcpu");
	refused_by(state_create(3), "with 2 vcpus, this one has 3",
		   "three vcpus");
	refused_by(with_memory(GUEST_RAM_BASE, GUEST_RAM_SIZE / 2),
		   "memory at 0x40000000, this VM has not", "half the memory");
	refused_by(with_memory(GUEST_RAM_BASE, GUEST_RAM_SIZE * 2),
		   "memory at 0x40000000, this VM has not",
		   "twice the memory");
	refused_by(with_memory(0x80000000, GUEST_RAM_SIZE),
		   "memory at 0x40000000, this VM has not",
		   "memory elsewhere");
	other = state_create(NR_VCPUS);
	vm_add_memory(other.vm, 1, 0x60000000, 0x1000, 0);
	refused_by(other, "with 1 memory slots, this one has 2", "more memory");
	other = (struct vm_state){ .vm = vm_create_bare(NR_VCPUS), .gic = -1 };
	refused_by(other, "with a GIC in the kernel, this one is without",
		   "no GIC");
	other.vm = vm_create_bare(NR_VCPUS);
	other.gic = gic_create(other.vm, 2 * STATE_NR_IRQS);
	refused_by(other, "with 64 interrupts, this one has 128",
		   "another GIC");

	changed = state_copy(&good);
	header = (void *)changed.data;
	header->target ^= KVM_ARM_TARGET_CORTEX_A15 ^ KVM_ARM_TARGET_CORTEX_A7;
	state_seal_header(&changed);
	expect_refused(&target, &changed, -EXDEV, "of a VM on a Cortex-A",
		       "another CPU");
	free(changed.data);
	end();
}

/* ---- registers ---------------------------------------------------------- */

static void refuse_reg(uint64_t id, uint64_t as, uint64_t value, int error,
		       const char *words)
{
	struct state_image changed = state_copy(&good);
	struct state_reg *reg = state_find_reg(&changed, 1, id);

	reg->id = as;
	reg->value = value;
	state_seal(state_find(&changed, STATE_REGS, 1));
	expect_refused(&target, &changed, error, words, words);
	free(changed.data);
}

static void registers(void)
{
	const uint64_t tpidrurw = REG(TPIDRURW);

	begin();
	refuse_reg(tpidrurw, CP_REG32(15, 13, 5, 7, 7), 0, -ENOENT,
		   "vcpu 1: this kernel has no register p15,5,c13,c7,7, id 0x40200000000f6baf");
	refuse_reg(tpidrurw, KVM_REG_ARM | KVM_REG_SIZE_U128 | 0x110000, 0,
		   -ENOENT, "vcpu 1: this kernel has no register");
	refuse_reg(tpidrurw, KVM_REG_ARM | KVM_REG_SIZE_U2048 | 0x110000, 0,
		   -ENOENT, "vcpu 1: this kernel has no register");
	refuse_reg(tpidrurw, tpidrurw ^ KVM_REG_ARM ^ KVM_REG_ARM64, 0,
		   -EINVAL, "vcpu 1: cannot set");
	refuse_reg(REG(MIDR), REG(MIDR), 0x510fd030, -EINVAL,
		   "vcpu 1: cannot set MIDR to 0x510fd030");
	refuse_reg(CORE_REG(usr_regs.ARM_cpsr), CORE_REG(usr_regs.ARM_cpsr),
		   0x1a, -EINVAL, "vcpu 1: cannot set CPSR to 0x1a");
	end();
}

/* ---- wrong, with checksums that are right ------------------------------- */

static void refuse_without(enum state_type type, uint32_t index,
			   const char *words, const char *what)
{
	struct state_image less = state_copy(&good);

	state_drop_section(&less, type, index);
	expect_refused(&target, &less, type == STATE_END ? -ENODATA : -EBADMSG,
		       words, what);
	free(less.data);
}

static void sections_missing(void)
{
	begin();
	refuse_without(STATE_TIME, 0, "parts of it are missing", "no time");
	refuse_without(STATE_GIC, 0, "parts of it are missing", "no GIC");
	refuse_without(STATE_REGS, 1, "parts of it are missing", "no registers");
	refuse_without(STATE_VCPU, 0, "parts of it are missing", "no run state");
	refuse_without(STATE_DEVICE, 0, "parts of it are missing", "no devices");
	refuse_without(STATE_PAGES, 0, "parts of it are missing", "less memory");
	refuse_without(STATE_MEMORY, 0,
		       "impossible content of the content of memory slot 0",
		       "memory without its place");
	refuse_without(STATE_END, 0, "truncated", "no end");
	end();
}

/* Use the content as a section of another type or index. */
static void refuse_as(enum state_type type, uint32_t index,
		      enum state_type as, uint32_t as_index)
{
	struct state_image changed = state_copy(&good);
	struct state_section *section = state_find(&changed, type, index);
	char what[64];

	section->type = as;
	section->index = as_index;
	state_seal(section);
	snprintf(what, sizeof(what), "section %u,%u as %u,%u", type, index, as,
		 as_index);
	expect_refused(&target, &changed, -EBADMSG, "damaged", what);
	free(changed.data);
}

static void sections_mistaken(void)
{
	static const uint32_t indices[] = { 0, 1, 2, 32, 0x80000000 };
	uint32_t type, as;
	size_t i;

	begin();
	for (type = STATE_TIME; type < STATE_END; type++)
		for (as = 0; as <= STATE_END + 1; as++)
			for (i = 0; i < ARRAY_SIZE(indices); i++)
				if (as != type && as != STATE_DEVICE)
					refuse_as(type, 0, as, indices[i]);
	/* Sections that occur twice, and sections of a vcpu that does not exist */
	refuse_as(STATE_REGS, 0, STATE_REGS, 1);
	refuse_as(STATE_REGS, 0, STATE_REGS, 2);
	refuse_as(STATE_VCPU, 1, STATE_VCPU, 0);
	refuse_as(STATE_VCPU, 1, STATE_VCPU, ~0U);
	refuse_as(STATE_PAGES, 0, STATE_PAGES, 31);
	refuse_as(STATE_PAGES, 0, STATE_PAGES, 32);
	end();
}

static void refuse_word(enum state_type type, unsigned int word, uint32_t value,
			const char *what)
{
	struct state_image changed = state_copy(&good);
	struct state_section *section = state_find(&changed, type, 0);

	((uint32_t *)(section + 1))[word] = value;
	state_seal(section);
	expect_refused(&target, &changed, -EBADMSG, "damaged", what);
	free(changed.data);
}

static void content_impossible(void)
{
	struct state_image changed;
	struct state_section *section;

	begin();
	refuse_word(STATE_GIC, 1, 0, "a GIC without registers");
	refuse_word(STATE_GIC, 1, ~0U, "a GIC with too many registers");
	refuse_word(STATE_PAGES, 0, GUEST_RAM_BASE + 0x1004, "half pages");
	refuse_word(STATE_PAGES, 0, GUEST_RAM_BASE - 0x1000,
		    "memory below the slot");
	refuse_word(STATE_PAGES, 0, GUEST_RAM_BASE + GUEST_RAM_SIZE,
		    "memory above the slot");
	refuse_word(STATE_PAGES, 1, 1, "memory far above");
	refuse_word(STATE_PAGES, 0, GUEST_RAM_BASE + 0x9000,
		    "memory not ascending");
	refuse_word(STATE_END, 0, 3, "another number of sections");

	changed = state_copy(&good);
	section = state_find(&changed, STATE_REGS, 0);
	section->size = 0xfffffff0;
	expect_refused(&target, &changed, -EBADMSG, "4294967280 bytes",
		       "a section that is too big");
	free(changed.data);
	end();
}

static const struct test tests[] = {
	{ "a state that is cut off anywhere is refused as truncated",
	  truncated },
	{ "a bit changed anywhere is noticed", damaged },
	{ "a file of another kind or version is refused", foreign },
	{ "no file to read or write: the message says so", no_file },
	{ "a VM with other vcpus, memory, GIC or CPU refuses a state",
	  other_shape },
	{ "registers and values that this kernel has not are refused by name",
	  registers },
	{ "missing sections are noticed", sections_missing },
	{ "sections of the wrong kind or index are refused",
	  sections_mistaken },
	{ "impossible content is refused", content_impossible },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
