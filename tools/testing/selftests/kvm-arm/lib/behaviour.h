/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a row of arch/arm/kvm/coproc/regs.h means to a guest, on hardware and on
 * QEMU.
 */
#ifndef KVM_ARM_BEHAVIOUR_H
#define KVM_ARM_BEHAVIOUR_H

#include "kvm_arm.h"

/**
 * struct behaviour - a row as a guest finds it
 * @id: the register
 * @mask: bits that hold what is written
 * @ignores: none do, writes are ignored
 * @read_traps: each read is an exit
 * @write_traps: each write is an exit
 * @no_read: reads are undefined
 * @no_write: writes are undefined
 * @traps_on: accesses are exits, but not on QEMU before this version, which
 *	does not have this trap for ARMv7
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

/* Does this host's CPU have what ARMv8 adds? */
bool host_is_v8(void);

/* Does this host have the features that the rest of a row names? */
bool host_has(const char *more);

/* Not there to be asked, as the host or QEMU lacks it */
bool is_missing(const struct reg_name *reg);

/* May User mode access it? CNTKCTL is zero, and keeps it from the timers */
bool user_may(const struct reg_name *reg, bool write);

#endif /* KVM_ARM_BEHAVIOUR_H */
