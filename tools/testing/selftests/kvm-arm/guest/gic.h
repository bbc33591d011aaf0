/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The GIC as a guest program sees it.
 */
#ifndef GUEST_GIC_H
#define GUEST_GIC_H

#include "guest.h"
#include "gic_regs.h"

static inline u32 gicd_read(u32 offset)
{
	return io_read32(GUEST_GICD + offset);
}

static inline void gicd_write(u32 offset, u32 value)
{
	io_write32(GUEST_GICD + offset, value);
}

static inline u32 gicc_read(u32 offset)
{
	return io_read32(GUEST_GICC + offset);
}

static inline void gicc_write(u32 offset, u32 value)
{
	io_write32(GUEST_GICC + offset, value);
}

/* Register and field of one interrupt: GICD_ISENABLER and its like */
static inline void gicd_set_bit(u32 offset, u32 id)
{
	gicd_write(offset + id / 32 * 4, BIT(id % 32));
}

static inline bool gicd_test_bit(u32 offset, u32 id)
{
	return gicd_read(offset + id / 32 * 4) & BIT(id % 32);
}

/* GICD_IPRIORITYR and GICD_ITARGETSR are byte-accessible */
static inline void gicd_set_byte(u32 offset, u32 id, u32 value)
{
	asm volatile("strb	%0, [%1]" : : "r" (value),
		     "r" (GUEST_GICD + offset + id) : "memory");
}

static inline u32 gicd_get_byte(u32 offset, u32 id)
{
	u32 value;

	asm volatile("ldrb	%0, [%1]" : "=r" (value)
		     : "r" (GUEST_GICD + offset + id) : "memory");
	return value;
}

/* GICD_ICFGR */
void gic_set_edge(u32 id, bool edge);

/**
 * gic_init() - let interrupts through to this CPU
 *
 * Enables the distributor and this CPU's interface, with a priority mask that
 * hides nothing. Single interrupts are to be enabled; SGIs are.
 */
void gic_init(void);

/* Enable an interrupt; an SPI is targeted at this CPU */
void gic_enable(u32 id);
void gic_disable(u32 id);

/**
 * gic_handle() - take interrupts and have them acknowledged and ended
 * @fn: called in the handler, on any CPU, with what GICC_IAR said, before the
 *	write of GICC_EOIR; NULL for none
 *
 * Installs an IRQ handler, see irq_handle(). Spurious interrupts are not
 * reported. Which interrupts came can be asked by gic_count().
 */
void gic_handle(void (*fn)(u32 iar));

/* How often this CPU has taken an interrupt of gic_handle() */
u32 gic_count(u32 id);

#endif /* GUEST_GIC_H */
