// SPDX-License-Identifier: GPL-2.0
/* Create the virtual machine, and run its vcpus in threads. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "armvm.h"

#define KICK_SIGNAL	SIGUSR2
#define RAM_ALIGN	(2UL << 20)

static void wake_main(struct machine *machine)
{
	const uint64_t one = 1;

	if (write(machine->wake, &one, sizeof(one)) != sizeof(one))
		die("cannot wake the main thread: %s", strerror(errno));
}

/* ---- a vcpu ------------------------------------------------------------- */

static void say_place(struct kvm_vcpu *vcpu)
{
	say("vcpu %u is at pc 0x%08llx, cpsr 0x%08llx", vcpu->id,
	    (unsigned long long)vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc)),
	    (unsigned long long)vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr)));
}

static enum machine_end access_device(struct machine *machine,
				      struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	uint64_t offset = run->mmio.phys_addr - UART_BASE;

	if (run->mmio.phys_addr < UART_BASE || offset >= UART_SIZE) {
		say("nothing is at 0x%08llx: a %u-byte %s of the guest",
		    (unsigned long long)run->mmio.phys_addr, run->mmio.len,
		    run->mmio.is_write ? "write" : "read");
		say_place(vcpu);
		return END_GUEST;
	}
	if (run->mmio.is_write) {
		uart_write(&machine->uart, offset, run->mmio.data[0]);
	} else {
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
		run->mmio.data[0] = uart_read(&machine->uart, offset);
	}
	return END_NONE;
}

static enum machine_end handle_exit(struct machine *machine,
				    struct kvm_vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		return access_device(machine, vcpu);
	case KVM_EXIT_SYSTEM_EVENT:
		if (run->system_event.type == KVM_SYSTEM_EVENT_SHUTDOWN)
			return END_OFF;
		if (run->system_event.type == KVM_SYSTEM_EVENT_RESET)
			return END_RESET;
		say("system event %u of vcpu %u is unknown",
		    run->system_event.type, vcpu->id);
		return END_GUEST;
	default:
		say("exit %u (%s) of vcpu %u cannot be handled",
		    run->exit_reason, kvm_exit_name(run->exit_reason),
		    vcpu->id);
		say_place(vcpu);
		return END_GUEST;
	}
}

/* An interrupted KVM_RUN leaves no access to be completed. */
static enum machine_end run_once(struct machine *machine,
				 struct kvm_vcpu *vcpu, bool *interrupted)
{
	int ret = __vcpu_run(vcpu);

	*interrupted = ret == -EINTR;
	if (!ret)
		return handle_exit(machine, vcpu);
	if (*interrupted)
		return END_NONE;
	say("cannot run vcpu %u: KVM_RUN: %s", vcpu->id, strerror(-ret));
	say_place(vcpu);
	return END_FAILED;
}

struct vcpu_thread {
	struct machine *machine;
	struct kvm_vcpu *vcpu;
};

/*
 * With immediate_exit, KVM_RUN only completes the instruction of the last exit.
 * The instruction may take further accesses: repeat until KVM_RUN is
 * interrupted, so that the vcpu has nothing unfinished when its thread ends.
 */
static void *vcpu_loop(void *arg)
{
	struct machine *machine = ((struct vcpu_thread *)arg)->machine;
	struct kvm_vcpu *vcpu = ((struct vcpu_thread *)arg)->vcpu;
	bool stopping, interrupted;
	enum machine_end end;

	do {
		stopping = __atomic_load_n(&machine->stopping,
					   __ATOMIC_ACQUIRE);
		end = run_once(machine, vcpu, &interrupted);
	} while (end == END_NONE && !(stopping && interrupted));

	if (end != END_NONE) {
		pthread_mutex_lock(&machine->lock);
		if (machine->end == END_NONE)
			machine->end = end;
		pthread_mutex_unlock(&machine->lock);
		wake_main(machine);
	}
	return NULL;
}

static void interrupt(int signal)
{
	/* The signal only makes KVM_RUN return. */
	(void)signal;
}

void machine_start(struct machine *machine)
{
	const struct sigaction action = { .sa_handler = interrupt };
	static struct vcpu_thread threads[KVM_ARM_MAX_VCPUS];
	unsigned int i;
	int err;

	sigaction(KICK_SIGNAL, &action, NULL);
	machine->end = END_NONE;
	machine->stopping = false;
	for (i = 0; i < machine->options->nr_cpus; i++) {
		threads[i].machine = machine;
		threads[i].vcpu = machine->vm->vcpus[i];
		err = pthread_create(&machine->threads[i], NULL, vcpu_loop,
				     &threads[i]);
		if (err)
			die("cannot create a thread for vcpu %u: %s", i,
			    strerror(err));
	}
}

void machine_stop(struct machine *machine)
{
	unsigned int i;

	/*
	 * Set immediate_exit first: a thread that sees stopping must not enter
	 * the guest.
	 */
	for (i = 0; i < machine->options->nr_cpus; i++)
		machine->vm->vcpus[i]->run->immediate_exit = 1;
	__atomic_store_n(&machine->stopping, true, __ATOMIC_RELEASE);
	for (i = 0; i < machine->options->nr_cpus; i++)
		pthread_kill(machine->threads[i], KICK_SIGNAL);
	for (i = 0; i < machine->options->nr_cpus; i++) {
		pthread_join(machine->threads[i], NULL);
		machine->vm->vcpus[i]->run->immediate_exit = 0;
	}
	uart_flush(&machine->uart);
}

enum machine_end machine_end(struct machine *machine)
{
	enum machine_end end;

	pthread_mutex_lock(&machine->lock);
	end = machine->end;
	pthread_mutex_unlock(&machine->lock);
	return end;
}

/* ---- the machine -------------------------------------------------------- */

static void create_gic(struct machine *machine)
{
	int gic = must(__gic_create(machine->vm), "KVM_CREATE_DEVICE",
		       "create the interrupt controller, a GICv2");

	must(__gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_CPU, GICC_BASE),
	     "KVM_SET_DEVICE_ADDR", "place the GIC's CPU interface at 0x%08x",
	     GICC_BASE);
	must(__gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_DIST, GICD_BASE),
	     "KVM_SET_DEVICE_ADDR", "place the GIC's distributor at 0x%08x",
	     GICD_BASE);
	machine->gic = gic;
}

static void init_gic(struct machine *machine)
{
	must(__gic_set_nr_irqs(machine->gic, NR_IRQS), "KVM_SET_DEVICE_ATTR",
	     "give the GIC %u interrupts", NR_IRQS);
	must(__gic_init(machine->gic), "KVM_SET_DEVICE_ATTR",
	     "initialise the GIC");
	must(__gic_save(machine->gic, machine->options->nr_cpus,
			&machine->gic_reset),
	     "KVM_GET_DEVICE_ATTR", "read the GIC's state at power-on");
}

static void init_vcpu(struct kvm_vcpu *vcpu)
{
	uint32_t features = 1 << KVM_ARM_VCPU_PSCI_0_2;

	if (vcpu->id)
		features |= 1 << KVM_ARM_VCPU_POWER_OFF;
	must(__vcpu_init(vcpu, features), "KVM_ARM_VCPU_INIT",
	     "initialise vcpu %u with PSCI 0.2", vcpu->id);
}

/*
 * Align the memory as in the guest, so that stage 2 can map the host's large
 * pages as blocks.
 */
static void create_ram(struct machine *machine)
{
	size_t size = (size_t)machine->options->mem_mib << 20;
	uintptr_t place;
	void *ram;

	ram = mmap(NULL, size + RAM_ALIGN, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (ram == MAP_FAILED)
		die("cannot map %u MiB of RAM: %s", machine->options->mem_mib,
		    strerror(errno));
	place = ((uintptr_t)ram + RAM_ALIGN - 1) & ~(RAM_ALIGN - 1);
	ram = (void *)place;
	/* Large pages are optional. */
	madvise(ram, size, MADV_HUGEPAGE);
	must(__vm_set_memory(machine->vm, 0, RAM_BASE, size, ram, 0),
	     "KVM_SET_USER_MEMORY_REGION", "give the VM %u MiB of RAM at 0x%08x",
	     machine->options->mem_mib, RAM_BASE);
}

static void create_vcpus(struct machine *machine)
{
	unsigned int nr_cpus = machine->options->nr_cpus, i;
	struct kvm_vcpu *vcpu;
	int max;

	max = must(__vm_ioctl(machine->vm, KVM_CHECK_EXTENSION,
			      (void *)KVM_CAP_MAX_VCPUS),
		   "KVM_CHECK_EXTENSION", "ask for the number of vcpus");
	if (nr_cpus > (unsigned int)max)
		die("%u vcpus are too many: KVM has %d", nr_cpus, max);
	for (i = 0; i < nr_cpus; i++) {
		must(__vcpu_create(machine->vm, i, &vcpu), "KVM_CREATE_VCPU",
		     "create vcpu %u", i);
		init_vcpu(vcpu);
	}
}

void machine_create(struct machine *machine, const struct options *options)
{
	memset(machine, 0, sizeof(*machine));
	machine->options = options;
	pthread_mutex_init(&machine->lock, NULL);
	machine->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (machine->wake < 0)
		die("cannot create an eventfd: %s", strerror(errno));
	/* Check the files before doing any other work. */
	if (options->kernel)
		boot_prepare(&machine->boot, options);

	must(__vm_create(&machine->vm), "KVM_CREATE_VM",
	     "create a VM through /dev/kvm");
	create_gic(machine);
	create_ram(machine);
	create_vcpus(machine);
	init_gic(machine);
	uart_init(&machine->uart, machine->vm, machine->wake);
}

static void write_file(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || close(fd))
		die("cannot write %s: %s", path, strerror(errno));
}

/* Set the registers as Documentation/arch/arm/booting.rst requires. */
static void set_entry(struct machine *machine)
{
	struct kvm_vcpu *vcpu = machine->vm->vcpus[0];

	vcpu_start_at(vcpu, machine->boot.entry, 0, -1U, machine->boot.dtb);
}

void machine_reset(struct machine *machine)
{
	void *dtb = vm_hva(machine->vm, machine->boot.dtb);
	unsigned int i;

	for (i = 0; i < machine->options->nr_cpus; i++)
		init_vcpu(machine->vm->vcpus[i]);
	uart_reset(&machine->uart);
	must(__gic_restore(machine->gic, machine->gic_reset),
	     "KVM_SET_DEVICE_ATTR", "reset the GIC");

	boot_load(&machine->boot, machine->vm);
	fdt_build(dtb, machine->vm, machine->options, &machine->boot);
	if (machine->options->dtb)
		write_file(machine->options->dtb, dtb, fdt_size(dtb));
	set_entry(machine);
}
