// SPDX-License-Identifier: GPL-2.0
/* The prompt: run commands of one line at a time. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "kvmarm.h"

#define MAX_WORDS 64

static jmp_buf prompt;

/* Return a command that fails to the prompt, instead of ending the program. */
static void back_to_prompt(const char *message)
{
	fprintf(stderr, "error: %s\n", message);
	longjmp(prompt, 1);
}

static int split(char *line, char **words)
{
	int n = 0;
	char *word = strtok(line, " \t\r\n");

	while (word && n < MAX_WORDS) {
		words[n++] = word;
		word = strtok(NULL, " \t\r\n");
	}
	return n;
}

int run_shell(struct session *session)
{
	char *words[MAX_WORDS];
	static char line[1024];
	int n;

	puts("Type 'help' for the commands, 'quit' to leave.");
	kvm_bail_handler = back_to_prompt;
	for (;;) {
		/* back_to_prompt() returns here. */
		(void)setjmp(prompt);
		fputs("kvmarm> ", stdout);
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			break;
		n = split(line, words);
		if (n && (!strcmp(words[0], "quit") || !strcmp(words[0], "exit")))
			break;
		if (n && !strcmp(words[0], "shell"))
			continue;
		run_commands(session, n, words);
	}
	putchar('\n');
	return STATUS_OK;
}
