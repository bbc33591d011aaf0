// SPDX-License-Identifier: GPL-2.0
/*
 * kvmarm - inspect KVM on a 32-bit ARM host: list, read, write and compare the
 * registers of a vcpu, and run a small guest.
 */
#include <stdlib.h>
#include <string.h>

#include "kvmarm.h"

#define DEMO_GUEST	"/guests/hello.bin"
#define DEFAULT_MEM_MIB	32

/**
 * struct command - a command of the command line
 * @name: its name
 * @args: its arguments, as shown by the help
 * @help: one line of description
 * @fn: run the command; argv[0] is the first argument, *used is set to the
 *	number of arguments used
 */
struct command {
	const char *name;
	const char *args;
	const char *help;
	int (*fn)(struct session *session, int argc, char **argv, int *used);
};

static int usage_error(const char *command, const char *reason)
{
	fprintf(stderr, "error: %s: %s; see 'kvmarm help'\n", command,
		reason);
	return STATUS_USAGE;
}

static int cmd_target(struct session *session, int argc, char **argv,
		      int *used)
{
	(void)argc;
	(void)argv;
	*used = 0;
	return print_target(session);
}

static bool is_group(const char *word)
{
	unsigned int group;

	for (group = 0; group < REG_OTHER; group++)
		if (!strcmp(word, reg_group_name(group)))
			return true;
	return false;
}

static int cmd_list(struct session *session, int argc, char **argv, int *used)
{
	struct listing what = { 0 };

	for (*used = 0; *used < argc; ++*used) {
		if (!strcmp(argv[*used], "--json"))
			what.json = true;
		else if (!strcmp(argv[*used], "--fields"))
			what.fields = true;
		else if (is_group(argv[*used]))
			what.group = argv[*used];
		else
			break;
	}
	return list_registers(session, &what);
}

static int cmd_get(struct session *session, int argc, char **argv, int *used)
{
	if (argc < 1)
		return usage_error("get", "which register?");
	*used = 1;
	return get_register(session, argv[0]);
}

static int cmd_set(struct session *session, int argc, char **argv, int *used)
{
	if (argc < 2)
		return usage_error("set", "which register and value?");
	*used = 2;
	return set_register(session, argv[0], argv[1]);
}

static int cmd_explain(struct session *session, int argc, char **argv,
		       int *used)
{
	(void)session;
	if (argc < 1)
		return usage_error("explain", "which register or encoding?");
	*used = 1;
	return explain_encoding(argv[0]);
}

static int cmd_decode(struct session *session, int argc, char **argv,
		      int *used)
{
	(void)session;
	if (argc < 2)
		return usage_error("decode", "which register and value?");
	*used = 2;
	return decode_value(argv[0], argv[1]);
}

static int cmd_diff(struct session *session, int argc, char **argv, int *used)
{
	(void)session;
	if (argc < 2)
		return usage_error("diff", "which two files?");
	*used = 2;
	return diff_files(argv[0], argv[1]);
}

/* Parse a number from 1 to @max. Return 0 for all else. */
static unsigned int parse_count(const char *word, unsigned long max)
{
	unsigned long value;
	char *end;

	value = strtoul(word, &end, 0);
	return *word && !*end && value <= max ? value : 0;
}

static int cmd_run(struct session *session, int argc, char **argv, int *used)
{
	unsigned int mem_mib = DEFAULT_MEM_MIB;
	unsigned int nr_vcpus = 1;
	int i = 0;

	while (i + 1 < argc && !strncmp(argv[i], "--", 2)) {
		if (!strcmp(argv[i], "--mem"))
			mem_mib = parse_count(argv[i + 1], 2048);
		else if (!strcmp(argv[i], "--vcpus"))
			nr_vcpus = parse_count(argv[i + 1], KVM_ARM_MAX_VCPUS);
		else
			return usage_error(argv[i], "no such option");
		if (!mem_mib || !nr_vcpus)
			return usage_error(argv[i], "not a usable number");
		i += 2;
	}
	if (i == argc || !strncmp(argv[i], "--", 2))
		return usage_error("run", "which file?");
	*used = i + 1;
	return run_file(session, argv[i], mem_mib, nr_vcpus);
}

static int cmd_demo(struct session *session, int argc, char **argv, int *used)
{
	int status;

	(void)argc;
	(void)argv;
	*used = 0;
	status = print_target(session);
	if (status == STATUS_OK) {
		putchar('\n');
		status = list_registers(session, &(struct listing){ 0 });
	}
	if (status == STATUS_OK) {
		printf("\nGuest %s:\n\n", DEMO_GUEST);
		status = run_file(session, DEMO_GUEST, DEFAULT_MEM_MIB, 1);
	}
	return status;
}

static int cmd_shell(struct session *session, int argc, char **argv, int *used)
{
	(void)argv;
	*used = 0;
	if (argc)
		return usage_error("shell", "takes no arguments");
	return run_shell(session);
}

static int cmd_help(struct session *session, int argc, char **argv,
		    int *used);

static const struct command commands[] = {
	{ "target", "", "the vcpu type KVM prefers on this host", cmd_target },
	{ "list", "[--json] [--fields] [GROUP]",
	  "table of registers; groups: core cp15 timer demux vfp firmware",
	  cmd_list },
	{ "get", "NAME|ID", "read a register and its fields", cmd_get },
	{ "set", "NAME|ID VALUE", "write a register and read it back",
	  cmd_set },
	{ "decode", "NAME|ID VALUE", "a value by the names of its fields",
	  cmd_decode },
	{ "explain", "NAME|ENCODING",
	  "which row decides, what traps, who may; p15,0,c1,c0,1 is an encoding",
	  cmd_explain },
	{ "diff", "FILE[:N] FILE[:N]",
	  "compare files of list --json, or vcpus N of armvm --save", cmd_diff },
	{ "run", "[--mem MIB] [--vcpus N] FILE", "run a flat guest binary",
	  cmd_run },
	{ "demo", "", "target, list, and the guest " DEMO_GUEST, cmd_demo },
	{ "shell", "", "a prompt for these commands", cmd_shell },
	{ "help", "", "this text", cmd_help },
};

static int cmd_help(struct session *session, int argc, char **argv, int *used)
{
	char usage[64];
	size_t i;

	(void)session;
	(void)argc;
	(void)argv;
	*used = 0;
	puts("usage: kvmarm COMMAND [COMMAND]...\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		snprintf(usage, sizeof(usage), "%s %s", commands[i].name,
			 commands[i].args);
		printf("  %-34s %s\n", usage, commands[i].help);
	}
	puts("\n"
	     "Commands work on vcpu 0 of the last run, or on a fresh vcpu:\n"
	     "  kvmarm set TPIDRURO 0x1234 get TPIDRURO list cp15\n"
	     "A register is a name of the ARM Architecture Reference Manual,\n"
	     "in any case, or a KVM id in hexadecimal.\n"
	     "\n"
	     "diff prints each register and field that is not the same:\n"
	     "  kvmarm list --json > before; ...; kvmarm list --json > after\n"
	     "  kvmarm diff before after\n"
	     "\n"
	     "Status: 0 success, 1 a command failed, 2 usage, 3 the guest\n"
	     "ended in another way than power-off or success. Of diff: 0 the\n"
	     "same, 1 different, 2 a file is no good.");
	return STATUS_OK;
}

static const struct command *find_command(const char *word)
{
	size_t i;

	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		word = "help";
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(word, commands[i].name))
			return &commands[i];
	return NULL;
}

int run_commands(struct session *session, int argc, char **argv)
{
	const struct command *command;
	int status, used;

	while (argc) {
		command = find_command(argv[0]);
		if (!command)
			return usage_error(argv[0], "no such command");
		used = 0;
		status = command->fn(session, argc - 1, argv + 1, &used);
		if (status != STATUS_OK)
			return status;
		argc -= used + 1;
		argv += used + 1;
	}
	return STATUS_OK;
}

int main(int argc, char **argv)
{
	struct session session = { 0 };
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2)
		return usage_error("command line", "no command");
	status = run_commands(&session, argc - 1, argv + 1);
	session_close(&session);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "error: cannot write the output\n");
		if (status == STATUS_OK)
			status = STATUS_FAILED;
	}
	return status;
}
