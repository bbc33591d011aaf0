// SPDX-License-Identifier: GPL-2.0
/*
 * Load the kernel, its device tree and its initramfs.
 *
 * Place the kernel where its decompressor puts the result, as boot loaders do;
 * place device tree and initramfs out of its way, at the end of the RAM that
 * any kernel maps. See Documentation/arch/arm/booting.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "armvm.h"

#define KERNEL_OFFSET	0x8000U
/*
 * Use this much of RAM, which any kernel maps. The kernel takes the multiple of
 * 128 MiB below itself for the start of RAM.
 */
#define LOWMEM_MIB	256U

/* Offsets of words in a zImage's header */
#define ZIMAGE_MAGIC_OFF	0x24
#define ZIMAGE_START_OFF	0x28
#define ZIMAGE_END_OFF		0x2c
#define ZIMAGE_ENDIAN_OFF	0x30
#define ZIMAGE_MAGIC2_OFF	0x34
#define ZIMAGE_TABLE_OFF	0x38
#define ZIMAGE_HEADER_SIZE	0x3c

#define ZIMAGE_MAGIC		0x016f2818U
#define ZIMAGE_LITTLE_ENDIAN	0x04030201U
#define ZIMAGE_MAGIC2		0x45454545U
#define ZIMAGE_TAG_KERNEL	0x5a534c4bU	/* size of the unpacked kernel */

/* Maximum compression ratio, for zImages without that tag */
#define ZIMAGE_RATIO	6

/* Ample room for stack, page tables and heap of the decompressor */
#define DECOMPRESSOR_ROOM	0x100000U

static void image_open(struct image *image, const char *path, const char *what)
{
	struct stat stat;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &stat))
		die("cannot open the %s %s: %s", what, path, strerror(errno));
	if (!S_ISREG(stat.st_mode) || !stat.st_size)
		die("the %s %s is %s", what, path,
		    S_ISREG(stat.st_mode) ? "empty" : "not a file");
	if ((uint64_t)stat.st_size >= (uint64_t)RAM_MAX_MIB << 20)
		die("the %s %s is larger than any RAM", what, path);
	image->path = path;
	image->size = stat.st_size;
	image->data = mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (image->data == MAP_FAILED)
		die("cannot map the %s %s: %s", what, path, strerror(errno));
	close(fd);
}

/* Return a word of a file, 0 beyond its end. */
static uint32_t word_at(const struct image *image, uint32_t offset)
{
	uint32_t word = 0;

	if (image->size >= sizeof(word) &&
	    offset <= image->size - sizeof(word))
		memcpy(&word, image->data + offset, sizeof(word));
	return word;
}

static void check_zimage(const struct image *kernel)
{
	if (kernel->size < ZIMAGE_HEADER_SIZE ||
	    word_at(kernel, ZIMAGE_MAGIC_OFF) != ZIMAGE_MAGIC)
		die("%s is not a zImage: the word at 0x%x is 0x%08x, not 0x%08x",
		    kernel->path, ZIMAGE_MAGIC_OFF,
		    word_at(kernel, ZIMAGE_MAGIC_OFF), ZIMAGE_MAGIC);
	if (word_at(kernel, ZIMAGE_ENDIAN_OFF) != ZIMAGE_LITTLE_ENDIAN)
		die("%s is not for little-endian CPUs", kernel->path);
	if (word_at(kernel, ZIMAGE_END_OFF) - word_at(kernel, ZIMAGE_START_OFF) >
	    kernel->size)
		die("%s is cut short: %zu of %u bytes", kernel->path,
		    kernel->size, word_at(kernel, ZIMAGE_END_OFF) -
				  word_at(kernel, ZIMAGE_START_OFF));
}

/* Return the size of the unpacked kernel. */
static uint64_t unpacked_size(const struct image *kernel)
{
	uint32_t table = word_at(kernel, ZIMAGE_TABLE_OFF);

	if (word_at(kernel, ZIMAGE_MAGIC2_OFF) != ZIMAGE_MAGIC2 ||
	    word_at(kernel, table + 4) != ZIMAGE_TAG_KERNEL)
		return (uint64_t)kernel->size * ZIMAGE_RATIO;
	/* The table has the offset of the size in the file, then the size of bss. */
	return (uint64_t)word_at(kernel, word_at(kernel, table + 8)) +
	       word_at(kernel, table + 12);
}

void boot_prepare(struct boot *boot, const struct options *options)
{
	uint32_t mem_mib = options->mem_mib;
	uint64_t needed, end;

	image_open(&boot->kernel, options->kernel, "kernel");
	check_zimage(&boot->kernel);
	if (options->initrd)
		image_open(&boot->initrd, options->initrd, "initramfs");

	if (mem_mib > LOWMEM_MIB)
		mem_mib = LOWMEM_MIB;
	end = RAM_BASE + ((uint64_t)mem_mib << 20);
	boot->entry = RAM_BASE + KERNEL_OFFSET;
	boot->dtb = end - DTB_SIZE;

	/* The decompressor moves itself behind the unpacked kernel. */
	needed = KERNEL_OFFSET + unpacked_size(&boot->kernel) +
		 boot->kernel.size + DECOMPRESSOR_ROOM;
	if (needed + boot->initrd.size + DTB_SIZE > end - RAM_BASE)
		die("kernel and initramfs do not fit: they need %llu of %u MiB",
		    (unsigned long long)((needed + boot->initrd.size) >> 20) + 1,
		    mem_mib);
	boot->initrd_start = (boot->dtb - boot->initrd.size) & ~0xfffU;
}

void boot_load(const struct boot *boot, struct kvm_vm *vm)
{
	memcpy(vm_hva(vm, boot->entry), boot->kernel.data, boot->kernel.size);
	if (boot->initrd.size)
		memcpy(vm_hva(vm, boot->initrd_start), boot->initrd.data,
		       boot->initrd.size);
}
