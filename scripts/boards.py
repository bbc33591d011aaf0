# SPDX-License-Identifier: GPL-2.0
"""Boards that differ from QEMU's: changed device trees and boot images."""

import pathlib
import struct
import subprocess
import sys

import testhost

# Assembled from host/unclean-boot.S
LOADER = pathlib.Path("build/user/init/unclean-boot.bin")

FDT_PROP, FDT_NOP = 3, 4
GICC = (0, 0x08010000, 0, 0x10000)
GICH, GICV = (0, 0x08030000, 0, 0x10000), (0, 0x08040000, 0, 0x10000)
# The maintenance interrupt: PPI 9, active high
MAINTENANCE = (1, 9, 4)
# A branch to the word after the next one; add an offset in words.
BRANCH = 0xea000000


def words(*values):
    return struct.pack(f">{len(values)}I", *values)


def device_tree(machine, name, change):
    """Write QEMU's device tree for a machine, changed by change(). Return the file."""
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
    """Make the GICV one page. The vgic maps two, of which the second would be another device's."""
    return replace(dtb, words(*GICV), words(0, 0x08040000, 0, 0x1000))


def short_gicc(dtb):
    """Make the GICC one page, as in old device trees: GICC_DIR, in the second page, is missing."""
    return replace(dtb, words(*GICC), words(0, 0x08010000, 0, 0x1000))


def short_gich(dtb):
    """End the GICH before its list registers."""
    return replace(dtb, words(*GICH), words(0, 0x08030000, 0, 0x100))


def no_gich(dtb):
    """Leave only the distributor and the CPU interface."""
    virtual = words(*GICH, *GICV)
    place = dtb.index(virtual) - 2 * 16 - 8
    if struct.unpack_from(">I", dtb, place)[0] != 64:
        sys.exit("QEMU's GIC has not four ranges of registers")
    dtb = replace(dtb, virtual, words(*[FDT_NOP] * 8))
    return dtb[:place] + words(32) + dtb[place + 4:]


def no_maintenance(dtb):
    """Remove the maintenance interrupt, as in the device tree of OMAP5."""
    place = dtb.index(words(*MAINTENANCE)) - 12
    if struct.unpack_from(">2I", dtb, place) != (FDT_PROP, 12):
        sys.exit("QEMU's GIC has no interrupt where it is expected")
    return dtb[:place] + words(*[FDT_NOP] * 6) + dtb[place + 24:]


# CPU_SUSPEND of PSCI with StateType power-down, which QEMU executes as WFI
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
    """Return a change of a device tree that adds an idle state in which CPUs lose their state."""
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
