// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU as the VMM: Linux guests on its board "virt", with the interrupt
 * controller of the kernel and with that of QEMU, which are stopped, reset,
 * saved and restored. The tests' linux/init.c checks what the guest finds.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "virt_board.h"

/* Other consoles than the PL011: the name in Linux, and the options that make it */
#define VIRTIO_PCI	"hvc0", "-chardev stdio,id=hvc -device virtio-serial-pci " \
				"-device virtconsole,chardev=hvc"
#define VIRTIO_MMIO	"hvc0", "-chardev stdio,id=hvc -device virtio-serial-device " \
				"-device virtconsole,chardev=hvc"

/* ---- what a guest finds ------------------------------------------------- */

static void find(const char *accel, const char *cpu, unsigned int nr_cpus,
		 unsigned int cycles)
{
	char mode[64];

	snprintf(mode, sizeof(mode), "test+guest.cycles=%u", cycles);
	virt_start(accel, cpu, nr_cpus, mode, "");
	virt_expect_facts(nr_cpus, cycles);
}

static void one_cpu(void)
{
	find(KVM, "host", 1, 0);
}

static void two_cpus(void)
{
	find(KVM, "host", 2, 10);
}

static void three_cpus(void)
{
	find(KVM, "max", 3, 0);
}

static void four_cpus(void)
{
	find(KVM, "host", 4, 0);
}

static void user_gic(void)
{
	find(KVM_USER_GIC, "host", 1, 0);
	find(KVM_USER_GIC, "host", 2, 4);
}

/* Each line of the guest takes an interrupt: MSI-X on PCI, a wire on MMIO */
static void virtio(void)
{
	virt_start_on(VIRTIO_PCI, KVM, "host", 2, "test", "");
	virt_expect_facts(2, 0);
	virt_start_on(VIRTIO_MMIO, KVM, "host", 2, "test", "");
	virt_expect_facts(2, 0);
	virt_start_on(VIRTIO_PCI, KVM_USER_GIC, "host", 1, "test", "");
	virt_expect_facts(1, 0);
}

/* ---- types of CPUs ------------------------------------------------------ */

/* QEMU ends with a message that has the words */
static void refused(const char *words, const char *cpu, const char *options)
{
	bool said = false;
	const char *line;

	virt_start(KVM, cpu, 1, "off", options);
	while ((line = linux_guest_line(&guest)))
		said |= !!strstr(line, words);
	expect(said, "-cpu %s%s: QEMU does not say \"%s\"", cpu, options, words);
	virt_end(1);
}

static void named_cpus(void)
{
	static const char *const names[] = { "cortex-a15", "cortex-a7" };
	uint32_t target = host_target();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (i == target)
			find(KVM, names[i], 2, 0);
		else
			refused("Use '-cpu host'", names[i], "");
	}
}

static void bad_options(void)
{
	refused("unable to find CPU model", "cortex-a9", "");
	refused("does not support GICv3", "host", " -M virt,gic-version=3");
	refused("exceeds the maximum cpus supported by KVM", "host", " -smp 9");
	refused("Virtualization extensions", "host",
		" -M virt,virtualization=on");
	refused("doesn't support guest debugging", "host", " -gdb tcp::1234");
}

/* ---- guests that go on -------------------------------------------------- */

static bool boot(const char *accel, unsigned int nr_cpus)
{
	virt_start(accel, "host", nr_cpus, "command", "");
	return linux_guest_expect(&guest, "ready") && qmp_connect();
}

static void power_off(void)
{
	linux_guest_say(&guest, "off");
	virt_end(0);
}

/* Its time does not pass while it is stopped */
static void stop(void)
{
	struct linux_progress before = { 0 }, after;

	if (!boot(KVM, 2) || !linux_guest_advance(&guest, &before) ||
	    !qmp_ok("{\"execute\":\"stop\"}"))
		goto out;
	sleep(20);
	after = before;
	if (!qmp_ok("{\"execute\":\"cont\"}") || !linux_guest_advance(&guest, &after))
		goto out;
	expect(after.clock - before.clock < 20000000000ULL,
	       "%llu ms have passed for the guest",
	       (unsigned long long)(after.clock - before.clock) / 1000000);
	power_off();
out:
	virt_kill();
}

static void reset(const char *accel)
{
	virt_start(accel, "host", 2, "command", "");
	virt_expect_resets();
}

static void resets(void)
{
	reset(KVM);
	reset(KVM_USER_GIC);
}

/* ---- migration ---------------------------------------------------------- */

static void migrate(const char *accel, unsigned int nr_cpus,
		    unsigned int rounds)
{
	struct linux_progress progress = { 0 };
	unsigned int i;

	if (!boot(accel, nr_cpus))
		goto out;
	for (i = 0; i < rounds; i++) {
		if (!linux_guest_advance(&guest, &progress) || !virt_save())
			goto out;
		if (!virt_restore(accel, nr_cpus, "command", ""))
			goto out;
	}
	if (linux_guest_advance(&guest, &progress))
		power_off();
out:
	virt_kill();
	unlink(VIRT_STATE);
}

static void migrate_one(void)
{
	migrate(KVM, 1, 2);
}

static void migrate_two(void)
{
	migrate(KVM, 2, 3);
}

static void migrate_four(void)
{
	migrate(KVM, 4, 2);
}

static void migrate_user_gic(void)
{
	migrate(KVM_USER_GIC, 2, 2);
}

static const struct test tests[] = {
	{ "a Linux guest with -cpu host and 1 vcpu finds all it needs, and powers off",
	  one_cpu },
	{ "... with 2 vcpus, one of which goes off and on 10 times", two_cpus },
	{ "... with 3 vcpus of -cpu max", three_cpus },
	{ "... with 4 vcpus", four_cpus },
	{ "... with QEMU's interrupt controller, with 1 vcpu and with 2", user_gic },
	{ "... with virtio devices on PCI and without", virtio },
	{ "... with -cpu and the host's name; another name is refused with a message",
	  named_cpus },
	{ "options that cannot be are refused with a message", bad_options },
	{ "a guest's time does not pass while it is stopped", stop },
	{ "a guest resets itself, and is reset, with either interrupt controller",
	  resets },
	{ "a guest that computes goes on in a new QEMU, with 1 vcpu",
	  migrate_one },
	{ "... with 2 vcpus", migrate_two },
	{ "... with 4 vcpus", migrate_four },
	{ "... with QEMU's interrupt controller", migrate_user_gic },
};

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	linux_guest_vmm = "/bin/qemu-system-arm";
	return run_tests(tests, ARRAY_SIZE(tests));
}
