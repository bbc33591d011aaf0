/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measure what VMs use of the host, and check that they give it back.
 */
#ifndef KVM_ARM_LEAK_H
#define KVM_ARM_LEAK_H

#include <stdint.h>

/**
 * struct footprint - resources in use on the host, in KiB
 * @used: memory that is neither free nor belongs to a program or file
 * @slab: SUnreclaim of /proc/meminfo
 * @page_tables: PageTables
 * @sec_page_tables: SecPageTables: stage 2 of all VMs
 * @kernel_stack: KernelStack
 * @percpu: Percpu
 * @fds: file descriptors of this process (a number)
 * @vms: VMs in debugfs (a number)
 */
struct footprint {
	int64_t used;
	int64_t slab;
	int64_t page_tables;
	int64_t sec_page_tables;
	int64_t kernel_stack;
	int64_t percpu;
	int64_t fds;
	int64_t vms;
};

/* Measure the resources in use, without caches. */
void footprint_take(struct footprint *now);

/**
 * expect_no_leak() - expect the resources in use not to have grown
 * @before: the resources in use before
 * @kib: tolerance for the less exact numbers, see leak.c
 * @what: the action in between, for messages
 *
 * Wait for resources that the host frees with delay.
 */
void expect_no_leak(const struct footprint *before, unsigned int kib,
		    const char *what);

#endif /* KVM_ARM_LEAK_H */
