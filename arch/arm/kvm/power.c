// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vcpus that must not run: off (PSCI), halted, or locked. The vgic, the timers and
 * PSCI of arch/arm64/kvm call this for the other vcpus of a VM.
 */
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>

/**
 * kvm_mpidr_to_vcpu() - find a vcpu by its affinity
 * @kvm: the VM
 * @mpidr: MPIDR, of which only the affinity fields matter
 *
 * Return: the vcpu, or NULL.
 */
struct kvm_vcpu *kvm_mpidr_to_vcpu(struct kvm *kvm, unsigned long mpidr)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	mpidr &= MPIDR_HWID_BITMASK;
	kvm_for_each_vcpu(i, vcpu, kvm)
		if (kvm_vcpu_get_mpidr_aff(vcpu) == mpidr)
			return vcpu;

	return NULL;
}

static void power_off(struct kvm_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
	kvm_make_request(KVM_REQ_SLEEP, vcpu);
	kvm_vcpu_kick(vcpu);
}

/**
 * kvm_arm_vcpu_power_off() - stop a vcpu until PSCI CPU_ON
 * @vcpu: the vcpu
 */
void kvm_arm_vcpu_power_off(struct kvm_vcpu *vcpu)
{
	spin_lock(&vcpu->arch.mp_state_lock);
	power_off(vcpu);
	spin_unlock(&vcpu->arch.mp_state_lock);
}

bool kvm_arm_vcpu_stopped(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.mp_state.mp_state) == KVM_MP_STATE_STOPPED;
}

int kvm_arch_vcpu_ioctl_get_mpstate(struct kvm_vcpu *vcpu,
				    struct kvm_mp_state *mp_state)
{
	*mp_state = READ_ONCE(vcpu->arch.mp_state);
	return 0;
}

int kvm_arch_vcpu_ioctl_set_mpstate(struct kvm_vcpu *vcpu,
				    struct kvm_mp_state *mp_state)
{
	int ret = 0;

	spin_lock(&vcpu->arch.mp_state_lock);
	switch (mp_state->mp_state) {
	case KVM_MP_STATE_RUNNABLE:
		WRITE_ONCE(vcpu->arch.mp_state, *mp_state);
		break;
	case KVM_MP_STATE_STOPPED:
		power_off(vcpu);
		break;
	default:
		ret = -EINVAL;
	}
	spin_unlock(&vcpu->arch.mp_state_lock);

	return ret;
}

/**
 * kvm_arm_vcpu_can_run() - tell whether a vcpu is neither off nor halted
 * @vcpu: the vcpu
 *
 * Return: true if it may enter the guest.
 */
bool kvm_arm_vcpu_can_run(struct kvm_vcpu *vcpu)
{
	return !kvm_arm_vcpu_stopped(vcpu) && !atomic_read(&vcpu->arch.pause);
}

/**
 * kvm_arm_halt_guest() - keep all vcpus of a VM out of the guest
 * @kvm: the VM, its config_lock held
 */
void kvm_arm_halt_guest(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	lockdep_assert_held(&kvm->arch.config_lock);

	kvm_for_each_vcpu(i, vcpu, kvm)
		atomic_inc(&vcpu->arch.pause);
	kvm_make_all_cpus_request(kvm, KVM_REQ_SLEEP);
}

/**
 * kvm_arm_resume_guest() - undo kvm_arm_halt_guest()
 * @kvm: the VM, its config_lock held
 */
void kvm_arm_resume_guest(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	lockdep_assert_held(&kvm->arch.config_lock);

	kvm_for_each_vcpu(i, vcpu, kvm)
		/* A vcpu created since the halt has pause == 0. */
		if (atomic_dec_if_positive(&vcpu->arch.pause) == 0)
			__kvm_vcpu_wake_up(vcpu);
}

static void unlock_vcpus(struct kvm *kvm, int last)
{
	for (; last >= 0; last--)
		mutex_unlock(&kvm_get_vcpu(kvm, last)->mutex);
}

/**
 * unlock_all_vcpus() - undo lock_all_vcpus()
 * @kvm: the VM, kvm->lock held
 */
void unlock_all_vcpus(struct kvm *kvm)
{
	lockdep_assert_held(&kvm->lock);
	unlock_vcpus(kvm, atomic_read(&kvm->online_vcpus) - 1);
}

/**
 * lock_all_vcpus() - keep user space from using any vcpu of a VM
 * @kvm: the VM, kvm->lock held
 *
 * Return: false, with no vcpu locked, if one is in use.
 */
bool lock_all_vcpus(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	lockdep_assert_held(&kvm->lock);

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (!mutex_trylock(&vcpu->mutex)) {
			unlock_vcpus(kvm, (int)i - 1);
			return false;
		}
	}

	return true;
}
