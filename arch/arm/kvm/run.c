// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_RUN: load a vcpu on a CPU, enter the guest, leave it.
 */
#include <linux/entry-kvm.h>
#include <linux/kvm_host.h>
#include <linux/sched/stat.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include <kvm/arm_arch_timer.h>
#include <kvm/arm_vgic.h>

#include "trace.h"

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct kvm_s2_mmu *mmu = &vcpu->kvm->arch.mmu;
	int *last_ran = this_cpu_ptr(mmu->last_vcpu_ran);

	kvm_arm_vmid_update(&mmu->vmid);
	vcpu_hyp(vcpu)->vttbr = kvm_get_vttbr(mmu);

	/*
	 * TLB entries are tagged with VMID and ASID, and two vcpus of a VM may
	 * use one ASID for different address spaces.
	 */
	if (*last_ran != vcpu->vcpu_idx) {
		kvm_call_hyp(__kvm_flush_cpu_context, vcpu_hyp(vcpu)->vttbr);
		*last_ran = vcpu->vcpu_idx;
	}

	vcpu->cpu = cpu;
	kvm_vgic_load(vcpu);
	kvm_timer_vcpu_load(vcpu);

	/* Trap WFE, a hint to yield, only if another task could run. */
	if (single_task_running())
		vcpu_hyp(vcpu)->hcr &= ~HCR_TWE;
	else
		vcpu_hyp(vcpu)->hcr |= HCR_TWE;
}

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	kvm_timer_vcpu_put(vcpu);
	kvm_vgic_put(vcpu);
	kvm_coproc_count_fast(vcpu);
	kvm_arm_vmid_clear_active();
	vcpu->cpu = -1;
}

static bool vcpu_can_run(struct kvm_vcpu *vcpu)
{
	return !kvm_arm_vcpu_stopped(vcpu) && !atomic_read(&vcpu->arch.pause);
}

static bool vcpu_has_interrupt(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.irq_lines) ||
	       (vcpu_hyp(vcpu)->hcr & HCR_VA) ||
	       kvm_vgic_vcpu_pending_irq(vcpu);
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return (vcpu_has_interrupt(vcpu) ||
		kvm_timer_should_notify_user(vcpu)) && vcpu_can_run(vcpu);
}

/* Other vcpus call this: leave out the timers, which may be loaded on @vcpu's CPU. */
bool kvm_arch_dy_runnable(struct kvm_vcpu *vcpu)
{
	return vcpu_has_interrupt(vcpu) && vcpu_can_run(vcpu);
}

bool kvm_arch_vcpu_in_kernel(struct kvm_vcpu *vcpu)
{
	return vcpu_mode_priv(vcpu);
}

int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_exiting_guest_mode(vcpu) == IN_GUEST_MODE;
}

void kvm_arch_vcpu_blocking(struct kvm_vcpu *vcpu)
{
}

void kvm_arch_vcpu_unblocking(struct kvm_vcpu *vcpu)
{
}

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

/**
 * kvm_arm_halt_guest() - keep all vcpus of a VM out of the guest
 * @kvm: the VM
 */
void kvm_arm_halt_guest(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm)
		atomic_inc(&vcpu->arch.pause);
	kvm_make_all_cpus_request(kvm, KVM_REQ_SLEEP);
}

/**
 * kvm_arm_resume_guest() - undo kvm_arm_halt_guest()
 * @kvm: the VM
 */
void kvm_arm_resume_guest(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm)
		/* A vcpu created since the halt has pause == 0. */
		if (atomic_dec_if_positive(&vcpu->arch.pause) == 0)
			__kvm_vcpu_wake_up(vcpu);
}

static void vcpu_sleep(struct kvm_vcpu *vcpu)
{
	struct rcuwait *wait = kvm_arch_vcpu_get_wait(vcpu);

	rcuwait_wait_event(wait, vcpu_can_run(vcpu), TASK_INTERRUPTIBLE);

	/* A signal woke the vcpu: sleep again at the next KVM_RUN. */
	if (!vcpu_can_run(vcpu))
		kvm_make_request(KVM_REQ_SLEEP, vcpu);

	/*
	 * Read the reset state after the power state. Pairs with smp_wmb() in
	 * kvm_psci_vcpu_on().
	 */
	smp_rmb();
}

/**
 * kvm_vcpu_wfi() - block a vcpu on WFI or PSCI CPU_SUSPEND
 * @vcpu: the vcpu, loaded
 *
 * Context: may sleep.
 */
void kvm_vcpu_wfi(struct kvm_vcpu *vcpu)
{
	/* kvm_arch_vcpu_runnable() needs the vgic's state in memory. */
	preempt_disable();
	vcpu_set_flag(vcpu, IN_WFI);
	kvm_vgic_put(vcpu);
	preempt_enable();

	kvm_vcpu_halt(vcpu);

	preempt_disable();
	vcpu_clear_flag(vcpu, IN_WFI);
	kvm_vgic_load(vcpu);
	preempt_enable();
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
		kvm_reset_vcpu(vcpu);
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
	/*
	 * An active virtual timer interrupt does not fire again. Without a
	 * vgic, only kvm_timer_sync_user() deactivates it, once the timer no
	 * longer fires.
	 */
	if (unlikely(!irqchip_in_kernel(vcpu->kvm)) &&
	    kvm_timer_irq_may_be_active())
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
