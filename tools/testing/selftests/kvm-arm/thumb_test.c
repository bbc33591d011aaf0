// SPDX-License-Identifier: GPL-2.0
/*
 * Thumb code in a guest: an exit, an interrupt or an exception in the middle of
 * an IT block must not disturb the rest of the block.
 *
 * The test runs blocks of all shapes and compares the results with the
 * architecture (ARM DDI 0406C, A2.5.2). It leaves out HVC, which IT blocks do
 * not allow.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "gic.h"
#include "harness.h"
#include "it_guest.h"

#define PAGE		0x1000
#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define CPSR_ID		CORE_REG(usr_regs.ARM_cpsr)

static uint32_t seed = 1;

static uint32_t random_below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* Make a block of the given shape, of random @kinds, with random flags. */
static struct it_block make(uint32_t it, const enum it_kind *kinds,
			    unsigned int nr)
{
	struct it_block b = {
		.it = it,
		.nr = it_block_size(it),
		.address = THUMB_CODE + 4 * random_below(16),
		.flags = random_below(16) << 28,
	};
	unsigned int i;

	for (i = 0; i < b.nr; i++)
		b.kind[i] = kinds[random_below(nr)];
	return b;
}

static void run_accesses(const struct it_block *b)
{
	unsigned int i;

	block_prepare(b);
	block_begin();
	for (i = 0; i < b->nr; i++)
		if (block.steps[i].passes && it_is_device(b->kind[i]))
			block_device_access(b, i);
	block_end();
	block_expect_no_exception();
	block_expect_outcome(b, -1);
}

/* Run blocks of each shape, with random flags and instructions. */
static void accesses(void)
{
	static const enum it_kind kinds[] = {
		ADD16, ADD32, LOAD16, LOAD32, STORE16, STORE32, LOAD16, LOAD32,
		VMOV,
	};
	struct it_block b;
	unsigned int n;
	uint32_t it;

	block_create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		for (n = 0; n < 3 && it_is_shape(it); n++) {
			b = make(it, kinds, ARRAY_SIZE(kinds));
			if (n == 2)
				b.kind[b.nr - 1] = SMC;
			run_accesses(&b);
		}
	}
	block_destroy();
}

/* Access coprocessor 15 while HSTR is not 0. */
static void coprocessor(void)
{
	static const enum it_kind kinds[] = {
		ADD16, ADD32, MRC, MRC_TRAPS, MCR, MCR_TRAPS,
	};
	struct it_block b;
	unsigned int n;
	uint32_t it;

	block_create();
	block.tpidruro = 0x7d1d7d1d;
	vcpu_set_reg(block.vcpu, REG(TPIDRURO), block.tpidruro);
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		for (n = 0; n < 3 && it_is_shape(it); n++) {
			b = make(it, kinds, ARRAY_SIZE(kinds));
			run_accesses(&b);
		}
	}
	block_destroy();
}

/* Make a block in which an instruction of @kind is executed. Return its position. */
static int make_one(struct it_block *b, uint32_t it, enum it_kind kind)
{
	static const enum it_kind kinds[] = { ADD16, ADD32 };
	unsigned int tries;
	int i;

	for (tries = 0; tries < 100; tries++) {
		*b = make(it, kinds, ARRAY_SIZE(kinds));
		i = random_below(b->nr);
		b->kind[i] = kind;
		it_walk(b, block.steps);
		if (block.steps[i].passes)
			return i;
	}
	kvm_bail("no such block: IT %02x", it);
}

/* User space may move the vcpu elsewhere at this point: check PC and IT state. */
static void completed(void)
{
	struct it_block b;
	uint32_t it;
	int i;

	block_create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		i = make_one(&b, it, LOAD16 + random_below(4));
		block_prepare(&b);
		block_begin();
		block_device_access(&b, i);
		block.vcpu->run->immediate_exit = 1;
		expect_errno(__vcpu_run(block.vcpu), -EINTR, "KVM_RUN");
		block.vcpu->run->immediate_exit = 0;
		expect_equal(vcpu_get_reg(block.vcpu, PC_ID), block.steps[i].next,
			     "PC after the access");
		expect_equal(vcpu_get_reg(block.vcpu, CPSR_ID) & (CPSR_IT | CPSR_T),
			     it_bits(block.steps[i].next_it) | CPSR_T,
			     "IT state after the access");
		block_end();
		block_expect_no_exception();
		block_expect_outcome(&b, -1);
	}
	block_destroy();
}

/* An interrupt raised during an access is taken before the next instruction. */
static void interrupts(void)
{
	struct it_block b;
	uint32_t it, num;
	int i;

	block_create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		i = make_one(&b, it, LOAD16 + random_below(4));
		num = random_below(2);
		block_prepare(&b);
		block.order.irq = 1;
		block_begin();
		block_device_access(&b, i);
		cpu_line(block.vm, 0, num, 1);
		block_end();
		cpu_line(block.vm, 0, num, 0);
		block_expect_exception(num == KVM_ARM_IRQ_CPU_IRQ ? GUEST_VEC_IRQ :
				       GUEST_VEC_FIQ, block.steps[i].next, 4,
				       block.steps[i].next_it, b.flags);
		block_expect_outcome(&b, -1);
	}
	block_destroy();
}

static void undefined(void)
{
	struct it_block b;
	uint32_t it;
	int i;

	block_create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		i = make_one(&b, it, random_below(2) ? UDF16 : UDF32);
		block_prepare(&b);
		block_begin();
		block_end();
		block_expect_exception(GUEST_VEC_UNDEF, block.steps[i].pc, 2,
				       block.steps[i].it, b.flags);
		block_expect_outcome(&b, i);
	}
	block_destroy();
}

static void aborts(void)
{
	struct kvm_vcpu_events events = { .exception.ext_dabt_pending = 1 };
	struct it_block b;
	uint32_t it;
	int i;

	block_create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		i = make_one(&b, it, LOAD16 + random_below(4));
		block_prepare(&b);
		block_begin();
		block_device_access(&b, i);
		vcpu_ioctl(block.vcpu, KVM_SET_VCPU_EVENTS, &events);
		block_end();
		block_expect_exception(GUEST_VEC_DABT, block.steps[i].pc, 8,
				       block.steps[i].it, b.flags);
		expect_equal(block.outcome.dfar, BLOCK_NO_MEMORY + 4 * i, "DFAR");
		block_expect_outcome(&b, i);
	}
	block_destroy();
}

/* Unmap a page from the guest, and keep its content. */
static void zap(uint32_t gpa)
{
	void *page = vm_hva(block.vm, gpa);

	if (mprotect(page, PAGE, PROT_NONE) ||
	    mprotect(page, PAGE, PROT_READ | PROT_WRITE))
		kvm_bail("cannot unmap a page");
}

/* Count all faults, including those of the test device. */
static uint64_t faults(void)
{
	return vcpu_stat(block.vcpu, "s2_fault_exit_stat");
}

static void data_faults(void)
{
	static const enum it_kind memory[] = { READ16, READ32, WRITE16 };
	struct it_block b;
	uint64_t before;
	uint32_t it;

	block_create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		make_one(&b, it, memory[random_below(ARRAY_SIZE(memory))]);
		block_prepare(&b);
		block_begin();
		zap(THUMB_DATA);
		before = faults();
		block_end();
		/* One for the page, and one for the report at the guest's end */
		expect(faults() - before >= 2, "no stage 2 fault");
		block_expect_no_exception();
		block_expect_outcome(&b, -1);
	}
	block_destroy();
}

/* The code crosses into an unmapped page, at each of its halfwords. */
static void fetch_faults(void)
{
	static const enum it_kind kinds[] = { ADD16, ADD32 };
	struct it_block b;
	unsigned int size;
	uint64_t before;
	uint32_t it;

	block_create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		b = make(it, kinds, ARRAY_SIZE(kinds));
		it_walk(&b, block.steps);
		size = block.steps[b.nr - 1].next - b.address;
		b.address = THUMB_CODE + PAGE - 2 * (1 + random_below(size / 2));
		block_prepare(&b);
		block_begin();
		zap(THUMB_CODE + PAGE);
		before = faults();
		block_end();
		/* One for the page, and one for the report at the guest's end */
		expect(faults() - before >= 2, "no stage 2 fault");
		block_expect_no_exception();
		block_expect_outcome(&b, -1);
	}
	block_destroy();
}

/* Execute the same instructions outside of a block. */
static void outside(void)
{
	static const enum it_kind kinds[] = { LOAD16, LOAD32, STORE16, STORE32,
					   READ16, WRITE16, VMOV, ADD16 };
	struct it_block b = { .address = THUMB_CODE, .nr = 1 };
	uint16_t *code;
	unsigned int i;

	block_create();
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		/* NOP replaces the IT instruction. */
		b.it = 0;
		b.kind[0] = kinds[i];
		block_prepare(&b);
		code = vm_hva(block.vm, b.address);
		expect_equal(code[0], 0xbf00, "NOP");
		block_begin();
		if (it_is_device(kinds[i]))
			block_device_access(&b, 0);
		block_end();
		block_expect_no_exception();
		block_expect_outcome(&b, -1);
	}
	block_destroy();
}

static const struct test tests[] = {
	{ "exits of Thumb code outside of IT blocks", outside },
	{ "exits anywhere in IT blocks of all shapes", accesses },
	{ "accesses of coprocessor 15 anywhere in IT blocks", coprocessor },
	{ "user space sees the IT state advance by one instruction",
	  completed },
	{ "interrupts in IT blocks", interrupts },
	{ "undefined instructions in IT blocks", undefined },
	{ "injected data aborts in IT blocks", aborts },
	{ "memory that has to be mapped for an instruction of an IT block",
	  data_faults },
	{ "code that has to be mapped in the middle of an IT block",
	  fetch_faults },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
