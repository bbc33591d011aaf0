/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Make PSCI calls in a guest, chosen by the test program. The guest program is
 * "psci"; there is one VM at a time.
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

/* CPSR of a vcpu that CPU_ON starts, without instruction set and endianness */
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

/* The versions that KVM_REG_ARM_PSCI_VERSION can select */
#define PSCI_NR_VERSIONS	3
extern const uint32_t psci_versions[PSCI_NR_VERSIONS];

/* The VM, its first vcpu, and entry points for CPU_ON */
extern struct kvm_vm *psci_vm;
extern struct kvm_vcpu *psci_vcpu;
extern uint32_t psci_arm, psci_thumb;

/**
 * psci_create() - create the VM
 * @nr: number of vcpus; all but the first are powered off
 * @features: features of the vcpus
 * @mode: task of the first vcpu; with PSCI_CALLS it is ready for calls
 */
void psci_create(unsigned int nr, uint32_t features, enum psci_mode mode);

/* Create a VM for PSCI_CALLS with PSCI 0.2. */
void psci_create_calls(unsigned int nr);
void psci_destroy(void);

/* Begin a call; end it and return its result; or do both. */
void psci_begin(enum psci_way way, uint32_t fn, uint32_t a1, uint32_t a2,
		uint32_t a3);
uint32_t psci_end(void);
uint32_t psci_call_by(enum psci_way way, uint32_t fn, uint32_t a1, uint32_t a2,
		      uint32_t a3);
/* Call by HVC in ARM state. */
uint32_t psci_call(uint32_t fn, uint32_t a1, uint32_t a2, uint32_t a3);

/* Run a vcpu that sleeps, or is about to, until a signal ends KVM_RUN. */
void vcpu_run_until_signal(struct kvm_vcpu *v);
/* Run a vcpu in this way until it is stopped. */
void vcpu_run_until_stopped(struct kvm_vcpu *v);

/**
 * psci_expect_entry() - run a vcpu that CPU_ON has started, up to GUEST_DONE
 * @v: the vcpu
 * @entry: expected start address
 * @context: expected R0
 * @be: expect big-endian data
 * @what: for messages
 */
void psci_expect_entry(struct kvm_vcpu *v, uint32_t entry, uint32_t context,
		       bool be, const char *what);

#endif /* KVM_ARM_PSCI_H */
