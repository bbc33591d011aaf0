// SPDX-License-Identifier: GPL-2.0
/*
 * A Linux guest that is repeatedly saved while it computes on all CPUs, and
 * continues in a new VM and a new process.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux_guest.h"

#define FILE_NAME	"/tmp/linux.state"

static struct linux_guest guest;

static void boot(unsigned int nr_cpus)
{
	unlink(FILE_NAME);
	linux_guest_boot(&guest, nr_cpus, "command", " --mem 64 --save " FILE_NAME);
}

static void resume(unsigned int nr_cpus, const char *options)
{
	/* The last --mem counts. */
	linux_guest_start(&guest, "--restore %s --cpus %u --mem 64%s",
			  FILE_NAME, nr_cpus, options);
}

/* Save the guest to the file, wherever it is. */
static bool save(void)
{
	kill(guest.pid, SIGUSR1);
	linux_guest_expect_end(&guest, ARMVM_OK);
	return !test_failed();
}

static void power_off(void)
{
	linux_guest_say(&guest, "off");
	linux_guest_expect_end(&guest, ARMVM_OK);
}

static void migrate(unsigned int nr_cpus, unsigned int rounds)
{
	struct linux_progress progress = { 0 };
	unsigned int i;

	boot(nr_cpus);
	if (!linux_guest_expect(&guest, "ready"))
		goto out;
	for (i = 0; i < rounds; i++) {
		if (!linux_guest_advance(&guest, &progress) || !save())
			goto out;
		resume(nr_cpus, " --save " FILE_NAME);
	}
	if (linux_guest_advance(&guest, &progress))
		power_off();
out:
	linux_guest_kill(&guest);
	unlink(FILE_NAME);
}

static void one_cpu(void)
{
	migrate(1, repeats(2));
}

static void two_cpus(void)
{
	migrate(2, repeats(5));
}

static void four_cpus(void)
{
	migrate(4, repeats(3));
}

/*
 * Save the guest at several moments of its boot, and let it finish: in the
 * decompressor, with caches off, before other CPUs are on, before the serial
 * port is set up.
 */
static void while_booting(void)
{
	static const char *const moments[] = { "0.05", "0.3", "0.8", "1.5" };
	struct linux_progress progress = { 0 };
	char options[64];
	unsigned int i;
	bool ready;

	for (i = 0; i < ARRAY_SIZE(moments); i++) {
		snprintf(options, sizeof(options),
			 " --mem 64 --save %s --save-after %s", FILE_NAME,
			 moments[i]);
		linux_guest_boot(&guest, 2, "command", options);
		linux_guest_expect_end(&guest, ARMVM_OK);
		ready = strstr(guest.text, "guest: ready");
		resume(2, "");
		if (!ready && !linux_guest_expect(&guest, "ready"))
			break;
		if (!linux_guest_advance(&guest, &progress))
			break;
		power_off();
		memset(&progress, 0, sizeof(progress));
	}
	linux_guest_kill(&guest);
	unlink(FILE_NAME);
}

/* Resume twice from one file, and then reset the resumed guest. */
static void twice_from_one_file(void)
{
	struct linux_progress first = { 0 }, second;
	unsigned int i;

	boot(2);
	if (!linux_guest_expect(&guest, "ready") || !linux_guest_advance(&guest, &first) || !save())
		goto out;
	for (i = 0; i < 2; i++) {
		second = first;
		resume(2, "");
		if (!linux_guest_advance(&guest, &second))
			goto out;
		power_off();
	}
	/* Without the guest's files, the machine cannot reboot. */
	resume(2, "");
	linux_guest_say(&guest, "reset");
	linux_guest_expect_end(&guest, ARMVM_RESET);
	resume(2, " --kernel " LINUX_KERNEL " --initrd " LINUX_INITRD
		" --append console=ttyS0+loglevel=3+guest.mode=command");
	linux_guest_say(&guest, "reset");
	if (linux_guest_expect(&guest, "ready"))
		power_off();
out:
	linux_guest_kill(&guest);
	unlink(FILE_NAME);
}

/* armvm refuses a file of another machine, and says why. */
static void refused(void)
{
	const char *line;

	boot(2);
	if (!linux_guest_expect(&guest, "ready") || !save())
		goto out;
	resume(1, "");
	line = linux_guest_expect(&guest, "armvm: cannot restore a VM from ");
	expect(line && strstr(line, "vcpu"), "said: %s", line);
	linux_guest_expect_end(&guest, ARMVM_FAILED);

	resume(2, " --mem 128");
	line = linux_guest_expect(&guest, "armvm: cannot restore a VM from ");
	expect(line && strstr(line, "memory"), "said: %s", line);
	linux_guest_expect_end(&guest, ARMVM_FAILED);

	truncate(FILE_NAME, 100000);
	resume(2, "");
	linux_guest_expect(&guest, "armvm: cannot restore a VM from ");
	linux_guest_expect_end(&guest, ARMVM_FAILED);
out:
	linux_guest_kill(&guest);
	unlink(FILE_NAME);
}

static const struct test tests[] = {
	{ "a Linux guest with 1 vcpu goes on in other VMs", one_cpu },
	{ "... with 2 vcpus", two_cpus },
	{ "... with 4 vcpus", four_cpus },
	{ "a guest saved while it boots finishes its boot", while_booting },
	{ "a file can be restored again, and its guest reset",
	  twice_from_one_file },
	{ "a file of another machine or with its end missing is refused",
	  refused },
};

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return run_tests(tests, ARRAY_SIZE(tests));
}
