// SPDX-License-Identifier: GPL-2.0
/*
 * Compute a sequence whose every step can be checked, on two CPUs, in core and
 * VFP registers and in memory, with interrupts of all kinds. End with an error
 * if anything is lost, repeated or changed by the host.
 */
#include "gic.h"
#include "guest_migrate.h"

#define SGI_PING		3
#define SGI_PONG		5
#define NR_D			32
/* More than a page for each CPU, and not a multiple of a page */
#define NR_WORDS		3001

static struct cpu {
	u64 last_time;
	u64 vtimer_next;
	u64 ptimer_next;
	u32 sequence;
	u32 memory[NR_WORDS];
} cpus[MIGRATE_CPUS];

/* Words of the shared page that the CPUs use among themselves */
enum {
	FIRST_IS_DONE = MIGRATE_OWN,
	/* One message at a time in each direction */
	PINGS,
	PONGS,
	MAILBOX_0,
	MAILBOX_1,
};

static u32 patience;

static void __noreturn fail(enum migrate_error error, const char *what,
			    u64 is, u64 should)
{
	print("CPU %u: %s is %016llx, should be %016llx\n", cpu_index(), what,
	      is, should);
	done(error);
}

static inline void count(u32 word)
{
	guest_shared[word]++;
}

/* ---- core registers ----------------------------------------------------- */

#define NR_CORE		14
#define APSR_BITS	0xf80f0000
#define CORE_ROUNDS	16

struct core {
	u32 r[NR_CORE];
	u32 apsr;
};

/* Use r0-r12 and lr, all at once, and keep the flags unchanged. */
static void __attribute__((naked)) churn(struct core *core)
{
	asm volatile("push	{r0, r4-r11, lr}\n"
		     "ldr	r1, [r0, #56]\n"
		     "msr	apsr_nzcvqg, r1\n"
		     "mov	lr, r0\n"
		     "ldm	lr, {r0-r12, lr}\n"
		     ".rept	16\n"
		     "add	r0, r0, r1\n"
		     "eor	r1, r1, r2, ror #7\n"
		     "add	r2, r2, r3\n"
		     "eor	r3, r3, r4, ror #7\n"
		     "add	r4, r4, r5\n"
		     "eor	r5, r5, r6, ror #7\n"
		     "add	r6, r6, r7\n"
		     "eor	r7, r7, r8, ror #7\n"
		     "add	r8, r8, r9\n"
		     "eor	r9, r9, r10, ror #7\n"
		     "add	r10, r10, r11\n"
		     "eor	r11, r11, r12, ror #7\n"
		     "add	r12, r12, lr\n"
		     "eor	lr, lr, r0, ror #7\n"
		     ".endr\n"
		     "push	{r0-r12, lr}\n"
		     "mrs	r1, cpsr\n"
		     "ldr	r0, [sp, #56]\n"
		     "str	r1, [r0, #56]\n"
		     "add	lr, r0, #28\n"
		     "pop	{r1-r7}\n"
		     "stm	r0, {r1-r7}\n"
		     "pop	{r1-r7}\n"
		     "stm	lr, {r1-r7}\n"
		     "pop	{r0, r4-r11, pc}");
	(void)core;
}

static void simulate(struct core *core)
{
	u32 *r = core->r;
	u32 i, k, next;

	for (k = 0; k < CORE_ROUNDS; k++) {
		for (i = 0; i < NR_CORE; i++) {
			next = r[(i + 1) % NR_CORE];
			if (i % 2)
				r[i] ^= next >> 7 | next << 25;
			else
				r[i] += next;
		}
	}
}

static void check_core(u32 n)
{
	struct core is, should;
	u32 i;

	for (i = 0; i < NR_CORE; i++)
		is.r[i] = n * (2 * i + 3) + (i << 28);
	is.apsr = (n * 0x9e3779b9) & APSR_BITS;
	should = is;
	churn(&is);
	simulate(&should);
	for (i = 0; i < NR_CORE; i++)
		if (is.r[i] != should.r[i])
			fail(MIGRATE_CORE, "a core register", is.r[i],
			     should.r[i]);
	if ((is.apsr & APSR_BITS) != should.apsr)
		fail(MIGRATE_CORE, "APSR", is.apsr & APSR_BITS, should.apsr);
}

/* ---- VFP ---------------------------------------------------------------- */

/*
 * D0-D14 are numbers that grow by D15, D16-D30 integers that grow by D31. They
 * exist only in the registers.
 */
#define D_STEP		15
#define D_INT		16
#define D_INT_STEP	31
#define INT_STEP	0x123456789abcdefULL
#define FPSCR_BITS	0xf3c00000

/* Convert to the bits of a double. */
static u64 to_double(u32 value)
{
	u32 shift = __builtin_clz(value);

	return (u64)(1023 + 31 - shift) << 52 |
	       ((u64)value << (21 + shift) & ((1ULL << 52) - 1));
}

static u64 vfp_value(u32 d, u32 cpu, u32 n)
{
	if (d == D_STEP)
		return to_double(1);
	if (d == D_INT_STEP)
		return INT_STEP;
	if (d < D_INT)
		return to_double((d + 1) * 0x1000001 + cpu * 0x10101 + n);
	return ((u64)(d + cpu * NR_D) << 56) + INT_STEP * n;
}

static u32 fpscr_value(u32 n)
{
	return n * 0x85ebca6b & FPSCR_BITS;
}

static void vfp_start(u32 cpu)
{
	u64 d[NR_D];
	u32 i;

	vfp_enable();
	for (i = 0; i < NR_D; i++)
		d[i] = vfp_value(i, cpu, 0);
	vfp_load(d, NR_D);
	vfp_set_fpscr(fpscr_value(0));
}

#define ADD_F64(n)	"vadd.f64	d" #n ", d" #n ", d15\n"
#define ADD_I64(n)	"vadd.i64	d" #n ", d" #n ", d31\n"

static void vfp_step(void)
{
	asm volatile(".fpu	neon-vfpv4\n"
		     ADD_F64(0) ADD_F64(1) ADD_F64(2) ADD_F64(3)
		     ADD_F64(4) ADD_F64(5) ADD_F64(6) ADD_F64(7)
		     ADD_F64(8) ADD_F64(9) ADD_F64(10) ADD_F64(11)
		     ADD_F64(12) ADD_F64(13) ADD_F64(14)
		     ADD_I64(16) ADD_I64(17) ADD_I64(18) ADD_I64(19)
		     ADD_I64(20) ADD_I64(21) ADD_I64(22) ADD_I64(23)
		     ADD_I64(24) ADD_I64(25) ADD_I64(26) ADD_I64(27)
		     ADD_I64(28) ADD_I64(29) ADD_I64(30));
}

static void check_vfp(u32 cpu, u32 n)
{
	u32 fpscr = vfp_get_fpscr();
	u64 d[NR_D], should;
	u32 i;

	if (fpscr != fpscr_value(n - 1))
		fail(MIGRATE_FPSCR, "FPSCR", fpscr, fpscr_value(n - 1));
	vfp_set_fpscr(fpscr_value(n));
	vfp_step();
	vfp_store(d, NR_D);
	for (i = 0; i < NR_D; i++) {
		should = vfp_value(i, cpu, n);
		if (d[i] != should)
			fail(MIGRATE_VFP, "a D register", d[i], should);
	}
}

/* ---- memory ------------------------------------------------------------- */

static u32 word_value(u32 cpu, u32 n)
{
	return n * 0x01000193 ^ cpu << 31;
}

/* Check a word when its turn comes, then change it. */
static void check_memory(u32 cpu, u32 n)
{
	u32 *word = &cpus[cpu].memory[n % NR_WORDS];

	if (n > NR_WORDS && *word != word_value(cpu, n - NR_WORDS))
		fail(MIGRATE_MEMORY, "a word", *word,
		     word_value(cpu, n - NR_WORDS));
	*word = word_value(cpu, n);
}

static void exclusive_add(void)
{
	u32 value, failed;

	asm volatile("1:	ldrex	%0, [%2]\n"
		     "	add	%0, %0, #1\n"
		     "	strex	%1, %0, [%2]\n"
		     "	cmp	%1, #0\n"
		     "	bne	1b"
		     : "=&r" (value), "=&r" (failed)
		     : "r" (&guest_shared[MIGRATE_TOTAL])
		     : "cc", "memory");
}

/* ---- time and timers ---------------------------------------------------- */

static u32 period(u32 milliseconds)
{
	return CP_READ(15, 0, 14, 0, 0) / 1000 * milliseconds;	/* CNTFRQ */
}

#define VTIMER_PERIOD	period(5)
#define PTIMER_PERIOD	period(7)

static u64 time_now(void)
{
	isb();
	return read_CNTVCT();
}

static u64 physical_now(void)
{
	isb();
	return CP_READ64(15, 0, 14);				/* CNTPCT */
}

/* Call it with interrupts masked: the timer's handler calls it, too. */
static void check_time(struct cpu *cpu)
{
	u64 now = time_now();

	if (now < cpu->last_time)
		fail(MIGRATE_TIME, "CNTVCT", now, cpu->last_time);
	cpu->last_time = now;
}

static void check_time_masked(struct cpu *cpu)
{
	irq_disable();
	check_time(cpu);
	irq_enable();
}

/* ENABLE and ISTATUS only */
static void check_ctl(const char *what, u32 ctl)
{
	if (ctl != 5)
		fail(MIGRATE_TIMER, what, ctl, 5);
}

static void vtimer(struct cpu *cpu)
{
	u64 cval = read_CNTV_CVAL();

	check_time(cpu);
	if (cval != cpu->vtimer_next)
		fail(MIGRATE_TIMER, "CNTV_CVAL", cval, cpu->vtimer_next);
	if (cpu->last_time < cval)
		fail(MIGRATE_TIMER, "CNTVCT in time", cpu->last_time, cval);
	check_ctl("CNTV_CTL", read_CNTV_CTL());
	cpu->vtimer_next += VTIMER_PERIOD;
	write_CNTV_CVAL(cpu->vtimer_next);
	count(MIGRATE_VTIMER(cpu_index()));
}

static void ptimer(struct cpu *cpu)
{
	u64 cval = read_CNTP_CVAL();

	if (cval != cpu->ptimer_next)
		fail(MIGRATE_TIMER, "CNTP_CVAL", cval, cpu->ptimer_next);
	if (physical_now() < cval)
		fail(MIGRATE_TIMER, "CNTPCT in time", physical_now(), cval);
	check_ctl("CNTP_CTL", read_CNTP_CTL());
	/* The physical counter continues while the VM is stopped. */
	cpu->ptimer_next = physical_now() + PTIMER_PERIOD;
	write_CNTP_CVAL(cpu->ptimer_next);
	count(MIGRATE_PTIMER(cpu_index()));
}

static void start_timers(struct cpu *cpu)
{
	cpu->vtimer_next = time_now() + VTIMER_PERIOD;
	cpu->ptimer_next = physical_now() + PTIMER_PERIOD;
	write_CNTV_CVAL(cpu->vtimer_next);
	write_CNTP_CVAL(cpu->ptimer_next);
	write_CNTV_CTL(1);
	write_CNTP_CTL(1);
	gic_enable(PPI_VTIMER);
	gic_enable(PPI_PTIMER);
}

/* ---- interrupts --------------------------------------------------------- */

static void sgi(u32 cpu, u32 iar, u32 expected_id)
{
	u32 other = !cpu;
	u32 message = guest_shared[cpu ? MAILBOX_1 : MAILBOX_0];

	if (GICC_IAR_ID(iar) != expected_id || GICC_IAR_CPU(iar) != other)
		fail(MIGRATE_SGI_ORDER, "GICC_IAR", iar,
		     other << 10 | expected_id);
	if (message != cpus[cpu].sequence + 1)
		fail(MIGRATE_SGI_ORDER, "a message", message,
		     cpus[cpu].sequence + 1);
	cpus[cpu].sequence = message;
	count(MIGRATE_SGI(cpu));
	if (cpu) {
		guest_shared[MAILBOX_0] = message;
		dsb();
		gicd_write(GICD_SGIR, GICD_SGIR_LIST(1, SGI_PONG));
	} else {
		count(PONGS);
	}
}

static void ping(void)
{
	if (guest_shared[PINGS] != guest_shared[PONGS])
		return;
	count(PINGS);
	guest_shared[MAILBOX_1] = guest_shared[PINGS];
	dsb();
	gicd_write(GICD_SGIR, GICD_SGIR_OTHERS(SGI_PING));
}

static void interrupt(u32 iar)
{
	u32 cpu = cpu_index();

	/* Stay active for a while. */
	check_core(iar + guest_shared[MIGRATE_STEPS(cpu)]);
	switch (GICC_IAR_ID(iar)) {
	case SGI_PING:
	case SGI_PONG:
		sgi(cpu, iar, cpu ? SGI_PING : SGI_PONG);
		break;
	case PPI_VTIMER:
		vtimer(&cpus[cpu]);
		break;
	case PPI_PTIMER:
		ptimer(&cpus[cpu]);
		break;
	case MIGRATE_SPI_LEVEL:
		io_write32(MIGRATE_ACK, 1);
		count(MIGRATE_LEVEL(cpu));
		break;
	case MIGRATE_SPI_EDGE:
		count(MIGRATE_EDGE(cpu));
		break;
	default:
		fail(MIGRATE_IRQ, "GICC_IAR", iar, 0);
	}
	check_core(iar);
}

/* ---- the sequence ------------------------------------------------------- */

static void step(u32 cpu, u32 n)
{
	check_core(n);
	check_vfp(cpu, n);
	check_memory(cpu, n);
	check_time_masked(&cpus[cpu]);
	exclusive_add();
	if (!cpu)
		ping();
	/* Sometimes keep interrupts pending for longer, or wait for one. */
	if (n % 8 == 3) {
		irq_disable();
		check_core(n);
		check_core(n + 1);
		irq_enable();
	}
	if (n % 128 == 77 + cpu)
		wfi();
	guest_shared[MIGRATE_STEPS(cpu)] = n;
}

/* Wait until a word of the shared page changes. */
static void wait_for_more(u32 word, u32 before, enum migrate_error error)
{
	u64 end = time_now() + (u64)period(1000) * patience;

	while (guest_shared[word] == before)
		if (time_now() > end)
			fail(error, "the number of interrupts", before,
			     before + 1);
}

static void last_interrupts(u32 cpu)
{
	u32 vtimers = guest_shared[MIGRATE_VTIMER(cpu)];
	u32 ptimers = guest_shared[MIGRATE_PTIMER(cpu)];

	wait_for_more(MIGRATE_VTIMER(cpu), vtimers, MIGRATE_TIMER_LOST);
	wait_for_more(MIGRATE_PTIMER(cpu), ptimers, MIGRATE_TIMER_LOST);
	if (!cpu && guest_shared[PINGS] != guest_shared[PONGS])
		wait_for_more(PONGS, guest_shared[PINGS] - 1,
			      MIGRATE_SGI_LOST);
}

static int run(u32 unused)
{
	u32 cpu = cpu_index();
	u32 n = 0;

	(void)unused;
	mmu_enable(cpu ? MMU_SHORT : MMU_LPAE);
	vfp_start(cpu);
	gic_init();
	start_timers(&cpus[cpu]);
	irq_enable();
	while (!guest_shared[MIGRATE_STOP])
		step(cpu, ++n);
	last_interrupts(cpu);
	if (!cpu)
		guest_shared[FIRST_IS_DONE] = 1;
	while (!guest_shared[FIRST_IS_DONE])
		check_time_masked(&cpus[cpu]);
	irq_disable();
	return MIGRATE_OK;
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	(void)r1;
	(void)r2;
	patience = r0;
	gic_handle(interrupt);
	gic_set_edge(MIGRATE_SPI_LEVEL, false);
	gic_set_edge(MIGRATE_SPI_EDGE, true);
	gic_enable(MIGRATE_SPI_LEVEL);
	gic_enable(MIGRATE_SPI_EDGE);
	if (cpu_on(1, run, 0))
		return MIGRATE_NO_CPU;
	return run(0);
}
