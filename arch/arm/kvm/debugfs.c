// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs files for a person to read, in /sys/kernel/debug/kvm.
 *
 * hyp: the registers by which Hyp mode traps and translates, of each CPU while
 * it runs the host. None of the trap bits may be set there.
 */
#include <linux/debugfs.h>
#include <linux/kvm_host.h>
#include <linux/seq_file.h>
#include <linux/smp.h>

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
