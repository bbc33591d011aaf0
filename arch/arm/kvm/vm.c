// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMs: creation, capabilities, ioctls.
 */
#include <linux/kvm_host.h>
#include <linux/uaccess.h>

#include <asm/kvm_emulate.h>
#include <asm/kvm_coproc.h>
#include <asm/kvm_mmu.h>

#include <kvm/arm_hypercalls.h>
#include <kvm/arm_vgic.h>

#include "main.h"
#include "trace.h"

const struct kvm_stats_desc kvm_vm_stats_desc[] = {
	KVM_GENERIC_VM_STATS()
};

const struct kvm_stats_header kvm_vm_stats_header = {
	.name_size = KVM_STATS_NAME_SIZE,
	.num_desc = ARRAY_SIZE(kvm_vm_stats_desc),
	.id_offset = sizeof(struct kvm_stats_header),
	.desc_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE,
	.data_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE +
		       sizeof(kvm_vm_stats_desc),
};

int kvm_arch_init_vm(struct kvm *kvm, unsigned long type)
{
	int ret;

	/* The IPA space has 40 bits; @type cannot choose another size. */
	if (type)
		return -EINVAL;

	mutex_init(&kvm->arch.config_lock);

	ret = kvm_init_stage2_mmu(kvm);
	if (ret)
		return ret;

	kvm_coproc_init_vm(kvm);
	kvm_vgic_early_init(kvm);
	kvm_timer_init_vm(kvm);
	kvm_arm_init_hypercalls(kvm);
	/* This KVM does not account stolen time. */
	kvm->arch.smccc_feat.std_hyp_bmap = 0;

	return 0;
}

void kvm_arch_destroy_vm(struct kvm *kvm)
{
	kvm_vgic_destroy(kvm);
	kvm_destroy_vcpus(kvm);
	kvm_arm_teardown_hypercalls(kvm);
	kvm_free_stage2_mmu(kvm);
}

int kvm_vm_ioctl_check_extension(struct kvm *kvm, long ext)
{
	switch (ext) {
	case KVM_CAP_IOEVENTFD:
	case KVM_CAP_SYNC_MMU:
	case KVM_CAP_ONE_REG:
	case KVM_CAP_ARM_PSCI:
	case KVM_CAP_ARM_PSCI_0_2:
	case KVM_CAP_READONLY_MEM:
	case KVM_CAP_MP_STATE:
	case KVM_CAP_IMMEDIATE_EXIT:
	case KVM_CAP_VCPU_EVENTS:
	case KVM_CAP_ARM_INJECT_EXT_DABT:
	case KVM_CAP_ARM_NISV_TO_USER:
	case KVM_CAP_ARM_USER_IRQ:
	case KVM_CAP_VCPU_ATTRIBUTES:
	case KVM_CAP_VM_ATTRIBUTES:
	case KVM_CAP_ARM_IRQ_LINE_LAYOUT_2:
	case KVM_CAP_PTP_KVM:
		return 1;
	case KVM_CAP_IRQCHIP:
	case KVM_CAP_ARM_SET_DEVICE_ADDR:
	case KVM_CAP_IRQFD_RESAMPLE:
		return kvm_vgic_present;
	case KVM_CAP_NR_VCPUS:
		return min_t(unsigned int, num_online_cpus(), KVM_MAX_VCPUS);
	case KVM_CAP_MAX_VCPUS:
	case KVM_CAP_MAX_VCPU_ID:
		return KVM_MAX_VCPUS;
	default:
		return 0;
	}
}

long kvm_arch_dev_ioctl(struct file *filp, unsigned int ioctl,
			unsigned long arg)
{
	return -EINVAL;
}

int kvm_vm_ioctl_enable_cap(struct kvm *kvm, struct kvm_enable_cap *cap)
{
	if (cap->flags)
		return -EINVAL;

	switch (cap->cap) {
	case KVM_CAP_ARM_NISV_TO_USER:
		set_bit(KVM_ARCH_FLAG_RETURN_NISV_IO_ABORT_TO_USER,
			&kvm->arch.flags);
		return 0;
	default:
		return -EINVAL;
	}
}

static int set_device_addr(struct kvm *kvm, void __user *argp)
{
	struct kvm_arm_device_addr addr;

	if (copy_from_user(&addr, argp, sizeof(addr)))
		return -EFAULT;

	if ((addr.id & KVM_ARM_DEVICE_ID_MASK) >> KVM_ARM_DEVICE_ID_SHIFT !=
	    KVM_ARM_DEVICE_VGIC_V2)
		return -ENODEV;
	if (!kvm_vgic_present)
		return -ENXIO;

	return kvm_set_legacy_vgic_v2_addr(kvm, &addr);
}

static int preferred_target(void __user *argp)
{
	struct kvm_vcpu_init init = { .target = kvm_target_cpu() };

	return copy_to_user(argp, &init, sizeof(init)) ? -EFAULT : 0;
}

/* The maple tree takes its memory without a cgroup's account, while there is any. */
#define MAX_SMCCC_FILTERS	1024

static int set_smccc_filter(struct kvm *kvm, struct kvm_device_attr *attr)
{
	int ret = kvm_vm_smccc_has_attr(kvm, attr);

	if (ret)
		return ret;
	if (atomic_inc_return(&kvm->arch.nr_smccc_filters) > MAX_SMCCC_FILTERS)
		ret = -ENOSPC;
	else
		ret = kvm_vm_smccc_set_attr(kvm, attr);
	if (ret)
		atomic_dec(&kvm->arch.nr_smccc_filters);

	return ret;
}

static int vm_device_attr(struct kvm *kvm, void __user *argp, bool set)
{
	struct kvm_device_attr attr;

	if (copy_from_user(&attr, argp, sizeof(attr)))
		return -EFAULT;
	if (attr.group != KVM_ARM_VM_SMCCC_CTRL)
		return -ENXIO;

	return set ? set_smccc_filter(kvm, &attr) :
		     kvm_vm_smccc_has_attr(kvm, &attr);
}

int kvm_arch_vm_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	struct kvm *kvm = filp->private_data;
	void __user *argp = (void __user *)arg;
	int ret;

	switch (ioctl) {
	case KVM_CREATE_IRQCHIP:
		if (!kvm_vgic_present)
			return -ENXIO;
		mutex_lock(&kvm->lock);
		ret = kvm_vgic_create(kvm, KVM_DEV_TYPE_ARM_VGIC_V2);
		mutex_unlock(&kvm->lock);
		return ret;
	case KVM_ARM_SET_DEVICE_ADDR:
		return set_device_addr(kvm, argp);
	case KVM_ARM_PREFERRED_TARGET:
		return preferred_target(argp);
	case KVM_HAS_DEVICE_ATTR:
		return vm_device_attr(kvm, argp, false);
	case KVM_SET_DEVICE_ATTR:
		return vm_device_attr(kvm, argp, true);
	default:
		return -EINVAL;
	}
}

/* Set a CPU's IRQ or FIQ input: KVM_IRQ_LINE without an interrupt controller. */
static int cpu_irq_line(struct kvm_vcpu *vcpu, unsigned int num, bool level)
{
	int bit = num == KVM_ARM_IRQ_CPU_IRQ ? __ffs(HCR_VI) : __ffs(HCR_VF);
	bool was;

	if (level)
		was = test_and_set_bit(bit, &vcpu->arch.irq_lines);
	else
		was = test_and_clear_bit(bit, &vcpu->arch.irq_lines);

	if (was != level) {
		/* The line takes effect at the next entry: force one. */
		kvm_make_request(KVM_REQ_IRQ_PENDING, vcpu);
		kvm_vcpu_kick(vcpu);
	}

	return 0;
}

int kvm_vm_ioctl_irq_line(struct kvm *kvm, struct kvm_irq_level *irq_level,
			  bool line_status)
{
	u32 irq = irq_level->irq;
	unsigned int type, vcpu_id, num;
	struct kvm_vcpu *vcpu = NULL;
	bool level = irq_level->level;

	type = (irq >> KVM_ARM_IRQ_TYPE_SHIFT) & KVM_ARM_IRQ_TYPE_MASK;
	vcpu_id = (irq >> KVM_ARM_IRQ_VCPU_SHIFT) & KVM_ARM_IRQ_VCPU_MASK;
	vcpu_id += ((irq >> KVM_ARM_IRQ_VCPU2_SHIFT) &
		    KVM_ARM_IRQ_VCPU2_MASK) * (KVM_ARM_IRQ_VCPU_MASK + 1);
	num = (irq >> KVM_ARM_IRQ_NUM_SHIFT) & KVM_ARM_IRQ_NUM_MASK;

	trace_kvm_irq_line(type, vcpu_id, num, level);

	if (type != KVM_ARM_IRQ_TYPE_SPI) {
		vcpu = kvm_get_vcpu_by_id(kvm, vcpu_id);
		if (!vcpu)
			return -EINVAL;
	}

	switch (type) {
	case KVM_ARM_IRQ_TYPE_CPU:
		if (irqchip_in_kernel(kvm))
			return -ENXIO;
		if (num > KVM_ARM_IRQ_CPU_FIQ)
			return -EINVAL;
		return cpu_irq_line(vcpu, num, level);
	case KVM_ARM_IRQ_TYPE_PPI:
		if (!irqchip_in_kernel(kvm))
			return -ENXIO;
		if (num < VGIC_NR_SGIS || num >= VGIC_NR_PRIVATE_IRQS)
			return -EINVAL;
		return kvm_vgic_inject_irq(kvm, vcpu, num, level, NULL);
	case KVM_ARM_IRQ_TYPE_SPI:
		if (!irqchip_in_kernel(kvm))
			return -ENXIO;
		if (num < VGIC_NR_PRIVATE_IRQS)
			return -EINVAL;
		return kvm_vgic_inject_irq(kvm, NULL, num, level, NULL);
	default:
		return -EINVAL;
	}
}

bool kvm_arch_intc_initialized(struct kvm *kvm)
{
	return vgic_initialized(kvm);
}

bool kvm_arch_irqchip_in_kernel(struct kvm *kvm)
{
	return irqchip_in_kernel(kvm);
}
