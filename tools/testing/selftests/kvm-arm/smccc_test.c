// SPDX-License-Identifier: GPL-2.0
/*
 * Firmware calls other than PSCI (ARM DEN 0028).
 */
#define _GNU_SOURCE
#include <string.h>

#include "clock.h"
#include "execute.h"
#include "harness.h"
#include "../guest/guest_psci.h"

#define MRRC_CNTPCT		0xec510f0e	/* mrrc p15, 0, r0, r1, c14 */

#define SMCCC_VERSION		0x80000000
#define SMCCC_ARCH_FEATURES	0x80000001
#define WORKAROUND_3		0x80003fff
#define TRNG_VERSION		0x84000050
#define TRNG_FEATURES		0x84000051
#define TRNG_GET_UUID		0x84000052
#define TRNG_RND32		0x84000053
#define PV_TIME_FEATURES	0xc5000020
#define KVM_FEATURES		0x86000000
#define KVM_PTP			0x86000001
#define CALL_UID		0x8600ff01

#define SUCCESS			0U
#define NOT_SUPPORTED		(-1U)
#define TRNG_INVALID		(-2U)

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;

static void create(void)
{
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
}

static void destroy(void)
{
	vm_free(vm);
}

static struct execute call(uint32_t fn, uint32_t a1, uint32_t a2, uint32_t a3)
{
	return execute_hvc(vcpu, fn, a1, a2, a3);
}

static uint32_t call0(uint32_t fn, uint32_t a1)
{
	return call(fn, a1, 0, 0).r[0];
}

/* ---- calls that are not there ------------------------------------------- */

static bool known(uint32_t fn)
{
	switch (fn) {
	case SMCCC_VERSION:
	case SMCCC_ARCH_FEATURES:
	case KVM_FEATURES:
	case KVM_PTP:
	case CALL_UID:
		return true;
	default:
		/* Other programs test PSCI and TRNG. */
		return (fn & 0xbfffff80) == 0x84000000;
	}
}

/* Call all services, as fast and yielding calls, of 32 and 64 bits. */
static void unknown_calls(void)
{
	static const uint32_t numbers[] = { 0, 1, 0x20, 0x3fff, 0xff00,
					    0xff01, 0xff03, 0xffff };
	uint32_t owner, type;
	unsigned int i;

	create();
	for (owner = 0; owner < 64; owner++) {
		for (type = 0; type < 4; type++) {
			uint32_t fn = type << 30 | owner << 24 |
				      numbers[owner % ARRAY_SIZE(numbers)];

			if (!known(fn))
				expect_equal(call0(fn, 0), NOT_SUPPORTED,
					     "call %#x", fn);
		}
	}
	for (owner = 0; owner < 8; owner++) {
		for (i = 0; i < ARRAY_SIZE(numbers); i++) {
			uint32_t fn = 0x80000000 | owner << 24 | numbers[i];

			if (!known(fn) && fn != WORKAROUND_3)
				expect_equal(call0(fn, 0), NOT_SUPPORTED,
					     "call %#x", fn);
		}
	}
	destroy();
}

/* R0 is -1 each time, and each call executes once. */
static void immediates(void)
{
	unsigned int thumb;
	uint64_t exits;

	vm = vm_create_guest("psci", 1);
	vcpu = vm->vcpus[0];
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_r0), PSCI_SWEEP);
	exits = vcpu_stat(vcpu, "hvc_exit_stat");
	expect_equal(vcpu_expect(vcpu, GUEST_DONE), 0, "status");
	exits = vcpu_stat(vcpu, "hvc_exit_stat") - exits;
	expect_equal(exits, 2 * PSCI_SWEEP_CALLS, "exits");
	for (thumb = 0; thumb < 2; thumb++) {
		expect_equal(vcpu->reports[2 * thumb], -1U * PSCI_SWEEP_CALLS,
			     "sum of R0, state %u", thumb);
		expect_equal(vcpu->reports[2 * thumb + 1], PSCI_SWEEP_CALLS,
			     "instructions after them, state %u", thumb);
	}
	destroy();
}

/* ---- calls that are there ----------------------------------------------- */

static void version(void)
{
	struct execute x;

	create();
	x = call(SMCCC_VERSION, 1, 2, 3);
	expect_equal(x.r[0], 0x10001, "version");
	expect_equal(call0(SMCCC_ARCH_FEATURES, 0x12345678), NOT_SUPPORTED,
		     "ARCH_FEATURES of nothing");
	/* KVM for 32-bit ARM does not keep stolen time. */
	expect_equal(call0(SMCCC_ARCH_FEATURES, PV_TIME_FEATURES),
		     NOT_SUPPORTED, "ARCH_FEATURES of stolen time");
	expect_equal(call0(PV_TIME_FEATURES, PV_TIME_FEATURES), NOT_SUPPORTED,
		     "PV_TIME_FEATURES");
	destroy();
}

static void vendor(void)
{
	struct execute x;

	create();
	x = call(CALL_UID, 0, 0, 0);
	expect_equal(x.r[0], 0xb66fb428, "UID 0");
	expect_equal(x.r[1], 0xe911c52e, "UID 1");
	expect_equal(x.r[2], 0x564bcaa9, "UID 2");
	expect_equal(x.r[3], 0x743a004d, "UID 3");
	expect_equal(call0(KVM_FEATURES, 0),
		     vcpu_get_reg(vcpu, KVM_REG_ARM_VENDOR_HYP_BMAP),
		     "features");
	destroy();
}

static uint64_t counter(uint32_t which)
{
	struct execute x = { .insn = MRRC_CNTPCT };

	if (!which)
		return vcpu_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);
	execute(vcpu, &x);
	return x.r[0] | (uint64_t)x.r[1] << 32;
}

/* Time and counter must be of one moment, between readings before and after. */
static void ptp(void)
{
	uint64_t time[2], count[2], got;
	struct execute x;
	uint32_t which;

	create();
	expect_equal(vm_check_cap(vm, KVM_CAP_PTP_KVM), 1, "KVM_CAP_PTP_KVM");
	/* Make the two counters differ. */
	vcpu_set_reg(vcpu, KVM_REG_ARM_TIMER_CNT, 1ULL << 40);
	for (which = 0; which < 2; which++) {
		count[0] = counter(which);
		time[0] = clock_ns(CLOCK_REALTIME);
		x = call(KVM_PTP, which, 0, 0);
		time[1] = clock_ns(CLOCK_REALTIME);
		count[1] = counter(which);
		got = (uint64_t)x.r[0] << 32 | x.r[1];
		expect(got >= time[0] && got <= time[1],
		       "counter %u: time %llu is not in %llu to %llu", which,
		       (unsigned long long)got, (unsigned long long)time[0],
		       (unsigned long long)time[1]);
		got = (uint64_t)x.r[2] << 32 | x.r[3];
		expect(got >= count[0] && got <= count[1],
		       "counter %u: %llu is not in %llu to %llu", which,
		       (unsigned long long)got, (unsigned long long)count[0],
		       (unsigned long long)count[1]);
	}
	expect_equal(call0(KVM_PTP, 2), NOT_SUPPORTED, "no such counter");
	destroy();
}

static void random_bits(void)
{
	static const uint32_t there[] = { TRNG_VERSION, TRNG_FEATURES,
					  TRNG_GET_UUID, TRNG_RND32 };
	uint32_t ored[3], bits;
	struct execute x;
	unsigned int i, n;

	create();
	expect_equal(call0(TRNG_VERSION, 0), 0x10000, "version");
	for (i = 0; i < ARRAY_SIZE(there); i++)
		expect_equal(call0(TRNG_FEATURES, there[i]), SUCCESS,
			     "features of %#x", there[i]);
	expect_equal(call0(TRNG_FEATURES, TRNG_RND32 + 1), NOT_SUPPORTED,
		     "features of what is not there");
	expect_equal(call0(TRNG_RND32 | 0x40000000, 32), NOT_SUPPORTED,
		     "64-bit call");
	expect_equal(call0(TRNG_RND32, 0), TRNG_INVALID, "no bits");
	expect_equal(call0(TRNG_RND32, 97), TRNG_INVALID, "97 bits");
	expect_equal(call0(TRNG_RND32, -1U), TRNG_INVALID, "too many bits");

	/* Each requested bit is set in some answer, and no other bit is. */
	for (bits = 1; bits <= 96; bits += bits % 32 == 1 ? 30 : 1) {
		memset(ored, 0, sizeof(ored));
		for (n = 0; n < 50; n++) {
			x = call(TRNG_RND32, bits, 0, 0);
			expect_equal(x.r[0], SUCCESS, "%u bits", bits);
			for (i = 0; i < 3; i++)
				ored[i] |= x.r[3 - i];
		}
		for (i = 0; i < 3; i++) {
			uint32_t want = bits >= 32 * (i + 1) ? ~0U :
					bits <= 32 * i ? 0 :
					(1U << (bits - 32 * i)) - 1;

			expect_equal(ored[i], want, "%u bits: R%u", bits,
				     3 - i);
		}
	}
	destroy();
}

static const struct test tests[] = {
	{ "calls that are not there return -1, of all services",
	  unknown_calls },
	{ "HVC does not depend on its immediate, and PC is right after it",
	  immediates },
	{ "the version of the calling convention is 1.1", version },
	{ "the vendor's calls are KVM's", vendor },
	{ "PTP tells time and counter of one moment", ptp },
	{ "TRNG gives as many random bits as asked for", random_bits },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
