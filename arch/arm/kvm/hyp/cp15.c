// SPDX-License-Identifier: GPL-2.0-only
/*
 * CP15 registers that host and guest each have values of: the SWITCHED rows
 * of coproc/regs.h, read and written by the encodings given there.
 */
#include <asm/kvm_hyp.h>

#include "../coproc/coproc.h"

/* A row without a feature, the only word of it that matters here, needs no test */
#define IF_THERE(...)							\
	if (!((const struct coproc_reg){ __VA_ARGS__ }).feature ||	\
	    features & ((const struct coproc_reg){ __VA_ARGS__ }).feature)

/* Their order does not matter: none changes what another one is */
#define SWITCHED32(name, cp, crn, opc1, crm, opc2, trap, who, ...)	\
	IF_THERE(__VA_ARGS__)						\
		ctxt->cp15[CP15_##name] =				\
			read_sysreg(__ACCESS_CP15(c##crn, opc1, c##crm, opc2));
#define SWITCHED64(name, cp, crm, opc1, ...)				\
	val = read_sysreg(__ACCESS_CP15_64(opc1, c##crm));		\
	ctxt->cp15[CP15_##name] = lower_32_bits(val);			\
	ctxt->cp15[CP15_##name + 1] = upper_32_bits(val);

/**
 * __kvm_cp15_save() - read the switched registers
 * @ctxt: where to
 * @features: COPROC_* of this CPU
 */
void __hyp_text __kvm_cp15_save(struct kvm_cpu_context *ctxt, u32 features)
{
	u64 val;

#include "../coproc/regs.h"
}

#define SWITCHED32(name, cp, crn, opc1, crm, opc2, trap, who, ...)	\
	IF_THERE(__VA_ARGS__)						\
		write_sysreg(ctxt->cp15[CP15_##name],			\
			     __ACCESS_CP15(c##crn, opc1, c##crm, opc2));
#define SWITCHED64(name, cp, crm, opc1, ...)				\
	val = (u64)ctxt->cp15[CP15_##name + 1] << 32 |			\
	      ctxt->cp15[CP15_##name];					\
	write_sysreg(val, __ACCESS_CP15_64(opc1, c##crm));

/**
 * __kvm_cp15_restore() - write the switched registers
 * @ctxt: where from
 * @features: COPROC_* of this CPU
 *
 * Nothing here has an effect on Hyp mode itself, whose own registers these are
 * not; the exception return that follows synchronises them.
 */
void __hyp_text __kvm_cp15_restore(const struct kvm_cpu_context *ctxt, u32 features)
{
	u64 val;

#include "../coproc/regs.h"
}
