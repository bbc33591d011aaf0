/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device emulated in user space, as memory: it answers KVM_EXIT_MMIO and
 * records the accesses.
 */
#ifndef KVM_ARM_DEVICE_H
#define KVM_ARM_DEVICE_H

#include "kvm_arm.h"

#define DEVICE_SIZE	8192
#define DEVICE_LOG	64

/**
 * struct device - the device
 * @base: guest physical address, outside of memory
 * @bytes: contents
 * @nr: number of accesses, including those for which the log had no room
 * @log: the first accesses
 */
struct device {
	uint64_t base;
	uint8_t bytes[DEVICE_SIZE];
	unsigned int nr;
	struct {
		uint32_t offset;
		uint32_t len;
		bool is_write;
	} log[DEVICE_LOG];
};

/* Set known contents, in which all words differ, and empty the log. */
void device_fill(struct device *device);
void device_pattern(void *bytes, size_t size);

/* Answer a vcpu's KVM_EXIT_MMIO; return false if it is not for the device. */
bool device_answer(struct device *device, struct kvm_vcpu *vcpu);

/**
 * device_run() - run a guest program that uses the device
 * @device: the device
 * @vcpu: the vcpu
 * @value: out: the value of the event; may be NULL
 *
 * Return: the first event that is not an access to the device.
 */
enum guest_event device_run(struct device *device, struct kvm_vcpu *vcpu,
			    uint32_t *value);

#endif /* KVM_ARM_DEVICE_H */
