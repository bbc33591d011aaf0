/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Watch the kernel's log, which no user of /dev/kvm may write to.
 */
#ifndef KVM_ARM_KLOG_H
#define KVM_ARM_KLOG_H

#include <stdbool.h>
#include <stddef.h>

/* Open the log at its end; the caller closes the file descriptor. */
int klog_open(void);

/**
 * klog_next() - read up to the next message that must not be there
 * @log: from klog_open()
 * @text: out: the message, cut to @size
 * @size: in bytes
 *
 * These are messages of KVM, and those with which the kernel reports an error of
 * its own.
 *
 * Return: false if there is none.
 */
bool klog_next(int log, char *text, size_t size);

/*
 * Like klog_next(), without KVM's messages: a stack trace after a failed allocation
 * contains functions of KVM.
 */
bool klog_next_error(int log, char *text, size_t size);

#endif /* KVM_ARM_KLOG_H */
