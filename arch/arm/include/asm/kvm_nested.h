/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ARMv7 has no nested virtualization, but arch/arm64/kvm/arch_timer.c includes
 * this header.
 */
#ifndef __ARM_KVM_NESTED_H__
#define __ARM_KVM_NESTED_H__

#include <asm/kvm_arm64_compat.h>

#endif /* __ARM_KVM_NESTED_H__ */
