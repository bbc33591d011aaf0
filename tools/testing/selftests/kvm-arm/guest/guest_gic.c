// SPDX-License-Identifier: GPL-2.0
/* Use the GIC as the host program orders. */
#include "gic.h"
#include "guest_gic.h"

static u32 take(void)
{
	struct fault fault;

	fault_arm(FAULT_MASK(GUEST_VEC_IRQ) | FAULT_MASK(GUEST_VEC_FIQ));
	asm volatile("cpsie	if" : : : "memory");
	isb();
	asm volatile("cpsid	if" : : : "memory");
	fault = fault_take();
	return fault.count ? fault.vector : 0;
}

static u32 cp_order(u32 insn, u32 operand)
{
	u64 value = operand;

	if (cp_access(insn, false, &value))
		done(1);
	return value;
}

static u32 storm_limit;

static void count_irq(u32 iar)
{
	u32 id = GICC_IAR_ID(iar);

	if (storm_limit && gic_count(id) >= storm_limit)
		gic_disable(id);
}

static u32 storm(u32 id, u32 limit)
{
	storm_limit = limit;
	irq_enable();
	while (gic_count(id) < limit)
		;
	irq_disable();
	storm_limit = 0;
	return gic_count(id);
}

static u32 ring(u32 next, u32 rounds)
{
	const u32 sgi = GICD_SGIR_LIST(BIT(next), GIC_RING_SGI);
	u32 start = gic_count(GIC_RING_SGI);
	u32 n;

	for (n = 0; n < rounds; n++) {
		if (!cpu_index())
			gicd_write(GICD_SGIR, sgi);
		while (gic_count(GIC_RING_SGI) - start <= n) {
			wfi();
			irq_enable();
			isb();
			irq_disable();
		}
		if (cpu_index())
			gicd_write(GICD_SGIR, sgi);
	}
	return gic_count(GIC_RING_SGI) - start;
}

static int obey(u32 arg);

static u32 order(u32 op, u32 a, u32 b)
{
	switch (op) {
	case GIC_READ:
		return io_read32(a);
	case GIC_WRITE:
		io_write32(a, b);
		return 0;
	case GIC_READ8:
		return gicd_get_byte(a - GUEST_GICD, 0);
	case GIC_WRITE8:
		gicd_set_byte(a - GUEST_GICD, 0, b);
		return 0;
	case GIC_CP_READ:
	case GIC_CP_WRITE:
		return cp_order(a, b);
	case GIC_TAKE:
		return take();
	case GIC_WFI:
		wfi();
		return CP_READ(15, 0, 12, 1, 0);		/* ISR */
	case GIC_CPU_ON:
		return cpu_on(a, obey, 0);
	case GIC_HANDLE:
		gic_init();
		gic_handle(count_irq);
		return 0;
	case GIC_STORM:
		return storm(a, b);
	case GIC_RING:
		return ring(a, b);
	default:
		done(2);
	}
}

static int obey(u32 unused)
{
	u32 op, a, b;

	(void)unused;
	for (;;) {
		op = next_arg();
		a = next_arg();
		b = next_arg();
		sync_host(order(op, a, b));
	}
	return 0;
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	(void)r0;
	(void)r1;
	(void)r2;
	return obey(0);
}
