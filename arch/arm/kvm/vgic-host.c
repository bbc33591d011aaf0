// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of the host's GICv2 that guests use: the virtual interfaces GICH
 * and GICV, and the maintenance interrupt.
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irqchip/arm-gic.h>
#include <linux/kvm_host.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/preempt.h>
#include <linux/sizes.h>

#include <kvm/arm_vgic.h>

#include "main.h"

/* Indices in "reg" of the GIC's device tree node */
#define GIC_REG_GICC	1
#define GIC_REG_GICH	2
#define GIC_REG_GICV	3

bool kvm_vgic_present;

static bool __init has_region(struct device_node *node, int index, u64 size)
{
	struct resource res;

	return !of_address_to_resource(node, index, &res) &&
	       resource_size(&res) >= size;
}

/* drivers/irqchip/irq-gic.c does not tell which part is missing. */
static const char * __init missing_part(void)
{
	static const struct of_device_id gicv2[] __initconst = {
		{ .compatible = "arm,cortex-a15-gic" },
		{ .compatible = "arm,cortex-a7-gic" },
		{ .compatible = "arm,gic-400" },
		{ }
	};
	struct device_node *node;
	const char *missing;

	for_each_matching_node(node, gicv2)
		if (of_device_is_available(node))
			break;
	if (!node)
		return "no GICv2 with the virtualization extension";

	if (!of_irq_count(node))
		missing = "the GIC has no maintenance interrupt";
	else if (!has_region(node, GIC_REG_GICC, SZ_8K))
		missing = "the GIC's CPU interface has no second page";
	else if (!has_region(node, GIC_REG_GICH, 0))
		missing = "the GIC has no GICH";
	else if (!has_region(node, GIC_REG_GICH, GICH_LR0 + 4 * VGIC_V2_MAX_LRS))
		missing = "the GICH lacks list registers";
	else if (!has_region(node, GIC_REG_GICV, 0))
		missing = "the GIC has no GICV";
	else
		missing = "the GIC cannot be used";
	of_node_put(node);

	return missing;
}

static void __init unmap(void __iomem **base)
{
	if (*base)
		iounmap(*base);
	*base = NULL;
}

static void __init forget_device(void)
{
	kvm_unregister_device_ops(KVM_DEV_TYPE_ARM_VGIC_V2);
	unmap(&kvm_vgic_global_state.vctrl_base);
	unmap(&kvm_vgic_global_state.vcpu_base_va);
}

/**
 * kvm_vgic_host_init() - set up the vgic on the host's GIC
 * @missing: set to the part that the GIC lacks, or NULL
 *
 * Without a usable GIC the VMM has to emulate an interrupt controller.
 *
 * Return: 0, even if the GIC lacks a part, or an error.
 */
int __init kvm_vgic_host_init(const char **missing)
{
	int ret;

	*missing = NULL;
	ret = kvm_vgic_hyp_init();
	switch (ret) {
	case 0:
		kvm_vgic_present = true;
		/*
		 * The vgic would trap GICV accesses to Hyp mode, which does not
		 * emulate them.
		 */
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
		/*
		 * kvm_vgic_hyp_init() registers the device before it requests
		 * the interrupt.
		 */
		if (kvm_vgic_global_state.vcpu_base)
			forget_device();
		return ret;
	}
}

/**
 * kvm_vgic_host_exit() - undo kvm_vgic_host_init()
 *
 * The maintenance interrupt must be disabled on all CPUs.
 */
void __init kvm_vgic_host_exit(void)
{
	if (!kvm_vgic_present)
		return;

	kvm_vgic_present = false;
	free_percpu_irq(kvm_vgic_global_state.maint_irq,
			kvm_get_running_vcpus());
	forget_device();
}

/**
 * kvm_vgic_host_init_cpu() - clear the virtual interface of this CPU
 *
 * A boot loader or a crashed kernel may have left an interrupt in a list
 * register, which the first guest would take. Empty list registers signal the
 * maintenance interrupt while GICH_HCR.UIE is set.
 *
 * Context: stays on this CPU.
 */
void kvm_vgic_host_init_cpu(void)
{
	preempt_disable();
	writel_relaxed(0, kvm_vgic_global_state.vctrl_base + GICH_HCR);
	kvm_vgic_init_cpu_hardware();
	preempt_enable();
}
