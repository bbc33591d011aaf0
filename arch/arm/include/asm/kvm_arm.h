/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits of the Hyp mode registers of the ARMv7 Virtualization Extensions.
 *
 * ARM DDI 0406C, chapter B4 "System Control Registers in a VMSA
 * implementation"; the section is named with each register.
 */
#ifndef __ARM_KVM_ARM_H__
#define __ARM_KVM_ARM_H__

#include <linux/const.h>
#include <vdso/bits.h>

/* HCR, Hyp Configuration Register (B4.1.64) */
#define HCR_TGE		BIT(27)
#define HCR_TVM		BIT(26)		/* writes of the MMU registers */
#define HCR_TTLB	BIT(25)
#define HCR_TPU		BIT(24)
#define HCR_TPC		BIT(23)
#define HCR_TSW		BIT(22)		/* cache maintenance by set/way */
#define HCR_TAC		BIT(21)		/* ACTLR */
#define HCR_TIDCP	BIT(20)		/* implementation defined: c9-c11 */
#define HCR_TSC		BIT(19)		/* SMC */
#define HCR_TID3	BIT(18)		/* ID_*, MVFR0, MVFR1 */
#define HCR_TID2	BIT(17)		/* CTR CCSIDR CLIDR CSSELR */
#define HCR_TID1	BIT(16)		/* TCMTR TLBTR REVIDR AIDR */
#define HCR_TID0	BIT(15)		/* FPSID JIDR */
#define HCR_TWE		BIT(14)
#define HCR_TWI		BIT(13)
#define HCR_DC		BIT(12)
#define HCR_BSU_IS	BIT(10)		/* barriers act Inner Shareable */
#define HCR_FB		BIT(9)		/* TLB and I-cache ops broadcast */
#define HCR_VA		BIT(8)		/* virtual asynchronous abort */
#define HCR_VI		BIT(7)
#define HCR_VF		BIT(6)
#define HCR_AMO		BIT(5)
#define HCR_IMO		BIT(4)
#define HCR_FMO		BIT(3)
#define HCR_PTW		BIT(2)
#define HCR_SWIO	BIT(1)		/* invalidate by set/way also cleans */
#define HCR_VM		BIT(0)

/*
 * HCR of all guests. KVM also sets TVM, to see the guest turn its caches on or
 * off, VI, VF and VA for interrupts and aborts, and TWE, if another task could
 * run. With BSU and FB, a vcpu may move to another CPU between an operation and
 * its barrier.
 */
#define HCR_GUEST_FLAGS	(HCR_VM | HCR_SWIO | HCR_FMO | HCR_IMO | HCR_AMO | \
			 HCR_FB | HCR_BSU_IS | HCR_TWI | HCR_TID0 | \
			 HCR_TID1 | HCR_TID2 | HCR_TID3 | HCR_TSC | \
			 HCR_TIDCP | HCR_TAC | HCR_TSW)

/* A guest starts with its caches off */
#define HCR_GUEST_RESET	(HCR_GUEST_FLAGS | HCR_TVM)

/* HSTR, Hyp System Trap Register (B4.1.73) */
#define HSTR_T(n)	BIT(n)
#define HSTR_TTEE	BIT(16)		/* ThumbEE configuration */
#define HSTR_TJDBX	BIT(17)		/* Jazelle, BXJ included */

/*
 * Trap c15, which is implementation defined, and ThumbEE, whose registers are
 * not switched. HCR, HCPTR and HDCR trap registers of c0-c13 one by one.
 * Jazelle is trivial on these CPUs and has no state.
 */
#define HSTR_GUEST_FLAGS	(HSTR_T(15) | HSTR_TTEE)

/* HCPTR, Hyp Coprocessor Trap Register (B4.1.63) */
#define HCPTR_TCPAC	BIT(31)
#define HCPTR_TTA	BIT(20)		/* trace registers */
#define HCPTR_TASE	BIT(15)
#define HCPTR_TCP(n)	BIT(n)
#define HCPTR_VFP	(HCPTR_TCP(10) | HCPTR_TCP(11))
#define HCPTR_GUEST_FLAGS	(HCPTR_TTA | (0x3fff & ~HCPTR_VFP))

/* HDCR, Hyp Debug Configuration Register (B4.1.65) */
#define HDCR_TDRA	BIT(11)		/* DBGDRAR, DBGDSAR */
#define HDCR_TDOSA	BIT(10)		/* OS lock, power down */
#define HDCR_TDA	BIT(9)		/* other CP14 debug registers */
#define HDCR_TDE	BIT(8)
#define HDCR_HPME	BIT(7)
#define HDCR_TPM	BIT(6)		/* performance monitors */
#define HDCR_TPMCR	BIT(5)		/* PMCR */
#define HDCR_HPMN	0x1f		/* in use by the host's PMU */
#define HDCR_TRAPS	(HDCR_TDRA | HDCR_TDOSA | HDCR_TDA | HDCR_TPM | \
			 HDCR_TPMCR)

/* HSCTLR, Hyp System Control Register (B4.1.72) */
#define HSCTLR_TE	BIT(30)
#define HSCTLR_EE	BIT(25)
#define HSCTLR_FI	BIT(21)
#define HSCTLR_WXN	BIT(19)
#define HSCTLR_I	BIT(12)
#define HSCTLR_CP15BEN	BIT(5)
#define HSCTLR_C	BIT(2)
#define HSCTLR_A	BIT(1)
#define HSCTLR_M	BIT(0)
#define HSCTLR_MASK	(HSCTLR_TE | HSCTLR_EE | HSCTLR_WXN | HSCTLR_I | \
			 HSCTLR_CP15BEN | HSCTLR_C | HSCTLR_A | HSCTLR_M)

/* HTCR, Hyp Translation Control Register (B4.1.76): walks cacheable, shared */
#define HTCR_T0SZ	7
#define HTCR_WALK_MASK	0x3f00
#define HTCR_WALK_WBWA	(BIT(8) | BIT(10) | (3 << 12))

/*
 * VTCR, Virtualization Translation Control Register (B4.1.159). The 40-bit IPA
 * space starts at level 1, with a table of two contiguous pages.
 */
#define VTCR_T0SZ_40BIT	(BIT(4) | 8)	/* S bit, T0SZ = -8 */
#define VTCR_SL0_L1	BIT(6)
#define VTCR_WALK_WBWA	(BIT(8) | BIT(10) | (3 << 12))
#define VTCR_RES1	BIT(31)
#define VTCR_MASK	0x3fdf
#define VTCR_GUEST	(VTCR_RES1 | VTCR_WALK_WBWA | VTCR_SL0_L1 | \
			 VTCR_T0SZ_40BIT)

/* VTTBR, Virtualization Translation Table Base Register (B4.1.160) */
#define VTTBR_VMID_SHIFT	48
#define VTTBR_VMID_BITS		8

/* CNTHCTL, Timer PL2 Control Register (B8.1) */
#define CNTHCTL_PL1PCEN		BIT(1)
#define CNTHCTL_PL1PCTEN	BIT(0)

/* HSR, Hyp Syndrome Register (B3.13.6) */
#define HSR_EC_SHIFT	26
#define HSR_EC		(_UL(0x3f) << HSR_EC_SHIFT)
#define HSR_IL		BIT(25)
#define HSR_ISS		(HSR_IL - 1)
/* Instruction syndromes that carry a condition: CP15 CP14 CP0-13 VMRS SVC ... */
#define HSR_CV		BIT(24)
#define HSR_COND_SHIFT	20
#define HSR_COND	(_UL(0xf) << HSR_COND_SHIFT)
#define HSR_AL		(HSR_CV | _UL(0xe) << HSR_COND_SHIFT)
/* Syndromes of MCR, MRC, MCRR, MRRC, VMSR, VMRS */
#define HSR_CP_READ	BIT(0)
#define HSR_CP_CRM	(_UL(0xf) << 1)
#define HSR_CP_RT_SHIFT	5
#define HSR_CP_RT	(_UL(0xf) << HSR_CP_RT_SHIFT)
#define HSR_CP32_CRN	(_UL(0xf) << 10)
#define HSR_CP32_OPC1	(_UL(0x7) << 14)
#define HSR_CP32_OPC2	(_UL(0x7) << 17)
#define HSR_CP64_RT2	(_UL(0xf) << 10)
#define HSR_CP64_OPC1	(_UL(0xf) << 16)
/* CP0-CP13 */
#define HSR_TA		BIT(5)		/* Advanced SIMD */
#define HSR_COPROC	0xf
/* Data aborts */
#define HSR_ISV		BIT(24)
#define HSR_SAS_SHIFT	22
#define HSR_SAS		(_UL(3) << HSR_SAS_SHIFT)
#define HSR_SSE		BIT(21)
#define HSR_SRT_SHIFT	16
#define HSR_SRT		(_UL(0xf) << HSR_SRT_SHIFT)
#define HSR_EA		BIT(9)
#define HSR_CM		BIT(8)
#define HSR_S1PTW	BIT(7)
#define HSR_WNR		BIT(6)
#define HSR_FSC		0x3f
#define HSR_FSC_TYPE	0x3c
#define   FSC_FAULT	0x04
#define   FSC_ACCESS	0x08
#define   FSC_PERM	0x0c
#define   FSC_SEA	0x10		/* synchronous external abort */
#define   FSC_SEA_TTW	0x14		/* ... on a table walk, by level */
#define   FSC_SECC	0x18		/* synchronous parity error */
#define   FSC_SECC_TTW	0x1c
/* Codes without a level in bits 1:0 */
#define   FSC_ASYNC_EA	0x11		/* asynchronous external abort */
#define   FSC_ASYNC_ECC	0x19		/* asynchronous parity error */
#define   FSC_ALIGNMENT	0x21
#define   FSC_TLB_CONFLICT	0x30
/* WFI, WFE */
#define HSR_WFE		BIT(0)
/* HVC, SMC */
#define HSR_HVC_IMM	0xffff

#define HSR_EC_UNKNOWN	0x00
#define HSR_EC_WFI	0x01
#define HSR_EC_CP15_32	0x03
#define HSR_EC_CP15_64	0x04
#define HSR_EC_CP14_MR	0x05
#define HSR_EC_CP14_LS	0x06
#define HSR_EC_CP_0_13	0x07
#define HSR_EC_CP10_ID	0x08
#define HSR_EC_JAZELLE	0x09
#define HSR_EC_BXJ	0x0a
#define HSR_EC_CP14_64	0x0c
#define HSR_EC_SVC_HYP	0x11
#define HSR_EC_HVC	0x12
#define HSR_EC_SMC	0x13
#define HSR_EC_IABT	0x20
#define HSR_EC_IABT_HYP	0x21
#define HSR_EC_DABT	0x24
#define HSR_EC_DABT_HYP	0x25
#define HSR_EC_MAX	0x3f

/* HPFAR, Hyp IPA Fault Address Register (B4.1.67): IPA[39:12] in bits 31:4 */
#define HPFAR_MASK	(~_UL(0xf))

/* PAR in the Long-descriptor format (B4.1.112) */
#define PAR_F		BIT(0)
#define PAR_PA_MASK	_AC(0xfffffff000, ULL)

/* Stage 2 and Hyp stage 1 descriptors, Long-descriptor format (B3.6) */
#define LPAE_VALID	_AC(1, ULL)
#define LPAE_TABLE	_AC(3, ULL)	/* levels 1 and 2 */
#define LPAE_BLOCK	_AC(1, ULL)	/* levels 1 and 2 */
#define LPAE_PAGE	_AC(3, ULL)	/* level 3 */
#define LPAE_TYPE	_AC(3, ULL)
#define LPAE_ADDR	_AC(0xfffffff000, ULL)
#define LPAE_SH_INNER	(_AC(3, ULL) << 8)
#define LPAE_AF		(_AC(1, ULL) << 10)
#define LPAE_XN		(_AC(1, ULL) << 54)

#define S2_MEMATTR_WB	(_AC(0xf, ULL) << 2)
#define S2_MEMATTR_DEV	(_AC(1, ULL) << 2)
#define S2_HAP_RO	(_AC(1, ULL) << 6)
#define S2_HAP_RW	(_AC(3, ULL) << 6)
#define S2_HAP_W	(_AC(2, ULL) << 6)

/* Bit 6, AP[1], is SBO in PL2 translations; bit 7 makes it read-only */
#define HYP_AP_SBO	(_AC(1, ULL) << 6)
#define HYP_AP_RO	(_AC(1, ULL) << 7)
#define HYP_ATTRINDX(n)	(_AC(n, ULL) << 2)

#endif /* __ARM_KVM_ARM_H__ */
