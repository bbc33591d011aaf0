# SPDX-License-Identifier: GPL-2.0
"""What the texts of the interface and the code that offers it consist of.

api.rst has numbered sections, api.txt topics. The part of a section that begins
with "32-bit ARM:" is about that architecture only.
"""

import re

HEADING = re.compile(r"^(\d+\.\d+) +(\S.*)\n-{3,}\n", re.M)
TOPIC = re.compile(r"^(\S.*)\n[=~-]{3,}\n", re.M)
IOCTL = re.compile(r"KVM_[A-Z0-9_]+")
# What a section is about is elsewhere if its text begins with such a phrase
POINTER = re.compile(
    r'See\s+(?:section\s+(?P<section>\d+\.\d+)\s+of\s+Documentation/virt/kvm/api\.rst|'
    r'"(?P<topic>[^"]+)"\s+in\s+Documentation/virtual/kvm/api\.txt)\b')
# The part of a section of api.rst that is 32-bit ARM's
PART = re.compile(r"^32-bit ARM:\n\^+\n(.*)", re.M | re.S)
ERROR = re.compile(r"^  (E[A-Z0-9]+) +\S", re.M)
# A list of errors in api.txt tells to which section of api.rst it belongs
ERRORS_OF = re.compile(r"^Errors of [^:]*\((\d+\.\d+)\):\n\n(.*?)\n\n", re.M | re.S)


def sections(text):
    """[(number, title, body)] of a document."""
    heads = list(HEADING.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [(head[1], head[2].strip(), text[head.end():end]) for head, end in zip(heads, ends)]


def topics(text):
    """[(title, body)] of all headings of a document."""
    heads = list(TOPIC.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [(head[1].strip(), text[head.end():end]) for head, end in zip(heads, ends)]


def topic(text, title):
    """The text under one heading, or nothing."""
    return dict(topics(text)).get(title, "")


def architectures_of(body):
    """The Architectures lines of a section; one that has variants has several."""
    return re.findall(r"^:Architectures: *(.*)", body, re.M)


def ioctls(title):
    """The ioctls a heading speaks of."""
    if title.startswith("KVM_(UN)"):
        return ["KVM_" + title[8:], "KVM_UN" + title[8:]]
    return IOCTL.findall(title)


def is_pointer(body):
    """Does the text, after the list of fields, begin with the place of the description?"""
    text = re.sub(r"^(?:\s*\n|:\w+:.*\n(?:[ \t]+\S.*\n)*)*", "", body)
    return POINTER.match(text) is not None


def function(text, name):
    """The body of a C function, up to the brace in the first column."""
    found = re.search(rf"^(?:\w[\w *]*)\b{name}\([^;]*?\)\s*\n\{{\n(.*?)^\}}", text, re.M | re.S)
    return found[1] if found else ""


def selected(kconfig):
    """The options that CONFIG_KVM selects, and those that these select."""
    blocks = re.split(r"^(?:menu)?config (\w+)", kconfig, flags=re.M)
    selects = {name: re.findall(r"^\s+select (\w+)", body, re.M)
               for name, body in zip(blocks[1::2], blocks[2::2])}
    found, new = set(), ["KVM"]
    while new:
        name = new.pop()
        if name not in found:
            found.add(name)
            new += selects.get(name, [])
    return found


def compiled(text, defined_names):
    """The lines that are left when these names are defined, and no others."""
    lines, stack = [], []
    for line in text.splitlines():
        condition = re.match(r"#\s*(ifdef|ifndef|if|else|endif)\b\s*(\S*)", line)
        if not condition:
            if all(stack):
                lines.append(line)
        elif condition[1] == "endif":
            stack.pop()
        elif condition[1] == "else":
            stack.append(not stack.pop())
        else:
            stack.append((condition[2] in defined_names) != (condition[1] == "ifndef"))
    return "\n".join(lines)
