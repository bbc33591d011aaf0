// SPDX-License-Identifier: GPL-2.0
/* Helpers of the tests of errors; see errors.h. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "errors.h"
#include "harness.h"
#include "memory.h"

#define TRIES		400
/* A value that no exit has */
#define NOT_ENTERED	0xffffffff

void *at_the_edge(const void *data, size_t size, int prot)
{
	char *page = map_memory(2 * PAGE, 0), *place = page + PAGE - size;

	memcpy(place, data, size);
	if (mprotect(page, PAGE, prot) || mprotect(page + PAGE, PAGE, PROT_NONE))
		kvm_bail("no memory");
	return place;
}

static void *run(void *arg)
{
	struct kvm_vcpu *vcpu = arg;

	__vcpu_run(vcpu);
	return NULL;
}

void busy_begin(struct busy_vcpu *busy, struct kvm_vcpu *vcpu)
{
	busy->vcpu = vcpu;
	if (__vcpu_set_mp_state(vcpu, KVM_MP_STATE_STOPPED))
		kvm_bail("vcpu %u cannot be stopped", vcpu->id);
	vcpu->run->immediate_exit = 0;
	vcpu->run->exit_reason = NOT_ENTERED;
	if (pthread_create(&busy->thread, NULL, run, vcpu))
		kvm_bail("no thread");
	while (read_word(&vcpu->run->exit_reason) == NOT_ENTERED &&
	       !test_failed())
		usleep(1000);
}

void busy_end(struct busy_vcpu *busy)
{
	busy->vcpu->run->immediate_exit = 1;
	pthread_kill(busy->thread, SIGALRM);
	pthread_join(busy->thread, NULL);
}

int run_a_little(struct kvm_vcpu *vcpu)
{
	vcpu->run->immediate_exit = 1;
	return __vcpu_run(vcpu);
}

struct kvm_vm *gic_vm(int *gic)
{
	struct kvm_vm *vm = vm_create_bare(1);

	*gic = __gic_create(vm);
	if (*gic < 0)
		kvm_bail("GIC: %s", errno_name(*gic));
	return vm;
}

void gic_place(int gic, uint64_t dist, uint64_t cpu)
{
	expect_errno(__gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_DIST, dist), 0,
		     "distributor");
	expect_errno(__gic_set_addr(gic, KVM_VGIC_V2_ADDR_TYPE_CPU, cpu), 0,
		     "CPU interface");
}

struct creator {
	struct kvm_vm *vm;
	bool stop;
};

/* Create a vcpu that exists: KVM creates it first, and then refuses it. */
static void *create(void *arg)
{
	struct creator *creator = arg;

	while (!__atomic_load_n(&creator->stop, __ATOMIC_RELAXED))
		__vm_ioctl(creator->vm, KVM_CREATE_VCPU, NULL);
	return NULL;
}

int while_creating(int (*call)(struct kvm_vm *vm, int gic), int otherwise)
{
	int i, gic, ret = otherwise;

	for (i = 0; i < TRIES && ret == otherwise; i++) {
		struct creator creator = { .vm = gic_vm(&gic) };
		pthread_t thread;

		gic_place(gic, GUEST_GICD, GUEST_GICC);
		if (pthread_create(&thread, NULL, create, &creator))
			kvm_bail("no thread");
		usleep(1000 + 100 * (i % 16));
		ret = call(creator.vm, gic);
		__atomic_store_n(&creator.stop, true, __ATOMIC_RELAXED);
		pthread_join(thread, NULL);
		close(gic);
		vm_free(creator.vm);
	}
	return ret;
}
