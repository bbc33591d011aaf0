/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Change the file of a VM's state, to test how loading handles it.
 */
#ifndef KVM_ARM_STATE_EDIT_H
#define KVM_ARM_STATE_EDIT_H

#include "state.h"

/**
 * struct state_image - a file in memory
 * @data: its content
 * @size: its length
 */
struct state_image {
	uint8_t *data;
	size_t size;
};

/* Create a bare VM with a GIC of STATE_NR_IRQS interrupts, to save or to load. */
#define STATE_NR_IRQS		64
struct vm_state state_create(unsigned int nr_vcpus);
/* Destroy such a VM, or another one, with the bytes loaded for its devices. */
void state_destroy(struct vm_state *state);

/* Open an empty file that exists until it is closed. */
int state_open(void);

/* Save a VM to a file in memory; the caller frees image->data. */
void state_save_image(struct vm_state *state, struct state_image *image);
int __state_load_image(struct vm_state *state, const struct state_image *image);
void state_load_image(struct vm_state *state, const struct state_image *image);

/* Copy an image; the caller frees its data. */
struct state_image state_copy(const struct state_image *image);

/* Find the first section of a type and index. */
struct state_section *state_find(const struct state_image *image,
				 enum state_type type, uint32_t index);

/* Update the checksum, after a change by hand. */
void state_seal(struct state_section *section);
void state_seal_header(const struct state_image *image);

/* Find a register's value; call state_seal() after a change. */
struct state_reg *state_find_reg(const struct state_image *image,
				 uint32_t vcpu, uint64_t id);

/* Remove a register, a register of the GIC, or a whole section. */
void state_drop_reg(struct state_image *image, uint32_t vcpu, uint64_t id);
void state_drop_gic_reg(struct state_image *image, uint32_t group,
			uint32_t vcpu, uint32_t offset);
void state_drop_section(struct state_image *image, enum state_type type,
			uint32_t index);

#endif /* KVM_ARM_STATE_EDIT_H */
