/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers that a guest can name with MRC, MCR, MRRC and MCRR of CP15 and CP14,
 * and with VMRS and VMSR: one row per register, and ranges for all other encodings.
 *
 *	KIND32(name, cp, crn, opc1, crm, opc2, trap, who, ...)	MRC, MCR
 *	KIND64(name, cp, crm, opc1, trap, who, ...)		MRRC, MCRR
 *
 * KIND says who decides what an access does:
 *	SWITCHED	the CPU; Hyp mode saves and restores the guest's value
 *	EMULATED	KVM, by a value in the vcpu; the CPU answers MPIDR for it
 *	ALIAS		as SWITCHED; the register is the low word of a 64-bit row,
 *			whose name is the first argument after who
 *	ID		KVM, by a value of the VM, initially the host's
 *	EXTERNAL	another part of KVM, which keeps the value: .read and .set
 *	OPERATION	KVM, by functions; no value is stored
 *	RAZ_WI		KVM: reads as zero, ignores writes
 *	NATIVE		the CPU; user space does not see the register
 *	RAZ_RANGE	as RAZ_WI, for all encodings that match
 *	UNDEF_RANGE	undefined, for all encodings that match
 * User space has ids for the first five, which are not for CP14. The first three
 * are for CP15 only.
 *
 * name		as in the ARM ARM (DDI 0406C), with _64 for the 64-bit view of a
 *		register that also has a 32-bit one. Use it only as an operand of
 *		# or ##, since some names are macros elsewhere
 * cp		15, 14, or 10 for VMRS and VMSR: those have the register as crn, and
 *		7, 0, 0
 * crn...opc2	plain decimal numbers. In a range, ANY matches all numbers and
 *		4 | ANY_OF(3) matches 4 to 7. A row overrides ranges, and a
 *		narrower range overrides a wider one
 * trap		the control that traps accesses, see traps.h; TVM traps writes only.
 *		VPIDR and VMPIDR hold KVM's answer for the CPU to give. NONE:
 *		accesses do not trap
 * who		RW, RO, WO: what PL1 may do, and after _ what PL0 may do. NA:
 *		nothing. CNTKCTL restricts PL0's use of the timers, in hardware
 * ...		initialisers of struct coproc_reg, if the register is not plain;
 *		for a SWITCHED row, .host says how to treat the host's value
 *
 * Before including this file, define the kinds that are wanted, or ROW32 and ROW64
 * for all rows, RANGE32 and RANGE64 for all ranges. Other kinds expand to nothing.
 * The end of the file undefines all of them.
 *
 * Rows ascend by coprocessor, 15 first, then by width, then by id: crn, crm, opc1,
 * opc2. A plain register needs only its row here.
 */

/* Bits of an operand that a range ignores, in addition to its number */
#define ANY_OF(bits)	((bits) << 8)
#define ANY		ANY_OF(15)

#ifndef ROW32
#define ROW32(...)
#endif
#ifndef ROW64
#define ROW64(...)
#endif
#ifndef RANGE32
#define RANGE32(...)
#endif
#ifndef RANGE64
#define RANGE64(...)
#endif
#ifndef SWITCHED32
#define SWITCHED32 ROW32
#endif
#ifndef SWITCHED64
#define SWITCHED64 ROW64
#endif
#ifndef EMULATED32
#define EMULATED32 ROW32
#endif
#ifndef ALIAS32
#define ALIAS32 ROW32
#endif
#ifndef ID32
#define ID32 ROW32
#endif
#ifndef ID64
#define ID64 ROW64
#endif
#ifndef EXTERNAL32
#define EXTERNAL32 ROW32
#endif
#ifndef EXTERNAL64
#define EXTERNAL64 ROW64
#endif
#ifndef OPERATION32
#define OPERATION32 ROW32
#endif
#ifndef RAZ_WI32
#define RAZ_WI32 ROW32
#endif
#ifndef RAZ_WI64
#define RAZ_WI64 ROW64
#endif
#ifndef NATIVE32
#define NATIVE32 ROW32
#endif
#ifndef NATIVE64
#define NATIVE64 ROW64
#endif
#ifndef RAZ_RANGE32
#define RAZ_RANGE32 RANGE32
#endif
#ifndef UNDEF_RANGE32
#define UNDEF_RANGE32 RANGE32
#endif
#ifndef UNDEF_RANGE64
#define UNDEF_RANGE64 RANGE64
#endif

/*
 * CP15 c0: HCR.TID1, TID2 (caches), and MIDR and MPIDR, which VPIDR and VMPIDR
 * replace. Encodings without a register are aliases of MIDR, without names in the
 * manual.
 */
ID32(MIDR,             15,  0, 0,  0, 0, VPIDR, RO)
ID32(CTR,              15,  0, 0,  0, 1, TID2, RO)
ID32(TCMTR,            15,  0, 0,  0, 2, TID1, RO)
ID32(TLBTR,            15,  0, 0,  0, 3, TID1, RO)
NATIVE32(MIDR_ALIAS4,  15,  0, 0,  0, 4, VPIDR, RO)
EMULATED32(MPIDR,      15,  0, 0,  0, 5, VMPIDR, RO, .reset = reset_mpidr)
ID32(REVIDR,           15,  0, 0,  0, 6, TID1, RO)
NATIVE32(MIDR_ALIAS7,  15,  0, 0,  0, 7, VPIDR, RO)
OPERATION32(CCSIDR,    15,  0, 1,  0, 0, TID2, RO, .read = read_selected_ccsidr)
ID32(CLIDR,            15,  0, 1,  0, 1, TID2, RO)
ID32(AIDR,             15,  0, 1,  0, 7, TID1, RO)
EMULATED32(CSSELR,     15,  0, 2,  0, 0, TID2, RW)

/* c0: HCR.TID3. Reserved ID registers read as zero */
ID32(ID_PFR0,          15,  0, 0,  1, 0, TID3, RO)
ID32(ID_PFR1,          15,  0, 0,  1, 1, TID3, RO)
ID32(ID_DFR0,          15,  0, 0,  1, 2, TID3, RO)
ID32(ID_AFR0,          15,  0, 0,  1, 3, TID3, RO)
ID32(ID_MMFR0,         15,  0, 0,  1, 4, TID3, RO)
ID32(ID_MMFR1,         15,  0, 0,  1, 5, TID3, RO)
ID32(ID_MMFR2,         15,  0, 0,  1, 6, TID3, RO)
ID32(ID_MMFR3,         15,  0, 0,  1, 7, TID3, RO)
ID32(ID_ISAR0,         15,  0, 0,  2, 0, TID3, RO)
ID32(ID_ISAR1,         15,  0, 0,  2, 1, TID3, RO)
ID32(ID_ISAR2,         15,  0, 0,  2, 2, TID3, RO)
ID32(ID_ISAR3,         15,  0, 0,  2, 3, TID3, RO)
ID32(ID_ISAR4,         15,  0, 0,  2, 4, TID3, RO)
ID32(ID_ISAR5,         15,  0, 0,  2, 5, TID3, RO)
RAZ_RANGE32(ID_C2_C3,  15,  0, 0,  2 | ANY_OF(1), ANY, TID3, RO)
RAZ_RANGE32(ID_C4_C7,  15,  0, 0,  4 | ANY_OF(3), ANY, TID3, RO)

/*
 * c1-c6: HCR.TVM traps writes while the guest's caches are off. DFAR and IFAR are
 * HOST_LIVE: hardware does not write them for breakpoints and asynchronous aborts,
 * so a guest's values would show in a program's siginfo.
 */
SWITCHED32(SCTLR,      15,  1, 0,  0, 0, TVM, RW, .write = write_vm_reg,
	   .reset = reset_sctlr)
EMULATED32(ACTLR,      15,  1, 0,  0, 1, TAC, RW, .read = read_actlr,
	   .write = ignore_write, .reset = reset_actlr)
SWITCHED32(CPACR,      15,  1, 0,  0, 2, NONE, RW)
NATIVE32(NSACR,        15,  1, 0,  1, 2, NONE, RO)
ALIAS32(TTBR0,         15,  2, 0,  0, 0, TVM, RW, TTBR0_64, .write = write_vm_reg)
ALIAS32(TTBR1,         15,  2, 0,  0, 1, TVM, RW, TTBR1_64, .write = write_vm_reg)
SWITCHED32(TTBCR,      15,  2, 0,  0, 2, TVM, RW, .write = write_vm_reg)
SWITCHED32(TTBCR2,     15,  2, 0,  0, 3, TVM, RW, .write = write_vm_reg,
	   .feature = COPROC_HPD, .host = HOST_FIXED)
SWITCHED32(DACR,       15,  3, 0,  0, 0, TVM, RW, .write = write_vm_reg)
SWITCHED32(DFSR,       15,  5, 0,  0, 0, TVM, RW, .write = write_vm_reg,
	   .host = HOST_DEAD)
SWITCHED32(IFSR,       15,  5, 0,  0, 1, TVM, RW, .write = write_vm_reg,
	   .host = HOST_DEAD)
SWITCHED32(ADFSR,      15,  5, 0,  1, 0, TVM, RW, .write = write_vm_reg,
	   .host = HOST_DEAD)
SWITCHED32(AIFSR,      15,  5, 0,  1, 1, TVM, RW, .write = write_vm_reg,
	   .host = HOST_DEAD)
SWITCHED32(DFAR,       15,  6, 0,  0, 0, TVM, RW, .write = write_vm_reg)
SWITCHED32(IFAR,       15,  6, 0,  0, 2, TVM, RW, .write = write_vm_reg)

/*
 * c7: maintenance of caches and branch predictors (HCR.TSW traps set/way), address
 * translation, barriers. HCR.TPC and TPU are clear. Wait for interrupt and prefetch
 * of ARMv6 do nothing, and have no names in the manual.
 */
NATIVE32(CP15WFI,      15,  7, 0,  0, 4, NONE, WO)
NATIVE32(ICIALLUIS,    15,  7, 0,  1, 0, NONE, WO)
NATIVE32(BPIALLIS,     15,  7, 0,  1, 6, NONE, WO)
NATIVE32(PAR,          15,  7, 0,  4, 0, NONE, RW)
NATIVE32(ICIALLU,      15,  7, 0,  5, 0, NONE, WO)
NATIVE32(ICIMVAU,      15,  7, 0,  5, 1, NONE, WO)
NATIVE32(CP15ISB,      15,  7, 0,  5, 4, NONE, WO_WO)
NATIVE32(BPIALL,       15,  7, 0,  5, 6, NONE, WO)
NATIVE32(BPIMVA,       15,  7, 0,  5, 7, NONE, WO)
NATIVE32(DCIMVAC,      15,  7, 0,  6, 1, NONE, WO)
OPERATION32(DCISW,     15,  7, 0,  6, 2, TSW, WO, .write = write_set_way)
NATIVE32(ATS1CPR,      15,  7, 0,  8, 0, NONE, WO)
NATIVE32(ATS1CPW,      15,  7, 0,  8, 1, NONE, WO)
NATIVE32(ATS1CUR,      15,  7, 0,  8, 2, NONE, WO)
NATIVE32(ATS1CUW,      15,  7, 0,  8, 3, NONE, WO)
NATIVE32(DCCMVAC,      15,  7, 0, 10, 1, NONE, WO)
OPERATION32(DCCSW,     15,  7, 0, 10, 2, TSW, WO, .write = write_set_way)
NATIVE32(CP15DSB,      15,  7, 0, 10, 4, NONE, WO_WO)
NATIVE32(CP15DMB,      15,  7, 0, 10, 5, NONE, WO_WO)
NATIVE32(DCCMVAU,      15,  7, 0, 11, 1, NONE, WO)
NATIVE32(CP15PREFETCH, 15,  7, 0, 13, 1, NONE, WO)
NATIVE32(DCCIMVAC,     15,  7, 0, 14, 1, NONE, WO)
OPERATION32(DCCISW,    15,  7, 0, 14, 2, TSW, WO, .write = write_set_way)

/* c8: TLB maintenance. HCR.TTLB is clear; HCR.FB broadcasts local operations */
NATIVE32(TLBIALLIS,    15,  8, 0,  3, 0, NONE, WO)
NATIVE32(TLBIMVAIS,    15,  8, 0,  3, 1, NONE, WO)
NATIVE32(TLBIASIDIS,   15,  8, 0,  3, 2, NONE, WO)
NATIVE32(TLBIMVAAIS,   15,  8, 0,  3, 3, NONE, WO)
NATIVE32(TLBIMVALIS,   15,  8, 0,  3, 5, NONE, WO, .feature = COPROC_V8)
NATIVE32(TLBIMVAALIS,  15,  8, 0,  3, 7, NONE, WO, .feature = COPROC_V8)
NATIVE32(ITLBIALL,     15,  8, 0,  5, 0, NONE, WO)
NATIVE32(ITLBIMVA,     15,  8, 0,  5, 1, NONE, WO)
NATIVE32(ITLBIASID,    15,  8, 0,  5, 2, NONE, WO)
NATIVE32(DTLBIALL,     15,  8, 0,  6, 0, NONE, WO)
NATIVE32(DTLBIMVA,     15,  8, 0,  6, 1, NONE, WO)
NATIVE32(DTLBIASID,    15,  8, 0,  6, 2, NONE, WO)
NATIVE32(TLBIALL,      15,  8, 0,  7, 0, NONE, WO)
NATIVE32(TLBIMVA,      15,  8, 0,  7, 1, NONE, WO)
NATIVE32(TLBIASID,     15,  8, 0,  7, 2, NONE, WO)
NATIVE32(TLBIMVAA,     15,  8, 0,  7, 3, NONE, WO)
NATIVE32(TLBIMVAL,     15,  8, 0,  7, 5, NONE, WO, .feature = COPROC_V8)
NATIVE32(TLBIMVAAL,    15,  8, 0,  7, 7, NONE, WO, .feature = COPROC_V8)

/*
 * c9: HCR.TIDCP. Cortex-A15 and A7 have registers of their L2 cache here. L2ECTLR
 * is RAZ/WI, since it counts errors of the host's cache.
 */
EMULATED32(L2CTLR,     15,  9, 1,  0, 2, TIDCP, RW, .feature = COPROC_L2,
	   .read = read_l2ctlr, .write = ignore_write, .reset = reset_l2ctlr)
RAZ_WI32(L2ECTLR,      15,  9, 1,  0, 3, TIDCP, RW, .feature = COPROC_L2)

/*
 * c9: HDCR.TPM, HDCR.TPMCR. ID_DFR0 shows no PMU, but not every guest reads it.
 * PMUSERENR.EN is 0, so that User mode may read PMUSERENR only.
 */
RAZ_WI32(PMCR,         15,  9, 0, 12, 0, TPM, RW)
RAZ_WI32(PMCNTENSET,   15,  9, 0, 12, 1, TPM, RW)
RAZ_WI32(PMCNTENCLR,   15,  9, 0, 12, 2, TPM, RW)
RAZ_WI32(PMOVSR,       15,  9, 0, 12, 3, TPM, RW)
RAZ_WI32(PMSWINC,      15,  9, 0, 12, 4, TPM, WO)
RAZ_WI32(PMSELR,       15,  9, 0, 12, 5, TPM, RW)
RAZ_WI32(PMCEID0,      15,  9, 0, 12, 6, TPM, RO)
RAZ_WI32(PMCEID1,      15,  9, 0, 12, 7, TPM, RO)
RAZ_WI32(PMCCNTR,      15,  9, 0, 13, 0, TPM, RW)
RAZ_WI32(PMXEVTYPER,   15,  9, 0, 13, 1, TPM, RW)
RAZ_WI32(PMXEVCNTR,    15,  9, 0, 13, 2, TPM, RW)
RAZ_WI32(PMUSERENR,    15,  9, 0, 14, 0, TPM, RW_RO)
RAZ_WI32(PMINTENSET,   15,  9, 0, 14, 1, TPM, RW)
RAZ_WI32(PMINTENCLR,   15,  9, 0, 14, 2, TPM, RW)
RAZ_WI32(PMOVSSET,     15,  9, 0, 14, 3, TPM, RW)

/* c9-c11: other encodings of HCR.TIDCP */
UNDEF_RANGE32(C9_C0_C1,   15,  9, ANY,  0 | ANY_OF(1), ANY, TIDCP, NA)
UNDEF_RANGE32(C9_C2,      15,  9, ANY,  2, ANY, TIDCP, NA)
UNDEF_RANGE32(C9_C5,      15,  9, ANY,  5, ANY, TIDCP, NA)
UNDEF_RANGE32(C9_C6_C7,   15,  9, ANY,  6 | ANY_OF(1), ANY, TIDCP, NA)
UNDEF_RANGE32(C9_C8,      15,  9, ANY,  8, ANY, TIDCP, NA)
UNDEF_RANGE32(C10_C0_C1,  15, 10, ANY,  0 | ANY_OF(1), ANY, TIDCP, NA)
UNDEF_RANGE32(C10_C4,     15, 10, ANY,  4, ANY, TIDCP, NA)
UNDEF_RANGE32(C10_C8,     15, 10, ANY,  8, ANY, TIDCP, NA)
UNDEF_RANGE32(C11_C0_C7,  15, 11, ANY,  0 | ANY_OF(7), ANY, TIDCP, NA)
UNDEF_RANGE32(C11_C8,     15, 11, ANY,  8, ANY, TIDCP, NA)
UNDEF_RANGE32(C11_C15,    15, 11, ANY, 15, ANY, TIDCP, NA)

/* c10: MAIR0 is PRRR and MAIR1 is NMRR while TTBCR.EAE is 0 */
SWITCHED32(MAIR0,      15, 10, 0,  2, 0, TVM, RW, .write = write_vm_reg,
	   .host = HOST_FIXED)
SWITCHED32(MAIR1,      15, 10, 0,  2, 1, TVM, RW, .write = write_vm_reg,
	   .host = HOST_FIXED)
SWITCHED32(AMAIR0,     15, 10, 0,  3, 0, TVM, RW, .write = write_vm_reg,
	   .host = HOST_FIXED)
SWITCHED32(AMAIR1,     15, 10, 0,  3, 1, TVM, RW, .write = write_vm_reg,
	   .host = HOST_FIXED)

/* c12, c13. FCSEIDR is RAZ/WI on CPUs with the multiprocessing extensions */
SWITCHED32(VBAR,       15, 12, 0,  0, 0, NONE, RW, .host = HOST_FIXED)
NATIVE32(ISR,          15, 12, 0,  1, 0, NONE, RO)
NATIVE32(FCSEIDR,      15, 13, 0,  0, 0, NONE, RW)
SWITCHED32(CONTEXTIDR, 15, 13, 0,  0, 1, TVM, RW, .write = write_vm_reg)
SWITCHED32(TPIDRURW,   15, 13, 0,  0, 2, NONE, RW_RW)
SWITCHED32(TPIDRURO,   15, 13, 0,  0, 3, NONE, RW_RO)
SWITCHED32(TPIDRPRW,   15, 13, 0,  0, 4, NONE, RW, .host = HOST_FIXED)

/* c14: CNTHCTL.PL1PCEN traps the physical timer; the guest owns the virtual one */
NATIVE32(CNTFRQ,       15, 14, 0,  0, 0, NONE, RO_RO)
SWITCHED32(CNTKCTL,    15, 14, 0,  1, 0, NONE, RW)
OPERATION32(CNTP_TVAL, 15, 14, 0,  2, 0, PL1PCEN, RW_RW, .read = read_cntp_tval,
	    .write = write_cntp_tval)
EXTERNAL32(CNTP_CTL,   15, 14, 0,  2, 1, PL1PCEN, RW_RW, .read = read_timer_ctl,
	   .write = write_cntp_ctl, .set = set_timer)
NATIVE32(CNTV_TVAL,    15, 14, 0,  3, 0, NONE, RW_RW)
EXTERNAL32(CNTV_CTL,   15, 14, 0,  3, 1, NONE, RW_RW, .read = read_timer_ctl,
	   .set = set_timer)

/*
 * c15: HSTR.T15. CBAR has the address of the host's interrupt controller. A kernel sets
 * bits of the first two for errata of Cortex-A12 and A17, and the host has done so. The
 * manual has no names for them: these are arch/arm/mm/proc-v7.S's
 */
RAZ_WI32(DIAGNOSTIC,   15, 15, 0,  0, 1, T15, RW, .feature = COPROC_A12)
RAZ_WI32(INTERNAL_FEATURE, 15, 15, 0, 0, 2, T15, RW, .feature = COPROC_A12)
RAZ_WI32(CBAR,         15, 15, 4,  0, 0, T15, RO)
UNDEF_RANGE32(C15,     15, 15, ANY, ANY, ANY, T15, NA)

/* Unallocated encodings, and registers of Secure state and Hyp mode */
UNDEF_RANGE32(CP15,    15, ANY, ANY, ANY, ANY, NONE, NA)

/* CP15, 64-bit: HCR.TVM, CNTHCTL.PL1PCEN, HSTR.T15 */
SWITCHED64(TTBR0_64,   15,  2, 0, TVM, RW, .write = write_vm_reg)
SWITCHED64(TTBR1_64,   15,  2, 1, TVM, RW, .write = write_vm_reg,
	   .host = HOST_FIXED)
SWITCHED64(PAR_64,     15,  7, 0, NONE, RW, .host = HOST_DEAD)
NATIVE64(CNTPCT,       15, 14, 0, NONE, RO_RO)
EXTERNAL64(CNTVCT,     15, 14, 1, NONE, RO_RO, .read = read_timer, .set = set_timer)
EXTERNAL64(CNTP_CVAL,  15, 14, 2, PL1PCEN, RW_RW, .read = read_timer,
	   .write = write_cntp_cval, .set = set_timer)
EXTERNAL64(CNTV_CVAL,  15, 14, 3, NONE, RW_RW, .read = read_timer, .set = set_timer)
UNDEF_RANGE64(C15_64,  15, 15, ANY, T15, NA)
UNDEF_RANGE64(CP15_64, 15, ANY, ANY, NONE, NA)

/*
 * CP14. Guests have no debug and no debug ROM: HDCR.TDA, TDOSA, TDRA. No trace
 * unit: HCPTR.TTA. No ThumbEE: HSTR.TTEE. User mode may access TEEHBR if TEECR.XED
 * is 0, but XED is the host's, and 1 makes the access undefined before it traps:
 * leave it undefined. Jazelle is trivial: HCR.TID0.
 */
RAZ_WI32(DBGDIDR,      14,  0, 0,  0, 0, TDA, RO_RO)
RAZ_WI32(TEECR,        14,  0, 6,  0, 0, TTEE, RW_RO, .feature = COPROC_T2EE)
RAZ_WI32(JIDR,         14,  0, 7,  0, 0, TID0, RO)
RAZ_WI32(DBGDSCRint,   14,  0, 0,  1, 0, TDA, RO_RO)
RAZ_WI32(DBGDTRRXint,  14,  0, 0,  5, 0, TDA, RW_RW)
RAZ_WI32(DBGDRAR,      14,  1, 0,  0, 0, TDRA, RO_RO)
RAZ_WI32(DBGOSLAR,     14,  1, 0,  0, 4, TDOSA, WO)
RAZ_WI32(TEEHBR,       14,  1, 6,  0, 0, TTEE, RW, .feature = COPROC_T2EE)
NATIVE32(JOSCR,        14,  1, 7,  0, 0, NONE, RW)
RAZ_WI32(DBGOSLSR,     14,  1, 0,  1, 4, TDOSA, RO)
RAZ_WI32(DBGOSDLR,     14,  1, 0,  3, 4, TDOSA, RW)
RAZ_WI32(DBGPRCR,      14,  1, 0,  4, 4, TDOSA, RW)
RAZ_WI32(DBGDSAR,      14,  2, 0,  0, 0, TDRA, RO_RO)
NATIVE32(JMCR,         14,  2, 7,  0, 0, NONE, RW)
RAZ_RANGE32(DEBUG,     14, ANY, 0, ANY, ANY, TDA, RW)
UNDEF_RANGE32(TRACE,   14, ANY, 1, ANY, ANY, TTA, NA)
UNDEF_RANGE32(CP14,    14, ANY, ANY, ANY, ANY, NONE, NA)

RAZ_WI64(DBGDRAR_64,   14,  1, 0, TDRA, RO_RO)
RAZ_WI64(DBGDSAR_64,   14,  2, 0, TDRA, RO_RO)
UNDEF_RANGE64(CP14_64, 14, ANY, ANY, NONE, NA)

/*
 * VMRS, VMSR: HCR.TID0, TID3. A write of FPSID only waits for the VFP. The guest
 * owns the other registers, with D0 to D31, once it has used VFP. FPINST and
 * FPINST2 do not exist on these CPUs, but user space has always had ids for them.
 */
ID32(FPSID,            10,  0, 7,  0, 0, TID0, RW, .write = ignore_write, .feature = COPROC_VFP)
EXTERNAL32(FPSCR,      10,  1, 7,  0, 0, NONE, RW_RW, VFP_CONTROL(fpscr))
RAZ_WI32(MVFR2,        10,  5, 7,  0, 0, TID3, RO, .feature = COPROC_VFP | COPROC_V8)
ID32(MVFR1,            10,  6, 7,  0, 0, TID3, RO, .feature = COPROC_VFP)
ID32(MVFR0,            10,  7, 7,  0, 0, TID3, RO, .feature = COPROC_VFP)
EXTERNAL32(FPEXC,      10,  8, 7,  0, 0, NONE, RW, VFP_CONTROL(fpexc))
EXTERNAL32(FPINST,     10,  9, 7,  0, 0, NONE, NA, VFP_CONTROL(fpinst))
EXTERNAL32(FPINST2,    10, 10, 7,  0, 0, NONE, NA, VFP_CONTROL(fpinst2))
UNDEF_RANGE32(VMRS,    10, ANY, 7, 0, 0, NONE, NA)

#undef ANY_OF
#undef ANY
#undef ROW32
#undef ROW64
#undef RANGE32
#undef RANGE64
#undef SWITCHED32
#undef SWITCHED64
#undef EMULATED32
#undef ALIAS32
#undef ID32
#undef ID64
#undef EXTERNAL32
#undef EXTERNAL64
#undef OPERATION32
#undef RAZ_WI32
#undef RAZ_WI64
#undef NATIVE32
#undef NATIVE64
#undef RAZ_RANGE32
#undef UNDEF_RANGE32
#undef UNDEF_RANGE64
