/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file format of lib/state.c: headers, sections and checksums.
 */
#ifndef KVM_ARM_STATE_FILE_H
#define KVM_ARM_STATE_FILE_H

#include "state.h"

/* Limits of what the reader allocates for a file */
#define STATE_MAX_DEVICE	0x100000
#define STATE_MAX_CONTENT	(STATE_MAX_DEVICE + 4096)

/**
 * struct state_file - a file that is written or read
 * @state: the VM
 * @fd: the file
 * @nr_sections: number of sections so far
 */
struct state_file {
	struct vm_state *state;
	int fd;
	uint32_t nr_sections;
};

/**
 * struct state_part - a piece of a section's content
 * @data: its address
 * @size: number of bytes
 */
struct state_part {
	const void *data;
	uint32_t size;
};

/* Set state->why; return @err. */
__printf(3, 4) int state_fail(struct vm_state *state, int err,
			      const char *fmt, ...);

/* Return "the registers of vcpu 1" and the like, for messages. */
const char *state_section_name(const struct state_section *section,
			       char *buf, size_t size);
#define SECTION_NAME_LEN	48

/* Queries about the VM, for saving and loading */
bool state_is_zero(const void *data, size_t size);
unsigned int state_count_vcpus(struct kvm_vm *vm);
unsigned int state_count_memory(struct kvm_vm *vm);
int state_target(struct vm_state *state, uint32_t *target);

uint32_t state_crc(uint32_t crc, const void *data, size_t size);

int state_write_header(struct state_file *file, struct state_header *header);
int state_write(struct state_file *file, enum state_type type, uint32_t index,
		const struct state_part *parts, unsigned int nr_parts);

int state_read_header(struct state_file *file, struct state_header *header);
/* @content has STATE_MAX_CONTENT bytes. */
int state_read(struct state_file *file, struct state_section *section,
	       void *content);

#endif /* KVM_ARM_STATE_FILE_H */
