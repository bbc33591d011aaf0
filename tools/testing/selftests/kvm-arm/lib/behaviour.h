/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a row of arch/arm/kvm/coproc/regs.h means to a guest, on hardware and in
 * QEMU.
 */
#ifndef KVM_ARM_BEHAVIOUR_H
#define KVM_ARM_BEHAVIOUR_H

#include "kvm_arm.h"

/**
 * struct behaviour - the behaviour of a register in a guest
 * @id: the register
 * @mask: bits that keep what is written
 * @ignores: writes are ignored
 * @read_traps: each read is an exit
 * @write_traps: each write is an exit
 * @no_read: reads are undefined
 * @no_write: writes are undefined
 * @traps_on: first version of QEMU in which accesses are exits: earlier versions
 *	do not have the trap for ARMv7
 */
struct behaviour {
	uint64_t id;
	uint64_t mask;
	bool ignores;
	bool read_traps;
	bool write_traps;
	bool no_read;
	bool no_write;
	unsigned int traps_on;
};

struct behaviour behaviour_of(const struct reg_name *reg);

/* HCR.TVM: writes are exits while the guest's caches are off */
bool is_vm_reg(const struct reg_name *reg);

/* Tell whether this host's CPU is an ARMv8. */
bool host_is_v8(void);

/* Tell whether this host has the features that the rest of a row names. */
bool host_has(const char *more);

/* Tell whether the host or QEMU lacks a register. */
bool is_missing(const struct reg_name *reg);

/* Tell whether User mode may access a register. CNTKCTL is 0, which forbids timers. */
bool user_may(const struct reg_name *reg, bool write);

#endif /* KVM_ARM_BEHAVIOUR_H */
