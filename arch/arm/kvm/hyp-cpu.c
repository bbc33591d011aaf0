// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hyp mode on each CPU: enable it, give it back to the hyp-stub, and keep it when
 * the CPU powers down.
 */
#include <linux/cpu_pm.h>
#include <linux/kvm_host.h>

#include <asm/cacheflush.h>
#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/idmap.h>
#include <asm/kvm_coproc.h>
#include <asm/kvm_mmu.h>
#include <asm/vfp.h>
#include <asm/virt.h>

#include "main.h"

static DEFINE_PER_CPU(struct kvm_hyp_cpu *, kvm_hyp_cpu);
static DEFINE_PER_CPU(bool, kvm_hyp_enabled);

/**
 * kvm_hyp_is_enabled() - tell whether kvm_call_hyp() works on this CPU
 *
 * Context: not preemptible.
 * Return: true if it does.
 */
bool kvm_hyp_is_enabled(void)
{
	return this_cpu_read(kvm_hyp_enabled);
}

/**
 * kvm_hyp_enable_cpu() - enable Hyp mode on this CPU, unless it is
 * @discard: unused, for on_each_cpu()
 *
 * Context: not preemptible.
 */
void kvm_hyp_enable_cpu(void *discard)
{
	struct kvm_hyp_cpu *cpu = this_cpu_read(kvm_hyp_cpu);
	phys_addr_t httbr = kvm_hyp_httbr();

	if (this_cpu_read(kvm_hyp_enabled))
		return;

	cpu->host_ctxt.cp15[CP15_MPIDR] = read_cpuid_mpidr();
	cpu->running = NULL;
	cpu->vfp_loaded = 0;
	cpu->host_ctxt.vfp.fpexc = FPEXC_EN;
	cpu->host_midr = read_cpuid_id();
	cpu->features = kvm_coproc_cpu_features();
	/* Clear the Thumb bit of the address: HVBAR has none. */
	cpu->host_vectors = (u32)__kvm_hyp_host_vectors & ~1U;
	cpu->guest_vectors = kvm_spectre_guest_vectors() & ~1U;
	cpu->stub_vectors = virt_to_idmap(__hyp_stub_vectors) & ~1U;
	cpu->idmap_stub_call = virt_to_idmap(__kvm_hyp_stub_call);
	cpu->va = (u32)cpu;
	cpu->httbr_low = lower_32_bits(httbr);
	cpu->httbr_high = upper_32_bits(httbr);
	asm volatile("mrc p15, 0, %0, c10, c2, 0" : "=r" (cpu->mair0));
	asm volatile("mrc p15, 0, %0, c10, c2, 1" : "=r" (cpu->mair1));

	/* __kvm_hyp_init reads it with the Hyp MMU, and so the caches, off. */
	__cpuc_flush_dcache_area(cpu, sizeof(*cpu));

	__kvm_hvc(HVC_SOFT_RESTART, virt_to_idmap(__kvm_hyp_init),
		  virt_to_idmap(cpu));
	kvm_call_hyp(__kvm_cp15_capture_host);
	this_cpu_write(kvm_hyp_enabled, true);

	if (kvm_vgic_present)
		kvm_vgic_host_init_cpu();
}

/**
 * kvm_hyp_disable_cpu() - give Hyp mode of this CPU back to the hyp-stub
 * @discard: unused, for on_each_cpu()
 *
 * Context: not preemptible.
 */
void kvm_hyp_disable_cpu(void *discard)
{
	if (!this_cpu_read(kvm_hyp_enabled))
		return;

	/* First: an interrupt after the HVC must not call Hyp mode. */
	this_cpu_write(kvm_hyp_enabled, false);
	__kvm_hvc(HVC_RESET_VECTORS, 0, 0);
}

#ifdef CONFIG_CPU_PM
/* A CPU that loses its state comes back with the vectors of the hyp-stub. */
static int kvm_cpu_pm_notify(struct notifier_block *self, unsigned long cmd,
			     void *v)
{
	static DEFINE_PER_CPU(bool, was_enabled);

	switch (cmd) {
	case CPU_PM_ENTER:
		this_cpu_write(was_enabled, this_cpu_read(kvm_hyp_enabled));
		kvm_hyp_disable_cpu(NULL);
		return NOTIFY_OK;
	case CPU_PM_ENTER_FAILED:
	case CPU_PM_EXIT:
		/* A CPU that comes back without Hyp mode has no hyp-stub. */
		if (this_cpu_read(was_enabled) && is_hyp_mode_available())
			kvm_hyp_enable_cpu(NULL);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block kvm_cpu_pm_nb = {
	.notifier_call = kvm_cpu_pm_notify,
};

void __init kvm_hyp_cpu_pm_init(void)
{
	cpu_pm_register_notifier(&kvm_cpu_pm_nb);
}

void __init kvm_hyp_cpu_pm_exit(void)
{
	cpu_pm_unregister_notifier(&kvm_cpu_pm_nb);
}
#endif

/**
 * kvm_hyp_free_cpus() - free what kvm_hyp_alloc_cpus() has allocated
 */
void __init kvm_hyp_free_cpus(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		free_page((unsigned long)per_cpu(kvm_hyp_cpu, cpu));
}

/**
 * kvm_hyp_alloc_cpus() - allocate and map the page that each CPU has in Hyp mode
 *
 * Return: 0 or -ENOMEM; kvm_hyp_free_cpus() frees the pages in either case.
 */
int __init kvm_hyp_alloc_cpus(void)
{
	int cpu, ret;

	/* The rest of the page is the stack. Exceptions of Hyp mode do not nest. */
	BUILD_BUG_ON(sizeof(struct kvm_hyp_cpu) > PAGE_SIZE / 2);

	for_each_possible_cpu(cpu) {
		void *page = (void *)get_zeroed_page(GFP_KERNEL);

		per_cpu(kvm_hyp_cpu, cpu) = page;
		ret = page ? kvm_hyp_map(page, PAGE_SIZE, LPAE_XN) : -ENOMEM;
		if (ret)
			return ret;
	}

	return 0;
}
