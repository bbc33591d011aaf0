// SPDX-License-Identifier: GPL-2.0
/*
 * Thumb code in a guest: what is an exit, an interrupt or an exception in the
 * middle of an IT block leaves the rest of the block as it should be.
 *
 * Blocks of all shapes are run and compared with what the architecture says
 * they do (ARM DDI 0406C, A2.5.2). There is no HVC among them, which is not
 * allowed in IT blocks.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "gic.h"
#include "harness.h"
#include "it_block.h"
#include "../guest/guest_thumb.h"

#define NO_MEMORY	0x20000000
#define PAGE		0x1000
#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define CPSR_ID		CORE_REG(usr_regs.ARM_cpsr)

/* What a device and the memory have at R4 and R5 */
static uint32_t device_word(uint32_t i)
{
	return 0xdede0000 + i;
}

static uint32_t memory_word(uint32_t i)
{
	return 0x3e3e0000 + i;
}

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static struct thumb_order order, outcome;
static struct it_step steps[4];
static uint32_t seed = 1;
/* TPIDRURO, as far as the model has come */
static uint32_t tpidruro;

static uint32_t random_below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* Writes the code, and the order to run it */
static void prepare(const struct it_block *b)
{
	uint32_t *data = vm_hva(vm, THUMB_DATA);
	unsigned int i;

	it_walk(b, steps);
	it_write(b, vm_hva(vm, b->address));
	for (i = 0; i < 4; i++)
		data[i] = memory_word(i);

	memset(&order, 0, sizeof(order));
	order.entry = b->address | 1;
	order.flags = b->flags;
	for (i = 0; i < THUMB_NR_REGS; i++)
		order.regs[i] = 0x1000 * i + 0xabc;
	order.regs[4] = NO_MEMORY;
	order.regs[5] = THUMB_DATA;
	order.regs[6] = 0x7fffffff;	/* + 1: N and V */
}

static void copy(volatile uint32_t *dst, const volatile uint32_t *src)
{
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(*dst); i++)
		dst[i] = src[i];
}

static void begin(void)
{
	copy(vm_shared(vm), (const uint32_t *)&order);
	expect_equal(vcpu_expect(vcpu, GUEST_SYNC), THUMB_GO, "guest");
}

/* The access of a device that step i of the block has to make, answered */
static void device_access(const struct it_block *b, unsigned int i)
{
	bool write = b->kind[i] == STORE16 || b->kind[i] == STORE32;
	struct kvm_run *run = vcpu->run;
	uint32_t data;

	vcpu_expect(vcpu, GUEST_MMIO);
	expect_equal(run->mmio.phys_addr, NO_MEMORY + 4 * i, "address");
	expect_equal(run->mmio.len, 4, "length");
	expect_equal(run->mmio.is_write, write, "is_write");
	if (write) {
		memcpy(&data, run->mmio.data, sizeof(data));
		expect_equal(data, order.regs[i], "data stored");
	} else {
		data = device_word(i);
		memcpy(run->mmio.data, &data, sizeof(data));
	}
	/* It has not been executed yet: user space may still refuse it */
	expect_equal(vcpu_get_reg(vcpu, PC_ID), steps[i].pc, "PC");
	expect_equal(vcpu_get_reg(vcpu, CPSR_ID) & CPSR_IT,
		     it_bits(steps[i].it), "IT state");
}

static void end(void)
{
	expect_equal(vcpu_expect(vcpu, GUEST_SYNC), THUMB_READY, "guest");
	copy((uint32_t *)&outcome, vm_shared(vm));
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
		expect_equal(((uint32_t *)vm_hva(vm, THUMB_DATA))[i],
			     regs[i], "memory written by instruction %u", i);
		break;
	case VMOV:
		regs[i] = 0;
		break;
	case MRC:
		regs[i] = tpidruro;
		break;
	case MCR:
		tpidruro = regs[i];
		break;
	case MRC_TRAPS:
		regs[i] = vcpu_get_reg(vcpu, REG(ACTLR));
		break;
	case SMC:
		memset(regs, 0, 4 * sizeof(regs[0]));
		regs[0] = -1;
		break;
	default:
		break;
	}
}

/* The registers after the block; @not is an instruction that was aborted */
static void expect_outcome(const struct it_block *b, int not)
{
	uint32_t regs[THUMB_NR_REGS];
	unsigned int i;

	memcpy(regs, order.regs, sizeof(regs));
	for (i = 0; i < b->nr; i++)
		if (steps[i].passes && (int)i != not)
			expect_step(regs, b->kind[i], i);
	regs[6]++;
	for (i = 0; i < THUMB_NR_REGS; i++)
		expect_equal(outcome.regs[i], regs[i], "R%u", i);
	expect_equal(outcome.flags & 0xf0000000, CPSR_N | CPSR_V, "flags");
	if (test_failed())
		test_fail("IT %02x at %08x, flags %08x, kinds %u %u %u %u",
			  b->it, b->address, b->flags, b->kind[0], b->kind[1],
			  b->kind[2], b->kind[3]);
}

static void expect_no_exception(void)
{
	expect_equal(outcome.count, 0, "exceptions, the last of vector %u",
		     outcome.vector);
}

/* An exception with the state of the CPU at @pc and the given IT state */
static void expect_exception(uint32_t vector, uint32_t pc, uint32_t lr_offset,
			     uint32_t it, uint32_t flags)
{
	expect_equal(outcome.count, 1, "exceptions");
	expect_equal(outcome.vector, vector, "vector");
	expect_equal(outcome.fault_pc, pc, "instruction");
	expect_equal(outcome.lr, pc + lr_offset, "LR");
	expect_equal(outcome.spsr & CPSR_IT, it_bits(it), "IT state in SPSR");
	expect_equal(outcome.spsr & (CPSR_T | CPSR_MODE), CPSR_T | CPSR_SVC,
		     "mode and T in SPSR");
	expect_equal(outcome.spsr & 0xf0000000, flags, "flags in SPSR");
	expect_equal(outcome.fault_cpsr & (CPSR_T | CPSR_IT), 0,
		     "T and IT state in the handler");
}

static void create(void)
{
	vm = vm_create_guest("thumb", 1);
	vcpu = vm->vcpus[0];
	expect_equal(vcpu_expect(vcpu, GUEST_SYNC), THUMB_READY, "guest");
}

static void destroy(void)
{
	vm_free(vm);
}

/* A block of this shape with such instructions, and any flags */
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

	prepare(b);
	begin();
	for (i = 0; i < b->nr; i++)
		if (steps[i].passes && it_is_device(b->kind[i]))
			device_access(b, i);
	end();
	expect_no_exception();
	expect_outcome(b, -1);
}

/* Each shape, with flags for which it does this or that */
static void accesses(void)
{
	static const enum it_kind kinds[] = {
		ADD16, ADD32, LOAD16, LOAD32, STORE16, STORE32, LOAD16, LOAD32,
		VMOV,
	};
	struct it_block b;
	unsigned int n;
	uint32_t it;

	create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		for (n = 0; n < 3 && it_is_shape(it); n++) {
			b = make(it, kinds, ARRAY_SIZE(kinds));
			if (n == 2)
				b.kind[b.nr - 1] = SMC;
			run_accesses(&b);
		}
	}
	destroy();
}

/* Accesses of coprocessor 15, while HSTR is not 0 */
static void coprocessor(void)
{
	static const enum it_kind kinds[] = {
		ADD16, ADD32, MRC, MRC_TRAPS, MCR, MCR_TRAPS,
	};
	struct it_block b;
	unsigned int n;
	uint32_t it;

	create();
	tpidruro = 0x7d1d7d1d;
	vcpu_set_reg(vcpu, REG(TPIDRURO), tpidruro);
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		for (n = 0; n < 3 && it_is_shape(it); n++) {
			b = make(it, kinds, ARRAY_SIZE(kinds));
			run_accesses(&b);
		}
	}
	destroy();
}

/* A block with an instruction of one kind that is executed, and where it is */
static int make_one(struct it_block *b, uint32_t it, enum it_kind kind)
{
	static const enum it_kind kinds[] = { ADD16, ADD32 };
	unsigned int tries;
	int i;

	for (tries = 0; tries < 100; tries++) {
		*b = make(it, kinds, ARRAY_SIZE(kinds));
		i = random_below(b->nr);
		b->kind[i] = kind;
		it_walk(b, steps);
		if (steps[i].passes)
			return i;
	}
	kvm_bail("no such block: IT %02x", it);
}

/* As user space sees it, which may take the vcpu elsewhere at this place */
static void completed(void)
{
	struct it_block b;
	uint32_t it;
	int i;

	create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		i = make_one(&b, it, LOAD16 + random_below(4));
		prepare(&b);
		begin();
		device_access(&b, i);
		vcpu->run->immediate_exit = 1;
		expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
		vcpu->run->immediate_exit = 0;
		expect_equal(vcpu_get_reg(vcpu, PC_ID), steps[i].next,
			     "PC after the access");
		expect_equal(vcpu_get_reg(vcpu, CPSR_ID) & (CPSR_IT | CPSR_T),
			     it_bits(steps[i].next_it) | CPSR_T,
			     "IT state after the access");
		end();
		expect_no_exception();
		expect_outcome(&b, -1);
	}
	destroy();
}

/* Raised during an access, they come before the instruction after it */
static void interrupts(void)
{
	struct it_block b;
	uint32_t it, num;
	int i;

	create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		i = make_one(&b, it, LOAD16 + random_below(4));
		num = random_below(2);
		prepare(&b);
		order.irq = 1;
		begin();
		device_access(&b, i);
		cpu_line(vm, 0, num, 1);
		end();
		cpu_line(vm, 0, num, 0);
		expect_exception(num == KVM_ARM_IRQ_CPU_IRQ ? GUEST_VEC_IRQ :
				 GUEST_VEC_FIQ, steps[i].next, 4,
				 steps[i].next_it, b.flags);
		expect_outcome(&b, -1);
	}
	destroy();
}

static void undefined(void)
{
	struct it_block b;
	uint32_t it;
	int i;

	create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		i = make_one(&b, it, random_below(2) ? UDF16 : UDF32);
		prepare(&b);
		begin();
		end();
		expect_exception(GUEST_VEC_UNDEF, steps[i].pc, 2, steps[i].it,
				 b.flags);
		expect_outcome(&b, i);
	}
	destroy();
}

static void aborts(void)
{
	struct kvm_vcpu_events events = { .exception.ext_dabt_pending = 1 };
	struct it_block b;
	uint32_t it;
	int i;

	create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		i = make_one(&b, it, LOAD16 + random_below(4));
		prepare(&b);
		begin();
		device_access(&b, i);
		vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);
		end();
		expect_exception(GUEST_VEC_DABT, steps[i].pc, 8, steps[i].it,
				 b.flags);
		expect_equal(outcome.dfar, NO_MEMORY + 4 * i, "DFAR");
		expect_outcome(&b, i);
	}
	destroy();
}

/* The guest's mapping of a page goes; what is in the page stays */
static void zap(uint32_t gpa)
{
	void *page = vm_hva(vm, gpa);

	if (mprotect(page, PAGE, PROT_NONE) ||
	    mprotect(page, PAGE, PROT_READ | PROT_WRITE))
		kvm_bail("cannot unmap a page");
}

/* Those of the guest's own accesses of the test device are among them */
static uint64_t faults(void)
{
	return vcpu_stat(vcpu, "s2_fault_exit_stat");
}

static void data_faults(void)
{
	static const enum it_kind memory[] = { READ16, READ32, WRITE16 };
	struct it_block b;
	uint64_t before;
	uint32_t it;

	create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		make_one(&b, it, memory[random_below(ARRAY_SIZE(memory))]);
		prepare(&b);
		begin();
		zap(THUMB_DATA);
		before = faults();
		end();
		/* That, and the one by which the guest came to its end */
		expect(faults() - before >= 2, "no stage 2 fault");
		expect_no_exception();
		expect_outcome(&b, -1);
	}
	destroy();
}

/* The code goes on in a page that has to be mapped, at each of its halfwords */
static void fetch_faults(void)
{
	static const enum it_kind kinds[] = { ADD16, ADD32 };
	struct it_block b;
	unsigned int size;
	uint64_t before;
	uint32_t it;

	create();
	for (it = 0; it < 0x100 && !test_failed(); it++) {
		if (!it_is_shape(it))
			continue;
		b = make(it, kinds, ARRAY_SIZE(kinds));
		it_walk(&b, steps);
		size = steps[b.nr - 1].next - b.address;
		b.address = THUMB_CODE + PAGE - 2 * (1 + random_below(size / 2));
		prepare(&b);
		begin();
		zap(THUMB_CODE + PAGE);
		before = faults();
		end();
		/* That, and the one by which the guest came to its end */
		expect(faults() - before >= 2, "no stage 2 fault");
		expect_no_exception();
		expect_outcome(&b, -1);
	}
	destroy();
}

/* The same instructions where there is no block */
static void outside(void)
{
	static const enum it_kind kinds[] = { LOAD16, LOAD32, STORE16, STORE32,
					   READ16, WRITE16, VMOV, ADD16 };
	struct it_block b = { .address = THUMB_CODE, .nr = 1 };
	uint16_t *code;
	unsigned int i;

	create();
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		/* NOP in place of the IT instruction */
		b.it = 0;
		b.kind[0] = kinds[i];
		prepare(&b);
		code = vm_hva(vm, b.address);
		expect_equal(code[0], 0xbf00, "NOP");
		begin();
		if (it_is_device(kinds[i]))
			device_access(&b, 0);
		end();
		expect_no_exception();
		expect_outcome(&b, -1);
	}
	destroy();
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
