// SPDX-License-Identifier: GPL-2.0
/*
 * The errors of the vcpu ioctls in Documentation/virt/kvm/api.rst, by
 * section. A call with several faults must fail with the error that is listed
 * first. So each call also has the faults of the following errors, where one
 * call can have both.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "errors.h"
#include "harness.h"
#include "memory.h"

#define PC_ID		CORE_REG(usr_regs.ARM_pc)
#define OTHER_ARCH	(KVM_REG_ARM64 | KVM_REG_SIZE_U64)
#define NO_REG		(KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_CORE | 0xff)
#define NO_FW_REG	(KVM_REG_ARM_PSCI_VERSION | 0xff)
#define BITMAP		KVM_REG_ARM_STD_BMAP
#define SLOT		3
#define GPA		0x48000000
#define MAX_ZONES	1000

static struct kvm_vcpu *not_initialised(void)
{
	return vcpu_create(vm_create(), 0);
}

static void fill_bus(struct kvm_vm *vm)
{
	struct kvm_coalesced_mmio_zone zone = { .size = 4 };
	unsigned int i;

	for (i = 0; i < MAX_ZONES; i++) {
		zone.addr = 0x40000000 + 16 * i;
		vm_ioctl(vm, KVM_REGISTER_COALESCED_MMIO, &zone);
	}
}

static void same_timers(struct kvm_vcpu *vcpu)
{
	int ppi = 20, i;

	for (i = KVM_ARM_VCPU_TIMER_IRQ_VTIMER;
	     i <= KVM_ARM_VCPU_TIMER_IRQ_PTIMER; i++)
		expect_errno(__device_set_attr(vcpu->fd, KVM_ARM_VCPU_TIMER_CTRL,
					       i, &ppi), 0, "timer %d", i);
}

/* Errors of a GIC that has no valid place; they end the VM. */
static void run_gic(void)
{
	static const struct {
		const char *what;
		uint64_t dist;
		bool no_room;
		int err;
	} bad[] = {
		{ "no address", 0, true, -ENXIO },
		{ "frames that overlap", GUEST_GICC, true, -EINVAL },
		{ "no room", GUEST_GICD, true, -ENOSPC },
		{ "timers with one interrupt", GUEST_GICD, false, -EINVAL },
	};
	struct kvm_vm *vm;
	unsigned int i;
	int gic;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		vm = gic_vm(&gic);
		same_timers(vm->vcpus[0]);
		if (bad[i].dist)
			gic_place(gic, bad[i].dist, GUEST_GICC);
		if (bad[i].no_room)
			fill_bus(vm);
		expect_errno(run_a_little(vm->vcpus[0]), bad[i].err, "%s",
			     bad[i].what);
		expect_errno(run_a_little(vm->vcpus[0]),
			     bad[i].no_room ? -EIO : -EINVAL, "%s, again",
			     bad[i].what);
		close(gic);
		vm_free(vm);
	}
}

static int call_run(struct kvm_vm *vm, int gic)
{
	(void)gic;
	return run_a_little(vm->vcpus[0]);
}

static void run(void)
{
	struct kvm_vcpu *vcpu = not_initialised();
	struct kvm_vm *vm;
	char *memory;
	int gic;

	gic = __gic_create(vcpu->vm);
	vcpu->run->immediate_exit = 1;
	expect_errno(__vcpu_ioctl(vcpu, KVM_RUN, (void *)1), -EINVAL,
		     "parameter 1");
	expect_errno(__vcpu_ioctl(vcpu, KVM_RUN, NULL), -ENOEXEC,
		     "not initialised");
	close(gic);
	vm_free(vcpu->vm);

	run_gic();
	expect_errno(while_creating(call_run, -EINTR), -EBUSY,
		     "while a vcpu is created");

	vm = vm_create_bare(1);
	vcpu = vm->vcpus[0];
	memory = map_memory(PAGE, 0);
	vm_set_memory(vm, SLOT, GPA, PAGE, memory, 0);
	munmap(memory, PAGE);
	vcpu_set_reg(vcpu, PC_ID, GPA);
	expect_errno(run_a_little(vcpu), -EINTR, "immediate_exit");
	vcpu->run->immediate_exit = 0;
	expect_errno(__vcpu_run(vcpu), -EFAULT, "slot without memory");
	vm_free(vm);
}

static void get_events(void)
{
	struct kvm_vcpu *vcpu = not_initialised();

	expect_errno(__vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, BAD_POINTER),
		     -ENOEXEC, "not initialised");
	vcpu_init(vcpu, 0);
	expect_errno(__vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, BAD_POINTER),
		     -EFAULT, "bad pointer");
	vm_free(vcpu->vm);
}

static void set_events(void)
{
	struct kvm_vcpu *vcpu = not_initialised();
	struct kvm_vcpu_events events = { .exception.serror_pending = 2 };

	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, BAD_POINTER),
		     -ENOEXEC, "not initialised");
	vcpu_init(vcpu, 0);
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, BAD_POINTER),
		     -EFAULT, "bad pointer");
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events), -EINVAL,
		     "serror_pending 2");
	vm_free(vcpu->vm);
}

static void get_mp_state(void)
{
	struct kvm_vcpu *vcpu = not_initialised();

	expect_errno(__vcpu_ioctl(vcpu, KVM_GET_MP_STATE, BAD_POINTER),
		     -EFAULT, "bad pointer");
	vm_free(vcpu->vm);
}

static void set_mp_state(void)
{
	struct kvm_vcpu *vcpu = not_initialised();
	struct kvm_mp_state state = { KVM_MP_STATE_HALTED };

	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_MP_STATE, BAD_POINTER),
		     -EFAULT, "bad pointer");
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &state), -EINVAL,
		     "HALTED");
	vm_free(vcpu->vm);
}

/* Errors that both ioctls have; @cmd is KVM_GET_ONE_REG or KVM_SET_ONE_REG */
static void one_reg(struct kvm_vcpu *vcpu, unsigned long cmd)
{
	struct kvm_one_reg reg = { .addr = (uintptr_t)BAD_POINTER };

	expect_errno(__vcpu_ioctl(vcpu, cmd, BAD_POINTER), -ENOEXEC,
		     "not initialised");
	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	expect_errno(__vcpu_ioctl(vcpu, cmd, BAD_POINTER), -EFAULT,
		     "bad pointer");
	reg.id = OTHER_ARCH;
	expect_errno(__vcpu_ioctl(vcpu, cmd, &reg), -EINVAL,
		     "another architecture");
	reg.id = NO_REG | 1ULL << 40;
	expect_errno(__vcpu_ioctl(vcpu, cmd, &reg), -EINVAL, "bit 40");
	reg.id = NO_REG;
	expect_errno(__vcpu_ioctl(vcpu, cmd, &reg), -ENOENT, "no register");
	reg.id = REG(MIDR);
	expect_errno(__vcpu_ioctl(vcpu, cmd, &reg), -EFAULT, "value");
}

static void set_one_reg(void)
{
	struct kvm_vcpu *vcpu = not_initialised();
	struct kvm_one_reg reg = {
		.id = NO_FW_REG,
		.addr = (uintptr_t)BAD_POINTER,
	};

	one_reg(vcpu, KVM_SET_ONE_REG);
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_ONE_REG, &reg), -EFAULT,
		     "value of no firmware register");
	expect_errno(__vcpu_set_reg(vcpu, NO_FW_REG, 0), -ENOENT,
		     "no firmware register");
	expect_errno(__vcpu_set_reg(vcpu, REG(MIDR), 0), -EINVAL, "MIDR = 0");
	expect_errno(run_a_little(vcpu), -EINTR, "KVM_RUN");
	expect_errno(__vcpu_set_reg(vcpu, BITMAP, ~0ULL), -EINVAL,
		     "unknown services, after a vcpu has run");
	expect_errno(__vcpu_set_reg(vcpu, BITMAP, 0), -EBUSY,
		     "no services, after a vcpu has run");
	vm_free(vcpu->vm);
}

static void get_one_reg(void)
{
	struct kvm_vcpu *vcpu = not_initialised();

	one_reg(vcpu, KVM_GET_ONE_REG);
	vm_free(vcpu->vm);
}

static void init(void)
{
	struct kvm_vcpu *vcpu = not_initialised();
	struct kvm_vcpu_init wrong = { .target = ~0U, .features[6] = 1 };

	expect_errno(__vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, BAD_POINTER),
		     -EFAULT, "bad pointer");
	expect_errno(__vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &wrong), -ENOENT,
		     "unknown feature");
	wrong.features[6] = 0;
	expect_errno(__vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &wrong), -EINVAL,
		     "target -1");
	vcpu_init(vcpu, 0);
	expect_errno(__vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2), -EINVAL,
		     "other features than at first");
	vm_free(vcpu->vm);
}

static void reg_list(void)
{
	struct kvm_vcpu *vcpu = not_initialised();
	struct kvm_reg_list list = { .n = 0 };

	expect_errno(__vcpu_get_reg_list(vcpu, BAD_POINTER), -ENOEXEC,
		     "not initialised");
	vcpu_init(vcpu, 0);
	expect_errno(__vcpu_get_reg_list(vcpu, BAD_POINTER), -EFAULT,
		     "bad pointer");
	expect_errno(__vcpu_get_reg_list(vcpu, at_the_edge(&list, sizeof(list),
							   PROT_READ)),
		     -EFAULT, "n cannot be written");
	expect_errno(__vcpu_get_reg_list(vcpu, at_the_edge(&list, sizeof(list),
							   PROT_READ |
							   PROT_WRITE)),
		     -E2BIG, "no room, and no memory");
	list.n = 1000;
	expect_errno(__vcpu_get_reg_list(vcpu, at_the_edge(&list, sizeof(list),
							   PROT_READ |
							   PROT_WRITE)),
		     -EFAULT, "room without memory");
	vm_free(vcpu->vm);
}

/* A name has the number of a section, and the errors in the order of api.rst. */
static const struct test tests[] = {
	{ "4.10 KVM_RUN: EINVAL ENOEXEC ENXIO EINVAL EBUSY ENOSPC EINVAL EINTR EFAULT",
	  run },
	{ "4.31 KVM_GET_VCPU_EVENTS: ENOEXEC EFAULT", get_events },
	{ "4.32 KVM_SET_VCPU_EVENTS: ENOEXEC EFAULT EINVAL", set_events },
	{ "4.38 KVM_GET_MP_STATE: EFAULT", get_mp_state },
	{ "4.39 KVM_SET_MP_STATE: EFAULT EINVAL", set_mp_state },
	{ "4.68 KVM_SET_ONE_REG: ENOEXEC EFAULT EINVAL ENOENT EFAULT EINVAL EBUSY",
	  set_one_reg },
	{ "4.69 KVM_GET_ONE_REG: ENOEXEC EFAULT EINVAL ENOENT EFAULT",
	  get_one_reg },
	{ "4.82 KVM_ARM_VCPU_INIT: EFAULT ENOENT EINVAL", init },
	{ "4.84 KVM_GET_REG_LIST: ENOEXEC EFAULT E2BIG EFAULT", reg_list },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
