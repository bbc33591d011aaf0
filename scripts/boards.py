# SPDX-License-Identifier: GPL-2.0
"""Boards that differ from QEMU's: changed device trees and boot images."""

import functools
import pathlib
import struct
import subprocess

import testhost

# Assembled from host/unclean-boot.S
LOADER = pathlib.Path("build/user/init/unclean-boot.bin")

# A branch to the word after the next one; add an offset in words.
BRANCH = 0xea000000


def gic(properties):
    return f"/ {{ intc@8000000 {{ {properties} }}; }};"


# Changes of QEMU's device tree, in the language of dtc. The GIC has four ranges of
# registers: distributor, CPU interface, the hypervisor's, the guests'.
GICD, GICC = "<0 0x8000000 0 0x10000>", "<0 0x8010000 0 0x10000>"
GICH, GICV = "<0 0x8030000 0 0x10000>", "<0 0x8040000 0 0x10000>"
UNALIGNED_GICV = gic(f"reg = {GICD}, {GICC}, {GICH}, <0 0x8040800 0 0x2000>;")
# The vgic maps two pages, of which the second would be another device's.
SHORT_GICV = gic(f"reg = {GICD}, {GICC}, {GICH}, <0 0x8040000 0 0x1000>;")
# As in old device trees: GICC_DIR, in the second page, is missing.
SHORT_GICC = gic(f"reg = {GICD}, <0 0x8010000 0 0x1000>, {GICH}, {GICV};")
# It ends before its list registers.
SHORT_GICH = gic(f"reg = {GICD}, {GICC}, <0 0x8030000 0 0x100>, {GICV};")
NO_GICH = gic(f"reg = {GICD}, {GICC};")
OLD_GIC = gic(f'compatible = "arm,cortex-a9-gic"; reg = {GICD}, {GICC};')
# As in the device tree of OMAP5
NO_MAINTENANCE = gic("/delete-property/ interrupts;")
# An idle state in which two CPUs lose their state: CPU_SUSPEND of PSCI with StateType
# power-down, which QEMU executes as WFI
IDLE_STATE = """
/ { cpus {
    idle-states {
        entry-method = "psci";
        powerdown: powerdown {
            compatible = "arm,idle-state";
            arm,psci-suspend-param = <0x10000>;
            entry-latency-us = <1>;
            exit-latency-us = <1>;
            min-residency-us = <2>;
        };
    };
    cpu@0 { cpu-idle-states = <&powerdown>; };
    cpu@1 { cpu-idle-states = <&powerdown>; };
}; };
"""


def device_tree(machine, name, change):
    """Write QEMU's device tree for a machine, with a change. Return the file."""
    plain, changed = (testhost.LOGS.absolute() / f"{file}.dtb" for file in ("virt", name))
    testhost.LOGS.mkdir(parents=True, exist_ok=True)
    command = machine.command()
    command[command.index("-M") + 1] += f",dumpdtb={plain}"
    dtc = f"{machine.kernel}/scripts/dtc/dtc"
    run = functools.partial(subprocess.run, check=True, text=True, stdout=subprocess.PIPE)
    run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    source = run([dtc, "-q", "-I", "dtb", "-O", "dts", plain]).stdout
    run([dtc, "-q", "-I", "dts", "-O", "dtb", "-o", changed, "-"], input=source + change)
    return changed


def unclean_image(machine):
    """Make the machine's zImage start with host/unclean-boot.S. Return the file."""
    loader = LOADER.read_bytes()
    image = bytearray(machine.image.read_bytes())
    image += bytes(-len(image) % 4)
    start = len(image) // 4
    image += loader
    # The first words of a zImage have no effect: replace one.
    struct.pack_into("<I", image, 0, BRANCH | start - 2)
    back = len(image) // 4
    image += struct.pack("<I", BRANCH | (1 - back - 2) & 0xffffff)
    path = testhost.LOGS / "unclean-zImage"
    path.write_bytes(image)
    return path
