// SPDX-License-Identifier: GPL-2.0
/*
 * Read every debugfs file of incomplete VMs, and of VMs that are destroyed at
 * the same time.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gic.h"
#include "harness.h"

#define DEBUGFS		"/sys/kernel/debug/kvm"
/* vgic-state of 8 vcpus and 987 SPIs has 90 KiB. */
#define MAX_FILE	0x100000
#define VMS		60

/* Return the file's size or -errno; end the test if the file does not end. */
static long read_all(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long total = 0, n;
	char buf[512];

	if (fd < 0)
		return -errno;
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if (text && (size_t)total < size)
			memcpy(text + total, buf, (size_t)(total + n) < size ?
			       (size_t)n : size - total);
		total += n;
		if (total > MAX_FILE)
			kvm_bail("%s has no end", path);
	}
	n = n < 0 ? -errno : total;
	close(fd);
	return n;
}

/* Read all files below a directory. Return how many could be read. */
static unsigned int read_tree(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	unsigned int files = 0;

	while (dir && (entry = readdir(dir))) {
		char name[PATH_MAX];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (entry->d_type == DT_DIR)
			files += read_tree(name);
		else
			files += read_all(name, NULL, 0) >= 0;
	}
	if (dir)
		closedir(dir);
	return files;
}

static unsigned int read_vm(const struct kvm_vm *vm)
{
	char path[128];

	snprintf(path, sizeof(path), DEBUGFS "/%d-%d", getpid(), vm->fd);
	return read_tree(path);
}

/* Check that vgic-state has @header, and ends with interrupt @last. */
static void expect_vgic_state(const struct kvm_vm *vm, const char *header,
			      unsigned int last)
{
	static char text[MAX_FILE];
	char path[128], want[32];
	char *line;
	long n;

	snprintf(path, sizeof(path), DEBUGFS "/%d-%d/vgic-state", getpid(),
		 vm->fd);
	n = read_all(path, text, sizeof(text) - 1);
	if (!expect(n > 0, "%s: %ld", path, n))
		return;
	text[n] = '\0';
	expect(strstr(text, header), "there is no \"%s\"", header);
	snprintf(want, sizeof(want), "SPI %4u", last);
	text[n - 1] = '\0';
	line = strrchr(text, '\n');
	expect(line && strstr(line, want), "the last line is not of SPI %u: %s",
	       last, line ? line : "");
}

static void without_vcpu(void)
{
	struct kvm_vm *vm = vm_create();
	int gic;

	expect(read_vm(vm), "VM: no file was read");
	gic = __gic_create(vm);
	expect(gic >= 0, "GIC: %s", errno_name(gic));
	expect(read_vm(vm), "GIC: no file was read");
	expect_errno(__gic_init(gic), 0, "init");
	expect_vgic_state(vm, "SPI  0", 255);
	expect(read_vm(vm), "GIC initialised: no file was read");
	close(gic);
	vm_free(vm);
}

/* KVM_IRQ_LINE of an SPI initialises the GIC. */
static void initialised_by_a_line(void)
{
	struct kvm_vm *vm = vm_create();

	vm_ioctl(vm, KVM_CREATE_IRQCHIP, NULL);
	expect_errno(__irq_line(vm, KVM_ARM_IRQ_TYPE_SPI, 0, 40, 1), 0,
		     "SPI 40");
	expect_vgic_state(vm, "SPI  0", 255);
	vm_free(vm);
}

static void with_vcpus(void)
{
	struct kvm_vm *vm = vm_create();
	unsigned int i;
	int gic;

	for (i = 0; i < 2; i++) {
		vcpu_create(vm, i);
		expect(read_vm(vm), "%u vcpus: no file was read", i + 1);
	}
	gic = __gic_create(vm);
	expect(gic >= 0, "GIC: %s", errno_name(gic));
	expect(read_vm(vm), "GIC: no file was read");
	expect_errno(__gic_set_nr_irqs(gic, 64), 0, "64 interrupts");
	expect_errno(__gic_init(gic), 0, "init");
	expect_vgic_state(vm, "VCPU 1", 63);
	expect(read_vm(vm), "GIC initialised: no file was read");
	vcpu_init(vm->vcpus[0], 0);
	expect(read_vm(vm), "one vcpu initialised: no file was read");
	vcpu_init(vm->vcpus[1], 0);
	expect(read_vm(vm), "vcpus initialised: no file was read");
	close(gic);
	vm_free(vm);
}

static void without_gic(void)
{
	struct kvm_vm *vm = vm_create_bare(2);

	expect(read_vm(vm), "no file was read");
	vm_free(vm);
}

static void *make_and_destroy(void *arg)
{
	unsigned int i;
	int gic;

	for (i = 0; i < VMS && !test_failed(); i++) {
		struct kvm_vm *vm = vm_create();

		if (i % 3)
			vcpu_create(vm, 0);
		gic = __gic_create(vm);
		expect_errno(__gic_init(gic), 0, "init");
		if (i % 3 == 2)
			vcpu_init(vm->vcpus[0], 0);
		close(gic);
		vm_free(vm);
	}
	__atomic_store_n((bool *)arg, true, __ATOMIC_RELAXED);
	return NULL;
}

static void vms_that_go(void)
{
	unsigned int files = 0, i;
	bool over = false;
	pthread_t threads[2];

	for (i = 0; i < ARRAY_SIZE(threads); i++)
		if (pthread_create(&threads[i], NULL, make_and_destroy, &over))
			kvm_bail("no thread");
	while (!__atomic_load_n(&over, __ATOMIC_RELAXED))
		files += read_tree(DEBUGFS);
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	expect(files, "no file was read meanwhile");
}

/* An open file keeps no VM alive: reading it fails once the VM is gone. */
static void open_file(void)
{
	struct kvm_vm *vm = vm_create();
	char path[128], buf[64];
	int gic = __gic_create(vm), fd;

	expect_errno(__gic_init(gic), 0, "init");
	snprintf(path, sizeof(path), DEBUGFS "/%d-%d/vgic-state", getpid(),
		 vm->fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	expect(fd >= 0, "%s: %s", path, strerror(errno));
	expect(read(fd, buf, sizeof(buf)) > 0, "nothing was read");
	close(gic);
	vm_free(vm);
	expect(read(fd, buf, sizeof(buf)) < 0 && errno == EIO,
	       "after the VM: %s", strerror(errno));
	close(fd);
}

static const struct test tests[] = {
	{ "a VM without vcpus shows its interrupts, and the file ends",
	  without_vcpu },
	{ "a GIC initialised by an interrupt line shows its interrupts",
	  initialised_by_a_line },
	{ "each step of making a VM leaves all files readable", with_vcpus },
	{ "a VM without GIC has readable files", without_gic },
	{ "files are read while VMs are made and destroyed", vms_that_go },
	{ "a file that outlives its VM is EIO", open_file },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
