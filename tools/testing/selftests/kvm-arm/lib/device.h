/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that is memory in user space: it answers KVM_EXIT_MMIO, and records
 * what was asked of it.
 */
#ifndef KVM_ARM_DEVICE_H
#define KVM_ARM_DEVICE_H

#include "kvm_arm.h"

#define DEVICE_SIZE	8192
#define DEVICE_LOG	64

/**
 * struct device - the device
 * @base: where it is in the guest; there must be no memory
 * @bytes: what is in it
 * @nr: accesses so far; not all of them are in the log if it is full
 * @log: what they were
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

/* Known contents, no two words of which are the same; an empty log */
void device_fill(struct device *device);
void device_pattern(void *bytes, size_t size);

/* Answer the KVM_EXIT_MMIO of a vcpu; false if it is of another address */
bool device_answer(struct device *device, struct kvm_vcpu *vcpu);

/**
 * device_run() - run a guest program that uses the device
 * @device: the device
 * @vcpu: the vcpu
 * @value: where the value of the event goes, or NULL
 *
 * Return: the first event that is no access to the device.
 */
enum guest_event device_run(struct device *device, struct kvm_vcpu *vcpu,
			    uint32_t *value);

#endif /* KVM_ARM_DEVICE_H */
