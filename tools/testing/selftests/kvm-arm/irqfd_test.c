// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts from user space and eventfds, with a GICv2 in the kernel.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gic_guest.h"
#include "harness.h"

#define SPI		40
#define GSI		(SPI - 32)

static struct kvm_vm *vm;
static struct kvm_vcpu *cpu;
static int gic;

static void create(unsigned int nr_vcpus)
{
	vm = gic_guest_create(nr_vcpus, 64, &gic);
	cpu = vm->vcpus[0];
}

static void destroy(void)
{
	close(gic);
	vm_free(vm);
}

static int new_event(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		kvm_bail("eventfd: %s", strerror(errno));
	return fd;
}

static void signal_event(int fd)
{
	const uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) != sizeof(one))
		kvm_bail("cannot write to an eventfd: %s", strerror(errno));
}

/* Wait shortly for the first signal. Return how often the eventfd was signalled. */
static uint64_t take_event(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t count = 0;

	if (poll(&p, 1, timeout_ms) == 1 &&
	    read(fd, &count, sizeof(count)) != sizeof(count))
		kvm_bail("cannot read an eventfd: %s", strerror(errno));
	return count;
}

/* ---- KVM_IRQ_LINE ------------------------------------------------------- */

static void bad_lines(void)
{
	static const struct {
		uint32_t type;
		uint32_t vcpu;
		uint32_t num;
		int error;
	} bad[] = {
		{ KVM_ARM_IRQ_TYPE_CPU, 0, KVM_ARM_IRQ_CPU_IRQ, -ENXIO },
		{ KVM_ARM_IRQ_TYPE_CPU, 0, KVM_ARM_IRQ_CPU_FIQ, -ENXIO },
		{ KVM_ARM_IRQ_TYPE_CPU, 2, KVM_ARM_IRQ_CPU_IRQ, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_SPI, 0, 0, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_SPI, 0, 31, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_SPI, 0, 64, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_SPI, 0, 1023, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_SPI, 0, 0xffff, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_PPI, 0, 0, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_PPI, 0, 15, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_PPI, 0, 32, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_PPI, 2, 20, -EINVAL },
		{ KVM_ARM_IRQ_TYPE_PPI, 255, 20, -EINVAL },
		/* Lines of the timers' PPIs belong to the timers: no effect. */
		{ KVM_ARM_IRQ_TYPE_PPI, 0, PPI_VTIMER, 0 },
		{ KVM_ARM_IRQ_TYPE_PPI, 0, PPI_PTIMER, 0 },
		{ 3, 0, SPI, -EINVAL },
		{ 15, 0, SPI, -EINVAL },
	};
	struct gic_state *before, *after;
	unsigned int i, level;

	create(2);
	before = gic_save(gic, 2);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		for (level = 0; level < 2; level++)
			expect_errno(__irq_line(vm, bad[i].type, bad[i].vcpu,
						bad[i].num, level),
				     bad[i].error, "type %u, vcpu %u, %u = %u",
				     bad[i].type, bad[i].vcpu, bad[i].num,
				     level);
	}
	expect_errno(__vm_ioctl(vm, KVM_IRQ_LINE, (void *)8), -EFAULT,
		     "bad pointer");
	after = gic_save(gic, 2);
	expect(!memcmp(before, after, sizeof(*before) +
		       before->nr_regs * sizeof(before->regs[0])),
	       "the state of the GIC has changed");
	free(before);
	free(after);
	destroy();
}

/* ---- irqfd -------------------------------------------------------------- */

static int irqfd(int fd, uint32_t gsi, uint32_t flags, int resamplefd)
{
	struct kvm_irqfd args = {
		.fd = fd,
		.gsi = gsi,
		.flags = flags,
		.resamplefd = resamplefd,
	};

	return __vm_ioctl(vm, KVM_IRQFD, &args);
}

/* Wait: an irqfd injects at once, or by a worker shortly after. */
static bool expect_taken(uint32_t id, const char *what)
{
	unsigned int tries = 0;
	uint32_t iar;

	while ((iar = gic_ack(cpu)) == GIC_SPURIOUS && tries++ < 1000)
		usleep(1000);
	if (!expect_equal(iar, id, "%s: IAR", what))
		return false;
	gic_eoi(cpu, iar);
	return true;
}

static void expect_none(const char *what)
{
	usleep(20000);
	expect_equal(gic_ack(cpu), GIC_SPURIOUS, "%s: IAR", what);
}

static void inject(void)
{
	int fd, other;
	unsigned int i;

	create(1);
	fd = new_event();
	other = new_event();
	gic_guest_enable(cpu, SPI, true);
	gic_guest_enable(cpu, SPI + 1, true);
	expect_errno(irqfd(fd, GSI, 0, 0), 0, "assign");
	expect_errno(irqfd(other, GSI + 1, 0, 0), 0, "assign another");
	expect_none("nothing has happened");
	for (i = 0; i < 5; i++) {
		signal_event(fd);
		expect_taken(SPI, "irqfd");
		expect_none("once");
	}
	signal_event(other);
	expect_taken(SPI + 1, "the other");

	expect_errno(irqfd(fd, GSI, KVM_IRQFD_FLAG_DEASSIGN, 0), 0,
		     "deassign");
	signal_event(fd);
	expect_none("deassigned");
	/* Signals from before the assignment count. */
	expect_errno(irqfd(fd, GSI, 0, 0), 0, "assign again");
	expect_taken(SPI, "signalled before");
	close(fd);
	close(other);
	expect_none("closed");
	destroy();
}

static void wake_by_irqfd(void)
{
	int fd;

	create(1);
	fd = new_event();
	gic_guest_enable(cpu, SPI, true);
	expect_errno(irqfd(fd, GSI, 0, 0), 0, "assign");
	signal_event(fd);
	expect_equal(gic_order(cpu, GIC_WFI, 0, 0) & ISR_IRQ, ISR_IRQ,
		     "ISR after WFI");
	expect_taken(SPI, "irqfd");
	close(fd);
	destroy();
}

static void bad_irqfds(void)
{
	struct kvm_vm *without;
	struct kvm_irqfd args = { 0 };
	int fd, other, file;

	create(1);
	fd = new_event();
	other = new_event();
	file = dup(STDOUT_FILENO);
	expect_errno(irqfd(-1, GSI, 0, 0), -EBADF, "no file");
	expect_errno(irqfd(vm->fd, GSI, 0, 0), -EINVAL, "not an eventfd");
	expect_errno(irqfd(fd, GSI, 4, 0), -EINVAL, "unknown flag");
	expect_errno(irqfd(fd, GSI, KVM_IRQFD_FLAG_RESAMPLE, vm->fd), -EINVAL,
		     "resampling to what is not an eventfd");
	expect_errno(irqfd(fd, GSI, KVM_IRQFD_FLAG_RESAMPLE, -1), -EBADF,
		     "resampling without a file");
	expect_errno(irqfd(fd, GSI, 0, 0), 0, "assign");
	expect_errno(irqfd(fd, GSI + 1, 0, 0), -EBUSY, "same eventfd again");
	expect_errno(irqfd(-1, GSI, KVM_IRQFD_FLAG_DEASSIGN, 0), -EBADF,
		     "deassign no file");
	/* This has no effect. */
	expect_errno(irqfd(other, GSI, KVM_IRQFD_FLAG_DEASSIGN, 0), 0,
		     "deassign what is not assigned");
	gic_guest_enable(cpu, SPI, true);
	signal_event(fd);
	expect_taken(SPI, "after all that");

	/* An irqfd needs an initialised GIC. */
	without = vm_create();
	args.fd = other;
	expect_errno(__vm_ioctl(without, KVM_IRQFD, &args), -EAGAIN,
		     "no GIC");
	vm_free(without);
	close(file);
	close(fd);
	close(other);
	destroy();
}

/* The line stays high until the guest ends the interrupt. */
static void resample(void)
{
	int fd, ended;
	unsigned int i;

	create(1);
	fd = new_event();
	ended = new_event();
	gic_guest_enable(cpu, SPI, false);
	expect_errno(irqfd(fd, GSI, KVM_IRQFD_FLAG_RESAMPLE, ended), 0,
		     "assign");
	for (i = 0; i < 3; i++) {
		unsigned int tries = 0;
		uint32_t iar;

		signal_event(fd);
		while ((iar = gic_ack(cpu)) == GIC_SPURIOUS && tries++ < 1000)
			usleep(1000);
		expect_equal(iar, SPI, "IAR");
		expect_equal(take_event(ended, 20), 0, "resampled, active");
		gic_eoi(cpu, SPI);
		/* KVM signals the resample eventfd at the guest's next exit. */
		expect_equal(gic_ack(cpu), GIC_SPURIOUS, "IAR after its end");
		expect_equal(take_event(ended, 5000), 1, "resampled, ended");
	}
	/* A device that still asserts its line signals again. */
	signal_event(fd);
	expect_taken(SPI, "again");
	expect_equal(take_event(ended, 5000), 1, "resampled");
	expect_errno(irqfd(fd, GSI, KVM_IRQFD_FLAG_DEASSIGN, 0), 0,
		     "deassign");
	signal_event(fd);
	expect_none("deassigned");
	close(ended);
	close(fd);
	destroy();
}

/* ---- routing ------------------------------------------------------------ */

#define MAX_ROUTES	4

static int set_routes(const struct kvm_irq_routing_entry *entries, uint32_t nr)
{
	struct kvm_irq_routing *routing;
	int ret;

	routing = calloc(1, sizeof(*routing) + nr * sizeof(*entries));
	if (!routing)
		kvm_bail("no memory");
	routing->nr = nr;
	memcpy(routing->entries, entries, nr * sizeof(*entries));
	ret = __vm_ioctl(vm, KVM_SET_GSI_ROUTING, routing);
	free(routing);
	return ret;
}

static struct kvm_irq_routing_entry route(uint32_t gsi, uint32_t pin)
{
	return (struct kvm_irq_routing_entry) {
		.gsi = gsi,
		.type = KVM_IRQ_ROUTING_IRQCHIP,
		.u.irqchip.pin = pin,
	};
}

static void routing(void)
{
	struct kvm_irq_routing_entry entries[MAX_ROUTES] = {
		route(5, GSI), route(700, GSI + 1),
	};
	int fd, other;

	create(1);
	fd = new_event();
	other = new_event();
	gic_guest_enable(cpu, SPI, true);
	gic_guest_enable(cpu, SPI + 1, true);
	expect_errno(set_routes(entries, 2), 0, "KVM_SET_GSI_ROUTING");
	expect_errno(irqfd(fd, 5, 0, 0), 0, "assign");
	expect_errno(irqfd(other, 700, 0, 0), 0, "assign another");
	signal_event(fd);
	expect_taken(SPI, "routed");
	signal_event(other);
	expect_taken(SPI + 1, "the other");

	/* Change the route while the irqfd is assigned. */
	entries[0] = route(5, GSI + 1);
	expect_errno(set_routes(entries, 1), 0, "another route");
	signal_event(fd);
	expect_taken(SPI + 1, "routed elsewhere");
	signal_event(other);
	expect_none("no longer routed");
	expect_errno(set_routes(entries, 0), 0, "no route");
	signal_event(fd);
	expect_none("not routed");

	/* KVM_IRQ_LINE ignores the routes: its numbers are the GIC's. */
	spi_line(vm, SPI, 1);
	expect_taken(SPI, "KVM_IRQ_LINE");
	close(fd);
	close(other);
	destroy();
}

static void bad_routes(void)
{
	struct kvm_irq_routing_entry entry = route(5, GSI);
	struct kvm_irq_routing many = { .nr = 4097 }, flags = { .flags = 1 };
	int fd;

	create(1);
	fd = new_event();
	gic_guest_enable(cpu, SPI, true);
	expect_errno(set_routes(&entry, 1), 0, "a good route");
	expect_errno(irqfd(fd, 5, 0, 0), 0, "assign");

	entry.type = KVM_IRQ_ROUTING_S390_ADAPTER;
	expect_errno(set_routes(&entry, 1), -EINVAL, "another type");
	entry.type = 0;
	expect_errno(set_routes(&entry, 1), -EINVAL, "no type");
	entry = route(4096, GSI);
	expect_errno(set_routes(&entry, 1), -EINVAL, "GSI out of range");
	entry = route(~0U, GSI);
	expect_errno(set_routes(&entry, 1), -EINVAL, "GSI far out of range");
	entry = route(5, 1020 - 32);
	expect_errno(set_routes(&entry, 1), -EINVAL, "pin out of range");
	entry = route(5, ~0U);
	expect_errno(set_routes(&entry, 1), -EINVAL, "pin far out of range");
	entry = route(5, GSI);
	entry.u.irqchip.irqchip = 1;
	expect_errno(set_routes(&entry, 1), -EINVAL, "second irqchip");
	entry = route(5, GSI);
	entry.flags = 1;
	expect_errno(set_routes(&entry, 1), -EINVAL, "flags of an entry");
	expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING, &many), -EINVAL,
		     "too many");
	expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING, &flags), -EINVAL,
		     "flags");
	expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING, (void *)8), -EFAULT,
		     "bad pointer");

	signal_event(fd);
	expect_taken(SPI, "the good route is still there");
	/* A pin that this GIC lacks has no effect. */
	entry = route(5, 64);
	expect_errno(set_routes(&entry, 1), 0, "pin beyond this GIC's");
	signal_event(fd);
	expect_none("no such SPI");
	close(fd);
	destroy();
}

static const struct test tests[] = {
	{ "KVM_IRQ_LINE refuses what is not there", bad_lines },
	{ "an irqfd injects an SPI until it is deassigned", inject },
	{ "an irqfd wakes a guest that waits", wake_by_irqfd },
	{ "bad irqfds are refused", bad_irqfds },
	{ "the end of an interrupt is told to the resamplefd", resample },
	{ "KVM_SET_GSI_ROUTING says which SPI an irqfd is", routing },
	{ "bad routes are refused and leave the others", bad_routes },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
