// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses above 4 GiB: memory of the host, and memory, devices and the GIC of
 * a guest that uses long descriptors.
 *
 * A host without such memory tests the guest's side only. So does
 * qemu-system-arm, which truncates HPFAR to 32 bits: the guest can access
 * memory there once it is mapped, but neither fault it in nor access devices.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "execute.h"
#include "gic.h"
#include "harness.h"
#include "kselftest.h"

#define GIB		0x40000000ULL
#define WINDOW		0xc0000000U
#define LDR		0xe5910000	/* ldr r0, [r1] */
#define STR		0xe5810000	/* str r0, [r1] */

static const uint64_t high[] = { 4 * GIB, 7 * GIB, 0x7fc0000000ULL,
				 0xffc0000000ULL };

static struct kvm_vcpu *vcpu;

static bool host_has_high_memory(void)
{
	struct sysinfo info;

	sysinfo(&info);
	if ((uint64_t)info.totalram * info.mem_unit > 3 * GIB)
		return true;
	ksft_print_msg("this host has no memory above 4 GiB\n");
	return false;
}

/* Map the GiB of guest addresses at @ipa in the guest's WINDOW. */
static void show(uint64_t ipa)
{
	uint32_t table = vcpu_get_reg(vcpu, REG(TTBR0_64));
	uint64_t *entry = vm_hva(vcpu->vm, table + (WINDOW >> 30) * 8);

	*entry = (*entry & ~0xffc0000000ULL) | ipa;
	guest_write(vcpu, CP_REG32(15, 8, 0, 7, 0), 0);	/* TLBIALL */
}

static void create(void)
{
	vcpu = execute_create(1)->vcpus[0];
	execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
}

static uint32_t load(uint32_t offset)
{
	struct execute x = { .insn = LDR, .r = { 0, WINDOW + offset } };

	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions of LDR");
	return x.r[0];
}

static void store(uint32_t offset, uint32_t value)
{
	struct execute x = { .insn = STR, .r = { value, WINDOW + offset } };

	execute(vcpu, &x);
	expect_equal(x.count, 0, "exceptions of STR");
}

static bool is_high(const void *page)
{
	uint64_t entry = 0, offset = (uintptr_t)page / getpagesize() * 8;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || pread(fd, &entry, 8, offset) != 8)
		kvm_bail("cannot read the pagemap");
	close(fd);
	return (entry & 0x7fffffffffffffULL) * getpagesize() >= 4 * GIB;
}

/* The guest's own memory, with its code and tables, is high memory of the host. */
static void host_memory(void)
{
	struct kvm_memory *memory;
	uint64_t offset, pages = 0;
	uint32_t i;

	create();
	if (!host_has_high_memory())
		goto out;
	memory = &vcpu->vm->memory[0];
	for (offset = 0; offset < memory->size; offset += getpagesize())
		pages += is_high((char *)memory->hva + offset);
	ksft_print_msg("%llu pages of the guest are above 4 GiB\n",
		       (unsigned long long)pages);
	expect(pages >= 16, "the guest's memory is not above 4 GiB");
	show(memory->gpa & ~(GIB - 1));
	for (i = 0; i < memory->size; i += getpagesize()) {
		uint32_t *word = (uint32_t *)((char *)memory->hva + i);

		expect_equal(load((memory->gpa + i) % GIB), *word,
			     "memory at %#x", i);
	}
out:
	vm_free(vcpu->vm);
}

static void guest_memory(void)
{
	bool all = host_has_high_memory();
	unsigned int i;
	uint32_t *hva;

	create();
	for (i = 0; i < ARRAY_SIZE(high) && all; i++) {
		vm_add_memory(vcpu->vm, 1, high[i], 0x400000, 0);
		show(high[i]);
		hva = vm_hva(vcpu->vm, high[i]);
		hva[0x1234] = 0xabcd0000 + i;
		expect_equal(load(4 * 0x1234), 0xabcd0000 + i,
			     "what the guest reads at %#llx",
			     (unsigned long long)high[i]);
		store(0x3ffffc, 0x600d0000 + i);
		expect_equal(hva[0xfffff], 0x600d0000 + i,
			     "what the guest wrote at %#llx",
			     (unsigned long long)high[i] + 0x3ffffc);
		/* Replace it by another page of the host. */
		madvise(hva, 0x400000, MADV_DONTNEED);
		expect_equal(load(0x3ffffc), 0, "memory that was dropped");
		vm_delete_memory(vcpu->vm, 1);
	}
	vm_free(vcpu->vm);
}

/* User space must see the bits above 31 of the address. */
static void devices(void)
{
	bool all = host_has_high_memory();
	struct execute x = { .insn = STR };
	unsigned int i;

	create();
	for (i = 0; i < ARRAY_SIZE(high) && all; i++) {
		struct kvm_run *run = vcpu->run;

		show(high[i]);
		x.insn = i & 1 ? LDR : STR;
		x.r[0] = 0xd0d0;
		x.r[1] = WINDOW + 0x123450;
		execute_begin(vcpu, &x);
		vcpu_expect(vcpu, GUEST_MMIO);
		expect_equal(run->mmio.phys_addr, high[i] + 0x123450,
			     "address of a device");
		expect_equal(run->mmio.is_write, !(i & 1), "is_write");
		memcpy(run->mmio.data, (uint32_t []){ 0x5eed }, 4);
		vcpu_expect(vcpu, GUEST_SYNC);
		execute_end(vcpu, &x);
		expect_equal(x.r[0], i & 1 ? 0x5eed : 0xd0d0, "R0");
	}
	vm_free(vcpu->vm);
}

/* Deliver an interrupt by a GIC whose registers are above 4 GiB. */
static void gic_at(uint64_t base)
{
	const uint32_t dist = 0x08000000, cpu = 0x08010000;
	int gic;

	/* As create(), but with the GIC before the vcpu runs. */
	vcpu = vm_create_guest("execute", 1)->vcpus[0];
	gic = __gic_create(vcpu->vm);
	if (gic < 0)
		kvm_bail("no GIC");
	expect_errno(__gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_DIST,
				    base + dist), 0, "GICD");
	expect_errno(__gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_CPU,
				    base + cpu), 0, "GICC");
	expect_errno(__gic_init(gic), 0, "KVM_DEV_ARM_VGIC_CTRL_INIT");
	vcpu_expect(vcpu, GUEST_SYNC);
	execute_op(vcpu, EXECUTE_MMU_LPAE, 0);
	show(base);
	store(dist + GICD_CTLR, GICD_CTLR_ENABLE);
	store(dist + GICD_ISENABLER, 1 << 5);
	store(cpu + GICC_PMR, 0xff);
	store(cpu + GICC_CTLR, GICC_CTLR_ENABLE0);
	expect_equal(load(dist + GICD_CTLR), GICD_CTLR_ENABLE, "GICD_CTLR");
	expect_equal(load(cpu + GICC_IAR), GIC_SPURIOUS, "GICC_IAR at first");
	store(dist + GICD_SGIR, GICD_SGIR_SELF(5));
	expect_equal(load(cpu + GICC_IAR), 5, "GICC_IAR");
	store(cpu + GICC_EOIR, 5);
	expect_equal(load(cpu + GICC_IAR), GIC_SPURIOUS, "GICC_IAR at last");
	close(gic);
	vm_free(vcpu->vm);
}

static void gic(void)
{
	unsigned int i;

	if (!host_has_high_memory())
		return;
	for (i = 0; i < ARRAY_SIZE(high); i++)
		gic_at(high[i]);
}

static const struct test tests[] = {
	{ "a guest runs in the host's memory above 4 GiB", host_memory },
	{ "a guest's memory above 4 GiB is faulted in, read and written",
	  guest_memory },
	{ "a guest's devices above 4 GiB are exits with all of the address",
	  devices },
	{ "a GIC above 4 GiB delivers an interrupt", gic },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
