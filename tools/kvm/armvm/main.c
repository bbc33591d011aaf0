// SPDX-License-Identifier: GPL-2.0
/*
 * armvm: command line, and the main thread, which waits for input, signals and
 * the end of the run while other threads run the vcpus.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "armvm.h"
#include "clock.h"

/* Maximum time that output without a newline waits */
#define FLUSH_MS	10

static void die_of_library(const char *message)
{
	die("%s", message);
}

/* ---- command line ------------------------------------------------------- */

static const char usage[] =
"usage: armvm --kernel ZIMAGE [OPTION]...\n"
"  --kernel FILE        the guest's kernel, a zImage\n"
"  --initrd FILE        its initramfs\n"
"  --append TEXT        its command line (default: console=ttyS0)\n"
"  --cpus N             1 to 8 vcpus (default: 1)\n"
"  --mem MIB            RAM (default: 128)\n"
"  --no-reboot          end with status 3 when the guest asks for a reset\n"
"  --save FILE          on SIGUSR1, save the VM to a file and end\n"
"  --save-after SECONDS do so after some time, too\n"
"  --restore FILE       continue a saved VM, with the same --cpus and --mem;\n"
"                       --kernel is needed only for it to reboot\n"
"  --stats              print KVM's statistics at the end\n"
"  --dtb FILE           write the guest's device tree to a file\n"
"The guest's serial port is on standard input and output. On a terminal,\n"
"Ctrl-A x ends armvm.\n"
"Status: 0 the guest powered off or was saved, 1 failure, 2 usage, 3 reset,\n"
"4 the guest did something that cannot be handled, 5 ended from outside.\n";

static __noreturn __printf(1, 2) void misused(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsay(fmt, args);
	va_end(args);
	fputs("armvm --help lists the options\n", stderr);
	exit(STATUS_USAGE);
}

static unsigned int parse_number(const char *name, const char *text,
				 unsigned int min, unsigned int max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < min ||
	    value > max)
		misused("--%s is %s, and has to be a number from %u to %u",
			name, text, min, max);
	return value;
}

static double parse_seconds(const char *name, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value > 0 && value < 1e6))
		misused("--%s is %s, and has to be a number of seconds",
			name, text);
	return value;
}

enum {
	OPT_KERNEL,
	OPT_INITRD,
	OPT_APPEND,
	OPT_CPUS,
	OPT_MEM,
	OPT_NO_REBOOT,
	OPT_SAVE,
	OPT_SAVE_AFTER,
	OPT_RESTORE,
	OPT_STATS,
	OPT_DTB,
	OPT_HELP,
};

static const struct option long_options[] = {
	[OPT_KERNEL] = { "kernel", required_argument, NULL, OPT_KERNEL },
	[OPT_INITRD] = { "initrd", required_argument, NULL, OPT_INITRD },
	[OPT_APPEND] = { "append", required_argument, NULL, OPT_APPEND },
	[OPT_CPUS] = { "cpus", required_argument, NULL, OPT_CPUS },
	[OPT_MEM] = { "mem", required_argument, NULL, OPT_MEM },
	[OPT_NO_REBOOT] = { "no-reboot", no_argument, NULL, OPT_NO_REBOOT },
	[OPT_SAVE] = { "save", required_argument, NULL, OPT_SAVE },
	[OPT_SAVE_AFTER] = { "save-after", required_argument, NULL, OPT_SAVE_AFTER },
	[OPT_RESTORE] = { "restore", required_argument, NULL, OPT_RESTORE },
	[OPT_STATS] = { "stats", no_argument, NULL, OPT_STATS },
	[OPT_DTB] = { "dtb", required_argument, NULL, OPT_DTB },
	[OPT_HELP] = { "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static void set_option(struct options *options, int option, const char *text)
{
	const char *name = long_options[option].name;

	switch (option) {
	case OPT_KERNEL:
		options->kernel = text;
		break;
	case OPT_INITRD:
		options->initrd = text;
		break;
	case OPT_APPEND:
		options->append = text;
		break;
	case OPT_CPUS:
		options->nr_cpus = parse_number(name, text, 1,
						KVM_ARM_MAX_VCPUS);
		break;
	case OPT_MEM:
		options->mem_mib = parse_number(name, text, RAM_MIN_MIB,
						RAM_MAX_MIB);
		break;
	case OPT_NO_REBOOT:
		options->no_reboot = true;
		break;
	case OPT_SAVE:
		options->save = text;
		break;
	case OPT_SAVE_AFTER:
		options->save_after = parse_seconds(name, text);
		break;
	case OPT_RESTORE:
		options->restore = text;
		break;
	case OPT_STATS:
		options->stats = true;
		break;
	case OPT_DTB:
		options->dtb = text;
		break;
	default:
		fputs(usage, stdout);
		exit(STATUS_OK);
	}
}

static void parse(struct options *options, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) >= 0) {
		if (option == '?')
			misused("unknown option, or an option without its value");
		set_option(options, option, optarg);
	}
	if (optind < argc)
		misused("what is %s?", argv[optind]);
	if (!options->kernel && !options->restore)
		misused("--kernel or --restore is missing");
	if (options->save_after && !options->save)
		misused("--save-after needs --save");
}

/* ---- the main thread ---------------------------------------------------- */

/*
 * Block the signals before other threads exist, so that only the signalfd gets
 * them.
 */
static int open_signals(void)
{
	static const int signals[] = { SIGUSR1, SIGTERM, SIGINT, SIGHUP };
	sigset_t set;
	unsigned int i;
	int fd;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&set, signals[i]);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		die("cannot create a signalfd: %s", strerror(errno));
	return fd;
}

static __noreturn void end_from_outside(struct machine *machine,
					const char *why)
{
	uart_flush(&machine->uart);
	say("ended by %s", why);
	exit(STATUS_ENDED);
}

/* Handle a signal. Return true if the VM must be saved. */
static bool take_signal(struct machine *machine, int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return false;
	if (info.ssi_signo == SIGUSR1 && machine->options->save)
		return true;
	end_from_outside(machine, strsignal(info.ssi_signo));
}

/* Pass input to the guest. Return false at the end of the input. */
static bool take_input(struct machine *machine, unsigned int room)
{
	uint8_t data[UART_FIFO];
	int len = terminal_read(data, room);

	if (len == -EINTR)
		end_from_outside(machine, "Ctrl-A x");
	if (len > 0)
		uart_input(&machine->uart, data, len);
	return len != -ENODATA;
}

/**
 * struct wait - events that the main thread waits for
 * @signals: signalfd
 * @input_ended: the input has ended
 * @deadline: time to save at, in milliseconds, or 0
 */
struct wait {
	int signals;
	bool input_ended;
	uint64_t deadline;
};

static int poll_timeout(const struct wait *wait, bool output)
{
	int64_t left;

	if (output)
		return FLUSH_MS;
	if (!wait->deadline)
		return -1;
	left = wait->deadline - now_ms();
	return left < 0 ? 0 : left > 60000 ? 60000 : left;
}

/* Wait. Return true if the VM must be saved, false at the end of the run. */
static bool wait_for_end(struct machine *machine, struct wait *wait)
{
	bool output = false;
	unsigned int room;
	uint64_t count;
	int ready;

	while (machine_end(machine) == END_NONE) {
		struct pollfd fds[] = {
			{ .fd = machine->wake, .events = POLLIN },
			{ .fd = wait->signals, .events = POLLIN },
			{ .fd = -1, .events = POLLIN },
		};

		if (wait->deadline && now_ms() >= wait->deadline)
			return true;
		room = wait->input_ended ? 0 : uart_room(&machine->uart);
		if (room)
			fds[2].fd = STDIN_FILENO;
		ready = poll(fds, ARRAY_SIZE(fds), poll_timeout(wait, output));
		if (ready == 0 && output)
			uart_flush(&machine->uart);
		output = ready > 0 && (fds[0].revents || output);
		if (ready <= 0)
			continue;
		if (fds[0].revents)
			output = read(machine->wake, &count, sizeof(count)) > 0;
		if (fds[1].revents && take_signal(machine, wait->signals))
			return true;
		if (fds[2].revents && !take_input(machine, room))
			wait->input_ended = true;
	}
	return false;
}

/* Return the exit status of a run that has ended, or -1 to continue. */
static int conclude(struct machine *machine)
{
	switch (machine_end(machine)) {
	case END_OFF:
		return STATUS_OK;
	case END_RESET:
		if (machine->options->no_reboot || !machine->options->kernel) {
			say("the guest asked for a reset");
			return STATUS_RESET;
		}
		machine_reset(machine);
		return -1;
	case END_GUEST:
		return STATUS_GUEST;
	default:
		return STATUS_FAILED;
	}
}

static int run(struct machine *machine, int signals)
{
	const struct options *options = machine->options;
	struct wait wait = { .signals = signals };
	bool save;
	int status = -1;

	if (options->save_after)
		wait.deadline = now_ms() + options->save_after * 1000;
	while (status < 0) {
		machine_start(machine);
		save = wait_for_end(machine, &wait);
		machine_stop(machine);
		/* The run may have ended by itself. */
		if (save && machine_end(machine) == END_NONE) {
			state_save(machine, options->save);
			status = STATUS_OK;
		} else {
			status = conclude(machine);
		}
	}
	return status;
}

int main(int argc, char **argv)
{
	static struct machine machine;
	struct options options = {
		.append = "console=ttyS0",
		.nr_cpus = 1,
		.mem_mib = 128,
	};
	int signals, status;

	kvm_bail_handler = die_of_library;
	parse(&options, argc, argv);
	signals = open_signals();
	machine_create(&machine, &options);
	if (options.restore)
		state_restore(&machine, options.restore);
	else
		machine_reset(&machine);
	terminal_open();
	status = run(&machine, signals);
	terminal_close();
	if (options.stats)
		stats_print(&machine);
	return status;
}
