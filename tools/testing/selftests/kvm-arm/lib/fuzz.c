// SPDX-License-Identifier: GPL-2.0
/* Make random tests repeatable, and watch the kernel; see fuzz.h. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "clock.h"
#include "fuzz.h"
#include "gic.h"
#include "harness.h"
#include "klog.h"
#include "kselftest.h"
#include "memory.h"

#define DEFAULT_SECONDS	20
/* For what a test does before and after its rounds */
#define MORE_SECONDS	240
/* Stage 2 of a VM of the test itself, and how often to wait for that of others to go */
#define STAGE2_KIB	64
#define STAGE2_TRIES	200
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
/* The guest's physical addresses have 40 bits. */
#define IPA_END		0x10000000000ULL
/* The increment of splitmix64, from the golden ratio */
#define GOLDEN		0x9e3779b97f4a7c15ULL

/* ---- random numbers ----------------------------------------------------- */

/* The output function of splitmix64 */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

uint64_t fuzz_u64(struct fuzz *f)
{
	f->state += GOLDEN;
	return mix(f->state);
}

uint32_t fuzz_u32(struct fuzz *f)
{
	return fuzz_u64(f) >> 32;
}

/* Scale by a multiplication: not each CPU that is tested can divide. */
uint32_t fuzz_below(struct fuzz *f, uint32_t n)
{
	return (uint64_t)fuzz_u32(f) * n >> 32;
}

bool fuzz_one_in(struct fuzz *f, uint32_t n)
{
	return !fuzz_below(f, n);
}

/* An address of which something may depend, or its neighbour */
static uint64_t edge(struct fuzz *f)
{
	static const uint64_t edges[] = {
		0, PAGE, BLOCK, GUEST_RAM_BASE, GUEST_RAM_BASE + GUEST_RAM_SIZE,
		GUEST_IO, GUEST_GICD, GUEST_GICC, 0x80000000, 0xc0000000,
		1ULL << 32, IPA_END, IPA_END - PAGE, IPA_END - BLOCK, 1ULL << 63,
	};
	static const int64_t offsets[] = { 0, 0, 0, -1, 1, 4, -4, PAGE, -(int64_t)PAGE };

	return edges[fuzz_below(f, ARRAY_SIZE(edges))] +
	       offsets[fuzz_below(f, ARRAY_SIZE(offsets))];
}

uint64_t fuzz_value(struct fuzz *f)
{
	switch (fuzz_below(f, 8)) {
	case 0:
		return fuzz_below(f, 4);
	case 1:
		return -(uint64_t)fuzz_below(f, 4);
	case 2:
		return (1ULL << fuzz_below(f, 64)) + fuzz_below(f, 3) - 1;
	case 3:
		return fuzz_u64(f) & (IPA_END - PAGE);
	case 4:
		return edge(f);
	case 5:
		return fuzz_u32(f);
	case 6:
		return fuzz_u64(f);
	default:
		return GUEST_RAM_BASE + fuzz_below(f, GUEST_RAM_SIZE / PAGE) * PAGE;
	}
}

/* ---- rounds ------------------------------------------------------------- */

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

/* Do not wait for entropy: a new seed for each boot is enough. */
static uint64_t new_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_INSECURE) != sizeof(seed))
		seed = mix(now_ns());
	return seed;
}

/* Stage 2 tables of all VMs; kmemleak does not search for pages. */
static uint64_t stage2_kib(void)
{
	write_file("/proc/sys/vm/stat_refresh", "1");
	return memory_kib("SecPageTables");
}

void fuzz_init(struct fuzz *f)
{
	*f = (struct fuzz){
		.seed = from_environment("KVMARM_FUZZ_SEED", new_seed()),
		.seconds = from_environment("KVMARM_FUZZ_SECONDS", DEFAULT_SECONDS),
		.one = from_environment("KVMARM_FUZZ_ROUND", -1),
		.log = klog_open(),
		.taint = kernel_taint(),
		.stage2 = stage2_kib(),
	};
	kernel_leaks_clear();
	f->end = now_ns() + f->seconds * NSEC_PER_SEC;
	alarm(f->seconds + MORE_SECONDS);
	fuzz_round(f, 0);
	ksft_print_msg("seed %#llx\n", (unsigned long long)f->seed);
}

void fuzz_round(struct fuzz *f, unsigned int round)
{
	f->round = round;
	f->state = mix(f->seed + mix(round + GOLDEN));
}

bool fuzz_next_round(struct fuzz *f, unsigned int *round)
{
	if (now_ns() >= f->end || test_failed())
		return false;
	*round = f->one >= 0 ? (unsigned int)f->one : f->next++;
	fuzz_round(f, *round);
	return true;
}

struct fuzz fuzz_stream(const struct fuzz *f, unsigned int nr)
{
	struct fuzz stream = *f;

	stream.state = mix(f->state + mix(nr + 1));
	return stream;
}

/* ---- the kernel --------------------------------------------------------- */

unsigned long kernel_taint(void)
{
	FILE *file = fopen("/proc/sys/kernel/tainted", "r");
	unsigned long taint = 0;

	if (!file || fscanf(file, "%lu", &taint) != 1)
		kvm_bail("/proc/sys/kernel/tainted cannot be read");
	fclose(file);
	return taint;
}

static void fail_round(const struct fuzz *f, const char *text)
{
	test_fail("KVMARM_FUZZ_SEED=%#llx KVMARM_FUZZ_ROUND=%u: %s",
		  (unsigned long long)f->seed, f->round, text);
}

bool fuzz_check_kernel(struct fuzz *f)
{
	unsigned long taint = kernel_taint();
	char text[384];
	bool good = true;

	while (klog_next(f->log, text, sizeof(text))) {
		fail_round(f, text);
		good = false;
	}
	if (taint != f->taint) {
		snprintf(text, sizeof(text), "tainted %#lx, was %#lx", taint,
			 f->taint);
		fail_round(f, text);
		/* Report each taint once. */
		f->taint = taint;
		good = false;
	}
	return good;
}

void kernel_leaks_clear(void)
{
	write_file(KMEMLEAK, "clear");
}

/*
 * kmemleak reports a block only if two scans find it unreferenced, and it is older
 * than five seconds.
 */
bool kernel_leaks(char *text, size_t size)
{
	ssize_t n;
	int fd;

	if (!write_file(KMEMLEAK, "scan"))
		return false;
	sleep(6);
	write_file(KMEMLEAK, "scan");
	fd = open(KMEMLEAK, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return true;
}

void fuzz_check_leaks(const struct fuzz *f)
{
	char text[384];

	if (kernel_leaks(text, sizeof(text)))
		fail_round(f, text);
}

static void check_stage2(const struct fuzz *f)
{
	unsigned int tries = STAGE2_TRIES;
	uint64_t now;
	char text[64];

	while ((now = stage2_kib()) > f->stage2 + STAGE2_KIB && tries--)
		usleep(50000);
	if (now <= f->stage2 + STAGE2_KIB)
		return;
	snprintf(text, sizeof(text), "%llu KiB of stage 2 are left, there were %llu",
		 (unsigned long long)now, (unsigned long long)f->stage2);
	fail_round(f, text);
}

void fuzz_end(struct fuzz *f)
{
	check_stage2(f);
	fuzz_check_leaks(f);
	fuzz_check_kernel(f);
	close(f->log);
	f->log = -1;
}
