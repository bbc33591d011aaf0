/* SPDX-License-Identifier: GPL-2.0 */
/* Encodings of instructions and of CPSR, for guest and host programs */
#ifndef INSN_H
#define INSN_H

#define CPSR_USR	0x10U
#define CPSR_FIQ	0x11U
#define CPSR_IRQ	0x12U
#define CPSR_SVC	0x13U
#define CPSR_ABT	0x17U
#define CPSR_UND	0x1bU
#define CPSR_SYS	0x1fU
#define CPSR_MODE	0x1fU
#define CPSR_T		0x00000020U
#define CPSR_F		0x00000040U
#define CPSR_I		0x00000080U
#define CPSR_A		0x00000100U
#define CPSR_E		0x00000200U
#define CPSR_IT		0x0600fc00U
#define CPSR_IL		0x00100000U
#define CPSR_V		0x10000000U
#define CPSR_C		0x20000000U
#define CPSR_Z		0x40000000U
#define CPSR_N		0x80000000U

/* cond is 0xe (AL) in Thumb state. */
#define INSN_MRC(cond, cp, opc1, rt, crn, crm, opc2)			\
	((uint32_t)(cond) << 28 | 0x0e100010 | (opc1) << 21 |		\
	 (crn) << 16 | (rt) << 12 | (cp) << 8 | (opc2) << 5 | (crm))
#define INSN_MCR(cond, cp, opc1, rt, crn, crm, opc2)			\
	((uint32_t)(cond) << 28 | 0x0e000010 | (opc1) << 21 |		\
	 (crn) << 16 | (rt) << 12 | (cp) << 8 | (opc2) << 5 | (crm))
#define INSN_MRRC(cond, cp, opc1, rt, rt2, crm)				\
	((uint32_t)(cond) << 28 | 0x0c500000 | (rt2) << 16 |		\
	 (rt) << 12 | (cp) << 8 | (opc1) << 4 | (crm))
#define INSN_MCRR(cond, cp, opc1, rt, rt2, crm)				\
	((uint32_t)(cond) << 28 | 0x0c400000 | (rt2) << 16 |		\
	 (rt) << 12 | (cp) << 8 | (opc1) << 4 | (crm))

#endif /* INSN_H */
