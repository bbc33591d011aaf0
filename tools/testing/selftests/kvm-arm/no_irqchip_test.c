// SPDX-License-Identifier: GPL-2.0
/*
 * Errors in Documentation/virt/kvm/api.rst that occur only on a host whose
 * interrupt controller cannot be virtualized.
 */
#include <errno.h>
#include <unistd.h>

#include "gic.h"
#include "harness.h"

static int if_none(struct kvm_vm *vm, int err)
{
	return vm_check_cap(vm, KVM_CAP_IRQCHIP) ? 0 : err;
}

static void create_irqchip(void)
{
	struct kvm_vm *vm = vm_create();

	expect_errno(__vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL),
		     if_none(vm, -ENXIO), "KVM_CREATE_IRQCHIP");
	vm_free(vm);
}

static void create_device(void)
{
	struct kvm_vm *vm = vm_create();
	int gic;

	expect_errno(__vm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2,
					KVM_CREATE_DEVICE_TEST),
		     if_none(vm, -ENODEV), "test of a GICv2");
	gic = __gic_create(vm);
	expect_errno(gic < 0 ? gic : 0, if_none(vm, -ENODEV), "GICv2");
	if (gic >= 0)
		close(gic);
	vm_free(vm);
}

static void set_device_addr(void)
{
	struct kvm_vm *vm = vm_create();

	__vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL);
	expect_errno(__gic_set_legacy_addr(vm, KVM_VGIC_V2_ADDR_TYPE_DIST,
					   GUEST_GICD), if_none(vm, -ENXIO),
		     "distributor");
	vm_free(vm);
}

/* A name has the number of a section, and the errors in the order of api.rst. */
static const struct test tests[] = {
	{ "4.24 KVM_CREATE_IRQCHIP without a GICv2: ENXIO", create_irqchip },
	{ "KVM_CREATE_DEVICE without a GICv2 is ENODEV", create_device },
	{ "4.85 KVM_ARM_SET_DEVICE_ADDR without a GICv2: ENXIO",
	  set_device_addr },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
