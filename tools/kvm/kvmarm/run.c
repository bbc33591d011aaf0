// SPDX-License-Identifier: GPL-2.0
/* Run a guest, with a thread for each vcpu, until the first vcpu ends the run. */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "kvmarm.h"

#define KICK_SIGNAL	SIGUSR1

struct run {
	pthread_mutex_t lock;
	pthread_cond_t ended_cond;
	bool ended;
	struct kvm_vcpu *vcpu;
	enum guest_event event;
	uint32_t value;
};

static struct run run = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.ended_cond = PTHREAD_COND_INITIALIZER,
};

static void interrupt(int signal)
{
	/* The signal only makes KVM_RUN return. */
	(void)signal;
}

static void *vcpu_thread(void *arg)
{
	struct kvm_vcpu *vcpu = arg;
	enum guest_event event;
	uint32_t value = 0;

	do
		event = vcpu_run_guest(vcpu, &value);
	while (event == GUEST_SYNC ||
	       (event == GUEST_INTR && !vcpu->run->immediate_exit));

	pthread_mutex_lock(&run.lock);
	if (!run.ended) {
		run.ended = true;
		run.vcpu = vcpu;
		run.event = event;
		run.value = value;
	}
	pthread_cond_signal(&run.ended_cond);
	pthread_mutex_unlock(&run.lock);
	return NULL;
}

static void run_vcpus(struct kvm_vm *vm, unsigned int nr_vcpus)
{
	struct sigaction action = { .sa_handler = interrupt };
	pthread_t threads[KVM_ARM_MAX_VCPUS];
	unsigned int i;

	sigaction(KICK_SIGNAL, &action, NULL);
	run.ended = false;
	for (i = 0; i < nr_vcpus; i++)
		if (pthread_create(&threads[i], NULL, vcpu_thread,
				   vm->vcpus[i]))
			kvm_bail("no thread for vcpu %u", i);

	pthread_mutex_lock(&run.lock);
	while (!run.ended)
		pthread_cond_wait(&run.ended_cond, &run.lock);
	pthread_mutex_unlock(&run.lock);

	for (i = 0; i < nr_vcpus; i++) {
		vm->vcpus[i]->run->immediate_exit = 1;
		pthread_kill(threads[i], KICK_SIGNAL);
	}
	for (i = 0; i < nr_vcpus; i++) {
		pthread_join(threads[i], NULL);
		vm->vcpus[i]->run->immediate_exit = 0;
	}
}

static void print_place(struct kvm_vcpu *vcpu)
{
	fprintf(stderr, "error: vcpu %u: pc 0x%08llx cpsr 0x%08llx\n",
		vcpu->id,
		(unsigned long long)vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_pc)),
		(unsigned long long)vcpu_get_reg(vcpu, CORE_REG(usr_regs.ARM_cpsr)));
}

static int result(const struct run *end)
{
	const struct kvm_run *kvm_run = end->vcpu->run;

	switch (end->event) {
	case GUEST_SHUTDOWN:
		puts("\nThe guest powered off.");
		return STATUS_OK;
	case GUEST_DONE:
		printf("\nThe guest ended with status %u.\n", end->value);
		return end->value ? STATUS_GUEST : STATUS_OK;
	case GUEST_RESET:
		fputs("\nerror: the guest asked for a reset\n", stderr);
		return STATUS_GUEST;
	case GUEST_FAULT:
		fprintf(stderr, "\nerror: the guest took an unexpected exception: vector %u\n",
			end->value);
		break;
	case GUEST_MMIO:
		fprintf(stderr, "\nerror: nothing is at 0x%08llx: a %u-byte %s of the guest\n",
			(unsigned long long)kvm_run->mmio.phys_addr,
			kvm_run->mmio.len,
			kvm_run->mmio.is_write ? "write" : "read");
		break;
	case GUEST_ERROR:
		fprintf(stderr, "\nerror: KVM_RUN: %s\n",
			strerror(end->value));
		break;
	case GUEST_EXIT:
		fprintf(stderr, "\nerror: exit %u (%s)\n", end->value,
			kvm_exit_name(end->value));
		break;
	default:
		fprintf(stderr, "\nerror: %s\n",
			guest_event_name(end->event));
		break;
	}
	print_place(end->vcpu);
	return end->event == GUEST_ERROR ? STATUS_FAILED : STATUS_GUEST;
}

int run_file(struct session *session, const char *path,
	     unsigned int mem_mib, unsigned int nr_vcpus)
{
	uint64_t base = 0;
	uint32_t features;
	struct kvm_vm *vm;
	unsigned int i;

	session_close(session);
	vm = vm_create();
	session->vm = vm;
	vm_add_memory(vm, 0, GUEST_RAM_BASE, (uint64_t)mem_mib << 20, 0);
	vm_load_file(vm, path, &base);
	for (i = 0; i < nr_vcpus; i++) {
		features = 1 << KVM_ARM_VCPU_PSCI_0_2;
		if (i)
			features |= 1 << KVM_ARM_VCPU_POWER_OFF;
		vcpu_init(vcpu_create(vm, i), features);
		vm->vcpus[i]->console = stdout;
	}
	session->vcpu = vm->vcpus[0];
	vcpu_start_at(session->vcpu, base, 0, 0, 0);
	run_vcpus(vm, nr_vcpus);
	return result(&run);
}
