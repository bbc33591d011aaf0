// SPDX-License-Identifier: GPL-2.0-only
/*
 * Switch the CP15 registers that host and guest share: the SWITCHED rows of
 * coproc/regs.h, accessed by the encodings given there.
 */
#include <asm/kvm_hyp.h>

#include "../coproc/coproc.h"

/*
 * Build a row from its last arguments only; the compiler folds .feature and
 * .host to constants.
 */
#define ROW(...)	((const struct coproc_reg){ __VA_ARGS__ })
#define IS_THERE(...)	(!ROW(__VA_ARGS__).feature || features & ROW(__VA_ARGS__).feature)

/*
 * Any order will do: no register changes the meaning of another one. WANTED()
 * selects the rows that a function moves.
 */
#define SAVE32(name, cp, crn, opc1, crm, opc2, trap, who, ...)		\
	if (IS_THERE(__VA_ARGS__) && WANTED(ROW(__VA_ARGS__).host))	\
		ctxt->cp15[CP15_##name] =				\
			read_sysreg(__ACCESS_CP15(c##crn, opc1, c##crm, opc2));
#define SAVE64(name, cp, crm, opc1, trap, who, ...)			\
	if (IS_THERE(__VA_ARGS__) && WANTED(ROW(__VA_ARGS__).host)) {	\
		val = read_sysreg(__ACCESS_CP15_64(opc1, c##crm));	\
		ctxt->cp15[CP15_##name] = lower_32_bits(val);		\
		ctxt->cp15[CP15_##name + 1] = upper_32_bits(val);	\
	}
#define RESTORE32(name, cp, crn, opc1, crm, opc2, trap, who, ...)	\
	if (IS_THERE(__VA_ARGS__) && WANTED(ROW(__VA_ARGS__).host))	\
		write_sysreg(ctxt->cp15[CP15_##name],			\
			     __ACCESS_CP15(c##crn, opc1, c##crm, opc2));
#define RESTORE64(name, cp, crm, opc1, trap, who, ...)			\
	if (IS_THERE(__VA_ARGS__) && WANTED(ROW(__VA_ARGS__).host)) {	\
		val = (u64)ctxt->cp15[CP15_##name + 1] << 32 |		\
		      ctxt->cp15[CP15_##name];				\
		write_sysreg(val, __ACCESS_CP15_64(opc1, c##crm));	\
	}

/**
 * __kvm_cp15_save_guest() - save the guest's switched registers
 * @ctxt: the context to fill in
 * @features: COPROC_* of this CPU
 */
void __hyp_text __kvm_cp15_save_guest(struct kvm_cpu_context *ctxt, u32 features)
{
	u64 val;

#define WANTED(host)	true
#define SWITCHED32	SAVE32
#define SWITCHED64	SAVE64
#include "../coproc/regs.h"
#undef WANTED
}

/**
 * __kvm_cp15_save_host() - save the host's HOST_LIVE registers
 * @ctxt: the context to fill in
 * @features: COPROC_* of this CPU
 */
void __hyp_text __kvm_cp15_save_host(struct kvm_cpu_context *ctxt, u32 features)
{
	u64 val;

#define WANTED(host)	((host) == HOST_LIVE)
#define SWITCHED32	SAVE32
#define SWITCHED64	SAVE64
#include "../coproc/regs.h"
#undef WANTED
}

/**
 * __kvm_cp15_capture_host() - save the host's HOST_FIXED registers
 *
 * Called each time that KVM is enabled on a CPU: the kernel writes these
 * registers after hotplug and power-down.
 */
void __hyp_text __kvm_cp15_capture_host(void)
{
	struct kvm_hyp_cpu *cpu = kvm_this_hyp_cpu();
	struct kvm_cpu_context *ctxt = &cpu->host_ctxt;
	u32 features = cpu->features;
	u64 val;

#define WANTED(host)	((host) == HOST_FIXED)
#define SWITCHED32	SAVE32
#define SWITCHED64	SAVE64
#include "../coproc/regs.h"
#undef WANTED
}

/*
 * Restored registers have no effect on Hyp mode, which has its own; the
 * following exception return synchronises them.
 */

/**
 * __kvm_cp15_restore_guest() - restore the guest's switched registers
 * @ctxt: the saved context
 * @features: COPROC_* of this CPU
 */
void __hyp_text __kvm_cp15_restore_guest(const struct kvm_cpu_context *ctxt,
					 u32 features)
{
	u64 val;

#define WANTED(host)	true
#define SWITCHED32	RESTORE32
#define SWITCHED64	RESTORE64
#include "../coproc/regs.h"
#undef WANTED
}

/**
 * __kvm_cp15_restore_host() - restore the host's registers, except HOST_DEAD
 * @ctxt: the saved context
 * @features: COPROC_* of this CPU
 */
void __hyp_text __kvm_cp15_restore_host(const struct kvm_cpu_context *ctxt,
					u32 features)
{
	u64 val;

#define WANTED(host)	((host) != HOST_DEAD)
#define SWITCHED32	RESTORE32
#define SWITCHED64	RESTORE64
#include "../coproc/regs.h"
#undef WANTED
}
