// SPDX-License-Identifier: GPL-2.0
/*
 * Names of registers. Those of coprocessors come from the rows of the kernel's
 * register table; the others follow from the layout of their ids.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kvm_arm.h"

#define NAMED(_group, _name, _id)					\
	{ .id = _id, .name = _name, .group = _group }
#define CORE(_name, member)	NAMED(REG_CORE, _name, CORE_REG(member))

#define FIRMWARE(name)	NAMED(REG_FW, #name, KVM_REG_ARM_##name)

/* A row of the table. Rows of CP15 that are kept elsewhere belong to the timers. */
#define ROW(_kind, _id, _name, cp, _trap, _who, ...)			\
	{ .id = _id, .name = _name,					\
	  .group = (cp) == 10 ? REG_VFP : (cp) == 14 ? REG_OTHER :	\
		   (_kind) == REG_EXTERNAL ? REG_TIMER : REG_CP15,	\
	  .kind = _kind, .trap = #_trap, .who = #_who,		\
	  .more = #__VA_ARGS__ },
#define ROW_OF32(kind, id, name, cp, crn, opc1, crm, opc2, trap, who, ...) \
	ROW(kind, id, name, cp, trap, who, __VA_ARGS__)
#define ROW_OF64(kind, id, name, cp, crm, opc1, trap, who, ...)		\
	ROW(kind, id, name, cp, trap, who, __VA_ARGS__)

#define DEMUX_CCSIDR							\
	(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX |		\
	 KVM_REG_ARM_DEMUX_ID_CCSIDR)
#define CCSIDR(n)							\
	NAMED(REG_DEMUX, "CCSIDR[" #n "]",				\
	      DEMUX_CCSIDR | (n) << KVM_REG_ARM_DEMUX_VAL_SHIFT)

#define VFP_D(n)							\
	NAMED(REG_VFP, "D" #n, KVM_REG_ARM | KVM_REG_SIZE_U64 |		\
	      KVM_REG_ARM_VFP | (KVM_REG_ARM_VFP_BASE_REG + (n)))

const struct reg_name reg_names[] = {
	CORE("R0", usr_regs.uregs[0]),
	CORE("R1", usr_regs.uregs[1]),
	CORE("R2", usr_regs.uregs[2]),
	CORE("R3", usr_regs.uregs[3]),
	CORE("R4", usr_regs.uregs[4]),
	CORE("R5", usr_regs.uregs[5]),
	CORE("R6", usr_regs.uregs[6]),
	CORE("R7", usr_regs.uregs[7]),
	CORE("R8", usr_regs.uregs[8]),
	CORE("R9", usr_regs.uregs[9]),
	CORE("R10", usr_regs.uregs[10]),
	CORE("R11", usr_regs.uregs[11]),
	CORE("R12", usr_regs.uregs[12]),
	CORE("SP_usr", usr_regs.uregs[13]),
	CORE("LR_usr", usr_regs.uregs[14]),
	CORE("PC", usr_regs.uregs[15]),
	CORE("CPSR", usr_regs.uregs[16]),
	CORE("ORIG_R0", usr_regs.uregs[17]),
	CORE("SP_svc", svc_regs[0]),
	CORE("LR_svc", svc_regs[1]),
	CORE("SPSR_svc", svc_regs[2]),
	CORE("SP_abt", abt_regs[0]),
	CORE("LR_abt", abt_regs[1]),
	CORE("SPSR_abt", abt_regs[2]),
	CORE("SP_und", und_regs[0]),
	CORE("LR_und", und_regs[1]),
	CORE("SPSR_und", und_regs[2]),
	CORE("SP_irq", irq_regs[0]),
	CORE("LR_irq", irq_regs[1]),
	CORE("SPSR_irq", irq_regs[2]),
	CORE("R8_fiq", fiq_regs[0]),
	CORE("R9_fiq", fiq_regs[1]),
	CORE("R10_fiq", fiq_regs[2]),
	CORE("R11_fiq", fiq_regs[3]),
	CORE("R12_fiq", fiq_regs[4]),
	CORE("SP_fiq", fiq_regs[5]),
	CORE("LR_fiq", fiq_regs[6]),
	CORE("SPSR_fiq", fiq_regs[7]),

	FIRMWARE(PSCI_VERSION),
	FIRMWARE(SMCCC_ARCH_WORKAROUND_1),
	FIRMWARE(SMCCC_ARCH_WORKAROUND_2),
	FIRMWARE(SMCCC_ARCH_WORKAROUND_3),
	FIRMWARE(STD_BMAP),
	FIRMWARE(STD_HYP_BMAP),
	FIRMWARE(VENDOR_HYP_BMAP),

#include "rows.h"

	VFP_D(0), VFP_D(1), VFP_D(2), VFP_D(3),
	VFP_D(4), VFP_D(5), VFP_D(6), VFP_D(7),
	VFP_D(8), VFP_D(9), VFP_D(10), VFP_D(11),
	VFP_D(12), VFP_D(13), VFP_D(14), VFP_D(15),
	VFP_D(16), VFP_D(17), VFP_D(18), VFP_D(19),
	VFP_D(20), VFP_D(21), VFP_D(22), VFP_D(23),
	VFP_D(24), VFP_D(25), VFP_D(26), VFP_D(27),
	VFP_D(28), VFP_D(29), VFP_D(30), VFP_D(31),

	CCSIDR(0), CCSIDR(1), CCSIDR(2), CCSIDR(3), CCSIDR(4), CCSIDR(5),
	CCSIDR(6), CCSIDR(7), CCSIDR(8), CCSIDR(9), CCSIDR(10), CCSIDR(11),
	CCSIDR(12), CCSIDR(13), CCSIDR(14), CCSIDR(15),
};

const size_t nr_reg_names = ARRAY_SIZE(reg_names);

static const struct {
	const char *alias;
	uint64_t id;
} aliases[] = {
	{ "R13", CORE_REG(usr_regs.ARM_sp) },
	{ "SP", CORE_REG(usr_regs.ARM_sp) },
	{ "R14", CORE_REG(usr_regs.ARM_lr) },
	{ "LR", CORE_REG(usr_regs.ARM_lr) },
	{ "R15", CORE_REG(usr_regs.ARM_pc) },
};

const struct reg_name *reg_of_id(uint64_t id)
{
	size_t i;

	for (i = 0; i < nr_reg_names; i++)
		if (reg_names[i].id == id)
			return &reg_names[i];
	return NULL;
}

static unsigned int field(uint64_t id, uint64_t mask, unsigned int shift)
{
	return (id & mask) >> shift;
}

static unsigned int coproc(uint64_t id)
{
	return field(id, KVM_REG_ARM_COPROC_MASK, KVM_REG_ARM_COPROC_SHIFT);
}

const char *reg_name(uint64_t id, char *buf)
{
	const struct reg_name *reg = reg_of_id(id);
	unsigned int opc1 = field(id, KVM_REG_ARM_OPC1_MASK,
				  KVM_REG_ARM_OPC1_SHIFT);
	unsigned int crm = field(id, KVM_REG_ARM_CRM_MASK,
				 KVM_REG_ARM_CRM_SHIFT);

	if (reg)
		return reg->name;
	if ((id & KVM_REG_ARCH_MASK) == KVM_REG_ARM && coproc(id) < 16 &&
	    reg_size(id) == 4)
		snprintf(buf, REG_NAME_LEN, "p%u,%u,c%u,c%u,%u", coproc(id),
			 opc1, field(id, KVM_REG_ARM_32_CRN_MASK,
				     KVM_REG_ARM_32_CRN_SHIFT),
			 crm, field(id, KVM_REG_ARM_32_OPC2_MASK,
				    KVM_REG_ARM_32_OPC2_SHIFT));
	else if ((id & KVM_REG_ARCH_MASK) == KVM_REG_ARM && coproc(id) < 16 &&
		 reg_size(id) == 8)
		snprintf(buf, REG_NAME_LEN, "p%u,%u,c%u", coproc(id), opc1,
			 crm);
	else if (reg_group_of(id) == REG_CORE)
		snprintf(buf, REG_NAME_LEN, "core %#llx",
			 (unsigned long long)(id & 0xffff));
	else
		snprintf(buf, REG_NAME_LEN, "%#018llx",
			 (unsigned long long)id);
	return buf;
}

int reg_lookup(const char *name, uint64_t *id)
{
	size_t i;
	char *end;

	if (!strncasecmp(name, "0x", 2)) {
		*id = strtoull(name, &end, 16);
		return *end || !name[2] ? -ENOENT : 0;
	}
	for (i = 0; i < nr_reg_names; i++) {
		if (!strcasecmp(reg_names[i].name, name)) {
			*id = reg_names[i].id;
			return 0;
		}
	}
	for (i = 0; i < ARRAY_SIZE(aliases); i++) {
		if (!strcasecmp(aliases[i].alias, name)) {
			*id = aliases[i].id;
			return 0;
		}
	}
	return -ENOENT;
}

enum reg_group reg_group_of(uint64_t id)
{
	const struct reg_name *reg = reg_of_id(id);

	if (reg)
		return reg->group;
	if ((id & KVM_REG_ARCH_MASK) != KVM_REG_ARM)
		return REG_OTHER;
	switch (coproc(id)) {
	case 15:
		return REG_CP15;
	case KVM_REG_ARM_CORE >> KVM_REG_ARM_COPROC_SHIFT:
		return REG_CORE;
	case KVM_REG_ARM_DEMUX >> KVM_REG_ARM_COPROC_SHIFT:
		return REG_DEMUX;
	case KVM_REG_ARM_VFP >> KVM_REG_ARM_COPROC_SHIFT:
		return REG_VFP;
	case KVM_REG_ARM_FW >> KVM_REG_ARM_COPROC_SHIFT:
	case KVM_REG_ARM_FW_FEAT_BMAP >> KVM_REG_ARM_COPROC_SHIFT:
		return REG_FW;
	default:
		return REG_OTHER;
	}
}

const char *reg_group_name(enum reg_group group)
{
	static const char *const names[] = {
		[REG_CORE] = "core",
		[REG_CP15] = "cp15",
		[REG_TIMER] = "timer",
		[REG_DEMUX] = "demux",
		[REG_VFP] = "vfp",
		[REG_FW] = "firmware",
		[REG_OTHER] = "other",
	};

	return names[group];
}
