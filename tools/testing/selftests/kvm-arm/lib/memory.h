/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest memory as the host maps it, and as the guest accesses it.
 */
#ifndef KVM_ARM_MEMORY_H
#define KVM_ARM_MEMORY_H

#include "kvm_arm.h"

#define PAGE		4096u
#define BLOCK		(2u << 20)
#define BLOCK_PAGES	(BLOCK / PAGE)

/**
 * map_memory() - map anonymous memory
 * @size: in bytes
 * @flags: MAP_HUGETLB, MAP_NORESERVE, ...; 0 for none
 *
 * Return: its address; the caller unmaps it.
 */
void *map_memory(size_t size, int flags);

/**
 * map_blocks() - map memory that starts at a multiple of 2 MiB
 * @size: in bytes
 * @advice: MADV_HUGEPAGE or MADV_NOHUGEPAGE
 *
 * Return: its address; the caller unmaps it.
 */
void *map_blocks(size_t size, int advice);

/**
 * reserve_huge_pages() - set the number of pages of hugetlbfs
 * @nr: number of pages; 0 frees them
 */
void reserve_huge_pages(unsigned int nr);

/* Access a word that the guest or another thread changes. */
static inline uint32_t read_word(const void *hva)
{
	return __atomic_load_n((const uint32_t *)hva, __ATOMIC_RELAXED);
}

static inline void write_word(void *hva, uint32_t value)
{
	__atomic_store_n((uint32_t *)hva, value, __ATOMIC_RELAXED);
}

/* ---- what the host made of it ------------------------------------------- */

/* Return how much of the mapping around @hva is transparent huge pages, in KiB. */
unsigned int huge_kib(const void *hva);

/* Entries of /proc/self/pagemap */
#define PAGEMAP_PRESENT		0x8000000000000000ULL
#define PAGEMAP_SWAPPED		0x4000000000000000ULL
#define PAGEMAP_FRAME		0x007fffffffffffffULL

uint64_t page_entry(const void *hva);
/* Count the pages of @size bytes at @hva that have all bits of @mask. */
unsigned int count_pages(const void *hva, size_t size, uint64_t mask);

/* Return a number of /proc/vmstat, or of /proc/meminfo; 0 if it is missing. */
uint64_t event_count(const char *name);
uint64_t memory_kib(const char *name);

/* Write a line to a file; return false with errno on failure. */
bool write_file(const char *path, const char *text);

/* Swap to /dev/ram0, until swap_end(). */
void swap_begin(void);
void swap_end(void);

/* ---- single accesses by the guest program "execute" --------------------- */

void guest_store(struct kvm_vcpu *vcpu, uint32_t gpa, uint32_t value);
uint32_t guest_load(struct kvm_vcpu *vcpu, uint32_t gpa);

/* Expect a store to exit to user space, and drop it there. */
void expect_mmio_store(struct kvm_vcpu *vcpu, uint32_t gpa, const char *what);

/* Expect KVM_RUN to fail at a store; __vcpu_run() tries the store again. */
void expect_store_error(struct kvm_vcpu *vcpu, uint32_t gpa, int err,
			const char *what);

/* Return the number of a vcpu's stage 2 faults that did not exit to user space. */
uint64_t page_faults(struct kvm_vcpu *vcpu);

#endif /* KVM_ARM_MEMORY_H */
