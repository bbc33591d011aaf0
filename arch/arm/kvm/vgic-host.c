// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's GIC, as far as guests use it: the virtual interfaces GICH and
 * GICV and the maintenance interrupt of a GICv2.
 */
#include <linux/interrupt.h>
#include <linux/kvm_host.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>

#include <kvm/arm_vgic.h>

#include "main.h"

/* Indices in "reg" of the device tree's node */
#define GIC_REG_GICH	2
#define GIC_REG_GICV	3

bool kvm_vgic_present;

/* drivers/irqchip/irq-gic.c says that there is nothing, and not why */
static const char * __init missing_part(void)
{
	static const struct of_device_id gicv2[] __initconst = {
		{ .compatible = "arm,cortex-a15-gic" },
		{ .compatible = "arm,cortex-a7-gic" },
		{ .compatible = "arm,gic-400" },
		{ }
	};
	struct device_node *node = of_find_matching_node(NULL, gicv2);
	const char *missing = "its GIC cannot be used";
	struct resource res;

	if (!node)
		return "no GICv2 with the virtualization extension";

	if (!of_irq_count(node))
		missing = "the GIC has no maintenance interrupt";
	else if (of_address_to_resource(node, GIC_REG_GICH, &res))
		missing = "the GIC has no GICH";
	else if (of_address_to_resource(node, GIC_REG_GICV, &res))
		missing = "the GIC has no GICV";
	of_node_put(node);

	return missing;
}

/**
 * kvm_vgic_host_init() - look for what the host's GIC has for guests
 * @missing: set to what it lacks, NULL if it lacks nothing
 *
 * Without a usable GIC the VMM has to emulate an interrupt controller.
 *
 * Return: 0, also for a GIC that lacks something, or an error of the kernel.
 */
int __init kvm_vgic_host_init(const char **missing)
{
	int ret;

	*missing = NULL;
	ret = kvm_vgic_hyp_init();
	switch (ret) {
	case 0:
		kvm_vgic_present = true;
		/* The vgic would have Hyp mode emulate what cannot be mapped */
		if (static_branch_unlikely(&vgic_v2_cpuif_trap)) {
			kvm_vgic_host_exit();
			*missing = "the GICV is not two whole pages";
		}
		return 0;
	case -ENODEV:
	case -ENXIO:
		*missing = missing_part();
		return 0;
	default:
		/* The interrupt could not be had: the device is registered */
		kvm_unregister_device_ops(KVM_DEV_TYPE_ARM_VGIC_V2);
		return ret;
	}
}

/**
 * kvm_vgic_host_exit() - give back what kvm_vgic_host_init() took
 *
 * The maintenance interrupt has to be disabled on all CPUs.
 */
void __init kvm_vgic_host_exit(void)
{
	if (!kvm_vgic_present)
		return;

	kvm_vgic_present = false;
	free_percpu_irq(kvm_vgic_global_state.maint_irq,
			kvm_get_running_vcpus());
	kvm_unregister_device_ops(KVM_DEV_TYPE_ARM_VGIC_V2);
}
