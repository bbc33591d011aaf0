// SPDX-License-Identifier: GPL-2.0
/*
 * A running VM is repeatedly saved and continues in another VM: nothing is
 * lost, repeated or changed, and no time passes for it in between.
 */
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "kselftest.h"
#include "migrant.h"
#include "../guest/guest_isolation.h"
#include "../guest/guest_migrate.h"

#define MOVES			50
#define ISOLATION_MOVES		20
/* In seconds */
#define PATIENCE		10

/*
 * The device that interrupts the guest: how many acknowledgements lower its
 * line, and how many interrupts it has raised
 */
static struct migrant m;
static atomic_uint line;
static atomic_bool stop_at_ack;
static unsigned int raised, pulses;

/* Number of interrupts that the guest takes for each level */
#define LEVEL_ACKS		2

static uint32_t word(unsigned int n)
{
	return migrant_word(&m, n);
}

/* The guest acknowledges a level interrupt. */
static bool acknowledge(struct kvm_vcpu *vcpu)
{
	if (vcpu->run->mmio.phys_addr != MIGRATE_ACK)
		return false;
	if (atomic_fetch_sub(&line, 1) == 1)
		spi_line(vcpu->vm, MIGRATE_SPI_LEVEL, 0);
	if (atomic_exchange(&stop_at_ack, false))
		atomic_store(&m.stopping, true);
	return true;
}

/* Raise one level at a time, so that the guest can count the interrupts. */
static void raise_level(void)
{
	if (atomic_load(&line) ||
	    word(MIGRATE_LEVEL(0)) != raised * LEVEL_ACKS)
		return;
	raised++;
	atomic_store(&line, LEVEL_ACKS);
	spi_line(m.state.vm, MIGRATE_SPI_LEVEL, 1);
}

static void pulse_edge(void)
{
	if (word(MIGRATE_EDGE(0)) != pulses)
		return;
	pulses++;
	spi_line(m.state.vm, MIGRATE_SPI_EDGE, 1);
	spi_line(m.state.vm, MIGRATE_SPI_EDGE, 0);
}

/* ---- the sequence ------------------------------------------------------- */

/* What the vcpus were doing when they were stopped, over all moves */
static struct {
	unsigned int pending;
	unsigned int active;
	unsigned int in_handler;
	unsigned int masked;
} seen;

static void look(void)
{
	bool pending = false, active = false;
	uint64_t cpsr;
	unsigned int i;

	for (i = 0; i < MIGRANT_VCPUS; i++) {
		cpsr = vcpu_get_reg(m.state.vm->vcpus[i],
				    CORE_REG(usr_regs.ARM_cpsr));
		seen.in_handler += (cpsr & 0x1f) == 0x12;
		seen.masked += (cpsr & 0x9f) == 0x93;
		pending |= gic_get_dist(m.state.gic, i, GICD_ISPENDR) ||
			   gic_get_dist(m.state.gic, i, GICD_ISPENDR + 4);
		active |= gic_get_dist(m.state.gic, i, GICD_ISACTIVER) ||
			  gic_get_dist(m.state.gic, i, GICD_ISACTIVER + 4);
	}
	seen.pending += pending;
	seen.active += active;
}

/* Stop the guest in the handler, at an exit that is not completed. */
static void wait_for_ack(void)
{
	uint64_t since = now_ms();

	atomic_store(&stop_at_ack, true);
	while (!atomic_load(&m.stopping)) {
		raise_level();
		usleep(500);
		if (!expect(now_ms() - since < MIGRANT_LIMIT,
			    "a level interrupt does not come"))
			break;
	}
}

/* Run for a while, and stop. Return whether all went well. */
static bool run(unsigned int n)
{
	static const unsigned int words[MIGRANT_VCPUS] = {
		MIGRATE_STEPS(0), MIGRATE_STEPS(1),
	};

	if (!migrant_must_advance(&m, words, 20))
		return false;
	raise_level();
	pulse_edge();
	if (n % 5 == 1)
		wait_for_ack();
	else
		usleep(rand() % 8000);
	migrant_stop(&m);
	/* Leave interrupts pending that no vcpu has seen. */
	if (n % 5 == 2) {
		raise_level();
		pulse_edge();
	}
	return migrant_is_alive(&m) && !test_failed();
}

static void report(unsigned int cpu)
{
	ksft_print_msg("vcpu %u: %u steps, %u and %u interrupts of timers\n",
		       cpu, word(MIGRATE_STEPS(cpu)),
		       word(MIGRATE_VTIMER(cpu)), word(MIGRATE_PTIMER(cpu)));
	ksft_print_msg("and %u SGIs, %u level, %u edge interrupts\n",
		       word(MIGRATE_SGI(cpu)), word(MIGRATE_LEVEL(cpu)),
		       word(MIGRATE_EDGE(cpu)));
}

static void come_to_an_end(void)
{
	unsigned int i;

	vm_shared(m.state.vm)[MIGRATE_STOP] = 1;
	migrant_start(&m);
	if (!migrant_wait(&m, 2 * PATIENCE * 1000))
		for (i = 0; i < MIGRANT_VCPUS; i++)
			test_fail("vcpu %u: status %u: %s", i,
				  atomic_load(&m.status[i]),
				  m.state.vm->vcpus[i]->output);
	expect_equal(word(MIGRATE_LEVEL(0)), raised * LEVEL_ACKS,
		     "level interrupts");
	expect_equal(word(MIGRATE_EDGE(0)), pulses, "edge interrupts");
	expect_equal(word(MIGRATE_TOTAL),
		     word(MIGRATE_STEPS(0)) + word(MIGRATE_STEPS(1)),
		     "increments by LDREX and STREX");
}

static void sequence(void)
{
	unsigned int n, moves = repeats(MOVES);

	m.mmio = acknowledge;
	migrant_create(&m, "migrate", PATIENCE, 0, 0);
	for (n = 0; n < moves; n++) {
		if (!run(n))
			return;
		look();
		migrant_migrate(&m);
		/*
		 * The device has to raise its line again: the GIC's state does
		 * not include it.
		 */
		if (atomic_load(&line))
			spi_line(m.state.vm, MIGRATE_SPI_LEVEL, 1);
	}
	come_to_an_end();
	report(0);
	report(1);
	ksft_print_msg("in %u fresh VMs\n", moves);
	ksft_print_msg("saved with an interrupt pending %u times, active %u times\n",
		       seen.pending, seen.active);
	ksft_print_msg("vcpus were in a handler %u times, masking interrupts %u times\n",
		       seen.in_handler, seen.masked);
	expect(seen.pending >= moves / 5 && seen.active >= moves / 5,
	       "too few interrupts were pending or active");
	migrant_destroy(&m);
}

/* ---- all registers ------------------------------------------------------ */

static void all_registers(void)
{
	static const unsigned int words[MIGRANT_VCPUS] = {
		ISOLATION_ROUNDS(0), ISOLATION_ROUNDS(1),
	};
	unsigned int n, moves = repeats(ISOLATION_MOVES);

	m.mmio = NULL;
	migrant_create(&m, "isolation", 77, ~0U, MIGRANT_VCPUS);
	for (n = 0; n < moves; n++) {
		if (!migrant_must_advance(&m, words, 3))
			return;
		usleep(rand() % 2000);
		migrant_stop(&m);
		if (!migrant_is_alive(&m))
			return;
		migrant_migrate(&m);
	}
	migrant_destroy(&m);
}

static const struct test tests[] = {
	{ "a computation on 2 vcpus with interrupts goes on in many fresh VMs, one after the other",
	  sequence },
	{ "every register that a guest can write is found unchanged in many fresh VMs",
	  all_registers },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
