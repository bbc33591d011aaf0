// SPDX-License-Identifier: GPL-2.0
/* Run CPUs that depend on each other. */
#include "gic.h"
#include "guest_smp.h"

#define PSCI_ALREADY_ON	(-4U)
#define AFFINITY_OFF	1
#define TICKS_PER_SECOND	500
#define VTIMER_PPI	27
#define CTL_ENABLE	1

static u32 nr_cpus, rounds, period;
static enum smp_mode mode;

static volatile u32 lock, next_ticket, owner;
static volatile u32 sum, inside, overlaps;
static volatile u32 ready, finished;
static volatile u32 counts[GUEST_MAX_CPUS];

static volatile u32 failures, starts, successes, already_on, others;
static volatile u32 generation, arrived, released;

static void wfe(void)
{
	asm volatile("wfe" : : : "memory");
}

static void sev(void)
{
	dsb();
	asm volatile("sev" : : : "memory");
}

/* Return the old value. */
static u32 atomic_add(volatile u32 *p, u32 n)
{
	u32 old, new, failed;

	do {
		asm volatile("ldrex	%0, [%3]\n"
			     "add	%1, %0, %4\n"
			     "strex	%2, %1, [%3]"
			     : "=&r" (old), "=&r" (new), "=&r" (failed)
			     : "r" (p), "r" (n) : "memory");
	} while (failed);
	dmb();
	return old;
}

static void lock_any(void)
{
	u32 was, failed;

	for (;;) {
		asm volatile("ldrex	%0, [%1]" : "=r" (was) : "r" (&lock)
			     : "memory");
		if (was) {
			wfe();
			continue;
		}
		asm volatile("strex	%0, %1, [%2]" : "=&r" (failed)
			     : "r" (1), "r" (&lock) : "memory");
		if (!failed)
			break;
	}
	dmb();
}

static void unlock_any(void)
{
	dmb();
	lock = 0;
	sev();
}

static void lock_ticket(void)
{
	u32 mine = atomic_add(&next_ticket, 1);

	while (owner != mine)
		wfe();
	dmb();
}

static void unlock_ticket(void)
{
	dmb();
	owner++;
	sev();
}

/* A critical section that takes some time, and counts overlaps. */
static void critical(u32 cpu)
{
	u32 was, i;

	if (inside++)
		overlaps++;
	was = sum;
	for (i = 0; i < 300; i++)
		dmb();
	sum = was + 1;
	counts[cpu]++;
	inside--;
}

static bool go_on(u32 n)
{
	return mode == SMP_FOREVER ? !guest_shared[SMP_STOP] : n < rounds;
}

static void count(u32 cpu)
{
	u32 n;

	for (n = 0; go_on(n); n++) {
		switch (mode) {
		case SMP_ATOMIC:
			atomic_add(&sum, 1);
			counts[cpu]++;
			break;
		case SMP_LOCK:
			lock_any();
			critical(cpu);
			unlock_any();
			break;
		default:
			lock_ticket();
			critical(cpu);
			guest_shared[SMP_PROGRESS] = sum;
			unlock_ticket();
		}
	}
}

/* All CPUs start together. CPU 0 waits until all have finished. */
static int counting_cpu(u32 cpu)
{
	mmu_enable(MMU_SHORT);
	atomic_add(&ready, 1);
	sev();
	while (ready != nr_cpus)
		wfe();
	count(cpu);
	atomic_add(&finished, 1);
	sev();
	return 0;
}

static void report_counts(void)
{
	u32 cpu;

	counting_cpu(0);
	while (finished != nr_cpus)
		wfe();
	report(sum);
	report(overlaps);
	for (cpu = 0; cpu < nr_cpus; cpu++)
		report(counts[cpu]);
}

static void wait_until_off(u32 cpu)
{
	while (hvc_call(PSCI_AFFINITY_INFO, cpu_affinity(cpu), 0, 0) != AFFINITY_OFF)
		wfe();
}

static int powered_cpu(u32 cpu)
{
	counts[cpu]++;
	dsb();
	if (counts[cpu] < rounds)
		hvc_call(PSCI_CPU_OFF, 0, 0, 0);
	/* Only the last round gets here. */
	return counts[cpu] == rounds ? 0 : 1;
}

static void power(void)
{
	u32 cpu, n;

	for (n = 0; n < rounds; n++) {
		for (cpu = 1; cpu < nr_cpus; cpu++) {
			wait_until_off(cpu);
			if (cpu_on(cpu, powered_cpu, cpu))
				failures++;
		}
	}
	for (cpu = 1; cpu < nr_cpus; cpu++)
		while (counts[cpu] != rounds)
			wfe();
	report(failures);
	for (cpu = 1; cpu < nr_cpus; cpu++)
		report(counts[cpu]);
}

/* Wait for all calling CPUs. */
static void barrier(void)
{
	u32 now = generation;

	if (atomic_add(&arrived, 1) == nr_cpus - 2) {
		arrived = 0;
		dmb();
		generation = now + 1;
		sev();
	}
	while (generation == now)
		wfe();
	dmb();
}

/* Stay on until all have called; turn off with nothing left in the caches. */
static int contended_cpu(u32 unused)
{
	u32 mine;

	(void)unused;
	mmu_enable(MMU_SHORT);
	mine = ++starts;
	while (released < mine)
		wfe();
	mmu_disable();
	if (mine < rounds)
		hvc_call(PSCI_CPU_OFF, 0, 0, 0);
	return mine == rounds ? 0 : 1;
}

static int racing_cpu(u32 cpu)
{
	const u32 last = nr_cpus - 1;
	u32 n;
	int ret;

	mmu_enable(MMU_SHORT);
	for (n = 0; n < rounds; n++) {
		if (!cpu)
			wait_until_off(last);
		barrier();
		ret = cpu_on(last, contended_cpu, last);
		if (!ret)
			atomic_add(&successes, 1);
		else if ((u32)ret == PSCI_ALREADY_ON)
			atomic_add(&already_on, 1);
		else
			atomic_add(&others, 1);
		barrier();
		if (!cpu) {
			released = n + 1;
			sev();
		}
	}
	return 0;
}

static void race(void)
{
	racing_cpu(0);
	while (starts != rounds)
		wfe();
	report(successes);
	report(already_on);
	report(others);
	report(starts);
}

/* The new compare value lowers the line. */
static void tick(u32 iar)
{
	if (GICC_IAR_ID(iar) != VTIMER_PPI) {
		others++;
		return;
	}
	write_CNTV_CVAL(read_CNTVCT() + period);
	guest_shared[SMP_TICK(cpu_index())]++;
}

/* Spin, so that only the interrupt makes it exit. */
static int ticking_cpu(u32 unused)
{
	(void)unused;
	mmu_enable(MMU_SHORT);
	gic_init();
	gic_enable(VTIMER_PPI);
	write_CNTV_CVAL(read_CNTVCT() + period);
	write_CNTV_CTL(CTL_ENABLE);
	irq_enable();
	while (!guest_shared[SMP_STOP])
		;
	irq_disable();
	write_CNTV_CTL(0);
	return others;
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	int (*fn)(u32 cpu) = counting_cpu;
	u32 cpu, started = r1;

	mode = r0;
	nr_cpus = r1;
	rounds = r2;
	if (mode == SMP_RACE) {
		fn = racing_cpu;
		started--;
	}
	if (mode == SMP_TICKS) {
		fn = ticking_cpu;
		period = CP_READ(15, 0, 14, 0, 0) / TICKS_PER_SECOND;
		gic_handle(tick);
	}
	dsb();
	for (cpu = 1; cpu < started && mode != SMP_POWER; cpu++)
		if (cpu_on(cpu, fn, cpu))
			return 1;
	switch (mode) {
	case SMP_POWER:
		power();
		break;
	case SMP_RACE:
		race();
		break;
	case SMP_TICKS:
		return ticking_cpu(0);
	default:
		report_counts();
	}
	return 0;
}
