/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host kernel's tracepoints of KVM.
 */
#ifndef KVM_ARM_TRACE_H
#define KVM_ARM_TRACE_H

/**
 * trace_begin() - empty the trace and turn tracepoints on
 * @event: a tracepoint of kvm, or NULL for all of them
 */
void trace_begin(const char *event);

/* Turn tracepoints off; the trace stays. */
void trace_end(const char *event);

/* Count the lines of the trace that contain @text. */
unsigned int trace_count(const char *text);

#endif /* KVM_ARM_TRACE_H */
