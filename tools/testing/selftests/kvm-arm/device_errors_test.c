// SPDX-License-Identifier: GPL-2.0
/*
 * The errors of attributes of devices, VMs and vcpus in
 * Documentation/virt/kvm/api.rst, 4.80 and 4.81, and in "Device attributes" of
 * Documentation/virtual/kvm/api.txt. A call with several faults must fail with
 * the error that is listed first. So each call also has the faults of the
 * following errors, where one call can have both.
 */
#include <errno.h>
#include <unistd.h>

#include "errors.h"
#include "harness.h"
#include "memory.h"

/* 2^40 */
#define IPA_END		0x10000000000ULL
#define ADDR		KVM_DEV_ARM_VGIC_GRP_ADDR
#define DIST		KVM_VGIC_V2_ADDR_TYPE_DIST
#define NR_IRQS		KVM_DEV_ARM_VGIC_GRP_NR_IRQS
#define DIST_REGS	KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define CTRL		KVM_DEV_ARM_VGIC_GRP_CTRL
#define TIMER		KVM_ARM_VCPU_TIMER_CTRL
#define VTIMER		KVM_ARM_VCPU_TIMER_IRQ_VTIMER
#define SMCCC		KVM_ARM_VM_SMCCC_CTRL
#define FILTER		KVM_ARM_VM_SMCCC_FILTER
#define MAX_FILTERS	1024
#define UNKNOWN		77
/* An offset without a register: reads as 0, and KVM_HAS_DEVICE_ATTR refuses it */
#define NO_GICD		0xff0
#define VCPU(n)		((uint64_t)(n) << KVM_DEV_ARM_VGIC_CPUID_SHIFT)
#define FUNCTION	0x84001000

static int set(int fd, uint32_t group, uint64_t attr, const void *value)
{
	return __device_set_attr(fd, group, attr, value);
}

static int get(int fd, uint32_t group, uint64_t attr, void *value)
{
	return __device_get_attr(fd, group, attr, value);
}

static void all(void)
{
	int gic, value = 0;
	struct kvm_vm *vm = gic_vm(&gic);
	const int fds[] = { gic, vm->fd, vm->vcpus[0]->fd };
	unsigned int i;

	expect_errno(__vm_ioctl(vm, KVM_GET_DEVICE_ATTR, BAD_POINTER), -EINVAL,
		     "get of a VM");
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		expect_errno(__kvm_ioctl(fds[i], KVM_SET_DEVICE_ATTR,
					 BAD_POINTER), -EFAULT, "set of %u", i);
		if (fds[i] != vm->fd)
			expect_errno(__kvm_ioctl(fds[i], KVM_GET_DEVICE_ATTR,
						 BAD_POINTER), -EFAULT,
				     "get of %u", i);
		expect_errno(set(fds[i], UNKNOWN, 0, BAD_POINTER), -ENXIO,
			     "group of %u", i);
	}
	expect_errno(set(vm->vcpus[0]->fd, TIMER, UNKNOWN, BAD_POINTER),
		     -ENXIO, "timer");
	expect_errno(set(vm->fd, SMCCC, UNKNOWN, BAD_POINTER), -ENXIO,
		     "filter");
	expect_errno(set(gic, CTRL, UNKNOWN, &value), -ENXIO, "control");
	close(gic);
	vm_free(vm);
}

static void addresses(void)
{
	const uint64_t dist = GUEST_GICD, bad = IPA_END + 4, end = IPA_END;
	const uint64_t wraps = -(uint64_t)PAGE;
	int gic;
	struct kvm_vm *vm = gic_vm(&gic);

	expect_errno(set(gic, ADDR, UNKNOWN, BAD_POINTER), -EFAULT, "value");
	expect_errno(set(gic, ADDR, UNKNOWN, &bad), -ENXIO, "attribute");
	expect_errno(get(gic, ADDR, UNKNOWN, BAD_POINTER), -ENXIO, "get");
	expect_errno(set(gic, ADDR, DIST, &bad), -EINVAL, "misaligned");
	expect_errno(set(gic, ADDR, DIST, &wraps), -EINVAL, "to the end of 64 bits");
	expect_errno(set(gic, ADDR, DIST, &end), -E2BIG, "above the end");
	expect_errno(set(gic, ADDR, DIST, &dist), 0, "right");
	expect_errno(set(gic, ADDR, DIST, &bad), -EEXIST, "twice");
	expect_errno(get(gic, ADDR, DIST, BAD_POINTER), -EFAULT, "get");
	close(gic);
	vm_free(vm);
}

static void nr_irqs(void)
{
	const uint32_t right = 64, bad[] = { 32, 65, 1024 };
	int gic;
	struct kvm_vm *vm = gic_vm(&gic);
	unsigned int i;

	expect_errno(set(gic, NR_IRQS, 0, &right), 0, "64");
	expect_errno(set(gic, NR_IRQS, 0, BAD_POINTER), -EFAULT, "value");
	expect_errno(get(gic, NR_IRQS, 0, BAD_POINTER), -EFAULT, "get");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_errno(set(gic, NR_IRQS, 0, &bad[i]), -EINVAL, "%u",
			     bad[i]);
	expect_errno(set(gic, NR_IRQS, 0, &right), -EBUSY, "twice");
	close(gic);
	vm_free(vm);

	vm = gic_vm(&gic);
	expect_errno(__gic_init(gic), 0, "init");
	expect_errno(set(gic, NR_IRQS, 0, &right), -EBUSY, "after init");
	close(gic);
	vm_free(vm);
}

static int call_register(struct kvm_vm *vm, int gic)
{
	uint32_t value;

	(void)vm;
	return get(gic, DIST_REGS, GICD_IIDR, &value);
}

static int call_init(struct kvm_vm *vm, int gic)
{
	(void)vm;
	return __gic_init(gic);
}

static void registers(void)
{
	const uint32_t no_gicv2 = 0;
	int gic;
	struct kvm_vm *vm = gic_vm(&gic);
	struct busy_vcpu busy;

	gic_place(gic, GUEST_GICD, GUEST_GICC);
	busy_begin(&busy, vm->vcpus[0]);
	expect_errno(set(gic, DIST_REGS, VCPU(7) | NO_GICD, BAD_POINTER),
		     -EINVAL, "vcpu 7");
	expect_errno(set(gic, DIST_REGS, NO_GICD, BAD_POINTER), -EFAULT,
		     "value");
	expect_errno(set(gic, DIST_REGS, GICD_IIDR, &no_gicv2), -EBUSY,
		     "a vcpu in use");
	busy_end(&busy);
	expect_errno(set(gic, DIST_REGS, GICD_IIDR, &no_gicv2), -EINVAL,
		     "IIDR");
	expect_errno(get(gic, DIST_REGS, GICD_IIDR, BAD_POINTER), -EFAULT,
		     "get");
	close(gic);
	vm_free(vm);

	expect_errno(while_creating(call_register, 0), -EBUSY,
		     "register, while a vcpu is created");
	expect_errno(while_creating(call_init, 0), -EBUSY,
		     "init, while a vcpu is created");
}

static void timers(void)
{
	const int bad = 32, right = 20;
	struct kvm_vm *vm = vm_create_bare(1);
	int gic, fd = vm->vcpus[0]->fd;

	expect_errno(set(fd, TIMER, VTIMER, BAD_POINTER), -EINVAL, "no GIC");
	vm_free(vm);

	vm = gic_vm(&gic);
	fd = vm->vcpus[0]->fd;
	gic_place(gic, GUEST_GICD, GUEST_GICC);
	expect_errno(run_a_little(vm->vcpus[0]), -EINTR, "KVM_RUN");
	expect_errno(set(fd, TIMER, VTIMER, BAD_POINTER), -EFAULT, "value");
	expect_errno(get(fd, TIMER, VTIMER, BAD_POINTER), -EFAULT, "get");
	expect_errno(set(fd, TIMER, VTIMER, &bad), -EINVAL, "PPI 32");
	expect_errno(set(fd, TIMER, VTIMER, &right), -EBUSY, "late");
	close(gic);
	vm_free(vm);
}

static void smccc_filter(void)
{
	struct kvm_smccc_filter filters[] = {
		{ .base = FUNCTION, .nr_functions = 1, .pad[14] = 1 },
		{ .base = FUNCTION, .nr_functions = 0 },
		{ .base = ~0U, .nr_functions = 2 },
		{ .base = FUNCTION, .nr_functions = 1, .action = 77 },
	};
	struct kvm_smccc_filter right = {
		.base = FUNCTION,
		.nr_functions = 1,
		.action = KVM_SMCCC_FILTER_DENY,
	}, reserved = right;
	struct kvm_vm *vm = vm_create_bare(1);
	unsigned int i;

	expect_errno(set(vm->fd, SMCCC, FILTER, &right), 0, "right");
	expect_errno(set(vm->fd, SMCCC, FILTER, &right), -EEXIST, "twice");
	reserved.base = 0x80008000;
	expect_errno(set(vm->fd, SMCCC, FILTER, &reserved), -EEXIST,
		     "SMCCC_ARCH_WORKAROUND_1");
	expect_errno(run_a_little(vm->vcpus[0]), -EINTR, "KVM_RUN");
	expect_errno(set(vm->fd, SMCCC, FILTER, BAD_POINTER), -EFAULT,
		     "filter");
	for (i = 0; i < ARRAY_SIZE(filters); i++)
		expect_errno(set(vm->fd, SMCCC, FILTER, &filters[i]), -EINVAL,
			     "filter %u", i);
	expect_errno(set(vm->fd, SMCCC, FILTER, &right), -EBUSY, "late");
	vm_free(vm);

	vm = vm_create_bare(1);
	for (right.base = 0; right.base < MAX_FILTERS; right.base++)
		if (set(vm->fd, SMCCC, FILTER, &right))
			break;
	expect_equal(right.base, MAX_FILTERS, "filters");
	expect_errno(set(vm->fd, SMCCC, FILTER, BAD_POINTER), -ENOSPC, "one more");
	vm_free(vm);
}

static void has(void)
{
	int gic;
	struct kvm_vm *vm = gic_vm(&gic);
	const int fds[] = { gic, vm->fd, vm->vcpus[0]->fd };
	static const struct {
		uint32_t group;
		uint64_t attr;
	} unknown[] = {
		{ ADDR, UNKNOWN }, { CTRL, UNKNOWN }, { DIST_REGS, NO_GICD },
		{ DIST_REGS, GICD_CTLR + 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		expect_errno(__kvm_ioctl(fds[i], KVM_HAS_DEVICE_ATTR,
					 BAD_POINTER), -EFAULT, "%u", i);
		expect_errno(__device_has_attr(fds[i], UNKNOWN, VCPU(7)),
			     -ENXIO, "group of %u", i);
	}
	expect_errno(__device_has_attr(gic, DIST_REGS, VCPU(7) | NO_GICD),
		     -EINVAL, "vcpu 7");
	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		expect_errno(__device_has_attr(gic, unknown[i].group,
					       unknown[i].attr), -ENXIO,
			     "attribute %u", i);
	expect_errno(__device_has_attr(vm->fd, SMCCC, UNKNOWN), -ENXIO,
		     "filter");
	expect_errno(__device_has_attr(vm->vcpus[0]->fd, TIMER, UNKNOWN),
		     -ENXIO, "timer");
	close(gic);
	vm_free(vm);
}

/* A name has the number of a section, and the errors in the order of api.rst and api.txt. */
static const struct test tests[] = {
	{ "4.80 all devices: EINVAL EFAULT ENXIO", all },
	{ "4.80 addresses: EFAULT ENXIO EEXIST EINVAL E2BIG EFAULT",
	  addresses },
	{ "4.80 number of interrupts: EFAULT EINVAL EBUSY", nr_irqs },
	{ "4.80 registers: EINVAL EFAULT EBUSY EINVAL EFAULT",
	  registers },
	{ "4.80 timers: EINVAL EFAULT EINVAL EBUSY", timers },
	{ "4.80 filter: ENOSPC EFAULT EINVAL EBUSY EEXIST", smccc_filter },
	{ "4.81 KVM_HAS_DEVICE_ATTR: EFAULT ENXIO EINVAL ENXIO", has },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
