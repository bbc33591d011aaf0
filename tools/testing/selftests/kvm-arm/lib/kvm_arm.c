// SPDX-License-Identifier: GPL-2.0
/* Use /dev/kvm: its ioctls, and what host and VM say of themselves. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kvm_arm.h"

static void bail_default(const char *message)
{
	fflush(stdout);
	fprintf(stderr, "error: %s\n", message);
	exit(1);
}

void (*kvm_bail_handler)(const char *message) = bail_default;

void kvm_bail(const char *fmt, ...)
{
	char message[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	kvm_bail_handler(message);
	abort();
}

int __kvm_ioctl(int fd, unsigned long cmd, void *arg)
{
	int ret = ioctl(fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

int kvm_ioctl_named(int fd, unsigned long cmd, const char *name, void *arg)
{
	int ret = __kvm_ioctl(fd, cmd, arg);

	if (ret < 0)
		kvm_bail("%s: %s", name, strerror(-ret));
	return ret;
}

int __kvm_open(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ioctl(fd, KVM_GET_API_VERSION, 0) != KVM_API_VERSION) {
		close(fd);
		return -EPROTO;
	}
	return fd;
}

int kvm_open(void)
{
	int fd = __kvm_open();

	if (fd == -EPROTO)
		kvm_bail("/dev/kvm: API version is not %d", KVM_API_VERSION);
	if (fd < 0)
		kvm_bail("/dev/kvm: %s", strerror(-fd));
	return fd;
}

int vm_check_cap(struct kvm_vm *vm, long cap)
{
	return vm_ioctl(vm, KVM_CHECK_EXTENSION, (void *)cap);
}

int __vm_preferred_target(struct kvm_vm *vm, struct kvm_vcpu_init *init)
{
	return __vm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, init);
}

void vm_preferred_target(struct kvm_vm *vm, struct kvm_vcpu_init *init)
{
	vm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, init);
}

const char *kvm_target_name(uint32_t target)
{
	switch (target) {
	case KVM_ARM_TARGET_CORTEX_A15:
		return "Cortex-A15";
	case KVM_ARM_TARGET_CORTEX_A7:
		return "Cortex-A7";
	case KVM_ARM_TARGET_GENERIC_V7:
		return "generic ARMv7";
	default:
		return "unknown";
	}
}
