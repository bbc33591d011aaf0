/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compare the states of two VMs.
 */
#ifndef KVM_ARM_STATE_COMPARE_H
#define KVM_ARM_STATE_COMPARE_H

#include "state_edit.h"

/* Remove what depends on the time from the value of a register. */
uint64_t state_steady(uint64_t id, uint64_t value);

/* The same for a register of the GIC, in which timers become pending */
uint32_t gic_steady(uint32_t group, uint32_t offset, uint32_t value);

/**
 * expect_same_image() - expect two saved VMs to have the same state
 * @is: the state of a VM
 * @want: the expected state
 *
 * Compare all but the time, and the interrupts of the timers.
 */
void expect_same_image(const struct state_image *is, const struct state_image *want);

#endif /* KVM_ARM_STATE_COMPARE_H */
