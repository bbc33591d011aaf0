// SPDX-License-Identifier: GPL-2.0
/*
 * Creation and set-up of a GICv2, by both interfaces, and their errors.
 */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "gic_guest.h"
#include "harness.h"

#define DIST	KVM_VGIC_V2_ADDR_TYPE_DIST
#define CPU	KVM_VGIC_V2_ADDR_TYPE_CPU
#define ADDR	KVM_DEV_ARM_VGIC_GRP_ADDR

static int create_device(struct kvm_vm *vm)
{
	int gic = __gic_create(vm);

	if (gic < 0)
		kvm_bail("KVM_CREATE_DEVICE of a GICv2: %s", errno_name(gic));
	return gic;
}

static void capabilities(void)
{
	static const struct {
		long cap;
		int value;
		const char *name;
	} caps[] = {
		{ KVM_CAP_IRQCHIP, 1, "IRQCHIP" },
		{ KVM_CAP_DEVICE_CTRL, 1, "DEVICE_CTRL" },
		{ KVM_CAP_ARM_SET_DEVICE_ADDR, 1, "ARM_SET_DEVICE_ADDR" },
		{ KVM_CAP_IRQFD, 1, "IRQFD" },
		{ KVM_CAP_IRQFD_RESAMPLE, 1, "IRQFD_RESAMPLE" },
		{ KVM_CAP_IOEVENTFD, 1, "IOEVENTFD" },
		{ KVM_CAP_IOEVENTFD_ANY_LENGTH, 1, "IOEVENTFD_ANY_LENGTH" },
		{ KVM_CAP_IRQ_ROUTING, 4096, "IRQ_ROUTING" },
		{ KVM_CAP_SIGNAL_MSI, 0, "SIGNAL_MSI" },
		{ KVM_CAP_MSI_DEVID, 0, "MSI_DEVID" },
		{ KVM_CAP_MAX_VCPUS, 8, "MAX_VCPUS" },
		{ KVM_CAP_MAX_VCPU_ID, 8, "MAX_VCPU_ID" },
		{ KVM_CAP_ARM_USER_IRQ, 1, "ARM_USER_IRQ" },
	};
	struct kvm_vm *vm = vm_create();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(caps); i++)
		expect_equal(vm_check_cap(vm, caps[i].cap), caps[i].value,
			     "KVM_CAP_%s", caps[i].name);
	vm_free(vm);
}

/* kvmtool tries these types before GICv2. */
static void other_devices(void)
{
	static const uint32_t types[] = {
		KVM_DEV_TYPE_ARM_VGIC_V3, KVM_DEV_TYPE_ARM_VGIC_ITS,
		KVM_DEV_TYPE_FSL_MPIC_20, KVM_DEV_TYPE_MAX, 1000, ~0U,
	};
	struct kvm_vm *vm = vm_create_guest("gic", 1);
	unsigned int i;
	int gic;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		expect_errno(__vm_create_device(vm, types[i], 0), -ENODEV,
			     "device type %u", types[i]);
		expect_errno(__vm_create_device(vm, types[i],
						KVM_CREATE_DEVICE_TEST),
			     -ENODEV, "test of device type %u", types[i]);
	}
	for (i = 0; i < 2; i++)
		expect_errno(__vm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2,
						KVM_CREATE_DEVICE_TEST), 0,
			     "test of GICv2");
	gic = gic_create(vm, 0);
	expect_equal(gicd_read(vm->vcpus[0], GICD_TYPER), 7, "TYPER");
	close(gic);
	vm_free(vm);
}

static void only_once(void)
{
	struct kvm_vm *vm = vm_create();
	int gic = create_device(vm);

	expect_errno(__gic_create(vm), -EEXIST, "device after device");
	expect_errno(__vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL), -EEXIST,
		     "irqchip after device");
	close(gic);
	/* The device belongs to the VM, not to the file. */
	expect_errno(__gic_create(vm), -EEXIST, "device after closing it");
	vm_free(vm);

	vm = vm_create();
	expect_errno(__vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL), 0, "irqchip");
	expect_errno(__vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL), -EEXIST,
		     "irqchip after irqchip");
	expect_errno(__gic_create(vm), -EEXIST, "device after irqchip");
	vm_free(vm);
}

static void legacy(void)
{
	struct kvm_vm *vm = vm_create_guest("gic", 1);
	struct kvm_arm_device_addr addr = {
		.id = 1 << KVM_ARM_DEVICE_ID_SHIFT,
	};

	expect_errno(__gic_set_legacy_addr(vm, DIST, GUEST_GICD), -ENODEV,
		     "address before the GIC");
	vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL);
	expect_errno(__vm_ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, &addr), -ENODEV,
		     "address of another device");
	expect_errno(__vm_ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, (void *)8),
		     -EFAULT, "bad pointer");
	expect_errno(__gic_set_legacy_addr(vm, 5, GUEST_GICD), -ENODEV,
		     "another address type");
	expect_errno(__gic_set_legacy_addr(vm, DIST, GUEST_GICD + 4), -EINVAL,
		     "misaligned");
	expect_errno(__gic_set_legacy_addr(vm, DIST, 1ULL << 40), -E2BIG,
		     "beyond 40 bits");
	expect_errno(__gic_set_legacy_addr(vm, DIST, GUEST_GICD), 0,
		     "distributor");
	expect_errno(__gic_set_legacy_addr(vm, DIST, GUEST_GICD), -EEXIST,
		     "distributor, twice");
	expect_errno(__gic_set_legacy_addr(vm, CPU, GUEST_GICC), 0,
		     "CPU interface");

	/* Nobody initialised the GIC explicitly. */
	gicd_write(vm->vcpus[0], GICD_CTLR, 1);
	gicc_write(vm->vcpus[0], GICC_PMR, 0xff);
	gicc_write(vm->vcpus[0], GICC_CTLR, 1);
	gic_guest_enable(vm->vcpus[0], 40, true);
	spi_line(vm, 40, 1);
	expect_equal(gic_signalled(vm->vcpus[0]), ISR_IRQ, "ISR");
	expect_equal(gic_ack(vm->vcpus[0]), 40, "IAR");
	expect_errno(__gic_create(vm), -EEXIST, "device");
	vm_free(vm);
}

static void addresses(void)
{
	static const uint64_t types[] = { DIST, CPU };
	static const uint64_t misaligned[] = { 1, 4, 0x800, 0x08000010 };
	static const uint64_t beyond[] = {
		1ULL << 40, 3ULL << 40, ~0xffffULL,
	};
	struct kvm_vm *vm = vm_create();
	int gic = create_device(vm);
	uint64_t gpa;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		expect_errno(__device_has_attr(gic, ADDR, types[i]), 0,
			     "type %u", i);
		expect_errno(__gic_get_addr(gic, types[i], &gpa), 0,
			     "type %u, before it is set", i);
		expect_equal(gpa, ~0ULL, "type %u, before it is set", i);
		for (j = 0; j < ARRAY_SIZE(misaligned); j++)
			expect_errno(__gic_set_addr(gic, types[i],
						    misaligned[j]), -EINVAL,
				     "type %u at %#llx", i,
				     (unsigned long long)misaligned[j]);
		for (j = 0; j < ARRAY_SIZE(beyond); j++)
			expect_errno(__gic_set_addr(gic, types[i], beyond[j]),
				     -E2BIG, "type %u at %#llx", i,
				     (unsigned long long)beyond[j]);
		expect_errno(__device_set_attr(gic, ADDR, types[i],
					       (void *)8), -EFAULT,
			     "type %u, bad pointer", i);
	}
	/* The region's 8 KiB do not fit. */
	expect_errno(__gic_set_addr(gic, CPU, (1ULL << 40) - 0x1000), -E2BIG,
		     "CPU interface at the end");
	expect_errno(__gic_set_addr(gic, CPU, (1ULL << 40) - 0x2000), 0,
		     "CPU interface just before the end");
	expect_errno(__gic_set_addr(gic, DIST, GUEST_GICD), 0, "distributor");
	expect_errno(__gic_set_addr(gic, DIST, GUEST_GICD + 0x1000), -EEXIST,
		     "distributor, twice");
	expect_errno(__gic_get_addr(gic, DIST, &gpa), 0, "reading it");
	expect_equal(gpa, GUEST_GICD, "distributor");
	for (i = 0; i < 8; i++) {
		if (i == DIST || i == CPU)
			continue;
		expect_errno(__device_has_attr(gic, ADDR, i), -ENXIO,
			     "type %u", i);
		expect_errno(__gic_set_addr(gic, i, 0x10000), -ENXIO,
			     "type %u", i);
		gpa = 0;
		expect_errno(__gic_get_addr(gic, i, &gpa), -ENXIO, "type %u",
			     i);
	}
	close(gic);
	vm_free(vm);
}

/*
 * KVM checks the addresses when the first vcpu runs. A VM that fails this never
 * runs.
 */
static void bad_addresses(void)
{
	static const struct {
		const char *what;
		uint64_t dist;
		uint64_t cpu;
		int error;
	} bad[] = {
		{ "no address", 0, 0, -ENXIO },
		{ "no CPU interface", GUEST_GICD, 0, -ENXIO },
		{ "no distributor", 0, GUEST_GICC, -ENXIO },
		{ "the same", GUEST_GICC, GUEST_GICC, -EINVAL },
		{ "overlap", GUEST_GICC + 0x1000, GUEST_GICC, -EINVAL },
	};
	struct kvm_vm *vm;
	unsigned int i;
	int gic;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		vm = vm_create_guest("gic", 1);
		gic = create_device(vm);
		if (bad[i].dist)
			expect_errno(__gic_set_addr(gic, DIST, bad[i].dist), 0,
				     "%s: distributor", bad[i].what);
		if (bad[i].cpu)
			expect_errno(__gic_set_addr(gic, CPU, bad[i].cpu), 0,
				     "%s: CPU interface", bad[i].what);
		expect_errno(__vcpu_run(vm->vcpus[0]), bad[i].error, "%s",
			     bad[i].what);
		expect_errno(__vcpu_run(vm->vcpus[0]), -EIO, "%s, again",
			     bad[i].what);
		close(gic);
		vm_free(vm);
	}
}

static void nr_irqs(void)
{
	static const uint32_t bad[] = { 0, 1, 32, 63, 65, 100, 1056, ~0U };
	struct kvm_vm *vm = vm_create();
	int gic = create_device(vm);
	uint32_t value = 0;
	unsigned int i;

	expect_errno(__device_has_attr(gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0),
		     0, "KVM_HAS_DEVICE_ATTR");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_errno(__gic_set_nr_irqs(gic, bad[i]), -EINVAL, "%u",
			     bad[i]);
	expect_errno(__device_set_attr(gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0,
				       (void *)8), -EFAULT, "bad pointer");
	expect_errno(__gic_set_nr_irqs(gic, 64), 0, "64");
	expect_errno(__gic_set_nr_irqs(gic, 64), -EBUSY, "twice");
	expect_errno(__gic_get_nr_irqs(gic, &value), 0, "reading");
	expect_equal(value, 64, "interrupts");
	close(gic);
	vm_free(vm);

	vm = vm_create();
	vcpu_create(vm, 0);
	gic = create_device(vm);
	expect_errno(__gic_init(gic), 0, "init");
	expect_errno(__gic_set_nr_irqs(gic, 64), -EBUSY, "after init");
	expect_errno(__gic_get_nr_irqs(gic, &value), 0, "reading");
	expect_equal(value, 256, "interrupts by default");
	close(gic);
	vm_free(vm);
}

static void controls(void)
{
	const uint32_t group = KVM_DEV_ARM_VGIC_GRP_CTRL;
	struct kvm_vm *vm = vm_create();
	int gic = create_device(vm);
	unsigned int i;

	vcpu_create(vm, 0);
	expect_errno(__device_has_attr(gic, group,
				       KVM_DEV_ARM_VGIC_CTRL_INIT), 0,
		     "KVM_HAS_DEVICE_ATTR");
	/* All other controls are for the GICv3 and its ITS. */
	for (i = KVM_DEV_ARM_VGIC_CTRL_INIT + 1; i < 6; i++) {
		expect_errno(__device_has_attr(gic, group, i), -ENXIO,
			     "control %u", i);
		expect_errno(__device_set_attr(gic, group, i, NULL), -ENXIO,
			     "control %u", i);
	}
	for (i = KVM_DEV_ARM_VGIC_GRP_CTRL + 1; i < 12; i++) {
		expect_errno(__device_has_attr(gic, i, 0), -ENXIO, "group %u",
			     i);
		expect_errno(__device_set_attr(gic, i, 0, &i), -ENXIO,
			     "group %u", i);
		expect_errno(__device_get_attr(gic, i, 0, &i), -ENXIO,
			     "group %u", i);
	}
	expect_errno(__gic_init(gic), 0, "init");
	expect_errno(__gic_init(gic), 0, "init, again");
	close(gic);
	vm_free(vm);
}

static void vcpus(void)
{
	struct kvm_vm *vm = vm_create();
	struct kvm_vcpu *vcpu;
	unsigned int i;
	int gic = -1;

	/* Create some vcpus before the GIC and some after it. */
	for (i = 0; i < 8; i++) {
		if (i == 3)
			gic = create_device(vm);
		vcpu_create(vm, i);
	}
	expect_errno(__vcpu_create(vm, 8, &vcpu), -EINVAL, "9th vcpu");
	expect_errno(__gic_init(gic), 0, "init");
	close(gic);
	vm_free(vm);

	vm = vm_create();
	gic = create_device(vm);
	vcpu_create(vm, 0);
	expect_errno(__vcpu_create(vm, 8, &vcpu), -EINVAL, "id 8");
	expect_errno(__vcpu_create(vm, 0, &vcpu), -EEXIST, "same id");
	expect_errno(__gic_init(gic), 0, "init");
	expect_errno(__vcpu_create(vm, 1, &vcpu), -EBUSY, "after init");
	close(gic);
	vm_free(vm);
}

static void *wait_for_ever(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	enum guest_event event = vcpu_run_guest(vcpu, NULL);

	expect(event == GUEST_SYNC, "vcpu: %s", guest_event_name(event));
	return NULL;
}

/* The GIC must be created before a vcpu has run. */
static void too_late(void)
{
	struct kvm_vm *vm = vm_create_guest("gic", 1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	struct kvm_vm *other;
	pthread_t thread;

	gic_queue_order(vcpu, GIC_WFI, 0, 0);
	if (pthread_create(&thread, NULL, wait_for_ever, vcpu))
		kvm_bail("no more threads");
	while (!gic_order_begun(vcpu))
		usleep(1000);
	expect_errno(__gic_create(vm), -EBUSY, "while it runs");
	cpu_line(vm, 0, KVM_ARM_IRQ_CPU_IRQ, 1);
	pthread_join(thread, NULL);
	expect_errno(__gic_create(vm), -EBUSY, "after it has run");
	expect_errno(__vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL), -EBUSY,
		     "irqchip after it has run");
	/* Another VM can still create one, and the first VM keeps running. */
	other = vm_create();
	close(create_device(other));
	vm_free(other);
	expect_equal(gic_signalled(vcpu), ISR_IRQ, "ISR");
	vm_free(vm);
}

/* The files may be closed in any order. */
static void lifetime(void)
{
	struct kvm_vm *vm;
	uint32_t value;
	int gic, i;

	for (i = 0; i < 3; i++) {
		vm = vm_create_gic_guest("gic", 2, &gic);
		gicd_read(vm->vcpus[0], GICD_TYPER);
		if (i == 0) {
			close(gic);
			vm_free(vm);
			continue;
		}
		vm_free(vm);
		expect_errno(__gic_get_nr_irqs(gic, &value), 0,
			     "reading when the VM's file is closed");
		expect_equal(value, 256, "interrupts");
		close(gic);
	}
}

static const struct test tests[] = {
	{ "capabilities are those of a GICv2", capabilities },
	{ "other devices are refused and leave GICv2 possible",
	  other_devices },
	{ "there is one GIC in a VM", only_once },
	{ "KVM_CREATE_IRQCHIP and KVM_ARM_SET_DEVICE_ADDR make a GIC that works",
	  legacy },
	{ "addresses are checked, and set once", addresses },
	{ "a vcpu does not run before the addresses are right",
	  bad_addresses },
	{ "the number of interrupts is checked, and set once", nr_irqs },
	{ "the one control is INIT", controls },
	{ "vcpus come before or after, up to eight, until INIT", vcpus },
	{ "a GIC comes before any vcpu has run", too_late },
	{ "files are closed in any order", lifetime },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
