// SPDX-License-Identifier: GPL-2.0
/*
 * Loads and stores of a device, by instructions of all kinds. A VM with a
 * device must have the same results as a VM with memory in its place, and the
 * device the same contents as the memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "execute.h"
#include "gic.h"
#include "harness.h"
#include "load_store.h"

#define BASE		0x20000000
#define TARGET		(BASE + 0x800)
#define NR_D		16
#define D_REG(n)	(KVM_REG_ARM | KVM_REG_SIZE_U64 | KVM_REG_ARM_VFP | (n))
#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define SCTLR_SW	0x400U

/* The VM with a device, and the VM with memory in its place */
static struct kvm_vcpu *vcpu, *other;
static struct device device = { .base = BASE };
static unsigned int done;

static void create(void)
{
	vcpu = execute_create(1)->vcpus[0];
	other = execute_create(1)->vcpus[0];
	vm_add_memory(other->vm, 1, BASE, DEVICE_SIZE, 0);
	done = 0;
}

static void destroy(void)
{
	vm_free(vcpu->vm);
	vm_free(other->vm);
}

static void both(enum execute_op op)
{
	execute_op(vcpu, op, 0);
	execute_op(other, op, 0);
}

static void set_vfp(struct kvm_vcpu *v)
{
	unsigned int n;

	for (n = 0; n < NR_D; n++)
		vcpu_set_reg(v, D_REG(n), 0x1122334455667788ULL * (n + 1));
}

/* Compare the registers outside of r: those of VFP and of User mode. */
static void expect_other_registers(const struct load_store *x)
{
	unsigned int n;

	for (n = 0; x->vfp && n < NR_D; n++)
		expect_equal(vcpu_get_reg(vcpu, D_REG(n)),
			     vcpu_get_reg(other, D_REG(n)), "%s: D%u", x->name,
			     n);
	expect_equal(vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_sp)),
		     vcpu_get_reg(other, CORE_REG(usr_regs.ARM_sp)),
		     "%s: SP_usr", x->name);
	expect_equal(vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_lr)),
		     vcpu_get_reg(other, CORE_REG(usr_regs.ARM_lr)),
		     "%s: LR_usr", x->name);
}

static void do_both(const struct load_store *x, struct execute *got,
		    struct execute *want)
{
	struct execute order = {
		.insn = x->insn,
		.it = x->it,
		.cpsr = x->cpsr,
		.armed = VECTOR(DABT) | VECTOR(PABT) | VECTOR(UNDEF),
	};

	memcpy(order.r, x->r, sizeof(order.r));
	if (x->vfp) {
		set_vfp(vcpu);
		set_vfp(other);
	}
	device_pattern(vm_hva(other->vm, BASE), DEVICE_SIZE);
	execute_begin(other, &order);
	vcpu_expect(other, GUEST_SYNC);
	execute_end(other, want);

	device_fill(&device);
	execute_begin(vcpu, &order);
	expect_equal(device_run(&device, vcpu, NULL), GUEST_SYNC, "%s: event",
		     x->name);
	execute_end(vcpu, got);
}

static void compare(const struct load_store *x)
{
	struct execute got, want;
	unsigned int i;

	if (test_failed())
		return;
	do_both(x, &got, &want);
	if (!want.count || !x->optional) {
		expect_equal(want.count, 0, "%s: exceptions with memory",
			     x->name);
		expect(device.nr, "%s: no access", x->name);
		done++;
	}
	expect_equal(got.count, want.count, "%s: exceptions, vector %u", x->name,
		     got.vector);
	for (i = 0; i < 15; i++)
		expect_equal(got.r[i], want.r[i], "%s: R%u", x->name, i);
	expect_equal(got.cpsr, want.cpsr, "%s: CPSR", x->name);
	expect(!memcmp(device.bytes, vm_hva(other->vm, BASE), DEVICE_SIZE),
	       "%s: what is stored", x->name);
	expect_other_registers(x);
	if (test_failed())
		test_fail("%s is %08x", x->name, x->insn);
}

/*
 * For Device memory in long descriptors, QEMU requires both words of a pair to
 * be aligned. Map the device as Normal memory.
 */
static void map_as_memory(struct kvm_vcpu *v)
{
	uint64_t *table = vm_hva(v->vm, vcpu_get_reg(v, REG(TTBR0_64)));

	table[BASE >> 30] &= ~0x1cULL;
	guest_write(v, CP_REG32(15, 8, 0, 7, 0), 0);
}

static void all_with(void (*go)(uint32_t target, load_store_fn fn),
		     unsigned int at_least)
{
	create();
	both(EXECUTE_VFP_ON);
	guest_write(vcpu, REG(SCTLR), vcpu_get_reg(vcpu, REG(SCTLR)) | SCTLR_SW);
	guest_write(other, REG(SCTLR),
		    vcpu_get_reg(other, REG(SCTLR)) | SCTLR_SW);
	go(TARGET, compare);
	/* Cross from one page to the next. */
	go(BASE + 0x1000, compare);
	both(EXECUTE_MMU_SHORT);
	go(TARGET, compare);
	both(EXECUTE_MMU_OFF);
	both(EXECUTE_MMU_LPAE);
	map_as_memory(vcpu);
	map_as_memory(other);
	go(BASE + 0x1000, compare);
	expect(done >= 4 * at_least, "%u instructions", done);
	destroy();
}

static void arm(void)
{
	all_with(load_store_arm, 400);
}

static void thumb16(void)
{
	all_with(load_store_thumb16, 40);
}

static void thumb32(void)
{
	all_with(load_store_thumb32, 100);
}

static void vfp(void)
{
	all_with(load_store_vfp, 40);
}

/* ---- loads of PC --------------------------------------------------------- */

/* Return the address at which the guest executes the instruction. */
static uint32_t slot(uint32_t cpsr)
{
	struct execute x = {
		.insn = cpsr & CPSR_T ? 0xf3af8000 : ARM_NOP,	/* nop.w */
		.cpsr = cpsr,
	};

	execute(other, &x);
	return x.pc;
}

static const struct {
	const char *name;
	uint32_t insn;
	bool thumb;
	uint32_t size;
} branches[] = {
	{ "ldr pc, [r1], #4", 0xe491f004, false, 4 },
	{ "ldm r1!, {pc}", 0xe8b18000, false, 4 },
	{ "ldmib r2, {r0, r3, pc}", 0xe9928009, false, 4 },
	{ "ldr.w pc, [r1], #4", 0xf851fb04, true, 4 },
	{ "ldmia.w r2, {r0, r3, pc}", 0xe8928009, true, 4 },
	{ "pop {r0, pc}", 0xbd01, true, 2 },
};

/* Code after the slot saves the registers, in either state. */
static void do_branch(unsigned int n, uint32_t target)
{
	struct load_store x = {
		.insn = branches[n].insn,
		.cpsr = CPSR_SVC | CPSR_MASKED | (branches[n].thumb ? CPSR_T : 0),
		.r = { 0, TARGET, TARGET - 4, 0, [13] = TARGET - 4 },
	};
	struct execute got, order;
	unsigned int i;

	snprintf(x.name, sizeof(x.name), "%s", branches[n].name);
	order = (struct execute){ .insn = x.insn, .cpsr = x.cpsr };
	memcpy(order.r, x.r, sizeof(order.r));

	device_fill(&device);
	for (i = 0; i < 64; i++)
		memcpy(device.bytes + TARGET - BASE - 128 + 4 * i, &target, 4);
	memcpy(vm_hva(other->vm, BASE), device.bytes, DEVICE_SIZE);
	execute_begin(other, &order);
	vcpu_expect(other, GUEST_SYNC);
	execute_end(other, &order);

	x.r[14] = 0;
	got = (struct execute){ .insn = x.insn, .cpsr = x.cpsr };
	memcpy(got.r, x.r, sizeof(got.r));
	execute_begin(vcpu, &got);
	expect_equal(device_run(&device, vcpu, NULL), GUEST_SYNC, "%s: event",
		     x.name);
	execute_end(vcpu, &got);
	for (i = 0; i < 15; i++)
		expect_equal(got.r[i], order.r[i], "%s: R%u", x.name, i);
	expect_equal(got.cpsr, order.cpsr, "%s: CPSR", x.name);
}

static void loads_of_pc(void)
{
	uint32_t arm_slot, thumb_slot;
	unsigned int n;

	create();
	arm_slot = slot(CPSR_SVC | CPSR_MASKED);
	thumb_slot = slot(CPSR_SVC | CPSR_MASKED | CPSR_T);
	for (n = 0; n < ARRAY_SIZE(branches); n++) {
		do_branch(n, arm_slot + 4);
		do_branch(n, (thumb_slot + 4) | 1);
	}
	destroy();
}

/* ---- how the accesses are made ------------------------------------------- */

static const struct {
	const char *name;
	uint32_t insn;
	uint32_t r1;
	unsigned int nr;
	uint32_t len;
	uint32_t offset;	/* of the first access */
} shapes[] = {
	{ "strd, aligned", 0xe1c120f0, BASE, 1, 8, 0 },
	{ "strd #16, as U-Boot does", 0xe1c121f0, BASE, 1, 8, 16 },
	{ "ldrd, aligned", 0xe1c120d0, BASE, 1, 8, 0 },
	{ "strd, not aligned", 0xe1c120f0, BASE + 4, 2, 4, 4 },
	{ "ldrd, from page to page", 0xe1c120d0, BASE + 0xffc, 2, 4, 0xffc },
	{ "stm of three", 0xe881001c, BASE, 3, 4, 0 },
	{ "ldmdb of three", 0xe911001c, BASE + 0x100, 3, 4, 0xf4 },
	{ "str, post-indexed", 0xe4812004, BASE, 1, 4, 0 },
	{ "strb, pre-indexed", 0xe5e12005, BASE, 1, 1, 5 },
	{ "ldrsh, post-indexed", 0xe0d120f2, BASE + 2, 1, 2, 2 },
	{ "vldr d", 0xed912b00, BASE + 8, 1, 8, 8 },
	{ "vldr d, not aligned", 0xed912b00, BASE + 4, 2, 4, 4 },
	{ "vstmia of d2 and d3", 0xec812b04, BASE, 2, 8, 0 },
	{ "vstmia of s4 and s5", 0xec812a02, BASE, 2, 4, 0 },
};

static void shape(void)
{
	struct execute x;
	unsigned int i, n;

	create();
	both(EXECUTE_VFP_ON);
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		x = (struct execute){ .insn = shapes[i].insn };
		x.r[1] = shapes[i].r1;
		device_fill(&device);
		execute_begin(vcpu, &x);
		expect_equal(device_run(&device, vcpu, NULL), GUEST_SYNC,
			     "%s: event", shapes[i].name);
		expect_equal(device.nr, shapes[i].nr, "%s: accesses",
			     shapes[i].name);
		for (n = 0; n < device.nr && n < DEVICE_LOG; n++) {
			expect_equal(device.log[n].len, shapes[i].len,
				     "%s: length", shapes[i].name);
			expect_equal(device.log[n].offset,
				     shapes[i].offset + n * shapes[i].len,
				     "%s: address", shapes[i].name);
		}
	}
	destroy();
}

/* Accesses of a guest with CPSR.E set: bytes in the order of their addresses. */
static const struct {
	const char *name;
	uint32_t insn;
	bool is_write;
	uint32_t r2;
	uint32_t r3;
	uint8_t bytes[8];
} big_endian[] = {
	{ "ldrd", 0xe1c120d0, false, 0x81020304, 0x05060788,
	  { 0x81, 2, 3, 4, 5, 6, 7, 0x88 } },
	{ "strd", 0xe1c120f0, true, 0x81020304, 0x05060788,
	  { 0x81, 2, 3, 4, 5, 6, 7, 0x88 } },
	{ "ldmia", 0xe891000c, false, 0x81020304, 0x05060788,
	  { 0x81, 2, 3, 4, 5, 6, 7, 0x88 } },
	{ "stmia", 0xe881000c, true, 0x81020304, 0x05060788,
	  { 0x81, 2, 3, 4, 5, 6, 7, 0x88 } },
	{ "ldrsh, post-indexed", 0xe0d120f2, false, 0xffff8001, 0x33333333,
	  { 0x80, 1 } },
	{ "strh, post-indexed", 0xe0c120b2, true, 0x8001, 0x33333333,
	  { 0x80, 1 } },
};

static void big_endian_guest(void)
{
	struct kvm_vm *vm = vm_create_bare(1);
	uint32_t *code = vm_hva(vm, GUEST_RAM_BASE);
	struct kvm_vcpu *v = vm->vcpus[0];
	unsigned int i;

	vcpu_set_reg(v, CORE_REG(usr_regs.ARM_cpsr),
		     CPSR_SVC | CPSR_MASKED | CPSR_E);
	vcpu_set_reg(v, PC_ID, GUEST_RAM_BASE);
	for (i = 0; i < ARRAY_SIZE(big_endian); i++)
		code[i] = big_endian[i].insn;
	for (i = 0; i < ARRAY_SIZE(big_endian); i++) {
		const char *name = big_endian[i].name;
		bool is_write = big_endian[i].is_write;

		vcpu_set_reg(v, CORE_REG(usr_regs.ARM_r1), BASE);
		vcpu_set_reg(v, CORE_REG(usr_regs.ARM_r2),
			     is_write ? big_endian[i].r2 : 0x22222222);
		vcpu_set_reg(v, CORE_REG(usr_regs.ARM_r3),
			     is_write ? big_endian[i].r3 : 0x33333333);
		memset(device.bytes, 0, 8);
		if (!is_write)
			memcpy(device.bytes, big_endian[i].bytes, 8);

		v->run->immediate_exit = 0;
		expect_equal(vcpu_run_guest(v, NULL), GUEST_MMIO, "%s: event",
			     name);
		v->run->immediate_exit = 1;
		do {
			expect(device_answer(&device, v), "%s: address", name);
		} while (!__vcpu_run(v));
		expect(!memcmp(device.bytes, big_endian[i].bytes, 8),
		       "%s: bytes", name);
		expect_equal(vcpu_get_reg(v, CORE_REG(usr_regs.ARM_r2)),
			     big_endian[i].r2, "%s: R2", name);
		expect_equal(vcpu_get_reg(v, CORE_REG(usr_regs.ARM_r3)),
			     big_endian[i].r3, "%s: R3", name);
		expect_equal(vcpu_get_reg(v, PC_ID),
			     GUEST_RAM_BASE + 4 * i + 4, "%s: PC", name);
	}
	vm_free(vm);
}

static const struct test tests[] = {
	{ "ARM loads and stores of a device are those of memory", arm },
	{ "16-bit Thumb loads and stores of a device are those of memory",
	  thumb16 },
	{ "32-bit Thumb loads and stores of a device are those of memory",
	  thumb32 },
	{ "VFP loads and stores of a device are those of memory", vfp },
	{ "PC can be loaded from a device, in either state", loads_of_pc },
	{ "a register is one access, two are one where they are aligned",
	  shape },
	{ "a big-endian guest's registers have their bytes in its order",
	  big_endian_guest },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
