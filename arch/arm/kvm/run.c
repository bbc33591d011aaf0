// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_RUN: enter the guest, and leave it.
 */
#include <linux/entry-kvm.h>
#include <linux/kvm_host.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include <kvm/arm_arch_timer.h>
#include <kvm/arm_vgic.h>

#include "trace.h"

int kvm_arch_vcpu_run_pid_change(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;
	int ret;

	if (!kvm_vcpu_initialized(vcpu))
		return -ENOEXEC;

	if (likely(vcpu_has_run_once(vcpu)))
		return 0;

	if (irqchip_in_kernel(kvm)) {
		ret = kvm_vgic_map_resources(kvm);
		if (ret)
			return ret;
	}

	ret = kvm_timer_enable(vcpu);
	if (ret)
		return ret;

	mutex_lock(&kvm->arch.config_lock);
	set_bit(KVM_ARCH_FLAG_HAS_RAN_ONCE, &kvm->arch.flags);
	mutex_unlock(&kvm->arch.config_lock);

	return 0;
}

static void vcpu_sleep(struct kvm_vcpu *vcpu)
{
	struct rcuwait *wait = kvm_arch_vcpu_get_wait(vcpu);

	rcuwait_wait_event(wait, kvm_arm_vcpu_can_run(vcpu), TASK_INTERRUPTIBLE);

	/* A signal woke the vcpu: sleep again at the next KVM_RUN. */
	if (!kvm_arm_vcpu_can_run(vcpu))
		kvm_make_request(KVM_REQ_SLEEP, vcpu);

	/*
	 * Read the reset state after the power state. Pairs with smp_wmb() in
	 * kvm_psci_vcpu_on().
	 */
	smp_rmb();
}

static int check_requests(struct kvm_vcpu *vcpu)
{
	if (!kvm_request_pending(vcpu))
		return 1;

	if (kvm_check_request(KVM_REQ_VM_DEAD, vcpu))
		return -EIO;
	if (kvm_check_request(KVM_REQ_SLEEP, vcpu))
		vcpu_sleep(vcpu);
	if (kvm_check_request(KVM_REQ_VCPU_RESET, vcpu))
		kvm_vcpu_apply_cpu_on(vcpu);
	if (kvm_check_request(KVM_REQ_RELOAD_COPROC, vcpu))
		kvm_coproc_reload(vcpu);
	/* KVM_REQ_IRQ_PENDING only forces an exit: entry picks up the interrupts. */
	kvm_check_request(KVM_REQ_IRQ_PENDING, vcpu);

	return 1;
}

/* Check, with interrupts off, whether anything comes before the guest. */
static bool must_not_enter(struct kvm_vcpu *vcpu, int *ret)
{
	if (!irqchip_in_kernel(vcpu->kvm) &&
	    kvm_timer_should_notify_user(vcpu)) {
		vcpu->run->exit_reason = KVM_EXIT_INTR;
		*ret = -EINTR;
		return true;
	}

	return kvm_request_pending(vcpu) || xfer_to_guest_mode_work_pending();
}

static void flush_interrupts(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_hyp *hyp = vcpu_hyp(vcpu);

	hyp->hcr = (hyp->hcr & ~(HCR_VI | HCR_VF)) |
		   READ_ONCE(vcpu->arch.irq_lines);
}

static int noinstr enter_exit(struct kvm_vcpu *vcpu)
{
	int ret;

	guest_state_enter_irqoff();
	ret = kvm_call_hyp(__kvm_vcpu_run, vcpu_hyp(vcpu));
	guest_state_exit_irqoff();

	return ret;
}

static void sync_interrupts(struct kvm_vcpu *vcpu)
{
	kvm_vgic_sync_hwstate(vcpu);
	if (likely(irqchip_in_kernel(vcpu->kvm)))
		return;

	/* Do not access the host's GIC in vain. */
	if (!kvm_vtimer_irq_may_be_active())
		return;

	/*
	 * An active virtual timer interrupt does not fire again. Without a
	 * vgic, only kvm_timer_sync_user() deactivates it, once the timer no
	 * longer fires.
	 */
	kvm_timer_sync_user(vcpu);
}

/* Return 1 with the exit in *@exit, or else as kvm_handle_exit(). */
static int enter_guest(struct kvm_vcpu *vcpu, int ret, int *exit)
{
	/* The flush below writes this CPU's GIC: enter the guest on the same CPU. */
	preempt_disable();
	local_irq_disable();

	kvm_vgic_flush_hwstate(vcpu);

	/* Set the mode before the last check, or a request could go unnoticed. */
	smp_store_mb(vcpu->mode, IN_GUEST_MODE);

	if (ret <= 0 || must_not_enter(vcpu, &ret)) {
		/* Let the writes of the flush take effect before the sync. */
		isb();
		sync_interrupts(vcpu);
		/* Pairs with the cmpxchg in kvm_vcpu_exiting_guest_mode() */
		smp_store_release(&vcpu->mode, OUTSIDE_GUEST_MODE);
		local_irq_enable();
		preempt_enable();
		*exit = ARM_EXCEPTION_IRQ;
		return ret;
	}

	kvm_vcpu_apply_pending(vcpu);
	flush_interrupts(vcpu);
	/* Fast traps are not traced: turn them off while traps are. */
	vcpu_hyp(vcpu)->fast_max_ec =
		trace_kvm_exit_enabled() || trace_kvm_cp15_enabled() ?
		0 : HSR_EC_CP10_ID;

	trace_kvm_entry(*vcpu_pc(vcpu));
	guest_timing_enter_irqoff();
	*exit = enter_exit(vcpu);
	vcpu->stat.exits++;

	sync_interrupts(vcpu);
	/* Pairs with the cmpxchg in kvm_vcpu_exiting_guest_mode() */
	smp_store_release(&vcpu->mode, OUTSIDE_GUEST_MODE);

	/* Account the interrupt that ended the guest's time to the guest. */
	if (*exit == ARM_EXCEPTION_IRQ) {
		vcpu->stat.irq_exit_stat++;
		kvm_coproc_count_fast(vcpu);
		local_irq_enable();
		isb();
		local_irq_disable();
	}
	guest_timing_exit_irqoff();
	local_irq_enable();

	trace_kvm_exit(*exit, kvm_vcpu_trap_get_class(vcpu), *vcpu_pc(vcpu));
	preempt_enable();

	return 1;
}

/**
 * kvm_arch_vcpu_ioctl_run() - run a vcpu until user space is needed
 * @vcpu: the vcpu, its mutex held
 *
 * Return: 0 with kvm_run filled in, or an error: -EINTR for a signal.
 */
int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	int exit, ret;

	vcpu_load(vcpu);

	/* The rest of the instruction may access the vgic, or exit again. */
	if (run->exit_reason == KVM_EXIT_MMIO) {
		ret = kvm_complete_mmio(vcpu);
		if (ret <= 0)
			goto out;
	}

	if (!vcpu->wants_to_run) {
		ret = -EINTR;
		goto out;
	}

	kvm_sigset_activate(vcpu);

	ret = 1;
	run->exit_reason = KVM_EXIT_UNKNOWN;
	run->flags = 0;
	while (ret > 0) {
		ret = xfer_to_guest_mode_handle_work(vcpu);
		if (!ret)
			ret = check_requests(vcpu);

		ret = enter_guest(vcpu, ret, &exit);
		if (ret > 0)
			ret = kvm_handle_exit(vcpu, exit);
	}

	if (!irqchip_in_kernel(vcpu->kvm))
		kvm_timer_update_run(vcpu);

	kvm_sigset_deactivate(vcpu);
out:
	/* Show user space the registers that the guest will see. */
	kvm_vcpu_apply_pending(vcpu);
	vcpu_put(vcpu);

	return ret;
}
