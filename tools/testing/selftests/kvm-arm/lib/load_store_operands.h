/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions that load_store.c and load_store_thumb.c share.
 */
#ifndef KVM_ARM_LOAD_STORE_OPERANDS_H
#define KVM_ARM_LOAD_STORE_OPERANDS_H

#include "load_store.h"

uint32_t random_below(uint32_t n);
uint32_t register_not(uint32_t mask);
uint32_t random_list(uint32_t rn, bool load, bool wback, uint32_t mask);
void load_store_begin(struct load_store *x, const char *name);

#endif /* KVM_ARM_LOAD_STORE_OPERANDS_H */
