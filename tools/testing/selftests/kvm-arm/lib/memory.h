/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of this process that is a guest's, as the host and the guest see it.
 */
#ifndef KVM_ARM_MEMORY_H
#define KVM_ARM_MEMORY_H

#include "kvm_arm.h"

#define PAGE		4096u
#define BLOCK		(2u << 20)
#define BLOCK_PAGES	(BLOCK / PAGE)

/**
 * map_memory() - fresh anonymous memory
 * @size: in bytes
 * @flags: MAP_HUGETLB, MAP_NORESERVE, ...; 0 for none
 *
 * Return: where it is, for the caller to munmap().
 */
void *map_memory(size_t size, int flags);

/**
 * map_blocks() - memory that starts at a multiple of 2 MiB
 * @size: in bytes
 * @advice: MADV_HUGEPAGE or MADV_NOHUGEPAGE
 *
 * Return: where it is, for the caller to munmap().
 */
void *map_blocks(size_t size, int advice);

/**
 * reserve_huge_pages() - set the number of pages of hugetlbfs
 * @nr: how many; 0 gives them back
 */
void reserve_huge_pages(unsigned int nr);

/* A word that the guest or another thread changes */
static inline uint32_t read_word(const void *hva)
{
	return __atomic_load_n((const uint32_t *)hva, __ATOMIC_RELAXED);
}

static inline void write_word(void *hva, uint32_t value)
{
	__atomic_store_n((uint32_t *)hva, value, __ATOMIC_RELAXED);
}

/* ---- what the host made of it ------------------------------------------- */

/* How much of the mapping around @hva is in transparent huge pages, in KiB */
unsigned int huge_kib(const void *hva);

/* Entries of /proc/self/pagemap */
#define PAGEMAP_PRESENT		0x8000000000000000ULL
#define PAGEMAP_SWAPPED		0x4000000000000000ULL
#define PAGEMAP_FRAME		0x007fffffffffffffULL

uint64_t page_entry(const void *hva);
/* How many pages of @size bytes at @hva have all of the bits @mask */
unsigned int count_pages(const void *hva, size_t size, uint64_t mask);

/* A number from /proc/vmstat, and from /proc/meminfo; 0 if it has none */
uint64_t event_count(const char *name);
uint64_t memory_kib(const char *name);

/* Write a line to a file; false with errno if that fails */
bool write_file(const char *path, const char *text);

/* Swap to /dev/ram0, up to swap_end() */
void swap_begin(void);
void swap_end(void);

/* ---- single accesses by the guest program "execute" --------------------- */

void guest_store(struct kvm_vcpu *vcpu, uint32_t gpa, uint32_t value);
uint32_t guest_load(struct kvm_vcpu *vcpu, uint32_t gpa);

/* A store that has to end in user space; it is dropped there */
void expect_mmio_store(struct kvm_vcpu *vcpu, uint32_t gpa, const char *what);

/* A store that KVM_RUN has to fail at; __vcpu_run() tries it again */
void expect_store_error(struct kvm_vcpu *vcpu, uint32_t gpa, int err,
			const char *what);

/* Faults of stage 2 of a vcpu so far that were not for user space */
uint64_t page_faults(struct kvm_vcpu *vcpu);

#endif /* KVM_ARM_MEMORY_H */
