// SPDX-License-Identifier: GPL-2.0
/*
 * The saved state of a VM: all listed registers, power states and events, the
 * GIC. state_memory_test tests memory.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "kselftest.h"
#include "state_edit.h"

#define NR_VCPUS		2

/* FIQ mode with flags */
#define OTHER_CPSR	0xa00001d1
#define CTL_ISTATUS	4

#define HVC		0xe1400070
#define CPU_ON		0x84000003
#define PSCI_0_2	2

/* ---- every register ----------------------------------------------------- */

/* Give a register a value other than its reset value, if possible. */
static void change(struct kvm_vcpu *vcpu, uint64_t id)
{
	const uint64_t old = vcpu_get_reg(vcpu, id);
	const uint64_t other[] = {
		id == CORE_REG(usr_regs.ARM_cpsr) ? OTHER_CPSR : ~old,
		old ^ 0x5555555555555555ULL,
		/*
		 * For registers whose bits can only be cleared, and for an
		 * older version
		 */
		old & ~1ULL, old - 1, 0, 1, PSCI_0_2,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(other); i++)
		if (!__vcpu_set_reg(vcpu, id, other[i]) &&
		    vcpu_get_reg(vcpu, id) != old)
			return;
}

static bool is_counter(uint64_t id)
{
	return id == KVM_REG_ARM_TIMER_CNT;
}

/* Create a VM whose registers differ from their reset values. */
static struct vm_state create_changed(void)
{
	struct vm_state state = state_create(NR_VCPUS);
	struct kvm_reg_list *list = vcpu_get_reg_list(state.vm->vcpus[0]);
	unsigned int i, k;

	for (k = 0; k < NR_VCPUS; k++)
		for (i = 0; i < list->n; i++)
			if (!is_counter(list->reg[i]))
				change(state.vm->vcpus[k], list->reg[i]);
	free(list);
	return state;
}

/* Remove what depends on the counter from a value. */
static uint64_t steady(uint64_t id, uint64_t value)
{
	if (is_counter(id))
		return 0;
	if (id == REG(CNTV_CTL) || id == REG(CNTP_CTL))
		value &= ~(uint64_t)CTL_ISTATUS;
	return value;
}

static bool same(struct kvm_vcpu *a, struct kvm_vcpu *b, uint64_t id)
{
	return steady(id, vcpu_get_reg(a, id)) ==
	       steady(id, vcpu_get_reg(b, id));
}

static void expect_same(const struct vm_state *is, const struct vm_state *want,
			const char *what)
{
	char name[REG_NAME_LEN];
	struct kvm_reg_list *list;
	unsigned int i, k;

	for (k = 0; k < NR_VCPUS; k++) {
		list = vcpu_get_reg_list(want->vm->vcpus[k]);
		for (i = 0; i < list->n; i++)
			expect(same(is->vm->vcpus[k], want->vm->vcpus[k],
				    list->reg[i]),
			       "%s: vcpu %u: %s is %#llx", what, k,
			       reg_name(list->reg[i], name),
			       (unsigned long long)
			       vcpu_get_reg(is->vm->vcpus[k], list->reg[i]));
		free(list);
	}
}

static void every_register(void)
{
	struct vm_state from = create_changed();
	struct vm_state to = state_create(NR_VCPUS);
	struct kvm_vcpu *changed = from.vm->vcpus[1], *vcpu = to.vm->vcpus[1];
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	struct state_image image;
	unsigned int i, constant = 0;

	for (i = 0; i < list->n; i++)
		constant += same(vcpu, changed, list->reg[i]);
	ksft_print_msg("of %llu registers, %u have one possible value\n",
		       (unsigned long long)list->n, constant);
	expect(constant < list->n / 2, "too few registers could be changed");
	free(list);

	state_save_image(&from, &image);
	state_load_image(&to, &image);
	expect_equal(to.regs_missing, 0, "registers not carried");
	expect_same(&to, &from, "restored");
	free(image.data);
	state_destroy(&from);
	state_destroy(&to);
}

/* Tell whether two ids access the same register. */
static bool is_alias(uint64_t id)
{
	return id == REG(TTBR0) || id == REG(TTBR0_64) ||
	       id == REG(TTBR1) || id == REG(TTBR1_64);
}

static void expect_omitted(const struct vm_state *from,
			   const struct vm_state *to,
			   const struct vm_state *fresh, unsigned int half)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(from->vm->vcpus[0]);
	char name[REG_NAME_LEN];
	struct kvm_vcpu *vcpu;
	unsigned int i, k;
	uint64_t id;

	for (k = 0; k < NR_VCPUS; k++) {
		vcpu = to->vm->vcpus[k];
		for (i = 0; i < list->n; i++) {
			id = list->reg[i];
			if (is_counter(id) || is_alias(id))
				continue;
			expect(same(vcpu, i % 2 == half ?
				    fresh->vm->vcpus[k] : from->vm->vcpus[k],
				    id),
			       "vcpu %u: %s, %s, is %#llx", k,
			       reg_name(id, name),
			       i % 2 == half ? "omitted" : "restored",
			       (unsigned long long)vcpu_get_reg(vcpu, id));
		}
	}
	free(list);
}

/* Omit one half of the registers, then the other half. */
static void registers_omitted(void)
{
	struct vm_state from = create_changed();
	struct vm_state fresh = state_create(NR_VCPUS);
	struct kvm_reg_list *list = vcpu_get_reg_list(from.vm->vcpus[0]);
	struct state_image image, less;
	struct vm_state to;
	unsigned int half, i, k, omitted;

	state_save_image(&from, &image);
	for (half = 0; half < 2; half++) {
		less = state_copy(&image);
		omitted = 0;
		for (k = 0; k < NR_VCPUS; k++) {
			for (i = half; i < list->n; i += 2) {
				state_drop_reg(&less, k, list->reg[i]);
				omitted++;
			}
		}
		to = state_create(NR_VCPUS);
		state_load_image(&to, &less);
		expect_equal(to.regs_missing, omitted, "registers missing");
		expect_omitted(&from, &to, &fresh, half);
		state_destroy(&to);
		free(less.data);
	}
	free(list);
	free(image.data);
	state_destroy(&from);
	state_destroy(&fresh);
}

/* ---- order -------------------------------------------------------------- */

static void reverse_regs(struct state_image *image, unsigned int vcpu)
{
	struct state_section *section = state_find(image, STATE_REGS, vcpu);
	struct state_reg *reg = (void *)(section + 1);
	struct state_reg tmp;
	unsigned int i, n = section->size / sizeof(*reg);

	for (i = 0; i < n / 2; i++) {
		tmp = reg[i];
		reg[i] = reg[n - 1 - i];
		reg[n - 1 - i] = tmp;
	}
	state_seal(section);
}

static void reversed_registers(void)
{
	struct vm_state from = create_changed();
	struct vm_state to = state_create(NR_VCPUS);
	struct state_image image;
	unsigned int i;

	state_save_image(&from, &image);
	for (i = 0; i < NR_VCPUS; i++)
		reverse_regs(&image, i);
	state_load_image(&to, &image);
	expect_same(&to, &from, "in reversed order");
	free(image.data);
	state_destroy(&from);
	state_destroy(&to);
}

static const uint32_t gic_values[][2] = {
	{ GICD_CTLR, 1 },
	{ GICD_ISENABLER + 4, 0x5a5a5a5a },
	{ GICD_ISPENDR + 4, 0x0ff00ff0 },
	{ GICD_ISACTIVER + 4, 0x33003300 },
	{ GICD_IPRIORITYR + 36, 0x08f0a058 },
	{ GICD_ITARGETSR + 40, 0x03020103 },
	{ GICD_ICFGR + 8, 0x0a0a0a0a },
	{ GICD_SPENDSGIR + 4, 0x00010203 },
};

static void change_gic(int gic)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gic_values); i++)
		gic_set_dist(gic, 1, gic_values[i][0], gic_values[i][1]);
	gic_set_cpu(gic, 0, GICC_PMR, 0x1e);
	gic_set_cpu(gic, 1, GICC_CTLR, GICC_CTLR_ENABLE0);
	gic_set_cpu(gic, 1, GICC_BPR, 3);
	gic_set_cpu(gic, 1, GICC_APR0, 0x00100010);
}

static void expect_same_gic(const struct vm_state *is,
			    const struct vm_state *want)
{
	struct gic_state *a = gic_save(is->gic, NR_VCPUS);
	struct gic_state *b = gic_save(want->gic, NR_VCPUS);
	unsigned int i;

	expect_equal(a->nr_regs, b->nr_regs, "registers of the GIC");
	for (i = 0; i < a->nr_regs; i++)
		expect_equal(a->regs[i].value, b->regs[i].value,
			     "GIC, group %u, %#x of vcpu %u", a->regs[i].group,
			     a->regs[i].offset, a->regs[i].vcpu);
	free(a);
	free(b);
}

/* Move a section to the end, before the end section. */
static void move_back(struct state_image *image, enum state_type type,
		      uint32_t index)
{
	struct state_section *section = state_find(image, type, index);
	size_t size = sizeof(*section) + section->size;
	struct state_section *end = state_find(image, STATE_END, 0);
	char *from = (char *)section, *copy = malloc(size);

	if (!copy)
		kvm_bail("no memory");
	memcpy(copy, from, size);
	memmove(from, from + size, (char *)end - from - size);
	memcpy((char *)end - size, copy, size);
	free(copy);
}

static void order_of_sections(void)
{
	struct vm_state from = create_changed();
	struct state_image image;
	unsigned int i;

	change_gic(from.gic);
	state_save_image(&from, &image);
	for (i = 0; i < 2; i++) {
		struct vm_state to = state_create(NR_VCPUS);

		if (i) {
			move_back(&image, STATE_TIME, 0);
			move_back(&image, STATE_REGS, 1);
			move_back(&image, STATE_REGS, 0);
			move_back(&image, STATE_GIC, 0);
		}
		state_load_image(&to, &image);
		expect_same(&to, &from, i ? "GIC last" : "GIC first");
		expect_same_gic(&to, &from);
		state_destroy(&to);
	}
	free(image.data);
	state_destroy(&from);
}

/* ---- what is not in registers ------------------------------------------- */

static bool serror_pending(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_events events;

	vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events);
	return events.exception.serror_pending;
}

static void power_and_events(void)
{
	struct vm_state from = state_create(NR_VCPUS);
	struct vm_state to = state_create(NR_VCPUS);
	struct kvm_vcpu_events events = { .exception.serror_pending = 1 };
	struct kvm_mp_state mp = { KVM_MP_STATE_STOPPED };
	struct state_image image;

	vcpu_ioctl(from.vm->vcpus[0], KVM_SET_MP_STATE, &mp);
	mp.mp_state = KVM_MP_STATE_RUNNABLE;
	vcpu_ioctl(from.vm->vcpus[1], KVM_SET_MP_STATE, &mp);
	vcpu_ioctl(from.vm->vcpus[1], KVM_SET_VCPU_EVENTS, &events);

	state_save_image(&from, &image);
	state_load_image(&to, &image);
	expect_equal(vcpu_get_mp_state(to.vm->vcpus[0]), KVM_MP_STATE_STOPPED,
		     "power state of vcpu 0");
	expect_equal(vcpu_get_mp_state(to.vm->vcpus[1]), KVM_MP_STATE_RUNNABLE,
		     "power state of vcpu 1");
	expect(!serror_pending(to.vm->vcpus[0]), "vcpu 0 has an SError");
	expect(serror_pending(to.vm->vcpus[1]), "vcpu 1 has no SError");
	free(image.data);
	state_destroy(&from);
	state_destroy(&to);
}

/* Save a vcpu that PSCI CPU_ON has started, but that has not yet run. */
static void started_vcpu(void)
{
	struct vm_state from = { .vm = execute_create(NR_VCPUS), .gic = -1 };
	struct vm_state to = { .vm = vm_create_bare(NR_VCPUS), .gic = -1 };
	struct execute x = {
		.insn = HVC,
		.r = { CPU_ON, 1, GUEST_RAM_BASE + 0x2000, 0x600df00d },
	};
	struct kvm_vcpu *vcpu = to.vm->vcpus[1];
	struct state_image image;

	execute(from.vm->vcpus[0], &x);
	expect_equal(x.r[0], 0, "what PSCI CPU_ON returned");
	state_save_image(&from, &image);
	state_load_image(&to, &image);
	expect_equal(vcpu_get_mp_state(vcpu), KVM_MP_STATE_RUNNABLE, "power state");
	expect_equal(vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc)),
		     GUEST_RAM_BASE + 0x2000, "entry point");
	expect_equal(vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_r0)), 0x600df00d,
		     "context id");
	free(image.data);
	state_destroy(&from);
	state_destroy(&to);
}

/* ---- through a pipe ----------------------------------------------------- */

struct saving {
	struct vm_state *state;
	int fd;
};

static void *save_thread(void *arg)
{
	struct saving *saving = arg;

	vm_save_state(saving->state, saving->fd);
	if (write(saving->fd, "after", 5) != 5)
		kvm_bail("cannot write to a pipe");
	return NULL;
}

static void through_a_pipe(void)
{
	struct vm_state from = create_changed(), to = state_create(NR_VCPUS);
	char device[24] = "a device's state", rest[8] = "";
	struct saving saving = { .state = &from };
	pthread_t thread;
	int ends[2];

	memset(vm_hva(from.vm, GUEST_RAM_BASE), 7, 0x40000);
	from.device = memcpy(malloc(sizeof(device)), device, sizeof(device));
	from.device_size = sizeof(device);
	if (pipe(ends))
		kvm_bail("no pipe");
	saving.fd = ends[1];
	if (pthread_create(&thread, NULL, save_thread, &saving))
		kvm_bail("no more threads");
	vm_load_state(&to, ends[0]);
	expect(read(ends[0], rest, sizeof(rest)) == 5 && !strcmp(rest, "after"),
	       "what follows the state was read with it: %s", rest);
	pthread_join(thread, NULL);
	close(ends[0]);
	close(ends[1]);

	expect_same(&to, &from, "through a pipe");
	expect(!memcmp(vm_hva(to.vm, GUEST_RAM_BASE),
		       vm_hva(from.vm, GUEST_RAM_BASE), 0x40000),
	       "memory is different");
	if (expect_equal(to.device_size, sizeof(device), "the caller's bytes"))
		expect(!memcmp(to.device, device, sizeof(device)),
		       "the caller's bytes are different");
	state_destroy(&from);
	state_destroy(&to);
}

static const struct test tests[] = {
	{ "every register listed has in the other VM the value it had",
	  every_register },
	{ "a register that is left out has its value after reset, and is counted",
	  registers_omitted },
	{ "registers can be restored in reversed order", reversed_registers },
	{ "the GIC can be restored before or after the registers",
	  order_of_sections },
	{ "power states and a pending SError are carried", power_and_events },
	{ "a vcpu that PSCI has started, but that has not run, starts in the other VM",
	  started_vcpu },
	{ "a VM can be sent through a pipe, with the caller's bytes",
	  through_a_pipe },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
