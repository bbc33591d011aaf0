/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "psci" and the tests of firmware calls agree on.
 */
#ifndef GUEST_PSCI_H
#define GUEST_PSCI_H

/* First argument: what to do */
enum psci_mode {
	PSCI_CALLS,	/* one call after the other, as the host says */
	PSCI_STORM,	/* CPU_ON of vcpu 1 for ever */
	PSCI_SWEEP,	/* an unknown call by HVC with many immediates */
};

/*
 * PSCI_CALLS: GUEST_SYNC, with the address of psci_entry_arm, then of
 * psci_entry_thumb, at first. Then for ever: five arguments, which are the way
 * and R0 to R3; the call; R0 to R3 as four reports; GUEST_SYNC.
 */
enum psci_way {
	PSCI_HVC,
	PSCI_SMC,
	PSCI_HVC_THUMB,
	PSCI_SMC_THUMB,
	PSCI_HVC_BIG_ENDIAN,
};

/* What a vcpu reports at either of the two entries, before GUEST_DONE ... */
enum psci_report {
	PSCI_CONTEXT,	/* R0 */
	PSCI_CPSR,
	PSCI_SCTLR,
	PSCI_PC,	/* as the third instruction reads it */
	PSCI_REPORTS,
};

/* ... after which it calls CPU_OFF, and reports what that returned, if at all */

/* PSCI_STORM: entries differ in these bits; the context is their complement */
#define PSCI_STORM_BASE		0x40200000
#define PSCI_STORM_MASK		0x00000fff

/* PSCI_SWEEP: two reports for each state of the CPU, ARM and Thumb */
#define PSCI_SWEEP_CALLS	0x1000
#define PSCI_UNKNOWN		0x8765dead

#endif /* GUEST_PSCI_H */
