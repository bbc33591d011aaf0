// SPDX-License-Identifier: GPL-2.0
/* Messages, and the end of the program on failure. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "armvm.h"

void vsay(const char *fmt, va_list args)
{
	char message[512];

	vsnprintf(message, sizeof(message), fmt, args);
	fflush(stdout);
	fprintf(stderr, "armvm: %s\n", message);
}

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsay(fmt, args);
	va_end(args);
}

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsay(fmt, args);
	va_end(args);
	exit(STATUS_FAILED);
}

int must(int ret, const char *name, const char *fmt, ...)
{
	char purpose[128];
	va_list args;

	if (ret >= 0)
		return ret;
	va_start(args, fmt);
	vsnprintf(purpose, sizeof(purpose), fmt, args);
	va_end(args);
	die("cannot %s: %s: %s", purpose, name, strerror(-ret));
}
