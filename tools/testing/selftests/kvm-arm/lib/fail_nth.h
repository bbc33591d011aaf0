/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Repeat operations on VMs, each time with another allocation of memory, or copy from or
 * to user space, that fails; see Documentation/fault-injection/fault-injection.rst.
 */
#ifndef KVM_ARM_FAIL_NTH_H
#define KVM_ARM_FAIL_NTH_H

#include "kvm_arm.h"

/* Tell whether the kernel can do so. */
bool fail_nth_present(void);

/* Let allocations fail that may wait for memory, quietly. */
void fail_nth_setup(void);

#define FAIL_SLOT_SIZE	(2u << 20)
#define FAIL_VCPUS	2
#define FAIL_MAX_FDS	16

/**
 * struct fixture - what an operation needs and makes
 * @kvm: /dev/kvm
 * @vm: the VM, or NULL
 * @gic: its GIC, or -1
 * @fds: what the operation has opened
 * @nr_fds: number of @fds
 * @memory: FAIL_SLOT_SIZE bytes for a slot, or NULL
 * @list: all registers, or NULL
 * @init: for KVM_ARM_VCPU_INIT
 * @run_size: size of a vcpu's struct kvm_run
 */
struct fixture {
	int kvm;
	struct kvm_vm *vm;
	int gic;
	int fds[FAIL_MAX_FDS];
	unsigned int nr_fds;
	void *memory;
	struct kvm_reg_list *list;
	struct kvm_vcpu_init init;
	int run_size;
};

/* A new VM, and FAIL_VCPUS initialised vcpus; with a GIC, without its addresses or ready */
void with_nothing(struct fixture *x);
void with_vm(struct fixture *x);
void with_vcpus(struct fixture *x);
void with_new_gic(struct fixture *x);
void with_gic(struct fixture *x);
/* A VM with a vcpu to be initialised */
void with_new_vcpu(struct fixture *x);

/* Keep a file descriptor, to be closed at the end; return 0, or the error. */
int fixture_keep(struct fixture *x, int fd);

/**
 * struct operation - what is repeated
 * @name: its name, for messages
 * @prepare: make a new fixture; nothing fails
 * @run: the operation: return 0 or -errno. It must not end the test
 * @never_fails: it always returns 0
 */
struct operation {
	const char *name;
	void (*prepare)(struct fixture *x);
	int (*run)(struct fixture *x);
	bool never_fails;
};

/**
 * fail_each() - let each allocation and each copy of an operation fail in turn
 * @op: the operation
 *
 * Expect a usual error or success, no error of the kernel, and that the operation
 * succeeds afterwards.
 */
void fail_each(const struct operation *op);

#endif /* KVM_ARM_FAIL_NTH_H */
