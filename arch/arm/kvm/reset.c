// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reset of vcpus, by KVM_ARM_VCPU_INIT and PSCI CPU_ON.
 */
#include <linux/kvm_host.h>
#include <linux/uaccess.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>

#include <kvm/arm_arch_timer.h>

/* Reset a vcpu, to the state that PSCI CPU_ON asked for if @reset.reset is set. */
static void reset_vcpu(struct kvm_vcpu *vcpu, struct vcpu_reset_state reset)
{
	struct kvm_cpu_context *ctxt = vcpu_ctxt(vcpu);
	bool loaded;

	/* Take the vcpu off the hardware, and keep it off, during the reset. */
	preempt_disable();
	loaded = vcpu->cpu != -1;
	if (loaded)
		kvm_arch_vcpu_put(vcpu);

	memset(&ctxt->gp_regs, 0, sizeof(ctxt->gp_regs));
	memset(&ctxt->vfp, 0, sizeof(ctxt->vfp));
	*vcpu_cpsr(vcpu) = SVC_MODE | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT;
	if (reset.reset)
		kvm_coproc_power_on_vcpu(vcpu);
	else
		kvm_coproc_reset_vcpu(vcpu);

	vcpu_hyp(vcpu)->hcr = HCR_GUEST_RESET;
	vcpu->arch.iflags = 0;
	vcpu->mmio_needed = 0;

	if (reset.reset) {
		if (reset.pc & 1) {
			reset.pc &= ~1UL;
			*vcpu_cpsr(vcpu) |= PSR_T_BIT;
		}
		if (reset.be)
			kvm_vcpu_set_be(vcpu);
		*vcpu_pc(vcpu) = reset.pc;
		vcpu_set_reg(vcpu, 0, reset.r0);
	}

	/* kvm_timer_vcpu_reset() resets only the control registers. */
	memset(vcpu->arch.timer_regs, 0, sizeof(vcpu->arch.timer_regs));
	kvm_timer_vcpu_reset(vcpu);

	if (loaded)
		kvm_arch_vcpu_load(vcpu, smp_processor_id());
	preempt_enable();
}

/**
 * kvm_vcpu_apply_cpu_on() - reset a vcpu to the state that PSCI CPU_ON asked for
 * @vcpu: the vcpu, initialised, its mutex held
 */
void kvm_vcpu_apply_cpu_on(struct kvm_vcpu *vcpu)
{
	struct vcpu_reset_state reset;

	spin_lock(&vcpu->arch.mp_state_lock);
	reset = vcpu->arch.reset_state;
	vcpu->arch.reset_state.reset = false;
	spin_unlock(&vcpu->arch.mp_state_lock);

	/* The previous call applied the state of this request, too. */
	if (reset.reset)
		reset_vcpu(vcpu, reset);
}

/* Check all of @init before anything of the vcpu changes. */
static int check_init(struct kvm_vcpu *vcpu, const struct kvm_vcpu_init *init)
{
	int i;

	if (init->features[0] & ~KVM_VCPU_VALID_FEATURES)
		return -ENOENT;
	for (i = 1; i < ARRAY_SIZE(init->features); i++)
		if (init->features[i])
			return -ENOENT;

	if (kvm_vcpu_initialized(vcpu)) {
		/* An initialised vcpu keeps its target and features. */
		if (init->target != vcpu->arch.target ||
		    init->features[0] != vcpu->arch.features)
			return -EINVAL;
		return 0;
	}

	return init->target == kvm_target_cpu() ? 0 : -EINVAL;
}

/**
 * kvm_arm_vcpu_ioctl_init() - handle KVM_ARM_VCPU_INIT
 * @vcpu: the vcpu
 * @argp: struct kvm_vcpu_init in user space
 *
 * Return: 0, or -EFAULT, -ENOENT or -EINVAL with nothing changed.
 */
long kvm_arm_vcpu_ioctl_init(struct kvm_vcpu *vcpu, void __user *argp)
{
	struct kvm_vcpu_init init;
	int ret;

	if (copy_from_user(&init, argp, sizeof(init)))
		return -EFAULT;

	ret = check_init(vcpu, &init);
	if (ret)
		return ret;

	/*
	 * A restarted VM begins with its caches off: unmap its memory, so that
	 * mapping it again cleans it from the caches.
	 */
	if (vcpu_has_run_once(vcpu))
		stage2_unmap_vm(vcpu->kvm);

	vcpu->arch.target = init.target;
	vcpu->arch.features = init.features[0];
	vcpu->arch.irq_lines = 0;
	reset_vcpu(vcpu, (struct vcpu_reset_state){});
	vcpu_set_flag(vcpu, VCPU_INITIALIZED);

	spin_lock(&vcpu->arch.mp_state_lock);
	/* Drop a CPU_ON that raced with this init. */
	vcpu->arch.reset_state.reset = false;
	kvm_clear_request(KVM_REQ_VCPU_RESET, vcpu);
	if (vcpu_has_feature(vcpu, KVM_ARM_VCPU_POWER_OFF)) {
		WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
		kvm_make_request(KVM_REQ_SLEEP, vcpu);
	} else {
		WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_RUNNABLE);
	}
	spin_unlock(&vcpu->arch.mp_state_lock);

	return 0;
}
