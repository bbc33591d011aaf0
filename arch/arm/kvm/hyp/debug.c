// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read registers that are accessible in Hyp mode only.
 */
#include <asm/kvm_hyp.h>

/**
 * __kvm_read_hyp_reg() - read a trap or translation register as the host has it
 * @which: KVM_HYP_REG_*
 *
 * Return: the value; for VTTBR, bits 63:32, which hold the VMID.
 */
u32 __hyp_text __kvm_read_hyp_reg(u32 which)
{
	if (which == KVM_HYP_REG_HCR)
		return read_sysreg(HCR);
	if (which == KVM_HYP_REG_HDCR)
		return read_sysreg(HDCR);
	if (which == KVM_HYP_REG_HCPTR)
		return read_sysreg(HCPTR);
	if (which == KVM_HYP_REG_HSTR)
		return read_sysreg(HSTR);
	if (which == KVM_HYP_REG_CNTHCTL)
		return read_sysreg(CNTHCTL);
	if (which == KVM_HYP_REG_VTTBR)
		return upper_32_bits(read_sysreg(VTTBR));
	if (which == KVM_HYP_REG_VPIDR)
		return read_sysreg(VPIDR);
	if (which == KVM_HYP_REG_VMPIDR)
		return read_sysreg(VMPIDR);

	return 0;
}
