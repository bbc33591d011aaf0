// SPDX-License-Identifier: GPL-2.0
/* Read KVM's tracepoints of the host kernel, through debugfs. */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "memory.h"
#include "trace.h"

#define TRACEFS		"/sys/kernel/debug/tracing"

static void set(const char *path, const char *text)
{
	if (!write_file(path, text))
		kvm_bail("%s cannot be written", path);
}

static void set_event(const char *event, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), TRACEFS "/events/kvm%s%s/enable",
		 event ? "/" : "", event ? event : "");
	set(path, text);
}

void trace_begin(const char *event)
{
	FILE *file = fopen(TRACEFS "/trace", "w");

	if (!file || fclose(file))
		kvm_bail("the trace cannot be emptied");
	set_event(event, "1");
}

void trace_end(const char *event)
{
	set_event(event, "0");
}

unsigned int trace_count(const char *text)
{
	FILE *file = fopen(TRACEFS "/trace", "r");
	unsigned int n = 0;
	char line[512];

	if (!file)
		kvm_bail("no trace");
	while (fgets(line, sizeof(line), file))
		n += !!strstr(line, text);
	fclose(file);
	return n;
}
