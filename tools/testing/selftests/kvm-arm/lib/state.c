// SPDX-License-Identifier: GPL-2.0
/* Save a VM: the content of the file's sections. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "state_file.h"

int __vm_set_time(struct kvm_vm *vm, uint64_t time)
{
	return __vcpu_set_reg(vm->vcpus[0], KVM_REG_ARM_TIMER_CNT, time);
}

void vm_set_time(struct kvm_vm *vm, uint64_t time)
{
	vcpu_set_reg(vm->vcpus[0], KVM_REG_ARM_TIMER_CNT, time);
}

static int save_time(struct state_file *file)
{
	struct vm_state *state = file->state;
	const struct state_part part = { &state->time, sizeof(state->time) };
	int ret = __vcpu_get_reg(state->vm->vcpus[0], KVM_REG_ARM_TIMER_CNT,
				 &state->time);

	if (ret < 0)
		return state_fail(state, ret, "cannot read CNTVCT: %s",
				  strerror(-ret));
	return state_write(file, STATE_TIME, 0, &part, 1);
}

static int save_gic(struct state_file *file, unsigned int nr_vcpus)
{
	struct vm_state *state = file->state;
	struct gic_state *gic;
	struct state_part part;
	int ret = __gic_save(state->gic, nr_vcpus, &gic);

	if (ret < 0)
		return state_fail(state, ret, "cannot read the GIC: %s",
				  strerror(-ret));
	part.data = gic;
	part.size = sizeof(*gic) + gic->nr_regs * sizeof(gic->regs[0]);
	ret = state_write(file, STATE_GIC, 0, &part, 1);
	free(gic);
	return ret;
}

static int save_reg(struct vm_state *state, struct kvm_vcpu *vcpu,
		    struct state_reg *reg)
{
	char name[REG_NAME_LEN];
	int ret;

	if (reg_size(reg->id) > sizeof(reg->value))
		ret = -EOVERFLOW;
	else
		ret = __vcpu_get_reg(vcpu, reg->id, &reg->value);
	if (ret < 0)
		return state_fail(state, ret, "cannot read %s of vcpu %u: %s",
				  reg_name(reg->id, name), vcpu->id,
				  strerror(-ret));
	return 0;
}

static int save_regs(struct state_file *file, struct kvm_vcpu *vcpu)
{
	struct vm_state *state = file->state;
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	struct state_reg *regs = calloc(list->n, sizeof(*regs));
	const struct state_part part = { regs, list->n * sizeof(*regs) };
	unsigned int i;
	int ret = regs ? 0 : -ENOMEM;

	for (i = 0; !ret && i < list->n; i++) {
		regs[i].id = list->reg[i];
		ret = save_reg(state, vcpu, &regs[i]);
	}
	if (!ret)
		ret = state_write(file, STATE_REGS, vcpu->id, &part, 1);
	free(regs);
	free(list);
	return ret;
}

static int save_vcpu(struct state_file *file, struct kvm_vcpu *vcpu)
{
	struct vm_state *state = file->state;
	struct state_vcpu content = { 0 };
	const struct state_part part = { &content, sizeof(content) };
	struct kvm_mp_state mp;
	int ret = __vcpu_ioctl(vcpu, KVM_GET_MP_STATE, &mp);

	if (ret < 0)
		return state_fail(state, ret, "KVM_GET_MP_STATE of vcpu %u: %s",
				  vcpu->id, strerror(-ret));
	content.mp_state = mp.mp_state;

	content.has_events = vm_check_cap(state->vm, KVM_CAP_VCPU_EVENTS) > 0;
	if (content.has_events) {
		ret = __vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &content.events);
		if (ret < 0)
			return state_fail(state, ret,
					  "KVM_GET_VCPU_EVENTS of vcpu %u: %s",
					  vcpu->id, strerror(-ret));
	}
	return state_write(file, STATE_VCPU, vcpu->id, &part, 1);
}

static int save_memory(struct state_file *file,
		       const struct kvm_memory *memory)
{
	const struct state_memory place = { memory->gpa, memory->size };
	const char *hva = memory->hva;
	struct state_part parts[2] = { { &place, sizeof(place) } };
	uint64_t gpa, start, end;
	int ret;

	ret = state_write(file, STATE_MEMORY, memory->slot, parts, 1);
	for (start = 0; !ret && start < memory->size; start = end) {
		end = start + STATE_PAGE;
		if (state_is_zero(hva + start, STATE_PAGE))
			continue;
		while (end < memory->size &&
		       end - start < STATE_MAX_PAGES * STATE_PAGE &&
		       !state_is_zero(hva + end, STATE_PAGE))
			end += STATE_PAGE;

		gpa = memory->gpa + start;
		parts[0] = (struct state_part){ &gpa, sizeof(gpa) };
		parts[1] = (struct state_part){ hva + start, end - start };
		ret = state_write(file, STATE_PAGES, memory->slot, parts, 2);
	}
	return ret;
}

static int save_end(struct state_file *file)
{
	const uint32_t count = file->nr_sections;
	const struct state_part part = { &count, sizeof(count) };

	return state_write(file, STATE_END, 0, &part, 1);
}

int __vm_save_state(struct vm_state *state, int fd)
{
	struct state_file file = { .state = state, .fd = fd };
	const struct state_part device = { state->device, state->device_size };
	struct kvm_vm *vm = state->vm;
	struct state_header header = {
		.nr_vcpus = state_count_vcpus(vm),
		.nr_memory = state_count_memory(vm),
		.flags = state->gic >= 0 ? STATE_HAS_GIC : 0,
	};
	unsigned int i;
	int ret;

	if (!header.nr_vcpus)
		return state_fail(state, -EINVAL, "the VM has no vcpu 0");
	if (state->device_size > STATE_MAX_DEVICE)
		return state_fail(state, -E2BIG,
				  "%u bytes of devices' state are too many",
				  state->device_size);
	ret = state_target(state, &header.target);
	if (!ret)
		ret = state_write_header(&file, &header);
	if (!ret)
		ret = save_time(&file);
	if (!ret && state->gic >= 0)
		ret = save_gic(&file, header.nr_vcpus);
	for (i = 0; !ret && i < header.nr_vcpus; i++) {
		ret = save_regs(&file, vm->vcpus[i]);
		if (!ret)
			ret = save_vcpu(&file, vm->vcpus[i]);
	}
	if (!ret)
		ret = state_write(&file, STATE_DEVICE, 0, &device, 1);
	for (i = 0; !ret && i < KVM_ARM_MAX_MEMORY; i++)
		if (vm->memory[i].size)
			ret = save_memory(&file, &vm->memory[i]);
	if (!ret)
		ret = save_end(&file);
	return ret;
}

void vm_save_state(struct vm_state *state, int fd)
{
	if (__vm_save_state(state, fd) < 0)
		kvm_bail("saving a VM: %s", state->why);
}
