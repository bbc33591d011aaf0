/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Execute single instructions in a guest, chosen by the test program.
 */
#ifndef KVM_ARM_EXECUTE_H
#define KVM_ARM_EXECUTE_H

#include "kvm_arm.h"
#include "../guest/guest_execute.h"
#include "../guest/insn.h"

#define ARM_NOP		0xe320f000
/* An instruction of the permanently undefined space */
#define ARM_UDF		0xe7f000f0
#define CPSR_MASKED	(CPSR_A | CPSR_I | CPSR_F)

#define VECTOR(name)	(1U << GUEST_VEC_##name)

/**
 * execute_create() - create a VM whose vcpus execute orders
 * @nr_vcpus: number of vcpus; all but the first are powered off
 */
struct kvm_vm *execute_create(unsigned int nr_vcpus);

/**
 * execute() - have a vcpu execute an instruction
 * @vcpu: a vcpu of execute_create(), or of another guest that runs its loop
 * @x: order and outcome; see struct execute. With EXECUTE_INSN, cpsr 0 stands for
 *	Supervisor mode with all interrupts masked.
 *
 * An access of the guest other than to the test device ends the test.
 */
void execute(struct kvm_vcpu *vcpu, struct execute *x);

/*
 * execute() in two parts, for instructions that leave the guest in between:
 * execute_begin(), vcpu_run_guest() until GUEST_SYNC, execute_end()
 */
void execute_begin(struct kvm_vcpu *vcpu, const struct execute *x);
void execute_end(struct kvm_vcpu *vcpu, struct execute *x);

/* Execute an order without operands, such as EXECUTE_VFP_ON. */
void execute_op(struct kvm_vcpu *vcpu, enum execute_op op, uint32_t r0);

/**
 * execute_hvc() - execute HVC #0 in Supervisor mode
 * @vcpu: the vcpu
 * @r0: the function
 * @r1: first argument
 * @r2: second argument
 * @r3: third argument
 *
 * Return: the outcome, with the results of the call in r[0] to r[3].
 */
struct execute execute_hvc(struct kvm_vcpu *vcpu, uint32_t r0, uint32_t r1,
			   uint32_t r2, uint32_t r3);

/**
 * expect_undefined() - expect an instruction to have been undefined
 * @before: the order
 * @after: its outcome
 * @what: the instruction
 *
 * Expect one exception at the instruction's address, LR and SPSR by the architecture,
 * and no other change of registers.
 */
bool expect_undefined(const struct execute *before,
		      const struct execute *after, const char *what);

/* Return the MRC, MCR, MRRC or MCRR of a register; the value is in r0 and r1. */
uint32_t reg_insn(uint64_t id, bool write);

/**
 * guest_read() - have the guest read a register by MRC or MRRC in SVC mode
 * @vcpu: the vcpu
 * @id: the register
 * @value: out: the value read
 *
 * Return: false if the instruction was undefined.
 */
bool guest_read(struct kvm_vcpu *vcpu, uint64_t id, uint64_t *value);
bool guest_write(struct kvm_vcpu *vcpu, uint64_t id, uint64_t value);

#endif /* KVM_ARM_EXECUTE_H */
