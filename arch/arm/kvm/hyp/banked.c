// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banked SP, LR and SPSR of the modes below Hyp mode (ARM DDI 0406C, B9.2.3).
 * entry.S saves and restores R0-R12 and LR of User mode.
 */
#include <asm/kvm_hyp.h>

asm(".arch_extension virt");

#define BANKED_FIQ(op)							\
	op(fiq_regs[0], R8_fiq) op(fiq_regs[1], R9_fiq)			\
	op(fiq_regs[2], R10_fiq) op(fiq_regs[3], R11_fiq)		\
	op(fiq_regs[4], R12_fiq)					\
	op(fiq_regs[6], LR_fiq) op(fiq_regs[7], SPSR_fiq)

/*
 * Registers that the host needs again in SVC mode with interrupts masked.
 * SP_fiq is one of them: an unhandled FIQ stores to it.
 */
#define BANKED_LIVE(op)							\
	op(usr_regs.ARM_sp, SP_usr)					\
	op(svc_regs[0], SP_svc) op(svc_regs[1], LR_svc)			\
	op(abt_regs[0], SP_abt) op(und_regs[0], SP_und)			\
	op(irq_regs[0], SP_irq) op(fiq_regs[5], SP_fiq)

/* Registers that exception handlers write before they read them */
#define BANKED_DEAD(op)							\
	op(svc_regs[2], SPSR_svc)					\
	op(abt_regs[1], LR_abt) op(abt_regs[2], SPSR_abt)		\
	op(und_regs[1], LR_und) op(und_regs[2], SPSR_und)		\
	op(irq_regs[1], LR_irq) op(irq_regs[2], SPSR_irq)

/* A FIQ handler may keep state in R8-R12 of FIQ mode. */
#ifdef CONFIG_FIQ
#define BANKED_HOST(op)		BANKED_LIVE(op) BANKED_FIQ(op)
#else
#define BANKED_HOST(op)		BANKED_LIVE(op)
#endif
#define BANKED_GUEST(op)	BANKED_LIVE(op) BANKED_DEAD(op) BANKED_FIQ(op)

#define SAVE_BANKED(field, reg)						\
	asm volatile("mrs %0, " #reg : "=r" (regs->field));
#define RESTORE_BANKED(field, reg)					\
	asm volatile("msr " #reg ", %0" : : "r" (regs->field));

/**
 * __kvm_guest_banked_save() - save the banked registers of a guest
 * @ctxt: the context to fill in
 */
void __hyp_text __kvm_guest_banked_save(struct kvm_cpu_context *ctxt)
{
	struct kvm_regs *regs = &ctxt->gp_regs;

	BANKED_GUEST(SAVE_BANKED)
}

/**
 * __kvm_guest_banked_restore() - restore the banked registers of a guest
 * @ctxt: the saved context
 */
void __hyp_text __kvm_guest_banked_restore(const struct kvm_cpu_context *ctxt)
{
	const struct kvm_regs *regs = &ctxt->gp_regs;

	BANKED_GUEST(RESTORE_BANKED)
}

/**
 * __kvm_host_banked_save() - save the banked registers of the host
 * @ctxt: the context to fill in
 */
void __hyp_text __kvm_host_banked_save(struct kvm_cpu_context *ctxt)
{
	struct kvm_regs *regs = &ctxt->gp_regs;

	BANKED_HOST(SAVE_BANKED)
}

/**
 * __kvm_host_banked_restore() - restore the banked registers of the host
 * @ctxt: the saved context
 */
void __hyp_text __kvm_host_banked_restore(const struct kvm_cpu_context *ctxt)
{
	const struct kvm_regs *regs = &ctxt->gp_regs;

	BANKED_HOST(RESTORE_BANKED)
}
