/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CP15 registers of a guest: one row per register, and nothing else here.
 *
 *	CP15_REG32(name, crn, opc1, crm, opc2, storage, ...)	MRC, MCR
 *	CP15_REG64(name, crm, opc1, storage, ...)		MRRC, MCRR
 *
 * Whoever includes this file defines the two macros and takes what it needs.
 * Use name only as an operand of # or ##: some names are macros elsewhere.
 *
 * name		as in the ARM ARM (DDI 0406C), _64 for the 64-bit view of a
 *		register that also has a 32-bit one
 * crn...opc2	plain decimal numbers
 * storage	where the value lives:
 *		SWITCHED	in the vcpu; Hyp mode saves and restores it
 *		EMULATED	in the vcpu; never in the hardware
 *		ALIAS_OF(x)	in row x's place, the low word of a 64-bit one
 *		INVARIANT	this host's value, captured when KVM starts
 *		EXTERNAL	elsewhere in KVM, through get_user and set_user
 *		NO_STATE	nowhere: an operation, or RAZ/WI. These, and only
 *				these, are not offered to user space
 * ...		initialisers of struct coproc_reg, where the row is not plain
 *
 * Rows ascend by register id, 32-bit ones first. A register that is plain
 * needs its row here and nothing anywhere else.
 */

/* c0: HCR.TID1 (TCMTR TLBTR REVIDR AIDR), HCR.TID2 (CTR CCSIDR CLIDR CSSELR) */
CP15_REG32(MIDR,        0, 0,  0, 0, INVARIANT)
CP15_REG32(CTR,         0, 0,  0, 1, INVARIANT)
CP15_REG32(TCMTR,       0, 0,  0, 2, INVARIANT)
CP15_REG32(TLBTR,       0, 0,  0, 3, INVARIANT)
CP15_REG32(MPIDR,       0, 0,  0, 5, EMULATED, .flags = REG_RO, .reset_fn = reset_mpidr)
CP15_REG32(REVIDR,      0, 0,  0, 6, INVARIANT)
CP15_REG32(CCSIDR,      0, 1,  0, 0, NO_STATE, .access = access_ccsidr)
CP15_REG32(CLIDR,       0, 1,  0, 1, INVARIANT)
CP15_REG32(AIDR,        0, 1,  0, 7, INVARIANT)
CP15_REG32(CSSELR,      0, 2,  0, 0, EMULATED)

/* c0: HCR.TID3. The rest of what it traps reads as zero, without rows */
/* ThumbEE needs registers that guests do not have: HSTR.TTEE */
CP15_REG32(ID_PFR0,     0, 0,  1, 0, INVARIANT, .hide = 0x0000f000)
CP15_REG32(ID_PFR1,     0, 0,  1, 1, INVARIANT)
/*
 * Neither debug nor trace nor a PMU can be used by a guest. PerfMon says so
 * with 0xf: zero would leave a PMU of an unknown version possible.
 */
CP15_REG32(ID_DFR0,     0, 0,  1, 2, INVARIANT, .hide = 0xffffffff, .show = 0x0f000000)
CP15_REG32(ID_AFR0,     0, 0,  1, 3, INVARIANT)
CP15_REG32(ID_MMFR0,    0, 0,  1, 4, INVARIANT)
CP15_REG32(ID_MMFR1,    0, 0,  1, 5, INVARIANT)
CP15_REG32(ID_MMFR2,    0, 0,  1, 6, INVARIANT)
CP15_REG32(ID_MMFR3,    0, 0,  1, 7, INVARIANT)
CP15_REG32(ID_ISAR0,    0, 0,  2, 0, INVARIANT)
CP15_REG32(ID_ISAR1,    0, 0,  2, 1, INVARIANT)
CP15_REG32(ID_ISAR2,    0, 0,  2, 2, INVARIANT)
CP15_REG32(ID_ISAR3,    0, 0,  2, 3, INVARIANT)
CP15_REG32(ID_ISAR4,    0, 0,  2, 4, INVARIANT)
CP15_REG32(ID_ISAR5,    0, 0,  2, 5, INVARIANT)

/*
 * c1-c6: HCR.TVM traps writes while the guest's caches are off. ACTLR:
 * HCR.TAC.
 */
CP15_REG32(SCTLR,       1, 0,  0, 0, SWITCHED, .access = access_vm_reg,
	   .reset = {
		[KVM_ARM_TARGET_CORTEX_A15] = 0x00c50078,
		[KVM_ARM_TARGET_CORTEX_A7]  = 0x00c50878,
	   })
CP15_REG32(ACTLR,       1, 0,  0, 1, EMULATED, .access = access_actlr,
	   .reset_fn = reset_actlr, .get_user = get_actlr)
CP15_REG32(CPACR,       1, 0,  0, 2, SWITCHED)
CP15_REG32(TTBR0,       2, 0,  0, 0, ALIAS_OF(TTBR0_64), .access = access_vm_reg)
CP15_REG32(TTBR1,       2, 0,  0, 1, ALIAS_OF(TTBR1_64), .access = access_vm_reg)
CP15_REG32(TTBCR,       2, 0,  0, 2, SWITCHED, .access = access_vm_reg)
CP15_REG32(DACR,        3, 0,  0, 0, SWITCHED, .access = access_vm_reg)
CP15_REG32(DFSR,        5, 0,  0, 0, SWITCHED, .access = access_vm_reg)
CP15_REG32(IFSR,        5, 0,  0, 1, SWITCHED, .access = access_vm_reg)
CP15_REG32(ADFSR,       5, 0,  1, 0, SWITCHED, .access = access_vm_reg)
CP15_REG32(AIFSR,       5, 0,  1, 1, SWITCHED, .access = access_vm_reg)
CP15_REG32(DFAR,        6, 0,  0, 0, SWITCHED, .access = access_vm_reg)
CP15_REG32(IFAR,        6, 0,  0, 2, SWITCHED, .access = access_vm_reg)

/* c7: HCR.TSW */
CP15_REG32(DCISW,       7, 0,  6, 2, NO_STATE, .access = access_set_way)
CP15_REG32(DCCSW,       7, 0, 10, 2, NO_STATE, .access = access_set_way)
CP15_REG32(DCCISW,      7, 0, 14, 2, NO_STATE, .access = access_set_way)

/*
 * c9: HCR.TIDCP, which also traps c10 and c11: what has no row is undefined
 * for the guest. L2ECTLR counts errors of a cache that belongs to the host.
 */
CP15_REG32(L2CTLR,      9, 1,  0, 2, EMULATED, .access = access_l2ctlr,
	   .reset_fn = reset_l2ctlr, .get_user = get_l2ctlr)
CP15_REG32(L2ECTLR,     9, 1,  0, 3, NO_STATE, .access = access_raz_wi)

/*
 * c9: HDCR.TPM, HDCR.TPMCR. ID_DFR0 shows no PMU, but not every guest asks it.
 * PMUSERENR.EN is 0, so User mode may do no more than read that.
 */
CP15_REG32(PMCR,        9, 0, 12, 0, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMCNTENSET,  9, 0, 12, 1, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMCNTENCLR,  9, 0, 12, 2, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMOVSR,      9, 0, 12, 3, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMSWINC,     9, 0, 12, 4, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMSELR,      9, 0, 12, 5, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMCEID0,     9, 0, 12, 6, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMCEID1,     9, 0, 12, 7, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMCCNTR,     9, 0, 13, 0, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMXEVTYPER,  9, 0, 13, 1, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMXEVCNTR,   9, 0, 13, 2, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMUSERENR,   9, 0, 14, 0, NO_STATE, .access = access_raz_wi, .flags = REG_PL0_RO)
CP15_REG32(PMINTENSET,  9, 0, 14, 1, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMINTENCLR,  9, 0, 14, 2, NO_STATE, .access = access_raz_wi)
CP15_REG32(PMOVSSET,    9, 0, 14, 3, NO_STATE, .access = access_raz_wi)

/* c10: HCR.TVM. MAIR0 is PRRR and MAIR1 is NMRR while TTBCR.EAE is 0 */
CP15_REG32(MAIR0,      10, 0,  2, 0, SWITCHED, .access = access_vm_reg)
CP15_REG32(MAIR1,      10, 0,  2, 1, SWITCHED, .access = access_vm_reg)
CP15_REG32(AMAIR0,     10, 0,  3, 0, SWITCHED, .access = access_vm_reg)
CP15_REG32(AMAIR1,     10, 0,  3, 1, SWITCHED, .access = access_vm_reg)

/* c12, c13: not trapped but CONTEXTIDR, by HCR.TVM */
CP15_REG32(VBAR,       12, 0,  0, 0, SWITCHED)
CP15_REG32(CONTEXTIDR, 13, 0,  0, 1, SWITCHED, .access = access_vm_reg)
CP15_REG32(TPIDRURW,   13, 0,  0, 2, SWITCHED, .flags = REG_PL0)
CP15_REG32(TPIDRURO,   13, 0,  0, 3, SWITCHED, .flags = REG_PL0_RO)
CP15_REG32(TPIDRPRW,   13, 0,  0, 4, SWITCHED)

/* c14: CNTHCTL.PL1PCEN traps the physical timer; the virtual one is not */
CP15_REG32(CNTKCTL,    14, 0,  1, 0, SWITCHED)
CP15_REG32(CNTP_TVAL,  14, 0,  2, 0, NO_STATE, .access = access_cntp_tval, .flags = REG_PL0)
CP15_REG32(CNTP_CTL,   14, 0,  2, 1, EXTERNAL, .access = access_cntp_ctl, .flags = REG_PL0,
	   .get_user = get_timer_ctl, .set_user = set_timer)
CP15_REG32(CNTV_CTL,   14, 0,  3, 1, EXTERNAL,
	   .get_user = get_timer_ctl, .set_user = set_timer)

/* c15: HSTR.T15. CBAR would tell where the host's interrupt controller is */
CP15_REG32(CBAR,       15, 4,  0, 0, NO_STATE, .access = access_raz_wi, .flags = REG_RO)

/* 64-bit: HCR.TVM (TTBR0, TTBR1), CNTHCTL.PL1PCEN (CNTP_CVAL) */
CP15_REG64(TTBR0_64,    2, 0, SWITCHED, .access = access_vm_reg)
CP15_REG64(TTBR1_64,    2, 1, SWITCHED, .access = access_vm_reg)
CP15_REG64(PAR_64,      7, 0, SWITCHED)
CP15_REG64(CNTVCT,     14, 1, EXTERNAL,
	   .get_user = get_timer, .set_user = set_timer)
CP15_REG64(CNTP_CVAL,  14, 2, EXTERNAL, .access = access_cntp_cval, .flags = REG_PL0,
	   .get_user = get_timer, .set_user = set_timer)
CP15_REG64(CNTV_CVAL,  14, 3, EXTERNAL,
	   .get_user = get_timer, .set_user = set_timer)
