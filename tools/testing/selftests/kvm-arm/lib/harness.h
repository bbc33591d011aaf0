/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the test programs have in common: a list of named tests, each of which
 * is one TAP result, and expectations that make a test fail with a message.
 */
#ifndef KVM_ARM_HARNESS_H
#define KVM_ARM_HARNESS_H

#include "kvm_arm.h"

/**
 * struct test - one TAP result
 * @name: what it proves
 * @run: does it; fails if an expectation is not met or through kvm_bail()
 */
struct test {
	const char *name;
	void (*run)(void);
};

/**
 * run_tests() - be a test program
 * @tests: the tests, run in order
 * @count: how many
 *
 * A test that takes too long has its KVM_RUN interrupted by a signal.
 *
 * Return: the exit status of the program.
 */
int run_tests(const struct test *tests, size_t count);

/* The test that runs has failed, for this reason; may be called by threads */
__printf(1, 2) void test_fail(const char *fmt, ...);

/* Whether the test that runs has failed so far */
bool test_failed(void);

/* Say why a test is about to fail and go on; evaluates to @condition */
#define expect(condition, fmt, ...)					\
({									\
	bool __ok = (condition);					\
									\
	if (!__ok)							\
		test_fail("line %d: " fmt, __LINE__, ##__VA_ARGS__);	\
	__ok;								\
})

#define expect_equal(got, want, fmt, ...)				\
({									\
	uint64_t __got = (got), __want = (want);			\
									\
	expect(__got == __want, fmt ": got %#llx, want %#llx",		\
	       ##__VA_ARGS__, (unsigned long long)__got,		\
	       (unsigned long long)__want);				\
})

/* @ret is 0 or -errno */
#define expect_errno(ret, want, fmt, ...)				\
({									\
	int __ret = (ret), __err = (want);				\
									\
	expect(__ret == __err, fmt ": got %s, want %s", ##__VA_ARGS__,	\
	       errno_name(__ret), errno_name(__err));			\
})

/* "success", "ENOENT", ...; positive values count as success */
const char *errno_name(int ret);

/* ---- all of a vcpu's registers ------------------------------------------ */

/**
 * struct reg_dump - values of all listed registers
 * @n: how many
 * @reg: by position in KVM_GET_REG_LIST
 */
struct reg_dump {
	unsigned int n;
	struct {
		uint64_t id;
		uint64_t value;
	} reg[];
};

/* The caller frees it */
struct reg_dump *vcpu_dump(struct kvm_vcpu *vcpu);

/**
 * expect_unchanged() - expect the registers to have the values of a dump
 * @vcpu: the vcpu
 * @dump: what they were; CNTVCT, which counts, is left out
 * @what: what must not have changed them
 */
bool expect_unchanged(struct kvm_vcpu *vcpu, const struct reg_dump *dump,
		      const char *what);

/* ---- statistics --------------------------------------------------------- */

/* A counter of KVM_GET_STATS_FD, by name */
uint64_t vcpu_stat(struct kvm_vcpu *vcpu, const char *name);

/* ---- the machine -------------------------------------------------------- */

/* Keep this thread on one CPU */
void pin_to_cpu(unsigned int cpu);
unsigned int nr_cpus(void);

/* KVM_ARM_TARGET_* of this machine */
uint32_t host_target(void);

/**
 * qemu_version() - tell what traps can be expected
 *
 * Return: the major version of the QEMU that the host runs on, as
 * KVM_ARM_QEMU in the environment has it; HARDWARE without that.
 */
unsigned int qemu_version(void);
#define HARDWARE	(~0U)

#endif /* KVM_ARM_HARNESS_H */
