/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest program and the program that runs it share: memory layout, image
 * header, test device and shared page.
 *
 * Included by C on both sides and by guest assembly and the linker script.
 */
#ifndef GUEST_ABI_H
#define GUEST_ABI_H

/* RAM of a guest, unless the guest is linked for another base */
#ifndef GUEST_RAM_BASE
#define GUEST_RAM_BASE		0x40000000
#endif
#define GUEST_RAM_SIZE		0x00400000

/*
 * Image header, at the load address: a branch to the start, then these words.
 * The end includes memory that is not in the file (bss and stacks).
 */
#define GUEST_HDR_MAGIC		0x414d564b	/* "KVMA" */
#define GUEST_HDR_MAGIC_OFF	0x4
#define GUEST_HDR_BASE_OFF	0x8
#define GUEST_HDR_END_OFF	0xc

/* The shared page: plain RAM, at this offset from the load address */
#define GUEST_SHARED_OFF	0x1000
#define GUEST_SHARED_WORDS	1024

/*
 * The test device: one page of MMIO, 32-bit registers.
 *
 * PUTC    w  print a character on the guest's console
 * REPORT  w  append a value to the list of reports
 * DONE    w  end the guest with this status (0 is success)
 * SYNC    w  hand over to the host program, with a value
 * ARG     r  take the next argument of the host program (0 if there is none)
 * FAULT   w  report an unexpected exception: its vector
 */
#ifndef GUEST_IO
#define GUEST_IO		0x10000000
#endif
#define GUEST_IO_SIZE		0x1000
#define GUEST_IO_PUTC		0x00
#define GUEST_IO_REPORT		0x04
#define GUEST_IO_DONE		0x08
#define GUEST_IO_SYNC		0x0c
#define GUEST_IO_ARG		0x10
#define GUEST_IO_FAULT		0x14

#define GUEST_MAX_CPUS		8

/* Exception vectors, by their number in the vector table */
#define GUEST_VEC_RESET		0
#define GUEST_VEC_UNDEF		1
#define GUEST_VEC_SVC		2
#define GUEST_VEC_PABT		3
#define GUEST_VEC_DABT		4
#define GUEST_VEC_HYP		5
#define GUEST_VEC_IRQ		6
#define GUEST_VEC_FIQ		7

#endif /* GUEST_ABI_H */
