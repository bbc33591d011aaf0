// SPDX-License-Identifier: GPL-2.0
/* Measure what VMs take from the host, and check that they give it back. */
#include <ctype.h>
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "leak.h"
#include "memory.h"

#define DEBUGFS		"/sys/kernel/debug/kvm"
/* Work queues and RCU free the rest later, slowly on a busy machine. */
#define MAX_TRIES	100
#define TRY_USEC	50000

static unsigned int count_entries(const char *path, int (*is_one)(int c))
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	unsigned int n = 0;

	if (!dir)
		kvm_bail("%s cannot be read", path);
	while ((entry = readdir(dir)))
		n += !!is_one((unsigned char)entry->d_name[0]);
	closedir(dir);
	return n;
}

/* Free pages on the lists of CPUs, in KiB */
static uint64_t free_of_cpus(void)
{
	FILE *file = fopen("/proc/zoneinfo", "r");
	unsigned int count, pages = 0;
	char line[128];

	if (!file)
		kvm_bail("/proc/zoneinfo cannot be read");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %u", &count) == 1)
			pages += count;
	fclose(file);
	return pages * (PAGE / 1024);
}

/* Memory used by the kernel or for unknown reasons, in KiB */
static int64_t memory_used(void)
{
	return memory_kib("MemTotal") - memory_kib("MemFree") - free_of_cpus() -
	       memory_kib("AnonPages") - memory_kib("Cached") - memory_kib("Buffers") -
	       memory_kib("SReclaimable");
}

void footprint_take(struct footprint *now)
{
	/* Sum up the counters of all CPUs, and empty the caches. */
	if (!write_file("/proc/sys/vm/stat_refresh", "1") ||
	    !write_file("/proc/sys/vm/drop_caches", "3") ||
	    !write_file("/proc/sys/vm/compact_memory", "1"))
		kvm_bail("/proc/sys/vm cannot be written to");
	*now = (struct footprint){
		.used = memory_used(),
		.slab = memory_kib("SUnreclaim"),
		.page_tables = memory_kib("PageTables"),
		.sec_page_tables = memory_kib("SecPageTables"),
		.kernel_stack = memory_kib("KernelStack"),
		.percpu = memory_kib("Percpu"),
		.fds = count_entries("/proc/self/fd", isdigit),
		/* Directories of VMs begin with a process id. */
		.vms = count_entries(DEBUGFS, isdigit),
	};
}

/*
 * Describe the changes in at most @size characters. Return whether something
 * has grown.
 */
static bool grown(const struct footprint *before, const struct footprint *now,
		  int64_t kib, char *text, size_t size)
{
	const struct {
		const char *name;
		int64_t diff;
		int64_t bound;
	} parts[] = {
		{ "memory", now->used - before->used, kib },
		{ "slab", now->slab - before->slab, kib },
		/* This process's own page tables grow with its heap. */
		{ "page tables", now->page_tables - before->page_tables, 32 },
		{ "stage 2", now->sec_page_tables - before->sec_page_tables,
		  0 },
		{ "kernel stacks", now->kernel_stack - before->kernel_stack,
		  64 },
		{ "percpu", now->percpu - before->percpu, 64 },
		{ "files", now->fds - before->fds, 0 },
		{ "VMs", now->vms - before->vms, 0 },
	};
	bool any = false;
	unsigned int i;
	int n = 0;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		any |= parts[i].diff > parts[i].bound;
		n += snprintf(text + n, size - n, "%s%s %+lld%s",
			      i ? ", " : "", parts[i].name,
			      (long long)parts[i].diff,
			      parts[i].diff > parts[i].bound ? " (!)" : "");
	}
	return any;
}

void expect_no_leak(const struct footprint *before, unsigned int kib,
		    const char *what)
{
	unsigned int tries = MAX_TRIES;
	struct footprint now;
	char text[256];

	do {
		usleep(TRY_USEC);
		footprint_take(&now);
	} while (grown(before, &now, kib, text, sizeof(text)) && tries--);
	expect(!grown(before, &now, kib, text, sizeof(text)), "%s: %s", what,
	       text);
	printf("# %s: %s\n", what, text);
}
