# SPDX-License-Identifier: GPL-2.0
#
# Debian packages for boards. Included by Makefile.

.PHONY: deb deb-boot deb-packages deb-tools

DEB_PACKAGES := $(BUILD_PACKAGES) dpkg-dev debhelper cpio kmod libssl-dev openssl

deb-packages:
	@scripts/packages $(DEB_PACKAGES)

deb: deb-tools	## Debian packages of a kernel for boards: build/deb-packages (CONFIG=small: with fewer drivers)
	@scripts/deb

deb-tools: deb-packages headers	## Debian package of kvmarm and armvm: build/deb-packages
	@HDR=$(HEADERS) scripts/deb-package kvm-arm-tools

DEB_KERNEL := build/deb-packages/vmlinuz

deb-boot: qemu linux-guest	## Boot the kernel that make deb has packaged, and run guests on it
	@dpkg-deb --fsys-tarfile build/deb-packages/linux-image-*.deb | \
		tar -xO --wildcards './boot/vmlinuz-*' > $(DEB_KERNEL)
	@$(BOOT) --kernel $(DEB_KERNEL) run
