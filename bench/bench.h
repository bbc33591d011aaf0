/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of kvm-bench share */
#ifndef KVM_BENCH_H
#define KVM_BENCH_H

#include "guest_bench.h"
#include "kvm_arm.h"

#define PAGE_SIZE	4096
/* A slot of 1 GiB, whose host memory is one file of less */
#define BIG_SIZE	(1024u << 20)
#define BIG_PAGES	(BIG_SIZE / PAGE_SIZE)

/* Map a file again and again: user memory of BIG_SIZE bytes, in small pages. */
char *map_big(void);

/* Run the guest from its start to its end. Return the time that it takes. */
__u64 time_guest(struct kvm_vcpu *vcpu, __u32 entry, enum bench_op op, __u32 count);

/* Print for how long KVM's operations delay another task. Return the program's status. */
int bench_latency(void);

#endif /* KVM_BENCH_H */
