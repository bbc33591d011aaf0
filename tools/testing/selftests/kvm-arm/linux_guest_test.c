// SPDX-License-Identifier: GPL-2.0
/*
 * Linux as a guest, on the VMM armvm with one to eight vcpus, up to userspace
 * and to power-off: the host's kernel, and a kernel of Thumb-2 code that uses
 * short descriptors. linux/init.c checks what the guest finds.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux_guest.h"

static struct linux_guest guest;

/* ---- what a guest finds ------------------------------------------------- */

/*
 * Number of facts that the guest reports: the number of CPUs, two for each
 * CPU's timer, one for each pair of CPUs, two for the clocks, one for hotplug.
 */
static unsigned int expected_facts(unsigned int nr_cpus, unsigned int cycles)
{
	return 1 + 2 * nr_cpus + (nr_cpus - 1) + 2 + (cycles ? 1 : 0);
}

static void test_guest(unsigned int nr_cpus, unsigned int cycles)
{
	unsigned int facts = 0;
	const char *line;
	char mode[64];

	snprintf(mode, sizeof(mode), "test+guest.cycles=%u", cycles);
	linux_guest_boot(&guest, nr_cpus, mode, "");
	while ((line = linux_guest_line(&guest))) {
		if (!strncmp(line, "ok ", 3))
			facts++;
		else if (strcmp(line, "0 failed") && strncmp(line, "cycle ", 6))
			test_fail("%s", line);
	}
	expect_equal(facts, expected_facts(nr_cpus, cycles), "facts");
	linux_guest_expect_end(&guest, ARMVM_OK);
}

static void one_cpu(void)
{
	test_guest(1, 0);
}

static void two_cpus(void)
{
	test_guest(2, 100);
}

/*
 * When a CPU goes offline, all others have to meet in the kernel, each waiting
 * for a CPU of the host. With one CPU on the host, a guest with more than two
 * gives up waiting for a CPU that comes (a second) if the machine is busy.
 */
static void four_cpus(void)
{
	test_guest(4, nr_cpus() > 1 ? 10 : 0);
}

static void eight_cpus(void)
{
	test_guest(8, 0);
}

static void thumb(void)
{
	linux_guest_kernel = LINUX_THUMB;
	test_guest(2, 10);
	linux_guest_kernel = LINUX_KERNEL;
}

/* ---- time --------------------------------------------------------------- */

static uint64_t counter(void)
{
	uint64_t value;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r" (value) : :
		     "memory");
	return value;
}

/**
 * struct offset - how far the guest's counter is behind the host's
 * @least: lower bound
 * @most: upper bound
 */
struct offset {
	int64_t least;
	int64_t most;
};

/* Ask the guest for its counter, between two readings of the host's counter. */
static bool ask_time(const char *how, struct offset *offset)
{
	uint64_t before = counter(), after, there;
	const char *answer;
	char *end;

	linux_guest_say(&guest, how);
	answer = linux_guest_expect(&guest, "time ");
	after = counter();
	if (!answer)
		return false;
	there = strtoull(answer, &end, 10);
	offset->least = before - there;
	offset->most = after - there;
	return expect(end != answer, "no time: %s", answer);
}

/*
 * One offset must explain all answers: the guest's counter runs at the rate of
 * the host's.
 */
static void same_counter(void)
{
	struct offset all = { INT64_MIN, INT64_MAX }, one;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		/*
		 * The answer to "sleep" comes a second after the guest has read
		 * the question.
		 */
		if (!ask_time(i == 5 ? "sleep" : "time", &one))
			return;
		if (one.least > all.least)
			all.least = one.least;
		if (one.most < all.most)
			all.most = one.most;
	}
	expect(all.least <= all.most,
	       "no single offset: at least %lld, at most %lld",
	       (long long)all.least, (long long)all.most);
	expect(all.least > 0, "the guest's counter is not behind ours");
}

static void time_and_reset(void)
{
	linux_guest_boot(&guest, 2, "command", "");
	if (!linux_guest_expect(&guest, "ready"))
		goto out;
	same_counter();

	linux_guest_say(&guest, "reset");
	if (!linux_guest_expect(&guest, "ready"))
		goto out;
	linux_guest_say(&guest, "work");
	linux_guest_expect(&guest, "work ");
	linux_guest_say(&guest, "off");
	linux_guest_expect_end(&guest, ARMVM_OK);
out:
	linux_guest_kill(&guest);
}

static void no_reboot(void)
{
	linux_guest_boot(&guest, 1, "command", " --no-reboot");
	if (linux_guest_expect(&guest, "ready")) {
		linux_guest_say(&guest, "reset");
		linux_guest_expect(&guest, "armvm: the guest asked for a reset");
		linux_guest_expect_end(&guest, ARMVM_RESET);
	}
	linux_guest_kill(&guest);
}

static void statistics(void)
{
	unsigned long long exits = 0, user = 0;
	char text[sizeof(guest.text)], *line;

	linux_guest_boot(&guest, 1, "off", " --stats");
	linux_guest_expect_end(&guest, ARMVM_OK);
	memcpy(text, guest.text, sizeof(text));
	line = strstr(text, "stats vcpu0 exits ");
	if (line)
		sscanf(line, "stats vcpu0 exits %llu", &exits);
	line = strstr(text, "stats vcpu0 mmio_exit_user ");
	if (line)
		sscanf(line, "stats vcpu0 mmio_exit_user %llu", &user);
	expect(exits > user && user > 0,
	       "%llu exits, of which %llu to a device of armvm", exits, user);
}

/* ---- what cannot be ----------------------------------------------------- */

/* armvm must end with @status, after a line that has @words. */
static void refused(int status, const char *words, const char *options)
{
	bool said = false;
	const char *line;

	linux_guest_start(&guest, "%s", options);
	while ((line = linux_guest_line(&guest)))
		said |= !!strstr(line, words);
	expect(said, "armvm %s does not say \"%s\"", options, words);
	linux_guest_expect_end(&guest, status);
}

static void write_file(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		kvm_bail("%s: %s", path, strerror(errno));
	close(fd);
}

/* Write the first part of a zImage, with one word changed. */
static void write_zimage(const char *path, unsigned int offset, uint32_t word)
{
	static uint32_t head[1024];
	int fd = open(LINUX_KERNEL, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, head, sizeof(head)) != sizeof(head))
		kvm_bail("%s: %s", LINUX_KERNEL, strerror(errno));
	close(fd);
	head[offset / sizeof(*head)] = word;
	write_file(path, head, sizeof(head));
}

#define BAD_KERNEL	"/tmp/bad-zImage"
#define KERNEL		"--kernel " LINUX_KERNEL

static void bad_files(void)
{
	refused(ARMVM_FAILED, "/nowhere: No such file", "--kernel /nowhere");
	refused(ARMVM_FAILED, "/nowhere: No such file",
		KERNEL " --initrd /nowhere");
	refused(ARMVM_FAILED, "is not a file", "--kernel /tmp");
	refused(ARMVM_FAILED, "is not a zImage", "--kernel /bin/armvm");

	write_file(BAD_KERNEL, "", 0);
	refused(ARMVM_FAILED, "is empty", "--kernel " BAD_KERNEL);
	write_file(BAD_KERNEL, "MZ", 2);
	refused(ARMVM_FAILED, "is not a zImage", "--kernel " BAD_KERNEL);
	write_zimage(BAD_KERNEL, 0x30, 0x01020304);
	refused(ARMVM_FAILED, "little-endian", "--kernel " BAD_KERNEL);
	write_zimage(BAD_KERNEL, 0x34, 0x45454545);
	refused(ARMVM_FAILED, "is cut short", "--kernel " BAD_KERNEL);
	unlink(BAD_KERNEL);
}

static void bad_options(void)
{
	refused(ARMVM_USAGE, "from 1 to 8", KERNEL " --cpus 9");
	refused(ARMVM_USAGE, "from 1 to 8", KERNEL " --cpus 0");
	refused(ARMVM_USAGE, "from 1 to 8", KERNEL " --cpus two");
	refused(ARMVM_USAGE, "from 8 to 2048", KERNEL " --mem 4096");
	refused(ARMVM_USAGE, "--kernel or --restore is missing", "--cpus 1");
	refused(ARMVM_USAGE, "what is nonsense?", KERNEL " nonsense");
	refused(ARMVM_USAGE, "unknown option", KERNEL " --nonsense");
	refused(ARMVM_FAILED, "do not fit", KERNEL " --mem 8");
	refused(ARMVM_FAILED, "/nowhere: No such file", "--restore /nowhere");
	refused(ARMVM_FAILED, "cannot restore a VM from /bin/armvm",
		"--restore /bin/armvm");
}

/* Allow more and more file descriptors: armvm must report what fails each time. */
static void no_descriptors(void)
{
	bool vm_failed = false, vcpu_failed = false, said = true;
	const char *line;
	unsigned int i;

	for (i = 4; said && i < 32; i++) {
		linux_guest_files = i;
		linux_guest_boot(&guest, 4, "off", "");
		said = false;
		while ((line = linux_guest_line(&guest))) {
			said |= !!strstr(line, "Too many open files");
			vm_failed |= !!strstr(line, "KVM_CREATE_VM");
			vcpu_failed |= !!strstr(line, "KVM_CREATE_VCPU");
		}
		linux_guest_expect_end(&guest, said ? ARMVM_FAILED : ARMVM_OK);
	}
	linux_guest_files = 0;
	expect(vm_failed && vcpu_failed, "VM %d, vcpu %d", vm_failed,
	       vcpu_failed);
}

static const struct test tests[] = {
	{ "a Linux guest with 1 vcpu finds all it needs, and powers off",
	  one_cpu },
	{ "... with 2 vcpus, one of which goes off and on 100 times", two_cpus },
	{ "... with 4 vcpus, which go off and on where the host has as many as 2", four_cpus },
	{ "... with 8 vcpus", eight_cpus },
	{ "... with 2 vcpus, of a kernel of Thumb-2 code with short descriptors",
	  thumb },
	{ "the guest's counter runs as the host's; it reboots and powers off",
	  time_and_reset },
	{ "a reset ends armvm if told so, with a status of its own",
	  no_reboot },
	{ "armvm shows the statistics of VM and vcpu", statistics },
	{ "files that cannot be used are refused with a message", bad_files },
	{ "options that cannot be are refused with a message", bad_options },
	{ "ioctls that fail are named", no_descriptors },
};

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return run_tests(tests, ARRAY_SIZE(tests));
}
