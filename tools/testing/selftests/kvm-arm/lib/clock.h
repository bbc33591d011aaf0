/* SPDX-License-Identifier: GPL-2.0 */
/* The time */
#ifndef KVM_ARM_CLOCK_H
#define KVM_ARM_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NSEC_PER_SEC	1000000000ULL

/* Return what a clock shows, in nanoseconds. */
uint64_t clock_ns(clockid_t clock);

/* Return what CLOCK_MONOTONIC shows, in nanoseconds and milliseconds. */
uint64_t now_ns(void);
uint64_t now_ms(void);

#endif /* KVM_ARM_CLOCK_H */
