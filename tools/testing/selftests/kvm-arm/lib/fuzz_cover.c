// SPDX-License-Identifier: GPL-2.0
/* Count the places in KVM's code that were reached; see fuzz_cover.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kcov.h>

#include "fuzz_cover.h"
#include "kselftest.h"
#include "kvm_arm.h"

#define KCOV		"/sys/kernel/debug/kcov"
/* Words for a path: the kernel drops the rest. The first is their number. */
#define PATH_WORDS	16384

struct fuzz_cover *fuzz_cover_create(void)
{
	struct fuzz_cover *cover = mmap(NULL, sizeof(*cover), PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (cover == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
	return cover;
}

unsigned long *fuzz_cover_begin(void)
{
	unsigned long *path = MAP_FAILED;
	int fd = open(KCOV, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (!ioctl(fd, KCOV_INIT_TRACE, (unsigned long)PATH_WORDS))
		path = mmap(NULL, PATH_WORDS * sizeof(*path), PROT_READ | PROT_WRITE,
			    MAP_SHARED, fd, 0);
	if (path != MAP_FAILED && ioctl(fd, KCOV_ENABLE, (unsigned long)KCOV_TRACE_PC)) {
		munmap(path, PATH_WORDS * sizeof(*path));
		path = MAP_FAILED;
	}
	/* The mapping and the thread keep it. */
	close(fd);
	return path == MAP_FAILED ? NULL : path;
}

/* Two places seldom share a bit: there are many more bits than places. */
static unsigned int bit_of(unsigned long address)
{
	/* The upper bits of the product depend on all bits of the address. */
	return ((uint32_t)address * 0x9e3779b1u >> 8) % FUZZ_COVER_BITS;
}

void fuzz_cover_take(struct fuzz_cover *cover, unsigned long *path)
{
	unsigned long i, n;
	unsigned int bit;

	if (!path)
		return;
	n = __atomic_load_n(&path[0], __ATOMIC_RELAXED);
	for (i = 1; i <= n && i < PATH_WORDS; i++) {
		bit = bit_of(path[i]);
		/* Most are set already. */
		if (!(atomic_load_explicit(&cover->bits[bit / 32], memory_order_relaxed) &
		      1U << bit % 32))
			atomic_fetch_or(&cover->bits[bit / 32], 1U << bit % 32);
	}
	__atomic_store_n(&path[0], 0, __ATOMIC_RELAXED);
}

void fuzz_cover_report(struct fuzz_cover *cover)
{
	unsigned int i, places = 0;

	for (i = 0; i < ARRAY_SIZE(cover->bits); i++)
		places += __builtin_popcount(atomic_load(&cover->bits[i]));
	if (places)
		ksft_print_msg("%u places in KVM's code were reached\n", places);
}
