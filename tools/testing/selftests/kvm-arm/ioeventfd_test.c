// SPDX-License-Identifier: GPL-2.0
/*
 * Stores of the guest that signal eventfds.
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gic_guest.h"
#include "harness.h"

/* Neither memory nor the test device */
#define DOORBELL	0x0a000000

static struct kvm_vm *vm;
static struct kvm_vcpu *cpu;

static void create(void)
{
	vm = vm_create_guest("gic", 1);
	cpu = vm->vcpus[0];
}

static void destroy(void)
{
	vm_free(vm);
}

static int new_event(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		kvm_bail("eventfd: %s", strerror(errno));
	return fd;
}

/* Return how often the eventfd was signalled. */
static uint64_t take_event(int fd)
{
	uint64_t count = 0;

	if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		kvm_bail("cannot read an eventfd: %s", strerror(errno));
	return count;
}

static int ioeventfd(int fd, uint64_t addr, uint32_t len, uint32_t flags,
		     uint64_t datamatch)
{
	struct kvm_ioeventfd args = {
		.datamatch = datamatch,
		.addr = addr,
		.len = len,
		.fd = fd,
		.flags = flags,
	};

	return __vm_ioctl(vm, KVM_IOEVENTFD, &args);
}

/* Have the guest store. Return whether user space has to emulate it. */
static bool store_exits(enum gic_order op, uint32_t addr, uint32_t value)
{
	enum guest_event event;
	bool exits = false;

	gic_queue_order(cpu, op, addr, value);
	event = vcpu_run_guest(cpu, NULL);
	if (event == GUEST_MMIO) {
		exits = true;
		expect_equal(cpu->run->mmio.phys_addr, addr, "address");
		expect_equal(cpu->run->mmio.is_write, 1, "store");
		event = vcpu_run_guest(cpu, NULL);
	}
	expect(event == GUEST_SYNC, "guest: %s", guest_event_name(event));
	return exits;
}

static void doorbell(void)
{
	uint32_t value;
	int fd;

	create();
	fd = new_event();
	expect_errno(ioeventfd(fd, DOORBELL, 4, 0, 0), 0, "assign");
	expect(!store_exits(GIC_WRITE, DOORBELL, 1), "a store exits");
	expect(!store_exits(GIC_WRITE, DOORBELL, ~0U), "a store exits");
	expect_equal(take_event(fd), 2, "events");
	expect(store_exits(GIC_WRITE, DOORBELL + 4, 1), "next to it");
	expect(store_exits(GIC_WRITE8, DOORBELL, 1), "another length");
	expect_equal(take_event(fd), 0, "events");
	/* KVM leaves loads to user space. */
	gic_queue_order(cpu, GIC_READ, DOORBELL, 0);
	expect_equal(vcpu_run_guest(cpu, NULL), GUEST_MMIO, "load");
	value = 0x600d;
	memcpy(cpu->run->mmio.data, &value, sizeof(value));
	expect_equal(vcpu_expect(cpu, GUEST_SYNC), value, "value loaded");

	expect_errno(ioeventfd(fd, DOORBELL, 4, KVM_IOEVENTFD_FLAG_DEASSIGN,
			       0), 0, "deassign");
	expect(store_exits(GIC_WRITE, DOORBELL, 1), "deassigned");
	expect_equal(take_event(fd), 0, "events");
	close(fd);
	destroy();
}

/* Without a length, KVM compares only the address. */
static void any_length(void)
{
	int fd;

	create();
	fd = new_event();
	expect_errno(ioeventfd(fd, DOORBELL, 0, 0, 0), 0, "assign");
	expect(!store_exits(GIC_WRITE, DOORBELL, 1), "a word exits");
	expect(!store_exits(GIC_WRITE8, DOORBELL, 1), "a byte exits");
	expect_equal(take_event(fd), 2, "events");
	expect_errno(ioeventfd(fd, DOORBELL, 0, KVM_IOEVENTFD_FLAG_DEASSIGN,
			       0), 0, "deassign");
	expect(store_exits(GIC_WRITE, DOORBELL, 1), "deassigned");
	close(fd);
	destroy();
}

static void datamatch(void)
{
	const uint32_t match = KVM_IOEVENTFD_FLAG_DATAMATCH;
	int fd, other;

	create();
	fd = new_event();
	other = new_event();
	expect_errno(ioeventfd(fd, DOORBELL, 4, match, 7), 0, "assign 7");
	expect_errno(ioeventfd(other, DOORBELL, 4, match, 8), 0, "assign 8");
	expect(!store_exits(GIC_WRITE, DOORBELL, 7), "7 exits");
	expect(!store_exits(GIC_WRITE, DOORBELL, 8), "8 exits");
	expect(!store_exits(GIC_WRITE, DOORBELL, 8), "8 exits");
	expect(store_exits(GIC_WRITE, DOORBELL, 9), "9 does not exit");
	expect_equal(take_event(fd), 1, "events of 7");
	expect_equal(take_event(other), 2, "events of 8");

	expect_errno(ioeventfd(other, DOORBELL, 4, match, 7), -EEXIST,
		     "7 again");
	expect_errno(ioeventfd(other, DOORBELL, 4, 0, 0), -EEXIST,
		     "all values");
	expect_errno(ioeventfd(fd, DOORBELL, 4,
			       match | KVM_IOEVENTFD_FLAG_DEASSIGN, 8),
		     -ENOENT, "deassign 8 of the wrong file");
	expect_errno(ioeventfd(fd, DOORBELL, 4,
			       match | KVM_IOEVENTFD_FLAG_DEASSIGN, 7), 0,
		     "deassign 7");
	expect(store_exits(GIC_WRITE, DOORBELL, 7), "deassigned");
	expect(!store_exits(GIC_WRITE, DOORBELL, 8), "8 exits");
	close(fd);
	close(other);
	destroy();
}

static void bad_ioeventfds(void)
{
	int fd;

	create();
	fd = new_event();
	expect_errno(ioeventfd(fd, DOORBELL, 3, 0, 0), -EINVAL, "length 3");
	expect_errno(ioeventfd(fd, DOORBELL, 16, 0, 0), -EINVAL, "length 16");
	expect_errno(ioeventfd(fd, ~0ULL, 4, 0, 0), -EINVAL, "overflow");
	expect_errno(ioeventfd(fd, DOORBELL, 4, 0x80, 0), -EINVAL, "flags");
	expect_errno(ioeventfd(fd, DOORBELL, 0, KVM_IOEVENTFD_FLAG_DATAMATCH,
			       0), -EINVAL, "a value of no length");
	expect_errno(ioeventfd(-1, DOORBELL, 4, 0, 0), -EBADF, "no file");
	expect_errno(ioeventfd(vm->fd, DOORBELL, 4, 0, 0), -EINVAL,
		     "not an eventfd");
	expect_errno(ioeventfd(fd, DOORBELL, 4, KVM_IOEVENTFD_FLAG_DEASSIGN,
			       0), -ENOENT, "deassign what is not assigned");
	expect_errno(__vm_ioctl(vm, KVM_IOEVENTFD, (void *)8), -EFAULT,
		     "bad pointer");
	expect(store_exits(GIC_WRITE, DOORBELL, 1), "nothing is assigned");
	close(fd);
	destroy();
}

static const struct test tests[] = {
	{ "an ioeventfd takes stores, until it is deassigned", doorbell },
	{ "an ioeventfd without length takes stores of all lengths",
	  any_length },
	{ "an ioeventfd with a value takes stores of that value", datamatch },
	{ "bad ioeventfds are refused", bad_ioeventfds },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
