// SPDX-License-Identifier: GPL-2.0
/* Watch the kernel's log; see klog.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "klog.h"
#include "kvm_arm.h"

int klog_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		kvm_bail("/dev/kmsg: %s", strerror(errno));
	/* Skip older messages. */
	lseek(fd, 0, SEEK_END);
	return fd;
}

/*
 * KVM's messages have "kvm" or "vgic" in them. Ignore one of virt/kvm, which is
 * rate-limited: a VM gets no directory in debugfs if another with the same
 * number is just being closed. Ignore the marks of the test host's init, too.
 */
static bool is_of_kvm(const char *text)
{
	return (strcasestr(text, "kvm") || strcasestr(text, "vgic")) &&
	       !strstr(text, "duplicate directory") &&
	       !strstr(text, "kvmarm: ");
}

static bool is_error(const char *text)
{
	static const char * const marks[] = {
		"WARNING: ", "BUG: ", "INFO: ", "UBSAN: ", "ODEBUG: ", "Oops",
		"Internal error", "Unable to handle", "inconsistent lock state",
		"refcount_t: ", "corruption", "possible circular",
		"possible recursive", "suspicious RCU", "sleeping function",
		"scheduling while atomic", "soft lockup",
		"page allocation failure", "memory leak",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(marks); i++)
		if (strstr(text, marks[i]))
			return true;
	return false;
}

static bool next(int log, bool of_kvm, char *text, size_t size)
{
	char record[1024], *message;
	ssize_t n;

	for (;;) {
		n = read(log, record, sizeof(record) - 1);
		/* Older messages have been overwritten. */
		if (n < 0 && errno == EPIPE)
			continue;
		if (n < 0)
			return false;
		record[n] = '\0';
		message = strchr(record, ';');
		if (!message ||
		    (!(of_kvm && is_of_kvm(message)) && !is_error(message)))
			continue;
		message++;
		message[strcspn(message, "\n")] = '\0';
		snprintf(text, size, "%s", message);
		return true;
	}
}

bool klog_next(int log, char *text, size_t size)
{
	return next(log, true, text, size);
}

bool klog_next_error(int log, char *text, size_t size)
{
	return next(log, false, text, size);
}
