// SPDX-License-Identifier: GPL-2.0
/*
 * Save a machine to a file, and restore it.  The library handles the VM; the
 * registers of the serial port are added here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "armvm.h"
#include "state.h"

void state_save(struct machine *machine, const char *path)
{
	struct vm_state state = {
		.vm = machine->vm,
		.gic = machine->gic,
		.device = &machine->uart.regs,
		.device_size = sizeof(machine->uart.regs),
	};
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		die("cannot create %s: %s", path, strerror(errno));
	if (__vm_save_state(&state, fd)) {
		unlink(path);
		die("cannot save the VM to %s: %s", path, state.why);
	}
	if (close(fd)) {
		unlink(path);
		die("cannot write %s: %s", path, strerror(errno));
	}
}

void state_restore(struct machine *machine, const char *path)
{
	struct vm_state state = {
		.vm = machine->vm,
		.gic = machine->gic,
	};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("cannot open %s: %s", path, strerror(errno));
	if (__vm_load_state(&state, fd))
		die("cannot restore a VM from %s: %s", path, state.why);
	close(fd);
	if (state.device_size != sizeof(machine->uart.regs) ||
	    !uart_restore(&machine->uart, state.device))
		die("cannot restore a VM from %s: it has no serial port of ours",
		    path);
	free(state.device);
	vm_set_time(machine->vm, state.time);
}
