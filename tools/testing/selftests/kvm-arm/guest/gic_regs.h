/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers of a GICv2, and their addresses in test guests.
 *
 * Names and offsets are those of the ARM Generic Interrupt Controller
 * Architecture Specification, version 2.0. Included on both sides.
 */
#ifndef GUEST_GIC_REGS_H
#define GUEST_GIC_REGS_H

#define GUEST_GICD		0x08000000
#define GUEST_GICC		0x08010000

#define GICD_CTLR		0x000
#define GICD_TYPER		0x004
#define GICD_IIDR		0x008
#define GICD_IGROUPR		0x080
#define GICD_ISENABLER		0x100
#define GICD_ICENABLER		0x180
#define GICD_ISPENDR		0x200
#define GICD_ICPENDR		0x280
#define GICD_ISACTIVER		0x300
#define GICD_ICACTIVER		0x380
#define GICD_IPRIORITYR		0x400
#define GICD_ITARGETSR		0x800
#define GICD_ICFGR		0xc00
#define GICD_SGIR		0xf00
#define GICD_CPENDSGIR		0xf10
#define GICD_SPENDSGIR		0xf20

#define GICD_CTLR_ENABLE	0x1
#define GICD_SGIR_LIST(mask, id)	((mask) << 16 | (id))
#define GICD_SGIR_OTHERS(id)		(1 << 24 | (id))
#define GICD_SGIR_SELF(id)		(2 << 24 | (id))

#define GICC_CTLR		0x0000
#define GICC_PMR		0x0004
#define GICC_BPR		0x0008
#define GICC_IAR		0x000c
#define GICC_EOIR		0x0010
#define GICC_RPR		0x0014
#define GICC_HPPIR		0x0018
#define GICC_ABPR		0x001c
#define GICC_AIAR		0x0020
#define GICC_AEOIR		0x0024
#define GICC_AHPPIR		0x0028
#define GICC_APR0		0x00d0
#define GICC_IIDR		0x00fc
#define GICC_DIR		0x1000

#define GICC_CTLR_ENABLE0	0x001
#define GICC_CTLR_ENABLE1	0x002
#define GICC_CTLR_ACKCTL	0x004
#define GICC_CTLR_FIQEN		0x008
#define GICC_CTLR_CBPR		0x010
#define GICC_CTLR_EOIMODE	0x200

#define GIC_SPURIOUS		1023
/* Interrupt id in GICC_IAR, and the CPU that sent an SGI */
#define GICC_IAR_ID(iar)	((iar) & 0x3ff)
#define GICC_IAR_CPU(iar)	((iar) >> 10 & 7)

/* The timers' private interrupts, as KVM assigns them by default */
#define PPI_VTIMER		27
#define PPI_PTIMER		30

#endif /* GUEST_GIC_REGS_H */
