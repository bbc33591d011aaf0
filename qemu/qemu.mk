# SPDX-License-Identifier: GPL-2.0
#
# QEMU as a VMM for 32-bit ARM hosts. Included by Makefile, whose target qemu is
# the emulator of the boards.

.PHONY: qemu-armhf qemu-boot qemu-deb qemu-packages

QEMU_DIR := build/qemu-armhf
QEMU_TESTS := qemu_test firmware_test
QEMU_PACKAGES := gcc libc6-dev gcc-arm-linux-gnueabihf libc6-dev-armhf-cross dpkg-dev \
	ninja-build patch pkg-config python3 python3-venv xz-utils

qemu-packages:
	@scripts/packages $(QEMU_PACKAGES)

qemu-armhf: qemu-packages	## QEMU 10 with KVM for 32-bit ARM hosts: build/qemu-armhf/qemu-system-arm
	@qemu/build

qemu-deb: deb-packages qemu-armhf	## Debian package of that QEMU: build/deb-packages
	@scripts/deb-package qemu-system-arm-kvm \
		$$(sed -n 's/^Version: \(.*:\)\?\(.*\)-.*/\2/p' $(QEMU_DIR)/download/qemu_*.dsc)

qemu-boot: qemu linux-guest qemu-armhf	## Boot the host, and Linux guests on that QEMU
	@for test in $(QEMU_TESTS); do \
		echo "  CC      qemu/$$test.c"; \
		$(STATIC_CC) -std=gnu11 -pthread -o $(QEMU_DIR)/$$test \
			-I$(TESTS_DIR)/lib -Iarch/arm/kvm -isystem $(HEADERS) \
			-isystem build/linux/tools/testing/selftests \
			qemu/$$test.c qemu/virt_board.c \
			build/user/$(TESTS_DIR)/libkvmarm.a || exit 1; \
	done
	@scripts/initramfs $(QEMU_DIR)/initramfs.cpio.gz init=build/user/init/init \
		$(QEMU_TESTS:%=tests/=$(QEMU_DIR)/%) bin/=$(QEMU_DIR)/qemu-system-arm \
		firmware/=$(QEMU_DIR)/firmware/usr/lib/u-boot/qemu_arm/u-boot.bin \
		firmware/=$(QEMU_DIR)/firmware/usr/share/AAVMF/AAVMF32_CODE.fd \
		guests/=build/host/arch/arm/boot/zImage guests/=build/user/init/guest.cpio.gz
	@qemu/boot $(QEMU_DIR)/initramfs.cpio.gz '$(TESTS)'
