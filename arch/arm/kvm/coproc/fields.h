/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fields of identification registers, and the values that a guest may see in
 * place of the CPU's. ARM DDI 0406C, B4.1, B7.
 *
 *	FIELD(register, name, lowest bit, width, rule)
 *
 * rule		SAME		no other; also for bits that are in no field
 *		LOWER		any lower number: less of a feature, shorter lines
 *		LOWER_NOT_0	any lower number but 0, which is the highest
 *		HIGHER_OR_0	any higher number, or 0, which is the highest
 *		FREE		any number: a name, on which nothing depends
 *		FIXED(n)	n only, whatever the CPU has: KVM does not give the
 *				feature to guests
 *
 * Where CPUs differ, guests see a value that holds on all of them by these rules. In
 * SAME and FREE fields it is that of the CPU on which KVM started.
 */

/* VPIDR keeps MIDR constant for a guest that moves between kinds of CPU */
FIELD(MIDR, Revision, 0, 4, FREE)
FIELD(MIDR, PartNum, 4, 12, FREE)
FIELD(MIDR, Architecture, 16, 4, SAME)
FIELD(MIDR, Variant, 20, 4, FREE)
FIELD(MIDR, Implementer, 24, 8, SAME)

/* Arm's cores have a copy of MIDR here, or flags for fixes */
FIELD(REVIDR, Revision, 0, 32, FREE)

FIELD(CTR, IminLine, 0, 4, LOWER)
FIELD(CTR, L1Ip, 14, 2, LOWER_NOT_0)
FIELD(CTR, DminLine, 16, 4, LOWER)
FIELD(CTR, ERG, 20, 4, HIGHER_OR_0)
FIELD(CTR, CWG, 24, 4, HIGHER_OR_0)
FIELD(CTR, Format, 29, 3, SAME)

FIELD(ID_PFR0, State0, 0, 4, SAME)
FIELD(ID_PFR0, State1, 4, 4, SAME)
FIELD(ID_PFR0, State2, 8, 4, LOWER)
/* ThumbEE needs registers that guests do not have: see HSTR.TTEE */
FIELD(ID_PFR0, State3, 12, 4, FIXED(0))
FIELD(ID_PFR0, CSV2, 16, 4, LOWER)
FIELD(ID_PFR0, AMU, 20, 4, FIXED(0))
FIELD(ID_PFR0, DIT, 24, 4, LOWER)
FIELD(ID_PFR0, RAS, 28, 4, FIXED(0))

FIELD(ID_PFR1, ProgMod, 0, 4, SAME)
/* Guests have VBAR of the Security Extensions, but no Hyp mode */
FIELD(ID_PFR1, Security, 4, 4, LOWER)
FIELD(ID_PFR1, MProgMod, 8, 4, SAME)
FIELD(ID_PFR1, Virtualization, 12, 4, FIXED(0))
FIELD(ID_PFR1, GenTimer, 16, 4, LOWER)
FIELD(ID_PFR1, Sec_frac, 20, 4, LOWER)
FIELD(ID_PFR1, Virt_frac, 24, 4, FIXED(0))
FIELD(ID_PFR1, GIC, 28, 4, FIXED(0))

/*
 * Guests have no debug, trace and PMU. PerfMon is 0xf, since 0 would leave a
 * PMU of an unknown version possible.
 */
FIELD(ID_DFR0, CopDbg, 0, 4, FIXED(0))
FIELD(ID_DFR0, CopSDbg, 4, 4, FIXED(0))
FIELD(ID_DFR0, MMapDbg, 8, 4, FIXED(0))
FIELD(ID_DFR0, CopTrc, 12, 4, FIXED(0))
FIELD(ID_DFR0, MMapTrc, 16, 4, FIXED(0))
FIELD(ID_DFR0, MProfDbg, 20, 4, FIXED(0))
FIELD(ID_DFR0, PerfMon, 24, 4, FIXED(0xf))
FIELD(ID_DFR0, TraceFilt, 28, 4, FIXED(0))

/* Values below 3 are other kinds of MMU */
FIELD(ID_MMFR0, VMSA, 0, 4, SAME)
FIELD(ID_MMFR0, PMSA, 4, 4, SAME)
FIELD(ID_MMFR0, OuterShr, 8, 4, SAME)
FIELD(ID_MMFR0, ShareLvl, 12, 4, SAME)
FIELD(ID_MMFR0, TCM, 16, 4, SAME)
FIELD(ID_MMFR0, AuxReg, 20, 4, LOWER)
FIELD(ID_MMFR0, FCSE, 24, 4, SAME)
FIELD(ID_MMFR0, InnerShr, 28, 4, SAME)

FIELD(ID_MMFR1, L1HvdVA, 0, 4, SAME)
FIELD(ID_MMFR1, L1UniVA, 4, 4, SAME)
FIELD(ID_MMFR1, L1HvdSW, 8, 4, SAME)
FIELD(ID_MMFR1, L1UniSW, 12, 4, SAME)
FIELD(ID_MMFR1, L1Hvd, 16, 4, SAME)
FIELD(ID_MMFR1, L1Uni, 20, 4, SAME)
FIELD(ID_MMFR1, L1TstCln, 24, 4, SAME)
/* Lower numbers require more maintenance; 0 means no branch predictor */
FIELD(ID_MMFR1, BPred, 28, 4, LOWER_NOT_0)

FIELD(ID_MMFR2, L1HvdFG, 0, 4, SAME)
FIELD(ID_MMFR2, L1HvdBG, 4, 4, SAME)
FIELD(ID_MMFR2, L1HvdRng, 8, 4, SAME)
FIELD(ID_MMFR2, HvdTLB, 12, 4, SAME)
FIELD(ID_MMFR2, UniTLB, 16, 4, LOWER)
FIELD(ID_MMFR2, MemBarr, 20, 4, LOWER)
FIELD(ID_MMFR2, WFIStall, 24, 4, LOWER)
FIELD(ID_MMFR2, HWAccFlg, 28, 4, LOWER)

FIELD(ID_MMFR3, CMaintVA, 0, 4, LOWER)
FIELD(ID_MMFR3, CMaintSW, 4, 4, LOWER)
FIELD(ID_MMFR3, BPMaint, 8, 4, LOWER)
FIELD(ID_MMFR3, MaintBcst, 12, 4, LOWER)
FIELD(ID_MMFR3, CohWalk, 20, 4, LOWER)
FIELD(ID_MMFR3, CMemSz, 24, 4, LOWER)
/* 0 means supported, 0xf not supported */
FIELD(ID_MMFR3, Supersec, 28, 4, SAME)

FIELD(ID_ISAR0, Swap, 0, 4, LOWER)
FIELD(ID_ISAR0, BitCount, 4, 4, LOWER)
FIELD(ID_ISAR0, BitField, 8, 4, LOWER)
FIELD(ID_ISAR0, CmpBranch, 12, 4, LOWER)
FIELD(ID_ISAR0, Coproc, 16, 4, LOWER)
FIELD(ID_ISAR0, Debug, 20, 4, LOWER)
FIELD(ID_ISAR0, Divide, 24, 4, LOWER)

FIELD(ID_ISAR1, Endian, 0, 4, LOWER)
FIELD(ID_ISAR1, Except, 4, 4, LOWER)
FIELD(ID_ISAR1, ExceptAR, 8, 4, LOWER)
FIELD(ID_ISAR1, Extend, 12, 4, LOWER)
FIELD(ID_ISAR1, IfThen, 16, 4, LOWER)
FIELD(ID_ISAR1, Immediate, 20, 4, LOWER)
FIELD(ID_ISAR1, Interwork, 24, 4, LOWER)
FIELD(ID_ISAR1, Jazelle, 28, 4, LOWER)

FIELD(ID_ISAR2, LoadStore, 0, 4, LOWER)
FIELD(ID_ISAR2, MemHint, 4, 4, LOWER)
/* 0 guarantees that they are not interruptible */
FIELD(ID_ISAR2, MultiAccessInt, 8, 4, SAME)
FIELD(ID_ISAR2, Mult, 12, 4, LOWER)
FIELD(ID_ISAR2, MultS, 16, 4, LOWER)
FIELD(ID_ISAR2, MultU, 20, 4, LOWER)
FIELD(ID_ISAR2, PSR_AR, 24, 4, LOWER)
FIELD(ID_ISAR2, Reversal, 28, 4, LOWER)

FIELD(ID_ISAR3, Saturate, 0, 4, LOWER)
FIELD(ID_ISAR3, SIMD, 4, 4, LOWER)
FIELD(ID_ISAR3, SVC, 8, 4, LOWER)
/* Defined together with ID_ISAR4.SynchPrim_frac */
FIELD(ID_ISAR3, SynchPrim, 12, 4, SAME)
FIELD(ID_ISAR3, TabBranch, 16, 4, LOWER)
FIELD(ID_ISAR3, ThumbCopy, 20, 4, LOWER)
FIELD(ID_ISAR3, TrueNOP, 24, 4, LOWER)
FIELD(ID_ISAR3, ThumbEE, 28, 4, FIXED(0))

FIELD(ID_ISAR4, Unpriv, 0, 4, LOWER)
FIELD(ID_ISAR4, WithShifts, 4, 4, LOWER)
FIELD(ID_ISAR4, Writeback, 8, 4, LOWER)
FIELD(ID_ISAR4, SMC, 12, 4, LOWER)
FIELD(ID_ISAR4, Barrier, 16, 4, LOWER)
FIELD(ID_ISAR4, SynchPrim_frac, 20, 4, SAME)
FIELD(ID_ISAR4, PSR_M, 24, 4, LOWER)
FIELD(ID_ISAR4, SWP_frac, 28, 4, SAME)

/* ARMv8 */
FIELD(ID_ISAR5, SEVL, 0, 4, SAME)
FIELD(ID_ISAR5, AES, 4, 4, LOWER)
FIELD(ID_ISAR5, SHA1, 8, 4, LOWER)
FIELD(ID_ISAR5, SHA2, 12, 4, LOWER)
FIELD(ID_ISAR5, CRC32, 16, 4, LOWER)
FIELD(ID_ISAR5, RDM, 24, 4, LOWER)
FIELD(ID_ISAR5, VCMA, 28, 4, LOWER)

FIELD(CLIDR, Ctype1, 0, 3, SAME)
FIELD(CLIDR, Ctype2, 3, 3, SAME)
FIELD(CLIDR, Ctype3, 6, 3, SAME)
FIELD(CLIDR, LoUIS, 21, 3, SAME)
FIELD(CLIDR, LoC, 24, 3, SAME)
FIELD(CLIDR, LoUU, 27, 3, SAME)

/* MVFR0 and MVFR1 describe the VFP */
FIELD(FPSID, Revision, 0, 4, FREE)
FIELD(FPSID, Variant, 4, 4, FREE)
FIELD(FPSID, PartNum, 8, 8, FREE)
FIELD(FPSID, Subarchitecture, 16, 7, FREE)
FIELD(FPSID, SW, 23, 1, SAME)
FIELD(FPSID, Implementer, 24, 8, SAME)

/* The number of D registers determines which ids exist */
FIELD(MVFR0, A_SIMD, 0, 4, SAME)
FIELD(MVFR0, SP, 4, 4, LOWER)
FIELD(MVFR0, DP, 8, 4, LOWER)
FIELD(MVFR0, FPTrap, 12, 4, LOWER)
FIELD(MVFR0, Divide, 16, 4, LOWER)
FIELD(MVFR0, Sqrt, 20, 4, LOWER)
FIELD(MVFR0, ShortVec, 24, 4, LOWER)
FIELD(MVFR0, Rounding, 28, 4, LOWER)

/* 0 guarantees that there is no other mode */
FIELD(MVFR1, FtZ, 0, 4, SAME)
FIELD(MVFR1, DNaN, 4, 4, SAME)
FIELD(MVFR1, A_SIMD_LS, 8, 4, LOWER)
FIELD(MVFR1, A_SIMD_int, 12, 4, LOWER)
FIELD(MVFR1, A_SIMD_SP, 16, 4, LOWER)
FIELD(MVFR1, A_SIMD_HP, 20, 4, LOWER)
FIELD(MVFR1, VFP_HP, 24, 4, LOWER)
FIELD(MVFR1, A_SIMD_FMAC, 28, 4, LOWER)

#undef FIELD
