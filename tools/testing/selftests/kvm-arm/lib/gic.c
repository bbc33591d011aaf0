// SPDX-License-Identifier: GPL-2.0
/* Control a VM's in-kernel GICv2 and its interrupt lines from user space. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gic.h"

/* ---- devices ------------------------------------------------------------ */

int __vm_create_device(struct kvm_vm *vm, uint32_t type, uint32_t flags)
{
	struct kvm_create_device device = {
		.type = type,
		.flags = flags,
	};
	int ret = __vm_ioctl(vm, KVM_CREATE_DEVICE, &device);

	if (ret < 0)
		return ret;
	return flags & KVM_CREATE_DEVICE_TEST ? 0 : (int)device.fd;
}

static int device_attr(int fd, unsigned long cmd, uint32_t group,
		       uint64_t attr, const void *addr)
{
	struct kvm_device_attr device_attr = {
		.group = group,
		.attr = attr,
		.addr = (uintptr_t)addr,
	};

	return __kvm_ioctl(fd, cmd, &device_attr);
}

int __device_set_attr(int fd, uint32_t group, uint64_t attr, const void *addr)
{
	return device_attr(fd, KVM_SET_DEVICE_ATTR, group, attr, addr);
}

int __device_get_attr(int fd, uint32_t group, uint64_t attr, void *addr)
{
	return device_attr(fd, KVM_GET_DEVICE_ATTR, group, attr, addr);
}

int __device_has_attr(int fd, uint32_t group, uint64_t attr)
{
	return device_attr(fd, KVM_HAS_DEVICE_ATTR, group, attr, NULL);
}

/* ---- the GIC ------------------------------------------------------------ */

int __gic_create(struct kvm_vm *vm)
{
	return __vm_create_device(vm, KVM_DEV_TYPE_ARM_VGIC_V2, 0);
}

int __gic_set_addr(int gic, uint64_t type, uint64_t gpa)
{
	return __device_set_attr(gic, KVM_DEV_ARM_VGIC_GRP_ADDR, type, &gpa);
}

int __gic_get_addr(int gic, uint64_t type, uint64_t *gpa)
{
	return __device_get_attr(gic, KVM_DEV_ARM_VGIC_GRP_ADDR, type, gpa);
}

int __gic_set_legacy_addr(struct kvm_vm *vm, uint64_t type, uint64_t gpa)
{
	struct kvm_arm_device_addr addr = {
		.id = KVM_ARM_DEVICE_VGIC_V2 << KVM_ARM_DEVICE_ID_SHIFT | type,
		.addr = gpa,
	};

	return __vm_ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, &addr);
}

int __gic_set_nr_irqs(int gic, uint32_t nr)
{
	return __device_set_attr(gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &nr);
}

int __gic_get_nr_irqs(int gic, uint32_t *nr)
{
	return __device_get_attr(gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, nr);
}

int __gic_init(int gic)
{
	return __device_set_attr(gic, KVM_DEV_ARM_VGIC_GRP_CTRL,
				 KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

static int set_up(int gic, uint32_t nr_irqs)
{
	int ret = __gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_DIST, GUEST_GICD);

	if (!ret)
		ret = __gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_CPU,
				     GUEST_GICC);
	if (!ret && nr_irqs)
		ret = __gic_set_nr_irqs(gic, nr_irqs);
	if (!ret)
		ret = __gic_init(gic);
	return ret;
}

int gic_create(struct kvm_vm *vm, uint32_t nr_irqs)
{
	int gic = __gic_create(vm);
	int ret;

	if (gic < 0)
		kvm_bail("KVM_CREATE_DEVICE of a GICv2: %s", strerror(-gic));
	ret = set_up(gic, nr_irqs);
	if (ret < 0)
		kvm_bail("setting up the GICv2: %s", strerror(-ret));
	return gic;
}

struct kvm_vm *vm_create_gic_guest(const char *name, unsigned int nr_vcpus,
				   int *gic)
{
	struct kvm_vm *vm = vm_create_guest(name, nr_vcpus);

	*gic = gic_create(vm, 0);
	return vm;
}

static uint64_t reg_attr(unsigned int vcpu, uint32_t offset)
{
	return (uint64_t)vcpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT | offset;
}

int __gic_get_dist(int gic, unsigned int vcpu, uint32_t offset,
		   uint32_t *value)
{
	return __device_get_attr(gic, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
				 reg_attr(vcpu, offset), value);
}

int __gic_set_dist(int gic, unsigned int vcpu, uint32_t offset,
		   uint32_t value)
{
	return __device_set_attr(gic, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
				 reg_attr(vcpu, offset), &value);
}

int __gic_get_cpu(int gic, unsigned int vcpu, uint32_t offset,
		  uint32_t *value)
{
	return __device_get_attr(gic, KVM_DEV_ARM_VGIC_GRP_CPU_REGS,
				 reg_attr(vcpu, offset), value);
}

int __gic_set_cpu(int gic, unsigned int vcpu, uint32_t offset, uint32_t value)
{
	return __device_set_attr(gic, KVM_DEV_ARM_VGIC_GRP_CPU_REGS,
				 reg_attr(vcpu, offset), &value);
}

static void check_access(int ret, const char *what, unsigned int vcpu,
			 uint32_t offset)
{
	if (ret < 0)
		kvm_bail("%s %#x of vcpu %u: %s", what, offset, vcpu,
			 strerror(-ret));
}

uint32_t gic_get_dist(int gic, unsigned int vcpu, uint32_t offset)
{
	uint32_t value = 0;
	int ret = __gic_get_dist(gic, vcpu, offset, &value);

	check_access(ret, "reading GICD", vcpu, offset);
	return value;
}

void gic_set_dist(int gic, unsigned int vcpu, uint32_t offset, uint32_t value)
{
	int ret = __gic_set_dist(gic, vcpu, offset, value);

	check_access(ret, "writing GICD", vcpu, offset);
}

uint32_t gic_get_cpu(int gic, unsigned int vcpu, uint32_t offset)
{
	uint32_t value = 0;
	int ret = __gic_get_cpu(gic, vcpu, offset, &value);

	check_access(ret, "reading GICC", vcpu, offset);
	return value;
}

void gic_set_cpu(int gic, unsigned int vcpu, uint32_t offset, uint32_t value)
{
	int ret = __gic_set_cpu(gic, vcpu, offset, value);

	check_access(ret, "writing GICC", vcpu, offset);
}

/* ---- its state ---------------------------------------------------------- */

/*
 * Fields of the distributor, with the number of bits for each interrupt, in the
 * order of restoring: set group, trigger, target and priority of an interrupt
 * before it becomes pending.
 */
static const struct {
	uint32_t offset;
	uint32_t bits;
} dist_fields[] = {
	{ GICD_IGROUPR, 1 },
	{ GICD_ICFGR, 2 },
	{ GICD_ITARGETSR, 8 },
	{ GICD_IPRIORITYR, 8 },
	{ GICD_ISENABLER, 1 },
	{ GICD_ISACTIVER, 1 },
	{ GICD_ISPENDR, 1 },
};

static const uint32_t cpu_regs[] = {
	GICC_CTLR, GICC_PMR, GICC_BPR, GICC_ABPR,
	GICC_APR0, GICC_APR0 + 4, GICC_APR0 + 8, GICC_APR0 + 12,
};

struct builder {
	int gic;
	struct gic_state *state;
	uint32_t room;
	int error;
};

static void add_reg(struct builder *b, uint32_t group, uint32_t vcpu,
		    uint32_t offset)
{
	struct gic_reg reg = {
		.group = group,
		.vcpu = vcpu,
		.offset = offset,
	};

	if (b->error)
		return;
	if (b->state->nr_regs == b->room) {
		b->error = -ENOSPC;
		return;
	}
	b->error = __device_get_attr(b->gic, group, reg_attr(vcpu, offset),
				     &reg.value);
	/* Pending SGIs are saved with their sources. */
	if (group == KVM_DEV_ARM_VGIC_GRP_DIST_REGS && offset == GICD_ISPENDR)
		reg.value &= ~0xffffU;
	if (!b->error)
		b->state->regs[b->state->nr_regs++] = reg;
}

/* Add a field of the interrupts from @first to below @end. */
static void add_dist(struct builder *b, uint32_t vcpu, uint32_t field,
		     uint32_t first, uint32_t end)
{
	uint32_t per_word = 32 / dist_fields[field].bits;
	uint32_t id;

	for (id = first; id < end; id += per_word)
		add_reg(b, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, vcpu,
			dist_fields[field].offset + id / per_word * 4);
}

static void add_all(struct builder *b, uint32_t nr_irqs, uint32_t nr_vcpus)
{
	const uint32_t dist = KVM_DEV_ARM_VGIC_GRP_DIST_REGS;
	uint32_t vcpu, i;

	/* IIDR comes first: the meaning of other registers may depend on it. */
	add_reg(b, dist, 0, GICD_IIDR);
	add_reg(b, dist, 0, GICD_CTLR);
	for (i = 0; i < ARRAY_SIZE(dist_fields); i++) {
		for (vcpu = 0; vcpu < nr_vcpus; vcpu++)
			add_dist(b, vcpu, i, 0, 32);
		add_dist(b, 0, i, 32, nr_irqs);
	}
	for (vcpu = 0; vcpu < nr_vcpus; vcpu++) {
		for (i = 0; i < 16; i += 4)
			add_reg(b, dist, vcpu, GICD_SPENDSGIR + i);
		for (i = 0; i < ARRAY_SIZE(cpu_regs); i++)
			add_reg(b, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, vcpu,
				cpu_regs[i]);
	}
}

int __gic_save(int gic, unsigned int nr_vcpus, struct gic_state **statep)
{
	struct builder b = { .gic = gic };
	uint32_t nr_irqs;
	int ret = __gic_get_nr_irqs(gic, &nr_irqs);

	if (ret < 0)
		return ret;
	/* 22 bits for each interrupt, and the banked registers of each CPU */
	b.room = 2 + nr_irqs * 22 / 32 +
		 nr_vcpus * (22 + 4 + ARRAY_SIZE(cpu_regs));
	b.state = calloc(1, sizeof(*b.state) +
			    b.room * sizeof(b.state->regs[0]));
	if (!b.state)
		return -ENOMEM;
	b.state->nr_irqs = nr_irqs;
	add_all(&b, nr_irqs, nr_vcpus);
	if (b.error) {
		free(b.state);
		return b.error;
	}
	*statep = b.state;
	return 0;
}

struct gic_state *gic_save(int gic, unsigned int nr_vcpus)
{
	struct gic_state *state = NULL;
	int ret = __gic_save(gic, nr_vcpus, &state);

	if (ret < 0)
		kvm_bail("saving the GICv2: %s", strerror(-ret));
	return state;
}

/* Return the register that clears what @reg sets, or 0. */
static uint32_t clearing(const struct gic_reg *reg)
{
	if (reg->group != KVM_DEV_ARM_VGIC_GRP_DIST_REGS)
		return 0;
	if (reg->offset >= GICD_ISENABLER && reg->offset < GICD_ICENABLER)
		return reg->offset - GICD_ISENABLER + GICD_ICENABLER;
	if (reg->offset >= GICD_ISPENDR && reg->offset < GICD_ICPENDR)
		return reg->offset - GICD_ISPENDR + GICD_ICPENDR;
	if (reg->offset >= GICD_ISACTIVER && reg->offset < GICD_ICACTIVER)
		return reg->offset - GICD_ISACTIVER + GICD_ICACTIVER;
	if (reg->offset >= GICD_SPENDSGIR)
		return reg->offset - GICD_SPENDSGIR + GICD_CPENDSGIR;
	return 0;
}

static int restore_reg(int gic, const struct gic_reg *reg)
{
	const uint32_t all = ~0U;
	uint32_t clear = clearing(reg);
	int ret = 0;

	if (clear)
		ret = __device_set_attr(gic, reg->group,
					reg_attr(reg->vcpu, clear), &all);
	if (!ret)
		ret = __device_set_attr(gic, reg->group,
					reg_attr(reg->vcpu, reg->offset),
					&reg->value);
	return ret;
}

int __gic_restore(int gic, const struct gic_state *state)
{
	uint32_t i;
	int ret;

	for (i = 0; i < state->nr_regs; i++) {
		ret = restore_reg(gic, &state->regs[i]);
		if (ret < 0)
			return ret;
	}
	return 0;
}

void gic_restore(int gic, const struct gic_state *state)
{
	int ret = __gic_restore(gic, state);

	if (ret < 0)
		kvm_bail("restoring the GICv2: %s", strerror(-ret));
}

/* ---- interrupt lines ---------------------------------------------------- */

int __irq_line(struct kvm_vm *vm, uint32_t type, uint32_t vcpu, uint32_t num,
	       uint32_t level)
{
	struct kvm_irq_level irq = {
		.irq = type << KVM_ARM_IRQ_TYPE_SHIFT |
		       vcpu << KVM_ARM_IRQ_VCPU_SHIFT | num,
		.level = level,
	};

	return __vm_ioctl(vm, KVM_IRQ_LINE, &irq);
}

static void irq_line(struct kvm_vm *vm, uint32_t type, uint32_t vcpu,
		     uint32_t num, uint32_t level)
{
	int ret = __irq_line(vm, type, vcpu, num, level);

	if (ret < 0)
		kvm_bail("KVM_IRQ_LINE type %u, vcpu %u, %u = %u: %s", type,
			 vcpu, num, level, strerror(-ret));
}

void spi_line(struct kvm_vm *vm, uint32_t num, uint32_t level)
{
	irq_line(vm, KVM_ARM_IRQ_TYPE_SPI, 0, num, level);
}

void ppi_line(struct kvm_vm *vm, uint32_t vcpu, uint32_t num, uint32_t level)
{
	irq_line(vm, KVM_ARM_IRQ_TYPE_PPI, vcpu, num, level);
}

void cpu_line(struct kvm_vm *vm, uint32_t vcpu, uint32_t num, uint32_t level)
{
	irq_line(vm, KVM_ARM_IRQ_TYPE_CPU, vcpu, num, level);
}
