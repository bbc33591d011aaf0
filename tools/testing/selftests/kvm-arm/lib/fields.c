// SPDX-License-Identifier: GPL-2.0
/*
 * Fields of registers: those of the kernel's rows, and those of reg_bits.h,
 * which have only names.
 */
#include <assert.h>

#include "kvm_arm.h"

/* Registers of reg_bits.h that do not belong to a coprocessor */
enum {
	REG_ID_CPSR = CORE_REG(usr_regs.ARM_cpsr),
	REG_ID_SPSR_svc = CORE_REG(svc_regs[2]),
	REG_ID_SPSR_abt = CORE_REG(abt_regs[2]),
	REG_ID_SPSR_und = CORE_REG(und_regs[2]),
	REG_ID_SPSR_irq = CORE_REG(irq_regs[2]),
	REG_ID_SPSR_fiq = CORE_REG(fiq_regs[7]),
};

/* Registers and formats, in the order of reg_bits.h */
enum {
#define REGISTER(reg)		LAYOUT_##reg,
#define FORMAT(format, ...)	LAYOUT_##format,
#include "reg_bits.h"
};

/* A format has a small number as its id, which no register has. */
enum {
#define FORMAT(format, ...)	REG_ID_##format = LAYOUT_##format,
#include "reg_bits.h"
};

#define BITS_OF_ID(id)	(8 << (((id) & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT))
enum {
#define REGISTER(reg)		BITS_OF_##reg = BITS_OF_ID(REG_ID_##reg),
#define FORMAT(format, reg, ...) BITS_OF_##format = BITS_OF_##reg,
#include "reg_bits.h"
};

/*
 * Check order and overlap at build time. An enumerator without a value is one
 * more than the enumerator before it, which here is the highest bit of the
 * field before.
 */
#define PLACE(layout, bit)	(LAYOUT_##layout * 64 + (bit))
#define BITS(layout, name, low, width) \
	FREE_##layout##_##name, \
	LAST_##layout##_##name = PLACE(layout, (low) + (width) - 1),

enum {
	PLACE_START = -1,
#include "reg_bits.h"
};

#define BITS(layout, name, low, width) \
	static_assert((int)FREE_##layout##_##name <= (int)PLACE(layout, low), \
		       #layout "." #name " overlaps another field, or is out of order"); \
	static_assert((width) > 0 && (low) + (width) <= BITS_OF_##layout, \
		       #layout "." #name " is not within the register");
#define FORMAT(format, reg, mask, value) \
	static_assert(!((value) & ~(mask)), #format " is a format of no value");

#include "reg_bits.h"

#define FIELD_SAME		RULE_SAME, 0
#define FIELD_LOWER		RULE_LOWER, 0
#define FIELD_LOWER_NOT_0	RULE_LOWER_NOT_0, 0
#define FIELD_HIGHER_OR_0	RULE_HIGHER_OR_0, 0
#define FIELD_FREE		RULE_FREE, 0
#define FIELD_FIXED(n)		RULE_FIXED, n
#define FIELD(reg, name, low, width, rule) \
	{ REG_ID_##reg, #name, low, width, FIELD_##rule },

#define BITS(layout, name, low, width) \
	{ REG_ID_##layout, #name, low, width, RULE_ANY, 0 },

const struct reg_field reg_fields[] = {
#include "coproc/fields.h"
#include "reg_bits.h"
};

const size_t nr_reg_fields = ARRAY_SIZE(reg_fields);

#define FORMAT(format, reg, mask, value) \
	{ REG_ID_##reg, mask, value, REG_ID_##format },

static const struct {
	uint64_t id;
	uint64_t mask;
	uint64_t value;
	uint64_t format;
} formats[] = {
#include "reg_bits.h"
};

#define LIKE(reg, other)	{ REG_ID_##reg, REG_ID_##other },

static const struct {
	uint64_t id;
	uint64_t other;
} likes[] = {
#include "reg_bits.h"
};

uint64_t reg_layout(uint64_t id, uint64_t value)
{
	const struct reg_name *reg = reg_of_id(id);
	size_t i;

	/* CCSIDR of each cache has the fields of CCSIDR. */
	if (reg && reg->group == REG_DEMUX)
		id = REG(CCSIDR);
	for (i = 0; i < ARRAY_SIZE(likes); i++) {
		if (likes[i].id == id) {
			id = likes[i].other;
			break;
		}
	}
	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (formats[i].id == id && (value & formats[i].mask) == formats[i].value)
			return formats[i].format;
	return id;
}
