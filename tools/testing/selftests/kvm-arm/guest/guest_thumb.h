/* SPDX-License-Identifier: GPL-2.0 */
/* The interface between the program "thumb" and lib/it_guest.c */
#ifndef GUEST_THUMB_H
#define GUEST_THUMB_H

#include <stdint.h>

#define THUMB_NR_REGS	8

/*
 * An order and its outcome, at the start of the shared page. The guest asks for
 * it by GUEST_SYNC with THUMB_READY, and announces the code by GUEST_SYNC with
 * THUMB_GO.
 *
 * entry   address of the code, for BX; the code ends with BX LR
 * flags   in and out: N, Z, C and V, as in CPSR
 * regs    in and out: R0 to R7
 * irq     run it with IRQ and FIQ enabled
 * count   the rest is struct fault of guest.h
 */
struct thumb_order {
	uint32_t entry;
	uint32_t flags;
	uint32_t regs[THUMB_NR_REGS];
	uint32_t irq;
	uint32_t count;
	uint32_t vector;
	uint32_t fault_pc;
	uint32_t lr;
	uint32_t spsr;
	uint32_t fault_cpsr;
	uint32_t dfsr;
	uint32_t dfar;
	uint32_t ifsr;
	uint32_t ifar;
};

#define THUMB_READY	0
#define THUMB_GO	1

/* Unused pages: for code and for data */
#define THUMB_CODE	0x40300000
#define THUMB_CODE_SIZE	0x2000
#define THUMB_DATA	0x40304000

#endif /* GUEST_THUMB_H */
