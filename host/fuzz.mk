# SPDX-License-Identifier: GPL-2.0
#
# Random tests, on a kernel that finds wrong uses of memory. Included by Makefile.

.PHONY: fuzz-kernel fuzz

# Time of each random test; a seed and a round, to repeat that round
MINUTES	?= 10
SEED	?=
ROUND	?=

FUZZ_TESTS := @(fuzz_*|fail_nth)_test
FUZZ_SECONDS = $(shell expr $(MINUTES) \* 60)
# Limits for a program with several tests, and for all programs
FUZZ_LIMIT = $(shell expr $(MINUTES) \* 300 + 3600)
FUZZ_TIMEOUT = $(shell expr $(MINUTES) \* 900 + 10800)
# The kernel hands variables to /init, which hands them on to the programs.
FUZZ_APPEND = kvmarm.tests=$(FUZZ_TESTS) kvmarm.timeout=$(FUZZ_LIMIT) \
	KVMARM_FUZZ_SECONDS=$(FUZZ_SECONDS) $(if $(SEED),KVMARM_FUZZ_SEED=$(SEED)) \
	$(if $(ROUND),KVMARM_FUZZ_ROUND=$(ROUND))

fuzz-kernel: tree	## The kernel with KASAN, kmemleak and fault injection: build/fuzz
	@scripts/configure build/fuzz host/host.config host/debug.config host/fuzz.config
	@scripts/kbuild build/fuzz zImage

fuzz: qemu fuzz-kernel user	## Random ioctls and guests on the fuzz kernel; MINUTES=n SEED=n ROUND=n
	@$(BOOT) --kernel build/fuzz --timeout $(FUZZ_TIMEOUT) --append '$(FUZZ_APPEND)' fuzz
