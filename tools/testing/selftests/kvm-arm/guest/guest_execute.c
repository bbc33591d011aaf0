// SPDX-License-Identifier: GPL-2.0
/* Execute the host program's orders, one by one. */
#include "guest.h"
#include "guest_execute.h"

_Static_assert(offsetof(struct execute, insn) + sizeof(struct exec) ==
	       offsetof(struct execute, count), "not as struct exec");
_Static_assert(offsetof(struct execute, count) + sizeof(struct fault) ==
	       sizeof(struct execute), "not as struct fault");

/*
 * Leave nothing in the caches: the host program uses the page through its
 * caches, while the guest's may be off.
 */
static void clean_shared(void)
{
	u32 line = (u32)guest_shared;

	for (; line < (u32)guest_shared + sizeof(struct execute); line += 32)
		asm volatile("mcr	p15, 0, %0, c7, c14, 1"	/* DCCIMVAC */
			     : : "r" (line) : "memory");
	dsb();
}

static void copy(volatile u32 *dst, const volatile u32 *src, size_t size)
{
	for (; size; size -= sizeof(*dst))
		*dst++ = *src++;
}

static void execute(struct execute *x)
{
	struct fault fault;
	struct exec e;

	memcpy(&e, &x->insn, sizeof(e));
	fault_arm(x->armed);
	exec(&e);
	fault = fault_take();
	memcpy(&x->insn, &e, sizeof(e));
	memcpy(&x->count, &fault, sizeof(fault));
}

/*
 * Unmask asynchronous aborts. The handler skips an instruction: have some to
 * spare.
 */
static void async_abort(struct execute *x)
{
	struct fault fault;

	fault_arm(FAULT_MASK(GUEST_VEC_DABT));
	asm volatile("cpsie	a\n"
		     "nop\n"
		     "nop\n"
		     "nop\n"
		     "nop\n"
		     "cpsid	a" : : : "memory");
	fault = fault_take();
	memcpy(&x->count, &fault, sizeof(fault));
}

static void obey(struct execute *x)
{
	switch (x->op) {
	case EXECUTE_INSN:
		execute(x);
		break;
	case EXECUTE_MMU_SHORT:
		mmu_enable(MMU_SHORT);
		break;
	case EXECUTE_MMU_LPAE:
		mmu_enable(MMU_LPAE);
		break;
	case EXECUTE_MMU_OFF:
		mmu_disable();
		break;
	case EXECUTE_MMU_UNMAP:
		mmu_unmap(x->r[0]);
		break;
	case EXECUTE_VFP_ON:
		vfp_enable();
		break;
	case EXECUTE_ASYNC_ABORT:
		async_abort(x);
		break;
	}
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	struct execute x;

	(void)r0;
	(void)r1;
	(void)r2;

	for (;;) {
		clean_shared();
		sync_host(0);
		clean_shared();
		copy((u32 *)&x, guest_shared, sizeof(x));
		obey(&x);
		copy(guest_shared, (u32 *)&x, sizeof(x));
	}
}
