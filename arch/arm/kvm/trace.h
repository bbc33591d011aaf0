/* SPDX-License-Identifier: GPL-2.0-only */
#if !defined(_TRACE_ARM_KVM_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_ARM_KVM_H

#include <linux/tracepoint.h>

#include <asm/kvm_emulate.h>

#include <kvm/arm_arch_timer.h>

#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm

#define kvm_arm_exit_names						\
	{ ARM_EXCEPTION_HYP_TRAP,	"trap" },			\
	{ ARM_EXCEPTION_IRQ,		"IRQ" },			\
	{ ARM_EXCEPTION_FIQ,		"FIQ" }

#define kvm_arm_class_names						\
	{ HSR_EC_UNKNOWN,	"unknown" },				\
	{ HSR_EC_WFI,		"WFx" },				\
	{ HSR_EC_CP15_32,	"MCR/MRC p15" },			\
	{ HSR_EC_CP15_64,	"MCRR/MRRC p15" },			\
	{ HSR_EC_CP14_MR,	"MCR/MRC p14" },			\
	{ HSR_EC_CP14_LS,	"LDC/STC p14" },			\
	{ HSR_EC_CP_0_13,	"p0-p13" },				\
	{ HSR_EC_CP10_ID,	"VMRS" },				\
	{ HSR_EC_CP14_64,	"MRRC p14" },				\
	{ HSR_EC_HVC,		"HVC" },				\
	{ HSR_EC_SMC,		"SMC" },				\
	{ HSR_EC_IABT,		"prefetch abort" },			\
	{ HSR_EC_DABT,		"data abort" }

TRACE_EVENT(kvm_entry,
	TP_PROTO(unsigned long pc),
	TP_ARGS(pc),

	TP_STRUCT__entry(
		__field(unsigned long, pc)
	),

	TP_fast_assign(
		__entry->pc = pc;
	),

	TP_printk("PC: 0x%08lx", __entry->pc)
);

TRACE_EVENT(kvm_exit,
	TP_PROTO(int exit, unsigned int ec, unsigned long pc),
	TP_ARGS(exit, ec, pc),

	TP_STRUCT__entry(
		__field(int, exit)
		__field(unsigned int, ec)
		__field(unsigned long, pc)
	),

	TP_fast_assign(
		__entry->exit = exit;
		__entry->ec = __entry->exit == ARM_EXCEPTION_HYP_TRAP ? ec : 0;
		__entry->pc = pc;
	),

	TP_printk("%s: HSR_EC: 0x%02x (%s), PC: 0x%08lx",
		  __print_symbolic(__entry->exit, kvm_arm_exit_names),
		  __entry->ec,
		  __print_symbolic(__entry->ec, kvm_arm_class_names),
		  __entry->pc)
);

TRACE_EVENT(kvm_guest_fault,
	TP_PROTO(unsigned long pc, u32 hsr, u32 hxfar, u64 ipa),
	TP_ARGS(pc, hsr, hxfar, ipa),

	TP_STRUCT__entry(
		__field(unsigned long, pc)
		__field(u32, hsr)
		__field(u32, hxfar)
		__field(u64, ipa)
	),

	TP_fast_assign(
		__entry->pc = pc;
		__entry->hsr = hsr;
		__entry->hxfar = hxfar;
		__entry->ipa = ipa;
	),

	TP_printk("ipa 0x%llx, hsr 0x%08x, hxfar 0x%08x, pc 0x%08lx",
		  __entry->ipa, __entry->hsr, __entry->hxfar, __entry->pc)
);

TRACE_EVENT(kvm_cp15,
	TP_PROTO(unsigned long pc, const char *name, u64 id, bool is_write, u64 val,
		 bool undef),
	TP_ARGS(pc, name, id, is_write, val, undef),

	TP_STRUCT__entry(
		__field(unsigned long, pc)
		__field(u64, id)
		__field(u64, val)
		__field(bool, is_write)
		__field(bool, undef)
		__string(name, name)
	),

	TP_fast_assign(
		__entry->pc = pc;
		__entry->id = id;
		__entry->val = val;
		__entry->is_write = is_write;
		__entry->undef = undef;
		__assign_str(name);
	),

	TP_printk("%s %s (0x%llx)%s 0x%llx, pc 0x%08lx",
		  __entry->is_write ? "write" : "read", __get_str(name),
		  __entry->id, __entry->undef ? " undefined" : "",
		  __entry->val, __entry->pc)
);

TRACE_EVENT(kvm_hvc,
	TP_PROTO(unsigned long pc, unsigned long r0, u32 imm),
	TP_ARGS(pc, r0, imm),

	TP_STRUCT__entry(
		__field(unsigned long, pc)
		__field(unsigned long, r0)
		__field(u32, imm)
	),

	TP_fast_assign(
		__entry->pc = pc;
		__entry->r0 = r0;
		__entry->imm = imm;
	),

	TP_printk("pc 0x%08lx, r0 0x%08lx, imm 0x%x",
		  __entry->pc, __entry->r0, __entry->imm)
);

TRACE_EVENT(kvm_wfx,
	TP_PROTO(unsigned long pc, bool is_wfe),
	TP_ARGS(pc, is_wfe),

	TP_STRUCT__entry(
		__field(unsigned long, pc)
		__field(bool, is_wfe)
	),

	TP_fast_assign(
		__entry->pc = pc;
		__entry->is_wfe = is_wfe;
	),

	TP_printk("guest executed %s at 0x%08lx",
		  __entry->is_wfe ? "WFE" : "WFI", __entry->pc)
);

TRACE_EVENT(kvm_irq_line,
	TP_PROTO(unsigned int type, int vcpu_id, int irq_num, int level),
	TP_ARGS(type, vcpu_id, irq_num, level),

	TP_STRUCT__entry(
		__field(unsigned int, type)
		__field(int, vcpu_id)
		__field(int, irq_num)
		__field(int, level)
	),

	TP_fast_assign(
		__entry->type = type;
		__entry->vcpu_id = vcpu_id;
		__entry->irq_num = irq_num;
		__entry->level = level;
	),

	TP_printk("%s, vcpu %d, irq %d, level %d",
		  __print_symbolic(__entry->type,
				   { KVM_ARM_IRQ_TYPE_CPU, "CPU" },
				   { KVM_ARM_IRQ_TYPE_PPI, "PPI" },
				   { KVM_ARM_IRQ_TYPE_SPI, "SPI" }),
		  __entry->vcpu_id, __entry->irq_num, __entry->level)
);

/* Tracepoints of arch/arm64/kvm/mmio.c and arch_timer.c */

TRACE_EVENT(kvm_mmio_nisv,
	TP_PROTO(unsigned long pc, unsigned long hsr, unsigned long far,
		 phys_addr_t ipa),
	TP_ARGS(pc, hsr, far, ipa),

	TP_STRUCT__entry(
		__field(unsigned long, pc)
		__field(unsigned long, hsr)
		__field(unsigned long, far)
		__field(u64, ipa)
	),

	TP_fast_assign(
		__entry->pc = pc;
		__entry->hsr = hsr;
		__entry->far = far;
		__entry->ipa = ipa;
	),

	TP_printk("ipa 0x%llx, hsr 0x%08lx, far 0x%08lx, pc 0x%08lx",
		  __entry->ipa, __entry->hsr, __entry->far, __entry->pc)
);

TRACE_EVENT(kvm_timer_update_irq,
	TP_PROTO(unsigned long vcpu_id, u32 irq, int level),
	TP_ARGS(vcpu_id, irq, level),

	TP_STRUCT__entry(
		__field(unsigned long, vcpu_id)
		__field(u32, irq)
		__field(int, level)
	),

	TP_fast_assign(
		__entry->vcpu_id = vcpu_id;
		__entry->irq = irq;
		__entry->level = level;
	),

	TP_printk("vcpu %lu, irq %u, level %d",
		  __entry->vcpu_id, __entry->irq, __entry->level)
);

TRACE_EVENT(kvm_get_timer_map,
	TP_PROTO(unsigned long vcpu_id, struct timer_map *map),
	TP_ARGS(vcpu_id, map),

	TP_STRUCT__entry(
		__field(unsigned long, vcpu_id)
		__field(int, direct_vtimer)
		__field(int, emul_ptimer)
	),

	TP_fast_assign(
		__entry->vcpu_id = vcpu_id;
		__entry->direct_vtimer =
			arch_timer_ctx_index(map->direct_vtimer);
		__entry->emul_ptimer = map->emul_ptimer ?
			arch_timer_ctx_index(map->emul_ptimer) : -1;
	),

	TP_printk("vcpu %lu, in hardware: %d, emulated: %d",
		  __entry->vcpu_id, __entry->direct_vtimer,
		  __entry->emul_ptimer)
);

DECLARE_EVENT_CLASS(kvm_timer_state,
	TP_PROTO(struct arch_timer_context *ctx),
	TP_ARGS(ctx),

	TP_STRUCT__entry(
		__field(unsigned long, ctl)
		__field(u64, cval)
		__field(int, timer_idx)
	),

	TP_fast_assign(
		__entry->ctl = timer_get_ctl(ctx);
		__entry->cval = timer_get_cval(ctx);
		__entry->timer_idx = arch_timer_ctx_index(ctx);
	),

	TP_printk("ctl 0x%lx, cval 0x%llx, timer %d",
		  __entry->ctl, __entry->cval, __entry->timer_idx)
);

DEFINE_EVENT(kvm_timer_state, kvm_timer_save_state,
	TP_PROTO(struct arch_timer_context *ctx),
	TP_ARGS(ctx)
);

DEFINE_EVENT(kvm_timer_state, kvm_timer_restore_state,
	TP_PROTO(struct arch_timer_context *ctx),
	TP_ARGS(ctx)
);

DEFINE_EVENT(kvm_timer_state, kvm_timer_hrtimer_expire,
	TP_PROTO(struct arch_timer_context *ctx),
	TP_ARGS(ctx)
);

TRACE_EVENT(kvm_timer_emulate,
	TP_PROTO(struct arch_timer_context *ctx, bool should_fire),
	TP_ARGS(ctx, should_fire),

	TP_STRUCT__entry(
		__field(int, timer_idx)
		__field(bool, should_fire)
	),

	TP_fast_assign(
		__entry->timer_idx = arch_timer_ctx_index(ctx);
		__entry->should_fire = should_fire;
	),

	TP_printk("timer %d, should fire: %d",
		  __entry->timer_idx, __entry->should_fire)
);

#endif /* _TRACE_ARM_KVM_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH ../../arch/arm/kvm
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

/* This part must be outside protection */
#include <trace/define_trace.h>
