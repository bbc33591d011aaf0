// SPDX-License-Identifier: GPL-2.0
/* Use the timers as the host program orders. */
#include "gic.h"
#include "guest_timer.h"

/* What the handler does about a timer of a CPU, and what it has recorded */
static struct timer {
	u32 limit;
	u32 period;
	u32 count;
	u32 early;
	u32 ctl;
	bool sync;
	u64 cval;
	u64 counter;
} timers[GUEST_MAX_CPUS][2];

static u32 ppi[2];

#define CANCEL_TRIES	200000

/* ISR: an IRQ is pending */
#define ISR_I		0x80

static u64 read_counter(u32 timer)
{
	isb();
	return timer == TIMER_VIRTUAL ? CP_READ64(15, 1, 14) :
					CP_READ64(15, 0, 14);
}

static u32 read_ctl(u32 timer)
{
	isb();
	return timer == TIMER_VIRTUAL ? CP_READ(15, 0, 14, 3, 1) :
					CP_READ(15, 0, 14, 2, 1);
}

static void write_ctl(u32 timer, u32 ctl)
{
	if (timer == TIMER_VIRTUAL)
		CP_WRITE(15, 0, 14, 3, 1, ctl);
	else
		CP_WRITE(15, 0, 14, 2, 1, ctl);
}

static void write_cval(u32 timer, u64 cval)
{
	if (timer == TIMER_VIRTUAL)
		CP_WRITE64(15, 3, 14, cval);
	else
		CP_WRITE64(15, 2, 14, cval);
}

static void fired(u32 timer)
{
	struct timer *t = &timers[cpu_index()][timer];

	t->ctl = read_ctl(timer);
	t->counter = read_counter(timer);
	t->count++;
	if (t->counter < t->cval)
		t->early++;
	if (t->count >= t->limit) {
		write_ctl(timer, 0);
	} else if (t->period) {
		t->cval += t->period;
		write_cval(timer, t->cval);
	}
	if (t->sync)
		sync_host(timer);
}

static void handle_gic(u32 iar)
{
	u32 timer;

	for (timer = 0; timer < 2; timer++)
		if (GICC_IAR_ID(iar) == ppi[timer])
			fired(timer);
}

/* The line may stay high for a while after the timer is off. */
static void handle_line(void)
{
	u32 timer;

	for (timer = 0; timer < 2; timer++)
		if ((read_ctl(timer) & 7) ==
		    (TIMER_CTL_ENABLE | TIMER_CTL_ISTATUS))
			fired(timer);
}

static void set_up(u32 vtimer, u32 ptimer)
{
	u32 timer;

	ppi[0] = vtimer;
	ppi[1] = ptimer;
	if (!vtimer) {
		irq_handle(GUEST_VEC_IRQ, handle_line);
		return;
	}
	gic_init();
	for (timer = 0; timer < 2; timer++)
		gic_enable(ppi[timer]);
	gic_handle(handle_gic);
}

static u64 read_reg(u32 reg)
{
	isb();
	switch (reg) {
	case TIMER_CNTFRQ:
		return CP_READ(15, 0, 14, 0, 0);
	case TIMER_CNTVCT:
		return CP_READ64(15, 1, 14);
	case TIMER_CNTPCT:
		return CP_READ64(15, 0, 14);
	case TIMER_CNTV_CTL:
		return CP_READ(15, 0, 14, 3, 1);
	case TIMER_CNTP_CTL:
		return CP_READ(15, 0, 14, 2, 1);
	case TIMER_CNTV_CVAL:
		return CP_READ64(15, 3, 14);
	case TIMER_CNTP_CVAL:
		return CP_READ64(15, 2, 14);
	case TIMER_CNTV_TVAL:
		return CP_READ(15, 0, 14, 3, 0);
	case TIMER_CNTP_TVAL:
		return CP_READ(15, 0, 14, 2, 0);
	default:
		done(1);
	}
}

static void write_reg(u32 reg, u64 value)
{
	switch (reg) {
	case TIMER_CNTV_CTL:
		CP_WRITE(15, 0, 14, 3, 1, value);
		break;
	case TIMER_CNTP_CTL:
		CP_WRITE(15, 0, 14, 2, 1, value);
		break;
	case TIMER_CNTV_CVAL:
		CP_WRITE64(15, 3, 14, value);
		break;
	case TIMER_CNTP_CVAL:
		CP_WRITE64(15, 2, 14, value);
		break;
	case TIMER_CNTV_TVAL:
		CP_WRITE(15, 0, 14, 3, 0, value);
		break;
	case TIMER_CNTP_TVAL:
		CP_WRITE(15, 0, 14, 2, 0, value);
		break;
	default:
		done(2);
	}
}

static u32 read_isr(void)
{
	return CP_READ(15, 0, 12, 1, 0);
}

static void report64(u64 value)
{
	report(value);
	report(value >> 32);
}

/* Wait until the timer has fired often enough. */
static void wait(struct timer *t, u32 how)
{
	while (__atomic_load_n(&t->count, __ATOMIC_RELAXED) < t->limit) {
		if (how == TIMER_WFI)
			wfi();
		irq_enable();
		isb();
		if (how == TIMER_WFI)
			irq_disable();
	}
	irq_disable();
}

static struct timer *start(u32 timer, u32 limit, u32 ticks, u32 period)
{
	struct timer *t = &timers[cpu_index()][timer];

	memset(t, 0, sizeof(*t));
	t->limit = limit;
	t->period = period;
	t->cval = read_counter(timer) + ticks;
	write_cval(timer, t->cval);
	write_ctl(timer, TIMER_CTL_ENABLE);
	return t;
}

/* Look only after writes that took long: the host may have been interrupted. */
static void cancel(u32 timer, u32 limit, u32 ticks)
{
	u32 tries, time, shortest = ~0U, canceled = 0, pending = 0;
	u64 cval, before, after;

	for (tries = 0; canceled < limit && tries < CANCEL_TRIES; tries++) {
		cval = read_counter(timer) + ticks;
		write_cval(timer, cval);
		write_ctl(timer, TIMER_CTL_ENABLE);
		before = read_counter(timer);
		write_ctl(timer, 0);
		after = read_counter(timer);
		time = after - before;
		if (time < shortest)
			shortest = time;
		if (after < cval && time > 2 * shortest) {
			while (read_counter(timer) <= cval + ticks / 4)
				;
			canceled++;
			pending += read_isr() & ISR_I ? 1 : 0;
		}
		/* An interrupt that came stays pending until it is taken. */
		irq_enable();
		isb();
		irq_disable();
	}
	report(canceled);
	report(pending);
}

static void order(u32 op, u32 a, u32 b, u32 c)
{
	struct timer *t;

	switch (op) {
	case TIMER_SETUP:
		set_up(a, b);
		break;
	case TIMER_READ:
		report64(read_reg(a));
		break;
	case TIMER_WRITE:
		write_reg(a, b | (u64)c << 32);
		break;
	case TIMER_FIRE:
		t = start(a, 1, b, 0);
		t->sync = c == TIMER_SYNC;
		wait(t, c);
		report64(t->cval);
		report64(t->counter);
		report(t->ctl);
		report(t->count);
		break;
	case TIMER_REFIRE:
		t = start(a, b, 0, 0);
		wait(t, c);
		report(t->count);
		break;
	case TIMER_TICKS:
		t = start(a, b, c, c);
		wait(t, TIMER_WFI);
		report(t->count);
		report(t->early);
		break;
	case TIMER_ISR:
		report(read_isr());
		break;
	case TIMER_CANCEL:
		cancel(a, b, c);
		break;
	default:
		done(3);
	}
}

static int obey(u32 unused)
{
	u32 op, a, b, c;

	(void)unused;
	for (;;) {
		op = next_arg();
		a = next_arg();
		b = next_arg();
		c = next_arg();
		if (op == TIMER_CPU_ON)
			report(cpu_on(a, obey, 0));
		else
			order(op, a, b, c);
		sync_host(op);
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
