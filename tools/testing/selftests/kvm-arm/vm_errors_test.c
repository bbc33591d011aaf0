// SPDX-License-Identifier: GPL-2.0
/*
 * The errors of the ioctls of /dev/kvm and of a VM in
 * Documentation/virt/kvm/api.rst, by section. A call with several faults
 * must fail with the error that is listed first. So each call also has the
 * faults of the following errors, where one call can have both.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "errors.h"
#include "harness.h"
#include "memory.h"

#define NR_VCPUS	8
/* 2^40 */
#define IPA_END		0x10000000000ULL
/* The board's real time clock */
#define DEVICE		0x09010000
#define NO_SUCH_TYPE	3
#define NR_PINS		988

static int create_vcpu(struct kvm_vm *vm, unsigned long id)
{
	int fd = __vm_ioctl(vm, KVM_CREATE_VCPU, (void *)id);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

static void create_vm(void)
{
	int kvm = kvm_open();

	expect_errno(__kvm_ioctl(kvm, KVM_CREATE_VM, (void *)1), -EINVAL,
		     "type 1");
	close(kvm);
}

static void create_vcpus(void)
{
	struct kvm_vm *vm = vm_create();
	unsigned int id;
	int gic;

	for (id = 0; id < NR_VCPUS; id++)
		expect_errno(create_vcpu(vm, id), 0, "vcpu %u", id);
	expect_errno(create_vcpu(vm, 0), -EINVAL, "one too many");
	vm_free(vm);

	vm = vm_create();
	gic = __gic_create(vm);
	expect_errno(create_vcpu(vm, 0), 0, "vcpu 0");
	expect_errno(create_vcpu(vm, 0), -EEXIST, "vcpu 0, twice");
	expect_errno(__gic_init(gic), 0, "init");
	expect_errno(create_vcpu(vm, 0), -EBUSY, "vcpu 0, after init");
	expect_errno(create_vcpu(vm, NR_VCPUS), -EINVAL, "vcpu 8, after init");
	close(gic);
	vm_free(vm);
}

static int create_irqchip(struct kvm_vm *vm)
{
	return __vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL);
}

/* @create must fail, without a GIC in the VM and with one. */
static void expect_no_irqchip(int (*create)(struct kvm_vm *vm))
{
	struct kvm_vm *vm = vm_create_bare(1);
	struct busy_vcpu busy;
	int gic;

	busy_begin(&busy, vm->vcpus[0]);
	expect_errno(create(vm), -EBUSY, "a vcpu in use");
	busy_end(&busy);
	expect_errno(create(vm), -EBUSY, "a vcpu that has run");
	vm_free(vm);

	vm = gic_vm(&gic);
	gic_place(gic, GUEST_GICD, GUEST_GICC);
	busy_begin(&busy, vm->vcpus[0]);
	expect_errno(create(vm), -EBUSY, "a GIC, and a vcpu in use");
	busy_end(&busy);
	expect_errno(create(vm), -EEXIST, "a GIC, and a vcpu that has run");
	close(gic);
	vm_free(vm);
}

static void irqchip(void)
{
	expect_no_irqchip(create_irqchip);
}

static int call_no_spi(struct kvm_vm *vm, int gic)
{
	(void)gic;
	return __irq_line(vm, KVM_ARM_IRQ_TYPE_SPI, 0, 4000, 1);
}

static void irq_line(void)
{
	struct kvm_vm *vm = vm_create_bare(1);
	const uint32_t cpu = KVM_ARM_IRQ_TYPE_CPU, ppi = KVM_ARM_IRQ_TYPE_PPI,
		       spi = KVM_ARM_IRQ_TYPE_SPI;
	int gic;

	expect_errno(__vm_ioctl(vm, KVM_IRQ_LINE, BAD_POINTER), -EFAULT,
		     "bad pointer");
	expect_errno(__irq_line(vm, NO_SUCH_TYPE, 0, 0, 1), -EINVAL, "type 3");
	expect_errno(__irq_line(vm, ppi, 1, 0, 1), -EINVAL, "vcpu 1");
	expect_errno(__irq_line(vm, ppi, 256, 0, 1), -EINVAL, "vcpu 256");
	expect_errno(__irq_line(vm, ppi, 0, 0, 1), -ENXIO, "PPI without GIC");
	expect_errno(__irq_line(vm, spi, 0, 0, 1), -ENXIO, "SPI without GIC");
	expect_errno(__irq_line(vm, cpu, 0, 2, 1), -EINVAL, "input 2");
	vm_free(vm);

	vm = gic_vm(&gic);
	expect_errno(__irq_line(vm, cpu, 0, 2, 1), -ENXIO, "input and GIC");
	expect_errno(__irq_line(vm, ppi, 0, 15, 1), -EINVAL, "PPI 15");
	expect_errno(__irq_line(vm, ppi, 0, 32, 1), -EINVAL, "PPI 32");
	expect_errno(__irq_line(vm, spi, 0, 31, 1), -EINVAL, "SPI 31");
	expect_errno(create_vcpu(vm, 1), 0, "vcpu before an SPI");
	expect_errno(__irq_line(vm, spi, 0, 256, 1), -EINVAL, "SPI 256");
	expect_errno(create_vcpu(vm, 2), -EBUSY, "vcpu after an SPI");
	close(gic);
	vm_free(vm);

	expect_errno(while_creating(call_no_spi, -EINVAL), -EBUSY,
		     "while a vcpu is created");
}

/* The slots overlap with slot 0 where possible. */
static void bad_slots(struct kvm_vm *vm, void *hva)
{
	const uint64_t ram = GUEST_RAM_BASE;
	const struct {
		const char *what;
		uint32_t slot;
		uint64_t gpa;
		uint64_t size;
		void *hva;
		uint32_t flags;
	} bad[] = {
		{ "flag", 1, ram, PAGE, hva, 1 << 5 },
		{ "size", 1, ram, PAGE / 2, hva, 0 },
		{ "guest address", 1, ram + PAGE / 2, PAGE, hva, 0 },
		{ "user space address", 1, ram, PAGE, hva + PAGE / 2, 0 },
		{ "kernel's address", 1, ram, PAGE, (void *)0xc0000000, 0 },
		{ "end of addresses", 1, -(uint64_t)PAGE, 2 * PAGE, hva, 0 },
		{ "address space", 1 << 16, ram, PAGE, hva, 0 },
		{ "slot number", 0x7fff, ram, PAGE, hva, 0 },
		{ "empty slot", 1, ram, 0, hva, 0 },
		{ "other size", 0, ram, PAGE, vm_hva(vm, ram), 0 },
		{ "other memory", 0, ram, GUEST_RAM_SIZE, hva, 0 },
		{ "read-only", 0, ram, GUEST_RAM_SIZE, vm_hva(vm, ram),
		  KVM_MEM_READONLY },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_errno(__vm_set_memory(vm, bad[i].slot, bad[i].gpa,
					     bad[i].size, bad[i].hva,
					     bad[i].flags), -EINVAL, "%s",
			     bad[i].what);
}

static int line_status(struct kvm_vm *vm, struct kvm_irq_level *line)
{
	return __vm_ioctl(vm, KVM_IRQ_LINE_STATUS, line);
}

/* Does KVM hold this line of the distributor up? */
static bool is_pending(int gic, uint32_t irq)
{
	return gic_get_dist(gic, 0, GICD_ISPENDR + irq / 32 * 4) &
	       1U << irq % 32;
}

/* Not in api.rst, and with no list in api.txt: errors are those of KVM_IRQ_LINE */
static void irq_line_status(void)
{
	struct kvm_irq_level line = {
		.irq = KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | 40,
		.level = 1,
	}, was = line;
	struct kvm_vm *vm = vm_create_bare(1);
	int gic;

	expect_errno(line_status(vm, BAD_POINTER), -EFAULT, "bad pointer");
	expect_errno(line_status(vm, &line), -ENXIO, "SPI without GIC");
	vm_free(vm);

	vm = gic_vm(&gic);
	/* Level triggered: an edge would stay pending */
	gic_set_dist(gic, 0, GICD_ICFGR + 40 / 16 * 4, 0);
	expect_errno(line_status(vm, at_the_edge(&line, sizeof(line), PROT_READ)),
		     -EFAULT, "read-only structure");
	expect(is_pending(gic, 40), "the line is down after EFAULT");
	line.level = 0;
	was = line;
	expect_errno(line_status(vm, &line), 0, "line down");
	expect(!memcmp(&line, &was, sizeof(line)), "the structure has changed");
	expect(!is_pending(gic, 40), "the line is up");
	close(gic);
	vm_free(vm);
}

static void memory_region(void)
{
	struct kvm_vm *vm = vm_create_bare(1);
	char *hva = map_memory(2 * PAGE, 0);
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	void *device = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, DEVICE);

	if (device == MAP_FAILED)
		kvm_bail("/dev/mem: %s", strerror(errno));
	expect_errno(__vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, BAD_POINTER),
		     -EFAULT, "bad pointer");
	bad_slots(vm, hva);
	vm_set_memory(vm, 2, IPA_END - PAGE, PAGE, hva, 0);
	expect_errno(__vm_set_memory(vm, 3, IPA_END - PAGE, 2 * PAGE, hva, 0),
		     -EEXIST, "overlap, above the end");
	expect_errno(__vm_set_memory(vm, 3, IPA_END, PAGE, device,
				     KVM_MEM_LOG_DIRTY_PAGES),
		     -EFAULT, "device, above the end");
	expect_errno(__vm_set_memory(vm, 3, 0x10000000, PAGE, device,
				     KVM_MEM_LOG_DIRTY_PAGES),
		     -EINVAL, "device with dirty log");
	vm_free(vm);
	munmap(device, PAGE);
	munmap(hva, 2 * PAGE);
	close(fd);
}

static void enable_cap(void)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_NISV_TO_USER };
	struct kvm_vm *vm = vm_create();

	expect_errno(__vm_ioctl(vm, KVM_ENABLE_CAP, BAD_POINTER), -EFAULT,
		     "bad pointer");
	cap.flags = 1;
	expect_errno(__vm_ioctl(vm, KVM_ENABLE_CAP, &cap), -EINVAL, "flags");
	cap.flags = 0;
	cap.cap = KVM_CAP_ONE_REG;
	expect_errno(__vm_ioctl(vm, KVM_ENABLE_CAP, &cap), -EINVAL,
		     "KVM_CAP_ONE_REG");
	vm_free(vm);
}

struct routes {
	struct kvm_irq_routing head;
	struct kvm_irq_routing_entry route[2];
};

static void gsi_routing(void)
{
	static const struct {
		const char *what;
		struct kvm_irq_routing_entry route;
	} bad[] = {
		{ "GSI", { .gsi = 4096, .type = KVM_IRQ_ROUTING_IRQCHIP } },
		{ "flags", { .type = KVM_IRQ_ROUTING_IRQCHIP, .flags = 1 } },
		{ "type", { .type = 77 } },
		{ "irqchip", { .type = KVM_IRQ_ROUTING_IRQCHIP,
			       .u.irqchip.irqchip = 1 } },
		{ "pin", { .type = KVM_IRQ_ROUTING_IRQCHIP,
			   .u.irqchip.pin = NR_PINS } },
		{ "GSI with two routes", { .gsi = 1,
					   .type = KVM_IRQ_ROUTING_IRQCHIP } },
	};
	struct routes routes = {
		.head.flags = 1,
		.route[0] = { .gsi = 1, .type = KVM_IRQ_ROUTING_IRQCHIP },
	};
	const int prot = PROT_READ | PROT_WRITE;
	struct kvm_vm *vm = vm_create();
	unsigned int i;

	expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING, BAD_POINTER),
		     -EFAULT, "bad pointer");
	routes.head.nr = 1;
	expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING,
				at_the_edge(&routes, sizeof(routes.head),
					    prot)), -EINVAL,
		     "flags, and no routes");
	routes.head.flags = 0;
	routes.head.nr = 4097;
	expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING,
				at_the_edge(&routes, sizeof(routes.head),
					    prot)), -EINVAL, "4097 routes");
	routes.head.nr = 1;
	expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING,
				at_the_edge(&routes, sizeof(routes.head),
					    prot)), -EFAULT, "no routes");
	routes.head.nr = 2;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		routes.route[1] = bad[i].route;
		expect_errno(__vm_ioctl(vm, KVM_SET_GSI_ROUTING, &routes),
			     -EINVAL, "%s", bad[i].what);
	}
	vm_free(vm);
}

static int irqfd_call(struct kvm_vm *vm, int fd, uint32_t gsi, uint32_t flags,
		      int resamplefd)
{
	struct kvm_irqfd irqfd = {
		.fd = fd,
		.gsi = gsi,
		.flags = flags,
		.resamplefd = resamplefd,
	};

	return __vm_ioctl(vm, KVM_IRQFD, &irqfd);
}

static void irqfd(void)
{
	const uint32_t resample = KVM_IRQFD_FLAG_RESAMPLE;
	int gic, event = eventfd(0, EFD_CLOEXEC), again = eventfd(0, EFD_CLOEXEC);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct kvm_vm *vm = gic_vm(&gic);

	expect_errno(__vm_ioctl(vm, KVM_IRQFD, BAD_POINTER), -EFAULT,
		     "bad pointer");
	expect_errno(irqfd_call(vm, -1, 8, 1 << 7, -1), -EINVAL, "flag");
	expect_errno(irqfd_call(vm, -1, 8, resample, -1), -EAGAIN, "no init");
	expect_errno(irqfd_call(vm, -1, 8, KVM_IRQFD_FLAG_DEASSIGN, -1),
		     -EBADF, "no file to take back");
	expect_errno(irqfd_call(vm, null, 8, KVM_IRQFD_FLAG_DEASSIGN, -1),
		     -EINVAL, "no eventfd to take back");
	expect_errno(__gic_init(gic), 0, "init");
	expect_errno(irqfd_call(vm, -1, 8, resample, -1), -EBADF, "no file");
	expect_errno(irqfd_call(vm, null, 8, resample, -1), -EINVAL,
		     "no eventfd");
	expect_errno(irqfd_call(vm, event, 8, 0, -1), 0, "right");
	expect_errno(irqfd_call(vm, event, 9, resample, -1), -EBADF,
		     "no file for the answer");
	expect_errno(irqfd_call(vm, event, 9, resample, null), -EINVAL,
		     "no eventfd for the answer");
	expect_errno(irqfd_call(vm, event, 9, resample, again), -EBUSY,
		     "the same for another interrupt");
	close(null);
	close(again);
	close(event);
	close(gic);
	vm_free(vm);
}

static int create_gic(struct kvm_vm *vm)
{
	int gic = __gic_create(vm);

	if (gic >= 0)
		close(gic);
	return gic < 0 ? gic : 0;
}

static void create_device(void)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	struct kvm_vm *vm = vm_create_bare(1);
	struct busy_vcpu busy;

	expect_errno(__vm_ioctl(vm, KVM_CREATE_DEVICE, BAD_POINTER), -EFAULT,
		     "bad pointer");
	busy_begin(&busy, vm->vcpus[0]);
	expect_errno(__vm_ioctl(vm, KVM_CREATE_DEVICE,
				at_the_edge(&device, sizeof(device),
					    PROT_READ)), -ENODEV, "GICv3");
	busy_end(&busy);
	vm_free(vm);

	expect_no_irqchip(create_gic);

	vm = vm_create();
	device.type = KVM_DEV_TYPE_ARM_VGIC_V2;
	expect_errno(__vm_ioctl(vm, KVM_CREATE_DEVICE,
				at_the_edge(&device, sizeof(device),
					    PROT_READ)), -EFAULT,
		     "structure that cannot be written");
	expect_errno(create_gic(vm), -EEXIST, "again");
	vm_free(vm);
}

static void preferred_target(void)
{
	struct kvm_vm *vm = vm_create();

	expect_errno(__vm_preferred_target(vm, BAD_POINTER), -EFAULT,
		     "bad pointer");
	vm_free(vm);
}

static int set_addr(struct kvm_vm *vm, uint64_t device, uint64_t type,
		    uint64_t gpa)
{
	struct kvm_arm_device_addr addr = {
		.id = device << KVM_ARM_DEVICE_ID_SHIFT | type,
		.addr = gpa,
	};

	return __vm_ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, &addr);
}

/* no_irqchip_test.c tests ENXIO. */
static void set_device_addr(void)
{
	const uint64_t v2 = KVM_ARM_DEVICE_VGIC_V2, bad = IPA_END + 4;
	const uint64_t dist = KVM_VGIC_V2_ADDR_TYPE_DIST,
		       cpu = KVM_VGIC_V2_ADDR_TYPE_CPU;
	struct kvm_vm *vm = vm_create();

	expect_errno(__vm_ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, BAD_POINTER),
		     -EFAULT, "bad pointer");
	expect_errno(set_addr(vm, v2, dist, bad), -ENODEV, "no GIC");
	vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL);
	expect_errno(set_addr(vm, v2 + 1, dist, bad), -ENODEV, "device");
	expect_errno(set_addr(vm, v2, 7, bad), -ENODEV, "type");
	expect_errno(set_addr(vm, v2, dist, GUEST_GICD), 0, "distributor");
	expect_errno(set_addr(vm, v2, dist, bad), -EEXIST, "twice");
	expect_errno(set_addr(vm, v2, cpu, bad), -EINVAL, "misaligned");
	expect_errno(set_addr(vm, v2, cpu, -(uint64_t)PAGE), -EINVAL, "beyond 64 bits");
	expect_errno(set_addr(vm, v2, cpu, IPA_END - PAGE), -E2BIG,
		     "above the end");
	vm_free(vm);
}

/* A name has the number of a section, and the errors in the order of api.rst. */
static const struct test tests[] = {
	{ "4.2 KVM_CREATE_VM: EINVAL", create_vm },
	{ "4.7 KVM_CREATE_VCPU: EINVAL EBUSY EEXIST", create_vcpus },
	{ "4.24 KVM_CREATE_IRQCHIP: EBUSY EEXIST EBUSY", irqchip },
	{ "4.25 KVM_IRQ_LINE: EFAULT EINVAL ENXIO EINVAL EBUSY EINVAL",
	  irq_line },
	{ "KVM_IRQ_LINE_STATUS has the errors of KVM_IRQ_LINE, and EFAULT afterwards",
	  irq_line_status },
	{ "4.35 KVM_SET_USER_MEMORY_REGION: EFAULT EINVAL EEXIST EFAULT EINVAL",
	  memory_region },
	{ "4.37 KVM_ENABLE_CAP: EFAULT EINVAL", enable_cap },
	{ "4.52 KVM_SET_GSI_ROUTING: EFAULT EINVAL EFAULT EINVAL",
	  gsi_routing },
	{ "4.75 KVM_IRQFD: EFAULT EINVAL EAGAIN EBADF EINVAL EBADF EINVAL EBUSY",
	  irqfd },
	{ "4.79 KVM_CREATE_DEVICE: EFAULT ENODEV EBUSY EEXIST EBUSY EFAULT",
	  create_device },
	{ "4.83 KVM_ARM_PREFERRED_TARGET: EFAULT", preferred_target },
	{ "4.85 KVM_ARM_SET_DEVICE_ADDR: EFAULT ENODEV ENODEV EEXIST EINVAL E2BIG",
	  set_device_addr },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
