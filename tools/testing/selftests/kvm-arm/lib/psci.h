/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PSCI calls of a guest, chosen by the test program. The guest is "psci", one
 * VM at a time.
 */
#ifndef KVM_ARM_PSCI_H
#define KVM_ARM_PSCI_H

#include "kvm_arm.h"
#include "../guest/guest_psci.h"
#include "../guest/insn.h"

enum {
	PSCI_0_2_FEATURE = 1 << KVM_ARM_VCPU_PSCI_0_2,
	POWER_OFF_FEATURE = 1 << KVM_ARM_VCPU_POWER_OFF,
};

/* CPSR of a vcpu that CPU_ON starts, but for its state and endianness */
#define CPSR_RESET		(CPSR_SVC | CPSR_A | CPSR_I | CPSR_F)

/* Function ids: PSCI 0.2 and later are at 0x84000000, 0.1 is KVM's own */
#define FN(n)			(0x84000000U + (n))
#define FN64(n)			(0xc4000000U + (n))
#define FN_0_1(n)		(0x95c1ba5eU + (n))
#define NR_FN			0x20

enum {
	VERSION, CPU_SUSPEND, CPU_OFF, CPU_ON, AFFINITY_INFO, MIGRATE,
	MIGRATE_INFO_TYPE, MIGRATE_INFO_UP_CPU, SYSTEM_OFF, SYSTEM_RESET,
	FEATURES, SYSTEM_RESET2 = 0x12,
};

#define SUCCESS			0U
#define NOT_SUPPORTED		(-1U)
#define INVALID_PARAMETERS	(-2U)
#define ALREADY_ON		(-4U)
#define INTERNAL_FAILURE	(-6U)

enum { ON, OFF };	/* AFFINITY_INFO */

/* Those that KVM_REG_ARM_PSCI_VERSION can choose from */
#define PSCI_NR_VERSIONS	3
extern const uint32_t psci_versions[PSCI_NR_VERSIONS];

/* The VM, its first vcpu, and where the guest can be entered by CPU_ON */
extern struct kvm_vm *psci_vm;
extern struct kvm_vcpu *psci_vcpu;
extern uint32_t psci_arm, psci_thumb;

/**
 * psci_create() - create the VM
 * @nr: number of vcpus; all but the first are powered off
 * @features: of the vcpus
 * @mode: what the first one is to do
 *
 * With PSCI_CALLS the guest is ready for calls.
 */
void psci_create(unsigned int nr, uint32_t features, enum psci_mode mode);

/* For PSCI_CALLS with PSCI 0.2 */
void psci_create_calls(unsigned int nr);
void psci_destroy(void);

/* A call, in two parts, and what it returned */
void psci_begin(enum psci_way way, uint32_t fn, uint32_t a1, uint32_t a2,
		uint32_t a3);
uint32_t psci_end(void);
uint32_t psci_call_by(enum psci_way way, uint32_t fn, uint32_t a1, uint32_t a2,
		      uint32_t a3);
/* By HVC in ARM state */
uint32_t psci_call(uint32_t fn, uint32_t a1, uint32_t a2, uint32_t a3);

/* Runs a vcpu that sleeps, or is about to, until a signal ends KVM_RUN */
void vcpu_run_until_signal(struct kvm_vcpu *v);
/* ... and it has stopped */
void vcpu_run_until_stopped(struct kvm_vcpu *v);

/**
 * psci_expect_entry() - run a vcpu that CPU_ON has started, up to GUEST_DONE
 * @v: the vcpu
 * @entry: where it was to start
 * @context: what was to be in R0
 * @be: whether it was to be big-endian
 * @what: for messages
 */
void psci_expect_entry(struct kvm_vcpu *v, uint32_t entry, uint32_t context,
		       bool be, const char *what);

#endif /* KVM_ARM_PSCI_H */
