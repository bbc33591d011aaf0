/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ARM_KVM_TYPES_H__
#define __ARM_KVM_TYPES_H__

/* A stage 2 fault needs a level 2 and a level 3 table at most */
#define KVM_ARCH_NR_OBJS_PER_MEMORY_CACHE 4

#endif /* __ARM_KVM_TYPES_H__ */
