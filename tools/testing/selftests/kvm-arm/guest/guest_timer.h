/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between the program "timer" and the programs that give it
 * orders.
 *
 * An order takes four arguments of the guest. It ends with a GUEST_SYNC; the
 * results are in the vcpu's reports.
 */
#ifndef GUEST_TIMER_PROGRAM_H
#define GUEST_TIMER_PROGRAM_H

enum timer_order {
	/* Start a CPU to wait for orders: its index; reports: result of PSCI */
	TIMER_CPU_ON,
	/*
	 * Take interrupts, by a GIC with these PPIs of the virtual and the
	 * physical timer, or without a GIC if they are 0
	 */
	TIMER_SETUP,
	/* Read a register; reports: low and high word */
	TIMER_READ,
	/* Write a register: register, low word, high word */
	TIMER_WRITE,
	/*
	 * Let a timer fire after some ticks: timer, ticks, how to wait;
	 * reports: struct timer_fired
	 */
	TIMER_FIRE,
	/* Leave a timer on for some interrupts: timer, number, how to wait */
	TIMER_REFIRE,
	/*
	 * Let a timer fire repeatedly: timer, number, ticks in between;
	 * reports: interrupts, and how many came early
	 */
	TIMER_TICKS,
	/* Report ISR: whether an interrupt is signalled */
	TIMER_ISR,
	/*
	 * Enable and disable a timer; if that takes long, wait until it would have
	 * fired: timer, how often to wait, ticks; reports: how often it has waited,
	 * and how often an interrupt was pending then
	 */
	TIMER_CANCEL,
};

enum timer_index {
	TIMER_VIRTUAL,
	TIMER_PHYSICAL,
};

enum timer_wait {
	TIMER_SPIN,
	/* Wait with interrupts masked and take them afterwards, to miss none */
	TIMER_WFI,
	/* As TIMER_SPIN, with a GUEST_SYNC before the handler ends */
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

/* Reports of TIMER_FIRE: values in the handler, and the number of interrupts */
struct timer_fired {
	uint32_t cval_lo;
	uint32_t cval_hi;
	uint32_t counter_lo;
	uint32_t counter_hi;
	uint32_t ctl;
	uint32_t count;
};

#endif /* GUEST_TIMER_PROGRAM_H */
