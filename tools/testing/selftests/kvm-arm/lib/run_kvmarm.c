// SPDX-License-Identifier: GPL-2.0
/* Run the tool kvmarm; see run_kvmarm.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "run_kvmarm.h"

#define OUTPUT	65536

char kvmarm_output[OUTPUT];

int kvmarm(const char *a, const char *b, const char *c, const char *d, const char *e)
{
	const char *tool = getenv("KVMARM") ?: "/bin/kvmarm";
	size_t used = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe(fds))
		kvm_bail("pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		execl(tool, "kvmarm", a, b, c, d, e, NULL);
		_exit(127);
	}
	close(fds[1]);
	while ((n = read(fds[0], kvmarm_output + used, OUTPUT - 1 - used)) > 0)
		used += n;
	kvmarm_output[used] = '\0';
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		kvm_bail("fork: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void expect_output(const char *text)
{
	expect(strstr(kvmarm_output, text), "no \"%s\" in: %s", text, kvmarm_output);
}
