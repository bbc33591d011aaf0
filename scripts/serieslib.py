# SPDX-License-Identifier: GPL-2.0
"""The change as data: which part of it belongs to which patch, and which patch to which series.

Each series/NN-name.txt is a patch, in the order of the numbers:

    Subject: the first line of its commit
    Files: a file or a pattern of files; * stands for any part of a name, and a
           folder's name with a / at its end for all files in it
    Part: file /first line/ until /line after it/
          lines of an earlier patch's file that belong to this patch
    Part: file /first line/ until /line after it/ was "line"
          ... which replace this line of the base

    The changelog.

scripts/prepare applies the change to the kernel source. Each file of the change belongs
to exactly one patch.

series/cover.txt is the cover letter of the first series. series/cover-NAME.txt is that of
a series which begins at the patch that its line "First:" names.
"""

import dataclasses
import pathlib
import re

WIDTH = 72
SUBJECT_WIDTH = 70
PART = re.compile(r'^(\S+) /(.*)/ until /(.*)/(?: was "(.*)")?$')


class SeriesError(Exception):
    """Errors of the data, one line for each."""

    def __init__(self, *lines):
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclasses.dataclass
class Part:
    """Lines of a file, from the first that matches up to the next that matches after."""
    path: str
    first: str
    after: str
    before: str     # the line that they replace, or None

    def cut(self, text):
        """Return the text without these lines."""
        lines = text.splitlines(keepends=True)
        starts = [n for n, line in enumerate(lines) if re.search(self.first, line)]
        if len(starts) != 1:
            raise SeriesError(f"{self.path}: {len(starts)} lines match /{self.first}/")
        ends = [n for n, line in enumerate(lines)
                if n > starts[0] and re.search(self.after, line)]
        if not ends:
            raise SeriesError(f"{self.path}: no line after /{self.first}/ matches /{self.after}/")
        before = [] if self.before is None else [self.before + "\n"]
        return "".join(lines[:starts[0]] + before + lines[ends[0]:])


@dataclasses.dataclass
class Patch:
    name: str
    subject: str
    patterns: list
    parts: list
    text: str


@dataclasses.dataclass
class Series:
    """Patches that are posted together."""
    name: str           # "" for the first one
    patches: list
    head: list          # of the cover letter
    text: str

    def branch(self, branch):
        return f"{branch}-{self.name}" if self.name else branch


def split_text(path):
    """Return the (key, value) pairs of a file's head, and its body."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    pairs = []
    for line in head.splitlines():
        key, colon, value = line.partition(": ")
        if not colon:
            raise SeriesError(f"{path}: \"{line}\" is not a \"Key: value\"")
        pairs.append((key, value.strip()))
    return pairs, body.strip("\n") + "\n"


def read_patch(path):
    pairs, text = split_text(path)
    patch = Patch(path.stem, "", [], [], text)
    for key, value in pairs:
        part = PART.match(value) if key == "Part" else None
        if key == "Subject" and not patch.subject:
            patch.subject = value
        elif key == "Files":
            patch.patterns.append(value)
        elif part:
            patch.parts.append(Part(*part.groups()))
        else:
            raise SeriesError(f"{path}: what is \"{key}: {value}\"?")
    return patch


def read_patches():
    """Return all patches, in order."""
    paths = sorted(pathlib.Path("series").glob("[0-9][0-9]-*.txt"))
    if not paths:
        raise SeriesError("there is no series/NN-name.txt")
    return [read_patch(path) for path in paths]


def read_series(patches):
    """Return the series of the patches, in order."""
    begins = {patch.name: [] for patch in patches}
    for path in sorted(pathlib.Path("series").glob("cover*.txt")):
        head, text = split_text(path)
        name = path.stem.removeprefix("cover").removeprefix("-")
        first = dict(head).get("First") if name else patches[0].name
        if begins.get(first) != []:
            raise SeriesError(f"{path}: no series begins at \"{first}\"")
        begins[first].append(Series(name, [], head, text))
    found = []
    for patch in patches:
        found += begins[patch.name]
        if not found:
            raise SeriesError("there is no series/cover.txt")
        found[-1].patches.append(patch)
    return found


def check_style(patches):
    """Return errors of subjects and changelogs."""
    for patch in patches:
        if not 0 < len(patch.subject) <= SUBJECT_WIDTH:
            yield f"{patch.name}: the subject has {len(patch.subject)} characters"
        if not patch.text.strip():
            yield f"{patch.name}: there is no changelog"
        for line in patch.text.splitlines():
            if len(line) > WIDTH and not line.startswith("Fixes: "):
                yield f"{patch.name}: more than {WIDTH} columns: {line}"


def matches(pattern, path):
    if pattern.endswith("/"):
        return path.startswith(pattern)
    expression = "[^/]*".join(map(re.escape, pattern.split("*")))
    return re.fullmatch(expression, path) is not None


def assign(patches, paths):
    """Return {path: number of its patch}."""
    owners, faults = {}, []
    for path in sorted(paths):
        found = [n for n, patch in enumerate(patches)
                 if any(matches(pattern, path) for pattern in patch.patterns)]
        if not found:
            faults.append(f"{path} belongs to no patch: name it in one of series/*.txt")
        elif len(found) > 1:
            names = " and ".join(patches[n].name for n in found)
            faults.append(f"{path} belongs to {len(found)} patches: {names}")
        else:
            owners[path] = found[0]
    for number, patch in enumerate(patches):
        for pattern in patch.patterns:
            if not any(matches(pattern, path) for path in paths):
                faults.append(f"{patch.name}: {pattern} is no file of the change")
        for part in patch.parts:
            if part.path in owners and owners[part.path] >= number:
                faults.append(f"{patch.name}: {part.path} is not in an earlier patch")
            elif part.path not in paths:
                faults.append(f"{patch.name}: {part.path} is no file of the change")
        if not patch.parts and number not in owners.values():
            faults.append(f"{patch.name}: changes nothing")
    if faults:
        raise SeriesError(*faults)
    return owners


def stages(patches, owners, files):
    """Return, for each patch, {path: (content, mode)} of the files that it changes.

    files is the final state. If a part of a file waits for a later patch, both patches change
    the file.
    """
    waiting = {}
    for number, patch in enumerate(patches):
        for part in patch.parts:
            waiting.setdefault(part.path, []).append((number, part))
    for number, _ in enumerate(patches):
        changed = {}
        for path, (content, mode) in files.items():
            turns = [turn for turn, _ in waiting.get(path, [])]
            if owners[path] != number and number not in turns:
                continue
            for turn, part in waiting.get(path, []):
                if turn > number:
                    content = part.cut(content.decode()).encode()
            changed[path] = (content, mode)
        yield changed
