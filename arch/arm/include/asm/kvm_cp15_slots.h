/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slots for the values of coprocessor registers, by the rows of coproc/regs.h,
 * in arrays of 32-bit words. CP15_x is the index of register x in a vcpu's
 * array, COPROC_ID_x that of an identification register in a VM's. A 64-bit
 * register has two slots, low word first. An alias has the slot of the row that
 * it names.
 */
#ifndef __ARM_KVM_CP15_SLOTS_H__
#define __ARM_KVM_CP15_SLOTS_H__

#define SWITCHED32(name, ...)	CP15_##name,
#define SWITCHED64(name, ...)	CP15_##name, CP15_##name##_HI,
#define EMULATED32(name, ...)	CP15_##name,

enum cp15_slot {
#include "../../kvm/coproc/regs.h"
	NR_CP15_SLOTS
};

#define ALIAS32(name, cp, crn, opc1, crm, opc2, trap, who, of, ...) \
	CP15_##name = CP15_##of,

enum cp15_alias_slot {
#include "../../kvm/coproc/regs.h"
	CP15_ALIAS_END = NR_CP15_SLOTS
};

#define ID32(name, ...)		COPROC_ID_##name,
#define ID64(name, ...)		COPROC_ID_##name, COPROC_ID_##name##_HI,

enum coproc_id_slot {
#include "../../kvm/coproc/regs.h"
	NR_COPROC_ID_SLOTS
};

#endif /* __ARM_KVM_CP15_SLOTS_H__ */
