/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Run IT blocks of lib/it_block.h, one at a time, in the guest program "thumb".
 */
#ifndef KVM_ARM_IT_GUEST_H
#define KVM_ARM_IT_GUEST_H

#include "it_block.h"
#include "kvm_arm.h"
#include "../guest/guest_thumb.h"

/* R4 in a block: the first address of the device */
#define BLOCK_NO_MEMORY	0x20000000

/**
 * struct block_guest - the guest, and its current block
 * @vm: the VM
 * @vcpu: its vcpu
 * @order: the order to the guest
 * @outcome: the outcome of the order
 * @steps: the instructions of the block in the model
 * @tpidruro: current TPIDRURO in the model
 */
extern struct block_guest {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	struct thumb_order order;
	struct thumb_order outcome;
	struct it_step steps[4];
	uint32_t tpidruro;
} block;

void block_create(void);
void block_destroy(void);

/* Write the code and the order to run it; start it; run it to its end. */
void block_prepare(const struct it_block *b);
void block_begin(void);
void block_end(void);

/* Expect the exit of step @i, an access of the device, and answer it. */
void block_device_access(const struct it_block *b, unsigned int i);

/* Compare the registers after the block; instruction @not was aborted. */
void block_expect_outcome(const struct it_block *b, int not);
void block_expect_no_exception(void);

/* Expect an exception at @pc with the given IT state and flags. */
void block_expect_exception(uint32_t vector, uint32_t pc, uint32_t lr_offset,
			    uint32_t it, uint32_t flags);

#endif /* KVM_ARM_IT_GUEST_H */
