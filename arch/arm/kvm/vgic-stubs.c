// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stubs for the parts of arm64's vgic that are not compiled here: GICv3, GICv4
 * and ITS.
 *
 * The common code selects the model by a variable, not by the configuration.
 * vgic_v3_probe() fails, so the model is always GICv2; the code that asks for
 * an ITS or for direct MSIs is told that there are none, and nothing calls the
 * rest.
 */
#include <linux/kvm_host.h>

#include <kvm/arm_vgic.h>

#include <asm/kvm_hyp.h>

#include "../../arm64/kvm/vgic/vgic.h"
#include "../../arm64/kvm/vgic/vgic-mmio.h"

int vgic_v3_probe(const struct gic_kvm_info *info)
{
	return -ENODEV;
}

bool vgic_has_its(struct kvm *kvm)
{
	return false;
}

bool vgic_supports_direct_msis(struct kvm *kvm)
{
	return false;
}

/* The vcpu interface of VGIC_V3 */

void __vgic_v3_save_state(struct vgic_v3_cpu_if *cpu_if)
{
}

void __vgic_v3_restore_state(struct vgic_v3_cpu_if *cpu_if)
{
}

void vgic_v3_load(struct kvm_vcpu *vcpu)
{
}

void vgic_v3_put(struct kvm_vcpu *vcpu)
{
}

void vgic_v3_enable(struct kvm_vcpu *vcpu)
{
}

void vgic_v3_fold_lr_state(struct kvm_vcpu *vcpu)
{
}

void vgic_v3_populate_lr(struct kvm_vcpu *vcpu, struct vgic_irq *irq, int lr)
{
}

void vgic_v3_clear_lr(struct kvm_vcpu *vcpu, int lr)
{
}

void vgic_v3_set_underflow(struct kvm_vcpu *vcpu)
{
}

void vgic_v3_set_vmcr(struct kvm_vcpu *vcpu, struct vgic_vmcr *vmcr)
{
}

void vgic_v3_get_vmcr(struct kvm_vcpu *vcpu, struct vgic_vmcr *vmcr)
{
}

/* Set-up of a VM with a VGIC_V3 */

int vgic_v3_map_resources(struct kvm *kvm)
{
	return -ENODEV;
}

int vgic_v3_set_redist_base(struct kvm *kvm, u32 index, u64 addr, u32 count)
{
	return -ENODEV;
}

struct vgic_redist_region *
vgic_v3_rdist_region_from_index(struct kvm *kvm, u32 index)
{
	return NULL;
}

void vgic_v3_free_redist_region(struct kvm *kvm,
				struct vgic_redist_region *rdreg)
{
}

unsigned int vgic_v3_init_dist_iodev(struct vgic_io_device *dev)
{
	return 0;
}

int vgic_register_redist_iodev(struct kvm_vcpu *vcpu)
{
	return 0;
}

void vgic_unregister_redist_iodev(struct kvm_vcpu *vcpu)
{
}

int vgic_v3_save_pending_tables(struct kvm *kvm)
{
	return -ENODEV;
}

int vgic_v3_has_attr_regs(struct kvm_device *dev, struct kvm_device_attr *attr)
{
	return -ENXIO;
}

int vgic_v3_dist_uaccess(struct kvm_vcpu *vcpu, bool is_write, int offset,
			 u32 *val)
{
	return -ENXIO;
}

int vgic_v3_redist_uaccess(struct kvm_vcpu *vcpu, bool is_write, int offset,
			   u32 *val)
{
	return -ENXIO;
}

int vgic_v3_cpu_sysregs_uaccess(struct kvm_vcpu *vcpu,
				struct kvm_device_attr *attr, bool is_write)
{
	return -ENXIO;
}

int vgic_v3_line_level_info_uaccess(struct kvm_vcpu *vcpu, bool is_write,
				    u32 intid, u32 *val)
{
	return -ENXIO;
}

/* GICv4 and ITS */

int vgic_v4_init(struct kvm *kvm)
{
	return 0;
}

void vgic_v4_teardown(struct kvm *kvm)
{
}

void vgic_v4_commit(struct kvm_vcpu *vcpu)
{
}

int vgic_its_inject_msi(struct kvm *kvm, struct kvm_msi *msi)
{
	return -ENODEV;
}

int vgic_its_inject_cached_translation(struct kvm *kvm, struct kvm_msi *msi)
{
	return -EWOULDBLOCK;
}

int kvm_vgic_register_its_device(void)
{
	return -ENODEV;
}

#ifndef CONFIG_ARM_GIC_V3_ITS
/* Otherwise the ITS driver defines it. */
int its_prop_update_vsgi(int irq, u8 priority, bool group)
{
	return -ENODEV;
}
#endif
