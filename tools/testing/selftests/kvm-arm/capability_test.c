// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_CHECK_EXTENSION: advertised capabilities work, others are refused, and
 * none is advertised that is not in the table here.
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gic.h"
#include "harness.h"

#define NO_MEMORY	0x20000000
#define MAX_CAP		1024
#define PAGE		0x1000

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;

static void create(void)
{
	vm = vm_create();
	vcpu = vcpu_create(vm, 0);
	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
}

static void destroy(void)
{
	vm_free(vm);
}

static int enable(uint32_t cap, uint64_t arg)
{
	struct kvm_enable_cap enable = { .cap = cap, .args = { arg } };

	return __vm_ioctl(vm, KVM_ENABLE_CAP, &enable);
}

/* ---- what there is ------------------------------------------------------ */

static int use_irqchip(void)
{
	return __vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL);
}

static int use_device_addr(void)
{
	int ret = use_irqchip();

	return ret ? ret : __gic_set_legacy_addr(vm, KVM_VGIC_V2_ADDR_TYPE_DIST,
						 NO_MEMORY);
}

static int use_device(void)
{
	return __vm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2,
				  KVM_CREATE_DEVICE_TEST);
}

static int use_memory(void)
{
	vm_add_memory(vm, 0, GUEST_RAM_BASE, PAGE, 0);
	vm_add_memory(vm, 1, GUEST_RAM_BASE + PAGE, PAGE, 0);
	vm_delete_memory(vm, 0);
	vm_add_memory(vm, 0, GUEST_RAM_BASE, PAGE, KVM_MEM_READONLY);
	return 0;
}

static int use_memory2(void)
{
	struct kvm_userspace_memory_region2 region = {
		.guest_phys_addr = GUEST_RAM_BASE,
		.memory_size = PAGE,
	};

	vm_add_memory(vm, 0, NO_MEMORY, PAGE, 0);
	region.userspace_addr = (uintptr_t)vm_hva(vm, NO_MEMORY);
	region.slot = 1;
	return __vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION2, &region);
}

static int use_last_slot(void)
{
	vm_add_memory(vm, vm_check_cap(vm, KVM_CAP_NR_MEMSLOTS) - 1,
		      GUEST_RAM_BASE, PAGE, 0);
	return 0;
}

static int use_coalesced(bool pio)
{
	struct kvm_coalesced_mmio_zone zone = {
		.addr = NO_MEMORY,
		.size = PAGE,
		.pio = pio,
	};
	int ret = __vm_ioctl(vm, KVM_REGISTER_COALESCED_MMIO, &zone);

	return ret ? ret : __vm_ioctl(vm, KVM_UNREGISTER_COALESCED_MMIO, &zone);
}

static int use_coalesced_mmio(void)
{
	return use_coalesced(false);
}

static int use_coalesced_pio(void)
{
	return use_coalesced(true);
}

static int use_ioeventfd(void)
{
	struct kvm_ioeventfd bind = { .addr = NO_MEMORY };
	int ret;

	bind.fd = eventfd(0, EFD_CLOEXEC);
	ret = __vm_ioctl(vm, KVM_IOEVENTFD, &bind);
	close(bind.fd);
	return ret;
}

static int use_irqfd(void)
{
	struct kvm_irqfd irqfd = { .gsi = 0 };
	int gic = gic_create(vm, 0), ret;

	irqfd.fd = eventfd(0, EFD_CLOEXEC);
	ret = __vm_ioctl(vm, KVM_IRQFD, &irqfd);
	close(irqfd.fd);
	close(gic);
	return ret;
}

static int use_routing(void)
{
	struct kvm_irq_routing none = { .nr = 0 };
	int gic = gic_create(vm, 0), ret;

	ret = __vm_ioctl(vm, KVM_SET_GSI_ROUTING, &none);
	close(gic);
	return ret;
}

static int use_mp_state(void)
{
	struct kvm_mp_state state;
	int ret = __vcpu_ioctl(vcpu, KVM_GET_MP_STATE, &state);

	return ret ? ret : __vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &state);
}

static int use_events(void)
{
	struct kvm_vcpu_events events;
	int ret = __vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events);

	return ret ? ret : __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);
}

static int use_one_reg(void)
{
	vcpu_set_reg(vcpu, REG(TPIDRURW), vcpu_get_reg(vcpu, REG(TPIDRURW)));
	return 0;
}

static int use_psci(void)
{
	return vcpu_get_reg(vcpu, KVM_REG_ARM_PSCI_VERSION) >= 2 ? 0 : -1;
}

static int use_immediate_exit(void)
{
	int ret;

	vcpu->run->immediate_exit = 1;
	ret = __vcpu_run(vcpu);
	return ret == -EINTR ? 0 : -EIO;
}

static int use_stats(void)
{
	int fd = __vm_ioctl(vm, KVM_GET_STATS_FD, NULL);

	close(fd);
	return fd < 0 ? fd : 0;
}

static int use_enable(void)
{
	return enable(KVM_CAP_ARM_NISV_TO_USER, 0);
}

static int use_halt_poll(void)
{
	return enable(KVM_CAP_HALT_POLL, 0);
}

static int use_manual_protect(void)
{
	return enable(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		      KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE);
}

static int use_vm_attributes(void)
{
	struct kvm_device_attr attr = { .group = KVM_ARM_VM_SMCCC_CTRL };

	return __vm_ioctl(vm, KVM_HAS_DEVICE_ATTR, &attr);
}

static int use_vcpu_attributes(void)
{
	struct kvm_device_attr attr = { .group = KVM_ARM_VCPU_TIMER_CTRL };

	return __vcpu_ioctl(vcpu, KVM_HAS_DEVICE_ATTR, &attr);
}

static int use_irq_line(void)
{
	cpu_line(vm, 0, KVM_ARM_IRQ_CPU_IRQ, 1);
	return 0;
}

#define CPUS	(-1)		/* as many as CPUs are online */

/* Capabilities without a function are tested by another program. */
static const struct {
	const char *name;
	long cap;
	int value;
	int (*use)(void);
} present[] = {
#define CAP(name, value, use)	{ #name, KVM_CAP_##name, value, use }
	CAP(IRQCHIP, 1, use_irqchip),
	CAP(USER_MEMORY, 1, use_memory),
	CAP(NR_VCPUS, CPUS, NULL),
	CAP(NR_MEMSLOTS, 32767, use_last_slot),
	CAP(MP_STATE, 1, use_mp_state),
	CAP(COALESCED_MMIO, 1, use_coalesced_mmio),
	CAP(SYNC_MMU, 1, NULL),
	CAP(DESTROY_MEMORY_REGION_WORKS, 1, use_memory),
	CAP(IRQ_ROUTING, 4096, use_routing),
	CAP(JOIN_MEMORY_REGIONS_WORKS, 1, use_memory),
	CAP(IRQFD, 1, use_irqfd),
	CAP(IOEVENTFD, 1, use_ioeventfd),
	CAP(INTERNAL_ERROR_DATA, 1, NULL),
	CAP(VCPU_EVENTS, 1, use_events),
	CAP(MAX_VCPUS, 8, NULL),
	CAP(ONE_REG, 1, use_one_reg),
	CAP(READONLY_MEM, 1, use_memory),
	CAP(IRQFD_RESAMPLE, 1, NULL),
	CAP(ARM_PSCI, 1, use_psci),
	CAP(ARM_SET_DEVICE_ADDR, 1, use_device_addr),
	CAP(DEVICE_CTRL, 1, use_device),
	CAP(ENABLE_CAP_VM, 1, use_enable),
	CAP(VM_ATTRIBUTES, 1, use_vm_attributes),
	CAP(ARM_PSCI_0_2, 1, use_psci),
	CAP(CHECK_EXTENSION_VM, 1, NULL),
	CAP(IOEVENTFD_ANY_LENGTH, 1, use_ioeventfd),
	CAP(VCPU_ATTRIBUTES, 1, use_vcpu_attributes),
	CAP(MAX_VCPU_ID, 8, NULL),
	CAP(IMMEDIATE_EXIT, 1, use_immediate_exit),
	CAP(ARM_USER_IRQ, 1, use_irq_line),
	CAP(COALESCED_PIO, 1, use_coalesced_pio),
	CAP(MANUAL_DIRTY_LOG_PROTECT2, 1, use_manual_protect),
	CAP(ARM_IRQ_LINE_LAYOUT_2, 1, use_irq_line),
	CAP(ARM_NISV_TO_USER, 1, use_enable),
	CAP(ARM_INJECT_EXT_DABT, 1, use_events),
	CAP(HALT_POLL, 1, use_halt_poll),
	CAP(PTP_KVM, 1, NULL),
	CAP(BINARY_STATS_FD, 1, use_stats),
	CAP(SYSTEM_EVENT_DATA, 1, NULL),
	CAP(USER_MEMORY2, 1, use_memory2),
#undef CAP
};

static int expected(long cap, const char **name)
{
	size_t i;

	*name = "a capability that is not in the table";
	for (i = 0; i < ARRAY_SIZE(present); i++) {
		if (present[i].cap != cap)
			continue;
		*name = present[i].name;
		return present[i].value == CPUS ? (int)nr_cpus() :
						  present[i].value;
	}
	return 0;
}

static void values(void)
{
	int kvm = kvm_open();
	const char *name;
	long cap;
	int want;

	create();
	for (cap = 0; cap < MAX_CAP; cap++) {
		want = expected(cap, &name);
		expect_equal(vm_check_cap(vm, cap), want,
			     "capability %ld, %s", cap, name);
		expect_equal(__kvm_ioctl(kvm, KVM_CHECK_EXTENSION, (void *)cap),
			     want, "capability %ld of /dev/kvm, %s", cap, name);
	}
	expect_equal(vm_check_cap(vm, -1), 0, "capability -1");
	close(kvm);
	destroy();
}

static void what_there_is(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(present); i++) {
		if (!present[i].use)
			continue;
		create();
		expect_errno(present[i].use(), 0, "%s", present[i].name);
		destroy();
	}
}

/* ---- what there is not -------------------------------------------------- */

/* Only the capabilities that can be enabled may accept KVM_ENABLE_CAP. */
static void what_can_be_enabled(void)
{
	long cap;
	int want;

	create();
	for (cap = 0; cap < MAX_CAP; cap++) {
		switch (cap) {
		case KVM_CAP_ARM_NISV_TO_USER:
		case KVM_CAP_HALT_POLL:
		case KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2:
			want = 0;
			break;
		default:
			want = -EINVAL;
		}
		expect_errno(enable(cap, 0), want, "enabling capability %ld",
			     cap);
	}
	destroy();
}

static const struct {
	const char *name;
	bool of_vcpu;
	unsigned long cmd;
} absent[] = {
	{ "KVM_CREATE_GUEST_MEMFD", false, KVM_CREATE_GUEST_MEMFD },
	{ "KVM_SET_MEMORY_ATTRIBUTES", false, KVM_SET_MEMORY_ATTRIBUTES },
	{ "KVM_SET_GUEST_DEBUG", true, KVM_SET_GUEST_DEBUG },
	{ "KVM_ARM_VCPU_FINALIZE", true, KVM_ARM_VCPU_FINALIZE },
	{ "KVM_GET_REGS", true, KVM_GET_REGS },
	{ "KVM_SET_REGS", true, KVM_SET_REGS },
	{ "KVM_INTERRUPT", true, KVM_INTERRUPT },
};

static void what_there_is_not(void)
{
	char buf[1024] = { 0 };
	size_t i;
	int ret;

	create();
	for (i = 0; i < ARRAY_SIZE(absent); i++) {
		ret = absent[i].of_vcpu ?
		      __vcpu_ioctl(vcpu, absent[i].cmd, buf) :
		      __vm_ioctl(vm, absent[i].cmd, buf);
		expect(ret == -EINVAL || ret == -ENOTTY, "%s: %s",
		       absent[i].name, errno_name(ret));
	}
	destroy();
}

static const struct test tests[] = {
	{ "all capabilities have the values they should", values },
	{ "advertised capabilities can be used", what_there_is },
	{ "capabilities that can be enabled are advertised", what_can_be_enabled },
	{ "capabilities that are not advertised are refused", what_there_is_not },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
