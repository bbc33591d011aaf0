// SPDX-License-Identifier: GPL-2.0
/* Create vcpus, access their registers, and run a guest program. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kvm_arm.h"

static int run_size(void)
{
	int kvm = __kvm_open();
	int size;

	if (kvm < 0)
		return kvm;
	size = __kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL);
	close(kvm);
	return size;
}

int __vcpu_create(struct kvm_vm *vm, unsigned int id, struct kvm_vcpu **vcpup)
{
	struct kvm_vcpu *vcpu;
	int size = run_size();
	int ret;

	if (size < 0)
		return size;
	vcpu = calloc(1, sizeof(*vcpu));
	if (!vcpu)
		return -ENOMEM;
	ret = __vm_ioctl(vm, KVM_CREATE_VCPU, (void *)(unsigned long)id);
	if (ret < 0)
		goto free;
	vcpu->fd = ret;
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED) {
		ret = -errno;
		close(vcpu->fd);
		goto free;
	}
	vcpu->vm = vm;
	vcpu->id = id;
	if (id < KVM_ARM_MAX_VCPUS)
		vm->vcpus[id] = vcpu;
	*vcpup = vcpu;
	return 0;

free:
	free(vcpu);
	return ret;
}

struct kvm_vcpu *vcpu_create(struct kvm_vm *vm, unsigned int id)
{
	struct kvm_vcpu *vcpu = NULL;
	int ret = __vcpu_create(vm, id, &vcpu);

	if (ret < 0)
		kvm_bail("KVM_CREATE_VCPU %u: %s", id, strerror(-ret));
	return vcpu;
}

void vcpu_free(struct kvm_vcpu *vcpu)
{
	munmap(vcpu->run, run_size());
	close(vcpu->fd);
	if (vcpu->id < KVM_ARM_MAX_VCPUS)
		vcpu->vm->vcpus[vcpu->id] = NULL;
	free(vcpu);
}

int __vcpu_init(struct kvm_vcpu *vcpu, uint32_t features)
{
	struct kvm_vcpu_init init = { 0 };
	int ret = __vm_preferred_target(vcpu->vm, &init);

	if (ret < 0)
		return ret;
	init.features[0] = features;
	return __vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
}

void vcpu_init(struct kvm_vcpu *vcpu, uint32_t features)
{
	struct kvm_vcpu_init init = { 0 };

	vm_preferred_target(vcpu->vm, &init);
	init.features[0] = features;
	vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
}

void vcpu_start_at(struct kvm_vcpu *vcpu, uint32_t pc,
		   uint32_t r0, uint32_t r1, uint32_t r2)
{
	uint64_t cpsr = vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr));

	cpsr = pc & 1 ? cpsr | 0x20 : cpsr & ~0x20ULL;
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr), cpsr);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_r0), r0);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_r1), r1);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_r2), r2);
	vcpu_set_reg(vcpu, CORE_REG(usr_regs.ARM_pc), pc & ~1U);
}

void vcpu_begin_order(struct kvm_vcpu *vcpu)
{
	vcpu->nr_args = 0;
	vcpu->next_arg = 0;
	vcpu->nr_reports = 0;
}

void vcpu_queue_arg(struct kvm_vcpu *vcpu, uint32_t value)
{
	if (vcpu->nr_args == KVM_ARM_MAX_ARGS)
		kvm_bail("more than %u arguments queued", KVM_ARM_MAX_ARGS);
	vcpu->args[vcpu->nr_args++] = value;
}

int __vcpu_set_mp_state(struct kvm_vcpu *vcpu, uint32_t state)
{
	struct kvm_mp_state mp = { .mp_state = state };

	return __vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &mp);
}

uint32_t vcpu_get_mp_state(struct kvm_vcpu *vcpu)
{
	struct kvm_mp_state mp = { .mp_state = 0xff };

	vcpu_ioctl(vcpu, KVM_GET_MP_STATE, &mp);
	return mp.mp_state;
}

/* ---- registers ---------------------------------------------------------- */

/* Buffer of the largest size that an id can encode */
union reg_value {
	uint32_t u32;
	uint64_t u64;
	uint8_t bytes[1 << 15];
};

int __vcpu_get_reg(struct kvm_vcpu *vcpu, uint64_t id, uint64_t *value)
{
	union reg_value reg;
	struct kvm_one_reg one = {
		.id = id,
		.addr = (uintptr_t)&reg,
	};
	int ret;

	reg.u64 = 0;
	ret = __vcpu_ioctl(vcpu, KVM_GET_ONE_REG, &one);
	if (ret < 0)
		return ret;
	*value = reg_size(id) == sizeof(uint32_t) ? reg.u32 : reg.u64;
	return 0;
}

int __vcpu_set_reg(struct kvm_vcpu *vcpu, uint64_t id, uint64_t value)
{
	union reg_value reg;
	struct kvm_one_reg one = {
		.id = id,
		.addr = (uintptr_t)&reg,
	};

	memset(&reg, 0, reg_size(id));
	if (reg_size(id) == sizeof(uint32_t))
		reg.u32 = value;
	else
		reg.u64 = value;
	return __vcpu_ioctl(vcpu, KVM_SET_ONE_REG, &one);
}

uint64_t vcpu_get_reg(struct kvm_vcpu *vcpu, uint64_t id)
{
	char name[REG_NAME_LEN];
	uint64_t value = 0;
	int ret = __vcpu_get_reg(vcpu, id, &value);

	if (ret < 0)
		kvm_bail("KVM_GET_ONE_REG %#018llx (%s): %s",
			 (unsigned long long)id, reg_name(id, name),
			 strerror(-ret));
	return value;
}

void vcpu_set_reg(struct kvm_vcpu *vcpu, uint64_t id, uint64_t value)
{
	char name[REG_NAME_LEN];
	int ret = __vcpu_set_reg(vcpu, id, value);

	if (ret < 0)
		kvm_bail("KVM_SET_ONE_REG %#018llx (%s) = %#llx: %s",
			 (unsigned long long)id, reg_name(id, name),
			 (unsigned long long)value, strerror(-ret));
}

int __vcpu_get_reg_list(struct kvm_vcpu *vcpu, struct kvm_reg_list *list)
{
	return __vcpu_ioctl(vcpu, KVM_GET_REG_LIST, list);
}

struct kvm_reg_list *vcpu_get_reg_list(struct kvm_vcpu *vcpu)
{
	struct kvm_reg_list count = { .n = 0 };
	struct kvm_reg_list *list;
	int ret = __vcpu_get_reg_list(vcpu, &count);

	if (ret != -E2BIG)
		kvm_bail("KVM_GET_REG_LIST with no room: %s, instead of %s",
			 ret < 0 ? strerror(-ret) : "success",
			 strerror(E2BIG));
	list = calloc(1, sizeof(*list) + count.n * sizeof(list->reg[0]));
	if (!list)
		kvm_bail("no memory for a list of %llu registers",
			 (unsigned long long)count.n);
	list->n = count.n;
	vcpu_ioctl(vcpu, KVM_GET_REG_LIST, list);
	return list;
}

/* ---- run ---------------------------------------------------------------- */

int __vcpu_run(struct kvm_vcpu *vcpu)
{
	return __vcpu_ioctl(vcpu, KVM_RUN, NULL);
}

static void console_char(struct kvm_vcpu *vcpu, char c)
{
	if (vcpu->output_len == sizeof(vcpu->output) - 1) {
		memmove(vcpu->output, vcpu->output + 1, vcpu->output_len - 1);
		vcpu->output_len--;
	}
	vcpu->output[vcpu->output_len++] = c;
	vcpu->output[vcpu->output_len] = '\0';
	if (vcpu->console)
		fputc(c, vcpu->console);
}

static void add_report(struct kvm_vcpu *vcpu, uint32_t value)
{
	if (vcpu->nr_reports == KVM_ARM_MAX_REPORTS)
		kvm_bail("the guest made more than %u reports",
			 KVM_ARM_MAX_REPORTS);
	vcpu->reports[vcpu->nr_reports++] = value;
}

static uint32_t take_arg(struct kvm_vcpu *vcpu)
{
	return vcpu->next_arg < vcpu->nr_args ?
	       vcpu->args[vcpu->next_arg++] : 0;
}

/* Handle an access to the test device. Return true if the vcpu should continue. */
static bool device_access(struct kvm_vcpu *vcpu, enum guest_event *event,
			  uint32_t *value)
{
	struct kvm_run *run = vcpu->run;
	uint32_t data;

	*event = GUEST_MMIO;
	if (run->mmio.len != sizeof(data) ||
	    run->mmio.phys_addr < GUEST_IO ||
	    run->mmio.phys_addr >= GUEST_IO + GUEST_IO_SIZE)
		return false;

	memcpy(&data, run->mmio.data, sizeof(data));
	*value = data;
	switch (run->mmio.phys_addr - GUEST_IO) {
	case GUEST_IO_PUTC:
		console_char(vcpu, data);
		return run->mmio.is_write;
	case GUEST_IO_REPORT:
		add_report(vcpu, data);
		return run->mmio.is_write;
	case GUEST_IO_ARG:
		data = take_arg(vcpu);
		memcpy(run->mmio.data, &data, sizeof(data));
		return !run->mmio.is_write;
	case GUEST_IO_DONE:
		*event = GUEST_DONE;
		return false;
	case GUEST_IO_SYNC:
		*event = GUEST_SYNC;
		return false;
	case GUEST_IO_FAULT:
		*event = GUEST_FAULT;
		return false;
	default:
		return false;
	}
}

static enum guest_event system_event(const struct kvm_run *run,
				     uint32_t *value)
{
	*value = run->system_event.type;
	switch (run->system_event.type) {
	case KVM_SYSTEM_EVENT_SHUTDOWN:
		return GUEST_SHUTDOWN;
	case KVM_SYSTEM_EVENT_RESET:
		return GUEST_RESET;
	default:
		*value = run->exit_reason;
		return GUEST_EXIT;
	}
}

enum guest_event vcpu_run_guest(struct kvm_vcpu *vcpu, uint32_t *value)
{
	enum guest_event event;
	uint32_t ignored;
	int ret;

	if (!value)
		value = &ignored;
	for (;;) {
		ret = __vcpu_run(vcpu);
		if (ret < 0) {
			*value = -ret;
			return ret == -EINTR ? GUEST_INTR : GUEST_ERROR;
		}
		switch (vcpu->run->exit_reason) {
		case KVM_EXIT_MMIO:
			if (!device_access(vcpu, &event, value))
				return event;
			break;
		case KVM_EXIT_SYSTEM_EVENT:
			return system_event(vcpu->run, value);
		default:
			*value = vcpu->run->exit_reason;
			return GUEST_EXIT;
		}
	}
}

const char *guest_event_name(enum guest_event event)
{
	static const char *const names[] = {
		[GUEST_DONE] = "done",
		[GUEST_SYNC] = "sync",
		[GUEST_FAULT] = "unexpected exception",
		[GUEST_MMIO] = "MMIO",
		[GUEST_SHUTDOWN] = "shutdown",
		[GUEST_RESET] = "reset",
		[GUEST_INTR] = "interrupted",
		[GUEST_ERROR] = "KVM_RUN failed",
		[GUEST_EXIT] = "exit",
	};

	return names[event];
}

const char *kvm_exit_name(uint32_t reason)
{
	switch (reason) {
	case KVM_EXIT_UNKNOWN:
		return "UNKNOWN";
	case KVM_EXIT_EXCEPTION:
		return "EXCEPTION";
	case KVM_EXIT_DEBUG:
		return "DEBUG";
	case KVM_EXIT_MMIO:
		return "MMIO";
	case KVM_EXIT_IRQ_WINDOW_OPEN:
		return "IRQ_WINDOW_OPEN";
	case KVM_EXIT_SHUTDOWN:
		return "SHUTDOWN";
	case KVM_EXIT_FAIL_ENTRY:
		return "FAIL_ENTRY";
	case KVM_EXIT_INTR:
		return "INTR";
	case KVM_EXIT_INTERNAL_ERROR:
		return "INTERNAL_ERROR";
	case KVM_EXIT_SYSTEM_EVENT:
		return "SYSTEM_EVENT";
	case KVM_EXIT_HYPERCALL:
		return "HYPERCALL";
	case KVM_EXIT_ARM_NISV:
		return "ARM_NISV";
	case KVM_EXIT_MEMORY_FAULT:
		return "MEMORY_FAULT";
	default:
		return "?";
	}
}

uint32_t vcpu_expect(struct kvm_vcpu *vcpu, enum guest_event event)
{
	uint32_t value = 0;
	enum guest_event got = vcpu_run_guest(vcpu, &value);

	if (got == event)
		return value;
	kvm_bail("vcpu %u: %s (%#x) instead of %s; pc %08llx cpsr %08llx; console: %s",
		 vcpu->id, guest_event_name(got), value,
		 guest_event_name(event),
		 (unsigned long long)vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc)),
		 (unsigned long long)vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr)),
		 vcpu->output);
}
