// SPDX-License-Identifier: GPL-2.0
/* The registers of a vcpu that are read from a file. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "kvmarm.h"

bool saved_bad(const struct saved_vcpu *vcpu, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "error: %s: ", vcpu->path);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

bool saved_add(struct saved_vcpu *vcpu, uint64_t id, uint64_t value)
{
	unsigned long long number = id;
	struct saved_reg *regs;

	if ((id & KVM_REG_ARCH_MASK) != KVM_REG_ARM)
		return saved_bad(vcpu, "id 0x%016llx is not one of 32-bit ARM", number);
	if (reg_size(id) != sizeof(uint32_t) && reg_size(id) != sizeof(uint64_t))
		return saved_bad(vcpu, "id 0x%016llx: no register has %u bytes", number,
				 reg_size(id));
	if (reg_size(id) == sizeof(uint32_t) && value > UINT32_MAX)
		return saved_bad(vcpu, "id 0x%016llx: 0x%llx is not a 32-bit number",
				 number, (unsigned long long)value);
	if (vcpu->n == vcpu->room) {
		vcpu->room = vcpu->room * 2 + 64;
		regs = reallocarray(vcpu->regs, vcpu->room, sizeof(*regs));
		if (!regs)
			return saved_bad(vcpu, "%s", strerror(errno));
		vcpu->regs = regs;
	}
	vcpu->regs[vcpu->n++] = (struct saved_reg){ .id = id, .value = value };
	return true;
}
