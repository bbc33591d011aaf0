// SPDX-License-Identifier: GPL-2.0
/* Generate encodings of loads and stores: Thumb and VFP. */
#include <stdio.h>

#include "execute.h"
#include "load_store.h"
#include "load_store_operands.h"

#define IT_EQ	0xbf08
#define SP	13

/* Use Thumb state; put every other instruction into an IT block of its own. */
static void thumb_begin(struct load_store *x, const char *name)
{
	load_store_begin(x, name);
	x->cpsr |= CPSR_T | CPSR_Z;
	if (random_below(2))
		x->it = IT_EQ;
}

static void t16_register(uint32_t target, load_store_fn fn, uint32_t op)
{
	static const char * const names[] = {
		"str", "strh", "strb", "ldrsb", "ldr", "ldrh", "ldrb", "ldrsh",
	};
	struct load_store x;

	thumb_begin(&x, names[op]);
	x.insn = 0x5000 | op << 9 | 3 << 6 | 5 << 3 | 6;
	x.r[3] = 0x40;
	x.r[5] = target - 0x40;
	fn(&x);
}

/* Opcodes of words, bytes, halfwords: 0110, 0111, 1000 */
static void t16_immediate(uint32_t target, load_store_fn fn, uint32_t op,
			  bool load)
{
	uint32_t imm = random_below(16) * 2, size = ((uint32_t[]){ 4, 1, 2 })[op];
	struct load_store x;

	thumb_begin(&x, "");
	snprintf(x.name, sizeof(x.name), "%s, %u bytes, imm5",
		 load ? "load" : "store", size);
	x.insn = 0x6000 | op << 12 | load << 11 | imm << 6 | 2 << 3 | 7;
	x.r[2] = target - imm * size;
	fn(&x);
}

static void t16_sp(uint32_t target, load_store_fn fn, bool load)
{
	struct load_store x;

	thumb_begin(&x, load ? "ldr [sp, #]" : "str [sp, #]");
	x.insn = 0x9000 | load << 11 | 4 << 8 | 21;
	x.r[SP] = target - 21 * 4;
	fn(&x);
}

static void t16_multiple(uint32_t target, load_store_fn fn, bool load)
{
	uint32_t rn = random_below(8), list;
	struct load_store x;

	thumb_begin(&x, load ? "ldmia" : "stmia");
	list = random_list(rn, false, true, 0xff);
	x.insn = 0xc000 | load << 11 | rn << 8 | list;
	x.r[rn] = target;
	fn(&x);
}

static void t16_stack(uint32_t target, load_store_fn fn, bool pop, bool lr)
{
	struct load_store x;

	thumb_begin(&x, pop ? "pop" : "push");
	x.insn = 0xb400 | pop << 11 | lr << 8 | random_list(SP, pop, true, 0xff);
	x.r[SP] = target;
	fn(&x);
}

void load_store_thumb16(uint32_t target, load_store_fn fn)
{
	unsigned int n;

	for (n = 0; n < 8; n++)
		t16_register(target, fn, n);
	for (n = 0; n < 6; n++)
		t16_immediate(target, fn, n / 2, n & 1);
	for (n = 0; n < 2; n++)
		t16_sp(target, fn, n);
	for (n = 0; n < 16; n++)
		t16_multiple(target, fn, n & 1);
	for (n = 0; n < 8; n++) {
		t16_stack(target, fn, true, false);
		t16_stack(target, fn, false, n & 1);
	}
}

enum t32_mode {
	IMM12, REGISTER, NEGATIVE, UNPRIVILEGED, PRE_UP, PRE_DOWN, POST_UP,
	POST_DOWN, NR_T32_MODES,
};

static const char * const t32_modes[] = {
	"imm12", "register", "-imm8", "unprivileged", "pre", "-pre", "post",
	"-post",
};

static void t32_single(uint32_t target, load_store_fn fn, uint32_t size,
		       bool sign, bool load, enum t32_mode mode)
{
	static const uint32_t puw[] = {
		[NEGATIVE] = 4, [UNPRIVILEGED] = 6, [PRE_UP] = 7, [PRE_DOWN] = 5,
		[POST_UP] = 3, [POST_DOWN] = 1,
	};
	uint32_t rn = random_below(15), rt, rm, imm = random_below(24) * 8;
	struct load_store x;

	thumb_begin(&x, "");
	snprintf(x.name, sizeof(x.name), "%s%s.w, %u bytes, %s",
		 load ? "ldr" : "str", sign ? "s" : "", 1 << size,
		 t32_modes[mode]);
	do {
		rt = register_not(1U << rn | 1U << SP);
		rm = register_not(1U << rn | 1U << rt | 1U << SP);
	} while (rt == rm);
	x.insn = 0xf8000000 | sign << 24 | size << 21 | load << 20 | rn << 16 |
		 rt << 12;
	x.r[rn] = target - imm;
	switch (mode) {
	case IMM12:
		x.insn |= 1 << 23 | imm;
		break;
	case REGISTER:
		x.insn |= 2 << 4 | rm;
		x.r[rm] = imm / 4;
		break;
	default:
		x.insn |= 1 << 11 | puw[mode] << 8 | imm;
		if (mode == POST_UP || mode == POST_DOWN)
			x.r[rn] = target;
		else if (mode == NEGATIVE || mode == PRE_DOWN)
			x.r[rn] = target + imm;
	}
	fn(&x);
}

static void t32_dual(uint32_t target, load_store_fn fn, uint32_t puw, bool load)
{
	bool pre = puw & 4, up = puw & 2, wback = puw & 1;
	uint32_t rn = random_below(15), rt, rt2, imm = random_below(24) * 2;
	struct load_store x;

	thumb_begin(&x, "");
	snprintf(x.name, sizeof(x.name), "%s %s%s", load ? "ldrd" : "strd",
		 up ? "" : "-", pre ? wback ? "pre" : "offset" : "post");
	rt = register_not(1U << rn | 1U << SP);
	rt2 = register_not(1U << rn | 1U << rt | 1U << SP);
	target += 4 * random_below(2);
	x.insn = 0xe8400000 | pre << 24 | up << 23 | wback << 21 | load << 20 |
		 rn << 16 | rt << 12 | rt2 << 8 | imm;
	x.r[rn] = !pre ? target : up ? target - imm * 4 : target + imm * 4;
	fn(&x);
}

static void t32_multiple(uint32_t target, load_store_fn fn, bool down,
			 bool wback, bool load)
{
	uint32_t rn = random_below(15), list;
	struct load_store x;

	thumb_begin(&x, "");
	snprintf(x.name, sizeof(x.name), "%s%s.w%s", load ? "ldm" : "stm",
		 down ? "db" : "ia", wback ? "!" : "");
	do {
		list = random_list(rn, true, wback, 0x5fff);
	} while (!(list & (list - 1)));
	x.insn = 0xe8000000 | (down ? 2 : 1) << 23 | wback << 21 | load << 20 |
		 rn << 16 | list;
	x.r[rn] = target;
	fn(&x);
}

void load_store_thumb32(uint32_t target, load_store_fn fn)
{
	unsigned int n, size, mode;

	for (mode = 0; mode < NR_T32_MODES; mode++)
		for (size = 0; size < 3; size++) {
			t32_single(target, fn, size, false, false, mode);
			t32_single(target, fn, size, false, true, mode);
			if (size < 2)
				t32_single(target, fn, size, true, true, mode);
		}
	/* With P and W clear, the encoding is another instruction. */
	for (n = 0; n < 16; n++)
		if (n & 5)
			t32_dual(target, fn, n & 7, n & 8);
	for (n = 0; n < 32; n++)
		t32_multiple(target, fn, n & 1, n & 2, n & 4);
}

static void vfp_insn(uint32_t target, load_store_fn fn, uint32_t puw, bool load,
		     bool dbl, bool thumb)
{
	bool pre = puw & 4, up = puw & 2, wback = puw & 1;
	uint32_t rn = random_below(13), first, nr = 1, words, size = dbl ? 2 : 1;
	struct load_store x;

	if (thumb)
		thumb_begin(&x, "");
	else
		load_store_begin(&x, "");
	snprintf(x.name, sizeof(x.name), "%s%s %s%s%s%s", load ? "vl" : "vs",
		 pre && !wback ? "r" : "m", dbl ? "d" : "s", up ? "" : " down",
		 wback ? "!" : "", thumb ? ", Thumb" : "");
	first = random_below(dbl ? 16 : 32);
	if (!pre || wback)
		nr = 1 + random_below((dbl ? 16 : 32) - first);
	words = nr * size;
	if (pre && !wback)
		words = random_below(48);
	/*
	 * D, the extra bit, is the highest of a double register and the lowest
	 * of a single one.
	 */
	x.insn = 0xec000a00 | pre << 24 | up << 23 | wback << 21 | load << 20 |
		 rn << 16 | dbl << 8 | words |
		 (dbl ? first << 12 : first >> 1 << 12 | (first & 1) << 22);
	target += 4 * random_below(2);
	x.r[rn] = !pre ? target : up ? target - words * 4 : target + words * 4;
	x.vfp = true;
	fn(&x);
}

void load_store_vfp(uint32_t target, load_store_fn fn)
{
	/* VLDR up and down; VLDM IA without and with writeback; VLDM DB */
	static const uint32_t puw[] = { 6, 4, 2, 3, 5 };
	unsigned int n, i;

	for (n = 0; n < 8; n++)
		for (i = 0; i < 5; i++)
			vfp_insn(target, fn, puw[i], n & 1, n & 2, n & 4);
}
