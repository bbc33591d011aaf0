/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vcpu's places for CP15 registers, by the rows of coproc/regs.h: CP15_x
 * is register x's index in an array of 32-bit words. A 64-bit register has two
 * of them, low word first, and an alias has that of the row it names.
 */
#ifndef __ARM_KVM_CP15_SLOTS_H__
#define __ARM_KVM_CP15_SLOTS_H__

#define CP15_SLOT32_SWITCHED(slot)	slot,
#define CP15_SLOT32_EMULATED(slot)	slot,
#define CP15_SLOT32_ALIAS_OF(...)	CP15_NO_SLOT
#define CP15_SLOT32_INVARIANT(...)
#define CP15_SLOT32_EXTERNAL(...)
#define CP15_SLOT32_NO_STATE(...)

#define CP15_SLOT64_SWITCHED(slot)	slot, slot##_HI,
#define CP15_SLOT64_EMULATED(slot)	slot, slot##_HI,
#define CP15_SLOT64_ALIAS_OF(...)	CP15_NO_SLOT
#define CP15_SLOT64_EXTERNAL(...)
#define CP15_SLOT64_NO_STATE(...)

#define CP15_NO_SLOT(...)

#define CP15_REG32(name, crn, opc1, crm, opc2, storage, ...) \
	CP15_SLOT32_##storage(CP15_##name)
#define CP15_REG64(name, crm, opc1, storage, ...) \
	CP15_SLOT64_##storage(CP15_##name)

enum cp15_slot {
#include "../../kvm/coproc/regs.h"
	NR_CP15_SLOTS
};

#undef CP15_REG32
#undef CP15_REG64

/* A storage class gives two arguments here: what to emit, and for which row */
#define CP15_ALIAS_SWITCHED		NONE, NONE
#define CP15_ALIAS_EMULATED		NONE, NONE
#define CP15_ALIAS_ALIAS_OF(row)	SLOT, CP15_##row
#define CP15_ALIAS_INVARIANT		NONE, NONE
#define CP15_ALIAS_EXTERNAL		NONE, NONE
#define CP15_ALIAS_NO_STATE		NONE, NONE

#define CP15_EMIT_NONE(...)
#define CP15_EMIT_SLOT(slot, of)	slot = of,
#define CP15_EMIT_(slot, what, of)	CP15_EMIT_##what(slot, of)
#define CP15_EMIT(slot, ...)		CP15_EMIT_(slot, __VA_ARGS__)

#define CP15_REG32(name, crn, opc1, crm, opc2, storage, ...) \
	CP15_EMIT(CP15_##name, CP15_ALIAS_##storage)
#define CP15_REG64(name, crm, opc1, storage, ...) \
	CP15_EMIT(CP15_##name, CP15_ALIAS_##storage)

enum cp15_alias_slot {
#include "../../kvm/coproc/regs.h"
	CP15_ALIAS_END = NR_CP15_SLOTS
};

#undef CP15_REG32
#undef CP15_REG64

#endif /* __ARM_KVM_CP15_SLOTS_H__ */
