/* SPDX-License-Identifier: GPL-2.0 */
/* Run the tool kvmarm. */
#ifndef KVM_ARM_RUN_KVMARM_H
#define KVM_ARM_RUN_KVMARM_H

/* What kvmarm has printed, its errors included */
extern char kvmarm_output[];

/* Run kvmarm with up to five words. Return its exit status, -1 after a signal. */
int kvmarm(const char *a, const char *b, const char *c, const char *d, const char *e);

/* Expect kvmarm to have printed a text. */
void expect_output(const char *text);

#endif /* KVM_ARM_RUN_KVMARM_H */
