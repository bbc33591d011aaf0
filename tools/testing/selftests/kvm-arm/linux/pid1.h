/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Helpers of PID 1 of a test host and of its Linux guests.
 */
#ifndef PID1_H
#define PID1_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Return 0, or -1 with errno set. */
static inline int mount_one(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		return -1;
	return 0;
}

/* Make an open terminal standard input and output. */
static inline void use_terminal(int fd)
{
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Return the kernel command line. Read it once. */
static inline const char *command_line(void)
{
	static char text[4096];
	ssize_t len;
	int fd;

	if (text[0])
		return text;
	fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return text;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* Return the value of name= on the kernel command line, or the given default. */
static inline const char *option(const char *name, const char *value)
{
	size_t len = strlen(name);
	char *copy = strdup(command_line());
	char *word, *save;

	if (!copy)
		return value;
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (!strncmp(word, name, len) && word[len] == '=')
			return word + len + 1;
	}
	free(copy);
	return value;
}

#endif /* PID1_H */
