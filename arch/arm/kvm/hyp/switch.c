// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world switch between host and guest.
 */
#include <asm/kvm_coproc.h>
#include <asm/kvm_hyp.h>
#include <asm/vfp.h>

/* HPFAR is not valid here (ARM DDI 0406C, B3.13.6): translate the VA with ATS1CPR. */
static bool __hyp_text resolve_ipa(struct kvm_vcpu_fault_info *fault)
{
	u64 guest_par = read_sysreg(HYP_PAR);
	u64 par;

	write_sysreg(fault->hxfar, ATS1CPR);
	isb();
	par = read_sysreg(HYP_PAR);
	write_sysreg(guest_par, HYP_PAR);

	/* Another vcpu has changed the guest's tables: let the guest retry. */
	if (par & PAR_F)
		return false;

	fault->hpfar = (u32)((par & PAR_PA_MASK) >> 8);
	return true;
}

/*
 * HPFAR is not valid for a permission fault, unless a stage 1 walk took the
 * fault: ARM DDI 0406C, B3.13.3.
 */
static bool __hyp_text read_fault(struct kvm_vcpu_fault_info *fault, u8 ec)
{
	u32 hsr = fault->hsr;

	if (ec == HSR_EC_IABT)
		fault->hxfar = read_sysreg(HIFAR);
	else
		fault->hxfar = read_sysreg(HDFAR);

	if ((hsr & HSR_FSC_TYPE) == FSC_PERM && !(hsr & HSR_S1PTW))
		return resolve_ipa(fault);

	fault->hpfar = read_sysreg(HPFAR);
	return true;
}

/*
 * HCPTR traps only instructions that would not be undefined (ARM DDI 0406C,
 * B1.14.1), so set FPEXC.EN. The host has it clear for most of its threads.
 */
static void __hyp_text vfp_trap_on(struct kvm_hyp_cpu *cpu)
{
	u32 fpexc = FPEXC_EN;

	/* Without a VFP, TCP10 and TCP11 are fixed at 1 and FPEXC is undefined. */
	if (!(read_sysreg(HCPTR) & HCPTR_VFP)) {
		fpexc = kvm_read_fpexc();
		if (!(fpexc & FPEXC_EN))
			kvm_write_fpexc(fpexc | FPEXC_EN);
	}
	cpu->host_ctxt.vfp.fpexc = fpexc;
	write_sysreg(HCPTR_GUEST_FLAGS | HCPTR_VFP, HCPTR);
}

static void __hyp_text vfp_trap_off(struct kvm_hyp_cpu *cpu)
{
	u32 fpexc = cpu->host_ctxt.vfp.fpexc;

	write_sysreg(0, HCPTR);
	if (!(fpexc & FPEXC_EN)) {
		isb();
		kvm_write_fpexc(fpexc);
	}
}

static void __hyp_text vfp_to_guest(struct kvm_hyp_cpu *cpu,
				    struct kvm_vcpu_hyp *hyp)
{
	u32 fpexc = cpu->host_ctxt.vfp.fpexc;

	write_sysreg(HCPTR_GUEST_FLAGS, HCPTR);
	isb();
	__kvm_vfp_save(&cpu->host_ctxt.vfp);
	cpu->host_ctxt.vfp.fpexc = fpexc;
	__kvm_vfp_restore(&hyp->ctxt.vfp);
	cpu->vfp_loaded = 1;
}

static void __hyp_text vfp_to_host(struct kvm_hyp_cpu *cpu,
				   struct kvm_vcpu_hyp *hyp)
{
	__kvm_vfp_save(&hyp->ctxt.vfp);
	__kvm_vfp_restore(&cpu->host_ctxt.vfp);
	cpu->vfp_loaded = 0;
}

/* Return true if the guest can go on without the host. */
static bool __hyp_text fixup_exit(struct kvm_hyp_cpu *cpu,
				  struct kvm_vcpu_hyp *hyp, int exit)
{
	u32 hsr;
	u8 ec;

	if (exit & ARM_EXIT_ABORT_PENDING) {
		/* HCR.VA keeps the abort pending until the guest can take it. */
		hyp->hcr |= HCR_VA;
		write_sysreg(hyp->hcr, HCR);
		exit &= ~ARM_EXIT_ABORT_PENDING;
	}

	if (exit != ARM_EXCEPTION_HYP_TRAP)
		return false;

	hsr = read_sysreg(HSR);
	hyp->fault.hsr = hsr;
	ec = hsr >> HSR_EC_SHIFT;

	switch (ec) {
	case HSR_EC_CP_0_13:
		/*
		 * HCPTR.TCP10, TCP11: the first use of VFP in this run. HSR
		 * names the coprocessor, or has TA set for Advanced SIMD. ARMv8
		 * need not say which, but traps no other coprocessor.
		 */
		if (cpu->vfp_loaded ||
		    ((hsr & HSR_COPROC & ~1) != 10 && !(hsr & HSR_TA) &&
		     !(cpu->features & COPROC_V8)))
			return false;
		vfp_to_guest(cpu, hyp);
		return true;
	case HSR_EC_IABT:
	case HSR_EC_DABT:
		return !read_fault(&hyp->fault, ec);
	}

	return false;
}

static void __hyp_text traps_on(struct kvm_hyp_cpu *cpu,
				const struct kvm_vcpu_hyp *hyp)
{
	u32 hdcr = read_sysreg(HDCR);

	cpu->host_hdcr = hdcr;
	/* Keep HPMN, the host's split of the counters, and HPME. */
	write_sysreg((hdcr & (HDCR_HPMN | HDCR_HPME)) | HDCR_TRAPS, HDCR);
	write_sysreg(HSTR_GUEST_FLAGS, HSTR);
	vfp_trap_on(cpu);
	/* The guest reads the physical counter; KVM emulates the timer. */
	write_sysreg((read_sysreg(CNTHCTL) & ~CNTHCTL_PL1PCEN) |
		     CNTHCTL_PL1PCTEN, CNTHCTL);
	write_sysreg(hyp->vttbr, VTTBR);
	write_sysreg(hyp->midr, VPIDR);
	write_sysreg(hyp->ctxt.cp15[CP15_MPIDR], VMPIDR);
	write_sysreg(cpu->guest_vectors, HVBAR);
	write_sysreg(hyp->hcr, HCR);
}

static void __hyp_text traps_off(struct kvm_hyp_cpu *cpu,
				 struct kvm_vcpu_hyp *hyp)
{
	/* Read VA back: hardware clears it when the guest takes the abort. */
	if (hyp->hcr & HCR_VA)
		hyp->hcr = read_sysreg(HCR);
	write_sysreg(0, HCR);
	write_sysreg(cpu->host_vectors, HVBAR);
	write_sysreg(cpu->host_ctxt.cp15[CP15_MPIDR], VMPIDR);
	write_sysreg(cpu->host_midr, VPIDR);
	write_sysreg(0ULL, VTTBR);
	/* The hyp-stub gave the host access to the physical timer. */
	write_sysreg(read_sysreg(CNTHCTL) | CNTHCTL_PL1PCEN, CNTHCTL);
	vfp_trap_off(cpu);
	write_sysreg(0, HSTR);
	write_sysreg(cpu->host_hdcr, HDCR);
}

/**
 * __kvm_hyp_leave_guest() - save the guest's state and restore the host's
 *
 * Do nothing if no guest is loaded, so that hyp_panic can call this at any time.
 */
void __hyp_text __kvm_hyp_leave_guest(void)
{
	struct kvm_hyp_cpu *cpu = kvm_this_hyp_cpu();
	struct kvm_vcpu_hyp *hyp = cpu->running;

	if (!hyp)
		return;

	__kvm_cp15_save_guest(&hyp->ctxt, cpu->features);
	__kvm_guest_banked_save(&hyp->ctxt);
	if (cpu->vfp_loaded)
		vfp_to_host(cpu, hyp);
	traps_off(cpu, hyp);
	__kvm_host_banked_restore(&cpu->host_ctxt);
	__kvm_cp15_restore_host(&cpu->host_ctxt, cpu->features);
	cpu->running = NULL;
}

/**
 * __kvm_vcpu_run() - run a guest until it needs the host
 * @hyp: the vcpu; holds the guest's registers on return
 *
 * Context: interrupts masked.
 *
 * Return: ARM_EXCEPTION_*.
 */
int __hyp_text __kvm_vcpu_run(struct kvm_vcpu_hyp *hyp)
{
	struct kvm_hyp_cpu *cpu = kvm_this_hyp_cpu();
	u32 elr, spsr;
	int exit;

	asm volatile(".arch_extension virt\n"
		     "mrs %0, ELR_hyp\n"
		     "mrs %1, SPSR" : "=r" (elr), "=r" (spsr));

	cpu->running = hyp;
	__kvm_cp15_save_host(&cpu->host_ctxt, cpu->features);
	__kvm_host_banked_save(&cpu->host_ctxt);
	traps_on(cpu, hyp);
	__kvm_cp15_restore_guest(&hyp->ctxt, cpu->features);
	__kvm_guest_banked_restore(&hyp->ctxt);

	do {
		exit = __kvm_guest_enter(&hyp->ctxt);
	} while (fixup_exit(cpu, hyp, exit));

	__kvm_hyp_leave_guest();

	asm volatile(".arch_extension virt\n"
		     "msr ELR_hyp, %0\n"
		     "msr SPSR_cxsf, %1" : : "r" (elr), "r" (spsr));
	return exit & ~ARM_EXIT_ABORT_PENDING;
}

/**
 * __kvm_timer_set_cntvoff() - set the offset of the virtual counter
 * @cntvoff_low: bits 31:0, counter ticks
 * @cntvoff_high: bits 63:32
 *
 * The host runs with offset 0: CNTVCT equals CNTPCT.
 */
void __hyp_text __kvm_timer_set_cntvoff(u32 cntvoff_low, u32 cntvoff_high)
{
	write_sysreg((u64)cntvoff_high << 32 | cntvoff_low, CNTVOFF);
}
