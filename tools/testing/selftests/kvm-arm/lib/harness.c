// SPDX-License-Identifier: GPL-2.0
/* Report tests in TAP, with helpers that do not use /dev/kvm. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "kselftest.h"

/* Limits for each test */
#define MAX_MESSAGES	20
#define MAX_SECONDS	240

static atomic_uint failures;
static pthread_t main_thread;
static sigjmp_buf next_test;

void test_fail(const char *fmt, ...)
{
	unsigned int before = atomic_fetch_add(&failures, 1);
	char message[512], *newline;
	va_list args;

	if (before >= MAX_MESSAGES)
		return;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	/* Keep the output of a guest in one TAP comment. */
	while ((newline = strchr(message, '\n')))
		*newline = newline[1] ? '|' : '\0';
	ksft_print_msg("%s\n", message);
}

bool test_failed(void)
{
	return atomic_load(&failures);
}

unsigned int repeats(unsigned int n)
{
	const char *text = getenv("KVMARM_TIMES");

	return text && *text ? n * strtoul(text, NULL, 0) : n;
}

static void fail_and_leave(const char *message)
{
	/* Only the main thread can jump back: it has the stack. */
	if (!pthread_equal(pthread_self(), main_thread))
		ksft_exit_fail_msg("%s\n", message);
	test_fail("%s", message);
	siglongjmp(next_test, 1);
}

static void interrupt(int sig)
{
	(void)sig;
}

int run_tests(const struct test *tests, size_t count)
{
	const struct sigaction action = { .sa_handler = interrupt };
	size_t i;

	main_thread = pthread_self();
	kvm_bail_handler = fail_and_leave;
	sigaction(SIGALRM, &action, NULL);

	ksft_print_header();
	ksft_set_plan(count);
	for (i = 0; i < count; i++) {
		atomic_store(&failures, 0);
		alarm(repeats(MAX_SECONDS));
		if (!sigsetjmp(next_test, 1))
			tests[i].run();
		alarm(0);
		if (atomic_load(&failures) > MAX_MESSAGES)
			ksft_print_msg("... %u failures\n",
				       atomic_load(&failures));
		ksft_test_result(!test_failed(), "%s\n", tests[i].name);
	}
	ksft_finished();
}

const char *errno_name(int ret)
{
	const char *name = ret < 0 ? strerrorname_np(-ret) : "success";

	return name ? name : "an unknown error";
}

/* ---- all of a vcpu's registers ------------------------------------------ */

struct reg_dump *vcpu_dump(struct kvm_vcpu *vcpu)
{
	struct kvm_reg_list *list = vcpu_get_reg_list(vcpu);
	struct reg_dump *dump;
	unsigned int i;

	dump = malloc(sizeof(*dump) + list->n * sizeof(dump->reg[0]));
	if (!dump)
		kvm_bail("no memory");
	dump->n = list->n;
	for (i = 0; i < dump->n; i++) {
		dump->reg[i].id = list->reg[i];
		dump->reg[i].value = vcpu_get_reg(vcpu, list->reg[i]);
	}
	free(list);
	return dump;
}

bool expect_unchanged(struct kvm_vcpu *vcpu, const struct reg_dump *dump,
		      const char *what)
{
	char name[REG_NAME_LEN];
	uint64_t value;
	bool same = true;
	unsigned int i;

	for (i = 0; i < dump->n; i++) {
		if (dump->reg[i].id == KVM_REG_ARM_TIMER_CNT)
			continue;
		value = vcpu_get_reg(vcpu, dump->reg[i].id);
		if (value == dump->reg[i].value)
			continue;
		same = false;
		test_fail("%s changed %s from %#llx to %#llx", what,
			  reg_name(dump->reg[i].id, name),
			  (unsigned long long)dump->reg[i].value,
			  (unsigned long long)value);
	}
	return same;
}

/* ---- statistics --------------------------------------------------------- */

static void read_stats(int fd, void *buf, size_t size, off_t offset)
{
	if (pread(fd, buf, size, offset) != (ssize_t)size)
		kvm_bail("cannot read statistics: %s", strerror(errno));
}

uint64_t vcpu_stat(struct kvm_vcpu *vcpu, const char *name)
{
	int fd = vcpu_ioctl(vcpu, KVM_GET_STATS_FD, NULL);
	struct kvm_stats_header header;
	struct kvm_stats_desc *desc;
	size_t size;
	uint64_t value;
	uint32_t i;

	read_stats(fd, &header, sizeof(header), 0);
	size = sizeof(*desc) + header.name_size;
	desc = malloc(size);
	for (i = 0; desc && i < header.num_desc; i++) {
		read_stats(fd, desc, size, header.desc_offset + i * size);
		if (!strcmp(desc->name, name)) {
			read_stats(fd, &value, sizeof(value),
				   header.data_offset + desc->offset);
			close(fd);
			free(desc);
			return value;
		}
	}
	kvm_bail("there are no statistics called %s", name);
}

/* ---- the machine -------------------------------------------------------- */

void pin_to_cpu(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		kvm_bail("cannot run on CPU %u: %s", cpu, strerror(errno));
}

unsigned int nr_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

unsigned int qemu_version(void)
{
	const char *version = getenv("KVM_ARM_QEMU");

	return version ? strtoul(version, NULL, 10) : HARDWARE;
}

uint32_t host_target(void)
{
	struct kvm_vcpu_init init = { .target = -1U };
	struct kvm_vm *vm = vm_create();

	vm_preferred_target(vm, &init);
	vm_free(vm);
	return init.target;
}
