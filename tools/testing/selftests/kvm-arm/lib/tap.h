/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TAP output of a test program: kselftest.h, with the library's failures
 * reported as "Bail out!".
 */
#ifndef KVM_ARM_TAP_H
#define KVM_ARM_TAP_H

#include "kselftest.h"
#include "kvm_arm.h"

static inline void tap_bail(const char *message)
{
	ksft_exit_fail_msg("%s\n", message);
}

/**
 * tap_start() - begin the output of a test program
 * @plan: number of results to come
 *
 * End with ksft_finished().
 */
static inline void tap_start(unsigned int plan)
{
	kvm_bail_handler = tap_bail;
	ksft_print_header();
	ksft_set_plan(plan);
}

/**
 * tap_equal() - report whether a value is the expected one
 * @got: the value
 * @want: the expected value
 * @name: name of the result
 */
static inline void tap_equal(uint64_t got, uint64_t want, const char *name)
{
	if (got != want)
		ksft_print_msg("%s: got %#llx, want %#llx\n", name,
			       (unsigned long long)got,
			       (unsigned long long)want);
	ksft_test_result(got == want, "%s\n", name);
}

/**
 * tap_errno() - report whether an operation returned the expected error
 * @ret: the returned value, 0 or -errno
 * @want: the expected value, 0 or -errno
 * @name: name of the result
 */
static inline void tap_errno(int ret, int want, const char *name)
{
	if (ret != want)
		ksft_print_msg("%s: got %d (%s), want %d (%s)\n", name,
			       ret, ret < 0 ? strerror(-ret) : "success",
			       want, want < 0 ? strerror(-want) : "success");
	ksft_test_result(ret == want, "%s\n", name);
}

#endif /* KVM_ARM_TAP_H */
