/* SPDX-License-Identifier: GPL-2.0 */
/*
 * armvm: a small VMM for Linux guests on a 32-bit ARM host.
 *
 * Functions here end the program with a message if KVM or the host refuses
 * what they need, unless their description says otherwise.
 */
#ifndef ARMVM_H
#define ARMVM_H

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gic.h"

/* Exit status of the program */
enum {
	STATUS_OK,	/* the guest powered off, or was saved */
	STATUS_FAILED,	/* the host or KVM refused, or a file is not valid */
	STATUS_USAGE,
	STATUS_RESET,	/* the guest asked for a reset, with --no-reboot */
	STATUS_GUEST,	/* the guest did something that armvm cannot handle */
	STATUS_ENDED,	/* ended by a signal or Ctrl-A x */
};

/* Guest physical addresses. RAM extends to the end of the 32-bit space. */
#define UART_BASE	0x01000000U
#define UART_SIZE	0x8U
#define GICC_BASE	0x3ffd0000U
#define GICD_BASE	0x3fff0000U
#define RAM_BASE	0x80000000U
#define RAM_MIN_MIB	8U
#define RAM_MAX_MIB	2048U

/* Interrupts, with the numbers of the GIC */
#define UART_IRQ	32U
#define NR_IRQS		64U

/**
 * struct options - options of the command line
 * @kernel: the zImage; NULL if there is none to start or reboot
 * @initrd: the initramfs, or NULL
 * @append: the guest's kernel command line
 * @nr_cpus: number of vcpus
 * @mem_mib: RAM in MiB
 * @save: file to save the VM to on SIGUSR1, or NULL
 * @save_after: seconds until a save without a signal; 0: never
 * @restore: file to continue a VM from, or NULL
 * @no_reboot: end when the guest asks for a reset
 * @stats: print KVM's statistics at the end
 * @dtb: file to write the guest's device tree to, or NULL
 */
struct options {
	const char *kernel;
	const char *initrd;
	const char *append;
	unsigned int nr_cpus;
	unsigned int mem_mib;
	const char *save;
	double save_after;
	const char *restore;
	bool no_reboot;
	bool stats;
	const char *dtb;
};

/* ---- util.c ------------------------------------------------------------- */

/* Restore the terminal, and end the program with STATUS_FAILED. */
__noreturn __printf(1, 2) void die(const char *fmt, ...);

/* Print a message without ending the program. */
__printf(1, 2) void say(const char *fmt, ...);
__printf(1, 0) void vsay(const char *fmt, va_list args);

/**
 * must() - end the program if an operation failed
 * @ret: result of the operation: a value, or -errno
 * @name: name of the operation: "KVM_CREATE_VCPU"
 * @fmt: its purpose: "create vcpu %u"
 *
 * Return: @ret
 */
__printf(3, 4) int must(int ret, const char *name, const char *fmt, ...);

/* ---- uart.c ------------------------------------------------------------- */

#define UART_FIFO	16

/**
 * struct uart - a 16550A
 * @lock: protects all that follows
 * @vm: the VM that gets its interrupt
 * @regs: state that is saved
 * @line: level of the interrupt
 * @out: characters to write to standard output
 * @out_len: number of characters in @out
 * @wake: eventfd of the main thread: there is output to write, or room for
 *	input
 * @starved: the main thread waits for room for input
 */
struct uart {
	pthread_mutex_t lock;
	struct kvm_vm *vm;
	struct uart_regs {
		uint8_t dll, dlm, ier, fcr, lcr, mcr, scr;
		uint8_t thr_empty;	/* transmitter's interrupt is pending */
		uint8_t overrun;
		uint8_t rx_len;
		uint8_t rx[UART_FIFO];
	} regs;
	bool line;
	char out[256];
	size_t out_len;
	int wake;
	bool starved;
};

void uart_init(struct uart *uart, struct kvm_vm *vm, int wake);
void uart_reset(struct uart *uart);

/* Load saved registers. Return false if they are impossible. */
bool uart_restore(struct uart *uart, const struct uart_regs *regs);

/* Handle an access of the guest, in a vcpu's thread. */
uint8_t uart_read(struct uart *uart, unsigned int offset);
void uart_write(struct uart *uart, unsigned int offset, uint8_t value);

/*
 * Return the room for input. If there is none, the UART wakes the main thread
 * later.
 */
unsigned int uart_room(struct uart *uart);
void uart_input(struct uart *uart, const uint8_t *data, unsigned int len);

/* Write the buffered output. */
void uart_flush(struct uart *uart);

/* ---- terminal.c --------------------------------------------------------- */

/* Set the terminal up for the guest, if standard input is one. */
void terminal_open(void);
void terminal_close(void);

/**
 * terminal_read() - read input for the guest
 * @data: buffer for the input
 * @room: size of the buffer, at least 1
 *
 * On a terminal Ctrl-A x ends the run, and Ctrl-A Ctrl-A is one Ctrl-A.
 *
 * Return: the number of bytes for the guest; -EAGAIN if there are none now,
 * -ENODATA at the end of the input, -EINTR if the user wants to end the run.
 */
int terminal_read(uint8_t *data, unsigned int room);

/* ---- loader.c ----------------------------------------------------------- */

/**
 * struct image - a file to be loaded into the guest
 * @path: its name
 * @data: its content
 * @size: number of bytes
 */
struct image {
	const char *path;
	const uint8_t *data;
	size_t size;
};

/**
 * struct boot - files that a guest starts from, and their places
 * @kernel: the zImage
 * @initrd: the initramfs; empty without one
 * @entry: address at which the kernel starts
 * @dtb: address of the device tree
 * @initrd_start: address of the initramfs
 */
struct boot {
	struct image kernel;
	struct image initrd;
	uint32_t entry;
	uint32_t dtb;
	uint32_t initrd_start;
};

/* Open and check the files, and choose their places in the guest's RAM. */
void boot_prepare(struct boot *boot, const struct options *options);

/* Copy the files to their places. */
void boot_load(const struct boot *boot, struct kvm_vm *vm);

#define DTB_SIZE	0x10000U

/* ---- fdt.c -------------------------------------------------------------- */

/**
 * fdt_build() - build the machine's device tree
 * @blob: buffer for the device tree, DTB_SIZE bytes
 * @vm: the VM, with its vcpus
 * @options: RAM and the command line
 * @boot: the initramfs
 */
void fdt_build(void *blob, struct kvm_vm *vm, const struct options *options,
	       const struct boot *boot);
size_t fdt_size(const void *blob);

/* ---- machine.c ---------------------------------------------------------- */

/**
 * enum machine_end - why a run ended
 * @END_NONE: it has not ended
 * @END_OFF: PSCI SYSTEM_OFF
 * @END_RESET: PSCI SYSTEM_RESET
 * @END_GUEST: the guest cannot continue; a message was printed
 * @END_FAILED: KVM_RUN failed; a message was printed
 */
enum machine_end {
	END_NONE,
	END_OFF,
	END_RESET,
	END_GUEST,
	END_FAILED,
};

/**
 * struct machine - a VM and the threads that run it
 * @options: its configuration
 * @boot: files that it starts from; empty if it was restored and cannot be
 *	reset
 * @vm: the VM
 * @gic: its interrupt controller
 * @gic_reset: state of @gic at power-on
 * @uart: its serial port
 * @wake: eventfd that wakes the main thread
 * @lock: protects @end
 * @end: set by the first vcpu that ends the run
 * @stopping: tells vcpu threads to leave KVM_RUN and end
 * @threads: the thread of each vcpu
 */
struct machine {
	const struct options *options;
	struct boot boot;
	struct kvm_vm *vm;
	int gic;
	struct gic_state *gic_reset;
	struct uart uart;
	int wake;
	pthread_mutex_t lock;
	enum machine_end end;
	bool stopping;
	pthread_t threads[KVM_ARM_MAX_VCPUS];
};

/* Create the VM with all its devices. Nothing runs yet. */
void machine_create(struct machine *machine, const struct options *options);

/* Set registers, interrupt controller and files as at power-on. */
void machine_reset(struct machine *machine);

/* Start and stop the vcpus' threads. A stopped VM can be saved or reset. */
void machine_start(struct machine *machine);
void machine_stop(struct machine *machine);

enum machine_end machine_end(struct machine *machine);

/* ---- state.c ------------------------------------------------------------ */

/* Write a stopped machine to a file; read a file into a new machine. */
void state_save(struct machine *machine, const char *path);
void state_restore(struct machine *machine, const char *path);

/* ---- stats.c ------------------------------------------------------------ */

/* Print all statistics of the VM and its vcpus, one in each line. */
void stats_print(struct machine *machine);

#endif /* ARMVM_H */
