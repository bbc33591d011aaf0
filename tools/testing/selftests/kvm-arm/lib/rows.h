/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rows of coproc/regs.h with the kind as an argument:
 *
 *	ROW_OF32(kind, id, name, cp, crn, opc1, crm, opc2, trap, who, ...)
 *	ROW_OF64(kind, id, name, cp, crm, opc1, trap, who, ...)
 *	RANGE_OF32, RANGE_OF64		the same without id
 *
 * Before including this file, define the first two, and the others if ranges are
 * wanted. kind is an enum reg_kind, name is a string.
 */
#define SWITCHED32(name, ...)	ROW_OF32(REG_SWITCHED, REG_ID_##name, #name, __VA_ARGS__)
#define SWITCHED64(name, ...)	ROW_OF64(REG_SWITCHED, REG_ID_##name, #name, __VA_ARGS__)
#define EMULATED32(name, ...)	ROW_OF32(REG_EMULATED, REG_ID_##name, #name, __VA_ARGS__)
#define ALIAS32(name, ...)	ROW_OF32(REG_ALIAS, REG_ID_##name, #name, __VA_ARGS__)
#define ID32(name, ...)		ROW_OF32(REG_ID, REG_ID_##name, #name, __VA_ARGS__)
#define ID64(name, ...)		ROW_OF64(REG_ID, REG_ID_##name, #name, __VA_ARGS__)
#define EXTERNAL32(name, ...)	ROW_OF32(REG_EXTERNAL, REG_ID_##name, #name, __VA_ARGS__)
#define EXTERNAL64(name, ...)	ROW_OF64(REG_EXTERNAL, REG_ID_##name, #name, __VA_ARGS__)
#define OPERATION32(name, ...)	ROW_OF32(REG_OPERATION, REG_ID_##name, #name, __VA_ARGS__)
#define RAZ_WI32(name, ...)	ROW_OF32(REG_RAZ_WI, REG_ID_##name, #name, __VA_ARGS__)
#define RAZ_WI64(name, ...)	ROW_OF64(REG_RAZ_WI, REG_ID_##name, #name, __VA_ARGS__)
#define NATIVE32(name, ...)	ROW_OF32(REG_NATIVE, REG_ID_##name, #name, __VA_ARGS__)
#define NATIVE64(name, ...)	ROW_OF64(REG_NATIVE, REG_ID_##name, #name, __VA_ARGS__)
#ifdef RANGE_OF32
#define RAZ_RANGE32(name, ...)	RANGE_OF32(REG_RAZ_WI, #name, __VA_ARGS__)
#define UNDEF_RANGE32(name, ...) RANGE_OF32(REG_UNDEF, #name, __VA_ARGS__)
#define UNDEF_RANGE64(name, ...) RANGE_OF64(REG_UNDEF, #name, __VA_ARGS__)
#endif

#include "coproc/regs.h"
