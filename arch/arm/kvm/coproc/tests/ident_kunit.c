// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of identification registers: the rules of fields.h, and hosts
 * whose CPUs differ.
 */
#include <kunit/test.h>
#include <linux/kvm_host.h>

#include <asm/kvm_coproc.h>

#include "../coproc.h"
#include "test.h"

static const struct {
	unsigned int slot;
	u8 low;
	u8 width;
	const char *name;
} fields[] = {
#define FIELD(reg, name, low, width, rule) \
	{ COPROC_ID_##reg, low, width, #reg "." #name },
#include "../fields.h"
};

static void fields_do_not_overlap(struct kunit *test)
{
	u32 seen[NR_COPROC_ID_SLOTS] = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		u32 mask = GENMASK(fields[i].low + fields[i].width - 1, fields[i].low);

		KUNIT_EXPECT_EQ_MSG(test, seen[fields[i].slot] & mask, 0, "%s",
				    fields[i].name);
		seen[fields[i].slot] |= mask;
	}
}

/* Registers of Cortex-A15 and Cortex-A7, and values that hold on both */
static const struct {
	unsigned int slot;
	u32 a15, a7, from_a15, from_a7;
} pairs[] = {
	/* I-cache lines of 64 bytes and PIPT, of 32 bytes and VIPT */
	{ COPROC_ID_CTR, 0x8444c004, 0x84448003, 0x84448003, 0x84448003 },
	/* AuxReg; BPred: flush when mappings change, never flush */
	{ COPROC_ID_ID_MMFR0, 0x10201105, 0x10101105, 0x10101105, 0x10101105 },
	{ COPROC_ID_ID_MMFR1, 0x20000000, 0x40000000, 0x20000000, 0x20000000 },
	/* FREE: the value of the CPU on which KVM started */
	{ COPROC_ID_MIDR, 0x412fc0f1, 0x410fc075, 0x412fc0f1, 0x410fc075 },
	/* Fixed: ThumbEE, Virtualization */
	{ COPROC_ID_ID_PFR0, 0x00001131, 0x00001131, 0x00000131, 0x00000131 },
	{ COPROC_ID_ID_PFR1, 0x00011011, 0x00011011, 0x00010011, 0x00010011 },
	/* Made-up values: D-cache lines; ERG and CWG, of which 0 is the largest */
	{ COPROC_ID_CTR, 0x84538004, 0x80348004, 0x80538004, 0x80538004 },
	{ COPROC_ID_ID_ISAR0, 0x01101110, 0x02101010, 0x01101010, 0x01101010 },
	/* Cortex-A53 with and without the Cryptographic Extension */
	{ COPROC_ID_ID_ISAR5, 0x00011121, 0x00010001, 0x00010001, 0x00010001 },
};

static void two_kinds_of_cpu(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		u32 a15 = pairs[i].a15, a7 = pairs[i].a7;

		KUNIT_EXPECT_EQ(test, pairs[i].from_a15,
				coproc_merge_id(pairs[i].slot, a15, a7));
		KUNIT_EXPECT_EQ(test, pairs[i].from_a7,
				coproc_merge_id(pairs[i].slot, a7, a15));
		/* A second merge changes nothing. */
		KUNIT_EXPECT_EQ(test, pairs[i].from_a15,
				coproc_merge_id(pairs[i].slot, pairs[i].from_a15, a7));
	}
}

/* A CPU that comes online later, with less than guests see */
static void later_cpu(struct kunit *test)
{
	struct kvm_vcpu *vcpu = kvm_test_vcpu(test);
	u32 ids[NR_COPROC_ID_SLOTS];
	const u32 *guest = vcpu->kvm->arch.id_regs;

	memcpy(ids, guest, sizeof(ids));
	KUNIT_EXPECT_TRUE(test, coproc_ids_fit(guest, ids));

	/* Another kind of CPU with the same features */
	ids[COPROC_ID_MIDR] ^= 0xf;
	ids[COPROC_ID_ID_DFR0] = 0x02010555;
	KUNIT_EXPECT_TRUE(test, coproc_ids_fit(guest, ids));

	/* Shorter lines; no divide */
	ids[COPROC_ID_CTR] -= BIT(16);
	KUNIT_EXPECT_FALSE(test, coproc_ids_fit(guest, ids));
	ids[COPROC_ID_CTR] += BIT(16);
	ids[COPROC_ID_ID_ISAR0] &= ~GENMASK(27, 24);
	KUNIT_EXPECT_FALSE(test, coproc_ids_fit(guest, ids));

	preempt_disable();
	KUNIT_EXPECT_TRUE(test, kvm_coproc_cpu_fits());
	preempt_enable();
}

/* Known CPUs by the part number of MIDR */
static void targets_of_parts(struct kunit *test)
{
	static const struct {
		u32 part;
		u32 target;
	} parts[] = {
		{ 0xc07, KVM_ARM_TARGET_CORTEX_A7 }, { 0xc0f, KVM_ARM_TARGET_CORTEX_A15 },
		{ 0xc0d, KVM_ARM_TARGET_GENERIC_V7 }, { 0xc0e, KVM_ARM_TARGET_GENERIC_V7 },
		{ 0xd03, KVM_ARM_TARGET_GENERIC_V7 }, { 0xd07, KVM_ARM_TARGET_GENERIC_V7 },
		{ 0xd08, KVM_ARM_TARGET_GENERIC_V7 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		KUNIT_EXPECT_EQ(test, kvm_target_of_part(0x41000000 | parts[i].part << 4),
				parts[i].target);
}

static struct kunit_case ident_cases[] = {
	KUNIT_CASE(targets_of_parts),
	KUNIT_CASE(fields_do_not_overlap),
	KUNIT_CASE(two_kinds_of_cpu),
	KUNIT_CASE(later_cpu),
	{}
};

static struct kunit_suite ident_suite = {
	.name = "kvm-arm-ident",
	.init = kvm_test_init,
	.test_cases = ident_cases,
};

kunit_test_suite(ident_suite);
