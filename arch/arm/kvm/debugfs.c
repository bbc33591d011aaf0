// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files for people to read, in /sys/kernel/debug/kvm.
 *
 * hyp: the registers that control traps and stage 2, of each CPU that KVM uses,
 * while the CPU runs the host. No trap bit may be set in them.
 *
 * <pid>-<fd>/vcpu<n>/registers: PC, CPSR and the rows of coproc/regs.h of a
 * vcpu, as of its last exit. They do not show what waits for the next entry,
 * such as a skipped instruction or an exception; a loaded timer shows the
 * values that it was loaded with.
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

struct hyp_regs {
	bool known;
	u32 value[ARRAY_SIZE(hyp_reg_names)];
};

/* A CPU that KVM has not enabled cannot read registers of Hyp mode. */
static void read_hyp_regs(void *data)
{
	struct hyp_regs *regs = data;
	int i;

	regs->known = kvm_hyp_is_enabled();
	for (i = 0; regs->known && i < ARRAY_SIZE(regs->value); i++)
		regs->value[i] = kvm_call_hyp(__kvm_read_hyp_reg, i);
}

static int hyp_show(struct seq_file *m, void *v)
{
	struct hyp_regs regs;
	int cpu, i;

	for_each_online_cpu(cpu) {
		if (smp_call_function_single(cpu, read_hyp_regs, &regs, 1) ||
		    !regs.known)
			continue;
		for (i = 0; i < ARRAY_SIZE(hyp_reg_names); i++)
			seq_printf(m, "cpu%d %s %08x\n", cpu, hyp_reg_names[i],
				   regs.value[i]);
	}

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hyp);

/*
 * Stop the guest instead of taking the vcpu's mutex: a hanging guest holds the
 * mutex, and is what one wants to look at.
 */
static int registers_show(struct seq_file *m, void *v)
{
	struct kvm_vcpu *vcpu = m->private;

	if (!kvm_vcpu_initialized(vcpu)) {
		seq_puts(m, "not initialised\n");
		return 0;
	}

	mutex_lock(&vcpu->kvm->arch.config_lock);
	kvm_arm_halt_guest(vcpu->kvm);
	seq_printf(m, "PC %08lx\nCPSR %08lx\n", *vcpu_pc(vcpu),
		   *vcpu_cpsr(vcpu));
	kvm_coproc_show(vcpu, m);
	kvm_arm_resume_guest(vcpu->kvm);
	mutex_unlock(&vcpu->kvm->arch.config_lock);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

/**
 * kvm_arch_create_vcpu_debugfs() - create the files of a vcpu
 * @vcpu: the vcpu, which outlives the files
 * @dir: the vcpu's directory
 */
void kvm_arch_create_vcpu_debugfs(struct kvm_vcpu *vcpu, struct dentry *dir)
{
	debugfs_create_file("registers", 0400, dir, vcpu, &registers_fops);
}

/**
 * kvm_arm_debugfs_init() - create the files that belong to no VM
 *
 * Call it after kvm_init(), which creates the directory.
 */
void __init kvm_arm_debugfs_init(void)
{
	struct dentry *dir = debugfs_lookup("kvm", NULL);

	if (!dir)
		return;

	debugfs_create_file("hyp", 0400, dir, NULL, &hyp_fops);
	dput(dir);
}
