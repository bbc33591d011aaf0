/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bits of CP15 registers that keep what a guest writes, for registers that do
 * not keep all bits. Bits are left out if they are reserved, if a Cortex-A15 or
 * Cortex-A7 lacks them, or if changing them would break a guest program whose
 * MMU is off.
 *
 *	REG_MASK(name, mask)
 */
REG_MASK(CSSELR, 0xf)
REG_MASK(SCTLR, 0x30000002)
REG_MASK(CPACR, 0x00f00000)
REG_MASK(TTBR0, 0xffffc05b)
REG_MASK(TTBR1, 0xffffc05b)
REG_MASK(TTBCR, 0x7)
REG_MASK(DFSR, 0x3eff)
REG_MASK(IFSR, 0x160f)
REG_MASK(ADFSR, 0)
REG_MASK(AIFSR, 0)
REG_MASK(AMAIR0, 0)
REG_MASK(AMAIR1, 0)
REG_MASK(VBAR, 0xffffffe0)
REG_MASK(CNTKCTL, 0x3ff)
/* ENABLE starts the timer, and ISTATUS depends on the counter: leave them out. */
REG_MASK(CNTV_CTL, 0x2)
REG_MASK(CNTP_CTL, 0x2)
REG_MASK(TTBR0_64, 0x00ff00ffffffffe0)
REG_MASK(TTBR1_64, 0x00ff00ffffffffe0)
REG_MASK(PAR_64, 0xff000000fffff000)
