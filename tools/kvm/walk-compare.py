#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""walk-compare.py CPU GUEST BARE, from the top of the tree: a guest beside the bare CPU.

Compares what a guest answers, which walk_test of the selftests prints, with what the
CPU answers without KVM, which bare/walk.elf prints, by the table of differences in
Documentation/virtual/kvm/arm/bare-cpu.txt. CPU is the name it has there; GUEST and BARE
are files. Prints TAP, and lines to put into the table.
"""

import collections
import dataclasses
import importlib.machinery
import importlib.util
import math
import pathlib
import re
import sys

sys.dont_write_bytecode = True

ROWS = pathlib.Path("arch/arm/kvm/coproc/regs.h")
TEXT = pathlib.Path("Documentation/virtual/kvm/arm/bare-cpu.txt")

# Coprocessors, and how they are accessed
WALKS = [(access, cp, pl) for cp in (15, 14, 10) for pl in (1, 0)
         for access in ("MRC", "MCR", "MRRC", "MCRR") if cp != 10 or len(access) == 3]
ANSWER = re.compile(r"# (m\w+) p(\d+) PL([01])(.*)")
NUMBERS = re.compile(r"\b[0-9a-f]{8}\b")
# Names of the table that stand for several CPUs
CPUS = {"v7": ("cortex-a15", "cortex-a7"), "all": ("cortex-a15", "cortex-a7", "max")}
OUTCOMES = ("undefined", "executed", "zero", "value", "counts")
LINE = re.compile(rf"^(\S+) +(\w+) +(M\w+) +PL([01]) +({'|'.join(OUTCOMES)}) +(\d+)(\??)  +(\S.*)$", re.M)


@dataclasses.dataclass(frozen=True, order=True)
class Difference:
    row: str            # which decides
    access: str
    pl: int
    outcome: str        # of the guest


def reglist_doc():
    path = str(pathlib.Path(__file__).with_name("reglist-doc.py"))
    loader = importlib.machinery.SourceFileLoader("reglist_doc", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("reglist_doc", loader))
    sys.modules["reglist_doc"] = module
    loader.exec_module(module)
    return module


def operands(text):
    """[range of each operand] of an encoding as "p15, 0, c4-c7, *"."""
    ranges = []
    for part in text.replace("c", "").replace("p", "").split(", "):
        first, _, last = part.partition("-")
        ranges.append(range(16) if part == "*" else range(int(first), int(last or first) + 1))
    return ranges


class Table:
    """The rows of regs.h, by encoding."""
    def __init__(self, source):
        self.rows = [(operands(each.encoding), each.name) for each in reglist_doc().rows(source)]
        self.found = {}

    def decides(self, cp, encoding):
        """The name of the narrowest row that matches: opc1, CRn, CRm, opc2, or opc1, CRm."""
        key = (cp, *encoding)
        if key not in self.found:
            match = [(math.prod(map(len, ranges)), name) for ranges, name in self.rows
                     if len(ranges) == len(key) and all(n in r for n, r in zip(key, ranges))]
            self.found[key] = min(match)[1]
        return self.found[key]


def set_bits(words):
    return [32 * i + bit for i, word in enumerate(words) for bit in range(32) if word >> bit & 1]


def walks(lines):
    """{(access, cp, PL): {encoding: value}} of what is executed; and what is wrong."""
    found, ended, wrong = collections.defaultdict(dict), set(), []
    for line in lines:
        match = ANSWER.fullmatch(line.strip())
        if not match:
            continue
        key = match[1].upper(), int(match[2]), int(match[3])
        answers, rest = found[key], match[4]
        names, _, value = rest.partition(" = ")
        if rest.endswith(" executed"):
            ended.add(key)
            if int(rest.split()[1]) != len(answers):
                wrong.append(f"{line.strip()}, but {len(answers)} are listed")
        elif value:
            encoding = tuple(int(n.lstrip("c")) for n in names.split())
            if encoding not in answers:
                wrong.append(f"{line.strip()}, but it is not executed")
            answers[encoding] = int(value.replace(" ", ""), 16)
        else:
            words = set_bits(int(word, 16) for word in NUMBERS.findall(rest))
            head = [int(n.lstrip("c")) for n in NUMBERS.sub("", rest).split()]
            for n in words:
                answers[(*head, n >> 3, n & 7) if len(head) == 2 else (*head, n)] = 0
    wrong += [f"there is no walk of p{cp} by {access} at PL{pl}"
              for access, cp, pl in WALKS if (access, cp, pl) not in ended]
    return found, wrong


def differences(table, guest, bare, counting):
    """{Difference: [encoding]}; counting: which registers go on by themselves."""
    found = collections.defaultdict(list)
    for access, cp, pl in WALKS:
        of_guest, of_bare = guest[access, cp, pl], bare[access, cp, pl]
        for encoding in sorted(of_guest.keys() | of_bare.keys()):
            ours, own = of_guest.get(encoding), of_bare.get(encoding)
            row = table.decides(cp, encoding)
            both = ours is not None and own is not None
            if both and Difference(row, access, pl, "counts") in counting:
                outcome = "counts"
            elif ours == own:
                continue
            else:
                outcome = "undefined" if ours is None else "executed" if own is None else \
                    "value" if ours else "zero"
            found[Difference(row, access, pl, outcome)].append(encoding)
    return found


def listed(text, cpu):
    """{Difference: [how many]} of the table, for a CPU; and what is wrong with it."""
    found, wrong = {}, []
    for name, row, access, pl, outcome, number, or_none, _ in LINE.findall(text):
        if cpu not in CPUS.get(name, (name,)):
            continue
        key = Difference(row, access, int(pl), outcome)
        if key in found:
            wrong.append(f"{row}, {access}, PL{pl} is there twice")
        found[key] = [int(number)] + [0] * bool(or_none)
    return found, wrong if found else [f"nothing of {cpu} in {TEXT}"]


def show(cpu, each, encodings):
    some = "; ".join(str(encoding) for encoding in encodings[:3])
    return f"{cpu:<10}  {each.row:<16}  {each.access:<6}  PL{each.pl}  {each.outcome:<9}  " \
           f"{len(encodings):>6}  {some}"


def compare(cpu, guest_lines, bare_lines, text=None):
    """[(what is proven, [what is not so])]; text: with the table, or None for the document."""
    guest, wrong = walks(guest_lines)
    bare, bare_wrong = walks(bare_lines)
    wanted, table_wrong = listed(TEXT.read_text(encoding="utf-8") if text is None else text, cpu)
    found = differences(Table(ROWS.read_text(encoding="utf-8")), guest, bare, wanted)
    wrong = [f"guest: {each}" for each in wrong] + [f"bare CPU: {each}" for each in bare_wrong]
    number = sum(map(len, found.values()))
    unlisted = [show(cpu, each, found[each]) for each in sorted(found) if each not in wanted]
    others = [f"{show(cpu, each, found.get(each, []))}: listed are {wanted[each][0]}"
              for each in sorted(wanted) if len(found.get(each, [])) not in wanted[each]]
    return [("guest and bare CPU have walked all of CP15, CP14 and VMRS", wrong),
            (f"{number} differences of guest and bare CPU, none of them unlisted", unlisted),
            ("guest and bare CPU differ in as many encodings as listed", table_wrong + others)]


def main():
    if len(sys.argv) != 4:
        print(__doc__)
        return 2
    guest, bare = (pathlib.Path(name).read_text(encoding="utf-8", errors="replace").splitlines()
                   for name in sys.argv[2:])
    results = compare(sys.argv[1], guest, bare)
    print(f"1..{len(results)}")
    for number, (name, wrong) in enumerate(results, 1):
        for line in wrong:
            print(f"# {line}")
        print(f"{'not ok' if wrong else 'ok'} {number} {name}")
    return 1 if any(wrong for _, wrong in results) else 0


if __name__ == "__main__":
    sys.exit(main())
