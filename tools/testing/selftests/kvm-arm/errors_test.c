// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that KVM refuses: the errors, and that nothing changes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gic.h"
#include "harness.h"

#define ID_SIZE(n)	((uint64_t)(n) << KVM_REG_SIZE_SHIFT)
#define CORE_R0		CORE_REG(usr_regs.ARM_r0)
#define BAD_POINTER	((void *)8)

/* arm64's, for the numbers of its ioctls */
struct kvm_arm_counter_offset { uint64_t word[2]; };
struct kvm_arm_copy_mte_tags { uint64_t word[6]; };
struct reg_mask_range { uint64_t word[8]; };

static const uint64_t one_of_each_group[] = {
	CORE_REG(usr_regs.ARM_r0),
	CORE_REG(usr_regs.ARM_cpsr),
	REG(MIDR),
	REG(MPIDR),
	REG(SCTLR),
	REG(PAR_64),
	REG(CNTV_CTL),
	KVM_REG_ARM_TIMER_CNT,
	KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX,
	KVM_REG_ARM | KVM_REG_SIZE_U64 | KVM_REG_ARM_VFP,
	KVM_REG_ARM | KVM_REG_SIZE_U32 | KVM_REG_ARM_VFP |
		KVM_REG_ARM_VFP_FPSCR,
	KVM_REG_ARM_PSCI_VERSION,
};

static struct kvm_vcpu *new_vcpu(uint32_t features)
{
	struct kvm_vcpu *vcpu = vcpu_create(vm_create(), 0);

	vcpu_init(vcpu, features);
	return vcpu;
}

static void end_vcpu(struct kvm_vcpu *vcpu)
{
	vm_free(vcpu->vm);
}

/*
 * Check that reads and writes of @id fail with @err, and that the writes change
 * nothing.
 */
static void expect_no_reg(struct kvm_vcpu *vcpu, uint64_t id, int err)
{
	uint64_t value;

	expect_errno(__vcpu_get_reg(vcpu, id, &value), err,
		     "get %#018llx", (unsigned long long)id);
	expect_errno(__vcpu_set_reg(vcpu, id, 0x5a5a5a5a5a5a5a5aULL), err,
		     "set %#018llx", (unsigned long long)id);
}

static void create_vm(void)
{
	int kvm = kvm_open();
	unsigned long type;
	int fd;

	for (type = 1; type; type <<= 1) {
		fd = __kvm_ioctl(kvm, KVM_CREATE_VM, (void *)type);
		expect_errno(fd, -EINVAL, "type %#lx", type);
		if (fd >= 0)
			close(fd);
	}
	fd = __kvm_ioctl(kvm, KVM_CREATE_VM, NULL);
	if (expect(fd >= 0, "type 0: %s", errno_name(fd)))
		close(fd);
	close(kvm);
}

static void create_vcpu(void)
{
	struct kvm_vm *vm = vm_create();
	int max = vm_check_cap(vm, KVM_CAP_MAX_VCPUS);
	const unsigned long wrong[] = { max, max + 1, 255, 256, 0x10000,
					-1UL, 1UL << 31 };
	unsigned int i;
	int fd, again;

	expect(max >= 4 && max <= 8, "KVM_CAP_MAX_VCPUS is %d", max);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		expect_errno(__vm_ioctl(vm, KVM_CREATE_VCPU, (void *)wrong[i]),
			     -EINVAL, "vcpu %#lx", wrong[i]);
	fd = __vm_ioctl(vm, KVM_CREATE_VCPU, (void *)(max - 1L));
	expect(fd >= 0, "vcpu %d: %s", max - 1, errno_name(fd));
	again = __vm_ioctl(vm, KVM_CREATE_VCPU, (void *)(max - 1L));
	expect_errno(again, -EEXIST, "vcpu %d once more", max - 1);
	close(fd);
	vm_free(vm);
}

static void before_init(void)
{
	struct kvm_vcpu *vcpu = vcpu_create(vm_create(), 0);
	struct kvm_reg_list list = { .n = 0 };
	struct kvm_vcpu_events events = { 0 };
	unsigned int i;

	expect_errno(__vcpu_run(vcpu), -ENOEXEC, "KVM_RUN");
	expect_errno(__vcpu_get_reg_list(vcpu, &list), -ENOEXEC,
		     "KVM_GET_REG_LIST");
	expect_equal(list.n, 0, "n of the refused list");
	for (i = 0; i < ARRAY_SIZE(one_of_each_group); i++)
		expect_no_reg(vcpu, one_of_each_group[i], -ENOEXEC);
	expect_no_reg(vcpu, 0, -ENOEXEC);
	expect_errno(__vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events), -ENOEXEC,
		     "KVM_GET_VCPU_EVENTS");
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events), -ENOEXEC,
		     "KVM_SET_VCPU_EVENTS");

	/* The vcpu can still be initialised. */
	vcpu_init(vcpu, 0);
	vcpu_get_reg(vcpu, CORE_R0);
	vm_free(vcpu->vm);
}

static int try_init(struct kvm_vcpu *vcpu, uint32_t target, unsigned int word,
		    uint32_t features)
{
	struct kvm_vcpu_init init = { .target = target };

	init.features[word] = features;
	return __vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
}

/* Try all invalid arguments. They fail in any state of the vcpu. */
static void try_wrong_inits(struct kvm_vcpu *vcpu, uint32_t target)
{
	unsigned int word, bit;
	uint32_t other;

	for (other = 0; other < 16; other++)
		if (other != target)
			expect_errno(try_init(vcpu, other, 0, 0), -EINVAL,
				     "target %u", other);
	expect_errno(try_init(vcpu, -1U, 0, 0), -EINVAL, "target -1");
	expect_errno(try_init(vcpu, target | 1U << 31, 0, 0), -EINVAL,
		     "target with bit 31");

	for (word = 0; word < 7; word++)
		for (bit = 0; bit < 32; bit++)
			if (word || bit > KVM_ARM_VCPU_PSCI_0_2)
				expect_errno(try_init(vcpu, target, word,
						      1U << bit),
					     -ENOENT, "feature %u of word %u",
					     bit, word);
	expect_errno(__vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, BAD_POINTER),
		     -EFAULT, "bad pointer");
	expect_errno(__vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, NULL), -EFAULT,
		     "null pointer");
}

static void first_init(void)
{
	struct kvm_vcpu *vcpu = vcpu_create(vm_create(), 0);
	uint64_t value;

	try_wrong_inits(vcpu, host_target());
	expect_errno(__vcpu_get_reg(vcpu, CORE_R0, &value), -ENOEXEC,
		     "register of a vcpu whose initialisation was refused");
	expect_errno(__vcpu_run(vcpu), -ENOEXEC, "KVM_RUN");
	expect_errno(try_init(vcpu, host_target(), 0, 0), 0, "right target");
	vm_free(vcpu->vm);
}

static void further_inits(void)
{
	struct kvm_vcpu *vcpu = new_vcpu(1 << KVM_ARM_VCPU_PSCI_0_2);
	uint32_t target = host_target();
	struct reg_dump *before;

	vcpu_set_reg(vcpu, CORE_R0, 0x12345678);
	vcpu_set_reg(vcpu, REG(TPIDRURW), 0x87654321);
	before = vcpu_dump(vcpu);
	try_wrong_inits(vcpu, target);
	expect_errno(try_init(vcpu, target, 0, 0), -EINVAL,
		     "without PSCI_0_2");
	expect_errno(try_init(vcpu, target, 0,
			      1 << KVM_ARM_VCPU_POWER_OFF |
			      1 << KVM_ARM_VCPU_PSCI_0_2), -EINVAL,
		     "with POWER_OFF");
	expect_unchanged(vcpu, before, "a refused KVM_ARM_VCPU_INIT");
	free(before);

	expect_errno(try_init(vcpu, target, 0, 1 << KVM_ARM_VCPU_PSCI_0_2), 0,
		     "the same again");
	expect_equal(vcpu_get_reg(vcpu, CORE_R0), 0, "R0 after reset");
	end_vcpu(vcpu);
}

/*
 * Derive the target from MIDR's part number, which the guest gets from the host
 * by VPIDR.
 */
static uint32_t target_of_part(uint64_t midr)
{
	switch (midr >> 4 & 0xfff) {
	case 0xc0f:
		return KVM_ARM_TARGET_CORTEX_A15;
	case 0xc07:
		return KVM_ARM_TARGET_CORTEX_A7;
	default:
		return KVM_ARM_TARGET_GENERIC_V7;
	}
}

static void preferred_target(void)
{
	struct kvm_vm *vm = vm_create();
	struct kvm_vcpu *vcpu = vcpu_create(vm, 0);
	struct kvm_vcpu_init init;
	unsigned int i;

	memset(&init, 0xff, sizeof(init));
	expect_errno(__vm_preferred_target(vm, &init), 0, "preferred target");
	printf("# target %u, %s\n", init.target, kvm_target_name(init.target));
	vcpu_init(vcpu, 0);
	expect_equal(init.target, target_of_part(vcpu_get_reg(vcpu, REG(MIDR))),
		     "target");
	for (i = 0; i < ARRAY_SIZE(init.features); i++)
		expect_equal(init.features[i], 0, "features word %u", i);
	expect_errno(__vm_preferred_target(vm, BAD_POINTER), -EFAULT,
		     "bad pointer");
	vm_free(vm);
}

static void bad_pointers(void)
{
	struct kvm_vcpu *vcpu = new_vcpu(0);
	struct reg_dump *before = vcpu_dump(vcpu);
	struct kvm_one_reg one = { .addr = 8 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(one_of_each_group); i++) {
		one.id = one_of_each_group[i];
		expect_errno(__vcpu_ioctl(vcpu, KVM_GET_ONE_REG, &one), -EFAULT,
			     "get %#018llx", (unsigned long long)one.id);
		expect_errno(__vcpu_ioctl(vcpu, KVM_SET_ONE_REG, &one), -EFAULT,
			     "set %#018llx", (unsigned long long)one.id);
	}
	expect_errno(__vcpu_ioctl(vcpu, KVM_GET_ONE_REG, BAD_POINTER), -EFAULT,
		     "get with bad structure");
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_ONE_REG, BAD_POINTER), -EFAULT,
		     "set with bad structure");
	expect_errno(__vcpu_ioctl(vcpu, KVM_GET_REG_LIST, BAD_POINTER), -EFAULT,
		     "list with bad structure");
	expect_errno(__vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, BAD_POINTER),
		     -EFAULT, "events from bad pointer");
	expect_errno(__vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, BAD_POINTER),
		     -EFAULT, "events to bad pointer");
	expect_unchanged(vcpu, before, "a bad pointer");
	free(before);
	end_vcpu(vcpu);
}

/*
 * CCSIDR values only describe caches to the guest. Each VM has its own; it
 * takes any value until it has run.
 */
static void caches(void)
{
	struct kvm_vcpu *vcpu = vm_create_guest("execute", 2)->vcpus[0];
	struct kvm_vcpu *other = new_vcpu(0);
	struct reg_dump *before = vcpu_dump(vcpu);
	struct reg_dump *of_other = vcpu_dump(other);
	char name[REG_NAME_LEN];
	unsigned int i, bit, checked = 0;

	for (i = 0; i < before->n; i++) {
		uint64_t id = before->reg[i].id;
		uint32_t value = before->reg[i].value;

		if (reg_group_of(id) != REG_DEMUX)
			continue;
		checked++;
		for (bit = 0; bit < 32; bit++) {
			expect_errno(__vcpu_set_reg(vcpu, id, value ^ 1U << bit), 0,
				     "%s with bit %u changed", reg_name(id, name), bit);
			expect_equal(vcpu_get_reg(vcpu->vm->vcpus[1], id),
				     value ^ 1U << bit, "%s of another vcpu",
				     reg_name(id, name));
		}
		vcpu_set_reg(vcpu, id, value);
	}
	expect_unchanged(other, of_other, "setting a CCSIDR of another VM");
	vcpu_expect(vcpu, GUEST_SYNC);
	free(before);
	before = vcpu_dump(vcpu);
	for (i = 0; i < before->n; i++) {
		uint64_t id = before->reg[i].id;

		if (reg_group_of(id) != REG_DEMUX)
			continue;
		expect_errno(__vcpu_set_reg(vcpu, id, before->reg[i].value), 0,
			     "%s = its own value, after a run", reg_name(id, name));
		expect_errno(__vcpu_set_reg(vcpu, id, ~0U), -EBUSY, "%s after a run",
			     reg_name(id, name));
	}
	expect_equal(checked, 3, "caches");
	expect_unchanged(vcpu, before, "setting a CCSIDR");
	free(before);
	free(of_other);
	end_vcpu(other);
	vm_free(vcpu->vm);
}

static void small_list(void)
{
	struct kvm_vcpu *vcpu = new_vcpu(0);
	struct kvm_reg_list *list, count = { .n = 0 };
	const uint64_t mark = 0xfeedfacecafef00dULL;
	unsigned int i, n;

	expect_errno(__vcpu_get_reg_list(vcpu, &count), -E2BIG, "no room");
	n = count.n;
	expect(n >= 134, "%u registers", n);

	list = malloc(sizeof(*list) + (n + 2) * sizeof(list->reg[0]));
	if (!list)
		kvm_bail("no memory");
	for (i = 0; i < n + 2; i++)
		list->reg[i] = mark;
	list->n = n - 1;
	expect_errno(__vcpu_get_reg_list(vcpu, list), -E2BIG,
		     "room for one too few");
	expect_equal(list->n, n, "n");
	for (i = 0; i < n + 2; i++)
		expect_equal(list->reg[i], mark, "entry %u of a refused list",
			     i);

	list->n = n + 2;
	expect_errno(__vcpu_get_reg_list(vcpu, list), 0, "room for two more");
	expect_equal(list->n, n, "n");
	expect(list->reg[n - 1] != mark, "the last entry was not written");
	expect_equal(list->reg[n], mark, "entry past the end");
	expect_equal(list->reg[n + 1], mark, "second entry past the end");
	free(list);
	end_vcpu(vcpu);
}

/* The list ends in unmapped memory. KVM may write a part of it before it fails. */
static void list_at_the_edge(void)
{
	struct kvm_vcpu *vcpu = new_vcpu(0);
	struct reg_dump *before = vcpu_dump(vcpu);
	long page = sysconf(_SC_PAGESIZE);
	struct kvm_reg_list *list;
	char *map;

	map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || mprotect(map + page, page, PROT_NONE))
		kvm_bail("no memory");
	list = (void *)(map + page - sizeof(*list) - 8 * sizeof(uint64_t));
	list->n = 1000;
	expect_errno(__vcpu_get_reg_list(vcpu, list), -EFAULT,
		     "list across the end of memory");
	expect_unchanged(vcpu, before, "a list across the end of memory");
	munmap(map, 2 * page);
	free(before);
	end_vcpu(vcpu);
}

static void unknown_ioctls(void)
{
	struct kvm_vcpu *vcpu = new_vcpu(0);
	struct reg_dump *before = vcpu_dump(vcpu);
	char buf[4096] = { 0 };
	static const struct {
		const char *name;
		unsigned long cmd;
	} vcpu_cmds[] = {
		{ "KVM_GET_REGS", KVM_GET_REGS },
		{ "KVM_SET_REGS", KVM_SET_REGS },
		{ "KVM_GET_SREGS", KVM_GET_SREGS },
		{ "KVM_SET_SREGS", KVM_SET_SREGS },
		{ "KVM_GET_FPU", KVM_GET_FPU },
		{ "KVM_SET_FPU", KVM_SET_FPU },
		{ "KVM_TRANSLATE", KVM_TRANSLATE },
		{ "KVM_SET_GUEST_DEBUG", KVM_SET_GUEST_DEBUG },
		{ "KVM_ARM_VCPU_FINALIZE", KVM_ARM_VCPU_FINALIZE },
		{ "KVM_NMI", KVM_NMI },
	}, vm_cmds[] = {
		{ "KVM_SIGNAL_MSI", KVM_SIGNAL_MSI },
		{ "KVM_RESET_DIRTY_RINGS", KVM_RESET_DIRTY_RINGS },
		{ "KVM_ARM_SET_COUNTER_OFFSET", KVM_ARM_SET_COUNTER_OFFSET },
		{ "KVM_ARM_MTE_COPY_TAGS", KVM_ARM_MTE_COPY_TAGS },
		{ "KVM_ARM_GET_REG_WRITABLE_MASKS",
		  KVM_ARM_GET_REG_WRITABLE_MASKS },
	}, reading_cmds[] = {
		{ "KVM_SET_REGS", KVM_SET_REGS },
		{ "KVM_TRANSLATE", KVM_TRANSLATE },
		{ "KVM_SET_GUEST_DEBUG", KVM_SET_GUEST_DEBUG },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vcpu_cmds); i++)
		expect_errno(__vcpu_ioctl(vcpu, vcpu_cmds[i].cmd, buf), -EINVAL,
			     "%s", vcpu_cmds[i].name);
	for (i = 0; i < ARRAY_SIZE(reading_cmds); i++)
		expect_errno(__vcpu_ioctl(vcpu, reading_cmds[i].cmd, (void *)8), -EFAULT,
			     "%s, bad pointer", reading_cmds[i].name);
	for (i = 0; i < ARRAY_SIZE(vm_cmds); i++)
		expect_errno(__vm_ioctl(vcpu->vm, vm_cmds[i].cmd, buf), -EINVAL,
			     "%s", vm_cmds[i].name);
	for (i = 0xf0; i < 0x100; i++) {
		expect_errno(__vcpu_ioctl(vcpu, _IO(KVMIO, i), buf), -EINVAL,
			     "vcpu ioctl %#x", i);
		expect_errno(__vm_ioctl(vcpu->vm, _IO(KVMIO, i), buf),
			     -EINVAL, "VM ioctl %#x", i);
	}
	expect_unchanged(vcpu, before, "an unknown ioctl");
	free(before);
	end_vcpu(vcpu);
}

/* What a child of the VMM, which has its file descriptors, gets from them */
static void other_process(void)
{
	struct kvm_vm *vm = vm_create_bare(1);
	struct kvm_vcpu *vcpu = vm->vcpus[0];
	int gic = __gic_create(vm);
	const struct {
		const char *name;
		int fd;
		unsigned long cmd;
	} calls[] = {
		{ "KVM_ARM_PREFERRED_TARGET", vm->fd, KVM_ARM_PREFERRED_TARGET },
		{ "KVM_CREATE_VCPU", vm->fd, KVM_CREATE_VCPU },
		{ "KVM_RUN", vcpu->fd, KVM_RUN },
		{ "KVM_GET_ONE_REG", vcpu->fd, KVM_GET_ONE_REG },
		{ "KVM_ARM_VCPU_INIT", vcpu->fd, KVM_ARM_VCPU_INIT },
		{ "KVM_HAS_DEVICE_ATTR", gic, KVM_HAS_DEVICE_ATTR },
	};
	int status = -1, ret;
	unsigned int i;
	pid_t child;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		if (calls[i].fd < 0)
			continue;
		child = fork();
		if (!child) {
			ret = __kvm_ioctl(calls[i].fd, calls[i].cmd, BAD_POINTER);
			_exit(-ret & 0xff);
		}
		if (child < 0 || waitpid(child, &status, 0) != child)
			kvm_bail("no child");
		expect(WIFEXITED(status), "%s ends the child", calls[i].name);
		expect_errno(-WEXITSTATUS(status), -EIO, "%s", calls[i].name);
	}
	if (gic >= 0)
		close(gic);
	vm_free(vm);
}

static const struct test tests[] = {
	{ "KVM_CREATE_VM takes type 0 only", create_vm },
	{ "KVM_CREATE_VCPU refuses ids out of range and in use", create_vcpu },
	{ "before KVM_ARM_VCPU_INIT all is ENOEXEC", before_init },
	{ "KVM_ARM_VCPU_INIT refuses wrong targets and features", first_init },
	{ "a refused re-init changes nothing, the same again resets",
	  further_inits },
	{ "KVM_ARM_PREFERRED_TARGET fills in all of its structure",
	  preferred_target },
	{ "bad pointers are EFAULT and change nothing", bad_pointers },
	{ "CCSIDR takes any value for each cache, until a vcpu has run", caches },
	{ "KVM_GET_REG_LIST with too little room writes n and nothing else",
	  small_list },
	{ "KVM_GET_REG_LIST across the end of memory is EFAULT",
	  list_at_the_edge },
	{ "ioctls of other architectures and unknown ones are EINVAL",
	  unknown_ioctls },
	{ "a process that did not create the VM gets EIO", other_process },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
