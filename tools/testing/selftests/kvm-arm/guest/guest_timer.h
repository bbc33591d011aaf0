/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "timer" and the programs that give it orders agree on.
 *
 * An order is four of the guest's arguments. It ends with a GUEST_SYNC; what
 * it has found out is in the vcpu's reports.
 */
#ifndef GUEST_TIMER_PROGRAM_H
#define GUEST_TIMER_PROGRAM_H

enum timer_order {
	/* Start this CPU, to wait for orders: what PSCI said */
	TIMER_CPU_ON,
	/*
	 * Take interrupts, by a GIC with these PPIs of the virtual and of the
	 * physical timer, or without one if they are 0
	 */
	TIMER_SETUP,
	/* Read a register: low and high word */
	TIMER_READ,
	/* Write a register: register, low word, high word */
	TIMER_WRITE,
	/*
	 * Have a timer fire so many ticks from now: timer, ticks, how to wait.
	 * struct timer_fired
	 */
	TIMER_FIRE,
	/* Leave it on for so many interrupts: timer, how many, how to wait */
	TIMER_REFIRE,
	/*
	 * So many interrupts, each after the same time: timer, how many,
	 * ticks. How many came, and how many of them early
	 */
	TIMER_TICKS,
	/* Whether an interrupt is signalled: ISR */
	TIMER_ISR,
};

enum timer_index {
	TIMER_VIRTUAL,
	TIMER_PHYSICAL,
};

enum timer_wait {
	TIMER_SPIN,
	/* With interrupts masked, to take them afterwards: none is missed */
	TIMER_WFI,
	/* As TIMER_SPIN, and the handler has a GUEST_SYNC before it ends */
	TIMER_SYNC,
};

enum timer_reg {
	TIMER_CNTFRQ,
	TIMER_CNTVCT,
	TIMER_CNTPCT,
	TIMER_CNTV_CTL,
	TIMER_CNTP_CTL,
	TIMER_CNTV_CVAL,
	TIMER_CNTP_CVAL,
	TIMER_CNTV_TVAL,
	TIMER_CNTP_TVAL,
};

#define TIMER_CTL_ENABLE	0x1
#define TIMER_CTL_IMASK		0x2
#define TIMER_CTL_ISTATUS	0x4

/* Reports of TIMER_FIRE: in the handler, and how many interrupts there were */
struct timer_fired {
	uint32_t cval_lo;
	uint32_t cval_hi;
	uint32_t counter_lo;
	uint32_t counter_hi;
	uint32_t ctl;
	uint32_t count;
};

#endif /* GUEST_TIMER_PROGRAM_H */
