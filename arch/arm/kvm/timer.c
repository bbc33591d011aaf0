// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accessors of the timer rows, whose state arch_timer.c keeps, and
 * kvm_timer_host_exit(), which undoes kvm_timer_hyp_init().
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kvm_host.h>

#include <clocksource/arm_arch_timer.h>
#include <kvm/arm_arch_timer.h>

#include "coproc/coproc.h"
#include "main.h"

/* As in hardware, ISTATUS is 0 while the timer is off and reserved bits are 0. */
static u32 visible_ctl(u32 ctl)
{
	ctl &= ARCH_TIMER_CTRL_ENABLE | ARCH_TIMER_CTRL_IT_MASK |
	       ARCH_TIMER_CTRL_IT_STAT;
	if (!(ctl & ARCH_TIMER_CTRL_ENABLE))
		ctl &= ~ARCH_TIMER_CTRL_IT_STAT;

	return ctl;
}

u64 read_timer(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	return kvm_arm_timer_get_reg(vcpu, coproc_key_to_id(r->key));
}

u64 read_timer_ctl(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	u32 ctl = read_timer(vcpu, r);

	/*
	 * The saved control of the virtual timer includes ISTATUS, but user
	 * space may have written CVAL or the counter since.
	 */
	if (coproc_key_to_id(r->key) == KVM_REG_ARM_TIMER_CTL &&
	    kvm_arm_timer_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT) <
	    kvm_arm_timer_get_reg(vcpu, KVM_REG_ARM_TIMER_CVAL))
		ctl &= ~ARCH_TIMER_CTRL_IT_STAT;

	return visible_ctl(ctl);
}

int set_timer(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
	return kvm_arm_timer_set_reg(vcpu, coproc_key_to_id(r->key), val) ? -EINVAL : 0;
}

/* CNTHCTL.PL1PCEN is 0: the guest's physical timer traps and is emulated. */
void write_cntp_ctl(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
	kvm_arm_timer_write_sysreg(vcpu, TIMER_PTIMER, TIMER_REG_CTL, val);
}

void write_cntp_cval(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
	kvm_arm_timer_write_sysreg(vcpu, TIMER_PTIMER, TIMER_REG_CVAL, val);
}

void write_cntp_tval(struct kvm_vcpu *vcpu, const struct coproc_reg *r, u64 val)
{
	kvm_arm_timer_write_sysreg(vcpu, TIMER_PTIMER, TIMER_REG_TVAL, val);
}

u64 read_cntp_tval(struct kvm_vcpu *vcpu, const struct coproc_reg *r)
{
	return kvm_arm_timer_read_sysreg(vcpu, TIMER_PTIMER, TIMER_REG_TVAL);
}

static void __init free_timer_irq(int irq)
{
	if (irq <= 0)
		return;

	if (kvm_vgic_present)
		irq_set_vcpu_affinity(irq, NULL);
	free_percpu_irq(irq, kvm_get_running_vcpus());
}

/**
 * kvm_timer_host_exit() - free the interrupts of kvm_timer_hyp_init()
 *
 * The interrupts must be disabled on all CPUs.
 */
void __init kvm_timer_host_exit(void)
{
	struct arch_timer_kvm_info *info = arch_timer_get_kvm_info();

	free_timer_irq(info->virtual_irq);
	free_timer_irq(info->physical_irq);
}
