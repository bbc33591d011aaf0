// SPDX-License-Identifier: GPL-2.0
/* Run pieces of Thumb code for a test, and take their exceptions. */
#include "guest.h"
#include "guest_thumb.h"

_Static_assert(sizeof(struct thumb_order) - offsetof(struct thumb_order, count)
	       == sizeof(struct fault), "not as struct fault");
_Static_assert(offsetof(struct thumb_order, entry) == 0 &&
	       offsetof(struct thumb_order, flags) == 4 &&
	       offsetof(struct thumb_order, regs) == 8, "not as in run_code");

/* run_code(r0 = struct thumb_order) */
void run_code(struct thumb_order *order);
asm("	.text\n"
	"	.arm\n"
	"run_code:\n"
	"	push	{r0, r4-r11, lr}\n"
	"	mov	r12, r0\n"
	"	ldr	r9, [r12], #4\n"
	"	ldr	r8, [r12], #4\n"
	"	msr	cpsr_f, r8\n"
	"	ldm	r12, {r0-r7}\n"
	"	blx	r9\n"
	"	mrs	r8, cpsr\n"
	"	ldr	r12, [sp]\n"
	"	add	r12, r12, #4\n"
	"	str	r8, [r12], #4\n"
	"	stm	r12, {r0-r7}\n"
	"	pop	{r0, r4-r11, pc}\n");

static void copy(volatile u32 *dst, const volatile u32 *src)
{
	size_t i;

	for (i = 0; i < sizeof(struct thumb_order) / sizeof(u32); i++)
		dst[i] = src[i];
}

static void execute(struct thumb_order *order)
{
	struct fault fault;

	fault_arm(FAULT_ANY);
	if (order->irq)
		asm volatile("cpsie	if" : : : "memory");
	run_code(order);
	asm volatile("cpsid	if" : : : "memory");
	fault = fault_take();
	memcpy(&order->count, &fault, sizeof(fault));
}

int guest_main(u32 r0, u32 r1, u32 r2)
{
	struct thumb_order order;

	(void)r0;
	(void)r1;
	(void)r2;
	/* Caches on: the host accesses the shared page through its own. */
	mmu_enable(MMU_SHORT);
	vfp_enable();
	for (;;) {
		sync_host(THUMB_READY);
		copy((u32 *)&order, guest_shared);
		sync_code((void *)THUMB_CODE, THUMB_CODE_SIZE);
		sync_host(THUMB_GO);
		execute(&order);
		copy(guest_shared, (u32 *)&order);
	}
}
