// SPDX-License-Identifier: GPL-2.0-only
/*
 * CP15 registers that host and guest each have values of: the SWITCHED rows
 * of coproc/regs.h, read and written by the encodings given there.
 */
#include <asm/kvm_hyp.h>

#include "../coproc/coproc.h"

/* Of a row's last arguments: no word of them that matters here needs a test */
#define ROW(...)	((const struct coproc_reg){ __VA_ARGS__ })
#define IS_THERE(...)	(!ROW(__VA_ARGS__).feature || features & ROW(__VA_ARGS__).feature)

/*
 * Their order does not matter: none changes what another one is. WANTED() is
 * about the rows that a function moves.
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
 * __kvm_cp15_save_guest() - read the guest's switched registers
 * @ctxt: where to
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
 * __kvm_cp15_save_host() - read those of the host that may have changed
 * @ctxt: where to
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
 * __kvm_cp15_capture_host() - read those of the host that do not change
 *
 * The host calls it each time that KVM is enabled on a CPU: after hotplug and
 * power-down they are what the kernel has written since.
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
 * Nothing that is restored has an effect on Hyp mode itself, whose own registers
 * these are not; the exception return that follows synchronises them.
 */

/**
 * __kvm_cp15_restore_guest() - write the guest's switched registers
 * @ctxt: where from
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
 * __kvm_cp15_restore_host() - write those that the host has a use for
 * @ctxt: where from
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
