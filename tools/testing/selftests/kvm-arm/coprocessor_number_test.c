// SPDX-License-Identifier: GPL-2.0
/*
 * Try every id that could be a register's: only listed ids may work.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define ARM32		(KVM_REG_ARM | KVM_REG_SIZE_U32)
#define ARM64BIT	(KVM_REG_ARM | KVM_REG_SIZE_U64)

static struct kvm_vcpu *vcpu;
static struct kvm_reg_list *list;

static void create(void)
{
	if (vcpu)
		return;
	vcpu = vcpu_create(vm_create(), 0);
	vcpu_init(vcpu, 0);
	list = vcpu_get_reg_list(vcpu);
}

static int get(uint64_t id)
{
	uint64_t value[2];
	struct kvm_one_reg one = {
		.id = id,
		.addr = (uintptr_t)value,
	};

	return __vcpu_ioctl(vcpu, KVM_GET_ONE_REG, &one);
}

static int set(uint64_t id)
{
	uint64_t value[2] = { 0 };
	struct kvm_one_reg one = {
		.id = id,
		.addr = (uintptr_t)value,
	};

	return __vcpu_ioctl(vcpu, KVM_SET_ONE_REG, &one);
}

/* Try the ids of a group below @end. reg_ids_test tries each bit above. */
static void sweep_group(uint64_t base, uint64_t end)
{
	static bool in_list[0x10000];
	unsigned int want = 0;
	uint64_t low, id, i;

	create();
	memset(in_list, 0, sizeof(in_list));
	for (i = 0; i < list->n; i++) {
		if ((list->reg[i] & ~0xffffULL) == base) {
			in_list[list->reg[i] & 0xffff] = true;
			want++;
		}
	}
	expect(want, "no registers");
	for (low = 0; low < end; low++) {
		id = base | low;
		expect_errno(get(id), in_list[low] ? 0 : -ENOENT,
			     "get %#018llx", (unsigned long long)id);
	}
}

static void cp15_32(void)
{
	sweep_group(ARM32 | 15 << KVM_REG_ARM_COPROC_SHIFT, 0x10000);
}

static void cp15_64(void)
{
	sweep_group(ARM64BIT | 15 << KVM_REG_ARM_COPROC_SHIFT, 0x10000);
}

static void core(void)
{
	sweep_group(ARM32 | KVM_REG_ARM_CORE, 0x2000);
}

static void demux(void)
{
	sweep_group(ARM32 | KVM_REG_ARM_DEMUX, 0x2000);
}

static void vfp_data(void)
{
	sweep_group(ARM64BIT | KVM_REG_ARM_VFP, 0x2000);
}

static void vfp_control(void)
{
	sweep_group(ARM32 | KVM_REG_ARM_VFP, 0x2000);
}

static void firmware(void)
{
	sweep_group(ARM64BIT | KVM_REG_ARM_FW, 0x2000);
}

static void firmware_bitmaps(void)
{
	sweep_group(ARM64BIT | KVM_REG_ARM_FW_FEAT_BMAP, 0x2000);
}

/* No register may answer to an id of the other size. */
static void other_size(void)
{
	static const uint64_t bases[] = {
		ARM64BIT | KVM_REG_ARM_CORE,
		ARM64BIT | KVM_REG_ARM_DEMUX,
		ARM32 | KVM_REG_ARM_FW,
		ARM32 | KVM_REG_ARM_FW_FEAT_BMAP,
	};
	uint64_t low;
	unsigned int i;

	create();
	for (i = 0; i < ARRAY_SIZE(bases); i++)
		for (low = 0; low < 0x2000; low++)
			expect_errno(get(bases[i] | low), -ENOENT,
				     "get %#018llx",
				     (unsigned long long)(bases[i] | low));
}

/* opc1 has 3 bits in an MRC, but 4 in the id. */
static void opc1(void)
{
	uint64_t i, id;
	unsigned int n;

	create();
	for (i = 0; i < list->n; i++) {
		id = list->reg[i];
		if ((id & ~0xffffULL) !=
		    (ARM32 | 15 << KVM_REG_ARM_COPROC_SHIFT))
			continue;
		for (n = 8; n < 16; n++) {
			id &= ~(uint64_t)KVM_REG_ARM_OPC1_MASK;
			id |= n << KVM_REG_ARM_OPC1_SHIFT;
			expect_errno(get(id), -ENOENT, "get %#018llx",
				     (unsigned long long)id);
			expect_errno(set(id), -ENOENT, "set %#018llx",
				     (unsigned long long)id);
		}
	}
}

static const struct test tests[] = {
	{ "opc1 above 7 names nothing", opc1 },
	{ "only listed 32-bit ids of coprocessor 15 answer",
	  cp15_32 },
	{ "only listed 64-bit ids of coprocessor 15 answer",
	  cp15_64 },
	{ "only listed ids of core registers answer", core },
	{ "only listed ids of cache registers answer", demux },
	{ "only listed ids of VFP data registers answer",
	  vfp_data },
	{ "only listed ids of VFP control registers answer",
	  vfp_control },
	{ "only listed ids of firmware registers answer",
	  firmware },
	{ "only listed ids of firmware bitmaps answer",
	  firmware_bitmaps },
	{ "no group answers to ids of the other size", other_size },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
