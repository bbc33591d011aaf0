// SPDX-License-Identifier: GPL-2.0
/*
 * Registers without a reset value that the boot loader has written affect
 * neither the host nor the first guest on a CPU. The test is useful after a
 * boot loader that writes such registers, before any other guest has run.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gic_guest.h"
#include "harness.h"

#define HYP_FILE	"/sys/kernel/debug/kvm/hyp"
#define SPI		40
/* The GIC signals an interrupt of higher priority first. */
#define LOW_PRIORITY	0xa0

/* The VMID tags TLB entries of the host, too: VMID 0 on all CPUs, never a guest's. */
static void host_vmid(void)
{
	FILE *file = fopen(HYP_FILE, "r");
	unsigned int cpu, value, known = 0;
	char name[16];

	if (!file)
		kvm_bail("%s cannot be opened", HYP_FILE);
	while (fscanf(file, "cpu%u %15s %x\n", &cpu, name, &value) == 3) {
		if (strcmp(name, "VTTBR.high"))
			continue;
		known++;
		expect_equal(value, 0, "cpu%u VTTBR.high", cpu);
	}
	fclose(file);
	expect_equal(known, nr_cpus(), "CPUs with a VTTBR");
}

/*
 * A list register that KVM has not written could signal an interrupt to the
 * guest. List registers are in use only while the guest has an interrupt of its
 * own.
 */
static void list_registers(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	unsigned int cpu;
	int gic;

	for (cpu = 0; cpu < nr_cpus(); cpu++) {
		pin_to_cpu(cpu);
		vm = gic_guest_create(1, 0, &gic);
		vcpu = vm->vcpus[0];
		gic_guest_enable(vcpu, SPI, true);
		gicd_set_byte(vcpu, GICD_IPRIORITYR, SPI, LOW_PRIORITY);
		spi_line(vm, SPI, 1);
		expect_equal(gic_ack(vcpu), SPI, "cpu%u: IAR", cpu);
		expect_equal(gic_ack(vcpu), GIC_SPURIOUS, "cpu%u: next IAR",
			     cpu);
		close(gic);
		vm_free(vm);
	}
}

static const struct test tests[] = {
	{ "the host's VMID is 0 on all CPUs before a guest has run",
	  host_vmid },
	{ "the first guest on a CPU has no interrupt that nobody sent",
	  list_registers },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
