// SPDX-License-Identifier: GPL-2.0
/* Print KVM's statistics by name (KVM_GET_STATS_FD): all that the kernel has. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "armvm.h"

static void read_at(int fd, void *data, size_t size, uint64_t offset)
{
	ssize_t n = pread(fd, data, size, offset);

	if (n != (ssize_t)size)
		die("cannot read statistics: %s",
		    n < 0 ? strerror(errno) : "they end early");
}

/* Print a line. Histograms have many values: leave out the zeroes at the end. */
static void print_one(const char *owner, const struct kvm_stats_desc *desc,
		      const uint64_t *values)
{
	unsigned int size = desc->size, i;

	while (size > 1 && !values[size - 1])
		size--;
	printf("stats %s %s", owner, desc->name);
	for (i = 0; i < size; i++)
		printf(" %llu", (unsigned long long)values[i]);
	putchar('\n');
}

static void print_all(const char *owner, int fd)
{
	struct kvm_stats_header header;
	struct kvm_stats_desc *desc;
	uint64_t *values;
	size_t size;
	uint32_t i;

	must(fd, "KVM_GET_STATS_FD", "open the statistics of %s", owner);
	read_at(fd, &header, sizeof(header), 0);
	size = sizeof(*desc) + header.name_size;
	desc = malloc(size);
	if (!desc)
		die("no memory");
	for (i = 0; i < header.num_desc; i++) {
		read_at(fd, desc, size, header.desc_offset + i * size);
		values = calloc(desc->size, sizeof(*values));
		if (!values)
			die("no memory");
		read_at(fd, values, desc->size * sizeof(*values),
			header.data_offset + desc->offset);
		print_one(owner, desc, values);
		free(values);
	}
	free(desc);
	close(fd);
}

void stats_print(struct machine *machine)
{
	struct kvm_vm *vm = machine->vm;
	char owner[16];
	unsigned int i;

	print_all("vm", __vm_ioctl(vm, KVM_GET_STATS_FD, NULL));
	for (i = 0; i < machine->options->nr_cpus; i++) {
		snprintf(owner, sizeof(owner), "vcpu%u", i);
		print_all(owner, __vcpu_ioctl(vm->vcpus[i], KVM_GET_STATS_FD,
					      NULL));
	}
	fflush(stdout);
}
