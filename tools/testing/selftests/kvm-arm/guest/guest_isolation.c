// SPDX-License-Identifier: GPL-2.0
/*
 * Give every register that is switched between guests a value of this guest's
 * own, and check that it stays.
 */
#include "guest.h"
#include "guest_isolation.h"

#define NR_VFP	32

enum row {
#define ROW32(name, ...)	ROW_##name,
#define ROW64(name, ...)	ROW_##name,
#include "coproc/regs.h"
	NR_ROWS
};

static const struct {
	enum row row;
	u64 mask;
} masks[] = {
#define REG_MASK(name, bits) { ROW_##name, bits },
#include "reg_masks.h"
	/* Keep VBAR: it must point to the vectors. */
	{ ROW_VBAR, 0 },
};

static const char *const names[] = {
#define ROW32(name, ...)	#name,
#define ROW64(name, ...)	#name,
#include "coproc/regs.h"
};

static bool all_there;

/*
 * Tell from the rest of a row whether the register exists: if the row names a
 * feature, the host may lack it.
 */
static bool is_there(const char *more)
{
	for (; *more; more++)
		if (more[0] == '.' && more[1] == 'f' && more[2] == 'e')
			return all_there;
	return true;
}

/* Rows whose value a guest can choose, and a few similar ones */
static bool read_row(enum row row, u64 *value)
{
	switch (row) {
#define READ(name)							\
	case ROW_##name:						\
		*value = read_##name();					\
		return true;
#define SWITCHED32(name, ...)						\
	case ROW_##name:						\
		if (!is_there(#__VA_ARGS__))				\
			return false;					\
		*value = read_##name();					\
		return true;
#define SWITCHED64(name, ...)	READ(name)
#include "coproc/regs.h"
	READ(CSSELR)
	READ(CNTV_CVAL)
	READ(CNTV_CTL)
	READ(CNTP_CVAL)
	default:
		return false;
	}
}

static void write_row(enum row row, u64 value)
{
	switch (row) {
#define WRITE(name)							\
	case ROW_##name:						\
		write_##name(value);					\
		break;
#define SWITCHED32(name, ...)	WRITE(name)
#define SWITCHED64(name, ...)	WRITE(name)
#include "coproc/regs.h"
	WRITE(CSSELR)
	WRITE(CNTV_CVAL)
	WRITE(CNTV_CTL)
	WRITE(CNTP_CVAL)
	default:
		break;
	}
}

/* Registers of other modes that this mode can read and write */
#define BANKED(op)							\
	op(0, SP_usr) op(1, LR_usr) op(2, R8_fiq) op(3, R9_fiq)		\
	op(4, R10_fiq) op(5, R11_fiq) op(6, R12_fiq) op(7, SP_fiq)	\
	op(8, LR_fiq) op(9, SPSR_fiq) op(10, SP_irq) op(11, LR_irq)	\
	op(12, SPSR_irq) op(13, SP_abt) op(14, LR_abt) op(15, SPSR_abt)	\
	op(16, SP_und) op(17, LR_und) op(18, SPSR_und)
#define NR_BANKED	19

#define READ_BANKED(n, reg)						\
	asm volatile(".arch_extension virt\n"				\
		     "	mrs	%0, " #reg : "=r" (v[n]));
#define WRITE_BANKED(n, reg)						\
	asm volatile(".arch_extension virt\n"				\
		     "	msr	" #reg ", %0" : : "r" (v[n]));

static struct state {
	u64 cp15[NR_ROWS];
	u64 vfp[NR_VFP];
	u32 banked[NR_BANKED];
	u32 fpscr;
} expected[GUEST_MAX_CPUS], found[GUEST_MAX_CPUS];

static u32 seed, rounds;

static u64 random64(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void choose(struct state *s, u32 cpu)
{
	u64 state = 0x9e3779b97f4a7c15ULL ^ ((u64)seed << 32) ^ (cpu + seed);
	u64 value, mask;
	u32 i, k;

	for (i = 0; i < NR_ROWS; i++) {
		if (!read_row(i, &value))
			continue;
		mask = -1ULL;
		for (k = 0; k < ARRAY_SIZE(masks); k++)
			if (masks[k].row == i)
				mask = masks[k].mask;
		s->cp15[i] = (value & ~mask) | (random64(&state) & mask);
		write_row(i, s->cp15[i]);
		/* Keep the upper word only if the register has 64 bits. */
		read_row(i, &value);
		s->cp15[i] &= value | 0xffffffff;
	}
	/* CPACR must give access to VFP. */
	write_CPACR(0x00f00000);
	s->cp15[ROW_CPACR] = read_CPACR();
	for (i = 0; i < NR_VFP; i++)
		s->vfp[i] = random64(&state);
	for (i = 0; i < NR_BANKED; i++)
		s->banked[i] = random64(&state);
	/* An SPSR can hold flags and a valid mode. */
	for (i = 9; i < NR_BANKED; i += 3)
		s->banked[i] = (s->banked[i] & 0xf0000000) | CPSR_SVC;
	s->fpscr = random64(&state) & 0xf3c00000;
}

static void load(const struct state *s)
{
	const u32 *v = s->banked;

	BANKED(WRITE_BANKED)
	vfp_enable();
	vfp_load(s->vfp, NR_VFP);
	vfp_set_fpscr(s->fpscr);
}

static void store(struct state *s)
{
	u32 *v = s->banked;
	u32 i;

	for (i = 0; i < NR_ROWS; i++)
		read_row(i, &s->cp15[i]);
	BANKED(READ_BANKED)
	vfp_store(s->vfp, NR_VFP);
	s->fpscr = vfp_get_fpscr();
}

static bool check(const char *what, u32 n, u64 is, u64 should)
{
	if (is == should)
		return true;
	print("seed %u: %s %u is %016llx, not %016llx\n", seed, what, n, is,
	      should);
	return false;
}

static bool compare(const struct state *is, const struct state *should)
{
	bool ok = true;
	u32 i;

	for (i = 0; i < NR_ROWS; i++)
		ok &= check(names[i], i, is->cp15[i], should->cp15[i]);
	for (i = 0; i < NR_VFP; i++)
		ok &= check("D", i, is->vfp[i], should->vfp[i]);
	for (i = 0; i < NR_BANKED; i++)
		ok &= check("banked", i, is->banked[i], should->banked[i]);
	return ok & check("FPSCR", 0, is->fpscr, should->fpscr);
}

static int watch(u32 unused)
{
	u32 cpu = cpu_index();
	u32 i;

	(void)unused;
	choose(&expected[cpu], cpu);
	load(&expected[cpu]);
	for (i = 0; !rounds || i < rounds; i++) {
		if (!rounds)
			sync_host(i);
		store(&found[cpu]);
		if (!compare(&found[cpu], &expected[cpu]))
			return 1;
		guest_shared[ISOLATION_ROUNDS(cpu)] = i + 1;
	}
	return 0;
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	u32 i;

	seed = r0;
	rounds = r1;
	all_there = r2 & ISOLATION_ALL;
	for (i = 1; i < (r2 & ~ISOLATION_ALL); i++)
		if (cpu_on(i, watch, 0))
			return 2;
	return watch(0);
}
