// SPDX-License-Identifier: GPL-2.0
/* Compare the states of two VMs; see state_compare.h. */
#include <string.h>

#include "harness.h"
#include "state_compare.h"

#define CTL_ISTATUS	4
#define PPI_BIT(ppi)	(1U << (ppi))
#define TIMER_PPIS	(PPI_BIT(PPI_VTIMER) | PPI_BIT(PPI_PTIMER))

uint64_t state_steady(uint64_t id, uint64_t value)
{
	if (id == KVM_REG_ARM_TIMER_CNT)
		return 0;
	if (id == KVM_REG_ARM_TIMER_CTL || id == KVM_REG_ARM_PTIMER_CTL)
		value &= ~(uint64_t)CTL_ISTATUS;
	return value;
}

uint32_t gic_steady(uint32_t group, uint32_t offset, uint32_t value)
{
	if (group == KVM_DEV_ARM_VGIC_GRP_DIST_REGS &&
	    (offset == GICD_ISPENDR || offset == GICD_ICPENDR))
		value &= ~TIMER_PPIS;
	return value;
}

static void compare_regs(const struct state_section *is, const struct state_section *want)
{
	const struct state_reg *a = (const void *)(is + 1), *b = (const void *)(want + 1);
	unsigned int i, n = want->size / sizeof(*b);
	char name[REG_NAME_LEN];

	for (i = 0; i < n; i++) {
		expect_equal(a[i].id, b[i].id, "vcpu %u: register %u", want->index, i);
		expect_equal(state_steady(a[i].id, a[i].value),
			     state_steady(b[i].id, b[i].value), "vcpu %u: %s",
			     want->index, reg_name(b[i].id, name));
	}
}

static void compare_vcpu(const struct state_section *is, const struct state_section *want)
{
	const struct state_vcpu *a = (const void *)(is + 1), *b = (const void *)(want + 1);

	expect_equal(a->mp_state, b->mp_state, "vcpu %u: power state", want->index);
	expect(!memcmp(&a->events, &b->events, sizeof(a->events)),
	       "vcpu %u: events differ", want->index);
}

static void compare_gic(const struct state_section *is, const struct state_section *want)
{
	const struct gic_state *a = (const void *)(is + 1), *b = (const void *)(want + 1);
	unsigned int i;

	for (i = 0; i < b->nr_regs; i++)
		expect_equal(gic_steady(a->regs[i].group, a->regs[i].offset,
					a->regs[i].value),
			     gic_steady(b->regs[i].group, b->regs[i].offset,
					b->regs[i].value),
			     "GIC, group %u, %#x of vcpu %u", b->regs[i].group,
			     b->regs[i].offset, b->regs[i].vcpu);
}

static const struct state_section *next(const struct state_section *section)
{
	return (const void *)((const char *)(section + 1) + section->size);
}

void expect_same_image(const struct state_image *is, const struct state_image *want)
{
	const void *end = want->data + want->size;
	const struct state_section *a, *b;

	if (!expect_equal(is->size, want->size, "size of the state"))
		return;
	a = (const void *)(is->data + sizeof(struct state_header));
	b = (const void *)(want->data + sizeof(struct state_header));
	for (; (const void *)b < end; a = next(a), b = next(b)) {
		if (!expect(a->type == b->type && a->index == b->index &&
			    a->size == b->size, "section %u, %u differs", b->type,
			    b->index))
			return;
		if (b->type == STATE_REGS)
			compare_regs(a, b);
		else if (b->type == STATE_VCPU)
			compare_vcpu(a, b);
		else if (b->type == STATE_GIC)
			compare_gic(a, b);
		else if (b->type != STATE_TIME)
			expect(!memcmp(a + 1, b + 1, b->size), "section %u, %u differs",
			       b->type, b->index);
	}
}
