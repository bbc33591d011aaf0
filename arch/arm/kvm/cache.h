/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ARM_KVM_CACHE_H__
#define __ARM_KVM_CACHE_H__

#include <linux/kvm_types.h>

void kvm_clean_guest_pages(kvm_pfn_t pfn, unsigned long pages);
void kvm_invalidate_guest_icache(kvm_pfn_t pfn, unsigned long pages);

#endif /* __ARM_KVM_CACHE_H__ */
