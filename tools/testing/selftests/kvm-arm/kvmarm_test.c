// SPDX-License-Identifier: GPL-2.0
/*
 * The tool kvmarm: its output and its exit status, but for kvmarm diff.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "run_kvmarm.h"

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
		expect(!strstr(kvmarm_output, cases[i].other), "%s %s has %s", cases[i].reg,
		       cases[i].value, cases[i].other);
	}
	/* A register without named fields */
	expect_equal(kvmarm("decode", "VBAR", "0x1000", NULL, NULL), 0, "status");
	expect(!strcmp(kvmarm_output, "VBAR = 0x00001000\n"), "VBAR has fields: %s",
	       kvmarm_output);
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
	expect(!strcmp(kvmarm_output, "R0 = 0x00000000\n"), "R0 has fields: %s", kvmarm_output);

	expect_equal(kvmarm("list", "--fields", "core", NULL, NULL), 0, "status");
	expect_output("0x000001d3\n  CPSR.M = 0x13\n");
	expect_equal(kvmarm("list", "core", NULL, NULL, NULL), 0, "status");
	expect(!strstr(kvmarm_output, "CPSR.M"), "list has fields that were not asked for");
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
		expect(strstr(kvmarm_output, line), "no %s", line);
	}
	for (c = kvmarm_output; (c = strchr(c, '\n')); c++)
		lines++;
	/* The braces are two more lines. */
	expect_equal(lines, list->n + 2, "lines");
	expect_output("\"value\": \"0x00c50");
	expect(!strncmp(kvmarm_output, "{\n", 2) && strstr(kvmarm_output, "\" }\n}\n"),
	       "not one object");
	lines = 0;
	for (c = kvmarm_output; (c = strstr(c, "},\n  \"")); c++)
		lines++;
	expect_equal(lines, list->n - 1, "commas between registers");
	expect(!strstr(kvmarm_output, "},\n}"), "a comma before the end");

	expect_equal(kvmarm("list", "--json", "timer", "get", "SCTLR"), 0, "status");
	expect_output("CNTV_CTL");
	expect_output("SCTLR = 0x00c50");
	expect(!strstr(kvmarm_output, "MIDR"), "MIDR is no timer");
	free(list);
	vm_free(vcpu->vm);
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
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
