// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs files for a person to read, in /sys/kernel/debug/kvm.
 *
 * hyp: the registers by which Hyp mode traps and translates, of each CPU while
 * it runs the host. None of the trap bits may be set there.
 *
 * <pid>-<fd>/vcpu<n>/registers: the registers of a vcpu, as KVM_GET_ONE_REG
 * would give them.
 */
#include <linux/debugfs.h>
#include <linux/kvm_host.h>
#include <linux/seq_file.h>
#include <linux/smp.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>

#include "main.h"

static const char * const hyp_reg_names[] = {
	[KVM_HYP_REG_HCR] = "HCR",
	[KVM_HYP_REG_HDCR] = "HDCR",
	[KVM_HYP_REG_HCPTR] = "HCPTR",
	[KVM_HYP_REG_HSTR] = "HSTR",
	[KVM_HYP_REG_CNTHCTL] = "CNTHCTL",
	[KVM_HYP_REG_VTTBR] = "VTTBR.high",
	[KVM_HYP_REG_VPIDR] = "VPIDR",
	[KVM_HYP_REG_VMPIDR] = "VMPIDR",
};

static void read_hyp_regs(void *values)
{
	u32 *value = values;
	int i;

	for (i = 0; i < ARRAY_SIZE(hyp_reg_names); i++)
		value[i] = kvm_call_hyp(__kvm_read_hyp_reg, i);
}

static int hyp_show(struct seq_file *m, void *v)
{
	u32 values[ARRAY_SIZE(hyp_reg_names)];
	int cpu, i;

	for_each_online_cpu(cpu) {
		if (smp_call_function_single(cpu, read_hyp_regs, values, 1))
			continue;
		for (i = 0; i < ARRAY_SIZE(hyp_reg_names); i++)
			seq_printf(m, "cpu%d %s %08x\n", cpu, hyp_reg_names[i],
				   values[i]);
	}

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hyp);

/*
 * The guest is stopped for as long as it takes, rather than the vcpu's mutex
 * waited for: a guest that hangs holds that, and is what one wants to look at.
 */
static int registers_show(struct seq_file *m, void *v)
{
	struct kvm_vcpu *vcpu = m->private;

	if (!kvm_vcpu_initialized(vcpu)) {
		seq_puts(m, "not initialised\n");
		return 0;
	}

	kvm_arm_halt_guest(vcpu->kvm);
	seq_printf(m, "PC %08lx\nCPSR %08lx\n", *vcpu_pc(vcpu),
		   *vcpu_cpsr(vcpu));
	kvm_coproc_show(vcpu, m);
	kvm_arm_resume_guest(vcpu->kvm);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

/**
 * kvm_arch_create_vcpu_debugfs() - make the files of a vcpu
 * @vcpu: the vcpu, which outlives the files
 * @dir: its directory
 */
void kvm_arch_create_vcpu_debugfs(struct kvm_vcpu *vcpu, struct dentry *dir)
{
	debugfs_create_file("registers", 0400, dir, vcpu, &registers_fops);
}

/**
 * kvm_arm_debugfs_init() - make the files that belong to no VM
 *
 * Called after kvm_init(), which makes the directory.
 */
void __init kvm_arm_debugfs_init(void)
{
	struct dentry *dir = debugfs_lookup("kvm", NULL);

	if (!dir)
		return;

	debugfs_create_file("hyp", 0400, dir, NULL, &hyp_fops);
	dput(dir);
}
