// SPDX-License-Identifier: GPL-2.0
/*
 * Generate encodings of loads and stores (ARM DDI 0406C, A5 to A8).
 * load_store_thumb.c has those of Thumb and VFP.
 */
#include <stdio.h>

#include "execute.h"
#include "load_store.h"
#include "load_store_operands.h"

static uint32_t seed = 1;

uint32_t random_below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* Start in Supervisor mode with arbitrary registers. */
void load_store_begin(struct load_store *x, const char *name)
{
	unsigned int r;

	*x = (struct load_store){ .cpsr = CPSR_SVC | CPSR_MASKED };
	snprintf(x->name, sizeof(x->name), "%s", name);
	for (r = 0; r < 15; r++)
		x->r[r] = random_below(1 << 24) * 0x101 + r;
}

/* Return a random register that is not in @mask. */
uint32_t register_not(uint32_t mask)
{
	uint32_t r;

	do {
		r = random_below(15);
	} while (mask & 1U << r);
	return r;
}

#define LSL	0
#define LSR	1
#define ASR	2
#define ROR	3
#define RRX	4

/* Return the register value that shifts to @offset. */
static uint32_t unshifted(uint32_t type, uint32_t amount, uint32_t offset)
{
	switch (type) {
	case LSL:
		return offset >> amount;
	case LSR:
		return offset << amount;
	case ASR:
		return offset << amount;
	case ROR:
		return offset << amount | offset >> (32 - amount);
	default:
		return offset << 1;
	}
}

#define P	0x01000000U
#define U	0x00800000U
#define B	0x00400000U
#define W	0x00200000U
#define L	0x00100000U
/* Register offset of word and byte accesses; immediate offset of the extra ones */
#define I_SINGLE	0x02000000U
#define I_EXTRA		0x00400000U

static const char *mode_name(uint32_t bits)
{
	if (bits & P)
		return bits & W ? "pre-indexed" : "offset";
	return bits & W ? "unprivileged" : "post-indexed";
}

static void single(uint32_t target, load_store_fn fn, uint32_t bits,
		   uint32_t shift)
{
	bool wback = !(bits & P) || bits & W, imm = shift > RRX;
	uint32_t rn = random_below(15), rt, rm, amount = 0, offset;
	struct load_store x;

	load_store_begin(&x, bits & L ? "ldr" : "str");
	snprintf(x.name, sizeof(x.name), "%s%s %s %s%s", bits & L ? "ldr" : "str",
		 bits & B ? "b" : "", mode_name(bits), bits & U ? "" : "-",
		 imm ? "imm" : ((const char *[]){ "lsl", "lsr", "asr", "ror",
						  "rrx" })[shift]);
	rt = wback ? register_not(1U << rn) : random_below(15);
	rm = register_not(1U << rn | 1U << rt);
	offset = random_below(24) * 8;
	if (!(bits & P) && bits & W && random_below(2))
		x.cpsr = CPSR_USR | CPSR_MASKED;

	x.insn = 0xe4000000 | bits | rn << 16 | rt << 12;
	if (imm) {
		x.insn |= offset;
	} else {
		if (shift == LSL)
			amount = random_below(4);
		else if (shift == LSR || shift == ROR)
			amount = 1 + random_below(20);
		else if (shift == ASR)
			amount = 1 + random_below(12);
		x.insn |= I_SINGLE | amount << 7 | (shift == RRX ? ROR : shift) << 5 |
			  rm;
		x.r[rm] = unshifted(shift, amount, offset);
		/* For RRX, the carry is the upper bit. */
		if (shift == RRX && random_below(2)) {
			x.cpsr |= CPSR_C;
			offset |= 0x80000000;
		}
	}
	if (!(bits & U))
		offset = -offset;
	x.r[rn] = bits & P ? target - offset : target;
	fn(&x);
}

static void singles(uint32_t target, load_store_fn fn)
{
	uint32_t bits, shift;

	for (bits = 0; bits < 32; bits++)
		for (shift = LSL; shift <= RRX + 1; shift++)
			single(target, fn, bits << 20, shift);
}

/* Bits 20 and 6:5 of the instructions */
static const struct {
	const char *name;
	uint32_t bits;
	bool dual;
} extras[] = {
	{ "strh", 1 << 5, false }, { "ldrh", L | 1 << 5, false },
	{ "ldrsb", L | 2 << 5, false }, { "ldrsh", L | 3 << 5, false },
	{ "ldrd", 2 << 5, true }, { "strd", 3 << 5, true },
};

static void extra(uint32_t target, load_store_fn fn, unsigned int n,
		  uint32_t bits, bool imm)
{
	uint32_t rn, rt, rm, offset = random_below(24) * 8;
	struct load_store x;

	load_store_begin(&x, "");
	snprintf(x.name, sizeof(x.name), "%s %s %s%s", extras[n].name,
		 mode_name(bits), bits & U ? "" : "-", imm ? "imm" : "reg");
	rt = extras[n].dual ? random_below(7) * 2 : random_below(15);
	if (rt == 14)
		rt = 12;
	rn = register_not(3U << rt);
	rm = register_not(3U << rt | 1U << rn);
	if (extras[n].dual && random_below(2))
		target += 4;
	x.insn = 0xe0000090 | extras[n].bits | bits | rn << 16 | rt << 12;
	if (imm)
		x.insn |= I_EXTRA | (offset & 0xf0) << 4 | (offset & 0xf);
	else
		x.insn |= rm;
	x.r[rm] = offset;
	if (!(bits & U))
		offset = -offset;
	x.r[rn] = bits & P ? target - offset : target;
	fn(&x);
}

static void extras_all(uint32_t target, load_store_fn fn)
{
	uint32_t puw, bits;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(extras); n++)
		for (puw = 0; puw < 8; puw++) {
			bits = (puw & 1 ? P : 0) | (puw & 2 ? U : 0) |
			       (puw & 4 ? W : 0);
			if (extras[n].dual && bits & W && !(bits & P))
				continue;
			extra(target, fn, n, bits, true);
			extra(target, fn, n, bits, false);
		}
}

static const char * const multiple_modes[] = { "da", "ia", "db", "ib" };

/*
 * With writeback, only a store may have the base in its list, as the lowest
 * register.
 */
uint32_t random_list(uint32_t rn, bool load, bool wback, uint32_t mask)
{
	uint32_t list;

	do {
		list = random_below(1 << 15) & mask;
		if (wback && list & 1U << rn &&
		    (load || list & ((1U << rn) - 1)))
			list &= ~(1U << rn);
	} while (!list);
	return list;
}

static void multiple(uint32_t target, load_store_fn fn, uint32_t bits,
		     uint32_t cpsr)
{
	bool user = bits & B, wback = bits & W;
	uint32_t rn = user ? random_below(8) : random_below(15), list;
	struct load_store x;

	load_store_begin(&x, "");
	snprintf(x.name, sizeof(x.name), "%s%s%s%s", bits & L ? "ldm" : "stm",
		 multiple_modes[bits >> 23 & 3], wback ? "!" : "",
		 user ? "^" : "");
	list = random_list(rn, bits & L, wback, 0x7fff);
	x.cpsr = cpsr | CPSR_MASKED;
	x.insn = 0xe8000000 | bits | rn << 16 | list;
	x.r[rn] = target + 4 * random_below(2);
	fn(&x);
}

static void multiples(uint32_t target, load_store_fn fn)
{
	static const uint32_t modes[] = { CPSR_SVC, CPSR_IRQ, CPSR_FIQ };
	uint32_t puwl, bits;
	unsigned int n;

	for (puwl = 0; puwl < 16; puwl++) {
		bits = (puwl & 1 ? P : 0) | (puwl & 2 ? U : 0) |
		       (puwl & 4 ? W : 0) | (puwl & 8 ? L : 0);
		for (n = 0; n < 6; n++)
			multiple(target, fn, bits, modes[n % 3]);
		if (!(bits & W))
			for (n = 0; n < 3; n++)
				multiple(target, fn, bits | B, modes[n]);
	}
}

static void swaps(uint32_t target, load_store_fn fn)
{
	uint32_t rn = 4, rt = 5, rm = 6;
	struct load_store x;

	load_store_begin(&x, "swp");
	x.insn = 0xe1000090 | rn << 16 | rt << 12 | rm;
	x.r[rn] = target;
	x.optional = true;
	fn(&x);
	load_store_begin(&x, "swpb");
	x.insn = 0xe1400090 | rn << 16 | rt << 12 | rm;
	x.r[rn] = target + 3;
	x.optional = true;
	fn(&x);
}

void load_store_arm(uint32_t target, load_store_fn fn)
{
	singles(target, fn);
	extras_all(target, fn);
	multiples(target, fn);
	swaps(target, fn);
}
