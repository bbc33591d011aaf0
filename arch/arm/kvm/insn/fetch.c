// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fetch the instruction that made a vcpu exit.
 */
#include <linux/kvm_host.h>

#include <asm/kvm_emulate.h>

#include "insn.h"

/*
 * Translate before and after the read: if the translations agree, the page was
 * code during the read. Return 1, 0 if they do not, or an error.
 */
static int read_code(struct kvm_vcpu *vcpu, u32 pc, void *code,
		     unsigned int len)
{
	struct kvm_walk walk, again;
	int ret;

	ret = kvm_walk_stage1(vcpu, pc, KVM_WALK_ANY, &walk);
	if (ret)
		return ret < 0 ? ret : 0;

	ret = kvm_insn_read_guest(vcpu, walk.ipa, code, len, false);
	if (ret)
		return ret == -ENOENT ? 0 : ret;

	ret = kvm_walk_stage1(vcpu, pc, KVM_WALK_ANY, &again);
	if (ret)
		return ret < 0 ? ret : 0;

	return walk.ipa == again.ipa;
}

/**
 * kvm_insn_fetch() - read the instruction at a vcpu's PC
 * @vcpu: the vcpu
 * @insn: out: the instruction; the first halfword of a 32-bit Thumb one is in
 *	bits 31:16
 * @wide: out: true if it has 32 bits
 *
 * Instructions are little-endian, whatever CPSR.E says. The caller holds
 * kvm->srcu.
 *
 * Context: may sleep.
 * Return: 1, 0 if PC no longer points to an instruction, or an error.
 */
int kvm_insn_fetch(struct kvm_vcpu *vcpu, u32 *insn, bool *wide)
{
	u32 pc = *vcpu_pc(vcpu);
	__le16 half[2];
	__le32 word;
	int ret;

	if (!(*vcpu_cpsr(vcpu) & PSR_T_BIT)) {
		*wide = true;
		ret = read_code(vcpu, pc & ~3, &word, sizeof(word));
		if (ret > 0)
			*insn = le32_to_cpu(word);
		return ret;
	}

	/* The halfwords may be in different pages. */
	ret = read_code(vcpu, pc & ~1, &half[0], sizeof(half[0]));
	if (ret <= 0)
		return ret;

	*insn = le16_to_cpu(half[0]);
	*wide = kvm_insn_is_wide(*insn);
	if (!*wide)
		return 1;

	ret = read_code(vcpu, (pc & ~1) + 2, &half[1], sizeof(half[1]));
	if (ret > 0)
		*insn = *insn << 16 | le16_to_cpu(half[1]);
	return ret;
}
