// SPDX-License-Identifier: GPL-2.0
/* Read standard input, a terminal, file or pipe. */
#include <errno.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "armvm.h"

#define ESCAPE	0x01	/* Ctrl-A */

static struct termios settings;
static bool is_open;
static bool escaped;

void terminal_close(void)
{
	if (is_open)
		tcsetattr(STDIN_FILENO, TCSANOW, &settings);
	is_open = false;
}

void terminal_open(void)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &settings))
		return;
	raw = settings;
	cfmakeraw(&raw);
	/* armvm's own messages end in plain newlines: keep output processing. */
	raw.c_oflag = settings.c_oflag;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw))
		return;
	is_open = true;
	atexit(terminal_close);
}

/*
 * Remove escape sequences for armvm. Return the new length, or -EINTR to end
 * the run.
 */
static int filter(uint8_t *data, int len)
{
	int i, kept = 0;

	for (i = 0; i < len; i++) {
		if (escaped) {
			escaped = false;
			if (data[i] == 'x')
				return -EINTR;
		} else if (data[i] == ESCAPE) {
			escaped = true;
			continue;
		}
		data[kept++] = data[i];
	}
	return kept ? kept : -EAGAIN;
}

int terminal_read(uint8_t *data, unsigned int room)
{
	int len = read(STDIN_FILENO, data, room);

	if (len < 0 && (errno == EINTR || errno == EAGAIN))
		return -EAGAIN;
	if (len <= 0)
		return -ENODATA;
	return is_open ? filter(data, len) : len;
}
