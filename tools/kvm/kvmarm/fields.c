// SPDX-License-Identifier: GPL-2.0
/* Find and print the fields of a register, for all commands. */
#include "kvmarm.h"

const struct reg_field *next_field(uint64_t id, uint64_t value,
				   const struct reg_field *f)
{
	uint64_t layout = reg_layout(id, value);

	for (f = f ? f + 1 : reg_fields; f < reg_fields + nr_reg_fields; f++)
		if (f->id == layout && f->low < reg_size(id) * 8)
			return f;
	return NULL;
}

const char *field_text(const struct reg_field *f, uint64_t value, char *buf)
{
	snprintf(buf, FIELD_TEXT_LEN, f->width > 4 ? "0x%llx" : "%llu",
		 (unsigned long long)reg_field_get(f, value));
	return buf;
}
