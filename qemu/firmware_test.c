// SPDX-License-Identifier: GPL-2.0
/*
 * Firmware in QEMU's flash: U-Boot and UEFI boot Linux, are reset, and continue in
 * a new QEMU.
 *
 * Both access devices with instructions that HSR does not describe. U-Boot starts
 * the DMA of fw_cfg, which loads the kernel, with STRD.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "virt_board.h"

#define FLASH_SIZE	(64 << 20)
#define VARIABLES	"/tmp/variables"

#define U_BOOT		" -m 256 -bios /firmware/u-boot.bin"
#define UEFI		" -m 256 -drive if=pflash,unit=0,format=raw,readonly=on,"	\
				"file=/firmware/AAVMF32_CODE.fd"			\
			" -drive if=pflash,unit=1,format=raw,file=" VARIABLES

/* Flash without content: the firmware formats it for its variables. */
static void erase_variables(void)
{
	int fd = open(VARIABLES, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, FLASH_SIZE))
		kvm_bail("cannot make " VARIABLES);
	close(fd);
}

/* Has the firmware written variables? */
static bool has_variables(void)
{
	int fd = open(VARIABLES, O_RDONLY | O_CLOEXEC);
	char header[64] = { 0 };
	bool found;

	/* A firmware volume has this signature at offset 40. */
	found = read(fd, header, sizeof(header)) == sizeof(header) &&
		!memcmp(header + 40, "_FVH", 4);
	close(fd);
	return found;
}

static void find(const char *accel, unsigned int nr_cpus, const char *firmware)
{
	virt_start(accel, "host", nr_cpus, "test", firmware);
	virt_expect_facts(nr_cpus, 0);
}

static void u_boot(void)
{
	find(KVM, 1, U_BOOT);
	find(KVM, 2, U_BOOT);
	find(KVM_USER_GIC, 1, U_BOOT);
}

static void uefi(void)
{
	erase_variables();
	find(KVM, 1, UEFI);
	expect(has_variables(), "UEFI has not written its variables");
	find(KVM, 2, UEFI);
	find(KVM_USER_GIC, 1, UEFI);
	unlink(VARIABLES);
}

/* The firmware boots Linux again. */
static void reset(const char *firmware)
{
	virt_start(KVM, "host", 2, "command", firmware);
	virt_expect_resets();
}

static void resets(void)
{
	reset(U_BOOT);
	erase_variables();
	reset(UEFI);
	unlink(VARIABLES);
}

/* Answer that U-Boot gives to a command; its console shows the command, too. */
static bool u_boot_says(const char *word)
{
	char command[64];

	snprintf(command, sizeof(command), "echo guest: %s", word);
	linux_guest_say(&guest, command);
	return linux_guest_expect(&guest, word);
}

/* The guest's memory, flash and devices are those of U-Boot, with its MMU on. */
static void u_boot_migrates(void)
{
	unsigned int i;

	virt_start(KVM, "host", 2, "test", U_BOOT);
	/* A key that arrives before would be lost. */
	if (!linux_guest_expect_text(&guest, "Hit any key"))
		goto out;
	linux_guest_say(&guest, "");
	if (!u_boot_says("started") || !qmp_connect())
		goto out;
	for (i = 0; i < 3; i++)
		if (!virt_save() || !virt_restore(KVM, 2, "test", U_BOOT) ||
		    !u_boot_says("restored"))
			goto out;
	linux_guest_say(&guest, "boot");
	virt_expect_facts(2, 0);
out:
	virt_kill();
	unlink(VIRT_STATE);
}

/* UEFI has given Linux runtime services, which are in the state, too. */
static void uefi_guest_migrates(void)
{
	struct linux_progress progress = { 0 };

	erase_variables();
	virt_start(KVM, "host", 2, "command", UEFI);
	if (!linux_guest_expect(&guest, "ready") || !qmp_connect() ||
	    !linux_guest_advance(&guest, &progress) || !virt_save() ||
	    !virt_restore(KVM, 2, "command", UEFI) ||
	    !linux_guest_advance(&guest, &progress))
		goto out;
	linux_guest_say(&guest, "reset");
	if (linux_guest_expect(&guest, "ready")) {
		linux_guest_say(&guest, "off");
		virt_end(0);
	}
out:
	virt_kill();
	unlink(VIRT_STATE);
	unlink(VARIABLES);
}

static const struct test tests[] = {
	{ "U-Boot loads Linux with qfw, whose STRD starts a DMA, and boots it",
	  u_boot },
	{ "UEFI boots Linux, and writes its variables to flash", uefi },
	{ "a guest that is reset boots from its firmware again", resets },
	{ "U-Boot goes on in a new QEMU, and boots Linux there", u_boot_migrates },
	{ "a guest of UEFI goes on in a new QEMU, and boots again there",
	  uefi_guest_migrates },
};

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	linux_guest_vmm = "/bin/qemu-system-arm";
	return run_tests(tests, ARRAY_SIZE(tests));
}
