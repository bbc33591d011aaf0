// SPDX-License-Identifier: GPL-2.0
/* Guest runtime: the GIC */
#include "gic.h"

#define MAX_IRQS	128

static u32 counts[GUEST_MAX_CPUS][MAX_IRQS];
static void (*irq_fn)(u32 iar);

void gic_set_edge(u32 id, bool edge)
{
	u32 offset = GICD_ICFGR + id / 16 * 4;
	u32 bit = BIT(id % 16 * 2 + 1);
	u32 value = gicd_read(offset) & ~bit;

	gicd_write(offset, edge ? value | bit : value);
}

void gic_init(void)
{
	gicd_write(GICD_CTLR, GICD_CTLR_ENABLE);
	gicc_write(GICC_PMR, 0xff);
	gicc_write(GICC_CTLR, GICC_CTLR_ENABLE0);
}

void gic_enable(u32 id)
{
	if (id >= 32)
		gicd_set_byte(GICD_ITARGETSR, id, BIT(cpu_index()));
	gicd_set_bit(GICD_ISENABLER, id);
}

void gic_disable(u32 id)
{
	gicd_set_bit(GICD_ICENABLER, id);
}

static void take(void)
{
	u32 iar = gicc_read(GICC_IAR);
	u32 id = GICC_IAR_ID(iar);

	if (id >= 1020)
		return;
	if (id < MAX_IRQS)
		counts[cpu_index()][id]++;
	if (irq_fn)
		irq_fn(iar);
	gicc_write(GICC_EOIR, iar);
}

void gic_handle(void (*fn)(u32 iar))
{
	irq_fn = fn;
	irq_handle(GUEST_VEC_IRQ, take);
}

u32 gic_count(u32 id)
{
	return __atomic_load_n(&counts[cpu_index()][id], __ATOMIC_RELAXED);
}
