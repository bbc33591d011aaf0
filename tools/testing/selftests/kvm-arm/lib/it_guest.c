// SPDX-License-Identifier: GPL-2.0
/* Run IT blocks in the program "thumb", and compare the results with the model. */
#include <string.h>

#include "harness.h"
#include "it_guest.h"

#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define CPSR_ID		CORE_REG(usr_regs.ARM_cpsr)

struct block_guest block;

/* Word that the device and the memory return for R4 and R5 */
static uint32_t device_word(uint32_t i)
{
	return 0xdede0000 + i;
}

static uint32_t memory_word(uint32_t i)
{
	return 0x3e3e0000 + i;
}

/* Write the code and the order to run it. */
void block_prepare(const struct it_block *b)
{
	uint32_t *data = vm_hva(block.vm, THUMB_DATA);
	unsigned int i;

	it_walk(b, block.steps);
	it_write(b, vm_hva(block.vm, b->address));
	for (i = 0; i < 4; i++)
		data[i] = memory_word(i);

	memset(&block.order, 0, sizeof(block.order));
	block.order.entry = b->address | 1;
	block.order.flags = b->flags;
	for (i = 0; i < THUMB_NR_REGS; i++)
		block.order.regs[i] = 0x1000 * i + 0xabc;
	block.order.regs[4] = BLOCK_NO_MEMORY;
	block.order.regs[5] = THUMB_DATA;
	block.order.regs[6] = 0x7fffffff;	/* adding 1 sets N and V */
}

static void copy(volatile uint32_t *dst, const volatile uint32_t *src)
{
	size_t i;

	for (i = 0; i < sizeof(block.order) / sizeof(*dst); i++)
		dst[i] = src[i];
}

void block_begin(void)
{
	copy(vm_shared(block.vm), (const uint32_t *)&block.order);
	expect_equal(vcpu_expect(block.vcpu, GUEST_SYNC), THUMB_GO, "guest");
}

/* Expect step i of the block to access the device, and answer. */
void block_device_access(const struct it_block *b, unsigned int i)
{
	bool write = b->kind[i] == STORE16 || b->kind[i] == STORE32;
	struct kvm_run *run = block.vcpu->run;
	uint32_t data;

	vcpu_expect(block.vcpu, GUEST_MMIO);
	expect_equal(run->mmio.phys_addr, BLOCK_NO_MEMORY + 4 * i, "address");
	expect_equal(run->mmio.len, 4, "length");
	expect_equal(run->mmio.is_write, write, "is_write");
	if (write) {
		memcpy(&data, run->mmio.data, sizeof(data));
		expect_equal(data, block.order.regs[i], "data stored");
	} else {
		data = device_word(i);
		memcpy(run->mmio.data, &data, sizeof(data));
	}
	/*
	 * The access is not complete: PC and IT state are still those of the
	 * instruction.
	 */
	expect_equal(vcpu_get_reg(block.vcpu, PC_ID), block.steps[i].pc, "PC");
	expect_equal(vcpu_get_reg(block.vcpu, CPSR_ID) & CPSR_IT,
		     it_bits(block.steps[i].it), "IT state");
}

void block_end(void)
{
	expect_equal(vcpu_expect(block.vcpu, GUEST_SYNC), THUMB_READY, "guest");
	copy((uint32_t *)&block.outcome, vm_shared(block.vm));
}

static void expect_step(uint32_t *regs, enum it_kind kind, unsigned int i)
{
	switch (kind) {
	case ADD16:
		regs[i] += 0x11;
		break;
	case ADD32:
		regs[i] += 0x22;
		break;
	case LOAD16:
	case LOAD32:
		regs[i] = device_word(i);
		break;
	case READ16:
	case READ32:
		regs[i] = memory_word(i);
		break;
	case WRITE16:
		expect_equal(((uint32_t *)vm_hva(block.vm, THUMB_DATA))[i],
			     regs[i], "memory written by instruction %u", i);
		break;
	case VMOV:
		regs[i] = 0;
		break;
	case MRC:
		regs[i] = block.tpidruro;
		break;
	case MCR:
		block.tpidruro = regs[i];
		break;
	case MRC_TRAPS:
		regs[i] = vcpu_get_reg(block.vcpu, REG(ACTLR));
		break;
	case SMC:
		memset(regs, 0, 4 * sizeof(regs[0]));
		regs[0] = -1;
		break;
	default:
		break;
	}
}

/* Check the registers after the block. @not is the instruction that aborted. */
void block_expect_outcome(const struct it_block *b, int not)
{
	uint32_t regs[THUMB_NR_REGS];
	unsigned int i;

	memcpy(regs, block.order.regs, sizeof(regs));
	for (i = 0; i < b->nr; i++)
		if (block.steps[i].passes && (int)i != not)
			expect_step(regs, b->kind[i], i);
	regs[6]++;
	for (i = 0; i < THUMB_NR_REGS; i++)
		expect_equal(block.outcome.regs[i], regs[i], "R%u", i);
	expect_equal(block.outcome.flags & 0xf0000000, CPSR_N | CPSR_V, "flags");
	if (test_failed())
		test_fail("IT %02x at %08x, flags %08x, kinds %u %u %u %u",
			  b->it, b->address, b->flags, b->kind[0], b->kind[1],
			  b->kind[2], b->kind[3]);
}

void block_expect_no_exception(void)
{
	expect_equal(block.outcome.count, 0, "exceptions, the last of vector %u",
		     block.outcome.vector);
}

/* Check that an exception was taken at @pc, with the given IT state. */
void block_expect_exception(uint32_t vector, uint32_t pc, uint32_t lr_offset,
			    uint32_t it, uint32_t flags)
{
	expect_equal(block.outcome.count, 1, "exceptions");
	expect_equal(block.outcome.vector, vector, "vector");
	expect_equal(block.outcome.fault_pc, pc, "instruction");
	expect_equal(block.outcome.lr, pc + lr_offset, "LR");
	expect_equal(block.outcome.spsr & CPSR_IT, it_bits(it), "IT state in SPSR");
	expect_equal(block.outcome.spsr & (CPSR_T | CPSR_MODE), CPSR_T | CPSR_SVC,
		     "mode and T in SPSR");
	expect_equal(block.outcome.spsr & 0xf0000000, flags, "flags in SPSR");
	expect_equal(block.outcome.fault_cpsr & (CPSR_T | CPSR_IT), 0,
		     "T and IT state in the handler");
}

void block_create(void)
{
	block.vm = vm_create_guest("thumb", 1);
	block.vcpu = block.vm->vcpus[0];
	expect_equal(vcpu_expect(block.vcpu, GUEST_SYNC), THUMB_READY, "guest");
}

void block_destroy(void)
{
	vm_free(block.vm);
}
