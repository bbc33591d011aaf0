// SPDX-License-Identifier: GPL-2.0
/*
 * Random state: registers of vcpus and of the GIC, timers, power states and events, set
 * by user space and changed by random code. What a call does to the state must be as
 * documented, and a VM that is saved and loaded must have the state that it had.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fuzz_cover.h"
#include "fuzz_program.h"
#include "harness.h"
#include "kselftest.h"
#include "memory.h"
#include "state_compare.h"
#include "state_edit.h"

#define NR_TESTS	3
#define MAX_VCPUS	3
#define CODE_PAGES	16
#define MAX_CHANGES	200

static struct fuzz f;
static unsigned int rounds, set, unchanged, invalid, busy;

/* ---- rounds ------------------------------------------------------------- */

typedef void (*one_round)(void);

/* Run rounds for this test's share of the time. */
static void run_rounds(one_round one)
{
	unsigned int round;

	fuzz_init(&f);
	f.end -= f.seconds * NSEC_PER_SEC / NR_TESTS * (NR_TESTS - 1);
	while (fuzz_next_round(&f, &round)) {
		one();
		fuzz_cover_take();
		rounds++;
		fuzz_check_kernel(&f);
		if (test_failed())
			test_fail("KVMARM_FUZZ_SEED=%#llx KVMARM_FUZZ_ROUND=%u",
				  (unsigned long long)f.seed, f.round);
	}
	fuzz_end(&f);
}

/* Create a VM with random code, with a GIC or without. */
static struct fuzz_program create(unsigned int nr_vcpus, bool gic)
{
	struct fuzz_program p = {
		.vm = vm_create_bare(nr_vcpus),
		.gic = -1,
		.nr_vcpus = nr_vcpus,
		.ram_pages = CODE_PAGES,
	};

	if (gic)
		p.gic = gic_create(p.vm, STATE_NR_IRQS);
	return p;
}

static struct fuzz_program create_random(void)
{
	struct fuzz_program p = create(1 + fuzz_below(&f, MAX_VCPUS), !fuzz_one_in(&f, 3));
	char *ram = vm_hva(p.vm, GUEST_RAM_BASE);
	unsigned int i;

	for (i = 0; i < CODE_PAGES; i++)
		fuzz_code_page(&f, CODE_PAGES, ram + i * PAGE, FUZZ_MIXED);
	return p;
}

static void destroy(struct fuzz_program *p)
{
	vm_free(p->vm);
	if (p->gic >= 0)
		close(p->gic);
}

/* ---- registers ---------------------------------------------------------- */

static uint64_t get(struct kvm_vcpu *vcpu, uint64_t id)
{
	return state_steady(id, vcpu_get_reg(vcpu, id));
}

/*
 * Return a new value for a register. An emulated host can hang if CNTV_CVAL is near
 * 2^64.
 */
static uint64_t new_value(struct kvm_vcpu *vcpu, uint64_t id, uint64_t old)
{
	uint64_t now = vcpu_get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);
	unsigned int bit = fuzz_below(&f, reg_size(id) * 8);

	if (id == KVM_REG_ARM_TIMER_CNT)
		return fuzz_one_in(&f, 2) ? now + fuzz_bits(&f, 20) :
					    1ULL << (fuzz_below(&f, 56));
	if (id == KVM_REG_ARM_TIMER_CVAL)
		return fuzz_one_in(&f, 4) ? fuzz_below(&f, 2) * (1ULL << 62) :
					    now + fuzz_bits(&f, 20);
	switch (fuzz_below(&f, 8)) {
	case 0:
		return old;
	case 1:
		return ~old;
	case 2:
		return ~0ULL;
	case 3:
		return fuzz_u64(&f);
	case 4:
		return fuzz_value(&f);
	case 5:
		/* A lower value of a field of four bits */
		return old & ~(1ULL << bit);
	default:
		return old ^ 1ULL << bit;
	}
}

/* Tell whether a register holds each value that is written to it. */
static bool holds_all(uint64_t id)
{
	const struct reg_name *reg = reg_of_id(id);

	switch (reg_group_of(id)) {
	case REG_CORE:
		return id != CORE_REG(usr_regs.ARM_cpsr);
	case REG_VFP:
		return (id & KVM_REG_ARM_VFP_MASK) < KVM_REG_ARM_VFP_FPSID;
	default:
		return reg && reg->kind == REG_SWITCHED && reg->more &&
		       !strstr(reg->more, ".set");
	}
}

static void check_success(struct kvm_vcpu *vcpu, uint64_t id, uint64_t old,
			  uint64_t value)
{
	uint64_t is = get(vcpu, id);
	char name[REG_NAME_LEN];

	if (reg_size(id) == sizeof(uint32_t))
		value = (uint32_t)value;
	if (holds_all(id))
		expect_equal(is, value, "%s after a write", reg_name(id, name));
	set += is != old;
	unchanged += is == old;
	/* The counter must not go back. */
	if (id == KVM_REG_ARM_TIMER_CNT) {
		expect(vcpu_get_reg(vcpu, id) >= value, "CNTVCT after a write");
		return;
	}
	expect_errno(__vcpu_set_reg(vcpu, id, is), 0, "writing %s back, %#llx",
		     reg_name(id, name), (unsigned long long)is);
	expect_equal(get(vcpu, id), is, "%s written back", reg_name(id, name));
}

/* The whole vcpu must be as it was, but that takes a while. */
static void check_failure(struct kvm_vcpu *vcpu, uint64_t id, uint64_t old,
			  const struct reg_dump *dump)
{
	char name[REG_NAME_LEN];
	unsigned int i;

	expect_equal(get(vcpu, id), old, "%s after an error", reg_name(id, name));
	for (i = 0; dump && i < dump->n; i++)
		expect_equal(get(vcpu, dump->reg[i].id),
			     state_steady(dump->reg[i].id, dump->reg[i].value),
			     "%s after an error of another register",
			     reg_name(dump->reg[i].id, name));
}

static void change_reg(struct kvm_vcpu *vcpu, uint64_t id, bool has_run)
{
	struct reg_dump *dump = fuzz_one_in(&f, 16) ? vcpu_dump(vcpu) : NULL;
	uint64_t old = get(vcpu, id);
	uint64_t value = new_value(vcpu, id, old);
	int ret = __vcpu_set_reg(vcpu, id, value);
	char name[REG_NAME_LEN];

	if (!ret) {
		check_success(vcpu, id, old, value);
	} else {
		invalid += ret == -EINVAL;
		busy += ret == -EBUSY;
		expect(ret == -EINVAL || (ret == -EBUSY && has_run),
		       "%s = %#llx: %s", reg_name(id, name),
		       (unsigned long long)value, errno_name(ret));
		check_failure(vcpu, id, old, dump);
	}
	free(dump);
}

static void change_regs(const struct fuzz_program *p, bool has_run)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(p->vm->vcpus[0]);
	unsigned int i, n = fuzz_below(&f, MAX_CHANGES);

	for (i = 0; i < n && !test_failed(); i++)
		change_reg(p->vm->vcpus[fuzz_below(&f, p->nr_vcpus)],
			   list->reg[fuzz_below(&f, list->n)], has_run);
	fuzz_cover_take();
	free(list);
}

/* Change the power state and events; KVM_MP_STATE_HALTED is not for ARM. */
static void change_power(const struct fuzz_program *p)
{
	static const uint32_t states[] = {
		KVM_MP_STATE_RUNNABLE, KVM_MP_STATE_STOPPED, KVM_MP_STATE_HALTED,
	};
	struct kvm_vcpu *vcpu = p->vm->vcpus[fuzz_below(&f, p->nr_vcpus)];
	struct kvm_vcpu_events events = {
		.exception.serror_pending = fuzz_below(&f, 3),
	};
	uint32_t state = states[fuzz_below(&f, ARRAY_SIZE(states))];
	uint32_t old = vcpu_get_mp_state(vcpu);
	bool bad = state == KVM_MP_STATE_HALTED;

	expect_errno(__vcpu_set_mp_state(vcpu, state), bad ? -EINVAL : 0,
		     "power state %u", state);
	expect_equal(vcpu_get_mp_state(vcpu), bad ? old : state, "power state");
	bad = events.exception.serror_pending > 1;
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events), bad ? -EINVAL : 0,
		     "serror_pending %u", events.exception.serror_pending);
}

static void registers(void)
{
	struct fuzz_program p = create_random();

	change_regs(&p, false);
	change_power(&p);
	fuzz_program_run(&f, &p);
	change_regs(&p, true);
	destroy(&p);
}

/* ---- the GIC ------------------------------------------------------------ */

/* Registers whose write clears bits, or sends an interrupt, read as something else. */
static bool can_write_back(uint32_t offset)
{
	return offset < GICD_SGIR &&
	       !(offset >= GICD_ICENABLER && offset < GICD_ISPENDR) &&
	       !(offset >= GICD_ICPENDR && offset < GICD_ISACTIVER) &&
	       !(offset >= GICD_ICACTIVER && offset < GICD_IPRIORITYR);
}

typedef int (*gic_getter)(int gic, unsigned int vcpu, uint32_t offset, uint32_t *value);
typedef int (*gic_setter)(int gic, unsigned int vcpu, uint32_t offset, uint32_t value);

static void change_gic_reg(const struct fuzz_program *p, bool cpu)
{
	uint32_t offset = (cpu ? fuzz_bits(&f, 8) : fuzz_bits(&f, 12)) & ~3U;
	unsigned int vcpu = fuzz_below(&f, p->nr_vcpus + 1);
	gic_getter read = cpu ? __gic_get_cpu : __gic_get_dist;
	gic_setter write = cpu ? __gic_set_cpu : __gic_set_dist;
	uint32_t group = cpu ? KVM_DEV_ARM_VGIC_GRP_CPU_REGS :
			       KVM_DEV_ARM_VGIC_GRP_DIST_REGS;
	const char *what = cpu ? "GICC" : "GICD";
	uint32_t old = 0, is = 0, value = fuzz_one_in(&f, 2) ? fuzz_u32(&f) : fuzz_value(&f);
	int ret, get_ret = read(p->gic, vcpu, offset, &old);

	ret = write(p->gic, vcpu, offset, value);
	expect(!ret || ret == -EINVAL, "%s %#x = %#x: %s", what, offset, value,
	       errno_name(ret));
	if (vcpu == p->nr_vcpus) {
		expect_errno(get_ret, -EINVAL, "%s of no vcpu", what);
		expect_errno(ret, -EINVAL, "%s of no vcpu, write", what);
		return;
	}
	expect_errno(read(p->gic, vcpu, offset, &is), 0, "%s %#x", what, offset);
	if (ret) {
		expect_equal(gic_steady(group, offset, is), gic_steady(group, offset, old),
			     "%s %#x after an error", what, offset);
		return;
	}
	if (!cpu && !can_write_back(offset))
		return;
	expect_errno(write(p->gic, vcpu, offset, is), 0, "%s %#x = %#x, written back", what,
		     offset, is);
	expect_errno(read(p->gic, vcpu, offset, &value), 0, "%s %#x", what, offset);
	expect_equal(gic_steady(group, offset, value), gic_steady(group, offset, is),
		     "%s %#x written back", what, offset);
}

static void change_gic(const struct fuzz_program *p)
{
	unsigned int i, n = p->gic < 0 ? 0 : fuzz_below(&f, MAX_CHANGES);

	for (i = 0; i < n && !test_failed(); i++)
		change_gic_reg(p, fuzz_one_in(&f, 3));
}

static void gic_registers(void)
{
	struct fuzz_program p = create_random();

	change_gic(&p);
	fuzz_program_run(&f, &p);
	change_gic(&p);
	destroy(&p);
}

/* ---- another VM --------------------------------------------------------- */

static void save_and_load(void)
{
	struct fuzz_program p = create_random(), q;
	struct vm_state from = { .vm = p.vm, .gic = p.gic }, to;
	struct state_image before, after;

	change_regs(&p, false);
	change_gic(&p);
	change_power(&p);
	if (!fuzz_one_in(&f, 4)) {
		fuzz_program_run(&f, &p);
		change_regs(&p, true);
		change_gic(&p);
	}

	q = create(p.nr_vcpus, p.gic >= 0);
	to = (struct vm_state){ .vm = q.vm, .gic = q.gic };
	state_save_image(&from, &before);
	state_load_image(&to, &before);
	state_save_image(&to, &after);
	expect_equal(to.regs_missing, 0, "registers not carried");
	expect_same_image(&after, &before);
	free(before.data);
	free(after.data);
	free(to.device);
	destroy(&p);
	destroy(&q);
}

/* ---- this program ------------------------------------------------------- */

static void all_registers(void)
{
	run_rounds(registers);
	ksft_print_msg("%u rounds: %u writes changed a register, %u did not\n", rounds, set,
		       unchanged);
	ksft_print_msg("%u failed with EINVAL, %u with EBUSY\n", invalid, busy);
	if (f.one < 0)
		expect(set && invalid && busy, "not each of these occurred");
}

static void the_gic(void)
{
	run_rounds(gic_registers);
}

static void another_vm(void)
{
	unsigned int before = rounds;

	run_rounds(save_and_load);
	ksft_print_msg("%u VMs were saved and loaded\n", rounds - before);
	expect(rounds > before, "no VM was saved");
	fuzz_cover_report();
}

static const struct test tests[NR_TESTS] = {
	{ "a failed KVM_SET_ONE_REG changes no register; what a register reads can be written",
	  all_registers },
	{ "a failed write of the GIC changes no register; what a register reads can be written",
	  the_gic },
	{ "a VM with random state has the same state after it was saved and loaded",
	  another_vm },
};

int main(void)
{
	fuzz_cover_create();
	fuzz_cover_begin();
	return run_tests(tests, ARRAY_SIZE(tests));
}
