/* SPDX-License-Identifier: GPL-2.0 */
/* The GIC, for guest programs */
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

/* Set the bit of an interrupt in GICD_ISENABLER or a similar register. */
static inline void gicd_set_bit(u32 offset, u32 id)
{
	gicd_write(offset + id / 32 * 4, BIT(id % 32));
}

static inline bool gicd_test_bit(u32 offset, u32 id)
{
	return gicd_read(offset + id / 32 * 4) & BIT(id % 32);
}

/* Set the byte of an interrupt in GICD_IPRIORITYR or GICD_ITARGETSR. */
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

/* Set GICD_ICFGR of an interrupt. */
void gic_set_edge(u32 id, bool edge);

/**
 * gic_init() - prepare this CPU for interrupts
 *
 * Enable the distributor and this CPU's interface, with a priority mask that
 * hides nothing. SGIs are enabled; enable other interrupts with gic_enable().
 */
void gic_init(void);

/* Enable an interrupt. An SPI is targeted at this CPU. */
void gic_enable(u32 id);
void gic_disable(u32 id);

/**
 * gic_handle() - take interrupts, acknowledge and end them
 * @fn: called in the handler, on any CPU, with the value of GICC_IAR, before the
 *	write of GICC_EOIR; NULL for none
 *
 * Install an IRQ handler, see irq_handle(). Spurious interrupts are not
 * reported. gic_count() counts the others.
 */
void gic_handle(void (*fn)(u32 iar));

/* Return how often this CPU has taken an interrupt with gic_handle(). */
u32 gic_count(u32 id);

#endif /* GUEST_GIC_H */
