// SPDX-License-Identifier: GPL-2.0
/* Record the places in KVM's code that were reached; see fuzz_cover.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
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
/* Where the kernel's code is, with a bit for each instruction */
#define TEXT_BASE	0xc0000000UL
#define TEXT_SIZE	0x04000000UL
#define TEXT_WORDS	(TEXT_SIZE / sizeof(uint32_t) / 32)
#define PER_LINE	12

static atomic_uint *reached;
static __thread unsigned long *path;

void fuzz_cover_create(void)
{
	reached = mmap(NULL, TEXT_WORDS * sizeof(*reached), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reached == MAP_FAILED)
		kvm_bail("no memory: %s", strerror(errno));
}

void fuzz_cover_begin(void)
{
	int fd = open(KCOV, O_RDWR | O_CLOEXEC);
	void *map = MAP_FAILED;

	path = NULL;
	if (fd < 0)
		return;
	if (!ioctl(fd, KCOV_INIT_TRACE, (unsigned long)PATH_WORDS))
		map = mmap(NULL, PATH_WORDS * sizeof(*path), PROT_READ | PROT_WRITE,
			   MAP_SHARED, fd, 0);
	if (map != MAP_FAILED && ioctl(fd, KCOV_ENABLE, (unsigned long)KCOV_TRACE_PC)) {
		munmap(map, PATH_WORDS * sizeof(*path));
		map = MAP_FAILED;
	}
	/* The mapping and the thread keep it. */
	close(fd);
	if (map != MAP_FAILED)
		path = map;
}

void fuzz_cover_take(void)
{
	unsigned long i, n, place;

	if (!path)
		return;
	n = __atomic_load_n(&path[0], __ATOMIC_RELAXED);
	for (i = 1; i <= n && i < PATH_WORDS; i++) {
		place = (path[i] - TEXT_BASE) / sizeof(uint32_t);
		/* Most are known already. */
		if (place / 32 < TEXT_WORDS &&
		    !(atomic_load_explicit(&reached[place / 32], memory_order_relaxed) &
		      1U << place % 32))
			atomic_fetch_or(&reached[place / 32], 1U << place % 32);
	}
	__atomic_store_n(&path[0], 0, __ATOMIC_RELAXED);
}

void fuzz_cover_report(void)
{
	unsigned int places = 0;
	unsigned long i;

	if (access(KCOV, R_OK))
		return;
	for (i = 0; i < TEXT_WORDS * 32; i++) {
		if (!(atomic_load_explicit(&reached[i / 32], memory_order_relaxed) &
		      1U << i % 32))
			continue;
		printf("%s%08lx", places % PER_LINE ? " " : "\n# cover ",
		       TEXT_BASE + i * sizeof(uint32_t));
		places++;
	}
	if (places) {
		printf("\n");
		ksft_print_msg("%u places in KVM's code were reached\n", places);
	}
}
