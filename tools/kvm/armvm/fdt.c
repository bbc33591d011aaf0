// SPDX-License-Identifier: GPL-2.0
/* Build the device tree of the guest. */
#include <libfdt.h>
#include <stdio.h>
#include <sys/random.h>

#include "armvm.h"

#define PHANDLE_GIC	1

/* The guest's kernel takes 256 bits. */
#define RNG_SEED_SIZE	32

/* Cells of a GIC interrupt */
#define GIC_SPI		0
#define GIC_PPI		1
#define LEVEL_HIGH	4
#define LEVEL_LOW	8

/* The message names the call that fails. */
#define try(call)							\
do {									\
	int __err = (call);						\
									\
	if (__err)							\
		die("the device tree: %s: %s", #call, fdt_strerror(__err)); \
} while (0)

#define prop_cells(fdt, name, ...)					\
do {									\
	uint32_t __cells[] = { __VA_ARGS__ };				\
	unsigned int __i;						\
									\
	for (__i = 0; __i < ARRAY_SIZE(__cells); __i++)			\
		__cells[__i] = cpu_to_fdt32(__cells[__i]);		\
	try(fdt_property(fdt, name, __cells, sizeof(__cells)));		\
} while (0)

/* Define a property of several strings, each with its terminating zero. */
#define prop_strings(fdt, name, strings)				\
	try(fdt_property(fdt, name, strings, sizeof(strings)))

static void begin_node(void *fdt, const char *name, uint32_t address)
{
	char full[32];

	snprintf(full, sizeof(full), "%s@%x", name, address);
	try(fdt_begin_node(fdt, full));
}

static void add_chosen(void *fdt, const struct options *options,
		       const struct boot *boot)
{
	uint8_t seed[RNG_SEED_SIZE];
	char path[32];

	try(fdt_begin_node(fdt, "chosen"));
	/* Without a seed, Linux hashes all its entropy anew for each new program. */
	if (getrandom(seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
		try(fdt_property(fdt, "rng-seed", seed, sizeof(seed)));
	snprintf(path, sizeof(path), "/serial@%x", UART_BASE);
	try(fdt_property_string(fdt, "stdout-path", path));
	try(fdt_property_string(fdt, "bootargs", options->append));
	if (boot->initrd.size) {
		prop_cells(fdt, "linux,initrd-start", 0, boot->initrd_start);
		prop_cells(fdt, "linux,initrd-end", 0,
			   boot->initrd_start + (uint32_t)boot->initrd.size);
	}
	try(fdt_end_node(fdt));
}

static void add_memory(void *fdt, uint32_t mem_mib)
{
	begin_node(fdt, "memory", RAM_BASE);
	try(fdt_property_string(fdt, "device_type", "memory"));
	prop_cells(fdt, "reg", 0, RAM_BASE, 0, mem_mib << 20);
	try(fdt_end_node(fdt));
}

static const char *cpu_type(struct kvm_vm *vm)
{
	struct kvm_vcpu_init init = { 0 };

	vm_preferred_target(vm, &init);
	return init.target == KVM_ARM_TARGET_CORTEX_A7 ? "arm,cortex-a7" :
							 "arm,cortex-a15";
}

static void add_cpus(void *fdt, struct kvm_vm *vm, unsigned int nr_cpus)
{
	const char *type = cpu_type(vm);
	uint32_t mpidr;
	unsigned int i;

	try(fdt_begin_node(fdt, "cpus"));
	prop_cells(fdt, "#address-cells", 1);
	prop_cells(fdt, "#size-cells", 0);
	for (i = 0; i < nr_cpus; i++) {
		mpidr = vcpu_get_reg(vm->vcpus[i], REG(MPIDR)) & 0xffffff;
		begin_node(fdt, "cpu", mpidr);
		try(fdt_property_string(fdt, "device_type", "cpu"));
		try(fdt_property_string(fdt, "compatible", type));
		try(fdt_property_string(fdt, "enable-method", "psci"));
		prop_cells(fdt, "reg", mpidr);
		try(fdt_end_node(fdt));
	}
	try(fdt_end_node(fdt));
}

static void add_psci(void *fdt)
{
	try(fdt_begin_node(fdt, "psci"));
	prop_strings(fdt, "compatible", "arm,psci-1.0\0arm,psci-0.2");
	try(fdt_property_string(fdt, "method", "hvc"));
	try(fdt_end_node(fdt));
}

static void add_gic(void *fdt)
{
	begin_node(fdt, "interrupt-controller", GICD_BASE);
	try(fdt_property_string(fdt, "compatible", "arm,cortex-a15-gic"));
	prop_cells(fdt, "#interrupt-cells", 3);
	try(fdt_property(fdt, "interrupt-controller", NULL, 0));
	prop_cells(fdt, "reg", 0, GICD_BASE, 0, KVM_VGIC_V2_DIST_SIZE,
		   0, GICC_BASE, 0, KVM_VGIC_V2_CPU_SIZE);
	prop_cells(fdt, "phandle", PHANDLE_GIC);
	try(fdt_end_node(fdt));
}

/*
 * Secure physical, non-secure physical, virtual and hypervisor timer, at fixed
 * PPIs
 */
static void add_timer(void *fdt, unsigned int nr_cpus)
{
	uint32_t flags = ((1 << nr_cpus) - 1) << 8 | LEVEL_LOW;

	try(fdt_begin_node(fdt, "timer"));
	try(fdt_property_string(fdt, "compatible", "arm,armv7-timer"));
	prop_cells(fdt, "interrupts",
		   GIC_PPI, 13, flags, GIC_PPI, 14, flags,
		   GIC_PPI, 11, flags, GIC_PPI, 10, flags);
	try(fdt_property(fdt, "always-on", NULL, 0));
	try(fdt_end_node(fdt));
}

static void add_uart(void *fdt)
{
	begin_node(fdt, "serial", UART_BASE);
	try(fdt_property_string(fdt, "compatible", "ns16550a"));
	prop_cells(fdt, "reg", 0, UART_BASE, 0, UART_SIZE);
	prop_cells(fdt, "clock-frequency", 1843200);
	prop_cells(fdt, "interrupts", GIC_SPI, UART_IRQ - 32, LEVEL_HIGH);
	try(fdt_end_node(fdt));
}

void fdt_build(void *blob, struct kvm_vm *vm, const struct options *options,
	       const struct boot *boot)
{
	try(fdt_create(blob, DTB_SIZE));
	try(fdt_finish_reservemap(blob));
	try(fdt_begin_node(blob, ""));
	try(fdt_property_string(blob, "model", "armvm"));
	try(fdt_property_string(blob, "compatible", "linux,dummy-virt"));
	prop_cells(blob, "#address-cells", 2);
	prop_cells(blob, "#size-cells", 2);
	prop_cells(blob, "interrupt-parent", PHANDLE_GIC);

	add_chosen(blob, options, boot);
	add_memory(blob, options->mem_mib);
	add_cpus(blob, vm, options->nr_cpus);
	add_psci(blob);
	add_gic(blob);
	add_timer(blob, options->nr_cpus);
	add_uart(blob);

	try(fdt_end_node(blob));
	try(fdt_finish(blob));
}

size_t fdt_size(const void *blob)
{
	return fdt_totalsize(blob);
}
