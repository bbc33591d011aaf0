/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Run guests on QEMU's board "virt", one at a time, and command QEMU by QMP.
 */
#ifndef KVM_ARM_VIRT_BOARD_H
#define KVM_ARM_VIRT_BOARD_H

#include "linux_guest.h"

#define VIRT_STATE	"/tmp/qemu.state"

/* -accel; the second one leaves the interrupt controller to QEMU */
#define KVM		"kvm"
#define KVM_USER_GIC	"kvm,kernel-irqchip=off"

extern struct linux_guest guest;

/**
 * virt_start_on() - run QEMU with the kernel and initramfs of the tests
 * @console: the console's name in Linux
 * @device: the options of QEMU that make the console
 * @accel: KVM or KVM_USER_GIC
 * @cpu: for -cpu
 * @nr_cpus: number of vcpus
 * @mode: guest.mode= for linux/init.c of the tests, and further words of the kernel command
 *	line, separated by '+'
 * @options: further options, beginning with a space, or ""
 */
void virt_start_on(const char *console, const char *device, const char *accel,
		   const char *cpu, unsigned int nr_cpus, const char *mode,
		   const char *options);

/* The same, with a PL011 as the console */
void virt_start(const char *accel, const char *cpu, unsigned int nr_cpus,
		const char *mode, const char *options);

/* Wait for QEMU, and expect its exit status. */
void virt_end(int status);

/* Kill QEMU, if it has not ended. */
void virt_kill(void);

/**
 * virt_expect_facts() - expect a guest in mode "test" to find what it needs
 * @nr_cpus: its number of vcpus
 * @cycles: how often a CPU goes off and on
 *
 * Expect as many facts as linux_guest_test does of a guest on armvm, and the end.
 */
void virt_expect_facts(unsigned int nr_cpus, unsigned int cycles);

/**
 * virt_expect_resets() - reset a guest in mode "command", by itself and by QEMU
 *
 * Expect it to boot and to compute each time, and to power off.
 */
void virt_expect_resets(void);

/* Connect to QEMU's QMP socket, once it listens. */
bool qmp_connect(void);

/* Send a command, and expect it to succeed. */
bool qmp_ok(const char *command);

/* Migrate the guest to VIRT_STATE, and end its QEMU. */
bool virt_save(void);

/**
 * virt_restore() - continue the guest of VIRT_STATE in a new QEMU
 *
 * Parameters as of virt_start(). Until the guest runs, what is said to it may be lost.
 */
bool virt_restore(const char *accel, unsigned int nr_cpus, const char *mode,
		  const char *options);

#endif /* KVM_ARM_VIRT_BOARD_H */
