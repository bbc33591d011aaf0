// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vcpus: creation and ioctls. reset.c initialises them, run.c runs them.
 */
#include <linux/kvm_host.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/kvm_coproc.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_mmu.h>
#include <asm/kvm_onereg.h>

#include <kvm/arm_arch_timer.h>
#include <kvm/arm_vgic.h>

#include "trace.h"

const struct kvm_stats_desc kvm_vcpu_stats_desc[] = {
	KVM_GENERIC_VCPU_STATS(),
	STATS_DESC_COUNTER(VCPU, exits),
	STATS_DESC_COUNTER(VCPU, cp15_exit_stat),
	STATS_DESC_COUNTER(VCPU, cp14_exit_stat),
	STATS_DESC_COUNTER(VCPU, vfp_exit_stat),
	STATS_DESC_COUNTER(VCPU, hvc_exit_stat),
	STATS_DESC_COUNTER(VCPU, smc_exit_stat),
	STATS_DESC_COUNTER(VCPU, wfe_exit_stat),
	STATS_DESC_COUNTER(VCPU, wfi_exit_stat),
	STATS_DESC_COUNTER(VCPU, s2_fault_exit_stat),
	STATS_DESC_COUNTER(VCPU, s2_around_pages),
	STATS_DESC_COUNTER(VCPU, irq_exit_stat),
	STATS_DESC_COUNTER(VCPU, mmio_exit_user),
	STATS_DESC_COUNTER(VCPU, mmio_exit_kernel),
	STATS_DESC_COUNTER(VCPU, signal_exits),
};

const struct kvm_stats_header kvm_vcpu_stats_header = {
	.name_size = KVM_STATS_NAME_SIZE,
	.num_desc = ARRAY_SIZE(kvm_vcpu_stats_desc),
	.id_offset = sizeof(struct kvm_stats_header),
	.desc_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE,
	.data_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE +
		       sizeof(kvm_vcpu_stats_desc),
};

int kvm_arch_vcpu_precreate(struct kvm *kvm, unsigned int id)
{
	if (irqchip_in_kernel(kvm) && vgic_initialized(kvm))
		return -EBUSY;

	return 0;
}

int kvm_arch_vcpu_create(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_hyp *hyp;
	int ret;

	BUILD_BUG_ON(sizeof(*hyp) > PAGE_SIZE);

	hyp = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
	if (!hyp)
		return -ENOMEM;

	ret = kvm_hyp_map(hyp, PAGE_SIZE, LPAE_XN);
	if (ret)
		goto free_hyp;

	vcpu->arch.hyp = hyp;
	vcpu->arch.mmu_page_cache.gfp_zero = __GFP_ZERO;
	spin_lock_init(&vcpu->arch.mp_state_lock);
	/* PSCI finds vcpus by MPIDR, initialised or not. */
	kvm_coproc_reset_vcpu(vcpu);

	kvm_timer_vcpu_init(vcpu);

	ret = kvm_vgic_vcpu_init(vcpu);
	if (ret)
		goto unmap_hyp;

	return 0;

unmap_hyp:
	kvm_hyp_unmap(hyp, PAGE_SIZE);
free_hyp:
	free_page((unsigned long)hyp);
	return ret;
}

void kvm_arch_vcpu_postcreate(struct kvm_vcpu *vcpu)
{
	/* ACTLR.SMP and L2CTLR depend on the number of vcpus. */
	kvm_make_all_cpus_request(vcpu->kvm, KVM_REQ_RELOAD_COPROC);
}

void kvm_arch_vcpu_destroy(struct kvm_vcpu *vcpu)
{
	kvm_mmu_free_memory_cache(&vcpu->arch.mmu_page_cache);
	kvm_timer_vcpu_terminate(vcpu);
	kvm_vgic_vcpu_destroy(vcpu);
	kvm_hyp_unmap(vcpu->arch.hyp, PAGE_SIZE);
	free_page((unsigned long)vcpu->arch.hyp);
}

vm_fault_t kvm_arch_vcpu_fault(struct kvm_vcpu *vcpu, struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static long get_events(struct kvm_vcpu *vcpu, void __user *argp)
{
	struct kvm_vcpu_events events = {};

	/*
	 * A data abort is delivered before the ioctl that injects it returns:
	 * none is pending.
	 */
	events.exception.serror_pending = !!(vcpu_hyp(vcpu)->hcr & HCR_VA);

	return copy_to_user(argp, &events, sizeof(events)) ? -EFAULT : 0;
}

static long set_events(struct kvm_vcpu *vcpu, void __user *argp)
{
	struct kvm_vcpu_events events;
	int i;

	if (copy_from_user(&events, argp, sizeof(events)))
		return -EFAULT;

	for (i = 0; i < ARRAY_SIZE(events.reserved); i++)
		if (events.reserved[i])
			return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(events.exception.pad); i++)
		if (events.exception.pad[i])
			return -EINVAL;

	/* The asynchronous abort of ARMv7 has no syndrome to choose */
	if (events.exception.serror_pending > 1 ||
	    events.exception.serror_has_esr ||
	    events.exception.ext_dabt_pending > 1)
		return -EINVAL;

	/* As on arm64, 0 does not cancel a pending abort. */
	if (events.exception.serror_pending)
		kvm_inject_vabt(vcpu);

	if (events.exception.ext_dabt_pending) {
		/* The abort replaces the MMIO access under emulation. */
		vcpu->mmio_needed = 0;
		kvm_inject_user_dabt(vcpu);
	}

	return 0;
}

static long vcpu_device_attr(struct kvm_vcpu *vcpu, void __user *argp,
			     unsigned int ioctl)
{
	struct kvm_device_attr attr;

	if (copy_from_user(&attr, argp, sizeof(attr)))
		return -EFAULT;
	if (attr.group != KVM_ARM_VCPU_TIMER_CTRL ||
	    attr.attr > KVM_ARM_VCPU_TIMER_IRQ_PTIMER)
		return -ENXIO;

	switch (ioctl) {
	case KVM_SET_DEVICE_ATTR:
		return kvm_arm_timer_set_attr(vcpu, &attr);
	case KVM_GET_DEVICE_ATTR:
		return kvm_arm_timer_get_attr(vcpu, &attr);
	default:
		return kvm_arm_timer_has_attr(vcpu, &attr);
	}
}

long kvm_arch_vcpu_ioctl(struct file *filp, unsigned int ioctl,
			 unsigned long arg)
{
	struct kvm_vcpu *vcpu = filp->private_data;
	void __user *argp = (void __user *)arg;

	long ret;

	switch (ioctl) {
	case KVM_ARM_VCPU_INIT:
		return kvm_arm_vcpu_ioctl_init(vcpu, argp);
	case KVM_GET_REG_LIST:
	case KVM_GET_VCPU_EVENTS:
	case KVM_SET_VCPU_EVENTS:
		ret = kvm_arm_vcpu_prepare(vcpu);
		if (ret)
			return ret;
		break;
	}

	switch (ioctl) {
	case KVM_GET_REG_LIST:
		return kvm_arm_vcpu_ioctl_reg_list(vcpu, argp);
	case KVM_GET_VCPU_EVENTS:
		return get_events(vcpu, argp);
	case KVM_SET_VCPU_EVENTS:
		return set_events(vcpu, argp);
	case KVM_SET_DEVICE_ATTR:
	case KVM_GET_DEVICE_ATTR:
	case KVM_HAS_DEVICE_ATTR:
		return vcpu_device_attr(vcpu, argp, ioctl);
	default:
		return -EINVAL;
	}
}

/*
 * Ioctls of virt/kvm that ARM does not support, or replaces by KVM_GET_ONE_REG
 * and KVM_SET_ONE_REG
 */

int kvm_arch_vcpu_ioctl_get_regs(struct kvm_vcpu *vcpu, struct kvm_regs *regs)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_set_regs(struct kvm_vcpu *vcpu, struct kvm_regs *regs)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_get_sregs(struct kvm_vcpu *vcpu,
				  struct kvm_sregs *sregs)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_set_sregs(struct kvm_vcpu *vcpu,
				  struct kvm_sregs *sregs)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_get_fpu(struct kvm_vcpu *vcpu, struct kvm_fpu *fpu)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_set_fpu(struct kvm_vcpu *vcpu, struct kvm_fpu *fpu)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_translate(struct kvm_vcpu *vcpu,
				  struct kvm_translation *tr)
{
	return -EINVAL;
}

int kvm_arch_vcpu_ioctl_set_guest_debug(struct kvm_vcpu *vcpu,
					struct kvm_guest_debug *dbg)
{
	return -EINVAL;
}
