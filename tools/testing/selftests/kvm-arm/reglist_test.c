// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_GET_REG_LIST: which registers it has, their names, their values after
 * KVM_ARM_VCPU_INIT, and that each can be read and written back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "behaviour.h"
#include "harness.h"

/* Not a reset value: the register counts by itself. */
#define COUNTS		0xffffffffffffffffULL

#define PATTERN		0x5a3c96e15a3c96e1ULL

static const struct pinned {
	uint64_t id;
	const char *name;
	uint64_t reset[KVM_ARM_NUM_TARGETS];
} pinned[] = {
#define REG_RESET(_id, _name, a15, a7)					\
	{ .id = _id, .name = _name,					\
	  .reset = { [KVM_ARM_TARGET_CORTEX_A15] = a15,			\
		     [KVM_ARM_TARGET_CORTEX_A7] = a7 } },
#include "reglist_data.h"
};

/* Registers that were added since. Add a new register here. */
static const struct pinned later[] = {
	REG_RESET(0x40200000000f7101, "CNTP_CTL", 0, 0)
	REG_RESET(0x40300000000f0710, "CNTP_CVAL", 0, 0)
	REG_RESET(0x4030000000140001, "SMCCC_ARCH_WORKAROUND_1", 0, 2)
	REG_RESET(0x4030000000140002, "SMCCC_ARCH_WORKAROUND_2", 3, 3)
	REG_RESET(0x4030000000140003, "SMCCC_ARCH_WORKAROUND_3", 0, 2)
	REG_RESET(0x4030000000160000, "STD_BMAP", 1, 1)
	REG_RESET(0x4030000000160001, "STD_HYP_BMAP", 0, 0)
	REG_RESET(0x4030000000160002, "VENDOR_HYP_BMAP", 3, 3)
};

/* Registers that not every host has */
static const struct pinned optional[] = {
	REG_RESET(0x40200000000f1003, "TTBCR2", 0, 0)
};

static struct kvm_vcpu *new_vcpu(void)
{
	struct kvm_vcpu *vcpu = vcpu_create(vm_create(), 0);

	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	return vcpu;
}

static const struct pinned *find_in(const struct pinned *table, size_t n,
				    uint64_t id)
{
	for (; n; n--, table++)
		if (table->id == id)
			return table;
	return NULL;
}

static const struct pinned *find_pinned(uint64_t id)
{
	const struct pinned *p = find_in(pinned, ARRAY_SIZE(pinned), id);

	if (!p)
		p = find_in(later, ARRAY_SIZE(later), id);
	return p ? p : find_in(optional, ARRAY_SIZE(optional), id);
}

static bool listed(const struct kvm_reg_list *list, uint64_t id)
{
	uint64_t i;

	for (i = 0; i < list->n; i++)
		if (list->reg[i] == id)
			return true;
	return false;
}

static void all_listed(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	unsigned int i;

	expect_equal(ARRAY_SIZE(pinned), 134, "pinned registers");
	for (i = 0; i < ARRAY_SIZE(pinned); i++) {
		const struct reg_name *reg = reg_of_id(pinned[i].id);

		expect(listed(list, pinned[i].id) ||
		       (reg && reg->more && !host_has(reg->more)),
		       "%s %#018llx is not listed", pinned[i].name,
		       (unsigned long long)pinned[i].id);
	}
	for (i = 0; i < ARRAY_SIZE(later); i++)
		expect(listed(list, later[i].id), "%s %#018llx is not listed",
		       later[i].name, (unsigned long long)later[i].id);
	free(list);
	vm_free(vcpu->vm);
}

static void nothing_else_listed(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	char name[REG_NAME_LEN];
	uint64_t i, value;

	for (i = 0; i < list->n; i++) {
		if (find_pinned(list->reg[i]))
			continue;
		value = vcpu_get_reg(vcpu, list->reg[i]);
		test_fail("add: REG_RESET(%#018llx, \"%s\", %#llx, %#llx)",
			  (unsigned long long)list->reg[i],
			  reg_name(list->reg[i], name),
			  (unsigned long long)value,
			  (unsigned long long)value);
	}
	free(list);
	vm_free(vcpu->vm);
}

static void no_duplicates(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	uint64_t i, k, before = 0;

	for (i = 0; i < list->n; i++)
		for (k = 0; k < i; k++)
			expect(list->reg[i] != list->reg[k],
			       "%#018llx is entry %llu and %llu",
			       (unsigned long long)list->reg[i],
			       (unsigned long long)k, (unsigned long long)i);
	/* Registers of CP15 are in the order of their ids, 64-bit ones last. */
	for (i = 0; i < list->n; i++) {
		if ((list->reg[i] & KVM_REG_ARM_COPROC_MASK) !=
		    15 << KVM_REG_ARM_COPROC_SHIFT)
			continue;
		expect(list->reg[i] > before, "%#018llx follows %#018llx",
		       (unsigned long long)list->reg[i],
		       (unsigned long long)before);
		before = list->reg[i];
	}
	free(list);
	vm_free(vcpu->vm);
}

static void same_list(void)
{
	struct kvm_vm *vm = vm_create();
	struct kvm_reg_list *first, *list;
	unsigned int i;

	/*
	 * Compare vcpus with different features, and after another
	 * KVM_ARM_VCPU_INIT.
	 */
	vcpu_init(vcpu_create(vm, 0), 1 << KVM_ARM_VCPU_PSCI_0_2);
	vcpu_init(vcpu_create(vm, 1), 1 << KVM_ARM_VCPU_POWER_OFF);
	first = vcpu_get_reg_list(vm->vcpus[0]);
	for (i = 0; i < 3; i++) {
		if (i == 2)
			vcpu_init(vm->vcpus[0], 1 << KVM_ARM_VCPU_PSCI_0_2);
		list = vcpu_get_reg_list(vm->vcpus[i & 1]);
		if (expect_equal(list->n, first->n, "registers in list %u", i))
			expect(!memcmp(list->reg, first->reg,
				       list->n * sizeof(list->reg[0])),
			       "list %u differs", i);
		free(list);
	}
	free(first);
	vm_free(vm);
}

static void names(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	char buf[REG_NAME_LEN];
	const struct pinned *p;
	const char *name;
	uint64_t i, id;

	for (i = 0; i < list->n; i++) {
		name = reg_name(list->reg[i], buf);
		p = find_pinned(list->reg[i]);
		if (p)
			expect(!strcmp(p->name, name), "%#018llx is %s, not %s",
			       (unsigned long long)p->id, name, p->name);
		id = 0;
		expect(name != buf, "%#018llx has no name",
		       (unsigned long long)list->reg[i]);
		expect(!reg_lookup(name, &id) && id == list->reg[i],
		       "%s leads to %#018llx instead of %#018llx", name,
		       (unsigned long long)id,
		       (unsigned long long)list->reg[i]);
	}
	free(list);
	vm_free(vcpu->vm);
}

static void sizes(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	unsigned int size;
	uint64_t i;

	for (i = 0; i < list->n; i++) {
		size = reg_size(list->reg[i]);
		expect(size == 4 || size == 8, "%#018llx has %u bytes",
		       (unsigned long long)list->reg[i], size);
	}
	free(list);
	vm_free(vcpu->vm);
}

/* A 32-bit register writes 4 bytes to user space, and no more. */
static void no_byte_more(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	unsigned char buf[24], mark = 0xa5;
	struct kvm_one_reg one = { .addr = (uintptr_t)buf + 8 };
	uint64_t i;
	unsigned int k;

	for (i = 0; i < list->n; i++) {
		memset(buf, mark, sizeof(buf));
		one.id = list->reg[i];
		vcpu_ioctl(vcpu, KVM_GET_ONE_REG, &one);
		for (k = 0; k < sizeof(buf); k++)
			if (k < 8 || k >= 8 + reg_size(one.id))
				expect_equal(buf[k], mark,
					     "byte %d after %#018llx",
					     (int)k - 8,
					     (unsigned long long)one.id);
	}
	free(list);
	vm_free(vcpu->vm);
}

/*
 * Tell whether the reset value is known. For the generic type of CPU, that is
 * what the architecture requires, not what the CPU identifies itself by.
 */
static bool is_known(const struct pinned *p, uint32_t target)
{
	const struct reg_name *reg = reg_of_id(p->id);

	if (p->reset[KVM_ARM_TARGET_CORTEX_A15] == COUNTS)
		return false;
	return target != KVM_ARM_TARGET_GENERIC_V7 ||
	       (p->reset[KVM_ARM_TARGET_CORTEX_A15] ==
		p->reset[KVM_ARM_TARGET_CORTEX_A7] && reg && reg->kind != REG_ID &&
		reg->group != REG_DEMUX && reg->group != REG_FW &&
		p->id != REG(L2CTLR));
}

static void reset_values(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct reg_dump *dump = vcpu_dump(vcpu);
	uint32_t target = host_target();
	/* For the generic type, only values that both have in common are compared. */
	uint32_t value_of = target == KVM_ARM_TARGET_GENERIC_V7 ?
			    KVM_ARM_TARGET_CORTEX_A15 : target;
	const struct pinned *p;
	unsigned int i;

	for (i = 0; i < dump->n; i++) {
		p = find_pinned(dump->reg[i].id);
		if (p && is_known(p, target))
			expect_equal(dump->reg[i].value, p->reset[value_of],
				     "%s", p->name);
	}
	free(dump);
	vm_free(vcpu->vm);
}

static void set_back(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct reg_dump *dump = vcpu_dump(vcpu);
	char name[REG_NAME_LEN];
	unsigned int i;

	for (i = 0; i < dump->n; i++)
		expect_errno(__vcpu_set_reg(vcpu, dump->reg[i].id,
					    dump->reg[i].value), 0, "%s",
			     reg_name(dump->reg[i].id, name));
	expect_unchanged(vcpu, dump, "setting all registers to their values");
	free(dump);
	vm_free(vcpu->vm);
}

/* Load the values of one vcpu into another VM's vcpu, as migration does. */
static void set_in_other_vm(void)
{
	struct kvm_vcpu *from = new_vcpu(), *to = new_vcpu();
	struct reg_dump *dump;
	char name[REG_NAME_LEN];
	unsigned int i;

	dump = vcpu_dump(from);
	for (i = 0; i < dump->n; i++)
		if (dump->reg[i].id != CORE_REG(usr_regs.ARM_cpsr))
			__vcpu_set_reg(from, dump->reg[i].id, PATTERN + i);
	free(dump);
	dump = vcpu_dump(from);
	for (i = 0; i < dump->n; i++)
		expect_errno(__vcpu_set_reg(to, dump->reg[i].id,
					    dump->reg[i].value), 0, "%s",
			     reg_name(dump->reg[i].id, name));
	expect_unchanged(to, dump, "migration");
	free(dump);
	vm_free(from->vm);
	vm_free(to->vm);
}

/* Setting a register changes only that register and its alias. */
static void set_one_at_a_time(void)
{
	static const uint64_t views[][2] = {
		{ 0x40200000000f1000, 0x40300000000f0100 },	/* TTBR0 */
		{ 0x40200000000f1001, 0x40300000000f0108 },	/* TTBR1 */
	};
	struct kvm_vcpu *vcpu = new_vcpu();
	struct reg_dump *dump = vcpu_dump(vcpu);
	char name[REG_NAME_LEN], other[REG_NAME_LEN];
	unsigned int i, k, v;
	uint64_t id, value;
	bool is_view;

	for (i = 0; i < dump->n; i++) {
		id = dump->reg[i].id;
		/* Skip the counter: setting it changes the state of the timers. */
		if (id == KVM_REG_ARM_TIMER_CNT ||
		    __vcpu_set_reg(vcpu, id, ~dump->reg[i].value & ~0x1fULL))
			continue;
		for (k = 0; k < dump->n; k++) {
			is_view = i == k;
			for (v = 0; v < ARRAY_SIZE(views); v++)
				is_view |= (id == views[v][0] ||
					    id == views[v][1]) &&
					   (dump->reg[k].id == views[v][0] ||
					    dump->reg[k].id == views[v][1]);
			if (is_view ||
			    dump->reg[k].id == KVM_REG_ARM_TIMER_CNT)
				continue;
			value = vcpu_get_reg(vcpu, dump->reg[k].id);
			expect(value == dump->reg[k].value,
			       "setting %s changed %s", reg_name(id, name),
			       reg_name(dump->reg[k].id, other));
		}
		vcpu_set_reg(vcpu, id, dump->reg[i].value);
	}
	free(dump);
	vm_free(vcpu->vm);
}

static void init_again(void)
{
	struct kvm_vcpu *vcpu = new_vcpu();
	struct reg_dump *reset = vcpu_dump(vcpu);
	unsigned int i, changed = 0;
	uint64_t id;

	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	expect_unchanged(vcpu, reset, "the second KVM_ARM_VCPU_INIT");

	for (i = 0; i < reset->n; i++) {
		id = reset->reg[i].id;
		/*
		 * Registers that describe the CPU and its firmware belong to
		 * the VM.
		 */
		if (reg_group_of(id) == REG_FW || reg_group_of(id) == REG_DEMUX ||
		    (reg_of_id(id) && reg_of_id(id)->kind == REG_ID))
			continue;
		if (__vcpu_set_reg(vcpu, id, id == CORE_REG(usr_regs.ARM_cpsr) ?
				   0x600001df : PATTERN ^ i << 8))
			continue;
		changed += vcpu_get_reg(vcpu, id) != reset->reg[i].value;
	}
	/* 38 core registers, 31 of CP15 at least, 32 + 4 of VFP */
	expect(changed >= 38 + 31 + 36, "only %u registers changed", changed);
	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	expect_unchanged(vcpu, reset, "KVM_ARM_VCPU_INIT after a change");
	free(reset);
	vm_free(vcpu->vm);
}

static const struct test tests[] = {
	{ "the 134 registers of the ABI and those added are listed",
	  all_listed },
	{ "no register is listed that is not in this test's tables",
	  nothing_else_listed },
	{ "no register is listed twice, coprocessor 15 ascends",
	  no_duplicates },
	{ "the list is the same for each vcpu at any time", same_list },
	{ "each id leads to its pinned name and the name back to the id",
	  names },
	{ "each register has 32 or 64 bits", sizes },
	{ "a get writes the bytes of the register and not one more",
	  no_byte_more },
	{ "reset values are those of the architecture and this CPU",
	  reset_values },
	{ "each register takes back its own value", set_back },
	{ "all values of a vcpu can be set in another VM", set_in_other_vm },
	{ "setting a register changes no other", set_one_at_a_time },
	{ "KVM_ARM_VCPU_INIT again resets every register", init_again },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
