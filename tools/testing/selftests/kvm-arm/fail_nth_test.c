// SPDX-License-Identifier: GPL-2.0
/*
 * KVM survives each allocation and each copy from or to user space that fails: each
 * operation is repeated with the first of them failing, the second, and so on. It must
 * fail by a usual error, leave no splat, and succeed when nothing fails any more.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "execute.h"
#include "fail_nth.h"
#include "fuzz.h"
#include "fuzz_cover.h"
#include "gic.h"
#include "harness.h"
#include "kselftest.h"
#include "memory.h"

#define SLOT		5
#define SLOT_BASE	0x48000000
#define SPI		8
#define OUTSIDE		0x20000000
#define LDRD		0xe1c100d0	/* ldrd r0, [r1] */
/* Exits of the guest's first run: it prints some characters. */
#define EXITS		12
/* One of so many registers is accessed. */
#define REG_STEP	8

/* ---- guests ------------------------------------------------------------- */

static void with_guest(struct fixture *x)
{
	with_gic(x);
	vcpu_start_at(x->vm->vcpus[0], vm_load_guest(x->vm, "hello"), 0, 0, 0);
}

static void with_order(struct fixture *x, const struct execute *order)
{
	with_nothing(x);
	x->vm = execute_create(1);
	execute_begin(x->vm->vcpus[0], order);
}

static void with_access(struct fixture *x)
{
	const struct execute order = { .insn = LDRD, .r = { 0, OUTSIDE } };

	with_order(x, &order);
}

/* ---- operations --------------------------------------------------------- */

static int create_vm(struct fixture *x)
{
	return fixture_keep(x, __kvm_ioctl(x->kvm, KVM_CREATE_VM, NULL));
}

static int create_vcpus(struct fixture *x)
{
	unsigned long id;
	int ret = 0;

	for (id = 0; id < FAIL_VCPUS && !ret; id++)
		ret = fixture_keep(x, __vm_ioctl(x->vm, KVM_CREATE_VCPU, (void *)id));
	return ret;
}

static int init_vcpu(struct fixture *x)
{
	struct kvm_vcpu *vcpu = x->vm->vcpus[0];
	struct kvm_vcpu_init init;
	int ret;

	ret = __vm_ioctl(x->vm, KVM_ARM_PREFERRED_TARGET, &init);
	if (!ret)
		ret = __vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &x->init);
	if (!ret)
		ret = __vcpu_get_reg_list(vcpu, x->list);
	return ret;
}

static int create_gic(struct fixture *x)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_ARM_VGIC_V2 };
	int ret = __vm_ioctl(x->vm, KVM_CREATE_DEVICE, &device);

	return ret ? ret : fixture_keep(x, device.fd);
}

static int init_gic(struct fixture *x)
{
	uint32_t value;
	int ret;

	ret = __gic_set_addr(x->gic, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD);
	if (!ret)
		ret = __gic_set_addr(x->gic, KVM_VGIC_V2_ADDR_TYPE_CPU, GUEST_GICC);
	if (!ret)
		ret = __gic_set_nr_irqs(x->gic, 128);
	if (!ret)
		ret = __gic_init(x->gic);
	if (!ret)
		ret = __gic_get_dist(x->gic, 0, GICD_CTLR, &value);
	if (!ret)
		ret = __gic_set_dist(x->gic, 0, GICD_CTLR, value);
	if (!ret)
		ret = __gic_get_cpu(x->gic, 0, GICC_PMR, &value);
	return ret;
}

static int set_slot(struct fixture *x, uint64_t size, uint32_t flags)
{
	struct kvm_userspace_memory_region region = {
		.slot = SLOT,
		.flags = flags,
		.guest_phys_addr = SLOT_BASE,
		.memory_size = size,
		.userspace_addr = (uintptr_t)x->memory,
	};

	return __vm_ioctl(x->vm, KVM_SET_USER_MEMORY_REGION, &region);
}

static int set_memory(struct fixture *x)
{
	int ret = set_slot(x, FAIL_SLOT_SIZE, 0);

	return ret ? ret : set_slot(x, 0, 0);
}

static int log_memory(struct fixture *x)
{
	uint64_t bitmap[FAIL_SLOT_SIZE / PAGE / 64] = { 0 };
	int ret;

	ret = set_slot(x, FAIL_SLOT_SIZE, 0);
	if (!ret)
		ret = set_slot(x, FAIL_SLOT_SIZE, KVM_MEM_LOG_DIRTY_PAGES);
	if (!ret)
		ret = __vm_get_dirty_log(x->vm, SLOT, bitmap);
	if (!ret)
		ret = set_slot(x, FAIL_SLOT_SIZE, 0);
	return ret ? ret : set_slot(x, 0, 0);
}

/*
 * Run a vcpu up to a write to GUEST_IO_SYNC, or for some exits. An exception of the
 * guest is EIO: the host must not let a guest notice that memory is short.
 */
static int run(struct fixture *x)
{
	struct kvm_vcpu *vcpu = x->vm->vcpus[0];
	unsigned int exits;
	int ret;

	for (exits = 0; exits < EXITS; exits++) {
		ret = __vcpu_run(vcpu);
		if (ret)
			return ret;
		if (vcpu->run->exit_reason != KVM_EXIT_MMIO)
			return -EIO;
		if (vcpu->run->mmio.phys_addr == GUEST_IO + GUEST_IO_FAULT)
			return -EIO;
		if (vcpu->run->mmio.phys_addr == GUEST_IO + GUEST_IO_SYNC)
			break;
	}
	return 0;
}

static int access_regs(struct fixture *x)
{
	uint64_t i, value;
	int ret = 0;

	for (i = 0; i < x->list->n && !ret; i += REG_STEP) {
		ret = __vcpu_get_reg(x->vm->vcpus[0], x->list->reg[i], &value);
		if (!ret)
			ret = __vcpu_set_reg(x->vm->vcpus[0], x->list->reg[i], value);
	}
	return ret;
}

static int vcpu_state(struct fixture *x)
{
	struct kvm_vcpu *vcpu = x->vm->vcpus[0];
	struct kvm_vcpu_events events;
	struct kvm_mp_state mp;
	uint32_t ppi;
	int ret;

	ret = __vcpu_ioctl(vcpu, KVM_GET_MP_STATE, &mp);
	if (!ret)
		ret = __vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &mp);
	if (!ret)
		ret = __vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events);
	if (!ret)
		ret = __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);
	if (!ret)
		ret = __device_get_attr(vcpu->fd, KVM_ARM_VCPU_TIMER_CTRL,
					KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &ppi);
	if (!ret)
		ret = __device_set_attr(vcpu->fd, KVM_ARM_VCPU_TIMER_CTRL,
					KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &ppi);
	if (!ret)
		ret = fixture_keep(x, __vcpu_ioctl(vcpu, KVM_GET_STATS_FD, NULL));
	return ret ? ret : fixture_keep(x, __vm_ioctl(x->vm, KVM_GET_STATS_FD, NULL));
}

static int route(struct fixture *x)
{
	struct {
		struct kvm_irq_routing head;
		struct kvm_irq_routing_entry entry[2];
	} routing = {
		.head.nr = 2,
		.entry = {
			{ .gsi = SPI, .type = KVM_IRQ_ROUTING_IRQCHIP,
			  .u.irqchip.pin = SPI },
			{ .gsi = SPI + 1, .type = KVM_IRQ_ROUTING_IRQCHIP,
			  .u.irqchip.pin = SPI + 1 },
		},
	};

	return __vm_ioctl(x->vm, KVM_SET_GSI_ROUTING, &routing);
}

static int open_event(struct fixture *x, int *fd)
{
	*fd = eventfd(0, EFD_CLOEXEC);
	return *fd < 0 ? -errno : fixture_keep(x, *fd);
}

static int irqfds(struct fixture *x)
{
	struct kvm_irqfd irqfd = { .gsi = SPI, .flags = KVM_IRQFD_FLAG_RESAMPLE };
	int fd, ret;

	ret = open_event(x, &fd);
	irqfd.fd = fd;
	if (!ret)
		ret = open_event(x, &fd);
	irqfd.resamplefd = fd;
	if (!ret)
		ret = route(x);
	if (!ret)
		ret = __vm_ioctl(x->vm, KVM_IRQFD, &irqfd);
	irqfd.flags = KVM_IRQFD_FLAG_DEASSIGN;
	return ret ? ret : __vm_ioctl(x->vm, KVM_IRQFD, &irqfd);
}

static int ioeventfds(struct fixture *x)
{
	struct kvm_coalesced_mmio_zone zone = { .addr = GUEST_IO, .size = 4 };
	struct kvm_ioeventfd event = { .addr = GUEST_IO + 8, .len = 4 };
	int ret;

	ret = open_event(x, &event.fd);
	if (!ret)
		ret = __vm_ioctl(x->vm, KVM_IOEVENTFD, &event);
	if (!ret)
		ret = __vm_ioctl(x->vm, KVM_REGISTER_COALESCED_MMIO, &zone);
	/* Removing a device from the bus takes memory, too. */
	if (!ret)
		ret = __vm_ioctl(x->vm, KVM_UNREGISTER_COALESCED_MMIO, &zone);
	event.flags = KVM_IOEVENTFD_FLAG_DEASSIGN;
	if (!ret)
		ret = __vm_ioctl(x->vm, KVM_IOEVENTFD, &event);
	/* Without memory for a smaller bus, removing the zone removed all devices. */
	return ret == -ENOENT ? -ENOMEM : ret;
}

static int filter_calls(struct fixture *x)
{
	const struct kvm_smccc_filter filter = {
		.base = 0x84000050,
		.nr_functions = 4,
		.action = KVM_SMCCC_FILTER_DENY,
	};

	return __device_set_attr(x->vm->fd, KVM_ARM_VM_SMCCC_CTRL,
				 KVM_ARM_VM_SMCCC_FILTER, &filter);
}

/* Removing a mapping takes memory, too; what is still mapped would keep the VM. */
static void unmap(void *address, size_t size)
{
	if (munmap(address, size))
		munmap(address, size);
}

/* Destroy a VM that has run. vm_free() would open a file, which may fail. */
static int destroy(struct fixture *x)
{
	unsigned int i;

	for (i = 0; i < FAIL_VCPUS; i++) {
		unmap(x->vm->vcpus[i]->run, x->run_size);
		close(x->vm->vcpus[i]->fd);
		free(x->vm->vcpus[i]);
	}
	close(x->gic);
	close(x->vm->fd);
	unmap(x->vm->memory[0].hva, x->vm->memory[0].size);
	free(x->vm);
	x->vm = NULL;
	x->gic = -1;
	return 0;
}

static void with_run_guest(struct fixture *x)
{
	with_guest(x);
	expect_errno(run(x), 0, "the guest");
}

/* ---- this program ------------------------------------------------------- */

#define OPERATION(op, ready, does, ...)					\
static void op(void)							\
{									\
	const struct operation operation = {				\
		.name = #op, .prepare = ready, .run = does, __VA_ARGS__	\
	};								\
									\
	fail_each(&operation);						\
}

OPERATION(vm_creation, with_nothing, create_vm)
OPERATION(vcpu_creation, with_vm, create_vcpus)
OPERATION(vcpu_init_and_list, with_new_vcpu, init_vcpu)
OPERATION(gic_creation, with_vcpus, create_gic)
OPERATION(gic_init, with_new_gic, init_gic)
OPERATION(slot, with_vcpus, set_memory)
OPERATION(logged_slot, with_vcpus, log_memory)
OPERATION(first_run, with_guest, run)
OPERATION(emulation, with_access, run)
OPERATION(registers, with_vcpus, access_regs)
OPERATION(attributes, with_gic, vcpu_state)
OPERATION(irqfd, with_gic, irqfds)
OPERATION(ioeventfd, with_vcpus, ioeventfds)
OPERATION(smccc_filter, with_vcpus, filter_calls)
OPERATION(destruction, with_run_guest, destroy, .never_fails = true)

static void leaks(void)
{
	char text[384];

	expect(!kernel_leaks(text, sizeof(text)), "%s", text);
	fuzz_cover_report();
}

static const struct test tests[] = {
	{ "KVM_CREATE_VM survives each failure", vm_creation },
	{ "KVM_CREATE_VCPU survives each failure", vcpu_creation },
	{ "KVM_ARM_VCPU_INIT and KVM_GET_REG_LIST survive each failure",
	  vcpu_init_and_list },
	{ "creating a GIC survives each failure", gic_creation },
	{ "initialising a GIC survives each failure", gic_init },
	{ "adding and removing a slot survives each failure", slot },
	{ "dirty logging survives each failure", logged_slot },
	{ "the first KVM_RUN survives each failure", first_run },
	{ "emulating an access survives each failure", emulation },
	{ "accesses to registers survive each failure", registers },
	{ "the other state of a vcpu survives each failure", attributes },
	{ "KVM_IRQFD survives each failure", irqfd },
	{ "KVM_IOEVENTFD survives each failure", ioeventfd },
	{ "the filter of hypercalls survives each failure", smccc_filter },
	{ "destroying a VM survives each failure", destruction },
	{ "no failure leaks memory", leaks },
};

int main(void)
{
	if (!fail_nth_present()) {
		ksft_print_header();
		ksft_exit_skip("the kernel has no fault injection\n");
	}
	fuzz_cover_create();
	fuzz_cover_begin();
	fail_nth_setup();
	kernel_leaks_clear();
	return run_tests(tests, ARRAY_SIZE(tests));
}
