/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What VMs take of the host, and whether they gave it back.
 */
#ifndef KVM_ARM_LEAK_H
#define KVM_ARM_LEAK_H

#include <stdint.h>

/**
 * struct footprint - what is in use on the host, in KiB
 * @used: memory that is neither free nor a program's or file's
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

/* What is in use now, caches left aside */
void footprint_take(struct footprint *now);

/**
 * expect_no_leak() - expect what is in use to be what it was
 * @before: what it was
 * @kib: how much the less exact numbers may differ by, see leak.c
 * @what: what has been done in between
 *
 * Waits for what the host frees with delay.
 */
void expect_no_leak(const struct footprint *before, unsigned int kib,
		    const char *what);

#endif /* KVM_ARM_LEAK_H */
