// SPDX-License-Identifier: GPL-2.0
/*
 * Loads and stores that reach from a device into another page, with all kinds
 * of translations. If the guest may not access the page, it must take the abort
 * that the CPU takes for that page alone, and no part of the instruction may be
 * done.
 */
#include <string.h>

#include "device.h"
#include "execute.h"
#include "harness.h"

#define BASE		0x20000000
/* Memory of the guest that its program does not use: 2 MiB, then tables */
#define MEMORY		(GUEST_RAM_BASE + 0x200000)
#define FREE		(GUEST_RAM_BASE + 0x300000)
#define TABLE_A		(FREE + 0x0000)
#define TABLE_B		(FREE + 0x1000)
#define LEVEL2		(FREE + 0x2000)
#define TLBIALL		CP_REG32(15, 8, 0, 7, 0)
#define SCTLR_AFE	0x20000000U
#define TTBCR_N1	1U
#define TTBCR_T1SZ(n)	((uint32_t)(n) << 16)

/* ldmia r1, {r2-r5}; stmia r1, {r2-r5}; ldr and str r2, [r1] */
static const uint32_t multiple[] = { 0xe891003c, 0xe881003c };
static const uint32_t single[] = { 0xe5912000, 0xe5812000 };

static struct kvm_vcpu *vcpu;
static struct device device = { .base = BASE };
/* The first byte of the second page */
static uint32_t boundary;

static void create(enum execute_op mmu, uint32_t va)
{
	vcpu = execute_create(1)->vcpus[0];
	execute_op(vcpu, mmu, 0);
	boundary = va;
}

static void destroy(void)
{
	vm_free(vcpu->vm);
}

static uint32_t *word(uint32_t gpa)
{
	return vm_hva(vcpu->vm, gpa);
}

static uint64_t *doubleword(uint32_t gpa)
{
	return vm_hva(vcpu->vm, gpa);
}

static struct execute order(uint32_t insn, uint32_t address, bool user)
{
	struct execute x = {
		.insn = insn,
		.armed = VECTOR(DABT),
		.cpsr = (user ? CPSR_USR : CPSR_SVC) | CPSR_MASKED,
		.r = { 0, address, 0x22222222, 0x33333333, 0x44444444,
		       0x55555555 },
	};

	return x;
}

static void go(struct execute *x, const char *name)
{
	device_fill(&device);
	execute_begin(vcpu, x);
	expect_equal(device_run(&device, vcpu, NULL), GUEST_SYNC, "%s: event",
		     name);
	execute_end(vcpu, x);
}

/* The domain field is unknown on permission faults (ARM DDI 0406C, B3.13.3). */
static uint32_t known_fsr(uint32_t dfsr)
{
	return (dfsr & 0x20d) == 0xd ? dfsr & ~0xf0U : dfsr;
}

static void expect_aborted(const struct execute *x, const struct execute *by_cpu,
			   const char *name)
{
	struct execute before = order(x->insn, boundary - 8, false);
	unsigned int r;

	expect_equal(x->count, 1, "%s: exceptions", name);
	expect_equal(x->vector, GUEST_VEC_DABT, "%s: vector", name);
	expect_equal(x->fault_pc, x->pc, "%s: address", name);
	expect_equal(x->dfar, boundary, "%s: DFAR", name);
	expect_equal(known_fsr(x->dfsr), known_fsr(by_cpu->dfsr), "%s: DFSR",
		     name);
	expect_equal(device.nr, 0, "%s: accesses of the device", name);
	for (r = 0; r < 15; r++)
		expect_equal(x->r[r], before.r[r], "%s: R%u", name, r);
}

static void expect_done(const struct execute *x, bool write, const char *name)
{
	const uint32_t *memory = word(MEMORY);
	const uint32_t *end = (uint32_t *)(device.bytes + 0xff8);

	expect_equal(x->count, 0, "%s: exceptions, DFSR %x, DFAR %x", name,
		     x->dfsr, x->dfar);
	expect_equal(device.nr, 2, "%s: accesses of the device", name);
	if (write) {
		expect_equal(end[0], 0x22222222, "%s: device", name);
		expect_equal(end[1], 0x33333333, "%s: device", name);
		expect_equal(memory[0], 0x44444444, "%s: memory", name);
		expect_equal(memory[1], 0x55555555, "%s: memory", name);
	} else {
		expect_equal(x->r[2], end[0], "%s: R2", name);
		expect_equal(x->r[3], end[1], "%s: R3", name);
		expect_equal(x->r[4], memory[0], "%s: R4", name);
		expect_equal(x->r[5], memory[1], "%s: R5", name);
	}
}

/* Check all four accesses of a page. Return how many abort. */
static unsigned int cross(const char *what)
{
	unsigned int n, aborts = 0;
	struct execute x, by_cpu;
	char name[80];

	guest_write(vcpu, TLBIALL, 0);
	for (n = 0; n < 4; n++) {
		bool write = n & 1, user = n & 2;

		snprintf(name, sizeof(name), "%s, %s, %s", what,
			 user ? "user" : "privileged", write ? "store" : "load");
		word(MEMORY)[0] = 0xa5a50000 + n;
		word(MEMORY)[1] = 0x5a5a0000 + n;
		by_cpu = order(single[write], boundary, user);
		go(&by_cpu, name);
		x = order(multiple[write], boundary - 8, user);
		go(&x, name);
		if (by_cpu.count)
			expect_aborted(&x, &by_cpu, name);
		else
			expect_done(&x, write, name);
		aborts += by_cpu.count;
	}
	return aborts;
}

/* ---- short descriptors --------------------------------------------------- */

#define AP_SECTION(ap)	(((ap) & 3) << 10 | ((ap) & 4) << 13)
#define AP_PAGE(ap)	(((ap) & 3) << 4 | ((ap) & 4) << 7)
/* Write-back, shareable: the host accesses the memory through its caches. */
#define SECTION_WB	0x1100c
#define PAGE_WB		0x44c
#define LARGE_PAGE_WB	0x140c
#define SECTION(ap)	(MEMORY | 2 | SECTION_WB | AP_SECTION(ap))
/* The first 16 MiB of the guest's memory */
#define SUPERSECTION(ap) (GUEST_RAM_BASE | 2 | 1 << 18 | SECTION_WB | \
			  AP_SECTION(ap))
#define PAGE(ap)	(MEMORY | 2 | PAGE_WB | AP_PAGE(ap))
#define LARGE_PAGE(ap)	(MEMORY | 1 | LARGE_PAGE_WB | AP_PAGE(ap))
#define SHORT_TABLE	(TABLE_B | 1)
#define DOMAIN(n)	((n) << 5)

/*
 * Level 1 and level 2 descriptors of the second page, and how many of four
 * accesses abort
 */
static const struct short_case {
	const char *name;
	uint32_t level1;
	uint32_t level2;
	unsigned int aborts;
} short_cases[] = {
	{ "no section", 0, 0, 4 },
	{ "no page", SHORT_TABLE, 0, 4 },
	{ "no page, domain 3", SHORT_TABLE | DOMAIN(3), 0, 4 },
	{ "no table", (BASE + 0x100000) | 1, 0, 4 },
	{ "page, AP 0", SHORT_TABLE, PAGE(0), 4 },
	{ "page, AP 1", SHORT_TABLE, PAGE(1), 2 },
	{ "page, AP 2", SHORT_TABLE, PAGE(2), 1 },
	{ "page, AP 3", SHORT_TABLE, PAGE(3), 0 },
	{ "page, AP 5", SHORT_TABLE, PAGE(5), 3 },
	{ "page, AP 6", SHORT_TABLE, PAGE(6), 2 },
	{ "page, AP 7", SHORT_TABLE, PAGE(7), 2 },
	{ "page, never executed", SHORT_TABLE, PAGE(3) | 1, 0 },
	{ "large page, AP 3", SHORT_TABLE, LARGE_PAGE(3), 0 },
	{ "large page, AP 7", SHORT_TABLE, LARGE_PAGE(7), 2 },
	{ "page, domain 1", SHORT_TABLE | DOMAIN(1), PAGE(3), 4 },
	{ "page, domain 2", SHORT_TABLE | DOMAIN(2), PAGE(0), 0 },
	{ "section, AP 0", SECTION(0), 0, 4 },
	{ "section, AP 1", SECTION(1), 0, 2 },
	{ "section, AP 2", SECTION(2), 0, 1 },
	{ "section, AP 3", SECTION(3), 0, 0 },
	{ "section, AP 5", SECTION(5), 0, 3 },
	{ "section, AP 7", SECTION(7), 0, 2 },
	{ "section, domain 1", SECTION(3) | DOMAIN(1), 0, 4 },
	{ "section, domain 2", SECTION(0) | DOMAIN(2), 0, 0 },
	{ "supersection, AP 2", SUPERSECTION(2), 0, 1 },
	{ "supersection, AP 3", SUPERSECTION(3), 0, 0 },
};

/*
 * With SCTLR.AFE, AP[0] is the access flag. QEMU ignores the flag in domains
 * without checks (2); the manual has no such exception.
 */
static const struct short_case access_flag_cases[] = {
	{ "page, no access flag", SHORT_TABLE, PAGE(2), 4 },
	{ "page, privileged", SHORT_TABLE, PAGE(1), 2 },
	{ "page, both, read-only", SHORT_TABLE, PAGE(7), 2 },
	{ "section, no access flag", SECTION(2), 0, 4 },
	{ "section, privileged, read-only", SECTION(5), 0, 3 },
};

static void short_translations(const struct short_case *c, unsigned int nr)
{
	uint32_t table = vcpu_get_reg(vcpu, REG(TTBR0)) & ~0x3fffU;
	unsigned int i;

	/* The device's page is the last one before the boundary. */
	word(table)[(boundary >> 20) - 1] = TABLE_A | 1;
	word(TABLE_A)[255] = BASE | 2 | AP_PAGE(3);
	for (; nr--; c++) {
		word(table)[boundary >> 20] = c->level1;
		/* Repeat the entry 16 times, as a large page needs. */
		for (i = 0; i < 16; i++)
			word(TABLE_B)[i] = c->level2;
		expect_equal(cross(c->name), c->aborts, "%s: aborts", c->name);
	}
}

static void short_tables(void)
{
	uint32_t ttbr, sctlr;

	create(EXECUTE_MMU_SHORT, 0x80200000);
	/* Domain 1: no access; domain 2: no checks; others: page permissions. */
	guest_write(vcpu, REG(DACR), 0x55555571);
	short_translations(short_cases, ARRAY_SIZE(short_cases));

	/* Repeat with two tables: TTBR1 translates this half. */
	ttbr = vcpu_get_reg(vcpu, REG(TTBR0));
	guest_write(vcpu, REG(TTBR1), ttbr);
	guest_write(vcpu, REG(TTBCR), TTBCR_N1);
	short_translations(short_cases, ARRAY_SIZE(short_cases));

	sctlr = vcpu_get_reg(vcpu, REG(SCTLR));
	guest_write(vcpu, REG(SCTLR), sctlr | SCTLR_AFE);
	short_translations(access_flag_cases, ARRAY_SIZE(access_flag_cases));
	destroy();
}

/* ---- long descriptors ---------------------------------------------------- */

#define AF		0x400ULL
#define RO		0x80ULL
#define USER		0x40ULL
#define NO_USER_BELOW	0x2000000000000000ULL
#define RO_BELOW	0x4000000000000000ULL
#define LONG_TABLE	(TABLE_B | 3ULL)
#define LONG_SHARED	(3ULL << 8)
#define LONG_BLOCK	(MEMORY | LONG_SHARED | 1)
#define LONG_PAGE	(MEMORY | LONG_SHARED | 3)

static const struct long_case {
	const char *name;
	uint64_t level2;
	uint64_t level3;
	unsigned int aborts;
} long_cases[] = {
	{ "no block", 0, 0, 4 },
	{ "no page", LONG_TABLE, 0, 4 },
	{ "no page, by its type", LONG_TABLE, MEMORY | 1 | AF | USER, 4 },
	{ "no table", (BASE + 0x100000) | 3, 0, 4 },
	{ "page, no access flag", LONG_TABLE, LONG_PAGE | USER, 4 },
	{ "page", LONG_TABLE, LONG_PAGE | AF | USER, 0 },
	{ "page, privileged", LONG_TABLE, LONG_PAGE | AF, 2 },
	{ "page, read-only", LONG_TABLE, LONG_PAGE | AF | USER | RO, 2 },
	{ "page, privileged, read-only", LONG_TABLE, LONG_PAGE | AF | RO, 3 },
	{ "page, read-only by its table", LONG_TABLE | RO_BELOW,
	  LONG_PAGE | AF | USER, 2 },
	{ "page, privileged by its table", LONG_TABLE | NO_USER_BELOW,
	  LONG_PAGE | AF | USER, 2 },
	{ "block, no access flag", LONG_BLOCK | USER, 0, 4 },
	{ "block", LONG_BLOCK | AF | USER, 0, 0 },
	{ "block, privileged, read-only", LONG_BLOCK | AF | RO, 0, 3 },
};

static void long_translations(void)
{
	const struct long_case *c;

	for (c = long_cases; c < long_cases + ARRAY_SIZE(long_cases); c++) {
		doubleword(LEVEL2)[1] = c->level2;
		doubleword(TABLE_B)[0] = c->level3;
		expect_equal(cross(c->name), c->aborts, "%s: aborts", c->name);
	}
}

static void long_tables(void)
{
	uint32_t table, ttbcr;

	create(EXECUTE_MMU_LPAE, 0xc0200000);
	table = vcpu_get_reg(vcpu, REG(TTBR0_64));
	doubleword(table)[boundary >> 30] = LEVEL2 | 3;
	/* The device's page is the last one before the boundary. */
	doubleword(LEVEL2)[0] = TABLE_A | 3;
	doubleword(TABLE_A)[511] = BASE | 3 | 1 << 2 | AF | USER;
	long_translations();

	/* TTBR1 translates the upper half, by half of the same table. */
	ttbcr = vcpu_get_reg(vcpu, REG(TTBCR));
	guest_write(vcpu, REG(TTBR1_64), table + 16);
	guest_write(vcpu, REG(TTBCR), ttbcr | TTBCR_T1SZ(1));
	long_translations();

	/* TTBR1 translates the upper quarter, without a first level. */
	guest_write(vcpu, REG(TTBCR), ttbcr);
	guest_write(vcpu, REG(TTBR1_64), LEVEL2);
	guest_write(vcpu, REG(TTBCR), ttbcr | TTBCR_T1SZ(2));
	long_translations();
	destroy();
}

/* ---- from memory, to memory that is read-only ---------------------------- */

/* User space sees stores to a read-only slot, too. */
static void slots(void)
{
	static const uint32_t gpa = 0x24000000;
	struct execute x;
	uint32_t *hva;

	create(EXECUTE_MMU_OFF, gpa + 0x1000);
	vm_add_memory(vcpu->vm, 1, gpa, 0x1000, KVM_MEM_READONLY);
	hva = vm_hva(vcpu->vm, gpa);
	hva[1023] = 0x12345678;
	device.base = gpa;

	x = order(multiple[1], boundary - 8, false);
	go(&x, "store");
	expect_equal(x.count, 0, "store: exceptions");
	expect_equal(device.nr, 4, "store: accesses");
	expect_equal(hva[1023], 0x12345678, "read-only memory");

	x = order(multiple[0], boundary - 8, false);
	go(&x, "load");
	expect_equal(device.nr, 2, "load: accesses");
	expect_equal(x.r[3], 0x12345678, "load: R3");
	expect(!memcmp(&x.r[4], device.bytes + 0x1000, 8), "load: R4, R5");

	vm_delete_memory(vcpu->vm, 1);
	vm_add_memory(vcpu->vm, 1, gpa, 0x1000, 0);
	hva = vm_hva(vcpu->vm, gpa);
	x = order(multiple[1], boundary - 8, false);
	go(&x, "store to memory and device");
	expect_equal(device.nr, 2, "store to memory and device: accesses");
	expect_equal(hva[1023], 0x33333333, "store to memory and device: memory");
	device.base = BASE;
	destroy();
}

static const struct test tests[] = {
	{ "short descriptors permit what they do to the CPU", short_tables },
	{ "long descriptors permit what they do to the CPU", long_tables },
	{ "an instruction may have parts in memory, and in read-only memory",
	  slots },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
