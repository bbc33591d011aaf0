// SPDX-License-Identifier: GPL-2.0
/* Write to pages, for the dirty log. */
#include "guest.h"
#include "guest_dirty.h"

static u32 address(u32 page, u32 word)
{
	return DIRTY_BASE + page * 4096 + 4 * word;
}

static void write_once(u32 cpu, u32 generation)
{
	u32 n, page, where;

	for (n = 0; n < DIRTY_PAGES; n++) {
		page = dirty_page(generation, cpu, n);
		where = address(page, DIRTY_WORD(cpu));
		if (dirty_writes(generation, cpu, page))
			io_write32(where, generation);
		else
			io_read32(where);
	}
}

static void write_again(u32 cpu, u32 generation)
{
	u32 where[DIRTY_FEW], i, n;

	for (i = 0; i < DIRTY_FEW; i++)
		where[i] = address(dirty_page(generation, 0, i),
				   DIRTY_AGAIN(cpu));
	for (n = 1; n <= DIRTY_TIMES; n++)
		for (i = 0; i < DIRTY_FEW; i++)
			io_write32(where[i], dirty_value(generation, n));
}

static int write_pages(u32 unused)
{
	u32 cpu = cpu_index();
	u32 generation;

	(void)unused;
	/* Cache on: the host reads the memory at the same time. */
	mmu_enable(MMU_SHORT);
	for (generation = 1; ; generation++) {
		sync_host(generation);
		if (guest_shared[DIRTY_STOP])
			return 0;
		write_once(cpu, generation);
		write_again(cpu, generation);
		dsb();
	}
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	u32 i;

	(void)r1;
	(void)r2;
	for (i = 1; i < r0; i++)
		if (cpu_on(i, write_pages, 0))
			return 1;
	return write_pages(0);
}
