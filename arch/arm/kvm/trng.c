// SPDX-License-Identifier: GPL-2.0-only
/*
 * True random number generator firmware interface (ARM DEN 0098).
 */
#include <linux/arm-smccc.h>
#include <linux/kvm_host.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/uuid.h>

#include <asm/kvm_emulate.h>

#include <kvm/arm_hypercalls.h>

#define TRNG_VERSION_1_0	0x10000UL
#define TRNG_SUCCESS		0UL
#define TRNG_NOT_SUPPORTED	(-1UL)
#define TRNG_INVALID_PARAMETER	(-2UL)

#define TRNG_WORDS		3

/* The same UUID as arm64's KVM */
static const uuid_t trng_uuid =
	UUID_INIT(0x0d21e000, 0x4384, 0x11eb,
		  0x80, 0x70, 0x52, 0x44, 0x55, 0x4e, 0x5a, 0x4c);

/* Return up to 96 bits, the least significant in R3. */
static void trng_rnd32(struct kvm_vcpu *vcpu)
{
	u32 bits = smccc_get_arg1(vcpu);
	u32 rnd[TRNG_WORDS] = {};
	int i;

	if (!bits || bits > TRNG_WORDS * 32) {
		smccc_set_retval(vcpu, TRNG_INVALID_PARAMETER, 0, 0, 0);
		return;
	}

	for (i = 0; i < DIV_ROUND_UP(bits, 32); i++)
		rnd[i] = get_random_u32();
	if (bits % 32)
		rnd[bits / 32] &= BIT(bits % 32) - 1;

	smccc_set_retval(vcpu, TRNG_SUCCESS, rnd[2], rnd[1], rnd[0]);
	memzero_explicit(rnd, sizeof(rnd));
}

/**
 * kvm_trng_call() - handle a guest's call of a TRNG function
 * @vcpu: the vcpu
 *
 * Return: 1, to run the guest again.
 */
int kvm_trng_call(struct kvm_vcpu *vcpu)
{
	switch (smccc_get_function(vcpu)) {
	case ARM_SMCCC_TRNG_VERSION:
		smccc_set_retval(vcpu, TRNG_VERSION_1_0, 0, 0, 0);
		break;
	case ARM_SMCCC_TRNG_FEATURES:
		switch (smccc_get_arg1(vcpu)) {
		case ARM_SMCCC_TRNG_VERSION:
		case ARM_SMCCC_TRNG_FEATURES:
		case ARM_SMCCC_TRNG_GET_UUID:
		case ARM_SMCCC_TRNG_RND32:
			smccc_set_retval(vcpu, TRNG_SUCCESS, 0, 0, 0);
			break;
		default:
			smccc_set_retval(vcpu, TRNG_NOT_SUPPORTED, 0, 0, 0);
		}
		break;
	case ARM_SMCCC_TRNG_GET_UUID:
		smccc_set_retval(vcpu, get_unaligned_le32(&trng_uuid.b[0]),
				 get_unaligned_le32(&trng_uuid.b[4]),
				 get_unaligned_le32(&trng_uuid.b[8]),
				 get_unaligned_le32(&trng_uuid.b[12]));
		break;
	case ARM_SMCCC_TRNG_RND32:
		trng_rnd32(vcpu);
		break;
	default:
		smccc_set_retval(vcpu, TRNG_NOT_SUPPORTED, 0, 0, 0);
	}

	return 1;
}
