# SPDX-License-Identifier: GPL-2.0
#
# The patch series. Included by Makefile.

.PHONY: series check-series series-files series-packages

# Checks to run: all, or quick, without those that take long
SERIES_CHECKS ?= all

# A file that belongs to no patch, or to two, must fail every build.
tree: series-files
series-files: packages
	@scripts/series --check

# V is also make's verbosity: V from the environment is not a version.
SERIES_VERSION = $(if $(findstring command line,$(origin V)),$(addprefix v,$(V)))

series: tree	## The change as a patch series: build/series/vN (V=N: that version)
	@scripts/series $(SERIES_VERSION)

# The checks that take long build kernels for boards and for arm64.
series-packages:
	@scripts/packages $(sort $(CHECK_PACKAGES) \
		$(if $(filter quick,$(SERIES_CHECKS)),,$(DEB_PACKAGES) gcc-aarch64-linux-gnu))

check-series: series-packages tree	## Does the series apply, build and read well? (SERIES_CHECKS=quick: in minutes)
	@scripts/check-series $(SERIES_CHECKS)
