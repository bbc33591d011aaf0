/* SPDX-License-Identifier: GPL-2.0 */
/* The interface between the program "psci" and the tests of firmware calls */
#ifndef GUEST_PSCI_H
#define GUEST_PSCI_H

/* First argument: mode */
enum psci_mode {
	PSCI_CALLS,	/* make one call after the other, as the host orders */
	PSCI_STORM,	/* call CPU_ON of vcpu 1 for ever */
	PSCI_SWEEP,	/* make an unknown call by HVC with many immediates */
};

/*
 * PSCI_CALLS starts with two GUEST_SYNC: the addresses of psci_entry_arm and of
 * psci_entry_thumb. Then it repeats: take five arguments, the way and R0 to R3;
 * make the call; report R0 to R3; GUEST_SYNC.
 */
enum psci_way {
	PSCI_HVC,
	PSCI_SMC,
	PSCI_HVC_THUMB,
	PSCI_SMC_THUMB,
	PSCI_HVC_BIG_ENDIAN,
};

/* Reports of a vcpu at either entry, before GUEST_DONE */
enum psci_report {
	PSCI_CONTEXT,	/* R0 */
	PSCI_CPSR,
	PSCI_SCTLR,
	PSCI_PC,	/* as read by the third instruction */
	PSCI_REPORTS,
};

/* It then calls CPU_OFF, and reports the result if the call returns. */

/* PSCI_STORM: entries differ in these bits; the context is their complement. */
#define PSCI_STORM_BASE		0x40200000
#define PSCI_STORM_MASK		0x00000fff

/* PSCI_SWEEP: two reports for ARM state and two for Thumb state */
#define PSCI_SWEEP_CALLS	0x1000
#define PSCI_UNKNOWN		0x8765dead

#endif /* GUEST_PSCI_H */
