// SPDX-License-Identifier: GPL-2.0
/*
 * kvmarm diff: differences of lists of registers and of files of machines
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "run_kvmarm.h"
#include "state_edit.h"

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
	expect(!strcmp(kvmarm_output, want), "got %s, want %s", kvmarm_output, want);
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
	list = strdup(kvmarm_output);
	expect_diff(list, list, 0, "");
	value = list ? strstr(list, "\"SCTLR\"") : NULL;
	value = value ? strstr(value, "\"0x00c5") : NULL;
	if (!expect(value, "no SCTLR: %s", kvmarm_output))
		return;
	/* Repeat with fields, which diff ignores. */
	expect_equal(kvmarm("list", "--json", "--fields", "core", NULL), 0, "status");
	save(FILE_A, kvmarm_output, strlen(kvmarm_output));
	expect_equal(kvmarm("list", "--json", "core", NULL, NULL), 0, "status");
	save(FILE_B, kvmarm_output, strlen(kvmarm_output));
	expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), 0, "status");

	memcpy(value, "\"0x00c50079\"", 12);
	save(FILE_A, list, strlen(list));
	memcpy(value, "\"0x00c51078\"", 12);
	save(FILE_B, list, strlen(list));
	expect_equal(kvmarm("diff", FILE_A, FILE_B, NULL, NULL), 1, "status");
	expect(!strcmp(kvmarm_output, "SCTLR = 0x00c50079 -> 0x00c51078\n"
		       "  SCTLR.M = 1 -> 0\n  SCTLR.I = 0 -> 1\n"), "got %s", kvmarm_output);
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
	expect(!strstr(kvmarm_output, "PC = "), "a command after a difference: %s", kvmarm_output);
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
	expect(!strstr(kvmarm_output, "VBAR"), "VBAR is the same: %s", kvmarm_output);
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_A, NULL, NULL), 2, "status");
	expect_output(FILE_A ": 2 vcpus are in it; name one, as in " FILE_A ":0\n");
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_A ":2", NULL, NULL), 2, "status");
	expect_output("there is no vcpu 2 in it, of 2\n");

	/* Compared with a list, no register is missing from either. */
	expect_equal(kvmarm("list", "--json", NULL, NULL, NULL), 0, "status");
	save(FILE_B, kvmarm_output, strlen(kvmarm_output));
	expect_equal(kvmarm("diff", FILE_A ":0", FILE_B, NULL, NULL), 1, "status");
	expect(!strstr(kvmarm_output, "only in"), "another list: %s", kvmarm_output);
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
	expect(!strcmp(kvmarm_output, "TPIDRURO = 0x00000000 -> 0x00000001\n"), "got %s",
	       kvmarm_output);
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

static const struct test tests[] = {
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
