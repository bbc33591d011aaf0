// SPDX-License-Identifier: GPL-2.0
/* Give orders to the guest program "timer". */
#include "harness.h"
#include "timer_guest.h"

void timer_queue_order(struct kvm_vcpu *vcpu, enum timer_order op, uint32_t a,
		       uint32_t b, uint32_t c)
{
	vcpu_begin_order(vcpu);
	vcpu_queue_arg(vcpu, op);
	vcpu_queue_arg(vcpu, a);
	vcpu_queue_arg(vcpu, b);
	vcpu_queue_arg(vcpu, c);
}

/* IRQ level of each vcpu, if this program is the interrupt controller */
static uint32_t levels[KVM_ARM_MAX_VCPUS];

bool timer_update_line(struct kvm_vcpu *vcpu)
{
	uint32_t level = !!(vcpu->run->s.regs.device_irq_level &
			    (KVM_ARM_DEV_EL1_VTIMER | KVM_ARM_DEV_EL1_PTIMER));

	if (level == levels[vcpu->id])
		return false;
	levels[vcpu->id] = level;
	cpu_line(vcpu->vm, vcpu->id, KVM_ARM_IRQ_CPU_IRQ, level);
	return true;
}

bool timer_changed_back(struct kvm_vcpu *vcpu)
{
	return !vcpu_stat(vcpu, "signal_exits");
}

void timer_order(struct kvm_vcpu *vcpu, enum timer_order op, uint32_t a,
		 uint32_t b, uint32_t c)
{
	enum guest_event event;
	uint32_t value;
	bool changed;

	timer_queue_order(vcpu, op, a, b, c);
	do {
		event = vcpu_run_guest(vcpu, &value);
		changed = timer_update_line(vcpu);
	} while (event == GUEST_INTR && (changed || timer_changed_back(vcpu)));
	if (event != GUEST_SYNC)
		kvm_bail("vcpu %u: %s (%#x); console: %s", vcpu->id,
			 guest_event_name(event), value, vcpu->output);
}

void timer_guest_start(struct kvm_vm *vm, unsigned int nr_vcpus,
		       uint32_t vtimer, uint32_t ptimer)
{
	unsigned int i;

	for (i = 0; i < nr_vcpus; i++) {
		levels[i] = 0;
		if (i) {
			timer_order(vm->vcpus[0], TIMER_CPU_ON, i, 0, 0);
			if (vm->vcpus[0]->reports[0])
				kvm_bail("PSCI CPU_ON %u: %#x", i,
					 vm->vcpus[0]->reports[0]);
		}
		timer_order(vm->vcpus[i], TIMER_SETUP, vtimer, ptimer, 0);
	}
}

struct kvm_vm *timer_guest_create(unsigned int nr_vcpus, int *gic)
{
	struct kvm_vm *vm = vm_create_guest("timer", nr_vcpus);

	if (gic)
		*gic = gic_create(vm, 0);
	timer_guest_start(vm, nr_vcpus, gic ? PPI_VTIMER : 0,
			  gic ? PPI_PTIMER : 0);
	return vm;
}

uint64_t timer_read(struct kvm_vcpu *vcpu, enum timer_reg reg)
{
	timer_order(vcpu, TIMER_READ, reg, 0, 0);
	return vcpu->reports[0] | (uint64_t)vcpu->reports[1] << 32;
}

void timer_write(struct kvm_vcpu *vcpu, enum timer_reg reg, uint64_t value)
{
	timer_order(vcpu, TIMER_WRITE, reg, value, value >> 32);
}

struct timer_fired timer_fire(struct kvm_vcpu *vcpu, enum timer_index timer,
			      uint32_t ticks, enum timer_wait wait)
{
	const uint32_t *report = vcpu->reports;

	timer_order(vcpu, TIMER_FIRE, timer, ticks, wait);
	return (struct timer_fired) {
		.cval_lo = report[0],
		.cval_hi = report[1],
		.counter_lo = report[2],
		.counter_hi = report[3],
		.ctl = report[4],
		.count = report[5],
	};
}
