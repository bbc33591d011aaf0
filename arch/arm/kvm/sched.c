// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vcpus and the scheduler: load a vcpu on a CPU, let it wait, tell when to wake it.
 */
#include <linux/kvm_host.h>
#include <linux/sched/stat.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include <kvm/arm_arch_timer.h>
#include <kvm/arm_vgic.h>

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

static bool vcpu_has_interrupt(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.irq_lines) ||
	       (vcpu_hyp(vcpu)->hcr & HCR_VA) ||
	       kvm_vgic_vcpu_pending_irq(vcpu);
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return (vcpu_has_interrupt(vcpu) ||
		kvm_timer_should_notify_user(vcpu)) && kvm_arm_vcpu_can_run(vcpu);
}

/* Other vcpus call this: leave out the timers, which may be loaded on @vcpu's CPU. */
bool kvm_arch_dy_runnable(struct kvm_vcpu *vcpu)
{
	return vcpu_has_interrupt(vcpu) && kvm_arm_vcpu_can_run(vcpu);
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
