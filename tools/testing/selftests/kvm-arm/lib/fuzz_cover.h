/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Count the places in KVM's code that random tests reach, in kernels with CONFIG_KCOV.
 */
#ifndef KVM_ARM_FUZZ_COVER_H
#define KVM_ARM_FUZZ_COVER_H

#include <stdatomic.h>
#include <stdbool.h>

#define FUZZ_COVER_BITS	0x40000u

/**
 * struct fuzz_cover - places that were reached, in memory that processes share
 * @bits: a bit for each hash of an address
 */
struct fuzz_cover {
	atomic_uint bits[FUZZ_COVER_BITS / 32];
};

/* Return an empty struct fuzz_cover, which lasts as long as the program. */
struct fuzz_cover *fuzz_cover_create(void);

/**
 * fuzz_cover_begin() - have the kernel record this thread's path
 *
 * Return: memory for fuzz_cover_take(), or NULL if the kernel cannot do so.
 */
unsigned long *fuzz_cover_begin(void);

/* Add the path since the last call to @cover. */
void fuzz_cover_take(struct fuzz_cover *cover, unsigned long *path);

/* Print the number of places, if the kernel records them. */
void fuzz_cover_report(struct fuzz_cover *cover);

#endif /* KVM_ARM_FUZZ_COVER_H */
