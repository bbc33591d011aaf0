# SPDX-License-Identifier: GPL-2.0
#
# 32-bit KVM/ARM host support for Linux 6.12. `make help` lists the targets.

# The emulated board
CPU	?= cortex-a15
SMP	?= 2
# The kernel that `make gdb` and `make shell` boot: host (plain) or check
KERNEL	?= host
# The programs that `make check` runs, a shell pattern
TESTS	?= *
# TAP files that `make check` counts as well, such as that of check-series
REPORTS	?=
# The operation that `make profile` shows
OP	?= guest_hvc
# The VMM that runs the Linux guest in `make run`, instead of armvm
VMM	?=

JOBS	?= $(shell nproc)

# The Makefiles of the programs have variables of their own with these names.
MAKEOVERRIDES :=

export V JOBS
export CROSS_COMPILE := arm-linux-gnueabihf-

# Debian's ccache has links to the compilers there. CCACHE_BASEDIR lets checkouts at
# different paths share the objects of the kernel. It is not set for the programs: it
# would make the targets in dependency files relative paths, which make takes for other
# targets, so that changed headers would go unnoticed.
export PATH := /usr/lib/ccache:$(PATH)
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

HEADERS	:= $(CURDIR)/build/usr/include

# Debian packages that the targets need
BUILD_PACKAGES := linux-source-6.12 python3 gcc libc6-dev flex bison bc perl patch \
	xz-utils rsync gcc-arm-linux-gnueabihf libc6-dev-armhf-cross
CHECK_PACKAGES	:= $(BUILD_PACKAGES) sparse git
GDB_PACKAGES	:= $(BUILD_PACKAGES) gdb-multiarch

# The directories of programs. Each has a Makefile whose target `all` builds in O= and
# puts files for the test host into O=/install.
TESTS_DIR := tools/testing/selftests/kvm-arm
PROGRAM_DIRS := $(TESTS_DIR) tools/kvm/kvmarm tools/kvm/armvm bench

.PHONY: all kernel check-kernel user run check static bench latency profile guest-bench shell \
	gdb compile_commands.json help clean

# Make one target at a time; make -j applies within each.
.NOTPARALLEL:

all: kernel user	## The host kernel and its programs (the default)

#
# The kernels
#
.PHONY: packages tree headers thumb-kernel
packages:
	@scripts/packages $(BUILD_PACKAGES)

tree: packages
	@scripts/prepare

kernel: tree	## The plain host kernel: build/host
	@scripts/configure build/host host/host.config
	@scripts/kbuild build/host zImage

check-kernel: tree	## The kernel with lock, memory and KUnit checks: build/check
	@scripts/configure build/check host/host.config host/debug.config
	@scripts/kbuild build/check zImage

thumb-kernel: tree	## The kernel of a guest, of Thumb-2 code: build/thumb
	@scripts/configure build/thumb host/thumb.config
	@scripts/kbuild build/thumb zImage

headers: tree
	@mkdir -p build/headers
	@scripts/kbuild build/headers headers
	@ln -sfn headers/usr build/usr

#
# The programs, and their initramfs
#
STATIC_CC := $(CROSS_COMPILE)gcc -static -O2 -Wall -Wextra -Werror -I$(TESTS_DIR)/linux

# The initramfs of the test host: /guests, /tests and /bin
HOST_FILES = init=build/user/init/init \
	$$(find $(PROGRAM_DIRS:%=build/user/%/install) -type f -name '*.bin' -printf 'guests/=%p ') \
	$$(find build/user/$(TESTS_DIR)/install/tests -type f -printf 'tests/=%p ') \
	$$(find $(patsubst %,build/user/%/install,$(filter-out $(TESTS_DIR),$(PROGRAM_DIRS))) \
		-type f ! -name '*.bin' -perm -1 -printf 'bin/=%p ')

user: headers	## The programs of the test host: build/initramfs.cpio.gz
	@mkdir -p build/user/init
	@$(STATIC_CC) -o build/user/init/init host/init.c
	@$(CROSS_COMPILE)gcc -c -o build/user/init/unclean-boot.o host/unclean-boot.S
	@$(CROSS_COMPILE)objcopy -O binary build/user/init/unclean-boot.o \
		build/user/init/unclean-boot.bin
	@set -e; for dir in $(PROGRAM_DIRS); do \
		env -u CCACHE_BASEDIR $(MAKE) $(if $(filter-out 0,$(V)),,-s) --no-print-directory -C $$dir all \
			O=$(CURDIR)/build/user/$$dir HDR=$(HEADERS) KSRC=$(CURDIR)/build/linux -j $(JOBS); \
	done
	@scripts/initramfs build/initramfs.cpio.gz $(HOST_FILES)

# The same initramfs, with the files of a Linux guest, and the VMM to try
.PHONY: linux-guest
linux-guest: kernel user
	@$(STATIC_CC) -s -pthread -o build/user/init/guest-bench host/guest-bench.c
	@scripts/initramfs build/user/init/guest.cpio.gz init=build/user/$(TESTS_DIR)/install/linux/init
	@scripts/initramfs build/user/init/bench.cpio.gz init=build/user/init/guest-bench
	@scripts/initramfs build/initramfs-guest.cpio.gz $(HOST_FILES) \
		guests/=build/host/arch/arm/boot/zImage guests/=build/user/init/guest.cpio.gz \
		$(if $(VMM),bin/lkvm=$(VMM)) $(GUEST_FILES) \
		$$(find build/thumb/arch/arm/boot -name zImage -printf 'guests/zImage-thumb=%p ' 2>&-)

#
# Using them
#
BOOT = scripts/boot --cpu $(CPU) --smp $(SMP)

.PHONY: qemu check-packages gdb-packages
qemu: packages
	@scripts/qemu
check-packages:
	@scripts/packages $(CHECK_PACKAGES)
gdb-packages:
	@scripts/packages $(GDB_PACKAGES)

run: qemu linux-guest	## Boot the host, list a guest's registers, run it, and a Linux guest
	@$(BOOT) $(if $(VMM),--vmm $(VMM)) run

check: check-packages qemu check-kernel thumb-kernel linux-guest	## All tests, on two CPUs, with one and two cores
	@scripts/static || :
	@scripts/check --tests '$(TESTS)' build/log/static.tap $(REPORTS)

static: check-packages tree	## sparse, W=1, checkpatch --strict and the documentation checks
	@scripts/static

bench: qemu all	## Instructions per operation, beside those of Linux 4.19
	@$(BOOT) --output build/log/bench.txt bench
	@bench/compare build/log/bench.txt

latency: qemu all	## For how long operations of KVM delay another task, in thousands of instructions
	@$(BOOT) latency

profile: qemu all	## Instructions per function of one operation: OP=guest_hvc, see bench/figures-linux-4.19.txt
	@bench/profile $(OP) $(CPU)

guest-bench: GUEST_FILES = guests/=build/user/init/bench.cpio.gz
guest-bench: qemu linux-guest	## A Linux guest beside the same kernel without KVM: instructions, exits
	@$(BOOT) linux

KERNEL_TARGET := $(if $(filter check,$(KERNEL)),check-kernel,kernel)

shell: qemu $(KERNEL_TARGET) user	## Boot the host into the tool's prompt
	@$(BOOT) --kernel build/$(KERNEL) shell

gdb: gdb-packages qemu $(KERNEL_TARGET) user	## Boot halted, with gdb connected (KERNEL=check: the other kernel)
	@scripts/kbuild build/$(KERNEL) scripts_gdb
	@$(BOOT) --kernel build/$(KERNEL) gdb

compile_commands.json: kernel	## For clangd
	@scripts/compile-commands build/host $@

include scripts/series.mk
include debian/debian.mk
include qemu/qemu.mk
include host/fuzz.mk

help:	## This list
	@sed -n 's/^\([a-z_.-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | \
		while IFS='	' read -r target text; do printf '  %-22s %s\n' "$$target" "$$text"; done
	@echo
	@echo '  CPU=$(CPU) SMP=$(SMP) KERNEL=$(KERNEL)  the board and kernel of run, shell and gdb'
	@echo '  TESTS=PATTERN  the programs check runs'
	@echo '  VMM=FILE       run the Linux guest on this lkvm (kvmtool), a static armhf program'
	@echo '  V=1            show commands and the messages of the host kernel'
	@echo '  JOBS=N         compile N files at a time (default: the number of CPUs)'

clean:	## Remove everything that was built
	rm -rf build compile_commands.json
