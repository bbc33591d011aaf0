// SPDX-License-Identifier: GPL-2.0
/*
 * Identification registers: which values user space may write to each field by
 * the rules of coproc/fields.h, for which VM and until when, and what the guest
 * sees.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "behaviour.h"
#include "execute.h"
#include "harness.h"

/*
 * The CPU's own value of registers of which KVM shows less. Older kernels
 * showed it all, and KVM must accept what they saved. Cortex-A15 and Cortex-A7
 * have the same values. In ID_DFR0, QEMU lacks the debug features that it does
 * not implement; since version 10 it has more of them.
 */
static const struct {
	uint64_t id;
	uint32_t value;
} cpu_values[] = {
	{ REG(ID_PFR0), 0x00001131 },
	/* An emulated board may have CPUs without the Security Extensions. */
	{ REG(ID_PFR1), 0x00011011 },
	{ REG(ID_PFR1), 0x00011001 },
	{ REG(ID_DFR0), 0x02010555 },
	{ REG(ID_DFR0), 0x02010505 },
	{ REG(ID_DFR0), 0x02000505 },
	{ REG(ID_ISAR3), 0x11112131 },
	/* QEMU's "max" */
	{ REG(ID_PFR0), 0x11020131 },
	{ REG(ID_DFR0), 0x0600000a },
};

static struct kvm_vcpu *new_vcpu(void)
{
	struct kvm_vcpu *vcpu = vcpu_create(vm_create(), 0);

	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	return vcpu;
}

static bool is_cpu_value(uint64_t id, uint32_t value)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cpu_values); i++)
		if (cpu_values[i].id == id && cpu_values[i].value == value)
			return true;
	return false;
}

static uint32_t mask_of(const struct reg_field *f)
{
	return (~0U >> (32 - f->width)) << f->low;
}

static bool allows(const struct reg_field *f, uint32_t host, uint32_t value)
{
	switch (f->rule) {
	case RULE_LOWER:
		return value <= host;
	case RULE_LOWER_NOT_0:
		return value == host || (value && (!host || value < host));
	case RULE_HIGHER_OR_0:
		return !value || (host && value >= host);
	case RULE_FREE:
		return true;
	case RULE_FIXED:
		return value == f->value;
	default:
		return value == host;
	}
}

static uint32_t field_of(const struct reg_field *f, uint32_t value)
{
	return (value & mask_of(f)) >> f->low;
}

/*
 * Return the number of values to try: all of a field, or, of a wide one, each
 * bit alone and zero.
 */
static unsigned int nr_values(const struct reg_field *f)
{
	return f->width > 12 ? f->width + 1 : 1U << f->width;
}

static uint32_t nth_value(const struct reg_field *f, unsigned int n)
{
	if (f->width <= 12)
		return n;
	return n ? 1U << (n - 1) : 0;
}

static bool has_rule(const struct reg_field *f)
{
	return f->rule != RULE_ANY;
}

/*
 * Try each value of a field, with the other fields kept. @host is the value
 * that the rules compare with.
 */
static unsigned int check_field(struct kvm_vcpu *vcpu, const struct reg_field *f,
				uint32_t host, bool has_run)
{
	uint32_t old = vcpu_get_reg(vcpu, f->id), value, n;
	unsigned int allowed = 0, i;
	char name[REG_NAME_LEN];

	for (i = 0; i < nr_values(f); i++) {
		int want = 0;

		n = nth_value(f, i);
		value = (old & ~mask_of(f)) | n << f->low;
		if (is_cpu_value(f->id, value))
			continue;
		if (!allows(f, field_of(f, host), n))
			want = -EINVAL;
		else if (has_run && value != old)
			want = -EBUSY;
		expect_errno(__vcpu_set_reg(vcpu, f->id, value), want,
			     "%s.%s = %u", reg_name(f->id, name), f->name, n);
		expect_equal(vcpu_get_reg(vcpu, f->id), want ? old : value, "%s",
			     reg_name(f->id, name));
		vcpu_set_reg(vcpu, f->id, old);
		allowed += !want;
	}
	return allowed;
}

/* Return the number of values that were accepted, of @checked fields. */
static unsigned int check_fields(struct kvm_vcpu *vcpu, const struct reg_dump *host,
				 bool has_run, unsigned int *checked)
{
	struct reg_dump *before = vcpu_dump(vcpu);
	unsigned int allowed = 0, n;
	size_t i;

	*checked = 0;
	for (n = 0; n < host->n; n++) {
		for (i = 0; i < nr_reg_fields; i++) {
			if (reg_fields[i].id != host->reg[n].id ||
			    !has_rule(&reg_fields[i]))
				continue;
			allowed += check_field(vcpu, &reg_fields[i],
					       host->reg[n].value, has_run);
			++*checked;
		}
	}
	expect_unchanged(vcpu, before, "values that were taken back or refused");
	free(before);
	return allowed;
}

static void each_field(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct reg_dump *host = vcpu_dump(vcpu);
	unsigned int allowed, checked;

	allowed = check_fields(vcpu, host, false, &checked);
	expect(checked > 100, "only %u fields", checked);
	expect(allowed > checked, "no field could be changed");
	free(host);
	vm_free(vcpu->vm);
}

/*
 * Return a value in the middle of what the rule allows, so that both directions
 * remain.
 */
static uint32_t other_value(const struct reg_field *f, uint32_t host)
{
	uint32_t i, nr = 0, middle;

	for (i = 0; i < nr_values(f); i++)
		nr += allows(f, host, nth_value(f, i));
	middle = (nr - 1) / 2;
	for (i = 0; i < nr_values(f); i++)
		if (allows(f, host, nth_value(f, i)) && !middle--)
			return nth_value(f, i);
	return host;
}

/* Change all fields of each register at once. Return how many registers changed. */
static unsigned int change_all(struct kvm_vcpu *vcpu, const struct reg_dump *host)
{
	unsigned int n, changed = 0;
	char name[REG_NAME_LEN];
	size_t i;

	for (n = 0; n < host->n; n++) {
		uint64_t id = host->reg[n].id;
		uint32_t old = host->reg[n].value, value = old;

		for (i = 0; i < nr_reg_fields; i++) {
			const struct reg_field *f = &reg_fields[i];

			if (f->id != id || !has_rule(f))
				continue;
			value &= ~mask_of(f);
			value |= other_value(f, field_of(f, old)) << f->low;
		}
		if (value == old)
			continue;
		changed++;
		expect_errno(__vcpu_set_reg(vcpu, id, value), 0, "%s with all fields changed",
			     reg_name(id, name));
		expect_equal(vcpu_get_reg(vcpu, id), value, "%s", reg_name(id, name));
	}
	return changed;
}

/* The rules compare with the host's value, not with the VM's current one. */
static void each_field_of_another(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct reg_dump *host = vcpu_dump(vcpu);
	unsigned int allowed, checked;

	expect(change_all(vcpu, host) > 10, "few registers could be changed");
	allowed = check_fields(vcpu, host, false, &checked);
	expect(allowed > checked, "no field could be changed");
	free(host);
	vm_free(vcpu->vm);
}

static void each_field_after_a_run(void)
{
	struct kvm_vcpu *vcpu = vm_create_guest("execute", 1)->vcpus[0];
	struct reg_dump *host = vcpu_dump(vcpu);
	unsigned int allowed, checked;

	change_all(vcpu, host);
	vcpu_expect(vcpu, GUEST_SYNC);
	allowed = check_fields(vcpu, host, true, &checked);
	expect_equal(allowed, checked, "values that were accepted: one of each field");
	free(host);
	vm_free(vcpu->vm);
}

/* A legal value of one field must not let in an illegal value of another. */
static void two_fields(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	uint32_t isar0 = vcpu_get_reg(vcpu, REG(ID_ISAR0));

	/* Lower Divide to 0, raise Coproc to 1. */
	expect_equal(isar0, 0x02101110, "ID_ISAR0");
	expect_errno(__vcpu_set_reg(vcpu, REG(ID_ISAR0), 0x00111110), -EINVAL,
		     "ID_ISAR0 with less of one and more of another");
	expect_equal(vcpu_get_reg(vcpu, REG(ID_ISAR0)), isar0, "ID_ISAR0");
	expect_errno(__vcpu_set_reg(vcpu, REG(ID_ISAR0), 0x01001110), 0,
		     "ID_ISAR0 with less of both");
	/* A lowered field can be raised again, up to the host's value. */
	expect_errno(__vcpu_set_reg(vcpu, REG(ID_ISAR0), isar0), 0, "ID_ISAR0");
	vm_free(vcpu->vm);
}

static void other_bits(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	unsigned int bit, tried = 0;
	size_t i, n;

	for (i = 0; i < nr_reg_names; i++) {
		const struct reg_name *reg = &reg_names[i];
		uint32_t value, in_fields = 0;

		if (reg->kind != REG_ID)
			continue;
		for (n = 0; n < nr_reg_fields; n++)
			if (reg_fields[n].id == reg->id && has_rule(&reg_fields[n]))
				in_fields |= mask_of(&reg_fields[n]);
		value = vcpu_get_reg(vcpu, reg->id);
		expect_errno(__vcpu_set_reg(vcpu, reg->id, value), 0,
			     "%s = its own value", reg->name);
		for (bit = 0; bit < 32; bit++) {
			if (in_fields & 1U << bit)
				continue;
			expect_errno(__vcpu_set_reg(vcpu, reg->id, value ^ 1U << bit),
				     -EINVAL, "%s with bit %u changed", reg->name, bit);
			tried++;
		}
		expect_equal(vcpu_get_reg(vcpu, reg->id), value, "%s", reg->name);
	}
	/* TCMTR, TLBTR, AIDR, ID_AFR0 at least */
	expect(tried > 4 * 32, "only %u bits", tried);
	vm_free(vcpu->vm);
}

/*
 * Write the known values of a register: only the CPU's own is accepted, and
 * changes nothing.
 */
static void expect_cpu_value(struct kvm_vcpu *vcpu, uint64_t id)
{
	uint64_t before = vcpu_get_reg(vcpu, id);
	unsigned int i, taken = 0;
	char name[REG_NAME_LEN];

	for (i = 0; i < ARRAY_SIZE(cpu_values); i++) {
		int ret;

		if (cpu_values[i].id != id)
			continue;
		ret = __vcpu_set_reg(vcpu, id, cpu_values[i].value);
		if (ret)
			expect_errno(ret, -EINVAL, "another CPU's %s",
				     reg_name(id, name));
		taken += !ret;
	}
	expect_equal(taken, 1, "values of CPUs that %s takes", reg_name(id, name));
	expect_equal(vcpu_get_reg(vcpu, id), before, "%s", reg_name(id, name));
}

static void own_values(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();

	expect_cpu_value(vcpu, REG(ID_PFR0));
	expect_cpu_value(vcpu, REG(ID_PFR1));
	expect_cpu_value(vcpu, REG(ID_DFR0));
	/* ARMv8 has no ThumbEE to hide. */
	if (!host_is_v8())
		expect_cpu_value(vcpu, REG(ID_ISAR3));
	vm_free(vcpu->vm);
}

static void of_the_vm(void)
{
	struct kvm_vcpu *vcpu = new_vcpu(), *other = new_vcpu(), *second, *third;
	uint64_t old = vcpu_get_reg(vcpu, REG(ID_ISAR0));

	second = vcpu_create(vcpu->vm, 1);
	vcpu_init(second, 1 << KVM_ARM_VCPU_PSCI_0_2);
	vcpu_set_reg(vcpu, REG(ID_ISAR0), old & ~0x0f000000ULL);
	third = vcpu_create(vcpu->vm, 2);
	vcpu_init(third, 1 << KVM_ARM_VCPU_PSCI_0_2);
	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);

	expect_equal(vcpu_get_reg(vcpu, REG(ID_ISAR0)), old & ~0x0f000000ULL,
		     "of a vcpu that is initialised again");
	expect_equal(vcpu_get_reg(second, REG(ID_ISAR0)), old & ~0x0f000000ULL,
		     "of another vcpu");
	expect_equal(vcpu_get_reg(third, REG(ID_ISAR0)), old & ~0x0f000000ULL,
		     "of a later vcpu");
	expect_equal(vcpu_get_reg(other, REG(ID_ISAR0)), old, "of another VM");
	vm_free(vcpu->vm);
	vm_free(other->vm);
}

/* Without having entered the guest */
static void after_immediate_exit(void)
{
	struct kvm_vcpu *vcpu = execute_create(1)->vcpus[0];
	uint64_t isar0 = vcpu_get_reg(vcpu, REG(ID_ISAR0));

	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_run(vcpu), -EINTR, "KVM_RUN");
	expect_errno(__vcpu_set_reg(vcpu, REG(ID_ISAR0), isar0 & ~0x0f000000ULL), -EBUSY,
		     "ID_ISAR0");
	vm_free(vcpu->vm);
}

static void after_a_run(void)
{
	struct kvm_vcpu *vcpu = execute_create(2)->vcpus[0], *other;
	uint64_t isar0 = vcpu_get_reg(vcpu, REG(ID_ISAR0));
	struct reg_dump *before;
	uint64_t value;

	other = vcpu->vm->vcpus[1];
	guest_read(vcpu, REG(SCTLR), &value);
	before = vcpu_dump(vcpu);
	/* KVM refuses it for a vcpu that has not run, too. */
	expect_errno(__vcpu_set_reg(vcpu, REG(ID_ISAR0), 0), -EBUSY, "ID_ISAR0");
	expect_errno(__vcpu_set_reg(other, REG(ID_ISAR0), 0), -EBUSY,
		     "ID_ISAR0 of another vcpu");
	expect_errno(__vcpu_set_reg(vcpu, REG(ID_ISAR0), 0xffffffff), -EINVAL,
		     "ID_ISAR0 = ~0");
	expect_errno(__vcpu_set_reg(vcpu, REG(ID_ISAR0), isar0), 0,
		     "ID_ISAR0 = its own value");
	expect_cpu_value(vcpu, REG(ID_PFR0));
	expect_unchanged(vcpu, before, "setting ID registers");
	free(before);
	vm_free(vcpu->vm);
}

/* QEMU traps CTR, MVFR0 and MVFR1, but not the others. */
static void seen_by_guest(void)
{
	static const struct {
		uint64_t id;
		uint32_t less;
		bool everywhere;
	} changes[] = {
		{ REG(CTR), 0x00010000, true },		/* DminLine */
		{ REG(MVFR0), 0x00100000, true },	/* Sqrt */
		{ REG(MVFR1), 0x10000000, true },	/* A_SIMD_FMAC */
		{ REG(ID_ISAR0), 0x01000000, false },	/* Divide */
		{ REG(ID_MMFR0), 0x00100000, false },	/* AuxReg */
	};
	struct kvm_vcpu *vcpu = vm_create_guest("execute", 1)->vcpus[0];
	char name[REG_NAME_LEN];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(changes); i++)
		vcpu_set_reg(vcpu, changes[i].id,
			     vcpu_get_reg(vcpu, changes[i].id) - changes[i].less);
	vcpu_expect(vcpu, GUEST_SYNC);
	vcpu_set_reg(vcpu, REG(CPACR), 0x00f00000);
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		uint64_t value;

		if (!changes[i].everywhere && qemu_version() != HARDWARE)
			continue;
		expect(guest_read(vcpu, changes[i].id, &value), "%s: undefined",
		       reg_name(changes[i].id, name));
		expect_equal(value, vcpu_get_reg(vcpu, changes[i].id), "%s",
			     reg_name(changes[i].id, name));
	}
	vm_free(vcpu->vm);
}

/* Values that let a VM move between Cortex-A15 and Cortex-A7 */
static void between_two_cores(void)
{
	static const struct {
		uint64_t id;
		uint32_t value;
		bool everywhere;
	} common[] = {
		{ REG(MIDR), 0x410fc075, true },
		{ REG(REVIDR), 0x410fc075, false },
		{ REG(CTR), 0x84448003, true },
		{ REG(ID_MMFR0), 0x10101105, false },
		{ REG(ID_MMFR1), 0x20000000, false },
		{ KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |
		  KVM_REG_ARM_VFP_FPSID, 0x41023075, false },
	};
	struct kvm_vcpu *vcpu = vm_create_guest("execute", 1)->vcpus[0];
	char name[REG_NAME_LEN];
	unsigned int i;

	for (i = 0; !host_is_v8() && i < ARRAY_SIZE(common); i++)
		expect_errno(__vcpu_set_reg(vcpu, common[i].id, common[i].value), 0,
			     "%s = %#x", reg_name(common[i].id, name), common[i].value);
	vcpu_expect(vcpu, GUEST_SYNC);
	for (i = 0; !host_is_v8() && i < ARRAY_SIZE(common); i++) {
		uint64_t value = common[i].value;

		if (common[i].everywhere)
			expect(guest_read(vcpu, common[i].id, &value), "%s: undefined",
			       reg_name(common[i].id, name));
		expect_equal(value, common[i].value, "%s in the guest",
			     reg_name(common[i].id, name));
		expect_equal(vcpu_get_reg(vcpu, common[i].id), common[i].value, "%s",
			     reg_name(common[i].id, name));
	}
	vm_free(vcpu->vm);
}

static const struct test tests[] = {
	{ "each field takes what its rule allows and nothing else",
	  each_field },
	{ "each field takes the same values after all fields have changed",
	  each_field_of_another },
	{ "once a vcpu has run, each value of each field: its own, EBUSY or EINVAL",
	  each_field_after_a_run },
	{ "a field that may change does not let one in that may not", two_fields },
	{ "bits in no field, and registers without one, do not change", other_bits },
	{ "the CPU's own value is taken for what is shown of it", own_values },
	{ "all vcpus of the VM have it, and no other VM", of_the_vm },
	{ "EBUSY once a vcpu has run, but for what is there already", after_a_run },
	{ "EBUSY after KVM_RUN with immediate_exit, too", after_immediate_exit },
	{ "the guest reads what user space has made of it", seen_by_guest },
	{ "values that hold on Cortex-A15 and Cortex-A7 are accepted on both",
	  between_two_cores },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
