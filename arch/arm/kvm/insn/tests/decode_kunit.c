// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the decoder of loads and stores: decode instructions that the
 * assembler has encoded, and check the results for random words.
 */
#include <kunit/test.h>
#include <linux/prandom.h>

#include "../insn.h"

#define NONE	KVM_INSN_NO_REG
#define SINGLE	.class = KVM_INSN_SINGLE, .nr = 1
#define DUAL	.class = KVM_INSN_DUAL, .size = 4, .nr = 2
#define LIST(n)	.class = KVM_INSN_MULTIPLE, .size = 4, .nr = (n), .rm = NONE
#define VFP(n)	.class = KVM_INSN_VFP, .nr = (n), .rm = NONE
#define SWAP	.class = KVM_INSN_SWAP, .nr = 1, .rm = NONE
/* [Rn, #x], [Rn, #x]!, [Rn], #x */
#define OFFSET	.pre = true
#define PRE	.pre = true, .wback = true
#define POST	.wback = true
#define UP	.up = true
#define LOAD	.load = true

struct decode_case {
	const char *text;
	u32 word;
	struct kvm_insn want;
};

static const struct decode_case arm_cases[] = {
	{ "ldr r0, [r1], #4", 0xe4910004,
	  { SINGLE, .size = 4, .rn = 1, .rm = NONE, .imm = 4, LOAD, POST, UP } },
	{ "ldr r3, [r1, #-4095]!", 0xe5313fff,
	  { SINGLE, .size = 4, .rt = 3, .rn = 1, .rm = NONE, .imm = 4095, LOAD,
	    PRE } },
	{ "str r2, [r5], -r6, lsr #32", 0xe6052026,
	  { SINGLE, .size = 4, .rt = 2, .rn = 5, .rm = 6, .shift_type = 1,
	    POST } },
	{ "ldr r2, [r5, r6, ror #3]!", 0xe7b521e6,
	  { SINGLE, .size = 4, .rt = 2, .rn = 5, .rm = 6, .shift_type = 3,
	    .shift = 3, LOAD, PRE, UP } },
	{ "ldr r2, [r5, r6, rrx]", 0xe7952066,
	  { SINGLE, .size = 4, .rt = 2, .rn = 5, .rm = 6, .shift_type = 3, LOAD,
	    OFFSET, UP } },
	{ "ldrb r7, [r8, #1]!", 0xe5f87001,
	  { SINGLE, .size = 1, .rt = 7, .rn = 8, .rm = NONE, .imm = 1, LOAD, PRE,
	    UP } },
	{ "strbt r1, [r2], #3", 0xe4e21003,
	  { SINGLE, .size = 1, .rt = 1, .rn = 2, .rm = NONE, .imm = 3, POST, UP,
	    .unprivileged = true } },
	{ "ldrt r1, [r2], -r3, asr #5", 0xe63212c3,
	  { SINGLE, .size = 4, .rt = 1, .rn = 2, .rm = 3, .shift_type = 2,
	    .shift = 5, LOAD, POST, .unprivileged = true } },
	{ "strh r4, [r5], #-255", 0xe0454fbf,
	  { SINGLE, .size = 2, .rt = 4, .rn = 5, .rm = NONE, .imm = 255, POST } },
	{ "ldrsh r4, [r5, r6]!", 0xe1b540f6,
	  { SINGLE, .size = 2, .rt = 4, .rn = 5, .rm = 6, LOAD, .sign = true, PRE,
	    UP } },
	{ "ldrsb r4, [r5], #18", 0xe0d541d2,
	  { SINGLE, .size = 1, .rt = 4, .rn = 5, .rm = NONE, .imm = 18, LOAD,
	    .sign = true, POST, UP } },
	{ "ldrht r4, [r5], #2", 0xe0f540b2,
	  { SINGLE, .size = 2, .rt = 4, .rn = 5, .rm = NONE, .imm = 2, LOAD, POST,
	    UP, .unprivileged = true } },
	{ "ldrd r2, [r1]", 0xe1c120d0,
	  { DUAL, .rt = 2, .rt2 = 3, .rn = 1, .rm = NONE, LOAD, OFFSET, UP } },
	{ "strd r2, [r1, #16]", 0xe1c121f0,
	  { DUAL, .rt = 2, .rt2 = 3, .rn = 1, .rm = NONE, .imm = 16, OFFSET,
	    UP } },
	{ "ldrd r4, [r1], -r9", 0xe00140d9,
	  { DUAL, .rt = 4, .rt2 = 5, .rn = 1, .rm = 9, LOAD, POST } },
	{ "strd r6, [r1, #-248]!", 0xe1616ff8,
	  { DUAL, .rt = 6, .rt2 = 7, .rn = 1, .rm = NONE, .imm = 248, PRE } },
	{ "ldm r1, {r0, r2, pc}", 0xe8918005,
	  { LIST(3), .rn = 1, .list = 0x8005, LOAD, UP } },
	{ "push {r4-r11, lr}", 0xe92d4ff0,
	  { LIST(9), .rn = 13, .list = 0x4ff0, PRE } },
	{ "ldmib r9!, {r1, r9}", 0xe9b90202,
	  { LIST(2), .rn = 9, .list = 0x0202, LOAD, PRE, UP } },
	{ "stmda r3, {r0-pc}", 0xe803ffff,
	  { LIST(16), .rn = 3, .list = 0xffff } },
	{ "stmia r3, {r8-lr}^", 0xe8c37f00,
	  { LIST(7), .rn = 3, .list = 0x7f00, UP, .user = true } },
	{ "swp r0, r2, [r3]", 0xe1030092,
	  { SWAP, .size = 4, .rt2 = 2, .rn = 3, OFFSET } },
	{ "swpb r0, r2, [r3]", 0xe1430092,
	  { SWAP, .size = 1, .rt2 = 2, .rn = 3, OFFSET } },
	{ "vldr d17, [r1, #-8]", 0xed511b02,
	  { VFP(1), .size = 8, .rt = 17, .rn = 1, .imm = 8, LOAD, OFFSET } },
	{ "vstr s5, [r2, #4]", 0xedc22a01,
	  { VFP(1), .size = 4, .rt = 5, .rn = 2, .imm = 4, OFFSET, UP } },
	{ "vldmia r3!, {d0-d15}", 0xecb30b20,
	  { VFP(16), .size = 8, .rn = 3, .imm = 128, LOAD, POST, UP } },
	{ "vstmdb r4!, {s1-s31}", 0xed640a1f,
	  { VFP(31), .size = 4, .rt = 1, .rn = 4, .imm = 124, PRE } },
	{ "vldmia r5, {d16-d31}", 0xecd50b20,
	  { VFP(16), .size = 8, .rt = 16, .rn = 5, .imm = 128, LOAD, UP } },
	{ "fldmiax r5!, {d1-d3}", 0xecb51b07,
	  { VFP(3), .size = 8, .rt = 1, .rn = 5, .imm = 28, LOAD, POST, UP } },
};

static const struct decode_case thumb_cases[] = {
	{ "ldr r3, [r4, r5]", 0x5963,
	  { SINGLE, .size = 4, .rt = 3, .rn = 4, .rm = 5, LOAD, OFFSET, UP } },
	{ "ldrsb r3, [r4, r5]", 0x5763,
	  { SINGLE, .size = 1, .rt = 3, .rn = 4, .rm = 5, LOAD, .sign = true,
	    OFFSET, UP } },
	{ "strh r3, [r4, #62]", 0x87e3,
	  { SINGLE, .size = 2, .rt = 3, .rn = 4, .rm = NONE, .imm = 62, OFFSET,
	    UP } },
	{ "ldrb r3, [r4, #31]", 0x7fe3,
	  { SINGLE, .size = 1, .rt = 3, .rn = 4, .rm = NONE, .imm = 31, LOAD,
	    OFFSET, UP } },
	{ "str r3, [sp, #1020]", 0x93ff,
	  { SINGLE, .size = 4, .rt = 3, .rn = 13, .rm = NONE, .imm = 1020,
	    OFFSET, UP } },
	{ "ldr r3, [pc, #8]", 0x4b02,
	  { SINGLE, .size = 4, .rt = 3, .rn = 15, .rm = NONE, .imm = 8, LOAD,
	    OFFSET, UP } },
	{ "push {r1, r2, lr}", 0xb506,
	  { LIST(3), .rn = 13, .list = 0x4006, PRE } },
	{ "pop {r1, r2, pc}", 0xbd06,
	  { LIST(3), .rn = 13, .list = 0x8006, LOAD, POST, UP } },
	{ "push {lr}", 0xb500, { LIST(1), .rn = 13, .list = 0x4000, PRE } },
	{ "stmia r4!, {r0, r4}", 0xc411,
	  { LIST(2), .rn = 4, .list = 0x11, POST, UP } },
	{ "ldmia r4!, {r0, r1}", 0xcc03,
	  { LIST(2), .rn = 4, .list = 0x3, LOAD, POST, UP } },
	{ "ldmia r4, {r0, r4}", 0xcc11,
	  { LIST(2), .rn = 4, .list = 0x11, LOAD, UP } },
	{ "ldr.w r12, [r4], #255", 0xf854cbff,
	  { SINGLE, .size = 4, .rt = 12, .rn = 4, .rm = NONE, .imm = 255, LOAD,
	    POST, UP } },
	{ "str.w r12, [r4, #-1]!", 0xf844cd01,
	  { SINGLE, .size = 4, .rt = 12, .rn = 4, .rm = NONE, .imm = 1, PRE } },
	{ "ldrsh.w r9, [r4, r11, lsl #3]", 0xf934903b,
	  { SINGLE, .size = 2, .rt = 9, .rn = 4, .rm = 11, .shift = 3, LOAD,
	    .sign = true, OFFSET, UP } },
	{ "ldrt r9, [r4, #7]", 0xf8549e07,
	  { SINGLE, .size = 4, .rt = 9, .rn = 4, .rm = NONE, .imm = 7, LOAD,
	    OFFSET, UP, .unprivileged = true } },
	{ "ldr.w pc, [r4], #4", 0xf854fb04,
	  { SINGLE, .size = 4, .rt = 15, .rn = 4, .rm = NONE, .imm = 4, LOAD,
	    POST, UP } },
	{ "ldrb.w r9, [pc, #-12]", 0xf81f900c,
	  { SINGLE, .size = 1, .rt = 9, .rn = 15, .rm = NONE, .imm = 12, LOAD,
	    OFFSET } },
	{ "ldrd r2, r5, [r1], #-1020", 0xe87125ff,
	  { DUAL, .rt = 2, .rt2 = 5, .rn = 1, .rm = NONE, .imm = 1020, LOAD,
	    POST } },
	{ "strd r2, r5, [r1, #8]!", 0xe9e12502,
	  { DUAL, .rt = 2, .rt2 = 5, .rn = 1, .rm = NONE, .imm = 8, PRE, UP } },
	{ "ldmdb r4!, {r8, r12}", 0xe9341100,
	  { LIST(2), .rn = 4, .list = 0x1100, LOAD, PRE } },
	{ "stmia.w r10, {r0-r12, lr}", 0xe88a5fff,
	  { LIST(14), .rn = 10, .list = 0x5fff, UP } },
	{ "vldr s31, [r1, #1020]", 0xedd1faff,
	  { VFP(1), .size = 4, .rt = 31, .rn = 1, .imm = 1020, LOAD, OFFSET,
	    UP } },
	{ "vstmia r1!, {d1}", 0xeca11b02,
	  { VFP(1), .size = 8, .rt = 1, .rn = 1, .imm = 8, POST, UP } },
};

/*
 * Loads and stores that are refused: exclusive and other ones, and some
 * unpredictable ones
 */
static const struct decode_case arm_refused[] = {
	{ "ldrex r1, [r2]", 0xe1921f9f },
	{ "strex r0, r1, [r2]", 0xe1820f91 },
	{ "ldrexd r2, [r4]", 0xe1b42f9f },
	{ "ldm r1, {r0, pc}^", 0xe8d18001 },
	{ "ldm r1!, {r0}^", 0xe8f10001 },
	{ "ldm r1, {}", 0xe8910000 },
	{ "vld1.8 {d0}, [r1]", 0xf421070f },
	{ "vldmia r1, {}", 0xec910b00 },
	{ "vldmia r1, {d0-d16}", 0xec910b22 },
	{ "vldmia r1, {d31-d32}", 0xecd1fb04 },
	{ "ldc p14, c5, [r1]", 0xed915e00 },
	{ "rfeia r1", 0xf8910a00 },
	{ "srsdb sp!, #19", 0xf96d0513 },
	{ "ldrd r1, [r1]", 0xe1c110d0 },
	{ "strdt r2, [r1], #0", 0xe0e120f0 },
	{ "ldrt r0, [pc], #4", 0xe4bf0004 },
	{ "ldrb pc, [r1]", 0xe5d1f000 },
	{ "ldr r0, [r1, pc]", 0xe791000f },
};

static const struct decode_case thumb_refused[] = {
	{ "tbb [r1, r2]", 0xe8d1f002 },
	{ "ldc p14, c5, [r1]", 0xed915e00 },
	{ "ldc2 p14, c5, [r1]", 0xfd915e00 },
	{ "ldrex r1, [r2]", 0xe8521f00 },
	{ "ldrexd r2, r3, [r4]", 0xe8d4237f },
	{ "vld1.8 {d0}, [r1]", 0xf921070f },
	{ "pld [r1]", 0xf891f000 },
	{ "srsdb sp!, #19", 0xe82dc013 },
	{ "rfeia r1", 0xe991c000 },
	{ "str.w pc, [r1, r4]", 0xf841f004 },
	{ "ldmia.w r1!, {r0, sp}", 0xe8b12001 },
	{ "push {}", 0xb400 },
	{ "signed word", 0xf951000c },
	{ "doubleword", 0xf8710c00 },
	{ "neither index nor writeback", 0xf8510804 },
};

/* Other instructions */
static const struct decode_case arm_others[] = {
	{ "mul r0, r1, r2", 0xe0000291 },
	{ "pld [r1]", 0xf5d1f000 },
	{ "vmov d0, r1, r2", 0xec421b10 },
	{ "mrc p15, 0, r0, c0, c0, 0", 0xee100f10 },
	{ "add r0, r1, r2", 0xe0810002 },
	{ "sxtb r0, r1", 0xe6af0071 },
	{ "b .", 0xeafffffe },
	{ "svc #0", 0xef000000 },
};

static const struct decode_case thumb_others[] = {
	{ "nop", 0xbf00 },
	{ "cbz r0, .", 0xb100 },
	{ "add r0, r1", 0x4408 },
	{ "bx lr", 0x4770 },
	{ "adds r0, #1", 0x3001 },
	{ "bl .", 0xf7fffffe },
	{ "add.w r0, r1, r2", 0xeb010002 },
	{ "mul r0, r1, r2", 0xfb01f002 },
	{ "mrc p15, 0, r0, c0, c0, 0", 0xee100f10 },
};

static void expect_field(struct kunit *test, const char *text,
			 const char *field, unsigned int got, unsigned int want)
{
	KUNIT_EXPECT_EQ_MSG(test, got, want, "%s: %s", text, field);
}

static void expect_insn(struct kunit *test, const char *text,
			const struct kvm_insn *got, const struct kvm_insn *want)
{
	expect_field(test, text, "class", got->class, want->class);
	expect_field(test, text, "size", got->size, want->size);
	expect_field(test, text, "rn", got->rn, want->rn);
	expect_field(test, text, "rm", got->rm, want->rm);
	expect_field(test, text, "shift_type", got->shift_type,
		     want->shift_type);
	expect_field(test, text, "shift", got->shift, want->shift);
	expect_field(test, text, "nr", got->nr, want->nr);
	expect_field(test, text, "load", got->load, want->load);
	expect_field(test, text, "sign", got->sign, want->sign);
	expect_field(test, text, "pre", got->pre, want->pre);
	expect_field(test, text, "up", got->up, want->up);
	expect_field(test, text, "wback", got->wback, want->wback);
	expect_field(test, text, "unprivileged", got->unprivileged,
		     want->unprivileged);
	expect_field(test, text, "user", got->user, want->user);
	if (want->class == KVM_INSN_MULTIPLE) {
		expect_field(test, text, "list", got->list, want->list);
		return;
	}
	expect_field(test, text, "rt", got->rt, want->rt);
	expect_field(test, text, "imm", got->imm, want->imm);
	if (want->class == KVM_INSN_DUAL || want->class == KVM_INSN_SWAP)
		expect_field(test, text, "rt2", got->rt2, want->rt2);
}

static void encodings(struct kunit *test)
{
	struct kvm_insn i;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(arm_cases); n++) {
		const struct decode_case *c = &arm_cases[n];

		KUNIT_EXPECT_TRUE_MSG(test, kvm_decode_arm(c->word, &i), "%s",
				      c->text);
		expect_insn(test, c->text, &i, &c->want);
	}
	for (n = 0; n < ARRAY_SIZE(thumb_cases); n++) {
		const struct decode_case *c = &thumb_cases[n];

		KUNIT_EXPECT_TRUE_MSG(test, kvm_decode_thumb(c->word, &i), "%s",
				      c->text);
		expect_insn(test, c->text, &i, &c->want);
	}
}

static void expect_refused(struct kunit *test, const struct decode_case *c,
			   unsigned int nr, bool thumb, bool accesses)
{
	struct kvm_insn i;
	bool decoded;

	for (; nr--; c++) {
		decoded = thumb ? kvm_decode_thumb(c->word, &i) :
				  kvm_decode_arm(c->word, &i);
		KUNIT_EXPECT_FALSE_MSG(test, decoded, "%s", c->text);
		KUNIT_EXPECT_EQ_MSG(test, accesses,
				    thumb ? kvm_accesses_thumb(c->word) :
					    kvm_accesses_arm(c->word),
				    "%s", c->text);
	}
}

static void others_are_refused(struct kunit *test)
{
	expect_refused(test, arm_refused, ARRAY_SIZE(arm_refused), false, true);
	expect_refused(test, thumb_refused, ARRAY_SIZE(thumb_refused), true,
		       true);
	expect_refused(test, arm_others, ARRAY_SIZE(arm_others), false, false);
	expect_refused(test, thumb_others, ARRAY_SIZE(thumb_others), true,
		       false);
}

/* Check what emulate.c and operands.c rely on. */
static bool is_sane(const struct kvm_insn *i)
{
	if (i->rn > 15 || i->rm == 15 || i->rm > NONE || i->shift > 31 ||
	    i->shift_type > 3 || !is_power_of_2(i->size) || !i->nr ||
	    i->nr * i->size > KVM_INSN_MAX_BYTES)
		return false;
	if (i->wback && i->rn == 15)
		return false;

	switch (i->class) {
	case KVM_INSN_SINGLE:
		return i->nr == 1 && i->size <= 4 && i->rt < 16;
	case KVM_INSN_DUAL:
		return i->nr == 2 && i->size == 4 && i->rt < 15 && i->rt2 < 15;
	case KVM_INSN_MULTIPLE:
		return i->nr == hweight16(i->list) && i->size == 4;
	case KVM_INSN_VFP:
		return i->rt + i->nr <= 32 && i->size >= 4 && i->size <= 8;
	case KVM_INSN_SWAP:
		return i->nr == 1 && i->size <= 4 && i->rt < 15 && i->rt2 < 15;
	default:
		return false;
	}
}

#define NR_RANDOM	200000

/* Decode all 16-bit instructions and many random 32-bit ones. */
static void all_words_are_sane(struct kunit *test)
{
	unsigned int n, loads = 0;
	struct rnd_state random;
	struct kvm_insn i;
	u32 word;

	prandom_seed_state(&random, 1);
	for (n = 0; n < NR_RANDOM; n++) {
		word = prandom_u32_state(&random);
		if (kvm_decode_arm(word, &i)) {
			loads++;
			KUNIT_ASSERT_TRUE_MSG(test, is_sane(&i) &&
					      kvm_accesses_arm(word),
					      "ARM %08x", word);
		}

		word |= 0xe8000000;
		if (kvm_decode_thumb(word, &i)) {
			loads++;
			KUNIT_ASSERT_TRUE_MSG(test, is_sane(&i) &&
					      kvm_accesses_thumb(word),
					      "Thumb %08x", word);
		}

		if (kvm_decode_thumb(n & 0xffff, &i))
			KUNIT_ASSERT_TRUE_MSG(test, is_sane(&i) &&
					      kvm_accesses_thumb(n & 0xffff),
					      "Thumb %04x", n & 0xffff);
	}
	KUNIT_EXPECT_GT(test, loads, NR_RANDOM / 10);
}

static struct kunit_case decode_cases[] = {
	KUNIT_CASE(encodings),
	KUNIT_CASE(others_are_refused),
	KUNIT_CASE(all_words_are_sane),
	{}
};

static struct kunit_suite decode_suite = {
	.name = "kvm-arm-decode",
	.test_cases = decode_cases,
};

kunit_test_suite(decode_suite);
