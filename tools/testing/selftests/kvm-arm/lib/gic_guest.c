// SPDX-License-Identifier: GPL-2.0
/* Give orders to the guest program "gic". */
#include <unistd.h>

#include "gic_guest.h"
#include "../guest/insn.h"

void gic_queue_order(struct kvm_vcpu *vcpu, enum gic_order op, uint32_t a,
		     uint32_t b)
{
	vcpu_begin_order(vcpu);
	vcpu_queue_arg(vcpu, op);
	vcpu_queue_arg(vcpu, a);
	vcpu_queue_arg(vcpu, b);
}

bool gic_order_begun(const struct kvm_vcpu *vcpu)
{
	return __atomic_load_n(&vcpu->next_arg, __ATOMIC_RELAXED) == 3;
}

uint32_t gic_order(struct kvm_vcpu *vcpu, enum gic_order op, uint32_t a,
		   uint32_t b)
{
	gic_queue_order(vcpu, op, a, b);
	return vcpu_expect(vcpu, GUEST_SYNC);
}

void gic_guest_start_others(struct kvm_vm *vm, unsigned int nr_vcpus)
{
	unsigned int i;
	uint32_t ret;

	for (i = 1; i < nr_vcpus; i++) {
		ret = gic_order(vm->vcpus[0], GIC_CPU_ON, i, 0);
		if (ret)
			kvm_bail("PSCI CPU_ON %u: %#x", i, ret);
	}
}

struct kvm_vm *gic_guest_create(unsigned int nr_vcpus, uint32_t nr_irqs,
				int *gic)
{
	struct kvm_vm *vm = vm_create_guest("gic", nr_vcpus);
	unsigned int i;

	*gic = gic_create(vm, nr_irqs);
	gic_guest_start_others(vm, nr_vcpus);
	gicd_write(vm->vcpus[0], GICD_CTLR, GICD_CTLR_ENABLE);
	for (i = 0; i < nr_vcpus; i++) {
		gicc_write(vm->vcpus[i], GICC_PMR, 0xff);
		gicc_write(vm->vcpus[i], GICC_CTLR, GICC_CTLR_ENABLE0);
	}
	return vm;
}

void gic_guest_enable(struct kvm_vcpu *vcpu, uint32_t id, bool edge)
{
	uint32_t offset = GICD_ICFGR + id / 16 * 4;
	uint32_t bit = 2U << id % 16 * 2;
	uint32_t config;

	if (id >= 32) {
		config = gicd_read(vcpu, offset) & ~bit;
		gicd_write(vcpu, offset, edge ? config | bit : config);
		gicd_set_byte(vcpu, GICD_ITARGETSR, id, 1 << vcpu->id);
	}
	gicd_set_bit(vcpu, GICD_ISENABLER, id);
}

uint32_t gic_signalled(struct kvm_vcpu *vcpu)
{
	return gic_order(vcpu, GIC_CP_READ,
			 INSN_MRC(0xe, 15, 0, 0, 12, 1, 0), 0) &
	       (ISR_IRQ | ISR_FIQ);
}

struct gic_machine gic_machine_create(unsigned int nr_vcpus, uint32_t nr_irqs)
{
	struct gic_machine m = { .vm = vm_create_guest("gic", nr_vcpus) };

	m.gic = gic_create(m.vm, nr_irqs);
	gic_guest_start_others(m.vm, nr_vcpus);
	return m;
}

void gic_machine_destroy(struct gic_machine *m)
{
	close(m->gic);
	vm_free(m->vm);
}
