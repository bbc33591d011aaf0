// SPDX-License-Identifier: GPL-2.0
/* Run guests on QEMU's board "virt", and command QEMU by QMP. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "pid1.h"
#include "virt_board.h"

#define QMP_SOCKET	"/tmp/qmp"
#define PL011		"ttyAMA0", "-serial stdio"

struct linux_guest guest;
static int qmp_socket = -1;

/* Can devices be above 4 GiB? Of such an address some emulators show KVM a part */
static bool high_devices(void)
{
	return atoi(option("kvmarm.high", "1"));
}

void virt_start_on(const char *console, const char *device, const char *accel,
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

void virt_start(const char *accel, const char *cpu, unsigned int nr_cpus,
		const char *mode, const char *options)
{
	virt_start_on(PL011, accel, cpu, nr_cpus, mode, options);
}

void virt_end(int status)
{
	linux_guest_expect_end(&guest, status);
	if (qmp_socket >= 0)
		close(qmp_socket);
	qmp_socket = -1;
}

void virt_kill(void)
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

bool qmp_ok(const char *command)
{
	const char *answer = qmp(command);

	return expect(answer && strstr(answer, "\"return\""), "%s: %s", command,
		      answer ?: "no answer");
}

bool qmp_connect(void)
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

void virt_expect_facts(unsigned int nr_cpus, unsigned int cycles)
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
	virt_end(0);
}

void virt_expect_resets(void)
{
	struct linux_progress progress = { 0 };

	if (!linux_guest_expect(&guest, "ready") || !qmp_connect() ||
	    !linux_guest_advance(&guest, &progress))
		goto out;
	linux_guest_say(&guest, "reset");
	if (!linux_guest_expect(&guest, "ready") ||
	    !qmp_ok("{\"execute\":\"system_reset\"}") ||
	    !linux_guest_expect(&guest, "ready"))
		goto out;
	memset(&progress, 0, sizeof(progress));
	if (linux_guest_advance(&guest, &progress)) {
		linux_guest_say(&guest, "off");
		virt_end(0);
	}
out:
	virt_kill();
}

bool virt_save(void)
{
	struct stat state;
	const char *answer;
	unsigned int i;

	unlink(VIRT_STATE);
	if (!qmp_ok("{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"file:"
		    VIRT_STATE "\"}}"))
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
	virt_end(0);
	return expect(!stat(VIRT_STATE, &state) && state.st_size,
		      "there is no state") && !test_failed();
}

bool virt_restore(const char *accel, unsigned int nr_cpus, const char *mode,
		  const char *options)
{
	const char *answer;
	char all[256];
	unsigned int i;

	snprintf(all, sizeof(all), "%s -incoming file:" VIRT_STATE, options);
	virt_start(accel, "host", nr_cpus, mode, all);
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
