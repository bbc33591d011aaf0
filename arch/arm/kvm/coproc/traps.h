/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The controls that trap a guest's accesses to KVM.
 *
 *	TRAP(name, register, bits)
 *
 * name		name of the control in the rows of regs.h
 * register	the register that holds the control
 * bits		the bits to set in it while a guest runs; 0: the control is clear
 */
TRAP(TID0, HCR, HCR_TID0)
TRAP(TID1, HCR, HCR_TID1)
TRAP(TID2, HCR, HCR_TID2)
TRAP(TID3, HCR, HCR_TID3)
TRAP(TAC, HCR, HCR_TAC)
TRAP(TVM, HCR, HCR_TVM)
TRAP(TSW, HCR, HCR_TSW)
TRAP(TIDCP, HCR, HCR_TIDCP)
TRAP(TDA, HDCR, HDCR_TDA)
TRAP(TDOSA, HDCR, HDCR_TDOSA)
TRAP(TDRA, HDCR, HDCR_TDRA)
TRAP(TPM, HDCR, HDCR_TPM | HDCR_TPMCR)
TRAP(T15, HSTR, HSTR_T(15))
TRAP(TTEE, HSTR, HSTR_TTEE)
TRAP(TTA, HCPTR, HCPTR_TTA)
TRAP(PL1PCEN, CNTHCTL, 0)

#undef TRAP
