// SPDX-License-Identifier: GPL-2.0
/*
 * The firmware registers and the filter, by which user space selects the
 * firmware calls that a guest can make.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "kselftest.h"

#define ARM_HVC			0xe1400070
#define ARM_SMC			0xe1600070
#define THUMB_HVC		0xf7e08000
#define THUMB_SMC		0xf7f08000

#define MAX_FILTERS		1024

#define SMCCC_ARCH_FEATURES	0x80000001
#define WORKAROUND_1		0x80008000
#define WORKAROUND_2		0x80007fff
#define WORKAROUND_3		0x80003fff
#define TRNG_VERSION		0x84000050
#define TRNG_RND32		0x84000053
#define PV_TIME_FEATURES	0xc5000020
#define KVM_FEATURES		0x86000000
#define KVM_PTP			0x86000001
#define CALL_UID		0x8600ff01

#define SUCCESS			0U
#define UNAFFECTED		1U
#define NOT_SUPPORTED		(-1U)
#define NOT_REQUIRED		(-2U)

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;

static uint32_t part(void)
{
	return vcpu_get_reg(vcpu, REG(MIDR)) >> 4 & 0xfff;
}

/*
 * Level of WORKAROUND_2: only a few CPUs are known to be safe from speculative
 * stores.
 */
static uint64_t store_level(void)
{
	switch (part()) {
	case 0xc07: case 0xc0d: case 0xc0e: case 0xc0f: case 0xd03:
		return KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED;
	default:
		return KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL;
	}
}

static void create(void)
{
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
}

/* Create a VM that has not run. */
static void create_fresh(void)
{
	vm = vm_create_guest("execute", 2);
	vcpu = vm->vcpus[0];
}

static void destroy(void)
{
	vm_free(vm);
}

static struct execute call(uint32_t fn, uint32_t a1, uint32_t a2, uint32_t a3)
{
	return execute_hvc(vcpu, fn, a1, a2, a3);
}

static uint32_t call0(uint32_t fn, uint32_t a1)
{
	return call(fn, a1, 0, 0).r[0];
}

/* ---- workarounds -------------------------------------------------------- */

/* Read what the host reports about itself; false if it reports nothing. */
static bool host_says(const char *name, char *buf, size_t size)
{
	char path[80];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path),
		 "/sys/devices/system/cpu/vulnerabilities/%s", name);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return n > 0;
}

/*
 * The level that this host can offer for WORKAROUND_1 and 3. "History
 * overwrite" protects only the host's own vectors, from branch history.
 */
static uint64_t branch_level(void)
{
	char line[128];

	if (!host_says("spectre_v2", line, sizeof(line))) {
		ksft_print_msg("no vulnerabilities in sysfs\n");
		return vcpu_get_reg(vcpu, KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1);
	}
	ksft_print_msg("the host is \"%s\"\n", line);
	/* The host says so of unknown CPUs, too; KVM does not. */
	if (!strcmp(line, "Not affected"))
		return part() == 0xc07 || part() == 0xd03 ?
		       KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED :
		       KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL;
	if (!strcmp(line, "Vulnerable") || strstr(line, "History overwrite"))
		return KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL;
	return KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_AVAIL;
}

static void workarounds(void)
{
	/* By level of the register */
	static const uint32_t answer[] = { NOT_SUPPORTED, SUCCESS, UNAFFECTED };
	uint64_t level, v4;
	struct execute x;
	char line[128];

	create();
	level = branch_level();
	expect_equal(vcpu_get_reg(vcpu, KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1),
		     level, "WORKAROUND_1");
	expect_equal(vcpu_get_reg(vcpu, KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3),
		     level, "WORKAROUND_3");
	expect_equal(call0(SMCCC_ARCH_FEATURES, WORKAROUND_1), answer[level],
		     "what the guest is told of WORKAROUND_1");
	expect_equal(call0(SMCCC_ARCH_FEATURES, WORKAROUND_3), answer[level],
		     "what the guest is told of WORKAROUND_3");
	/* The calls work if ARCH_FEATURES reports them. */
	x = call(WORKAROUND_1, 1, 2, 3);
	expect_equal(x.r[0], level ? SUCCESS : NOT_SUPPORTED, "WORKAROUND_1");
	x = call(WORKAROUND_3, 1, 2, 3);
	expect_equal(x.r[0], level ? SUCCESS : NOT_SUPPORTED, "WORKAROUND_3");

	v4 = vcpu_get_reg(vcpu, KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2);
	expect_equal(v4, store_level(), "WORKAROUND_2");
	if (host_says("spec_store_bypass", line, sizeof(line)))
		expect(!strcmp(line, "Not affected"), "the host is \"%s\"",
		       line);
	expect_equal(call0(SMCCC_ARCH_FEATURES, WORKAROUND_2),
		     v4 ? NOT_REQUIRED : NOT_SUPPORTED,
		     "what the guest is told of WORKAROUND_2");
	destroy();
}

/* This host can restore a VM from a host that offered less, and no other. */
static void set_branch_level(uint64_t id)
{
	static const uint64_t bad[] = { 3, 0xf, 0x10, 0x11, 0x100000000ULL,
					-1ULL };
	uint64_t have = vcpu_get_reg(vcpu, id), level;
	unsigned int i;

	for (level = 0; level < 3; level++) {
		expect_errno(__vcpu_set_reg(vcpu, id, level),
			     level <= have ? 0 : -EINVAL, "level %llu of %llu",
			     (unsigned long long)level,
			     (unsigned long long)have);
		expect_equal(vcpu_get_reg(vcpu, id), have, "level after that");
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_errno(__vcpu_set_reg(vcpu, id, bad[i]), -EINVAL,
			     "%#llx", (unsigned long long)bad[i]);
}

static void set_workarounds(void)
{
	static const struct {
		uint64_t value;
		int ret;
	} v4[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 0 }, { 3, 0 }, { 0x12, 0 },
		{ 4, -EINVAL }, { 0xf, -EINVAL }, { 0x10, -EINVAL },
		{ 0x11, -EINVAL }, { 0x13, -EINVAL }, { 0x22, -EINVAL },
		{ 0x100000003ULL, -EINVAL },
	};
	const uint64_t id = KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2;
	unsigned int i;

	create_fresh();
	set_branch_level(KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1);
	set_branch_level(KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3);
	for (i = 0; i < ARRAY_SIZE(v4); i++) {
		/* Reject a level that the host does not have. */
		int more = v4[i].value & 2 && !store_level() ? -EINVAL : 0;

		expect_errno(__vcpu_set_reg(vcpu, id, v4[i].value),
			     more ? more : v4[i].ret,
			     "WORKAROUND_2 = %#llx",
			     (unsigned long long)v4[i].value);
		expect_equal(vcpu_get_reg(vcpu, id), store_level(),
			     "level after that");
	}
	destroy();
}

/* ---- services ----------------------------------------------------------- */

static const struct {
	uint64_t id;
	uint64_t all;
	uint32_t fn;		/* a call that bit 0 enables */
} bitmaps[] = {
	{ KVM_REG_ARM_STD_BMAP, 1, TRNG_VERSION },
	{ KVM_REG_ARM_STD_HYP_BMAP, 0, PV_TIME_FEATURES },
	{ KVM_REG_ARM_VENDOR_HYP_BMAP, 3, CALL_UID },
};

static void services(void)
{
	uint64_t value;
	unsigned int i;
	bool there;

	create_fresh();
	for (i = 0; i < ARRAY_SIZE(bitmaps); i++) {
		expect_equal(vcpu_get_reg(vcpu, bitmaps[i].id), bitmaps[i].all,
			     "bitmap %u", i);
		expect_errno(__vcpu_set_reg(vcpu, bitmaps[i].id,
					    bitmaps[i].all + 1), -EINVAL,
			     "bitmap %u, unknown service", i);
		expect_errno(__vcpu_set_reg(vcpu, bitmaps[i].id,
					    1ULL << 32 | bitmaps[i].all),
			     -EINVAL, "bitmap %u, bit 32", i);
		expect_errno(__vcpu_set_reg(vcpu, bitmaps[i].id, 0), 0,
			     "bitmap %u, none", i);
		expect_equal(vcpu_get_reg(vm->vcpus[1], bitmaps[i].id), 0,
			     "bitmap %u in the other vcpu", i);
	}
	/* Enable only the second service of its group. */
	vcpu_set_reg(vm->vcpus[1], KVM_REG_ARM_VENDOR_HYP_BMAP, 2);
	vcpu_expect(vcpu, GUEST_SYNC);
	for (i = 0; i < ARRAY_SIZE(bitmaps); i++)
		expect_equal(call0(bitmaps[i].fn, 0), NOT_SUPPORTED,
			     "call of bitmap %u", i);
	expect_equal(call0(TRNG_RND32, 32), NOT_SUPPORTED, "TRNG_RND32");
	expect_equal(call0(KVM_FEATURES, 0), NOT_SUPPORTED, "KVM_FEATURES");
	expect(call0(KVM_PTP, 0) != NOT_SUPPORTED, "PTP is not there");

	/* Once the VM has run, only the current value can be written. */
	for (i = 0; i < ARRAY_SIZE(bitmaps); i++) {
		uint64_t now = vcpu_get_reg(vcpu, bitmaps[i].id);

		for (value = 0; value <= bitmaps[i].all; value++)
			expect_errno(__vcpu_set_reg(vcpu, bitmaps[i].id,
						    value),
				     value == now ? 0 : -EBUSY,
				     "bitmap %u = %llu after it ran", i,
				     (unsigned long long)value);
		expect_errno(__vcpu_set_reg(vcpu, bitmaps[i].id,
					    bitmaps[i].all + 1), -EINVAL,
			     "bitmap %u, unknown service, after it ran", i);
	}
	destroy();

	/* Repeat with all services enabled. */
	create();
	for (i = 0; i < ARRAY_SIZE(bitmaps); i++) {
		there = call0(bitmaps[i].fn, 0) != NOT_SUPPORTED;
		expect_equal(there, bitmaps[i].all != 0, "call of bitmap %u",
			     i);
	}
	destroy();
}

/* ---- the filter --------------------------------------------------------- */

static int set_filter(uint32_t base, uint32_t nr, uint8_t action, uint8_t pad)
{
	struct kvm_smccc_filter filter = {
		.base = base,
		.nr_functions = nr,
		.action = action,
	};
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VM_SMCCC_CTRL,
		.attr = KVM_ARM_VM_SMCCC_FILTER,
		.addr = (uintptr_t)&filter,
	};

	filter.pad[sizeof(filter.pad) - 1] = pad;
	return __vm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr);
}

static void filter_errors(void)
{
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VM_SMCCC_CTRL,
		.attr = KVM_ARM_VM_SMCCC_FILTER,
	};

	create_fresh();
	expect_errno(__vm_ioctl(vm, KVM_HAS_DEVICE_ATTR, &attr), 0, "has");
	attr.addr = 8;
	expect_errno(__vm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr), -EFAULT,
		     "bad pointer");
	attr.attr++;
	expect_errno(__vm_ioctl(vm, KVM_HAS_DEVICE_ATTR, &attr), -ENXIO,
		     "other attribute");
	attr.group++;
	expect_errno(__vm_ioctl(vm, KVM_HAS_DEVICE_ATTR, &attr), -ENXIO,
		     "other group");
	expect_errno(set_filter(KVM_FEATURES, 0, KVM_SMCCC_FILTER_DENY, 0),
		     -EINVAL, "no function");
	expect_errno(set_filter(-1U, 2, KVM_SMCCC_FILTER_DENY, 0), -EINVAL,
		     "beyond the last function");
	expect_errno(set_filter(KVM_FEATURES, 1, 3, 0), -EINVAL, "action");
	expect_errno(set_filter(KVM_FEATURES, 1, 0, 1), -EINVAL, "padding");
	/* The filter must not block calls of the workarounds. */
	expect_errno(set_filter(WORKAROUND_1, 1, KVM_SMCCC_FILTER_DENY, 0),
		     -EEXIST, "WORKAROUND_1");
	expect_errno(set_filter(SMCCC_ARCH_FEATURES, 1,
				KVM_SMCCC_FILTER_FWD_TO_USER, 0), -EEXIST,
		     "ARCH_FEATURES");
	expect_errno(set_filter(KVM_FEATURES, 2, KVM_SMCCC_FILTER_DENY, 0), 0,
		     "a range");
	expect_errno(set_filter(KVM_PTP, 2, KVM_SMCCC_FILTER_DENY, 0), -EEXIST,
		     "a range with a part of that");
	vcpu_expect(vcpu, GUEST_SYNC);
	expect_errno(set_filter(CALL_UID, 1, KVM_SMCCC_FILTER_DENY, 0), -EBUSY,
		     "after the VM has run");
	expect_equal(call0(KVM_FEATURES, 0), NOT_SUPPORTED, "a denied call");
	expect(call0(CALL_UID, 0) != NOT_SUPPORTED, "one that is not");
	destroy();
}

/* The host's memory for filters is limited by nothing else. */
static void filter_limit(void)
{
	unsigned int i;

	create_fresh();
	for (i = 0; i < MAX_FILTERS; i++)
		expect_errno(set_filter(2 * i, 1, KVM_SMCCC_FILTER_DENY, 0), 0, "filter %u",
			     i);
	expect_errno(set_filter(2 * i, 1, KVM_SMCCC_FILTER_DENY, 0), -ENOSPC,
		     "filter %u", i);
	expect_errno(set_filter(0, 1, KVM_SMCCC_FILTER_DENY, 0), -ENOSPC,
		     "an old one, twice");
	destroy();

	/* A filter that is refused does not count. */
	create_fresh();
	for (i = 0; i < 2 * MAX_FILTERS; i++)
		set_filter(0, 0, KVM_SMCCC_FILTER_DENY, 0);
	expect_errno(set_filter(0, 1, KVM_SMCCC_FILTER_DENY, 0), 0, "the first one");
	destroy();
}

static void filter_forward(void)
{
	static const struct {
		uint32_t insn;
		uint32_t cpsr;
		uint64_t flags;
	} ways[] = {
		{ ARM_HVC, 0, 0 },
		{ ARM_SMC, 0, KVM_HYPERCALL_EXIT_SMC },
		{ THUMB_HVC, CPSR_SVC | CPSR_MASKED | CPSR_T, 0 },
		{ THUMB_SMC, CPSR_SVC | CPSR_MASKED | CPSR_T,
		  KVM_HYPERCALL_EXIT_SMC },
	};
	/* The last one is the highest number that there is. */
	static const uint32_t fns[] = { 0x86001234, ~0U };
	struct execute x;
	unsigned int i;

	create_fresh();
	for (i = 0; i < ARRAY_SIZE(fns); i++)
		expect_errno(set_filter(fns[i], 1, KVM_SMCCC_FILTER_FWD_TO_USER, 0), 0,
			     "filter of %#x", fns[i]);
	vcpu_expect(vcpu, GUEST_SYNC);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		uint32_t fn = fns[i % ARRAY_SIZE(fns)];

		memset(&x, 0, sizeof(x));
		x.insn = ways[i].insn;
		x.cpsr = ways[i].cpsr;
		x.r[0] = fn;
		x.r[1] = 0x1111;
		execute_begin(vcpu, &x);
		expect_equal(vcpu_expect(vcpu, GUEST_EXIT), KVM_EXIT_HYPERCALL,
			     "way %u: exit", i);
		expect_equal(vcpu->run->hypercall.nr, fn, "way %u: function",
			     i);
		expect_equal(vcpu->run->hypercall.flags, ways[i].flags,
			     "way %u: flags", i);
		expect_equal(vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_r1)),
			     0x1111, "way %u: R1", i);
		vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_r0), 0x77 + i);
		vcpu_expect(vcpu, GUEST_SYNC);
		execute_end(vcpu, &x);
		expect_equal(x.r[0], 0x77 + i, "way %u: R0", i);
	}
	destroy();
}

static const struct test tests[] = {
	{ "workarounds: guest, user space and host agree", workarounds },
	{ "workarounds: no more can be set than there is", set_workarounds },
	{ "services can be taken from a VM before it runs", services },
	{ "the filter refuses what it should", filter_errors },
	{ "a VM has at most 1024 filters", filter_limit },
	{ "the filter hands calls to user space", filter_forward },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
