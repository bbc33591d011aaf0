/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random code for guests, and the places that their addresses refer to.
 */
#ifndef KVM_ARM_FUZZ_CODE_H
#define KVM_ARM_FUZZ_CODE_H

#include "fuzz.h"
#include "kvm_arm.h"

/* Guest physical addresses. The sizes are numbers of pages. */
#define FUZZ_LOW		0x00000000U
#define FUZZ_DEVICE		0x10000000U
#define FUZZ_TABLES		0x48000000U
#define FUZZ_TABLES_PAGES	8
#define FUZZ_READ_ONLY		0x50000000U
#define FUZZ_READ_ONLY_PAGES	16
#define FUZZ_CHANGING		0x60000000U
#define FUZZ_CHANGING_PAGES	4
#define FUZZ_LOST		0x70000000U
#define FUZZ_LOST_PAGES		2
#define FUZZ_HIGH		0xffff0000U
#define FUZZ_FAR		0x100000000ULL
#define FUZZ_FAR_PAGES		2

/* In each area of tables: where a table of the short and of the long format begins */
#define FUZZ_SHORT		0x0000
#define FUZZ_LONG		0x4000

/**
 * struct fuzz_code - code that is being written
 * @f: the random numbers
 * @ram_pages: size of the memory at GUEST_RAM_BASE
 * @half: the code
 * @n: number of halfwords written
 * @max: number of halfwords that there is room for
 * @thumb: write Thumb code
 */
struct fuzz_code {
	struct fuzz *f;
	uint32_t ram_pages;
	uint16_t *half;
	unsigned int n;
	unsigned int max;
	bool thumb;
};

/*
 * Fill a page with ARM code, Thumb code or both. Code in the wrong state has many branches
 * backward, which make loops.
 */
enum fuzz_state { FUZZ_ARM, FUZZ_THUMB, FUZZ_MIXED };

void fuzz_code_page(struct fuzz *f, uint32_t ram_pages, void *page, enum fuzz_state state);

/*
 * Replace instructions that an emulated host does not survive: in code, and in data that
 * the guest may execute.
 */
void fuzz_replace_forbidden(void *code, unsigned int size);

/* ---- fuzz_insn.c: instructions ------------------------------------------ */

/* Append an instruction of 32 bits to ARM or Thumb code. */
void fuzz_put(struct fuzz_code *c, uint32_t insn);

/* Append random instructions that do one thing. */
void fuzz_put_arm(struct fuzz_code *c);
void fuzz_put_thumb(struct fuzz_code *c);

/* Append a halfword of Thumb code. */
void fuzz_put_half(struct fuzz_code *c, uint16_t half);

/* ---- fuzz_values.c: addresses and values -------------------------------- */

/* Modes that a guest can be in */
extern const uint8_t fuzz_modes[7];

/* Return random bits. */
uint32_t fuzz_bits(struct fuzz *f, unsigned int n);

/* Return the state of the code in a page of the memory at GUEST_RAM_BASE. */
enum fuzz_state fuzz_page_state(uint32_t page);

/* Return an address of code, with bit 0 set for Thumb code. */
uint32_t fuzz_code_address(struct fuzz *f, uint32_t ram_pages);

/* Return an address of memory, a device, or nothing, mostly near the end of a page. */
uint32_t fuzz_address(struct fuzz *f, uint32_t ram_pages);

/* Return where a translation table is, or is not; @place: FUZZ_SHORT or FUZZ_LONG */
uint32_t fuzz_table_address(struct fuzz *f, uint32_t place);

/* Return the function id of a call of firmware. */
uint32_t fuzz_function_id(struct fuzz *f);

/* Return a value of SCTLR; @mmu: with the MMU on */
uint32_t fuzz_sctlr(struct fuzz *f, bool mmu);

#endif /* KVM_ARM_FUZZ_CODE_H */
