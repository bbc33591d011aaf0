// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions that Hyp mode does not expect.
 */
#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/linkage.h>
#include <linux/panic.h>
#include <linux/types.h>

#include <asm/kvm_asm.h>

/**
 * kvm_hyp_report_panic() - report an exception in Hyp mode, and stop
 * @cause: ARM_EXCEPTION_*
 * @pc: address in Hyp mode
 * @hsr: HSR
 * @far: HDFAR or HIFAR
 *
 * Hyp mode returns here instead of to its caller, with the host's registers
 * restored.
 */
asmlinkage void __noreturn kvm_hyp_report_panic(u32 cause, u32 pc, u32 hsr,
						u32 far);
asmlinkage void __noreturn kvm_hyp_report_panic(u32 cause, u32 pc, u32 hsr,
						u32 far)
{
	static const char * const name[] = {
		[ARM_EXCEPTION_UNDEFINED] = "undefined instruction",
		[ARM_EXCEPTION_HVC_HYP] = "unexpected HVC",
		[ARM_EXCEPTION_PREF_ABORT] = "prefetch abort",
		[ARM_EXCEPTION_DATA_ABORT] = "data abort",
	};

	panic("KVM: %s in Hyp mode at %pS (%08x), HSR %08x, address %08x\n",
	      cause < ARRAY_SIZE(name) && name[cause] ? name[cause] : "fault",
	      (void *)pc, pc, hsr, far);
}
