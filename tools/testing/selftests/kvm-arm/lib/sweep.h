/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Orders to the guest program "sweep".
 */
#ifndef KVM_ARM_SWEEP_H
#define KVM_ARM_SWEEP_H

#include "kvm_arm.h"
#include "../guest/guest_sweep.h"

/* A VM whose vcpu sweeps when it is told to */
struct kvm_vcpu *sweep_create(void);

/* Have it execute all accesses of a coprocessor; @flags: a sum of SWEEP_* */
void sweep_run(struct kvm_vcpu *vcpu, enum sweep_insn insn, unsigned int cp,
	       unsigned int flags);

/* How many encodings an instruction has */
unsigned int sweep_encodings(enum sweep_insn insn);

/* By encoding: how many times it was undefined */
const uint8_t *sweep_counts(const struct kvm_vcpu *vcpu);

/* What reads read: by encoding one word, or two */
const uint32_t *sweep_values(const struct kvm_vcpu *vcpu);

#endif /* KVM_ARM_SWEEP_H */
