// SPDX-License-Identifier: GPL-2.0
/* Use memory that the host removes and adds. */
#include "guest.h"
#include "guest_slots.h"

static u32 flags, stride;
static u32 expected[SLOTS_CPUS][SLOTS_PLACES];

static void maintain_by_set_way(void)
{
	/* One DCCISW is enough: it traps (HCR.TSW). */
	CP_WRITE(15, 0, 7, 14, 2, 0);
	/* KVM clears HCR.TVM when a write shows it that the caches are on. */
	CP_WRITE(15, 0, 1, 0, 0, CP_READ(15, 0, 1, 0, 0));
}

static int use_memory(u32 unused)
{
	u32 cpu = cpu_index(), x = cpu + 1, n, place, where, value;

	(void)unused;
	mmu_enable(MMU_SHORT);
	for (n = 0; !guest_shared[SLOTS_STOP]; n++) {
		guest_shared[SLOTS_COUNT(cpu)] = n;
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		place = x % SLOTS_PLACES;
		where = SLOTS_BASE;
		if ((flags & SLOTS_USE_ALIAS) && (x & BIT(16)))
			where = SLOTS_ALIAS;
		where += place * stride + 4 * SLOTS_WORD(cpu);

		value = io_read32(where);
		if (value != expected[cpu][place]) {
			report(where);
			report(value);
			report(expected[cpu][place]);
			return 1;
		}
		io_write32(where, value + 1);
		expected[cpu][place]++;
		if ((flags & SLOTS_SET_WAY) && n % 64 == 0)
			maintain_by_set_way();
	}
	guest_shared[SLOTS_COUNT(cpu)] = n;
	dsb();
	return 0;
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	(void)r2;
	flags = r0;
	stride = r1;
	if (cpu_on(1, use_memory, 0))
		return 1;
	return use_memory(0);
}
