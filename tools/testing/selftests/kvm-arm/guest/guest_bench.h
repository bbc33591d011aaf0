/* SPDX-License-Identifier: GPL-2.0 */
/* The interface between the benchmark and its guest */
#ifndef GUEST_BENCH_H
#define GUEST_BENCH_H

enum bench_op {
	BENCH_NOTHING,
	BENCH_ACTLR,
	BENCH_PMCR,
	BENCH_DBGDSCR,
	BENCH_HVC,
	BENCH_MMIO,
	BENCH_MMIO_8,
	BENCH_STRD,
	BENCH_STM_8,
	/* Store to the pages of BENCH_PAGES: upwards, or downwards from the last. */
	BENCH_TOUCH_UP,
	BENCH_TOUCH_DOWN,
};

/* Address of BENCH_MMIO and similar stores: no memory and no device */
#define BENCH_MMIO_ADDR		0x20000000
#define BENCH_MMIO_SIZE		32
/* Memory for BENCH_TOUCH_*, unmapped before every run */
#define BENCH_PAGES		0x50000000

#endif /* GUEST_BENCH_H */
