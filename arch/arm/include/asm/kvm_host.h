/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM for 32-bit ARM: what a VM and a vcpu consist of.
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

/* Before arm_arch_timer.h, whose inline functions ask for them */
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
/* What coproc/fast.c made of the registers is out of date */
#define KVM_REQ_RELOAD_COPROC	KVM_ARCH_REQ(3)

/* Seven levels, with two caches each */
#define KVM_NR_CCSIDR			14

struct kvm_vmid {
	atomic64_t id;
};

/* Stage 2 of a VM: tables under kvm->mmu_lock, see arch/arm/kvm/mmu.c */
struct kvm_s2_mmu {
	struct kvm_vmid vmid;
	u64 *pgd;
	phys_addr_t pgd_phys;

	/* The last vcpu of this VM that ran here, per physical CPU */
	int __percpu *last_vcpu_ran;
};

struct kvm_smccc_features {
	unsigned long std_bmap;
	unsigned long std_hyp_bmap;
	unsigned long vendor_hyp_bmap;
};

struct kvm_arch {
	struct kvm_s2_mmu mmu;

	/* Protects what is fixed once a vcpu has run; nests in vcpu->mutex */
	struct mutex config_lock;

	struct vgic_dist vgic;
	struct arch_timer_vm_data timer_data;

	/* Of all vcpus; 0 is the latest */
	u32 psci_version;

#define KVM_ARCH_FLAG_RETURN_NISV_IO_ABORT_TO_USER	0
#define KVM_ARCH_FLAG_HAS_RAN_ONCE			1
#define KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED		2
#define KVM_ARCH_FLAG_VM_COUNTER_OFFSET			3
#define KVM_ARCH_FLAG_TIMER_PPIS_IMMUTABLE		4
	unsigned long flags;

	/* Identification registers of all vcpus, changed under config_lock */
	u32 id_regs[NR_COPROC_ID_SLOTS];
	/* CCSIDR by CSSELR, likewise */
	u32 ccsidr[KVM_NR_CCSIDR];

	struct kvm_smccc_features smccc_feat;
	struct maple_tree smccc_filter;
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
 * @hsr: which one, as coproc_fast_hsr() returns it; 0: none
 * @val: what is read. Writes are ignored
 */
struct kvm_fast_trap {
	u32 hsr;
	u32 val;
};

/* Where the hash says, or in the next slots; the last slot stays empty */
#define KVM_FAST_TRAP_SLOTS	(BIT(KVM_FAST_TRAP_BITS) + 8)

/**
 * struct kvm_vcpu_hyp - what Hyp mode sees of a vcpu: one page, mapped there
 * @ctxt: the guest's registers
 * @fault: why the guest left, for the host to look at
 * @vttbr: stage 2 table and VMID, written by the host before each entry
 * @hcr: HCR for the next entry, flags that come and go included
 * @midr: VPIDR while the guest runs
 * @fast_max_ec: the last exception class whose traps are looked up in
 *	@fast_traps, or 0: none, they are traced
 * @nr_fast_traps: how many have been answered, by class
 * @fast_traps: a hash table by @hsr
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
 * struct kvm_hyp_cpu - what Hyp mode has of its own on each CPU: one page
 * @host_ctxt: the host's registers while a guest runs
 * @running: the vcpu that is loaded, or NULL
 * @vfp_loaded: the VFP registers hold the guest's
 * @host_hdcr: HDCR as it was before the guest
 * @host_midr: VPIDR while the host runs
 * @features: COPROC_* of this CPU, see asm/kvm_coproc.h
 * @host_vectors: HVBAR while the host runs
 * @guest_vectors: HVBAR while a guest runs, by what this CPU's branch
 *	predictor needs
 * @stub_vectors: HVBAR as the hyp-stub had it, identity address
 * @idmap_stub_call: code for the stub calls, identity address
 * @va: this structure's own address, for HTPIDR
 * @httbr_low: bits 31:0 of HTTBR
 * @httbr_high: bits 63:32 of HTTBR
 * @mair0: HMAIR0, as MAIR0
 * @mair1: HMAIR1, as MAIR1
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

/* Slots of the timers' registers; those of EL2 belong to arm64 only */
enum kvm_timer_slot {
	CNTV_CTL_EL0, CNTV_CVAL_EL0, CNTP_CTL_EL0, CNTP_CVAL_EL0,
	CNTHV_CTL_EL2, CNTHV_CVAL_EL2, CNTHP_CTL_EL2, CNTHP_CVAL_EL2,
	CNTVOFF_EL2, CNTHCTL_EL2,
	NR_KVM_TIMER_SLOTS
};

struct kvm_vcpu_arch {
	struct kvm_vcpu_hyp *hyp;

	/* KVM_ARM_VCPU_INIT: KVM_ARM_TARGET_*, bits KVM_ARM_VCPU_* */
	u32 target;
	unsigned long features;

	/* Sets of the flags below */
	u8 cflags;
	u8 iflags;
	u8 sflags;

	/* A pending abort's DFAR or IFAR, DFSR or IFSR */
	u32 except_far;
	u32 except_fsr;

	/* Kept out of the guest by kvm_arm_halt_guest() */
	atomic_t pause;

	/* HCR.VI and VF, as KVM_IRQ_LINE raised them where there is no vgic */
	unsigned long irq_lines;

	struct vgic_cpu vgic_cpu;
	struct arch_timer_cpu timer_cpu;
	u64 timer_regs[NR_KVM_TIMER_SLOTS];

	/* The load or store that KVM does for the guest */
	struct kvm_insn_access access;

	/* KVM_MP_STATE_RUNNABLE or STOPPED */
	struct kvm_mp_state mp_state;
	/* Protects mp_state and reset_state, which other vcpus change */
	spinlock_t mp_state_lock;

	/* Pages taken here while it may sleep, used under mmu_lock */
	struct kvm_mmu_memory_cache mmu_page_cache;

	/* PSCI CPU_ON's request, under mp_state_lock */
	struct vcpu_reset_state reset_state;
};

/*
 * Flags of a vcpu: set in vcpu->arch, value, mask. The names are shared with
 * arch/arm64/kvm, whose mmio.c looks at them.
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

/* An exception to be taken before the guest's next instruction ... */
#define PENDING_EXCEPTION	__vcpu_single_flag(iflags, BIT(0))
/* ... or the trapped instruction to be skipped; never both: same bits */
#define INCREMENT_PC		__vcpu_single_flag(iflags, BIT(1))
#define EXCEPT_MASK		__vcpu_single_flag(iflags, GENMASK(3, 1))
#define __vcpu_except_flags(n)	iflags, ((n) << 1), GENMASK(3, 1)
#define EXCEPT_AA32_UND		__vcpu_except_flags(0)
#define EXCEPT_AA32_IABT	__vcpu_except_flags(1)
#define EXCEPT_AA32_DABT	__vcpu_except_flags(2)

/* In WFI: the vgic may keep interrupts for directly injected ones */
#define IN_WFI			__vcpu_single_flag(sflags, BIT(0))

#define vcpu_hyp(v)		((v)->arch.hyp)
#define vcpu_ctxt(v)		(&(v)->arch.hyp->ctxt)
#define vcpu_gp_regs(v)		(&vcpu_ctxt(v)->gp_regs)
#define vcpu_cp15(v, r)		(vcpu_ctxt(v)->cp15[CP15_##r])

/* As arch/arm64/kvm/arch_timer.c names its registers */
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
 * Calls into Hyp mode. One inline function for each: a u64 has to be taken
 * apart, since a variadic call would put it in an aligned pair of registers.
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

/* coproc/ident.c */
u32 kvm_target_cpu(void);
int kvm_target_of_part(u32 part);

/* main.c */
u32 kvm_get_vmid_bits(void);

/* vcpu.c */
void kvm_arm_vcpu_power_off(struct kvm_vcpu *vcpu);
bool kvm_arm_vcpu_stopped(struct kvm_vcpu *vcpu);
void kvm_arm_halt_guest(struct kvm *kvm);
void kvm_arm_resume_guest(struct kvm *kvm);
void kvm_reset_vcpu(struct kvm_vcpu *vcpu);

/* vm.c */
bool lock_all_vcpus(struct kvm *kvm);
void unlock_all_vcpus(struct kvm *kvm);
struct kvm_vcpu *kvm_mpidr_to_vcpu(struct kvm *kvm, unsigned long mpidr);

/* exit.c */
int kvm_handle_exit(struct kvm_vcpu *vcpu, int exception_index);

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

int kvm_vm_ioctl_set_counter_offset(struct kvm *kvm,
				    struct kvm_arm_counter_offset *offset);

static inline void kvm_arch_sync_events(struct kvm *kvm) {}

#endif /* __ARM_KVM_HOST_H__ */
