// SPDX-License-Identifier: GPL-2.0
/*
 * The registers of the GICv2's distributor as guests see them, and interrupts
 * of vcpus that run and wait at the same time.
 */
#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "gic_guest.h"
#include "harness.h"
#include "threads.h"

#define SPI	40

static struct kvm_vm *vm;
static struct kvm_vcpu *cpu, *cpu1;
static int gic;

static void create(unsigned int nr_vcpus, uint32_t nr_irqs)
{
	vm = gic_guest_create(nr_vcpus, nr_irqs, &gic);
	cpu = vm->vcpus[0];
	cpu1 = vm->vcpus[1];
}

static void destroy(void)
{
	close(gic);
	vm_free(vm);
}

/* Read the numbers of CPUs and interrupts, and the number of this CPU. */
static void identification(void)
{
	static const uint32_t nr_irqs[] = { 64, 96, 992, 256 };
	unsigned int nr, i;

	for (nr = 1; nr <= 8; nr++) {
		create(nr, nr_irqs[nr % 4]);
		for (i = 0; i < nr; i++) {
			struct kvm_vcpu *vcpu = vm->vcpus[i];

			expect_equal(gicd_read(vcpu, GICD_TYPER),
				     (nr - 1) << 5 | (nr_irqs[nr % 4] / 32 - 1),
				     "TYPER, CPU %u of %u", i, nr);
			expect_equal(gicd_read(vcpu, GICD_ITARGETSR),
				     0x01010101U << i, "ITARGETSR0, CPU %u", i);
			gicd_write(vcpu, GICD_ITARGETSR, 0);
			expect_equal(gicd_read(vcpu, GICD_ITARGETSR + 28),
				     0x01010101U << i, "ITARGETSR7, CPU %u", i);
		}
		destroy();
	}

	create(1, 0);
	expect_equal(gicd_read(cpu, GICD_TYPER) & 0x1f, 256 / 32 - 1,
		     "TYPER, the kernel's choice");
	/* JEP106 code of Arm, product 'K' */
	expect_equal(gicd_read(cpu, GICD_IIDR) & 0xff000fff, 0x4b00043b,
		     "IIDR");
	expect_equal(gicd_read(cpu, GICD_IIDR),
		     gic_get_dist(gic, 0, GICD_IIDR), "IIDR of user space");
	gicd_write(cpu, GICD_IIDR, 0);
	gicd_write(cpu, GICD_TYPER, 0);
	expect_equal(gicd_read(cpu, GICD_IIDR) & 0xff000fff, 0x4b00043b,
		     "IIDR after a write");
	expect_equal(gicc_read(cpu, GICC_IIDR) & 0xf0fff, 0x2043b,
		     "GICC_IIDR: GICv2 of ARM");
	destroy();
}

static void reset_state(void)
{
	unsigned int i;

	vm = vm_create_gic_guest("gic", 1, &gic);
	cpu = vm->vcpus[0];
	expect_equal(gicd_read(cpu, GICD_CTLR), 0, "CTLR");
	for (i = 0; i < 256 / 32; i++) {
		/* SGIs are always enabled. */
		expect_equal(gicd_read(cpu, GICD_ISENABLER + i * 4),
			     i ? 0 : 0xffff, "ISENABLER%u", i);
		expect_equal(gicd_read(cpu, GICD_ISPENDR + i * 4), 0,
			     "ISPENDR%u", i);
		expect_equal(gicd_read(cpu, GICD_ISACTIVER + i * 4), 0,
			     "ISACTIVER%u", i);
		expect_equal(gicd_read(cpu, GICD_IGROUPR + i * 4), 0,
			     "IGROUPR%u", i);
	}
	for (i = 0; i < 256 / 4; i++) {
		expect_equal(gicd_read(cpu, GICD_IPRIORITYR + i * 4), 0,
			     "IPRIORITYR%u", i);
		expect_equal(gicd_read(cpu, GICD_ITARGETSR + i * 4),
			     i < 8 ? 0x01010101 : 0, "ITARGETSR%u", i);
	}
	/* SGIs are edge-triggered; the vgic's PPIs are level-triggered. */
	expect_equal(gicd_read(cpu, GICD_ICFGR), 0xaaaaaaaa, "ICFGR0");
	expect_equal(gicd_read(cpu, GICD_ICFGR + 4), 0, "ICFGR1");
	expect_equal(gicd_read(cpu, GICD_SGIR), 0, "SGIR, write-only");
	expect_equal(gicc_read(cpu, GICC_CTLR), 0, "GICC_CTLR");
	expect_equal(gicc_read(cpu, GICC_PMR), 0, "GICC_PMR");
	expect_equal(gicc_read(cpu, GICC_BPR), 2, "GICC_BPR");
	expect_equal(gicc_read(cpu, GICC_RPR), 0xff, "GICC_RPR");
	expect_equal(gicc_read(cpu, GICC_IAR), GIC_SPURIOUS, "GICC_IAR");
	destroy();
}

/* Check which bits can be written, by word and by byte, and by which CPU. */
static void writable_bits(void)
{
	create(2, 64);
	gicd_write(cpu, GICD_IPRIORITYR + SPI, 0xffffffff);
	expect_equal(gicd_read(cpu, GICD_IPRIORITYR + SPI), 0xf8f8f8f8,
		     "IPRIORITYR: 5 bits");
	gicd_set_byte(cpu, GICD_IPRIORITYR, SPI + 1, 0x20);
	expect_equal(gicd_read(cpu, GICD_IPRIORITYR + SPI), 0xf8f820f8,
		     "IPRIORITYR after a byte");
	expect_equal(gicd_byte(cpu1, GICD_IPRIORITYR, SPI + 1), 0x20,
		     "byte of IPRIORITYR");
	gicd_write(cpu, GICD_ITARGETSR + SPI, 0xffffffff);
	expect_equal(gicd_read(cpu, GICD_ITARGETSR + SPI), 0x03030303,
		     "ITARGETSR: CPUs that are there");
	gicd_set_byte(cpu, GICD_ITARGETSR, SPI + 2, 2);
	expect_equal(gicd_read(cpu1, GICD_ITARGETSR + SPI), 0x03020303,
		     "ITARGETSR after a byte");

	gicd_write(cpu, GICD_ICFGR, 0);
	gicd_write(cpu, GICD_ICFGR + 4, 0xffffffff);
	gicd_write(cpu, GICD_ICFGR + 8, 0xffffffff);
	gicd_write(cpu, GICD_ICFGR + 12, 0);
	expect_equal(gicd_read(cpu, GICD_ICFGR), 0xaaaaaaaa, "ICFGR0: fixed");
	expect_equal(gicd_read(cpu, GICD_ICFGR + 4), 0, "ICFGR1: fixed");
	expect_equal(gicd_read(cpu1, GICD_ICFGR + 8), 0xaaaaaaaa, "ICFGR2");
	expect_equal(gicd_read(cpu1, GICD_ICFGR + 12), 0, "ICFGR3");

	/* Private interrupts are banked, others are not. */
	gicd_write(cpu, GICD_ISENABLER, 0x00f00000);
	gicd_write(cpu1, GICD_ISENABLER, 0x0f000000);
	expect_equal(gicd_read(cpu, GICD_ISENABLER), 0x00f0ffff, "ISENABLER0");
	expect_equal(gicd_read(cpu1, GICD_ISENABLER), 0x0f00ffff,
		     "ISENABLER0, other CPU");
	gicd_write(cpu, GICD_ICENABLER, 0x00100000);
	expect_equal(gicd_read(cpu, GICD_ICENABLER), 0x00e0ffff, "ICENABLER0");
	gicd_set_byte(cpu, GICD_IPRIORITYR, 20, 0x10);
	gicd_set_byte(cpu1, GICD_IPRIORITYR, 20, 0x18);
	expect_equal(gicd_byte(cpu, GICD_IPRIORITYR, 20), 0x10, "priority");
	expect_equal(gicd_byte(cpu1, GICD_IPRIORITYR, 20), 0x18,
		     "priority, other CPU");
	gicd_write(cpu, GICD_ISENABLER + 4, 0xffffffff);
	expect_equal(gicd_read(cpu1, GICD_ISENABLER + 4), 0xffffffff,
		     "ISENABLER1, other CPU");
	/* Access interrupts that do not exist. */
	gicd_write(cpu, GICD_ISENABLER + 8, 0xffffffff);
	expect_equal(gicd_read(cpu, GICD_ISENABLER + 8), 0, "ISENABLER2");
	gicd_write(cpu, GICD_IPRIORITYR + 64, 0xffffffff);
	expect_equal(gicd_read(cpu, GICD_IPRIORITYR + 64), 0, "IPRIORITYR16");
	expect_errno(__irq_line(vm, KVM_ARM_IRQ_TYPE_SPI, 0, 64, 1), -EINVAL,
		     "SPI that is not there");
	destroy();
}

static void expect_only(struct kvm_vcpu *vcpu, struct kvm_vcpu *other)
{
	expect_equal(gic_ack(other), GIC_SPURIOUS, "IAR of CPU %u", other->id);
	expect_equal(gic_ack(vcpu), SPI, "IAR of CPU %u", vcpu->id);
	gic_eoi(vcpu, SPI);
}

static void targets(void)
{
	unsigned int acks;

	create(2, 0);
	gic_guest_enable(cpu1, SPI, true);
	spi_line(vm, SPI, 1);
	expect_only(cpu1, cpu);

	/* Retarget the interrupt while it is pending. */
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	gicd_set_byte(cpu, GICD_ITARGETSR, SPI, 1);
	expect_only(cpu, cpu1);

	/* Retarget it while it is active: the first CPU ends it. */
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	expect_equal(gic_ack(cpu), SPI, "IAR");
	gicd_set_byte(cpu, GICD_ITARGETSR, SPI, 2);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	expect_equal(gic_ack(cpu1), GIC_SPURIOUS, "IAR while it is active");
	gic_eoi(cpu, SPI);
	expect_only(cpu1, cpu);

	/* Target both CPUs: only one takes it. */
	gicd_set_byte(cpu, GICD_ITARGETSR, SPI, 3);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	acks = gic_ack(cpu) == SPI;
	acks += gic_ack(cpu1) == SPI;
	expect_equal(acks, 1, "CPUs that got it");
	destroy();
}

static void set_and_clear(void)
{
	create(1, 0);
	gic_guest_enable(cpu, SPI, true);
	gicd_set_bit(cpu, GICD_ISPENDR, SPI);
	expect(gicd_bit(cpu, GICD_ISPENDR, SPI), "pending");
	expect(gicd_bit(cpu, GICD_ICPENDR, SPI), "pending");
	expect_equal(gic_signalled(cpu), ISR_IRQ, "ISR");
	gicd_set_bit(cpu, GICD_ICPENDR, SPI);
	expect_equal(gic_signalled(cpu), 0, "ISR, cleared");
	gicd_set_bit(cpu, GICD_ISPENDR, SPI);
	expect_equal(gic_ack(cpu), SPI, "IAR");
	expect(!gicd_bit(cpu, GICD_ISPENDR, SPI), "pending while active");
	expect(gicd_bit(cpu, GICD_ISACTIVER, SPI), "active");
	gicd_set_bit(cpu, GICD_ISPENDR, SPI);
	gicd_set_bit(cpu, GICD_ICACTIVER, SPI);
	/*
	 * The running priority is that of the other interrupt, which has not
	 * ended.
	 */
	expect_equal(gic_ack(cpu), GIC_SPURIOUS, "IAR, running priority");
	gic_eoi(cpu, SPI);
	expect_equal(gic_ack(cpu), SPI, "IAR, made inactive");
	gic_eoi(cpu, SPI);

	gicd_set_bit(cpu, GICD_ISACTIVER, SPI);
	gicd_set_bit(cpu, GICD_ISPENDR, SPI);
	expect_equal(gic_ack(cpu), GIC_SPURIOUS, "IAR, made active");
	gicd_set_bit(cpu, GICD_ICACTIVER, SPI);
	expect_equal(gic_ack(cpu), SPI, "IAR, made inactive");
	gic_eoi(cpu, SPI);

	/* A level-triggered interrupt stays pending while its line is high. */
	gic_guest_enable(cpu, SPI, false);
	spi_line(vm, SPI, 0);
	spi_line(vm, SPI, 1);
	gicd_set_bit(cpu, GICD_ICPENDR, SPI);
	expect(gicd_bit(cpu, GICD_ISPENDR, SPI), "pending, line high");
	spi_line(vm, SPI, 0);
	expect(!gicd_bit(cpu, GICD_ISPENDR, SPI), "pending, line low");
	/* An interrupt made pending by GICD_ISPENDR stays so until acknowledged. */
	gicd_set_bit(cpu, GICD_ISPENDR, SPI);
	expect_equal(gic_ack(cpu), SPI, "IAR, line low");
	gic_eoi(cpu, SPI);
	expect_equal(gic_ack(cpu), GIC_SPURIOUS, "IAR, acknowledged");

	/* GICD_ISPENDR and GICD_ICPENDR do not change SGIs. */
	gicd_write(cpu, GICD_ISPENDR, 0xffff);
	expect_equal(gicd_read(cpu, GICD_ISPENDR), 0, "ISPENDR0");
	gicd_write(cpu, GICD_SGIR, GICD_SGIR_SELF(1));
	gicd_write(cpu, GICD_ICPENDR, 0xffff);
	expect_equal(gicd_read(cpu, GICD_ISPENDR), 2, "ISPENDR0");
	destroy();
}

/* ---- vcpus that run ----------------------------------------------------- */

static uint32_t results[KVM_ARM_MAX_VCPUS];

static bool keep_result(struct kvm_vcpu *vcpu, enum guest_event event,
			uint32_t value)
{
	if (event != GUEST_SYNC)
		return threads_unexpected(vcpu, event, value);
	results[vcpu->id] = value;
	return false;
}

/* Each vcpu waits for an SGI from the one before; all others sleep. */
static void ring(void)
{
	static const unsigned int sizes[] = { 2, 8 };
	const uint32_t rounds = 50;
	struct threads threads;
	unsigned int i, n;

	for (n = 0; n < ARRAY_SIZE(sizes); n++) {
		create(sizes[n], 0);
		for (i = 0; i < sizes[n]; i++) {
			gic_order(vm->vcpus[i], GIC_HANDLE, 0, 0);
			gic_queue_order(vm->vcpus[i], GIC_RING,
					(i + 1) % sizes[n], rounds);
		}
		threads_start(&threads, vm, keep_result);
		threads_join(&threads);
		for (i = 0; i < sizes[n]; i++) {
			expect_equal(results[i], rounds, "SGIs of CPU %u", i);
			expect(vcpu_stat(vm->vcpus[i], "wfi_exit_stat"),
			       "CPU %u did not sleep", i);
		}
		destroy();
	}
}

/* While the line is high, the guest takes the interrupt again and again. */
static void storm(void)
{
	create(1, 0);
	gic_guest_enable(cpu, SPI, false);
	gic_order(cpu, GIC_HANDLE, 0, 0);
	spi_line(vm, SPI, 1);
	expect_equal(gic_order(cpu, GIC_STORM, SPI, 1000), 1000,
		     "interrupts of a line that stays high");
	expect_equal(gicd_read(cpu, GICD_ISACTIVER + 4), 0, "active");
	destroy();
}

static atomic_bool stop;

static void *make_pulses(void *unused)
{
	uint32_t i;

	(void)unused;
	/* Edges merge until the guest takes the interrupt. */
	for (i = 0; !atomic_load(&stop) && !test_failed(); i++) {
		spi_line(vm, SPI, 1);
		spi_line(vm, SPI, 0);
		usleep(i % 1000);
	}
	return NULL;
}

/* SPIs must reach a vcpu that runs, and one that waits. */
static void spis_while_running(void)
{
	pthread_t thread;

	create(2, 0);
	gic_guest_enable(cpu1, SPI, true);
	atomic_store(&stop, false);
	if (pthread_create(&thread, NULL, make_pulses, NULL))
		kvm_bail("no more threads");
	expect_equal(gic_order(cpu1, GIC_WFI, 0, 0) & ISR_IRQ, ISR_IRQ,
		     "ISR after WFI");
	expect_equal(gic_ack(cpu1), SPI, "IAR after WFI");
	gic_eoi(cpu1, SPI);
	gic_order(cpu1, GIC_HANDLE, 0, 0);
	expect(gic_order(cpu1, GIC_STORM, SPI, 100) >= 100, "pulses taken");
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	destroy();
}

static const struct test tests[] = {
	{ "the distributor says how many CPUs and interrupts there are",
	  identification },
	{ "registers have their reset values", reset_state },
	{ "only bits of existing interrupts can be written", writable_bits },
	{ "an SPI goes to its target", targets },
	{ "interrupts can be made pending and active, and not",
	  set_and_clear },
	{ "SGIs wake the vcpus of a ring, one by one", ring },
	{ "a line that stays high interrupts again after each end", storm },
	{ "SPIs reach a vcpu that waits and one that runs",
	  spis_while_running },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
