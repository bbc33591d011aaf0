// SPDX-License-Identifier: GPL-2.0
/* Give orders to the guest program "sweep". */
#include "sweep.h"

struct kvm_vcpu *sweep_create(void)
{
	struct kvm_vcpu *vcpu = vm_create_guest("sweep", 1)->vcpus[0];

	vcpu_expect(vcpu, GUEST_SYNC);
	return vcpu;
}

void sweep_run(struct kvm_vcpu *vcpu, enum sweep_insn insn, unsigned int cp,
	       unsigned int flags)
{
	vcpu_begin_order(vcpu);
	vcpu_queue_arg(vcpu, insn);
	vcpu_queue_arg(vcpu, cp);
	vcpu_queue_arg(vcpu, flags);
	vcpu_expect(vcpu, GUEST_SYNC);
}

unsigned int sweep_encodings(enum sweep_insn insn)
{
	return insn == SWEEP_MRRC || insn == SWEEP_MCRR ? SWEEP_NR_64 :
							  SWEEP_NR_32;
}

const uint8_t *sweep_counts(const struct kvm_vcpu *vcpu)
{
	return vm_hva(vcpu->vm, SWEEP_COUNTS);
}

const uint32_t *sweep_values(const struct kvm_vcpu *vcpu)
{
	return vm_hva(vcpu->vm, SWEEP_VALUES);
}
