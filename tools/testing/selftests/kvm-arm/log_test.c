// SPDX-License-Identifier: GPL-2.0
/*
 * A user's actions on his own VMs leave no line in the kernel's log.
 */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "errors.h"
#include "harness.h"
#include "klog.h"

/* Maximum of devices on a VM's bus, not counting eventfds */
#define MAX_ZONES	1000
#define RACES		100

static void expect_no_line(int log, const char *what)
{
	char text[512];

	while (klog_next(log, text, sizeof(text)))
		test_fail("%s: %s", what, text);
	close(log);
}

static void no_address(void)
{
	int log = klog_open(), gic;
	struct kvm_vm *vm;

	vm = gic_vm(&gic);
	expect_errno(run_a_little(vm->vcpus[0]), -ENXIO, "KVM_RUN");
	close(gic);
	vm_free(vm);
	expect_no_line(log, "no address");
}

static void frames_overlap(void)
{
	int log = klog_open(), gic;
	struct kvm_vm *vm;

	vm = gic_vm(&gic);
	gic_place(gic, GUEST_GICC + 0x1000, GUEST_GICC);
	expect_errno(run_a_little(vm->vcpus[0]), -EINVAL, "KVM_RUN");
	close(gic);
	vm_free(vm);
	expect_no_line(log, "frames that overlap");
}

static void no_room(void)
{
	struct kvm_coalesced_mmio_zone zone = { .size = 4 };
	int log = klog_open(), gic;
	struct kvm_vm *vm;
	unsigned int i;

	vm = gic_vm(&gic);
	gic_place(gic, GUEST_GICD, GUEST_GICC);
	for (i = 0; i < MAX_ZONES; i++) {
		zone.addr = 0x40000000 + 16 * i;
		vm_ioctl(vm, KVM_REGISTER_COALESCED_MMIO, &zone);
	}
	expect_errno(__vm_ioctl(vm, KVM_REGISTER_COALESCED_MMIO, &zone),
		     -ENOSPC, "one zone more");
	expect_errno(run_a_little(vm->vcpus[0]), -ENOSPC, "KVM_RUN");
	expect_errno(run_a_little(vm->vcpus[0]), -EIO, "KVM_RUN, again");
	close(gic);
	vm_free(vm);
	expect_no_line(log, "no room for the distributor");
}

static void same_timers(void)
{
	const uint32_t group = KVM_ARM_VCPU_TIMER_CTRL;
	int log = klog_open(), gic, ppi = 20;
	struct kvm_vm *vm;

	vm = gic_vm(&gic);
	gic_place(gic, GUEST_GICD, GUEST_GICC);
	expect_errno(__device_set_attr(vm->vcpus[0]->fd, group,
				       KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &ppi), 0,
		     "virtual timer");
	expect_errno(__device_set_attr(vm->vcpus[0]->fd, group,
				       KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &ppi), 0,
		     "physical timer");
	expect_errno(run_a_little(vm->vcpus[0]), -EINVAL, "KVM_RUN");
	close(gic);
	vm_free(vm);
	expect_no_line(log, "timers with one interrupt");
}

static struct kvm_vm *race_vm;

static void *add_vcpus(void *arg)
{
	unsigned int id;
	int fd;

	for (id = 1; id < KVM_ARM_MAX_VCPUS; id++) {
		fd = __vm_ioctl(race_vm, KVM_CREATE_VCPU, (void *)(long)id);
		if (fd >= 0)
			close(fd);
	}
	return arg;
}

/*
 * The GIC is not initialised while a vcpu is being created: KVM_RUN fails with
 * EBUSY, or runs.
 */
static void vcpu_while_running(void)
{
	unsigned int i, busy = 0;
	int log = klog_open(), gic, ret;
	pthread_t thread;

	for (i = 0; i < RACES; i++) {
		race_vm = gic_vm(&gic);
		gic_place(gic, GUEST_GICD, GUEST_GICC);
		if (pthread_create(&thread, NULL, add_vcpus, NULL))
			kvm_bail("no thread");
		if (i % 2)
			usleep(100 * (i % 16));
		ret = run_a_little(race_vm->vcpus[0]);
		busy += ret == -EBUSY;
		expect(ret == -EBUSY || ret == -EINTR, "KVM_RUN: %s",
		       errno_name(ret));
		pthread_join(thread, NULL);
		close(gic);
		vm_free(race_vm);
	}
	printf("# %u of %u times EBUSY\n", busy, RACES);
	expect_no_line(log, "a vcpu made while another one first runs");
}

static void *create_and_close(void *arg)
{
	unsigned int i;

	for (i = 0; i < RACES; i++) {
		struct kvm_vm *vm;

		if (!__vm_create(&vm))
			vm_free(vm);
	}
	return arg;
}

static void vms_at_once(void)
{
	pthread_t threads[4];
	int log = klog_open();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(threads); i++)
		if (pthread_create(&threads[i], NULL, create_and_close, NULL))
			kvm_bail("no thread");
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	expect_no_line(log, "VMs made and closed by four threads");
}

static const struct test tests[] = {
	{ "a GIC without addresses", no_address },
	{ "a GIC whose frames overlap", frames_overlap },
	{ "a GIC for which the VM's bus has no room", no_room },
	{ "timers that share an interrupt", same_timers },
	{ "a vcpu that is made while another one first runs",
	  vcpu_while_running },
	{ "VMs that are made and closed at once", vms_at_once },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
