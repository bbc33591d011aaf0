// SPDX-License-Identifier: GPL-2.0
/*
 * The GICv2 as guests use it: which interrupt is signalled to which CPU, in
 * which order, and how interrupts are acknowledged and ended.
 */
#include <unistd.h>

#include "gic_guest.h"
#include "harness.h"

#define SPI	40
#define SPI2	41
#define PPI	20
#define SGI	5

static struct kvm_vm *vm;
static struct kvm_vcpu *cpu, *cpu1;
static int gic;

static void create(unsigned int nr_vcpus)
{
	vm = gic_guest_create(nr_vcpus, 0, &gic);
	cpu = vm->vcpus[0];
	cpu1 = vm->vcpus[1];
}

static void destroy(void)
{
	close(gic);
	vm_free(vm);
}

/* Check that an interrupt is signalled and acknowledged as @iar, and end it. */
static bool expect_ack(struct kvm_vcpu *vcpu, uint32_t iar, const char *what)
{
	uint32_t got;

	expect_equal(gic_signalled(vcpu), ISR_IRQ, "%s: ISR", what);
	/* QEMU 7.2 leaves the source CPU of an SGI out of HPPIR. */
	expect_equal(GICC_IAR_ID(gicc_read(vcpu, GICC_HPPIR)),
		     GICC_IAR_ID(iar), "%s: HPPIR", what);
	got = gic_ack(vcpu);
	if (!expect_equal(got, iar, "%s: IAR", what))
		return false;
	gic_eoi(vcpu, got);
	return true;
}

static bool expect_none(struct kvm_vcpu *vcpu, const char *what)
{
	return expect_equal(gic_signalled(vcpu), 0, "%s: ISR", what) &
	       expect_equal(gic_ack(vcpu), GIC_SPURIOUS, "%s: IAR", what);
}

#define IAR_SGI(cpu, id)	((cpu) << 10 | (id))

static void sgi(void)
{
	unsigned int i;

	create(3);
	gicd_write(cpu, GICD_SGIR, GICD_SGIR_SELF(SGI));
	expect_ack(cpu, IAR_SGI(0, SGI), "to itself");
	expect_none(cpu, "once is enough");

	gicd_write(cpu1, GICD_SGIR, GICD_SGIR_OTHERS(SGI));
	expect_ack(cpu, IAR_SGI(1, SGI), "to others");
	expect_ack(vm->vcpus[2], IAR_SGI(1, SGI), "to others");
	expect_none(cpu1, "not to itself");

	for (i = 0; i < 3; i++) {
		gicd_write(cpu, GICD_SGIR, GICD_SGIR_LIST(1 << i, i));
		expect_ack(vm->vcpus[i], IAR_SGI(0, i), "to one");
	}
	gicd_write(cpu, GICD_SGIR, GICD_SGIR_LIST(6, 15));
	expect_none(cpu, "not in the list");
	expect_ack(cpu1, IAR_SGI(0, 15), "in the list");
	expect_ack(vm->vcpus[2], IAR_SGI(0, 15), "in the list");

	/* Use the reserved filter, and CPUs that do not exist. */
	gicd_write(cpu, GICD_SGIR, 3 << 24 | 0xff << 16 | SGI);
	gicd_write(cpu, GICD_SGIR, GICD_SGIR_LIST(0xf8, SGI));
	for (i = 0; i < 3; i++)
		expect_none(vm->vcpus[i], "to nobody");
	destroy();
}

/* Each source of an SGI is an interrupt of its own. */
static void sgi_sources(void)
{
	uint32_t seen = 0, iar;
	unsigned int i;

	create(4);
	for (i = 0; i < 4; i++) {
		gicd_write(vm->vcpus[i], GICD_SGIR, GICD_SGIR_LIST(1, SGI));
		gicd_write(vm->vcpus[i], GICD_SGIR, GICD_SGIR_LIST(1, SGI));
	}
	expect_equal(gicd_read(cpu, GICD_SPENDSGIR + 4), 0xf << 8,
		     "pending, by source");
	for (i = 0; i < 4; i++) {
		iar = gic_ack(cpu);
		expect_equal(GICC_IAR_ID(iar), SGI, "id");
		seen |= 1 << GICC_IAR_CPU(iar);
		gic_eoi(cpu, iar);
	}
	expect_equal(seen, 0xf, "sources");
	expect_none(cpu, "all are taken");

	/* Withdraw one of two SGIs. */
	gicd_write(vm->vcpus[2], GICD_SGIR, GICD_SGIR_LIST(1, SGI));
	gicd_write(vm->vcpus[3], GICD_SGIR, GICD_SGIR_LIST(1, SGI));
	gicd_write(cpu, GICD_CPENDSGIR + 4, 8 << 8);
	expect_ack(cpu, IAR_SGI(2, SGI), "the one that is left");
	expect_none(cpu, "taken back");
	/* Make it pending by the distributor. */
	gicd_write(cpu, GICD_SPENDSGIR + 4, 2 << 8);
	expect_ack(cpu, IAR_SGI(1, SGI), "by GICD_SPENDSGIR");
	destroy();
}

static void ppi(void)
{
	create(2);
	gic_guest_enable(cpu, PPI, false);
	gic_guest_enable(cpu1, PPI, false);
	ppi_line(vm, 1, PPI, 1);
	expect_none(cpu, "PPI of another CPU");
	expect_ack(cpu1, PPI, "PPI");
	expect_ack(cpu1, PPI, "PPI, line still high");
	ppi_line(vm, 1, PPI, 0);
	expect_none(cpu1, "line low");

	/* Disable it on one of the two. */
	gicd_set_bit(cpu, GICD_ICENABLER, PPI);
	ppi_line(vm, 0, PPI, 1);
	ppi_line(vm, 1, PPI, 1);
	expect_none(cpu, "disabled");
	expect_ack(cpu1, PPI, "enabled");
	gicd_set_bit(cpu, GICD_ISENABLER, PPI);
	expect_ack(cpu, PPI, "enabled with the line high");
	destroy();
}

static void spi_level(void)
{
	unsigned int i;
	uint32_t iar;

	create(1);
	gic_guest_enable(cpu, SPI, false);
	expect_none(cpu, "line low");
	spi_line(vm, SPI, 1);
	for (i = 0; i < 3; i++)
		expect_ack(cpu, SPI, "line high");
	expect(gicd_bit(cpu, GICD_ISPENDR, SPI), "pending");

	/* While active, it is not signalled again. */
	iar = gic_ack(cpu);
	expect_equal(iar, SPI, "IAR");
	expect(gicd_bit(cpu, GICD_ISACTIVER, SPI), "active");
	expect_none(cpu, "active");
	spi_line(vm, SPI, 0);
	gic_eoi(cpu, iar);
	expect(!gicd_bit(cpu, GICD_ISACTIVER, SPI), "active after its end");
	expect(!gicd_bit(cpu, GICD_ISPENDR, SPI), "pending, line low");
	expect_none(cpu, "line low");

	/* It is gone if the line falls before it is acknowledged. */
	spi_line(vm, SPI, 1);
	expect_equal(gic_signalled(cpu), ISR_IRQ, "ISR");
	spi_line(vm, SPI, 0);
	expect_none(cpu, "lowered");
	destroy();
}

static void spi_edge(void)
{
	uint32_t iar;

	create(1);
	gic_guest_enable(cpu, SPI, true);
	spi_line(vm, SPI, 1);
	expect_ack(cpu, SPI, "edge");
	expect_none(cpu, "line still high");
	spi_line(vm, SPI, 0);
	expect_none(cpu, "falling edge");

	/* An edge stays pending when the line falls; several edges merge. */
	spi_line(vm, SPI, 1);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	spi_line(vm, SPI, 0);
	expect_ack(cpu, SPI, "pulse");
	expect_none(cpu, "two pulses before the acknowledgment");

	/* An edge while it is active makes it pending again, after its end. */
	spi_line(vm, SPI, 1);
	iar = gic_ack(cpu);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	expect(gicd_bit(cpu, GICD_ISPENDR, SPI), "active and pending");
	expect_equal(gic_ack(cpu), GIC_SPURIOUS, "IAR while active");
	gic_eoi(cpu, iar);
	expect_ack(cpu, SPI, "pulse while active");
	expect_none(cpu, "no more");
	destroy();
}

static void spurious(void)
{
	create(1);
	expect_none(cpu, "nothing pending");
	gic_guest_enable(cpu, SPI, false);
	gicd_set_bit(cpu, GICD_ICENABLER, SPI);
	spi_line(vm, SPI, 1);
	expect_none(cpu, "disabled");
	gicd_write(cpu, GICD_CTLR, 0);
	gic_guest_enable(cpu, SPI, false);
	expect_none(cpu, "distributor disabled");
	gicd_write(cpu, GICD_CTLR, GICD_CTLR_ENABLE);
	gicd_set_bit(cpu, GICD_ISENABLER, SPI);
	gicc_write(cpu, GICC_CTLR, 0);
	expect_equal(gic_signalled(cpu), 0, "CPU interface disabled: ISR");
	gicc_write(cpu, GICC_CTLR, GICC_CTLR_ENABLE0);
	expect_ack(cpu, SPI, "all enabled");
	gicd_set_bit(cpu, GICD_ICENABLER, SPI);
	expect_none(cpu, "disabled again");
	expect(gicd_bit(cpu, GICD_ISPENDR, SPI), "pending all the time");
	destroy();
}

static void set_priority(uint32_t id, uint32_t priority)
{
	gicd_set_byte(cpu, GICD_IPRIORITYR, id, priority);
}

static void priorities(void)
{
	create(1);
	gic_guest_enable(cpu, SPI, true);
	gic_guest_enable(cpu, SPI2, true);
	gic_guest_enable(cpu, PPI, false);
	set_priority(SPI, 0x80);
	set_priority(SPI2, 0x40);
	set_priority(PPI, 0xc0);
	ppi_line(vm, 0, PPI, 1);
	spi_line(vm, SPI, 1);
	spi_line(vm, SPI2, 1);
	expect_ack(cpu, SPI2, "highest priority");
	expect_ack(cpu, SPI, "next");
	expect_ack(cpu, PPI, "lowest");
	ppi_line(vm, 0, PPI, 0);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI2, 0);
	destroy();
}

static void priority_mask(void)
{
	create(1);
	gic_guest_enable(cpu, SPI, false);
	set_priority(SPI, 0x80);
	spi_line(vm, SPI, 1);
	gicc_write(cpu, GICC_PMR, 0x80);
	expect_equal(gicc_read(cpu, GICC_PMR), 0x80, "PMR");
	expect_none(cpu, "not above the mask");
	gicc_write(cpu, GICC_PMR, 0x88);
	expect_ack(cpu, SPI, "above the mask");
	gicc_write(cpu, GICC_PMR, 0);
	expect_none(cpu, "everything masked");
	/* The priority has 5 bits, as in the list registers. */
	gicc_write(cpu, GICC_PMR, 0xff);
	expect_equal(gicc_read(cpu, GICC_PMR), 0xf8, "PMR, all bits");
	expect_ack(cpu, SPI, "nothing masked");
	destroy();
}

static void preemption(void)
{
	create(1);
	gic_guest_enable(cpu, SPI, true);
	gic_guest_enable(cpu, SPI2, true);
	set_priority(SPI, 0x80);
	set_priority(SPI2, 0x80);
	expect_equal(gicc_read(cpu, GICC_RPR), 0xff, "RPR, idle");
	spi_line(vm, SPI, 1);
	expect_equal(gic_ack(cpu), SPI, "IAR");
	expect_equal(gicc_read(cpu, GICC_RPR), 0x80, "RPR");
	spi_line(vm, SPI2, 1);
	expect_none(cpu, "the same priority");
	spi_line(vm, SPI2, 0);
	gic_eoi(cpu, SPI);
	expect_ack(cpu, SPI2, "after the end of the other");

	set_priority(SPI2, 0x78);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	expect_equal(gic_ack(cpu), SPI, "IAR");
	spi_line(vm, SPI2, 1);
	expect_equal(gic_signalled(cpu), ISR_IRQ, "higher priority: ISR");
	expect_equal(gic_ack(cpu), SPI2, "higher priority: IAR");
	expect_equal(gicc_read(cpu, GICC_RPR), 0x78, "RPR, nested");
	gic_eoi(cpu, SPI2);
	expect_equal(gicc_read(cpu, GICC_RPR), 0x80, "RPR, after the nested");
	gic_eoi(cpu, SPI);
	expect_equal(gicc_read(cpu, GICC_RPR), 0xff, "RPR, idle again");
	destroy();
}

/* Only the group priority decides about preemption. */
static void binary_point(void)
{
	create(1);
	gic_guest_enable(cpu, SPI, true);
	gic_guest_enable(cpu, SPI2, true);
	set_priority(SPI, 0xc0);
	set_priority(SPI2, 0x80);
	gicc_write(cpu, GICC_BPR, 6);
	expect_equal(gicc_read(cpu, GICC_BPR), 6, "BPR");
	spi_line(vm, SPI, 1);
	expect_equal(gic_ack(cpu), SPI, "IAR");
	spi_line(vm, SPI2, 1);
	expect_none(cpu, "the same group priority");
	gic_eoi(cpu, SPI);
	expect_ack(cpu, SPI2, "after the end of the other");

	/* The whole priority decides which of two comes first. */
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI2, 0);
	spi_line(vm, SPI, 1);
	spi_line(vm, SPI2, 1);
	expect_ack(cpu, SPI2, "higher subpriority");
	expect_ack(cpu, SPI, "lower subpriority");

	gicc_write(cpu, GICC_BPR, 5);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI2, 0);
	spi_line(vm, SPI, 1);
	expect_equal(gic_ack(cpu), SPI, "IAR");
	spi_line(vm, SPI2, 1);
	expect_equal(gic_ack(cpu), SPI2, "higher group priority");
	gic_eoi(cpu, SPI2);
	gic_eoi(cpu, SPI);
	/* The minimum is 2, since list registers have 5 bits of priority. */
	gicc_write(cpu, GICC_BPR, 0);
	expect_equal(gicc_read(cpu, GICC_BPR), 2, "BPR, the least");
	destroy();
}

static void eoi_mode(void)
{
	create(1);
	gic_guest_enable(cpu, SPI, true);
	gicc_write(cpu, GICC_CTLR, GICC_CTLR_ENABLE0 | GICC_CTLR_EOIMODE);
	spi_line(vm, SPI, 1);
	expect_equal(gic_ack(cpu), SPI, "IAR");
	gic_eoi(cpu, SPI);
	expect_equal(gicc_read(cpu, GICC_RPR), 0xff, "priority dropped: RPR");
	expect(gicd_bit(cpu, GICD_ISACTIVER, SPI), "still active");
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	expect_none(cpu, "still active");
	gicc_write(cpu, GICC_DIR, SPI);
	expect(!gicd_bit(cpu, GICD_ISACTIVER, SPI), "deactivated");
	expect_equal(gic_ack(cpu), SPI, "IAR, after it was deactivated");
	gicc_write(cpu, GICC_CTLR, GICC_CTLR_ENABLE0);
	gic_eoi(cpu, SPI);
	expect(!gicd_bit(cpu, GICD_ISACTIVER, SPI), "both by GICC_EOIR");
	destroy();
}

/* Group 1 needs GICC_CTLR.AckCtl, or GICC_AIAR, which QEMU 7.2 lacks. */
static void groups(void)
{
	const uint32_t all = GICC_CTLR_ENABLE0 | GICC_CTLR_ENABLE1;

	create(1);
	gic_guest_enable(cpu, SPI, true);
	gic_guest_enable(cpu, SPI2, true);
	gicd_write(cpu, GICD_IGROUPR + 4, 1 << (SPI2 - 32));
	expect_equal(gicd_read(cpu, GICD_IGROUPR + 4), 1 << (SPI2 - 32),
		     "IGROUPR");
	spi_line(vm, SPI2, 1);
	expect_equal(gic_signalled(cpu), 0, "group 1 disabled: ISR");
	gicc_write(cpu, GICC_CTLR, all | GICC_CTLR_FIQEN);
	expect_equal(gic_signalled(cpu), ISR_IRQ, "group 1: ISR");
	expect_equal(gic_order(cpu, GIC_TAKE, 0, 0), GUEST_VEC_IRQ, "vector");
	expect_equal(gic_ack(cpu), 1022, "group 1, without AckCtl: IAR");
	gicc_write(cpu, GICC_CTLR, all | GICC_CTLR_FIQEN | GICC_CTLR_ACKCTL);
	expect_ack(cpu, SPI2, "group 1");
	gicc_write(cpu, GICC_CTLR, all | GICC_CTLR_FIQEN);

	spi_line(vm, SPI, 1);
	expect_equal(gic_signalled(cpu), ISR_FIQ, "group 0: ISR");
	expect_equal(gic_order(cpu, GIC_TAKE, 0, 0), GUEST_VEC_FIQ, "vector");
	expect_equal(gic_ack(cpu), SPI, "group 0: IAR");
	gic_eoi(cpu, SPI);
	gicc_write(cpu, GICC_CTLR, all);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	expect_equal(gic_signalled(cpu), ISR_IRQ, "without FIQEn: ISR");
	expect_equal(gic_order(cpu, GIC_TAKE, 0, 0), GUEST_VEC_IRQ, "vector");
	expect_equal(gic_ack(cpu), SPI, "IAR");
	gic_eoi(cpu, SPI);
	expect_equal(gic_order(cpu, GIC_TAKE, 0, 0), 0, "vector, nothing");
	destroy();
}

/* Make more interrupts pending than there are list registers, of all kinds. */
static void many(void)
{
	uint32_t id, last = 0;
	uint64_t seen = 0;
	unsigned int i;

	create(1);
	for (id = 32; id < 96; id++) {
		gic_guest_enable(cpu, id, id & 1);
		set_priority(id, id % 16 * 8);
	}
	for (id = 32; id < 96; id++)
		spi_line(vm, id, 1);
	for (i = 0; i < 64; i++) {
		id = gic_ack(cpu);
		if (!expect(id >= 32 && id < 96, "IAR %u: %u", i, id))
			break;
		expect(id % 16 >= last, "IAR %u: %u after priority %u", i, id,
		       last);
		last = id % 16;
		seen |= 1ULL << (id - 32);
		spi_line(vm, id, 0);
		gic_eoi(cpu, id);
	}
	expect_equal(seen, ~0ULL, "taken");
	expect_none(cpu, "all taken");

	for (i = 0; i < 16; i++)
		gicd_write(cpu, GICD_SGIR, GICD_SGIR_SELF(i));
	for (i = 0; i < 16; i++)
		expect_ack(cpu, IAR_SGI(0, i), "SGI");

	/*
	 * Nest active interrupts, each of higher priority than the last. The
	 * vgic nests no deeper than the number of list registers, which is four
	 * at least.
	 */
	for (id = 63; id >= 60; id--) {
		spi_line(vm, id, 1);
		expect_equal(gic_ack(cpu), id, "IAR, nested");
	}
	expect_equal(gicd_read(cpu, GICD_ISACTIVER + 4), 0xf0000000, "active");
	for (id = 60; id <= 63; id++) {
		spi_line(vm, id, 0);
		expect_equal(gicc_read(cpu, GICC_RPR), id % 16 * 8, "RPR, nested");
		gic_eoi(cpu, id);
	}
	expect_none(cpu, "all ended");
	expect_equal(gicc_read(cpu, GICC_RPR), 0xff, "RPR, idle");
	destroy();
}

static const struct test tests[] = {
	{ "SGIs go to the CPUs that are asked for", sgi },
	{ "SGIs from several CPUs are kept apart", sgi_sources },
	{ "a PPI is each CPU's own", ppi },
	{ "a level-triggered SPI is pending while its line is high",
	  spi_level },
	{ "an edge-triggered SPI is pending once for each edge", spi_edge },
	{ "interrupts that are not enabled are not signalled", spurious },
	{ "the highest priority is first", priorities },
	{ "the priority mask holds back what is not above it", priority_mask },
	{ "a higher priority preempts, the same does not", preemption },
	{ "the binary point decides what can preempt", binary_point },
	{ "EOImode parts priority drop and deactivation", eoi_mode },
	{ "groups have their registers, and group 0 may be FIQ", groups },
	{ "more interrupts than list registers are all taken in order", many },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
