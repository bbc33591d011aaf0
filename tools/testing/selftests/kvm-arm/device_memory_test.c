// SPDX-License-Identifier: GPL-2.0
/*
 * A device of the host in a memory slot: the PL031 clock of QEMU's board. Its
 * identification registers can be read, and its match register can be written
 * without effect while its interrupt is masked.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "execute.h"
#include "harness.h"
#include "memory.h"

#define DEVICE		0x09010000
#define GPA		0x48000000u
#define SLOT		5

#define RTCMR		0x004
#define RTCIMSC		0x010
/* PeriphID0-3 and PCellID0-3 */
#define PERIPH_ID	0xfe0
#define NR_IDS		8

static struct kvm_vcpu *vcpu;
static struct kvm_vm *vm;
static char *hva;
static int fd;
static uint32_t ids[NR_IDS];

static void map_at(void *where, int prot)
{
	hva = mmap(where, PAGE, prot, MAP_SHARED | (where ? MAP_FIXED : 0), fd,
		   DEVICE);
	if (hva == MAP_FAILED)
		kvm_bail("the device cannot be mapped: %s", strerror(errno));
}

static void create(uint32_t flags)
{
	unsigned int i;

	fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	if (fd < 0)
		kvm_bail("/dev/mem: %s", strerror(errno));
	map_at(NULL, PROT_READ | PROT_WRITE);
	for (i = 0; i < NR_IDS; i++)
		ids[i] = read_word(hva + PERIPH_ID + 4 * i);
	vm = execute_create(1);
	vcpu = vm->vcpus[0];
	vm_set_memory(vm, SLOT, GPA, PAGE, hva, flags);
}

static void destroy(void)
{
	vm_free(vm);
	munmap(hva, PAGE);
	close(fd);
}

/* vcpu_expect() in guest_load() fails on any exit. */
static void expect_ids(const char *when)
{
	unsigned int i;

	for (i = 0; i < NR_IDS; i++)
		expect_equal(guest_load(vcpu, GPA + PERIPH_ID + 4 * i), ids[i],
			     "%s: identification %u", when, i);
}

static void read_and_write(void)
{
	uint64_t faults, exits;

	create(0);
	/* Make sure that this is an Arm PrimeCell, not memory full of zeros. */
	expect_equal(ids[0], 0x31, "PeriphID0");
	expect_equal(ids[4], 0x0d, "PCellID0");
	expect_equal(read_word(hva + RTCIMSC) & 1, 0, "its interrupt");
	expect_ids("first");
	faults = page_faults(vcpu);
	exits = vcpu_stat(vcpu, "mmio_exit_kernel");
	expect_ids("again");
	guest_store(vcpu, GPA + RTCMR, 0x12345678);
	expect_equal(read_word(hva + RTCMR), 0x12345678, "what was written");
	write_word(hva + RTCMR, 0x9abcdef0);
	expect_equal(guest_load(vcpu, GPA + RTCMR), 0x9abcdef0,
		     "what the host wrote");
	expect_equal(page_faults(vcpu), faults, "faults");
	expect_equal(vcpu_stat(vcpu, "mmio_exit_kernel"), exits,
		     "emulated accesses");
	write_word(hva + RTCMR, 0);
	destroy();
}

static void read_only(void)
{
	create(KVM_MEM_READONLY);
	expect_ids("read-only");
	expect_mmio_store(vcpu, GPA + RTCMR, "write");
	expect_equal(read_word(hva + RTCMR), 0, "what was written");
	destroy();
}

static void gone_and_back(void)
{
	char *where;

	create(0);
	where = hva;
	expect_ids("at first");
	munmap(hva, PAGE);
	expect_store_error(vcpu, GPA + RTCMR, EFAULT, "unmapped");
	map_at(where, PROT_READ);
	expect_errno(__vcpu_run(vcpu), -EFAULT, "not writable");
	expect_equal(read_word(hva + RTCMR), 0, "after refused writes");
	map_at(where, PROT_READ | PROT_WRITE);
	vcpu_expect(vcpu, GUEST_SYNC);
	expect_equal(read_word(hva + RTCMR), 0x600dcafe, "at last");
	write_word(hva + RTCMR, 0);
	expect_ids("at last");

	/* Replace the device by memory, then the memory by the device. */
	if (mmap(where, PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != where)
		kvm_bail("no memory");
	expect_equal(guest_load(vcpu, GPA + PERIPH_ID), 0, "memory");
	guest_store(vcpu, GPA + RTCMR, 0x55);
	expect_equal(read_word(where + RTCMR), 0x55, "memory");
	map_at(where, PROT_READ | PROT_WRITE);
	expect_ids("in the place of memory");
	expect_equal(read_word(hva + RTCMR), 0, "the device after that");
	destroy();
}

static void not_to_run(void)
{
	struct execute x = {
		.insn = 0xe12fff34,		/* blx r4 */
		.armed = VECTOR(PABT),
		.r = { [4] = GPA + PERIPH_ID },
	};

	create(0);
	execute(vcpu, &x);
	expect_equal(x.count, 1, "exceptions");
	expect_equal(x.vector, GUEST_VEC_PABT, "vector");
	expect_ids("after that");
	destroy();
}

static void not_logged(void)
{
	create(0);
	expect_errno(__vm_set_memory(vm, SLOT, GPA, PAGE, hva,
				     KVM_MEM_LOG_DIRTY_PAGES), -EINVAL,
		     "log of a device");
	expect_ids("after that");
	expect_errno(__vm_set_memory(vm, SLOT + 1, GPA + PAGE, PAGE, hva,
				     KVM_MEM_LOG_DIRTY_PAGES), -EINVAL,
		     "new slot of a device with a log");
	expect_mmio_store(vcpu, GPA + PAGE, "where there is no slot");
	destroy();
}

static atomic_bool over;

static void *map_and_unmap(void *where)
{
	unsigned int i;

	for (i = 0; i < 200; i++) {
		munmap(where, PAGE);
		usleep(100);
		map_at(where, PROT_READ | PROT_WRITE);
		usleep(300);
	}
	atomic_store(&over, true);
	return NULL;
}

/*
 * The device is either mapped, with the right content, or KVM_RUN fails with
 * EFAULT.
 */
static void under_the_guest(void)
{
	struct execute x = { .insn = 0xe5910000 };	/* ldr r0, [r1] */
	unsigned int i, refused = 0;
	enum guest_event event;
	pthread_t thread;
	uint32_t value;

	create(0);
	atomic_store(&over, false);
	if (pthread_create(&thread, NULL, map_and_unmap, hva))
		kvm_bail("no more threads");
	for (i = 0; !atomic_load(&over); i = (i + 1) % NR_IDS) {
		x.r[1] = GPA + PERIPH_ID + 4 * i;
		execute_begin(vcpu, &x);
		while ((event = vcpu_run_guest(vcpu, &value)) == GUEST_ERROR &&
		       value == EFAULT)
			refused++;
		if (!expect_equal(event, GUEST_SYNC, "event"))
			break;
		execute_end(vcpu, &x);
		expect_equal(x.r[0], ids[i], "identification %u", i);
	}
	pthread_join(thread, NULL);
	expect(refused, "no access was made while the device was unmapped");
	destroy();
}

/* ldmia r1, {r2-r4} and stmia r1, {r2-r4}, from the page before the slot */
static void across(bool write)
{
	const char *what = write ? "STM" : "LDM";
	struct execute x = {
		.insn = write ? 0xe881001c : 0xe891001c,
		.r = { [1] = GPA - 4, [2] = 0x22222222, [3] = 0x33333333, [4] = 0x44444444 },
	};
	struct kvm_run *run = vcpu->run;
	uint32_t i, answer;

	execute_begin(vcpu, &x);
	for (i = 0; i < 3; i++) {
		if (!expect_equal(vcpu_run_guest(vcpu, NULL), GUEST_MMIO, "%s: event %u",
				  what, i))
			return;
		expect_equal(run->mmio.phys_addr, GPA - 4 + 4 * i, "%s: address", what);
		expect_equal(run->mmio.len, 4, "%s: length", what);
		expect_equal(run->mmio.is_write, write, "%s: direction", what);
		answer = 0x0badf00d + i;
		if (!write)
			memcpy(run->mmio.data, &answer, sizeof(answer));
	}
	vcpu_expect(vcpu, GUEST_SYNC);
	execute_end(vcpu, &x);
	for (i = 0; i < 3 && !write; i++)
		expect_equal(x.r[2 + i], 0x0badf00d + i, "LDM: R%u", 2 + i);
}

static void beside_it(void)
{
	create(0);
	write_word(hva + RTCMR, 0x11111111);
	across(false);
	across(true);
	expect_equal(read_word(hva + RTCMR), 0x11111111, "what the device was written");
	write_word(hva + RTCMR, 0);
	destroy();
}

/*
 * LDM from a page without a slot, whose second page is translated by a table in the
 * device. The device would answer zero, a translation fault.
 */
static void table_in_it(void)
{
	const uint32_t va = 0x80200000, small_pages = GUEST_RAM_BASE + 0x300000;
	struct execute x = {
		.insn = 0xe891000c,		/* ldmia r1, {r2, r3} */
		.armed = VECTOR(DABT),
		.r = { [1] = va - 4 },
	};
	uint32_t *table;

	create(0);
	execute_op(vcpu, EXECUTE_MMU_SHORT, 0);
	table = vm_hva(vm, vcpu_get_reg(vcpu, REG(TTBR0)) & ~0x3fffU);
	table[(va >> 20) - 1] = small_pages | 1;
	table[va >> 20] = (GPA + 0x400) | 1;
	*(uint32_t *)vm_hva(vm, small_pages + 255 * 4) = (GPA + PAGE) | 0x32;
	guest_write(vcpu, CP_REG32(15, 8, 0, 7, 0), 0);		/* TLBIALL */
	execute(vcpu, &x);
	expect_equal(x.count, 1, "exceptions");
	expect_equal(x.vector, GUEST_VEC_DABT, "vector");
	expect_equal(x.dfar, va, "DFAR");
	expect_equal(x.dfsr & 0x60f, 0x008, "DFSR: external abort");
	destroy();
}

static const struct test tests[] = {
	{ "a device in a slot is read and written without exits",
	  read_and_write },
	{ "writes to a device in a read-only slot are exits", read_only },
	{ "a device that is unmapped is gone, and back when it is mapped",
	  gone_and_back },
	{ "a device is not to be run from", not_to_run },
	{ "writes to a device are not logged", not_logged },
	{ "a device is unmapped and mapped under the guest", under_the_guest },
	{ "KVM leaves the part of LDM and STM in a device to user space", beside_it },
	{ "KVM does not read tables of the guest from a device", table_in_it },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
