/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that runs IT blocks, one at a time: lib/it_block.h with the program
 * "thumb".
 */
#ifndef KVM_ARM_IT_GUEST_H
#define KVM_ARM_IT_GUEST_H

#include "it_block.h"
#include "kvm_arm.h"
#include "../guest/guest_thumb.h"

/* R4 in a block: the first address of a device */
#define BLOCK_NO_MEMORY	0x20000000

/**
 * struct block_guest - the guest, and its present block
 * @vm: the VM
 * @vcpu: its vcpu
 * @order: what the guest is asked to do
 * @outcome: what has come of it
 * @steps: the instructions of the block, by the model
 * @tpidruro: TPIDRURO, as far as the model has come
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

/* Write the code and the order to run it; start it; have it end */
void block_prepare(const struct it_block *b);
void block_begin(void);
void block_end(void);

/* Take the exit of step @i, an access of a device, and answer it */
void block_device_access(const struct it_block *b, unsigned int i);

/* Compare the registers after the block; @not is an instruction that was aborted */
void block_expect_outcome(const struct it_block *b, int not);
void block_expect_no_exception(void);

/* An exception with the state of the CPU at @pc and the given IT state */
void block_expect_exception(uint32_t vector, uint32_t pc, uint32_t lr_offset,
			    uint32_t it, uint32_t flags);

#endif /* KVM_ARM_IT_GUEST_H */
