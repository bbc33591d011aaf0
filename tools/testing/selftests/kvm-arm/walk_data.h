/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between the rows of coproc/regs.h, which follow the manual, and
 * the emulated CPUs of QEMU 10: Cortex-A15 and Cortex-A7 (V7), and "max" (V8).
 *
 *	DIFFERENCE(CPU or ANY_CPU, row, CRn, access, by, outcome, how many encodings, reason)
 *
 * GONE_DIFFERENCE is a difference that later versions of QEMU 10 do not have.
 */
DIFFERENCE(V7, "CP15", 3, READ, PL1, EXECUTED, 1023, "all of c3 is DACR; TVM traps writes")
DIFFERENCE(ANY_CPU, "CP15", 6, READ, PL1, EXECUTED, 1, "c6, c0, 1 is the WFAR of ARMv6")
DIFFERENCE(ANY_CPU, "CP15", 6, WRITE, PL1, EXECUTED, 1, "c6, c0, 1 is the WFAR of ARMv6")
DIFFERENCE(V7, "CP15", 7, WRITE, PL1, EXECUTED, 101, "what c7 does not have does nothing")
DIFFERENCE(V8, "CP15", 5, READ, PL1, EXECUTED, 1, "ERRIDR, of FEAT_RAS")
DIFFERENCE(V8, "CP15", 7, WRITE, PL1, EXECUTED, 5, "ATS1CPRP, ATS1CPWP; three of FEAT_SPECRES")
DIFFERENCE(V8, "CP15", 12, READ, PL1, EXECUTED, 1, "DISR, of FEAT_RAS")
DIFFERENCE(V8, "CP15", 12, WRITE, PL1, EXECUTED, 1, "DISR, of FEAT_RAS")
DIFFERENCE(ANY_CPU, "DBGDSCRint", ANY_CRN, READ, PL0, UNDEFINED, 1, "not for PL0")
GONE_DIFFERENCE(ANY_CPU, "DBGDTRRXint", ANY_CRN, READ, PL1, UNDEFINED, 1, "not there")
GONE_DIFFERENCE(ANY_CPU, "DBGDTRRXint", ANY_CRN, READ, PL0, UNDEFINED, 1, "not there")
GONE_DIFFERENCE(ANY_CPU, "DBGDTRRXint", ANY_CRN, WRITE, PL1, UNDEFINED, 1, "not there")
GONE_DIFFERENCE(ANY_CPU, "DBGDTRRXint", ANY_CRN, WRITE, PL0, UNDEFINED, 1, "not there")
DIFFERENCE(ANY_CPU, "DBGPRCR", ANY_CRN, READ, PL1, UNDEFINED, 1, "not there")
DIFFERENCE(ANY_CPU, "DBGPRCR", ANY_CRN, WRITE, PL1, UNDEFINED, 1, "not there")
DIFFERENCE(ANY_CPU, "DEBUG", ANY_CRN, READ, PL1, UNDEFINED, 2008, "few debug registers are there")
DIFFERENCE(ANY_CPU, "DEBUG", ANY_CRN, WRITE, PL1, UNDEFINED, 2011, "few debug registers are there")
DIFFERENCE(ANY_CPU, "MVFR0", ANY_CRN, WRITE, PL1, EXECUTED, 1, "VMSR does nothing")
DIFFERENCE(ANY_CPU, "MVFR1", ANY_CRN, WRITE, PL1, EXECUTED, 1, "VMSR does nothing")
DIFFERENCE(V8, "MVFR2", ANY_CRN, WRITE, PL1, EXECUTED, 1, "VMSR does nothing")
DIFFERENCE(V7, "NSACR", ANY_CRN, READ, PL1, UNDEFINED, 1, "the board has no Secure state")
DIFFERENCE(V7, "PMCEID0", ANY_CRN, READ, PL1, UNDEFINED, 1, "not there")
DIFFERENCE(V7, "PMCEID1", ANY_CRN, READ, PL1, UNDEFINED, 1, "not there")
DIFFERENCE(V7, "TEECR", ANY_CRN, READ, PL0, UNDEFINED, 1, "not for PL0")
