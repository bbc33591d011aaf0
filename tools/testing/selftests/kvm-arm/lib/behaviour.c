// SPDX-License-Identifier: GPL-2.0
/*
 * Derive what a row means to a guest, from its kind, its trap, who may access
 * it, and what QEMU lacks.
 */
#include <string.h>

#include "behaviour.h"
#include "harness.h"

#define ALL		0xffffffffffffffffULL

/* Traps of ARMv7 that not every QEMU has: 10.0.13 has TID3, 10.0.2 does not. */
static const struct {
	const char *trap;
	unsigned int traps_on;
} missing_traps[] = {
	{ "TID1", HARDWARE }, { "TID3", HARDWARE }, { "TSW", HARDWARE },
	{ "TIDCP", 10 },
};

/* Registers of rows that QEMU lacks; it has the PMU's for ARMv8 only */
static const uint64_t qemu_has_not[] = {
	REG(DBGPRCR),
	CP_REG32(14, 0, 0, 5, 0),	/* DBGDTRRXint */
};

static const uint64_t qemu_has_not_for_v7[] = { REG(PMCEID0), REG(PMCEID1) };

/* Registers that QEMU does not trap with the others of their kind */
static const uint64_t qemu_traps_not[] = {
	REG(DBGDRAR_64), REG(DBGDSAR_64),
};

/* Registers that QEMU does not give to User mode */
static const uint64_t qemu_keeps_from_user[] = {
	REG(TEECR),
	CP_REG32(14, 0, 0, 1, 0),	/* DBGDSCRint */
};

/* Guests' writes are ignored: the registers control the host. */
static const uint64_t ignored_regs[] = { REG(ACTLR), REG(L2CTLR) };

static const struct {
	uint64_t id;
	uint64_t mask;
} masks[] = {
#define REG_MASK(name, bits) { REG(name), bits },
#include "../guest/reg_masks.h"
};

static bool among(const uint64_t *ids, size_t n, uint64_t id)
{
	for (; n; n--, ids++)
		if (*ids == id)
			return true;
	return false;
}

bool is_vm_reg(const struct reg_name *reg)
{
	return reg->trap && !strcmp(reg->trap, "TVM");
}

/* The CPU answers from VPIDR and VMPIDR. */
static bool leaves_the_guest(const struct reg_name *reg)
{
	return strcmp(reg->trap, "NONE") && strcmp(reg->trap, "VPIDR") &&
	       strcmp(reg->trap, "VMPIDR") && !is_vm_reg(reg);
}

static unsigned int traps_on(const struct reg_name *reg)
{
	unsigned int i;

	/* QEMU traps this one of HCR.TID1. */
	if (reg->id == REG(AIDR))
		return 0;
	if (among(qemu_traps_not, ARRAY_SIZE(qemu_traps_not), reg->id))
		return HARDWARE;
	for (i = 0; i < ARRAY_SIZE(missing_traps); i++)
		if (!strcmp(missing_traps[i].trap, reg->trap))
			return missing_traps[i].traps_on;
	return 0;
}

struct behaviour behaviour_of(const struct reg_name *reg)
{
	struct behaviour b = {
		.id = reg->id,
		.ignores = among(ignored_regs, ARRAY_SIZE(ignored_regs), reg->id),
		.read_traps = leaves_the_guest(reg),
		.write_traps = leaves_the_guest(reg) || is_vm_reg(reg),
		.no_read = !strncmp(reg->who, "WO", 2),
		.no_write = !strncmp(reg->who, "RO", 2),
		.traps_on = traps_on(reg),
	};
	unsigned int i;

	if (reg->kind >= REG_OPERATION || b.no_write || b.ignores)
		return b;
	b.mask = reg_size(reg->id) == 8 ? ALL : 0xffffffff;
	for (i = 0; i < ARRAY_SIZE(masks); i++)
		if (masks[i].id == reg->id)
			b.mask = masks[i].mask;
	return b;
}

/* Features that rows name, each with a register that is listed if the host has it */
static struct {
	const char *name;
	uint64_t id;
	bool there;
} features[] = {
	{ "COPROC_VFP", REG(FPSID), false },
	{ "COPROC_L2", REG(L2CTLR), false },
	{ "COPROC_HPD", REG(TTBCR2), false },
	/*
	 * No register tells: KVM takes ARMv7 to have ThumbEE and to lack SEVL,
	 * ARMv8 the opposite.
	 */
	{ "COPROC_T2EE", 0, false },
	{ "COPROC_V8", 0, false },
	/* MIDR tells. */
	{ "COPROC_A12", 0, false },
};

static bool is_a12(uint32_t midr)
{
	uint32_t part = midr >> 4 & 0xfff;

	return part == 0xc0d || part == 0xc0e;
}

static void ask_for_features(void)
{
	struct kvm_vcpu *vcpu = vcpu_create(vm_create(), 0);
	unsigned int i;
	uint64_t value;
	bool v8;

	vcpu_init(vcpu, 0);
	v8 = vcpu_get_reg(vcpu, REG(ID_ISAR5)) & 0xf;
	for (i = 0; i < ARRAY_SIZE(features); i++)
		if (features[i].id)
			features[i].there = !__vcpu_get_reg(vcpu, features[i].id, &value);
		else if (!strcmp(features[i].name, "COPROC_A12"))
			features[i].there = is_a12(vcpu_get_reg(vcpu, REG(MIDR)));
		else
			features[i].there = v8 == !strcmp(features[i].name, "COPROC_V8");
	vm_free(vcpu->vm);
}

static bool has_feature(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(features); i++)
		if (!strncmp(name, features[i].name, strlen(features[i].name)))
			return features[i].there;
	kvm_bail("no test knows of %s", name);
}

bool host_has(const char *more)
{
	static bool asked;

	if (!asked)
		ask_for_features();
	asked = true;
	for (more = strstr(more, "COPROC_"); more; more = strstr(more + 1, "COPROC_"))
		if (!has_feature(more))
			return false;
	return true;
}

bool host_is_v8(void)
{
	return host_has("COPROC_V8");
}

bool is_missing(const struct reg_name *reg)
{
	if (reg->more && !host_has(reg->more))
		return true;
	if (qemu_version() == HARDWARE)
		return false;
	if (among(qemu_has_not, ARRAY_SIZE(qemu_has_not), reg->id))
		return true;
	return !host_is_v8() && among(qemu_has_not_for_v7,
				      ARRAY_SIZE(qemu_has_not_for_v7), reg->id);
}

bool user_may(const struct reg_name *reg, bool write)
{
	const char *pl0 = strchr(reg->who, '_');

	if (!pl0 || is_missing(reg) || reg->group == REG_TIMER || reg->id == REG(CNTP_TVAL))
		return false;
	if (qemu_version() != HARDWARE &&
	    among(qemu_keeps_from_user, ARRAY_SIZE(qemu_keeps_from_user), reg->id))
		return false;
	return strchr(pl0, write ? 'W' : 'R');
}
