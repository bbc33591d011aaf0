// SPDX-License-Identifier: GPL-2.0
/*
 * Load a VM from a file that state.c has written.
 *
 * A file may be damaged, cut off, or something else: check everything before
 * using it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "state_file.h"

/**
 * struct loaded_memory - a memory slot of the file
 * @memory: the VM's memory; NULL until the file names the slot
 * @next: offset up to which the content is loaded
 */
struct loaded_memory {
	const struct kvm_memory *memory;
	uint64_t next;
};

/**
 * struct loader - what has been read of a file
 * @file: the file
 * @header: its header
 * @types: sections without an index that have been read, a bit for each enum
 *	state_type
 * @regs: STATE_REGS that have been read, a bit for each vcpu
 * @vcpus: STATE_VCPU that have been read, a bit for each vcpu
 * @memory: STATE_MEMORY, by the slot's number in the file
 */
struct loader {
	struct state_file file;
	struct state_header header;
	uint32_t types;
	uint32_t regs;
	uint32_t vcpus;
	struct loaded_memory memory[KVM_ARM_MAX_MEMORY];
};

/* Fail for a section whose content has an impossible size. */
static int bad_content(struct vm_state *state,
		       const struct state_section *section)
{
	char name[SECTION_NAME_LEN];

	return state_fail(state, -EBADMSG,
			  "the file is damaged: impossible content of %s",
			  state_section_name(section, name, sizeof(name)));
}

static int check_shape(struct loader *loader)
{
	const struct state_header *header = &loader->header;
	struct vm_state *state = loader->file.state;
	unsigned int nr_vcpus = state_count_vcpus(state->vm);
	unsigned int nr_memory = state_count_memory(state->vm);
	bool has_gic = header->flags & STATE_HAS_GIC, want_gic = state->gic >= 0;
	uint32_t target = 0;
	int ret = state_target(state, &target);

	if (ret)
		return ret;
	if (header->target != target)
		return state_fail(state, -EXDEV,
				  "the state is of a VM on a %s, this is a %s",
				  kvm_target_name(header->target),
				  kvm_target_name(target));
	if (header->nr_vcpus != nr_vcpus)
		return state_fail(state, -EXDEV,
				  "the state is of a VM with %u vcpus, this one has %u",
				  header->nr_vcpus, nr_vcpus);
	if (header->nr_memory != nr_memory)
		return state_fail(state, -EXDEV,
				  "the state is of a VM with %u memory slots, this one has %u",
				  header->nr_memory, nr_memory);
	if (has_gic != want_gic)
		return state_fail(state, -EXDEV,
				  "the state is of a VM with%s a GIC in the kernel, this one is with%s",
				  has_gic ? "" : "out", has_gic ? "out" : "");
	return 0;
}

static int load_time(struct loader *loader, const struct state_section *section,
		     const void *content)
{
	struct vm_state *state = loader->file.state;

	if (section->size != sizeof(state->time))
		return bad_content(state, section);
	memcpy(&state->time, content, sizeof(state->time));
	return 0;
}

static int load_gic(struct loader *loader, const struct state_section *section,
		    const void *content)
{
	struct vm_state *state = loader->file.state;
	const struct gic_state *gic = content;
	uint32_t nr_irqs = 0;
	int ret;

	if (state->gic < 0 || section->size < sizeof(*gic) || !gic->nr_regs ||
	    (section->size - sizeof(*gic)) % sizeof(gic->regs[0]) ||
	    (section->size - sizeof(*gic)) / sizeof(gic->regs[0]) !=
	    gic->nr_regs)
		return bad_content(state, section);

	ret = __gic_get_nr_irqs(state->gic, &nr_irqs);
	if (!ret && nr_irqs != gic->nr_irqs)
		return state_fail(state, -EXDEV,
				  "the state is of a GIC with %u interrupts, this one has %u",
				  gic->nr_irqs, nr_irqs);
	if (!ret)
		ret = __gic_restore(state->gic, gic);
	if (ret < 0)
		return state_fail(state, ret, "cannot restore the GIC: %s",
				  strerror(-ret));
	return 0;
}

static int load_reg(struct vm_state *state, struct kvm_vcpu *vcpu,
		    const struct state_reg *reg)
{
	char name[REG_NAME_LEN];
	int ret;

	/*
	 * The counter belongs to the VM: state_load sets it when all else is in
	 * place.
	 */
	if (reg->id == KVM_REG_ARM_TIMER_CNT)
		return 0;
	if (reg_size(reg->id) > sizeof(reg->value))
		ret = -ENOENT;
	else
		ret = __vcpu_set_reg(vcpu, reg->id, reg->value);
	if (ret == -ENOENT)
		return state_fail(state, ret,
				  "vcpu %u: this kernel has no register %s, id %#018llx",
				  vcpu->id, reg_name(reg->id, name),
				  (unsigned long long)reg->id);
	if (ret < 0)
		return state_fail(state, ret,
				  "vcpu %u: cannot set %s to %#llx: %s",
				  vcpu->id, reg_name(reg->id, name),
				  (unsigned long long)reg->value,
				  strerror(-ret));
	return 0;
}

/* Count the registers of a vcpu that are not among @regs. */
static unsigned int count_missing(struct kvm_vcpu *vcpu,
				  const struct state_reg *regs, unsigned int n)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	unsigned int i, j, missing = 0;

	for (i = 0; i < list->n; i++) {
		for (j = 0; j < n && regs[j].id != list->reg[i]; j++)
			;
		missing += j == n;
	}
	free(list);
	return missing;
}

static int load_regs(struct loader *loader, const struct state_section *section,
		     const void *content)
{
	struct vm_state *state = loader->file.state;
	struct kvm_vcpu *vcpu = state->vm->vcpus[section->index];
	const struct state_reg *regs = content;
	unsigned int i, n = section->size / sizeof(*regs);
	int ret = 0;

	if (section->size % sizeof(*regs))
		return bad_content(state, section);
	for (i = 0; !ret && i < n; i++)
		ret = load_reg(state, vcpu, &regs[i]);
	if (!ret)
		state->regs_missing += count_missing(vcpu, regs, n);
	return ret;
}

static int load_vcpu(struct loader *loader, const struct state_section *section,
		     const void *content)
{
	struct vm_state *state = loader->file.state;
	struct kvm_vcpu *vcpu = state->vm->vcpus[section->index];
	struct state_vcpu from;
	struct kvm_mp_state mp;
	int ret;

	if (section->size != sizeof(from))
		return bad_content(state, section);
	memcpy(&from, content, sizeof(from));
	mp.mp_state = from.mp_state;
	ret = __vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &mp);
	if (ret < 0)
		return state_fail(state, ret,
				  "vcpu %u: KVM_SET_MP_STATE %u: %s",
				  vcpu->id, mp.mp_state, strerror(-ret));
	if (!from.has_events)
		return 0;
	ret = __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &from.events);
	if (ret < 0)
		return state_fail(state, ret,
				  "vcpu %u: KVM_SET_VCPU_EVENTS: %s",
				  vcpu->id, strerror(-ret));
	return 0;
}

static int load_device(struct loader *loader,
		       const struct state_section *section, const void *content)
{
	struct vm_state *state = loader->file.state;

	/* Allocate one more byte: malloc(0) may return NULL. */
	state->device = malloc(section->size + 1);
	if (!state->device)
		return state_fail(state, -ENOMEM, "no memory");
	memcpy(state->device, content, section->size);
	state->device_size = section->size;
	return 0;
}

static int forget_content(struct vm_state *state,
			  const struct kvm_memory *memory)
{
	if (memory->owned &&
	    madvise(memory->hva, memory->size, MADV_DONTNEED))
		return state_fail(state, -errno, "cannot clear memory: %s",
				  strerror(errno));
	return 0;
}

static int load_memory(struct loader *loader,
		       const struct state_section *section, const void *content)
{
	struct vm_state *state = loader->file.state;
	struct loaded_memory *loaded = &loader->memory[section->index];
	const struct kvm_memory *memory;
	struct state_memory place;
	unsigned int i;

	if (section->size != sizeof(place))
		return bad_content(state, section);
	memcpy(&place, content, sizeof(place));
	for (i = 0; i < KVM_ARM_MAX_MEMORY; i++) {
		memory = &state->vm->memory[i];
		if (memory->size && memory->gpa == place.gpa &&
		    memory->size == place.size) {
			loaded->memory = memory;
			return forget_content(state, memory);
		}
	}
	return state_fail(state, -EXDEV,
			  "the state has %#llx bytes of memory at %#llx, this VM has not",
			  (unsigned long long)place.size,
			  (unsigned long long)place.gpa);
}

/*
 * Memory that the file leaves out is zero. Do not allocate pages that were
 * never written.
 */
static void clear_memory(struct loaded_memory *loaded, uint64_t end)
{
	char *hva = loaded->memory->hva;

	/* load_memory() has cleared the library's own memory. */
	if (loaded->memory->owned)
		return;
	for (; loaded->next < end; loaded->next += STATE_PAGE)
		if (!state_is_zero(hva + loaded->next, STATE_PAGE))
			memset(hva + loaded->next, 0, STATE_PAGE);
}

static int load_pages(struct loader *loader,
		      const struct state_section *section, const void *content)
{
	struct vm_state *state = loader->file.state;
	struct loaded_memory *loaded = &loader->memory[section->index];
	uint64_t gpa, offset, size;

	if (section->size < sizeof(gpa) || !loaded->memory)
		return bad_content(state, section);
	memcpy(&gpa, content, sizeof(gpa));
	size = section->size - sizeof(gpa);
	offset = gpa - loaded->memory->gpa;
	if (offset % STATE_PAGE || size % STATE_PAGE ||
	    offset < loaded->next || offset > loaded->memory->size ||
	    size > loaded->memory->size - offset)
		return bad_content(state, section);

	clear_memory(loaded, offset);
	memcpy((char *)loaded->memory->hva + offset,
	       (const char *)content + sizeof(gpa), size);
	loaded->next = offset + size;
	return 0;
}

/* Set a bit that must not be set yet. */
static bool seen_before(uint32_t *seen, unsigned int bit)
{
	bool before = *seen & 1U << bit;

	*seen |= 1U << bit;
	return before;
}

static int load_section(struct loader *loader,
			const struct state_section *section,
			const void *content)
{
	struct vm_state *state = loader->file.state;
	unsigned int nr_vcpus = loader->header.nr_vcpus;
	uint32_t index = section->index;

	switch (section->type) {
	case STATE_TIME:
		if (seen_before(&loader->types, STATE_TIME))
			break;
		return load_time(loader, section, content);
	case STATE_GIC:
		if (seen_before(&loader->types, STATE_GIC))
			break;
		return load_gic(loader, section, content);
	case STATE_DEVICE:
		if (seen_before(&loader->types, STATE_DEVICE))
			break;
		return load_device(loader, section, content);
	case STATE_REGS:
		if (index >= nr_vcpus || seen_before(&loader->regs, index))
			break;
		return load_regs(loader, section, content);
	case STATE_VCPU:
		if (index >= nr_vcpus || seen_before(&loader->vcpus, index))
			break;
		return load_vcpu(loader, section, content);
	case STATE_MEMORY:
		if (index >= KVM_ARM_MAX_MEMORY ||
		    loader->memory[index].memory)
			break;
		return load_memory(loader, section, content);
	case STATE_PAGES:
		if (index >= KVM_ARM_MAX_MEMORY)
			break;
		return load_pages(loader, section, content);
	}
	return bad_content(state, section);
}

/* Check that all sections promised by the header were there. */
static int check_complete(struct loader *loader,
			  const struct state_section *end, const void *content)
{
	struct vm_state *state = loader->file.state;
	uint32_t types = 1U << STATE_TIME | 1U << STATE_DEVICE;
	uint32_t vcpus = (1U << loader->header.nr_vcpus) - 1;
	unsigned int i, nr_memory = 0;
	uint32_t count;

	if (end->size != sizeof(count))
		return bad_content(state, end);
	memcpy(&count, content, sizeof(count));
	if (loader->header.flags & STATE_HAS_GIC)
		types |= 1U << STATE_GIC;
	for (i = 0; i < KVM_ARM_MAX_MEMORY; i++)
		if (loader->memory[i].memory)
			nr_memory++;
	if (loader->types != types || loader->regs != vcpus ||
	    loader->vcpus != vcpus || nr_memory != loader->header.nr_memory ||
	    count != loader->file.nr_sections - 1)
		return state_fail(state, -EBADMSG,
				  "the file is damaged: parts of it are missing");
	return 0;
}

static int finish(struct loader *loader)
{
	struct vm_state *state = loader->file.state;
	unsigned int i;
	int ret;

	for (i = 0; i < KVM_ARM_MAX_MEMORY; i++)
		if (loader->memory[i].memory)
			clear_memory(&loader->memory[i],
				     loader->memory[i].memory->size);
	ret = __vm_set_time(state->vm, state->time);
	if (ret < 0)
		return state_fail(state, ret, "cannot set CNTVCT: %s",
				  strerror(-ret));
	return 0;
}

static int load_sections(struct loader *loader, void *content)
{
	struct state_section section;
	int ret;

	for (;;) {
		ret = state_read(&loader->file, &section, content);
		if (ret)
			return ret;
		if (section.type == STATE_END)
			break;
		ret = load_section(loader, &section, content);
		if (ret)
			return ret;
	}
	ret = check_complete(loader, &section, content);
	return ret ? ret : finish(loader);
}

int __vm_load_state(struct vm_state *state, int fd)
{
	struct loader loader = { .file = { .state = state, .fd = fd } };
	void *content = malloc(STATE_MAX_CONTENT);
	int ret;

	state->device = NULL;
	state->device_size = 0;
	state->regs_missing = 0;
	if (!content)
		return state_fail(state, -ENOMEM, "no memory");
	ret = state_read_header(&loader.file, &loader.header);
	if (!ret)
		ret = check_shape(&loader);
	if (!ret)
		ret = load_sections(&loader, content);
	free(content);
	if (ret) {
		free(state->device);
		state->device = NULL;
	}
	return ret;
}

void vm_load_state(struct vm_state *state, int fd)
{
	if (__vm_load_state(state, fd) < 0)
		kvm_bail("restoring a VM: %s", state->why);
}
