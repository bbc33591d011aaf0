/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between the program "gic" and the programs that give it orders.
 *
 * An order takes three arguments of the guest: the operation and two operands.
 * The next GUEST_SYNC has its result as the value.
 */
#ifndef GUEST_GIC_PROGRAM_H
#define GUEST_GIC_PROGRAM_H

enum gic_order {
	/* Load from or store to an address; the second operand is the value */
	GIC_READ,
	GIC_WRITE,
	GIC_READ8,
	GIC_WRITE8,
	/* Access a CP15 register; operands: MRC or MCR with r0, and the value */
	GIC_CP_READ,
	GIC_CP_WRITE,
	/* Unmask interrupts; result: vector of the one taken, or 0 */
	GIC_TAKE,
	/* WFI with interrupts masked; result: ISR afterwards */
	GIC_WFI,
	/* Start the CPU of the first operand to wait for orders; result: of PSCI */
	GIC_CPU_ON,
	/* Call gic_init(), and handle interrupts from now on */
	GIC_HANDLE,
	/* Spin until an interrupt was taken so many times; result: its count */
	GIC_STORM,
	/* Pass an SGI on to this CPU so many times; result: times it came */
	GIC_RING,
};

#define GIC_RING_SGI	3

/* ISR: an interrupt is signalled to the CPU. */
#define ISR_IRQ		0x80
#define ISR_FIQ		0x40

#endif /* GUEST_GIC_PROGRAM_H */
