// SPDX-License-Identifier: GPL-2.0-only
/*
 * Initialise KVM for 32-bit ARM, and Hyp mode on each CPU.
 */
#include <linux/cpu.h>
#include <linux/cpu_pm.h>
#include <linux/kvm_host.h>
#include <linux/module.h>

#include <asm/cacheflush.h>
#include <asm/cp15.h>
#include <asm/cputype.h>
#include <asm/idmap.h>
#include <asm/kvm_coproc.h>
#include <asm/kvm_mmu.h>
#include <asm/kvm_onereg.h>
#include <asm/smp_plat.h>
#include <asm/system_misc.h>
#include <asm/vfp.h>
#include <asm/virt.h>

#include <kvm/arm_vgic.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

#include "main.h"

static DEFINE_PER_CPU(struct kvm_hyp_cpu *, kvm_hyp_cpu);
static DEFINE_PER_CPU(bool, kvm_hyp_enabled);

u32 kvm_get_vmid_bits(void)
{
	return VTTBR_VMID_BITS;
}

/*
 * Return the vectors for guests on this CPU. They do what the host's own
 * hardening does (arch/arm/mm/proc-v7-bugs.c).
 */
static u32 guest_vectors(void)
{
#ifdef CONFIG_HARDEN_BRANCH_PREDICTOR
	if (this_cpu_read(harden_branch_predictor_fn)) {
		switch (read_cpuid_part()) {
		case ARM_CPU_PART_CORTEX_A15:
			return (u32)__kvm_hyp_guest_vectors_iciallu;
		case ARM_CPU_PART_CORTEX_A57:
		case ARM_CPU_PART_CORTEX_A72:
			/* Hardening is in firmware, which exits do not call. */
			break;
		default:
			return (u32)__kvm_hyp_guest_vectors_bpiall;
		}
	}
#endif
	return (u32)__kvm_hyp_guest_vectors;
}

/**
 * kvm_spectre_v2_state() - tell what an exit does to the branch predictor
 *
 * The worst CPU that KVM has been enabled on decides. Take a CPU for affected
 * unless arch/arm/mm/proc-v7-bugs.c knows that it is not.
 *
 * Return: SPECTRE_*; MITIGATED if an exit invalidates the branch predictor.
 */
int kvm_spectre_v2_state(void)
{
	int cpu, state = SPECTRE_UNAFFECTED;

	for_each_possible_cpu(cpu) {
		const struct kvm_hyp_cpu *hyp = per_cpu(kvm_hyp_cpu, cpu);

		switch (hyp->host_midr & ARM_CPU_PART_MASK) {
		case 0:
		case ARM_CPU_PART_CORTEX_A7:
		case ARM_CPU_PART_CORTEX_A53:
			continue;
		}
		if (hyp->guest_vectors == ((u32)__kvm_hyp_guest_vectors & ~1U))
			return SPECTRE_VULNERABLE;
		state = SPECTRE_MITIGATED;
	}

	return state;
}

/**
 * kvm_spectre_v4_state() - tell whether loads may bypass stores speculatively
 *
 * Return: SPECTRE_VULNERABLE if a CPU of the host does so or may do so: KVM
 * does not offer the firmware's workaround to guests.
 */
int kvm_spectre_v4_state(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct kvm_hyp_cpu *hyp = per_cpu(kvm_hyp_cpu, cpu);

		switch (hyp->host_midr & ARM_CPU_PART_MASK) {
		case 0:
		case ARM_CPU_PART_CORTEX_A7:
		case ARM_CPU_PART_CORTEX_A12:
		case ARM_CPU_PART_CORTEX_A15:
		case ARM_CPU_PART_CORTEX_A17:
		case ARM_CPU_PART_CORTEX_A53:
			continue;
		default:
			return SPECTRE_VULNERABLE;
		}
	}

	return SPECTRE_UNAFFECTED;
}

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

static void cpu_hyp_enable(void *discard)
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
	cpu->guest_vectors = guest_vectors() & ~1U;
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

static void cpu_hyp_disable(void *discard)
{
	if (!this_cpu_read(kvm_hyp_enabled))
		return;

	__kvm_hvc(HVC_RESET_VECTORS, 0, 0);
	this_cpu_write(kvm_hyp_enabled, false);
}

/* A CPU that comes online after KVM has started may be of any kind. */
int kvm_arch_enable_virtualization_cpu(void)
{
	if (this_cpu_read(kvm_hyp_enabled))
		return 0;

	if (!is_hyp_mode_available() || kvm_target_of_part(read_cpuid_part()) < 0 ||
	    !kvm_coproc_cpu_fits()) {
		pr_info_ratelimited("kvm: CPU%d cannot run guests, and stays offline\n",
				    smp_processor_id());
		return -ENODEV;
	}

	cpu_hyp_enable(NULL);
	if (kvm_vgic_present)
		kvm_vgic_cpu_up();
	kvm_timer_cpu_up();
	return 0;
}

void kvm_arch_disable_virtualization_cpu(void)
{
	if (!this_cpu_read(kvm_hyp_enabled))
		return;

	kvm_timer_cpu_down();
	if (kvm_vgic_present)
		kvm_vgic_cpu_down();
	cpu_hyp_disable(NULL);
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
		cpu_hyp_disable(NULL);
		return NOTIFY_OK;
	case CPU_PM_ENTER_FAILED:
	case CPU_PM_EXIT:
		/* A CPU that comes back without Hyp mode has no hyp-stub. */
		if (this_cpu_read(was_enabled) && is_hyp_mode_available())
			cpu_hyp_enable(NULL);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block kvm_cpu_pm_nb = {
	.notifier_call = kvm_cpu_pm_notify,
};

static void __init kvm_cpu_pm_init(void)
{
	cpu_pm_register_notifier(&kvm_cpu_pm_nb);
}

static void __init kvm_cpu_pm_exit(void)
{
	cpu_pm_unregister_notifier(&kvm_cpu_pm_nb);
}
#else
static inline void kvm_cpu_pm_init(void) { }
static inline void kvm_cpu_pm_exit(void) { }
#endif

/**
 * kvm_hyp_report_panic() - report an exception in Hyp mode, and stop
 * @cause: ARM_EXCEPTION_*
 * @pc: address in Hyp mode
 * @hsr: HSR
 * @far: HDFAR or HIFAR
 *
 * Hyp mode returns here instead of to its caller, with the host's registers
 * restored.
 */
asmlinkage void __noreturn kvm_hyp_report_panic(u32 cause, u32 pc, u32 hsr,
						u32 far);
asmlinkage void __noreturn kvm_hyp_report_panic(u32 cause, u32 pc, u32 hsr,
						u32 far)
{
	static const char * const name[] = {
		[ARM_EXCEPTION_UNDEFINED] = "undefined instruction",
		[ARM_EXCEPTION_HVC_HYP] = "unexpected HVC",
		[ARM_EXCEPTION_PREF_ABORT] = "prefetch abort",
		[ARM_EXCEPTION_DATA_ABORT] = "data abort",
	};

	panic("KVM: %s in Hyp mode at %pS (%08x), HSR %08x, address %08x\n",
	      cause < ARRAY_SIZE(name) && name[cause] ? name[cause] : "fault",
	      (void *)pc, pc, hsr, far);
}

static void __init free_hyp_cpus(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		free_page((unsigned long)per_cpu(kvm_hyp_cpu, cpu));
}

static int __init alloc_hyp_cpus(void)
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

static int __init check_hyp_mode(void)
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

	on_each_cpu(cpu_hyp_enable, NULL, 1);
	kvm_cpu_pm_init();

	ret = kvm_vgic_host_init(missing);
	if (!ret) {
		ret = kvm_timer_hyp_init(kvm_vgic_present);
		if (ret)
			kvm_vgic_host_exit();
	}
	if (ret)
		kvm_cpu_pm_exit();
	/* kvm_init() enables each CPU again, with its interrupts. */
	on_each_cpu(cpu_hyp_disable, NULL, 1);

	return ret;
}

static int __init kvm_arm_init(void)
{
	const char *missing;
	int ret;

	ret = check_hyp_mode();
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

	ret = alloc_hyp_cpus();
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
	kvm_cpu_pm_exit();
	on_each_cpu(cpu_hyp_disable, NULL, 1);
out_hyp:
	free_hyp_cpus();
	kvm_hyp_mmu_free();
out_vmid:
	kvm_arm_vmid_alloc_free();
out_onereg:
	kvm_onereg_exit();
	kvm_err("initialisation failed: %d\n", ret);
	return ret;
}
module_init(kvm_arm_init);
