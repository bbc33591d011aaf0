// SPDX-License-Identifier: GPL-2.0
/*
 * A process that is killed does not clean its guest's memory.
 *
 * Slots may map the same memory, here NR_SLOTS times. KVM cleans it from the caches by
 * address, as often as the guest has mapped it: a terabyte, at most, which takes minutes.
 * Compare the time on the CPU, not the time that passed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "execute.h"
#include "harness.h"
#include "memory.h"
#include "kselftest.h"

#define GPA		0x80000000u
#define SLOT		8
#define NR_SLOTS	32
#define SIZE		(8 * BLOCK)

#ifndef __NR_pidfd_open
#define __NR_pidfd_open		434
#endif
#ifndef __NR_process_mrelease
#define __NR_process_mrelease	448
#endif

/* What a victim tells, in memory shared with this program */
struct progress {
	atomic_ullong cost;	/* Time to clean all memory, in nanoseconds */
	atomic_uint begun;
	atomic_uint ended;
};

static struct progress *progress;

/* ---- the victim --------------------------------------------------------- */

static void victim_bail(const char *message)
{
	printf("# victim: %s\n", message);
	fflush(stdout);
	_exit(1);
}

static char *hva;

static void map_often(struct kvm_vm *vm)
{
	struct kvm_userspace_memory_region region = {
		.memory_size = SIZE,
		.userspace_addr = (uintptr_t)hva,
	};
	unsigned int i;

	/* More than vm_set_memory() keeps */
	for (i = 0; i < NR_SLOTS; i++) {
		region.slot = SLOT + i;
		region.guest_phys_addr = GPA + i * SIZE;
		vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
	}
}

static void touch(struct kvm_vcpu *vcpu)
{
	uint32_t gpa;

	memset(hva, 0x5a, SIZE);
	if (huge_kib(hva) != SIZE / 1024)
		kvm_bail("%u KiB in huge pages", huge_kib(hva));
	for (gpa = GPA; gpa < GPA + NR_SLOTS * SIZE; gpa += BLOCK)
		guest_store(vcpu, gpa, gpa);
}

static struct kvm_vm *touched_vm(void)
{
	struct kvm_vm *vm = execute_create(1);

	map_often(vm);
	touch(vm->vcpus[0]);
	return vm;
}

/* Turn the caches on: KVM cleans all memory. Return the time that it takes. */
static uint64_t clean(struct kvm_vcpu *vcpu)
{
	uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	execute_op(vcpu, EXECUTE_MMU_SHORT, 0);
	return clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
}

static void clean_twice(void)
{
	struct kvm_vm *vm;

	vm = touched_vm();
	atomic_store(&progress->cost, clean(vm->vcpus[0]));
	vm_free(vm);
	vm = touched_vm();
	atomic_store(&progress->begun, 1);
	clean(vm->vcpus[0]);
}

static void unmap_and_map(void)
{
	struct kvm_vm *vm = touched_vm();
	uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	madvise(hva, SIZE, MADV_DONTNEED);
	atomic_store(&progress->cost, clock_ns(CLOCK_THREAD_CPUTIME_ID) - start);
	touch(vm->vcpus[0]);
	atomic_store(&progress->begun, 1);
	pause();
}

static pid_t start_victim(void (*work)(void))
{
	unsigned int tries = 60000;
	pid_t pid;

	progress = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (progress == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		kvm_bail("fork: %s", strerror(errno));
	if (!pid) {
		kvm_bail_handler = victim_bail;
		hva = map_blocks(SIZE, MADV_HUGEPAGE);
		work();
		atomic_store(&progress->ended, 1);
		_exit(0);
	}
	while (!atomic_load(&progress->begun) && tries-- && !waitpid(pid, NULL, WNOHANG))
		usleep(1000);
	if (!atomic_load(&progress->begun))
		kvm_bail("the victim does not get to work");
	return pid;
}

/* ---- this program ------------------------------------------------------- */

static void killed_while_cleaning(void)
{
	pid_t pid = start_victim(clean_twice);
	uint64_t cost = atomic_load(&progress->cost), start, used;
	unsigned int tries = 60000;
	struct rusage usage;
	clockid_t clock;
	int status;

	if (clock_getcpuclockid(pid, &clock))
		kvm_bail("no clock of the victim");
	start = clock_ns(clock);
	while (clock_ns(clock) - start < cost / 8 && !atomic_load(&progress->ended) &&
	       tries--)
		usleep(500);
	start = clock_ns(clock);
	kill(pid, SIGKILL);
	if (wait4(pid, &status, 0, &usage) != pid)
		kvm_bail("wait4: %s", strerror(errno));
	used = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NSEC_PER_SEC +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000ULL - start;
	expect(WIFSIGNALED(status), "status %#x: it had ended", status);
	expect(!atomic_load(&progress->ended), "it had cleaned all");
	ksft_print_msg("cleaning takes %llu us, dying %llu us\n",
		       (unsigned long long)cost / 1000, (unsigned long long)used / 1000);
	expect(used < cost / 4, "the victim goes on cleaning");
	munmap(progress, PAGE);
}

static void reaped(void)
{
	pid_t pid = start_victim(unmap_and_map);
	uint64_t cost = atomic_load(&progress->cost), used;
	int status, fd, ret;

	/* Keep the victim's memory until it has been reaped. */
	if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT))
		kvm_bail("ptrace: %s", strerror(errno));
	fd = syscall(__NR_pidfd_open, pid, 0);
	if (fd < 0)
		kvm_bail("pidfd_open: %s", strerror(errno));
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		kvm_bail("waitpid: %s", strerror(errno));
	expect_equal(status >> 8, SIGTRAP | PTRACE_EVENT_EXIT << 8, "the victim's stop");
	used = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	ret = syscall(__NR_process_mrelease, fd, 0);
	expect_errno(ret ? -errno : 0, 0, "process_mrelease");
	used = clock_ns(CLOCK_THREAD_CPUTIME_ID) - used;
	ksft_print_msg("unmapping takes %llu us, reaping %llu us\n",
		       (unsigned long long)cost / 1000, (unsigned long long)used / 1000);
	expect(used < cost / 4, "the guest's memory was cleaned");
	ptrace(PTRACE_DETACH, pid, 0, 0);
	waitpid(pid, &status, 0);
	expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "status %#x", status);
	close(fd);
	munmap(progress, PAGE);
}

static const struct test tests[] = {
	{ "a process that is killed while KVM cleans its guest's memory ends at once",
	  killed_while_cleaning },
	{ "the OOM reaper does not clean a guest's memory", reaped },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
