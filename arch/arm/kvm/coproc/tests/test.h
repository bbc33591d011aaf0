/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the KUnit tests of instruction emulation: a vcpu of a made-up VM, which
 * never runs, and syndromes as a CPU writes them.
 */
#ifndef __ARM_KVM_COPROC_TEST_H__
#define __ARM_KVM_COPROC_TEST_H__

#include <kunit/test.h>
#include <linux/kvm_host.h>

struct coproc_reg;

#define TEST_EC_WFX		0x01
#define TEST_EC_CP15_32		0x03
#define TEST_EC_CP15_64		0x04
#define TEST_EC_CP14_32		0x05
#define TEST_EC_CP14_LS		0x06
#define TEST_EC_CP10_ID		0x08
#define TEST_EC_CP14_64		0x0c

/* The registers that trapped accesses read or write */
#define TEST_RT			4
#define TEST_RT2		7

#define TEST_IL			BIT(25)		/* 32-bit instruction */
#define TEST_COND_AL		(BIT(24) | 0xe << 20)

/* ARM DDI 0406C, B3.13.6: the syndrome of an MCR or MRC ... */
static inline u32 test_hsr32(u32 ec, u32 crn, u32 opc1, u32 crm, u32 opc2,
			     u32 rt, bool is_read)
{
	return ec << 26 | TEST_IL | TEST_COND_AL | opc2 << 17 | opc1 << 14 |
	       crn << 10 | rt << 5 | crm << 1 | is_read;
}

/* ... and of an MCRR or MRRC */
static inline u32 test_hsr64(u32 ec, u32 opc1, u32 crm, u32 rt, u32 rt2,
			     bool is_read)
{
	return ec << 26 | TEST_IL | TEST_COND_AL | opc1 << 16 | rt2 << 10 |
	       rt << 5 | crm << 1 | is_read;
}

/* What a handler asks for: exactly one of SKIPPED and UNDEFINED */
enum test_outcome {
	SKIPPED,
	UNDEFINED,
	NEITHER,
};

int kvm_test_init(struct kunit *test);
struct kvm_vcpu *kvm_test_vcpu(struct kunit *test);
enum test_outcome test_trap(struct kvm_vcpu *vcpu, u32 hsr);
u32 test_row_hsr(const struct coproc_reg *r, bool is_read);

#endif /* __ARM_KVM_COPROC_TEST_H__ */
