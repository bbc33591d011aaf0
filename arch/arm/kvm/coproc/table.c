// SPDX-License-Identifier: GPL-2.0-only
/*
 * regs.h as a table: build-time checks, lookup, values at start and at reset.
 */
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/hash.h>
#include <linux/kvm_host.h>
#include <linux/preempt.h>
#include <linux/smp.h>

#include <asm/cputype.h>
#include <asm/kvm_coproc.h>

#include "coproc.h"

/*
 * Order and fields, at build time. An enumerator without a value is one more
 * than the enumerator before it, which here is the key of the row before.
 */
#define CP15_REG32(name, crn, opc1, crm, opc2, ...) \
	KEY_BEFORE_##name, KEY_##name = CP15_KEY32(crn, opc1, crm, opc2),
#define CP15_REG64(name, crm, opc1, ...) \
	KEY_BEFORE_##name, KEY_##name = CP15_KEY64(crm, opc1),

enum coproc_key {
	KEY_START = -1,
#include "regs.h"
};

#undef CP15_REG32
#undef CP15_REG64

#define CP15_REG32(name, crn, opc1, crm, opc2, ...) \
	static_assert(KEY_BEFORE_##name <= KEY_##name, \
		      #name " is a duplicate or out of order"); \
	static_assert((crn) < 16 && (opc1) < 8 && (crm) < 16 && (opc2) < 8, \
		      #name " cannot be encoded");
#define CP15_REG64(name, crm, opc1, ...) \
	static_assert(KEY_BEFORE_##name <= KEY_##name, \
		      #name " is a duplicate or out of order"); \
	static_assert((crm) < 16 && (opc1) < 16, #name " cannot be encoded");

#include "regs.h"

#undef CP15_REG32
#undef CP15_REG64

#define CP15_REG32(name, ...)	ROW_##name,
#define CP15_REG64(name, ...)	ROW_##name,

enum coproc_row {
#include "regs.h"
	NR_ROWS
};

#undef CP15_REG32
#undef CP15_REG64

static_assert(NR_CP15_SLOTS <= U8_MAX && NR_ROWS <= U8_MAX);

/* What a storage class makes of a row */
#define STORE_SWITCHED(slot, ...)	.storage = COPROC_SWITCHED, .index = slot
#define STORE_EMULATED(slot, ...)	.storage = COPROC_EMULATED, .index = slot
#define STORE_ALIAS_OF(of)	.storage = COPROC_ALIAS_OF, .index = CP15_##of NOTHING
#define STORE_INVARIANT(slot, row) .storage = COPROC_INVARIANT, .index = row
#define STORE_EXTERNAL(...)	.storage = COPROC_EXTERNAL
#define STORE_NO_STATE(...)	.storage = COPROC_NO_STATE
#define NOTHING(...)

#define CP15_REG32(_name, crn, opc1, crm, opc2, _storage, ...) {	\
	.name = #_name, .line = __LINE__,				\
	.key = CP15_KEY32(crn, opc1, crm, opc2),			\
	STORE_##_storage(CP15_##_name, ROW_##_name), __VA_ARGS__	\
},
#define CP15_REG64(_name, crm, opc1, _storage, ...) {			\
	.name = #_name, .line = __LINE__,				\
	.key = CP15_KEY64(crm, opc1),					\
	STORE_##_storage(CP15_##_name, ROW_##_name), __VA_ARGS__	\
},

const struct coproc_reg coproc_regs[] = {
#include "regs.h"
};

#undef CP15_REG32
#undef CP15_REG64

const unsigned int nr_coproc_regs = NR_ROWS;

/* By row; those of rows that are not invariant stay empty */
struct coproc_invariant coproc_invariants[NR_ROWS] __ro_after_init;

/* What user space sees, ready to be copied there */
u64 coproc_ids[NR_ROWS] __ro_after_init;
unsigned int nr_coproc_ids __ro_after_init;

/*
 * Rows by key, from 1 up, with open addressing. It is so sparse that nearly
 * every row is where its hash says, and 0 ends a search.
 */
#define BUCKET_BITS	8
#define BUCKET_MASK	GENMASK(BUCKET_BITS - 1, 0)

static_assert(2 * NR_ROWS <= BIT(BUCKET_BITS));

static u8 buckets[BIT(BUCKET_BITS)] __ro_after_init;

static void __init hash_rows(void)
{
	unsigned int i;

	for (i = 0; i < NR_ROWS; i++) {
		u32 bucket = hash_32(coproc_regs[i].key, BUCKET_BITS);

		while (buckets[bucket])
			bucket = (bucket + 1) & BUCKET_MASK;
		buckets[bucket] = i + 1;
	}
}

/**
 * coproc_find() - the row of a register
 * @key: what an instruction or an id names
 *
 * Return: the row, or NULL.
 */
const struct coproc_reg *coproc_find(u16 key)
{
	u32 bucket = hash_32(key, BUCKET_BITS);
	u8 n;

	while ((n = buckets[bucket])) {
		if (coproc_regs[n - 1].key == key)
			return &coproc_regs[n - 1];
		bucket = (bucket + 1) & BUCKET_MASK;
	}

	return NULL;
}

/**
 * kvm_cp15_name() - the architectural name of a register
 * @id: its id, as in KVM_GET_ONE_REG
 *
 * Return: the name, or "unknown".
 */
const char *kvm_cp15_name(u64 id)
{
	int key = coproc_id_to_key(id);
	const struct coproc_reg *r = key < 0 ? NULL : coproc_find(key);

	return r ? r->name : "unknown";
}

/*
 * Guests must not see a register change because they were moved between CPUs
 * that differ, so what this CPU says is what all of them are given.
 */
#define CAPTURE_SWITCHED(...)
#define CAPTURE_EMULATED(...)
#define CAPTURE_ALIAS_OF(...)	NOTHING
#define CAPTURE_INVARIANT(row, insn) \
	asm volatile(insn : "=r" (coproc_invariants[row].host));
#define CAPTURE_EXTERNAL(...)
#define CAPTURE_NO_STATE(...)

#define CP15_REG32(name, crn, opc1, crm, opc2, storage, ...)		\
	CAPTURE_##storage(ROW_##name, "mrc p15, " #opc1 ", %0, c" #crn	\
			  ", c" #crm ", " #opc2)
#define CP15_REG64(...)

static void __init capture_invariants(void)
{
	unsigned int i;

#include "regs.h"

	for (i = 0; i < NR_ROWS; i++)
		coproc_invariants[i].value = coproc_regs[i].show |
			(coproc_invariants[i].host & ~coproc_regs[i].hide);
}

#undef CP15_REG32
#undef CP15_REG64

static void read_ctr(void *ctr)
{
	*(u32 *)ctr = read_cpuid_cachetype();
}

/* Guests maintain caches of CPUs of both kinds, where a host has them */
static void __init merge_ctr(void)
{
	u32 *value = &coproc_invariants[ROW_CTR].value, ctr;
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		if (!smp_call_function_single(cpu, read_ctr, &ctr, 1))
			*value = coproc_merge_ctr(*value, ctr);
	cpus_read_unlock();
}

static void __init list_ids(void)
{
	const struct coproc_reg *r;

	for (r = coproc_regs; r < coproc_regs + NR_ROWS; r++)
		if (r->storage != COPROC_NO_STATE)
			coproc_ids[nr_coproc_ids++] = coproc_key_to_id(r->key);
}

/**
 * kvm_coproc_midr() - MIDR of every guest, for VPIDR
 *
 * Return: the value, or 0 if KVM is off.
 */
u32 kvm_coproc_midr(void)
{
	return coproc_invariants[ROW_MIDR].value;
}

/**
 * kvm_coproc_cpu_fits() - is what guests are told of caches true of this CPU?
 *
 * Context: stays on this CPU.
 * Return: whether it is. A CPU that is first online later may be of another kind.
 */
bool kvm_coproc_cpu_fits(void)
{
	u32 ctr = coproc_invariants[ROW_CTR].value;

	return coproc_merge_ctr(ctr, read_cpuid_cachetype()) == ctr;
}

/**
 * kvm_icache_is_pipt() - may lines of the I-cache be named by any address?
 *
 * Return: whether that is so on all CPUs.
 */
bool kvm_icache_is_pipt(void)
{
	return coproc_ctr_is_pipt(coproc_invariants[ROW_CTR].value);
}

static void __init report(const struct coproc_reg *r, const char *what)
{
	kvm_err("coproc/regs.h:%u: %s %s\n", r->line, r->name, what);
}

/**
 * kvm_coproc_init() - check the rows and take this host's values
 *
 * Called once while the kernel starts, before there is a VM.
 *
 * Return: 0, or -EINVAL after all mistakes in the rows have been reported.
 */
int __init kvm_coproc_init(void)
{
	if (coproc_check(coproc_regs, NR_ROWS, report))
		return -EINVAL;

	hash_rows();
	list_ids();

	preempt_disable();
	capture_invariants();
	coproc_capture_cpu();
	coproc_capture_ccsidr();
	kvm_vfp_group_init();
	preempt_enable();

	merge_ctr();
	kvm_core_group_init();

	return 0;
}

/**
 * kvm_coproc_reset_vcpu() - give CP15 its reset values
 * @vcpu: the vcpu, new or with the target of KVM_ARM_VCPU_INIT
 *
 * What is UNKNOWN after an architectural reset is zero. Each slot is written
 * once: other vcpus may be looking, at MPIDR for one.
 */
void kvm_coproc_reset_vcpu(struct kvm_vcpu *vcpu)
{
	const struct coproc_reg *r;

	for (r = coproc_regs; r < coproc_regs + NR_ROWS; r++) {
		if (r->storage != COPROC_SWITCHED &&
		    r->storage != COPROC_EMULATED)
			continue;

		coproc_store(vcpu, r, r->reset_fn ? r->reset_fn(vcpu) :
						    r->reset[vcpu->arch.target]);
	}
}
