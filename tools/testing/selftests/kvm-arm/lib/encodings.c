// SPDX-License-Identifier: GPL-2.0
/* The kernel's register table, in a form that can be searched */
#include <string.h>

#include "encodings.h"

/* Pack operands in four bits each. ANY_OF() sets the bits eight above them. */
#define PACK32(crn, opc1, crm, opc2)					\
	(((crn) & 15) << 12 | ((opc1) & 15) << 8 | ((crm) & 15) << 4 | ((opc2) & 15))
#define PACK64(crm, opc1)	(((opc1) & 15) << 4 | ((crm) & 15))

#define FILL32(_kind, _name, _cp, crn, opc1, crm, opc2, _trap, _who, ...) \
	{ .name = _name, .kind = _kind, .cp = _cp, .trap = #_trap,	\
	  .who = #_who, .key = PACK32(crn, opc1, crm, opc2),		\
	  .any = PACK32((crn) >> 8, (opc1) >> 8, (crm) >> 8, (opc2) >> 8), \
	  .more = #__VA_ARGS__ },
#define FILL64(_kind, _name, _cp, crm, opc1, _trap, _who, ...)		\
	{ .name = _name, .kind = _kind, .cp = _cp, .is_64 = true,	\
	  .trap = #_trap, .who = #_who, .key = PACK64(crm, opc1),	\
	  .any = PACK64((crm) >> 8, (opc1) >> 8), .more = #__VA_ARGS__ },

#define ROW_OF32(kind, id, ...)	FILL32(kind, __VA_ARGS__)
#define ROW_OF64(kind, id, ...)	FILL64(kind, __VA_ARGS__)
#define RANGE_OF32(...)		FILL32(__VA_ARGS__)
#define RANGE_OF64(...)		FILL64(__VA_ARGS__)

const struct table_row table_rows[] = {
#include "rows.h"
};

const size_t nr_table_rows = ARRAY_SIZE(table_rows);

const struct table_row *deciding_row(const struct encoding *e)
{
	uint32_t key = e->is_64 ? PACK64(e->crm, e->opc1) :
				  PACK32(e->crn, e->opc1, e->crm, e->opc2);
	const struct table_row *row, *found = NULL;

	for (row = table_rows; row < table_rows + nr_table_rows; row++)
		if (row->cp == e->cp && row->is_64 == e->is_64 &&
		    (key & ~row->any) == row->key &&
		    (!found || __builtin_popcount(row->any) <
			       __builtin_popcount(found->any)))
			found = row;
	return found;
}

bool row_allows(const struct table_row *row, bool write, bool pl0)
{
	const char *pl0_part = strchr(row->who, '_');
	size_t pl1_len = pl0_part ? (size_t)(pl0_part - row->who) : strlen(row->who);
	char letter = write ? 'W' : 'R';

	if (pl0)
		return pl0_part && strchr(pl0_part, letter);
	return memchr(row->who, letter, pl1_len);
}

static const struct {
	const char *name;
	const char *reg;
} traps[] = {
#define TRAP(name, reg, bits)	{ #name, #reg },
#include "coproc/traps.h"
};

const char *trap_name(const char *trap, char *buf)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(traps); i++) {
		if (strcmp(traps[i].name, trap))
			continue;
		snprintf(buf, TRAP_NAME_LEN, "%s.%s", traps[i].reg, trap);
		return buf;
	}
	return trap;
}

const char *kind_name(enum reg_kind kind)
{
	static const char *const names[] = {
		[REG_NO_ROW] = "",
		[REG_SWITCHED] = "switched",
		[REG_EMULATED] = "emulated",
		[REG_ALIAS] = "alias",
		[REG_ID] = "id",
		[REG_EXTERNAL] = "external",
		[REG_OPERATION] = "operation",
		[REG_RAZ_WI] = "raz/wi",
		[REG_NATIVE] = "native",
		[REG_UNDEF] = "undefined",
	};

	return names[kind];
}
