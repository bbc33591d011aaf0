/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between sweep.c, which executes all accesses of a coprocessor,
 * and the users of its results
 */
#ifndef GUEST_SWEEP_H
#define GUEST_SWEEP_H

/* First argument. The others are the coprocessor and a sum of SWEEP_ flags. */
enum sweep_insn {
	SWEEP_MRC,
	SWEEP_MCR,
	SWEEP_MRRC,
	SWEEP_MCRR,
};

#define SWEEP_THUMB	1
#define SWEEP_USER	2

/* Encodings: bits 13:11 opc1, 10:7 CRn, 6:3 CRm, 2:0 opc2 */
#define SWEEP_NR_32	16384
/* bits 7:4 opc1, 3:0 CRm */
#define SWEEP_NR_64	256

/* In p10, only VMRS and VMSR: opc1 7, CRm and opc2 0. The rest is arithmetic. */
static inline int sweep_has(unsigned int cp, unsigned int n)
{
	return cp != 10 || (n >> 11 == 7 && !(n & 0x7f));
}

/* Value that registers keep if a read is undefined */
#define SWEEP_UNTOUCHED	0x5eedf00d

/*
 * Results by encoding: values read (one or two words), and how often the access
 * was undefined. Reports: the number of undefined accesses, and of exceptions
 * at a wrong place or with a wrong LR or SPSR.
 */
#define SWEEP_VALUES	(GUEST_RAM_BASE + 0x200000)
#define SWEEP_COUNTS	(GUEST_RAM_BASE + 0x280000)
/* Code of the sweep */
#define SWEEP_CODE	(GUEST_RAM_BASE + 0x100000)

#endif /* GUEST_SWEEP_H */
