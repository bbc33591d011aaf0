// SPDX-License-Identifier: GPL-2.0
/* Change the file of a VM's state, for tests of damaged files. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "state_edit.h"
#include "state_file.h"

struct vm_state state_create(unsigned int nr_vcpus)
{
	struct kvm_vm *vm = vm_create_bare(nr_vcpus);

	return (struct vm_state){
		.vm = vm,
		.gic = gic_create(vm, STATE_NR_IRQS),
	};
}

void state_destroy(struct vm_state *state)
{
	vm_free(state->vm);
	if (state->gic >= 0)
		close(state->gic);
	free(state->device);
	*state = (struct vm_state){ .gic = -1 };
}

int state_open(void)
{
	int fd = memfd_create("state", MFD_CLOEXEC);

	if (fd < 0)
		kvm_bail("memfd_create: %s", strerror(errno));
	return fd;
}

static void *copy_of(const void *data, size_t size)
{
	void *copy = malloc(size + 1);

	if (!copy)
		kvm_bail("no memory");
	memcpy(copy, data, size);
	return copy;
}

void state_save_image(struct vm_state *state, struct state_image *image)
{
	int fd = state_open();
	void *map;

	vm_save_state(state, fd);
	image->size = lseek(fd, 0, SEEK_CUR);
	map = mmap(NULL, image->size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		kvm_bail("cannot read the state: %s", strerror(errno));
	image->data = copy_of(map, image->size);
	munmap(map, image->size);
	close(fd);
}

int __state_load_image(struct vm_state *state, const struct state_image *image)
{
	int fd = state_open();
	int ret;

	if (write(fd, image->data, image->size) != (ssize_t)image->size)
		kvm_bail("cannot write the state: %s", strerror(errno));
	lseek(fd, 0, SEEK_SET);
	ret = __vm_load_state(state, fd);
	close(fd);
	return ret;
}

void state_load_image(struct vm_state *state, const struct state_image *image)
{
	if (__state_load_image(state, image) < 0)
		kvm_bail("restoring a VM: %s", state->why);
}

struct state_image state_copy(const struct state_image *image)
{
	return (struct state_image){
		.data = copy_of(image->data, image->size),
		.size = image->size,
	};
}

static struct state_section *next_section(const struct state_section *section)
{
	return (void *)((char *)(section + 1) + section->size);
}

struct state_section *state_find(const struct state_image *image,
				 enum state_type type, uint32_t index)
{
	struct state_section *section;
	void *end = image->data + image->size;

	section = (void *)(image->data + sizeof(struct state_header));
	for (; (void *)section < end; section = next_section(section))
		if (section->type == type && section->index == index)
			return section;
	kvm_bail("the state has no section of type %u, index %u", type, index);
}

void state_seal(struct state_section *section)
{
	uint32_t crc = state_crc(0, section,
				 offsetof(struct state_section, crc));

	section->crc = state_crc(crc, section + 1, section->size);
}

void state_seal_header(const struct state_image *image)
{
	struct state_header *header = (void *)image->data;

	header->crc = state_crc(0, header, offsetof(struct state_header, crc));
}

struct state_reg *state_find_reg(const struct state_image *image,
				 uint32_t vcpu, uint64_t id)
{
	struct state_section *section = state_find(image, STATE_REGS, vcpu);
	struct state_reg *reg = (void *)(section + 1);
	unsigned int i, n = section->size / sizeof(*reg);

	for (i = 0; i < n; i++)
		if (reg[i].id == id)
			return &reg[i];
	kvm_bail("the state has no register %#llx of vcpu %u",
		 (unsigned long long)id, vcpu);
}

static void cut(struct state_image *image, void *where, size_t size)
{
	uint8_t *end = image->data + image->size;
	uint8_t *from = where;

	memmove(from, from + size, end - from - size);
	image->size -= size;
}

static void cut_content(struct state_image *image,
			struct state_section *section, void *where, size_t size)
{
	cut(image, where, size);
	section->size -= size;
	state_seal(section);
}

void state_drop_reg(struct state_image *image, uint32_t vcpu, uint64_t id)
{
	cut_content(image, state_find(image, STATE_REGS, vcpu),
		    state_find_reg(image, vcpu, id), sizeof(struct state_reg));
}

void state_drop_gic_reg(struct state_image *image, uint32_t group,
			uint32_t vcpu, uint32_t offset)
{
	struct state_section *section = state_find(image, STATE_GIC, 0);
	struct gic_state *gic = (void *)(section + 1);
	struct gic_reg *reg;
	uint32_t i;

	for (i = 0; i < gic->nr_regs; i++) {
		reg = &gic->regs[i];
		if (reg->group == group && reg->vcpu == vcpu &&
		    reg->offset == offset)
			break;
	}
	if (i == gic->nr_regs)
		kvm_bail("the state has no register %#x of the GIC", offset);
	gic->nr_regs--;
	cut_content(image, section, reg, sizeof(*reg));
}

void state_drop_section(struct state_image *image, enum state_type type,
			uint32_t index)
{
	struct state_section *section = state_find(image, type, index);

	cut(image, section, sizeof(*section) + section->size);
}
