// SPDX-License-Identifier: GPL-2.0
/* Arguments of random ioctls: right in most parts, so that calls get far. */
#include <signal.h>
#include <string.h>

#include "fuzz_call.h"
#include "gic.h"
#include "memory.h"

/* Interrupts of the GIC, and some that it does not have */
#define NR_IRQS		320
#define NR_SLOTS	8
/* The end of user space, below the kernel's modules */
#define TASK_END	0xbf000000u

/*
 * A pointer to the kernel, or to the first page, which cannot be mapped: the kernel
 * must not write to other memory of this process.
 */
static void *wild_pointer(struct fuzz *f)
{
	return (void *)(fuzz_one_in(f, 2) ? fuzz_below(f, PAGE) :
			TASK_END + fuzz_below(f, -TASK_END));
}

void *fuzz_pointer(struct fuzz *f, const struct fuzz_pages *pages, size_t size)
{
	const size_t shown = size < PAGE ? size : PAGE;
	char *end = pages->page + PAGE - shown;

	switch (fuzz_below(f, 32)) {
	case 0:
		return memmove(end, pages->page, shown);
	case 1:
		/* Only a part of it can be accessed. */
		return pages->page + PAGE - fuzz_below(f, shown);
	case 2:
		return pages->read_only;
	case 3:
		return wild_pointer(f);
	default:
		return pages->page;
	}
}

/* A pointer to data for which all values make sense */
static uint64_t noise(struct fuzz_caller *c, size_t size)
{
	uint64_t *words = (uint64_t *)c->data.page;
	size_t i;

	for (i = 0; i < size && i < PAGE; i += sizeof(*words))
		words[i / sizeof(*words)] = fuzz_value(&c->f);
	return (uintptr_t)fuzz_pointer(&c->f, &c->data, size);
}

size_t fuzz_fill_noise(struct fuzz_caller *c, void *arg)
{
	uint64_t *words = arg;
	unsigned int i;

	for (i = 0; i < 16; i++)
		words[i] = fuzz_value(&c->f);
	return 0;
}

/* ---- memory ------------------------------------------------------------- */

static uint32_t some_slot(struct fuzz *f)
{
	return fuzz_one_in(f, 16) ? fuzz_value(f) : fuzz_below(f, NR_SLOTS);
}

size_t fuzz_fill_memory(struct fuzz_caller *c, void *arg)
{
	struct kvm_userspace_memory_region *region = arg;
	unsigned int n = fuzz_below(&c->f, FUZZ_AREAS);
	uint32_t from = fuzz_below(&c->f, c->t->area[n].size / PAGE) * PAGE;
	uint32_t left = (c->t->area[n].size - from) / PAGE;

	/* The whole area: a guest program can run. */
	if (fuzz_one_in(&c->f, 3)) {
		from = 0;
		left = c->t->area[n].size / PAGE;
	} else {
		left = 1 + fuzz_below(&c->f, left);
	}
	region->slot = from ? some_slot(&c->f) : n;
	region->flags = fuzz_below(&c->f, 3);
	region->guest_phys_addr = fuzz_one_in(&c->f, 4) ?
		fuzz_value(&c->f) & -(uint64_t)PAGE : c->t->area[n].gpa + from;
	region->memory_size = fuzz_one_in(&c->f, 4) ? 0 : left * PAGE;
	region->userspace_addr = (uintptr_t)c->t->area[n].hva + from;
	if (fuzz_one_in(&c->f, 16))
		region->userspace_addr = (uintptr_t)wild_pointer(&c->f) & -PAGE;
	if (fuzz_one_in(&c->f, 32))
		region->memory_size = fuzz_value(&c->f) & -(uint64_t)PAGE;
	return 0;
}

size_t fuzz_fill_get_log(struct fuzz_caller *c, void *arg)
{
	struct kvm_dirty_log *log = arg;

	log->slot = some_slot(&c->f);
	log->dirty_bitmap = fuzz_pointer(&c->f, &c->data, 128);
	return 0;
}

size_t fuzz_fill_clear_log(struct fuzz_caller *c, void *arg)
{
	struct kvm_clear_dirty_log *log = arg;

	log->slot = some_slot(&c->f);
	log->first_page = 64 * fuzz_below(&c->f, 8);
	log->num_pages = 64 * fuzz_below(&c->f, 9);
	log->dirty_bitmap = (void *)(uintptr_t)noise(c, 64);
	return 0;
}

/* ---- devices ------------------------------------------------------------ */

size_t fuzz_fill_device(struct fuzz_caller *c, void *arg)
{
	struct kvm_create_device *device = arg;

	device->type = fuzz_one_in(&c->f, 4) ? fuzz_below(&c->f, 12) :
		       KVM_DEV_TYPE_ARM_VGIC_V2;
	device->flags = fuzz_one_in(&c->f, 2) ? KVM_CREATE_DEVICE_TEST : 0;
	return 0;
}

size_t fuzz_fill_gic_attr(struct fuzz_caller *c, void *arg)
{
	static const uint64_t places[] = {
		GUEST_GICD, GUEST_GICC, GUEST_GICC + 0x1000, GUEST_RAM_BASE,
	};
	struct kvm_device_attr *attr = arg;
	uint64_t vcpu = fuzz_below(&c->f, FUZZ_VCPUS + 1);

	attr->addr = noise(c, sizeof(uint64_t));
	switch (fuzz_below(&c->f, 8)) {
	case 0:
		attr->group = KVM_DEV_ARM_VGIC_GRP_ADDR;
		attr->attr = fuzz_below(&c->f, 3);
		*(uint64_t *)c->data.page = places[fuzz_below(&c->f, ARRAY_SIZE(places))];
		break;
	case 1:
		attr->group = KVM_DEV_ARM_VGIC_GRP_NR_IRQS;
		*(uint32_t *)c->data.page = 32 * fuzz_below(&c->f, 34);
		break;
	case 2:
		attr->group = KVM_DEV_ARM_VGIC_GRP_CTRL;
		attr->attr = fuzz_below(&c->f, 2);
		break;
	case 3:
		attr->group = fuzz_below(&c->f, 10);
		attr->attr = fuzz_value(&c->f);
		break;
	case 4:
		attr->group = KVM_DEV_ARM_VGIC_GRP_CPU_REGS;
		attr->attr = vcpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT |
			     4 * fuzz_below(&c->f, 0x40);
		break;
	default:
		attr->group = KVM_DEV_ARM_VGIC_GRP_DIST_REGS;
		attr->attr = vcpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT |
			     4 * fuzz_below(&c->f, 0x400);
	}
	return 0;
}

size_t fuzz_fill_vcpu_attr(struct fuzz_caller *c, void *arg)
{
	struct kvm_device_attr *attr = arg;

	attr->group = fuzz_one_in(&c->f, 8) ? fuzz_below(&c->f, 4) :
		      KVM_ARM_VCPU_TIMER_CTRL;
	attr->attr = fuzz_below(&c->f, 3);
	attr->addr = noise(c, sizeof(uint32_t));
	*(uint32_t *)c->data.page = 16 + fuzz_below(&c->f, 18);
	return 0;
}

size_t fuzz_fill_vm_attr(struct fuzz_caller *c, void *arg)
{
	struct kvm_device_attr *attr = arg;
	struct kvm_smccc_filter *filter = (void *)c->data.page;

	memset(filter, 0, sizeof(*filter));
	filter->base = fuzz_one_in(&c->f, 2) ? 0x84000000 + fuzz_below(&c->f, 64) :
		       fuzz_value(&c->f);
	filter->nr_functions = fuzz_one_in(&c->f, 4) ? fuzz_value(&c->f) :
			       1 + fuzz_below(&c->f, 16);
	filter->action = fuzz_below(&c->f, 4);
	attr->group = fuzz_below(&c->f, 8) ? KVM_ARM_VM_SMCCC_CTRL : 1;
	attr->attr = fuzz_below(&c->f, 8) ? KVM_ARM_VM_SMCCC_FILTER : fuzz_value(&c->f);
	attr->addr = (uintptr_t)fuzz_pointer(&c->f, &c->data, sizeof(*filter));
	return 0;
}

size_t fuzz_fill_device_addr(struct fuzz_caller *c, void *arg)
{
	struct kvm_arm_device_addr *addr = arg;

	addr->id = (uint64_t)KVM_ARM_DEVICE_VGIC_V2 << KVM_ARM_DEVICE_ID_SHIFT |
		   fuzz_below(&c->f, 3);
	addr->addr = fuzz_one_in(&c->f, 2) ? GUEST_GICD : fuzz_value(&c->f);
	return 0;
}

/* ---- interrupts and events ---------------------------------------------- */

static int some_event(struct fuzz_caller *c)
{
	return fuzz_one_in(&c->f, 16) ? c->t->vm :
	       c->t->event[fuzz_below(&c->f, FUZZ_EVENTS)];
}

size_t fuzz_fill_irq_line(struct fuzz_caller *c, void *arg)
{
	struct kvm_irq_level *line = arg;

	line->irq = fuzz_below(&c->f, 4) << KVM_ARM_IRQ_TYPE_SHIFT |
		    fuzz_below(&c->f, FUZZ_VCPUS) << KVM_ARM_IRQ_VCPU_SHIFT |
		    fuzz_below(&c->f, NR_IRQS);
	line->level = fuzz_below(&c->f, 2);
	return 0;
}

size_t fuzz_fill_irqfd(struct fuzz_caller *c, void *arg)
{
	struct kvm_irqfd *irqfd = arg;

	irqfd->fd = some_event(c);
	irqfd->gsi = fuzz_below(&c->f, NR_IRQS);
	irqfd->flags = fuzz_below(&c->f, 4);
	irqfd->resamplefd = some_event(c);
	return 0;
}

size_t fuzz_fill_ioeventfd(struct fuzz_caller *c, void *arg)
{
	struct kvm_ioeventfd *event = arg;

	/* Few addresses, so that some are deassigned again. */
	event->addr = fuzz_one_in(&c->f, 8) ? fuzz_value(&c->f) :
		      GUEST_IO + 4 * fuzz_below(&c->f, 8);
	event->len = fuzz_below(&c->f, 10);
	if (fuzz_one_in(&c->f, 2))
		event->len = 4;
	event->datamatch = fuzz_below(&c->f, 4);
	event->fd = some_event(c);
	event->flags = fuzz_below(&c->f, 16) & ~KVM_IOEVENTFD_FLAG_PIO;
	return 0;
}

size_t fuzz_fill_zone(struct fuzz_caller *c, void *arg)
{
	struct kvm_coalesced_mmio_zone *zone = arg;

	zone->addr = fuzz_one_in(&c->f, 8) ? fuzz_value(&c->f) :
		     GUEST_IO + 8 * fuzz_below(&c->f, 4);
	zone->size = 4 << fuzz_below(&c->f, 3);
	return 0;
}

size_t fuzz_fill_msi(struct fuzz_caller *c, void *arg)
{
	struct kvm_msi *msi = arg;

	msi->address_lo = fuzz_value(&c->f);
	msi->data = fuzz_below(&c->f, NR_IRQS);
	return 0;
}

size_t fuzz_fill_routing(struct fuzz_caller *c, void *arg)
{
	struct kvm_irq_routing *routing = arg;
	unsigned int i;

	routing->nr = fuzz_below(&c->f, 32);
	for (i = 0; i < routing->nr; i++) {
		struct kvm_irq_routing_entry *entry = &routing->entries[i];

		entry->gsi = fuzz_below(&c->f, 64);
		entry->type = fuzz_one_in(&c->f, 32) ? fuzz_below(&c->f, 6) :
			      KVM_IRQ_ROUTING_IRQCHIP;
		entry->u.irqchip.pin = fuzz_below(&c->f, 256);
	}
	if (fuzz_one_in(&c->f, 16))
		routing->nr = fuzz_value(&c->f);
	return sizeof(*routing) + 32 * sizeof(routing->entries[0]);
}

/* ---- the VM and its vcpus ----------------------------------------------- */

size_t fuzz_fill_cap(struct fuzz_caller *c, void *arg)
{
	static const uint32_t caps[] = {
		KVM_CAP_ARM_NISV_TO_USER, KVM_CAP_HALT_POLL,
		KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, KVM_CAP_DIRTY_LOG_RING,
		KVM_CAP_DIRTY_LOG_RING_ACQ_REL, KVM_CAP_EXIT_HYPERCALL,
	};
	struct kvm_enable_cap *cap = arg;

	cap->cap = fuzz_one_in(&c->f, 8) ? fuzz_below(&c->f, 256) :
		   caps[fuzz_below(&c->f, ARRAY_SIZE(caps))];
	cap->args[0] = fuzz_below(&c->f, 2) ? fuzz_below(&c->f, 4) : fuzz_value(&c->f);
	return 0;
}

size_t fuzz_fill_init(struct fuzz_caller *c, void *arg)
{
	struct kvm_vcpu_init *init = arg;

	*init = c->t->init;
	/* Features must not change later. */
	init->features[0] = 1 << KVM_ARM_VCPU_PSCI_0_2 |
			    fuzz_below(&c->f, 2) << KVM_ARM_VCPU_POWER_OFF;
	if (fuzz_one_in(&c->f, 8))
		init->features[fuzz_below(&c->f, 7)] = fuzz_value(&c->f);
	return 0;
}

size_t fuzz_fill_one_reg(struct fuzz_caller *c, void *arg)
{
	struct kvm_one_reg *reg = arg;

	reg->id = c->t->regs->reg[fuzz_below(&c->f, c->t->regs->n)];
	if (fuzz_one_in(&c->f, 6))
		reg->id ^= 1ULL << fuzz_below(&c->f, 64);
	reg->addr = noise(c, reg_size(reg->id));
	return 0;
}

size_t fuzz_fill_reg_list(struct fuzz_caller *c, void *arg)
{
	struct kvm_reg_list *list = arg;

	list->n = fuzz_one_in(&c->f, 2) ? c->t->regs->n : fuzz_value(&c->f);
	return sizeof(*list) + c->t->regs->n * sizeof(list->reg[0]);
}

size_t fuzz_fill_mp_state(struct fuzz_caller *c, void *arg)
{
	struct kvm_mp_state *mp = arg;

	mp->mp_state = fuzz_one_in(&c->f, 3) ? KVM_MP_STATE_STOPPED :
		       fuzz_one_in(&c->f, 8) ? fuzz_below(&c->f, 12) :
		       KVM_MP_STATE_RUNNABLE;
	return 0;
}

size_t fuzz_fill_events(struct fuzz_caller *c, void *arg)
{
	struct kvm_vcpu_events *events = arg;

	events->exception.serror_pending = fuzz_one_in(&c->f, 4);
	events->exception.ext_dabt_pending = fuzz_one_in(&c->f, 4);
	return 0;
}

size_t fuzz_fill_mask(struct fuzz_caller *c, void *arg)
{
	struct kvm_signal_mask *mask = arg;
	uint64_t signals = fuzz_u64(&c->f) & fuzz_u64(&c->f) & fuzz_u64(&c->f);

	/* Without this signal, only SIGKILL ends KVM_RUN. */
	if (!fuzz_one_in(&c->f, 1000))
		signals &= ~(1ULL << (SIGUSR1 - 1));
	mask->len = fuzz_one_in(&c->f, 8) ? fuzz_value(&c->f) : sizeof(signals);
	memcpy(mask->sigset, &signals, sizeof(signals));
	return sizeof(*mask) + sizeof(signals);
}
