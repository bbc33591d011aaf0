# SPDX-License-Identifier: GPL-2.0
#
# Random tests, on a kernel that finds wrong uses of memory, and tests that repeat what
# they do for hours. Included by Makefile.

.PHONY: fuzz-kernel fuzz endurance

# Minutes for each test; a seed and a round, to repeat that round
MINUTES	?= 10
SEED	?=
ROUND	?=
# A fault to plant: see host/plants/README
PLANT	?=

ifneq ($(PLANT),)
ifneq ($(filter-out fuzz fuzz-kernel,$(or $(MAKECMDGOALS),all)),)
$(error PLANT is for make fuzz and make fuzz-kernel alone)
endif
export PLANTED := 1
endif

FUZZ_TESTS := @(fuzz_*|fail_nth)_test
FUZZ_SECONDS = $(shell expr $(MINUTES) \* 60)
# Limits for a program with several tests, and for all programs
FUZZ_LIMIT = $(shell expr $(MINUTES) \* 300 + 3600)
FUZZ_TIMEOUT = $(shell expr $(MINUTES) \* 900 + 10800)
# The kernel hands variables to /init, which hands them on to the programs.
FUZZ_APPEND = kvmarm.tests=$(FUZZ_TESTS) kvmarm.timeout=$(FUZZ_LIMIT) \
	KVMARM_FUZZ_SECONDS=$(FUZZ_SECONDS) $(if $(SEED),KVMARM_FUZZ_SEED=$(SEED)) \
	$(if $(ROUND),KVMARM_FUZZ_ROUND=$(ROUND)) $(if $(PLANT),kvm.plant=$(PLANT))

# With instrumented stacks, a kernel for two CPUs stores to the shadow before the memory is
# cacheable, and takes an alignment fault in QEMU 10. GCC always has CONFIG_KASAN_STACK: set
# a variable of scripts/Makefile.kasan.
fuzz-kernel: tree	## The kernel with KASAN, kmemleak and fault injection: build/fuzz
	@scripts/configure build/fuzz host/host.config host/debug.config host/fuzz.config
	@scripts/kbuild build/fuzz stack_enable=0 zImage

fuzz: qemu fuzz-kernel user	## Random tests on the fuzz kernel; MINUTES=n SEED=n ROUND=n PLANT=n
	@$(BOOT) --kernel build/fuzz --timeout $(FUZZ_TIMEOUT) --append '$(FUZZ_APPEND)' fuzz

# 20 times what `make check` does of these: 1000 migrations, 4000 processes killed, 12,000
# VMs, a day for a guest whose clock jumps, 200 migrations of a Linux guest
TIMES	?= 20
ENDURANCE_TESTS := @(clock_jump|kill|lifecycle|linux_migrate|migrate)_test
ENDURANCE_APPEND = kvmarm.tests=$(ENDURANCE_TESTS) kvmarm.timeout=30000 KVMARM_TIMES=$(TIMES)

endurance: qemu check-kernel linux-guest	## Thousands of migrations, kills and VMs on the check kernel; TIMES=n
	@$(BOOT) --kernel build/check --timeout 90000 --append '$(ENDURANCE_APPEND)' endurance
