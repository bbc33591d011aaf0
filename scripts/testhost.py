# SPDX-License-Identifier: GPL-2.0
"""The test host: an emulated board with Hyp mode that boots one of our kernels.

The kernel's console is a file in build/log. The programs print to a console of their
own, so that neither disturbs the other.
"""

import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

LOGS = pathlib.Path("build/log")
QEMU = pathlib.Path("build/qemu")    # made by scripts/qemu
BOARD = "virt,virtualization=on,gic-version=2"
INITRAMFS = "build/initramfs.cpio.gz"
# The same with kernel and initramfs of a Linux guest
GUEST_INITRAMFS = "build/initramfs-guest.cpio.gz"

# The selftests' walk, for a board without a kernel
WALK = "build/user/tools/testing/selftests/kvm-arm/bare/walk.elf"

# Messages of a kernel that show an error
SPLAT = re.compile("|".join((
    r"WARNING: ",
    r"BUG: ",
    r"kernel BUG at",
    r"INFO: (?!lockdep is turned off)",
    r"Oops",
    r"Internal error",
    r"Kernel panic",
    r"Unable to handle",
    r"Unhandled (?:fault|prefetch abort)",
    r"suspicious RCU usage",
    r"possible (?:circular|recursive|irq lock inversion|deadlock)",
    r"inconsistent lock state",
    r"scheduling while atomic",
    r"sleeping function called",
    r"UBSAN: ",
    r"rcu: .*(?:stall|kthread starved)",
    r"soft lockup",
    r"list_(?:add|del) corruption",
    r"ODEBUG: ",
    r"-\[? ?cut here",
    r"Bad mode in",
    r"refcount_t: ",
    r"workqueue: .*hogged CPU",
)))


def qemu_version():
    """Return the version of the emulator, such as 10.0.2."""
    return (QEMU / "version").read_text(encoding="utf-8").strip()


@dataclasses.dataclass
class Machine:
    """A machine to boot, and its kernel."""
    kernel: str                      # the O= directory, or the image
    mode: str                        # kvmarm.mode=, see host/init.c
    cpu: str = "cortex-a15"
    smp: int = 2
    append: str = ""
    options: tuple = ()              # further arguments for QEMU
    timeout: float = 600
    board: str = BOARD
    qemu: str = "qemu-system-arm"
    memory: int = 1024               # MiB
    initramfs: str = INITRAMFS
    variant: str = ""                # distinguishes boards with the same CPUs
    serial: str = "virtio-serial-device"    # the controller of the programs' console

    @property
    def name(self):
        cpu = self.cpu.partition(",")[0]     # without properties
        return f"{self.mode}-{cpu}-smp{self.smp}{self.variant}"

    @property
    def console(self):
        """Return the file with the kernel's messages."""
        return LOGS / f"console-{self.name}.log"

    @property
    def image(self):
        kernel = pathlib.Path(self.kernel)
        return kernel if kernel.is_file() else kernel / "arch/arm/boot/zImage"

    def command(self, interactive=False):
        terminal = "mux=on,signal=off" if interactive else "mux=off"
        return [
            str(QEMU / self.qemu), "-M", self.board,
            "-cpu", self.cpu, "-smp", str(self.smp), "-m", str(self.memory),
            "-display", "none", "-monitor", "none", "-nodefaults", "-no-reboot",
            "-serial", f"file:{self.console}",
            "-device", self.serial, "-device", "virtconsole,chardev=user",
            "-chardev", f"stdio,id=user,{terminal}",
            "-kernel", str(self.image),
            "-initrd", self.initramfs,
            "-append", f"console=ttyAMA0 panic=-1 kvmarm.mode={self.mode} "
                       f"kvmarm.qemu={qemu_version()} {self.append}",
            *self.options]


@dataclasses.dataclass
class Outcome:
    """The outcome of a boot."""
    lines: list                      # output of the programs
    console: list                    # messages of the kernel
    seconds: float
    problems: list                   # reasons for a failure, whatever the status of the programs
    splats: list                     # errors of the kernel: indices into console

    @property
    def failed(self):
        return bool(self.problems or self.splats or self.status != 0)

    @property
    def status(self):
        """Return the programs' status: 0 for success, None if there is none."""
        for line in reversed(self.lines):
            if line.startswith("kvmarm: result "):
                return int(line.split()[2])
        return None


def find_splats(console):
    """Find the first line of each error. One error has many lines, often with several marks."""
    places = []
    for number, line in enumerate(console):
        if SPLAT.search(line) and (not places or number - places[-1] > 60):
            places.append(number)
    return places


def read_console(machine):
    if not machine.console.exists():
        return []
    return machine.console.read_text(encoding="utf-8", errors="replace").splitlines()


def problems_of(machine, outcome, timed_out, qemu_status):
    found = []
    if timed_out:
        found.append(f"did not power off within {machine.timeout:.0f} seconds")
    elif qemu_status:
        found.append(f"QEMU ended with status {qemu_status}")
    elif outcome.status is None:
        found.append("powered off without a result")
    if "virtualization=on" in machine.board and \
            not any("started in HYP mode" in line for line in outcome.console):
        found.append("the kernel did not start in Hyp mode")
    return found


def boot(machine, show=None):
    """Boot, and wait for power-off. Call show(line) for each line that is printed."""
    if not (QEMU / machine.qemu).exists():
        sys.exit(f"{QEMU / machine.qemu} is missing: scripts/qemu puts it there")
    LOGS.mkdir(parents=True, exist_ok=True)
    machine.console.unlink(missing_ok=True)
    start, late = time.monotonic(), threading.Event()
    outcome = Outcome([], [], 0, [], [])
    with subprocess.Popen(machine.command(), stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", errors="replace") as qemu:
        def stop():
            late.set()
            qemu.kill()
        timer = threading.Timer(machine.timeout, stop)
        timer.start()
        try:
            for line in qemu.stdout:
                line = line.rstrip("\r\n")
                outcome.lines.append(line)
                if show and not line.startswith("kvmarm: "):
                    show(line)
        finally:
            timer.cancel()
            if sys.exc_info()[0]:
                qemu.kill()
    outcome.seconds = time.monotonic() - start
    outcome.console = read_console(machine)
    outcome.splats = find_splats(outcome.console)
    outcome.problems = problems_of(machine, outcome, late.is_set(), qemu.returncode)
    return outcome


def bare_walk(machine):
    """Return the lines that the walk prints on a machine's CPU, without a kernel."""
    log = LOGS / f"bare-{machine.name}.log"
    with open(log, "wb") as out:
        try:
            subprocess.run([str(QEMU / machine.qemu), "-M", machine.board, "-cpu", machine.cpu,
                            "-m", "128", "-display", "none", "-monitor", "none", "-nodefaults",
                            "-no-reboot", "-serial", "stdio", "-kernel", WALK],
                           stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                           timeout=machine.timeout, check=False)
        except subprocess.TimeoutExpired:
            pass
    return log.read_text(encoding="utf-8", errors="replace").splitlines()


def interact(machine):
    """Connect the terminal to the machine until it powers off."""
    LOGS.mkdir(parents=True, exist_ok=True)
    print(f"Ctrl-A x ends the machine at once; the kernel's messages are in {machine.console}",
          flush=True)
    return subprocess.call(machine.command(interactive=True))


def verbose():
    return os.environ.get("V", "") not in ("", "0")
