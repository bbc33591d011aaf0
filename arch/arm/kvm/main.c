// SPDX-License-Identifier: GPL-2.0-only
/*
 * Initialise KVM for 32-bit ARM, and tell which CPUs can run guests.
 */
#include <linux/bitfield.h>
#include <linux/cpu.h>
#include <linux/kvm_host.h>
#include <linux/module.h>

#include <asm/cputype.h>
#include <asm/kvm_coproc.h>
#include <asm/kvm_mmu.h>
#include <asm/kvm_onereg.h>
#include <asm/smp_plat.h>
#include <asm/virt.h>

#include <kvm/arm_vgic.h>

#include "main.h"

/* The CPU has registers for a GICv3 or later */
#define ID_PFR1_GIC	GENMASK(31, 28)

/* A CPU that comes online after KVM has started may be of any kind. */
int kvm_arch_enable_virtualization_cpu(void)
{
	if (kvm_hyp_is_enabled())
		return 0;

	if (!is_hyp_mode_available() || kvm_target_of_part(read_cpuid_part()) < 0 ||
	    !kvm_coproc_cpu_fits()) {
		pr_info_ratelimited("kvm: CPU%d cannot run guests, and stays offline\n",
				    smp_processor_id());
		return -ENODEV;
	}

	kvm_hyp_enable_cpu(NULL);
	if (kvm_vgic_present)
		kvm_vgic_cpu_up();
	kvm_timer_cpu_up();
	return 0;
}

void kvm_arch_disable_virtualization_cpu(void)
{
	if (!kvm_hyp_is_enabled())
		return;

	kvm_timer_cpu_down();
	if (kvm_vgic_present)
		kvm_vgic_cpu_down();
	kvm_hyp_disable_cpu(NULL);
}

static int __init check_host(void)
{
	int cpu;

	/*
	 * The tables of Hyp mode and of stage 2 map memory Inner Shareable. A
	 * uniprocessor kernel maps the same memory with other attributes.
	 */
	if (!is_smp()) {
		kvm_info("the kernel takes the system for a uniprocessor\n");
		return -ENODEV;
	}

	if (!is_hyp_mode_available()) {
		kvm_info("no Hyp mode: %s\n", is_hyp_mode_mismatched() ?
			 "the CPUs were not all started in it" :
			 "the boot loader must start the kernel in it");
		return -ENODEV;
	}

	/*
	 * A guest reaches the registers of a GICv3. HSTR could trap them only
	 * with all of c4 and c12, and ICC_SRE is the host's if ICC_HSRE.Enable
	 * is set.
	 */
	if (FIELD_GET(ID_PFR1_GIC, read_cpuid_ext(CPUID_EXT_PFR1))) {
		kvm_info("the registers of the CPUs' GICv3 cannot be kept from guests\n");
		return -ENODEV;
	}

	for_each_online_cpu(cpu) {
		if (kvm_target_of_part(smp_cpuid_part(cpu)) < 0) {
			kvm_info("CPU%d, part %03x of implementer %02x, is not known; kvm-arm.generic=1 takes it\n",
				 cpu, (smp_cpuid_part(cpu) >> 4) & 0xfff,
				 smp_cpuid_part(cpu) >> 24);
			return -ENODEV;
		}
	}

	return 0;
}

/* The vgic and the timers probe the hardware: enable Hyp mode for them. */
static int __init init_subsystems(const char **missing)
{
	int ret;

	on_each_cpu(kvm_hyp_enable_cpu, NULL, 1);
	kvm_hyp_cpu_pm_init();

	ret = kvm_vgic_host_init(missing);
	if (!ret) {
		ret = kvm_timer_hyp_init(kvm_vgic_present);
		if (ret)
			kvm_vgic_host_exit();
	}
	if (ret)
		kvm_hyp_cpu_pm_exit();
	/* kvm_init() enables each CPU again, with its interrupts. */
	on_each_cpu(kvm_hyp_disable_cpu, NULL, 1);

	return ret;
}

static int __init kvm_arm_init(void)
{
	const char *missing;
	int ret;

	ret = check_host();
	if (ret)
		return ret;

	ret = kvm_coproc_init();
	if (ret)
		return ret;

	ret = kvm_onereg_init();
	if (ret)
		return ret;

	ret = kvm_arm_vmid_alloc_init();
	if (ret)
		goto out_onereg;

	ret = kvm_hyp_mmu_init();
	if (ret)
		goto out_vmid;

	ret = kvm_hyp_alloc_cpus();
	if (ret)
		goto out_hyp;

	ret = init_subsystems(&missing);
	if (ret)
		goto out_hyp;

	ret = kvm_init(sizeof(struct kvm_vcpu), 0, THIS_MODULE);
	if (ret)
		goto out_subsystems;

	kvm_arm_debugfs_init();
	if (kvm_vgic_present)
		kvm_info("Hyp mode initialised, interrupt controller in the kernel\n");
	else
		kvm_info("Hyp mode initialised, interrupt controller left to user space: %s\n",
			 missing);
	return 0;

out_subsystems:
	kvm_timer_host_exit();
	kvm_vgic_host_exit();
	kvm_hyp_cpu_pm_exit();
	on_each_cpu(kvm_hyp_disable_cpu, NULL, 1);
out_hyp:
	kvm_hyp_free_cpus();
	kvm_hyp_mmu_free();
out_vmid:
	kvm_arm_vmid_alloc_free();
out_onereg:
	kvm_onereg_exit();
	kvm_err("initialisation failed: %d\n", ret);
	return ret;
}
module_init(kvm_arm_init);
