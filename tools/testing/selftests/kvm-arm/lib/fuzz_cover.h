/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Record the places in KVM's code that random tests reach, in kernels with CONFIG_KCOV.
 * In other kernels, these functions do nothing.
 */
#ifndef KVM_ARM_FUZZ_COVER_H
#define KVM_ARM_FUZZ_COVER_H

/*
 * Have this process, its threads and its children share a record, which lasts as long as
 * the program.
 */
void fuzz_cover_create(void);

/* Have the kernel record this thread's path. */
void fuzz_cover_begin(void);

/* Add this thread's path since the last call to the record. */
void fuzz_cover_take(void);

/*
 * Print the number of places, and their addresses for a program that knows the kernel's
 * symbols: lines that begin with "# cover ".
 */
void fuzz_cover_report(void);

#endif /* KVM_ARM_FUZZ_COVER_H */
