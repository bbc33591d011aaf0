// SPDX-License-Identifier: GPL-2.0
/*
 * A process that is killed while its VM works leaves the host as it was.
 *
 * Each victim creates a VM with memory, an interrupt controller and two vcpus
 * that write to a logged slot; fetches the log, injects interrupts, and removes
 * and adds the slot, until it is killed at a random moment: while it starts, or
 * while its vcpus run.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "gic.h"
#include "harness.h"
#include "leak.h"
#include "memory.h"
#include "threads.h"
#include "kselftest.h"
#include "../guest/guest_dirty.h"

#define NR_MAKING	120
#define NR_WORKING	80
#define WARM_UP		6
#define SEED		0x5eed
/*
 * Limits of the victims' lives: from when they work, and from their start on a
 * slow machine
 */
#define MAX_USEC	20000
#define MAX_START_USEC	150000
/* A leak of a page per victim would be more. */
#define NOISE_KIB	256

#define HYP_FILE	"/sys/kernel/debug/kvm/hyp"
#define SLOT		5
#define SPI		40
#define NR_VCPUS		2

/* Progress of a victim, in memory shared with this program */
struct progress {
	atomic_uint made;
	atomic_uint generations;
	atomic_uint changes;
};

static struct progress *progress;
static uint32_t seed;

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* ---- the victim --------------------------------------------------------- */

static void victim_bail(const char *message)
{
	printf("# victim: %s\n", message);
	fflush(stdout);
	_exit(1);
}

/* Continue at the end of a generation, or while the guest's memory is away. */
static bool go_on(struct kvm_vcpu *vcpu, enum guest_event event,
		  uint32_t value)
{
	if (event == GUEST_SYNC)
		atomic_fetch_add(&progress->generations, 1);
	else if (event != GUEST_MMIO)
		kvm_bail("vcpu %u: %s %#x", vcpu->id, guest_event_name(event),
			 value);
	return true;
}

static __noreturn void change_for_ever(struct kvm_vm *vm, void *hva, int event)
{
	const uint32_t size = DIRTY_PAGES * PAGE;
	uint64_t log[DIRTY_PAGES / 64], one = 1;
	unsigned int i;

	for (i = 0; ; i++) {
		vm_get_dirty_log(vm, SLOT, log);
		if (write(event, &one, sizeof(one)) != sizeof(one))
			kvm_bail("eventfd: %s", strerror(errno));
		switch (i % 4) {
		case 0:
			vm_set_memory_flags(vm, SLOT, 0);
			vm_set_memory_flags(vm, SLOT, KVM_MEM_LOG_DIRTY_PAGES);
			break;
		case 1:
			vm_delete_memory(vm, SLOT);
			vm_set_memory(vm, SLOT, DIRTY_BASE, size, hva,
				      KVM_MEM_LOG_DIRTY_PAGES);
			break;
		case 2:
			madvise(hva, size, MADV_DONTNEED);
			break;
		}
		atomic_fetch_add(&progress->changes, 1);
	}
}

static __noreturn void be_victim(void)
{
	struct kvm_irqfd irqfd = { .gsi = SPI - 32 };
	struct threads threads;
	struct kvm_vm *vm;
	void *hva;

	kvm_bail_handler = victim_bail;
	vm = vm_create_guest("dirty", NR_VCPUS);
	vcpu_set_reg(vm->vcpus[0], CORE_REG(usr_regs.ARM_r0), NR_VCPUS);
	gic_create(vm, 0);
	hva = map_blocks(DIRTY_PAGES * PAGE,
			 seed % 4 == 0 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	vm_set_memory(vm, SLOT, DIRTY_BASE, DIRTY_PAGES * PAGE, hva,
		      KVM_MEM_LOG_DIRTY_PAGES);
	irqfd.fd = eventfd(0, EFD_CLOEXEC);
	vm_ioctl(vm, KVM_IRQFD, &irqfd);
	atomic_store(&progress->made, 1);
	threads_start(&threads, vm, go_on);
	change_for_ever(vm, hva, irqfd.fd);
}

/* ---- this program ------------------------------------------------------- */

/* Tell whether both vcpus and the thread that makes changes are working. */
static bool at_work(void)
{
	return atomic_load(&progress->generations) >= NR_VCPUS &&
	       atomic_load(&progress->changes) >= 2;
}

static void expect_killed(pid_t pid, unsigned int n)
{
	int status;

	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			kvm_bail("waitpid: %s", strerror(errno));
	expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
	       "victim %u: status %#x", n, status);
}

/*
 * Kill a victim at a random moment within @window microseconds, counted from
 * its start or from when it works. Return its age at the beginning of the
 * window.
 */
static unsigned int kill_one(unsigned int n, bool let_work,
			     unsigned int window)
{
	unsigned int tries = 20000, lived;
	uint64_t start = now_ns();
	pid_t pid;

	memset(progress, 0, sizeof(*progress));
	next_random();
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		kvm_bail("fork: %s", strerror(errno));
	if (!pid)
		be_victim();
	while (let_work && !at_work() && tries--)
		usleep(500);
	expect(!let_work || at_work(), "victim %u does not get to work", n);
	lived = (now_ns() - start) / 1000;
	usleep(next_random() % window);
	kill(pid, SIGKILL);
	expect_killed(pid, n);
	return lived;
}

static void run_healthy(void)
{
	struct kvm_vm *vm = vm_create_guest("hello", 1);

	vcpu_expect(vm->vcpus[0], GUEST_SHUTDOWN);
	vm_free(vm);
}

static void read_hyp(char *text, size_t size)
{
	FILE *file = fopen(HYP_FILE, "r");

	if (!file)
		kvm_bail(HYP_FILE " cannot be opened");
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

static void kill_many(unsigned int victims, bool let_work)
{
	char hyp_before[4096], hyp_after[4096];
	unsigned int i, lived, at_it = 0, made = 0, window = MAX_USEC;
	struct footprint before;

	ksft_print_msg("seed %#x\n", SEED);
	seed = SEED;
	progress = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (progress == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	for (i = 0; i < WARM_UP; i++) {
		lived = kill_one(i, true, MAX_USEC);
		/*
		 * The window is the shortest time that a victim took to start
		 * working.
		 */
		if (!let_work && (!i || lived < window))
			window = lived;
	}
	/* Kill some later, when they already work. */
	if (!let_work)
		window += window / 2;
	if (window > MAX_START_USEC)
		window = MAX_START_USEC;
	run_healthy();
	footprint_take(&before);
	read_hyp(hyp_before, sizeof(hyp_before));

	for (i = 0; i < victims && !test_failed(); i++) {
		kill_one(i, let_work, window);
		made += atomic_load(&progress->made);
		at_it += at_work();
		if (i % 20 == 0)
			run_healthy();
	}
	ksft_print_msg("%u killed within %u us: %u with a VM made, %u at work\n",
		       i, window, made, at_it);
	run_healthy();
	read_hyp(hyp_after, sizeof(hyp_after));
	expect(!strcmp(hyp_before, hyp_after), "Hyp mode: %s", hyp_after);
	expect_no_leak(&before, NOISE_KIB, "killed");
	munmap(progress, PAGE);
}

static void at_any_moment(void)
{
	kill_many(repeats(NR_MAKING), false);
}

static void while_at_work(void)
{
	kill_many(repeats(NR_WORKING), true);
}

static const struct test tests[] = {
	{ "processes that are killed as they make a VM leave nothing",
	  at_any_moment },
	{ "processes that are killed with a VM at work leave nothing",
	  while_at_work },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
