/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Orders to the guest program "sweep".
 */
#ifndef KVM_ARM_SWEEP_H
#define KVM_ARM_SWEEP_H

#include "kvm_arm.h"
#include "../guest/guest_sweep.h"

/* Create a VM with a vcpu that waits for orders. */
struct kvm_vcpu *sweep_create(void);

/* Have the vcpu execute all accesses of a coprocessor; @flags: a sum of SWEEP_*. */
void sweep_run(struct kvm_vcpu *vcpu, enum sweep_insn insn, unsigned int cp,
	       unsigned int flags);

/* Return the number of encodings of an instruction. */
unsigned int sweep_encodings(enum sweep_insn insn);

/* Return how often each encoding was undefined. */
const uint8_t *sweep_counts(const struct kvm_vcpu *vcpu);

/* Return the values read: one or two words for each encoding. */
const uint32_t *sweep_values(const struct kvm_vcpu *vcpu);

#endif /* KVM_ARM_SWEEP_H */
