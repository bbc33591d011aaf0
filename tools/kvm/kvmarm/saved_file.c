// SPDX-License-Identifier: GPL-2.0
/* Read a vcpu from a file of list --json or armvm --save. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvmarm.h"
#include "state_file.h"

/* Maximum size, far more than list --json prints */
#define JSON_MAX	0x100000

static int by_id(const void *a, const void *b)
{
	const struct saved_reg *ra = a, *rb = b;

	return ra->id < rb->id ? -1 : ra->id > rb->id;
}

static bool sort_registers(struct saved_vcpu *vcpu)
{
	size_t i;

	if (!vcpu->n)
		return saved_bad(vcpu, "there are no registers in it");
	qsort(vcpu->regs, vcpu->n, sizeof(vcpu->regs[0]), by_id);
	for (i = 1; i < vcpu->n; i++)
		if (vcpu->regs[i].id == vcpu->regs[i - 1].id)
			return saved_bad(vcpu, "id 0x%016llx is there twice",
					 (unsigned long long)vcpu->regs[i].id);
	return true;
}

/* ---- armvm --save ------------------------------------------------------- */

/* Read all sections, to reject a file that is cut off or damaged. */
static bool read_sections(struct saved_vcpu *vcpu, struct state_file *file,
			  unsigned int index, void *content)
{
	const struct state_reg *regs = content;
	struct state_section section;
	uint32_t count;
	bool found = false;
	size_t i;

	for (;;) {
		if (state_read(file, &section, content))
			return saved_bad(vcpu, "%s", file->state->why);
		if (section.type == STATE_END)
			break;
		if (section.type != STATE_REGS || section.index != index)
			continue;
		if (found || section.size % sizeof(*regs))
			return saved_bad(vcpu, "the registers of vcpu %u are damaged",
					 index);
		found = true;
		for (i = 0; i < section.size / sizeof(*regs); i++)
			if (!saved_add(vcpu, regs[i].id, regs[i].value))
				return false;
	}
	if (!found || section.size != sizeof(count))
		return saved_bad(vcpu, "the file is damaged: parts of it are missing");
	memcpy(&count, content, sizeof(count));
	if (count != file->nr_sections - 1)
		return saved_bad(vcpu, "the file is damaged: parts of it are missing");
	return true;
}

/* Read vcpu @index; -1 stands for the only one. */
static bool read_state(struct saved_vcpu *vcpu, int fd, int index)
{
	struct vm_state state = { .gic = -1 };
	struct state_file file = { .state = &state, .fd = fd };
	struct state_header header;
	void *content;
	bool ok;

	if (lseek(fd, 0, SEEK_SET))
		return saved_bad(vcpu, "%s", strerror(errno));
	if (state_read_header(&file, &header))
		return saved_bad(vcpu, "%s", state.why);
	if (index < 0 && header.nr_vcpus != 1)
		return saved_bad(vcpu, "%u vcpus are in it; name one, as in %s:0",
				 header.nr_vcpus, vcpu->path);
	if (index < 0)
		index = 0;
	if ((uint32_t)index >= header.nr_vcpus)
		return saved_bad(vcpu, "there is no vcpu %d in it, of %u", index,
				 header.nr_vcpus);
	content = malloc(STATE_MAX_CONTENT);
	if (!content)
		return saved_bad(vcpu, "%s", strerror(errno));
	ok = read_sections(vcpu, &file, index, content);
	free(content);
	return ok;
}

/* ---- either ------------------------------------------------------------- */

/*
 * Read up to @size bytes, fewer only at the end of the file. Return -1 on an
 * error.
 */
static ssize_t read_up_to(int fd, char *data, size_t size)
{
	size_t done = 0;
	ssize_t n;

	do {
		n = read(fd, data + done, size - done);
		if (n > 0)
			done += n;
	} while ((n > 0 && done < size) || (n < 0 && errno == EINTR));
	return n < 0 ? -1 : (ssize_t)done;
}

static bool read_file(struct saved_vcpu *vcpu, int fd, int index)
{
	const size_t magic = strlen(STATE_MAGIC);
	char *text = malloc(JSON_MAX + 1);
	ssize_t n, more;
	bool ok;

	n = text ? read_up_to(fd, text, magic) : -1;
	if (n < 0) {
		ok = saved_bad(vcpu, "%s", strerror(errno));
	} else if ((size_t)n == magic && !memcmp(text, STATE_MAGIC, magic)) {
		ok = read_state(vcpu, fd, index);
	} else {
		more = read_up_to(fd, text + n, JSON_MAX + 1 - n);
		if (more < 0)
			ok = saved_bad(vcpu, "%s", strerror(errno));
		else if (n + more > JSON_MAX)
			ok = saved_bad(vcpu, "too long for a list of registers");
		else if (index > 0)
			ok = saved_bad(vcpu, "one vcpu is in it");
		else
			ok = saved_read_json(vcpu, text, n + more);
	}
	free(text);
	return ok && sort_registers(vcpu);
}

/* Split "FILE:N", unless a file of that name exists. The caller frees the path. */
static char *split_path(const char *word, int *index)
{
	const char *colon = strrchr(word, ':');
	char *path = strdup(word);

	*index = -1;
	if (path && colon && colon[1] >= '0' && colon[1] <= '9' && !colon[2] &&
	    access(word, F_OK)) {
		path[colon - word] = '\0';
		*index = colon[1] - '0';
	}
	return path;
}

bool saved_read(struct saved_vcpu *vcpu, const char *path)
{
	bool ok = false;
	int index, fd;
	char *file;

	memset(vcpu, 0, sizeof(*vcpu));
	vcpu->path = path;
	file = split_path(path, &index);
	fd = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		saved_bad(vcpu, "%s", strerror(errno));
	else
		ok = read_file(vcpu, fd, index);
	if (fd >= 0)
		close(fd);
	free(file);
	return ok;
}
