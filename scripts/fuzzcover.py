# SPDX-License-Identifier: GPL-2.0
"""What the random tests have reached of KVM, by file and function.

The tests print the addresses that CONFIG_KCOV has recorded. KVM alone is built with it,
so each call of __sanitizer_cov_trace_pc() is a place in KVM, but for code in Hyp mode.
"""

import collections
import fnmatch
import os
import pathlib
import re
import subprocess

PREFIX = "# cover "
REASONS = pathlib.Path("host/not-reached.txt")
SYMBOL = re.compile(r"^([0-9a-f]{8}) <(.*)>:$")
# KASAN has constructors of files.
CONSTRUCTOR = re.compile(r"^_sub_[ID]_")
CALL = re.compile(r"^ *([0-9a-f]{8}):.*\sbl[a-z]*\s.*<(?:__)?__sanitizer_cov_trace_pc")


def output(*command, text=None):
    prefix = os.environ.get("CROSS_COMPILE", "arm-linux-gnueabihf-")
    return subprocess.run([prefix + command[0], *command[1:]], input=text, text=True,
                          capture_output=True, check=True).stdout


def all_places(vmlinux):
    """Return {address of a function: (name, addresses that its calls return to)}."""
    functions, places = {}, None
    for line in output("objdump", "-d", "--no-show-raw-insn", vmlinux).splitlines():
        if symbol := SYMBOL.match(line):
            places = (symbol[2], [])
            address = int(symbol[1], 16)
        elif call := CALL.match(line):
            functions[address] = places
            places[1].append(int(call[1], 16) + 4)
    return functions


def files_of(vmlinux, addresses):
    """Return the source files of functions."""
    lines = output("addr2line", "-e", vmlinux,
                   text="".join(f"{address:#x}\n" for address in addresses)).splitlines()
    return [re.sub(r".*?((?:arch/|virt/|include/).*):.*", r"\1", os.path.normpath(line))
            for line in lines]


def read_reasons():
    """Return the patterns of functions that cannot be reached, and the reason of each."""
    for line in REASONS.read_text(encoding="utf-8").splitlines():
        patterns, _, reason = line.partition("\t")
        if reason and not line.startswith("#"):
            yield from ((pattern, reason.strip()) for pattern in patterns.split())


def report(kernel, lines):
    """Return lines: the share of places reached by file, functions that were not reached."""
    reached = {int(word, 16) for line in lines if line.startswith(PREFIX)
               for word in line[len(PREFIX):].split()}
    if not reached:
        return []
    vmlinux = f"{kernel}/vmlinux"
    functions = all_places(vmlinux)
    files = collections.defaultdict(list)
    for file, (name, places) in zip(files_of(vmlinux, functions), functions.values()):
        # KUnit runs before any test.
        if "/tests/" not in file and not CONSTRUCTOR.match(name):
            files[file].append((name, len(places), len(reached.intersection(places))))
    result, reasons, unknown = [], list(read_reasons()), 0
    for file, rows in sorted(files.items()):
        total, hit = sum(row[1] for row in rows), sum(row[2] for row in rows)
        result.append(f"{100 * hit // total:4} %  {hit:5} of {total:5}  {file}")
        result += [f"          {name}: {n} of {all_of}" for name, all_of, n in rows
                   if n and n < all_of]
        for name, all_of, n in rows:
            if not n:
                why = next((reason for pattern, reason in reasons
                            if fnmatch.fnmatchcase(f"{file}:{name}", pattern)), None)
                unknown += not why
                result.append(f"          {name}: none of {all_of}" + (f": {why}" if why else ""))
    total = sum(row[1] for rows in files.values() for row in rows)
    hit = sum(row[2] for rows in files.values() for row in rows)
    result.append(f"{100 * hit // total:4} %  {hit:5} of {total:5}  in all; functions that were "
                  f"not reached, and for which {REASONS} has no reason: {unknown}")
    return result
