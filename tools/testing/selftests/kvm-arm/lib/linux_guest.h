/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Linux guests: the VMM armvm as a child process, and a conversation with the
 * first program of its guest, host/guest-init.c.
 */
#ifndef KVM_ARM_LINUX_GUEST_H
#define KVM_ARM_LINUX_GUEST_H

#include <sys/types.h>

#include "harness.h"

/* The kernel of the host, and one of Thumb-2 code with short descriptors */
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
 * @pid: its id; 0 if it has ended
 * @in: its standard input
 * @out: its standard output and standard error
 * @ended: all of that has been read
 * @text: the last that came from it, as a string
 * @len: how much that is
 * @next: where in @text the next line begins
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

/* The kernel that linux_guest_boot() boots: LINUX_KERNEL unless a test sets it */
extern const char *linux_guest_kernel;

/* How many files armvm may have open; 0: as many as we */
extern unsigned int linux_guest_files;

/**
 * linux_guest_start() - run armvm
 * @guest: the child
 * @fmt: its options, separated by single spaces; a '+' stands for a space
 *	within one
 */
__printf(2, 3) void linux_guest_start(struct linux_guest *guest,
				      const char *fmt, ...);

/**
 * linux_guest_boot() - run armvm with the kernel and initramfs of the tests
 * @guest: the child
 * @nr_cpus: how many vcpus
 * @mode: what the guest is to do: guest.mode= of host/guest-init.c, and more
 *	words of the kernel command line, separated by '+'
 * @options: more for armvm, beginning with a space, or ""
 */
void linux_guest_boot(struct linux_guest *guest, unsigned int nr_cpus,
		      const char *mode, const char *options);

/**
 * linux_guest_line() - what the guest says next
 * @guest: the child
 *
 * Lines that do not begin with "guest: " or "armvm: " are passed over.
 *
 * Return: the line without "guest: ", valid up to the next call; NULL after
 * the last one, or if there is none within a time that is much too long.
 */
const char *linux_guest_line(struct linux_guest *guest);

/* Expect the next line to begin with @want; returns what follows, or NULL */
const char *linux_guest_expect(struct linux_guest *guest, const char *want);

/* Send a line */
void linux_guest_say(struct linux_guest *guest, const char *line);

/**
 * linux_guest_end() - wait for armvm
 * @guest: the child; it is killed if it does not end in time
 *
 * Return: its exit status, or 128 plus the signal that ended it.
 */
int linux_guest_end(struct linux_guest *guest);

/* ... and expect a status; if it is another, show what was said last */
void linux_guest_expect_end(struct linux_guest *guest, int status);

/* Kill it, whatever it does; nothing if it has ended */
void linux_guest_kill(struct linux_guest *guest);

#endif /* KVM_ARM_LINUX_GUEST_H */
