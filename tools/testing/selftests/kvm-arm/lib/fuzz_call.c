// SPDX-License-Identifier: GPL-2.0
/* Make random ioctls; see fuzz_call.h. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.h"
#include "fuzz_call.h"
#include "kselftest.h"
#include "memory.h"

/* Dear calls take up to one of so many parts of a thread's time, the cheap ones the rest. */
#define DEAR_SHARE	4
/* Reading the clock is not cheap: so many calls use the answer. */
#define CALLS_PER_LOOK	32
/* KVM_RUN is interrupted within this time, in nanoseconds, and sometimes later. */
#define MAX_RUN		2000000
#define LONG_RUN	20000000
/* One call in so many is for a vcpu that another thread may be running. */
#define OTHER_VCPU	8
/* Since glibc has no name for it */
#define sigev_thread	_sigev_un._tid

enum target { ON_KVM, ON_VM, ON_VCPU, ON_GIC };

/* Prepare the call, or return the value that it takes instead of a pointer. */
typedef unsigned long (*fuzz_number)(struct fuzz_caller *c);

/**
 * struct call - an ioctl
 * @name: its name
 * @cmd: its number, or 0 for any number
 * @on: what it is called on
 * @weight: how often it is called
 * @fill: argument, or
 * @number: value instead of an argument
 * @makes_fd: it returns a file descriptor
 * @dear: it takes long, as it waits for RCU, runs a guest, or makes something
 */
struct call {
	const char *name;
	unsigned long cmd;
	enum target on;
	unsigned int weight;
	fuzz_fill fill;
	fuzz_number number;
	bool makes_fd;
	bool dear;
};

static unsigned long no_number(struct fuzz_caller *c)
{
	return fuzz_one_in(&c->f, 16) ? fuzz_value(&c->f) : 0;
}

static unsigned long small_number(struct fuzz_caller *c)
{
	return fuzz_one_in(&c->f, 8) ? fuzz_value(&c->f) : fuzz_below(&c->f, 256);
}

static unsigned long vcpu_number(struct fuzz_caller *c)
{
	return fuzz_one_in(&c->f, 8) ? fuzz_value(&c->f) : fuzz_below(&c->f, 9);
}

#define CALL(ioctl, target, often, ...)					\
	{ .name = #ioctl, .cmd = ioctl, .on = target, .weight = often, __VA_ARGS__ }
#define DEAR(ioctl, target, often, ...)					\
	{ .name = #ioctl, .cmd = ioctl, .on = target, .weight = often, .dear = true, \
	  __VA_ARGS__ }

static const struct call calls[] = {
	CALL(KVM_GET_API_VERSION, ON_KVM, 1, .number = no_number),
	CALL(KVM_GET_VCPU_MMAP_SIZE, ON_KVM, 1, .number = no_number),
	DEAR(KVM_CREATE_VM, ON_KVM, 2, .number = no_number, .makes_fd = true),
	CALL(KVM_CHECK_EXTENSION, ON_KVM, 1, .number = small_number),

	CALL(KVM_CHECK_EXTENSION, ON_VM, 1, .number = small_number),
	DEAR(KVM_CREATE_VCPU, ON_VM, 3, .number = vcpu_number, .makes_fd = true),
	DEAR(KVM_CREATE_IRQCHIP, ON_VM, 1, .number = no_number),
	DEAR(KVM_GET_STATS_FD, ON_VM, 2, .number = no_number, .makes_fd = true),
	DEAR(KVM_SET_USER_MEMORY_REGION, ON_VM, 10, .fill = fuzz_fill_memory),
	DEAR(KVM_SET_USER_MEMORY_REGION2, ON_VM, 1, .fill = fuzz_fill_memory),
	CALL(KVM_SET_MEMORY_ATTRIBUTES, ON_VM, 1, .fill = fuzz_fill_noise),
	DEAR(KVM_CREATE_GUEST_MEMFD, ON_VM, 1, .fill = fuzz_fill_noise),
	CALL(KVM_GET_DIRTY_LOG, ON_VM, 6, .fill = fuzz_fill_get_log),
	CALL(KVM_CLEAR_DIRTY_LOG, ON_VM, 6, .fill = fuzz_fill_clear_log),
	CALL(KVM_RESET_DIRTY_RINGS, ON_VM, 1, .number = no_number),
	CALL(KVM_ENABLE_CAP, ON_VM, 2, .fill = fuzz_fill_cap),
	CALL(KVM_IRQ_LINE, ON_VM, 16, .fill = fuzz_fill_irq_line),
	CALL(KVM_IRQ_LINE_STATUS, ON_VM, 1, .fill = fuzz_fill_irq_line),
	DEAR(KVM_IRQFD, ON_VM, 6, .fill = fuzz_fill_irqfd),
	DEAR(KVM_IOEVENTFD, ON_VM, 6, .fill = fuzz_fill_ioeventfd),
	DEAR(KVM_REGISTER_COALESCED_MMIO, ON_VM, 3, .fill = fuzz_fill_zone),
	DEAR(KVM_UNREGISTER_COALESCED_MMIO, ON_VM, 3, .fill = fuzz_fill_zone),
	CALL(KVM_SIGNAL_MSI, ON_VM, 1, .fill = fuzz_fill_msi),
	DEAR(KVM_SET_GSI_ROUTING, ON_VM, 4, .fill = fuzz_fill_routing),
	DEAR(KVM_CREATE_DEVICE, ON_VM, 3, .fill = fuzz_fill_device),
	CALL(KVM_ARM_PREFERRED_TARGET, ON_VM, 1, .fill = fuzz_fill_noise),
	CALL(KVM_ARM_SET_DEVICE_ADDR, ON_VM, 1, .fill = fuzz_fill_device_addr),
	CALL(KVM_SET_DEVICE_ATTR, ON_VM, 2, .fill = fuzz_fill_vm_attr),
	CALL(KVM_HAS_DEVICE_ATTR, ON_VM, 1, .fill = fuzz_fill_vm_attr),

	CALL(KVM_SET_DEVICE_ATTR, ON_GIC, 8, .fill = fuzz_fill_gic_attr),
	CALL(KVM_GET_DEVICE_ATTR, ON_GIC, 8, .fill = fuzz_fill_gic_attr),
	CALL(KVM_HAS_DEVICE_ATTR, ON_GIC, 2, .fill = fuzz_fill_gic_attr),

	DEAR(KVM_RUN, ON_VCPU, 30, .number = no_number),
	DEAR(KVM_ARM_VCPU_INIT, ON_VCPU, 4, .fill = fuzz_fill_init),
	CALL(KVM_GET_REG_LIST, ON_VCPU, 2, .fill = fuzz_fill_reg_list),
	CALL(KVM_GET_ONE_REG, ON_VCPU, 24, .fill = fuzz_fill_one_reg),
	CALL(KVM_SET_ONE_REG, ON_VCPU, 30, .fill = fuzz_fill_one_reg),
	CALL(KVM_GET_MP_STATE, ON_VCPU, 2, .fill = fuzz_fill_mp_state),
	CALL(KVM_SET_MP_STATE, ON_VCPU, 5, .fill = fuzz_fill_mp_state),
	CALL(KVM_GET_VCPU_EVENTS, ON_VCPU, 2, .fill = fuzz_fill_events),
	CALL(KVM_SET_VCPU_EVENTS, ON_VCPU, 4, .fill = fuzz_fill_events),
	CALL(KVM_SET_SIGNAL_MASK, ON_VCPU, 1, .fill = fuzz_fill_mask),
	CALL(KVM_SET_DEVICE_ATTR, ON_VCPU, 2, .fill = fuzz_fill_vcpu_attr),
	CALL(KVM_GET_DEVICE_ATTR, ON_VCPU, 2, .fill = fuzz_fill_vcpu_attr),
	CALL(KVM_HAS_DEVICE_ATTR, ON_VCPU, 1, .fill = fuzz_fill_vcpu_attr),
	DEAR(KVM_GET_STATS_FD, ON_VCPU, 2, .number = no_number, .makes_fd = true),
	CALL(KVM_SET_GUEST_DEBUG, ON_VCPU, 1, .fill = fuzz_fill_noise),
	CALL(KVM_TRANSLATE, ON_VCPU, 1, .fill = fuzz_fill_noise),
	CALL(KVM_GET_REGS, ON_VCPU, 1, .fill = fuzz_fill_noise),
	CALL(KVM_SET_REGS, ON_VCPU, 1, .fill = fuzz_fill_noise),

	{ .name = "any number", .on = ON_KVM, .weight = 1, .fill = fuzz_fill_noise },
	{ .name = "any number", .on = ON_VM, .weight = 1, .fill = fuzz_fill_noise },
	{ .name = "any number", .on = ON_VCPU, .weight = 1, .fill = fuzz_fill_noise },
	{ .name = "any number", .on = ON_GIC, .weight = 1, .fill = fuzz_fill_noise },
};

static_assert(ARRAY_SIZE(calls) <= FUZZ_MAX_CALLS, "no room for all counters");

/* ---- preparation -------------------------------------------------------- */

static struct fuzz_pages map_pages(void)
{
	struct fuzz_pages pages;
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	/* Beyond the end of the file, an access of the kernel faults. */
	if (fd < 0 || ftruncate(fd, PAGE))
		kvm_bail("memfd: %s", strerror(errno));
	pages.page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	pages.read_only = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (pages.page == MAP_FAILED || pages.read_only == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	return pages;
}

void fuzz_caller_init(struct fuzz_caller *c, struct fuzz_target *t,
		      struct fuzz stream)
{
	*c = (struct fuzz_caller){
		.stream = stream,
		.t = t,
		.vcpu = fuzz_below(&stream, FUZZ_VCPUS),
		.arg = map_pages(),
		.data = map_pages(),
	};
}

static __thread struct kvm_run *running;

/* Have the signal end also a KVM_RUN that is only about to begin. */
void fuzz_interrupt(int sig)
{
	struct kvm_run *run = __atomic_load_n(&running, __ATOMIC_RELAXED);

	(void)sig;
	if (run)
		run->immediate_exit = 1;
}

void fuzz_caller_begin(struct fuzz_caller *c)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = SIGUSR1,
		.sigev_thread = gettid(),
	};

	if (timer_create(CLOCK_MONOTONIC, &event, &c->timer))
		kvm_bail("no timer: %s", strerror(errno));
	c->begin = now_ns();
}

/* ---- the call ----------------------------------------------------------- */

static unsigned int choose_any(struct fuzz *f)
{
	unsigned int i, sum = 0;
	uint32_t n;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		sum += calls[i].weight;
	n = fuzz_below(f, sum);
	for (i = 0; n >= calls[i].weight; i++)
		n -= calls[i].weight;
	return i;
}

/* Make at most one dear call between two looks at the clock. */
static unsigned int choose(struct fuzz_caller *c)
{
	unsigned int n;

	if (c->made % CALLS_PER_LOOK == 0)
		c->can_afford = c->dear_time <= (now_ns() - c->begin) / DEAR_SHARE;
	do {
		n = choose_any(&c->f);
	} while (calls[n].dear && !c->can_afford);
	return n;
}

static int choose_fd(struct fuzz_caller *c, enum target on, unsigned int vcpu)
{
	/* Once in a while, call it on something else. */
	if (fuzz_one_in(&c->f, 200))
		on = fuzz_below(&c->f, ON_GIC + 1);
	switch (on) {
	case ON_KVM:
		return c->t->kvm;
	case ON_VM:
		return c->t->vm;
	case ON_GIC:
		return c->t->gic;
	default:
		return c->t->vcpu[vcpu];
	}
}

static void mutate(struct fuzz *f, char *arg, size_t size)
{
	uint32_t where;
	uint64_t value;

	if (!size)
		return;
	if (fuzz_one_in(f, 12))
		arg[fuzz_below(f, size)] ^= 1 << fuzz_below(f, 8);
	if (fuzz_one_in(f, 24)) {
		where = fuzz_below(f, size) & ~7;
		value = fuzz_value(f);
		memcpy(arg + where, &value, size - where < 8 ? size - where : 8);
	}
}

static void *prepare(struct fuzz_caller *c, const struct call *call,
		     unsigned long cmd)
{
	size_t size;

	if (call->number)
		return (void *)call->number(c);
	memset(c->arg.page, 0, PAGE);
	size = call->fill(c, c->arg.page);
	if (!size)
		size = _IOC_SIZE(cmd);
	if (size > PAGE)
		size = PAGE;
	/* Others wait for a vcpu in KVM_RUN, which must not miss its signal by accident. */
	if (cmd != KVM_SET_SIGNAL_MASK)
		mutate(&c->f, c->arg.page, size);
	return fuzz_pointer(&c->f, &c->arg, size);
}

/* Use a new file a little, and close it: statistics can be read, a vcpu mapped. */
static void use_and_close(struct fuzz_caller *c, int fd)
{
	off_t offset = fuzz_one_in(&c->f, 2) ? 0 : (off_t)fuzz_value(&c->f);
	size_t size = (1 + fuzz_below(&c->f, 3)) * PAGE;
	void *map;

	if (pread(fd, c->data.page, fuzz_below(&c->f, PAGE), offset) >= 0 ||
	    errno != EINVAL)
		goto close;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   fuzz_below(&c->f, 4) * PAGE);
	if (map != MAP_FAILED)
		munmap(map, size);
close:
	close(fd);
}

/*
 * What user space does before KVM_RUN: it answers a load of the guest, starts the
 * guest again now and then, and may want KVM_RUN to return at once.
 */
static void before_run(struct fuzz_caller *c, unsigned int n)
{
	struct kvm_run *run = c->t->run[n];
	uint32_t cpsr = 0x1d3, pc = c->t->entry;
	struct kvm_one_reg reg = {
		.id = CORE_REG(usr_regs.ARM_pc),
		.addr = (uintptr_t)&pc,
	};

	if (run) {
		run->immediate_exit = fuzz_one_in(&c->f, 4);
		memcpy(run->mmio.data, &(uint64_t){ fuzz_value(&c->f) },
		       sizeof(run->mmio.data));
		if (fuzz_one_in(&c->f, 64))
			run->mmio.len = fuzz_value(&c->f);
	}
	if (fuzz_one_in(&c->f, 4)) {
		ioctl(c->t->vcpu[n], KVM_SET_ONE_REG, &reg);
		reg.id = CORE_REG(usr_regs.ARM_cpsr);
		reg.addr = (uintptr_t)&cpsr;
		ioctl(c->t->vcpu[n], KVM_SET_ONE_REG, &reg);
	}
}

static int run_vcpu(struct fuzz_caller *c, int fd, unsigned long arg, unsigned int vcpu)
{
	uint32_t max = fuzz_one_in(&c->f, 16) ? LONG_RUN : MAX_RUN;
	const struct itimerspec soon = { .it_value.tv_nsec = 1 + fuzz_below(&c->f, max) };
	int ret;

	before_run(c, vcpu);
	__atomic_store_n(&running, c->t->run[vcpu], __ATOMIC_RELAXED);
	timer_settime(c->timer, 0, &soon, NULL);
	ret = ioctl(fd, KVM_RUN, arg);
	__atomic_store_n(&running, NULL, __ATOMIC_RELAXED);
	return ret;
}

static void make_call(struct fuzz_caller *c, unsigned int n)
{
	const struct call *call = &calls[n];
	unsigned int vcpu = fuzz_one_in(&c->f, OTHER_VCPU) ?
			    fuzz_below(&c->f, FUZZ_VCPUS) : c->vcpu;
	int ret, fd = choose_fd(c, call->on, vcpu);
	unsigned long cmd = call->cmd;
	void *arg;

	if (fd < 0)
		return;
	if (!cmd)
		cmd = _IOC(fuzz_below(&c->f, 4), KVMIO, fuzz_below(&c->f, 256),
			   fuzz_below(&c->f, 128));
	arg = prepare(c, call, cmd);
	ret = cmd == KVM_RUN ? run_vcpu(c, fd, (unsigned long)arg, vcpu) : ioctl(fd, cmd, arg);
	atomic_fetch_add(&c->t->counts->calls[n], 1);
	if (ret < 0 && !(cmd == KVM_RUN && errno == EINTR))
		return;
	atomic_fetch_add(&c->t->counts->successes[n], 1);
	if (call->makes_fd && ret > STDERR_FILENO) {
		use_and_close(c, ret);
	} else if (cmd == KVM_CREATE_DEVICE && arg == c->arg.page) {
		/* A call on another file, or a test, leaves no file descriptor. */
		ret = ((struct kvm_create_device *)arg)->fd;
		if (ret > STDERR_FILENO && ret != c->t->gic)
			close(ret);
	}
}

void fuzz_call(struct fuzz_caller *c)
{
	uint64_t start;
	unsigned int n;

	/* Each call has its own numbers: how long others took does not change them. */
	c->f = fuzz_stream(&c->stream, c->made++);
	n = choose(c);
	if (!calls[n].dear) {
		make_call(c, n);
		return;
	}
	start = now_ns();
	make_call(c, n);
	c->dear_time += now_ns() - start;
	c->can_afford = false;
}

unsigned int fuzz_report(struct fuzz_counts *counts, double seconds)
{
	unsigned int i, n, all = 0, good = 0, dear = 0, runs = 0;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		n = atomic_load(&counts->calls[i]);
		all += n;
		good += atomic_load(&counts->successes[i]);
		dear += calls[i].dear ? n : 0;
		runs += calls[i].cmd == KVM_RUN ? n : 0;
		if (calls[i].cmd && !atomic_load(&counts->successes[i]))
			ksft_print_msg("%s: none of %u succeeded\n", calls[i].name, n);
	}
	ksft_print_msg("%u ioctls, %u succeeded, %.0f in a second\n", all, good,
		       all / seconds);
	ksft_print_msg("%u of them took long, among them %u KVM_RUN\n", dear, runs);
	return all ? good * 100ULL / all : 0;
}
