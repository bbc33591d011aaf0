/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between the program "execute", which executes instructions one
 * by one, and lib/execute.c
 */
#ifndef GUEST_EXECUTE_H
#define GUEST_EXECUTE_H

#include <stdint.h>

enum execute_op {
	EXECUTE_INSN,
	EXECUTE_MMU_SHORT,
	EXECUTE_MMU_LPAE,
	EXECUTE_MMU_OFF,
	EXECUTE_MMU_UNMAP,
	EXECUTE_VFP_ON,
	EXECUTE_ASYNC_ABORT,
};

/*
 * An order and its outcome, at the start of the shared page:
 *
 * op      what to do
 * armed   exceptions to survive: a bit for each vector
 * insn    the rest is struct exec of guest.h ...
 * it
 * cpsr
 * r
 * pc
 * count   ... and struct fault
 * vector
 * fault_pc
 * lr
 * spsr
 * fault_cpsr
 * dfsr
 * dfar
 * ifsr
 * ifar
 */
struct execute {
	uint32_t op;
	uint32_t armed;
	uint32_t insn;
	uint32_t it;
	uint32_t cpsr;
	uint32_t r[15];
	uint32_t pc;
	uint32_t count;
	uint32_t vector;
	uint32_t fault_pc;
	uint32_t lr;
	uint32_t spsr;
	uint32_t fault_cpsr;
	uint32_t dfsr;
	uint32_t dfar;
	uint32_t ifsr;
	uint32_t ifar;
};

#endif /* GUEST_EXECUTE_H */
