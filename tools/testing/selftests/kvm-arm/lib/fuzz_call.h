/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random ioctls of a VM, its vcpus and its GIC.
 */
#ifndef KVM_ARM_FUZZ_CALL_H
#define KVM_ARM_FUZZ_CALL_H

#include <stdatomic.h>
#include <time.h>

#include "fuzz.h"
#include "kvm_arm.h"

#define FUZZ_VCPUS	4
#define FUZZ_EVENTS	4
#define FUZZ_AREAS	2
#define FUZZ_MAX_CALLS	64

/**
 * struct fuzz_counts - what became of the calls, in memory that processes share
 * @calls: number of calls, by their index
 * @successes: ... that did not fail
 */
struct fuzz_counts {
	atomic_uint calls[FUZZ_MAX_CALLS];
	atomic_uint successes[FUZZ_MAX_CALLS];
};

/**
 * struct fuzz_target - the VM of a process; its threads share and change this
 * @kvm: /dev/kvm
 * @vm: the VM
 * @gic: its GIC
 * @vcpu: its vcpus, or -1
 * @run: their struct kvm_run, or NULL
 * @event: eventfds
 * @area: memory that the VM's slots have at first
 * @regs: ids of registers
 * @init: the right argument of KVM_ARM_VCPU_INIT
 * @entry: where a guest program starts
 * @counts: counters
 */
struct fuzz_target {
	int kvm;
	int vm;
	int gic;
	int vcpu[FUZZ_VCPUS];
	struct kvm_run *run[FUZZ_VCPUS];
	int event[FUZZ_EVENTS];
	struct {
		void *hva;
		uint64_t gpa;
		uint32_t size;
	} area[FUZZ_AREAS];
	struct kvm_reg_list *regs;
	struct kvm_vcpu_init init;
	uint32_t entry;
	struct fuzz_counts *counts;
};

/**
 * struct fuzz_pages - a page for arguments, and ways to pass it
 * @page: it, writable; the page after it cannot be accessed
 * @read_only: the same page, read-only
 */
struct fuzz_pages {
	char *page;
	char *read_only;
};

/**
 * struct fuzz_caller - a thread that makes calls
 * @stream: its random numbers
 * @made: number of calls
 * @f: the random numbers of the present call
 * @t: the VM
 * @vcpu: index of the vcpu that it mostly uses
 * @timer: interrupts its KVM_RUN
 * @begin: when it began
 * @dear_time: time of its dear calls so far, in nanoseconds
 * @can_afford: the next dear call may be made
 * @arg: for arguments
 * @data: for what arguments point to
 */
struct fuzz_caller {
	struct fuzz stream;
	unsigned int made;
	struct fuzz f;
	struct fuzz_target *t;
	unsigned int vcpu;
	timer_t timer;
	uint64_t begin;
	uint64_t dear_time;
	bool can_afford;
	struct fuzz_pages arg;
	struct fuzz_pages data;
};

/* Prepare a thread for calls. */
void fuzz_caller_init(struct fuzz_caller *c, struct fuzz_target *t,
		      struct fuzz stream);

/* To be called first by the thread that makes the calls */
void fuzz_caller_begin(struct fuzz_caller *c);

/* The handler of SIGUSR1, which interrupts KVM_RUN */
void fuzz_interrupt(int sig);

/**
 * fuzz_call() - make a random call
 * @c: the caller
 *
 * By number, most calls are cheap. Dear ones take about a quarter of the time.
 */
void fuzz_call(struct fuzz_caller *c);

/**
 * fuzz_report() - print how many calls were made, and which never succeeded
 * @counts: the counters
 * @seconds: time that all of them took
 *
 * Return: how many of 100 calls have succeeded.
 */
unsigned int fuzz_report(struct fuzz_counts *counts, double seconds);

/* ---- arguments, in fuzz_args.c ------------------------------------------ */

/* Return a pointer to @size bytes of @pages, mostly to their beginning. */
void *fuzz_pointer(struct fuzz *f, const struct fuzz_pages *pages, size_t size);

/*
 * fuzz_fill - write an argument to @arg, a page of zeroes
 *
 * Return: its size, or 0 for the size in the ioctl's number.
 */
typedef size_t (*fuzz_fill)(struct fuzz_caller *c, void *arg);

size_t fuzz_fill_noise(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_memory(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_get_log(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_clear_log(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_device(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_gic_attr(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_vcpu_attr(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_vm_attr(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_device_addr(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_irq_line(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_irqfd(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_ioeventfd(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_zone(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_msi(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_routing(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_cap(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_init(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_one_reg(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_reg_list(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_mp_state(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_events(struct fuzz_caller *c, void *arg);
size_t fuzz_fill_mask(struct fuzz_caller *c, void *arg);

#endif /* KVM_ARM_FUZZ_CALL_H */
