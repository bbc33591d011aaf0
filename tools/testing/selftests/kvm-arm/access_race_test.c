// SPDX-License-Identifier: GPL-2.0
/*
 * Loads and stores of a device that KVM reads from changing memory: code,
 * translation tables and memory slots change while a guest executes them in a
 * loop. Only accesses that one of the instructions makes may be visible.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "execute.h"
#include "gic.h"
#include "harness.h"
#include "kselftest.h"
#include "memory.h"

#define BASE		0x20000000
#define CODE		GUEST_RAM_BASE
#define VECTORS		(GUEST_RAM_BASE + 0x1000)
#define TABLE		(GUEST_RAM_BASE + 0x100000)
#define TABLE2		(GUEST_RAM_BASE + 0x104000)
#define PAGE_A		(GUEST_RAM_BASE + 0x110000)
#define PAGE_B		(GUEST_RAM_BASE + 0x120000)
#define ALIAS		0x80000000
/* Its LDRD and STRD are single-copy atomic. */
#define ATOMIC_QEMU	10
/* Tables in the long format: of level 1, 2 and 3 */
#define LONG1		TABLE
#define LONG2		(TABLE + 0x1000)
#define LONG3		(TABLE + 0x2000)
/* The address of a page whose lower half is that of PAGE_A */
#define HIGH_GPA	(0x100000000ULL + PAGE_A)
#define SLOT		1
#define SLOT_GPA	0x50000000
#define EXITS		2000
#define LONG_EXITS	500
#define R(n)		(CORE_REG(usr_regs.ARM_r0) + (n))
#define SCTLR_M		1U
#define TTBCR_EAE	0x80000000
/* MAIR0: attribute 0 is normal memory, attribute 1 a device */
#define MAIR0_VALUE	0x04ff
/* Long descriptors: access flag, shareable */
#define LONG_BLOCK	0x701
#define LONG_PAGE	0x703
#define LONG_DEVICE	(LONG_PAGE | 1 << 2)
#define LONG_TABLE	0x3

#define STM		0xe881003c	/* stm r1, {r2-r5} */
#define LDM		0xe89103c0	/* ldm r1, {r6-r9} */
#define LDR		0xe4912000	/* ldr r2, [r1], #0 */
#define SWP		0xe1012092	/* swp r2, r2, [r1] */
#define BACK		0xeafffffd	/* b to the instruction before */
#define STR_R7		0xe5872000	/* str r2, [r7] */
#define BRANCH(words)	(0xea000000 | (((words) - 2) & 0xffffff))
#define NR_STM		64
/* AP[2:0] = 7: all may read, and nobody may write */
#define READ_ONLY_SECTION	0x8c02

static const uint32_t insns[] = {
	STM, LDM,
	0xe1c121f0,	/* strd r2, [r1, #16] */
	0xe1c161d0,	/* ldrd r6, [r1, #16] */
	0xe4812000,	/* str r2, [r1], #0 */
	0xe1916f9f,	/* ldrex r6, [r1]: an abort */
	ARM_NOP, ARM_UDF,
	0xe58f1000,	/* str r1, [pc]: memory */
	0xed912b00,	/* vldr d2, [r1]: undefined, VFP is off */
};

static const uint32_t load_or_swap[] = { LDR, SWP };

/* The instructions that change_code() writes */
static const uint32_t *choice;
static unsigned int nr_choices;

static struct kvm_vcpu *vcpu;
static struct device device = { .base = BASE };
static atomic_bool stop;

/*
 * Start with handlers that skip an aborted or undefined instruction and repeat
 * a failed fetch.
 */
static void create(uint32_t pc)
{
	uint32_t *vectors;
	unsigned int r;

	vcpu = vm_create_bare(1)->vcpus[0];
	vectors = vm_hva(vcpu->vm, VECTORS);
	vectors[GUEST_VEC_UNDEF] = 0xe1b0f00e;	/* movs pc, lr */
	vectors[GUEST_VEC_PABT] = 0xe25ef004;	/* subs pc, lr, #4 */
	vectors[GUEST_VEC_DABT] = 0xe25ef004;
	vcpu_set_reg(vcpu, REG(VBAR), VECTORS);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr), CPSR_SYS | CPSR_MASKED);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_pc), pc);
	vcpu_set_reg(vcpu, R(1), BASE);
	for (r = 2; r < 6; r++)
		vcpu_set_reg(vcpu, R(r), 0x11111111 * r);
	device_fill(&device);
	atomic_store(&stop, false);
}

/* Check that one of the instructions makes this access. */
static bool is_right(void)
{
	const struct kvm_run *run = vcpu->run;
	uint32_t offset = run->mmio.phys_addr - BASE, data[2];

	if (run->exit_reason != KVM_EXIT_MMIO)
		return false;
	memcpy(data, run->mmio.data, sizeof(data));
	if (run->mmio.len == 8)
		return offset == 16 && (!run->mmio.is_write ||
					(data[0] == 0x22222222 &&
					 data[1] == 0x33333333));

	return run->mmio.len == 4 && offset <= 12 && !(offset & 3) &&
	       (!run->mmio.is_write ||
		data[0] == 0x22222222 + offset / 4 * 0x11111111);
}

/* Run the guest, which may store, while a thread changes its code, tables or slots. */
static void race(void *(*change)(void *), bool stores)
{
	unsigned int n, reads = 0, writes = 0;
	uint64_t pc;
	pthread_t thread;

	if (pthread_create(&thread, NULL, change, NULL))
		kvm_bail("cannot create a thread");
	for (n = 0; n < EXITS && !test_failed(); n++) {
		int ret = __vcpu_run(vcpu);

		pc = vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc));
		expect_errno(ret, 0, "KVM_RUN at %#llx",
			     (unsigned long long)pc);
		expect(is_right(), "exit %u, %u bytes at %#llx, PC %#llx",
		       vcpu->run->exit_reason, vcpu->run->mmio.len,
		       (unsigned long long)vcpu->run->mmio.phys_addr,
		       (unsigned long long)pc);
		if (vcpu->run->mmio.is_write)
			writes++;
		else
			reads++;
		device_answer(&device, vcpu);
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	expect(reads > 100 && (stores ? writes > 100 : !writes),
	       "%u reads, %u writes", reads, writes);
	vm_free(vcpu->vm);
}

static void *change_code(void *arg)
{
	uint32_t *code = vm_hva(vcpu->vm, CODE);
	unsigned int n = 0;

	(void)arg;
	while (!atomic_load(&stop)) {
		n = n * 1664525 + 1013904223;
		write_word(code, choice[(n >> 16) % nr_choices]);
		sched_yield();
	}
	return NULL;
}

static void code(void)
{
	uint32_t *words;

	create(CODE);
	words = vm_hva(vcpu->vm, CODE);
	words[0] = STM;
	words[1] = BACK;
	choice = insns;
	nr_choices = ARRAY_SIZE(insns);
	race(change_code, true);
}

static void map_short(uint32_t device_section)
{
	uint32_t *table = vm_hva(vcpu->vm, TABLE);

	table[BASE >> 20] = device_section;
	table[GUEST_RAM_BASE >> 20] = GUEST_RAM_BASE | 0xc0e;
	vcpu_set_reg(vcpu, REG(TTBR0_64), TABLE);
	vcpu_set_reg(vcpu, REG(DACR), 1);
	vcpu_set_reg(vcpu, REG(SCTLR), vcpu_get_reg(vcpu, REG(SCTLR)) | SCTLR_M);
}

/* The CPU has checked that the guest may read the device, and not that it may write. */
static void swap(void)
{
	uint32_t *words;

	create(CODE);
	words = vm_hva(vcpu->vm, CODE);
	words[0] = LDR;
	words[1] = BACK;
	map_short(BASE | READ_ONLY_SECTION);
	choice = load_or_swap;
	nr_choices = ARRAY_SIZE(load_or_swap);
	race(change_code, false);
}

static void *change_table(void *arg)
{
	static const uint32_t pages[] = { PAGE_A | 0x3e, PAGE_B | 0x3e, 0 };
	uint32_t *entry = vm_hva(vcpu->vm, TABLE2);
	unsigned int n = 0;

	(void)arg;
	while (!atomic_load(&stop)) {
		n = n * 1664525 + 1013904223;
		write_word(entry, pages[(n >> 16) % ARRAY_SIZE(pages)]);
		sched_yield();
	}
	return NULL;
}

/* Change the tables without any TLB maintenance, although some changes need it. */
static void tables(void)
{
	uint32_t *table, *words;

	create(ALIAS);
	table = vm_hva(vcpu->vm, TABLE);
	table[ALIAS >> 20] = TABLE2 | 1;
	*(uint32_t *)vm_hva(vcpu->vm, TABLE2) = PAGE_A | 0x3e;
	words = vm_hva(vcpu->vm, PAGE_A);
	words[0] = STM;
	words[1] = BACK;
	words = vm_hva(vcpu->vm, PAGE_B);
	words[0] = LDM;
	words[1] = BACK;
	map_short(BASE | 0xc02);
	race(change_table, true);
}

/*
 * Change an entry by one store of 64 bits, as the architecture makes STRD: walks see the old
 * or the new one.
 */
static void *change_long_entry(void *arg)
{
	uint64_t *entry = (uint64_t *)vm_hva(vcpu->vm, LONG3) + 1;

	(void)arg;
	while (!atomic_load(&stop)) {
		__atomic_store_n(entry, 0, __ATOMIC_RELAXED);
		__atomic_store_n(entry, HIGH_GPA | LONG_PAGE, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* The device is the GIC, whose page the next one follows, so that no access is an exit. */
static void map_long(void)
{
	uint64_t *level1 = vm_hva(vcpu->vm, LONG1), *level2 = vm_hva(vcpu->vm, LONG2);
	uint64_t *level3 = vm_hva(vcpu->vm, LONG3);

	level1[BASE >> 30] = LONG2 | LONG_TABLE;
	level1[GUEST_RAM_BASE >> 30] = GUEST_RAM_BASE | LONG_BLOCK;
	level2[BASE >> 21] = LONG3 | LONG_TABLE;
	level3[0] = GUEST_GICD | LONG_DEVICE;
	level3[1] = HIGH_GPA | LONG_PAGE;
	level3[2] = BASE | LONG_DEVICE;
	vcpu_set_reg(vcpu, REG(TTBCR), TTBCR_EAE);
	vcpu_set_reg(vcpu, REG(TTBR0_64), LONG1);
	vcpu_set_reg(vcpu, REG(MAIR0), MAIR0_VALUE);
	vcpu_set_reg(vcpu, REG(SCTLR), vcpu_get_reg(vcpu, REG(SCTLR)) | SCTLR_M);
}

static void long_entries(void)
{
	uint32_t *words, *high = map_memory(PAGE, 0), *low;
	unsigned int n;
	int gic;
	pthread_t thread;

	if (qemu_version() < ATOMIC_QEMU) {
		ksft_print_msg("this QEMU makes two loads of LDRD\n");
		return;
	}
	create(CODE);
	gic = gic_create(vcpu->vm, 0);
	vm_set_memory(vcpu->vm, SLOT, HIGH_GPA, PAGE, high, 0);
	map_long();
	words = vm_hva(vcpu->vm, CODE);
	for (n = 0; n < NR_STM; n++)
		words[n] = STM;
	words[n++] = STR_R7;
	words[n] = BRANCH(-(int)n);
	vcpu_set_reg(vcpu, R(1), BASE + PAGE - 8);
	vcpu_set_reg(vcpu, R(7), BASE + 2 * PAGE);
	low = vm_hva(vcpu->vm, PAGE_A);

	if (pthread_create(&thread, NULL, change_long_entry, NULL))
		kvm_bail("cannot create a thread");
	for (n = 0; n < LONG_EXITS && !test_failed(); n++) {
		expect_errno(__vcpu_run(vcpu), 0, "KVM_RUN");
		expect(vcpu->run->exit_reason == KVM_EXIT_MMIO &&
		       vcpu->run->mmio.phys_addr == BASE, "exit %u at %#llx",
		       vcpu->run->exit_reason,
		       (unsigned long long)vcpu->run->mmio.phys_addr);
		expect_equal(low[0] | low[1], 0, "a page that is not mapped");
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	expect_equal(high[0], 0x44444444, "the page that is");
	close(gic);
	vm_free(vcpu->vm);
	munmap(high, PAGE);
}

static void *slot_memory;

static void *change_slot(void *arg)
{
	(void)arg;
	while (!atomic_load(&stop)) {
		vm_delete_memory(vcpu->vm, SLOT);
		sched_yield();
		vm_set_memory(vcpu->vm, SLOT, SLOT_GPA, PAGE, slot_memory, 0);
		usleep(300);
	}
	return NULL;
}

static void slots(void)
{
	uint32_t *words;

	create(SLOT_GPA);
	slot_memory = map_memory(PAGE, 0);
	words = slot_memory;
	words[0] = STM;
	words[1] = LDM;
	words[2] = BACK - 1;
	vm_set_memory(vcpu->vm, SLOT, SLOT_GPA, PAGE, slot_memory, 0);
	race(change_slot, true);
	munmap(slot_memory, PAGE);
}

static const struct test tests[] = {
	{ "code that changes is one instruction or the other", code },
	{ "a load that becomes a swap does not store to a read-only device", swap },
	{ "tables that change are one page or the other", tables },
	{ "a table's entry of 64 bits is the old or the new one, and no mixture",
	  long_entries },
	{ "memory that comes and goes is read or not", slots },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
