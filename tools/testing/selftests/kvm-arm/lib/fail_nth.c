// SPDX-License-Identifier: GPL-2.0
/* Let allocations and copies fail, one by one; see fail_nth.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail_nth.h"
#include "fuzz.h"
#include "fuzz_cover.h"
#include "gic.h"
#include "harness.h"
#include "klog.h"
#include "leak.h"
#include "kselftest.h"
#include "memory.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define DEBUGFS		"/sys/kernel/debug/"
/* More than any operation has */
#define MAX_SITES	3000
/* KASAN keeps that much freed memory; stage 2, files and VMs must be gone at once. */
#define NOISE_KIB	(64 << 10)

static int file = -1;

bool fail_nth_present(void)
{
	return !access(FAIL_NTH, W_OK);
}

static void set(const char *path, const char *value)
{
	if (!write_file(path, value))
		kvm_bail("%s: %s", path, strerror(errno));
}

/*
 * Where a thread is preempted, the kernel copies rseq's data to it, and kills the program
 * if that fails. The program does without.
 */
static void unregister_rseq(void)
{
	void *area = (char *)__builtin_thread_pointer() + __rseq_offset;

	if (__rseq_size && syscall(SYS_rseq, area, sizeof(struct rseq),
				   RSEQ_FLAG_UNREGISTER, RSEQ_SIG))
		kvm_bail("rseq: %s", strerror(errno));
}

void fail_nth_setup(void)
{
	unregister_rseq();
	set(DEBUGFS "failslab/ignore-gfp-wait", "N");
	set(DEBUGFS "failslab/verbose", "0");
	set(DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N");
	set(DEBUGFS "fail_page_alloc/ignore-gfp-highmem", "N");
	set(DEBUGFS "fail_page_alloc/min-order", "0");
	set(DEBUGFS "fail_page_alloc/verbose", "0");
	set(DEBUGFS "fail_usercopy/verbose", "0");
	file = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (file < 0)
		kvm_bail(FAIL_NTH ": %s", strerror(errno));
}

/* Let the nth fail, counted from 1. */
static void begin(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(file, text, n, 0) != n)
		kvm_bail(FAIL_NTH ": %s", strerror(errno));
}

/* Let none fail any more. Return false if there were fewer. */
static bool end(void)
{
	char text[16] = "";
	ssize_t n = pread(file, text, sizeof(text) - 1, 0);
	unsigned int left;

	/* If the next copy was to fail, it was that of this read. */
	if (n < 0)
		return false;
	left = strtoul(text, NULL, 10);
	/* The number counts down with this write, too: it may fail once. */
	if (left && pwrite(file, "0", 1, 0) != 1)
		begin(0);
	return !left;
}

/* ---- fixtures ----------------------------------------------------------- */

void with_nothing(struct fixture *x)
{
	x->kvm = kvm_open();
	x->run_size = kvm_ioctl(x->kvm, KVM_GET_VCPU_MMAP_SIZE, NULL);
}

void with_vm(struct fixture *x)
{
	with_nothing(x);
	x->vm = vm_create();
	x->memory = map_blocks(FAIL_SLOT_SIZE, MADV_NOHUGEPAGE);
	vm_preferred_target(x->vm, &x->init);
}

void with_new_vcpu(struct fixture *x)
{
	struct kvm_vcpu *vcpu;

	with_vm(x);
	vcpu = vcpu_create(x->vm, 0);
	vcpu_init(vcpu, 0);
	x->list = vcpu_get_reg_list(vcpu);
	vcpu_free(vcpu);
	vm_free(x->vm);
	x->vm = vm_create();
	vcpu_create(x->vm, 0);
}

void with_vcpus(struct fixture *x)
{
	with_nothing(x);
	x->vm = vm_create_bare(FAIL_VCPUS);
	x->memory = map_blocks(FAIL_SLOT_SIZE, MADV_NOHUGEPAGE);
	x->list = vcpu_get_reg_list(x->vm->vcpus[0]);
}

void with_new_gic(struct fixture *x)
{
	with_vcpus(x);
	x->gic = __gic_create(x->vm);
	if (x->gic < 0)
		kvm_bail("GIC: %s", errno_name(x->gic));
}

void with_gic(struct fixture *x)
{
	with_vcpus(x);
	x->gic = gic_create(x->vm, 0);
}

static void clean_up(struct fixture *x)
{
	unsigned int i;

	for (i = 0; i < x->nr_fds; i++)
		close(x->fds[i]);
	if (x->gic >= 0)
		close(x->gic);
	vm_free(x->vm);
	if (x->memory)
		munmap(x->memory, FAIL_SLOT_SIZE);
	free(x->list);
	/*
	 * The first file that was opened, and all later ones: KVM_CREATE_DEVICE leaves the
	 * device's file open if it cannot return its number.
	 */
	close_range(x->kvm, ~0U, 0);
}

int fixture_keep(struct fixture *x, int fd)
{
	if (fd < 0)
		return fd;
	if (x->nr_fds == FAIL_MAX_FDS)
		close(fd);
	else
		x->fds[x->nr_fds++] = fd;
	return 0;
}

/* ---- repetition --------------------------------------------------------- */

/* The errors of allocations and copies, of no file, and of a wait that was given up */
static bool is_usual(int ret)
{
	return ret >= 0 || ret == -ENOMEM || ret == -EFAULT || ret == -ENFILE ||
	       ret == -EINTR || ret == -EAGAIN;
}

static void check_log(int log, unsigned long taint, const char *name,
		      unsigned int nth)
{
	char text[384];

	while (klog_next_error(log, text, sizeof(text)))
		test_fail("%s, site %u: %s", name, nth, text);
	expect_equal(kernel_taint(), taint, "%s, site %u: taint", name, nth);
}

static void succeed(const struct operation *op, unsigned int nth)
{
	struct fixture x = { .gic = -1 };

	op->prepare(&x);
	expect_errno(op->run(&x), 0, "%s, after site %u", op->name, nth);
	clean_up(&x);
}

/* Fail at the nth site. Return false if there are fewer. */
static bool fail_at(const struct operation *op, unsigned int nth, int *ret)
{
	struct fixture x = { .gic = -1 };
	bool failed;

	op->prepare(&x);
	begin(nth);
	*ret = op->run(&x);
	failed = end();
	/* Again, on what is there now; it may exist already. */
	if (*ret < 0)
		op->run(&x);
	clean_up(&x);
	fuzz_cover_take();
	return failed;
}

void fail_each(const struct operation *op)
{
	unsigned long taint = kernel_taint();
	unsigned int nth = 0, errors = 0;
	int log = klog_open(), ret;
	struct footprint before;
	bool failed;

	succeed(op, nth);
	footprint_take(&before);
	do {
		failed = fail_at(op, ++nth, &ret);
		/* If nothing has failed, the operation must have succeeded. */
		expect(failed ? is_usual(ret) : ret >= 0, "%s, site %u: %s", op->name,
		       nth, errno_name(ret));
		errors += ret < 0;
		succeed(op, nth);
		check_log(log, taint, op->name, nth);
	} while (failed && nth < MAX_SITES && !test_failed());

	expect(!failed || test_failed(), "%s: more than %u sites", op->name, MAX_SITES);
	expect(nth > 1 && (errors || op->never_fails), "%s: no failure is seen", op->name);
	ksft_print_msg("%s: %u sites, %u errors\n", op->name, nth - 1, errors);
	expect_no_leak(&before, NOISE_KIB, op->name);
	close(log);
}
