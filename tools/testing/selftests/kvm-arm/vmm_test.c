// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of existing VMMs, in their order: kvmtool, and QEMU up to 5.1. Both
 * must find what they ask for, and their guests must run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gic.h"
#include "harness.h"

#define FLASH_BASE	0x02000000ULL
#define FLASH_SIZE	0x10000

#define CPSR_START	0x1d3	/* A, I, F; Supervisor mode */

/* Both VMMs try newer types first, and use GICv2 if KVM refuses them. */
static int create_gic(struct kvm_vm *vm)
{
	int gic;

	expect_errno(__vm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_ITS, 0),
		     -ENODEV, "GICv3 ITS");
	expect_errno(__vm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V3, 0),
		     -ENODEV, "GICv3");
	gic = __gic_create(vm);
	if (gic < 0)
		kvm_bail("no GICv2: %s", strerror(-gic));
	expect_errno(__gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_CPU,
				    GUEST_GICC), 0, "GICC");
	expect_errno(__gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_DIST,
				    GUEST_GICD), 0, "GICD");
	return gic;
}

static void init_gic(int gic)
{
	expect_errno(__device_has_attr(gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0),
		     0, "has NR_IRQS");
	expect_errno(__gic_set_nr_irqs(gic, 128), 0, "NR_IRQS");
	expect_errno(__device_has_attr(gic, KVM_DEV_ARM_VGIC_GRP_CTRL,
				       KVM_DEV_ARM_VGIC_CTRL_INIT), 0,
		     "has CTRL_INIT");
	expect_errno(__gic_init(gic), 0, "CTRL_INIT");
}

static void add_irqfd(struct kvm_vm *vm, uint32_t gsi)
{
	struct kvm_irqfd irqfd = {
		.fd = eventfd(0, 0),
		.gsi = gsi,
		.flags = KVM_IRQFD_FLAG_RESAMPLE,
		.resamplefd = eventfd(0, 0),
	};

	expect_errno(__vm_ioctl(vm, KVM_IRQFD, &irqfd), 0, "KVM_IRQFD");
	close(irqfd.fd);
	close(irqfd.resamplefd);
}

static void add_ioeventfd(struct kvm_vm *vm, uint64_t addr)
{
	struct kvm_ioeventfd arg = {
		.addr = addr,
		.len = 4,
		.fd = eventfd(0, 0),
		.flags = KVM_IOEVENTFD_FLAG_DATAMATCH,
		.datamatch = 1,
	};

	expect_errno(__vm_ioctl(vm, KVM_IOEVENTFD, &arg), 0, "KVM_IOEVENTFD");
	close(arg.fd);
}

static void set_routing(struct kvm_vm *vm, unsigned int n)
{
	struct kvm_irq_routing *table;
	unsigned int i;

	table = calloc(1, sizeof(*table) + n * sizeof(table->entries[0]));
	if (!table)
		kvm_bail("no memory");
	table->nr = n;
	for (i = 0; i < n; i++) {
		table->entries[i].gsi = i;
		table->entries[i].type = KVM_IRQ_ROUTING_IRQCHIP;
		table->entries[i].u.irqchip.pin = i;
	}
	expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING, table), 0,
		     "KVM_SET_GSI_ROUTING");
	free(table);
}

static void kvmtool_caps(struct kvm_vm *vm)
{
	static const struct {
		const char *name;
		long cap;
	} required[] = {
		{ "KVM_CAP_IRQCHIP", KVM_CAP_IRQCHIP },
		{ "KVM_CAP_ONE_REG", KVM_CAP_ONE_REG },
		{ "KVM_CAP_ARM_PSCI", KVM_CAP_ARM_PSCI },
		{ "KVM_CAP_ARM_PSCI_0_2", KVM_CAP_ARM_PSCI_0_2 },
		{ "KVM_CAP_NR_VCPUS", KVM_CAP_NR_VCPUS },
		{ "KVM_CAP_MAX_VCPUS", KVM_CAP_MAX_VCPUS },
		{ "KVM_CAP_IOEVENTFD", KVM_CAP_IOEVENTFD },
		{ "KVM_CAP_IRQ_ROUTING", KVM_CAP_IRQ_ROUTING },
		{ "KVM_CAP_READONLY_MEM", KVM_CAP_READONLY_MEM },
		{ "KVM_CAP_CHECK_EXTENSION_VM", KVM_CAP_CHECK_EXTENSION_VM },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(required); i++)
		expect(vm_check_cap(vm, required[i].cap) > 0, "%s",
		       required[i].name);
	/* With it, kvmtool would use KVM_SIGNAL_MSI. */
	expect_equal(vm_check_cap(vm, KVM_CAP_SIGNAL_MSI), 0,
		     "KVM_CAP_SIGNAL_MSI");
}

static void kvmtool(void)
{
	const unsigned int nr_vcpus = 2;
	struct kvm_vm *vm = vm_create();
	uint64_t entry = 0;
	unsigned int i;
	int gic;

	kvmtool_caps(vm);
	gic = create_gic(vm);
	vm_add_memory(vm, 0, GUEST_RAM_BASE, GUEST_RAM_SIZE, 0);
	vm_add_memory(vm, 1, FLASH_BASE, FLASH_SIZE, KVM_MEM_READONLY);

	for (i = 0; i < nr_vcpus; i++) {
		uint32_t features = 1 << KVM_ARM_VCPU_PSCI_0_2;

		vcpu_create(vm, i);
		if (i)
			features |= 1 << KVM_ARM_VCPU_POWER_OFF;
		vcpu_init(vm->vcpus[i], features);
	}
	/* kvmtool reads MPIDR for the device tree. */
	for (i = 0; i < nr_vcpus; i++)
		expect_equal(vcpu_get_reg(vm->vcpus[i], REG(MPIDR)) & 0xffffff,
			     i, "affinity of vcpu %u", i);
	init_gic(gic);
	set_routing(vm, 96);
	add_irqfd(vm, 5);
	add_ioeventfd(vm, 0x10000050);

	vm_load_file(vm, "/guests/hello.bin", &entry);
	for (i = 0; i < nr_vcpus; i++)
		vcpu_set_reg(vm->vcpus[i], CORE_REG(usr_regs.ARM_cpsr),
			     CPSR_START);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r0), 0);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r1), 0xffffffff);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r2), 0);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_pc), entry);

	spi_line(vm, 40, 1);
	vcpu_expect(vm->vcpus[0], GUEST_SHUTDOWN);
	spi_line(vm, 40, 0);
	/* kvmtool reads registers for its debug console. */
	expect_equal(vcpu_get_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_cpsr)) &
		     0x1f, 0x13, "mode");
	vcpu_get_reg(vm->vcpus[0], CORE_REG(svc_regs[0]));
	vcpu_get_reg(vm->vcpus[0], CORE_REG(svc_regs[1]));
	close(gic);
	vm_free(vm);
}

/* QEMU probes the registers for -cpu host on a temporary VM. */
static void qemu_probe(void)
{
	struct kvm_vm *vm = vm_create();
	struct kvm_vcpu *vcpu = vcpu_create(vm, 0);
	uint64_t value;

	vcpu_init(vcpu, 0);
#define PROBE(name)	\
	expect_errno(__vcpu_get_reg(vcpu, REG(name), &value), 0, #name)
	PROBE(MIDR);
	PROBE(ID_PFR0);
	PROBE(ID_ISAR0);
	PROBE(ID_ISAR1);
	PROBE(ID_ISAR2);
	PROBE(ID_ISAR3);
	PROBE(ID_ISAR4);
	PROBE(ID_ISAR5);
	PROBE(ID_DFR0);
#undef PROBE
	/* QEMU accepts that ID_ISAR6, which is ARMv8's, is missing. */
	expect_errno(__vcpu_get_reg(vcpu, CP_REG32(15, 0, 0, 2, 7), &value),
		     -ENOENT, "ID_ISAR6");
	vcpu_get_reg(vcpu, KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |
			   KVM_REG_ARM_VFP_MVFR0);
	vcpu_get_reg(vcpu, KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |
			   KVM_REG_ARM_VFP_MVFR1);
	vm_free(vm);
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* QEMU keeps a sorted list, without core registers and VFP. */
static struct kvm_reg_list *qemu_list(struct kvm_vcpu *vcpu)
{
	struct kvm_reg_list none = { .n = 0 };
	struct kvm_reg_list *list;
	unsigned int i, n = 0;

	expect_errno(__vcpu_get_reg_list(vcpu, &none), -E2BIG, "n = 0");
	list = vcpu_get_reg_list(vcpu);
	expect_equal(list->n, none.n, "registers");
	qsort(list->reg, list->n, sizeof(list->reg[0]), by_id);
	for (i = 0; i < list->n; i++) {
		uint64_t size = list->reg[i] & KVM_REG_SIZE_MASK;
		enum reg_group group = reg_group_of(list->reg[i]);

		if (group == REG_CORE || group == REG_VFP)
			continue;
		expect(size == KVM_REG_SIZE_U32 || size == KVM_REG_SIZE_U64,
		       "size of %#llx", (unsigned long long)list->reg[i]);
		list->reg[n++] = list->reg[i];
	}
	list->n = n;
	return list;
}

static void read_list(struct kvm_vcpu *vcpu, const struct kvm_reg_list *list,
		      uint64_t *values)
{
	unsigned int i;

	for (i = 0; i < list->n; i++)
		expect_errno(__vcpu_get_reg(vcpu, list->reg[i], &values[i]), 0,
			     "%#llx", (unsigned long long)list->reg[i]);
}

/* Write the counter only in a full write, when the guest resumes. */
static void write_list(struct kvm_vcpu *vcpu, const struct kvm_reg_list *list,
		       const uint64_t *values, bool full)
{
	char name[REG_NAME_LEN];
	unsigned int i;

	for (i = 0; i < list->n; i++) {
		if (!full && list->reg[i] == KVM_REG_ARM_TIMER_CNT)
			continue;
		expect_errno(__vcpu_set_reg(vcpu, list->reg[i], values[i]), 0,
			     "%s", reg_name(list->reg[i], name));
	}
}

static void qemu(void)
{
	const uint32_t features = 1 << KVM_ARM_VCPU_PSCI_0_2;
	const uint64_t fpsid = KVM_REG_ARM | KVM_REG_SIZE_U32 |
			       KVM_REG_ARM_VFP | KVM_REG_ARM_VFP_FPSID;
	const uint64_t d31 = KVM_REG_ARM | KVM_REG_SIZE_U64 |
			     KVM_REG_ARM_VFP | 31;
	struct kvm_mp_state mp_state = { KVM_MP_STATE_RUNNABLE };
	struct kvm_vcpu_events events = {};
	struct kvm_vm *vm = vm_create();
	struct kvm_reg_list *list;
	struct kvm_vcpu *vcpu;
	uint64_t *values, cnt, entry = 0;
	int gic;

	vcpu = vcpu_create(vm, 0);
	vcpu_init(vcpu, features);
	vcpu_get_reg(vcpu, d31);
	vcpu_get_reg(vcpu, REG(MPIDR));
	list = qemu_list(vcpu);
	values = calloc(list->n, sizeof(*values));
	if (!values)
		kvm_bail("no memory");
	read_list(vcpu, list, values);

	expect_errno(__vm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2,
					KVM_CREATE_DEVICE_TEST), 0, "GICv2, test");
	gic = create_gic(vm);
	init_gic(gic);
	vm_add_memory(vm, 0, GUEST_RAM_BASE, GUEST_RAM_SIZE, 0);
	vm_load_file(vm, "/guests/hello.bin", &entry);

	/* Reset the vcpu. */
	vcpu_init(vcpu, features);
	read_list(vcpu, list, values);
	/*
	 * put_registers: core, VFP, the list. QEMU first writes the FPSID of
	 * its model, which is 0 for "host"; KVM refuses it, and QEMU leaves the
	 * rest as it was reset.
	 */
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_pc), entry);
	expect_errno(__vcpu_set_reg(vcpu, fpsid, 0), -EINVAL, "FPSID = 0");
	vcpu_set_reg(vcpu, fpsid, vcpu_get_reg(vcpu, fpsid));
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr), CPSR_START);
	write_list(vcpu, list, values, true);
	vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &mp_state);
	if (vm_check_cap(vm, KVM_CAP_VCPU_EVENTS))
		vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);

	/* Stop and resume the VM. */
	cnt = vcpu_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);
	vcpu_ioctl(vcpu, KVM_GET_MP_STATE, &mp_state);
	expect_equal(mp_state.mp_state, KVM_MP_STATE_RUNNABLE, "MP_STATE");
	read_list(vcpu, list, values);
	write_list(vcpu, list, values, false);
	vcpu_set_reg(vcpu, KVM_REG_ARM_TIMER_CNT, cnt);
	expect(vcpu_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT) >= cnt, "TIMER_CNT");

	vcpu_expect(vcpu, GUEST_SHUTDOWN);
	free(values);
	free(list);
	close(gic);
	vm_free(vm);
}

/* In QEMU's order, the 64-bit TTBRs follow their low halves and decide. */
static void ttbr_order(void)
{
	struct kvm_vm *vm = vm_create_guest("hello", 1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	struct kvm_reg_list *list = qemu_list(vcpu);
	unsigned int i, view32 = 0, view64 = 0;

	for (i = 0; i < list->n; i++) {
		if (list->reg[i] == REG(TTBR0))
			view32 = i;
		if (list->reg[i] == REG(TTBR0_64))
			view64 = i;
	}
	expect(view32 < view64, "TTBR0 is at %u, its 64-bit view at %u",
	       view32, view64);
	vcpu_set_reg(vcpu, REG(TTBR0), 0x11111111);
	vcpu_set_reg(vcpu, REG(TTBR0_64), 0x2234567890);
	expect_equal(vcpu_get_reg(vcpu, REG(TTBR0)), 0x34567890, "TTBR0");
	expect_equal(vcpu_get_reg(vcpu, REG(TTBR0_64)), 0x2234567890, "TTBR0_64");
	free(list);
	vm_free(vm);
}

static const struct test tests[] = {
	{ "kvmtool's calls, in its order, run a guest", kvmtool },
	{ "QEMU's probe of the host's CPU finds what it asks for", qemu_probe },
	{ "QEMU's calls, in its order, run a guest", qemu },
	{ "QEMU's order of ids gives 64-bit registers the last word",
	  ttbr_order },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
