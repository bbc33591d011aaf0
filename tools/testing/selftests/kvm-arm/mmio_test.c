// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses outside of memory: what user space sees, and what the guest reads.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"

#define NO_MEMORY	0x20000000
#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define CPSR_ID		CORE_REG(usr_regs.ARM_cpsr)
#define T		(CPSR_SVC | CPSR_MASKED | CPSR_T)
#define IT_EQ		0xbf08
#define ITE_EQ		0xbf0c

static struct kvm_vcpu *vcpu;

static void create(void)
{
	vcpu = execute_create(1)->vcpus[0];
}

static void destroy(void)
{
	vm_free(vcpu->vm);
}

/* Accesses with the address in r1, the offset in r2 and the data in r0 */
static const struct {
	const char *name;
	uint32_t insn;
	uint32_t cpsr;
	uint32_t it;
	uint32_t len;
	bool is_write;
	uint32_t offset;
	uint32_t loaded;	/* from 0x9abcdef8 */
} accesses[] = {
	{ "str", 0xe5810000, 0, 0, 4, true, 0, 0 },
	{ "str #12", 0xe581000c, 0, 0, 4, true, 12, 0 },
	{ "str [r1, r2]", 0xe7810002, 0, 0, 4, true, 0x40, 0 },
	{ "strh", 0xe1c100b0, 0, 0, 2, true, 0, 0 },
	{ "strh #2", 0xe1c100b2, 0, 0, 2, true, 2, 0 },
	{ "strb", 0xe5c10000, 0, 0, 1, true, 0, 0 },
	{ "strb #3", 0xe5c10003, 0, 0, 1, true, 3, 0 },
	{ "ldr", 0xe5910000, 0, 0, 4, false, 0, 0x9abcdef8 },
	{ "ldr #-8", 0xe5110008, 0, 0, 4, false, -8, 0x9abcdef8 },
	{ "ldrh", 0xe1d100b0, 0, 0, 2, false, 0, 0xdef8 },
	{ "ldrsh", 0xe1d100f0, 0, 0, 2, false, 0, 0xffffdef8 },
	{ "ldrb", 0xe5d10000, 0, 0, 1, false, 0, 0xf8 },
	{ "ldrsb #1", 0xe1d100d1, 0, 0, 1, false, 1, 0xfffffff8 },
	{ "streq", 0x05810000, CPSR_SVC | CPSR_MASKED | CPSR_Z, 0, 4, true, 0,
	  0 },
	{ "str in User mode", 0xe5810000, CPSR_USR | CPSR_MASKED, 0, 4, true,
	  0, 0 },
	{ "ldr in FIQ mode", 0xe5910000, CPSR_FIQ | CPSR_MASKED, 0, 4, false,
	  0, 0x9abcdef8 },
	{ "thumb str", 0x6008, T, 0, 4, true, 0, 0 },
	{ "thumb strh", 0x8008, T, 0, 2, true, 0, 0 },
	{ "thumb strb", 0x7008, T, 0, 1, true, 0, 0 },
	{ "thumb ldr", 0x6808, T, 0, 4, false, 0, 0x9abcdef8 },
	{ "thumb ldrsh [r1, r2]", 0x5e88, T, 0, 2, false, 0x40, 0xffffdef8 },
	{ "thumb ldrsb [r1, r2]", 0x5688, T, 0, 1, false, 0x40, 0xfffffff8 },
	{ "thumb str.w #16", 0xf8c10010, T, 0, 4, true, 16, 0 },
	{ "thumb ldr.w", 0xf8d10000, T, 0, 4, false, 0, 0x9abcdef8 },
	{ "thumb ldrsb.w", 0xf9910000, T, 0, 1, false, 0, 0xfffffff8 },
	{ "thumb ldr in IT EQ", 0x6808, T | CPSR_Z, IT_EQ, 4, false, 0,
	  0x9abcdef8 },
	{ "thumb str in ITE EQ", 0x6008, T | CPSR_Z, ITE_EQ, 4, true, 0, 0 },
	{ "thumb ldr.w in ITE EQ", 0xf8d10000, T | CPSR_Z, ITE_EQ, 4, false, 0,
	  0x9abcdef8 },
};

static void do_access(unsigned int i)
{
	struct execute x = {
		.insn = accesses[i].insn,
		.it = accesses[i].it,
		.cpsr = accesses[i].cpsr,
	}, before;
	struct kvm_run *run = vcpu->run;
	const char *name = accesses[i].name;
	const uint32_t answer = 0x9abcdef8;
	uint32_t data = 0;
	unsigned int r;

	for (r = 0; r < 15; r++)
		x.r[r] = 0x10101010 * r + 0x81828384;
	x.r[1] = NO_MEMORY + 0x100;
	x.r[2] = 0x40;
	before = x;
	execute_begin(vcpu, &x);
	vcpu_expect(vcpu, GUEST_MMIO);
	expect_equal(run->mmio.phys_addr,
		     (uint32_t)(NO_MEMORY + 0x100 + accesses[i].offset),
		     "%s: address", name);
	expect_equal(run->mmio.len, accesses[i].len, "%s: length", name);
	expect_equal(run->mmio.is_write, accesses[i].is_write, "%s: is_write",
		     name);
	if (accesses[i].is_write) {
		memcpy(&data, run->mmio.data, accesses[i].len);
		expect_equal(data, before.r[0] &
			     (0xffffffff >> (32 - 8 * accesses[i].len)),
			     "%s: data", name);
	} else {
		memset(run->mmio.data, 0xaa, sizeof(run->mmio.data));
		memcpy(run->mmio.data, &answer, accesses[i].len);
	}
	vcpu_expect(vcpu, GUEST_SYNC);
	execute_end(vcpu, &x);
	expect_equal(x.count, 0, "%s: exceptions", name);
	for (r = 0; r < 15; r++)
		expect_equal(x.r[r], r || accesses[i].is_write ? before.r[r] :
			     accesses[i].loaded, "%s: R%u", name, r);
}

static void all_accesses(void)
{
	unsigned int i;

	create();
	for (i = 0; i < ARRAY_SIZE(accesses); i++)
		do_access(i);
	destroy();
}

/*
 * The same by a guest with CPSR.E set. The exit has the bytes in the order of
 * their addresses; the sign is in the byte that the guest loads as the
 * uppermost one.
 */
static const struct {
	const char *name;
	uint32_t insn;
	uint32_t len;
	bool is_write;
	uint8_t bytes[4];
	uint32_t value;
} big_endian[] = {
	{ "ldr", 0xe5910000, 4, false, { 0x81, 2, 3, 4 }, 0x81020304 },
	{ "ldrh", 0xe1d100b0, 2, false, { 0x80, 0x01 }, 0x8001 },
	{ "ldrsh, negative", 0xe1d100f0, 2, false, { 0x80, 0x01 }, 0xffff8001 },
	{ "ldrsh, positive", 0xe1d100f0, 2, false, { 0x01, 0x80 }, 0x180 },
	{ "ldrb", 0xe5d10000, 1, false, { 0x80 }, 0x80 },
	{ "ldrsb", 0xe1d100d0, 1, false, { 0x80 }, 0xffffff80 },
	{ "str", 0xe5810000, 4, true, { 0x81, 2, 3, 4 }, 0x81020304 },
	{ "strh", 0xe1c100b0, 2, true, { 0x80, 0x01 }, 0x8001 },
	{ "strb", 0xe5c10000, 1, true, { 0x80 }, 0x80 },
};

static void big_endian_accesses(void)
{
	struct kvm_vm *vm = vm_create_bare(1);
	uint32_t *code = vm_hva(vm, GUEST_RAM_BASE);
	struct kvm_vcpu *v = vm->vcpus[0];
	unsigned int i;

	vcpu_set_reg(v, CPSR_ID, CPSR_SVC | CPSR_MASKED | CPSR_E);
	vcpu_set_reg(v, PC_ID, GUEST_RAM_BASE);
	for (i = 0; i < ARRAY_SIZE(big_endian); i++)
		code[i] = big_endian[i].insn;
	for (i = 0; i < ARRAY_SIZE(big_endian); i++) {
		const char *name = big_endian[i].name;
		const bool is_write = big_endian[i].is_write;

		vcpu_set_reg(v, CORE_REG(usr_regs.ARM_r1), NO_MEMORY);
		vcpu_set_reg(v, CORE_REG(usr_regs.ARM_r0),
			     is_write ? big_endian[i].value : 0x5a5a5a5a);
		v->run->immediate_exit = 0;
		expect_equal(vcpu_run_guest(v, NULL), GUEST_MMIO, "%s: event",
			     name);
		expect_equal(v->run->mmio.len, big_endian[i].len, "%s: length",
			     name);
		expect_equal(v->run->mmio.is_write, is_write, "%s: is_write",
			     name);
		if (is_write)
			expect(!memcmp(v->run->mmio.data, big_endian[i].bytes,
				       big_endian[i].len), "%s: bytes", name);
		else
			memcpy(v->run->mmio.data, big_endian[i].bytes,
			       big_endian[i].len);
		/* Completing the load does nothing else. */
		v->run->immediate_exit = 1;
		expect_errno(__vcpu_run(v), -EINTR, "%s: completion", name);
		expect_equal(vcpu_get_reg(v, CORE_REG(usr_regs.ARM_r0)),
			     big_endian[i].value, "%s: R0", name);
	}
	vm_free(vm);
}

/* Loads and stores without a syndrome that KVM does not emulate */
static const struct {
	const char *name;
	uint32_t insn;
} not_emulated[] = {
	{ "ldrex", 0xe1910f9f },
	{ "ldrexb", 0xe1d10f9f },
	{ "ldrexd", 0xe1b12f9f },
	{ "vld1", 0xf421270f },
	{ "rfeia", 0xf8910a00 },
};

static struct execute begin(uint32_t insn)
{
	struct execute x = { .insn = insn };
	unsigned int r;

	for (r = 0; r < 15; r++)
		x.r[r] = 0x01010101 * r;
	x.r[1] = NO_MEMORY;
	execute_begin(vcpu, &x);
	return x;
}

/* Skip the instruction, as user space has to do. */
static void skip_and_end(struct execute *before, const char *name)
{
	struct execute x;
	unsigned int r;

	vcpu_set_reg(vcpu, PC_ID, vcpu_get_reg(vcpu, PC_ID) + 4);
	vcpu_expect(vcpu, GUEST_SYNC);
	execute_end(vcpu, &x);
	expect_equal(x.count, 0, "%s: exceptions", name);
	for (r = 0; r < 15; r++)
		expect_equal(x.r[r], before->r[r], "%s: R%u", name, r);
}

static void refused(void)
{
	static const uint32_t dfsr[] = { 0x8, 0x210 };
	struct execute before, x;
	unsigned int i, r, lpae;

	create();
	execute_op(vcpu, EXECUTE_VFP_ON, 0);
	for (lpae = 0; lpae < 2; lpae++) {
		if (lpae)
			execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
		for (i = 0; i < ARRAY_SIZE(not_emulated); i++) {
			const char *name = not_emulated[i].name;

			before = begin(not_emulated[i].insn);
			before.armed = VECTOR(DABT);
			x = before;
			execute(vcpu, &x);
			expect_equal(x.count, 1, "%s: exceptions", name);
			expect_equal(x.vector, GUEST_VEC_DABT, "%s: vector",
				     name);
			expect_equal(x.fault_pc, x.pc, "%s: address", name);
			expect_equal(x.dfar, NO_MEMORY, "%s: DFAR", name);
			expect_equal(x.dfsr, dfsr[lpae], "%s: DFSR", name);
			for (r = 0; r < 15; r++)
				expect_equal(x.r[r], before.r[r], "%s: R%u",
					     name, r);
		}
	}
	destroy();
}

static void to_user(void)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_NISV_TO_USER };
	struct kvm_run *run;
	struct execute x;
	uint32_t reason;
	unsigned int i;

	create();
	execute_op(vcpu, EXECUTE_VFP_ON, 0);
	run = vcpu->run;
	expect_equal(vm_check_cap(vcpu->vm, KVM_CAP_ARM_NISV_TO_USER), 1,
		     "KVM_CAP_ARM_NISV_TO_USER");
	cap.flags = 1;
	expect_errno(__vm_ioctl(vcpu->vm, KVM_ENABLE_CAP, &cap), -EINVAL,
		     "KVM_ENABLE_CAP with flags");
	cap.flags = 0;
	vm_ioctl(vcpu->vm, KVM_ENABLE_CAP, &cap);
	for (i = 0; i < ARRAY_SIZE(not_emulated); i++) {
		x = begin(not_emulated[i].insn);
		reason = vcpu_expect(vcpu, GUEST_EXIT);
		expect_equal(reason, KVM_EXIT_ARM_NISV, "%s: exit",
			     not_emulated[i].name);
		expect_equal(run->arm_nisv.fault_ipa & ~0xfULL, NO_MEMORY,
			     "%s: address", not_emulated[i].name);
		/* WnR and all fields without a meaning must be clear. */
		expect_equal(!!(run->arm_nisv.esr_iss & 1 << 6), false,
			     "%s: WnR", not_emulated[i].name);
		expect_equal(run->arm_nisv.esr_iss & ~0x17fULL, 0,
			     "%s: other bits", not_emulated[i].name);
		skip_and_end(&x, not_emulated[i].name);
	}
	destroy();
}

/* blx r4, in System mode: after the abort, the guest continues at LR */
static void fetch(void)
{
	static const uint32_t lpae_ifsr[] = { 0x8, 0x210 };
	unsigned int lpae;
	struct execute x;

	create();
	for (lpae = 0; lpae < 2; lpae++) {
		if (lpae)
			execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
		memset(&x, 0, sizeof(x));
		x.insn = 0xe12fff34;
		x.cpsr = CPSR_SYS | CPSR_MASKED;
		x.armed = VECTOR(PABT);
		x.r[4] = GUEST_RAM_BASE + GUEST_RAM_SIZE + 0x1238;
		execute(vcpu, &x);
		expect_equal(x.count, 1, "exceptions");
		expect_equal(x.vector, GUEST_VEC_PABT, "vector");
		expect_equal(x.fault_pc, x.r[4], "address");
		expect_equal(x.ifar, x.r[4], "IFAR");
		expect_equal(x.ifsr, lpae_ifsr[lpae], "IFSR");
		expect_equal(x.spsr & CPSR_MODE, CPSR_SYS, "SPSR");
		expect_equal(x.fault_cpsr & 0x1bf, CPSR_ABT | CPSR_I | CPSR_A,
			     "CPSR in the handler");
	}
	destroy();
}

/* A level 1 entry points to an address without memory. */
static void table_walk(void)
{
	uint32_t table, va = 0x80000000;
	struct execute x = {
		.insn = 0xe5910000,
		.armed = VECTOR(DABT),
		.r = { 0x1234, va + 0x5678 },
	};

	create();
	execute_op(vcpu, EXECUTE_MMU_SHORT, 0);
	table = vcpu_get_reg(vcpu, REG(TTBR0)) & ~0x3fffU;
	((uint32_t *)vm_hva(vcpu->vm, table))[va >> 20] = NO_MEMORY | 1;
	guest_write(vcpu, CP_REG32(15, 8, 0, 7, 0), 0);
	execute(vcpu, &x);
	expect_equal(x.count, 1, "exceptions");
	expect_equal(x.vector, GUEST_VEC_DABT, "vector");
	expect_equal(x.fault_pc, x.pc, "address of the instruction");
	expect_equal(x.lr, x.pc + 8, "LR_abt");
	expect_equal(x.dfar, va + 0x5678, "DFAR");
	expect_equal(x.dfsr & 0x40f, 0x8, "DFSR");
	expect_equal(x.r[0], 0x1234, "R0");
	destroy();
}

static void store_above_4g(uint32_t va, uint64_t ipa)
{
	struct execute x = {
		.insn = 0xe5810000,
		.r = { 0x600d, va },
	};

	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions");
	expect_equal(*(uint32_t *)vm_hva(vcpu->vm, ipa), 0x600d,
		     "memory at %#llx", (unsigned long long)ipa);
}

/*
 * Long descriptors reach 40 bits of intermediate physical address. HPFAR of
 * qemu-system-arm (not of qemu-system-aarch64) has the bits of 32 only: a guest
 * can access memory above, but not fault it in.
 */
static void above_4g(void)
{
	const uint64_t high[] = { 0x180000000ULL, 0x7fc0000000ULL,
				  0xffc0000000ULL };
	uint32_t va = 0xc0000000, table;
	uint64_t ipa, reach = -1ULL;
	struct execute x;
	unsigned int i;

	create();
	execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
	table = vcpu_get_reg(vcpu, REG(TTBR0_64));
	for (i = 0; i < ARRAY_SIZE(high); i++) {
		uint64_t *entry = vm_hva(vcpu->vm, table + (va >> 30) * 8);

		*entry = (*entry & ~0xfff0000000ULL) | high[i];
		guest_write(vcpu, CP_REG32(15, 8, 0, 7, 0), 0);
		memset(&x, 0, sizeof(x));
		x.insn = 0xe5810000;
		x.r[0] = 0x600d;
		x.r[1] = va + 0x123450;
		execute_begin(vcpu, &x);
		vcpu_expect(vcpu, GUEST_MMIO);
		ipa = vcpu->run->mmio.phys_addr;
		if (!i && !(ipa >> 32))
			reach = 0xffffffff;
		expect_equal(ipa, (high[i] & reach) + 0x123450, "address");
		vcpu_expect(vcpu, GUEST_SYNC);

		/* Memory at the address works as memory. */
		vm_add_memory(vcpu->vm, 1, high[i], 0x200000, 0);
		if (reach >> 32)
			store_above_4g(va + 0x123450, high[i] + 0x123450);
		vm_delete_memory(vcpu->vm, 1);
	}
	destroy();
}

/* An eventfd takes the store; user space gets no exit. */
static void ioeventfd(void)
{
	struct kvm_ioeventfd bind = {
		.addr = NO_MEMORY,
		.len = 4,
		.datamatch = 0x42,
		.flags = KVM_IOEVENTFD_FLAG_DATAMATCH,
	};
	struct execute x = {
		.insn = 0xe5810000,
		.r = { 0x42, NO_MEMORY },
	};
	uint64_t count = 0, exits;

	create();
	bind.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	vm_ioctl(vcpu->vm, KVM_IOEVENTFD, &bind);
	exits = vcpu_stat(vcpu, "mmio_exit_kernel");
	execute(vcpu, &x);
	expect_equal(read(bind.fd, &count, sizeof(count)), sizeof(count),
		     "bytes of the eventfd");
	expect_equal(count, 1, "events");
	expect_equal(vcpu_stat(vcpu, "mmio_exit_kernel") - exits, 1,
		     "accesses handled in the kernel");

	/* Another value goes to user space. */
	memset(&x, 0, sizeof(x));
	x.insn = 0xe5810000;
	x.r[0] = 0x43;
	x.r[1] = NO_MEMORY;
	execute_begin(vcpu, &x);
	vcpu_expect(vcpu, GUEST_MMIO);
	expect(read(bind.fd, &count, sizeof(count)) < 0, "an event");
	vcpu_expect(vcpu, GUEST_SYNC);
	close(bind.fd);
	destroy();
}

static const struct test tests[] = {
	{ "exits have address, size and data of each load and store",
	  all_accesses },
	{ "a big-endian guest's data have their bytes in its order",
	  big_endian_accesses },
	{ "accesses that are not emulated are aborts and change nothing",
	  refused },
	{ "accesses that are not emulated can be left to user space", to_user },
	{ "fetching where there is no memory is a prefetch abort", fetch },
	{ "translation tables where there is no memory are a data abort",
	  table_walk },
	{ "addresses above 4 GiB are whole", above_4g },
	{ "an ioeventfd takes the place of an exit", ioeventfd },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
