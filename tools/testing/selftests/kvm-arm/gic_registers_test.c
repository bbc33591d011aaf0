// SPDX-License-Identifier: GPL-2.0
/*
 * Single registers of a GICv2, read and written by user space.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gic_guest.h"
#include "harness.h"

#define DIST		KVM_DEV_ARM_VGIC_GRP_DIST_REGS
#define CPU		KVM_DEV_ARM_VGIC_GRP_CPU_REGS

/* User space and the guest must see the same values, except for GICC_PMR. */
static void same_view(void)
{
	struct gic_machine m = gic_machine_create(2, 0);
	struct kvm_vcpu **vcpu = m.vm->vcpus;

	gic_set_dist(m.gic, 0, GICD_CTLR, 1);
	expect_equal(gicd_read(vcpu[1], GICD_CTLR), 1, "GICD_CTLR");
	gic_set_dist(m.gic, 1, GICD_IPRIORITYR + 20, 0x10203040);
	expect_equal(gicd_read(vcpu[0], GICD_IPRIORITYR + 20), 0, "PPI, CPU 0");
	expect_equal(gicd_read(vcpu[1], GICD_IPRIORITYR + 20), 0x10203040,
		     "PPI, CPU 1");
	gic_set_cpu(m.gic, 1, GICC_CTLR, 0x21f);
	expect_equal(gicc_read(vcpu[1], GICC_CTLR), 0x21f, "GICC_CTLR");
	expect_equal(gicc_read(vcpu[0], GICC_CTLR), 0, "GICC_CTLR, CPU 0");
	gic_set_cpu(m.gic, 1, GICC_PMR, 0x15);
	expect_equal(gicc_read(vcpu[1], GICC_PMR), 0x15 << 3, "GICC_PMR");
	gicc_write(vcpu[1], GICC_PMR, 0x48);
	expect_equal(gic_get_cpu(m.gic, 1, GICC_PMR), 0x9, "GICC_PMR, read");
	gic_set_cpu(m.gic, 0, GICC_BPR, 5);
	expect_equal(gicc_read(vcpu[0], GICC_BPR), 5, "GICC_BPR");
	gic_set_cpu(m.gic, 0, GICC_APR0, 1 << 4);
	expect_equal(gicc_read(vcpu[0], GICC_RPR), 4 << 3, "GICC_RPR by APR");

	/* Set pending SGIs, which a guest cannot set by GICD_ISPENDR. */
	gic_set_cpu(m.gic, 0, GICC_APR0, 0);
	gic_set_cpu(m.gic, 0, GICC_CTLR, 1);
	gic_set_cpu(m.gic, 0, GICC_PMR, 0x1f);
	gic_set_dist(m.gic, 0, GICD_SPENDSGIR + 4, 2 << 8);
	expect_equal(gic_ack(vcpu[0]), 1 << 10 | 5, "GICC_IAR");
	expect_equal(gic_get_dist(m.gic, 0, GICD_ISACTIVER), 1 << 5, "active");
	expect_equal(gic_get_cpu(m.gic, 0, GICC_APR0), 1, "GICC_APR0");
	gic_machine_destroy(&m);
}

static void implementation(void)
{
	struct gic_machine m = gic_machine_create(1, 0);
	uint32_t iidr = gic_get_dist(m.gic, 0, GICD_IIDR);

	/*
	 * Groups can be set only after user space has selected a revision that
	 * has them.
	 */
	gic_set_dist(m.gic, 0, GICD_IGROUPR + 4, ~0U);
	expect_equal(gic_get_dist(m.gic, 0, GICD_IGROUPR + 4), 0, "IGROUPR1");
	gic_set_dist(m.gic, 0, GICD_IIDR, iidr);
	gic_set_dist(m.gic, 0, GICD_IGROUPR + 4, ~0U);
	expect_equal(gic_get_dist(m.gic, 0, GICD_IGROUPR + 4), ~0U,
		     "IGROUPR1 after IIDR");

	expect_errno(__gic_set_dist(m.gic, 0, GICD_IIDR, iidr ^ 1), -EINVAL,
		     "another implementer");
	expect_errno(__gic_set_dist(m.gic, 0, GICD_IIDR, iidr ^ 1 << 24),
		     -EINVAL, "another product");
	expect_errno(__gic_set_dist(m.gic, 0, GICD_IIDR,
				    (iidr & ~0xf000U) | 1 << 12),
		     -EINVAL, "a revision that is not supported");
	expect_equal(gic_get_dist(m.gic, 0, GICD_IIDR), iidr, "IIDR");
	gic_machine_destroy(&m);
}

static void expect_nothing(int gic, uint32_t group, uint32_t offset)
{
	const char *name = group == DIST ? "GICD" : "GICC";
	uint32_t value = ~0U;

	expect_errno(__device_has_attr(gic, group, offset), -ENXIO, "%s %#x",
		     name, offset);
	expect_errno(__device_set_attr(gic, group, offset, &value), 0,
		     "writing %s %#x", name, offset);
	expect_errno(__device_get_attr(gic, group, offset, &value), 0,
		     "reading %s %#x", name, offset);
	expect_equal(value, 0, "%s %#x", name, offset);
}

/*
 * KVM_HAS_DEVICE_ATTR must report exactly the existing registers. All others
 * read as zero, for guests and user space, in all versions of the vgic.
 */
static void offsets(void)
{
	static const uint32_t good[] = {
		GICD_CTLR, GICD_TYPER, GICD_IIDR, GICD_IGROUPR, GICD_ISENABLER,
		GICD_ICENABLER, GICD_ISPENDR, GICD_ICPENDR, GICD_ISACTIVER,
		GICD_ICACTIVER, GICD_IPRIORITYR, GICD_ITARGETSR, GICD_ICFGR,
		GICD_SGIR, GICD_CPENDSGIR, GICD_SPENDSGIR,
	};
	static const uint32_t bad[] = {
		0x00c, 0x020, 0x07c, 0xd00, 0xe00, 0xf30, 0xffc, 0x1000,
		0x10000, ~0U, 1, GICD_ISENABLER + 2, GICD_IPRIORITYR + 1,
	};
	static const uint32_t bad_cpu[] = {
		GICC_IAR, GICC_EOIR, GICC_RPR, GICC_HPPIR, GICC_AIAR, 0x2c,
		0xcc, 0xe0, GICC_DIR, 0x2000, ~0U, 2, GICC_BPR + 1,
	};
	struct gic_machine m = gic_machine_create(2, 0);
	struct gic_state *state, *after;
	uint32_t value, i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		expect_errno(__device_has_attr(m.gic, DIST, good[i]), 0,
			     "GICD %#x", good[i]);
		expect_errno(__gic_get_dist(m.gic, 1, good[i], &value), 0,
			     "reading GICD %#x", good[i]);
	}
	state = gic_save(m.gic, 2);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_nothing(m.gic, DIST, bad[i]);
	for (i = 0; i < ARRAY_SIZE(bad_cpu); i++)
		expect_nothing(m.gic, CPU, bad_cpu[i]);
	/* Registers of interrupts that do not exist */
	expect_nothing(m.gic, DIST, GICD_ISENABLER + 32);
	after = gic_save(m.gic, 2);
	expect(!memcmp(state, after, sizeof(*state) +
		       state->nr_regs * sizeof(state->regs[0])),
	       "the state of the GIC has changed");
	free(state);
	free(after);
	for (i = 2; i < 256; i += 127) {
		expect_errno(__gic_get_dist(m.gic, i, 0, &value), -EINVAL,
			     "GICD of vcpu %u", i);
		expect_errno(__gic_set_dist(m.gic, i, 0, 0), -EINVAL,
			     "GICD of vcpu %u", i);
		expect_errno(__gic_get_cpu(m.gic, i, 0, &value), -EINVAL,
			     "GICC of vcpu %u", i);
	}
	expect_errno(__device_get_attr(m.gic, DIST, 0, (void *)8), -EFAULT,
		     "reading to a bad pointer");
	expect_errno(__device_set_attr(m.gic, DIST, 0, (void *)8), -EFAULT,
		     "writing from a bad pointer");
	gic_machine_destroy(&m);
}

static void *wait_for_interrupt(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	enum guest_event event;

	event = vcpu_run_guest(vcpu, NULL);
	expect(event == GUEST_SYNC, "vcpu: %s", guest_event_name(event));
	return NULL;
}

static void busy(void)
{
	struct gic_machine m = gic_machine_create(2, 0);
	struct kvm_vcpu *vcpu = m.vm->vcpus[1];
	struct gic_state *state;
	pthread_t thread;
	uint32_t value;

	gic_set_dist(m.gic, 0, GICD_CTLR, 1);
	gicc_write(vcpu, GICC_CTLR, 1);
	gicc_write(vcpu, GICC_PMR, 0xff);
	gic_queue_order(vcpu, GIC_WFI, 0, 0);
	if (pthread_create(&thread, NULL, wait_for_interrupt, vcpu))
		kvm_bail("no more threads");
	/* The vcpu takes its order into the guest, and stays there. */
	while (!gic_order_begun(vcpu))
		usleep(1000);
	while (!__gic_get_dist(m.gic, 0, GICD_CTLR, &value))
		usleep(1000);
	expect_errno(__gic_get_dist(m.gic, 0, GICD_CTLR, &value), -EBUSY,
		     "reading GICD");
	expect_errno(__gic_set_dist(m.gic, 0, GICD_CTLR, 0), -EBUSY,
		     "writing GICD");
	expect_errno(__gic_get_cpu(m.gic, 0, GICC_CTLR, &value), -EBUSY,
		     "reading GICC");
	expect_errno(__gic_set_cpu(m.gic, 1, GICC_CTLR, 0), -EBUSY,
		     "writing GICC");
	expect_errno(__gic_save(m.gic, 2, &state), -EBUSY, "saving");
	/* The other vcpu can run, and wakes the first one. */
	gicd_write(m.vm->vcpus[0], GICD_SGIR, GICD_SGIR_LIST(2, 0));
	pthread_join(thread, NULL);
	expect_equal(gic_get_dist(m.gic, 0, GICD_CTLR), 1, "GICD_CTLR");
	gic_machine_destroy(&m);
}

/* The first access initialises the GIC, unless it is initialised already. */
static void before_init(void)
{
	struct kvm_vm *vm = vm_create();
	int gic = __gic_create(vm);
	uint32_t value;

	expect(gic >= 0, "KVM_CREATE_DEVICE: %s", errno_name(gic));
	expect_errno(__gic_get_dist(gic, 0, GICD_TYPER, &value), -EINVAL,
		     "reading without vcpus");
	expect_errno(__device_has_attr(gic, DIST, GICD_TYPER), -EINVAL,
		     "asking without vcpus");
	vcpu_create(vm, 0);
	expect_errno(__gic_get_dist(gic, 0, GICD_TYPER, &value), 0, "reading");
	expect_equal(value, 7, "TYPER");
	expect_errno(__gic_set_nr_irqs(gic, 64), -EBUSY,
		     "choosing the number of interrupts after that");
	close(gic);
	vm_free(vm);
}

static const struct test tests[] = {
	{ "user space and guest see the same registers", same_view },
	{ "GICD_IIDR is checked, and opens the groups", implementation },
	{ "only registers that are there can be accessed", offsets },
	{ "registers of a VM that runs cannot be accessed", busy },
	{ "the first access initialises", before_init },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
