// SPDX-License-Identifier: GPL-2.0
/*
 * Saving and restoring a GICv2: pending and active interrupts, and the guest's
 * settings.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gic_guest.h"
#include "harness.h"

#define NR_VCPUS	3
#define NR_IRQS		96
#define DIST		KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define CPU		KVM_DEV_ARM_VGIC_GRP_CPU_REGS

/* Interrupts of the saved VM, named by their state */
#define EDGE_PENDING	40
#define ACTIVE		41
#define ACTIVE_PENDING	42
#define LEVEL_PENDING	43
#define DISABLED	44
#define GROUP1		45
#define OTHER_TARGET	46
#define LEVEL_PPI	20
#define SGI		5
#define SGI_ACTIVE	6

/* ---- save and restore --------------------------------------------------- */

static void pulse(struct kvm_vm *vm, uint32_t id)
{
	spi_line(vm, id, 1);
	spi_line(vm, id, 0);
}

/* Lines are not part of the state: devices have to raise them again. */
static void raise_lines(struct kvm_vm *vm)
{
	spi_line(vm, LEVEL_PENDING, 1);
	ppi_line(vm, 1, LEVEL_PPI, 1);
}

static void acknowledge(struct kvm_vcpu *vcpu, uint32_t iar)
{
	expect_equal(gic_ack(vcpu), iar, "IAR while setting up");
}

/* Set up all kinds of state, with values that differ from those after reset. */
static void set_up(struct gic_machine *m)
{
	static const uint32_t ctlr[NR_VCPUS] = {
		GICC_CTLR_ENABLE0 | GICC_CTLR_ENABLE1 | GICC_CTLR_ACKCTL |
		GICC_CTLR_FIQEN,
		GICC_CTLR_ENABLE0,
		GICC_CTLR_ENABLE0 | GICC_CTLR_EOIMODE,
	};
	struct kvm_vcpu **vcpu = m->vm->vcpus;
	uint32_t id, i;

	gicd_write(vcpu[0], GICD_CTLR, GICD_CTLR_ENABLE);
	for (i = 0; i < NR_VCPUS; i++) {
		gicc_write(vcpu[i], GICC_PMR, 0xe0 + 8 * i);
		gicc_write(vcpu[i], GICC_BPR, 3 + i % 2);
		gicc_write(vcpu[i], GICC_ABPR, 5);
		gicc_write(vcpu[i], GICC_CTLR, ctlr[i]);
		gicd_set_byte(vcpu[i], GICD_IPRIORITYR, LEVEL_PPI, 0x70 + 8 * i);
	}
	/* Every second PPI, except for the timers */
	gicd_write(vcpu[1], GICD_ISENABLER, 0x01550000);
	gicd_write(vcpu[2], GICD_ICENABLER, 0x8000);
	for (id = EDGE_PENDING; id <= OTHER_TARGET; id++) {
		gic_guest_enable(vcpu[0], id, id != LEVEL_PENDING);
		gicd_set_byte(vcpu[0], GICD_IPRIORITYR, id, (id - 32) * 8);
	}
	gicd_set_byte(vcpu[0], GICD_IPRIORITYR, ACTIVE, 0x10);
	gicd_set_byte(vcpu[0], GICD_IPRIORITYR, ACTIVE_PENDING, 0x30);
	gicd_write(vcpu[0], GICD_IGROUPR + 4, 1 << (GROUP1 - 32));
	gicd_set_byte(vcpu[0], GICD_ITARGETSR, OTHER_TARGET, 6);
	gicd_set_byte(vcpu[0], GICD_IPRIORITYR, SGI_ACTIVE, 0x50);

	/* Acknowledge the lower priority first, so that both are active. */
	pulse(m->vm, ACTIVE_PENDING);
	acknowledge(vcpu[0], ACTIVE_PENDING);
	pulse(m->vm, ACTIVE);
	acknowledge(vcpu[0], ACTIVE);
	pulse(m->vm, ACTIVE_PENDING);
	gicd_write(vcpu[0], GICD_SGIR, GICD_SGIR_LIST(4, SGI_ACTIVE));
	acknowledge(vcpu[2], SGI_ACTIVE);

	gicd_set_bit(vcpu[0], GICD_ICENABLER, DISABLED);
	for (id = EDGE_PENDING; id <= OTHER_TARGET; id++)
		if (id != ACTIVE && id != LEVEL_PENDING && id != ACTIVE_PENDING)
			pulse(m->vm, id);
	gicd_write(vcpu[1], GICD_SGIR, GICD_SGIR_LIST(1, SGI));
	gicd_write(vcpu[2], GICD_SGIR, GICD_SGIR_LIST(1, SGI));
	raise_lines(m->vm);
}

/* Everything that the guest sees from here on, in order */
struct transcript {
	unsigned int n;
	uint32_t value[512];
};

static void note(struct transcript *t, uint32_t value)
{
	if (t->n == ARRAY_SIZE(t->value))
		kvm_bail("a transcript is longer than expected");
	t->value[t->n++] = value;
}

static void end(struct kvm_vcpu *vcpu, uint32_t iar)
{
	gic_eoi(vcpu, iar);
	if (vcpu->id == 2)
		gicc_write(vcpu, GICC_DIR, iar);
}

static void note_interrupts(struct transcript *t, struct kvm_vcpu *vcpu)
{
	unsigned int i;
	uint32_t iar;

	for (i = 0; i < 10; i++) {
		note(t, gic_signalled(vcpu));
		note(t, iar = gic_ack(vcpu));
		note(t, gicc_read(vcpu, GICC_RPR));
		if (iar == GIC_SPURIOUS)
			return;
		if (iar == LEVEL_PENDING)
			spi_line(vcpu->vm, LEVEL_PENDING, 0);
		if (iar == LEVEL_PPI)
			ppi_line(vcpu->vm, 1, LEVEL_PPI, 0);
		end(vcpu, iar);
	}
}

static void note_distributor(struct transcript *t, struct kvm_vcpu *vcpu)
{
	static const struct {
		uint32_t offset;
		uint32_t size;
	} regs[] = {
		{ GICD_CTLR, 4 },
		{ GICD_IGROUPR, 8 },
		{ GICD_ISENABLER, 8 },
		{ GICD_ISPENDR, 8 },
		{ GICD_ISACTIVER, 8 },
		{ GICD_IPRIORITYR, 48 },
		{ GICD_ITARGETSR + 32, 16 },
		{ GICD_ICFGR, 12 },
	};
	unsigned int i, offset;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		for (offset = 0; offset < regs[i].size; offset += 4)
			note(t, gicd_read(vcpu, regs[i].offset + offset));
}

static struct transcript go_on(struct gic_machine *m)
{
	struct kvm_vcpu **vcpu = m->vm->vcpus;
	struct transcript t = { 0 };
	unsigned int i;

	for (i = 0; i < NR_VCPUS; i++) {
		note_distributor(&t, vcpu[i]);
		note(&t, gicc_read(vcpu[i], GICC_CTLR));
		note(&t, gicc_read(vcpu[i], GICC_PMR));
		note(&t, gicc_read(vcpu[i], GICC_BPR));
		note(&t, gicc_read(vcpu[i], GICC_ABPR));
		note(&t, gicc_read(vcpu[i], GICC_RPR));
	}
	note_interrupts(&t, vcpu[0]);
	end(vcpu[0], ACTIVE);
	note_interrupts(&t, vcpu[0]);
	end(vcpu[0], ACTIVE_PENDING);
	note_interrupts(&t, vcpu[0]);
	note_interrupts(&t, vcpu[1]);
	note_interrupts(&t, vcpu[2]);
	end(vcpu[2], SGI_ACTIVE);
	note_interrupts(&t, vcpu[2]);
	for (i = 0; i < NR_VCPUS; i++)
		note_distributor(&t, vcpu[i]);
	return t;
}

static struct transcript go_on_elsewhere(const struct gic_state *state)
{
	struct gic_machine m = gic_machine_create(NR_VCPUS, NR_IRQS);
	struct transcript t;

	gic_restore(m.gic, state);
	raise_lines(m.vm);
	t = go_on(&m);
	gic_machine_destroy(&m);
	return t;
}

static void expect_same_state(const struct gic_state *a,
			      const struct gic_state *b)
{
	unsigned int i;

	expect_equal(b->nr_irqs, a->nr_irqs, "interrupts");
	if (!expect_equal(b->nr_regs, a->nr_regs, "registers"))
		return;
	for (i = 0; i < a->nr_regs; i++)
		expect_equal(b->regs[i].value, a->regs[i].value,
			     "group %u, vcpu %u, register %#x",
			     a->regs[i].group, a->regs[i].vcpu,
			     a->regs[i].offset);
}

static void state_is_kept(void)
{
	struct gic_machine a = gic_machine_create(NR_VCPUS, NR_IRQS);
	struct gic_machine b = gic_machine_create(NR_VCPUS, NR_IRQS);
	struct gic_state *before, *after;

	set_up(&a);
	before = gic_save(a.gic, NR_VCPUS);
	after = gic_save(a.gic, NR_VCPUS);
	expect_same_state(before, after);
	free(after);

	/* Restore must also replace other state. */
	gic_restore(b.gic, before);
	gic_restore(b.gic, before);
	after = gic_save(b.gic, NR_VCPUS);
	expect_same_state(before, after);
	free(after);
	free(before);
	gic_machine_destroy(&a);
	gic_machine_destroy(&b);
}

static void guest_goes_on(void)
{
	struct gic_machine m = gic_machine_create(NR_VCPUS, NR_IRQS);
	struct transcript want, got;
	struct gic_state *state;
	unsigned int i;

	set_up(&m);
	state = gic_save(m.gic, NR_VCPUS);
	want = go_on(&m);
	got = go_on_elsewhere(state);
	expect_equal(got.n, want.n, "length");
	for (i = 0; i < want.n && i < got.n; i++)
		expect_equal(got.value[i], want.value[i], "entry %u", i);
	free(state);
	gic_machine_destroy(&m);
}

/* Leave out one part of the state at a time: the outcome must differ. */
static void all_is_needed(void)
{
	static const struct {
		const char *name;
		uint32_t group;
		uint32_t offset;
		uint32_t size;
	} parts[] = {
		{ "GICD_CTLR", DIST, GICD_CTLR, 4 },
		{ "GICD_IIDR", DIST, GICD_IIDR, 4 },
		{ "GICD_IGROUPR", DIST, GICD_IGROUPR, 128 },
		{ "GICD_ISENABLER", DIST, GICD_ISENABLER, 128 },
		{ "GICD_ISPENDR", DIST, GICD_ISPENDR, 128 },
		{ "GICD_ISACTIVER", DIST, GICD_ISACTIVER, 128 },
		{ "GICD_IPRIORITYR", DIST, GICD_IPRIORITYR, 1024 },
		{ "GICD_ITARGETSR", DIST, GICD_ITARGETSR, 1024 },
		{ "GICD_ICFGR", DIST, GICD_ICFGR, 256 },
		{ "GICD_SPENDSGIR", DIST, GICD_SPENDSGIR, 16 },
		{ "GICC_CTLR", CPU, GICC_CTLR, 4 },
		{ "GICC_PMR", CPU, GICC_PMR, 4 },
		{ "GICC_BPR", CPU, GICC_BPR, 4 },
		{ "GICC_ABPR", CPU, GICC_ABPR, 4 },
		{ "GICC_APR", CPU, GICC_APR0, 16 },
	};
	struct gic_machine m = gic_machine_create(NR_VCPUS, NR_IRQS);
	struct gic_state *state, *partial;
	struct transcript want, got;
	unsigned int i, j;
	size_t size;

	set_up(&m);
	state = gic_save(m.gic, NR_VCPUS);
	want = go_on(&m);
	size = sizeof(*state) + state->nr_regs * sizeof(state->regs[0]);
	partial = malloc(size);
	if (!partial)
		kvm_bail("no memory");
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		memcpy(partial, state, size);
		partial->nr_regs = 0;
		for (j = 0; j < state->nr_regs; j++)
			if (state->regs[j].group != parts[i].group ||
			    state->regs[j].offset - parts[i].offset >=
			    parts[i].size)
				partial->regs[partial->nr_regs++] =
					state->regs[j];
		expect(partial->nr_regs < state->nr_regs, "%s is not saved",
		       parts[i].name);
		got = go_on_elsewhere(partial);
		expect(got.n != want.n ||
		       memcmp(got.value, want.value, want.n * sizeof(uint32_t)),
		       "%s was not missed", parts[i].name);
	}
	free(partial);
	free(state);
	gic_machine_destroy(&m);
}

static const struct test tests[] = {
	{ "restored state reads as the saved state", state_is_kept },
	{ "a guest goes on in another VM with what was pending and active",
	  guest_goes_on },
	{ "every part of the state is needed for that", all_is_needed },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
