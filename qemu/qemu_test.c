// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU as the VMM: Linux guests on its board "virt", with the interrupt
 * controller of the kernel and with that of QEMU, which are stopped, reset,
 * saved and restored. host/guest-init.c checks what the guest finds.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "linux_guest.h"
#include "pid1.h"

#define QMP_SOCKET	"/tmp/qmp"
#define STATE_FILE	"/tmp/qemu.state"

/* -accel; the second one leaves the interrupt controller to QEMU */
#define KVM		"kvm"
#define KVM_USER_GIC	"kvm,kernel-irqchip=off"

/* The guest's console: its name in Linux, and the options that make it */
#define PL011		"ttyAMA0", "-serial stdio"
#define VIRTIO_PCI	"hvc0", "-chardev stdio,id=hvc -device virtio-serial-pci " \
				"-device virtconsole,chardev=hvc"
#define VIRTIO_MMIO	"hvc0", "-chardev stdio,id=hvc -device virtio-serial-device " \
				"-device virtconsole,chardev=hvc"

static struct linux_guest guest;
static int qmp_socket = -1;

/* ---- QEMU --------------------------------------------------------------- */

/* Can devices be above 4 GiB? Of such an address some emulators show KVM a part */
static bool high_devices(void)
{
	return atoi(option("kvmarm.high", "1"));
}

static void start_on(const char *console, const char *device, const char *accel,
		     const char *cpu, unsigned int nr_cpus, const char *mode,
		     const char *options)
{
	unlink(QMP_SOCKET);
	linux_guest_start(&guest, "-M virt%s -accel %s -cpu %s -smp %u -m 128 "
			  "-kernel %s -initrd %s -append console=%s+loglevel=3"
			  "+guest.cpus=%u+guest.mode=%s -nodefaults "
			  "-display none %s -qmp unix:%s,server=on,wait=off%s",
			  high_devices() ? "" : ",highmem=off", accel, cpu,
			  nr_cpus, LINUX_KERNEL, LINUX_INITRD, console,
			  nr_cpus, mode, device, QMP_SOCKET, options);
}

static void start(const char *accel, const char *cpu, unsigned int nr_cpus,
		  const char *mode, const char *options)
{
	start_on(PL011, accel, cpu, nr_cpus, mode, options);
}

static void end(int status)
{
	linux_guest_expect_end(&guest, status);
	if (qmp_socket >= 0)
		close(qmp_socket);
	qmp_socket = -1;
}

static void kill_guest(void)
{
	linux_guest_kill(&guest);
	if (qmp_socket >= 0)
		close(qmp_socket);
	qmp_socket = -1;
}

/* The next line on the socket; what is longer is cut */
static bool qmp_line(char *line, size_t size)
{
	size_t len = 0;
	char c;

	while (read(qmp_socket, &c, 1) == 1) {
		if (c == '\n') {
			line[len] = '\0';
			return true;
		}
		if (len < size - 1)
			line[len++] = c;
	}
	return false;
}

/* Send a command; its answer is the first line that is no event */
static const char *qmp(const char *command)
{
	static char line[4096];

	if (dprintf(qmp_socket, "%s\n", command) < 0)
		return NULL;
	while (qmp_line(line, sizeof(line)))
		if (strstr(line, "\"return\"") || strstr(line, "\"error\""))
			return line;
	return NULL;
}

static bool qmp_ok(const char *command)
{
	const char *answer = qmp(command);

	return expect(answer && strstr(answer, "\"return\""), "%s: %s", command,
		      answer ?: "no answer");
}

static bool qmp_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char line[512];
	unsigned int i;

	strcpy(address.sun_path, QMP_SOCKET);
	qmp_socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	for (i = 0; connect(qmp_socket, (struct sockaddr *)&address,
			    sizeof(address)); i++) {
		if (!expect(i < 600, "QEMU does not listen: %s",
			    strerror(errno)))
			return false;
		usleep(100000);
	}
	return expect(qmp_line(line, sizeof(line)), "QEMU does not greet") &&
	       qmp_ok("{\"execute\":\"qmp_capabilities\"}");
}

/* ---- what a guest finds ------------------------------------------------- */

/* As many facts as linux_guest_test expects of a guest on armvm */
static void expect_facts(unsigned int nr_cpus, unsigned int cycles)
{
	unsigned int facts = 0;
	const char *line;

	while ((line = linux_guest_line(&guest))) {
		if (!strncmp(line, "ok ", 3))
			facts++;
		else if (strcmp(line, "0 failed") && strncmp(line, "cycle ", 6))
			test_fail("%s", line);
	}
	expect_equal(facts, 1 + 2 * nr_cpus + (nr_cpus - 1) + 2 + !!cycles,
		     "facts");
	end(0);
}

static void find(const char *accel, const char *cpu, unsigned int nr_cpus,
		 unsigned int cycles)
{
	char mode[64];

	snprintf(mode, sizeof(mode), "test+guest.cycles=%u", cycles);
	start(accel, cpu, nr_cpus, mode, "");
	expect_facts(nr_cpus, cycles);
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
	start_on(VIRTIO_PCI, KVM, "host", 2, "test", "");
	expect_facts(2, 0);
	start_on(VIRTIO_MMIO, KVM, "host", 2, "test", "");
	expect_facts(2, 0);
	start_on(VIRTIO_PCI, KVM_USER_GIC, "host", 1, "test", "");
	expect_facts(1, 0);
}

/* ---- types of CPUs ------------------------------------------------------ */

/* QEMU ends with a message that has the words */
static void refused(const char *words, const char *cpu, const char *options)
{
	bool said = false;
	const char *line;

	start(KVM, cpu, 1, "off", options);
	while ((line = linux_guest_line(&guest)))
		said |= !!strstr(line, words);
	expect(said, "-cpu %s%s: QEMU does not say \"%s\"", cpu, options, words);
	end(1);
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
}

/* ---- guests that go on -------------------------------------------------- */

/**
 * struct progress - what a guest says about itself
 * @rounds: computations done, on the CPU with the fewest
 * @counter: CNTVCT
 * @clock: CLOCK_MONOTONIC, in nanoseconds
 */
struct progress {
	uint64_t rounds;
	uint64_t counter;
	uint64_t clock;
};

static bool ask(const char *what, uint64_t *first, uint64_t *second)
{
	unsigned long long a, b;
	const char *answer;
	char want[16];

	linux_guest_say(&guest, what);
	snprintf(want, sizeof(want), "%s ", what);
	answer = linux_guest_expect(&guest, want);
	if (!answer)
		return false;
	if (!expect(sscanf(answer, "%llu %llu", &a, &b) == 2, "%s: %s", what,
		    answer))
		return false;
	*first = a;
	*second = b;
	return true;
}

/* Wait until each CPU has computed something since; no clock goes back */
static bool advance(struct progress *progress)
{
	struct progress old = *progress;
	uint64_t wrong;

	do {
		if (!ask("work", &progress->rounds, &wrong) ||
		    !ask("time", &progress->counter, &progress->clock))
			return false;
		if (!expect(wrong == 0, "%llu times a result was wrong or a clock went back",
			    (unsigned long long)wrong) ||
		    !expect(progress->rounds >= old.rounds &&
			    progress->counter > old.counter &&
			    progress->clock > old.clock, "time went back"))
			return false;
	} while (progress->rounds <= old.rounds);
	return true;
}

static bool boot(const char *accel, unsigned int nr_cpus)
{
	start(accel, "host", nr_cpus, "command", "");
	return linux_guest_expect(&guest, "ready") && qmp_connect();
}

static void power_off(void)
{
	linux_guest_say(&guest, "off");
	end(0);
}

/* Its time does not pass while it is stopped */
static void stop(void)
{
	struct progress before = { 0 }, after;

	if (!boot(KVM, 2) || !advance(&before) ||
	    !qmp_ok("{\"execute\":\"stop\"}"))
		goto out;
	sleep(20);
	after = before;
	if (!qmp_ok("{\"execute\":\"cont\"}") || !advance(&after))
		goto out;
	expect(after.clock - before.clock < 20000000000ULL,
	       "%llu ms have passed for the guest",
	       (unsigned long long)(after.clock - before.clock) / 1000000);
	power_off();
out:
	kill_guest();
}

static void reset(const char *accel)
{
	struct progress progress = { 0 };

	if (!boot(accel, 2) || !advance(&progress))
		goto out;
	linux_guest_say(&guest, "reset");
	if (!linux_guest_expect(&guest, "ready") ||
	    !qmp_ok("{\"execute\":\"system_reset\"}") ||
	    !linux_guest_expect(&guest, "ready"))
		goto out;
	memset(&progress, 0, sizeof(progress));
	if (advance(&progress))
		power_off();
out:
	kill_guest();
}

static void resets(void)
{
	reset(KVM);
	reset(KVM_USER_GIC);
}

/* ---- migration ---------------------------------------------------------- */

static bool save(void)
{
	struct stat state;
	const char *answer;
	unsigned int i;

	unlink(STATE_FILE);
	if (!qmp_ok("{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"file:"
		    STATE_FILE "\"}}"))
		return false;
	for (i = 0; ; i++) {
		answer = qmp("{\"execute\":\"query-migrate\"}");
		if (answer && strstr(answer, "\"completed\""))
			break;
		if (!expect(answer && !strstr(answer, "\"failed\"") && i < 600,
			    "migration: %s", answer ?: "no answer"))
			return false;
		usleep(100000);
	}
	if (!qmp_ok("{\"execute\":\"quit\"}"))
		return false;
	end(0);
	return expect(!stat(STATE_FILE, &state) && state.st_size,
		      "there is no state") && !test_failed();
}

/* Until the state is there, what is said to the guest may be lost with it */
static bool restore(const char *accel, unsigned int nr_cpus)
{
	const char *answer;
	unsigned int i;

	start(accel, "host", nr_cpus, "command", " -incoming file:" STATE_FILE);
	if (!qmp_connect())
		return false;
	for (i = 0; ; i++) {
		answer = qmp("{\"execute\":\"query-status\"}");
		if (answer && strstr(answer, "\"running\": true"))
			return true;
		if (!expect(answer && i < 600, "status: %s",
			    answer ?: "no answer"))
			return false;
		usleep(100000);
	}
}

static void migrate(const char *accel, unsigned int nr_cpus,
		    unsigned int rounds)
{
	struct progress progress = { 0 };
	unsigned int i;

	if (!boot(accel, nr_cpus))
		goto out;
	for (i = 0; i < rounds; i++) {
		if (!advance(&progress) || !save())
			goto out;
		if (!restore(accel, nr_cpus))
			goto out;
	}
	if (advance(&progress))
		power_off();
out:
	kill_guest();
	unlink(STATE_FILE);
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
