/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Framework of the test programs: a list of named tests, each of which is one
 * TAP result, and expectations that make a test fail with a message.
 */
#ifndef KVM_ARM_HARNESS_H
#define KVM_ARM_HARNESS_H

#include "kvm_arm.h"

/**
 * struct test - one TAP result
 * @name: what it proves
 * @run: the test; an unmet expectation or kvm_bail() makes it fail
 */
struct test {
	const char *name;
	void (*run)(void);
};

/**
 * run_tests() - run all tests of a program
 * @tests: the tests, in order
 * @count: number of tests
 *
 * If a test takes too long, a signal interrupts its KVM_RUN.
 *
 * Return: the exit status of the program.
 */
int run_tests(const struct test *tests, size_t count);

/*
 * Return how often to repeat something: @n, or in an endurance test KVMARM_TIMES times as
 * often. Tests have as many times more time, too.
 */
unsigned int repeats(unsigned int n);

/* Make the running test fail with a message; threads may call this. */
__printf(1, 2) void test_fail(const char *fmt, ...);

/* Tell whether the running test has failed. */
bool test_failed(void);

/* Make the test fail, and go on, unless @condition holds; evaluate to @condition. */
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

/* Return "success", "ENOENT", ...; positive values count as success. */
const char *errno_name(int ret);

/* ---- all of a vcpu's registers ------------------------------------------ */

/**
 * struct reg_dump - values of all listed registers
 * @n: number of registers
 * @reg: the registers in the order of KVM_GET_REG_LIST
 */
struct reg_dump {
	unsigned int n;
	struct {
		uint64_t id;
		uint64_t value;
	} reg[];
};

/* Read all registers; the caller frees the dump. */
struct reg_dump *vcpu_dump(struct kvm_vcpu *vcpu);

/**
 * expect_unchanged() - expect the registers to have the values of a dump
 * @vcpu: the vcpu
 * @dump: the expected values; CNTVCT, which counts, is not compared
 * @what: the action that must not change them, for messages
 */
bool expect_unchanged(struct kvm_vcpu *vcpu, const struct reg_dump *dump,
		      const char *what);

/* ---- statistics --------------------------------------------------------- */

/* Return a counter of KVM_GET_STATS_FD by its name. */
uint64_t vcpu_stat(struct kvm_vcpu *vcpu, const char *name);

/* ---- the machine -------------------------------------------------------- */

/* Bind this thread to a CPU. */
void pin_to_cpu(unsigned int cpu);
unsigned int nr_cpus(void);

/* Return the KVM_ARM_TARGET_* of this host. */
uint32_t host_target(void);

/**
 * qemu_version() - return the version of the QEMU that runs the host
 *
 * It determines which traps can be expected.
 *
 * Return: the major version, from KVM_ARM_QEMU in the environment; HARDWARE if that
 * is not set.
 */
unsigned int qemu_version(void);
#define HARDWARE	(~0U)

#endif /* KVM_ARM_HARNESS_H */
