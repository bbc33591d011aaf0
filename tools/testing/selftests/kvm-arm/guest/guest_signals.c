// SPDX-License-Identifier: GPL-2.0
/* Spin, wait or compute, while the host program interrupts. */
#include "guest.h"
#include "guest_signals.h"

/* The host program reads the word through its caches. */
static void publish(u32 word, u32 value)
{
	guest_shared[word] = value;
	asm volatile("mcr	p15, 0, %0, c7, c14, 1\n"	/* DCCIMVAC */
		     "	dsb" : : "r" (&guest_shared[word]) : "memory");
}

static void __noreturn spin(void)
{
	u32 n = 0;

	for (;;)
		publish(SIGNALS_COUNTER, ++n);
}

static u32 faults_taken(void)
{
	struct fault fault = fault_take();

	return fault.count;
}

/* Report each interrupt. The host lowers the line. */
static void __noreturn take_interrupts(bool wait)
{
	struct fault fault;
	u32 n = 0;

	for (;;) {
		fault_arm(FAULT_MASK(GUEST_VEC_IRQ) |
			  FAULT_MASK(GUEST_VEC_FIQ));
		publish(SIGNALS_COUNTER, ++n);
		asm volatile("cpsie	if" : : : "memory");
		if (wait)
			wfi();
		else
			isb();
		asm volatile("cpsid	if" : : : "memory");
		fault = fault_take();
		if (fault.count) {
			report(fault.count);
			sync_host(fault.vector);
		}
	}
}

static void __noreturn wait_masked(void)
{
	u32 n = 0;

	fault_arm(FAULT_MASK(GUEST_VEC_IRQ) | FAULT_MASK(GUEST_VEC_FIQ));
	for (;;) {
		sync_host(n);
		wfi();
		n = faults_taken();
		fault_arm(FAULT_MASK(GUEST_VEC_IRQ) |
			  FAULT_MASK(GUEST_VEC_FIQ));
	}
}

static int compute(u32 unused)
{
	u32 cpu = cpu_index();

	(void)unused;
	publish(SIGNALS_RESULT(cpu), signals_compute(cpu + 1));
	return 0;
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	u32 i;

	(void)r2;
	switch (r0) {
	case SIGNALS_SPIN:
		spin();
	case SIGNALS_IRQ:
		take_interrupts(true);
	case SIGNALS_SPIN_IRQ:
		take_interrupts(false);
	case SIGNALS_MASKED:
		wait_masked();
	}
	for (i = 1; i < r1; i++)
		if (cpu_on(i, compute, 0))
			return 1;
	return compute(0);
}
