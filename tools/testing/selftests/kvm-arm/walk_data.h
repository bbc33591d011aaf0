/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the Cortex-A15 and Cortex-A7 of QEMU 10 are not what the rows of
 * coproc/regs.h say, which is what the manual says.
 *
 *	DIFFERENCE(row, CRn, access, by, outcome, how many encodings, reason)
 */
DIFFERENCE("CP15", 3, READ, PL1, EXECUTED, 1023, "all of c3 is DACR; TVM traps writes")
DIFFERENCE("CP15", 6, READ, PL1, EXECUTED, 1, "c6, c0, 1 is the WFAR of ARMv6")
DIFFERENCE("CP15", 6, WRITE, PL1, EXECUTED, 1, "c6, c0, 1 is the WFAR of ARMv6")
DIFFERENCE("CP15", 7, WRITE, PL1, EXECUTED, 101, "what c7 does not have does nothing")
DIFFERENCE("DBGDSCRint", ANY_CRN, READ, PL0, UNDEFINED, 1, "not for PL0")
DIFFERENCE("DBGDTRRXint", ANY_CRN, READ, PL1, UNDEFINED, 1, "not there")
DIFFERENCE("DBGDTRRXint", ANY_CRN, READ, PL0, UNDEFINED, 1, "not there")
DIFFERENCE("DBGDTRRXint", ANY_CRN, WRITE, PL1, UNDEFINED, 1, "not there")
DIFFERENCE("DBGDTRRXint", ANY_CRN, WRITE, PL0, UNDEFINED, 1, "not there")
DIFFERENCE("DBGPRCR", ANY_CRN, READ, PL1, UNDEFINED, 1, "not there")
DIFFERENCE("DBGPRCR", ANY_CRN, WRITE, PL1, UNDEFINED, 1, "not there")
DIFFERENCE("DEBUG", ANY_CRN, READ, PL1, UNDEFINED, 2008, "few debug registers are there")
DIFFERENCE("DEBUG", ANY_CRN, WRITE, PL1, UNDEFINED, 2011, "few debug registers are there")
DIFFERENCE("MVFR0", ANY_CRN, WRITE, PL1, EXECUTED, 1, "VMSR does nothing")
DIFFERENCE("MVFR1", ANY_CRN, WRITE, PL1, EXECUTED, 1, "VMSR does nothing")
DIFFERENCE("NSACR", ANY_CRN, READ, PL1, UNDEFINED, 1, "the board has no Secure state")
DIFFERENCE("PMCEID0", ANY_CRN, READ, PL1, UNDEFINED, 1, "not there")
DIFFERENCE("PMCEID1", ANY_CRN, READ, PL1, UNDEFINED, 1, "not there")
DIFFERENCE("TEECR", ANY_CRN, READ, PL0, UNDEFINED, 1, "not for PL0")
DIFFERENCE("TEEHBR", ANY_CRN, READ, PL0, UNDEFINED, 1, "not for PL0")
DIFFERENCE("TEEHBR", ANY_CRN, WRITE, PL0, UNDEFINED, 1, "not for PL0")
