// SPDX-License-Identifier: GPL-2.0
/* Emulate a device that behaves like memory. */
#include <string.h>

#include "device.h"

void device_pattern(void *bytes, size_t size)
{
	uint8_t *byte = bytes;
	size_t i;

	for (i = 0; i < size; i++)
		byte[i] = (i >> 2) * (i & 3 ? 0x35 + 2 * i : 0x9d) + 0x81;
}

void device_fill(struct device *device)
{
	device_pattern(device->bytes, sizeof(device->bytes));
	device->nr = 0;
}

bool device_answer(struct device *device, struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	uint64_t offset = run->mmio.phys_addr - device->base;
	uint32_t len = run->mmio.len;

	if (run->exit_reason != KVM_EXIT_MMIO || offset >= DEVICE_SIZE ||
	    len > DEVICE_SIZE - offset || len > sizeof(run->mmio.data))
		return false;

	if (device->nr < DEVICE_LOG) {
		device->log[device->nr].offset = offset;
		device->log[device->nr].len = len;
		device->log[device->nr].is_write = run->mmio.is_write;
	}
	device->nr++;
	if (run->mmio.is_write)
		memcpy(device->bytes + offset, run->mmio.data, len);
	else
		memcpy(run->mmio.data, device->bytes + offset, len);
	return true;
}

enum guest_event device_run(struct device *device, struct kvm_vcpu *vcpu,
			    uint32_t *value)
{
	enum guest_event event;

	do {
		event = vcpu_run_guest(vcpu, value);
	} while (event == GUEST_MMIO && device_answer(device, vcpu));

	return event;
}
