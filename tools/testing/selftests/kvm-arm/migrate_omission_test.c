// SPDX-License-Identifier: GPL-2.0
/*
 * The guest of migrate_test notices if a part of its state is not migrated. For
 * each part there is one VM, loaded without that part.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "migrant.h"
#include "../guest/guest_migrate.h"

/* In seconds, for interrupts that may never come */
#define PATIENCE	1

static struct migrant m;

static const unsigned int steps[MIGRANT_VCPUS] = {
	MIGRATE_STEPS(0), MIGRATE_STEPS(1),
};

/* Tell whether the guest continues from a state as if it had not stopped. */
static bool goes_on_within(const struct state_image *image, unsigned int limit)
{
	migrant_replace(&m);
	state_load_image(&m.state, image);
	if (!migrant_advance(&m, steps, 20, limit)) {
		migrant_stop(&m);
		return false;
	}
	vm_shared(m.state.vm)[MIGRATE_STOP] = 1;
	return migrant_wait(&m, limit + 2000 * PATIENCE);
}

/* The same for a state with which the guest should not continue well */
static bool goes_on_well(const struct state_image *image)
{
	return goes_on_within(image, 500);
}

static struct state_image saved_guest(void)
{
	struct state_image image;

	migrant_create(&m, "migrate", PATIENCE, 0, 0);
	/* The time is far from zero, so that the guest notices its loss at once. */
	vm_set_time(m.state.vm, 1ULL << 40);
	if (migrant_must_advance(&m, steps, 100))
		migrant_stop(&m);
	state_save_image(&m.state, &image);
	return image;
}

static void nothing(void)
{
	struct state_image image = saved_guest();

	/* The guest has little patience: on a busy machine, try again. */
	expect(goes_on_within(&image, MIGRANT_LIMIT) ||
	       goes_on_within(&image, MIGRANT_LIMIT) ||
	       goes_on_within(&image, MIGRANT_LIMIT),
	       "with all of its state it ended badly");
	free(image.data);
	migrant_destroy(&m);
}

/* ---- registers ---------------------------------------------------------- */

#define VFP(size, n)							\
	(KVM_REG_ARM | KVM_REG_SIZE_##size | KVM_REG_ARM_VFP | (n))

static const uint64_t omitted_regs[] = {
	CORE_REG(usr_regs.ARM_pc),
	CORE_REG(svc_regs[0]),
	REG(VBAR),
	REG(CPACR),
	REG(TTBCR),
	VFP(U64, 13),
	VFP(U64, 31),
	VFP(U32, KVM_REG_ARM_VFP_FPSCR),
	VFP(U32, KVM_REG_ARM_VFP_FPEXC),
	REG(CNTV_CTL),
	REG(CNTV_CVAL),
	REG(CNTP_CTL),
	REG(CNTP_CVAL),
};

/*
 * Try several moments: the loss has no effect if the guest writes the register
 * next.
 */
static bool is_missed(uint64_t id)
{
	struct state_image image;
	unsigned int moment;
	bool missed = false;

	for (moment = 0; moment < 8 && !missed; moment++) {
		image = saved_guest();
		state_drop_reg(&image, 0, id);
		missed = !goes_on_well(&image);
		free(image.data);
		migrant_destroy(&m);
	}
	return missed;
}

static void registers(void)
{
	char name[REG_NAME_LEN];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(omitted_regs); i++)
		expect(is_missed(omitted_regs[i]), "%s was not missed",
		       reg_name(omitted_regs[i], name));
}

/* ---- the GIC ------------------------------------------------------------ */

static const struct {
	uint32_t group;
	uint32_t offset;
	const char *name;
} omitted_gic_regs[] = {
#define GIC_REG(group, reg) { KVM_DEV_ARM_VGIC_GRP_##group##_REGS, reg, #reg }
	GIC_REG(CPU, GICC_CTLR),
	GIC_REG(CPU, GICC_PMR),
	GIC_REG(DIST, GICD_ISENABLER),
};

static void gic(void)
{
	struct state_image image = saved_guest(), less;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(omitted_gic_regs); i++) {
		less = state_copy(&image);
		state_drop_gic_reg(&less, omitted_gic_regs[i].group, 1,
				   omitted_gic_regs[i].offset);
		expect(!goes_on_well(&less), "%s was not missed",
		       omitted_gic_regs[i].name);
		free(less.data);
	}
	free(image.data);
	migrant_destroy(&m);
}

/* Save with a pending edge that no vcpu has seen. */
static void pending_interrupt(void)
{
	struct state_image image;
	unsigned int kept;

	migrant_create(&m, "migrate", PATIENCE, 0, 0);
	if (migrant_must_advance(&m, steps, 100))
		migrant_stop(&m);
	spi_line(m.state.vm, MIGRATE_SPI_EDGE, 1);
	state_save_image(&m.state, &image);
	for (kept = 2; kept--;) {
		if (!kept)
			state_drop_gic_reg(&image,
					   KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0,
					   GICD_ISPENDR + 4);
		migrant_replace(&m);
		state_load_image(&m.state, &image);
		if (migrant_must_advance(&m, steps, 50))
			migrant_stop(&m);
		expect_equal(migrant_word(&m, MIGRATE_EDGE(0)), kept,
			     "interrupts that came");
	}
	free(image.data);
	migrant_destroy(&m);
}

/* ---- time and power ----------------------------------------------------- */

static void counter(void)
{
	struct state_image image = saved_guest();
	struct state_section *section = state_find(&image, STATE_TIME, 0);

	memset(section + 1, 0, section->size);
	state_seal(section);
	expect(!goes_on_well(&image), "CNTVCT was not missed");
	free(image.data);
	migrant_destroy(&m);
}

static void power_state(void)
{
	struct state_image image = saved_guest();
	struct state_section *section = state_find(&image, STATE_VCPU, 1);
	struct state_vcpu *vcpu = (void *)(section + 1);

	vcpu->mp_state = KVM_MP_STATE_STOPPED;
	state_seal(section);
	expect(!goes_on_well(&image), "vcpu 1 was not missed");
	free(image.data);
	migrant_destroy(&m);
}

static void memory(void)
{
	struct state_image image = saved_guest();
	struct state_section *section = state_find(&image, STATE_PAGES, 0);
	uint8_t *content = (uint8_t *)(section + 1) + sizeof(uint64_t);

	/* Clear all pages of the first section. */
	memset(content, 0, section->size - sizeof(uint64_t));
	state_seal(section);
	expect(!goes_on_well(&image), "pages of zeroes were not missed");
	free(image.data);
	migrant_destroy(&m);
}

static const struct test tests[] = {
	{ "a guest whose state is complete goes on", nothing },
	{ "a register that was not carried is missed", registers },
	{ "a register of the GIC that was not carried is missed", gic },
	{ "a pending interrupt that was not carried is missed",
	  pending_interrupt },
	{ "the counter is missed", counter },
	{ "a vcpu's power state is missed", power_state },
	{ "memory is missed", memory },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
