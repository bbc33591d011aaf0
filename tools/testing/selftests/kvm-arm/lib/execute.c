// SPDX-License-Identifier: GPL-2.0
/* Give orders to the guest program "execute". */
#include <string.h>

#include "execute.h"
#include "harness.h"

struct kvm_vm *execute_create(unsigned int nr_vcpus)
{
	struct kvm_vm *vm = vm_create_guest("execute", nr_vcpus);

	vcpu_expect(vm->vcpus[0], GUEST_SYNC);
	return vm;
}

/* Copy by words: the page is plain memory, which the guest polls. */
static void copy(volatile uint32_t *dst, const volatile uint32_t *src,
		 size_t size)
{
	for (; size; size -= sizeof(*dst))
		*dst++ = *src++;
}

void execute_begin(struct kvm_vcpu *vcpu, const struct execute *x)
{
	struct execute order = *x;

	if (!order.cpsr)
		order.cpsr = CPSR_SVC | CPSR_MASKED;
	copy(vm_shared(vcpu->vm), (const uint32_t *)&order, sizeof(order));
}

void execute_end(struct kvm_vcpu *vcpu, struct execute *x)
{
	copy((uint32_t *)x, vm_shared(vcpu->vm), sizeof(*x));
}

void execute(struct kvm_vcpu *vcpu, struct execute *x)
{
	execute_begin(vcpu, x);
	vcpu_expect(vcpu, GUEST_SYNC);
	execute_end(vcpu, x);
}

void execute_op(struct kvm_vcpu *vcpu, enum execute_op op, uint32_t r0)
{
	struct execute x = {
		.op = op,
		.r = { r0 },
	};

	execute(vcpu, &x);
}

struct execute execute_hvc(struct kvm_vcpu *vcpu, uint32_t r0, uint32_t r1,
			   uint32_t r2, uint32_t r3)
{
	struct execute x = {
		.insn = 0xe1400070,
		.armed = VECTOR(UNDEF),
		.r = { r0, r1, r2, r3, 0x44444444 },
	};

	execute(vcpu, &x);
	expect_equal(x.count, 0, "HVC %#x: exceptions", r0);
	expect_equal(x.r[4], 0x44444444, "HVC %#x: R4", r0);
	return x;
}

bool expect_undefined(const struct execute *before,
		      const struct execute *after, const char *what)
{
	uint32_t cpsr = before->cpsr ? before->cpsr : CPSR_SVC | CPSR_MASKED;
	bool thumb = cpsr & CPSR_T, ok = true;
	unsigned int i;

	ok &= expect_equal(after->count, 1, "%s: exceptions", what);
	if (!ok)
		return false;
	ok &= expect_equal(after->vector, GUEST_VEC_UNDEF, "%s: vector", what);
	ok &= expect_equal(after->lr, after->pc + (thumb ? 2 : 4), "%s: LR_und",
			   what);
	/* SPSR holds the IT state, too. */
	ok &= expect_equal(after->spsr & ~CPSR_IT, cpsr, "%s: SPSR_und", what);
	ok &= expect_equal(after->fault_cpsr & (CPSR_MODE | CPSR_T | CPSR_I),
			   CPSR_UND | CPSR_I, "%s: CPSR in the handler", what);
	for (i = 0; i < 15; i++)
		ok &= expect_equal(after->r[i], before->r[i], "%s: R%u", what,
				   i);
	return ok;
}

uint32_t reg_insn(uint64_t id, bool write)
{
	uint32_t crn = (id & KVM_REG_ARM_32_CRN_MASK) >>
		       KVM_REG_ARM_32_CRN_SHIFT;
	uint32_t crm = (id & KVM_REG_ARM_CRM_MASK) >> KVM_REG_ARM_CRM_SHIFT;
	uint32_t opc1 = (id & KVM_REG_ARM_OPC1_MASK) >>
			KVM_REG_ARM_OPC1_SHIFT;
	uint32_t opc2 = id & KVM_REG_ARM_32_OPC2_MASK;
	uint32_t cp = (id & KVM_REG_ARM_COPROC_MASK) >> KVM_REG_ARM_COPROC_SHIFT;

	/* VMRS and VMSR */
	if ((id & KVM_REG_ARM_COPROC_MASK) == KVM_REG_ARM_VFP)
		return write ? INSN_MCR(0xe, 10, 7, 0, id & 15, 0, 0) :
			       INSN_MRC(0xe, 10, 7, 0, id & 15, 0, 0);
	if (reg_size(id) == 8)
		return write ? INSN_MCRR(0xe, cp, opc1, 0, 1, crm) :
			       INSN_MRRC(0xe, cp, opc1, 0, 1, crm);
	return write ? INSN_MCR(0xe, cp, opc1, 0, crn, crm, opc2) :
		       INSN_MRC(0xe, cp, opc1, 0, crn, crm, opc2);
}

bool guest_read(struct kvm_vcpu *vcpu, uint64_t id, uint64_t *value)
{
	struct execute x = {
		.insn = reg_insn(id, false),
		.armed = VECTOR(UNDEF),
	};

	execute(vcpu, &x);
	*value = x.r[0];
	if (reg_size(id) == 8)
		*value |= (uint64_t)x.r[1] << 32;
	return !x.count;
}

bool guest_write(struct kvm_vcpu *vcpu, uint64_t id, uint64_t value)
{
	struct execute x = {
		.insn = reg_insn(id, true),
		.armed = VECTOR(UNDEF),
		.r = { value, value >> 32 },
	};

	execute(vcpu, &x);
	return !x.count;
}
