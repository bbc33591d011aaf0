// SPDX-License-Identifier: GPL-2.0
/*
 * The tool kvmarm: its output and its exit status.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "state_edit.h"

#define OUTPUT	65536

static char output[OUTPUT];

/* Run kvmarm with up to five words. Return its status, and its output in @output. */
static int kvmarm(const char *a, const char *b, const char *c, const char *d,
		  const char *e)
{
	const char *tool = getenv("KVMARM") ?: "/bin/kvmarm";
	size_t used = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe(fds))
		kvm_bail("pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		execl(tool, "kvmarm", a, b, c, d, e, NULL);
		_exit(127);
	}
	close(fds[1]);
	while ((n = read(fds[0], output + used, OUTPUT - 1 - used)) > 0)
		used += n;
	output[used] = '\0';
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		kvm_bail("fork: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect_output(const char *text)
{
	expect(strstr(output, text), "no \"%s\" in: %s", text, output);
}

static void explain_register(void)
{
	expect_equal(kvmarm("explain", "actlr", NULL, NULL, NULL), 0, "status");
	expect_output("p15, 0, c1, c0, 1: ACTLR, id 0x40200000000f0801\n");
	expect_output("kind  emulated");
	expect_output("trap  HCR.TAC\n");
	expect_output("PL1   read, write\n");
	expect_output("PL0   -\n");

	/*
	 * Give the same register by its encoding, and registers of MRRC, VMRS
	 * and CP14.
	 */
	expect_equal(kvmarm("explain", "p15, 0, c1, c0, 1", NULL, NULL, NULL), 0,
		     "status");
	expect_output("ACTLR, id 0x40200000000f0801\n");
	expect_equal(kvmarm("explain", "p15,1,c14", NULL, NULL, NULL), 0, "status");
	expect_output("p15, 1, c14: CNTVCT, id 0x40300000000f0708\n");
	expect_equal(kvmarm("explain", "mvfr0", NULL, NULL, NULL), 0, "status");
	expect_output("p10, 7, c7, c0, 0: MVFR0, id 0x4020000000121007\n");
	expect_output("trap  HCR.TID3\n");
	expect_equal(kvmarm("explain", "p14,0,c0,c1,0", NULL, NULL, NULL), 0,
		     "status");
	expect_output("p14, 0, c0, c1, 0: DBGDSCRint\n");
	expect_output("PL0   read\n");
}

static void explain_range(void)
{
	expect_equal(kvmarm("explain", "p15,0,c0,c7,7", NULL, NULL, NULL), 0,
		     "status");
	expect_output("range ID_C4_C7\n  kind  raz/wi");
	expect_equal(kvmarm("explain", "p15,7,c11,c8,7", NULL, NULL, NULL), 0,
		     "status");
	expect_output("kind  undefined");
	expect_output("trap  HCR.TIDCP\n  PL1   -\n");
}

static void explain_nothing(void)
{
	static const char *const words[] = {
		"", "p15", "p15,8,c0,c0,0", "p15,0,c16,c0,0", "p15,0,c0,c0,8",
		"p15,0,c0,c0,0,0", "p15,16,c0", "p11,0,c0,c0,0", "p10,0,c0,c0,0",
		"R0", "0x", "NONSENSE", "p15,0,c1,c0,1x",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		expect_equal(kvmarm("explain", words[i], NULL, NULL, NULL), 1,
			     "status for \"%s\"", words[i]);
		expect_output("error: ");
	}
	expect_equal(kvmarm("explain", NULL, NULL, NULL, NULL), 2, "status");
}

static void decode(void)
{
	expect_equal(kvmarm("decode", "sctlr", "0x00c50879", NULL, NULL), 0, "status");
	expect_output("SCTLR = 0x00c50879\n");
	expect_output("SCTLR.M = 1\n");
	expect_output("SCTLR.C = 0\n");
	expect_output("SCTLR.Z = 1\n");
	expect_equal(kvmarm("decode", "TTBCR", "0x80000000", NULL, NULL), 0, "status");
	expect_output("TTBCR.EAE = 1\n");
	expect_equal(kvmarm("decode", "ID_PFR0", "0x1131", NULL, NULL), 0, "status");
	expect_output("ID_PFR0.State1 = 3\n");

	expect_equal(kvmarm("decode", "SCTLR", "0x100000000", NULL, NULL), 2, "status");
	expect_equal(kvmarm("decode", "SCTLR", "many", NULL, NULL), 2, "status");
	expect_equal(kvmarm("decode", "NONSENSE", "0", NULL, NULL), 1, "status");
	expect_equal(kvmarm("decode", "SCTLR", NULL, NULL, NULL), 2, "status");
}

/* The value decides which fields a register has. */
static void formats(void)
{
	static const struct {
		const char *reg, *value, *fields, *other;
	} cases[] = {
		{ "TTBCR", "0x00000012", "TTBCR.N = 2\n  TTBCR.PD0 = 1\n", "TTBCR.T0SZ" },
		{ "TTBCR", "0x80000302", "TTBCR.T0SZ = 2\n  TTBCR.EPD0 = 0\n  TTBCR.IRGN0 = 3\n",
		  "TTBCR.N " },
		{ "DFSR", "0x00000c15", "DFSR.FS_3_0 = 5\n  DFSR.Domain = 1\n  DFSR.LPAE = 0\n",
		  "STATUS" },
		{ "DFSR", "0x00000a15", "DFSR.STATUS = 0x15\n  DFSR.LPAE = 1\n  DFSR.WnR = 1\n",
		  "Domain" },
		{ "IFSR", "0x00000405", "IFSR.FS_3_0 = 5\n  IFSR.LPAE = 0\n  IFSR.FS_4 = 1\n",
		  "STATUS" },
		{ "IFSR", "0x00000205", "IFSR.STATUS = 0x5\n  IFSR.LPAE = 1\n", "FS_" },
		{ "PAR", "0x12345003", "PAR.F = 1\n  PAR.FS = 0x1\n", "PA = " },
		{ "PAR", "0x12345002", "PAR.F = 0\n  PAR.SS = 1\n", "FS = " },
		{ "PAR_64", "0xff0000fedcba9b80", "PAR_64.SH = 3\n", "PAR_64.SS" },
		{ "PAR_64", "0xff0000fedcba9b80", "PA = 0xfedcba9\n  PAR_64.ATTR = 0xff\n", "FST" },
		/* PAR, its low word, has no ATTR. */
		{ "PAR", "0xdcba9b80", "PAR.SH = 3\n", "ATTR" },
		{ "PAR_64", "0x00000f0d", "PAR_64.FST = 0x6\n  PAR_64.S2WLK = 1\n", "PA = " },
		{ "NSACR", "0x00080c00", "NSACR.cp10 = 1\n  NSACR.cp11 = 1\n", "NSACR.cp9" },
		{ "CPSR", "0x660fa1d3", "CPSR.M = 0x13\n  CPSR.T = 0\n", "SPSR" },
		{ "SPSR_fiq", "0x660fa1d3", "SPSR_fiq.IT_7_2 = 0x28\n  SPSR_fiq.GE = 15\n",
		  " CPSR" },
		{ "CNTV_CTL", "5", "CNTV_CTL.ENABLE = 1\n  CNTV_CTL.IMASK = 0\n", "CNTP" },
		{ "CCSIDR[2]", "0x700fe01a", "CCSIDR[2].NumSets = 0x7f\n  CCSIDR[2].WA = 1\n",
		  "CCSIDR.WA" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		expect_equal(kvmarm("decode", cases[i].reg, cases[i].value, NULL, NULL), 0,
			     "status for %s", cases[i].reg);
		expect_output(cases[i].fields);
		expect(!strstr(output, cases[i].other), "%s %s has %s", cases[i].reg,
		       cases[i].value, cases[i].other);
	}
	/* A register without named fields */
	expect_equal(kvmarm("decode", "VBAR", "0x1000", NULL, NULL), 0, "status");
	expect(!strcmp(output, "VBAR = 0x00001000\n"), "VBAR has fields: %s", output);
}

/* get and set print the same fields. */
static void get_and_set(void)
{
	expect_equal(kvmarm("get", "SCTLR", "get", "ID_PFR0", NULL), 0, "status");
	expect_output("SCTLR = 0x00c50");
	expect_output("  SCTLR.M = 0\n  SCTLR.A = 0\n");
	expect_output("  ID_PFR0.State1 = 3\n");
	expect_equal(kvmarm("set", "TTBCR", "0x80000000", NULL, NULL), 0, "status");
	expect_output("TTBCR = 0x80000000\n  TTBCR.T0SZ = 0\n");
	expect_output("  TTBCR.EAE = 1\n");
	expect_equal(kvmarm("get", "cpsr", NULL, NULL, NULL), 0, "status");
	expect_output("CPSR = 0x000001d3\n  CPSR.M = 0x13\n");
	expect_equal(kvmarm("get", "R0", NULL, NULL, NULL), 0, "status");
	expect(!strcmp(output, "R0 = 0x00000000\n"), "R0 has fields: %s", output);

	expect_equal(kvmarm("list", "--fields", "core", NULL, NULL), 0, "status");
	expect_output("0x000001d3\n  CPSR.M = 0x13\n");
	expect_equal(kvmarm("list", "core", NULL, NULL, NULL), 0, "status");
	expect(!strstr(output, "CPSR.M"), "list has fields that were not asked for");
	expect_equal(kvmarm("list", "--json", "--fields", "cp15", NULL), 0, "status");
	expect_output("\"fields\": { \"M\": 0, \"A\": 0,");
	expect_output("\"group\": \"cp15\", \"value\": \"0x00000000\", \"fields\": { } }");
	expect_equal(kvmarm("list", "--nonsense", NULL, NULL, NULL), 2, "status");
}

/* There is one line for each register, with KVM's id and value. */
static void json(void)
{
	struct kvm_vcpu *vcpu = vcpu_create(vm_create(), 0);
	struct kvm_reg_list *list;
	char line[128], name[REG_NAME_LEN];
	unsigned int lines = 0;
	const char *c;
	uint64_t i;

	vcpu_init(vcpu, 1 << KVM_ARM_VCPU_PSCI_0_2);
	list = vcpu_get_reg_list(vcpu);
	expect_equal(kvmarm("list", "--json", NULL, NULL, NULL), 0, "status");
	for (i = 0; i < list->n; i++) {
		uint64_t id = list->reg[i];

		snprintf(line, sizeof(line), "  \"%s\": { \"id\": \"0x%016llx\", ",
			 reg_name(id, name), (unsigned long long)id);
		expect(strstr(output, line), "no %s", line);
	}
	for (c = output; (c = strchr(c, '\n')); c++)
		lines++;
	/* The braces are two more lines. */
	expect_equal(lines, list->n + 2, "lines");
	expect_output("\"value\": \"0x00c50");
	expect(!strncmp(output, "{\n", 2) && strstr(output, "\" }\n}\n"),
	       "not one object");
	lines = 0;
	for (c = output; (c = strstr(c, "},\n  \"")); c++)
		lines++;
	expect_equal(lines, list->n - 1, "commas between registers");
	expect(!strstr(output, "},\n}"), "a comma before the end");

	expect_equal(kvmarm("list", "--json", "timer", "get", "SCTLR"), 0, "status");
	expect_output("CNTV_CTL");
	expect_output("SCTLR = 0x00c50");
	expect(!strstr(output, "MIDR"), "MIDR is no timer");
	free(list);
	vm_free(vcpu->vm);
}

#define FILE_A	"/tmp/kvmarm-test.a"
#define FILE_B	"/tmp/kvmarm-test.b"

static void save(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(data, 1, size, file) != size || fclose(file))
		kvm_bail("%s: %s", path, strerror(errno));
}

/* Compare two texts: the output must equal @want. */
static void expect_diff(const char *a, const char *b, int status, const char *want)
{
	save(FILE_A, a, strlen(a));
	save(FILE_B, b, strlen(b));
	expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), status, "status for %s", b);
	expect(!strcmp(output, want), "got %s, want %s", output, want);
}

/* A register in a list, and a list of one register */
#define REGISTER(id, value)	"\"x\": { \"id\": \"" id "\", \"value\": \"" value "\" }"
#define ONE(id, value)		"{\n" REGISTER(id, value) "\n}\n"
#define R0			"0x4020000000100000"
#define SCTLR			"0x40200000000f0800"

static void diff_lists(void)
{
	char *value, *list;

	expect_equal(kvmarm("list", "--json", NULL, NULL, NULL), 0, "status");
	list = strdup(output);
	expect_diff(list, list, 0, "");
	value = list ? strstr(list, "\"SCTLR\"") : NULL;
	value = value ? strstr(value, "\"0x00c5") : NULL;
	if (!expect(value, "no SCTLR: %s", output))
		return;
	/* Repeat with fields, which diff ignores. */
	expect_equal(kvmarm("list", "--json", "--fields", "core", NULL), 0, "status");
	save(FILE_A, output, strlen(output));
	expect_equal(kvmarm("list", "--json", "core", NULL, NULL), 0, "status");
	save(FILE_B, output, strlen(output));
	expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), 0, "status");

	memcpy(value, "\"0x00c50079\"", 12);
	save(FILE_A, list, strlen(list));
	memcpy(value, "\"0x00c51078\"", 12);
	save(FILE_B, list, strlen(list));
	expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), 1, "status");
	expect(!strcmp(output, "SCTLR = 0x00c50079 -> 0x00c51078\n"
		       "  SCTLR.M = 1 -> 0\n  SCTLR.I = 0 -> 1\n"), "got %s", output);
	free(list);
}

static void diff_registers(void)
{
	/* A bit without a name; a register without fields; 64 bits */
	expect_diff(ONE(SCTLR, "0x80"), ONE(SCTLR, "0x1"), 1,
		    "SCTLR = 0x00000080 -> 0x00000001\n  SCTLR.M = 0 -> 1\n"
		    "  in no field: 0x00000080 -> 0x00000000\n");
	expect_diff(ONE(R0, "1"), ONE(R0, "0xffffffff"), 1,
		    "R0 = 0x00000001 -> 0xffffffff\n");
	expect_diff(ONE("0x4030000000121000", "0"), ONE("0x4030000000121000", "5"), 1,
		    "0x4030000000121000 = 0x0000000000000000 -> 0x0000000000000005\n");
	/* Registers in one file only, one of them with an unknown id */
	expect_diff("{" REGISTER(R0, "1") "," REGISTER(SCTLR, "2") "}",
		    "{" REGISTER("0x40200000000f7fff", "3") "," REGISTER(R0, "1") "}", 1,
		    "SCTLR = 0x00000002 only in " FILE_A "\n"
		    "0x40200000000f7fff = 0x00000003 only in " FILE_B "\n");
	/* The value decides which fields a register has. */
	expect_diff(ONE("0x40200000000f2800", "0xc15"), ONE("0x40200000000f2800", "0xa15"), 1,
		    "DFSR = 0x00000c15 -> 0x00000a15\n"
		    "  DFSR.FS_3_0 = 5 -> -\n  DFSR.Domain = 1 -> -\n  DFSR.LPAE = 0 -> 1\n"
		    "  DFSR.FS_4 = 1 -> -\n  DFSR.STATUS = - -> 0x15\n");
	/* Other order, other members, no white space */
	expect_diff(ONE(R0, "1"),
		    "{\"\":{\"value\":\"1\",\"a\":[{\"\\\"}\":-1e5},[],{}],\"id\":\"" R0 "\"}}",
		    0, "");
}

static void diff_bad_lists(void)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "", "the file is empty" },
		{ "R0 = 1\n", "not a file of kvmarm list --json" },
		{ "KVMARMVM", "truncated" },
		{ "{}", "no registers" },
		{ "{\n\n\"R0\": 1 }", "line 3: '{' is missing" },
		{ "{ \"R0\": {} }", "'\"' is missing" },
		{ "{ \"R0 }\n", "a string does not end" },
		{ ONE(R0, "1") "x", "line 4: something comes after the end" },
		{ ONE(R0, "1x"), "\"1x\" is no number for \"value\"" },
		{ ONE(R0, "0x"), "no number" },
		{ ONE(R0, "-1"), "no number" },
		{ ONE(R0, ""), "no number" },
		{ ONE(R0, "0x0000000000000000000000000000000000001"), "no number" },
		{ ONE(R0, "0x10000000000000000"), "no number" },
		{ ONE(R0, "0x100000000"), "0x100000000 is not a 32-bit number" },
		{ ONE("R0", "1"), "\"R0\" is no number for \"id\"" },
		{ ONE("0x6020000000100000", "1"), "not one of 32-bit ARM" },
		{ ONE("0x4010000000100000", "1"), "no register has 2 bytes" },
		{ ONE("0x4080000000100000", "1"), "no register has 256 bytes" },
		{ "{" REGISTER(R0, "1") "," REGISTER(R0, "1") "}",
		  "id 0x4020000000100000 is there twice" },
		{ "{ \"R0\": { \"id\": \"" R0 "\" } }", "a register without value" },
		{ "{ \"R0\": { \"value\": \"1\" } }", "a register without id" },
		{ "{ \"R0\": { \"id\": \"" R0 "\", \"id\": \"" R0 "\" } }", "a second \"id\"" },
		{ "{ \"R0\": { \"id\": " R0 ", \"value\": \"1\" } }", "'\"' is missing" },
		{ "{" REGISTER(R0, "1") ",}", "'\"' is missing" },
		{ "{ \"R0\": { \"a\": [[[[[[[[[[[[[[[[[[[[", "too many brackets" },
	};
	static const char good[] = "{\"R0\":{\"id\":\"" R0 "\",\"value\":\"1\"}}";
	unsigned int i;

	save(FILE_A, good, strlen(good));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		save(FILE_B, cases[i].text, strlen(cases[i].text));
		expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), 2, "status for %s",
			     cases[i].text);
		expect_output("error: " FILE_B ": ");
		expect_output(cases[i].error);
		expect_equal(kvmarm("diff", FILE_B, FILE_A, NULL, NULL), 2, "status for %s",
			     cases[i].text);
	}
	for (i = 0; i < strlen(good); i++) {
		save(FILE_B, good, i);
		expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), 2, "%u bytes", i);
		expect_output(i ? "line 1: the file ends too early\n" : "the file is empty\n");
	}
	expect_equal(kvmarm("diff", FILE_A, FILE_A, NULL, NULL), 0, "status");
}

static void diff_no_lists(void)
{
	const size_t size = 0x100000;
	char *line = malloc(size + 1);

	save(FILE_A, ONE(R0, "1"), strlen(ONE(R0, "1")));
	/* A line of the maximum length, and one byte more; a file without end */
	memset(line, 'x', size + 1);
	memcpy(line, "{ \"", 3);
	save(FILE_B, line, size);
	expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), 2, "status");
	expect_output("line 1: the file ends too early\n");
	save(FILE_B, line, size + 1);
	expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), 2, "status");
	expect_output("too long for a list of registers\n");
	expect_equal(kvmarm("diff", FILE_A, "/dev/zero", NULL, NULL), 2, "status");
	expect_output("/dev/zero: too long");
	free(line);

	expect_equal(kvmarm("diff", FILE_A, "/tmp", NULL, NULL), 2, "status");
	expect_output("/tmp: Is a directory\n");
	expect_equal(kvmarm("diff", "/tmp/none", FILE_A, NULL, NULL), 2, "status");
	expect_output("/tmp/none: No such file or directory\n");
	expect_equal(kvmarm("diff", FILE_A, NULL, NULL, NULL), 2, "status");
	/* Another command may follow, and runs unless the files differ. */
	expect_equal(kvmarm("diff", FILE_A, FILE_A, "get", "PC"), 0, "status");
	expect_output("PC = ");
	save(FILE_B, ONE(R0, "2"), strlen(ONE(R0, "2")));
	expect_equal(kvmarm("diff", FILE_A, FILE_B, "get", "PC"), 1, "status");
	expect(!strstr(output, "PC = "), "a command after a difference: %s", output);
}

/* A VM in a file of armvm --save */
static void diff_machines(void)
{
	struct vm_state state = state_create(2);
	struct state_image image, copy;
	struct state_reg *reg;
	size_t size;

	vcpu_set_reg(state.vm->vcpus[1], REG(TPIDRURO), 0x1234);
	state_save_image(&state, &image);
	state_destroy(&state);
	save(FILE_A, image.data, image.size);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_A ":0", NULL, NULL), 0, "status");
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_A ":1", NULL, NULL), 1, "status");
	expect_output("MPIDR = 0x80000000 -> 0x80000001\n  MPIDR.Aff0 = 0x0 -> 0x1\n");
	expect_output("\nTPIDRURO = 0x00000000 -> 0x00001234\n");
	expect(!strstr(output, "VBAR"), "VBAR is the same: %s", output);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_A, NULL, NULL), 2, "status");
	expect_output(FILE_A ": 2 vcpus are in it; name one, as in " FILE_A ":0\n");
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_A ":2", NULL, NULL), 2, "status");
	expect_output("there is no vcpu 2 in it, of 2\n");

	/* Compared with a list, no register is missing from either. */
	expect_equal(kvmarm("list", "--json", NULL, NULL, NULL), 0, "status");
	save(FILE_B, output, strlen(output));
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B, NULL, NULL), 1, "status");
	expect(!strstr(output, "only in"), "another list: %s", output);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B ":1", NULL, NULL), 2, "status");

	/*
	 * The file is cut off, damaged, has an id twice, or an id of an
	 * impossible size.
	 */
	for (size = 0; size < image.size; size += image.size / 16) {
		save(FILE_B, image.data, size);
		expect_equal(kvmarm("diff", FILE_A ":0", FILE_B ":0", NULL, NULL), 2,
			     "status after %zu bytes", size);
	}
	save(FILE_B, image.data, image.size - 1);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B ":0", NULL, NULL), 2, "status");
	expect_output("the file is truncated: it ends in the end\n");
	copy = state_copy(&image);
	reg = state_find_reg(&copy, 0, REG(TPIDRURO));
	reg->value ^= 1;
	save(FILE_B, copy.data, copy.size);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B ":0", NULL, NULL), 2, "status");
	expect_output("wrong checksum of the registers of vcpu 0\n");
	state_seal(state_find(&copy, STATE_REGS, 0));
	save(FILE_B, copy.data, copy.size);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B ":0", NULL, NULL), 1, "status");
	expect(!strcmp(output, "TPIDRURO = 0x00000000 -> 0x00000001\n"), "got %s", output);
	reg->id = REG(TPIDRURW);
	state_seal(state_find(&copy, STATE_REGS, 0));
	save(FILE_B, copy.data, copy.size);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B ":0", NULL, NULL), 2, "status");
	expect_output("is there twice\n");
	reg->id = REG(TPIDRURO) ^ 1ULL << KVM_REG_SIZE_SHIFT << 2;
	state_seal(state_find(&copy, STATE_REGS, 0));
	save(FILE_B, copy.data, copy.size);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B ":0", NULL, NULL), 2, "status");
	expect_output("no register has 64 bytes\n");
	free(copy.data);
	copy = state_copy(&image);
	state_drop_section(&copy, STATE_REGS, 0);
	save(FILE_B, copy.data, copy.size);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B ":0", NULL, NULL), 2, "status");
	expect_output("parts of it are missing\n");
	free(copy.data);
	free(image.data);
	unlink(FILE_A);
	unlink(FILE_B);
}

static void busy(void)
{
	expect_equal(kvmarm("set", "ID_ISAR0", "0", "get", "ID_ISAR0"), 0, "status");
	expect_output("ID_ISAR0 = 0x00000000\n");
	expect_equal(kvmarm("set", "ID_ISAR0", "0xffffffff", NULL, NULL), 1, "status");
	expect_output("not a value or register KVM accepts\n");
}

static const struct test tests[] = {
	{ "explain says which row decides about a register", explain_register },
	{ "explain says which range decides about an encoding", explain_range },
	{ "explain refuses what no instruction names", explain_nothing },
	{ "decode names the fields of a value", decode },
	{ "decode tells fields by the format that the value has", formats },
	{ "get, set and list --fields print fields", get_and_set },
	{ "list --json has each register in one object", json },
	{ "set says why a value is refused", busy },
	{ "diff prints the fields that differ between two lists", diff_lists },
	{ "diff prints bits, ids and formats that are in one only", diff_registers },
	{ "diff refuses a list that is wrong or cut off", diff_bad_lists },
	{ "diff refuses what is no list of registers", diff_no_lists },
	{ "diff takes vcpus out of the file of a machine", diff_machines },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
