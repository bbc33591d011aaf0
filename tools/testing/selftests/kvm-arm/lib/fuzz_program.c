// SPDX-License-Identifier: GPL-2.0
/* Create and disturb VMs with random code; see fuzz_program.h. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz_program.h"
#include "gic.h"
#include "harness.h"
#include "memory.h"
#include "../guest/insn.h"

/* Numbers of the memory slots */
enum {
	RAM, TABLES, READ_ONLY, CHANGING, LOST, LOW, HIGH, FAR, DISPATCH, DATA
};

/* The vectors, and what the dispatcher starts */
#define MIN_PAGES		(1 + FUZZ_DISPATCH_CODE_SIZE / PAGE)
#define MAX_PAGES		512
/* Pages of RAM that differ; writing code takes time. */
#define NEW_PAGES		16
#define NR_CORE_REGS		(sizeof(struct kvm_regs) / sizeof(uint32_t))
#define NR_IRQS			64
/* Microseconds for vcpus to begin to write, and to write to memory that is gone */
#define STORM_USEC		1000
#define LOST_USEC		300
/* LDR PC, [PC, #24]: from the table of addresses after the vectors */
#define LOAD_VECTOR		0xe59ff018
#define NR_VECTORS		8
#define CPACR_VFP		0x00f00000
#define SCTLR_OFF		0x00c50878
#define TTBCR_EAE		0x80000000
#define FPEXC_EN		0x40000000
#define FPEXC_ID		(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |	\
				 KVM_REG_ARM_VFP_FPEXC)

/* ---- contents of memory ------------------------------------------------- */

static void write_code(struct fuzz *f, const struct fuzz_program *p, void *hva,
		       uint32_t pages)
{
	char *page = hva;
	uint32_t i;

	for (i = 0; i < pages; i++) {
		if (i < NEW_PAGES)
			fuzz_code_page(f, p->ram_pages, page + i * PAGE, FUZZ_MIXED);
		else
			memcpy(page + i * PAGE, page + i % NEW_PAGES * PAGE, PAGE);
	}
}

/* Write code to a page of RAM, which is all in one state. */
static void write_ram(struct fuzz *f, const struct fuzz_program *p, char *ram, uint32_t n)
{
	if (n < NEW_PAGES || fuzz_one_in(f, 64))
		fuzz_code_page(f, p->ram_pages, ram + n * PAGE, fuzz_page_state(n));
	else
		memcpy(ram + n * PAGE, ram + n % NEW_PAGES * PAGE, PAGE);
}

/* Point the vectors at the dispatcher, or at code. */
static void write_vectors(struct fuzz *f, const struct fuzz_program *p, uint32_t *word)
{
	bool dispatch = !fuzz_one_in(f, 4);
	unsigned int i;

	for (i = 0; i < NR_VECTORS; i++) {
		word[i] = LOAD_VECTOR;
		word[i + NR_VECTORS] = dispatch ? FUZZ_DISPATCH + i * sizeof(word[0]) :
						  fuzz_code_address(f, p->ram_pages);
	}
}

/*
 * Write an entry of a short table, for most entries a section or small page that maps
 * to its own address.
 */
static uint32_t short_entry(struct fuzz *f, uint32_t address, bool is_page)
{
	switch (fuzz_below(f, 24)) {
	case 0:
		return fuzz_u32(f);
	case 1:
		return fuzz_value(f);
	case 2:
		/* The table of small pages, or what is no table */
		return (fuzz_table_address(f, 7 * PAGE) & ~0x3ffU) | 1;
	case 3:
		return 0;
	default:
		/* Full access; TEX, C and B are random. */
		if (is_page)
			return address | 0x032 | (fuzz_bits(f, 2) << 2);
		return address | 0x0c02 | (fuzz_bits(f, 2) << 2) |
		       (fuzz_one_in(f, 8) ? fuzz_bits(f, 4) << 5 : 0);
	}
}

static uint64_t long_entry(struct fuzz *f, uint64_t address, unsigned int level)
{
	switch (fuzz_below(f, 24)) {
	case 0:
		return fuzz_u64(f);
	case 1:
		return fuzz_value(f) | 3;
	case 2:
	case 3:
		/* The table of the next level */
		if (level < 3)
			return (fuzz_table_address(f, FUZZ_LONG + level * PAGE) &
				~(PAGE - 1)) | 3;
		return FUZZ_FAR | 0x403;
	case 4:
		return 0;
	default:
		/* Access flag, full access, shareable or not, attribute 0 to 3 */
		return address | 0x440 | (level == 3 ? 3 : 1) | fuzz_bits(f, 2) << 8 |
		       fuzz_bits(f, 2) << 2;
	}
}

/*
 * The first four pages are a short table; then come the levels of a long table, and
 * four tables of small pages.
 */
static void write_tables(struct fuzz *f, void *hva)
{
	uint64_t tables[FUZZ_TABLES_PAGES * PAGE / sizeof(uint64_t)];
	uint64_t *large = tables + FUZZ_LONG / sizeof(*large);
	uint32_t *words = (uint32_t *)tables, *pages = words + 7 * PAGE / sizeof(*pages);
	unsigned int i;

	for (i = 0; i < FUZZ_LONG / sizeof(*words); i++)
		words[i] = short_entry(f, i << 20, false);
	for (i = 0; i < PAGE / sizeof(*pages); i++)
		pages[i] = short_entry(f, GUEST_RAM_BASE + (i % 256) * PAGE, true);
	for (i = 0; i < PAGE / sizeof(*large); i++) {
		large[i] = long_entry(f, (uint64_t)(i % 4) << 30, 1);
		large[i + 512] = long_entry(f, GUEST_RAM_BASE + (uint64_t)i * BLOCK, 2);
		large[i + 1024] = long_entry(f, GUEST_RAM_BASE + (uint64_t)i * PAGE, 3);
	}
	fuzz_replace_forbidden(tables, sizeof(tables));
	memcpy(hva, tables, sizeof(tables));
}

/* Mostly an address of memory: each access to something else takes an exit. */
static uint32_t pool_value(struct fuzz *f, const struct fuzz_program *p)
{
	if (fuzz_one_in(f, 32))
		return fuzz_u32(f);
	if (fuzz_one_in(f, 8))
		return fuzz_address(f, p->ram_pages);
	return GUEST_RAM_BASE + (fuzz_u32(f) % (p->ram_pages * PAGE) & ~3U);
}

/* The page of values has three quarters of it for registers. */
static void add_dispatcher(struct fuzz *f, struct fuzz_program *p)
{
	char *hva = vm_add_memory(p->vm, DISPATCH, FUZZ_DISPATCH, FUZZ_DISPATCH_PAGES * PAGE,
				  KVM_MEM_READONLY);
	uint32_t *pool = (uint32_t *)(hva + PAGE), *tables = pool + FUZZ_POOL_TABLES / 4;
	unsigned int i;

	fuzz_dispatch_write(hva);
	for (i = 0; i < FUZZ_POOL_TABLES / sizeof(*pool); i++)
		pool[i] = pool_value(f, p);
	for (i = 0; i < FUZZ_POOL_NR_TABLES; i++) {
		bool large = fuzz_one_in(f, 2);

		tables[2 * i] = large ? TTBCR_EAE : 0;
		tables[2 * i + 1] = fuzz_table_address(f, large ? FUZZ_LONG : FUZZ_SHORT);
	}
	fuzz_replace_forbidden(pool, PAGE);
	p->dispatch = vm_add_memory(p->vm, DATA, FUZZ_DISPATCH_DATA, PAGE, 0);
	p->storm = (uint32_t *)p->dispatch + (FUZZ_DISPATCH_STORM - FUZZ_DISPATCH_DATA) / 4;
	for (i = 0; i < p->nr_vcpus; i++)
		p->dispatch[i].random = fuzz_u32(f);
}

static void add_memory(struct fuzz *f, struct fuzz_program *p)
{
	const uint32_t low[] = { FUZZ_LOW, FUZZ_HIGH };
	char *hva, *read_only;
	unsigned int i, n;

	hva = vm_add_memory(p->vm, RAM, GUEST_RAM_BASE, p->ram_pages * PAGE, 0);
	for (n = 0; n < p->ram_pages; n++)
		write_ram(f, p, hva, n);
	write_vectors(f, p, (uint32_t *)hva);
	for (i = 0; i < ARRAY_SIZE(low); i++) {
		hva = vm_add_memory(p->vm, LOW + i, low[i], PAGE, 0);
		write_code(f, p, hva, 1);
		write_vectors(f, p, (uint32_t *)hva);
	}
	hva = vm_add_memory(p->vm, FAR, FUZZ_FAR, FUZZ_FAR_PAGES * PAGE, 0);
	write_code(f, p, hva, FUZZ_FAR_PAGES);

	hva = vm_add_memory(p->vm, TABLES, FUZZ_TABLES, FUZZ_TABLES_PAGES * PAGE, 0);
	write_tables(f, hva);
	read_only = vm_add_memory(p->vm, READ_ONLY, FUZZ_READ_ONLY,
				  FUZZ_READ_ONLY_PAGES * PAGE, KVM_MEM_READONLY);
	memcpy(read_only, hva, FUZZ_TABLES_PAGES * PAGE);
	write_code(f, p, read_only + FUZZ_TABLES_PAGES * PAGE,
		   FUZZ_READ_ONLY_PAGES - FUZZ_TABLES_PAGES);

	p->changing = map_memory(FUZZ_CHANGING_PAGES * PAGE, 0);
	write_code(f, p, p->changing, FUZZ_CHANGING_PAGES);
	p->copy = map_memory(FUZZ_CHANGING_PAGES * PAGE, 0);
	memcpy(p->copy, p->changing, FUZZ_CHANGING_PAGES * PAGE);

	add_dispatcher(f, p);

	/* A slot whose memory user space does not have */
	hva = vm_add_memory(p->vm, LOST, FUZZ_LOST, FUZZ_LOST_PAGES * PAGE, 0);
	if (mprotect(hva, FUZZ_LOST_PAGES * PAGE, PROT_NONE))
		kvm_bail("mprotect: %s", strerror(errno));
}

/* ---- the VM ------------------------------------------------------------- */

static void enable_exits(struct fuzz *f, struct kvm_vm *vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_NISV_TO_USER };
	const struct kvm_smccc_filter filter = {
		.base = 0x86000000,
		.nr_functions = 0x10000,
		.action = KVM_SMCCC_FILTER_FWD_TO_USER,
	};

	if (fuzz_one_in(f, 2))
		vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
	if (fuzz_one_in(f, 2) &&
	    __device_set_attr(vm->fd, KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER,
			      &filter))
		kvm_bail("KVM_ARM_VM_SMCCC_FILTER failed");
}

void fuzz_program_create(struct fuzz *f, struct fuzz_program *p)
{
	uint32_t features;
	unsigned int i;

	*p = (struct fuzz_program){
		.vm = vm_create(),
		.gic = -1,
		.nr_vcpus = fuzz_one_in(f, 16) ? KVM_ARM_MAX_VCPUS :
			    1 + fuzz_below(f, fuzz_one_in(f, 4) ? 4 : 2),
		.ram_pages = fuzz_one_in(f, 8) ? MAX_PAGES : MIN_PAGES + fuzz_below(f, 32),
	};
	add_memory(f, p);
	for (i = 0; i < p->nr_vcpus; i++) {
		features = fuzz_one_in(f, 8) ? 0 : 1 << KVM_ARM_VCPU_PSCI_0_2;
		if (i && fuzz_one_in(f, 2))
			features |= 1 << KVM_ARM_VCPU_POWER_OFF;
		vcpu_init(vcpu_create(p->vm, i), features);
	}
	if (!fuzz_one_in(f, 4))
		p->gic = gic_create(p->vm, NR_IRQS);
	enable_exits(f, p->vm);
	for (i = 0; i < p->nr_vcpus; i++)
		fuzz_program_restart(f, p, p->vm->vcpus[i]);
}

void fuzz_program_destroy(struct fuzz_program *p)
{
	vm_free(p->vm);
	if (p->gic >= 0)
		close(p->gic);
	munmap(p->changing, FUZZ_CHANGING_PAGES * PAGE);
	munmap(p->copy, FUZZ_CHANGING_PAGES * PAGE);
}

/* ---- registers ---------------------------------------------------------- */

static void set_core(struct fuzz *f, const struct fuzz_program *p, struct kvm_vcpu *vcpu)
{
	const uint64_t first = CORE_REG(usr_regs.ARM_r0);
	uint32_t pc = fuzz_code_address(f, p->ram_pages);
	uint32_t cpsr = fuzz_modes[fuzz_below(f, ARRAY_SIZE(fuzz_modes))];
	unsigned int i;

	for (i = 0; i < NR_CORE_REGS; i++)
		if (first + i != CORE_REG(usr_regs.ARM_cpsr))
			vcpu_set_reg(vcpu, first + i, fuzz_one_in(f, 3) ? fuzz_u32(f) :
				     fuzz_address(f, p->ram_pages));
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_pc), pc & ~1U);
	cpsr |= fuzz_u32(f) & (0xf0000000 | CPSR_A | CPSR_I | CPSR_F);
	if (pc & 1)
		cpsr |= CPSR_T;
	if (fuzz_one_in(f, 8))
		cpsr |= fuzz_u32(f) & (CPSR_E | CPSR_IT);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr), cpsr);
}

static void set_translation(struct fuzz *f, struct kvm_vcpu *vcpu)
{
	static const uint32_t vectors[] = {
		GUEST_RAM_BASE, FUZZ_LOW, FUZZ_HIGH, FUZZ_DISPATCH, FUZZ_DISPATCH,
	};
	bool large = fuzz_one_in(f, 2);

	vcpu_set_reg(vcpu, REG(SCTLR), fuzz_sctlr(f, fuzz_one_in(f, 2)));
	vcpu_set_reg(vcpu, REG(VBAR), vectors[fuzz_below(f, ARRAY_SIZE(vectors))]);
	vcpu_set_reg(vcpu, REG(TTBCR), large ? TTBCR_EAE : 0);
	vcpu_set_reg(vcpu, REG(TTBR0_64),
		     fuzz_table_address(f, large ? FUZZ_LONG : FUZZ_SHORT));
	vcpu_set_reg(vcpu, REG(DACR), fuzz_one_in(f, 4) ? fuzz_u32(f) : ~0U);
	vcpu_set_reg(vcpu, REG(CPACR), fuzz_one_in(f, 8) ? fuzz_u32(f) : CPACR_VFP);
	/* A host without VFP does not have FPEXC. */
	__vcpu_set_reg(vcpu, FPEXC_ID, fuzz_one_in(f, 8) ? 0 : FPEXC_EN);
}

/* Let a timer expire now or soon, but not at the end of its range: QEMU can loop. */
static void set_timers(struct fuzz *f, struct kvm_vcpu *vcpu)
{
	uint64_t now = vcpu_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);

	vcpu_set_reg(vcpu, KVM_REG_ARM_TIMER_CVAL, fuzz_one_in(f, 8) ? 1ULL << 62 :
		     now + fuzz_bits(f, 20));
	vcpu_set_reg(vcpu, KVM_REG_ARM_TIMER_CTL, fuzz_below(f, 4));
	vcpu_set_reg(vcpu, KVM_REG_ARM_PTIMER_CVAL, fuzz_value(f));
	vcpu_set_reg(vcpu, KVM_REG_ARM_PTIMER_CTL, fuzz_below(f, 4));
}

void fuzz_program_restart(struct fuzz *f, const struct fuzz_program *p,
			  struct kvm_vcpu *vcpu)
{
	set_core(f, p, vcpu);
	if (!fuzz_one_in(f, 4))
		set_translation(f, vcpu);
	if (fuzz_one_in(f, 2))
		set_timers(f, vcpu);
	if (!fuzz_one_in(f, 4) && __vcpu_set_mp_state(vcpu, KVM_MP_STATE_RUNNABLE))
		kvm_bail("vcpu %u does not start", vcpu->id);
}

void fuzz_program_dispatch(struct kvm_vcpu *vcpu)
{
	vcpu_set_reg(vcpu, REG(SCTLR), SCTLR_OFF);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_pc), FUZZ_DISPATCH);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr), CPSR_SVC | CPSR_A | CPSR_I | CPSR_F);
	if (__vcpu_set_mp_state(vcpu, KVM_MP_STATE_RUNNABLE))
		kvm_bail("vcpu %u does not start", vcpu->id);
}

/* ---- disturbances ------------------------------------------------------- */

static void change_line(struct fuzz *f, const struct fuzz_program *p)
{
	uint32_t vcpu = fuzz_below(f, p->nr_vcpus), level = fuzz_below(f, 2);

	/* This may fail: the interrupts of the timers are not for user space. */
	if (p->gic < 0)
		__irq_line(p->vm, KVM_ARM_IRQ_TYPE_CPU, vcpu, fuzz_below(f, 2), level);
	else if (fuzz_one_in(f, 2))
		__irq_line(p->vm, KVM_ARM_IRQ_TYPE_PPI, vcpu, 16 + fuzz_bits(f, 4), level);
	else
		__irq_line(p->vm, KVM_ARM_IRQ_TYPE_SPI, 0, 32 + fuzz_bits(f, 5), level);
}

/* Memory must not change after it was taken away, by a TLB's entry that is still there. */
static void check_lost(struct fuzz_program *p)
{
	expect(!memcmp(p->copy, p->changing, FUZZ_CHANGING_PAGES * PAGE),
	       "the guest wrote to memory that it does not have");
}

/*
 * What was written since the last look is in this log, or in the last one: it was fetched
 * after its copy.
 */
static void check_log(struct fuzz_program *p)
{
	char now[FUZZ_CHANGING_PAGES * PAGE];
	uint64_t log;
	unsigned int i;

	memcpy(now, p->changing, sizeof(now));
	__vm_get_dirty_log(p->vm, CHANGING, &log);
	for (i = 0; p->has_copy && i < FUZZ_CHANGING_PAGES; i++)
		expect(!memcmp(now + i * PAGE, (char *)p->copy + i * PAGE, PAGE) ||
		       (log | p->log) & 1ULL << i, "page %u was written, but not logged", i);
	memcpy(p->copy, now, sizeof(now));
	p->log = log;
	p->has_copy = true;
}

static void change_slot(struct fuzz *f, struct fuzz_program *p)
{
	static const uint32_t flags[] = {
		0, KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY,
	};
	const uint32_t size = FUZZ_CHANGING_PAGES * PAGE;
	uint32_t flag = flags[fuzz_below(f, ARRAY_SIZE(flags))];

	if (p->is_there && fuzz_one_in(f, 4)) {
		madvise(p->changing, size, MADV_DONTNEED);
		write_code(f, p, p->changing, 1);
		p->has_copy = false;
		return;
	}
	if (p->is_logged && !fuzz_one_in(f, 4)) {
		check_log(p);
		return;
	}
	if (!p->is_there)
		check_lost(p);
	p->is_there = !p->is_there;
	p->is_logged = p->is_there && flag == KVM_MEM_LOG_DIRTY_PAGES;
	p->has_copy = false;
	/* Only a vcpu that does not leave the guest can write by a stale TLB entry. */
	if (!p->is_there) {
		*p->storm = FUZZ_STORM_LASTING;
		usleep(STORM_USEC);
	}
	vm_set_memory(p->vm, CHANGING, FUZZ_CHANGING, p->is_there ? size : 0, p->changing,
		      flag);
	if (!p->is_there) {
		memcpy(p->copy, p->changing, size);
		usleep(LOST_USEC);
		check_lost(p);
	}
	*p->storm = p->is_there && flag != KVM_MEM_READONLY ? FUZZ_STORM_SHORT :
							      FUZZ_STORM_NONE;
}

/* Replace code that the guest has overwritten. */
static void renew(struct fuzz *f, const struct fuzz_program *p)
{
	uint32_t n = fuzz_below(f, p->ram_pages);
	char *page = (char *)vm_hva(p->vm, GUEST_RAM_BASE) + n * PAGE;

	if (fuzz_one_in(f, 8)) {
		write_tables(f, vm_hva(p->vm, FUZZ_TABLES));
		return;
	}
	fuzz_code_page(f, p->ram_pages, page, fuzz_page_state(n));
	if (!n)
		write_vectors(f, p, (uint32_t *)page);
}

void fuzz_program_disturb(struct fuzz *f, struct fuzz_program *p)
{
	switch (fuzz_below(f, 8)) {
	case 0:
		change_slot(f, p);
		break;
	case 1:
		renew(f, p);
		break;
	default:
		change_line(f, p);
	}
}
