// SPDX-License-Identifier: GPL-2.0
/* Make PSCI calls in a guest. */
#include <byteswap.h>
#include <unistd.h>

#include "harness.h"
#include "psci.h"

struct kvm_vm *psci_vm;
struct kvm_vcpu *psci_vcpu;
uint32_t psci_arm, psci_thumb;

const uint32_t psci_versions[PSCI_NR_VERSIONS] = { 0x2, 0x10000, 0x10001 };

void psci_create(unsigned int nr, uint32_t features, enum psci_mode mode)
{
	unsigned int i;
	uint32_t pc;

	psci_vm = vm_create();
	vm_add_memory(psci_vm, 0, GUEST_RAM_BASE, GUEST_RAM_SIZE, 0);
	pc = vm_load_guest(psci_vm, "psci");
	for (i = 0; i < nr; i++) {
		vcpu_create(psci_vm, i);
		vcpu_init(psci_vm->vcpus[i],
			  features | (i ? POWER_OFF_FEATURE : 0));
	}
	psci_vcpu = psci_vm->vcpus[0];
	vcpu_start_at(psci_vcpu, pc, mode, 0, 0);
	if (mode != PSCI_CALLS)
		return;
	psci_arm = vcpu_expect(psci_vcpu, GUEST_SYNC);
	psci_thumb = vcpu_expect(psci_vcpu, GUEST_SYNC);
}

void psci_create_calls(unsigned int nr)
{
	psci_create(nr, PSCI_0_2_FEATURE, PSCI_CALLS);
}

void psci_destroy(void)
{
	vm_free(psci_vm);
}

void psci_begin(enum psci_way way, uint32_t fn, uint32_t a1, uint32_t a2,
		uint32_t a3)
{
	vcpu_begin_order(psci_vcpu);
	vcpu_queue_arg(psci_vcpu, way);
	vcpu_queue_arg(psci_vcpu, fn);
	vcpu_queue_arg(psci_vcpu, a1);
	vcpu_queue_arg(psci_vcpu, a2);
	vcpu_queue_arg(psci_vcpu, a3);
}

uint32_t psci_end(void)
{
	vcpu_expect(psci_vcpu, GUEST_SYNC);
	return psci_vcpu->reports[0];
}

uint32_t psci_call_by(enum psci_way way, uint32_t fn, uint32_t a1, uint32_t a2,
		      uint32_t a3)
{
	psci_begin(way, fn, a1, a2, a3);
	return psci_end();
}

uint32_t psci_call(uint32_t fn, uint32_t a1, uint32_t a2, uint32_t a3)
{
	return psci_call_by(PSCI_HVC, fn, a1, a2, a3);
}

/* Repeat the signal: one that comes outside of KVM_RUN is lost. */
void vcpu_run_until_signal(struct kvm_vcpu *v)
{
	enum guest_event event;
	uint32_t value;

	ualarm(20000, 20000);
	event = vcpu_run_guest(v, &value);
	ualarm(0, 0);
	if (event != GUEST_INTR)
		kvm_bail("vcpu %u does not wait, but: %s %#x", v->id,
			 guest_event_name(event), value);
}

void vcpu_run_until_stopped(struct kvm_vcpu *v)
{
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		vcpu_run_until_signal(v);
		if (vcpu_get_mp_state(v) == KVM_MP_STATE_STOPPED)
			return;
	}
	kvm_bail("vcpu %u does not stop", v->id);
}

void psci_expect_entry(struct kvm_vcpu *v, uint32_t entry, uint32_t context,
		       bool be, const char *what)
{
	uint32_t report[PSCI_REPORTS];
	unsigned int i;

	v->nr_reports = 0;
	vcpu_expect(v, GUEST_DONE);
	for (i = 0; i < PSCI_REPORTS; i++)
		report[i] = be ? bswap_32(v->reports[i]) : v->reports[i];
	expect_equal(report[PSCI_CONTEXT], context, "%s: context", what);
	expect_equal(report[PSCI_CPSR] & ~(CPSR_T | CPSR_IT),
		     CPSR_RESET | (be ? CPSR_E : 0), "%s: CPSR", what);
	/* MMU, caches and alignment checks off, exceptions in ARM state */
	expect_equal(report[PSCI_SCTLR] & 0x40001007, 0, "%s: SCTLR", what);
	expect_equal(report[PSCI_SCTLR], vcpu_get_reg(v, REG(SCTLR)),
		     "%s: SCTLR in user space", what);
	/* PC reads as the instruction's address plus 8, or plus 4 in Thumb state. */
	expect_equal(report[PSCI_PC], (entry & ~1U) + (entry & 1 ? 12 : 16),
		     "%s: PC", what);
}
