// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of coprocessor registers: build-time checks, lookup, reset.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/kvm_host.h>
#include <linux/sort.h>

#include <asm/kvm_arm.h>
#include <asm/kvm_coproc.h>

#include "coproc.h"

/*
 * Check order and operands at build time. KEY_BEFORE_x has no value of its own,
 * so it is one more than the previous row's key.
 */
#define ROW32(name, cp, crn, opc1, crm, opc2, ...) \
	KEY_BEFORE_##name, KEY_##name = COPROC_KEY32(cp, crn, opc1, crm, opc2),
#define ROW64(name, cp, crm, opc1, ...) \
	KEY_BEFORE_##name, KEY_##name = COPROC_KEY64(cp, crm, opc1),

enum coproc_key {
	KEY_START = -1,
#include "regs.h"
};

#define ROW32(name, cp, crn, opc1, crm, opc2, ...) \
	static_assert(KEY_BEFORE_##name <= KEY_##name, \
		      #name " is a duplicate or out of order"); \
	static_assert((crn) < 16 && (opc1) < 8 && (crm) < 16 && (opc2) < 8, \
		      #name " cannot be encoded");
#define ROW64(name, cp, crm, opc1, ...) \
	static_assert(KEY_BEFORE_##name <= KEY_##name, \
		      #name " is a duplicate or out of order"); \
	static_assert((crm) < 16 && (opc1) < 16, #name " cannot be encoded");

#include "regs.h"

#define RANGE32(name, cp, crn, opc1, crm, opc2, ...) \
	static_assert(COPROC_ANY32(crn, opc1, crm, opc2), \
		      #name " matches one encoding only"); \
	static_assert(((crn) & 0xff) < 16 && ((opc1) & 0xff) < 8 && \
		      ((crm) & 0xff) < 16 && ((opc2) & 0xff) < 8, \
		      #name " cannot be encoded");
#define RANGE64(name, cp, crm, opc1, ...) \
	static_assert(COPROC_ANY64(crm, opc1), #name " matches one encoding only"); \
	static_assert(((crm) & 0xff) < 16 && ((opc1) & 0xff) < 16, \
		      #name " cannot be encoded");

#include "regs.h"

/*
 * User space has no ids for CP14, so a migration would lose values there, and the
 * world switch accesses CP15 only.
 */
#define OF_CP15(name, cp, ...) \
	static_assert((cp) == 15, #name ": this kind of row is for CP15 only");
#define NOT_OF_CP14(name, cp, ...) \
	static_assert((cp) != 14, #name ": this kind of row is not for CP14");

#define SWITCHED32	OF_CP15
#define SWITCHED64	OF_CP15
#define EMULATED32	OF_CP15
#define ALIAS32		OF_CP15
#define ID32		NOT_OF_CP14
#define ID64		NOT_OF_CP14
#define EXTERNAL32	NOT_OF_CP14
#define EXTERNAL64	NOT_OF_CP14

#include "regs.h"

/* Check that the controls that rows name are in effect while a guest runs. */
#define BITS_OF_HCR	HCR_GUEST_RESET
#define BITS_OF_HDCR	HDCR_TRAPS
#define BITS_OF_HSTR	HSTR_GUEST_FLAGS
#define BITS_OF_HCPTR	HCPTR_GUEST_FLAGS
#define BITS_OF_CNTHCTL	0
#define TRAP(name, reg, bits) \
	static_assert((BITS_OF_##reg & (bits)) == (bits), \
		      #reg "." #name " is not set");

#include "traps.h"

#define RANGE32(name, ...)	RANGE_##name,
#define RANGE64(name, ...)	RANGE_##name,

enum coproc_range {
#include "regs.h"
	NR_RANGES
};

static_assert(NR_CP15_SLOTS <= U8_MAX && NR_COPROC_ID_SLOTS <= U8_MAX);

#define FILL32(_kind, _name, cp, crn, opc1, crm, opc2, _trap, _who, ...) {	\
	.name = _name, .line = __LINE__, .kind = COPROC_##_kind,		\
	.key = COPROC_KEY32(cp, crn, opc1, crm, opc2),				\
	.any = COPROC_ANY32(crn, opc1, crm, opc2),				\
	.trap = TRAP_##_trap, .who = WHO_##_who, __VA_ARGS__			\
},
#define FILL64(_kind, _name, cp, crm, opc1, _trap, _who, ...) {			\
	.name = _name, .line = __LINE__, .kind = COPROC_##_kind,		\
	.key = COPROC_KEY64(cp, crm, opc1), .any = COPROC_ANY64(crm, opc1),	\
	.trap = TRAP_##_trap, .who = WHO_##_who, __VA_ARGS__			\
},

#define SWITCHED32(name, ...)	FILL32(SWITCHED, #name, __VA_ARGS__, .index = CP15_##name)
#define SWITCHED64(name, ...)	FILL64(SWITCHED, #name, __VA_ARGS__, .index = CP15_##name)
#define EMULATED32(name, ...)	FILL32(EMULATED, #name, __VA_ARGS__, .index = CP15_##name)
#define ALIAS32(name, cp, crn, opc1, crm, opc2, trap, who, of, ...) \
	FILL32(ALIAS, #name, cp, crn, opc1, crm, opc2, trap, who, ##__VA_ARGS__, \
	       .index = CP15_##name)
#define ID32(name, ...)		FILL32(ID, #name, __VA_ARGS__, .index = COPROC_ID_##name)
#define ID64(name, ...)		FILL64(ID, #name, __VA_ARGS__, .index = COPROC_ID_##name)
#define EXTERNAL32(name, ...)	FILL32(EXTERNAL, #name, __VA_ARGS__)
#define EXTERNAL64(name, ...)	FILL64(EXTERNAL, #name, __VA_ARGS__)
#define OPERATION32(name, ...)	FILL32(OPERATION, #name, __VA_ARGS__)
#define RAZ_WI32(name, ...)	FILL32(RAZ_WI, #name, __VA_ARGS__)
#define RAZ_WI64(name, ...)	FILL64(RAZ_WI, #name, __VA_ARGS__)
#define NATIVE32(name, ...)	FILL32(NATIVE, #name, __VA_ARGS__)
#define NATIVE64(name, ...)	FILL64(NATIVE, #name, __VA_ARGS__)
#define RAZ_RANGE32(name, ...)	FILL32(RAZ_WI, #name, __VA_ARGS__)
#define UNDEF_RANGE32(name, ...) FILL32(UNDEF, #name, __VA_ARGS__)
#define UNDEF_RANGE64(name, ...) FILL64(UNDEF, #name, __VA_ARGS__)

const struct coproc_reg coproc_regs[] = {
#include "regs.h"
};

const unsigned int nr_coproc_regs = ARRAY_SIZE(coproc_regs);

/*
 * Hash table of rows, with open addressing. At most half of it is used, so that
 * nearly every row is at its hash and NULL ends each search.
 */
static_assert(2 * NR_COPROC_ROWS <= BIT(COPROC_BUCKET_BITS));

const struct coproc_reg *coproc_buckets[BIT(COPROC_BUCKET_BITS)] __ro_after_init;

/* Ranges, narrower ones first */
static const struct coproc_reg *ranges[NR_RANGES] __ro_after_init;

static void __init hash_row(const struct coproc_reg *r)
{
	u32 bucket = hash_32(r->key, COPROC_BUCKET_BITS);

	while (coproc_buckets[bucket])
		bucket = (bucket + 1) & COPROC_BUCKET_MASK;
	coproc_buckets[bucket] = r;
}

static int __init by_width(const void *a, const void *b)
{
	const struct coproc_reg *const *ra = a, *const *rb = b;

	return (int)hweight32((*ra)->any) - (int)hweight32((*rb)->any);
}

static void __init sort_rows(void)
{
	const struct coproc_reg *r;
	unsigned int n = 0;

	for_each_coproc_reg(r) {
		if (r->any)
			ranges[n++] = r;
		else
			hash_row(r);
	}

	sort(ranges, n, sizeof(ranges[0]), by_width, NULL);
}

/**
 * coproc_find() - find the row that decides about an access
 * @key: the key of the instruction
 *
 * Return: the row, or else the narrowest range that matches. Each encoding of CP15,
 * CP14 and VMRS has one.
 */
const struct coproc_reg *coproc_find(u32 key)
{
	const struct coproc_reg *r = coproc_find_exact(key);
	unsigned int i;

	if (likely(r))
		return r;

	for (i = 0; i < NR_RANGES; i++)
		if ((key & ~ranges[i]->any) == ranges[i]->key)
			return ranges[i];

	return NULL;
}

static void __init report(const struct coproc_reg *r, const char *what)
{
	kvm_err("coproc/regs.h:%u: %s %s\n", r->line, r->name, what);
}

/**
 * kvm_coproc_init() - check the rows and capture this host's values
 *
 * Call once at boot, before there is a VM.
 *
 * Return: 0, or -EINVAL after reporting all mistakes in the rows.
 */
int __init kvm_coproc_init(void)
{
	if (coproc_check(coproc_regs, nr_coproc_regs, report))
		return -EINVAL;

	sort_rows();
	coproc_capture();

	return 0;
}

/* Tell whether a guest can change the value that a row has in the vcpu. */
static bool guest_changes(const struct coproc_reg *r)
{
	return r->who & COPROC_MAY(true, false) && r->write != ignore_write;
}

static void reset_rows(struct kvm_vcpu *vcpu, bool all)
{
	const struct coproc_reg *r;

	for_each_coproc_reg(r)
		if ((r->kind == COPROC_SWITCHED || r->kind == COPROC_EMULATED) &&
		    (all || guest_changes(r)))
			coproc_store(vcpu, r, r->reset ? r->reset(vcpu) : 0);

	kvm_make_request(KVM_REQ_RELOAD_COPROC, vcpu);
}

/**
 * kvm_coproc_reset_vcpu() - reset the CP15 registers of a vcpu
 * @vcpu: the vcpu, new or with the target of KVM_ARM_VCPU_INIT
 *
 * Registers that are UNKNOWN after reset become zero. Write each slot once, since
 * other vcpus may read it, for example MPIDR.
 */
void kvm_coproc_reset_vcpu(struct kvm_vcpu *vcpu)
{
	reset_rows(vcpu, true);
}

/**
 * kvm_coproc_power_on_vcpu() - reset the CP15 registers of a vcpu that the guest turns on
 * @vcpu: the vcpu
 *
 * What a guest cannot change describes the CPU, and stays: user space may have set it.
 */
void kvm_coproc_power_on_vcpu(struct kvm_vcpu *vcpu)
{
	reset_rows(vcpu, false);
}
