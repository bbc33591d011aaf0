// SPDX-License-Identifier: GPL-2.0
/* VMs: their memory, and the guest programs in it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kvm_arm.h"

static int create_vm(int kvm, struct kvm_vm **vmp)
{
	struct kvm_vm *vm = calloc(1, sizeof(*vm));
	int fd;

	if (!vm)
		return -ENOMEM;
	fd = __kvm_ioctl(kvm, KVM_CREATE_VM, NULL);
	if (fd < 0) {
		free(vm);
		return fd;
	}
	vm->fd = fd;
	*vmp = vm;
	return 0;
}

int __vm_create(struct kvm_vm **vmp)
{
	int kvm = __kvm_open();
	int ret;

	if (kvm < 0)
		return kvm;
	ret = create_vm(kvm, vmp);
	close(kvm);
	return ret;
}

struct kvm_vm *vm_create(void)
{
	struct kvm_vm *vm = NULL;
	int kvm = kvm_open();
	int ret = create_vm(kvm, &vm);

	close(kvm);
	if (ret < 0)
		kvm_bail("KVM_CREATE_VM: %s", strerror(-ret));
	return vm;
}

void vm_free(struct kvm_vm *vm)
{
	unsigned int i;

	if (!vm)
		return;
	for (i = 0; i < KVM_ARM_MAX_VCPUS; i++)
		if (vm->vcpus[i])
			vcpu_free(vm->vcpus[i]);
	close(vm->fd);
	for (i = 0; i < KVM_ARM_MAX_MEMORY; i++)
		if (vm->memory[i].owned)
			munmap(vm->memory[i].hva, vm->memory[i].size);
	free(vm);
}

/* ---- memory ------------------------------------------------------------- */

static struct kvm_memory *find_slot(struct kvm_vm *vm, uint32_t slot)
{
	unsigned int i;

	for (i = 0; i < KVM_ARM_MAX_MEMORY; i++)
		if (vm->memory[i].size && vm->memory[i].slot == slot)
			return &vm->memory[i];
	return NULL;
}

static struct kvm_memory *free_entry(struct kvm_vm *vm)
{
	unsigned int i;

	for (i = 0; i < KVM_ARM_MAX_MEMORY; i++)
		if (!vm->memory[i].size)
			return &vm->memory[i];
	return NULL;
}

static void forget_slot(struct kvm_memory *memory)
{
	if (memory->owned)
		munmap(memory->hva, memory->size);
	memset(memory, 0, sizeof(*memory));
}

int __vm_set_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		    uint64_t size, void *hva, uint32_t flags)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)hva,
	};
	struct kvm_memory *memory = find_slot(vm, slot);
	int ret;

	if (!memory)
		memory = free_entry(vm);
	if (!memory)
		return -ENOSPC;
	ret = __vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
	if (ret < 0)
		return ret;
	if (!size) {
		forget_slot(memory);
		return 0;
	}
	memory->slot = slot;
	memory->gpa = gpa;
	memory->size = size;
	memory->hva = hva;
	return 0;
}

void vm_set_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		   uint64_t size, void *hva, uint32_t flags)
{
	int ret = __vm_set_memory(vm, slot, gpa, size, hva, flags);

	if (ret < 0)
		kvm_bail("KVM_SET_USER_MEMORY_REGION slot %u, %#llx+%#llx: %s",
			 slot, (unsigned long long)gpa,
			 (unsigned long long)size, strerror(-ret));
}

void *vm_add_memory(struct kvm_vm *vm, uint32_t slot, uint64_t gpa,
		    uint64_t size, uint32_t flags)
{
	void *hva = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (hva == MAP_FAILED)
		kvm_bail("cannot map %llu bytes of guest memory: %s",
			 (unsigned long long)size, strerror(errno));
	vm_set_memory(vm, slot, gpa, size, hva, flags);
	find_slot(vm, slot)->owned = true;
	return hva;
}

void vm_delete_memory(struct kvm_vm *vm, uint32_t slot)
{
	vm_set_memory(vm, slot, 0, 0, NULL, 0);
}

void vm_set_memory_flags(struct kvm_vm *vm, uint32_t slot, uint32_t flags)
{
	const struct kvm_memory *memory = find_slot(vm, slot);

	if (!memory)
		kvm_bail("no memory slot %u", slot);
	vm_set_memory(vm, slot, memory->gpa, memory->size, memory->hva, flags);
}

int __vm_get_dirty_log(struct kvm_vm *vm, uint32_t slot, void *bitmap)
{
	struct kvm_dirty_log log = {
		.slot = slot,
		.dirty_bitmap = bitmap,
	};

	return __vm_ioctl(vm, KVM_GET_DIRTY_LOG, &log);
}

void vm_get_dirty_log(struct kvm_vm *vm, uint32_t slot, void *bitmap)
{
	int ret = __vm_get_dirty_log(vm, slot, bitmap);

	if (ret < 0)
		kvm_bail("KVM_GET_DIRTY_LOG slot %u: %s", slot, strerror(-ret));
}

/* Find the memory at a guest physical address, and how much of it follows. */
static void *find_memory(struct kvm_vm *vm, uint64_t gpa, uint64_t *room)
{
	const struct kvm_memory *memory;
	unsigned int i;

	for (i = 0; i < KVM_ARM_MAX_MEMORY; i++) {
		memory = &vm->memory[i];
		if (gpa >= memory->gpa && gpa - memory->gpa < memory->size) {
			*room = memory->size - (gpa - memory->gpa);
			return (char *)memory->hva + (gpa - memory->gpa);
		}
	}
	return NULL;
}

void *vm_hva(struct kvm_vm *vm, uint64_t gpa)
{
	uint64_t room;

	return find_memory(vm, gpa, &room);
}

/* ---- guest programs ----------------------------------------------------- */

static long load_fd(struct kvm_vm *vm, int fd, uint64_t *base)
{
	uint32_t header[4] = { 0 };
	uint64_t room, total = 0;
	ssize_t n;
	char *hva;

	n = pread(fd, header, sizeof(header), 0);
	if (n < 0)
		return -errno;
	if (!*base && header[GUEST_HDR_MAGIC_OFF / 4] == GUEST_HDR_MAGIC)
		*base = header[GUEST_HDR_BASE_OFF / 4];
	if (!*base)
		*base = GUEST_RAM_BASE;

	hva = find_memory(vm, *base, &room);
	if (!hva)
		return -ENOMEM;
	while (total < room) {
		n = read(fd, hva + total, room - total);
		if (n < 0)
			return -errno;
		if (!n)
			break;
		total += n;
	}
	/* If there is one more byte, the file does not fit. */
	if (total == room && read(fd, header, 1) == 1)
		return -ENOMEM;
	return total;
}

long __vm_load_file(struct kvm_vm *vm, const char *path, uint64_t *base)
{
	uint64_t where = base ? *base : 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long ret;

	if (fd < 0)
		return -errno;
	ret = load_fd(vm, fd, &where);
	close(fd);
	if (base && ret >= 0)
		*base = where;
	return ret;
}

long vm_load_file(struct kvm_vm *vm, const char *path, uint64_t *base)
{
	long ret = __vm_load_file(vm, path, base);

	if (ret == -ENOMEM)
		kvm_bail("%s: no room for it in the guest's memory", path);
	if (ret < 0)
		kvm_bail("%s: %s", path, strerror(-ret));
	return ret;
}

/*
 * The test host has guest programs in /guests, make has them in ../guests, and
 * kselftest installs them beside the tests.
 */
static void guests_path(const char *name, char *path, size_t size)
{
	const char *const folders[] = {
		getenv("KVM_ARM_GUESTS"), "/guests", "../guests", ".",
	};
	size_t i;

	for (i = folders[0] ? 0 : 1; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, size, "%s/%s.bin", folders[i], name);
		if (!i || !access(path, R_OK))
			break;
	}
}

uint32_t vm_load_guest(struct kvm_vm *vm, const char *name)
{
	char path[256];
	uint64_t base = 0;

	guests_path(name, path, sizeof(path));
	vm_load_file(vm, path, &base);
	return base;
}

struct kvm_vm *vm_create_bare(unsigned int nr_vcpus)
{
	struct kvm_vm *vm = vm_create();
	uint32_t features;
	unsigned int i;

	vm_add_memory(vm, 0, GUEST_RAM_BASE, GUEST_RAM_SIZE, 0);
	for (i = 0; i < nr_vcpus; i++) {
		features = 1 << KVM_ARM_VCPU_PSCI_0_2;
		if (i)
			features |= 1 << KVM_ARM_VCPU_POWER_OFF;
		vcpu_init(vcpu_create(vm, i), features);
	}
	return vm;
}

struct kvm_vm *vm_create_guest(const char *name, unsigned int nr_vcpus)
{
	struct kvm_vm *vm = vm_create_bare(nr_vcpus);

	vcpu_start_at(vm->vcpus[0], vm_load_guest(vm, name), 0, 0, 0);
	return vm;
}

volatile uint32_t *vm_shared(struct kvm_vm *vm)
{
	return vm_hva(vm, GUEST_RAM_BASE + GUEST_SHARED_OFF);
}
