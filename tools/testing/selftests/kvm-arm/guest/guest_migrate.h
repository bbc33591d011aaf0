/* SPDX-License-Identifier: GPL-2.0 */
/* The interface between the program "migrate" and the tests that run it */
#ifndef GUEST_MIGRATE_H
#define GUEST_MIGRATE_H

/* First argument: how many seconds to wait for an interrupt at the end */

#define MIGRATE_CPUS		2

/* Shared interrupts of CPU 0, by KVM_IRQ_LINE */
#define MIGRATE_SPI_LEVEL	40
#define MIGRATE_SPI_EDGE	41

/* A write to this address lowers the line of the level interrupt. */
#define MIGRATE_ACK		0x10001000

/* Words of the shared page. Written by the host program: */
#define MIGRATE_STOP		0	/* end if it is set */

/* Written by the guest: increments of all CPUs by LDREX and STREX */
#define MIGRATE_TOTAL		1

/* Up to 15: used between the guest's CPUs */
#define MIGRATE_OWN		2

/* Words of the shared page for each CPU: its progress */
#define MIGRATE_WORD(cpu, n)	(16 + (cpu) * 16 + (n))
#define MIGRATE_STEPS(cpu)	MIGRATE_WORD(cpu, 0)
#define MIGRATE_VTIMER(cpu)	MIGRATE_WORD(cpu, 1)	/* virtual timer */
#define MIGRATE_PTIMER(cpu)	MIGRATE_WORD(cpu, 2)	/* physical timer */
#define MIGRATE_SGI(cpu)	MIGRATE_WORD(cpu, 3)	/* SGIs taken */
#define MIGRATE_LEVEL(cpu)	MIGRATE_WORD(cpu, 4)	/* level SPIs taken */
#define MIGRATE_EDGE(cpu)	MIGRATE_WORD(cpu, 5)	/* edge SPIs taken */

/* Status of GUEST_IO_DONE: what was wrong */
enum migrate_error {
	MIGRATE_OK,
	MIGRATE_NO_CPU,		/* the other CPU did not start */
	MIGRATE_CORE,		/* a core register or flag */
	MIGRATE_VFP,		/* D0-D31 */
	MIGRATE_FPSCR,
	MIGRATE_MEMORY,
	MIGRATE_TIME,		/* the counter went backwards */
	MIGRATE_TIMER,		/* a timer's registers, or an early interrupt */
	MIGRATE_TIMER_LOST,	/* a timer's interrupt never came */
	MIGRATE_SGI_ORDER,	/* an SGI that was not sent, or from elsewhere */
	MIGRATE_SGI_LOST,
	MIGRATE_IRQ,		/* an interrupt that was not asked for */
};

#endif /* GUEST_MIGRATE_H */
