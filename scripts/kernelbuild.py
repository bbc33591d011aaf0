# SPDX-License-Identifier: GPL-2.0
"""Kernels that check-series builds again and again, one for each configuration."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess

WORK = pathlib.Path("build/series")
LINUX = WORK / "linux"              # the pristine source in git, and the series on top
LOGS = pathlib.Path("build/log")
# Make the binary depend on the source only, not on time and place of the build.
REPRODUCIBLE = {"KBUILD_BUILD_TIMESTAMP": "2000-01-01", "KBUILD_BUILD_USER": "check",
                "KBUILD_BUILD_HOST": "series", "KBUILD_BUILD_VERSION": "1", "LOCALVERSION": ""}
# ARCH and CROSS_COMPILE
ARM = ("arm", os.environ.get("CROSS_COMPILE", "arm-linux-gnueabihf-"))


def environment(target=ARM):
    clean = {name: value for name, value in os.environ.items()
             if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "V", "O")}
    return clean | REPRODUCIBLE | {"ARCH": target[0], "CROSS_COMPILE": target[1],
                                   "CCACHE_BASEDIR": os.getcwd()}


def run(*command, log=None, **options):
    """Run a command. Write its output to a file, or return it in the result."""
    options = {"check": False, "text": True, "errors": "replace", **options}
    if log:
        with open(log, "a", encoding="utf-8") as file:
            return subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, **options)
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def warnings(text):
    """Return the warnings of a compiler, and of gas and Kconfig, which print them in capitals."""
    return [line for line in text.splitlines() if re.search(r"\bwarning:", line, re.I)]


def make_command(source, directory, *arguments, target=ARM):
    command = ["make", "-C", source, f"O={directory.absolute()}",
               f"-j{os.environ.get('JOBS') or os.cpu_count()}"]
    if shutil.which("ccache"):
        command.append(f"CC=ccache {target[1]}gcc")
    return [*command, *arguments]


class Kernel:
    """A configuration of the kernel that is built repeatedly from a tree."""

    def __init__(self, name, *fragments, source=LINUX, target=ARM, goals=("vmlinux",)):
        self.name, self.fragments, self.source = name, fragments, source
        self.target, self.goals = target, goals
        self.directory = WORK / name
        self.log = LOGS / f"series-{name}.log"

    def configure(self):
        """Configure. Leave out options that this tree does not have (yet)."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)
        result = run("scripts/kconfig/merge_config.sh", "-n", "-Q", "-O", self.directory.absolute(),
                     *(fragment.absolute() for fragment in self.fragments), cwd=self.source,
                     env=environment(self.target), log=self.log)
        return self.complaints(0, result.returncode)

    def build(self):
        start = self.log.stat().st_size
        for goals in (["olddefconfig"], self.goals):
            result = run(*make_command(self.source, self.directory, *goals, target=self.target),
                         env=environment(self.target), stdin=subprocess.DEVNULL, log=self.log)
            if result.returncode:
                break
        return self.complaints(start, result.returncode)

    def complaints(self, start, failed):
        """Return all warnings of the log from a position on, and its end after a failure."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(start)
            text = log.read()
        return [f"{self.name}: {line}"
                for line in warnings(text) + (text.splitlines()[-20:] if failed else [])]

    def has(self, *options, unset=()):
        config = (self.directory / ".config").read_text(encoding="utf-8").splitlines()
        return [f"{self.name}: {option} is not set" for option in options
                if f"CONFIG_{option}=y" not in config] + \
            [f"{self.name}: {option} is set" for option in unset
             if f"CONFIG_{option}=y" in config]

    def code(self, folder):
        """Return {object: code} of a folder: instructions and the symbols that they refer to."""
        top = self.directory / folder
        dump = f"{self.target[1]}objdump", "-dr"
        return {str(path.relative_to(top)): run(*dump, path.name, cwd=path.parent).stdout
                for path in top.rglob("*.o")}

    def image(self):
        return hashlib.sha256((self.directory / "vmlinux").read_bytes()).hexdigest()

    def sections(self):
        """Return {section: size} of vmlinux."""
        lines = run("size", "-A", self.directory / "vmlinux").stdout.splitlines()
        return {line.split()[0]: int(line.split()[1]) for line in lines
                if len(line.split()) == 3 and line.split()[1].isdigit()}


def fragment(name, *patterns):
    """Write a part of host.config: what the small kernels have in common, less some options."""
    path = WORK / f"{name}.config"
    text = pathlib.Path("host/host.config").read_text(encoding="utf-8")
    # The build is faster without debugging information.
    lines = [line for line in text.splitlines()
             if not any(re.search(pattern, line) for pattern in (r"DEBUG_INFO|GDB|IKCONFIG",
                                                                *patterns))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
