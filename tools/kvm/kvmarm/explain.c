// SPDX-License-Identifier: GPL-2.0
/* Explain registers and encodings, without a vcpu. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "encodings.h"
#include "kvmarm.h"

/* Meaning of each kind of row for a guest */
static const char *const kinds[] = {
	[REG_SWITCHED] = "the CPU has the guest's value while it runs",
	[REG_EMULATED] = "KVM answers, by a value in the vcpu",
	[REG_ALIAS] = "the low word of another register",
	[REG_ID] = "KVM answers, by a value of the VM",
	[REG_EXTERNAL] = "another part of KVM has the value",
	[REG_OPERATION] = "KVM carries it out; there is no value",
	[REG_RAZ_WI] = "reads as zero, ignores writes",
	[REG_NATIVE] = "the CPU answers; user space has no view of it",
	[REG_UNDEF] = "undefined",
};

static void print_who(const struct table_row *row, bool pl0)
{
	bool read = row_allows(row, false, pl0), write = row_allows(row, true, pl0);

	printf("  PL%d   %s%s%s\n", !pl0, read ? "read" : "",
	       read && write ? ", " : "",
	       write ? "write" : read ? "" : "-");
}

/*
 * Parse an encoding, with or without spaces: "p15,0,c1,c0,1" of MRC, or
 * "p15,0,c2" of MRRC.
 */
static bool parse_encoding(const char *word, struct encoding *e)
{
	unsigned int cp, opc1, a, b, opc2;
	char end;

	memset(e, 0, sizeof(*e));
	if (sscanf(word, " p%u , %u , c%u , c%u , %u %c", &cp, &opc1, &a, &b, &opc2,
		   &end) == 5) {
		*e = (struct encoding){ .cp = cp, .opc1 = opc1, .crn = a, .crm = b,
					.opc2 = opc2 };
		return opc1 < 8 && a < 16 && b < 16 && opc2 < 8;
	}
	if (sscanf(word, " p%u , %u , c%u %c", &cp, &opc1, &a, &end) == 3) {
		*e = (struct encoding){ .cp = cp, .is_64 = true, .opc1 = opc1,
					.crm = a };
		return opc1 < 16 && a < 16;
	}
	return false;
}

static bool encoding_of_name(const char *word, struct encoding *e)
{
	uint64_t id;
	unsigned int low;

	if (reg_lookup(word, &id))
		return false;
	low = id & 0xffff;
	e->cp = (id & KVM_REG_ARM_COPROC_MASK) >> KVM_REG_ARM_COPROC_SHIFT;
	e->is_64 = reg_size(id) == 8;
	if (e->cp == KVM_REG_ARM_VFP >> KVM_REG_ARM_COPROC_SHIFT && !e->is_64) {
		*e = (struct encoding){ .cp = 10, .opc1 = 7, .crn = low & 15 };
		return true;
	}
	e->crn = low >> 11 & 15;
	e->crm = low >> 7 & 15;
	e->opc1 = low >> 3 & 15;
	e->opc2 = low & 7;
	return e->cp == 15 || e->cp == 14;
}

int explain_encoding(const char *word)
{
	const struct table_row *row;
	char trap[TRAP_NAME_LEN];
	struct encoding e = { 0 };
	uint64_t id;

	if (!parse_encoding(word, &e) && !encoding_of_name(word, &e)) {
		fprintf(stderr, "error: %s: neither a register nor as p15,0,c1,c0,0 or p15,0,c2\n",
			word);
		return STATUS_FAILED;
	}
	row = deciding_row(&e);
	if (!row) {
		fprintf(stderr, "error: %s: no instruction of CP15, CP14 or VMRS names this\n",
			word);
		return STATUS_FAILED;
	}
	if (e.is_64)
		printf("p%u, %u, c%u: ", e.cp, e.opc1, e.crm);
	else
		printf("p%u, %u, c%u, c%u, %u: ", e.cp, e.opc1, e.crn, e.crm, e.opc2);
	printf("%s%s", row->any ? "range " : "", row->name);
	if (row->kind < REG_OPERATION && !reg_lookup(row->name, &id))
		printf(", id 0x%016llx", (unsigned long long)id);
	printf("\n  kind  %s: %s\n  trap  %s\n", kind_name(row->kind), kinds[row->kind],
	       trap_name(row->trap, trap));
	print_who(row, false);
	print_who(row, true);
	return STATUS_OK;
}

int decode_value(const char *word, const char *text)
{
	uint64_t id, value;
	char *end;

	if (reg_lookup(word, &id)) {
		fprintf(stderr, "error: %s: no register of this name\n", word);
		return STATUS_FAILED;
	}
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || !*text || *end ||
	    (reg_size(id) == sizeof(uint32_t) && value > UINT32_MAX)) {
		fprintf(stderr, "error: decode %s: %s is not a %u-bit number\n", word,
			text, reg_size(id) * 8);
		return STATUS_USAGE;
	}
	print_register(id, value);
	return STATUS_OK;
}
