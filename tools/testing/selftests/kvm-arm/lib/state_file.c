// SPDX-License-Identifier: GPL-2.0
/*
 * The format of a VM's saved state: headers, sections and checksums. state.c
 * has the content of the sections.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "state_file.h"

int state_fail(struct vm_state *state, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(state->why, sizeof(state->why), fmt, args);
	va_end(args);
	return err;
}

const char *state_section_name(const struct state_section *section,
			       char *buf, size_t size)
{
	static const char *const names[] = {
		[STATE_TIME] = "the time",
		[STATE_GIC] = "the GIC's state",
		[STATE_REGS] = "the registers of vcpu",
		[STATE_VCPU] = "the run state of vcpu",
		[STATE_DEVICE] = "the devices' state",
		[STATE_MEMORY] = "the place of memory slot",
		[STATE_PAGES] = "the content of memory slot",
		[STATE_END] = "the end",
	};

	switch (section->type) {
	case STATE_REGS:
	case STATE_VCPU:
	case STATE_MEMORY:
	case STATE_PAGES:
		snprintf(buf, size, "%s %u", names[section->type],
			 section->index);
		break;
	case STATE_TIME:
	case STATE_GIC:
	case STATE_DEVICE:
	case STATE_END:
		snprintf(buf, size, "%s", names[section->type]);
		break;
	default:
		snprintf(buf, size, "a section of unknown type %u",
			 section->type);
	}
	return buf;
}

/* CRC-32 of IEEE 802.3. @crc is 0 or the CRC of the data before. */
uint32_t state_crc(uint32_t crc, const void *data, size_t size)
{
	static uint32_t table[256];
	const uint8_t *p = data;
	uint32_t i, bit, value;

	/* table[255] is filled in last. */
	if (!table[255]) {
		for (i = 0; i < 256; i++) {
			value = i;
			for (bit = 0; bit < 8; bit++)
				value = value >> 1 ^
					(value & 1 ? 0xedb88320 : 0);
			table[i] = value;
		}
	}
	crc = ~crc;
	while (size--)
		crc = table[(crc ^ *p++) & 0xff] ^ crc >> 8;
	return ~crc;
}

/* ---- the VM ------------------------------------------------------------- */

bool state_is_zero(const void *data, size_t size)
{
	const uint64_t *p = data;
	size_t i;

	for (i = 0; i < size / sizeof(*p); i++)
		if (p[i])
			return false;
	return true;
}

unsigned int state_count_vcpus(struct kvm_vm *vm)
{
	unsigned int n = 0;

	while (n < KVM_ARM_MAX_VCPUS && vm->vcpus[n])
		n++;
	return n;
}

unsigned int state_count_memory(struct kvm_vm *vm)
{
	unsigned int i, n = 0;

	for (i = 0; i < KVM_ARM_MAX_MEMORY; i++)
		n += vm->memory[i].size != 0;
	return n;
}

int state_target(struct vm_state *state, uint32_t *target)
{
	struct kvm_vcpu_init init = { 0 };
	int ret = __vm_preferred_target(state->vm, &init);

	if (ret < 0)
		return state_fail(state, ret, "KVM_ARM_PREFERRED_TARGET: %s",
				  strerror(-ret));
	*target = init.target;
	return 0;
}

/* ---- writing ------------------------------------------------------------ */

static int write_all(struct state_file *file, const void *data, size_t size)
{
	const char *p = data;
	ssize_t n;

	while (size) {
		n = write(file->fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return state_fail(file->state, -errno,
					  "cannot write the state: %s",
					  strerror(errno));
		p += n;
		size -= n;
	}
	return 0;
}

int state_write_header(struct state_file *file, struct state_header *header)
{
	memcpy(header->magic, STATE_MAGIC, sizeof(header->magic));
	header->version = STATE_VERSION;
	header->crc = state_crc(0, header,
				offsetof(struct state_header, crc));
	return write_all(file, header, sizeof(*header));
}

int state_write(struct state_file *file, enum state_type type, uint32_t index,
		const struct state_part *parts, unsigned int nr_parts)
{
	struct state_section section = {
		.type = type,
		.index = index,
	};
	unsigned int i;
	int ret;

	for (i = 0; i < nr_parts; i++)
		section.size += parts[i].size;
	section.crc = state_crc(0, &section,
				offsetof(struct state_section, crc));
	for (i = 0; i < nr_parts; i++)
		section.crc = state_crc(section.crc, parts[i].data,
					parts[i].size);

	ret = write_all(file, &section, sizeof(section));
	for (i = 0; !ret && i < nr_parts; i++)
		ret = write_all(file, parts[i].data, parts[i].size);
	file->nr_sections++;
	return ret;
}

/* ---- reading ------------------------------------------------------------ */

/* Return the number of bytes read: less than @size only at the end of the file. */
static ssize_t read_all(int fd, void *data, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(fd, (char *)data + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		done += n;
	}
	return done;
}

static int read_exactly(struct state_file *file, void *data, size_t size,
			const char *what)
{
	struct vm_state *state = file->state;
	ssize_t n = read_all(file->fd, data, size);

	if (n < 0)
		return state_fail(state, n, "cannot read the state: %s",
				  strerror(-n));
	if ((size_t)n < size)
		return state_fail(state, -ENODATA,
				  "the file is truncated: it ends in %s", what);
	return 0;
}

int state_read_header(struct state_file *file, struct state_header *header)
{
	struct vm_state *state = file->state;
	int ret = read_exactly(file, header, sizeof(header->magic),
			       "its header");

	if (ret)
		return ret;
	if (memcmp(header->magic, STATE_MAGIC, sizeof(header->magic)))
		return state_fail(state, -EPROTO,
				  "this is not the state of a VM");

	ret = read_exactly(file, (char *)header + sizeof(header->magic),
			   sizeof(*header) - sizeof(header->magic),
			   "its header");
	if (ret)
		return ret;
	/*
	 * Check the version before the checksum, which may be elsewhere in
	 * another version.
	 */
	if (header->version != STATE_VERSION)
		return state_fail(state, -EPROTO,
				  "the state is of version %u, and only version %u is known",
				  header->version, STATE_VERSION);
	if (header->crc != state_crc(0, header,
				     offsetof(struct state_header, crc)))
		return state_fail(state, -EBADMSG, "the header is damaged");
	return 0;
}

int state_read(struct state_file *file, struct state_section *section,
	       void *content)
{
	struct vm_state *state = file->state;
	char name[SECTION_NAME_LEN];
	uint32_t crc;
	int ret;

	ret = read_exactly(file, section, sizeof(*section),
			   "the header of a section");
	if (ret)
		return ret;
	state_section_name(section, name, sizeof(name));
	if (section->size > STATE_MAX_CONTENT)
		return state_fail(state, -EBADMSG,
				  "the file is damaged: %u bytes for %s",
				  section->size, name);
	ret = read_exactly(file, content, section->size, name);
	if (ret)
		return ret;
	crc = state_crc(0, section, offsetof(struct state_section, crc));
	if (state_crc(crc, content, section->size) != section->crc)
		return state_fail(state, -EBADMSG,
				  "the file is damaged: wrong checksum of %s",
				  name);
	file->nr_sections++;
	return 0;
}
