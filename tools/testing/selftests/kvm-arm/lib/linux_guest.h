/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Linux guests: run a VMM as a child process, and talk to the guest's first
 * program, linux/init.c.
 */
#ifndef KVM_ARM_LINUX_GUEST_H
#define KVM_ARM_LINUX_GUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness.h"

/* The host's kernel, and a kernel of Thumb-2 code with short descriptors */
#define LINUX_KERNEL	"/guests/zImage"
#define LINUX_THUMB	"/guests/zImage-thumb"
#define LINUX_INITRD	"/guests/guest.cpio.gz"

/* Exit status of armvm */
enum {
	ARMVM_OK,
	ARMVM_FAILED,
	ARMVM_USAGE,
	ARMVM_RESET,
	ARMVM_GUEST,
	ARMVM_ENDED,
};

/**
 * struct linux_guest - a child process
 * @pid: its id; 0 after its end
 * @in: its standard input
 * @out: its standard output and standard error
 * @ended: all output has been read
 * @text: its last output, as a string
 * @len: length of @text
 * @next: start of the next line in @text
 */
struct linux_guest {
	pid_t pid;
	int in;
	int out;
	bool ended;
	char text[16384];
	size_t len;
	size_t next;
};

/**
 * struct linux_progress - what a guest in mode "command" reports about itself
 * @rounds: number of computations, on the CPU with the fewest
 * @counter: CNTVCT
 * @clock: CLOCK_MONOTONIC, in nanoseconds
 */
struct linux_progress {
	uint64_t rounds;
	uint64_t counter;
	uint64_t clock;
};

/* The VMM, by its whole path: armvm unless a test sets it */
extern const char *linux_guest_vmm;

/* The kernel that linux_guest_boot() boots: LINUX_KERNEL unless a test sets it */
extern const char *linux_guest_kernel;

/* Limit of open files for the VMM; 0 for our own limit */
extern unsigned int linux_guest_files;

/**
 * linux_guest_start() - run the VMM
 * @guest: the child
 * @fmt: its options, separated by single spaces; '+' stands for a space within an
 *	option
 */
__printf(2, 3) void linux_guest_start(struct linux_guest *guest,
				      const char *fmt, ...);

/**
 * linux_guest_boot() - run armvm with the kernel and initramfs of the tests
 * @guest: the child
 * @nr_cpus: number of vcpus
 * @mode: guest.mode= for linux/init.c, and further words of the kernel command
 *	line, separated by '+'
 * @options: further options of armvm, beginning with a space, or ""
 */
void linux_guest_boot(struct linux_guest *guest, unsigned int nr_cpus,
		      const char *mode, const char *options);

/**
 * linux_guest_line() - return the next line from the guest
 * @guest: the child
 *
 * Skip lines that begin neither with "guest: " nor with the VMM's name and a colon,
 * and warnings of the VMM.
 *
 * Return: the line without "guest: ", valid until the next call; NULL after the last
 * line, or after a generous timeout.
 */
const char *linux_guest_line(struct linux_guest *guest);

/* Expect the next line to begin with @want; return the rest of it, or NULL. */
const char *linux_guest_expect(struct linux_guest *guest, const char *want);

/* Wait for a text, which may be in the middle of a line that has not ended. */
bool linux_guest_expect_text(struct linux_guest *guest, const char *want);

/* Send a line to the guest. */
void linux_guest_say(struct linux_guest *guest, const char *line);

/**
 * linux_guest_advance() - wait until each CPU has computed something more
 * @guest: the child, with guest.mode=command
 * @progress: what the guest reported last, or zeros; updated
 *
 * A wrong result, or a clock that goes back, is a failure of the test.
 *
 * Return: false on such a failure, and if the guest does not answer.
 */
bool linux_guest_advance(struct linux_guest *guest,
			 struct linux_progress *progress);

/**
 * linux_guest_end() - wait for the VMM
 * @guest: the child, which is killed if it does not end in time
 *
 * Return: its exit status, or 128 plus the signal that ended it.
 */
int linux_guest_end(struct linux_guest *guest);

/* Wait for armvm and expect a status; otherwise show its last output. */
void linux_guest_expect_end(struct linux_guest *guest, int status);

/* Kill armvm, if it has not ended. */
void linux_guest_kill(struct linux_guest *guest);

#endif /* KVM_ARM_LINUX_GUEST_H */
