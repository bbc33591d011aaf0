/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM for 32-bit ARM: the structures of a VM and a vcpu.
 */
#ifndef __ARM_KVM_HOST_H__
#define __ARM_KVM_HOST_H__

#include <linux/arm-smccc.h>
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/kvm_types.h>
#include <linux/maple_tree.h>
#include <linux/psci.h>
#include <linux/spinlock.h>

#include <asm/fpstate.h>
#include <asm/kvm.h>
#include <asm/kvm_arm.h>
#include <asm/kvm_asm.h>
#include <asm/kvm_cp15_slots.h>
#include <asm/kvm_insn.h>
#include <asm/smp_plat.h>
#include <asm/spectre.h>

#include <kvm/arm_vgic.h>

/* Needed before arm_arch_timer.h, by its inline functions */
#include <asm/kvm_arm64_compat.h>
#include <kvm/arm_arch_timer.h>

#define KVM_MAX_VCPUS			VGIC_V2_MAX_CPUS
#define KVM_HALT_POLL_NS_DEFAULT	500000

#define KVM_VCPU_MAX_FEATURES		2
#define KVM_VCPU_VALID_FEATURES		(BIT(KVM_VCPU_MAX_FEATURES) - 1)

#define __KVM_HAVE_ARCH_FLUSH_REMOTE_TLBS
#define __KVM_HAVE_ARCH_INTC_INITIALIZED
#ifdef CONFIG_DEBUG_FS
#define __KVM_HAVE_ARCH_VCPU_DEBUGFS
#endif

#define KVM_REQ_SLEEP \
	KVM_ARCH_REQ_FLAGS(0, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_IRQ_PENDING	KVM_ARCH_REQ(1)
#define KVM_REQ_VCPU_RESET	KVM_ARCH_REQ(2)
/* The table of fast traps (coproc/fast.c) is out of date */
#define KVM_REQ_RELOAD_COPROC	KVM_ARCH_REQ(3)

/* Seven levels, with two caches each */
#define KVM_NR_CCSIDR			14

struct kvm_vmid {
	atomic64_t id;
};

/* Stage 2 of a VM; kvm->mmu_lock protects the tables, see stage2.c */
struct kvm_s2_mmu {
	struct kvm_vmid vmid;
	u64 *pgd;
	phys_addr_t pgd_phys;

	/* Per physical CPU: index of the last vcpu of this VM that ran there */
	int __percpu *last_vcpu_ran;
};

struct kvm_smccc_features {
	unsigned long std_bmap;
	unsigned long std_hyp_bmap;
	unsigned long vendor_hyp_bmap;
};

struct kvm_arch {
	struct kvm_s2_mmu mmu;

	/* Protects what is fixed once a vcpu has run; taken inside vcpu->mutex */
	struct mutex config_lock;

	struct vgic_dist vgic;
	struct arch_timer_vm_data timer_data;

	/* PSCI version of all vcpus; 0 means the latest */
	u32 psci_version;

#define KVM_ARCH_FLAG_RETURN_NISV_IO_ABORT_TO_USER	0
#define KVM_ARCH_FLAG_HAS_RAN_ONCE			1
#define KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED		2
#define KVM_ARCH_FLAG_VM_COUNTER_OFFSET			3
#define KVM_ARCH_FLAG_TIMER_PPIS_IMMUTABLE		4
	unsigned long flags;

	/* Identification registers of all vcpus, changed under config_lock */
	u32 id_regs[NR_COPROC_ID_SLOTS];
	/* CCSIDRs of all vcpus by CSSELR, changed under config_lock */
	u32 ccsidr[KVM_NR_CCSIDR];

	struct kvm_smccc_features smccc_feat;
	struct maple_tree smccc_filter;
	atomic_t nr_smccc_filters;
};

struct kvm_cpu_context {
	struct kvm_regs gp_regs;
	u32 cp15[NR_CP15_SLOTS];
	struct vfp_hard_struct vfp;
};

struct kvm_vcpu_fault_info {
	u32 hsr;
	u32 hxfar;		/* HDFAR or HIFAR */
	u32 hpfar;
};

/**
 * struct kvm_fast_trap - an access that Hyp mode answers, see coproc/fast.c
 * @hsr: the access, as returned by coproc_fast_hsr(); 0 in an empty slot
 * @val: the value that a read returns; writes are ignored
 */
struct kvm_fast_trap {
	u32 hsr;
	u32 val;
};

/* An entry is at its hash or in the next slots; the last slot stays empty */
#define KVM_FAST_TRAP_SLOTS	(BIT(KVM_FAST_TRAP_BITS) + 8)

/**
 * struct kvm_vcpu_hyp - the page of a vcpu that is mapped in Hyp mode
 * @ctxt: the guest's registers
 * @fault: syndrome and fault addresses of the last exit
 * @vttbr: stage 2 table and VMID, set when the vcpu is loaded
 * @hcr: HCR for the next entry, with the flags that KVM sets and clears
 * @midr: VPIDR while the guest runs
 * @fast_max_ec: highest exception class of fast traps; 0 while traps are traced,
 *	so that none is fast
 * @nr_fast_traps: number of fast traps by exception class, not yet in the statistics
 * @fast_traps: hash table of fast traps, by kvm_fast_trap.hsr
 */
struct kvm_vcpu_hyp {
	struct kvm_cpu_context ctxt;
	struct kvm_vcpu_fault_info fault;
	u64 vttbr;
	u32 hcr;
	u32 midr;
	u32 fast_max_ec;
	u32 nr_fast_traps[HSR_EC_CP10_ID + 1];
	struct kvm_fast_trap fast_traps[KVM_FAST_TRAP_SLOTS] __aligned(1024);
};

/**
 * struct kvm_hyp_cpu - the page of a CPU that is mapped in Hyp mode
 * @host_ctxt: the host's registers while a guest runs
 * @running: the vcpu whose registers are in the hardware, or NULL
 * @vfp_loaded: the VFP registers hold the guest's values
 * @host_hdcr: the host's HDCR while a guest runs
 * @host_midr: VPIDR while the host runs
 * @features: COPROC_* of this CPU, see asm/kvm_coproc.h
 * @host_vectors: HVBAR while the host runs
 * @guest_vectors: HVBAR while a guest runs, by what this CPU's branch
 *	predictor needs
 * @stub_vectors: HVBAR of the hyp-stub, identity address
 * @idmap_stub_call: __kvm_hyp_stub_call(), identity address
 * @va: this structure's own address, for HTPIDR
 * @httbr_low: bits 31:0 of HTTBR
 * @httbr_high: bits 63:32 of HTTBR
 * @mair0: HMAIR0, a copy of MAIR0
 * @mair1: HMAIR1, a copy of MAIR1
 *
 * The rest of the page is the Hyp stack. HTPIDR points here.
 */
struct kvm_hyp_cpu {
	struct kvm_cpu_context host_ctxt;
	struct kvm_vcpu_hyp *running;
	u32 vfp_loaded;
	u32 host_hdcr;
	u32 host_midr;
	u32 features;
	u32 host_vectors;
	u32 guest_vectors;
	u32 stub_vectors;
	u32 idmap_stub_call;
	u32 va;
	u32 httbr_low;
	u32 httbr_high;
	u32 mair0;
	u32 mair1;
};

struct vcpu_reset_state {
	unsigned long pc;
	unsigned long r0;
	bool be;
	bool reset;
};

/* Slots of timer registers; only arm64 uses those of EL2 */
enum kvm_timer_slot {
	CNTV_CTL_EL0, CNTV_CVAL_EL0, CNTP_CTL_EL0, CNTP_CVAL_EL0,
	CNTHV_CTL_EL2, CNTHV_CVAL_EL2, CNTHP_CTL_EL2, CNTHP_CVAL_EL2,
	CNTVOFF_EL2, CNTHCTL_EL2,
	NR_KVM_TIMER_SLOTS
};

struct kvm_vcpu_arch {
	struct kvm_vcpu_hyp *hyp;

	/* From KVM_ARM_VCPU_INIT: KVM_ARM_TARGET_*, and bits KVM_ARM_VCPU_* */
	u32 target;
	unsigned long features;

	/* Flags, as defined below */
	u8 cflags;
	u8 iflags;
	u8 sflags;

	/* DFAR or IFAR, and DFSR or IFSR, of a pending abort */
	u32 except_far;
	u32 except_fsr;

	/* Nonzero while kvm_arm_halt_guest() keeps the vcpu out of the guest */
	atomic_t pause;

	/* HCR.VI and VF as set by KVM_IRQ_LINE, if there is no vgic */
	unsigned long irq_lines;

	struct vgic_cpu vgic_cpu;
	struct arch_timer_cpu timer_cpu;
	u64 timer_regs[NR_KVM_TIMER_SLOTS];

	/* The load or store under emulation */
	struct kvm_insn_access access;

	/* KVM_MP_STATE_RUNNABLE or STOPPED */
	struct kvm_mp_state mp_state;
	/* Protects mp_state and reset_state, which other vcpus change */
	spinlock_t mp_state_lock;

	/* Pages for stage 2 tables, allocated before mmu_lock is taken */
	struct kvm_mmu_memory_cache mmu_page_cache;

	/* State that PSCI CPU_ON asks for, under mp_state_lock */
	struct vcpu_reset_state reset_state;
};

/*
 * Flags of a vcpu: field of vcpu->arch, value, mask. arch/arm64/kvm/mmio.c uses
 * the same names.
 */
#define __vcpu_single_flag(_set, _f)	_set, (_f), (_f)
#define __unpack_flag(_set, _f, _m)	_f
#define unpack_vcpu_flag(...)		__unpack_flag(__VA_ARGS__)

#define __vcpu_get_flag(v, set, f, m)	(READ_ONCE((v)->arch.set) & (m))
#define __vcpu_clear_flag(v, set, f, m)	((v)->arch.set &= ~(m))
#define __vcpu_set_flag(v, set, f, m) \
	((v)->arch.set = ((v)->arch.set & ~(m)) | (f))

#define vcpu_get_flag(v, ...)	__vcpu_get_flag((v), __VA_ARGS__)
#define vcpu_set_flag(v, ...)	__vcpu_set_flag((v), __VA_ARGS__)
#define vcpu_clear_flag(v, ...)	__vcpu_clear_flag((v), __VA_ARGS__)

/* KVM_ARM_VCPU_INIT completed */
#define VCPU_INITIALIZED	__vcpu_single_flag(cflags, BIT(0))

/* Take an exception, by EXCEPT_MASK, before the guest runs ... */
#define PENDING_EXCEPTION	__vcpu_single_flag(iflags, BIT(0))
/* ... or skip the trapped instruction; never both: they share a bit */
#define INCREMENT_PC		__vcpu_single_flag(iflags, BIT(1))
#define EXCEPT_MASK		__vcpu_single_flag(iflags, GENMASK(3, 1))
#define __vcpu_except_flags(n)	iflags, ((n) << 1), GENMASK(3, 1)
#define EXCEPT_AA32_UND		__vcpu_except_flags(0)
#define EXCEPT_AA32_IABT	__vcpu_except_flags(1)
#define EXCEPT_AA32_DABT	__vcpu_except_flags(2)

/* Blocked in WFI; read by arm64's GICv4 code only */
#define IN_WFI			__vcpu_single_flag(sflags, BIT(0))

#define vcpu_hyp(v)		((v)->arch.hyp)
#define vcpu_ctxt(v)		(&(v)->arch.hyp->ctxt)
#define vcpu_gp_regs(v)		(&vcpu_ctxt(v)->gp_regs)
#define vcpu_cp15(v, r)		(vcpu_ctxt(v)->cp15[CP15_##r])

/* The name that arch/arm64/kvm/arch_timer.c uses for its registers */
#define __vcpu_sys_reg(v, r)	((v)->arch.timer_regs[r])

struct kvm_vm_stat {
	struct kvm_vm_stat_generic generic;
};

struct kvm_vcpu_stat {
	struct kvm_vcpu_stat_generic generic;
	u64 exits;
	u64 cp15_exit_stat;
	u64 cp14_exit_stat;
	u64 vfp_exit_stat;
	u64 hvc_exit_stat;
	u64 smc_exit_stat;
	u64 wfe_exit_stat;
	u64 wfi_exit_stat;
	u64 s2_fault_exit_stat;
	u64 s2_around_pages;
	u64 irq_exit_stat;
	u64 mmio_exit_user;
	u64 mmio_exit_kernel;
	u64 signal_exits;
};

#define vcpu_has_run_once(v)	(!!rcu_access_pointer((v)->pid))
#define kvm_vm_has_ran_once(k) \
	(test_bit(KVM_ARCH_FLAG_HAS_RAN_ONCE, &(k)->arch.flags))
#define vcpu_has_feature(v, f)	(!!((v)->arch.features & BIT(f)))
#define kvm_vcpu_initialized(v)	(!!vcpu_get_flag(v, VCPU_INITIALIZED))

/*
 * Calls into Hyp mode, with an inline function for each callee. Split u64
 * arguments, which a variadic call would pass in an aligned pair of registers.
 */
#define kvm_call_hyp(fn, ...)	kvm_call_hyp_##fn(__VA_ARGS__)

static inline void kvm_call_hyp___kvm_flush_vm_context(void)
{
	__kvm_hvc((unsigned long)__kvm_flush_vm_context, 0, 0);
}

static inline void kvm_call_hyp___kvm_tlb_flush_hyp(void)
{
	__kvm_hvc((unsigned long)__kvm_tlb_flush_hyp, 0, 0);
}

static inline void kvm_call_hyp___kvm_tlb_flush_vmid(u64 vttbr)
{
	__kvm_hvc((unsigned long)__kvm_tlb_flush_vmid, lower_32_bits(vttbr),
		  upper_32_bits(vttbr));
}

static inline void kvm_call_hyp___kvm_flush_cpu_context(u64 vttbr)
{
	__kvm_hvc((unsigned long)__kvm_flush_cpu_context, lower_32_bits(vttbr),
		  upper_32_bits(vttbr));
}

static inline void kvm_call_hyp___kvm_timer_set_cntvoff(u64 cntvoff)
{
	__kvm_hvc((unsigned long)__kvm_timer_set_cntvoff,
		  lower_32_bits(cntvoff), upper_32_bits(cntvoff));
}

static inline int kvm_call_hyp___kvm_vcpu_run(struct kvm_vcpu_hyp *hyp)
{
	return __kvm_hvc((unsigned long)__kvm_vcpu_run, (unsigned long)hyp, 0);
}

static inline void kvm_call_hyp___kvm_cp15_capture_host(void)
{
	__kvm_hvc((unsigned long)__kvm_cp15_capture_host, 0, 0);
}

static inline u32 kvm_call_hyp___kvm_read_hyp_reg(enum kvm_hyp_reg which)
{
	return __kvm_hvc((unsigned long)__kvm_read_hyp_reg, which, 0);
}

/* coproc/target.c */
u32 kvm_target_cpu(void);
int kvm_target_of_part(u32 part);

/* arm64-compat.c */
u32 kvm_get_vmid_bits(void);

/* reset.c */
long kvm_arm_vcpu_ioctl_init(struct kvm_vcpu *vcpu, void __user *argp);
void kvm_vcpu_apply_cpu_on(struct kvm_vcpu *vcpu);

/* power.c */
void kvm_arm_vcpu_power_off(struct kvm_vcpu *vcpu);
bool kvm_arm_vcpu_stopped(struct kvm_vcpu *vcpu);
bool kvm_arm_vcpu_can_run(struct kvm_vcpu *vcpu);
void kvm_arm_halt_guest(struct kvm *kvm);
void kvm_arm_resume_guest(struct kvm *kvm);
bool lock_all_vcpus(struct kvm *kvm);
void unlock_all_vcpus(struct kvm *kvm);
struct kvm_vcpu *kvm_mpidr_to_vcpu(struct kvm *kvm, unsigned long mpidr);

/* exit.c */
int kvm_handle_exit(struct kvm_vcpu *vcpu, int exit);

/* trng.c */
int kvm_trng_call(struct kvm_vcpu *vcpu);

/* arch/arm64/kvm/mmio.c */
void kvm_mmio_write_buf(void *buf, unsigned int len, unsigned long data);
unsigned long kvm_mmio_read_buf(const void *buf, unsigned int len);
int kvm_handle_mmio_return(struct kvm_vcpu *vcpu);
int io_mem_abort(struct kvm_vcpu *vcpu, phys_addr_t fault_ipa);

/* insn/emulate.c */
int kvm_emulate_access(struct kvm_vcpu *vcpu, phys_addr_t fault_ipa);
int kvm_complete_mmio(struct kvm_vcpu *vcpu);

/* arch/arm64/kvm/vmid.c */
extern unsigned int kvm_arm_vmid_bits;
int __init kvm_arm_vmid_alloc_init(void);
void __init kvm_arm_vmid_alloc_free(void);
void kvm_arm_vmid_update(struct kvm_vmid *kvm_vmid);
void kvm_arm_vmid_clear_active(void);

/* arch/arm64/kvm/arch_timer.c */
int kvm_vm_ioctl_set_counter_offset(struct kvm *kvm,
				    struct kvm_arm_counter_offset *offset);

static inline void kvm_arch_sync_events(struct kvm *kvm) {}

#endif /* __ARM_KVM_HOST_H__ */
