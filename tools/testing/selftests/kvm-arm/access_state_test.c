// SPDX-License-Identifier: GPL-2.0
/*
 * Loads and stores of a device that have several parts: what user space sees
 * between the parts, and how KVM finds the instruction.
 *
 * The tests write the guest's code themselves.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device.h"
#include "execute.h"
#include "gic.h"
#include "harness.h"

#define BASE		0x20000000
#define CODE		GUEST_RAM_BASE
#define CODE_END	(GUEST_RAM_BASE + GUEST_RAM_SIZE)
#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define CPSR_ID		CORE_REG(usr_regs.ARM_cpsr)
#define R(n)		(CORE_REG(usr_regs.ARM_r0) + (n))

#define STMIA_WB	0xe8a1003c	/* stmia r1!, {r2-r5} */
#define LDMIA_WB	0xe8b1003c	/* ldmia r1!, {r2-r5} */
#define STRD		0xe1c120f0	/* strd r2, [r1] */
#define LDRD		0xe1c120d0	/* ldrd r2, [r1] */
#define THUMB_STRD	0xe9c12300	/* strd r2, r3, [r1] */

static struct kvm_vcpu *vcpu;
static struct device device = { .base = BASE };

static uint32_t value(unsigned int r)
{
	return 0x11111111 * r;
}

/* Put the vcpu at an instruction, with the device's address in r1 and known r2-r5. */
static void at(uint32_t pc, uint32_t cpsr)
{
	unsigned int r;

	vcpu_set_reg(vcpu, CPSR_ID, cpsr | CPSR_MASKED);
	vcpu_set_reg(vcpu, PC_ID, pc);
	vcpu_set_reg(vcpu, R(1), BASE);
	for (r = 2; r < 6; r++)
		vcpu_set_reg(vcpu, R(r), value(r));
	vcpu->run->immediate_exit = 0;
}

static void create(uint32_t insn)
{
	vcpu = vm_create_bare(1)->vcpus[0];
	*(uint32_t *)vm_hva(vcpu->vm, CODE) = insn;
	device_fill(&device);
	at(CODE, CPSR_SVC);
}

static void destroy(void)
{
	vm_free(vcpu->vm);
}

static void expect_untouched(const char *when)
{
	unsigned int r;

	expect_equal(vcpu_get_reg(vcpu, PC_ID), CODE, "%s: PC", when);
	expect_equal(vcpu_get_reg(vcpu, R(1)), BASE, "%s: R1", when);
	for (r = 2; r < 6; r++)
		expect_equal(vcpu_get_reg(vcpu, R(r)), value(r), "%s: R%u",
			     when, r);
}

/* Check that the current exit accesses the nth word of the device. */
static void expect_part(unsigned int n, bool is_write)
{
	expect_equal(vcpu->run->exit_reason, KVM_EXIT_MMIO, "part %u: exit", n);
	expect_equal(vcpu->run->mmio.phys_addr, BASE + 4 * n,
		     "part %u: address", n);
	expect_equal(vcpu->run->mmio.is_write, is_write, "part %u: direction",
		     n);
	expect_untouched("between parts");
	expect(device_answer(&device, vcpu), "part %u: answer", n);
}

/* ---- between the parts --------------------------------------------------- */

static void completion(void)
{
	unsigned int load, n, r;

	for (load = 0; load < 2; load++) {
		create(load ? LDMIA_WB : STMIA_WB);
		expect_errno(__vcpu_run(vcpu), 0, "first part");
		vcpu->run->immediate_exit = 1;
		for (n = 0; n < 4; n++) {
			expect_part(n, !load);
			expect_errno(__vcpu_run(vcpu), n < 3 ? 0 : -EINTR,
				     "KVM_RUN after part %u", n);
		}
		expect_equal(vcpu_get_reg(vcpu, PC_ID), CODE + 4, "PC");
		expect_equal(vcpu_get_reg(vcpu, R(1)), BASE + 16, "R1");
		for (r = 2; r < 6; r++)
			expect_equal(vcpu_get_reg(vcpu, R(r)),
				     ((uint32_t *)device.bytes)[r - 2], "R%u",
				     r);
		expect_equal(device.nr, 4, "accesses");
		/* No other access follows. */
		expect_errno(__vcpu_run(vcpu), -EINTR, "once more");
		expect_equal(vcpu_get_reg(vcpu, PC_ID), CODE + 4, "PC");
		destroy();
	}
}

/* Stop after the second of four parts. */
static void stop_in_the_middle(uint32_t insn)
{
	create(insn);
	expect_errno(__vcpu_run(vcpu), 0, "first part");
	expect_part(0, insn == STMIA_WB);
	expect_errno(__vcpu_run(vcpu), 0, "second part");
	expect_part(1, insn == STMIA_WB);
}

static void user_abort(void)
{
	struct kvm_vcpu_events events = { .exception.ext_dabt_pending = 1 };

	stop_in_the_middle(LDMIA_WB);
	vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_equal(vcpu_get_reg(vcpu, PC_ID), 0x10, "PC");
	expect_equal(vcpu_get_reg(vcpu, CORE_REG(KVM_ARM_ABT_lr)), CODE + 8,
		     "LR_abt");
	expect_equal(vcpu_get_reg(vcpu, REG(DFAR)), BASE + 4, "DFAR");
	expect_equal(vcpu_get_reg(vcpu, R(1)), BASE, "R1");
	expect_equal(vcpu_get_reg(vcpu, R(2)), value(2), "R2");
	expect_equal(device.nr, 2, "accesses");
	destroy();
}

static void reset(void)
{
	stop_in_the_middle(STMIA_WB);
	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	at(CODE + 4, CPSR_SVC);
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_equal(vcpu_get_reg(vcpu, PC_ID), CODE + 4, "PC");
	expect_equal(vcpu_get_reg(vcpu, R(1)), BASE, "R1");
	expect_equal(device.nr, 2, "accesses");
	destroy();
}

/*
 * Registers do not include the state of the sequence: a VM loaded with them
 * alone starts it again.
 */
static void not_completed(void)
{
	struct kvm_vcpu *from;
	struct reg_dump *dump;
	unsigned int i, n;

	stop_in_the_middle(STMIA_WB);
	from = vcpu;
	dump = vcpu_dump(vcpu);
	create(STMIA_WB);
	for (i = 0; i < dump->n; i++)
		__vcpu_set_reg(vcpu, dump->reg[i].id, dump->reg[i].value);
	for (n = 0; n < 4; n++) {
		expect_errno(__vcpu_run(vcpu), 0, "part %u", n);
		expect_part(n, true);
	}
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_equal(vcpu_get_reg(vcpu, R(1)), BASE + 16, "R1");
	destroy();
	vm_free(from->vm);
	free(dump);
}

/* A VMM completes the exit of one instruction with another instruction. */
static void other_exits(void)
{
	uint32_t *code;

	stop_in_the_middle(STMIA_WB);
	/* With another exit reason, KVM_RUN starts with the instruction at PC. */
	vcpu->run->exit_reason = KVM_EXIT_UNKNOWN;
	code = vm_hva(vcpu->vm, CODE);
	code[1] = 0xe5812000;	/* str r2, [r1] */
	vcpu_set_reg(vcpu, PC_ID, CODE + 4);
	expect_errno(__vcpu_run(vcpu), 0, "another instruction");
	expect_equal(vcpu->run->exit_reason, KVM_EXIT_MMIO, "exit");
	expect_equal(vcpu->run->mmio.phys_addr, BASE, "address");
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "its completion");
	expect_equal(vcpu_get_reg(vcpu, PC_ID), CODE + 8, "PC");
	expect_equal(vcpu_get_reg(vcpu, R(1)), BASE, "R1");
	destroy();
}

/* ---- devices of the kernel ----------------------------------------------- */

static void kernel_devices(void)
{
	struct kvm_ioeventfd bind = { .addr = BASE + 4, .len = 4 };
	struct kvm_ioeventfd wide = { .addr = BASE + 8, .len = 8 };
	uint64_t count = 0;

	/* The second word of four belongs to an eventfd. */
	create(STMIA_WB);
	bind.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	vm_ioctl(vcpu->vm, KVM_IOEVENTFD, &bind);
	expect_errno(__vcpu_run(vcpu), 0, "first part");
	expect_part(0, true);
	expect_errno(__vcpu_run(vcpu), 0, "third part");
	expect_part(2, true);
	expect_equal(read(bind.fd, &count, sizeof(count)), sizeof(count),
		     "eventfd");
	close(bind.fd);

	/* The kernel's devices get 8 bytes as one access, too. */
	wide.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	vm_ioctl(vcpu->vm, KVM_IOEVENTFD, &wide);
	*(uint32_t *)vm_hva(vcpu->vm, CODE + 16) = STRD;
	*(uint32_t *)vm_hva(vcpu->vm, CODE + 20) = STRD;
	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	at(CODE + 16, CPSR_SVC);
	vcpu_set_reg(vcpu, R(1), BASE + 8);
	vcpu->run->immediate_exit = 0;
	*(uint32_t *)vm_hva(vcpu->vm, CODE + 20) = 0xe5812008;	/* str r2, [r1, #8] */
	expect_errno(__vcpu_run(vcpu), 0, "after STRD");
	expect_equal(vcpu->run->mmio.phys_addr, BASE + 16, "address");
	expect_equal(read(wide.fd, &count, sizeof(count)), sizeof(count),
		     "eventfd of 8 bytes");
	close(wide.fd);
	destroy();
}

/* One LDRD of GICD_CTLR and GICD_TYPER must read the same as two LDRs. */
static void gic_registers(void)
{
	struct execute words = { .insn = 0xe891000c }, pair = { .insn = LDRD };
	struct kvm_vm *vm;
	int gic;

	vm = vm_create_gic_guest("execute", 1, &gic);
	vcpu_expect(vm->vcpus[0], GUEST_SYNC);
	words.r[1] = GUEST_GICD;
	pair.r[1] = GUEST_GICD;
	execute(vm->vcpus[0], &words);
	execute(vm->vcpus[0], &pair);
	expect(pair.r[3], "GICD_TYPER is 0");
	expect_equal(pair.r[2], words.r[2], "GICD_CTLR");
	expect_equal(pair.r[3], words.r[3], "GICD_TYPER");
	close(gic);
	vm_free(vm);
}

/* ---- where the instruction is -------------------------------------------- */

#define TABLE		(GUEST_RAM_BASE + 0x100000)
#define TABLE2		(GUEST_RAM_BASE + 0x104000)
#define ALIAS		0x80000000
#define PAGE_A		(GUEST_RAM_BASE + 0x110000)
#define PAGE_B		(GUEST_RAM_BASE + 0x120000)
#define SCTLR_M		1U
#define SCTLR_EE	0x02000000U

static uint32_t order_of(uint32_t word, bool big_endian)
{
	return big_endian ? __builtin_bswap32(word) : word;
}

/* Map two separate pages of code as adjacent, and the device by a section. */
static void translate(bool big_endian)
{
	uint32_t *table = vm_hva(vcpu->vm, TABLE);
	uint32_t *second = vm_hva(vcpu->vm, TABLE2);

	table[BASE >> 20] = order_of(BASE | 0xc02, big_endian);
	table[ALIAS >> 20] = order_of(TABLE2 | 1, big_endian);
	second[0] = order_of(PAGE_A | 0x3e, big_endian);
	second[1] = order_of(PAGE_B | 0x3e, big_endian);
	vcpu_set_reg(vcpu, REG(TTBR0_64), TABLE);
	vcpu_set_reg(vcpu, REG(DACR), 1);
	vcpu_set_reg(vcpu, REG(SCTLR), vcpu_get_reg(vcpu, REG(SCTLR)) |
		     SCTLR_M | (big_endian ? SCTLR_EE : 0));
}

static void put_thumb(uint32_t first, uint32_t second, uint32_t insn)
{
	*(uint16_t *)vm_hva(vcpu->vm, first) = insn >> 16;
	*(uint16_t *)vm_hva(vcpu->vm, second) = insn;
}

static void expect_strd(uint32_t pc, uint32_t cpsr, const char *name)
{
	uint32_t words[2];

	at(pc, cpsr);
	expect_errno(__vcpu_run(vcpu), 0, "%s: KVM_RUN", name);
	expect_equal(vcpu->run->exit_reason, KVM_EXIT_MMIO, "%s: exit", name);
	expect_equal(vcpu->run->mmio.phys_addr, BASE, "%s: address", name);
	expect_equal(vcpu->run->mmio.len, 8, "%s: length", name);
	memcpy(words, vcpu->run->mmio.data, 8);
	expect_equal(words[0], value(2), "%s: first word", name);
	expect_equal(words[1], value(3), "%s: second word", name);
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "%s: completion", name);
	expect_equal(vcpu_get_reg(vcpu, PC_ID), pc + 4, "%s: PC", name);
}

static void instruction(void)
{
	unsigned int big;

	create(STRD);
	*(uint32_t *)vm_hva(vcpu->vm, CODE_END - 4) = STRD;
	expect_strd(CODE_END - 4, CPSR_SVC, "the last word of memory");
	put_thumb(CODE + 0xffe, CODE + 0x1000, THUMB_STRD);
	expect_strd(CODE + 0xffe, CPSR_SVC | CPSR_T, "Thumb, in two pages");
	destroy();

	for (big = 0; big < 2; big++) {
		create(0);
		translate(big);
		*(uint32_t *)vm_hva(vcpu->vm, PAGE_A + 0x100) = STRD;
		expect_strd(ALIAS + 0x100, CPSR_SVC, "translated");
		expect_strd(ALIAS + 0x100, CPSR_USR, "translated, User mode");
		put_thumb(PAGE_A + 0x200, PAGE_A + 0x202, THUMB_STRD);
		expect_strd(ALIAS + 0x200, CPSR_SVC | CPSR_T,
			    "Thumb, translated");
		put_thumb(PAGE_A + 0xffe, PAGE_B, THUMB_STRD);
		expect_strd(ALIAS + 0xffe, CPSR_SVC | CPSR_T,
			    "Thumb, in two pages that are apart");
		destroy();
	}
}

/* Put r1 one word before the end of the device's page; memory follows. */
static void into_memory(uint32_t page)
{
	uint32_t *second = vm_hva(vcpu->vm, TABLE2);

	second[2] = BASE | 0x3e;
	second[3] = page | 0x3e;
}

static void expect_words(uint32_t page, bool stored, const char *name)
{
	const uint32_t *words = vm_hva(vcpu->vm, page);
	unsigned int n;

	for (n = 0; n < 3; n++)
		expect_equal(words[n], stored ? value(n + 3) : 0, "%s: word %u", name, n);
}

static void page_given_away(void)
{
	create(0);
	translate(false);
	into_memory(PAGE_A);
	*(uint32_t *)vm_hva(vcpu->vm, PAGE_A + 0x100) = STMIA_WB;
	at(ALIAS + 0x100, CPSR_SVC);
	vcpu_set_reg(vcpu, R(1), ALIAS + 0x2ffc);
	expect_errno(__vcpu_run(vcpu), 0, "the device's part");
	expect_equal(vcpu->run->mmio.phys_addr, BASE + 0xffc, "its address");

	/* The guest maps another page there before the rest is done. */
	into_memory(PAGE_B);
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "the rest");
	expect_words(PAGE_A, false, "the page of before");
	expect_words(PAGE_B, false, "the page of now");
	expect_equal(vcpu_get_reg(vcpu, PC_ID), ALIAS + 0x100, "PC");
	expect_equal(vcpu_get_reg(vcpu, R(1)), ALIAS + 0x2ffc, "R1");

	vcpu->run->immediate_exit = 0;
	expect_errno(__vcpu_run(vcpu), 0, "the device's part, again");
	expect_equal(vcpu->run->mmio.phys_addr, BASE + 0xffc, "its address");
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "the rest");
	expect_words(PAGE_A, false, "the page of before");
	expect_words(PAGE_B, true, "the page of now");
	expect_equal(vcpu_get_reg(vcpu, PC_ID), ALIAS + 0x104, "PC");
	destroy();
}

static const struct test tests[] = {
	{ "immediate_exit completes one part after the other", completion },
	{ "an abort by user space leaves nothing of the instruction", user_abort },
	{ "a reset leaves nothing of the instruction", reset },
	{ "a VM loaded with the registers alone starts the instruction again",
	  not_completed },
	{ "another instruction's exit does not complete it", other_exits },
	{ "parts of devices in the kernel are no exits", kernel_devices },
	{ "the distributor of the GIC is accessed by words", gic_registers },
	{ "the instruction is found by the guest's translation", instruction },
	{ "a page that the guest has given away meanwhile is not written", page_given_away },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
