// SPDX-License-Identifier: GPL-2.0
/* Show the host that the guest sees the host's current memory. */
#include "guest.h"
#include "guest_echo.h"

static u32 pages;
static u32 expected[ECHO_CPUS][ECHO_PAGES];

static u32 word(u32 page, u32 n)
{
	return ECHO_BASE + page * 4096 + 4 * n;
}

/* Tell whether the page still has what this CPU has written to it. */
static bool visit(u32 cpu, u32 page)
{
	u32 value;

	io_write32(word(page, ECHO_COPY(cpu)),
		   io_read32(word(page, ECHO_HOST)));
	value = io_read32(word(page, ECHO_COUNT(cpu)));
	if (value != expected[cpu][page]) {
		if (value || !guest_shared[ECHO_ZERO_OK]) {
			report(page);
			report(value);
			report(expected[cpu][page]);
			return false;
		}
		guest_shared[ECHO_ZEROS(cpu)]++;
	}
	io_write32(word(page, ECHO_COUNT(cpu)), value + 1);
	expected[cpu][page] = value + 1;
	return true;
}

static int echo(u32 unused)
{
	u32 cpu = cpu_index(), page;

	(void)unused;
	mmu_enable(MMU_SHORT);
	for (;;) {
		for (page = 0; page < pages; page++) {
			if (guest_shared[ECHO_STOP])
				return 0;
			if (!visit(cpu, page))
				return 1;
		}
	}
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	(void)r1;
	(void)r2;
	pages = r0;
	if (cpu_on(1, echo, 0))
		return 1;
	return echo(0);
}
