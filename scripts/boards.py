# SPDX-License-Identifier: GPL-2.0
"""Boards that differ from QEMU's: device trees and boot images with something changed."""

import pathlib
import struct
import subprocess
import sys

import testhost

# Made from host/unclean-boot.S
LOADER = pathlib.Path("build/user/init/unclean-boot.bin")

FDT_PROP, FDT_NOP = 3, 4
GICC = (0, 0x08010000, 0, 0x10000)
GICH, GICV = (0, 0x08030000, 0, 0x10000), (0, 0x08040000, 0, 0x10000)
# The maintenance interrupt: PPI 9, active high
MAINTENANCE = (1, 9, 4)
# To the word after the next; an offset in words is added
BRANCH = 0xea000000


def words(*values):
    return struct.pack(f">{len(values)}I", *values)


def device_tree(machine, name, change):
    """QEMU's device tree for a machine, after change() has been at it: a file."""
    plain, changed = (testhost.LOGS.absolute() / f"{file}.dtb" for file in ("virt", name))
    testhost.LOGS.mkdir(parents=True, exist_ok=True)
    command = machine.command()
    command[command.index("-M") + 1] += f",dumpdtb={plain}"
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    changed.write_bytes(change(plain.read_bytes()))
    return changed


def replace(dtb, old, new):
    if dtb.count(old) != 1 or len(old) != len(new):
        sys.exit(f"QEMU's device tree has {dtb.count(old)} times {old.hex()}")
    return dtb.replace(old, new)


def unaligned_gicv(dtb):
    return replace(dtb, words(*GICV), words(0, 0x08040800, 0, 0x2000))


def short_gicv(dtb):
    """A page, where the vgic maps two: the second is another device's."""
    return replace(dtb, words(*GICV), words(0, 0x08040000, 0, 0x1000))


def short_gicc(dtb):
    """A page, as in old device trees: GICC_DIR, which is in the second, is not there."""
    return replace(dtb, words(*GICC), words(0, 0x08010000, 0, 0x1000))


def no_gich(dtb):
    """Only the distributor and the CPU interface."""
    virtual = words(*GICH, *GICV)
    place = dtb.index(virtual) - 2 * 16 - 8
    if struct.unpack_from(">I", dtb, place)[0] != 64:
        sys.exit("QEMU's GIC has not four ranges of registers")
    dtb = replace(dtb, virtual, words(*[FDT_NOP] * 8))
    return dtb[:place] + words(32) + dtb[place + 4:]


def no_maintenance(dtb):
    """No maintenance interrupt, as in the device tree of OMAP5."""
    place = dtb.index(words(*MAINTENANCE)) - 12
    if struct.unpack_from(">2I", dtb, place) != (FDT_PROP, 12):
        sys.exit("QEMU's GIC has no interrupt where it is expected")
    return dtb[:place] + words(*[FDT_NOP] * 6) + dtb[place + 24:]


# PSCI's CPU_SUSPEND with StateType power-down, which QEMU takes for WFI
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
"""


def idle_state(dtc, cpus):
    """A change of a device tree: an idle state in which CPUs lose their state."""
    def change(dtb):
        source = subprocess.run([dtc, "-q", "-I", "dtb", "-O", "dts", "-"], input=dtb,
                                capture_output=True, check=True).stdout.decode()
        nodes = "".join(f"    cpu@{cpu} {{ cpu-idle-states = <&powerdown>; }};\n"
                        for cpu in range(cpus))
        return subprocess.run([dtc, "-q", "-I", "dts", "-O", "dtb", "-"], check=True,
                              capture_output=True,
                              input=f"{source}{IDLE_STATE}{nodes}}}; }};\n".encode()).stdout
    return change


def unclean_image(machine):
    """The machine's zImage, which host/unclean-boot.S runs before."""
    loader = LOADER.read_bytes()
    image = bytearray(machine.image.read_bytes())
    image += bytes(-len(image) % 4)
    start = len(image) // 4
    image += loader
    # The first words of a zImage do nothing
    struct.pack_into("<I", image, 0, BRANCH | start - 2)
    back = len(image) // 4
    image += struct.pack("<I", BRANCH | (1 - back - 2) & 0xffffff)
    path = testhost.LOGS / "unclean-zImage"
    path.write_bytes(image)
    return path
