// SPDX-License-Identifier: GPL-2.0
/* Manage this process's memory that guests use. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "memory.h"

#define SWAP_DEVICE	"/dev/ram0"
#define STORE		0xe5810000	/* str r0, [r1] */
#define LOAD		0xe5910000	/* ldr r0, [r1] */

void *map_memory(size_t size, int flags)
{
	void *hva = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (hva == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	return hva;
}

void *map_blocks(size_t size, int advice)
{
	char *area = map_memory(size + BLOCK, MAP_NORESERVE);
	char *hva = (char *)(((uintptr_t)area + BLOCK - 1) & ~(BLOCK - 1));

	if (hva != area)
		munmap(area, hva - area);
	munmap(hva + size, area + BLOCK - hva);
	if (madvise(hva, size, advice))
		kvm_bail("madvise: %s", strerror(errno));
	return hva;
}

void reserve_huge_pages(unsigned int nr)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nr);
	if (!write_file("/proc/sys/vm/nr_hugepages", text))
		kvm_bail("no huge pages: %s", strerror(errno));
}

/* ---- what the host made of it ------------------------------------------- */

unsigned int huge_kib(const void *hva)
{
	FILE *file = fopen("/proc/self/smaps", "r");
	unsigned long start, end;
	bool here = false;
	unsigned int kib = 0;
	char line[256];

	if (!file)
		kvm_bail("no smaps");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			here = (uintptr_t)hva >= start && (uintptr_t)hva < end;
		else if (here && sscanf(line, "AnonHugePages: %u", &kib) == 1)
			break;
	}
	fclose(file);
	return kib;
}

uint64_t page_entry(const void *hva)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry;

	if (fd < 0 || pread(fd, &entry, sizeof(entry),
			    (off_t)((uintptr_t)hva / PAGE * sizeof(entry))) !=
	    sizeof(entry))
		kvm_bail("no pagemap: %s", strerror(errno));
	close(fd);
	return entry;
}

unsigned int count_pages(const void *hva, size_t size, uint64_t mask)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < size; i += PAGE)
		n += (page_entry((const char *)hva + i) & mask) == mask;
	return n;
}

static uint64_t number_in(const char *path, const char *name)
{
	FILE *file = fopen(path, "r");
	unsigned long long value, found = 0;
	char word[64];

	if (!file)
		kvm_bail("%s: %s", path, strerror(errno));
	while (fscanf(file, "%63s %llu%*[^\n]\n", word, &value) == 2) {
		if (!strncmp(word, name, strlen(name)) &&
		    strchr(":", word[strlen(name)]))
			found = value;
	}
	fclose(file);
	return found;
}

uint64_t event_count(const char *name)
{
	return number_in("/proc/vmstat", name);
}

uint64_t memory_kib(const char *name)
{
	return number_in("/proc/meminfo", name);
}

bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text);
}

/* The first page of a swap area: union swap_header in linux/swap.h */
struct swap_area {
	char boot[1024];
	uint32_t version;
	uint32_t last_page;
	uint32_t nr_bad;
	char rest[PAGE - 1024 - 3 * sizeof(uint32_t) - 10];
	char magic[10];
};

void swap_begin(void)
{
	struct swap_area area = { .version = 1 };
	int fd = open(SWAP_DEVICE, O_RDWR | O_CLOEXEC);
	off_t size;

	if (fd < 0)
		kvm_bail("%s: %s", SWAP_DEVICE, strerror(errno));
	size = lseek(fd, 0, SEEK_END);
	area.last_page = size / PAGE - 1;
	memcpy(area.magic, "SWAPSPACE2", sizeof(area.magic));
	if (pwrite(fd, &area, sizeof(area), 0) != sizeof(area) || fsync(fd))
		kvm_bail("%s cannot be written", SWAP_DEVICE);
	close(fd);
	if (swapon(SWAP_DEVICE, 0))
		kvm_bail("swapon: %s", strerror(errno));
}

void swap_end(void)
{
	if (swapoff(SWAP_DEVICE))
		test_fail("swapoff: %s", strerror(errno));
}

/* ---- single accesses by the guest program "execute" --------------------- */

static struct execute access_order(uint32_t insn, uint32_t gpa, uint32_t value)
{
	const struct execute x = {
		.insn = insn,
		.r = { value, gpa },
	};

	return x;
}

void guest_store(struct kvm_vcpu *vcpu, uint32_t gpa, uint32_t value)
{
	struct execute x = access_order(STORE, gpa, value);

	execute(vcpu, &x);
}

uint32_t guest_load(struct kvm_vcpu *vcpu, uint32_t gpa)
{
	struct execute x = access_order(LOAD, gpa, 0xdeadbeef);

	execute(vcpu, &x);
	return x.r[0];
}

void expect_mmio_store(struct kvm_vcpu *vcpu, uint32_t gpa, const char *what)
{
	struct execute x = access_order(STORE, gpa, 0x600dcafe);
	uint32_t data;

	execute_begin(vcpu, &x);
	if (!expect_equal(vcpu_run_guest(vcpu, NULL), GUEST_MMIO, "%s: event",
			  what))
		return;
	memcpy(&data, vcpu->run->mmio.data, sizeof(data));
	expect_equal(vcpu->run->mmio.phys_addr, gpa, "%s: address", what);
	expect_equal(data, 0x600dcafe, "%s: data", what);
	vcpu_expect(vcpu, GUEST_SYNC);
}

void expect_store_error(struct kvm_vcpu *vcpu, uint32_t gpa, int err,
			const char *what)
{
	struct execute x = access_order(STORE, gpa, 0x600dcafe);
	uint32_t value = 0;

	execute_begin(vcpu, &x);
	expect_equal(vcpu_run_guest(vcpu, &value), GUEST_ERROR, "%s: event",
		     what);
	expect_equal(value, err, "%s: error", what);
}

uint64_t page_faults(struct kvm_vcpu *vcpu)
{
	return vcpu_stat(vcpu, "s2_fault_exit_stat") -
	       vcpu_stat(vcpu, "mmio_exit_user");
}
