// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's memory for VMs is charged to the cgroup of the process that makes them,
 * whose limit holds: the process gets ENOMEM or is killed, and others do not notice.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gic.h"
#include "harness.h"
#include "kselftest.h"
#include "memory.h"

#define ROOT		"/tmp/cgroup"
#define GROUP		ROOT "/vms"
#define NR_VMS		32
#define NR_VCPUS	2
/* Room for the VMs of a process that reaches its limit; each takes some 100 KiB. */
#define ROOM_KIB	(4 << 10)
#define MANY_VMS	400

/* Return an item of the cgroup's memory.stat in bytes. */
static uint64_t stat_of(const char *name)
{
	FILE *file = fopen(GROUP "/memory.stat", "r");
	unsigned long long value, found = 0;
	char word[64];

	if (!file)
		kvm_bail("memory.stat: %s", strerror(errno));
	while (fscanf(file, "%63s %llu", word, &value) == 2)
		if (!strcmp(word, name))
			found = value;
	fclose(file);
	return found;
}

static uint64_t current_bytes(void)
{
	FILE *file = fopen(GROUP "/memory.current", "r");
	unsigned long long value;

	if (!file || fscanf(file, "%llu", &value) != 1)
		kvm_bail("memory.current cannot be read");
	fclose(file);
	return value;
}

static void set(const char *path, const char *value)
{
	if (!write_file(path, value))
		kvm_bail("%s: %s", path, strerror(errno));
}

static void make_group(void)
{
	mkdir(ROOT, 0755);
	if (mount("none", ROOT, "cgroup2", 0, NULL) && errno != EBUSY)
		kvm_bail("cgroup2: %s", strerror(errno));
	set(ROOT "/cgroup.subtree_control", "+memory");
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		kvm_bail(GROUP ": %s", strerror(errno));
	set(GROUP "/memory.max", "max");
}

static void bail_process(const char *message)
{
	printf("# process: %s\n", message);
	fflush(stdout);
	_exit(1);
}

/* Have a new process in the cgroup do something. Return its exit status. */
static int in_group(void (*what)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		kvm_bail("fork: %s", strerror(errno));
	if (!pid) {
		kvm_bail_handler = bail_process;
		set(GROUP "/cgroup.procs", "0");
		what();
		fflush(stdout);
		_exit(test_failed());
	}
	if (waitpid(pid, &status, 0) != pid)
		kvm_bail("waitpid: %s", strerror(errno));
	return status;
}

/* Make a VM without memory of its own. Return 0 or -errno. */
static int make_vm(void)
{
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	unsigned int i;
	int ret = __vm_create(&vm);

	for (i = 0; i < NR_VCPUS && ret >= 0; i++)
		ret = __vcpu_create(vm, i, &vcpu);
	return ret < 0 ? ret : __gic_create(vm);
}

static void expect_charged(const char *name, uint64_t before, uint64_t each)
{
	uint64_t now = stat_of(name);

	ksft_print_msg("%s: %lld bytes for each VM\n", name,
		       (long long)(now - before) / NR_VMS);
	expect(now >= before + each * NR_VMS, "%s: too little is charged", name);
}

/*
 * A VM has a root of its stage 2, and structures; a vcpu has pages. Its data for each CPU
 * do not show: the kernel charges nothing in the first chunk of such data.
 */
static void charge(void)
{
	uint64_t stage2 = stat_of("sec_pagetables");
	uint64_t slab = stat_of("slab_unreclaimable"), kernel = stat_of("kernel");
	unsigned int i;

	for (i = 0; i < NR_VMS; i++)
		if (make_vm() < 0)
			kvm_bail("no VM");
	expect_charged("sec_pagetables", stage2, PAGE);
	expect_charged("slab_unreclaimable", slab, 1024);
	expect_charged("kernel", kernel, (1 + 2 * NR_VCPUS) * PAGE);
}

static void charged(void)
{
	make_group();
	expect(!in_group(charge), "the process in the cgroup failed");
}

/* What a process has done, in memory that it shares with this one */
static struct progress {
	atomic_uint vms;
} *progress;

static void fill(void)
{
	int ret = 0;

	while (atomic_load(&progress->vms) < MANY_VMS && ret >= 0) {
		ret = make_vm();
		if (ret >= 0)
			atomic_fetch_add(&progress->vms, 1);
	}
	expect(ret == -ENOMEM, "VM %u: %s", atomic_load(&progress->vms), errno_name(ret));
}

static void limited(void)
{
	struct rlimit files = { 16 * MANY_VMS, 16 * MANY_VMS };
	struct kvm_vm *vm;
	char limit[32];
	int status;

	make_group();
	progress = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (progress == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	setrlimit(RLIMIT_NOFILE, &files);
	snprintf(limit, sizeof(limit), "%llu",
		 (unsigned long long)current_bytes() + (ROOM_KIB << 10));
	set(GROUP "/memory.max", limit);
	status = in_group(fill);
	ksft_print_msg("%u VMs, status %#x\n", atomic_load(&progress->vms), status);
	expect(!status || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL),
	       "the process in the cgroup failed");
	expect(atomic_load(&progress->vms) < MANY_VMS, "there is no limit");
	expect(atomic_load(&progress->vms), "there is no room");
	set(GROUP "/memory.max", "max");
	/* Outside of the cgroup */
	vm = vm_create_guest("hello", 1);
	vcpu_expect(vm->vcpus[0], GUEST_SHUTDOWN);
	vm_free(vm);
}

static const struct test tests[] = {
	{ "a VM's memory in the kernel is charged to its process's cgroup", charged },
	{ "a process that makes VMs up to its cgroup's limit is stopped", limited },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
