// SPDX-License-Identifier: GPL-2.0
/* Model IT blocks of Thumb code. */
#include "it_block.h"

#define AL	0xe

bool it_is_device(enum it_kind kind)
{
	return kind >= LOAD16 && kind <= STORE32;
}

static bool is_wide(enum it_kind kind)
{
	switch (kind) {
	case ADD32:
	case LOAD32:
	case STORE32:
	case READ32:
	case VMOV:
	case MRC:
	case MRC_TRAPS:
	case MCR:
	case MCR_TRAPS:
	case SMC:
	case UDF32:
		return true;
	default:
		return false;
	}
}

static uint32_t encode(enum it_kind kind, uint32_t i)
{
	switch (kind) {
	case ADD16:
		return 0x3011 | i << 8;
	case ADD32:
		return 0xf1000022 | i << 16 | i << 8;
	case LOAD16:
		return 0x6820 | i << 6 | i;
	case LOAD32:
		return 0xf8d40000 | i << 12 | i << 2;
	case STORE16:
		return 0x6020 | i << 6 | i;
	case STORE32:
		return 0xf8c40000 | i << 12 | i << 2;
	case READ16:
		return 0x6828 | i << 6 | i;
	case READ32:
		return 0xf8d50000 | i << 12 | i << 2;
	case WRITE16:
		return 0x6028 | i << 6 | i;
	case VMOV:
		return 0xee100a10 | i << 12;	/* vmov ri, s0 */
	case MRC:
		return 0xee1d0f70 | i << 12;
	case MRC_TRAPS:
		return 0xee110f30 | i << 12;
	case MCR:
		return 0xee0d0f70 | i << 12;
	case MCR_TRAPS:
		return 0xee010f30 | i << 12;
	case SMC:
		return 0xf7f08000;
	case UDF16:
		return 0xde00;
	default:
		return 0xf7f0a000;
	}
}

static bool condition_passes(uint32_t cond, uint32_t flags)
{
	bool n = flags & CPSR_N, z = flags & CPSR_Z;
	bool c = flags & CPSR_C, v = flags & CPSR_V;
	bool passes;

	switch (cond >> 1) {
	case 0:
		passes = z;
		break;
	case 1:
		passes = c;
		break;
	case 2:
		passes = n;
		break;
	case 3:
		passes = v;
		break;
	case 4:
		passes = c && !z;
		break;
	case 5:
		passes = n == v;
		break;
	case 6:
		passes = n == v && !z;
		break;
	default:
		return true;
	}
	return passes != (cond & 1);
}

static uint32_t it_advance(uint32_t it)
{
	return it & 7 ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
}

/* Tell whether @it is a valid IT: the condition AL has no "else". */
bool it_is_shape(uint32_t it)
{
	return (it & 0xf) && it >> 4 != 0xf &&
	       (it >> 4 != AL || !(it & (it - 1) & 0xf));
}

unsigned int it_block_size(uint32_t it)
{
	return 4 - __builtin_ctz(it & 0xf);
}

void it_walk(const struct it_block *b, struct it_step *steps)
{
	uint32_t pc = b->address + 2, it = b->it;
	unsigned int i;

	for (i = 0; i < b->nr; i++) {
		steps[i].pc = pc;
		pc += is_wide(b->kind[i]) ? 4 : 2;
		steps[i].next = pc;
		steps[i].it = it;
		steps[i].passes = !it || condition_passes(it >> 4, b->flags);
		it = it_advance(it);
		steps[i].next_it = it;
	}
}

static uint16_t *put(uint16_t *code, uint32_t insn, bool wide)
{
	if (wide)
		*code++ = insn >> 16;
	*code++ = insn;
	return code;
}

void it_write(const struct it_block *b, uint16_t *code)
{
	unsigned int i;

	code = put(code, 0xbf00 | b->it, false);
	for (i = 0; i < b->nr; i++)
		code = put(code, encode(b->kind[i], i), is_wide(b->kind[i]));
	/* adds r6, #1; bx lr */
	code = put(code, 0x3601, false);
	put(code, 0x4770, false);
}
