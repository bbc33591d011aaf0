/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program "gic" and the programs that give it orders agree on.
 *
 * An order is three of the guest's arguments: what to do, and two operands.
 * Its result is the value of the GUEST_SYNC that follows.
 */
#ifndef GUEST_GIC_PROGRAM_H
#define GUEST_GIC_PROGRAM_H

enum gic_order {
	/* Load from, store to an address: the second operand */
	GIC_READ,
	GIC_WRITE,
	GIC_READ8,
	GIC_WRITE8,
	/* cp15 register by its MRC or MCR with r0 */
	GIC_CP_READ,
	GIC_CP_WRITE,
	/* Let interrupts in: vector of the one taken, or 0 */
	GIC_TAKE,
	/* WFI with interrupts masked: ISR then */
	GIC_WFI,
	/* Start this CPU, to wait for orders: what PSCI said */
	GIC_CPU_ON,
	/* gic_init(), and handle interrupts from now on */
	GIC_HANDLE,
	/* Spin, unmasked, until an interrupt was taken so often: its count */
	GIC_STORM,
	/* Pass an SGI on to this CPU so often: how often it came */
	GIC_RING,
};

#define GIC_RING_SGI	3

/* ISR: an interrupt is signalled to the CPU */
#define ISR_IRQ		0x80
#define ISR_FIQ		0x40

#endif /* GUEST_GIC_PROGRAM_H */
