/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ARM_KVM_MAIN_H__
#define __ARM_KVM_MAIN_H__

#include <linux/types.h>

/* hyp-cpu.c */
bool kvm_hyp_is_enabled(void);
void kvm_hyp_enable_cpu(void *discard);
void kvm_hyp_disable_cpu(void *discard);
int kvm_hyp_alloc_cpus(void);
void kvm_hyp_free_cpus(void);
#ifdef CONFIG_CPU_PM
void kvm_hyp_cpu_pm_init(void);
void kvm_hyp_cpu_pm_exit(void);
#else
static inline void kvm_hyp_cpu_pm_init(void) { }
static inline void kvm_hyp_cpu_pm_exit(void) { }
#endif

/* spectre.c */
u32 kvm_spectre_guest_vectors(void);
int kvm_spectre_v2_state(void);
int kvm_spectre_v4_state(void);

/* vgic-host.c: set if the host's GIC has the virtual interface the vgic needs */
extern bool kvm_vgic_present;

int kvm_vgic_host_init(const char **missing);
void kvm_vgic_host_exit(void);
void kvm_vgic_host_init_cpu(void);

/* timer.c */
void kvm_timer_host_exit(void);

/* debugfs.c */
#ifdef CONFIG_DEBUG_FS
void kvm_arm_debugfs_init(void);
#else
static inline void kvm_arm_debugfs_init(void) { }
#endif

#endif /* __ARM_KVM_MAIN_H__ */
